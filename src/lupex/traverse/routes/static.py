"""Routes over ground that does not change: the cheapest, also when the energy it may cost is limited.

Method in docs/theory/route.md. Every route is exact: the cheapest there is, to rounding.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, Cell, Mask
from lupex.base.constants import J_PER_WH
from lupex.base.errors import GridError, InputError, NoRouteError
from lupex.kernels.drive.labels import FOUND, TINY, TOO_MANY, label_search
from lupex.kernels.drive.route import spent_along, step_search, way
from lupex.model.fields.terrain import frozen
from lupex.model.glance import Glance, counted, trace
from lupex.traverse.steps.edges import DOWN, EDGE_CONSTRAINTS, RIGHT, Edges

Costs = NDArray[np.float32] | F64
COSTS = ("time", "energy", "length")
MOST_LABELS = 20_000_000
NO_GOAL = np.array([0, -1, 0, -1], np.int64)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Route(Glance):
    """A way over the grid, cell by cell.

    Attributes:
        rows, cols: (cell,) from start to goal.
        length_m, time_s, energy_j: of driving, hotel power not included; NaN on a plain cost raster but the length.
        cost: what the search made least.
        exact: True when no cheaper way exists.
    """

    rows: NDArray[np.int64]
    cols: NDArray[np.int64]
    length_m: float
    time_s: float
    energy_j: float
    cost: float
    exact: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", frozen(self.rows))
        object.__setattr__(self, "cols", frozen(self.cols))

    def __len__(self) -> int:
        return int(self.rows.size)

    def _facts(self) -> dict[str, str]:
        took = "" if math.isnan(self.time_s) else f"{self.time_s / 3600.0:.2f} h"
        length = f"{self.length_m / 1000.0:.2f} km"
        proof = "exact" if self.exact else "not proven cheapest"
        return {"cells": counted(len(self), "cell"), "length": length, "time": took, "cost": f"cost {self.cost:g}",
                "proof": proof}  # fmt: skip

    def _picture(self) -> NDArray[np.float64]:
        return trace(self.cols, -self.rows)


def route(
    edges: Edges,
    start: Cell,
    goals: Mask | Cell,
    cost: str | Costs = "time",
    energy_limit_wh: float = math.inf,
) -> Route:
    """The cheapest drive from a cell to the nearest of the goals that spends no more energy than the limit.

    Without a limit A* over the steps. With one, several ways are kept per cell (Pareto labels), so that a drive
    within the limit is found whenever there is one, and the cheapest of them; the limit is kept to 1e-12 of itself.

    Args:
        edges: steps that may be driven, with their costs.
        start: (row, col).
        goals: (row, col) bool, or one cell.
        cost: 'time' (s), 'energy' (J), 'length' (m), or an array (direction, row, col), 0 or more, per step.
        energy_limit_wh: of driving, hotel power not included.

    Raises:
        GridError: start or goal off the grid, arrays of another shape. InputError: start closed, no goal, cost
            negative. NoRouteError: no drive leads there, or none within the limit.
    """
    first, ends = _first_cell(edges, start), goal_mask(edges, goals)
    if not energy_limit_wh >= 0.0:
        raise InputError(f"route: energy limit {energy_limit_wh} Wh", "give 0 or more")
    costs = step_costs(edges, cost)
    limit_j = energy_limit_wh * J_PER_WH
    found = _cheapest(edges, costs, first, ends)
    if found.energy_j <= limit_j * (1.0 + TINY):
        return found
    return _within(edges, costs, first, ends, limit_j)


def _cheapest(edges: Edges, costs: Costs, first: int, ends: Mask) -> Route:
    spent, came = _blank(edges)
    spent[first] = 0.0
    last = step_search(costs, spent, came, ends.ravel().view(np.uint8), _box(ends), False)
    if last < 0:
        raise no_route(edges, spent, first, ends)
    return driven_route(edges, costs, way(came, edges.grid.cols, last, False))


def _within(edges: Edges, costs: Costs, first: int, ends: Mask, limit_j: float) -> Route:
    """The cheapest drive within the energy limit, by labels; the cheapest of all is known to exceed it."""
    to_go, came = spent_to_goals(edges, costs, ends)
    energy_to_go, energy_came = spent_to_goals(edges, edges.energy_j, ends)
    if energy_to_go[first] > limit_j * (1.0 + TINY):
        raise NoRouteError(
            f"route: every drive from {_named(edges, first)} to the goal spends at least "
            f"{energy_to_go[first] / J_PER_WH:.4g} Wh, the limit is {limit_j / J_PER_WH:.4g} Wh",
            "raise the limit or choose a nearer goal",
        )
    shortcut = np.stack([spent_along(came, edges.energy_j, True), spent_along(energy_came, costs, True)])
    status, labels, cells, before, _ = label_search(
        np.stack([costs, edges.energy_j]).astype(np.float64),
        np.stack([to_go, energy_to_go]),
        shortcut,
        np.array([math.inf, limit_j]),
        first,
        ends.ravel().view(np.uint8),
        True,
        MOST_LABELS,
    )
    check_labels(status)
    if status != FOUND:
        raise NoRouteError(f"route: no drive within {limit_j / J_PER_WH:.6g} Wh", "raise the limit a little")
    driven = label_way(labels[0], cells, before)
    rest = way(came, edges.grid.cols, driven[-1], True)
    return driven_route(edges, costs, np.concatenate([driven, rest[1:]]))


def label_way(label: int, cells: NDArray[np.int32], before: NDArray[np.int32]) -> NDArray[np.int64]:
    """Flat cells of the way a label stands for, from the start."""
    out = []
    while label >= 0:
        out.append(int(cells[label]))
        label = int(before[label])
    return np.array(out[::-1], np.int64)


def check_labels(status: int) -> None:
    """Raises InputError when a label search ran out of room."""
    if status == TOO_MANY:
        raise InputError(
            f"route: more than {MOST_LABELS:,} ways would have to be compared", "use a coarser or smaller grid"
        )


def spent_to_goals(edges: Edges, costs: Costs, ends: Mask) -> tuple[F64, NDArray[np.uint8]]:
    """Least cost from every cell to a goal (flat), and the first step of that way."""
    spent, came = _blank(edges)
    spent[ends.ravel()] = 0.0
    step_search(costs, spent, came, np.zeros(1, np.uint8), NO_GOAL, True)
    return spent, came


def spent_from(edges: Edges, costs: Costs, first: int) -> tuple[F64, NDArray[np.uint8]]:
    """Least cost from a cell to every cell (flat), and the last step of that way."""
    spent, came = _blank(edges)
    spent[first] = 0.0
    step_search(costs, spent, came, np.zeros(1, np.uint8), NO_GOAL, False)
    return spent, came


def _blank(edges: Edges) -> tuple[F64, NDArray[np.uint8]]:
    count = edges.grid.rows * edges.grid.cols
    return np.full(count, np.inf), np.empty(count, np.uint8)


def _box(ends: Mask) -> NDArray[np.int64]:
    rows, cols = np.flatnonzero(ends.any(axis=1)), np.flatnonzero(ends.any(axis=0))
    return np.array([rows[0], rows[-1], cols[0], cols[-1]], np.int64)


def step_costs(edges: Edges, cost: str | Costs) -> Costs:
    """Cost of every step (direction, row, col), inf where it may not be driven. Raises InputError, GridError.

    Args:
        edges: steps that may be driven.
        cost: 'time', 'energy', 'length' or an array (direction, row, col).
    """
    if isinstance(cost, str):
        if cost not in COSTS:
            raise InputError(f"route: unknown cost '{cost}'", f"use one of {', '.join(COSTS)}, or an array")
        named: Costs = {"time": edges.time_s, "energy": edges.energy_j, "length": edges.length_m}[cost]
        return named
    values = np.asarray(cost, np.float64)
    if values.shape != edges.length_m.shape:
        raise GridError(f"route: costs have shape {values.shape}, the steps {edges.length_m.shape}")
    if np.any(values < 0.0):
        raise InputError("route: a step costs less than 0", "give costs of 0 or more")
    return frozen(np.where(np.isfinite(edges.length_m) & np.isfinite(values), values, np.inf))


def goal_mask(edges: Edges, goals: Mask | Cell) -> Mask:
    """Goals as a new mask (row, col). Raises GridError, InputError when there is none.

    Args:
        edges: whose grid the goals lie on.
        goals: mask (row, col), or one cell.
    """
    if isinstance(goals, tuple):
        ends = np.zeros(edges.grid.shape, bool)
        ends.ravel()[flat_cell(edges.grid.shape, goals, "goal")] = True
        return ends
    ends = np.array(goals, bool, order="C")
    if ends.shape != edges.grid.shape:
        raise GridError(f"route: goals have shape {ends.shape}, the grid {edges.grid.shape}")
    if not ends.any():
        raise InputError("route: no goal is given", "mark at least one cell")
    return ends


def flat_cell(shape: tuple[int, int], cell: Sequence[int], name: str) -> int:
    """Flat index of a cell. Raises GridError when it lies outside."""
    row, col = int(cell[0]), int(cell[1])
    if not (0 <= row < shape[0] and 0 <= col < shape[1]):
        raise GridError(
            f"route: the {name} (row {row}, col {col}) lies outside the map of {shape[0]} x {shape[1]} cells",
            f"give a row of 0..{shape[0] - 1} and a column of 0..{shape[1] - 1}",
        )
    return row * shape[1] + col


def _first_cell(edges: Edges, start: Cell) -> int:
    return flat_cell(edges.grid.shape, start, "start")


def driven_route(edges: Edges, costs: Costs, cells: NDArray[np.int64]) -> Route:
    """The route through these flat cells."""
    rows, cols = np.divmod(cells, edges.grid.cols)
    steps = (_direction(np.diff(rows), np.diff(cols)), rows[:-1], cols[:-1])
    quantities = (edges.length_m, edges.time_s, edges.energy_j, costs)
    length, time, energy, cost = (float(values[steps].astype(np.float64).sum()) for values in quantities)
    return Route(rows=rows, cols=cols, length_m=length, time_s=time, energy_j=energy, cost=cost)


def _direction(down: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number of the step that goes so many rows down and columns right."""
    number = np.full((5, 5), -1, np.int64)
    number[DOWN + 2, RIGHT + 2] = np.arange(DOWN.size)
    return number[down + 2, right + 2]


