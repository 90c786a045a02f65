"""Temperatures of the ground with depth, from its light; ice and how long it lasts there."""

from lupex.thermal.columns import Cells, Equilibrium, NotConvergedError, Plan, Stage, equilibrium
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
from lupex.thermal.profile import ThermalProfile, thermal_profile
from lupex.thermal.regolith import LayerSettings, Regolith, layers_of, regolith
from lupex.thermal.sublimation import SPECIES, loss_kg_m2_gyr, temperature_of_loss_k
from lupex.thermal.sun import SunPath, ideal_year, real_sun

__all__ = [
    "CLASSES",
    "SPECIES",
    "Cells",
    "Equilibrium",
    "IceDepth",
    "IceSettings",
    "LayerSettings",
    "NotConvergedError",
    "Plan",
    "Regolith",
    "Stage",
    "SunPath",
    "ThermalProfile",
    "buried_loss_kg_m2_gyr",
    "class_areas_km2",
    "equilibrium",
    "ice_class",
    "ice_depth",
    "ideal_year",
    "isothermal_depth_m",
    "isothermal_depths",
    "layers_of",
    "loss_kg_m2_gyr",
    "real_sun",
    "regolith",
    "temperature_of_loss_k",
    "thermal_profile",
]
