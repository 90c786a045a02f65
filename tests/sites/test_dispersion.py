"""Dispersions integrated over cells, against closed forms and drawn landings."""

import math

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError, MissionError
from lupex.base.frames import map_xy_m
from lupex.model import DispersionSettings, Grid
from lupex.sites.dispersion import Dispersion, cell_shares, dispersion_at, ellipse, kernel, samples

GRID = Grid.centred("south", 0.0, 0.0, 80, 25.0)


@pytest.mark.parametrize("sigmas", [(150.0, 60.0), (40.0, 8.0), (10.0, 3.0)])
@pytest.mark.parametrize("azimuth", [0.0, 37.0, 90.0])
def test_each_cell_gets_the_share_of_landings_drawn_into_it(sigmas, azimuth):
    dispersion = ellipse(*sigmas, azimuth)
    aim = (11.0, -7.0)
    shares = cell_shares(dispersion, GRID, aim)
    drawn = dispersion.draw(400_000, np.random.default_rng(1)) + aim
    counts = np.histogram2d(-drawn[:, 1], drawn[:, 0], bins=[-GRID.top_m + 25.0 * np.arange(81.0)] * 2)[0] / 400_000
    assert shares.sum() == pytest.approx(1.0, abs=1e-6)
    assert np.abs(shares - counts).max() < 5.0 * math.sqrt(shares.max() / 400_000)


def test_a_cell_holds_the_integral_and_not_the_density_at_its_centre():
    dispersion = ellipse(30.0, 12.0, 25.0)
    shares = cell_shares(dispersion, GRID, (0.0, 0.0))
    normal = multivariate_normal([0.0, 0.0], dispersion.covariance_m2)
    sub = (np.arange(60) + 0.5) / 60 * 25.0
    for row, col in ((39, 40), (38, 41), (41, 38)):
        x = GRID.left_m + col * 25.0 + sub[None, :] + np.zeros((60, 1))
        y = GRID.top_m - row * 25.0 - sub[:, None] + np.zeros((1, 60))
        assert shares[row, col] == pytest.approx(normal.pdf(np.dstack([x, y])).mean() * 625.0, rel=2e-4)


def test_the_long_axis_lies_along_the_azimuth():
    covariance = ellipse(100.0, 10.0, 90.0).covariance_m2
    assert np.diag(covariance) == pytest.approx([10_000.0, 100.0]) and abs(covariance[0, 1]) < 1e-9
    assert ellipse(100.0, 10.0, 45.0).covariance_m2[0, 1] == pytest.approx(0.5 * (10_000.0 - 100.0))


def test_a_missions_ellipse_turns_with_the_meridian_and_is_stretched_as_the_map():
    settings = DispersionSettings(along_sigma_m=200.0, cross_sigma_m=50.0, track_azimuth_true_deg=0.0)
    x, y = (float(v) for v in map_xy_m(-85.0, 90.0, "south"))
    axes, turn = np.linalg.eigh(dispersion_at(settings, GRID, (x, y)).covariance_m2)
    scale = 1.0 + x * x / (4.0 * MOON_RADIUS_M**2)
    assert np.sqrt(axes) == pytest.approx([50.0 * scale, 200.0 * scale])
    # At longitude 90 E true north points away from the pole, to the right of the map.
    assert abs(turn[0, 1]) == pytest.approx(1.0, abs=1e-9)


def test_samples_fall_into_their_cells_and_are_drawn_again():
    offsets = np.array([[0.0, 0.0], [30.0, 0.0], [0.0, 30.0], [1e6, 0.0]])
    dispersion = samples(offsets)
    shares = cell_shares(dispersion, GRID, (12.0, -12.0))
    assert [shares[40, 40], shares[40, 41], shares[39, 40]] == [0.25, 0.25, 0.25] and shares.sum() == 0.75
    drawn = dispersion.draw(1000, np.random.default_rng(2))
    assert {tuple(row) for row in drawn} == {tuple(row) for row in offsets}
    with pytest.raises(InputError, match=r"shape \(1, 2\)"):
        samples([[0.0, 0.0]])


def test_the_kernel_is_the_dispersion_around_a_cell_centre_cut_to_size():
    dispersion = ellipse(60.0, 30.0, 10.0)
    whole = kernel(dispersion, 25.0, (500, 500))
    assert whole.sum() == pytest.approx(1.0, abs=1e-8) and whole == pytest.approx(whole[::-1, ::-1], abs=1e-15)
    grid = Grid.centred("south", 0.0, 0.0, 41, 25.0)
    shares = cell_shares(dispersion, grid, (0.0, 0.0))
    assert kernel(dispersion, 25.0, (3, 2)) == pytest.approx(shares[17:24, 18:23], abs=1e-15)


@pytest.mark.parametrize(
    ("covariance", "words"),
    [
        ([[100.0, 120.0], [120.0, 100.0]], r"\[\[100, 120\], \[120, 100\]\] m2 is not positive definite"),
        ([[100.0, 0.0], [0.0, 0.0]], "not positive definite"),
        ([[100.0, 5.0], [4.0, 100.0]], "not positive definite"),
        ([[math.nan, 0.0], [0.0, 1.0]], "not 2 x 2 finite numbers"),
    ],
)
def test_a_covariance_that_is_none_is_refused_with_its_numbers(covariance, words):
    with pytest.raises(MissionError, match=words):
        Dispersion(np.array(covariance))


def test_an_ellipse_without_width_is_refused():
    with pytest.raises(MissionError, match="semi-axes of 100 m and 0 m are no ellipse"):
        ellipse(100.0, 0.0, 0.0)
