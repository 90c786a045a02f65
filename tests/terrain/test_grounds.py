"""Ensembles of grounds: errors with a correlation length, clones told apart, quantiles that the number allows."""

from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import GridError, InputError
from lupex.model import Grid, Terrain
from lupex.terrain.grounds import band, clone_error, cloned, drawn_errors, enough_grounds, error_field, seeded

GRID = Grid("south", 120, 120, 20.0, -1200.0, 1200.0)


def _hills() -> Terrain:
    x, y = GRID.xy_m()
    return Terrain(GRID, (300.0 * np.sin(x / 400.0) + 200.0 * np.cos(y / 300.0)).astype(np.float32), source="hills")


@pytest.mark.parametrize("length_m", [60.0, 400.0])
def test_errors_have_the_variance_and_the_correlation_stated(length_m: float) -> None:
    rng = np.random.default_rng(3)
    fields = np.stack([error_field(GRID, length_m, rng) for _ in range(60)]).astype(np.float64)
    assert fields.std() == pytest.approx(1.0, abs=0.06)
    lag = round(length_m / GRID.cell_m)
    at_length = (fields[:, :, lag:] * fields[:, :, :-lag]).mean()
    half = (fields[:, lag // 2 :, :] * fields[:, : -(lag // 2), :]).mean()
    assert at_length == pytest.approx(np.exp(-1.0), abs=0.06)
    assert half == pytest.approx(np.exp(-((lag // 2 / lag) ** 2)), abs=0.06)


def test_a_clone_is_told_from_an_error_by_its_heights() -> None:
    hills = _hills()
    error = np.random.default_rng(1).normal(0.0, 0.5, GRID.shape).astype(np.float32)
    as_error = replace(hills, elevation_m=error, source="err")
    as_surface = replace(hills, elevation_m=hills.elevation_m + error, source="surf")
    assert np.allclose(clone_error(hills, as_error), error)
    assert np.allclose(clone_error(hills, as_surface), error, atol=1e-3)
    both = list(cloned(hills, [as_error, as_surface]))
    assert np.allclose(both[0].elevation_m, both[1].elevation_m, atol=1e-3)


def test_clones_of_another_sign_unit_or_grid_are_refused() -> None:
    hills = _hills()
    with pytest.raises(InputError, match="its sign is turned"):
        clone_error(hills, replace(hills, elevation_m=-hills.elevation_m))
    with pytest.raises(InputError, match="clones of this"):
        clone_error(
            hills,
            replace(
                hills,
                elevation_m=hills.elevation_m[:, ::-1].copy() + np.float32(5.0) * np.arange(120, dtype=np.float32),
            ),
        )
    with pytest.raises(InputError, match="neither"):
        clone_error(hills, replace(hills, elevation_m=0.3 * hills.elevation_m))
    with pytest.raises(GridError, match="this very DEM"):
        clone_error(hills, hills.crop(0, 0, 60, 60))


def test_maps_of_errors_that_cannot_be_are_refused() -> None:
    hills, rng = _hills(), np.random.default_rng(1)
    for sigma, words in ((np.full(GRID.shape, 500.0), "in metres"), (np.full(GRID.shape, -1.0), "not negative"),
                         (np.full(GRID.shape, np.nan), "no value")):  # fmt: skip
        with pytest.raises(InputError, match=words):
            next(drawn_errors(hills, sigma, 100.0, 1, rng))
    with pytest.raises(GridError, match="2 x 2 cells"):
        next(drawn_errors(hills, np.ones((2, 2)), 100.0, 1, rng))
    with pytest.raises(InputError, match="correlation length"):
        next(drawn_errors(hills, 1.0, 0.0, 1, rng))


def test_too_few_grounds_for_a_quantile_are_refused() -> None:
    with pytest.raises(InputError, match="ask for 20 grounds"):
        band([1.0] * 19)
    with pytest.raises(InputError, match="ask for 100 grounds"):
        enough_grounds(99, 0.01)
    enough_grounds(20, 0.95)


def test_a_ridge_whose_height_error_decides_gives_the_band_of_the_normal_law() -> None:
    """Light behind a ridge is lost where ridge + error stands above the Sun: the share of grounds is Phi((s - h) / sd).

    The height of the ridge over the eye, in an ensemble, is normal with the stated deviation, so the 5 % and 95 %
    quantiles of its elevation lie 1.645 deviations away, and the chance that light holds is that of the normal law.
    """
    rng = np.random.default_rng(7)
    flat = Terrain(GRID, np.zeros(GRID.shape, np.float32))
    sigma = np.zeros(GRID.shape, np.float32)
    sigma[:, 60] = 4.0  # the ridge alone is uncertain
    tops = np.array([one.elevation_m[60, 60] for one in drawn_errors(flat, sigma, 100.0, 400, rng)], np.float64)
    low, middle, high = band(list(tops))
    assert low == pytest.approx(-1.645 * 4.0, abs=0.9)
    assert high == pytest.approx(1.645 * 4.0, abs=0.9)
    assert middle == pytest.approx(0.0, abs=0.6)
    assert float((tops < 2.0).mean()) == pytest.approx(0.6915, abs=0.07)


def test_the_band_covers_as_often_as_it_says() -> None:
    """A new ground falls into the band of 39 others in 90 % of 2000 simulations."""
    rng = np.random.default_rng(11)
    draws = rng.standard_normal((2000, 40))
    bands = np.array([band(list(row[:39])) for row in draws])
    inside = (draws[:, 39] >= bands[:, 0]) & (draws[:, 39] <= bands[:, 2])
    assert float(inside.mean()) == pytest.approx(0.90, abs=0.02)


def test_seeds_of_relief_differ_and_keep_the_coarse_means() -> None:
    coarse = Terrain(Grid("south", 8, 8, 1600.0, -6400.0, 6400.0), np.zeros((8, 8), np.float32))
    one, other = seeded(coarse, (0.0, 0.0), 3200.0, 200.0, 2, np.random.default_rng(2))
    assert not np.allclose(one.elevation_m, other.elevation_m, atol=1.0)
    assert float(one.elevation_m.mean()) == pytest.approx(float(other.elevation_m.mean()), abs=0.01)
