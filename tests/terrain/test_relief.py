"""The parts of synthetic relief against slow references and published shape laws."""

import numpy as np
import pytest

from lupex.terrain.relief import bell, crater_profile, craters, hashed, octave, stamp, uniform
from lupex.terrain.roughness_law import (
    RefineSettings,
    crater_gradients,
    crater_variance,
    depth_fraction,
    fresh_shape,
    missing_variance,
    octave_variances,
)

PLACES = np.arange(400)


def test_hashed_numbers_are_uniform_and_independent_of_their_neighbours():
    bits = hashed(5, 1, PLACES[None, :] - 200, PLACES[:, None] - 200)
    numbers = uniform(bits)
    assert numbers.mean() == pytest.approx(0.5, abs=0.003) and numbers.var() == pytest.approx(1 / 12, rel=0.01)
    for shifted in (numbers[1:, :-1], numbers[:-1, 1:], numbers[1:, 1:]):
        assert abs(np.corrcoef(numbers[:-1, :-1].ravel(), shifted.ravel())[0, 1]) < 0.01
    normal = bell(bits)
    assert normal.mean() == pytest.approx(0.0, abs=0.01) and normal.std() == pytest.approx(1.0, rel=0.01)


def test_hashed_numbers_never_change():
    """Relief published with a seed must come back: these numbers are part of the format."""
    assert hashed(2028, 3, np.array([0, -7]), np.array([0, 12])).tolist() == [13823197700335461692, 7641419575201859276]


def test_an_octave_is_the_cubic_spline_through_its_lattice_numbers():
    x, y = np.array([130.0, 140.0, 150.0]), np.array([-20.0, -30.0])
    field = octave(9, 2, 40.0, x, y)

    def basis(t: float) -> float:
        t = abs(t)
        return (4 - 6 * t**2 + 3 * t**3) / 6 if t < 1 else (2 - t) ** 3 / 6 if t < 2 else 0.0

    for row, place_y in enumerate(y):
        for col, place_x in enumerate(x):
            slow = sum(
                basis(place_x / 40.0 - i)
                * basis(place_y / 40.0 - j)
                * bell(hashed(9, 2, np.array([i]), np.array([j])))[0]
                for i in range(-5, 10)
                for j in range(-10, 10)
            )
            assert field[row, col] == pytest.approx(slow, abs=1e-12)


def test_block_means_of_an_octave_are_the_means_of_its_blocks():
    at = (np.arange(64) + 0.5) * 10.0
    full, blocks = octave(9, 1, 80.0, at, at[::-1]), octave(9, 1, 80.0, at, at[::-1], ratio=16)
    np.testing.assert_allclose(blocks, full.reshape(4, 16, 4, 16).mean(axis=(1, 3)), atol=1e-12)


def test_craters_follow_the_size_distribution_and_fill_the_map_evenly():
    """N(>D) = density / D^2 per m^2, within three standard deviations."""
    side, density = 40_000.0, 0.036
    found = list(craters(11, density, (60.0, 800.0), (0.0, side, 0.0, side)))
    x, y, d = (np.concatenate([part[k] for part in found]) for k in range(3))
    inside = (x >= 0) & (x < side) & (y >= 0) & (y < side)
    assert d.min() >= 60.0 and d.max() <= 800.0
    for smallest in (60.0, 100.0, 250.0, 500.0):
        expected = density * side**2 * (smallest**-2 - 800.0**-2)
        assert (d[inside] > smallest).sum() == pytest.approx(expected, abs=3 * np.sqrt(expected))
    quarters = np.histogram2d(x[inside], y[inside], bins=2, range=[[0, side], [0, side]])[0]
    assert np.abs(quarters / quarters.mean() - 1.0).max() < 0.05


