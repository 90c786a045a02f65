"""All routes worth a thought when several costs matter: no other is as good in every one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import Cell, Mask
from lupex.base.errors import InputError
from lupex.kernels.drive.labels import TINY, label_search
from lupex.model.fields.terrain import frozen
from lupex.traverse.routes.static import (
    MOST_LABELS,
    Costs,
    Route,
    check_labels,
    driven_route,
    flat_cell,
    goal_mask,
    label_way,
    no_route,
    spent_from,
    spent_to_goals,
    step_costs,
)
from lupex.traverse.steps.edges import Edges


@dataclass(frozen=True, eq=False)
class ParetoRoutes:
    """Routes none of which beats another: ``values`` (route, cost) float64, ascending in the first cost.

    ``routes[k].cost`` is ``values[k, 0]``. Of routes with the same values one is kept.
    """

    routes: tuple[Route, ...]
    values: NDArray[np.float64]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", frozen(self.values))


def pareto_routes(
    edges: Edges,
    start: Cell,
    goals: Mask | Cell,
    costs: Sequence[str | Costs] = ("energy", "time"),
    risk: Costs | None = None,
) -> ParetoRoutes:
    """Every combination of costs a drive from the start to a goal can have that no other drive beats.

    Exact; values that differ by 1e-12 of themselves count as equal. The number of such routes grows fast with the
    size of the grid and the number of costs: three costs suit some thousand cells.

    Args:
        edges: steps that may be driven, with their costs.
        start, goals: (row, col) of the start; goals as a mask (row, col) or one cell.
        costs: two or three of 'time', 'energy', 'length', 'risk', or arrays (direction, row, col) of 0 or more.
        risk: (direction, row, col), the cost named 'risk'.

    Raises:
        GridError, InputError, NoRouteError: as `lupex.traverse.route`; InputError also for too many ways.
    """
    if not 2 <= len(costs) <= 3:
        raise InputError(f"pareto_routes: {len(costs)} costs", "give two or three")
    first, ends = flat_cell(edges.grid.shape, start, "start"), goal_mask(edges, goals)
    chosen = [_chosen(edges, cost, risk) for cost in costs]
    to_go = np.stack([spent_to_goals(edges, values, ends)[0] for values in chosen])
    if not np.isfinite(to_go[:, first]).all():
        raise no_route(edges, spent_from(edges, chosen[0], first)[0], first, ends)
    status, labels, cells, before, spent = label_search(
        np.stack(chosen).astype(np.float64),
        to_go,
        np.empty((2, 0)),
        np.full(len(costs), np.inf),
        first,
        ends.ravel().view(np.uint8),
        False,
        MOST_LABELS,
    )
    check_labels(status)
    kept = _unbeaten(spent[np.array(labels)])
    routes = tuple(driven_route(edges, chosen[0], label_way(labels[k], cells, before)) for k in kept)
    return ParetoRoutes(routes, spent[np.array(labels)[kept]])


def _chosen(edges: Edges, cost: str | Costs, risk: Costs | None) -> Costs:
    if isinstance(cost, str) and cost == "risk":
        if risk is None:
            raise InputError("pareto_routes: 'risk' is asked for, but not given", "give the array risk")
        return step_costs(edges, risk)
    return step_costs(edges, cost)


def _unbeaten(values: NDArray[np.float64]) -> list[int]:
    """Indices of values (n, cost) no other beats; rounding may have let one in that is."""
    kept: list[int] = []
    for k in np.lexsort(values.T[::-1]):
        if not any(np.all(values[other] <= values[k] * (1.0 + TINY)) for other in kept):
            kept.append(int(k))
    return kept
