"""Temperatures and ice of the region and of the sites."""

import math

from lupex.base.running import Running
from lupex.mission import Mission
from lupex.model import Terrain
from lupex.study.surfaces import averaged_surface
from lupex.thermal import Regolith, Surface, ThermalMap, regolith, thermal_map


def mission_regolith(mission: Mission) -> Regolith:
    """The regolith of [thermal]. Raises MissionError for an unknown name, InputError for numbers that cannot be."""
    flat = 0.0 if mission.thermal.constant_albedo else None
    return regolith(mission.thermal.regolith, albedo_45deg=flat, albedo_90deg=flat)


def region_thermal(mission: Mission, terrain: Terrain, running: Running = Running()) -> ThermalMap | None:
    """Temperatures and ice of the region, on cells averaged to at most [thermal] region_cells; None without maps."""
    if not mission.thermal.maps:
        return None
    told = running.labelled(lambda label: f"region: {label}")
    surface = _averaged(terrain, mission.thermal.region_cells, told)
    return thermal_map(surface, mission_regolith(mission), running=told)


def site_thermal(
    mission: Mission, terrain: Terrain, around: ThermalMap | None, running: Running = Running()
) -> ThermalMap | None:
    """The same of a site's ground, before the slopes it faces and, beyond its edge, those of the region's map."""
    if not mission.thermal.maps:
        return None
    outer = None if around is None else around.facing
    surface = _averaged(terrain, mission.thermal.site_cells, running)
    return thermal_map(surface, mission_regolith(mission), outer=outer, running=running)


def _averaged(terrain: Terrain, cells: int, running: Running) -> Surface:
    """Its ground on at most so many cells, lit by walls on finer ones."""
    factor = math.ceil(math.sqrt(terrain.grid.rows * terrain.grid.cols / cells))
    return averaged_surface(terrain, factor, running)
