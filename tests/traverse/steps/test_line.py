"""Pieces of a straight line over a map: every cell met once, heights bilinear, holes known."""

import math

import numpy as np
import pytest
from tests.traverse.drive_scene import ground, sky

from lupex.base.constants import MOON_RADIUS_M
from lupex.model import Grid, Terrain
from lupex.traverse.checks.route_light import light_along
from lupex.traverse.steps.line import bilinear_m, pieces_between


def test_a_slanting_line_visits_the_cells_a_dense_sampling_visits() -> None:
    terrain = ground(np.random.default_rng(1).normal(0.0, 1.0, (5, 40)))
    start, stop = (7.3, 9_953.1), (381.7, 9_994.6)
    found = pieces_between(terrain, start, stop)
    t = np.linspace(0.0, 1.0, 200_001)
    row, col = terrain.grid.cells_of(start[0] + t * (stop[0] - start[0]), start[1] + t * (stop[1] - start[1]))
    changed = np.concatenate([[True], (np.diff(row) != 0) | (np.diff(col) != 0)])
    ours = np.concatenate([[True], (np.diff(found.row) != 0) | (np.diff(found.col) != 0)])
    assert list(zip(found.row[ours], found.col[ours], strict=True)) == list(
        zip(row[changed], col[changed], strict=True)
    )
    flat = np.hypot(np.diff(found.x_m), np.diff(found.y_m)).sum()
    assert flat == pytest.approx(math.dist(start, stop), rel=1e-12)
    rise = (found.length_m * np.sin(np.radians(found.slope_deg))).sum()
    ends = bilinear_m(terrain, np.array([start[0], stop[0]]), np.array([start[1], stop[1]]))
    assert rise == pytest.approx(ends[1] - ends[0], abs=1e-9)


def test_heights_between_middles_are_bilinear_and_level_beyond_the_outermost() -> None:
    x, y = np.meshgrid(np.arange(40.0), np.arange(5.0))
    terrain = ground(2.0 * x + 3.0 * y + 0.5 * x * y)
    at = bilinear_m(terrain, np.array([5.0 + 10 * 3.25, 0.0, 400.1]), np.array([9_995.0 - 10 * 1.5, 9_995.0, 9_995.0]))
    assert at[0] == pytest.approx(2 * 3.25 + 3 * 1.5 + 0.5 * 3.25 * 1.5, abs=1e-6)
    assert at[1] == pytest.approx(0.0) and np.isnan(at[2])


def test_a_drive_beside_a_hole_knows_its_ground_and_one_through_it_does_not() -> None:
    z = np.full((5, 40), 4.0)
    z[1, 10] = np.nan
    beside = pieces_between(ground(z), (55.0, 9_975.0), (155.0, 9_975.0))
    assert np.isfinite(beside.slope_deg).all() and abs(beside.slope_deg).max() == pytest.approx(0.0)
    through = pieces_between(ground(z), (55.0, 9_985.0), (155.0, 9_985.0))
    lost = np.isnan(through.slope_deg)
    assert (through.col[lost] == 10).all() and through.length_m[lost].sum() == pytest.approx(10.0, rel=1e-4)


def test_lengths_are_those_of_the_sphere() -> None:
    grid = Grid("south", 3, 3, 1000.0, 150_000.0, 1_500.0)
    line = pieces_between(Terrain(grid, np.zeros((3, 3), np.float32)), (150_500.0, 0.0), (152_500.0, 0.0))
    ends = 2.0 * MOON_RADIUS_M * np.arctan(np.array([150_500.0, 152_500.0]) / (2.0 * MOON_RADIUS_M))
    assert line.length_m.sum() == pytest.approx(ends[1] - ends[0], rel=1e-7)


def test_light_along_a_route_is_the_light_of_its_cells_however_it_is_read() -> None:
    rng = np.random.default_rng(2)
    disc, earth = (rng.integers(0, top, (100, 5, 40)).astype(np.uint8) for top in (256, 2))
    light = sky(disc=disc, earth=earth)
    row, col = np.array([4, -1, 2, 2]), np.array([0, -1, 39, 7])
    found = light_along(light, row, col, 10, 90)
    for got, all_of in zip(found, (disc, earth), strict=True):
        assert (got[:, [0, 2, 3]] == all_of[10:90, row[[0, 2, 3]], col[[0, 2, 3]]]).all()
        assert (got[:, 1] == 0).all()
