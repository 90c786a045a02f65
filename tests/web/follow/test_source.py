"""A day's folder or an archive, and what is refused."""

import json
from pathlib import Path

import pytest

from lupex.base.errors import InputError, StoreError
from lupex.ops.archive.store import Archive
from lupex.ops.commanding.stack import Stack, Step
from lupex.ops.loop.desk import Desk, digest_of
from lupex.web.follow.source import follow

STACK = Stack(name="drive 1", steps=(Step(name="drive_to", given={"x_m": 1.0, "y_m": 2.0, "waypoint": 1}),))


@pytest.fixture
def day(tmp_path: Path) -> Path:
    Archive.create(tmp_path / "archive.sqlite").close()
    return tmp_path


def test_what_is_no_archive_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no archive \(archive.sqlite\) in it"):
        follow(tmp_path)
    with pytest.raises(InputError, match="no archive"):
        follow(tmp_path / "none.sqlite")
    (tmp_path / "archive.sqlite").write_bytes(b"no database at all, whatever its name says")
    with pytest.raises(StoreError):
        follow(tmp_path)


def test_an_archive_alone_takes_no_go(day: Path) -> None:
    with pytest.raises(InputError, match="takes no go"):
        follow(day / "archive.sqlite", commands=True)
    alone = follow(day / "archive.sqlite")
    assert alone.commands()["waiting"] is None
    with pytest.raises(InputError, match="no desk"):
        alone.give("0" * 64, "Asha")


def test_only_a_server_that_takes_commands_has_a_token_for_them(day: Path) -> None:
    looking, taking = follow(day), follow(day, commands=True)
    assert not looking.is_go_token("")
    assert taking.is_go_token(taking.go_token)
    assert not taking.is_go_token("")
    assert not taking.is_go_token(taking.go_token + "x")


def test_what_waits_is_told_step_by_step_and_a_go_reaches_the_desk(day: Path) -> None:
    Desk(day).offer(STACK, 2.2e9)
    followed = follow(day, commands=True)
    waiting = followed.commands()["waiting"]
    assert waiting["steps"] == [
        {"command": "drive_to", "arguments": "waypoint=1 x_m=1.0 y_m=2.0", "after_previous": True}
    ]
    assert waiting["made_ms"] == pytest.approx((2.2e9 - 378_691_200.0 - 37.0) * 1e3)  # 1958 to 1970, 37 leap seconds
    followed.give(waiting["digest"], "Asha")
    assert Desk(day).gone(STACK) == "Asha"
    assert followed.commands()["waiting"] is None


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"digest": 3, "stack": {}}', '{"stack": 7}', '{"digest": "a", "stack": {"steps": 4}}']
)
def test_a_broken_desk_is_an_empty_one(day: Path, text: str) -> None:
    (day / "waiting.json").write_text(text, encoding="utf-8")
    (day / "desk.json").write_text('{"commands": 5, "refused": [[1, null]], "ended": 0}', encoding="utf-8")
    found = follow(day).commands()
    assert found["waiting"] is None or found["waiting"]["steps"] == []
    assert found["sent"] == []


def test_a_day_that_is_over_tells_its_record(day: Path) -> None:
    one = {"command": "ping", "arguments": "", "released_tai_s": 2.2e9, "verdict": "completed", "code": None}
    (day / "day.json").write_text(json.dumps({"commands": [one], "refused": [["drive", "why"]]}), encoding="utf-8")
    found = follow(day).commands()
    assert [(row["command"], row["verdict"]) for row in found["sent"]] == [("ping", "completed")]
    assert found["ended"]
    assert digest_of(STACK) == digest_of(STACK.with_go("Asha"))