def test_a_stamped_crater_has_its_depth_rim_and_reach():
    at = (np.arange(400) + 0.5) * 2.0
    surface = np.zeros((400, 400))
    stamp(surface, at, at[::-1], (400.0, 400.0, 200.0, 30.0, 7.0))
    assert surface.min() == pytest.approx(7.0 - 30.0, abs=0.02)
    assert surface.max() == pytest.approx(7.0, abs=0.3)
    away = np.hypot(at[None, :] - 400.0, at[::-1][:, None] - 400.0)
    assert np.abs(surface[away > 301.0]).max() < 1e-9
    np.testing.assert_allclose(surface, surface.T, atol=1e-12)
    np.testing.assert_allclose(surface, surface[::-1], atol=1e-12)


def test_a_crater_off_the_map_leaves_its_apron_only_or_nothing():
    at = (np.arange(50) + 0.5) * 2.0
    surface = np.zeros((50, 50))
    stamp(surface, at, at[::-1], (-60.0, 50.0, 80.0, 10.0, 3.0))
    assert 0.0 < surface.max() < 3.0 and surface.min() == 0.0
    before = surface.copy()
    stamp(surface, at, at[::-1], (-500.0, 50.0, 80.0, 10.0, 3.0))
    np.testing.assert_array_equal(surface, before)


@pytest.mark.parametrize(
    ("diameter_m", "ratio"), [(39.0, 0.11), (40.0, 0.13), (150.0, 0.15), (300.0, 0.17), (400.0, 0.21), (800.0, 0.21)]
)
def test_fresh_craters_have_the_published_depth_and_rim(diameter_m, ratio):
    depth, rim = fresh_shape(diameter_m)
    assert depth / diameter_m == pytest.approx(ratio)
    assert rim / diameter_m == pytest.approx(0.036 * (diameter_m / 1000.0) ** 0.014, rel=1e-6)
    assert crater_profile(np.array([0.0, 0.5, 1.5, 2.0]))[1].tolist() == [1.0, 1.0, 0.0, 0.0]


def test_worn_craters_keep_between_all_and_the_least_of_their_depth():
    kept = depth_fraction(np.array([0.0, 0.5, 1.0]), RefineSettings())
    assert kept == pytest.approx([1.0, np.sqrt(0.15), 0.15])


def test_the_slope_variance_of_craters_is_that_of_a_large_sample():
    settings, baselines = RefineSettings(), 1600.0 / 2.0 ** np.arange(2, 8)
    theory = 0.036 * crater_variance(baselines, 1600.0, settings)
    sample = crater_gradients(0.036, baselines, 1600.0, settings)
    measured = (sample**2).mean(axis=(1, 2))
    # the sample leaves out craters under three cells: compare from four cells up, one map of 6.4 km
    assert measured[:4] == pytest.approx(theory[:4], rel=0.35)


def test_the_slope_variance_of_an_octave_is_that_of_a_large_sample():
    unit = octave_variances()
    at = (np.arange(2048) + 0.5) * 12.5
    for number in (4, 5, 6):
        z = octave(3, number, 1600.0 / 2**number, at, at[::-1])
        for k, lag in ((2, 8), (3, 4), (5, 1)):
            measured = ((z[:, lag:] - z[:, :-lag]) ** 2).mean() / (lag * 12.5 / 1600.0) ** 2
            assert measured == pytest.approx(unit[number - 1, 5 - int(np.log2(lag))], rel=0.06), (number, k)


def test_the_missing_slope_of_level_ground_is_the_whole_rayleigh_distribution():
    settings = RefineSettings()
    missing = missing_variance(np.zeros(1), np.array([17.0, 1700.0]), settings)
    target = np.tan(np.radians(7.6))
    assert missing[0] == pytest.approx(target**2 / (2.0 * np.log(2.0)), rel=1e-3)
    assert missing[1] / missing[0] == pytest.approx(100.0 ** (2 * 0.95 - 2.0), rel=1e-3)


def test_ground_steeper_than_the_target_gets_the_least_relief():
    missing = missing_variance(np.full(100, 0.5), np.array([17.0]), RefineSettings())
    assert missing[0] == pytest.approx(0.1 * np.tan(np.radians(7.6)) ** 2 / (2.0 * np.log(2.0)), rel=1e-9)
