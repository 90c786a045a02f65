"""Outer terrain along one circle."""

import math

import numpy as np
import pytest
from tests.terrain.great_circle import surface_m

from lupex.base.constants import MOON_RADIUS_M as R
from lupex.kernels.skyline.far_field import HALF_CELLS, far_samples
from lupex.model import Grid, Terrain

TAU, COS, SIN = 0.0123, math.cos(0.61), math.sin(0.61)
START_A = 11_000.0


def outer(size: int, cell_m: float, seed: int, x_m: float = 0.0, y_m: float = 0.0) -> Terrain:
    grid = Grid.centred("south", x_m, y_m, size, cell_m)
    return Terrain(grid, np.random.default_rng(seed).normal(0.0, 300.0, grid.shape).astype(np.float32))


def flattened(*terrains: Terrain) -> tuple[np.ndarray, np.ndarray]:
    rows, values, offset = [], [], 0
    for terrain in terrains:
        g = terrain.grid
        rows.append((offset, g.rows, g.cols, g.left_m + 0.5 * g.cell_m, g.bottom_m + 0.5 * g.cell_m, g.cell_m))
        values.append(terrain.elevation_m[::-1].ravel())
        offset += g.rows * g.cols
    return np.array(rows, np.float64), np.concatenate(values)


def on_circle(a: np.ndarray) -> np.ndarray:
    """b of the circle at a: the root of cos b - sin a = tau (R - (a^2 + b^2) / 4 R), by bisection."""
    low, high = np.full(np.shape(a), -R), np.full(np.shape(a), R)
    for _ in range(80):
        b = 0.5 * (low + high)
        beyond = COS * b - SIN * a > TAU * (R - (a * a + b * b) / (4.0 * R))
        low, high = np.where(beyond, low, b), np.where(beyond, b, high)
    return 0.5 * (low + high)


def sampled(terrains: tuple[Terrain, ...], sign: float, swap: bool, limit: float, run=far_samples):
    """Samples as (map a, b, height above the sphere, angle from the start)."""
    levels, values = flattened(*terrains)
    x, y = np.zeros(4000), np.zeros(4000)
    a = sign * START_A
    b = float(on_circle(np.array(a)))
    n = run(TAU, COS, SIN, sign, a, b, math.sin(limit), swap, levels, values, R, x, y)
    height = np.hypot(x[:n], y[:n]) - R
    # Back from the circle's plane: unit vector = (x e + y f) / r with e along the pencil and f through its foot.
    root = math.sqrt(1.0 + TAU * TAU)
    ex, fy = sign * x[:n] / (R + height), y[:n] / (R + height) / root
    ua, ub, uk = ex * COS - fy * TAU * SIN, ex * SIN + fy * TAU * COS, fy
    scale = 2.0 * R / (1.0 + uk)
    phi = np.arctan2(x[:n], y[:n])
    q = (a * a + b * b) / (4.0 * R * R)
    start = math.asin(sign * (COS * a + SIN * b) / R / (1.0 + q))
    return ua * scale, ub * scale, height, phi - start


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_samples_are_bilinear_heights_on_the_great_circle_in_order(sign, swap):
    terrain = outer(80, 1500.0, 3)
    a, b, height, angle = sampled((terrain,), sign, swap, 1.0)
    assert np.abs(b - on_circle(a)).max() < 0.2
    expected = surface_m(terrain, b, a) if swap else surface_m(terrain, a, b)
    assert height == pytest.approx(expected, abs=0.5)
    assert np.all(np.diff(angle) > 0.0)


def test_no_strip_is_left_out_and_every_column_and_near_row_is_met():
    terrain = outer(80, 1500.0, 3)
    a, b, _, angle = sampled((terrain,), 1.0, False, 1.0)
    columns = terrain.grid.x_m()
    columns = columns[(columns > START_A) & (columns < a.max() + 1.0)]
    assert np.abs(a[:, None] - columns).min(axis=0).max() < 0.2
    rows = terrain.grid.y_m()
    rows = rows[(rows > b.min() + 1500.0) & (rows < b.max())]
    assert np.abs(b[:, None] - rows).min(axis=0).max() < 0.2
    gaps = np.diff(np.concatenate([[0.0], angle])) * R
    near = a < START_A + (HALF_CELLS - 1.0) * 1500.0
    assert gaps[near].max() < 0.62 * 1500.0
    assert gaps.max() < 1.25 * 1500.0
    assert a.max() > terrain.grid.right_m - 1500.0 or np.abs(b).max() > terrain.grid.top_m - 2500.0


def test_the_next_level_takes_over_where_the_first_ends():
    fine, coarse = outer(60, 500.0, 1, START_A, 35_000.0), outer(120, 2000.0, 2)
    both = Terrain(fine.grid, fine.elevation_m, coarse)
    a, b, height, angle = sampled((fine, coarse), 1.0, False, 1.0)
    assert a.max() > 60_000.0
    inside = surface_m(fine, a, b)
    assert np.count_nonzero(np.isfinite(inside)) > 8
    # The first half-way point of the outer level may lie on the last strip of the inner one.
    assert np.count_nonzero(np.abs(height - surface_m(both, a, b)) > 1.0) <= 1
    assert (np.diff(angle) * R).max() < 2500.0


def test_the_search_ends_at_the_limit():
    limit = 30_000.0 / R
    angle = sampled((outer(80, 1500.0, 3),), 1.0, False, limit)[3]
    assert limit < angle[-1] < limit + 2000.0 / R
    assert np.all(angle[:-1] < limit + 1e-9)


def test_levels_that_do_not_hold_the_start_are_passed_over():
    levels, values = flattened(outer(10, 500.0, 1))
    x, y = np.zeros(100), np.zeros(100)
    assert far_samples(TAU, COS, SIN, 1.0, 50_000.0, 40_000.0, 0.5, False, levels, values, R, x, y) == 0


def test_interpreted_and_compiled_agree():
    terrains = (outer(30, 500.0, 1), outer(40, 2000.0, 2))
    for one, two in zip(
        sampled(terrains, -1.0, True, 0.5), sampled(terrains, -1.0, True, 0.5, far_samples.py_func), strict=True
    ):
        assert one == pytest.approx(two, abs=1e-4)
