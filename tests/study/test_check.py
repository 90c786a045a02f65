"""What can be told about a mission before a study begins."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.study.drive_grounds import bowl, write_mission

from lupex.base.errors import GridError, InputError, MissionError, SpanError
from lupex.mission import load_mission
from lupex.model.settings.place import MissionPlace
from lupex.study import check_mission


def test_the_default_mission_has_all_a_study_needs() -> None:
    said = check_mission(load_mission(None))
    assert [sentence.split(":")[0] for sentence in said] == ["spans", "facts", "antennas", "ground"]
    assert said[0] == (
        "spans: 2028-01-01T00:00:00Z to 2031-01-01T00:00:00Z and the cycle to 2044-09-13T04:12:00Z are covered"
    )
    assert said[3].startswith("ground: 382 x 382 cells of 1600 m")


def test_a_span_outside_the_kernels_is_found() -> None:
    mission = load_mission(None)
    late = replace(mission, light=replace(mission.light, cycle_years=100.0, cycle_start_utc="2100-01-01T00:00:00Z"))
    with pytest.raises(SpanError, match="outside the kernels"):
        check_mission(late)


def test_a_rover_without_a_fact_it_needs_is_found() -> None:
    mission = load_mission(None)
    with pytest.raises(MissionError, match="speed_m_s"):
        check_mission(replace(mission, rover=tuple(fact for fact in mission.rover if fact.key != "speed_m_s")))


def test_a_dem_that_is_none_is_found(tmp_path: Path) -> None:
    (tmp_path / "ground.tif").write_bytes(b"no map")
    (tmp_path / "a.toml").write_text('[terrain]\ndem = "ground.tif"\n')
    with pytest.raises(InputError, match=r"ground.tif"):
        check_mission(load_mission(tmp_path / "a.toml"))


def test_a_place_off_the_region_is_found(tmp_path: Path) -> None:
    mission = load_mission(write_mission(tmp_path, bowl()))
    with pytest.raises(GridError, match="place away"):
        check_mission(replace(mission, places=(MissionPlace("away", -70.0, 0.0),)))
