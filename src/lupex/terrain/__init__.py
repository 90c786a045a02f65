"""Slope, roughness, hazards, skylines; refine a coarse DEM with labelled synthetic relief."""

from lupex.terrain.refine import fine_grid, nested, refine
from lupex.terrain.roughness_law import RefineSettings
from lupex.terrain.slope import aspect_deg, hillshade, roughness_m, slope_deg, used_baseline_m

__all__ = [
    "RefineSettings",
    "aspect_deg",
    "fine_grid",
    "hillshade",
    "nested",
    "refine",
    "roughness_m",
    "slope_deg",
    "used_baseline_m",
]
