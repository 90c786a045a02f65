"""Routes over a plain raster of cost per metre, without terrain or rover."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, Cell
from lupex.base.errors import GridError, InputError, NoRouteError
from lupex.kernels.drive.route import raster_route, step_search, way
from lupex.model.fields.terrain import frozen
from lupex.traverse.routes.static import Route, flat_cell
from lupex.traverse.steps.edges import DOWN, RIGHT


def plan_on_cost(
    cost: NDArray[np.floating],
    cell_x_m: float,
    start: Cell,
    goal: Cell,
    *,
    cell_y_m: float | None = None,
    cut_corners: bool = False,
) -> Route:
    """The cheapest way over a raster of cost per metre: A* over 8 neighbours.

    A step costs its length times the mean cost of its two cells. NaN and inf are closed. A diagonal step needs both
    cells beside it open, unless ``cut_corners``. Time and energy of the route are NaN.

    Args:
        cost: (row, col), 0 or more. cell_x_m, cell_y_m: width and height of a cell; square without the latter.

    Raises:
        GridError: start or goal outside. InputError: closed start or goal, negative costs. NoRouteError: no way.
    """
    down_m = cell_x_m if cell_y_m is None else cell_y_m
    raster = _checked_raster(cost, cell_x_m, down_m)
    first, last = flat_cell(raster.shape, start, "start"), flat_cell(raster.shape, goal, "goal")
    for name, cell in (("start", start), ("goal", goal)):
        if not math.isfinite(raster[cell[0], cell[1]]):
            raise InputError(
                f"route: the {name} (row {cell[0]}, col {cell[1]}) lies on a cell without data", "choose an open cell"
            )
    total, cells, _ = raster_route(raster, float(cell_x_m), float(down_m), first, last, cut_corners)
    if math.isnan(total):  # costs of 0, or many powers of ten apart
        steps = cost_edges(raster, cell_x_m, cut_corners, cell_y_m=down_m).cost
        total, cells = _over_steps(steps, first, last)
    if cells.size == 0:
        raise _no_way(raster, first, last, cut_corners)
    rows, cols = np.divmod(cells, raster.shape[1])
    length = float(np.hypot(np.diff(rows) * down_m, np.diff(cols) * cell_x_m).sum())
    return Route(rows=rows, cols=cols, length_m=length, time_s=math.nan, energy_j=math.nan, cost=float(total))


def _over_steps(steps: F64, first: int, last: int) -> tuple[float, NDArray[np.int64]]:
    """Cost of the cheapest way and its flat cells, none without a way."""
    spent, came = np.full(steps[0].size, np.inf), np.empty(steps[0].size, np.uint8)
    goal = np.zeros(steps[0].size, np.uint8)
    spent[first], goal[last] = 0.0, 1
    row, col = divmod(last, steps.shape[2])
    if step_search(steps, spent, came, goal, np.array([row, row, col, col], np.int64), False) < 0:
        return math.inf, np.empty(0, np.int64)
    return float(spent[last]), way(came, steps.shape[2], last, False)


def _checked_raster(cost: NDArray[np.floating], cell_x_m: float, cell_y_m: float) -> F64:
    raster = np.ascontiguousarray(cost, np.float64)
    if raster.ndim != 2:
        raise GridError(f"route: the cost raster has shape {raster.shape}, expected (row, col)")
    if not (0.0 < cell_x_m < math.inf and 0.0 < cell_y_m < math.inf):
        raise InputError(f"route: cells of {cell_x_m} x {cell_y_m} m", "both sizes must be positive")
    if np.any(raster < 0.0):
        raise InputError(f"route: costs down to {np.nanmin(raster):g}", "give costs of 0 or more, nodata where closed")
    return raster


def _no_way(raster: F64, first: int, last: int, cut_corners: bool) -> NoRouteError:
    from scipy.ndimage import label

    structure = np.ones((3, 3)) if cut_corners else None  # without cutting, 8 neighbours join what 4 join
    parts, _ = label(np.isfinite(raster), structure)
    here, there = (int((parts == parts.ravel()[cell]).sum()) for cell in (first, last))
    return NoRouteError(
        f"route: no way: {here} cells can be reached from the start and {there} from the goal, "
        "cells without data lie between",
        "fill the gap or choose another goal",
    )


@dataclass(frozen=True, eq=False)
class CostEdges:
    """Steps over a plain raster of cost per metre, arrays (8, row, col): length_m and cost, inf where closed."""

    length_m: F64
    cost: F64


def cost_edges(
    cost: NDArray[np.floating], cell_m: float, cut_corners: bool = False, *, cell_y_m: float | None = None
) -> CostEdges:
    """Every step over a raster of cost per metre: length times mean cost of its two cells; NaN cells are closed.

    A diagonal step needs both cells beside it open, unless ``cut_corners``. Raises as `plan_on_cost`.

    Args:
        cell_m: width of a cell.
        cell_y_m: height of a cell; None where cells are square.
    """
    down_m = cell_m if cell_y_m is None else cell_y_m
    raster = _checked_raster(cost, cell_m, down_m)
    rows, cols = raster.shape
    padded = np.pad(np.where(np.isfinite(raster), raster, np.inf), 1, constant_values=np.inf)

    def moved(down: int, right: int) -> F64:
        return padded[1 + down : 1 + down + rows, 1 + right : 1 + right + cols]

    costs, lengths = np.full((8, rows, cols), np.inf), np.full((8, rows, cols), np.inf)
    for d in range(8):
        down, right = int(DOWN[d]), int(RIGHT[d])
        length = math.hypot(down * down_m, right * cell_m)
        costs[d] = 0.5 * (moved(0, 0) + moved(down, right)) * length
        if d % 2 and not cut_corners:
            costs[d][~(np.isfinite(moved(down, 0)) & np.isfinite(moved(0, right)))] = np.inf
        lengths[d][np.isfinite(costs[d])] = length
    return CostEdges(frozen(lengths), frozen(costs))
