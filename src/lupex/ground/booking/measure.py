"""What a set of booked passes gives and costs, measured from the bookings alone.

The scheduler's programme has its own variables for all of this; here they are not looked at, so that what a
`Schedule` says of itself does not rest on the programme being right.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lupex.ephemeris import tdb_s_to_utc
from lupex.ground.booking.problem import CLOSE_S, ScheduleProblem, Spans
from lupex.model import ContactNeeds, DataNeed, Pass, PassRate

GAP_CLOSE_S = 1.0
"""Gaps are held to the longest allowed within this."""


class Booking(NamedTuple):
    """Cells [first, last) of the pass at this place of `ScheduleProblem.passes`."""

    which: int
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Facts of some bookings.

    Attributes:
        cost, penalties: of antennas; of soft needs that are missed. unmet: need with unit -> what is missing.
        short_share: sum over hard needs of the share missing.
        daily_hours, daily_bits, longest_gap_hours: by spacecraft, as in `Schedule`.
        bits: of each booking. purposes: of each booking.
    """

    cost: float
    penalties: float
    unmet: dict[str, float]
    short_share: float
    daily_hours: dict[str, tuple[float, ...]]
    daily_bits: dict[str, tuple[float, ...]]
    longest_gap_hours: dict[str, float]
    bits: tuple[float, ...]
    purposes: tuple[tuple[str, ...], ...]


class Missing(NamedTuple):
    """An unmet need: name with unit, amount, cost of a unit, share of a unit in the need, whether it is hard."""

    name: str
    amount: float
    penalty: float
    share: float


