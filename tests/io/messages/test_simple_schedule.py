"""Simple Schedules have the layout of CCSDS 902.1 and come back as the same passes."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from tests.io.scenes_exports import ROWS

from lupex.base.errors import InputError
from lupex.io import ScheduleHeader, read_simple_schedule, write_simple_schedule
from lupex.io.messages.simple_schedule import calendar_utc, day_of_year_text, simple_schedule_text

HEADER = ScheduleHeader(
    organization="JAXA & ISRO",
    generation_utc="2027-12-01T00:00:00Z",
    start_utc="2028-01-01T00:00:00Z",
    stop_utc="2029-01-01T00:00:00Z",
)
SPACE = "{urn:ccsds:schema:cssm:1.0.0}"


def test_a_schedule_read_back_gives_the_same_passes_to_the_millisecond(tmp_path: Path) -> None:
    write_simple_schedule(tmp_path / "plan.xml", ROWS, HEADER)
    header, back = read_simple_schedule(tmp_path / "plan.xml")
    assert header.organization == "JAXA & ISRO" and header.generation_utc == "2027-12-01T00:00:00.000Z"
    assert header.services == ("TELEMETRY", "TELECOMMAND") and header.version == 1
    keys = (
        "station",
        "site",
        "spacecraft",
        "band",
        "state",
        "start_utc",
        "stop_utc",
        "activity_start_utc",
        "activity_stop_utc",
    )
    assert [[getattr(one, key) for key in keys] for one in back] == [
        [getattr(row, key) for key in keys] for row in ROWS
    ]


def test_the_layout_is_that_of_the_blue_book() -> None:
    root = ElementTree.fromstring(simple_schedule_text(ROWS, HEADER))
    assert root.tag == f"{SPACE}simpleSchedule"
    assert [child.tag.removeprefix(SPACE) for child in root] == ["simpleScheduleHeader"] + ["scheduledPackage"] * 2
    assert list(root[0].attrib) == [
        "originatingOrganization",
        "generationTime",
        "status",
        "inclusionType",
        "version",
        "startTime",
        "endTime",
    ]
    assert root[0].get("inclusionType") == "START_INCLUSION" and root[0].get("startTime") == "2028-001T00:00:00.000Z"
    activity = root[1][0]
    assert list(activity.attrib) == [
        "scheduledActivityId",
        "activityStatus",
        "siteRef",
        "apertureRef",
        "orbitNumber",
        "beginningOfTrack",
        "endOfTrack",
        "beginningOfActivity",
        "endOfActivity",
    ]
    assert activity.get("beginningOfTrack") == "2028-001T05:00:00.250Z"
    assert activity.get("beginningOfActivity") == "2028-001T04:15:00.250Z"
    assert [info.get("serviceType") for info in activity] == ["TELEMETRY", "TELECOMMAND"]
    assert {info.get("frequencyBand") for info in activity} == {"X-NE"}
    assert root[1][1].get("beginningOfTrack") == "2028-060T23:59:59.000Z"
    assert root[2][0].get("activityStatus") == "CANCELLED" and root[2].get("user") == "lander & co"


@pytest.mark.parametrize(
    ("utc", "text"),
    [
        ("2028-02-29T00:00:00Z", "2028-060T00:00:00.000Z"),
        ("2028-12-31T23:59:59.999Z", "2028-366T23:59:59.999Z"),
        ("2027-12-31T12:00:00.5Z", "2027-365T12:00:00.500Z"),
        ("2016-12-31T23:59:60.25Z", "2016-366T23:59:60.250Z"),
    ],
)
def test_days_of_the_year_go_both_ways(utc: str, text: str) -> None:
    assert day_of_year_text(utc) == text
    assert calendar_utc(text)[:19] == utc[:19]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<a", "is not XML"),
        ("<a/>", "is no Simple Schedule"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "has a document type"),
        (
            '<simpleSchedule xmlns="urn:ccsds:schema:cssm:1.0.0"><simpleScheduleHeader/></simpleSchedule>',
            "simpleScheduleHeader has no attribute originatingOrganization",
        ),
    ],
)
def test_what_is_no_schedule_is_refused(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "x.xml").write_text(content)
    with pytest.raises(InputError, match=says):
        read_simple_schedule(tmp_path / "x.xml")
