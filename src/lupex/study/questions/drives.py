"""Drives a user asks for: planned between two places, checked waypoint by waypoint, and how far a rover gets."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from lupex.base.arrays import Cell, Mask
from lupex.base.constants import DAY_S, HOUR_S, JULIAN_YEAR_S
from lupex.base.errors import GridError, InputError, NoRouteError
from lupex.base.frames import Pole, map_xy_m
from lupex.base.running import Running
from lupex.base.utc import UtcLike
from lupex.ephemeris import sky_span, tdb_s_to_utc, utc_to_tdb_s
from lupex.illumination import long_term_light
from lupex.io import read_waypoints
from lupex.mission import Mission
from lupex.model import Rover, SiteDrive, Terrain, Waypoint, ever_in_view
from lupex.results import CheckedDrive, DriveScene, ReachedGround, StaticDrive
from lupex.study.ground import fine_terrain, fine_window, region_terrain
from lupex.study.stages.drive import into_shadow_and_back, start_charge_wh, with_margins
from lupex.study.stages.drive_scene import drive_begin_utc, drive_scene, refuse_poor_fix, rover_edges, time_settings
from lupex.study.stages.region import CYCLE_STEP_S, skyline_settings
from lupex.terrain import horizon_map
from lupex.traverse import (
    CONSTRAINTS,
    Edges,
    NoDrive,
    SimulationSettings,
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

Place = tuple[float, float]
"""Latitude and east longitude, degrees."""

MOST_DAYS = 400.0
MOST_SIZE_KM = 40.0
"""Longest light and widest ground computed for a drive that is checked."""

OPENS = {"hole": "fill the DEM there, or choose another place"} | {
    row.name: row.opens for row in CONSTRAINTS if row.opens
}
"""What a user can do about what cuts a way."""


def drive_ground(mission: Mission, around: Place) -> Terrain:
    """The fine ground of a mission around a place: its DEM where fine enough, else synthetic relief.

    A study's site with its centre there drives on the same ground.
    """
    region = region_terrain(mission.terrain)
    x, y = (float(v) for v in map_xy_m(*around, region.grid.pole))
    if not region.grid.contains(x, y):
        raise GridError(
            f"place {_named(around)} lies off the region of {region.source}",
            "choose a place on the DEM; [terrain] says which it is, which pole, and how far it reaches",
        )
    rng = np.random.default_rng(mission.study.seed)
    whole = fine_terrain(mission.terrain, region, x, y, around, rng)
    return whole.crop(*fine_window(mission.terrain, whole, x, y))


def static_drive(
    mission: Mission, start: Place, goal: Place, cost: str = "time", limit_wh: float = math.inf
) -> StaticDrive:
    """The cheapest drive between two places with light ignored, within an energy limit (Wh of driving).

    ``cost``: 'time', 'energy' or 'length'. Raises NoRouteError saying what cuts the way and what would open it, or the
    least energy it takes; GridError and InputError for places off the ground.

    Args:
        mission: the settings.
        start: latitude and east longitude of the start, degrees.
        goal: latitude and east longitude of the goal, degrees.
        limit_wh: most energy of driving.
    """
    refuse_poor_fix(mission)
    terrain = drive_ground(mission, start)
    first, last = place_cell(terrain, start, "start"), place_cell(terrain, goal, "goal")
    rover = rover_model(mission.rover, mission.reach, mission.traverse, name=mission.rover_name)
    edges = rover_edges(mission, terrain, rover, Running(mission.study.workers))
    words = f"no drive from {_named(start)} to {_named(goal)}"
    check_way(terrain, rover, edges, first, _only(terrain, last), words)
    try:
        found = route(edges, first, last, cost, limit_wh)
    except NoRouteError:
        least_wh = route(edges, first, last, "energy").energy_j / HOUR_S
        raise NoRouteError(
            f"{words} within {limit_wh:g} Wh: every way takes at least {least_wh:.2f} Wh",
            "raise the limit, or choose a nearer goal",
        ) from None
    return StaticDrive(terrain, cost, found, smoothed(terrain, rover, found, cost=cost))


def drive_in_time(
    mission: Mission,
    start: Place,
    goal: Place | None,
    begin_utc: UtcLike,
    one_way: bool = False,
    running: Running = Running(),
) -> tuple[DriveScene, SiteDrive]:
    """The timed drive from a place to a goal (None: the permanent shadow on the map), a stay there and back to light.

    ``one_way``: the drive ends at the goal, in sunlight. With risk, havens and how long each stop may last.
    Raises NoRouteError saying what cuts the way, NoDrive saying which limit stops the drive, GridError and InputError
    for places nobody can drive from or to.

    Args:
        mission: the settings.
        start: latitude and east longitude of the start, degrees.
        begin_utc: when the drive may begin.
    """
    running = running.or_workers(mission.study.workers)
    refuse_poor_fix(mission)
    terrain = drive_ground(mission, start)
    first = place_cell(terrain, start, "start")
    if goal is None:
        target, name = permanent_shadow(mission, terrain, running), "permanent shadow"
        if not target.any():
            raise InputError(
                f"no permanent shadow on the ground of the drive ({_extent(terrain)})",
                "give a place to drive to, or a larger fine_size_km in [terrain]",
            )
    else:
        target, name = _only(terrain, place_cell(terrain, goal, "goal")), _named(goal)
    scene = drive_scene(mission, terrain, begin_utc, running)
    check_way(terrain, scene.rover, scene.edges, first, target, f"no drive from {_named(start)} to {name}")
    if one_way:
        _check_end(scene, target, name)
        charge_wh = start_charge_wh(mission, scene.rover)
        how = time_settings(scene, objective=mission.traverse.objective, name=f"to {name}")
        drive = plan_in_time(scene.edges, scene.rover, scene.light, first, charge_wh, [], target, how, running)
    else:
        drive = into_shadow_and_back(mission, scene, first, _seen(mission, scene, target, name), running)
    drive, chances, stands = with_margins(mission, scene, drive)
    return scene, SiteDrive(
        rover=scene.rover, target=name, window_utc=scene.span_utc, step_s=scene.step_s,
        traverse=drive, risk=chances, havens=stands, end=scene.end_at(drive),
    )  # fmt: skip


def check_way(terrain: Terrain, rover: Rover, edges: Edges, start: Cell, target: Mask, words: str) -> None:
    """Raises NoRouteError when no ground leads from a cell to a target (row, col): what cuts it, what would open it."""
    try:
        route(edges, start, target, "length")
    except NoRouteError as none:
        cut = why_cut(terrain, rover, start, target, neighbours=edges.directions)
        if cut is None:
            raise NoRouteError(f"{words}: {none.what}", none.fix) from None
        fix = OPENS.get(cut.constraint, "choose another start or goal")
        raise NoRouteError(f"{words}: {cut.sentence}", fix) from None


def _check_end(scene: DriveScene, target: Mask, name: str) -> None:
    """Raises NoDrive when the only place the drive may end at is never lit, or the rover can never stay there."""
    row, col = (int(v[0]) for v in np.nonzero(target))
    disc, _ = scene.light.read(0, scene.last_step or scene.light.times_tdb_s.size - 1, (row, col, 1, 1))
    if target.sum() == 1 and not disc.any():
        first, last = scene.span_utc
        raise NoDrive(
            f"the goal {name} lies in the dark from {first} to {last}, and a drive one way ends in sunlight",
            "choose a goal in light, or drive there and back",
            "light",
        )
    if target.sum() == 1 and scene.living is not None and not scene.living.somewhere(row, col):
        first, last = scene.span_utc
        raise NoDrive(
            f"the rover cannot go on living at the goal {name} from {first} to {last}: the light of the "
            "days after is too little",
            "choose another goal or time, drive there and back, or relax end_light_hours, end_charge_fraction, "
            "end_haven_hours in [traverse]",
            "end",
        )


def _seen(mission: Mission, scene: DriveScene, target: Mask, name: str) -> Mask:
    """The part of a target a rover may drive into at all. Raises NoDrive when there is none."""
    if not scene.rover.comm_to_drive:
        return target
    seen = target & ever_in_view(scene.light, scene.last_step)
    if not seen.any():
        first, last = scene.span_utc
        raise NoDrive(
            f"{name} is never in view of '{mission.traverse.station}' from {first} to {last}, and the rover drives "
            "only in view of it",
            "choose another goal or time, or state comm_to_drive = false in [rover]",
            "comm_to_drive",
        )
    return seen


def checked_drive(
    mission: Mission, waypoints: Path, begin_utc: UtcLike | None = None, running: Running = Running()
) -> CheckedDrive:
    """A user's waypoints (CSV, GeoJSON, GeoPackage) driven on a mission's ground, and what they break.

    ``begin_utc``: when it begins; None: the first time of the file, else the mission's. Raises InputError for a file
    that cannot be read as waypoints or begins off the map, SpanError when it lasts longer than 400 days.
    """
    running = running.or_workers(mission.study.workers)
    points = read_waypoints(waypoints, drive_pole(mission))
    stated = [t for p in points for t in (p.arrive_utc, p.depart_utc) if t]
    begin = begin_utc if begin_utc else (stated[0] if stated else drive_begin_utc(mission, None))
    mission = _reaching(mission, points, begin, stated)
    terrain = drive_ground(mission, (points[0].lat_deg, points[0].lon_deg))
    scene = drive_scene(mission, terrain, begin, running)
    charge_wh = start_charge_wh(mission, scene.rover)
    how = SimulationSettings(charge_wh, start_tdb_s=float(utc_to_tdb_s(begin)[0]), name=waypoints.stem)
    driven = simulate(points, terrain, scene.rover, scene.light, how)
    return CheckedDrive(scene, driven, tuple(violations(driven)), scene.end_at(driven))


def reached_ground(mission: Mission, start: Place, begin_utc: UtcLike, running: Running = Running()) -> ReachedGround:
    """How far the rover gets from a place: least time, energy and length, and in time with light and battery.

    Raises GridError and InputError for a start off the ground or without height.
    """
    running = running.or_workers(mission.study.workers)
    terrain = drive_ground(mission, start)
    first = place_cell(terrain, start, "start")
    scene = drive_scene(mission, terrain, begin_utc, running)
    how = time_settings(scene)
    charge_wh = start_charge_wh(mission, scene.rover)
    in_time = reach_in_time(scene.edges, scene.rover, scene.light, first, charge_wh, how)
    return ReachedGround(scene, first, isochrones(scene.edges, first), in_time)


def permanent_shadow(mission: Mission, terrain: Terrain, running: Running = Running()) -> Mask:
    """Cells (row, col) of a terrain the Sun never reaches in the mission's long-term cycle."""
    light = mission.light
    stop_utc = tdb_s_to_utc([float(utc_to_tdb_s(light.cycle_start_utc)[0]) + light.cycle_years * JULIAN_YEAR_S])[0]
    cycle = sky_span(light.cycle_start_utc, stop_utc, CYCLE_STEP_S)
    horizons = horizon_map(terrain, skyline_settings(mission, mission.horizon.surface_height_m), running)
    span = (light.cycle_start_utc, stop_utc)
    return np.asarray(long_term_light(terrain, horizons, cycle, span, running=running)["permanent_shadow"] > 0.5)


