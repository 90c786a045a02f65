"""Passes as a Simple Schedule (CCSDS 902.1-B-1), XML.

The layout is that of the blue book as open exporters write it (attributes throughout, one package for each spacecraft
and one activity for each pass); the schema itself is not at hand, so files are not validated against it.
"""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import quoteattr

from lupex.base.errors import InputError
from lupex.base.gate import file_bytes, names_its_file
from lupex.base.utc import utc_text
from lupex.io.atomic import write_bytes
from lupex.io.text import xml_line
from lupex.model import PassRow

NAMESPACE = "urn:ccsds:schema:cssm:1.0.0"
_STATUS = {"operational": "COMMITTED", "tentative": "TENTATIVE", "cancelled": "CANCELLED"}
_STATE = {status: state for state, status in _STATUS.items()}
_BANDS = {"UHF": "UHF", "S": "S-NE", "X": "X-NE", "Ka": "Ka-NE"}
"""The Moon is near Earth: below 2 million km (Radio Regulations, category A missions)."""
_TIME = re.compile(r"(\d{4})-(\d{3})T(\d{2}:\d{2}:\d{2}(?:\.\d+)?)Z")


@dataclass(frozen=True, kw_only=True)
class ScheduleHeader:
    """Head of a Simple Schedule.

    Attributes:
        organization: that issues it. generation_utc: when it was made; no clock is read.
        start_utc, stop_utc: span it is for. status: 'OPERATIONAL' or 'TEST'. version: of this schedule.
        services: kinds of service of every pass.
    """

    organization: str
    generation_utc: str
    start_utc: str
    stop_utc: str
    status: str = "OPERATIONAL"
    version: int = 1
    services: tuple[str, ...] = ("TELEMETRY", "TELECOMMAND")


def simple_schedule_text(rows: Sequence[PassRow], header: ScheduleHeader) -> str:
    """The schedule as XML text, times yyyy-DDDTHH:MM:SS.sssZ.

    Args:
        rows: passes, by AOS.
        header: issuer, span and status.
    """
    head = {
        "originatingOrganization": header.organization,
        "generationTime": day_of_year_text(header.generation_utc),
        "status": header.status,
        "inclusionType": "START_INCLUSION",
        "version": str(header.version),
        "startTime": day_of_year_text(header.start_utc),
        "endTime": day_of_year_text(header.stop_utc),
    }
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<simpleSchedule xmlns={quoteattr(NAMESPACE)}>"]
    lines.append(f"  <simpleScheduleHeader{_attributes(head)}/>")
    for craft in dict.fromkeys(row.spacecraft for row in rows):
        lines.append(f"  <scheduledPackage{_attributes({'user': craft, 'comment': '', 'scheduledPackageId': craft})}>")
        for row in rows:
            if row.spacecraft == craft:
                lines += _activity(row, header)
        lines.append("  </scheduledPackage>")
    lines.append("</simpleSchedule>")
    return "\n".join(lines) + "\n"


def write_simple_schedule(path: str | Path, rows: Sequence[PassRow], header: ScheduleHeader) -> None:
    """Write `simple_schedule_text` atomically, UTF-8. Raises StoreError; InputError for a time that is none."""
    write_bytes(path, simple_schedule_text(rows, header).encode())


