"""A drive played through second by second: waypoints in, timed waypoints with energy, light and slack out.

Time is continuous here: every change of light, cell, slope and activity is met exactly where it happens. Broken
limits do not stop the rover; they are recorded. Theory: docs/theory/traverse_margins.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lupex.base.arrays import F64, I64
from lupex.base.constants import J_PER_WH
from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked
from lupex.ephemeris import utc_to_tdb_s
from lupex.model import LightSeries, Rover, Terrain, Traverse, Waypoint
from lupex.model.fields.grid import OUTSIDE
from lupex.traverse.checks.constraints import DriveLog, slack_of, with_slack
from lupex.traverse.checks.ledger import Ledger, Leg
from lupex.traverse.checks.route_light import check_grids, full_disc_w, light_along, step_of
from lupex.traverse.steps.line import Pieces, pieces_between
from lupex.traverse.steps.rover import drive_energy_j_per_m, drive_speed_m_s

ROUNDING_S = 1.0
"""Times in files are whole seconds: a leg may take this much longer than they say, a stop this much shorter."""


@numbers_checked
@dataclass(frozen=True)
class SimulationSettings:
    """What a drive begins with.

    Attributes:
        start_battery_wh: charge; None: full. dark_hours: time without sunlight before.
        start_tdb_s: when it begins; None: the first waypoint's arrival, else its departure, else with the light.
        name: what the drive is for.
    """

    start_battery_wh: float | None = None
    dark_hours: float = 0.0
    start_tdb_s: float | None = None
    name: str = "drive"


def simulate(
    waypoints: Sequence[Waypoint],
    terrain: Terrain,
    rover: Rover,
    light: LightSeries,
    settings: SimulationSettings = SimulationSettings(),
) -> Traverse:
    """The drive along straight lines between waypoints, with slack of every constraint.

    The rover leaves a waypoint when its stay there is over and not before its planned departure, turns on the spot
    towards the next (hotel power), drives at the speed and energy its slopes allow, and stands where it waits: at
    hotel power in sunlight, asleep without. Light and view are those of the cell it is in, in the step that lasts.
    The battery is full at `Rover.full_battery_wh` and takes in at most `Rover.max_charge_w`. A piece without height
    or off the map is driven as level ground in the dark without view, and recorded.

    Args:
        settings: how it is computed; see its class.

    Returns a Traverse with a waypoint wherever the rover enters a cell, changes what it does, or first breaks the
    limit of charge or darkness; every break stands in its slack (`first_violation`).

    Raises:
        InputError: no waypoints, or the drive begins off the map or with an impossible charge.
        SpanError: the drive begins or goes on outside the times of the light.
        GridError: light and terrain have different grids.
    """
    check_grids(light, terrain.grid)
    legs = _legs(waypoints, terrain, rover)
    row, col = _all_cells(waypoints, legs, terrain)
    cells, first_of = np.unique(row * terrain.grid.cols + col, return_index=True)
    disc, earth = light_along(light, row[first_of], col[first_of])
    ledger = Ledger(rover, light, disc, earth, full_disc_w(light, rover), cells)
    arrive, depart = _planned(waypoints, "arrive_utc"), _planned(waypoints, "depart_utc")
    ledger.begin(*_start(waypoints, (arrive, depart), rover, light, settings))
    at = [int(row[0]) * terrain.grid.cols + int(col[0])]
    for leg in legs:
        at.append(int(leg.cell[-1]) if leg.cell.size else at[-1])
    asked: dict[int, float] = {}
    for i, point in enumerate(waypoints):
        ledger.arrive(point, arrive[i])
        leave = max(
            ledger.time_s + J_PER_WH * point.duration_hours, depart[i] if math.isfinite(depart[i]) else -math.inf
        )
        if leave > ledger.time_s + (0.0 if point.duration_hours else ROUNDING_S):
            ledger.stand(point, at[i], leave)
        if i < len(legs) and legs[i].cell.size:
            _ask_speed(asked, ledger, legs[i], (depart[i], arrive[i + 1]))
            ledger.drive(legs[i])
    ledger.end(at[-1])
    return _traverse(ledger, terrain, rover, light, settings, asked)


def _legs(waypoints: Sequence[Waypoint], terrain: Terrain, rover: Rover) -> list[Leg]:
    if not waypoints:
        raise InputError("drive: no waypoints", "give at least one")
    if not terrain.grid.contains(waypoints[0].x_m, waypoints[0].y_m):
        first = waypoints[0]
        raise InputError(
            f"drive: begins at {first.lat_deg:.4f}, {first.lon_deg:.4f} (x {first.x_m:.0f} m, y {first.y_m:.0f} m), "
            "off the map",
            "begin on the DEM, or bring a wider one",
        )
    legs, heading = [], math.nan
    for a, b in zip(waypoints[:-1], waypoints[1:], strict=True):
        if math.hypot(b.x_m - a.x_m, b.y_m - a.y_m) < 1e-6:
            legs.append(Leg.nowhere())
            continue
        pieces = pieces_between(terrain, (a.x_m, a.y_m), (b.x_m, b.y_m))
        turned, heading = heading, math.degrees(math.atan2(b.x_m - a.x_m, b.y_m - a.y_m))
        turn = 0.0 if math.isnan(turned) else abs((heading - turned + 180.0) % 360.0 - 180.0)
        legs.append(_leg(pieces, turn / rover.turn_rate_deg_s, terrain, rover))
    return legs


def _leg(pieces: Pieces, turn_s: float, terrain: Terrain, rover: Rover) -> Leg:
    slope = np.nan_to_num(pieces.slope_deg)
    drivable = np.clip(slope, -rover.max_down_slope_deg, rover.max_up_slope_deg)
    time_s = pieces.length_m / drive_speed_m_s(rover, drivable)
    energy_j = pieces.length_m * drive_energy_j_per_m(rover, slope) + rover.drive_overhead_w * time_s
    known = np.isfinite(pieces.slope_deg)
    return Leg(
        cell=np.where(pieces.row == OUTSIDE, -1, pieces.row * terrain.grid.cols + pieces.col),
        x_m=pieces.x_m,
        y_m=pieces.y_m,
        length_m=pieces.length_m,
        time_s=time_s,
        energy_j=energy_j,
        slope_deg=pieces.slope_deg,
        cross_deg=pieces.cross_deg,
        step_m=pieces.step_m,
        lost_m=np.where(known, 0.0, pieces.length_m),
        turn_s=turn_s,
    )


def _all_cells(waypoints: Sequence[Waypoint], legs: list[Leg], terrain: Terrain) -> tuple[I64, I64]:
    cols = terrain.grid.cols
    row, col = terrain.grid.cells_of(np.array([waypoints[0].x_m]), np.array([waypoints[0].y_m]))
    cell = np.unique(np.concatenate([leg.cell for leg in legs] or [np.zeros(0, np.int64)]))
    cell = cell[cell >= 0]
    return np.concatenate([row, cell // cols]), np.concatenate([col, cell % cols])


def _planned(waypoints: Sequence[Waypoint], key: str) -> F64:
    texts = [getattr(point, key) for point in waypoints]
    planned = np.full(len(texts), np.nan)
    given = [i for i, text in enumerate(texts) if text]
    if given:
        planned[given] = utc_to_tdb_s([texts[i] for i in given])
    return planned


def _start(
    waypoints: Sequence[Waypoint],
    planned: tuple[F64, F64],
    rover: Rover,
    light: LightSeries,
    settings: SimulationSettings,
) -> tuple[float, float, float]:
    battery = rover.full_battery_wh if settings.start_battery_wh is None else settings.start_battery_wh
    if not 0.0 <= battery <= rover.battery_wh:
        raise InputError(f"drive: begins with {battery:g} Wh in a battery of {rover.battery_wh:g} Wh")
    wanted = [settings.start_tdb_s, planned[0][0], planned[1][0], light.times_tdb_s[0]]
    start = next(float(time) for time in wanted if time is not None and math.isfinite(time))
    step_of(light, start)
    return start, battery, settings.dark_hours


def _ask_speed(asked: dict[int, float], ledger: Ledger, leg: Leg, between: tuple[float, float]) -> None:
    """Speed kept over speed asked for, at the row with which the leg begins."""
    if all(math.isfinite(time) for time in between):
        length = float(leg.length_m.sum())
        possible = length / (leg.turn_s + float(leg.time_s.sum()))
        asked[ledger.rows_so_far] = possible - length / (max(0.0, between[1] - between[0]) + ROUNDING_S)


def _traverse(
    ledger: Ledger,
    terrain: Terrain,
    rover: Rover,
    light: LightSeries,
    settings: SimulationSettings,
    asked: dict[int, float],
) -> Traverse:
    table = ledger.table()
    n = table.times_tdb_s.size
    spare = np.full(n, np.nan)
    for row, value in asked.items():
        spare[row] = value
    grid = terrain.grid
    edge = np.min(
        [table.x_m - grid.left_m, grid.right_m - table.x_m, table.y_m - grid.bottom_m, grid.top_m - table.y_m], axis=0
    )
    worst = table.worst
    none = np.full(n, np.nan)
    log = DriveLog(
        distance_m=np.append(table.distance_m[1:], table.distance_m[-1]),
        least_battery_wh=worst["battery"],
        most_dark_hours=worst["dark"] / 3600.0,
        up_deg=worst["up"],
        down_deg=worst["down"],
        cross_deg=worst["cross"],
        step_m=worst["step"],
        blind_hours=worst["blind"] / 3600.0,
        view_hours=worst["view"] / 3600.0,
        early_hours=table.early_s / 3600.0,
        spare_speed_m_s=spare,
        map_m=np.where(worst["lost"] > 0.0, -worst["lost"], edge),
        span_hours=none,
        end_wh=none,
    )
    traverse = Traverse(
        name=settings.name,
        pole=grid.pole,
        times_tdb_s=table.times_tdb_s,
        x_m=table.x_m,
        y_m=table.y_m,
        activity=table.activity,
        labels=table.labels,
        distance_m=table.distance_m,
        energy_wh=table.energy_wh,
        battery_wh=table.battery_wh,
        disc_fraction=table.disc_fraction,
        earth_in_view=table.earth_in_view,
        dark_hours=table.dark_hours,
        slope_deg=table.slope_deg,
    )
    summary = summary_of(traverse, float(np.nanmin(worst["battery"])), float(np.nanmax(worst["dark"]) / 3600.0))
    return with_slack(replace(traverse, summary=summary), slack_of(log, rover))


def summary_of(traverse: Traverse, lowest_wh: float, longest_dark_hours: float) -> dict[str, float]:
    """Named numbers of a drive: length, time, energy, lowest charge, time by activity.

    Args:
        traverse: the timed drive.
        lowest_wh: least charge.
        longest_dark_hours: longest time without sunlight.
    """
    length_s = np.diff(traverse.times_tdb_s)
    doing = np.array(traverse.activity[:-1])
    hours = {
        f"{name}_hours": float(length_s[doing == name].sum()) / 3600.0
        for name in ("drive", "wait", "charge", "sleep", "drill", "measure")
    }
    return {
        "distance_m": float(traverse.distance_m[-1]),
        "duration_hours": float(traverse.times_tdb_s[-1] - traverse.times_tdb_s[0]) / 3600.0,
        "energy_wh": float(traverse.energy_wh[-1]),
        "lowest_battery_wh": lowest_wh,
        "end_battery_wh": float(traverse.battery_wh[-1]),
        "longest_dark_hours": longest_dark_hours,
    } | hours