def place_cell(terrain: Terrain, place: Place, what: str) -> Cell:
    """Row and column of a place. Raises GridError off the map, InputError where the map has no height.

    Args:
        terrain: heights to stand on.
        what: name of the place in errors.
    """
    x, y = (float(v) for v in map_xy_m(*place, terrain.grid.pole))
    if not terrain.grid.contains(x, y):
        raise GridError(
            f"the {what} {_named(place)} lies off the ground of the drive ({_extent(terrain)})",
            "choose a nearer place, or a larger fine_size_km in [terrain]",
        )
    row, col = terrain.grid.cell_of(x, y)
    if not np.isfinite(terrain.elevation_m[row, col]):
        raise InputError(f"the {what} {_named(place)} has no height in {terrain.source}", "choose a place with data")
    return row, col


def drive_pole(mission: Mission) -> Pole:
    """The pole a mission's ground lies at."""
    return region_terrain(mission.terrain).grid.pole


def _reaching(mission: Mission, points: Sequence[Waypoint], begin_utc: UtcLike, stated: Sequence[str]) -> Mission:
    """The mission with ground and light enough for waypoints, as far as its limits allow; never less than its own."""
    first = points[0]
    far_m = max(max(abs(p.x_m - first.x_m), abs(p.y_m - first.y_m)) for p in points)
    size_km = max(mission.terrain.fine_size_km, min(MOST_SIZE_KM, 0.002 * far_m + 1.0))
    days = max(mission.traverse.span_days, min(MOST_DAYS, _days(points, begin_utc, stated, mission)))
    return replace(
        mission,
        terrain=replace(mission.terrain, fine_size_km=size_km),
        traverse=replace(mission.traverse, span_days=days),
    )