@names_its_file
def read_simple_schedule(path: str | Path) -> tuple[ScheduleHeader, tuple[PassRow, ...]]:
    """Head and passes of a Simple Schedule.

    Args:
        path: of the XML file.

    Raises InputError for a file that cannot be read, is no such XML or lacks an attribute, naming it.
    """
    try:
        content = file_bytes(path)
        if b"<!DOCTYPE" in content:
            raise InputError(f"schedule {path}: has a document type", "take the DOCTYPE out")
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InputError(f"schedule {path}: is not XML ({error})", "give a CCSDS Simple Schedule") from None
    space = f"{{{NAMESPACE}}}"
    top = root.find(f"{space}simpleScheduleHeader")
    if root.tag != f"{space}simpleSchedule" or top is None:
        raise InputError(f"schedule {path}: is no Simple Schedule of {NAMESPACE}", "give a CCSDS Simple Schedule")
    label = f"schedule {path}"
    rows: list[PassRow] = []
    services: list[str] = []
    for package in root.iter(f"{space}scheduledPackage"):
        for activity in package.iter(f"{space}scheduledActivity"):
            info = activity.findall(f"{space}serviceInfo")
            services += [one.get("serviceType", "") for one in info]
            band = info[0].get("frequencyBand", "") if info else ""
            rows.append(_row(label, len(rows) + 1, _need(package, "user", label), activity, band))
    return (
        ScheduleHeader(
            organization=_need(top, "originatingOrganization", label),
            generation_utc=calendar_utc(_need(top, "generationTime", label)),
            start_utc=calendar_utc(_need(top, "startTime", label)),
            stop_utc=calendar_utc(_need(top, "endTime", label)),
            status=_need(top, "status", label),
            version=_version(label, _need(top, "version", label)),
            services=tuple(dict.fromkeys(services)),
        ),
        tuple(rows),
    )


def day_of_year_text(utc: str) -> str:
    """UTC text as yyyy-DDDTHH:MM:SS.sssZ; digits beyond the millisecond are cut. Raises InputError."""
    text = utc_text(utc)
    day = date.fromisoformat(text[:10])
    fraction = (text[20:-1] + "000")[:3]
    return f"{day.year:04d}-{day.timetuple().tm_yday:03d}T{text[11:19]}.{fraction}Z"


def calendar_utc(text: str) -> str:
    """The inverse of `day_of_year_text`. Raises InputError for other text."""
    found = _TIME.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 366:
        raise InputError(f"'{text}' is no time of day-of-year form", "write yyyy-DDDTHH:MM:SS.sssZ")
    day = date(int(found[1]), 1, 1) + timedelta(days=int(found[2]) - 1)
    return f"{day.isoformat()}T{found[3]}Z"


def _activity(row: PassRow, header: ScheduleHeader) -> list[str]:
    values = {
        "scheduledActivityId": f"{row.spacecraft}-{row.number}",
        "activityStatus": _STATUS[row.state],
        "siteRef": row.site or row.station,
        "apertureRef": row.station,
        "orbitNumber": str(row.number),
        "beginningOfTrack": day_of_year_text(row.start_utc),
        "endOfTrack": day_of_year_text(row.stop_utc),
        "beginningOfActivity": day_of_year_text(row.activity_start_utc),
        "endOfActivity": day_of_year_text(row.activity_stop_utc),
    }
    lines = [f"    <scheduledActivity{_attributes(values)}>"]
    band = _BANDS.get(row.band, row.band or "N/A")
    for service in header.services:
        lines.append(f"      <serviceInfo{_attributes({'serviceType': service, 'frequencyBand': band})}/>")
    return [*lines, "    </scheduledActivity>"]


def _row(label: str, number: int, craft: str, activity: ElementTree.Element, band: str) -> PassRow:

    def utc(key: str) -> str:
        return calendar_utc(_need(activity, key, label))

    station, site = _need(activity, "apertureRef", label), _need(activity, "siteRef", label)
    names = {written: name for name, written in _BANDS.items()}
    state = _STATE.get(_need(activity, "activityStatus", label), "operational")
    held = "" if band == "N/A" else names.get(band, band)
    return PassRow(
        number=number,
        station=station,
        site="" if site == station else site,
        spacecraft=craft,
        start_utc=utc("beginningOfTrack"),
        stop_utc=utc("endOfTrack"),
        activity_start_utc=utc("beginningOfActivity"),
        activity_stop_utc=utc("endOfActivity"),
        band=held,
        state=state,
    )


def _version(label: str, text: str) -> int:
    if not text.isdigit():
        raise InputError(f"{label}: version '{text}' is no number", "write a whole number")
    return int(text)


def _need(element: ElementTree.Element, key: str, label: str) -> str:
    value = element.get(key)
    if value is None:
        tag = element.tag.rpartition("}")[2]
        raise InputError(f"{label}: {tag} has no attribute {key}", "complete it")
    return value


def _attributes(values: dict[str, str]) -> str:
    return "".join(f" {key}={quoteattr(xml_line(value))}" for key, value in values.items())
