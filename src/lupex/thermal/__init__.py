"""Temperatures of the ground with depth, from its light; ice and how long it lasts there."""

from lupex.thermal.columns import Cells, Equilibrium, NotConvergedError, Plan, Stage, equilibrium
from lupex.thermal.facing.views import ViewSettings, view_factors
from lupex.thermal.ice import (
    CLASSES,
    IceDepth,
    IceSettings,
    buried_loss_kg_m2_gyr,
    class_areas_km2,
    ice_class,
    ice_depth,
    isothermal_depth_m,
    isothermal_depths,
)
from lupex.thermal.lights import earth_irradiance_w_m2, earthshine
from lupex.thermal.maps import (
    ICE_LAYERS,
    PUMP_LAYERS,
    FacingAround,
    MapSettings,
    ThermalMap,
    floor_note,
    thermal_map,
)
from lupex.thermal.profile import ThermalProfile, thermal_profile
from lupex.thermal.pump import PUMP_MODEL, Pump, PumpMap, PumpNotSettledError, PumpSettings, ice_pump, pump_map
from lupex.thermal.regolith import LayerSettings, Regolith, layers_of, regolith
from lupex.thermal.resolution import RESOLUTION_LAYERS, beside_wider
from lupex.thermal.state import state_map, state_names
from lupex.thermal.sublimation import SPECIES, loss_kg_m2_gyr, species, temperature_of_loss_k
from lupex.thermal.sun import SunPath, ideal_year, real_sun, surface_point_m
from lupex.thermal.surface import Surface, surface_cells

__all__ = [
    "CLASSES",
    "ICE_LAYERS",
    "PUMP_LAYERS",
    "PUMP_MODEL",
    "RESOLUTION_LAYERS",
    "SPECIES",
    "Cells",
    "Equilibrium",
    "FacingAround",
    "IceDepth",
    "IceSettings",
    "LayerSettings",
    "MapSettings",
    "NotConvergedError",
    "Plan",
    "Pump",
    "PumpMap",
    "PumpNotSettledError",
    "PumpSettings",
    "Regolith",
    "Stage",
    "SunPath",
    "Surface",
    "ThermalMap",
    "ThermalProfile",
    "ViewSettings",
    "beside_wider",
    "buried_loss_kg_m2_gyr",
    "class_areas_km2",
    "earth_irradiance_w_m2",
    "earthshine",
    "equilibrium",
    "floor_note",
    "ice_class",
    "ice_depth",
    "ice_pump",
    "ideal_year",
    "isothermal_depth_m",
    "isothermal_depths",
    "layers_of",
    "loss_kg_m2_gyr",
    "pump_map",
    "real_sun",
    "regolith",
    "species",
    "state_map",
    "state_names",
    "surface_cells",
    "surface_point_m",
    "temperature_of_loss_k",
    "thermal_map",
    "thermal_profile",
    "view_factors",
]
