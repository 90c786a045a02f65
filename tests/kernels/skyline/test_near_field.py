"""The nearest columns, the arctangent and the map's own order."""

import math

import numpy as np
import pytest

from lupex.base.constants import MOON_RADIUS_M as R
from lupex.kernels.skyline.near_field import NO_COUNT, near_columns, place_counts, tangents_to_counts

CELL, PAD, SKIP = 150.0, 11, 8
COS, SIN = math.cos(0.4), math.sin(0.4)


def ground(rows: int = 40, cols: int = 70) -> np.ndarray:
    return np.random.default_rng(4).normal(0.0, 40.0, (rows + 2 * PAD, cols + 2 * PAD)).astype(np.float32)


def line_slope(a: float, b: float) -> float:
    """db/da of the great circle of this pencil through map point (a, b), by a small step on the circle itself."""
    scale = 1.0 + (a * a + b * b) / (4.0 * R * R)
    here = np.array([a / R, b / R, 2.0 - scale]) / scale
    ahead = here + 1e-6 * np.array([COS, SIN, 0.0])
    ahead /= np.linalg.norm(ahead)
    to_map = 2.0 * R / (1.0 + ahead[2])
    return (ahead[1] * to_map - b) / (ahead[0] * to_map - a)


def slow_tangent(z, row, col, sign, eye, a0, b0, halves):
    """One cell: height differences over distance at one cell, at the columns, and half-way on the first ones."""
    a, b = a0 + (col + PAD) * CELL, b0 + (row + PAD) * CELL
    slope = line_slope(a, b)
    long = math.hypot(1.0, slope)
    scale = 1.0 + (a * a + b * b) / (4.0 * R * R)
    reaches = [1.0 / long, *range(1, SKIP + 1), *(k + 0.5 for k in range(1, halves + 1))]
    h0 = float(z[row + PAD, col + PAD]) + eye
    best = -math.inf
    for reach in reaches:
        u, v = col + PAD + sign * reach, row + PAD + sign * reach * slope
        j, i = math.floor(u), math.floor(v)
        fu, fv = u - j, v - i
        h = (z[i, j] * (1 - fu) + z[i, min(j + 1, z.shape[1] - 1)] * fu) * (1 - fv) + (
            z[i + 1, j] * (1 - fu) + z[i + 1, min(j + 1, z.shape[1] - 1)] * fu
        ) * fv
        angle = reach * long * CELL / scale / R
        best = max(best, ((R + h) * math.cos(angle) - (R + h0)) / ((R + h) * math.sin(angle)))
    return best


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("eye", "halves"), [(0.0, 2), (10.0, 0)])
def test_the_nearest_columns_match_a_cell_by_cell_reference(sign, eye, halves):
    """Within 2e-4 (0.01 degrees) for slopes up to 1: the line's direction is that of the middle of 32 cells."""
    z = ground()
    a0, b0 = 60_000.0, -45_000.0
    plane = np.full((40, 70), -1e3, np.float32)
    near_columns(z, PAD, SKIP, eye, COS, SIN, sign, a0, b0, CELL, R, halves, plane)
    rng = np.random.default_rng(1)
    for row, col in zip(rng.integers(0, 40, 60), rng.integers(0, 70, 60), strict=True):
        expected = slow_tangent(z, row, col, sign, eye, a0, b0, halves)
        assert plane[row, col] == pytest.approx(expected, abs=2.5e-4 + 2e-4 * abs(expected))


def test_the_nearest_columns_only_ever_raise_the_skyline():
    z = ground()
    plane = np.full((40, 70), 0.3, np.float32)
    near_columns(z, PAD, SKIP, 0.0, COS, SIN, 1, 0.0, 0.0, CELL, R, 2, plane)
    assert plane.min() == np.float32(0.3)
    assert plane.max() > 0.3


def test_interpreted_and_compiled_nearest_columns_agree():
    z = ground(6, 9)
    planes = [np.full((6, 9), -1e3, np.float32) for _ in range(2)]
    for run, plane in zip((near_columns, near_columns.py_func), planes, strict=True):
        run(z, PAD, SKIP, 2.0, COS, SIN, -1, 5000.0, 9000.0, CELL, R, 2, plane)
    assert planes[0] == pytest.approx(planes[1], abs=2e-6)


def test_counts_are_the_arctangent_within_rounding():
    """Half a count, 0.0015 degrees, plus 2e-6 rad."""
    tangents = np.concatenate([np.linspace(-3.0, 3.0, 6001), [-1e3, 1e3, -50.0, 50.0]]).astype(np.float32)
    counts = np.empty((1, tangents.size), np.int16)
    tangents_to_counts(tangents[None], counts)
    exact = np.degrees(np.arctan(tangents.astype(np.float64)))
    assert np.abs(counts[0] * 0.003 - exact).max() < 0.0015 + np.degrees(2e-6) + 1e-6
    again = np.empty_like(counts)
    tangents_to_counts.py_func(tangents[None], again)
    assert np.abs(again.astype(int) - counts).max() <= 1


@pytest.mark.parametrize("run", [place_counts, place_counts.py_func])
def test_planes_are_turned_into_map_order_and_holes_marked(run):
    counts = np.arange(40 * 37, dtype=np.int16).reshape(40, 37)
    nodata = np.zeros((40, 37), np.bool_)
    nodata[3, 5] = True
    out = np.empty((40, 37), np.int16)
    run(counts, False, nodata, out)
    expected = counts[::-1].copy()
    expected[3, 5] = NO_COUNT
    assert np.array_equal(out, expected)
    out = np.empty((37, 40), np.int16)
    run(counts, True, np.zeros((0, 0), np.bool_), out)
    assert np.array_equal(out, counts.T[::-1])
