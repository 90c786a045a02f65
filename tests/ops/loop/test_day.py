"""A day of the loop over a synthetic place, with contacts, light time and three faults."""

import json
from pathlib import Path

import pytest
from tests.ops.scenes import START_S, day_inputs

from lupex.ops.archive.store import Wanted
from lupex.ops.loop.inputs import joined_spans, operations_day
from lupex.ops.simulator.state import end_state
from lupex.packets.definitions.decode import decode
from lupex.packets.definitions.rows import tai_of
from lupex.packets.streams.batch import batch_of


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("day")
    day = operations_day(day_inputs(files=folder / "files"), folder / "a.sqlite")
    return day, day.run()


def test_the_day_ends_in_the_right_state_with_every_fault_met(passed) -> None:
    day, verdicts = passed
    assert [one.asked for one in verdicts if not one.right] == []
    assert len([one for one in verdicts if one.asked.split(":")[0] in ("stuck", "restart", "noise")]) == 3


def test_telemetry_of_the_time_without_contact_arrives_later_and_stands_where_it_belongs(passed) -> None:
    day, _ = passed
    blind = Wanted(start_tai_s=START_S + 9100.0, stop_tai_s=START_S + 13_900.0, name="rover_hk")
    found = list(day.ground.archive.packets(blind))
    assert len(found) == 80  # one a minute
    assert all(one.reception_tai_s > START_S + 14_000.0 for one in found)
    assert [one.tai_s for one in found] == sorted(one.tai_s for one in found)


def test_commands_went_up_in_order_and_were_answered(passed) -> None:
    day, _ = passed
    sent = day.ground.history.sent
    assert [one.name for one in sent[:2]] == ["stop_drive", "enable_schedule"]
    short = [one for one in sent if one.name not in ("measure_neutrons", "drill_to")]  # a restart may end the others
    assert {one.verdict for one in short} <= {"completed", "failed"}
    for one in sent:
        assert one.released_tai_s < one.stages["accepted"] <= one.stages["started"]


def test_what_is_measured_at_the_goal_becomes_evidence_once_and_a_decision(passed) -> None:
    day, verdicts = passed
    loop = day.ground.water
    held = list(day.ground.archive.packets(Wanted(name="neutron_counts")))
    assert len(loop.weighed) == len(loop.evidence.measurements) == len(held) >= 1
    batch = batch_of([one.octets for one in held])
    for name, table in decode(day.ground.dictionary, batch).tables.items():  # played back: nothing new
        loop.see(name, tai_of(table), table.columns())
    assert len(loop.weighed) == len(held)
    assert next(one for one in verdicts if one.asked.startswith("is there water")).right


def test_tracks_of_drives_come_down_whole_though_units_are_lost(passed) -> None:
    day, verdicts = passed
    tracks, files = list(day.craft.tracks.values()), day.ground.files
    assert next(one for one in verdicts if one.asked.startswith("tracks")).right
    assert len(tracks) >= 2
    held = {one.name: one.path.read_bytes() for one in files.verdicts if one.path}
    assert held == {one.name: one.octets for one in tracks}
    found = [one.tai_s for one in day.ground.archive.packets(Wanted(name="rover_track"))]
    assert found == sorted(found)
    assert len(found) == sum(one.packets for one in tracks) > 50


def test_a_day_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    first = operations_day(day_inputs(hours=1.2, faults=False, files=tmp_path / "files"), tmp_path / "a")
    first.run()
    assert first.craft.onboard.recorder.current  # a drive is under way
    state = json.loads(json.dumps(end_state(first.craft)))
    later = START_S + 4320.0
    second = operations_day(
        day_inputs(hours=0.5, faults=False, state=state, start_tai_s=later, files=tmp_path / "c"), tmp_path / "b"
    )
    body, before = second.craft.onboard.body, first.craft.onboard.body
    assert (body, second.craft.tai_s) == (before, later)
    rows = second.run()
    assert second.craft.onboard.body.odometer_m >= before.odometer_m > 0.0
    assert next(one for one in rows if one.asked == "every packet that came is in the archive").right
    opened = bytes.fromhex("".join(state["recorder"]["current"]))
    tracks = [*second.craft.tracks.values(), *second.craft.onboard.recorder.closed]
    now_open = b"".join(second.craft.onboard.recorder.current)
    assert any(one.octets.startswith(opened) for one in tracks) or now_open.startswith(opened)


def test_equal_seeds_give_equal_days(tmp_path: Path) -> None:
    ends = []
    for name in ("a", "b"):
        day = operations_day(day_inputs(hours=1.5), tmp_path / name)
        day.run()
        ends.append((day.craft.onboard.body, [one.octets for one in day.ground.archive.packets(by_time=False)]))
    assert ends[0] == ends[1]


def test_without_a_go_a_stack_is_made_and_nothing_is_sent(tmp_path: Path) -> None:
    day = operations_day(day_inputs(hours=1.0, go="", faults=False), tmp_path / "a")
    verdicts = day.run()
    assert [one.go for one in day.stacks] == [""]
    assert day.ground.history.sent == []
    assert day.craft.onboard.body.odometer_m == 0.0
    assert next(one for one in verdicts if one.asked.startswith("without a go")).right


def test_booked_passes_that_touch_are_one_contact_and_short_ones_none() -> None:
    assert joined_spans([(3000.0, 5000.0), (0.0, 1500.0), (1500.0, 2500.0), (9000.0, 9100.0)]) == (
        (0.0, 2500.0), (3000.0, 5000.0),
    )  # fmt: skip
