"""Which passes to book: the cheapest choice that meets the needs, with a proven bound.

A mixed-integer linear programme over segments of passes, solved by HiGHS (Huangfu and Hall 2018,
doi:10.1007/s12532-017-0130-5) through scipy. No rule of thumb stands in for it: what is returned
is proven best, or says how far from it it may be. Theory: docs/theory/contact_schedule.md.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import DAY_S
from lupex.base.errors import InputError, LupexError, NothingLeftError
from lupex.ephemeris import tdb_s_to_utc
from lupex.ground.booking.measure import Booking, Measured, cost_of, measured, times_of
from lupex.ground.booking.problem import ScheduleProblem
from lupex.ground.booking.programme import Programme
from lupex.ground.booking.search import Aim, Found, search
from lupex.model import BookedPass, Schedule, StationLoss
from lupex.model.settings.setting import texts

_SHARE_CLOSE = 1e-6
_CLOSE = 1e-7


def schedule(problem: ScheduleProblem) -> Schedule:
    """The cheapest set of bookings that meets all hard needs; of equals one with the fewest passes.

    Passes begin and end at `ScheduleProblem.cuts`; among those choices the result is exact. Soft needs (a finite
    penalty) cost what they are missed by. When the hard needs cannot all be met, the sum of the shares missing is
    made as small as can be first, and ``unmet`` and ``notes`` say which need lacks how much.

    Args:
        problem: passes to choose from, needs with their penalties, costs.

    Raises:
        LupexError: the search found no choice at all within ``time_limit_s``.
    """
    programme = Programme(problem)
    notes = _notes_on_costs(problem)
    cost = Aim(np.array(programme.columns.cost))
    first = search(programme, cost)
    short = Found(np.empty(0), 0.0, 0.0, True)
    if first is None or (not first.columns.size and programme.shape[1]):
        short = _least_short(programme)
        most = short.objective + _SHARE_CLOSE
        cost = Aim(cost.weights, ((np.array(programme.columns.share), most),), lifted=True)
        first = search(programme, cost, short.columns)
    if first is None:
        raise LupexError("schedule: HiGHS calls a choice it made itself impossible", "report the problem")
    best = first
    if problem.settings.fewest_passes and first.proven and programme.shape[1]:
        best = _fewest(programme, first, cost, notes)
    bookings = _bookings(programme, best.columns)
    facts = measured(problem, bookings)
    return _schedule(problem, bookings, facts, first, short, notes)


def without(
    problem: ScheduleProblem,
    lost: str | Sequence[str],
    before: Schedule | None = None,
    outage_tdb_s: tuple[float, float] | None = None,
) -> StationLoss:
    """The schedule when antennas are lost, beside the one with them.

    Args:
        problem: the question answered by the schedule before.
        lost: names (a list, or with commas between) of antennas, or of complexes for all their antennas; a name that
            is both is the antenna's, and 'complex:usuda' the complex's. All may be lost: then nothing is booked.
        before: the schedule of ``problem``, when it is at hand already.
        outage_tdb_s: first and last instant of the outage, TDB seconds past J2000; None for the whole span.

    Raises: InputError for a name the problem does not know, or an outage that is empty or outside the span; else as
        `schedule`.
    """
    names = _lost_names(problem, lost)
    start, stop = problem.span_tdb_s
    first, last = (start, stop) if outage_tdb_s is None else outage_tdb_s
    if not (first < last and first < stop and last > start):
        raise InputError("schedule: the outage is empty, or outside the span", "give an earlier and a later instant")
    left = tuple(one for one in problem.stations if one.name not in names)
    whole = first <= start and last >= stop
    if whole and left:
        smaller = replace(problem, stations=left)
    else:
        closed = {name: (*problem.unavailable.get(name, ()), (first, last)) for name in names}
        smaller = replace(problem, unavailable={**problem.unavailable, **closed})
    return StationLoss(names, before or schedule(problem), schedule(smaller), None if whole else (first, last))


def _lost_names(problem: ScheduleProblem, lost: str | Sequence[str]) -> tuple[str, ...]:
    known = [one.name for one in problem.stations]
    complexes = sorted({one.complex for one in problem.stations if one.complex})
    found: list[str] = []
    for name in texts(lost):
        bare = name.removeprefix("complex:")
        if name in known:
            found.append(name)
        elif bare in complexes:
            found += [one.name for one in problem.stations if one.complex == bare]
        else:
            raise InputError(f"schedule: station '{name}' cannot be lost",
                             f"antennas: {', '.join(known)}; complexes: {', '.join(complexes) or 'none'}")  # fmt: skip
    if not found:
        raise InputError("schedule: no station to lose", f"name some of {', '.join(known)}")
    return tuple(dict.fromkeys(found))


def _least_short(programme: Programme) -> Found:
    """What misses least of the hard needs, by the sum of the shares missing; nothing booked is a beginning."""
    least = search(programme, Aim(np.array(programme.columns.share), lifted=True))
    if least is None or not least.columns.size:
        raise NothingLeftError("schedule: no choice of passes found in time",
                         "raise time_limit_s, lengthen grid_minutes or shorten the span")  # fmt: skip
    return least


def _fewest(programme: Programme, best: Found, cost: Aim, notes: list[str]) -> Found:
    """Of schedules that cost no more, the one with the fewest bookings."""
    count = np.zeros(cost.weights.size)
    count[programme.times] = 1.0
    limit = (cost.weights, best.objective + _CLOSE * max(1.0, abs(best.objective)))
    fewer = search(programme, Aim(count, (*cost.rows, limit), cost.lifted), best.columns)
    if fewer is None or not fewer.columns.size:
        fewer = replace(best, objective=float(count @ best.columns), bound=0.0, proven=False)
    if not fewer.proven and fewer.objective - fewer.bound > 1.0 - 1e-6:
        notes.append(f"At least {math.ceil(fewer.bound - 1e-6)} passes are needed at this cost; fewer may do.")
    return fewer


def _bookings(programme: Programme, columns: NDArray[np.float64]) -> list[Booking]:
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
    first: Found,
    short: Found,
    notes: list[str],
) -> Schedule:
    objective = facts.cost + facts.penalties
    bound = min(first.bound, objective)
    gap = (objective - bound) / abs(objective) if objective else 0.0
    proven = first.proven and short.proven
    for name, missing in facts.unmet.items() if facts.short_share > 0.0 else ():
        notes.append(f"Cannot be met: {name} is short by {missing:.3f}.")
    if not proven:
        notes.append("The search was stopped by its limit: the schedule may not be the best there is.")
    booked = [_booked(problem, one, facts, k) for k, one in enumerate(bookings)]
    return Schedule(
        booked=tuple(sorted(booked, key=lambda one: (one.start_tdb_s, one.station, one.spacecraft))),
        span_tdb_s=problem.span_tdb_s,
        status="optimal" if proven else "stopped",
        cost=facts.cost,
        objective=objective,
        bound=bound,
        gap_fraction=0.0 if gap < 1e-6 else gap,
        unmet=facts.unmet,
        short_share=facts.short_share,
        short_share_bound=min(short.bound, facts.short_share),
        day_start_tdb_s=problem.first_day_tdb_s,
        daily_hours=facts.daily_hours,
        daily_bits=facts.daily_bits,
        longest_gap_hours=facts.longest_gap_hours,
        notes=tuple(notes),
        days_utc=_days_utc(problem),
    )


def _days_utc(problem: ScheduleProblem) -> tuple[str, ...]:
    """When each day of the span begins, counted from its first day, and when the span ends."""
    begin, end = problem.span_tdb_s
    days = problem.first_day_tdb_s + DAY_S * np.arange(
        max(1, math.ceil((end - problem.first_day_tdb_s) / DAY_S - 1e-6))
    )
    return tuple(tdb_s_to_utc([*np.maximum(days, begin), end]))


def _booked(problem: ScheduleProblem, one: Booking, facts: Measured, k: int) -> BookedPass:
    held, station = problem.passes[one.which]
    start, stop = times_of(problem, one)
    # cuts are the passes' own instants, except where two of them were one within a millisecond
    start, stop = max(start, held.aos_tdb_s), min(stop, held.los_tdb_s)
    return BookedPass(
        station=held.station,
        spacecraft=held.spacecraft,
        start_tdb_s=start,
        stop_tdb_s=stop,
        activity_start_tdb_s=start - station.setup_s,
        activity_stop_tdb_s=stop + station.teardown_s,
        aos_tdb_s=held.aos_tdb_s,
        los_tdb_s=held.los_tdb_s,
        max_elevation_deg=held.max_elevation_deg,
        cost=cost_of(problem, one),
        volume_bits=facts.bits[k],
        purposes=facts.purposes[k],
    )


def _notes_on_costs(problem: ScheduleProblem) -> list[str]:
    unknown = [one.name for one in problem.stations if one.cost_per_hour is None]
    if not unknown:
        return []
    return [f"Cost per hour unknown, taken as {problem.settings.cost_per_hour:g}: {', '.join(unknown)}."]
