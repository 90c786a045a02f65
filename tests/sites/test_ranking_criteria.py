"""The table of criteria: complete, in words, and with clear errors."""

from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError, MissionError
from lupex.model import Grid, RankingSettings
from lupex.model.settings.ranking import WEIGHT_NAMES
from lupex.sites import DECISION_CRITERIA, SiteInputs, criteria_table, preferences, rank_candidates

SETTINGS = RankingSettings()
LAYERS = {
    "slope_deg": 5.0,
    "season_lit_fraction": 0.7,
    "season_longest_lit_days": 40.0,
    "season_longest_dark_days": 3.0,
    "season_earth_fraction": 0.5,
    "psr_distance_km": 4.0,
}
GIVEN = {"touchdown_probability": 0.97, "reach_probability": 0.6}


def site(name="S1", given=None, sigma=None, **layers):
    grid = Grid.centred("south", 0.0, 0.0, 21, 100.0)
    maps = {key: np.full(grid.shape, value, np.float32) for key, value in {**LAYERS, **layers}.items()}
    return SiteInputs(
        name=name,
        grid=grid,
        layers=maps,
        x_m=0.0,
        y_m=0.0,
        radius_m=300.0,
        given=given or GIVEN,
        given_sigma=sigma or {},
    )


def test_every_criterion_has_its_own_weight_and_every_weight_its_criterion():
    assert sorted(c.weight for c in DECISION_CRITERIA) == sorted(WEIGHT_NAMES)
    assert len({c.name for c in DECISION_CRITERIA}) == len(DECISION_CRITERIA)


def test_every_criterion_says_unit_meaning_and_how_its_error_is_estimated():
    units = {"deg": "degrees", "m": "metres", "days": "days", "km": "kilometres", "km2": "square kilometres"}
    for c in DECISION_CRITERIA:
        assert c.unit == units.get(c.name.rsplit("_", 1)[1], ""), c.name
        assert c.meaning and c.sigma_rule


def test_the_default_table_has_the_criteria_with_weight_in_their_sense():
    table = criteria_table([site(), site("S2", slope_deg=8.0)])
    assert table.alternatives == ("S1", "S2")
    assert table.criteria == ("touchdown_probability", "reach_probability", *LAYERS)
    assert table.higher_is_better == (True, True, False, True, True, False, True, False)
    np.testing.assert_allclose(table.value[:, 2], [5.0, 8.0])
    np.testing.assert_allclose(table.value[0, :2], [0.97, 0.6])
    np.testing.assert_allclose(table.sigma, 0.0, atol=1e-6)


def test_what_is_given_stands_before_what_is_measured():
    given = {**GIVEN, "slope_deg": 3.5}
    sigma = {"slope_deg": 0.4, "psr_distance_km": 0.2, "reach_probability": 0.01}
    table = criteria_table([site(given=given, sigma=sigma)])
    row = {name: (table.value[0, j], table.sigma[0, j]) for j, name in enumerate(table.criteria)}
    assert row["slope_deg"] == (3.5, 0.4)
    assert row["psr_distance_km"] == (4.0, 0.2)
    assert row["reach_probability"] == (0.6, 0.01)
    assert row["touchdown_probability"] == (0.97, 0.0)


def test_a_given_value_without_a_map_has_no_error():
    settings = replace(SETTINGS, weight_earth=0.0, weight_earth_gap=0.1)
    table = criteria_table([site(given={**GIVEN, "season_longest_earth_gap_days": 14.0})], settings)
    j = table.criteria.index("season_longest_earth_gap_days")
    assert (table.value[0, j], table.sigma[0, j]) == (14.0, 0.0)


def test_a_missing_map_or_value_names_site_criterion_and_the_weight_that_leaves_it_out():
    with pytest.raises(InputError) as error:
        criteria_table([site()], replace(SETTINGS, weight_ice=0.1, weight_psr=0.0))
    assert str(error.value) == (
        "criterion 'ice_depth_m': site S1: the map 'ice_depth_m' is missing; give that map, or set [ranking] "
        "weight_ice = 0"
    )
    with pytest.raises(InputError, match=r"'reach_probability': site S1 has no value for it; give one, or set \[rank"):
        criteria_table([site(given={"touchdown_probability": 0.9})])
    with pytest.raises(InputError, match="no sites"):
        criteria_table([])


def test_no_weight_at_all_is_refused():
    with pytest.raises(MissionError, match="every weight is 0"):
        criteria_table([site()], replace(SETTINGS, **dict.fromkeys(WEIGHT_NAMES, 0.0)))


def test_the_table_and_the_weights_of_the_settings_can_be_ranked():
    sites = [site("flat", slope_deg=1.0), site("steep", slope_deg=9.0), site("dark", season_lit_fraction=0.2)]
    found = rank_candidates(criteria_table(sites), SETTINGS, np.random.default_rng(1), preferences(SETTINGS))
    assert found.order[0] == "flat"
    assert found.rank_acceptability[0, 0] == 1.0
    assert found.weights.sum() == pytest.approx(1.0)
    assert found.weights[2] == pytest.approx(0.1)
