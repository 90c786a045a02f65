"""Lines, hulls and the sweep against slow references."""

import math
import os
import subprocess
import sys

import numpy as np
import pytest

from lupex.base.constants import MOON_RADIUS_M as R
from lupex.kernels.skyline.sweep import VOID_M, hull_tangents, spread_between, sweep, trace_line

COS, SIN = math.cos(-0.5), math.sin(-0.5)
A0, B0, CELL = -20_000.0, 150_000.0, 400.0


def ground(rows: int = 60, cols: int = 80) -> np.ndarray:
    return np.random.default_rng(6).normal(0.0, 200.0, (rows, cols)).astype(np.float32)


def traced(z: np.ndarray, tau: float, run=trace_line):
    arrays = [np.zeros(z.shape[1]) for _ in range(6)]
    a_m = A0 + CELL * np.arange(z.shape[1])
    first, last = run(tau, COS, SIN, a_m, B0, CELL, z, R, *arrays)
    return first, last, a_m, *arrays


def through(a: float, b: float) -> float:
    """The line parameter of the circle through a map point."""
    return (COS * b - SIN * a) / (R - (a * a + b * b) / (4.0 * R))


@pytest.mark.parametrize("run", [trace_line, trace_line.py_func])
def test_a_line_is_a_great_circle_sampled_at_every_column(run):
    z = ground()
    tau = through(A0 + 40 * CELL, B0 + 30 * CELL)
    first, last, a, row, height, x, y, tangent, secant = traced(z, tau, run)
    use = slice(first, last + 1)
    assert last - first > 60
    b = B0 + row * CELL
    scale = 1.0 + (a * a + b * b) / (4.0 * R * R)
    points = np.stack([a / R, b / R, 2.0 - scale]) / scale
    normal = np.cross(points[:, first], points[:, last])
    normal /= np.linalg.norm(normal)
    assert np.abs(normal @ points[:, use]).max() < 1e-12
    # It meets the equator in the pencil's direction.
    assert abs(normal @ np.array([COS, SIN, 0.0])) < 1e-9
    i = np.floor(row[use]).astype(int)
    columns = np.arange(first, last + 1)
    f = row[use] - i
    assert height[use] == pytest.approx(z[i, columns] * (1 - f) + z[i + 1, columns] * f, abs=1e-3)
    assert np.hypot(x, y)[use] == pytest.approx((R + height)[use], abs=1e-6)
    assert tangent[use] == pytest.approx((x / y)[use], rel=1e-12)
    assert secant[use] == pytest.approx(np.hypot(1.0, tangent[use]), rel=1e-12)


def test_a_line_off_the_grid_has_no_columns():
    first, last, *_ = traced(ground(), through(A0, B0 + 400 * CELL))
    assert first > last


def slow_tangents(x, y, first, last, step, skip, eye, far):
    """Steepest of all points at least ``skip`` columns ahead, and of those beyond the end, seen from each column."""
    out = {}
    for i in range(first, last + 1):
        radius, phi = math.hypot(x[i], y[i]) + eye, math.atan2(step * x[i], y[i])
        ahead = range(i + step * skip, (last if step > 0 else first) + step, step)
        points = [(step * x[j], y[j]) for j in ahead] + far
        seen = []
        for px, py in points:
            r, angle = math.hypot(px, py), math.atan2(px, py) - phi
            seen.append((r * math.cos(angle) - radius) / (r * math.sin(angle)))
        out[i] = max(seen, default=None)
    return out


@pytest.mark.parametrize("run", [hull_tangents, hull_tangents.py_func])
@pytest.mark.parametrize("step", [1, -1])
@pytest.mark.parametrize(("skip", "eye"), [(1, 0.0), (9, 0.0), (3, 25.0)])
def test_hull_tangents_are_the_steepest_of_all_points_ahead(run, step, skip, eye):
    z = ground()
    z[10:14, 30:33] = VOID_M
    first, last, _, _, height, x, y, tangent, secant = traced(z, through(A0 + 40 * CELL, B0 + 30 * CELL))
    end = math.atan2(step * x[last if step > 0 else first], y[last if step > 0 else first])
    angles = end + np.linspace(0.002, 0.08, 40)
    radii = R + np.random.default_rng(3).normal(800.0, 900.0, 40)
    fx, fy = radii * np.sin(angles), radii * np.cos(angles)
    slope0, inverse = np.zeros(x.size), np.zeros(x.size)
    hx, hy = np.zeros(200), np.zeros(200)
    run(
        first, last, step, skip, eye, x, y, height, tangent, secant, fx, fy, 40, hx, hy, slope0, inverse
    )  # fmt: skip
    expected = slow_tangents(x, y, first, last, step, skip, eye, list(zip(fx, fy, strict=True)))
    for i in range(first, last + 1):
        if height[i] > -5000.0:
            assert slope0[i] - (height[i] + eye) * inverse[i] == pytest.approx(expected[i], abs=1e-7)


