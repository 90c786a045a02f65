"""Slope, aspect, roughness and hillshade over a stated baseline.

Map distances are turned into ground distances with the scale factor of the polar
stereographic projection, ``k = 1 + rho^2 / 4R^2`` (map over ground; Snyder 1987, eq. 21-4 on
the sphere, k0 = 1): a gradient on the ground is ``k`` times the gradient on the map.
Heights are above the sphere, so slopes are against the local horizontal.
"""

from typing import Literal

import numpy as np

from lupex.base.arrays import F32, F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.model import Grid, Terrain

Method = Literal["plane", "horn"]

LEAST_WINDOW_SHARE = 0.25
"""A plane is fitted only where at least this share of its window has heights: a corner of the map just does."""


def used_baseline_m(grid: Grid, baseline_m: float) -> float:
    """The baseline (map metres) that slopes on ``grid`` really use: the nearest even number of cells.

    Raises InputError when the baseline is shorter than 1.6 cells, which the map cannot resolve.
    """
    return 2.0 * _half_window(grid, baseline_m) * grid.cell_m


def slope_deg(terrain: Terrain, baseline_m: float, method: Method = "plane") -> F32:
    """Slope against the local horizontal (row, col), degrees, over ``baseline_m`` (see `used_baseline_m`).

    Args:
        baseline_m: distance between the outermost heights used, along a row or column.
        method: 'plane': least-squares plane through all (2k+1)^2 heights, 2k cells = baseline; needs
            the cell itself and a quarter of its window, so it reaches map corners and the rim of data gaps.
            'horn': Horn (1981, Proc. IEEE 69, 14-47), eight neighbours k cells apart with weights
            1-2-1; NaN where any is missing. Horn on neighbours d apart has the baseline 2d.

    Raises InputError for a baseline the map cannot resolve or an unknown method.
    """
    east, north = gradient(terrain, baseline_m, method)
    return np.degrees(np.arctan(np.hypot(east, north))).astype(np.float32)


def aspect_deg(terrain: Terrain, baseline_m: float, method: Method = "plane") -> F32:
    """Downslope direction (row, col) as azimuth_grid_deg: clockwise from the map's +y, [0, 360).

    NaN where the ground is level or unknown. Baseline, methods and errors as in `slope_deg`.
    """
    east, north = gradient(terrain, baseline_m, method)
    azimuth = np.degrees(np.arctan2(-east, -north)).astype(np.float32) % np.float32(360.0)
    return np.where((east == 0.0) & (north == 0.0), np.float32(np.nan), azimuth)


def roughness_m(terrain: Terrain, baseline_m: float) -> F32:
    """Rms distance (m, vertical) of the heights in the window from their best plane, (row, col).

    The window is that of `slope_deg` with method 'plane': (2k+1)^2 heights, 2k cells = baseline.
    """
    return np.asarray(np.sqrt(_plane(terrain, _half_window(terrain.grid, baseline_m))[2]), dtype=np.float32)


def hillshade(terrain: Terrain, azimuth_grid_deg: float | None = None, elevation_deg: float = 35.0) -> F32:
    """Lambert shading 0..1 (row, col): cosine of the angle between the ground's normal and the light.

    Args:
        terrain: the heights to shade.
        azimuth_grid_deg: where the light comes from, clockwise from the map's +y; None mixes four
            lights (225, 270, 315, 360 degrees), each weighted with how squarely the ground turns its
            side to it (after Mark 1992, USGS OFR 92-422), which shows ridges of every direction.
        elevation_deg: height of the light above the horizon, 0..90.

    No cast shadows. Gradients over two cells; NaN where there is no height.
    """
    if not 0.0 <= elevation_deg <= 90.0:
        raise InputError(f"hillshade: light elevation {elevation_deg:g} deg", "give 0 to 90")
    east, north = gradient(terrain, 2.0 * terrain.grid.cell_m)
    if azimuth_grid_deg is not None:
        return _lambert(east, north, azimuth_grid_deg, elevation_deg).astype(np.float32)
    downslope = np.arctan2(-east, -north)
    light, weight = np.zeros(east.shape), np.zeros(east.shape)
    for azimuth in (225.0, 270.0, 315.0, 360.0):
        share = np.sin(downslope - np.radians(azimuth)) ** 2
        light += share * _lambert(east, north, azimuth, elevation_deg)
        weight += share
    return (light / weight).astype(np.float32)


