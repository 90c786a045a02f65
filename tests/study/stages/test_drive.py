"""The recommended drive of a site, on a small one looked at closer."""

from dataclasses import replace

import numpy as np
import pytest
from tests.study.drive_grounds import START, bowl, place, write_mission

from lupex.mission import Mission, load_mission
from lupex.results import SiteStudy
from lupex.study.ground import region_terrain
from lupex.study.questions.drives import drive_ground, permanent_shadow, place_cell
from lupex.study.stages.drive import into_shadow_and_back, site_drive, site_scene, start_charge_wh, with_margins
from lupex.study.stages.drive_scene import drive_begin_utc, drive_scene
from lupex.study.stages.landing import land
from lupex.study.stages.region import Region, examine_region, skies
from lupex.study.stages.site import look_closer

BEGIN = "2028-01-03T00:00:00Z"


def small(mission: Mission, **sites: float) -> Mission:
    """A study of one site on 60 x 60 cells."""
    return replace(
        mission,
        terrain=replace(mission.terrain, slope_baseline_m=100.0, fine_slope_baseline_m=100.0),
        light=replace(mission.light, stop_utc="2028-12-31T00:00:00Z", step_hours=6.0, season_days=60.0),
        sites=replace(mission.sites, count=1, separation_km=1.0, min_lit_days=10.0, **sites),
    )


@pytest.fixture(scope="module")
def mission(tmp_path_factory: pytest.TempPathFactory) -> Mission:
    return load_mission(write_mission(tmp_path_factory.mktemp("bowl"), bowl()))


@pytest.fixture(scope="module")
def site(mission: Mission) -> tuple[Mission, Region, SiteStudy]:
    mission = small(mission, min_psr_area_km2=0.05)
    sky = skies(mission.light)
    region = examine_region(mission, region_terrain(mission.terrain), sky)
    return mission, region, look_closer(mission, region, region.candidates[0], sky)


def test_a_site_gets_a_drive_into_the_shadow_near_it_and_back(site: tuple[Mission, Region, SiteStudy]) -> None:
    mission, region, look = site
    drive = site_drive(mission, look, site_scene(*site))
    assert drive.traverse is not None and drive.reason == ""
    way, grid = drive.traverse, look.terrain.grid
    at = way.labels.index("target")
    assert drive.target.startswith("permanent shadow at 89.2")
    assert look.shadow[grid.cell_of(way.x_m[at], way.y_m[at])]
    assert grid.cell_of(way.x_m[0], way.y_m[0]) == grid.cell_of(look.place.x_m, look.place.y_m)
    assert way.summary["drill_hours"] == pytest.approx(4.0, abs=1e-6)
    assert way.disc_fraction[-1] > 0.0
    assert drive.end is not None and drive.end.ends_in == "light"
    assert drive.end.array_w >= drive.end.load_w == drive.rover.hotel_power_w
    assert way.battery_wh[-1] >= drive.end.need_wh and way.slack["end_wh"][-1] >= 0.0
    assert way.safe_until_tdb_s is not None
    assert way.safe_until_tdb_s[-1] == drive.end.may_stay_until_tdb_s > way.times_tdb_s[-1]
    assert 0.1 < drive.static_km < 2.0
    assert way.distance_m[-1] >= 1000.0 * drive.static_km - 1e-6
    assert drive.risk is not None and drive.risk.survival > 0.9
    assert drive.window_utc[0] == drive_begin_utc(mission, region.season)


def test_a_site_without_a_drive_says_why(site: tuple[Mission, Region, SiteStudy]) -> None:
    mission, region, look = site
    none = site_drive(mission, replace(look, shadow=np.zeros_like(look.shadow)), site_scene(*site))
    assert none.traverse is None and "No permanent shadow" in none.reason
    flat = replace(mission, reach=replace(mission.reach, max_down_slope_deg=1.0))
    assert "it needs max_down_slope_deg" in site_drive(flat, look, site_scene(flat, region, look)).reason
    needy = replace(mission, rover=tuple(
        replace(fact, value=True) if fact.key == "comm_to_drive" else fact for fact in mission.rover
    ))  # fmt: skip
    assert "ever in view of the Earth" in site_drive(needy, look, site_scene(needy, region, look)).reason


