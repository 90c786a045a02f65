"""Touchdown probabilities: a disc hazard in closed form, direct sums, drawn landings, scipy's filter."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import minimum_filter

from lupex.base.errors import GridError, InputError
from lupex.model import DispersionSettings, Grid
from lupex.sites.dispersion import cell_shares, ellipse, samples
from lupex.sites.hazard import HazardMap
from lupex.sites.touchdown import avoided, touchdown_at, touchdown_map

GRID = Grid.centred("south", 0.0, 0.0, 201, 10.0)
FINE = Grid.centred("south", 0.0, 0.0, 401, 5.0)
SETTINGS = DispersionSettings(avoid_radius_m=0.0, draws=200_000)


def disc(grid: Grid, radius_m: float, at=(0.0, 0.0)) -> np.ndarray:
    """Share of each cell inside a disc, by 6 x 6 points."""
    x, y = grid.xy_m()
    sub = ((np.arange(6) + 0.5) / 6 - 0.5) * grid.cell_m
    return np.mean([np.hypot(x - at[0] + a, y - at[1] + b) < radius_m for a in sub for b in sub], axis=0)


def hazards(hazard: np.ndarray, grid: Grid = GRID) -> HazardMap:
    h = hazard.astype(np.float32)
    layers = {"hazard_probability": h, "slope_hazard": h, "step_hazard": 0.0 * h, "rock_hazard": 0.0 * h}
    return HazardMap(grid, layers, {}, "")


def blotches(seed: int, grid: Grid = GRID) -> np.ndarray:
    from scipy.ndimage import gaussian_filter

    rough = gaussian_filter(np.random.default_rng(seed).standard_normal(grid.shape), 3)
    return np.clip(0.3 + 2.0 * rough, 0.0, 1.0)


@pytest.mark.parametrize("sigma_m", [60.0, 100.0, 150.0])
@pytest.mark.parametrize("radius_m", [50.0, 120.0, 250.0])
def test_a_round_dispersion_over_a_round_hazard_is_the_closed_form(sigma_m, radius_m):
    safe = math.exp(-(radius_m**2) / (2.0 * sigma_m**2))
    hazard, dispersion = disc(FINE, radius_m), ellipse(sigma_m, sigma_m, 0.0)
    assert touchdown_map(hazard, FINE, dispersion).probability[200, 200] == pytest.approx(safe, abs=0.001)
    found = touchdown_at(hazards(hazard, FINE), (0.0, 0.0), dispersion, SETTINGS, np.random.default_rng(3))
    assert found.probability == pytest.approx(safe, abs=0.001)
    assert found.monte_carlo == pytest.approx(safe, abs=max(0.001, 4.0 * found.monte_carlo_error))


def test_every_aim_point_of_the_convolution_is_the_direct_sum_at_it():
    hazard, dispersion = blotches(1), ellipse(90.0, 30.0, 35.0)
    hazard[40:60, 10:30] = np.nan
    found = touchdown_map(hazard, GRID, dispersion)
    for row, col in ((0, 0), (50, 20), (100, 100), (200, 3), (37, 160)):
        aim = (float(GRID.x_m()[col]), float(GRID.y_m()[row]))
        shares = np.where(np.isnan(hazard), 0.0, cell_shares(dispersion, GRID, aim))
        direct = float((shares * (1.0 - np.nan_to_num(hazard))).sum() / shares.sum())
        assert found.probability[row, col] == pytest.approx(direct, abs=1e-6)
        assert found.share_outside[row, col] == pytest.approx(1.0 - shares.sum(), abs=1e-6)


def test_a_dispersion_wider_than_the_map_is_normalised_and_its_outside_stated():
    small = Grid.centred("south", 0.0, 0.0, 30, 10.0)
    found = touchdown_map(blotches(2, small), small, ellipse(400.0, 300.0, 20.0))
    shares = cell_shares(ellipse(400.0, 300.0, 20.0), small, (5.0, 5.0))
    assert found.share_outside[14, 15] == pytest.approx(1.0 - shares.sum(), abs=1e-9)
    assert 0.85 < found.share_outside[14, 15] < 0.95
    assert found.probability[14, 15] == pytest.approx(
        1.0 - (shares * blotches(2, small)).sum() / shares.sum(), abs=1e-6
    )


def test_a_lopsided_dispersion_is_not_mirrored():
    hazard = np.zeros(GRID.shape)
    hazard[:, 120:] = 1.0
    to_the_east = samples([[150.0, 0.0], [160.0, 0.0]])
    found = touchdown_map(hazard, GRID, to_the_east).probability
    assert found[100, 100] == pytest.approx(1.0) and found[100, 110] == pytest.approx(0.0, abs=1e-9)
    up = samples([[0.0, 300.0], [0.0, 310.0]])
    hazard = np.zeros(GRID.shape)
    hazard[:100] = 1.0
    assert touchdown_map(hazard, GRID, up).probability[120, 50] == pytest.approx(0.0, abs=1e-9)
    assert touchdown_map(hazard, GRID, up).probability[140, 50] == pytest.approx(1.0)


@pytest.mark.parametrize("radius_m", [10.0, 25.0, 60.0])
def test_avoidance_takes_the_least_hazard_of_the_disc_as_scipys_filter_does(radius_m):
    hazard = blotches(4)
    hazard[30:33, 50:60] = np.nan
    k = math.floor(radius_m / 10.0)
    y, x = np.mgrid[-k : k + 1, -k : k + 1] * 10.0
    least = minimum_filter(np.where(np.isnan(hazard), np.inf, hazard), footprint=np.hypot(x, y) <= radius_m,
                           mode="constant", cval=np.inf)  # fmt: skip
    expected = 0.3 * hazard + 0.7 * np.where(np.isnan(hazard), np.nan, least)
    assert avoided(hazard, GRID, radius_m, 0.7) == pytest.approx(expected, nan_ok=True)


def test_avoidance_that_cannot_move_or_never_works_changes_nothing():
    hazard = blotches(5)
    for radius_m, success in ((0.0, 1.0), (9.0, 1.0), (50.0, 0.0)):
        assert np.array_equal(avoided(hazard, GRID, radius_m, success), hazard)
    with pytest.raises(InputError, match="success 1.2"):
        avoided(hazard, GRID, 10.0, 1.2)


def test_convolution_and_drawn_landings_agree_with_avoidance_and_gaps():
    hazard = blotches(6)
    hazard[:, 140:] = np.nan
    settings = replace(SETTINGS, avoid_radius_m=40.0, avoid_success_fraction=0.8)
    dispersion = ellipse(200.0, 80.0, 60.0)
    pulls = []
    for seed in range(8):
        found = touchdown_at(hazards(hazard), (120.0, -30.0), dispersion, settings, np.random.default_rng(seed))
        pulls.append((found.monte_carlo - found.probability) / found.monte_carlo_error)
    assert found.monte_carlo_error < 0.0015 and max(abs(p) for p in pulls) < 4.0
    assert abs(np.mean(pulls)) < 4.0 / math.sqrt(8)
    assert found.probability > found.without_avoidance + 0.02
    assert found.terms["slope"] == pytest.approx(1.0 - found.without_avoidance) and found.terms["rocks"] == 0.0
    assert 0.05 < found.terms["share_outside"] < 0.5


def test_the_best_aim_point_lies_on_the_safe_side():
    hazard = disc(GRID, 200.0, (0.0, 0.0))
    settings = replace(SETTINGS, aim_search_m=400.0, draws=1000)
    found = touchdown_at(hazards(hazard), (100.0, 0.0), ellipse(50.0, 50.0, 0.0), settings, np.random.default_rng(7))
    assert found.best_aim_probability > 0.999 > 0.1 > found.probability
    assert found.best_aim_offset_m[0] > 200.0 and math.hypot(*found.best_aim_offset_m) <= 400.0
    still = replace(settings, aim_search_m=0.0)
    same = touchdown_at(hazards(hazard), (100.0, 0.0), ellipse(50.0, 50.0, 0.0), still, np.random.default_rng(7))
    assert same.best_aim_offset_m == (0.0, 0.0) and same.best_aim_probability == pytest.approx(same.probability)


def test_what_cannot_be_used_is_refused():
    with pytest.raises(GridError, match=r"shape \(3, 3\)"):
        touchdown_map(np.zeros((3, 3)), GRID, ellipse(10.0, 10.0, 0.0))
    with pytest.raises(InputError, match="above 1"):
        touchdown_map(np.full(GRID.shape, 1.5), GRID, ellipse(10.0, 10.0, 0.0))
    with pytest.raises(InputError, match="none of the dispersion"):
        touchdown_at(hazards(blotches(8)), (1e6, 0.0), ellipse(10.0, 10.0, 0.0), SETTINGS, np.random.default_rng(0))