def _named(edges: Edges, cell: int) -> str:
    row, col = divmod(cell, edges.grid.cols)
    return f"(row {row}, col {col})"


def _forbidden(edges: Edges, cells: Mask) -> str:
    """What forbids the steps that leave these cells, the most frequent first."""
    counts = np.bincount(edges.blocked_by[:, cells].ravel(), minlength=len(EDGE_CONSTRAINTS))
    counts[0] = 0
    order = [k for k in np.argsort(-counts, kind="stable") if counts[k]]
    return ", ".join(f"{EDGE_CONSTRAINTS[k]} ({counts[k]})" for k in order[:3]) or "nothing but the costs given"


def no_route(edges: Edges, spent: F64, first: int, ends: Mask) -> NoRouteError:
    """Says how far one gets, and what ends it.

    Args:
        edges: steps that may be driven.
        spent: (row, col) least cost to each cell, inf where none leads.
        first: index of the start.
        ends: mask (row, col) of the goals.
    """
    reached = np.isfinite(spent).reshape(edges.grid.shape)
    where = f"from {_named(edges, first)} to the goal"
    if reached.sum() == 1:
        return NoRouteError(
            f"route: no drive {where}: no step leaves the start; forbidden by {_forbidden(edges, reached)}",
            "start from another cell",
        )
    back, _ = spent_to_goals(edges, edges.length_m, ends)
    into = int(np.isfinite(back).sum())
    if into == int(ends.sum()):
        return NoRouteError(
            f"route: no drive {where}: no step enters the goal; steps out of it are forbidden by "
            f"{_forbidden(edges, ends)}",
            "choose another goal",
        )
    return NoRouteError(
        f"route: no drive {where}: {int(reached.sum())} cells can be reached from the start, the goal from {into}; "
        f"steps that end there are forbidden by {_forbidden(edges, reached)}",
        "relax a limit, use finer terrain, or choose another goal",
    )