def measured(problem: ScheduleProblem, bookings: Sequence[Booking]) -> Measured:
    """Cost, what is unmet, hours and data of some bookings.

    Args:
        problem: passes, needs and costs.
    """
    missing: list[Missing] = []
    hours: dict[str, tuple[float, ...]] = {}
    daily_bits: dict[str, tuple[float, ...]] = {}
    longest: dict[str, float] = {}
    bits = [0.0] * len(bookings)
    for plan in problem.plans:
        own = [k for k, one in enumerate(bookings) if problem.passes[one.which][0].spacecraft == plan.spacecraft]
        held = joined([times_of(problem, bookings[k]) for k in own])
        hours[plan.spacecraft] = tuple(_inside_s(held, [day]) / 3600.0 for day in problem.days())
        idle = [span for need in problem.needs if need.spacecraft == plan.spacecraft for span in need.idle_tdb_s]
        gaps = gaps_of(joined([*held, *idle]), problem.span_tdb_s)
        longest[plan.spacecraft] = max((b - a for a, b in gaps), default=0.0) / 3600.0
        came = _cell_bits(problem, bookings, own, bits)
        middles = (problem.cuts[:-1] + problem.cuts[1:]) / 2.0
        days = ((middles - problem.first_day_tdb_s) // 86_400.0).astype(int)
        daily_bits[plan.spacecraft] = tuple(np.bincount(days, came, len(problem.days())).tolist())
        for need in problem.needs:
            if need.spacecraft == plan.spacecraft:
                missing += _missing(problem, need, held, came, [times_of(problem, bookings[k]) for k in own])
    hard = [one for one in missing if math.isinf(one.penalty)]
    return Measured(
        cost=sum(cost_of(problem, one) for one in bookings),
        penalties=sum(one.amount * one.penalty for one in missing if not math.isinf(one.penalty)),
        unmet={one.name: one.amount for one in missing},
        short_share=sum(one.amount * one.share for one in hard),
        daily_hours=hours,
        daily_bits=daily_bits,
        longest_gap_hours=longest,
        bits=tuple(bits),
        purposes=tuple(_purposes(problem, one) for one in bookings),
    )


def cost_of(problem: ScheduleProblem, one: Booking) -> float:
    """What a booking costs."""
    station = problem.passes[one.which][1]
    start, stop = times_of(problem, one)
    paid_s = stop - start + (station.setup_s + station.teardown_s) * problem.settings.charge_setup
    return problem.rate_per_hour(station) * paid_s / 3600.0


def times_of(problem: ScheduleProblem, one: Booking) -> tuple[float, float]:
    """Start and stop of a booking's contact (TDB s)."""
    return float(problem.cuts[one.first]), float(problem.cuts[one.last])


def bits_of(rate: PassRate | None, start_tdb_s: float, stop_tdb_s: float) -> float:
    """Bits that come down between two instants: between samples the lower of the two rates holds."""
    if rate is None:
        return 0.0
    times = rate.times_tdb_s
    lower = np.minimum(rate.rate_bps[1:], rate.rate_bps[:-1])
    total = np.concatenate([[0.0], np.cumsum(np.diff(times) * lower)])
    return float(np.interp(stop_tdb_s, times, total) - np.interp(start_tdb_s, times, total))


def day_name(need: ContactNeeds, day: tuple[float, float]) -> str:
    """Name of the daily need of one day."""
    return f"{need.spacecraft}: contact on {_utc(day[0])[:10]} (h)"


def drive_name(need: ContactNeeds, i: int) -> str:
    """Name of the need of contact while driving."""
    return f"{need.spacecraft}: contact on drive {i + 1} from {_utc(need.drives_tdb_s[i][0])} (h)"


def command_name(need: ContactNeeds, i: int) -> str:
    """Name of the need of commands before a drive."""
    return f"{need.spacecraft}: commands before drive {i + 1} at {_utc(need.drives_tdb_s[i][0])} (contacts)"


def data_name(need: ContactNeeds, i: int) -> str:
    """Name of a need of data."""
    item = need.data[i]
    label = f"{item.name} " if item.name else ""
    return f"{need.spacecraft}: data {label}due {_utc(item.deadline_tdb_s)} (Gbit)"


def day_due_h(need: ContactNeeds, day: tuple[float, float]) -> float:
    """Hours of contact a day needs: in proportion where the span or an idle time cuts it."""
    awake_s = day[1] - day[0] - _inside_s(need.idle_tdb_s, [day])
    return need.daily_hours * max(0.0, awake_s) / 86_400.0


def serves_command(need: ContactNeeds, drive: tuple[float, float], start: float, stop: float) -> bool:
    """Whether an unbroken contact holds the commands of a drive: long enough, its end in the window."""
    end = min(stop, drive[0])
    opens = drive[0] - 3600.0 * need.command_within_hours
    return end >= opens - CLOSE_S and end - start >= 60.0 * need.command_minutes - CLOSE_S


def in_time(item: DataNeed, start_tdb_s: float, stop_tdb_s: float) -> bool:
    """Whether data that comes down between two instants serves a need."""
    return item.ready_tdb_s <= start_tdb_s + CLOSE_S and stop_tdb_s <= item.deadline_tdb_s + CLOSE_S


def joined(spans: Spans) -> list[tuple[float, float]]:
    """Union of intervals, sorted and disjoint."""
    out: list[tuple[float, float]] = []
    for a, b in sorted(spans):
        if out and a <= out[-1][1]:
            out[-1] = (out[-1][0], max(b, out[-1][1]))
        else:
            out.append((a, b))
    return out


def gaps_of(held: Spans, span: tuple[float, float]) -> list[tuple[float, float]]:
    """What sorted disjoint intervals leave of a span."""
    edges = [span[0], *(min(max(t, span[0]), span[1]) for pair in held for t in pair), span[1]]
    return [(a, b) for a, b in zip(edges[0::2], edges[1::2], strict=True) if b > a]


def _missing(
    problem: ScheduleProblem, need: ContactNeeds, held: Spans, came: np.ndarray, times: Spans
) -> list[Missing]:
    settings, out = problem.settings, []
    for day in problem.days():
        due_h = day_due_h(need, day)
        if due_h <= 0.0:
            continue
        short_h = due_h - _inside_s(held, [day]) / 3600.0
        out.append(Missing(day_name(need, day), short_h, settings.daily_penalty_per_hour, 1.0 / due_h))
    most_s = 3600.0 * need.longest_gap_hours
    idle = problem.idle_cells(need)
    spans = [(float(problem.cuts[k]), float(problem.cuts[k + 1])) for k in np.flatnonzero(idle)]
    for a, b in gaps_of(joined([*held, *spans]), problem.span_tdb_s) if most_s < math.inf else []:
        over_h = (b - a - most_s) / 3600.0 if b - a > most_s + GAP_CLOSE_S else 0.0
        name = f"{need.spacecraft}: gap from {_utc(a)} beyond the longest (h)"
        out.append(Missing(name, over_h, settings.gap_penalty_per_hour, 1.0 / need.longest_gap_hours))
    for i, drive in enumerate(need.drives_tdb_s):
        due_h = need.drive_contact_fraction * (drive[1] - drive[0]) / 3600.0
        if due_h > 0.0:
            short_h = due_h - _inside_s(held, [drive]) / 3600.0
            out.append(Missing(drive_name(need, i), short_h, settings.drive_penalty_per_hour, 1.0 / due_h))
        if need.command_minutes > 0.0 and not any(serves_command(need, drive, a, b) for a, b in times):
            out.append(Missing(command_name(need, i), 1.0, settings.command_penalty, 1.0))
    out += _late(problem, need, came)
    return [one for one in out if one.amount > 1e-6]


def _late(problem: ScheduleProblem, need: ContactNeeds, came: np.ndarray) -> list[Missing]:
    """Data that comes too late, the earliest deadline served first (which brings most down in time)."""
    left = [item.bits for item in need.data]
    order = sorted(range(len(left)), key=lambda i: need.data[i].deadline_tdb_s)
    for cell in np.flatnonzero(came):
        start, stop, free = problem.cuts[cell], problem.cuts[cell + 1], float(came[cell])
        for i in order:
            item = need.data[i]
            if in_time(item, start, stop):
                taken = min(free, left[i])
                left[i] -= taken
                free -= taken
    share = 1e9 * len(left) / max(1.0, sum(item.bits for item in need.data))
    penalty = problem.settings.data_penalty_per_gbit
    return [Missing(data_name(need, i), bits / 1e9, penalty, share) for i, bits in enumerate(left)]


def _cell_bits(
    problem: ScheduleProblem, bookings: Sequence[Booking], own: Sequence[int], bits: list[float]
) -> np.ndarray:
    """Bits (cell,) of one spacecraft, from the best antenna of each cell; adds to ``bits`` of that booking."""
    best, by = np.zeros(problem.cuts.size - 1), np.full(problem.cuts.size - 1, -1)
    for k in own:
        one = bookings[k]
        rate = problem.rates.get(problem.passes[one.which][0])
        for cell in range(one.first, one.last) if rate is not None else ():
            here = bits_of(rate, problem.cuts[cell], problem.cuts[cell + 1])
            if here > best[cell]:
                best[cell], by[cell] = here, k
    for cell in np.flatnonzero(by >= 0).tolist():
        bits[int(by[cell])] += float(best[cell])
    return best


def _purposes(problem: ScheduleProblem, one: Booking) -> tuple[str, ...]:
    held: Pass = problem.passes[one.which][0]
    start, stop = times_of(problem, one)
    out = []
    for need in problem.needs:
        for i, drive in enumerate(need.drives_tdb_s if need.spacecraft == held.spacecraft else ()):
            if need.command_minutes > 0.0 and serves_command(need, drive, start, stop):
                out.append(f"commands for drive {i + 1}")
            if need.drive_contact_fraction > 0.0 and start < drive[1] and stop > drive[0]:
                out.append(f"drive {i + 1}")
    return tuple(out)


def _inside_s(held: Spans, within: Spans) -> float:
    return float(sum(max(0.0, min(b, y) - max(a, x)) for a, b in held for x, y in within))


def _utc(tdb_s: float) -> str:
    return tdb_s_to_utc(tdb_s)[0]
