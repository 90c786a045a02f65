"""Straight lines through the waypoints of a route, wherever the ground allows every metre of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, Mask
from lupex.base.errors import GridError, InputError
from lupex.kernels.drive.straight import straight_drive, straightened
from lupex.model import Rover, Terrain
from lupex.model.fields.terrain import frozen
from lupex.traverse.routes.static import COSTS, Route

WINDOW = 64
"""Most legs one straight line replaces in one pass; passes follow until nothing changes."""
_QUANTITY = {"length": 0, "energy": 1, "time": 2}


@dataclass(frozen=True, eq=False, kw_only=True)
class Polyline:
    """A drive along straight lines between map points.

    Attributes:
        x_m, y_m: (vertex,) map frame, from start to goal.
        kept: (vertex,) index of each vertex in the route it was made from.
        length_m, time_s, energy_j: of driving the whole, hotel power not included.
    """

    x_m: F64
    y_m: F64
    kept: NDArray[np.int64]
    length_m: float
    time_s: float
    energy_j: float

    def __post_init__(self) -> None:
        for name in ("x_m", "y_m", "kept"):
            object.__setattr__(self, name, frozen(getattr(self, name)))


def smoothed(terrain: Terrain, rover: Rover, route: Route, blocked: Mask | None = None, cost: str = "time") -> Polyline:
    """The route pulled straight: the best polyline through some of its cells' middles.

    A line replaces steps of the route only where every cell it enters or touches is known and not ``blocked``
    (row, col), where slopes up, down and across of the bilinear surface and the steps between cells keep the rover's
    limits all along the line, and where it spends no more length, time and energy than what it replaces. Of all such
    polylines the one with the least ``cost`` ('time', 'energy', 'length') is taken, within windows of `WINDOW` legs.
    Steps of the route itself are kept as they are.

    Raises GridError when route or mask are off the terrain's grid, InputError for an unknown cost.
    """
    if cost not in _QUANTITY:
        raise InputError(f"smoothing: unknown cost '{cost}'", f"use one of {', '.join(COSTS)}")
    grid = terrain.grid
    if max(route.rows.max() - grid.rows, route.cols.max() - grid.cols, -route.rows.min(), -route.cols.min()) >= 1:
        raise GridError("smoothing: the route leaves the terrain's grid", "use the terrain it was planned on")
    z, heights = terrain.open_heights(blocked)
    place = np.array([grid.left_m + 0.5 * grid.cell_m, grid.top_m - 0.5 * grid.cell_m, grid.cell_m])
    ground = (z, heights, place)
    limits, law = rover.ground_limits, rover.law_numbers
    kept = np.arange(len(route))
    points = np.stack([route.rows, route.cols], axis=1).astype(np.float64)
    spent = _spent(ground, points, limits, law)
    while True:
        chosen, sums = straightened(*ground, points[kept], spent, limits, law, WINDOW, _QUANTITY[cost])
        if chosen.size == kept.size:
            break
        kept, spent = kept[chosen], sums
    length, energy, time = spent[-1]
    x, y = grid.x_m()[route.cols[kept]], grid.y_m()[route.rows[kept]]
    return Polyline(x_m=x, y_m=y, kept=kept, length_m=float(length), time_s=float(time), energy_j=float(energy))


def _spent(ground: tuple[NDArray[np.float32], NDArray[np.float32], F64], points: F64, limits: F64, law: F64) -> F64:
    """Length, energy and time (waypoint, 3) so far, step by step."""
    spent = np.zeros((len(points), 3))
    for k in range(1, len(points)):
        line = np.concatenate([points[k - 1], points[k]])
        straight_drive(*ground, line, limits, law, False, spent[k])
    return np.cumsum(spent, axis=0)