def test_nothing_ahead_is_straight_down():
    z = ground()
    first, last, _, _, height, x, y, tangent, secant = traced(z, through(A0 + 40 * CELL, B0 + 30 * CELL))
    slope0, inverse, none = np.zeros(x.size), np.zeros(x.size), np.zeros(1)
    hx, hy = np.zeros(200), np.zeros(200)
    hull_tangents(first, last, 1, 1, 0.0, x, y, height, tangent, secant, none, none, 0, hx, hy, slope0, inverse)
    assert (slope0[last], inverse[last]) == (-1e3, 0.0)


@pytest.mark.parametrize("run", [spread_between, spread_between.py_func])
def test_cells_between_two_lines_get_the_linear_mean_at_their_own_height(run):
    """Tangents S + V h: rows 4.25 and 5.1 around row 5, one column of the pad left out on each side."""
    z = np.full((12, 6), 7.0, np.float32)
    plane = np.full((10, 4), -9.0, np.float32)
    row, following = np.full(6, 4.25), np.full(6, 5.1)
    run(0, 5, row, np.full(6, 0.2), np.full(6, 1e-3), following, np.full(6, 0.4), np.full(6, 3e-3), 2.0, 1, z, plane)
    w = (5.0 - 4.25) / (5.1 - 4.25)
    expected = np.full((10, 4), -9.0)
    expected[4] = 0.2 + 0.2 * w - 9.0 * (1e-3 + 2e-3 * w)
    assert plane == pytest.approx(expected, abs=1e-6)


def swept(z, a0, b0, cell, cos, sin, skip=0, run=sweep):
    pad = skip + 3
    shape = z.shape[0] - 2 * pad, z.shape[1] - 2 * pad
    plus, minus = np.zeros(shape, np.int16), np.zeros(shape, np.int16)
    run(
        z, pad, False, cos, sin, a0, b0, cell, R, 0.1, 0.0, skip, min(skip, 2), np.zeros((0, 6)),
        np.zeros(1, np.float32), np.zeros((0, 0), np.bool_), plus, minus,
    )  # fmt: skip
    return plus, minus


def test_every_cell_of_a_wide_grid_far_from_the_pole_is_reached():
    """300 km off, 120 km wide, 20 m cells: the circles sag by 90 m between the corners, more than four rows."""
    plus, minus = swept(np.zeros((14, 6006), np.float32), -60_000.0, 300_000.0, 20.0, 1.0, 0.0)
    assert np.all(plus[:, :-1] > -100)
    assert np.all(minus[:, 1:] > -100)


def test_the_sweep_interpreted_equals_the_compiled_one():
    z = ground(22 + 6, 20 + 6)
    compiled = swept(z, A0, B0, CELL, COS, SIN, 2)
    interpreted = swept(z, A0, B0, CELL, COS, SIN, 2, sweep.py_func)
    for one, two in zip(compiled, interpreted, strict=True):
        assert np.abs(one.astype(int) - two).max() <= 1


PURE = """
import sys
import numpy as np
from lupex.model import Grid, Terrain
from lupex.terrain import SkylineSettings, horizon_map
rng = np.random.default_rng(1)
far = Terrain(Grid.centred("south", 0, 0, 20, 900.0), rng.normal(0, 90, (20, 20)).astype("f4"))
z = rng.normal(0, 30, (14, 11)).astype("f4")
z[4, 5] = np.nan
terrain = Terrain(Grid("south", 14, 11, 300.0, -2000.0, 2500.0), z, far)
np.save(sys.argv[1], horizon_map(terrain, SkylineSettings(azimuths=8, observer_height_m=2.0)).counts)
"""


def test_no_line_of_it_compiled_gives_the_same_map(tmp_path):
    """The whole engine with the compiler switched off, in a process of its own, within one count (0.003 degrees)."""
    maps = []
    for name, switch in (("on.npy", "0"), ("off.npy", "1")):
        path = tmp_path / name
        environment = {**os.environ, "NUMBA_DISABLE_JIT": switch}
        subprocess.run([sys.executable, "-c", PURE, str(path)], check=True, env=environment, timeout=300)
        maps.append(np.load(path).astype(int))
    assert np.abs(maps[0] - maps[1]).max() <= 1
    assert (maps[0] == -32768).sum() == 8
