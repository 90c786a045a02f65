"""What the passes of a plan carry: margins, rates, data, station by station."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import UnpublishedError
from lupex.ephemeris import EarthMoonSeries
from lupex.model import ContactPlan, GroundSettings, LinkSettings, LunarPlace, Pass, PassLink, PassRate, Radio, Station
from lupex.signals import LinkConditions, Track, data_rate_along, data_volume_bits, margin_along, track

NAN = float("nan")

STEP_S = 600.0
"""Between samples along a pass."""
LOWEST_DEG = 0.1
"""Air is not modelled lower: elevations of antennas used at or below the horizon are raised to this."""


@dataclass(frozen=True)
class LinkAsked:
    """Radio at the place, rate of the margins and conditions of its links."""

    radio: Radio
    ground: GroundSettings
    link: LinkSettings

    @property
    def rate_bps(self) -> float:
        """Rate at which margins are stated: that of [ground], or the radio's highest; NaN when it has none."""
        if self.ground.rate_bps > 0.0:
            return self.ground.rate_bps
        return self.radio.data_rates_bps[-1] if self.radio.data_rates_bps else NAN

    def conditions(self, direction: str) -> LinkConditions:
        """What a budget is asked for, 'down' at the rate of the margins, 'up' at the radio's command rate."""
        asked = self.rate_bps if direction == "down" and self.rate_bps > 0.0 else None
        return LinkConditions(self.link, asked, self.ground.ranging)


@dataclass(frozen=True, eq=False)
class LinksAlong:
    """Links over samples (n,): worst-case margin down and up (dB), highest rate (bps); NaN with a reason by name."""

    down_db: F64
    up_db: F64
    rate_bps: F64
    down_reason: str
    up_reason: str


def links_along(station: Station, asked: LinkAsked, seen: Track) -> LinksAlong:
    """Margins and rates at every sample of a track; what is not published is said, not raised.

    Args:
        station: on the ground.
        asked: radio at the place, and the conditions of its links.
        seen: track of the place over the station, (n,) samples.

    Raises InputError for a radio and a station that do not go together, in band or frequency.
    """
    n = seen.times_tdb_s.size
    over = (station, asked.radio, seen.range_m, np.maximum(seen.elevation_deg, LOWEST_DEG))
    down_db, up_db, rate_bps = (np.full(n, NAN) for _ in range(3))
    down_reason = up_reason = ""
    try:
        down_db = margin_along(*over, asked.conditions("down")).worst_db
        rate_bps = data_rate_along(*over, asked.conditions("down"))
    except UnpublishedError as unknown:
        down_reason = unknown.what
    try:
        up_db = margin_along(*over, asked.conditions("up"), "up").worst_db
    except UnpublishedError as unknown:
        up_reason = unknown.what
    return LinksAlong(down_db, up_db, rate_bps, down_reason, up_reason)


@dataclass(frozen=True, eq=False)
class PlanLinks:
    """``links``: one per pass of a plan; ``rates``: passes whose rate is known; ``volume_bits``: all they bring down,
    every moment counted for the best of the antennas then in contact, NaN when no rate is known at all."""

    links: tuple[PassLink, ...]
    rates: dict[Pass, PassRate]
    volume_bits: float


def plan_links(
    plan: ContactPlan, stations: Sequence[Station], place: LunarPlace, asked: LinkAsked, series: EarthMoonSeries
) -> PlanLinks:
    """What every pass of a plan carries, sampled at its ends and every `STEP_S` between.

    Args:
        plan: passes over ``place``. stations: its antennas.
        place: on the Moon, with its skyline.
        asked: radio at the place, and the conditions of its links.
        series: Earth and Moon over the span of the plan.
    """
    links: dict[Pass, PassLink] = {}
    rates: dict[Pass, PassRate] = {}
    for station in stations:
        own = plan.of(station.name)
        if not own:
            continue
        times = [one.sample_times_tdb_s(STEP_S) for one in own]
        seen = track(station, place, np.concatenate(times), asked.ground.refractivity_n_units, series)
        along = links_along(station, asked, seen)
        ends = np.cumsum([0, *(t.size for t in times)])
        for one, at, first, last in zip(own, times, ends[:-1], ends[1:], strict=True):
            part = slice(int(first), int(last))
            links[one] = _pass_link(one, at, along, part, asked.rate_bps)
            if not along.down_reason:
                rates[one] = PassRate(at, along.rate_bps[part])
    volume = joined_bits(list(rates.values())) if rates else (NAN if plan.passes else 0.0)
    return PlanLinks(tuple(links[one] for one in plan.passes), rates, volume)


def joined_bits(rates: Sequence[PassRate]) -> float:
    """Bits of passes that may overlap: every moment counts once, at the highest of their rates then."""
    edges = np.unique(np.concatenate([one.times_tdb_s for one in rates]))
    best = np.zeros(edges.size - 1)
    for one in rates:
        first, last = np.searchsorted(edges, one.times_tdb_s[[0, -1]])
        held = np.searchsorted(one.times_tdb_s, edges[first:last], side="right") - 1
        lower = np.minimum(one.rate_bps[1:], one.rate_bps[:-1])
        best[first:last] = np.maximum(best[first:last], lower[np.minimum(held, lower.size - 1)])
    return float(np.sum(np.diff(edges) * best))


def _pass_link(one: Pass, times: F64, along: LinksAlong, part: slice, margin_rate_bps: float) -> PassLink:
    down, up, rate = along.down_db[part], along.up_db[part], along.rate_bps[part]
    known = not along.down_reason
    return PassLink(
        station=one.station,
        worst_margin_db=float(down.min()),
        best_margin_db=float(down.max()),
        margin_rate_bps=margin_rate_bps if known else NAN,
        up_margin_db=float(up.min()),
        highest_rate_bps=float(rate.max()),
        volume_bits=data_volume_bits(times, rate) if known else NAN,
        down_reason=along.down_reason,
        up_reason=along.up_reason,
    )
