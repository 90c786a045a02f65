"""Places of the user's own: studied where they stand, beside those that are picked."""

from dataclasses import replace

import pytest
from tests.study.drive_grounds import START, bowl, place, write_mission
from tests.study.stages.test_drive import small

from lupex.base.errors import GridError, InputError
from lupex.mission import Mission, load_mission
from lupex.model.settings.place import MissionPlace
from lupex.study import compared_places
from lupex.study.ground import region_terrain
from lupex.study.stages.region import examine_region, skies
from lupex.study.stages.site import look_closer

EAST = (30, 26)


@pytest.fixture(scope="module")
def mission(tmp_path_factory: pytest.TempPathFactory) -> Mission:
    found = load_mission(write_mission(tmp_path_factory.mktemp("bowl"), bowl()))
    places = (MissionPlace("start", *place(START)), MissionPlace("east", *place(EAST)))
    return replace(small(found, min_psr_area_km2=0.05), places=places)


def test_a_place_of_the_users_is_studied_where_it_stands_even_where_nothing_may_be_picked(mission: Mission) -> None:
    strict = replace(mission, sites=replace(mission.sites, min_lit_days=1000.0))
    sky = skies(mission.light)
    region = examine_region(strict, region_terrain(mission.terrain), sky)
    assert [candidate.name for candidate in region.candidates] == ["start", "east"]
    study = look_closer(strict, region, region.candidates[0], sky)
    cell_m = study.terrain.grid.cell_m
    wanted = region.candidates[0]
    assert abs(study.place.x_m - wanted.x_m) <= cell_m and abs(study.place.y_m - wanted.y_m) <= cell_m
    assert any("lit" in rule for rule in study.place.broken)


def test_places_are_compared_with_each_other_alone(mission: Mission) -> None:
    rows = compared_places(mission)
    assert sorted(row["name"] for row in rows) == ["east", "start"]
    assert [row["rank"] for row in rows] == [1, 2]
    assert sum(row["first_rank_share"] for row in rows) == pytest.approx(1.0)
    assert {"slope_deg", "slope_deg_sigma", "reach_probability"} <= set(rows[0])
    with pytest.raises(InputError, match="give two or more"):
        compared_places(replace(mission, places=mission.places[:1]))


def test_a_place_off_the_region_is_refused(mission: Mission) -> None:
    away = replace(mission, places=(MissionPlace("away", -70.0, 10.0),))
    with pytest.raises(GridError, match=r"place away \(-70, 10\) lies off the region"):
        examine_region(away, region_terrain(mission.terrain), skies(mission.light))
