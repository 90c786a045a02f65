"""Drives a user asks for: planned between two places, checked waypoint by waypoint, and how far a rover gets."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import GridError, InputError, NoRouteError
from lupex.base.frames import map_xy_m
from lupex.base.progress import Progress, silent
from lupex.ephemeris import sky_span, tdb_s_to_utc, utc_to_tdb_s
from lupex.illumination import long_term_light
from lupex.illumination.longterm import LongTermSettings
from lupex.io import read_waypoints
from lupex.model import Mission, SiteDrive, Terrain, Traverse, Violation
from lupex.study.drive import Cell, into_shadow_and_back, with_margins
from lupex.study.drive_scene import DriveScene, cell_at, drive_scene
from lupex.study.ground import fine_terrain, fine_window, region_terrain
from lupex.study.region import CYCLE_STEP_S, YEAR_S, skyline_settings
from lupex.terrain import horizon_map
from lupex.traverse import (
    Isochrones,
    Polyline,
    Route,
    SimulationSettings,
    TimeReach,
    TimeSettings,
    drive_edges,
    isochrones,
    plan_in_time,
    reach_in_time,
    route,
    rover_model,
    simulate,
    smoothed,
    violations,
    why_cut,
)

Mask = NDArray[np.bool_]
Place = tuple[float, float]
"""Latitude and east longitude, degrees."""


@dataclass(frozen=True, eq=False)
class StaticDrive:
    """A drive with light ignored: cells of the route, and the line pulled straight."""

    terrain: Terrain
    route: Route
    line: Polyline


@dataclass(frozen=True, eq=False)
class CheckedDrive:
    """A drive played through, and every constraint it breaks, the first in time first."""

    scene: DriveScene
    traverse: Traverse
    broken: tuple[Violation, ...]


@dataclass(frozen=True, eq=False)
class ReachedGround:
    """How far a rover gets from a start: light ignored, and in time."""

    scene: DriveScene
    start: Cell
    ignoring_light: Isochrones
    in_time: TimeReach


def drive_ground(mission: Mission, around: Place) -> Terrain:
    """The fine ground of a mission around a place: its DEM where fine enough, else synthetic relief.

    A study's site with its centre there drives on the same ground.
    """
    folder = Path(mission.path).parent if mission.terrain.dem != "default" else None
    region = region_terrain(mission.terrain, folder)
    x, y = (float(v) for v in map_xy_m(*around, region.grid.pole))
    if not region.grid.contains(x, y):
        raise GridError(
            f"place {around[0]:g}, {around[1]:g} lies off the region of {region.source}", "choose a place on the DEM"
        )
    rng = np.random.default_rng(mission.study.seed)
    whole = fine_terrain(mission.terrain, region, x, y, around, rng, folder)
    return whole.crop(*fine_window(mission.terrain, whole, x, y))


def static_drive(mission: Mission, start: Place, goal: Place, cost: str = "time", limit_wh: float = math.inf) -> (
    StaticDrive
):  # fmt: skip
    """The cheapest drive between two places with light ignored, within an energy limit (Wh of driving).

    ``cost``: 'time', 'energy' or 'length'. Raises NoRouteError saying what cuts the way and what would open it.
    """
    terrain = drive_ground(mission, start)
    rover = rover_model(mission.rover, mission.reach, mission.traverse, name=mission.rover_name)
    edges = drive_edges(terrain, rover, mission.traverse.neighbours, workers=mission.study.workers)
    first, last = place_cell(terrain, start, "start"), place_cell(terrain, goal, "goal")
    try:
        found = route(edges, first, last, cost, limit_wh)
    except NoRouteError as none:
        cut = why_cut(terrain, rover, first, _only(terrain, last), neighbours=mission.traverse.neighbours)
        if cut is None:
            raise
        raise NoRouteError(f"no drive from {_named(start)} to {_named(goal)}: {cut.sentence}", none.fix) from None
    return StaticDrive(terrain, found, smoothed(terrain, rover, found, cost=cost))


def drive_in_time(
    mission: Mission,
    start: Place,
    goal: Place | None,
    begin_utc: str,
    one_way: bool = False,
    progress: Progress = silent,
) -> tuple[DriveScene, SiteDrive]:
    """The timed drive from a place to a goal (None: the permanent shadow on the map), a stay there and back to light.

    ``one_way``: the drive ends at the goal, in sunlight. With risk, havens and how long each stop may last.
    Raises NoDrive saying what stops it, GridError and InputError for places nobody can drive from or to.
    """
    terrain = drive_ground(mission, start)
    scene = drive_scene(mission, terrain, begin_utc, progress)
    first = place_cell(terrain, start, "start")
    if goal is None:
        target = permanent_shadow(mission, terrain, progress)
        if not target.any():
            raise InputError(f"no permanent shadow within {mission.terrain.fine_size_km:g} km ground around the start",
                             "give a place with --to, or a larger fine_size_km in [terrain]")  # fmt: skip
        name = "permanent shadow"
    else:
        target, name = _only(terrain, place_cell(terrain, goal, "goal")), _named(goal)
    if one_way:
        charge_wh = mission.traverse.start_charge_fraction * scene.rover.full_battery_wh
        how = TimeSettings(objective=mission.traverse.objective, workers=mission.study.workers, name=f"to {name}")
        drive = plan_in_time(scene.edges, scene.rover, scene.light, first, charge_wh, [], target, how, progress)
    else:
        drive = into_shadow_and_back(mission, scene, first, target, progress)
    drive, chances, stands = with_margins(mission, scene, drive)
    return scene, SiteDrive(scene.rover, name, scene.span_utc, scene.step_s, drive, chances, stands)


def checked_drive(
    mission: Mission, waypoints: Path, begin_utc: str | None = None, progress: Progress = silent
) -> CheckedDrive:
    """A user's waypoints (CSV, GeoJSON, GeoPackage) driven on a mission's ground, and what they break.

    ``begin_utc``: when it begins; None: the first time of the file, else the mission's. Raises InputError for a file
    that cannot be read as waypoints, SpanError when it outlasts the mission span.
    """
    pole = region_terrain(mission.terrain, _folder(mission)).grid.pole
    points = read_waypoints(waypoints, pole)
    stated = [t for p in points for t in (p.arrive_utc, p.depart_utc) if t]
    begin = begin_utc or (stated[0] if stated else mission.light.start_utc)
    terrain = drive_ground(mission, (points[0].lat_deg, points[0].lon_deg))
    scene = drive_scene(mission, terrain, begin, progress)
    charge_wh = mission.traverse.start_charge_fraction * scene.rover.full_battery_wh
    how = SimulationSettings(charge_wh, start_tdb_s=float(utc_to_tdb_s(begin)[0]), name=waypoints.stem)
    driven = simulate(points, terrain, scene.rover, scene.light, how)
    return CheckedDrive(scene, driven, tuple(violations(driven)))


def reached_ground(mission: Mission, start: Place, begin_utc: str, progress: Progress = silent) -> ReachedGround:
    """How far the rover gets from a place: least time, energy and length, and in time with light and battery."""
    terrain = drive_ground(mission, start)
    scene = drive_scene(mission, terrain, begin_utc, progress)
    first = place_cell(terrain, start, "start")
    charge_wh = mission.traverse.start_charge_fraction * scene.rover.full_battery_wh
    how = TimeSettings(workers=mission.study.workers)
    in_time = reach_in_time(scene.edges, scene.rover, scene.light, first, charge_wh, how)
    return ReachedGround(scene, first, isochrones(scene.edges, first), in_time)


def permanent_shadow(mission: Mission, terrain: Terrain, progress: Progress = silent) -> Mask:
    """Cells (row, col) of a terrain the Sun never reaches in the mission's long-term cycle."""
    light = mission.light
    stop_utc = tdb_s_to_utc([float(utc_to_tdb_s(light.cycle_start_utc)[0]) + light.cycle_years * YEAR_S])[0]
    cycle = sky_span(light.cycle_start_utc, stop_utc, CYCLE_STEP_S)
    horizons = horizon_map(terrain, skyline_settings(mission, mission.horizon.surface_height_m), progress)
    settings = LongTermSettings(workers=mission.study.workers)
    span = (light.cycle_start_utc, stop_utc)
    return np.asarray(long_term_light(terrain, horizons, cycle, span, settings, progress)["permanent_shadow"] > 0.5)


def place_cell(terrain: Terrain, place: Place, what: str) -> Cell:
    """Row and column of a place. Raises GridError off the map, InputError where the map has no height."""
    x, y = (float(v) for v in map_xy_m(*place, terrain.grid.pole))
    if not terrain.grid.contains(x, y):
        half_km = 0.0005 * terrain.grid.cols * terrain.grid.cell_m
        raise GridError(
            f"the {what} {_named(place)} lies off the ground of the drive ({half_km:g} km around the start)",
            "choose a nearer place, or a larger fine_size_km in [terrain]",
        )
    row, col = cell_at(terrain.grid, x, y)
    if not np.isfinite(terrain.elevation_m[row, col]):
        raise InputError(f"the {what} {_named(place)} has no height in {terrain.source}", "choose a place with data")
    return row, col


def _only(terrain: Terrain, cell: Cell) -> Mask:
    mask = np.zeros(terrain.grid.shape, bool)
    mask[cell] = True
    return mask


def _named(place: Place) -> str:
    return f"{place[0]:g}, {place[1]:g}"


def _folder(mission: Mission) -> Path | None:
    return Path(mission.path).parent if mission.terrain.dem != "default" else None
