"""The plane under a lander against numpy's least squares, window by window."""

import numpy as np
import pytest

from lupex.kernels.decision.footprint import footprints


def planes(z: np.ndarray, half: int, cell_m: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Slow and obvious: numpy.linalg.lstsq in every window."""
    east, north, departure = (np.full(z.shape, np.nan) for _ in range(3))
    for r, c in np.argwhere(np.isfinite(z)):
        rows, cols = np.mgrid[r - half : r + half + 1, c - half : c + half + 1]
        on = (rows >= 0) & (cols >= 0) & (rows < z.shape[0]) & (cols < z.shape[1])
        rows, cols = rows[on], cols[on]
        known = np.isfinite(z[rows, cols])
        rows, cols = rows[known], cols[known]
        if rows.size < 0.25 * (2 * half + 1) ** 2:
            continue
        a = np.column_stack([(cols - c) * cell_m, (r - rows) * cell_m, np.ones(rows.size)])
        if np.linalg.matrix_rank(a) < 3:
            continue
        fit, *_ = np.linalg.lstsq(a, z[rows, cols], rcond=None)
        east[r, c], north[r, c] = fit[:2]
        departure[r, c] = np.abs(z[rows, cols] - a @ fit).max()
    return east, north, departure


@pytest.mark.parametrize("half", [1, 2])
def test_planes_and_departures_are_those_of_least_squares(half):
    rng = np.random.default_rng(half)
    z = rng.normal(1000.0, 2.0, (9, 11))
    z[4, 5], z[0, :4] = np.nan, np.nan
    found = [np.empty(z.shape) for _ in range(3)]
    footprints(z, half, 2.5, *found)
    for got, expected in zip(found, planes(z, half, 2.5), strict=True):
        assert np.array_equal(np.isnan(got), np.isnan(expected))
        assert np.nanmax(np.abs(got - expected)) < 1e-9


def test_a_plane_has_its_own_gradient_and_no_departure():
    y, x = np.mgrid[0:6, 0:7] * 4.0
    z = 0.1 * x - 0.2 * (-y)
    east, north, departure = (np.empty(z.shape) for _ in range(3))
    footprints(z, 1, 4.0, east, north, departure)
    assert east == pytest.approx(np.full(z.shape, 0.1)) and north == pytest.approx(np.full(z.shape, -0.2))
    assert np.abs(departure).max() < 1e-12