def _days(points: Sequence[Waypoint], begin_utc: UtcLike, stated: Sequence[str], mission: Mission) -> float:
    """Days of light a drive may need: its times, its stays, and its way at a quarter of the rover's speed."""
    begin_s = float(utc_to_tdb_s(begin_utc)[0])
    planned_s = max((float(utc_to_tdb_s(text)[0]) - begin_s for text in stated), default=0.0)
    length_m = sum(math.dist((a.x_m, a.y_m), (b.x_m, b.y_m)) for a, b in zip(points[:-1], points[1:], strict=True))
    rover = rover_model(mission.rover, mission.reach, mission.traverse, name=mission.rover_name)
    stay_s = HOUR_S * sum(point.duration_hours for point in points)
    return (max(0.0, planned_s) + stay_s + 4.0 * length_m / rover.speed_m_s) / DAY_S + 1.0


def _extent(terrain: Terrain) -> str:
    rows, cols = terrain.grid.shape
    return f"{0.001 * cols * terrain.grid.cell_m:g} x {0.001 * rows * terrain.grid.cell_m:g} km around the start"


def _only(terrain: Terrain, cell: Cell) -> Mask:
    mask = np.zeros(terrain.grid.shape, bool)
    mask[cell] = True
    return mask


def _named(place: Place) -> str:
    return f"{place[0]:g}, {place[1]:g}"