def gradient(terrain: Terrain, baseline_m: float, method: Method = "plane") -> tuple[F64, F64]:
    """Rise per ground metre towards +x and towards +y, two (row, col) arrays; NaN where unknown.

    Args:
        terrain: the heights.
        baseline_m: over which the ground is fitted.
        method: 'plane' for a least-squares plane, or another word of `Method`.
    """
    half = _half_window(terrain.grid, baseline_m)
    if method == "plane":
        east, north, _ = _plane(terrain, half)
    elif method == "horn":
        east, north = _horn(terrain, half)
    else:
        raise InputError(f"slope: unknown method '{method}'", "use 'plane' or 'horn'")
    scale = _map_scale(terrain.grid)
    return east * scale, north * scale


def _lambert(east: F64, north: F64, azimuth_deg: float, elevation_deg: float) -> F64:
    azimuth, elevation = np.radians(azimuth_deg), np.radians(elevation_deg)
    towards = -(east * np.sin(azimuth) + north * np.cos(azimuth)) * np.cos(elevation) + np.sin(elevation)
    return np.asarray(np.clip(towards / np.sqrt(1.0 + east**2 + north**2), 0.0, 1.0))


def _map_scale(grid: Grid) -> F64:
    x, y = grid.x_m(), grid.y_m()
    return np.asarray(1.0 + (x[None, :] ** 2 + y[:, None] ** 2) / (4.0 * MOON_RADIUS_M**2))


def _half_window(grid: Grid, baseline_m: float) -> int:
    if not (np.isfinite(baseline_m) and baseline_m >= 1.6 * grid.cell_m):
        raise InputError(
            f"slope: a baseline of {baseline_m:g} m is too short for cells of {grid.cell_m:g} m",
            f"use {2 * grid.cell_m:g} m or more",
        )
    return max(1, round(baseline_m / (2.0 * grid.cell_m)))


def _horn(terrain: Terrain, half: int) -> tuple[F64, F64]:
    z = np.pad(terrain.elevation_m.astype(np.float64), half, constant_values=np.nan)
    rows, cols = terrain.grid.shape
    # neighbour (up, right): rows count downwards, y upwards
    at = {(v, h): z[half - v * half :, half + h * half :][:rows, :cols] for v in (-1, 0, 1) for h in (-1, 0, 1)}
    span = 8.0 * half * terrain.grid.cell_m
    east = (at[1, 1] + 2 * at[0, 1] + at[-1, 1] - at[1, -1] - 2 * at[0, -1] - at[-1, -1]) / span
    north = (at[1, 1] + 2 * at[1, 0] + at[1, -1] - at[-1, 1] - 2 * at[-1, 0] - at[-1, -1]) / span
    gap = np.isnan(terrain.elevation_m)
    return np.where(gap, np.nan, east), np.where(gap, np.nan, north)


def _plane(terrain: Terrain, half: int) -> tuple[F64, F64, F64]:
    """Map gradient (east, north) and residual variance (m^2) of the plane through each window's known heights.

    Normal equations from separable window sums, cells counted from the window's centre.
    """
    z = terrain.elevation_m.astype(np.float64)
    known = np.isfinite(z)
    z = np.where(known, z - (z[known].mean() if known.any() else 0.0), 0.0)
    one = known.astype(np.float64)
    box, ramp = np.ones(2 * half + 1), np.arange(-half, half + 1, dtype=np.float64)
    n = _window_sum(one, box, box)
    with np.errstate(invalid="ignore", divide="ignore"):
        x, y = _window_sum(one, box, ramp) / n, _window_sum(one, -ramp, box) / n
        h = _window_sum(z, box, box) / n
        xx = _window_sum(one, box, ramp**2) / n - x * x
        yy = _window_sum(one, ramp**2, box) / n - y * y
        xy = _window_sum(one, -ramp, ramp) / n - x * y
        xh = _window_sum(z, box, ramp) / n - x * h
        yh = _window_sum(z, -ramp, box) / n - y * h
        determinant = xx * yy - xy * xy
        east, north = (xh * yy - yh * xy) / determinant, (yh * xx - xh * xy) / determinant
        variance = np.maximum(_window_sum(z * z, box, box) / n - h * h - east * xh - north * yh, 0.0)
    useful = known & (n >= LEAST_WINDOW_SHARE * box.size**2) & (determinant > 1e-9)
    cell = terrain.grid.cell_m
    return (
        np.where(useful, east / cell, np.nan),
        np.where(useful, north / cell, np.nan),
        np.where(useful, variance, np.nan),
    )


def _window_sum(values: F64, down: F64, across: F64) -> F64:
    """Sum over each window of values times down[row] across[col], zero beyond the map."""
    from scipy.ndimage import correlate1d

    rows = correlate1d(values, down, axis=0, mode="constant")
    return np.asarray(correlate1d(rows, across, axis=1, mode="constant"))
