"""A step that was finished is not computed again; one of other inputs, or that cannot be kept, is."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from lupex.base.errors import LupexWarning
from lupex.mission import load_mission
from lupex.model import Candidate
from lupex.results import Season
from lupex.study import Kept, study_key, unfinished

SEASON = Season("2028-01-01T00:00:00Z", "2028-04-01T00:00:00Z", 91.0, ("2028-01-01T00:00:00Z",), (0.5,))


class Counted:
    """A step that counts how often it is computed."""

    def __init__(self, value: object) -> None:
        self.value, self.calls = value, 0

    def __call__(self) -> object:
        self.calls += 1
        return self.value


def test_a_finished_step_is_read_by_a_later_run_of_the_same_key_alone(tmp_path: Path) -> None:
    step = Counted(SEASON)
    for key, calls in (("one", 1), ("one", 1), ("two", 2), ("one", 3)):
        assert Kept(unfinished(tmp_path / "out", key)).step("season", step) == SEASON
        assert step.calls == calls
    assert [path.name for path in tmp_path.iterdir()] == [".out.unfinished"]


def test_without_a_store_every_step_is_computed_and_nothing_is_written(tmp_path: Path) -> None:
    step = Counted(SEASON)
    assert Kept().step("season", step) is Kept().step("season", step)
    assert step.calls == 2


def test_a_value_of_a_class_that_is_not_ours_is_computed_again(tmp_path: Path) -> None:
    lock = threading.Lock()
    step = Counted({"lock": lock})
    kept = Kept(unfinished(tmp_path / "out", "key"))
    assert kept.step("odd", step) == {"lock": lock} == kept.step("odd", step)
    assert step.calls == 2


def test_a_disk_that_takes_no_step_is_told_of_and_stops_nothing(tmp_path: Path) -> None:
    kept = Kept(unfinished(tmp_path / "out", "key"))
    (tmp_path / ".out.unfinished").write_text("in the way")
    with pytest.warns(LupexWarning, match="a stopped study will start over"):
        assert kept.step("season", Counted(SEASON)) == SEASON


def test_the_key_of_a_study_decides_which_steps_count(tmp_path: Path) -> None:
    mission = load_mission(None)
    first = unfinished(tmp_path / "out", study_key(mission))
    Kept(first).step("season", Counted(SEASON))
    changed = replace(mission, study=replace(mission.study, seed=mission.study.seed + 1))
    assert unfinished(tmp_path / "out", study_key(mission)).finished() == ("season",)
    assert unfinished(tmp_path / "out", study_key(changed)).finished() == ()


def test_candidates_keep_their_order_of_criteria(tmp_path: Path) -> None:
    place = {"lat_deg": -89.5, "lon_deg": 10.0, "x_m": 1.0, "y_m": 2.0}
    candidate = Candidate(name="S1", rank=1, score=0.5, criteria={"z": 1.0, "a": 2.0}, **place)
    kept = Kept(unfinished(tmp_path / "out", "key"))
    assert list(kept.step("candidate", lambda: candidate).criteria) == ["z", "a"]
