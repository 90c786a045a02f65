"""What the skyline is: great circles marched in float64, a quarter of a cell at a time, on the bilinear surface."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray
from sampling import Sample

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.frames import grid_from_pencil_deg, pencil_from_grid_deg
from lupex.model import Terrain

F64 = NDArray[np.float64]

STEPS_PER_CELL = 4
NEAR_CELLS = 32


def pencil_azimuth_deg(terrain: Terrain, at: Sample, kind: str) -> F64:
    """Pencil azimuths (cell, azimuth) of nominal azimuths of a kind: 'pencil'; 'grid', clockwise from the map's +y;
    'turned', clockwise from the great circle of pencil azimuth 0 (what an Embree peer calls north)."""
    nominal = np.broadcast_to(at.azimuth_deg, (at.row.size, at.azimuth_deg.size))
    if kind == "pencil":
        return np.array(nominal)
    x = terrain.grid.x_m()[at.col][:, None]
    y = terrain.grid.y_m()[at.row][:, None]
    start = grid_from_pencil_deg(0.0, x, y) if kind == "turned" else 0.0
    return pencil_from_grid_deg(nominal + start, x, y)


def skyline_deg(terrain: Terrain, at: Sample, azimuth_pencil_deg: F64, reach_m: float) -> tuple[F64, F64]:
    """Elevation of the skyline (cell, azimuth), degrees, and distance to it in cells.

    Starts one cell away. Beyond the grid goes on over the far terrain, if there is one, as far as ``reach_m``.
    """
    grid = terrain.grid
    elevation = np.empty(azimuth_pencil_deg.shape)
    distance = np.empty(azimuth_pencil_deg.shape)
    far = terrain.far
    outer = np.zeros((2, 2)) if far is None else far.elevation_m[::-1].astype(np.float64)
    outer_frame = np.array([0.0, 0.0, 0.0]) if far is None else _frame(far)
    _march(
        terrain.elevation_m[::-1].astype(np.float64), _frame(terrain), outer, outer_frame, grid.rows - 1 - at.row,
        at.col, np.radians(azimuth_pencil_deg), MOON_RADIUS_M, reach_m / MOON_RADIUS_M, elevation, distance,
    )  # fmt: skip
    return elevation, distance


def _frame(terrain: Terrain) -> F64:
    grid = terrain.grid
    return np.array([grid.left_m + 0.5 * grid.cell_m, grid.bottom_m + 0.5 * grid.cell_m, grid.cell_m])


@njit(cache=True)
def _height(z, frame, px, py):
    rows, cols = z.shape
    u = (px - frame[0]) / frame[2]
    v = (py - frame[1]) / frame[2]
    if u < 0.0 or v < 0.0 or u > cols - 1.0 or v > rows - 1.0:
        return math.nan
    j = min(int(u), cols - 2)
    i = min(int(v), rows - 2)
    fu = u - j
    fv = v - i
    low = z[i, j] * (1.0 - fu) + z[i, j + 1] * fu
    high = z[i + 1, j] * (1.0 - fu) + z[i + 1, j + 1] * fu
    return low * (1.0 - fv) + high * fv


@njit(cache=True)
def _march(z, frame, outer, outer_frame, row, col, azimuth, radius, reach, elevation, distance):
    cell = frame[2]
    for n in range(row.size):
        x = frame[0] + col[n] * cell
        y = frame[1] + row[n] * cell
        q = (x * x + y * y) / (4.0 * radius * radius)
        px, py, pk = x / radius / (1.0 + q), y / radius / (1.0 + q), (1.0 - q) / (1.0 + q)
        eye = radius + z[row[n], col[n]]
        one = cell / radius / (1.0 + q)
        for k in range(azimuth.shape[1]):
            dx, dy = math.sin(azimuth[n, k]), math.cos(azimuth[n, k])
            across = dx * px + dy * py
            norm = 1.0 / math.sqrt(1.0 - across * across)
            tx, ty, tk = (dx - across * px) * norm, (dy - across * py) * norm, -across * pk * norm
            best = -math.inf
            step = STEPS_PER_CELL
            inside = True
            while True:
                angle = one * step / STEPS_PER_CELL
                c, s = math.cos(angle), math.sin(angle)
                scale = 2.0 * radius / (1.0 + c * pk + s * tk)
                mx, my = (c * px + s * tx) * scale, (c * py + s * ty) * scale
                h = math.nan
                if inside:
                    h = _height(z, frame, mx, my)
                    inside = not math.isnan(h)
                if not inside:
                    if outer_frame[2] == 0.0 or angle > reach:
                        break
                    h = _height(outer, outer_frame, mx, my)
                    if math.isnan(h):
                        break
                slope = ((radius + h) * c - eye) / ((radius + h) * s)
                if slope > best:
                    best = slope
                    distance[n, k] = step / STEPS_PER_CELL
                step += 1
            elevation[n, k] = math.degrees(math.atan(best))
