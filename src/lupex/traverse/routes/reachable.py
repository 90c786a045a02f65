"""How far a rover gets: least time, energy and length to every cell, and the cells within limits."""

import math
from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64, Cell, Mask
from lupex.base.constants import J_PER_WH
from lupex.base.errors import InputError
from lupex.kernels.drive.labels import label_search
from lupex.model.fields.terrain import frozen
from lupex.traverse.routes.static import MOST_LABELS, check_labels, flat_cell, spent_from
from lupex.traverse.steps.edges import Edges


@dataclass(frozen=True, eq=False)
class Isochrones:
    """Least time (s), energy (J) and length (m) from a start, (row, col), inf where nothing leads; each on its own."""

    time_s: F64
    energy_j: F64
    length_m: F64

    def __post_init__(self) -> None:
        for name in ("time_s", "energy_j", "length_m"):
            object.__setattr__(self, name, frozen(getattr(self, name)))


def isochrones(edges: Edges, start: Cell) -> Isochrones:
    """Least time, energy and length of driving from a cell to every other; three drives may differ.

    Raises GridError when the start is off the grid.
    """
    first = flat_cell(edges.grid.shape, start, "start")
    maps = [
        spent_from(edges, costs, first)[0].reshape(edges.grid.shape)
        for costs in (edges.time_s, edges.energy_j, edges.length_m)
    ]
    return Isochrones(*maps)


def reachable(edges: Edges, start: Cell, energy_limit_wh: float = math.inf, time_limit_s: float = math.inf) -> Mask:
    """Cells (row, col) one drive leads to within both limits at once; hotel power not included.

    Where the quickest drive spends too much and the thriftiest takes too long, every drive between the two is looked
    at. Raises GridError when the start is off the grid, InputError for negative limits.

    Args:
        edges: steps that may be driven, with their costs.
        start: (row, col).
        energy_limit_wh, time_limit_s: of driving.
    """
    if not (energy_limit_wh >= 0.0 and time_limit_s >= 0.0):
        raise InputError(f"reachable: limits {energy_limit_wh} Wh, {time_limit_s} s", "give 0 or more")
    first = flat_cell(edges.grid.shape, start, "start")
    limits = np.array([time_limit_s, energy_limit_wh * J_PER_WH])
    time, _ = spent_from(edges, edges.time_s, first)
    within = np.isfinite(time) & (time <= limits[0])
    if math.isinf(energy_limit_wh):
        return within.reshape(edges.grid.shape)
    energy, _ = spent_from(edges, edges.energy_j, first)
    both = within & (energy <= limits[1])
    if math.isinf(time_limit_s) or not both.any():
        return both.reshape(edges.grid.shape)
    count = time.size
    status, _, cells, _, _ = label_search(
        np.stack([edges.time_s, edges.energy_j]).astype(np.float64),
        np.zeros((2, count)),
        np.empty((2, 0)),
        limits,
        first,
        np.zeros(count, np.uint8),
        False,
        MOST_LABELS,
    )
    check_labels(status)
    reached = np.zeros(count, bool)
    reached[cells] = True
    return reached.reshape(edges.grid.shape)
