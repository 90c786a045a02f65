"""Small grids with steps of any cost, and the slow searches they are compared with."""

import itertools
import math

import numpy as np

from lupex.model import Grid
from lupex.traverse.steps.edges import DOWN, RIGHT, Edges


def edges_of(length, energy, time=None, cell_m=10.0):
    """Edges from arrays (direction, row, col); inf where the step may not be driven."""
    length = np.array(length, np.float32)
    _, rows, cols = length.shape
    for d, r, c in np.ndindex(length.shape):
        if not (0 <= r + DOWN[d] < rows and 0 <= c + RIGHT[d] < cols):
            length[d, r, c] = np.inf
    closed = ~np.isfinite(length)
    energy = np.where(closed, np.inf, energy).astype(np.float32)
    time = length if time is None else np.where(closed, np.inf, time).astype(np.float32)
    by = np.where(closed, 3, 0).astype(np.uint8)
    return Edges(
        grid=Grid("south", rows, cols, cell_m, 0.0, 0.0),
        length_m=length,
        energy_j=energy,
        time_s=time,
        slope_deg=np.zeros_like(length),
        blocked_by=by,
    )


def random_edges(rng, shape, directions=8, closed=0.2, whole=None):
    """Directed random costs; small whole numbers below ``whole`` make many ties."""
    size = (directions, *shape)

    def draw():
        return rng.integers(1, whole, size) if whole else rng.uniform(0.5, 5.0, size)

    length = np.where(rng.random(size) < closed, np.inf, draw())
    return edges_of(length, draw(), draw())


def cell_edges(enter_cost, enter_energy, walls=()):
    """Straight steps only; what a step costs and spends belongs to the cell it enters; ``walls`` are closed cells."""
    enter_cost = np.asarray(enter_cost, float)
    rows, cols = enter_cost.shape
    cost, energy = np.full((8, rows, cols), np.inf), np.full((8, rows, cols), np.inf)
    for d, r, c in itertools.product((0, 2, 4, 6), range(rows), range(cols)):
        i, j = r + DOWN[d], c + RIGHT[d]
        if 0 <= i < rows and 0 <= j < cols and (r, c) not in walls and (i, j) not in walls:
            cost[d, r, c], energy[d, r, c] = enter_cost[i, j], np.asarray(enter_energy)[i, j]
    return edges_of(cost, energy, cost)


def simple_ways(edges, start, goal):
    """Every way that visits no cell twice: (sums of time, energy, length, cells)."""
    _, rows, cols = edges.length_m.shape
    found = []

    def go(cell, seen, sums):
        if cell == goal:
            found.append((*sums, tuple(seen)))
            return
        for d in range(edges.directions):
            step = (d, *cell)
            if not np.isfinite(edges.length_m[step]):
                continue
            other = (int(cell[0] + DOWN[d]), int(cell[1] + RIGHT[d]))
            if other in seen:
                continue
            more = (float(edges.time_s[step]), float(edges.energy_j[step]), float(edges.length_m[step]))
            go(other, [*seen, other], tuple(a + b for a, b in zip(sums, more, strict=True)))

    go(start, [start], (0.0, 0.0, 0.0))
    return found


def slow_spent(costs, start):
    """Least cost from a cell to every cell: relaxed until nothing changes."""
    _, rows, cols = costs.shape
    spent = np.full((rows, cols), math.inf)
    spent[start] = 0.0
    changed = True
    while changed:
        changed = False
        for d, r, c in np.ndindex(costs.shape):
            i, j = r + DOWN[d], c + RIGHT[d]
            if 0 <= i < rows and 0 <= j < cols and spent[r, c] + costs[d, r, c] < spent[i, j]:
                spent[i, j] = spent[r, c] + costs[d, r, c]
                changed = True
    return spent
