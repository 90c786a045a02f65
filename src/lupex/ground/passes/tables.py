"""Passes, bookings and samples as rows of the one vocabulary (`lupex.model.contact.pass_columns`).

The command line, `--out` and the tables of a study print these rows as they are: UTC to the second, which is what a
pass is good for, and numbers to nine significant digits.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lupex.ephemeris import tdb_s_to_utc
from lupex.model import BookedPass, Pass, PassLink, PassSeries, Schedule, SiteContacts, Station
from lupex.model.contact.pass_columns import BOOKED_TABLE, PASS_TABLE, SERIES_TABLE
from lupex.signals.geometry.tracks import doppler_hz

Rows = list[dict[str, Any]]
_NO_ROOM = (0.0, 0.0)
"""Set-up and tear-down (s) of a station the plan does not name."""


def pass_table(found: SiteContacts) -> Rows:
    """One row per pass, by AOS; columns `PASS_TABLE`, NaN where a number needs one that nobody published.

    Args:
        found: contacts of one place.
    """
    known = {one.name: one for one in found.stations}
    pairs = enumerate(zip(found.plan.passes, found.links, strict=True), 1)
    carrier_hz = found.radio.frequency_down_hz
    return [
        _picked(
            PASS_TABLE,
            {"number": number, "band": found.radio.band, "state": "tentative"}
            | _pass_facts(one, known.get(one.station))
            | _shifts_hz(one, carrier_hz)
            | _fields(link),
        )
        for number, (one, link) in pairs
    ]


def booked_table(
    schedule: Schedule, stations: Sequence[Station] = (), band: str = "", state: str = "tentative"
) -> Rows:
    """One row per booked pass, by start; columns `BOOKED_TABLE`.

    Args:
        schedule: its bookings are the rows. stations: give the sites; a station that is not among them has none.
        band: 'S', 'X' ..., '' when not said. state: one of `lupex.model.contact.schedule.PASS_STATES`.
    """
    sites = {one.name: one.site for one in stations}
    return [
        _picked(
            BOOKED_TABLE,
            {"number": number, "band": band, "state": state, "site": sites.get(one.station, "")}
            | _fields(one)
            | {"duration_s": one.duration_s, "purposes": "; ".join(one.purposes)}
            | _times(one, ("start", "stop", "activity_start", "activity_stop", "aos", "los")),
        )
        for number, one in enumerate(schedule.booked, 1)
    ]


def series_table(series: PassSeries, frequency_hz: float | None) -> dict[str, list[Any]]:
    """Columns (sample,) `SERIES_TABLE` of one pass.

    ``frequency_hz``: of the carrier that comes down, for its Doppler; None leaves that NaN.

    Args:
        series: samples along one pass.
    """
    shift = np.full(series.times_tdb_s.shape, np.nan)
    if frequency_hz is not None:
        shift = doppler_hz(series.range_rate_m_s, frequency_hz)
    held: dict[str, Any] = _fields(series) | {
        "time_utc": tdb_s_to_utc(series.times_tdb_s),
        "station": [series.station] * series.times_tdb_s.size,
        "doppler_hz": shift,
    }
    return {name: [significant(value) for value in np.asarray(held[name]).tolist()] for name in SERIES_TABLE}


def _pass_facts(one: Pass, station: Station | None) -> dict[str, Any]:
    setup_s, teardown_s = _NO_ROOM if station is None else (station.setup_s, station.teardown_s)
    opens, closes = _utc([one.aos_tdb_s - setup_s, one.los_tdb_s + teardown_s])
    return (
        _fields(one)
        | _times(one, ("aos", "los", "max_elevation"))
        | {
            "site": "" if station is None else station.site,
            "activity_start_utc": opens,
            "activity_stop_utc": closes,
            "duration_s": one.duration_s,
        }
    )


def _shifts_hz(one: Pass, carrier_hz: float | None) -> dict[str, float]:
    """Doppler of a receding carrier is negative, so the least goes with the greatest range rate."""
    least, greatest = (float("nan"),) * 2
    if carrier_hz is not None:
        least, greatest = doppler_hz((one.max_range_rate_m_s, one.min_range_rate_m_s), carrier_hz).tolist()
    return {"min_doppler_hz": least, "max_doppler_hz": greatest}


def _fields(value: Pass | BookedPass | PassLink | PassSeries) -> dict[str, Any]:
    return dict(vars(value))


def _times(value: Pass | BookedPass, names: Sequence[str]) -> dict[str, str]:
    texts = _utc([getattr(value, f"{name}_tdb_s") for name in names])
    return {f"{name}_utc": text for name, text in zip(names, texts, strict=True)}


def _utc(times_tdb_s: ArrayLike) -> list[str]:
    return tdb_s_to_utc(times_tdb_s)


def _picked(names: Sequence[str], facts: dict[str, Any]) -> dict[str, Any]:
    return {name: significant(facts[name]) for name in names}


def significant(value: Any) -> Any:
    """A number to nine significant digits (1 m of the Moon's distance, far below any accuracy promised); else as it
    is."""
    return float(f"{value:.9g}") if isinstance(value, float) else value
