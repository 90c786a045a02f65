"""Which passes of a site to book: contact of each day, gaps, data, commands before each drive."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from lupex.base.constants import DAY_S, HOUR_S
from lupex.base.errors import NothingLeftError
from lupex.ground import ScheduleProblem, drives_of, hidden_times, schedule, without
from lupex.ground.booking.measure import Booking, measured
from lupex.model import (
    ContactNeeds,
    ContactPlan,
    DataNeed,
    GroundSettings,
    Pass,
    PassRate,
    Schedule,
    ScheduleSettings,
    SiteContacts,
    SiteDrive,
    StationLoss,
    Windows,
)

JOIN_S = 6.0 * HOUR_S
"""Drives with shorter stands between them are commanded together."""


def scheduled(
    found: SiteContacts, rates: Mapping[Pass, PassRate], ground: GroundSettings, drive: SiteDrive | None = None
) -> SiteContacts:
    """Contacts with the passes to book in [ground] schedule_days: those from the day before the first drive on or,
    without a drive, the first in which most days have the contact asked for; where there is no schedule,
    ``schedule_reason`` says why.

    Args:
        found: contacts of one place.
        rates: data rate along each pass.
    """
    if ground.schedule_days <= 0.0:
        return found
    if not found.plan.passes:
        return replace(found, schedule_reason="No pass to book: no antenna sees the place.")
    try:
        problem = schedule_problem(found, rates, ground, drive)
        return replace(found, schedule=_with_bits(schedule(_lighter(problem)), problem))
    except NothingLeftError as stopped:
        return replace(found, schedule_reason=stopped.what)


def stations_lost(
    found: SiteContacts,
    lost: str | Sequence[str],
    rates: Mapping[Pass, PassRate],
    ground: GroundSettings,
    outage_tdb_s: tuple[float, float] | None = None,
) -> StationLoss:
    """What becomes of the schedule without some antennas; arguments and errors as `lupex.ground.without`.

    Args:
        found: contacts of one place.
        lost: names of stations.
        rates: data rate along each pass.
        outage_tdb_s: first and last instant of the outage; None for the whole span.
    """
    problem = schedule_problem(found, rates, ground, None)
    loss = without(_lighter(problem), lost, found.schedule, outage_tdb_s)
    return replace(loss, after=_with_bits(loss.after, problem))


def _lighter(problem: ScheduleProblem) -> ScheduleProblem:
    """The same choice without rates where no data are asked for: they cost the search most and decide nothing."""
    return problem if any(need.data for need in problem.needs) else replace(problem, rates={})


def _with_bits(chosen: Schedule, problem: ScheduleProblem) -> Schedule:
    """A schedule with what its bookings bring down."""
    places = {(one.station, one.aos_tdb_s): k for k, (one, _) in enumerate(problem.passes)}
    cells = [np.abs(problem.cuts[:, None] - (one.start_tdb_s, one.stop_tdb_s)).argmin(axis=0) for one in chosen.booked]
    bookings = [
        Booking(places[one.station, one.aos_tdb_s], int(first), int(last))
        for one, (first, last) in zip(chosen.booked, cells, strict=True)
    ]
    facts = measured(problem, bookings)
    booked = tuple(replace(one, volume_bits=bits) for one, bits in zip(chosen.booked, facts.bits, strict=True))
    return replace(chosen, booked=booked, daily_bits=facts.daily_bits)


def schedule_problem(
    found: SiteContacts, rates: Mapping[Pass, PassRate], ground: GroundSettings, drive: SiteDrive | None
) -> ScheduleProblem:
    """The question put to the scheduler.

    Args:
        found: contacts of a place. rates: of its passes whose data rate is known.
        ground: what is asked for. drive: whose drives are commanded before they begin; None for none.
    """
    traverse = None if drive is None else drive.traverse
    drives = () if traverse is None else drives_of(traverse, JOIN_S)
    span = _span(found, ground, drives)
    plan = _within(found.plan, span)
    inside = tuple((max(a, span[0]), min(b, span[1])) for a, b in drives if a < span[1] and b > span[0])
    days = [(t, min(t + DAY_S, span[1])) for t in np.arange(span[0], span[1] - 1.0, DAY_S).tolist()]
    made = ground.data_gbit_per_day * 1e9
    needs = ContactNeeds(
        spacecraft=found.plan.spacecraft,
        daily_hours=ground.contact_hours_per_day,
        longest_gap_hours=ground.longest_gap_hours or math.inf,
        data=tuple(DataNeed(made, min(b + DAY_S, span[1]), a) for a, b in days[:-1] if made > 0.0),
        drives_tdb_s=inside,
        drive_contact_fraction=1.0 if drive is not None and drive.rover.comm_to_drive else 0.0,
        command_minutes=ground.command_minutes,
        idle_tdb_s=hidden_times(plan),
    )
    settings = ScheduleSettings(
        grid_minutes=ground.schedule_grid_minutes, cost_per_hour=ground.cost_per_hour, fewest_passes=False
    )
    return ScheduleProblem(
        plans=(plan,), stations=found.stations, needs=(needs,), rates=rates, settings=settings, day_start_tdb_s=span[0]
    )


def _span(found: SiteContacts, ground: GroundSettings, drives: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    """Whole days from the span's start, cut to the span."""
    start, stop = found.plan.span_tdb_s
    if drives:
        day = int(max(0.0, (min(drives[0][0] - DAY_S, stop - 1.0) - start) // DAY_S))
    else:
        enough = found.daily_hours >= max(ground.contact_hours_per_day, 1e-3)
        count = min(enough.size, math.ceil(ground.schedule_days))
        held = np.convolve(enough, np.ones(count), "valid")
        day = int(np.argmax(held)) if held.max() > 0.0 else int((found.plan.passes[0].aos_tdb_s - start) // DAY_S)
    begin = start + day * DAY_S
    return begin, min(stop, begin + ground.schedule_days * DAY_S)


def _within(plan: ContactPlan, span: tuple[float, float]) -> ContactPlan:
    """The passes that touch a part of the plan's span."""
    passes = tuple(one for one in plan.passes if one.aos_tdb_s < span[1] and one.los_tdb_s > span[0])
    windows = {}
    for name, held in plan.windows.items():
        keep = (held.start_tdb_s < span[1]) & (held.stop_tdb_s > span[0])
        windows[name] = Windows(np.clip(held.start_tdb_s[keep], *span), np.clip(held.stop_tdb_s[keep], *span), span)
    return ContactPlan(spacecraft=plan.spacecraft, span_tdb_s=span, passes=passes, windows=windows)
