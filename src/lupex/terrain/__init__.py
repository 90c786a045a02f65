"""Slope, roughness, hazards, skylines; refine a coarse DEM with labelled synthetic relief."""

from lupex.terrain.point_skyline import point_height_m, point_skyline_deg
from lupex.terrain.refine import fine_grid, nested, refine
from lupex.terrain.roughness_law import RefineSettings
from lupex.terrain.skyline import SkylineSettings, horizon_map, sweep_azimuths
from lupex.terrain.slope import aspect_deg, hillshade, roughness_m, slope_deg, used_baseline_m

__all__ = [
    "RefineSettings",
    "SkylineSettings",
    "aspect_deg",
    "fine_grid",
    "hillshade",
    "horizon_map",
    "nested",
    "point_height_m",
    "point_skyline_deg",
    "refine",
    "roughness_m",
    "slope_deg",
    "sweep_azimuths",
    "used_baseline_m",
]
