"""How well a skyline would fix a place of the map: the information of its own changes from cell to cell, no panorama.

At every cell the skyline changes with the place (differences to the neighbours), with the camera's yaw and with its
tilt. Least squares over the azimuths, yaw unknown and tilt known to its prior, leave a covariance of the place
(Cramer-Rao). It tells how sharp the right mode is, not whether a place elsewhere looks alike.
"""

import numpy as np

from lupex.base.arrays import F32, F64
from lupex.model import HorizonMap
from lupex.navigation.surface.skyline_coarse import SettingsOfMatch
from lupex.navigation.surface.skyline_match import BETWEEN_CELLS

AZIMUTH_STEP_DEG = 3.0
YAW_SIGMA_DEG = 104.0
"""Of a yaw that may be anything: 360 / sqrt(12)."""
BLOCK = 2
"""Cells to a side that share one value."""
PLACE_FLOOR = 0.1
"""Cells: between cells a skyline is known to its interpolation only."""


def skyline_precision_m(horizon: HorizonMap, settings: SettingsOfMatch = SettingsOfMatch()) -> F32:
    """One sigma (row, col), m, of a place found by its whole skyline, root of east's and north's squares.

    Args:
        horizon: skylines of every cell. Every second row and column is computed and stands for the block it begins.
        settings: noise of the panorama, tilt, and the azimuth over which errors are one and the same.

    NaN on the edge of the map and beside holes.
    """
    grid, count = horizon.grid, horizon.azimuths_pencil_deg.size
    spacing = 360.0 / count
    every = max(1, round(AZIMUTH_STEP_DEG / spacing))
    weight = min(1.0, every * spacing / settings.independent_deg)
    rows, cols = np.arange(1, grid.rows - 1, BLOCK), np.arange(1, grid.cols - 1, BLOCK)
    answer = np.full(grid.shape, np.nan, np.float32)
    if not (rows.size and cols.size):
        return answer
    normal = np.zeros((4, 4, rows.size, cols.size))
    holes = np.zeros((rows.size, cols.size), bool)
    for k in range(0, count, every):
        layer = horizon.counts[k]
        here = layer[1:-1:BLOCK, 1:-1:BLOCK]
        four = (layer[1:-1:BLOCK, 2::BLOCK], layer[1:-1:BLOCK, :-2:BLOCK],
                layer[2::BLOCK, 1:-1:BLOCK], layer[:-2:BLOCK, 1:-1:BLOCK])  # fmt: skip
        before, after = horizon.counts[k - 1][1:-1:BLOCK, 1:-1:BLOCK], horizon.counts[(k + 1) % count]
        turned = (after[1:-1:BLOCK, 1:-1:BLOCK], before)
        for part in (here, *four, *turned):
            holes |= part == HorizonMap.NODATA
        east, west, south, north = (part.astype(np.float64) * HorizonMap.UNIT_DEG for part in four)
        by_x, by_y = 0.5 * (east - west), 0.5 * (north - south)
        by_yaw = (turned[0].astype(np.float64) - turned[1]) * HorizonMap.UNIT_DEG / (2.0 * spacing)
        variance = settings.sigma_deg**2 + (BETWEEN_CELLS * (np.abs(by_x) + np.abs(by_y))) ** 2
        slopes = (by_x, by_y, by_yaw, np.ones_like(by_x))
        for i in range(4):
            for j in range(i, 4):
                normal[i, j] += weight * slopes[i] * slopes[j] / variance
    for i in range(4):
        for j in range(i):
            normal[i, j] = normal[j, i]
    sigma = _place_sigma(np.moveaxis(normal, (0, 1), (2, 3)), settings.tilt_sigma_deg) * grid.cell_m
    sigma[holes] = np.nan
    spread = np.repeat(np.repeat(sigma, BLOCK, axis=0), BLOCK, axis=1)
    height, width = min(spread.shape[0], grid.rows - 2), min(spread.shape[1], grid.cols - 2)
    answer[1 : 1 + height, 1 : 1 + width] = spread[:height, :width]
    return answer


def _place_sigma(normal: F64, tilt_sigma_deg: float) -> F64:
    """Root of the trace of the place's covariance, cells, from normal matrices (..., 4, 4) of x, y, yaw and tilt."""
    normal = normal.copy()
    normal[..., 2, 2] += 1.0 / YAW_SIGMA_DEG**2
    normal[..., 3, 3] += 1.0 / tilt_sigma_deg**2
    # A place of which the skyline tells nothing is as open as the map is wide: 1e6 cells.
    normal[..., 0, 0] += 1e-12
    normal[..., 1, 1] += 1e-12
    covariance = np.linalg.inv(normal)
    return np.sqrt(covariance[..., 0, 0] + covariance[..., 1, 1] + 2.0 * PLACE_FLOOR**2)