def test_a_start_the_map_of_charges_rules_out_is_explained_as_the_search_would(
    site: tuple[Mission, Region, SiteStudy],
) -> None:
    mission, region, look = site
    weak = replace(mission, rover=tuple(
        replace(fact, value=fact.value / 40.0) if fact.key == "battery_wh" else fact for fact in mission.rover
    ))  # fmt: skip
    scene = site_scene(weak, region, look)
    searched = site_drive(weak, look, scene)
    landed = land(weak, look, scene)
    start = look.terrain.grid.cell_of(look.place.x_m, look.place.y_m)
    assert not landed.maps["start_need_wh"][start] <= start_charge_wh(weak, scene.rover)
    assert searched.traverse is None and searched.reason.startswith("no plan keeps every limit: ")
    assert site_drive(weak, landed, scene).reason == searched.reason


def test_a_reserve_is_kept_where_it_can_be(mission: Mission) -> None:
    terrain = drive_ground(mission, place(START))
    scene = drive_scene(mission, terrain, BEGIN)
    start, target = place_cell(terrain, place(START), "start"), permanent_shadow(mission, terrain)
    with_reserve = replace(mission, traverse=replace(mission.traverse, reserve_fraction=0.3))
    drive = into_shadow_and_back(with_reserve, scene, start, target)
    assert drive.battery_wh.min() >= 0.5 * scene.rover.battery_wh
    assert drive.summary["lowest_margin_wh"] == pytest.approx(
        drive.summary["lowest_battery_wh"] - scene.rover.least_battery_wh, abs=1e-6
    )
    too_much = replace(mission, traverse=replace(mission.traverse, reserve_fraction=0.79))
    lesser = into_shadow_and_back(too_much, scene, start, target)
    assert any("reserve_fraction" in note for note in lesser.notes)


def test_an_end_has_a_margin_in_time_and_charge_where_one_allows_it(mission: Mission) -> None:
    terrain = drive_ground(mission, place(START))
    scene = drive_scene(mission, terrain, BEGIN)
    start, target = place_cell(terrain, place(START), "start"), permanent_shadow(mission, terrain)
    told = {hours: replace(mission, traverse=replace(mission.traverse, end_late_hours=hours, end_reserve_fraction=r))
            for hours, r in ((0.0, 0.0), (6.0, 0.3), (400.0, 0.0))}  # fmt: skip
    plain, safe, never = (into_shadow_and_back(one, scene, start, target) for one in told.values())
    assert scene.living is not None
    end, at = scene.terrain.grid.cell_of(safe.x_m[-1], safe.y_m[-1]), scene.light.times_tdb_s
    first = int(np.searchsorted(at, safe.times_tdb_s[-1] - 1.0))
    late = scene.living.counts[first : first + round(6.0 * 3600.0 / scene.step_s) + 1, *end] * scene.living.unit_wh
    assert safe.battery_wh[-1] + 1e-3 >= late.max() + 0.3 * scene.rover.battery_wh
    assert safe.times_tdb_s[-1] >= plain.times_tdb_s[-1]
    assert safe.slack["end_wh"][-1] == pytest.approx(safe.battery_wh[-1] - scene.end_at(safe).need_wh, abs=1e-6)
    assert not any("end_late_hours" in note for note in (*plain.notes, *safe.notes))
    np.testing.assert_array_equal(never.times_tdb_s, plain.times_tdb_s)
    assert any("end_late_hours" in note for note in never.notes)


def test_margins_hold_for_every_waypoint_and_repeat_exactly(mission: Mission) -> None:
    terrain = drive_ground(mission, place(START))
    scene = drive_scene(mission, terrain, BEGIN)
    start = place_cell(terrain, place(START), "start")
    drive = into_shadow_and_back(mission, scene, start, permanent_shadow(mission, terrain))
    first, chances, stands = with_margins(mission, scene, drive)
    second, again, _ = with_margins(mission, scene, drive)
    assert first.safe_until_tdb_s is not None and second.safe_until_tdb_s is not None
    np.testing.assert_array_equal(first.safe_until_tdb_s, second.safe_until_tdb_s)
    assert chances == again
    assert np.all(first.safe_until_tdb_s >= first.times_tdb_s)
    assert all(0.0 < haven.lit_fraction <= 1.0 for haven in stands) and stands
