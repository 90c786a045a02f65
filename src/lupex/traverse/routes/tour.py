"""The order in which to visit many stops, and the drive through all of them."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, Cell
from lupex.base.errors import InputError, NoRouteError
from lupex.kernels.drive.route import way
from lupex.solvers import solve, sparse_rows
from lupex.traverse.routes.static import Costs, Route, driven_route, flat_cell, spent_from, step_costs
from lupex.traverse.steps.edges import Edges

EXACT_STOPS = 12
"""Most stops whose best order is proved by looking at every subset."""


@dataclass(frozen=True, eq=False)
class Tour:
    """A drive through all stops.

    Attributes:
        order: indices into the stops, as visited.
        legs: the drive from the start to the first stop, and so on, with the one to the end if there is one.
        cost: of all legs. bound: no order costs less; equal to the cost when ``exact``.
        exact: True when the order is proved the best.
        length_m, time_s, energy_j: of driving, hotel power not included.
    """

    order: tuple[int, ...]
    legs: tuple[Route, ...]
    cost: float
    bound: float
    exact: bool

    @property
    def length_m(self) -> float:
        """On the ground."""
        return sum(leg.length_m for leg in self.legs)

    @property
    def time_s(self) -> float:
        """Of driving."""
        return sum(leg.time_s for leg in self.legs)

    @property
    def energy_j(self) -> float:
        """Of driving."""
        return sum(leg.energy_j for leg in self.legs)


def tour(edges: Edges, start: Cell, stops: Sequence[Cell], end: Cell | None = None, cost: str | Costs = "time") -> Tour:
    """The cheapest drive from the start through every stop, to the end cell if one is given.

    The order is proved the best for up to `EXACT_STOPS` stops (dynamic programming over subsets: Held and Karp 1962,
    doi:10.1137/0110015). Beyond, it is the best of insertion, exchanges and the programme behind `order_bound`, which
    gives the bound and often proves the order. Give the start as end for a drive there and back.

    Args:
        edges: steps that may be driven, with their costs.
        start, stops, end: cells (row, col).
        cost: 'time', 'energy', 'length' or an array (direction, row, col).

    Raises:
        GridError: a cell off the grid. InputError: no stops, unknown cost. NoRouteError: stops no drive joins.
    """
    if not stops:
        raise InputError("tour: no stops", "give at least one")
    costs = step_costs(edges, cost)
    places = [start, *stops] if end is None else [start, *stops, end]
    names = ["start", *(f"stop {k}" for k in range(len(stops))), "end"]
    cells = [flat_cell(edges.grid.shape, place, name) for place, name in zip(places, names, strict=False)]
    came, between = [], np.full((len(cells), len(cells)), np.inf)
    for k, cell in enumerate(cells[: len(stops) + 1]):
        spent, steps = spent_from(edges, costs, cell)
        between[k] = spent[cells]
        came.append(steps)
    _check_joined(between, len(stops), names)
    if len(stops) <= EXACT_STOPS:
        order, least = best_order(between, len(stops))
        bound = least
    else:
        order, least, bound = _beyond_exact(between, len(stops))
    if not math.isfinite(least):
        raise NoRouteError("tour: no order of the stops can be driven", "leave a stop out, or relax a limit")
    ways = [0, *(k + 1 for k in order), *([] if end is None else [len(stops) + 1])]
    legs = tuple(
        driven_route(edges, costs, way(came[a], edges.grid.cols, cells[b], False)) for a, b in itertools.pairwise(ways)
    )
    exact = least <= bound * (1.0 + 1e-9)
    return Tour(tuple(order), legs, least, bound, exact)


def _check_joined(between: F64, stops: int, names: Sequence[str]) -> None:
    """Raises NoRouteError for places that cannot be reached, or not left though something lies behind."""
    for k in range(1, between.shape[0]):
        others = [j for j in range(stops + 1) if j != k]
        if not np.isfinite(between[others, k]).any():
            name = names[k] if k <= stops else "end"
            raise NoRouteError(f"tour: no drive leads to {name}", "leave it out, or relax a limit")


def best_order(between: F64, stops: int) -> tuple[list[int], float]:
    """The best order of all and its cost, inf when none can be driven.

    ``between`` (place, place): start, stops, and an end if there is one more; from row to column.
    """
    inner = between[1 : stops + 1, 1 : stops + 1]
    to_end = between[1 : stops + 1, stops + 1] if between.shape[0] > stops + 1 else np.zeros(stops)
    least = np.full((1 << stops, stops), np.inf)
    before = np.zeros((1 << stops, stops), np.int64)
    for k in range(stops):
        least[1 << k, k] = between[0, k + 1]
    bits = 1 << np.arange(stops)
    for visited in range(1, 1 << stops):
        onward = least[visited][:, None] + inner
        best = onward.argmin(axis=0)
        for to in np.flatnonzero(visited & bits == 0):
            least[visited | bits[to], to] = onward[best[to], to]
            before[visited | bits[to], to] = best[to]
    total = least[-1] + to_end
    last = int(total.argmin())
    order, visited = [last], (1 << stops) - 1
    while len(order) < stops:
        previous = int(before[visited, order[-1]])
        visited ^= 1 << order[-1]
        order.append(previous)
    return order[::-1], float(total[last])


def _cost_of(order: Sequence[int], between: F64, stops: int) -> float:
    places = [0, *(k + 1 for k in order), *([stops + 1] if between.shape[0] > stops + 1 else [])]
    return float(between[places[:-1], places[1:]].sum())


def _beyond_exact(between: F64, stops: int) -> tuple[list[int], float, float]:
    """Order, its cost, and the bound, for many stops."""
    order, least = good_order(between, stops)
    bound, proved = order_bound(between, stops)
    if proved is not None and _cost_of(proved, between, stops) <= least:
        order, least = proved, _cost_of(proved, between, stops)
    return order, least, min(bound, least)


def good_order(between: F64, stops: int) -> tuple[list[int], float]:
    """A good order and its cost: cheapest insertion, then moves of up to three stops and reversals until none helps.

    Args:
        between: (node, node) cost from each to each: the start, the stops, then the end if there is one.
        stops: how many stops there are.
    """
    order: list[int] = []
    for _ in range(stops):
        tried = (
            [*order[:place], k, *order[place:]]
            for k in range(stops)
            if k not in order
            for place in range(len(order) + 1)
        )
        order = min(tried, key=lambda one: _cost_of(one, between, stops))
    least = _cost_of(order, between, stops)
    while True:
        better = min(itertools.chain([order], _neighbours(order)), key=lambda one: _cost_of(one, between, stops))
        cost = _cost_of(better, between, stops)
        if not cost < least * (1.0 - 1e-12):
            return order, least
        order, least = better, cost


def _neighbours(order: list[int]) -> "itertools.chain[list[int]]":
    n = len(order)
    moved = (
        [*rest[:place], *order[i : i + size], *rest[place:]]
        for size in (1, 2, 3)
        for i in range(n - size + 1)
        for rest in [order[:i] + order[i + size :]]
        for place in range(n - size + 1)
        if place != i
    )
    turned = ([*order[:i], *order[i : j + 1][::-1], *order[j + 1 :]] for i in range(n) for j in range(i + 1, n))
    return itertools.chain(moved, turned)


def order_bound(between: F64, stops: int, rounds: int = 30) -> tuple[float, list[int] | None]:
    """A cost no order goes below, and the best order if the bound is reached by one.

    Every place but the last gets a next place of its own (integer programme, HiGHS); closed loops of stops it
    contains are forbidden, and it is solved again, up to ``rounds`` times (Dantzig, Fulkerson and Johnson 1954,
    doi:10.1287/opre.2.4.393).

    Args:
        between: (node, node) cost from each to each: the start, the stops, then the end if there is one.
        stops: how many stops there are.
    """
    n = stops + 1  # rows: start and stops; columns: stops and the end, which is free where none is given
    into = np.zeros((n, n))
    into[:, : between.shape[0] - 1] = between[:n, 1:]
    allowed = np.isfinite(into)
    allowed[0, -1] = False
    allowed[np.arange(1, n), np.arange(n - 1)] = False
    at = np.arange(n * n).reshape(n, n)
    each, columns = np.repeat(np.arange(2 * n), n), np.concatenate([at.ravel(), at.T.ravel()])
    rules = [sparse_rows(np.ones(2 * n * n), each, columns, (2 * n, n * n), 1.0, 1.0)]
    loops = [[i, j] for i in range(stops) for j in range(i)]
    bound = 0.0
    for _ in range(rounds):
        rows = [at[np.array(loop)[:, None] + 1, loop].ravel() for loop in loops]
        if rows:
            which = np.repeat(np.arange(len(rows)), [row.size for row in rows])
            most = [len(loop) - 1.0 for loop in loops]
            shape = (len(rows), n * n)
            rules.append(sparse_rows(np.ones(which.size), which, np.concatenate(rows), shape, -np.inf, most))
        costs = np.where(allowed, into, 0.0).ravel()
        limits = {"node_limit": 10_000, "mip_rel_gap": 0.0}
        solved = solve(costs, rules, 0.0, allowed.ravel().astype(float), 1, limits)
        bound = max(bound, solved.bound)
        if not solved.columns.size:
            break
        following = solved.columns.reshape(n, n).argmax(axis=1)
        order, loops = _followed(following, stops)
        if not loops:
            return bound, order
    return bound, None


def _followed(following: NDArray[np.int64], stops: int) -> tuple[list[int], list[list[int]]]:
    """The stops on the way from the start, and the loops the others form; ``following[0]`` comes after the start."""
    order: list[int] = []
    k = int(following[0])
    while k < stops:
        order.append(k)
        k = int(following[k + 1])
    loops, left = [], set(range(stops)) - set(order)
    while left:
        loop, k = [], min(left)
        while k in left:
            left.remove(k)
            loop.append(k)
            k = int(following[k + 1])
        loops.append(loop)
    return order, loops
