"""Which passes to book: the cheapest choice that meets the needs, with a proven bound.

A mixed-integer linear programme over segments of passes, solved by HiGHS (Huangfu and Hall 2018,
doi:10.1007/s12532-017-0130-5) through scipy. No rule of thumb stands in for it: what is returned
is proven best, or says how far from it it may be. Theory: docs/theory/contact_schedule.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError, LupexError
from lupex.ground.schedule_measure import Booking, Measured, cost_of, measured, times_of
from lupex.ground.schedule_problem import ScheduleProblem
from lupex.ground.schedule_programme import Programme
from lupex.model import BookedPass, Schedule, StationLoss

F64 = NDArray[np.float64]

_INFEASIBLE = 2
_SHARE_CLOSE = 1e-6
_ROUND = 1e-7


def schedule(problem: ScheduleProblem) -> Schedule:
    """The cheapest set of bookings that meets all hard needs; of equals one with the fewest passes.

    Passes begin and end at `ScheduleProblem.cuts`; among those choices the result is exact. Soft needs (a finite
    penalty) cost what they are missed by. When the hard needs cannot all be met, the sum of the shares missing is
    made as small as can be first, and ``unmet`` and ``notes`` say which need lacks how much.

    Raises:
        LupexError: the search found no choice at all within ``time_limit_s``.
    """
    programme = Programme(problem)
    notes: list[str] = _notes_on_costs(problem)
    first = _solve(programme, np.array(programme.columns.cost), must=False)
    short_share = short_bound = 0.0
    held: list[tuple[F64, float]] = []
    if first is None:
        least = _least_short(programme)
        short_share, short_bound = least.objective, least.bound
        held.append((np.array(programme.columns.share), short_share * (1.0 + _SHARE_CLOSE) + _SHARE_CLOSE))
        first = _solve(programme, np.array(programme.columns.cost), held, lifted=True)
        if first is None:
            first = least
            notes.append("The cheapest of the schedules that miss least was not found; this one misses least.")
    elif not first.columns.size:
        least = _least_short(programme)
        short_share, short_bound = least.objective, 0.0
        first = replace(least, objective=math.inf, bound=first.bound, proven=False)
    best = first
    if problem.settings.fewest_passes and first.proven:
        best = _fewest(programme, first, held, notes)
    bookings = _bookings(programme, best.columns)
    facts = measured(problem, bookings)
    return _schedule(problem, bookings, facts, first, (short_share, short_bound), notes)


def without(problem: ScheduleProblem, station: str, before: Schedule | None = None) -> StationLoss:
    """The schedule when a station is lost for the whole span, beside the one with it.

    Args:
        before: the schedule of ``problem``, when it is at hand already.

    Raises: InputError for a station that is not among the problem's, or is the only one; else as `schedule`.
    """
    left = tuple(one for one in problem.stations if one.name != station)
    if len(left) == len(problem.stations) or not left:
        raise InputError(f"schedule: station '{station}' cannot be lost",
                         f"it must be one of several: {', '.join(one.name for one in problem.stations)}")  # fmt: skip
    return StationLoss(station, before or schedule(problem), schedule(replace(problem, stations=left)))


@dataclass(frozen=True, eq=False)
class _Solved:
    columns: F64
    objective: float
    bound: float
    proven: bool


def _solve(
    programme: Programme, cost: F64, held: Sequence[tuple[F64, float]] = (), lifted: bool = False, must: bool = True
) -> _Solved | None:
    """Least cost; None when there is no solution.

    ``held``: further rows, weights and the most their sum may be. ``lifted``: hard needs may be missed. ``must``: raise
    when the time ends before any choice is found; otherwise the columns come back empty and only the bound is told.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    rows, (count, width), settings = programme.rows, programme.shape, programme.problem.settings
    matrix = csr_array((rows.value, (rows.row, rows.column)), shape=(count, width))
    rules = [LinearConstraint(matrix, rows.low, rows.high)] if count else []
    rules += [LinearConstraint(csr_array(weights[None]), -math.inf, high) for weights, high in held]
    upper = np.array(programme.columns.upper)
    if lifted:
        upper[programme.hard] = programme.most
    if width == 0:
        return _Solved(np.empty(0), 0.0, 0.0, True)
    options = {"time_limit": settings.time_limit_s, "mip_rel_gap": settings.gap_fraction}
    found: Any = milp(cost, integrality=programme.columns.integer, bounds=Bounds(0.0, upper), constraints=rules,
                      options=options)  # fmt: skip
    if found.status == _INFEASIBLE:
        return None
    if found.x is None and not must:
        bound = -math.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
        return _Solved(np.empty(0), math.inf, bound, False)
    if found.x is None:
        raise LupexError(
            f"schedule: no choice of passes found ({found.message.strip()})",
            "raise time_limit_s, lengthen grid_minutes or shorten the span",
        )
    bound = found.fun if found.mip_dual_bound is None else float(found.mip_dual_bound)
    return _Solved(np.asarray(found.x), float(found.fun), min(bound, float(found.fun)), found.status == 0)


