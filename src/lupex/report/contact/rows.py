"""Contacts and link budgets as plain rows, for commands and files."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lupex.ephemeris import tdb_s_to_utc
from lupex.model import Pass, PassLink, PassSeries, Schedule, SiteContacts
from lupex.signals import LinkBudget, doppler_hz

Rows = list[dict[str, Any]]

PASS_COLUMNS = (
    "number", "station", "aos_utc", "los_utc", "duration_hours", "max_elevation_deg", "max_elevation_utc",
    "aos_azimuth_true_deg", "los_azimuth_true_deg", "max_elevation_azimuth_true_deg", "aos_elevation_deg",
    "los_elevation_deg", "begins_by", "ends_by", "min_range_km", "max_range_km", "one_way_light_time_s",
    "min_range_rate_m_s", "max_range_rate_m_s", "min_doppler_hz", "max_doppler_hz", "min_sun_angle_deg",
    "worst_margin_db", "best_margin_db", "margin_rate_bps", "up_margin_db", "highest_rate_bps", "volume_gbit",
)  # fmt: skip
"""Columns of a pass; empty where a number is not published."""


def pass_rows(found: SiteContacts) -> Rows:
    """One row per pass, by AOS; columns `PASS_COLUMNS`, numbers rounded to what they are good for."""
    pairs = zip(found.plan.passes, found.links, strict=True)
    return [_pass_row(k, one, link, found.radio.frequency_down_hz) for k, (one, link) in enumerate(pairs, 1)]


def station_rows(found: SiteContacts) -> Rows:
    """One row per station: hours, passes, data, margins, and why where there are none."""
    rows = []
    for total in found.totals:
        row = asdict(total)
        row["volume_gbit"] = row.pop("volume_bits") / 1e9
        rows.append({key: round(value, 3) if isinstance(value, float) else value for key, value in row.items()})
    return rows


def contacts_summary(found: SiteContacts) -> dict[str, Any]:
    """Everything of contacts in brief: summary, stations, days, gaps, handovers, notes."""
    plan = found.plan
    gaps = plan.gaps()
    return {
        "lat_deg": found.lat_deg,
        "lon_deg": found.lon_deg,
        "antenna_height_m": found.antenna_height_m,
        "start_utc": found.span_utc[0],
        "stop_utc": found.span_utc[1],
        "radio": found.radio.name,
        "summary": {key: round(value, 6) for key, value in found.summary.items()},
        "longest_gap": {"hours": round(found.longest_gap_hours, 3), "start_utc": found.longest_gap_start_utc},
        "stations": station_rows(found),
        "daily_hours": {
            day: round(float(hours), 3) for day, hours in zip(found.days_utc, found.daily_hours, strict=True)
        },
        "gaps": [
            {"start_utc": a, "stop_utc": b, "hours": round(hours, 3)}
            for a, b, hours in zip(
                _utc(gaps.start_tdb_s),
                _utc(gaps.stop_tdb_s),
                ((gaps.stop_tdb_s - gaps.start_tdb_s) / 3600.0).tolist(),
                strict=True,
            )
        ],
        "handovers": [
            {
                "from": one.from_station,
                "to": one.to_station,
                "utc": _utc([one.at_tdb_s])[0],
                "overlap_minutes": round(one.overlap_s / 60.0, 1),
            }
            for one in plan.handovers()
        ],  # fmt: skip
        "notes": list(plan.notes),
    }


BOOKED_COLUMNS = (
    "station", "start_utc", "stop_utc", "duration_hours", "activity_start_utc", "activity_stop_utc", "cost",
    "volume_gbit", "max_elevation_deg", "purposes",
)  # fmt: skip
"""Columns of a booked pass."""


def booked_rows(schedule: Schedule) -> Rows:
    """One row per booked pass, by start; columns `BOOKED_COLUMNS`."""
    rows = []
    for one in schedule.booked:
        start, stop, opens, closes = _utc(
            [one.start_tdb_s, one.stop_tdb_s, one.activity_start_tdb_s, one.activity_stop_tdb_s]
        )
        values = (
            one.station, start, stop, round(one.duration_s / 3600.0, 4), opens, closes, round(one.cost, 3),
            round(one.bits / 1e9, 6), round(one.max_elevation_deg, 3), "; ".join(one.purposes),
        )  # fmt: skip
        rows.append(dict(zip(BOOKED_COLUMNS, values, strict=True)))
    return rows


def schedule_summary(schedule: Schedule) -> dict[str, Any]:
    """A schedule for programs: bookings, cost and its proven bound, hours, what is unmet."""
    return {
        "start_utc": _utc([schedule.span_tdb_s[0]])[0],
        "stop_utc": _utc([schedule.span_tdb_s[1]])[0],
        "status": schedule.status,
        "cost": round(schedule.cost, 6),
        "objective": round(schedule.objective, 6),
        "bound": round(schedule.bound, 6),
        "gap_fraction": round(schedule.gap_fraction, 6),
        "antenna_hours": {name: round(hours, 4) for name, hours in schedule.antenna_hours.items()},
        "unmet": {name: round(by, 6) for name, by in schedule.unmet.items()},
        "longest_gap_hours": {name: round(hours, 4) for name, hours in schedule.longest_gap_hours.items()},
        "booked": booked_rows(schedule),
        "notes": list(schedule.notes),
    }


def why_empty(found: SiteContacts) -> list[str]:
    """A sentence for every station without a pass, saying why (geometry, mask, terrain or exclusion)."""
    return [f"{name} has no pass: {why}" for name, why in found.plan.reasons.items()]


def series_columns(series: PassSeries, frequency_hz: float | None) -> dict[str, Any]:
    """Columns (sample,) of one pass; ``frequency_hz``: of the carrier that comes down, for its Doppler."""
    shift = np.full(series.times_tdb_s.shape, np.nan)
    if frequency_hz is not None:
        shift = doppler_hz(series.range_rate_m_s, frequency_hz)
    return {
        "utc": tdb_s_to_utc(series.times_tdb_s),
        "station": [series.station] * series.times_tdb_s.size,
        "azimuth_true_deg": np.round(series.azimuth_true_deg, 5),
        "elevation_deg": np.round(series.elevation_deg, 5),
        "range_km": np.round(series.range_m / 1000.0, 6),
        "range_rate_m_s": np.round(series.range_rate_m_s, 6),
        "doppler_hz": np.round(shift, 3),
        "place_azimuth_true_deg": np.round(series.place_azimuth_true_deg, 5),
        "place_elevation_deg": np.round(series.place_elevation_deg, 5),
        "place_skyline_deg": np.round(series.place_skyline_deg, 5),
        "margin_db": np.round(series.margin_db, 3),
        "rate_bps": series.rate_bps,
    }


def budget_rows(budget: LinkBudget) -> Rows:
    """The design control table of a link at one moment, a row per parameter."""
    return [
        {
            "parameter": row.name,
            "unit": row.unit,
            "value": round(float(row.value), 4),
            "favourable_db": row.favourable_db,
            "adverse_db": row.adverse_db,
            "mean": round(float(row.mean), 4),
            "variance_db2": round(row.variance_db2, 6),
            "shape": row.shape,
            "source": row.source,
        }
        for row in budget.rows
    ]


def budget_summary(budget: LinkBudget) -> dict[str, Any]:
    """A link budget at one moment for programs: table, margins, whether it closes."""
    return {
        "title": budget.title,
        "direction": budget.direction,
        "closes": bool(budget.closes),
        "sigmas": budget.sigmas,
        "required_margin_db": budget.required_margin_db,
        "margins": {
            name: {
                "design_db": round(budget.value(name), 4),
                "mean_db": round(float(budget.row(name).mean), 4),
                "worst_db": round(float(budget.worst_db(name)), 4),
            }
            for name in budget.margins
        },
        "rows": budget_rows(budget),
        "notes": list(budget.notes),
    }


def _pass_row(number: int, one: Pass, link: PassLink, frequency_hz: float | None) -> dict[str, Any]:
    rates = (one.max_range_rate_m_s, one.min_range_rate_m_s)
    low, high = (float("nan"),) * 2 if frequency_hz is None else doppler_hz(rates, frequency_hz).tolist()
    aos, los, top = _utc([one.aos_tdb_s, one.los_tdb_s, one.max_elevation_tdb_s])
    values = (
        number, one.station, aos, los, round(one.duration_s / 3600.0, 4), round(one.max_elevation_deg, 3), top,
        round(one.aos_azimuth_deg, 3), round(one.los_azimuth_deg, 3), round(one.max_elevation_azimuth_deg, 3),
        round(one.aos_elevation_deg, 3), round(one.los_elevation_deg, 3), one.limited_by_aos, one.limited_by_los,
        round(one.min_range_m / 1000.0, 3), round(one.max_range_m / 1000.0, 3), round(one.one_way_light_time_s, 6),
        round(one.min_range_rate_m_s, 3), round(one.max_range_rate_m_s, 3), round(low, 1), round(high, 1),
        round(one.min_sun_angle_deg, 3), round(link.worst_margin_db, 3), round(link.best_margin_db, 3),
        link.margin_rate_bps, round(link.up_margin_db, 3), link.highest_rate_bps, round(link.volume_bits / 1e9, 6),
    )  # fmt: skip
    return dict(zip(PASS_COLUMNS, values, strict=True))


def _utc(times_tdb_s: ArrayLike | Sequence[float]) -> list[str]:
    times = np.asarray(times_tdb_s, dtype=np.float64)
    return tdb_s_to_utc(times) if times.size else []
