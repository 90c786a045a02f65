"""What a drive must not break: one function per constraint, all in the table at the foot.

Every function gives what is left of its limit (waypoint,) between a waypoint and the next: negative where it is
broken, NaN where it does not apply.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.model import Rover, Traverse, Violation


@dataclass(frozen=True, eq=False)
class DriveLog:
    """The worst of every quantity between a waypoint and the next (waypoint,); NaN where there is nothing to tell.

    Attributes:
        least_battery_wh, most_dark_hours: lowest charge, longest time without sunlight so far.
        up_deg, down_deg, cross_deg: steepest climb, descent (positive) and side slope driven.
        step_m: highest step between two cells driven over.
        blind_hours: driven without view. view_hours: from the end of the drive until view is lost at its cells.
        early_hours: arrival before the latest wanted. spare_speed_m_s: speed kept over speed asked for by the times.
        map_m: to the edge of the map; negative: metres driven off it or over holes.
    """

    least_battery_wh: F64
    most_dark_hours: F64
    up_deg: F64
    down_deg: F64
    cross_deg: F64
    step_m: F64
    blind_hours: F64
    view_hours: F64
    early_hours: F64
    spare_speed_m_s: F64
    map_m: F64


def battery_wh(log: DriveLog, rover: Rover) -> F64:
    """Lowest charge over the least allowed."""
    return log.least_battery_wh - rover.least_battery_wh


def dark_hours(log: DriveLog, rover: Rover) -> F64:
    """Time without sunlight the rover could still bear; NaN for a rover without such a limit."""
    left = rover.max_dark_hours - log.most_dark_hours
    return np.where(np.isfinite(left), left, np.nan)


def up_slope_deg(log: DriveLog, rover: Rover) -> F64:
    """Steepest climb allowed over that driven."""
    return rover.max_up_slope_deg - log.up_deg


def down_slope_deg(log: DriveLog, rover: Rover) -> F64:
    """Steepest descent allowed over that driven."""
    return rover.max_down_slope_deg - log.down_deg


def cross_slope_deg(log: DriveLog, rover: Rover) -> F64:
    """Steepest side slope allowed over that driven."""
    return rover.max_cross_slope_deg - log.cross_deg


def step_m(log: DriveLog, rover: Rover) -> F64:
    """Highest step allowed over that driven; NaN for a rover without such a limit."""
    left = rover.max_step_m - log.step_m
    return np.where(np.isfinite(left), left, np.nan)


def comm_hours(log: DriveLog, rover: Rover) -> F64:
    """How much later the drive could end and keep the view; less than 0: driven blind. NaN when no view is needed."""
    if not rover.comm_to_drive:
        return np.full(log.blind_hours.shape, np.nan)
    return np.where(log.blind_hours > 0.0, -log.blind_hours, log.view_hours)


def schedule_hours(log: DriveLog, rover: Rover) -> F64:
    """How early the rover is; NaN where no time is wanted."""
    return log.early_hours


def speed_m_s(log: DriveLog, rover: Rover) -> F64:
    """Speed the rover keeps on the leg over the speed asked for by the times at its ends."""
    return log.spare_speed_m_s


def map_m(log: DriveLog, rover: Rover) -> F64:
    """To the map's edge; less than 0: metres driven off the map or over cells without height."""
    return log.map_m


def slack_of(log: DriveLog, rover: Rover) -> dict[str, F64]:
    """What is left of every constraint at every waypoint, in the order of `CONSTRAINTS`."""
    return {name: np.asarray(left(log, rover), np.float64) for name, left in CONSTRAINTS.items()}


def violations(traverse: Traverse) -> list[Violation]:
    """The first break of every broken constraint, first in time first; equal times in the order of `CONSTRAINTS`.

    A constraint counts as broken when its slack is below 0 by more than its `TOLERANCE`; ``by`` is the most until it
    holds again.
    """
    found = [_first(traverse, name) for name in CONSTRAINTS if name in traverse.slack]
    return sorted((v for v in found if v is not None), key=lambda v: v.waypoint)


def first_violation(traverse: Traverse) -> Violation | None:
    """The constraint broken first: which, where, when and by how much; None when all hold."""
    return next(iter(violations(traverse)), None)


def with_slack(traverse: Traverse, slack: dict[str, F64]) -> Traverse:
    """The same drive with (more) slack. Raises InputError for a constraint nobody knows."""
    unknown = sorted(set(slack) - set(CONSTRAINTS))
    if unknown:
        raise InputError(f"drive: unknown constraint {unknown[0]}", f"use {', '.join(CONSTRAINTS)}")
    return replace(traverse, slack=traverse.slack | slack)


def _first(traverse: Traverse, name: str) -> Violation | None:
    left = traverse.slack[name]
    broken = np.flatnonzero(left < -TOLERANCE[name])
    if broken.size == 0:
        return None
    at = int(broken[0])
    run = np.split(broken, np.flatnonzero(np.diff(broken) > 1) + 1)[0]
    return _violation(traverse, name, at, float(-left[run].min()))


def _violation(traverse: Traverse, name: str, at: int, by: float) -> Violation:
    from lupex.ephemeris import tdb_s_to_utc

    time, x, y = (float(values[at]) for values in (traverse.times_tdb_s, traverse.x_m, traverse.y_m))
    label = f" ({traverse.labels[at]})" if traverse.labels[at] else ""
    sentence = (
        f"{tdb_s_to_utc(time)[0]}, waypoint {at + 1}{label} at x {x:.0f} m, y {y:.0f} m: "
        f"{WORDS[name].format(by=f'{by:.3g}')}"
    )
    return Violation(name, at, x, y, time, by, sentence)


Slack = Callable[[DriveLog, Rover], F64]

CONSTRAINTS: dict[str, Slack] = {
    "map_m": map_m,
    "up_slope_deg": up_slope_deg,
    "down_slope_deg": down_slope_deg,
    "cross_slope_deg": cross_slope_deg,
    "step_m": step_m,
    "comm_hours": comm_hours,
    "speed_m_s": speed_m_s,
    "schedule_hours": schedule_hours,
    "dark_hours": dark_hours,
    "battery_wh": battery_wh,
}
"""Constraint with its unit -> what is left of it. Ground first: a wall is named before what comes of it."""

WORDS = {
    "map_m": "{by} m lead off the map or over ground without heights",
    "up_slope_deg": "the climb is {by} deg steeper than the rover may climb",
    "down_slope_deg": "the descent is {by} deg steeper than the rover may descend",
    "cross_slope_deg": "the side slope is {by} deg steeper than allowed",
    "step_m": "a step between cells is {by} m higher than the rover may take",
    "comm_hours": "{by} h are driven without view of the Earth or station",
    "speed_m_s": "the times of this leg ask for {by} m/s more than the rover drives",
    "schedule_hours": "the rover arrives {by} h too late",
    "dark_hours": "time without sunlight goes {by} h beyond what the rover bears",
    "battery_wh": "the charge falls {by} Wh below the least allowed",
}
"""Constraint -> what its break means, for `Violation.sentence`."""

TOLERANCE = dict.fromkeys(CONSTRAINTS, 1e-06) | {
    "up_slope_deg": 1e-3,
    "down_slope_deg": 1e-3,
    "cross_slope_deg": 1e-3,
    "step_m": 1e-3,
    "schedule_hours": 1.5 / 3600.0,
}
"""Below 0 by more than this is broken: heights are float32, times in files whole seconds."""