def _least_short(programme: Programme) -> _Solved:
    """What misses least of the hard needs, by the sum of the shares missing."""
    least = _solve(programme, np.array(programme.columns.share), lifted=True)
    if least is None:
        raise LupexError("schedule: HiGHS calls a programme with slack infeasible", "report the problem")
    return least


def _fewest(programme: Programme, best: _Solved, held: list[tuple[F64, float]], notes: list[str]) -> _Solved:
    """Of schedules that cost no more, the one with the fewest bookings."""
    cost = np.array(programme.columns.cost)
    count = np.zeros(cost.size)
    count[programme.times] = 1.0
    limit = best.objective + _ROUND * max(1.0, abs(best.objective))
    fewer = _try(programme, count, [*held, (cost, limit)], lifted=bool(held))
    if fewer is None:
        notes.append("Whether as cheap a schedule with fewer passes exists was not settled.")
        return best
    if not fewer.proven:
        notes.append(f"At least {fewer.bound:.0f} passes are needed at this cost; fewer than booked may do.")
    return fewer


def _try(programme: Programme, count: F64, rules: Sequence[tuple[F64, float]], lifted: bool) -> _Solved | None:
    try:
        return _solve(programme, count, rules, lifted)
    except LupexError:  # out of time: the schedule at hand stays
        return None


def _bookings(programme: Programme, columns: F64) -> list[Booking]:
    """Runs of booked segments."""
    out = []
    for which, x in enumerate(programme.x):
        on = np.concatenate([[False], columns[x] > 0.5, [False]])
        edges = np.flatnonzero(on[1:] != on[:-1]) + programme.reach[which][0]
        out += [Booking(which, int(a), int(b)) for a, b in zip(edges[0::2], edges[1::2], strict=True)]
    return out


def _schedule(
    problem: ScheduleProblem,
    bookings: Sequence[Booking],
    facts: Measured,
    first: _Solved,
    short: tuple[float, float],
    notes: list[str],
) -> Schedule:
    objective = facts.cost + facts.penalties
    bound = min(first.bound, objective)
    gap = (objective - bound) / abs(objective) if objective else 0.0
    proven = first.proven and short[0] - short[1] <= 1e-4 * max(1.0, short[0])
    for name, missing in facts.unmet.items() if facts.short_share > 0.0 else ():
        notes.append(f"Cannot be met: {name} is short by {missing:.3f}.")
    if not proven:
        notes.append("The search was stopped by its limit: the schedule may not be the best there is.")
    booked = [_booked(problem, one, facts, k) for k, one in enumerate(bookings)]
    return Schedule(
        tuple(sorted(booked, key=lambda one: (one.start_tdb_s, one.station, one.spacecraft))),
        problem.span_tdb_s,
        "optimal" if proven else "stopped",
        facts.cost,
        objective,
        bound,
        0.0 if gap < 1e-6 else gap,
        facts.unmet,
        facts.short_share,
        min(short[1], facts.short_share),
        problem.first_day_tdb_s,
        facts.daily_hours,
        facts.daily_bits,
        facts.longest_gap_hours,
        tuple(notes),
    )


def _booked(problem: ScheduleProblem, one: Booking, facts: Measured, k: int) -> BookedPass:
    held, station = problem.passes[one.which]
    start, stop = times_of(problem, one)
    # cuts are the passes' own instants, except where two of them were one within a millisecond
    start, stop = max(start, held.aos_tdb_s), min(stop, held.los_tdb_s)
    return BookedPass(
        held.station,
        held.spacecraft,
        start,
        stop,
        start - station.setup_s,
        stop + station.teardown_s,
        held.aos_tdb_s,
        held.los_tdb_s,
        held.max_elevation_deg,
        cost_of(problem, one),
        facts.bits[k],
        facts.purposes[k],
    )


def _notes_on_costs(problem: ScheduleProblem) -> list[str]:
    unknown = [one.name for one in problem.stations if one.cost_per_hour is None]
    if not unknown:
        return []
    return [f"Cost per hour unknown, taken as {problem.settings.cost_per_hour:g}: {', '.join(unknown)}."]
