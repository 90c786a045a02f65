"""Contacts and link budgets as plain rows, for commands and files."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lupex.ephemeris import tdb_s_to_utc
from lupex.ground import booked_table
from lupex.ground.passes.tables import significant
from lupex.model import Schedule, SiteContacts, Station, StationLoss
from lupex.signals import LinkBudget

Rows = list[dict[str, Any]]


def station_rows(found: SiteContacts) -> Rows:
    """One row per station: hours, passes, data, margins, and why where there are none."""
    rows = []
    for total in found.totals:
        row = asdict(total)
        rows.append({key: significant(value) for key, value in row.items()})
    return rows


def contacts_summary(found: SiteContacts) -> dict[str, Any]:
    """Everything of contacts in brief: summary, stations, days, gaps, handovers, notes.

    Args:
        found: contacts of a place.
    """
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
        "earth_orientation": plan.earth_orientation,
        "notes": list(plan.notes),
    }


def schedule_summary(schedule: Schedule, stations: Sequence[Station] = (), band: str = "") -> dict[str, Any]:
    """A schedule for programs: bookings, cost and its proven bound, hours, what is unmet.

    Args:
        schedule: of passes. stations: give the sites of its antennas. band: 'S', 'X' ..., '' when not said.
    """
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
        "booked": booked_table(schedule, stations, band),
        "notes": list(schedule.notes),
    }


def loss_summary(loss: StationLoss) -> dict[str, Any]:
    """What the loss of antennas changes, for programs: what is no longer met, hours, cost."""
    return {
        "lost": list(loss.stations),
        "outage_utc": None if loss.outage_tdb_s is None else _utc(loss.outage_tdb_s),
        "unmet_change": {name: round(by, 6) for name, by in loss.unmet_change.items()},
        "antenna_hours_change": round(_hours(loss.after) - _hours(loss.before), 4),
        "cost_change": round(loss.cost_change, 6),
    }


def loss_sentences(loss: StationLoss) -> list[str]:
    """What the loss of antennas changes, in sentences: first what is no longer met, then hours and cost."""
    who = f"without {', '.join(loss.stations)}"
    if loss.outage_tdb_s is not None:
        who += " from {} to {}".format(*_utc(loss.outage_tdb_s))
    worse = [f"{name} is short by {by:.3f} more" for name, by in loss.unmet_change.items() if by > 0.0]
    better = [f"{name} is short by {-by:.3f} less" for name, by in loss.unmet_change.items() if by < 0.0]
    if worse:
        first = f"{who} not everything is met any longer: {'; '.join(worse)}"
    else:
        first = f"{who} everything that was met is met still"
    hours = _hours(loss.after) - _hours(loss.before)
    why = ", since less is booked" if worse and loss.cost_change < 0.0 else ""
    return [
        first + (f"; {'; '.join(better)}" if better else ""),
        f"booked hours change by {hours:+.2f}, the cost by {loss.cost_change:+.2f}{why}",
    ]


def _hours(schedule: Schedule) -> float:
    return sum(schedule.antenna_hours.values())


def why_empty(found: SiteContacts) -> list[str]:
    """A sentence for every station without a pass, saying why (geometry, mask, terrain or exclusion)."""
    return [f"{name} has no pass: {why}" for name, why in found.plan.reasons.items()]


def budget_rows(budget: LinkBudget) -> Rows:
    """The design control table of a link at one moment, a row per parameter.

    Args:
        budget: of one link.
    """
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


def _utc(times_tdb_s: ArrayLike | Sequence[float]) -> list[str]:
    times = np.asarray(times_tdb_s, dtype=np.float64)
    return tdb_s_to_utc(times) if times.size else []
