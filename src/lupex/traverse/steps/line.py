"""The ground along a straight line over a map: pieces cut at every cell, with true slopes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, I64
from lupex.base.constants import MOON_RADIUS_M
from lupex.model import Terrain
from lupex.model.fields.grid import OUTSIDE


@dataclass(frozen=True, eq=False, kw_only=True)
class Pieces:
    """Pieces (piece,) of a straight line, none longer than the way between a cell's edge and its middle lines.

    Attributes:
        x_m, y_m: (piece + 1,) their ends. row, col: cell each lies in; -1 off the map.
        length_m: on the ground, along the slope. slope_deg: positive up; NaN where a height is missing.
        cross_deg: side slope at the cell edges the piece ends at; NaN where it ends at none or it is unknown.
        step_m: height from the cell before to this one, at their middles; through a corner the highest to and from
            the cells beside it; 0 within a cell, NaN unknown.
    """

    x_m: F64
    y_m: F64
    row: I64
    col: I64
    length_m: F64
    slope_deg: F64
    cross_deg: F64
    step_m: F64


def pieces_between(terrain: Terrain, start_m: tuple[float, float], stop_m: tuple[float, float]) -> Pieces:
    """The straight line between two map points, cut wherever it crosses an edge or a middle line of a cell.

    Between such cuts the bilinear surface through the cells' middles is a parabola along the line; the slope of a
    piece is the mean of it, so a line from middle to middle has the slopes of the steps between neighbouring cells,
    a diagonal one those of its two halves through the corner. The side slope is measured where the line passes from
    cell to cell, over one cell's width. Lengths are on the sphere (map length over the map's scale) and the slope.

    Args:
        terrain: heights to drive over.
        start_m, stop_m: map points (x, y).
    """
    grid = terrain.grid
    u = (np.array([start_m[0], stop_m[0]]) - grid.left_m) / grid.cell_m
    v = (grid.top_m - np.array([start_m[1], stop_m[1]])) / grid.cell_m
    share, at_edge = _cuts(u, v)
    x = start_m[0] + share * (stop_m[0] - start_m[0])
    y = start_m[1] + share * (stop_m[1] - start_m[1])
    middle_x, middle_y = 0.5 * (x[1:] + x[:-1]), 0.5 * (y[1:] + y[:-1])
    row, col = grid.cells_of(middle_x, middle_y)
    scale = 1.0 + (middle_x**2 + middle_y**2) / (4.0 * MOON_RADIUS_M**2)
    flat = np.hypot(np.diff(x), np.diff(y)) / scale
    z = bilinear_m(terrain, x, y)
    here = terrain.elevation_m[np.maximum(row, 0), np.maximum(col, 0)]
    rise = np.where((row == OUTSIDE) | np.isnan(here), np.nan, np.diff(z))
    cross = _cross_deg(terrain, x, y, (stop_m[0] - start_m[0], stop_m[1] - start_m[1]))
    return Pieces(
        x_m=x,
        y_m=y,
        row=row,
        col=col,
        length_m=np.hypot(flat, np.nan_to_num(rise)),
        slope_deg=np.degrees(np.arctan2(rise, flat)),
        cross_deg=_at_ends(np.where(at_edge, cross, np.nan)),
        step_m=_steps_m(terrain, row, col),
    )


def bilinear_m(terrain: Terrain, x_m: F64, y_m: F64) -> F64:
    """Height between the cells' middles; NaN where none of the four around has one, and off the map.

    Beside a hole only the cells that have heights count; beyond the outermost middles the surface goes on level.

    Args:
        terrain: one level of heights.
        x_m, y_m: (n,) map points.
    """
    grid = terrain.grid
    u = np.clip((x_m - grid.left_m) / grid.cell_m - 0.5, 0.0, grid.cols - 1.0)
    v = np.clip((grid.top_m - y_m) / grid.cell_m - 0.5, 0.0, grid.rows - 1.0)
    left, top = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
    total, weights = np.zeros(u.shape), np.zeros(u.shape)
    for i, down in ((top, 1.0 - (v - top)), (np.minimum(top + 1, grid.rows - 1), v - top)):
        for j, right in ((left, 1.0 - (u - left)), (np.minimum(left + 1, grid.cols - 1), u - left)):
            z = terrain.elevation_m[i, j].astype(np.float64)
            weight = np.where(np.isfinite(z), down * right, 0.0)
            total += weight * np.nan_to_num(z)
            weights += weight
    inside = (x_m >= grid.left_m) & (x_m <= grid.right_m) & (y_m >= grid.bottom_m) & (y_m <= grid.top_m)
    return np.where(inside & (weights > 1e-9), total / np.maximum(weights, 1e-9), np.nan)


def _cuts(u: F64, v: F64) -> tuple[F64, NDArray[np.bool_]]:
    """Shares of the way (cut,) from 0 to 1 where a half line of the grid is crossed, and whether it is an edge."""
    shares, edges = [0.0, 1.0], [False, False]
    for ends in (u, v):
        low, high = sorted((2.0 * float(ends[0]), 2.0 * float(ends[1])))
        halves = np.arange(np.ceil(low), np.floor(high) + 1.0)
        if high - low > 1e-9 and halves.size:
            shares.extend(np.clip((halves / 2.0 - ends[0]) / (ends[1] - ends[0]), 0.0, 1.0))
            edges.extend(halves % 2.0 == 0.0)
    order = np.argsort(shares, kind="stable")
    share, edge = np.array(shares)[order], np.array(edges)[order]
    first = np.concatenate([[True], np.diff(share) > 1e-9])
    group = np.cumsum(first) - 1
    at_edge = np.zeros(group[-1] + 1, bool)
    np.logical_or.at(at_edge, group, edge)
    share = share[first]
    share[-1] = 1.0
    return share, at_edge


def _cross_deg(terrain: Terrain, x: F64, y: F64, along: tuple[float, float]) -> F64:
    length = float(np.hypot(*along)) or 1.0
    half = 0.5 * terrain.grid.cell_m
    east, north = -along[1] / length * half, along[0] / length * half
    rise = bilinear_m(terrain, x + east, y + north) - bilinear_m(terrain, x - east, y - north)
    scale = 1.0 + (x**2 + y**2) / (4.0 * MOON_RADIUS_M**2)
    return np.degrees(np.arctan(np.abs(rise) * scale / terrain.grid.cell_m))


def _at_ends(values: F64) -> F64:
    """The larger of the values at both ends of every piece; NaN where there is none."""
    known = np.where(np.isnan(values), -np.inf, values)
    larger = np.maximum(known[1:], known[:-1])
    return np.where(np.isfinite(larger), larger, np.nan)


def _steps_m(terrain: Terrain, row: I64, col: I64) -> F64:
    """Step taken into each piece's cell; through a corner the highest to and from the two cells beside."""

    def height(i: I64, j: I64) -> F64:
        z = terrain.elevation_m[np.maximum(i, 0), np.maximum(j, 0)].astype(np.float64)
        return np.where((i == OUTSIDE) | (j == OUTSIDE), np.nan, z)

    before, here = height(row[:-1], col[:-1]), height(row[1:], col[1:])
    corner = (np.diff(row) != 0) & (np.diff(col) != 0)
    beside = [height(row[1:], col[:-1]), height(row[:-1], col[1:])]
    around = np.fmax.reduce([np.abs(side - end) for side in beside for end in (before, here)])
    step = np.where(corner, np.fmax(around, 0.0 * (here - before)), np.abs(here - before))
    return np.concatenate([[0.0], step])
