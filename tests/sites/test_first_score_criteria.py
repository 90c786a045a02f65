"""Distances to shadow and scores in closed form."""

from dataclasses import replace

import numpy as np
import pytest
from tests.sites.layers import region

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import GridError, InputError, MissionError
from lupex.base.frames import unit_vectors
from lupex.model import Grid, SiteSettings
from lupex.sites import CRITERIA, distance_to_shadow_km, site_scores

SETTINGS = SiteSettings()


def test_distance_to_one_shadowed_cell_is_pythagoras():
    grid = Grid.centred("south", 0.0, 0.0, 9, 500.0)
    mask = np.zeros(grid.shape, bool)
    mask[4, 4] = True
    distance = distance_to_shadow_km(mask, grid)
    assert distance.dtype == np.float32 and distance[4, 4] == 0.0
    assert distance[0, 0] == pytest.approx(np.hypot(2.0, 2.0), rel=1e-5)
    assert distance[4, 8] == pytest.approx(2.0, rel=1e-5)


def test_far_from_the_pole_map_distance_is_shortened_to_ground_distance():
    grid = Grid.centred("south", 300_000.0, 0.0, 41, 1000.0)
    mask = np.zeros(grid.shape, bool)
    mask[20, 20] = True
    x, y = grid.xy_m()
    cosine = np.clip(unit_vectors(x, y) @ unit_vectors(x[20, 20], y[20, 20]), -1.0, 1.0)
    arc_km = MOON_RADIUS_M * np.arccos(cosine) / 1000.0
    assert distance_to_shadow_km(mask, grid) == pytest.approx(arc_km, rel=2e-3, abs=1e-3)


def test_without_shadow_every_distance_is_infinite_and_layers_count_above_one_half():
    grid, _ = region()
    assert np.isposinf(distance_to_shadow_km(np.zeros(grid.shape, bool), grid)).all()
    layer = np.full(grid.shape, np.nan, np.float32)
    layer[0, 0], layer[1, 1] = 1.0, 0.0
    assert distance_to_shadow_km(layer, grid)[0, 1] == pytest.approx(1.6, rel=1e-4)
    with pytest.raises(GridError, match=r"shape \(2, 2\)"):
        distance_to_shadow_km(np.zeros((2, 2), bool), grid)


@pytest.mark.parametrize(
    ("layer", "value", "name", "score"),
    [
        ("season_lit_fraction", 0.8, "light", 0.8),
        ("season_lit_fraction", 1.2, "light", 1.0),
        ("season_earth_fraction", 0.3, "earth", 0.3),
        ("slope_deg", 0.0, "slope", 1.0),
        ("slope_deg", 2.5, "slope", 0.75),
        ("slope_deg", 10.0, "slope", 0.0),
        ("slope_deg", 25.0, "slope", 0.0),
        ("psr_distance_km", 0.0, "psr", 1.0),
        ("psr_distance_km", 4.0, "psr", 0.6),
        ("psr_distance_km", np.inf, "psr", 0.0),
    ],
)
def test_each_criterion_is_scaled_linearly_between_its_ends(layer, value, name, score):
    _, layers = region()
    layers[layer][:] = value
    assert site_scores(layers, SETTINGS)[1][name] == pytest.approx(score, abs=1e-6)


def test_the_score_is_the_weighted_mean_whatever_the_weights_add_up_to():
    _, layers = region()
    expected = 0.4 * 0.8 + 0.2 * 0.5 + 0.2 * 0.8 + 0.2 * 0.6
    assert site_scores(layers, SETTINGS)[0] == pytest.approx(expected, abs=1e-6)
    tenfold = replace(SETTINGS, **{c.weight: 10.0 * getattr(SETTINGS, c.weight) for c in CRITERIA})
    assert site_scores(layers, tenfold)[0] == pytest.approx(expected, abs=1e-6)
    light_only = replace(SETTINGS, weight_earth=0.0, weight_slope=0.0, weight_psr=0.0)
    assert site_scores(layers, light_only)[0] == pytest.approx(0.8, abs=1e-6)


def test_an_unknown_layer_value_makes_the_score_unknown_unless_its_weight_is_zero():
    _, layers = region()
    layers["psr_distance_km"][2, 3] = np.nan
    assert np.argwhere(np.isnan(site_scores(layers, SETTINGS)[0])).tolist() == [[2, 3]]
    assert np.isfinite(site_scores(layers, replace(SETTINGS, weight_psr=0.0))[0]).all()


@pytest.mark.parametrize("bad", [-0.1, float("nan"), float("inf")])
def test_weights_that_are_no_weights_are_refused_by_name(bad):
    with pytest.raises(MissionError, match=r"\[sites\]: weight_slope is"):
        site_scores(region()[1], replace(SETTINGS, weight_slope=bad))


def test_weights_that_are_all_zero_are_refused():
    nothing = replace(SETTINGS, weight_light=0.0, weight_earth=0.0, weight_slope=0.0, weight_psr=0.0)
    with pytest.raises(MissionError, match="every weight is 0"):
        site_scores(region()[1], nothing)


def test_a_missing_layer_is_named():
    _, layers = region()
    del layers["season_earth_fraction"]
    with pytest.raises(InputError, match="layer 'season_earth_fraction' is missing"):
        site_scores(layers, SETTINGS)


def test_limits_of_zero_leave_only_perfect_places_worth_anything():
    _, layers = region()
    layers["slope_deg"][0, 0] = 0.0
    slope = site_scores(layers, replace(SETTINGS, max_slope_deg=0.0))[1]["slope"]
    assert slope[0, 0] == 1.0 and slope[0, 1] == 0.0
