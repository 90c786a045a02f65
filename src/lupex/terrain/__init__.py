"""Slope, roughness, hazards, skylines; refine a coarse DEM with labelled synthetic relief."""

from lupex.terrain.slope import aspect_deg, hillshade, roughness_m, slope_deg, used_baseline_m

__all__ = ["aspect_deg", "hillshade", "roughness_m", "slope_deg", "used_baseline_m"]
