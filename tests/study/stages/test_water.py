"""A survey around a site: temperatures of its map, stations, maps from orbit, and where none is possible."""

from dataclasses import replace

import numpy as np
import pytest
from tests.study.stages.test_thermal import crater, mission

from lupex.base.errors import InputError, MissionError
from lupex.io import write_cog
from lupex.mission import load_mission
from lupex.model import Candidate, LightMap
from lupex.results import SiteStudy
from lupex.sites import FinePlace
from lupex.study.stages.thermal import region_thermal
from lupex.study.stages.water import local_prior, mission_trials, site_water, typical_prior, water_trials
from lupex.study.steps import Kept, unfinished
from lupex.terrain import slope_deg
from lupex.thermal.maps import DEEPEST_M

SMALL = replace(
    mission(region_cells=900),
    water=replace(load_mission(None).water, worlds=10, most_samples=1, radius_km=9.0, spacing_m=3000.0),
)


@pytest.fixture(scope="module")
def trials():
    return mission_trials(SMALL)


@pytest.fixture(scope="module")
def study() -> SiteStudy:
    """A site in the middle of a crater at 88 degrees south, ground made up of one bowl."""
    terrain = crater(60, 300.0)
    slope = slope_deg(terrain, 600.0).astype(np.float32)
    maps = LightMap(grid=terrain.grid, layers={"slope_deg": slope}, meanings={"slope_deg": "slope"}, span_utc=("", ""),
                    observer_height_m=0.0, synthetic_below_m=None)  # fmt: skip
    lat, lon = (float(part[30, 30]) for part in terrain.grid.lat_lon_deg())
    x, y = float(terrain.grid.x_m()[30]), float(terrain.grid.y_m()[30])
    place = FinePlace(grid=terrain.grid, row=30, col=30, lat_deg=lat, lon_deg=lon, x_m=x, y_m=y, score=1.0, criteria={},
                      scores={}, broken=(), suitable_share=1.0)  # fmt: skip
    return SiteStudy(
        candidate=Candidate(name="bowl", lat_deg=lat, lon_deg=lon, x_m=x, y_m=y, rank=1, score=1.0), terrain=terrain,
        maps=maps, place=place, shadow=np.zeros(terrain.grid.shape, bool), thermal=region_thermal(SMALL, terrain),
    )  # fmt: skip


@pytest.fixture(scope="module")
def found(study, trials):
    made = site_water(SMALL, study, trials)
    assert made is not None
    return made


def test_places_take_temperature_and_ice_from_the_nearest_cell_of_the_map(study, found):
    grid = study.thermal.maps.grid
    places = found.places
    assert places.slope_deg.max() <= SMALL.water.max_slope_deg
    for n in (0, places.x_m.size // 2, places.x_m.size - 1):
        row, col = int((grid.top_m - places.y_m[n]) // grid.cell_m), int((places.x_m[n] - grid.left_m) // grid.cell_m)
        assert places.max_k[n] == study.thermal.maps["surface_max_k"][row, col]
        depth = float(study.thermal.maps["ice_depth_m"][row, col])
        assert places.stability_depth_m[n] == (depth if depth < DEEPEST_M else np.inf)


def test_stations_lie_where_ice_lasts_and_the_map_says_the_same_as_the_places(study, found):
    stable = found.places.stability_depth_m <= SMALL.water_rule.reach_m
    assert stable.any()
    best = found.survey.stations[0].number
    assert stable[best] and found.places.present[best] == found.places.present.max()
    layer, grid = found.maps["water_probability"], found.maps.grid
    row = int((grid.top_m - found.places.y_m[best]) // grid.cell_m)
    col = int((found.places.x_m[best] - grid.left_m) // grid.cell_m)
    assert layer[row, col] == pytest.approx(found.places.present[best], rel=1e-6)
    assert found.numbers["places_with_stable_ice"] == stable.sum()
    assert found.numbers["survey_hours"] == len(found.survey.stations) * found.survey.chosen.hours


def test_maps_from_orbit_move_the_chance_where_they_lie_and_places_off_them_are_counted(study, found, trials, tmp_path):
    half = study.terrain.grid.crop(0, 0, 60, 30)
    hydrogen = np.full(half.shape, 12_000.0, np.float32)  # ppm of hydrogen: 10.8 wt% of water
    write_cog(tmp_path / "lend.tif", half, hydrogen, name="h", unit="1", meaning="hydrogen, made up")
    water = replace(SMALL.water, hydrogen_map=str(tmp_path / "lend.tif"), hydrogen_unit="ppm")
    told = site_water(replace(SMALL, water=water), study, trials)
    on = told.places.x_m < half.right_m
    np.testing.assert_allclose(told.places.hydrogen_wt_percent[on], 10.8, rtol=1e-6)
    assert np.isnan(told.places.hydrogen_wt_percent[~on]).all() and (~on).any()
    assert (told.places.present[on] > found.places.present[on]).all()
    np.testing.assert_allclose(told.places.present[~on], found.places.present[~on], atol=1e-9)
    assert any(note.startswith(f"Prior from lend.tif: {on.sum()} of {on.size} places") for note in told.notes)
    with pytest.raises(InputError, match=r"wt% of water-equivalent hydrogen lies outside 0 \.\. 30"):
        site_water(replace(SMALL, water=replace(water, hydrogen_unit="wt_percent")), study, trials)


def test_simulated_holes_and_a_survey_are_kept_and_read_back_alike(found, trials, study, tmp_path):
    kept = Kept(unfinished(tmp_path / "out", "key"))
    read = kept.step("holes", lambda: trials)
    assert read is not trials
    assert (read.chosen.rates.counts, read.weights, read.inputs) == (
        trials.chosen.rates.counts,
        trials.weights,
        trials.inputs,
    )
    assert [one.rates.counts for one in read.variants] == [one.rates.counts for one in trials.variants]
    again = kept.step("site", lambda: replace(study, water=found)).water
    assert (again.survey.stations, again.numbers, again.notes) == (found.survey.stations, found.numbers, found.notes)
    np.testing.assert_array_equal(again.maps["water_probability"], found.maps["water_probability"])


def test_a_hydrogen_map_needs_its_unit(tmp_path):
    (tmp_path / "lend.tif").write_bytes(b"")
    for line, said in (
        ('hydrogen_map = "lend.tif"', "given without its unit"),
        ('hydrogen_unit = "ppm"', "without hydrogen_map"),
    ):
        (tmp_path / "mission.toml").write_text(f"[water]\n{line}\n")
        with pytest.raises(MissionError, match=said):
            load_mission(tmp_path / "mission.toml")


def test_no_survey_where_it_is_not_asked_for_or_no_hole_can_be_made(study, trials):
    assert water_trials(replace(SMALL, water=replace(SMALL.water, in_study=False))) is None
    assert site_water(SMALL, study, None) is None
    assert site_water(replace(SMALL, water=replace(SMALL.water, max_slope_deg=-1.0)), study, trials) is None


def test_the_prior_of_a_place_follows_the_depth_of_stable_ice():
    chance, cover = local_prior(SMALL, np.array([0.0, 0.7, 1.39, 1.41, np.inf]))
    prior = SMALL.water_prior
    assert chance.tolist() == [prior.ice_probability] * 3 + [SMALL.water.unstable_probability] * 2
    assert cover.tolist() == [0.0, 0.7, 1.39, prior.cover_median_m, prior.cover_median_m]
    typical = typical_prior(prior, cover, chance)
    assert (typical.cover_median_m, typical.ice_probability) == (0.7, prior.ice_probability)
