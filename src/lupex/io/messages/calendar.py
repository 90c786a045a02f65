"""Passes as a calendar (iCalendar, RFC 5545): one event for each, times in UTC to the second."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from lupex.base.errors import InputError
from lupex.base.utc import utc_text
from lupex.io.atomic import input_error, write_bytes
from lupex.model import PassRow

PRODUCT = "-//lupex//contact schedule//EN"
_STATUS = {"operational": "CONFIRMED", "tentative": "TENTATIVE", "cancelled": "CANCELLED"}
_STATE = {status: state for state, status in _STATUS.items()}
_OWN = {"X-LUPEX-STATION": "station", "X-LUPEX-SITE": "site", "X-LUPEX-SPACECRAFT": "spacecraft",
        "X-LUPEX-BAND": "band"}  # fmt: skip
_OCTETS = 75
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z")


def calendar_text(rows: Sequence[PassRow], stamp_utc: str, name: str = "Contacts") -> str:
    """The calendar as text with CRLF, lines folded at 75 octets.

    Args:
        stamp_utc: DTSTAMP of every event, when the plan was made. No clock is read, so equal plans give equal files.

    Set-up begins and tear-down ends in the X-LUPEX-ACTIVITY properties: an event spans the contact alone. The UID is
    a digest of station, spacecraft and start, so a changed plan updates the events it keeps.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
             f"X-WR-CALNAME:{_escaped(name)}"]  # fmt: skip
    for row in rows:
        lines += _event(row, _stamp(stamp_utc))
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) for line in lines)


def write_calendar(path: str | Path, rows: Sequence[PassRow], stamp_utc: str, name: str = "Contacts") -> None:
    """Write `calendar_text` atomically, UTF-8. Raises StoreError; InputError for a time that is none."""
    write_bytes(path, calendar_text(rows, stamp_utc, name).encode())


def read_calendar(path: str | Path) -> tuple[PassRow, ...]:
    """The passes of a calendar written by `write_calendar`, times to the second.

    Args:
        path: of the calendar.

    Raises InputError, with the line, for a file that cannot be read, is no calendar or lacks what a pass needs.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8")
    except OSError as error:
        raise input_error(Path(path), error) from None
    except UnicodeDecodeError:
        raise InputError(f"calendar {path}: is not UTF-8", "give an iCalendar file") from None
    lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
    if not lines or lines[0] != "BEGIN:VCALENDAR":
        raise InputError(f"calendar {path}: does not begin with BEGIN:VCALENDAR", "give an iCalendar file")
    rows: list[PassRow] = []
    event: dict[str, str] | None = None
    for line in lines:
        key, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            event = {}
        elif line == "END:VEVENT" and event is not None:
            rows.append(_row(str(path), len(rows) + 1, event))
            event = None
        elif event is not None:
            event[key.partition(";")[0]] = _unescaped(value)
    return tuple(rows)


def _event(row: PassRow, stamp: str) -> list[str]:
    digest = hashlib.sha256(f"{row.station}|{row.spacecraft}|{row.start_utc}".encode()).hexdigest()[:24]
    what = f"{row.station} - {row.spacecraft}" + (f" ({row.band})" if row.band else "")
    about = [f"{key}: {value:.6g}" if isinstance(value, float) else f"{key}: {value}" for key, value in
             row.values.items()]  # fmt: skip
    lines = [
        "BEGIN:VEVENT",
        f"UID:{digest}@lupex",
        f"DTSTAMP:{stamp}",
        f"DTSTART:{_stamp(row.start_utc)}",
        f"DTEND:{_stamp(row.stop_utc)}",
        f"SUMMARY:{_escaped(what)}",
        f"STATUS:{_STATUS[row.state]}",
        "TRANSP:OPAQUE",
        f"X-LUPEX-ACTIVITY-START:{_stamp(row.activity_start_utc)}",
        f"X-LUPEX-ACTIVITY-STOP:{_stamp(row.activity_stop_utc)}",
    ]
    lines += [f"{key}:{_escaped(getattr(row, name))}" for key, name in _OWN.items() if getattr(row, name)]
    if row.site:
        lines.append(f"LOCATION:{_escaped(row.site)}")
    if row.purposes:
        lines.append("CATEGORIES:" + ",".join(_escaped(one) for one in row.purposes))
        lines.append(f"X-LUPEX-PURPOSES:{_escaped('; '.join(row.purposes))}")
    if about:
        lines.append("DESCRIPTION:" + _escaped("\n".join(about)))
    return [*lines, "END:VEVENT"]


def _row(label: str, number: int, event: dict[str, str]) -> PassRow:
    def utc(key: str) -> str:
        found = _STAMP.fullmatch(event.get(key, ""))
        if found is None:
            raise InputError(f"calendar {label}: event {number} has no {key} in UTC", "give an export of a schedule")
        return "{}-{}-{}T{}:{}:{}Z".format(*found.groups())

    own = {name: event.get(key, "") for key, name in _OWN.items()}
    if not own["station"] or not own["spacecraft"]:
        raise InputError(f"calendar {label}: event {number} names no station or spacecraft", "give an export")
    purposes = tuple(one for one in event.get("X-LUPEX-PURPOSES", "").split("; ") if one)
    state = _STATE.get(event.get("STATUS", "CONFIRMED"), "operational")
    return PassRow(
        number=number,
        station=own["station"],
        site=own["site"],
        spacecraft=own["spacecraft"],
        band=own["band"],
        start_utc=utc("DTSTART"),
        stop_utc=utc("DTEND"),
        activity_start_utc=utc("X-LUPEX-ACTIVITY-START"),
        activity_stop_utc=utc("X-LUPEX-ACTIVITY-STOP"),
        state=state,
        purposes=purposes,
    )


def _stamp(utc: str) -> str:
    """Basic format to the nearest second, a leap second as :60."""
    text = utc_text(utc)
    whole, fraction = text[:19], float("0" + text[19:-1])
    if fraction >= 0.5 and not whole.endswith(":60"):
        whole = (datetime.fromisoformat(whole) + timedelta(seconds=1)).isoformat()
    return whole.replace("-", "").replace(":", "") + "Z"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def _folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, characters whole, each further one behind a space."""
    pieces, room = [""], _OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(" ")
            room = _OCTETS - 1
        pieces[-1] += character
        room -= size
    return "\r\n".join(pieces) + "\r\n"
