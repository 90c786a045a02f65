"""Heights between cells and the march of a single point."""

import math

import numpy as np
import pytest
from tests.kernels.skyline.test_far_field import flattened
from tests.terrain.great_circle import marched_deg, surface_m

from lupex.base.constants import MOON_RADIUS_M as R
from lupex.base.frames import unit_vectors
from lupex.kernels.skyline.point_skyline import height_at, march
from lupex.model import Grid, Terrain


def nested() -> Terrain:
    rng = np.random.default_rng(8)
    far = Grid.centred("south", 0.0, 0.0, 40, 1000.0)
    near = Grid.centred("south", 2000.0, 1000.0, 24, 200.0)
    z = rng.normal(0.0, 20.0, near.shape).astype(np.float32)
    z[5, 6] = np.nan
    return Terrain(near, z, Terrain(far, rng.normal(0.0, 80.0, far.shape).astype(np.float32)))


@pytest.mark.parametrize("read", [height_at, height_at.py_func])
def test_heights_are_bilinear_in_the_finest_level_and_holes_fall_through(read):
    terrain = nested()
    levels, values = flattened(*terrain.levels())
    rng = np.random.default_rng(2)
    x, y = rng.uniform(-21_000.0, 21_000.0, (2, 600))
    x[:300], y[:300] = rng.uniform(-500.0, 4500.0, 300), rng.uniform(-1500.0, 3500.0, 300)
    found = np.array([read(a, b, levels, values) for a, b in zip(x, y, strict=True)])
    expected = surface_m(terrain, x, y)
    assert np.array_equal(np.isnan(found), np.isnan(expected))
    assert np.isnan(found).any()
    seen = ~np.isnan(found)
    assert found[seen] == pytest.approx(expected[seen], abs=1e-4)
    hole = terrain.grid.x_m()[6], terrain.grid.y_m()[5]
    assert read(*hole, levels, values) == pytest.approx(surface_m(terrain.far, *map(np.array, hole)), abs=1e-4)


@pytest.mark.parametrize("run", [march, march.py_func])
def test_the_march_equals_a_walk_in_space(run):
    terrain = nested()
    levels, values = flattened(*terrain.levels())
    x, y = 2100.0, 900.0
    azimuths = np.arange(0.0, 360.0, 30.0)
    cell = 200.0 / (1.0 + (x * x + y * y) / (4.0 * R * R)) / R
    eye = R + height_at(x, y, levels, values) + 5.0
    out = np.empty(azimuths.size)
    run(
        unit_vectors(x, y), eye, np.radians(azimuths), levels, values, R,
        cell, 40_000.0 / R, 0.25 * cell, 0.0, out,
    )  # fmt: skip
    expected, _ = marched_deg(terrain, x, y, azimuths, 5.0, reach_m=40_000.0)
    assert np.degrees(out) == pytest.approx(expected, abs=1e-3)


def test_without_terrain_the_skyline_is_straight_down():
    levels, values = flattened(nested().levels()[0])
    out = np.empty(1)
    march(unit_vectors(1e6, 0.0), R, np.zeros(1), levels, values, R, 1e-4, 1e-2, 1e-4, 0.0, out)
    assert out[0] == -math.pi / 2
