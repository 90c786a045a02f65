"""Contacts read for pages, figures and tables: the days shown, what stands above the skyline, gaps, bookings."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import DAY_S, HOUR_S
from lupex.base.errors import InputError
from lupex.model import BookedPass, Pass, SiteContacts, Station
from lupex.report.paper.times import utc_texts
from lupex.results import SiteResult, Track

MONTH_DAYS = 29.0
"""Days of the detailed timeline: one lunar day."""


def month_tdb_s(contacts: SiteContacts) -> tuple[float, float]:
    """The lunar day around the representative pass, or the whole span when it is hardly longer."""
    start, stop = contacts.plan.span_tdb_s
    if stop - start <= 1.5 * MONTH_DAYS * DAY_S:
        return start, stop
    middle = start if contacts.series is None else float(contacts.series.times_tdb_s.mean())
    first = min(max(start, middle - 0.5 * MONTH_DAYS * DAY_S), stop - MONTH_DAYS * DAY_S)
    return first, first + MONTH_DAYS * DAY_S


def above_skyline(site: SiteResult, track: Track, limb: bool) -> list[tuple[float, float]]:
    """(start, stop) TDB seconds in which a track's centre, or its upper limb, stands above the site's skyline.

    Edges lie half way between two samples; nothing without a track or a skyline.
    """
    if track.times_tdb_s.size < 2 or not site.skyline_azimuth_true_deg.size:
        return []
    terrain = np.interp(track.azimuth_true_deg, site.skyline_azimuth_true_deg, site.skyline_elevation_deg, period=360.0)
    seen = track.elevation_deg + (track.radius_deg if limb else 0.0) > terrain
    t = track.times_tdb_s
    edges = np.concatenate([t[:1], 0.5 * (t[1:] + t[:-1]), t[-1:]])
    return [(float(edges[a]), float(edges[b])) for a, b in runs(seen)]


def runs(mask: Any) -> list[tuple[int, int]]:
    """First index and one past the last of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(mask).astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def calendar_of(contacts: SiteContacts, site: SiteResult, field: str) -> NDArray[np.float64]:
    """A fraction of the site's calendar on every day of the contacts (day,); NaN on days the calendar lacks."""
    known = dict(zip((d[:10] for d in site.calendar_days_utc), getattr(site, field).tolist(), strict=True))
    return np.array([known.get(day[:10], np.nan) for day in contacts.days_utc], dtype=np.float64)


def longest_gaps(contacts: SiteContacts, most: int) -> list[tuple[str, str, float]]:
    """(from, to, hours) of the longest times without any station, the longest first."""
    gaps = sorted(contacts.plan.gaps(), key=lambda gap: (gap[0] - gap[1], gap[0]))[:most]
    starts, stops = (utc_texts([gap[end] for gap in gaps]) for end in (0, 1))
    return [(a, b, (gap[1] - gap[0]) / HOUR_S) for a, b, gap in zip(starts, stops, gaps, strict=True)]


def mean_highest_deg(contacts: SiteContacts, station: str) -> float:
    """Mean over a station's passes of their highest elevation; NaN without a pass."""
    highest = [one.max_elevation_deg for one in contacts.plan.of(station)]
    return float(np.mean(highest)) if highest else float("nan")


def representative(contacts: SiteContacts) -> tuple[Pass, Station] | None:
    """The representative pass and its station; None where there is none."""
    series = contacts.series
    if series is None:
        return None
    station = next((s for s in contacts.stations if s.name == series.station), None)
    if station is None or not 0 <= series.number < len(contacts.plan.passes):
        raise InputError(f"contacts: the representative pass {series.number} of {series.station} is not in the plan")
    return contacts.plan.passes[series.number], station


def booked_hours(contacts: SiteContacts) -> NDArray[np.float64] | None:
    """Hours booked on each day of the contacts (day,), any antenna; None without a schedule that fits the days."""
    schedule = contacts.schedule
    daily = None if schedule is None else next(iter(schedule.daily_hours.values()), None)
    return np.array(daily, dtype=np.float64) if daily is not None and len(daily) == len(contacts.days_utc) else None


def booked_at(contacts: SiteContacts, station: str) -> tuple[BookedPass, ...]:
    """What is booked at a station; nothing without a schedule."""
    return () if contacts.schedule is None else contacts.schedule.of(station)


COMPARED = (
    "passes", "contact_hours", "contact_hours_per_day_mean", "contact_hours_per_day_least", "days_without_contact",
    "longest_gap_hours", "volume_gbit",
)  # fmt: skip


def contact_row(site: SiteResult) -> dict[str, Any]:
    """The contacts of a site as columns; empty where none were computed."""
    if site.contacts is None:
        return {}
    row = {key if "contact" in key else f"contact_{key}": site.contacts.summary.get(key) for key in COMPARED}
    schedule = site.contacts.schedule
    return row | ({} if schedule is None else {"contact_schedule_cost": schedule.cost})
