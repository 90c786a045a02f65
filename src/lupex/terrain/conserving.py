"""Smooth interpolation of cell means that keeps every cell's mean.

One dimension: in each cell a quartic polynomial with that cell's mean and, at both ends, the
value and the derivative of the fourth-order edge estimates (White and Adcroft 2008, J. Comput.
Phys. 227, 7394, "PQM" without limiter). Two dimensions: along columns, then along rows. The
surface has a continuous gradient, a cell's values depend on the five nearest cells each way
only, and the mean over a cell is the given one whatever its neighbours hold.
"""

import numpy as np

from lupex.base.arrays import F64

REACH = 2
"""Cells each way that the values inside one cell depend on."""

EDGE_VALUE = np.array([-1.0, 7.0, 7.0, -1.0]) / 12.0
"""Weights of the four cells around an edge in the value there."""

EDGE_RISE = np.array([1.0, -15.0, 15.0, -1.0]) / 12.0
"""Weights of the four cells around an edge in the derivative there (per cell)."""


def smooth_means(means: F64, ratio: int) -> F64:
    """Means over fine cells (rows - 4) ratio x (cols - 4) ratio of the smooth surface through coarse cell means.

    Args:
        means: (rows, cols) coarse means, finite, with a border of `REACH` cells on every side.
        ratio: fine cells per coarse cell, each way.
    """
    weights = _weights(ratio)
    return np.asarray(_along_rows(_along_rows(means, weights).T, weights).T)


def block_means(fine: F64, ratio: int) -> F64:
    """Means of ratio x ratio blocks."""
    rows, cols = fine.shape
    return np.asarray(fine.reshape(rows // ratio, ratio, cols // ratio, ratio).mean(axis=(1, 3)))


def corner_gradient(means: F64) -> tuple[F64, F64]:
    """Rise per cell along rows and along columns of the smooth surface at the (rows - 3, cols - 3) inner corners."""
    across = _slide(_slide(means, EDGE_RISE), EDGE_VALUE, axis=0)
    down = _slide(_slide(means, EDGE_VALUE), EDGE_RISE, axis=0)
    return across, down


def _along_rows(means: F64, weights: F64) -> F64:
    """Refine the first axis: each coarse cell's five neighbours times (ratio, 5) weights."""
    windows = np.lib.stride_tricks.sliding_window_view(means, 2 * REACH + 1, axis=0)
    fine = np.einsum("rck,fk->rfc", windows, weights, optimize=True)
    return np.ascontiguousarray(fine).reshape(-1, means.shape[1])


def _weights(ratio: int) -> F64:
    """(ratio, 5): what each of the five neighbours gives to the mean over each fine cell."""
    mean = np.array([0.0, 0.0, 1.0, 0.0, 0.0])
    left, right = np.pad(EDGE_VALUE, (0, 1)), np.pad(EDGE_VALUE, (1, 0))
    left_rise, right_rise = np.pad(EDGE_RISE, (0, 1)), np.pad(EDGE_RISE, (1, 0))
    power = np.arange(5)
    conditions = np.array([power == 0, power == 1, np.ones(5), power, 1.0 / (power + 1.0)], dtype=np.float64)
    coefficients = np.linalg.solve(conditions, np.stack([left, left_rise, right, right_rise, mean]))
    edges = np.arange(ratio + 1) / ratio
    integral = edges[:, None] ** (power + 1.0) / (power + 1.0)
    return np.asarray(ratio * np.diff(integral, axis=0) @ coefficients)


def _slide(values: F64, weights: F64, axis: int = 1) -> F64:
    return np.asarray(np.lib.stride_tricks.sliding_window_view(values, weights.size, axis=axis) @ weights)
