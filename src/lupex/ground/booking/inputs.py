"""From a drive and a radio to what the scheduler takes: drives, idle times, data rates along passes."""

from collections.abc import Mapping, Sequence

import numpy as np

from lupex.base.errors import InputError
from lupex.model import ContactPlan, LunarPlace, Pass, PassRate, Radio, Station, Traverse
from lupex.signals.budgets.along import data_rate_along
from lupex.signals.budgets.conditions import LinkConditions
from lupex.signals.geometry.tracks import track

SAMPLES = 17
"""Looks along a pass at which the rate is found."""


def drives_of(traverse: Traverse, joined_below_s: float = 0.0) -> tuple[tuple[float, float], ...]:
    """(start, stop) TDB s of the drives of a traverse: runs of waypoints whose activity is 'drive'.

    Args:
        joined_below_s: two drives with a shorter stop between them count as one.

    Times are those of the rover; a station hears of them 1.3 s later, which a schedule does not regard.
    """
    times = traverse.times_tdb_s.tolist()
    out: list[tuple[float, float]] = []
    for a, b, activity in zip(times[:-1], times[1:], traverse.activity[:-1], strict=True):
        if activity != "drive" or b <= a:
            continue
        if out and a - out[-1][1] <= joined_below_s:
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
    return tuple(out)


def hidden_times(plan: ContactPlan, longer_than_s: float = 43_200.0) -> tuple[tuple[float, float], ...]:
    """(start, stop) TDB s in which no station of a plan has contact for longer than this: a place at a pole loses
    the Earth for half a month. As ``ContactNeeds.idle_tdb_s`` they keep a schedule from asking for what cannot be.
    """
    return tuple((a, b) for a, b in plan.gaps() if b - a > longer_than_s)


def pass_rates(
    plan: ContactPlan,
    stations: Sequence[Station],
    place: LunarPlace,
    radios: Radio | Mapping[str, Radio],
    conditions: LinkConditions | None = None,
    rates_bps: Sequence[float] = (),
) -> dict[Pass, PassRate]:
    """Data rate that closes the link along each pass of a plan.

    Args:
        stations: those to regard; passes of others are left out. place: the one the plan is of.
        radios: the spacecraft's radio, or one for each station (stations without one are left out).
        conditions, rates_bps: as `lupex.signals.data_rate_along`.

    Raises: InputError when the plan is of another place; else as `lupex.signals.data_rate_along`.
    """
    if plan.spacecraft != place.name:
        raise InputError(f"rates: the plan is of {plan.spacecraft}, the place is {place.name}", "give the same place")
    known = {one.name: one for one in stations}
    rates: dict[Pass, PassRate] = {}
    for one in plan.passes:
        held = radios if isinstance(radios, Radio) else radios.get(one.station)
        if one.station not in known or held is None:
            continue
        times = np.linspace(one.aos_tdb_s, one.los_tdb_s, SAMPLES)
        seen = track(known[one.station], place, times)
        bps = data_rate_along(known[one.station], held, seen.range_m, seen.elevation_deg, conditions, rates_bps)
        rates[one] = PassRate(times, bps)
    return rates
