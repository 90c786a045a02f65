"""What a drive must not break: one function and one row per constraint, all in the table at the foot.

Each function returns the remaining margin (waypoint,) between a waypoint and the next: negative where the limit is
broken, NaN where it does not apply.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.plugins import plugged
from lupex.model import Rover, Traverse, Violation

EXACT = 1e-6
TABULATED = 1e-3
"""Tolerances: of computed quantities, and of those that come from float32 heights."""
WHOLE_SECONDS_H = 1.5 / 3600.0
"""Tolerance of times read from files, which hold whole seconds."""
IN_REACH = "state it in [reach]"


@dataclass(frozen=True, eq=False, kw_only=True)
class DriveLog:
    """The worst of every quantity between a waypoint and the next (waypoint,); NaN where there is nothing to tell.

    Attributes:
        distance_m: driven from the start to the end of this stretch.
        least_battery_wh, most_dark_hours: lowest charge, longest time without sunlight so far.
        up_deg, down_deg, cross_deg: steepest climb, descent (positive) and side slope driven.
        step_m: greatest difference in height between two cells driven over.
        blind_hours: driven without view. view_hours: from the end of the drive until view is lost at its cells.
        early_hours: arrival before the latest wanted. spare_speed_m_s: speed kept over speed asked for by the times.
        map_m: to the edge of the map; negative: metres driven off it or over holes.
        span_hours: from the end of this stretch to the latest end allowed.
        end_wh: charge at the end of the drive over that needed to go on living there; NaN before the end.
    """

    distance_m: F64
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
    span_hours: F64
    end_wh: F64


@dataclass(frozen=True, kw_only=True)
class DriveConstraint:
    """One constraint of a drive: all that is said of it anywhere.

    Attributes:
        name: key with its unit, as in `Traverse.slack`. unit: as printed.
        margin: (log, rover) -> margin (waypoint,), in ``unit``.
        tolerance: a margin below minus this is a violation.
        words: what a violation means, with ``{by}`` for its size. label: the constraint in reports.
        planned: whether the planner in time keeps it; one it does not keep is only checked.
        opens: what a user can do where it cuts every way; '' for nothing of its own.
    """

    name: str
    unit: str
    margin: Callable[[DriveLog, Rover], F64]
    words: str
    label: str
    planned: bool
    tolerance: float = EXACT
    opens: str = ""


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


def span_hours(log: DriveLog, rover: Rover) -> F64:
    """Time left to the latest end allowed; NaN where the drive has none."""
    return log.span_hours


def end_wh(log: DriveLog, rover: Rover) -> F64:
    """Charge at the end over that needed to go on living there; NaN before the end and where nothing is asked."""
    return log.end_wh


def drive_constraints() -> tuple[DriveConstraint, ...]:
    """Every constraint: those of `CONSTRAINTS`, then those of other packages (group ``lupex.drive_constraints``).

    Raises InputError when one of them takes a name that exists.
    """
    return CONSTRAINTS + plugged("lupex.drive_constraints", DriveConstraint, [row.name for row in CONSTRAINTS])


def slack_of(log: DriveLog, rover: Rover) -> dict[str, F64]:
    """Margin (waypoint,) of every constraint, in the order of `CONSTRAINTS`."""
    return {row.name: np.asarray(row.margin(log, rover), np.float64) for row in drive_constraints()}


def constraint_of(name: str) -> DriveConstraint:
    """The row of a constraint. Raises InputError for a name that is not in the table."""
    for row in drive_constraints():
        if row.name == name:
            return row
    raise InputError(f"drive: unknown constraint {name}", f"use {', '.join(row.name for row in drive_constraints())}")


def violations(traverse: Traverse) -> list[Violation]:
    """The first break of every broken constraint, first in time first; equal times in the order of `CONSTRAINTS`.

    A constraint is broken where its margin is below 0 by more than its tolerance; ``by`` is the most until it holds
    again.
    """
    found = [_first(traverse, row) for row in drive_constraints() if row.name in traverse.slack]
    return sorted((v for v in found if v is not None), key=lambda v: v.waypoint)


def first_violation(traverse: Traverse) -> Violation | None:
    """The constraint broken first: which, where, when and by how much; None when all hold."""
    return next(iter(violations(traverse)), None)


def with_slack(traverse: Traverse, slack: dict[str, F64]) -> Traverse:
    """The same drive with (more) margins. Raises InputError for a constraint that is not in the table."""
    for name in sorted(slack):
        constraint_of(name)
    return replace(traverse, slack=traverse.slack | slack)


def _first(traverse: Traverse, row: DriveConstraint) -> Violation | None:
    left = traverse.slack[row.name]
    broken = np.flatnonzero(left < -row.tolerance)
    if broken.size == 0:
        return None
    at = int(broken[0])
    run = np.split(broken, np.flatnonzero(np.diff(broken) > 1) + 1)[0]
    return _violation(traverse, row, at, float(-left[run].min()))


def _violation(traverse: Traverse, row: DriveConstraint, at: int, by: float) -> Violation:
    from lupex.ephemeris import tdb_s_to_utc

    time, x, y = (float(values[at]) for values in (traverse.times_tdb_s, traverse.x_m, traverse.y_m))
    label = f" ({traverse.labels[at]})" if traverse.labels[at] else ""
    sentence = (
        f"{tdb_s_to_utc(time)[0]}, waypoint {at + 1}{label} at x {x:.0f} m, y {y:.0f} m: "
        f"{row.words.format(by=f'{by:.3g}')}"
    )
    return Violation(constraint=row.name, waypoint=at, x_m=x, y_m=y, time_tdb_s=time, by=by, sentence=sentence)


CONSTRAINTS: tuple[DriveConstraint, ...] = (
    DriveConstraint(
        name="map_m",
        unit="m",
        margin=map_m,
        label="edge of the known map",
        planned=True,
        words="{by} m lead off the map or over ground without heights",
    ),
    DriveConstraint(
        name="up_slope_deg",
        unit="°",
        margin=up_slope_deg,
        label="climb",
        planned=True,
        tolerance=TABULATED,
        opens=IN_REACH,
        words="the climb is {by} deg steeper than the rover may climb",
    ),
    DriveConstraint(
        name="down_slope_deg",
        unit="°",
        margin=down_slope_deg,
        label="descent",
        planned=True,
        tolerance=TABULATED,
        opens=IN_REACH,
        words="the descent is {by} deg steeper than the rover may descend",
    ),
    DriveConstraint(
        name="cross_slope_deg",
        unit="°",
        margin=cross_slope_deg,
        label="side slope",
        planned=True,
        tolerance=TABULATED,
        opens=IN_REACH,
        words="the side slope is {by} deg steeper than allowed",
    ),
    DriveConstraint(
        name="step_m",
        unit="m",
        margin=step_m,
        label="obstacle height",
        planned=True,
        tolerance=TABULATED,
        opens="state it in [rover]",
        words="an obstacle is {by} m higher than the rover may take",
    ),
    DriveConstraint(
        name="comm_hours",
        unit="h",
        margin=comm_hours,
        label="view while driving",
        planned=True,
        words="{by} h are driven without view of the Earth or station",
    ),
    DriveConstraint(
        name="speed_m_s",
        unit="m/s",
        margin=speed_m_s,
        label="speed asked for",
        planned=False,
        words="the times of this leg ask for {by} m/s more than the rover drives",
    ),
    DriveConstraint(
        name="schedule_hours",
        unit="h",
        margin=schedule_hours,
        label="times wanted",
        planned=False,
        tolerance=WHOLE_SECONDS_H,
        words="the rover arrives {by} h too late",
    ),
    DriveConstraint(
        name="dark_hours",
        unit="h",
        margin=dark_hours,
        label="time without sunlight",
        planned=True,
        words="time without sunlight goes {by} h beyond what the rover bears",
    ),
    DriveConstraint(
        name="battery_wh",
        unit="Wh",
        margin=battery_wh,
        label="charge of the battery",
        planned=True,
        words="the charge falls {by} Wh below the least allowed",
    ),
    DriveConstraint(
        name="span_hours",
        unit="h",
        margin=span_hours,
        label="end of the time searched",
        planned=True,
        words="the drive ends {by} h after the latest end allowed",
    ),
    DriveConstraint(
        name="end_wh",
        unit="Wh",
        margin=end_wh,
        label="charge to live on at the end",
        planned=True,
        tolerance=TABULATED,
        words="the drive ends with {by} Wh less than the rover needs to go on living there",
    ),
)
"""Every constraint of a drive. Ground first: a wall is named before what comes of it."""
