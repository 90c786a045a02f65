"""Stacks that wait for a go given from outside: what counts as one, and a day that heeds it."""

from pathlib import Path

import pytest
from tests.ops.scenes import day_inputs

from lupex.base.errors import InputError
from lupex.ops.commanding.stack import Stack, Step
from lupex.ops.loop.desk import Desk, digest_of
from lupex.ops.loop.inputs import operations_day

STACK = Stack(name="drive 1", steps=(Step(name="drive_to", given={"x_m": 1.0, "y_m": 2.0, "waypoint": 1}),))
OTHER = Stack(name="drive 1", steps=(Step(name="drive_to", given={"x_m": 1.0, "y_m": 2.5, "waypoint": 1}),))


def test_a_go_holds_for_the_stack_that_was_seen_and_for_no_other(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.offer(STACK, 0.0)
    seen = desk.waiting()["digest"]
    desk.offer(OTHER, 10.0)
    with pytest.raises(InputError, match="other commands wait"):
        desk.give(seen, "Asha")
    assert (desk.gone(STACK), desk.gone(OTHER)) == ("", "")
    desk.give(digest_of(OTHER), "  Asha\n Rao ")
    assert (desk.gone(STACK), desk.gone(OTHER)) == ("", "Asha Rao")
    assert desk.waiting() == {}
    with pytest.raises(InputError, match="no commands wait"):
        desk.give(digest_of(OTHER), "Asha")
    desk.clear()
    assert desk.gone(OTHER) == ""


def test_a_go_of_an_earlier_stack_does_not_outlive_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.offer(STACK, 0.0)
    desk.give(digest_of(STACK), "Asha")
    desk.offer(OTHER, 1.0)
    desk.offer(STACK, 2.0)
    assert desk.gone(STACK) == ""


@pytest.mark.parametrize("person", ["", "   ", "\n"])
def test_a_go_needs_a_name(tmp_path: Path, person: str) -> None:
    desk = Desk(tmp_path)
    desk.offer(STACK, 0.0)
    with pytest.raises(InputError, match="without a name"):
        desk.give(digest_of(STACK), person)
    with pytest.raises(InputError, match="at most 80"):
        desk.give(digest_of(STACK), "x" * 81)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"digest": 1}', '{"digest": "' + digest_of(STACK) + '", "person": 7}']
)
def test_a_broken_go_is_none(tmp_path: Path, text: str) -> None:
    desk = Desk(tmp_path)
    desk.offer(STACK, 0.0)
    (tmp_path / "go.json").write_text(text, encoding="utf-8")
    assert desk.gone(STACK) == ""


def test_a_day_at_the_desk_sends_nothing_before_the_go_and_the_stack_after_it(tmp_path: Path) -> None:
    day = operations_day(day_inputs(faults=False, go="", water=None, hours=1.5), tmp_path / "archive.sqlite")
    day.desk = Desk(tmp_path)
    stop = day.settings.stop_tai_s
    while day.craft.tai_s < stop - 1800.0:
        day.step()
    assert day.ground.history.sent == []
    assert day.stacks == []
    found = day.desk.waiting()
    assert found["stack"]["steps"][0]["name"] == "stop_drive"
    day.desk.give(found["digest"], "Asha")
    day.run()
    assert [one.go for one in day.stacks] == ["Asha"]
    assert {"stop_drive", "drive_to"} <= {one.name for one in day.ground.history.sent}
    assert day.desk.waiting() == {}
    said = day.desk.state()
    assert said["ended"] is True
    assert said["gone"] == [["drive 1", "Asha"]]
