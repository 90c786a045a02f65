"""Passes as a calendar (iCalendar, RFC 5545): one event for each, times in UTC to the second.

The library icalendar knows the syntax; what an event means is ours: an event spans the contact alone, set-up and
tear-down stand in properties of their own, and an event keeps its UID from one issue of a plan to the next.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vText

from lupex.base.errors import InputError
from lupex.base.gate import file_text, names_its_file, printable
from lupex.base.utc import utc_text
from lupex.io.atomic import write_bytes
from lupex.io.text import calendar_line
from lupex.model import PassRow

PRODUCT = "-//lupex//contact schedule//EN"
_STATUS = {"operational": "CONFIRMED", "tentative": "TENTATIVE", "cancelled": "CANCELLED"}
_STATE = {status: state for state, status in _STATUS.items()}
_OWN = {"X-LUPEX-STATION": "station", "X-LUPEX-SITE": "site", "X-LUPEX-SPACECRAFT": "spacecraft",
        "X-LUPEX-BAND": "band"}  # fmt: skip
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z")
_CHANGES = ("DTSTART", "DTEND", "SUMMARY", "STATUS", "X-LUPEX-ACTIVITY-START", "X-LUPEX-ACTIVITY-STOP")
"""Properties whose change makes a new issue of an event."""


@dataclass(frozen=True)
class _Issued:
    """An event of an earlier calendar."""

    uid: str
    sequence: int
    row: PassRow
    body: tuple[str, ...]


def calendar_text(rows: Sequence[PassRow], stamp_utc: str, name: str = "Contacts", before: str = "") -> str:
    """The calendar as text with CRLF, lines folded at 75 octets; valid without an event too.

    Args:
        rows: passes, by AOS.
        stamp_utc: DTSTAMP of every event, when the plan was made. No clock is read, so equal plans give equal files.
        name: of the calendar.
        before: text of the calendar issued earlier, '' for none. A pass that overlaps one of its events of the same
            station and spacecraft keeps that event's UID, with the next SEQUENCE when it changed.

    Raises InputError for a time that is none, or an earlier calendar that is none.
    """
    calendar = Calendar()
    for key, value in (("version", "2.0"), ("prodid", PRODUCT), ("calscale", "GREGORIAN"), ("method", "PUBLISH")):
        calendar.add(key, value)
    calendar.add("x-wr-calname", _text(name))
    issued = _issued("earlier calendar", before) if before else []
    for row in rows:
        calendar.add_component(_event(row, _moment(stamp_utc), issued))
    if not rows:  # a calendar needs one component at least
        calendar.add_component(_utc_zone())
    return str(calendar.to_ical().decode("utf-8"))


def write_calendar(
    path: str | Path, rows: Sequence[PassRow], stamp_utc: str, name: str = "Contacts", before: str = ""
) -> None:
    """Write `calendar_text` atomically, UTF-8. Raises StoreError; InputError for a time that is none."""
    write_bytes(path, calendar_text(rows, stamp_utc, name, before).encode())


@names_its_file
def read_calendar(path: str | Path) -> tuple[PassRow, ...]:
    """The passes of a calendar written by `write_calendar`, times to the second.

    Args:
        path: of the calendar.

    Raises InputError, with the event, for a file that cannot be read, is no calendar, lacks what a pass needs or
    holds two events of one UID.
    """
    return tuple(one.row for one in _issued(f"calendar {path}", file_text(path)))


def _issued(label: str, text: str) -> list[_Issued]:
    if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise InputError(f"{label}: does not begin with BEGIN:VCALENDAR", "give an iCalendar file")
    try:
        calendar = Calendar.from_ical(text)
    except (ValueError, IndexError, KeyError) as error:
        raise InputError(f"{label}: not iCalendar: {printable(str(error))}", "give an iCalendar file") from None
    found: list[_Issued] = []
    seen: set[str] = set()
    for number, event in enumerate(calendar.walk("VEVENT"), 1):
        row = _row(label, number, event)
        uid = str(event.get("UID", ""))
        if uid and uid in seen:
            raise InputError(f"{label}: event {number} has the UID of an earlier one", "leave one of them out")
        seen.add(uid)
        found.append(_Issued(uid, int(event.get("SEQUENCE", 0)), row, _body(event)))
    return found


def _event(row: PassRow, stamp: datetime, issued: Sequence[_Issued]) -> Event:
    about = [f"{key}: {value:.6g}" if isinstance(value, float) else f"{key}: {value}" for key, value in
             row.values.items()]  # fmt: skip
    event = Event()
    event.add("dtstamp", stamp)
    event.add("dtstart", _moment(row.start_utc))
    event.add("dtend", _moment(row.stop_utc))
    band = f" ({row.band})" if row.band else ""
    event.add("summary", _text(f"{row.station} - {row.spacecraft}{band}"))
    event.add("status", _STATUS[row.state])
    event.add("transp", "OPAQUE")
    event.add("x-lupex-activity-start", _moment(row.activity_start_utc).strftime("%Y%m%dT%H%M%SZ"))
    event.add("x-lupex-activity-stop", _moment(row.activity_stop_utc).strftime("%Y%m%dT%H%M%SZ"))
    for key, name in _OWN.items():
        if getattr(row, name):
            event.add(key, _text(getattr(row, name)))
    if row.site:
        event.add("location", _text(row.site))
    if row.purposes:
        event.add("categories", [_text(one) for one in row.purposes])
        event.add("x-lupex-purposes", _text("; ".join(row.purposes)))
    if about:
        event.add("description", "\n".join(calendar_line(line) for line in about))
    digest = hashlib.sha256(
        f"{row.station}|{row.spacecraft}|{row.start_utc}".encode("utf-8", "backslashreplace")
    ).hexdigest()[:24]
    uid, sequence = f"{digest}@lupex", 0
    for one in issued:
        if _is_same_pass(one.row, row):
            uid, sequence = one.uid, one.sequence + (one.body != _body(event))
            break
    event.add("uid", uid)
    event.add("sequence", sequence)
    return event


def _is_same_pass(one: PassRow, other: PassRow) -> bool:
    same = (one.station, one.spacecraft) == (other.station, other.spacecraft)
    return same and one.start_utc < other.stop_utc and other.start_utc < one.stop_utc


def _body(event: Any) -> tuple[str, ...]:
    return tuple(str(event[key].to_ical()) if key in event else "" for key in _CHANGES)


def _utc_zone() -> Timezone:
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "UTC")
    standard.add("dtstart", datetime(1970, 1, 1))
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    zone.add_component(standard)
    return zone


def _row(label: str, number: int, event: Any) -> PassRow:
    own = {name: _own_text(event, key) for key, name in _OWN.items()}
    if not own["station"] or not own["spacecraft"]:
        raise InputError(f"{label}: event {number} names no station or spacecraft", "give an export")

    def contact(key: str) -> str:
        moment = getattr(event.get(key), "dt", None)
        if not isinstance(moment, datetime) or moment.tzinfo is None:
            raise InputError(f"{label}: event {number} has no {key} in UTC", "give an export of a schedule")
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def activity(key: str) -> str:
        found = _STAMP.fullmatch(str(event.get(key, "")))
        if found is None:
            raise InputError(f"{label}: event {number} has no {key} in UTC", "give an export of a schedule")
        return utc_text("{}-{}-{}T{}:{}:{}Z".format(*found.groups()))

    return PassRow(
        number=number,
        station=own["station"],
        site=own["site"],
        spacecraft=own["spacecraft"],
        band=own["band"],
        start_utc=contact("DTSTART"),
        stop_utc=contact("DTEND"),
        activity_start_utc=activity("X-LUPEX-ACTIVITY-START"),
        activity_stop_utc=activity("X-LUPEX-ACTIVITY-STOP"),
        state=_STATE.get(str(event.get("STATUS", "CONFIRMED")), "operational"),
        purposes=tuple(one for one in _own_text(event, "X-LUPEX-PURPOSES").split("; ") if one),
    )


def _text(text: str) -> vText:
    """A property of text. Own properties too are text to RFC 5545; the library would leave theirs unescaped."""
    return vText(calendar_line(text))


def _own_text(event: Any, key: str) -> str:
    """An own property as text; the library hands those of names it does not know over as they stand."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], str(event.get(key, "")))


def _moment(utc: str) -> datetime:
    """The nearest second; a leap second is the midnight after it, since calendars know no 60th second."""
    text = utc_text(utc)
    whole, fraction = text[:19], float("0" + text[19:-1])
    is_leap = whole.endswith(":60")
    moment = datetime.fromisoformat(whole.replace(":60", ":59")).replace(tzinfo=UTC)
    return moment + timedelta(seconds=1 if is_leap or fraction >= 0.5 else 0)
