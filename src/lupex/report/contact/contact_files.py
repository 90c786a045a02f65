"""Files of the contacts: tables of passes, antennas, days and bookings; calendars and schedules people exchange."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lupex.ground import booked_rows, booked_table, pass_table, plan_rows, series_table
from lupex.io import ScheduleHeader, write_calendar, write_csv, write_simple_schedule
from lupex.model import SiteContacts
from lupex.model.contact.pass_columns import BOOKED_TABLE, PASS_TABLE
from lupex.report.contact.contact_pages import contact_stem
from lupex.report.contact.contact_reading import booked_hours, calendar_of, mean_highest_deg
from lupex.results import SiteResult, StudyResult

_TOTAL = ("station", "title", "passes", "hours", "longest_hours", "max_elevation_deg", "volume_bits",
          "highest_rate_bps", "worst_margin_db", "best_margin_db", "up_margin_db", "reason", "down_reason",
          "up_reason")  # fmt: skip


def write_contacts(result: StudyResult, folder: Path) -> None:
    """Write tables/site_<name>_passes.csv and the other tables of contacts into ``folder``, where there are any, and
    the passes as contacts/site_<name>_passes.ics and .xml (the booked ones as _booked too)."""
    for site in result.sites:
        if site.contacts is not None:
            _write_site(site, site.contacts, folder / "tables")
            _write_exchanged(result, site, site.contacts, folder / "contacts")


def _write_site(site: SiteResult, contacts: SiteContacts, folder: Path) -> None:
    tables = {
        "passes": _table(PASS_TABLE, pass_table(contacts)),
        "contact_stations": _stations(contacts),
        "contact_days": _days(site, contacts),
    }
    if contacts.series is not None:
        tables["pass_series"] = _rows(series_table(contacts.series, contacts.radio.frequency_down_hz))
    if contacts.schedule is not None:
        booked = booked_table(contacts.schedule, contacts.stations, contacts.radio.band)
        tables["booked"] = _table(BOOKED_TABLE, booked)
    for kind, (header, rows) in tables.items():
        write_csv(folder / f"{contact_stem(site, kind)}.csv", header, rows)


def _write_exchanged(result: StudyResult, site: SiteResult, contacts: SiteContacts, folder: Path) -> None:
    """All passes, and those booked, as calendars and CCSDS Simple Schedules. Nobody has been asked for them yet, so
    they are tentative; dated, without a clock, to the first instant of the span."""
    if not contacts.plan.passes:
        return
    folder.mkdir(exist_ok=True)
    band, made = contacts.radio.band, contacts.span_utc[0]
    kinds = {"passes": plan_rows(contacts.plan, contacts.stations, band)}
    if contacts.schedule is not None:
        kinds["booked"] = booked_rows(contacts.schedule, contacts.stations, band, "tentative")
    header = ScheduleHeader(
        organization=result.mission.name or "lupex",
        generation_utc=made,
        start_utc=contacts.span_utc[0],
        stop_utc=contacts.span_utc[1],
        status="TEST",
    )
    for kind, rows in kinds.items():
        stem = contact_stem(site, kind)
        title = f"{kind.capitalize()} of {contacts.plan.spacecraft}"
        write_calendar(folder / f"{stem}.ics", rows, made, title)
        write_simple_schedule(folder / f"{stem}.xml", rows, header)


def _table(names: Sequence[str], rows: Sequence[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    return list(names), [[_cell(row[name]) for name in names] for row in rows]


def _stations(contacts: SiteContacts) -> tuple[list[str], list[list[Any]]]:
    rows = [
        [*(_cell(getattr(t, n)) for n in _TOTAL), _cell(mean_highest_deg(contacts, t.station))] for t in contacts.totals
    ]
    return [*_TOTAL, "mean_max_elevation_deg"], rows


def _days(site: SiteResult, contacts: SiteContacts) -> tuple[list[str], list[list[Any]]]:
    columns: dict[str, Any] = {"day_utc": list(contacts.days_utc), "any_hours": contacts.daily_hours}
    columns |= {f"{name}_hours": hours for name, hours in contacts.daily_station_hours.items()}
    booked = booked_hours(contacts)
    columns |= {} if booked is None else {"booked_hours": booked}
    columns |= {f"{k}_fraction": calendar_of(contacts, site, f"calendar_{k}_fraction") for k in ("lit", "earth")}
    return _rows(columns)


def _rows(columns: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    rows = zip(*(np.asarray(values).tolist() for values in columns.values()), strict=True)
    return list(columns), [[_cell(value) for value in row] for row in rows]


def _cell(value: Any) -> Any:
    """Numbers to nine significant digits."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    return value
