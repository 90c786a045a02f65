"""Plans as items of a timeline, and what is refused."""

import json
from pathlib import Path

import pytest

from lupex.base.errors import InputError
from lupex.ops.yamcs.timeline import passes_of_file, plan_of_file, timeline_items
from lupex.packets.times.cuc import utc_to_tai


def rows(items: list[dict]) -> list[tuple]:
    return [(one["name"], one["start"], one["duration"], *one["tags"]) for one in items]


def test_equal_rows_are_the_same_item_and_others_are_not() -> None:
    one, again, other = timeline_items(
        [("a", "2028-05-14T00:00:00Z", 60.0)] * 2 + [("b", "2028-05-14T00:00:00Z", 60.0)]
    )
    assert (one["id"] == again["id"], one["id"] == other["id"]) == (True, False)


def test_steps_of_a_drive_under_one_name_are_one_item(tmp_path: Path) -> None:
    place = tmp_path / "d.csv"
    place.write_text(
        "start_time,end_time,activity\n2028-05-14T01:00:00Z,2028-05-14T01:20:00Z,drive\n"
        "2028-05-14T01:20:00Z,2028-05-14T01:40:00Z,drive\n2028-05-14T02:00:00Z,2028-05-14T02:20:00Z,drive\n"
    )
    assert rows(plan_of_file(place)) == [
        ("drive", "2028-05-14T01:00:00Z", "2400.000s", "drive"),
        ("drive", "2028-05-14T02:00:00Z", "1200.000s", "drive"),
    ]


def test_a_plan_shows_contacts_and_commands_when_they_are_executed(tmp_path: Path) -> None:
    place = tmp_path / "p.json"
    plan = {
        "start_utc": "2028-05-14T00:00:00Z", "duration_s": 3600,
        "contacts": [["2028-05-14T00:10:00Z", "2028-05-14T00:50:00Z"]],
        "commands": [{"utc": "2028-05-14T00:15:00Z", "execute_utc": "2028-05-14T00:55:00Z", "command": "ping"}],
    }  # fmt: skip
    place.write_text(json.dumps(plan))
    assert rows(plan_of_file(place)) == [
        ("contact", "2028-05-14T00:10:00.000Z", "2400.000s", "pass"),
        ("ping", "2028-05-14T00:55:00.000Z", "60.000s", "command"),
    ]


def test_a_day_shows_what_was_sent_and_driven(tmp_path: Path) -> None:
    begin = float(utc_to_tai("2028-05-14T00:00:00Z")[0])
    day = {
        "verdicts": [], "contacts_tai_s": [[begin, begin + 600.0]],
        "drives": [{"name": "drive of 5 min", "begin_tai_s": begin + 60.0, "time_s": 300.0}],
        "commands": [{"command": "drive_to", "arguments": "x_m=1.0", "released_tai_s": begin + 70.0}],
    }  # fmt: skip
    place = tmp_path / "day.json"
    place.write_text(json.dumps(day))
    assert [one[0] for one in rows(plan_of_file(place))] == ["contact", "drive of 5 min", "drive_to x_m=1.0"]
    place.write_text(json.dumps(day | {"commands": [{"command": "x"}]}))
    with pytest.raises(InputError, match="no record of a day"):
        plan_of_file(place)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("d.txt", "x", "neither .csv nor .json"),
        ("d.csv", "lat_deg,lon_deg\n-89,0\n", "no columns start_time"),
        ("d.csv", "start_time,end_time\n2028-05-14T02:00:00Z,2028-05-14T01:00:00Z\n", "ends before it begins"),
        ("d.csv", "start_time,end_time\nsoon,2028-05-14T01:00:00Z\n", "line 2: 'soon' is not a UTC time"),
        ("d.json", "[]", "is no plan"),
    ],
)
def test_what_is_no_plan_is_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=said):
        plan_of_file(tmp_path / name)
    with pytest.raises(InputError):
        passes_of_file(tmp_path / name)
