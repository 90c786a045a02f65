"""Calendars keep to RFC 5545 and come back as the same passes."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.io.scenes_exports import ROWS

from lupex.base.errors import InputError
from lupex.io import read_calendar, write_calendar
from lupex.io.messages.calendar import calendar_text

STAMP = "2027-12-01T00:00:00Z"


def seconds_of(utc: str) -> float:
    return float(utc[11:13]) * 3600 + float(utc[14:16]) * 60 + float(utc[17:-1])


def test_a_calendar_read_back_gives_the_same_passes_to_half_a_second(tmp_path: Path) -> None:
    write_calendar(tmp_path / "plan.ics", ROWS, STAMP)
    back = read_calendar(tmp_path / "plan.ics")
    assert len(back) == 3
    for one, row in zip(back, ROWS, strict=True):
        for key in ("number", "station", "site", "spacecraft", "band", "state", "purposes"):
            assert getattr(one, key) == getattr(row, key)
        for key in ("start_utc", "stop_utc", "activity_start_utc", "activity_stop_utc"):
            assert getattr(one, key)[:10] == getattr(row, key)[:10]
            assert abs(seconds_of(getattr(one, key)) - seconds_of(getattr(row, key))) <= 0.5


def test_lines_end_in_crlf_and_hold_75_octets_at_most() -> None:
    raw = calendar_text(ROWS, STAMP).encode()
    lines = raw.split(b"\r\n")
    assert lines[-1] == b"" and b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in lines) <= 75
    assert any(line.startswith(b" ") for line in lines)
    for line in lines:
        line.decode("utf-8")  # no character is cut in two


def test_every_event_has_what_the_standard_asks_for() -> None:
    text = calendar_text(ROWS, STAMP)
    events = text.split("BEGIN:VEVENT")[1:]
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    for event in events:
        for key in ("UID:", "SEQUENCE:0", "DTSTAMP:20271201T000000Z", "DTSTART:", "DTEND:", "SUMMARY:", "STATUS:"):
            assert event.count(f"\r\n{key}") == 1
    assert "DTSTART:20280101T050000Z\r\n" in events[0] and "DTEND:20280101T073100Z\r\n" in events[0]
    assert len({event.split("UID:")[1].split("\r\n")[0] for event in events}) == 3


def test_equal_plans_give_equal_files_and_a_moved_pass_another_uid() -> None:
    assert calendar_text(ROWS, STAMP) == calendar_text(ROWS, STAMP)
    moved = calendar_text((replace(ROWS[0], start_utc="2028-01-01T05:10:00Z"),), STAMP)
    assert moved.split("UID:")[1][:24] != calendar_text(ROWS, STAMP).split("UID:")[1][:24]


def test_text_with_commas_semicolons_and_newlines_is_escaped() -> None:
    text = calendar_text(ROWS, STAMP).replace("\r\n ", "")
    assert "LOCATION:Saku\\, Nagano\r\n" in text
    assert "LOCATION:Tidbinbilla\\; the 70 m\r\n" in text
    assert "DESCRIPTION:cost: 3.5\\nmax_elevation_deg: 41.25\r\n" in text


def test_a_leap_second_is_the_midnight_after_it_which_every_calendar_reads() -> None:
    row = replace(ROWS[0], start_utc="2016-12-31T23:59:60.700Z", stop_utc="2017-01-01T02:00:00Z")
    assert "DTSTART:20170101T000000Z" in calendar_text((row,), STAMP)


def test_a_pass_that_moved_keeps_its_uid_with_the_next_sequence() -> None:
    first = calendar_text(ROWS, STAMP)
    moved = replace(ROWS[0], start_utc="2028-01-01T05:10:00Z")
    second = calendar_text((moved, *ROWS[1:]), STAMP, before=first)
    uids = [re.findall(r"UID:(\S+)", text) for text in (first, second)]
    assert uids[0] == uids[1]
    assert re.findall(r"SEQUENCE:(\d)", second) == ["1", "0", "0"]
    assert re.findall(r"SEQUENCE:(\d)", calendar_text((moved,), STAMP, before=second)) == ["1"]
    assert calendar_text(ROWS, STAMP, before=first) == first
    other = replace(ROWS[0], station="dss14")
    assert uids[0][0] not in calendar_text((other,), STAMP, before=first)


def test_a_calendar_without_events_is_valid_and_empty(tmp_path: Path) -> None:
    write_calendar(tmp_path / "none.ics", (), STAMP)
    assert read_calendar(tmp_path / "none.ics") == ()
    text = (tmp_path / "none.ics").read_text(encoding="utf-8")
    assert text.count("BEGIN:VTIMEZONE") == 1 and "BEGIN:VEVENT" not in text


def test_a_byte_order_mark_is_read_and_two_events_of_one_uid_are_not(tmp_path: Path) -> None:
    text = calendar_text(ROWS[:1], STAMP)
    (tmp_path / "x.ics").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert len(read_calendar(tmp_path / "x.ics")) == 1
    event = text[text.index("BEGIN:VEVENT") : text.index("END:VCALENDAR")]
    (tmp_path / "x.ics").write_text(text.replace("END:VCALENDAR", event + "END:VCALENDAR"), encoding="utf-8")
    with pytest.raises(InputError, match="event 2 has the UID of an earlier one"):
        read_calendar(tmp_path / "x.ics")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"hello", "does not begin with BEGIN:VCALENDAR"),
        (
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nX-LUPEX-STATION:a\r\nX-LUPEX-SPACECRAFT:b\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            "no DTSTART",
        ),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "names no station"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n\r\nx", "not iCalendar"),
        (b"\xff\xfe", "is UTF-16 text"),
        (b"BEGIN:VCALENDAR\r\n\xe9", "line 2: not UTF-8"),
    ],
)
def test_what_is_no_calendar_of_passes_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "x.ics").write_bytes(content)
    with pytest.raises(InputError, match=says):
        read_calendar(tmp_path / "x.ics")
