"""The planners' rule of energy, applied to a drive step by step.

Time is cut at the steps of the light. Standing draws hotel power, what is done, or sleep in the dark; a drive step has
the mean light of its two cells and its energy spread evenly. Charge is cut at full, intake at what the battery takes.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, I64
from lupex.base.constants import HOUR_S, J_PER_WH
from lupex.base.errors import InputError
from lupex.model import LightSeries, Rover, Terrain, Traverse
from lupex.traverse.checks.constraints import DriveLog, slack_of, with_slack
from lupex.traverse.checks.route_light import check_grids, full_disc_w, light_along, step_of
from lupex.traverse.steps.edges import DOWN, EDGE_CONSTRAINTS, RIGHT, Edges
from lupex.traverse.steps.line import pieces_between

IDLE = ("wait", "charge", "sleep")


@dataclass(frozen=True, eq=False, kw_only=True)
class Profile:
    """A drive between all changes of light and activity: plain arrays for figures.

    Attributes:
        times_tdb_s: (piece + 1,) ends of the pieces of time. battery_wh: (piece + 1,) charge then.
        dark_hours: (piece + 1,) time without sunlight then.
        gained_w, drawn_w: (piece,) power of the array and power drawn.
        disc_fraction, earth_in_view: (piece,) where it is; mean of both cells of a drive step, view at both.
        activity: (piece,). waypoint: (piece,) index of the waypoint it belongs to.
    """

    times_tdb_s: F64
    battery_wh: F64
    dark_hours: F64
    gained_w: F64
    drawn_w: F64
    disc_fraction: F64
    earth_in_view: NDArray[np.bool_]
    activity: tuple[str, ...]
    waypoint: I64


def profile(traverse: Traverse, rover: Rover, light: LightSeries) -> Profile:
    """Charge, light, view and power of a drive over time.

    Driving power is what the drive says it has drawn from one waypoint to the next, spread evenly; the rest follows
    the planners' rule of energy. Exact for planned drives; for a simulated one the light of a step between two cells
    is taken as their mean. Raises SpanError when the light does not cover the drive.
    """
    return _walk(traverse, rover, light, drive_w_of(traverse, rover))


def replay(
    traverse: Traverse,
    edges: Edges,
    rover: Rover,
    light: LightSeries,
    latest_end_tdb_s: float = math.nan,
    end_need_wh: float = math.nan,
) -> Traverse:
    """A planned drive computed once more from the edges' energies, by the planners' rule of energy, with its margins.

    Every drive must lead to a neighbouring cell and last at least as long as its edge, in whole steps of the light.
    The charge begins as planned and is computed anew; drilling and measuring draw what the plan says. Margins are
    those of the one table (`lupex.traverse.CONSTRAINTS`); slopes, side slopes and obstacle heights are the worst along
    the straight line over ``edges.terrain``, where it is known.

    Args:
        traverse: the drive, on cell centres.
        edges: of the drive's grid. light: on the same grid, covering the drive.
        rover: whose limits count, in case the drive was planned with tighter ones.
        latest_end_tdb_s: TDB s by which the drive must have ended; NaN: no such limit.
        end_need_wh: charge the rover needs to go on living where the drive ends; NaN: nothing is asked.

    Raises:
        InputError: a drive step that is no step of ``edges`` or may not be driven, or is shorter than its edge.
        GridError, SpanError: other grids; the light does not cover the drive.
    """
    check_grids(light, edges.grid)
    direction = _directions(traverse, edges)
    row, col = edges.grid.cells_of(traverse.x_m, traverse.y_m)
    span_s = np.diff(traverse.times_tdb_s)
    driving = np.flatnonzero(direction >= 0)
    where = (direction[driving], row[driving], col[driving])
    short = np.flatnonzero(edges.time_s[where] > span_s[driving] + 1e-3)
    if short.size:
        at = int(driving[short[0]])
        raise InputError(
            f"drive: step {at + 1} lasts {span_s[at]:.1f} s, its edge {edges.time_s[where][short[0]]:.1f} s"
        )
    drawn = drive_w_of(traverse, rover)
    drawn[driving] = rover.hotel_power_w + edges.energy_j[where] / span_s[driving]
    fine = _walk(traverse, rover, light, drawn)
    length = np.zeros(len(traverse))
    length[driving] = edges.length_m[where]
    slope = np.full(len(traverse), np.nan)
    slope[driving] = edges.slope_deg[where]
    first = np.searchsorted(fine.waypoint, np.arange(len(traverse)))
    spent = np.concatenate([[0.0], np.cumsum(fine.drawn_w * np.diff(fine.times_tdb_s))]) / J_PER_WH
    again = replace(
        traverse,
        battery_wh=fine.battery_wh[first],
        dark_hours=fine.dark_hours[first],
        energy_wh=spent[first],
        distance_m=np.concatenate([[0.0], np.cumsum(length[:-1])]),
        slope_deg=slope,
        slack={},
    )
    return with_slack(again, slack_of(_log(again, fine, edges, light, (latest_end_tdb_s, end_need_wh)), rover))


def drive_w_of(traverse: Traverse, rover: Rover) -> F64:
    """Power (waypoint,) drawn on average from a waypoint to the next; 0 where it stands idle and sleeps in the dark."""
    span_s = np.maximum(np.diff(traverse.times_tdb_s), 1e-9)
    power = np.append(np.diff(traverse.energy_wh) * J_PER_WH / span_s, 0.0)
    idle = np.array([word in (*IDLE, "end") for word in traverse.activity])
    return np.where(idle & (power < rover.hotel_power_w + 1e-6), 0.0, power)


def _walk(traverse: Traverse, rover: Rover, light: LightSeries, drawn_w: F64) -> Profile:
    grid = light.grid
    row, col = grid.cells_of(traverse.x_m, traverse.y_m)
    first, last = (step_of(light, float(traverse.times_tdb_s[i])) for i in (0, -1))
    disc, earth = light_along(light, row, col, first, last + 1)
    full_w = full_disc_w(light, rover)
    times, battery, dark = (
        [float(traverse.times_tdb_s[0])],
        [float(traverse.battery_wh[0])],
        [float(traverse.dark_hours[0])],
    )
    pieces: list[tuple[float, float, float, bool, str, int]] = []
    ends = light.times_tdb_s[1:]
    for i in range(len(traverse) - 1):
        there = i + 1 if traverse.activity[i] == "drive" else i
        stop = float(traverse.times_tdb_s[i + 1])
        while stop - times[-1] > 1e-6:
            k = step_of(light, times[-1])
            share = (float(disc[k - first, i]) + float(disc[k - first, there])) / 510.0
            sees = bool(earth[k - first, i] and earth[k - first, there])
            gained = float(full_w[k]) * share
            power = float(drawn_w[i])
            if power == 0.0:
                power = rover.hotel_power_w if share > 0.0 else rover.sleep_power_w
            end = min(stop, float(ends[k])) if k < ends.size - 1 else stop
            span = end - times[-1]
            charge = battery[-1] + min(gained - power, rover.max_charge_w) * span / J_PER_WH
            battery.append(min(max(rover.full_battery_wh, battery[-1]), charge))
            dark.append(0.0 if share > 0.0 else dark[-1] + span / 3600.0)
            pieces.append((gained, power, share, sees, traverse.activity[i], i))
            times.append(end)
    columns = list(zip(*pieces, strict=True)) if pieces else [()] * 6
    return Profile(
        times_tdb_s=np.array(times),
        battery_wh=np.array(battery),
        dark_hours=np.array(dark),
        gained_w=np.array(columns[0], np.float64),
        drawn_w=np.array(columns[1], np.float64),
        disc_fraction=np.array(columns[2], np.float64),
        earth_in_view=np.array(columns[3], bool),
        activity=tuple(str(word) for word in columns[4]),
        waypoint=np.array(columns[5], np.int64),
    )


def _directions(traverse: Traverse, edges: Edges) -> I64:
    """Number of the step (waypoint,) driven from each waypoint; -1 where it stands."""
    row, col = edges.grid.cells_of(traverse.x_m, traverse.y_m)
    found = np.full(len(traverse), -1, np.int64)
    steps = {(int(d), int(r)): n for n, (d, r) in enumerate(zip(DOWN, RIGHT, strict=True)) if n < edges.directions}
    for i in range(len(traverse) - 1):
        move = (int(row[i + 1] - row[i]), int(col[i + 1] - col[i]))
        if traverse.activity[i] != "drive" and move == (0, 0):
            continue
        name = f"drive: step {i + 1} from row {row[i]}, col {col[i]} to row {row[i + 1]}, col {col[i + 1]}"
        if traverse.activity[i] != "drive" or move not in steps or row[i] < 0:
            raise InputError(f"{name} is no step between neighbours", "simulate it instead of replaying it")
        found[i] = steps[move]
        why = int(edges.blocked_by[found[i], row[i], col[i]])
        if why:
            raise InputError(f"{name} may not be driven: {EDGE_CONSTRAINTS[why]}")
    return found


def _log(traverse: Traverse, fine: Profile, edges: Edges, light: LightSeries, asked: tuple[float, float]) -> DriveLog:
    """``asked``: latest end (TDB s), charge needed at the end (Wh)."""
    n, slope = len(traverse), traverse.slope_deg
    none = np.full(n, np.nan)
    driving = np.isfinite(slope)
    least, most = traverse.battery_wh.copy(), traverse.dark_hours.copy()
    np.minimum.at(least, fine.waypoint, fine.battery_wh[1:])
    np.maximum.at(most, fine.waypoint, fine.dark_hours[1:])
    blind = np.zeros(n)
    blind_s = np.where(fine.earth_in_view, 0.0, np.diff(fine.times_tdb_s))
    np.add.at(blind, fine.waypoint, blind_s / 3600.0)
    grid = edges.grid
    x, y = traverse.x_m, traverse.y_m
    up, down, cross, step = _ground(traverse, edges.terrain, slope)
    return DriveLog(
        distance_m=np.append(traverse.distance_m[1:], traverse.distance_m[-1]),
        least_battery_wh=least,
        most_dark_hours=most,
        up_deg=up,
        down_deg=down,
        cross_deg=cross,
        step_m=step,
        blind_hours=np.where(driving, blind, 0.0),
        view_hours=np.where(driving, _view_hours(traverse, light), np.nan),
        early_hours=none,
        spare_speed_m_s=none,
        map_m=np.min([x - grid.left_m, grid.right_m - x, y - grid.bottom_m, grid.top_m - y], axis=0),
        span_hours=(asked[0] - np.append(traverse.times_tdb_s[1:], traverse.times_tdb_s[-1])) / HOUR_S,
        end_wh=np.append(none[1:], traverse.battery_wh[-1] - asked[1]),
    )


def _ground(traverse: Traverse, terrain: Terrain | None, slope_deg: F64) -> tuple[F64, F64, F64, F64]:
    """Steepest climb and descent (positive), side slope (deg) and obstacle height (m) of every drive; NaN elsewhere.

    Without terrain only the mean slopes of the edges are known.
    """
    driving = np.isfinite(slope_deg)
    up = np.where(driving, np.maximum(slope_deg, 0.0), np.nan)
    down = np.where(driving, np.maximum(-slope_deg, 0.0), np.nan)
    cross, step = np.full(slope_deg.size, np.nan), np.full(slope_deg.size, np.nan)
    if terrain is None:
        return up, down, cross, step
    places = list(zip(traverse.x_m.tolist(), traverse.y_m.tolist(), strict=True))
    for i in np.flatnonzero(driving).tolist():
        pieces = pieces_between(terrain, places[i], places[i + 1])
        up[i] = max(0.0, float(pieces.slope_deg.max()))
        down[i] = max(0.0, float(-pieces.slope_deg.min()))
        cross[i] = np.fmax.reduce(pieces.cross_deg)
        step[i] = np.fmax.reduce(pieces.step_m)
    return up, down, cross, step


def _view_hours(traverse: Traverse, light: LightSeries) -> F64:
    """Hours (waypoint,) from the end of each drive step until the view is lost at either of its cells."""
    row, col = light.grid.cells_of(traverse.x_m, traverse.y_m)
    first = step_of(light, float(traverse.times_tdb_s[0]))
    _, earth = light_along(light, row, col, first)
    left = np.zeros(len(traverse))
    for i in range(len(traverse) - 1):
        end = float(traverse.times_tdb_s[i + 1])
        k = step_of(light, end) - first
        lost = np.flatnonzero((earth[k:, i] == 0) | (earth[k:, i + 1] == 0))
        until = float(light.times_tdb_s[first + k + int(lost[0])]) if lost.size else float(light.times_tdb_s[-1])
        left[i] = max(0.0, until - end) / 3600.0
    return left
