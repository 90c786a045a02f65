"""What a drive must draw at least from every cell to its end: light, waiting and limits left out."""

import numpy as np

from lupex.base.arrays import F64, I64
from lupex.traverse.in_time.problem import TimeProblem
from lupex.traverse.steps.edges import DOWN, RIGHT

OFFSET_WH = 1.0
"""Added to what ends and tasks begin with and taken off again: a step without weight is no step to the search."""


def least_to_go(problem: TimeProblem) -> list[F64]:
    """Least Wh drawn (row, col) from a cell of each stage to the end: driving, its hotel power, tasks; inf where the
    end cannot be reached.

    Args:
        problem: the drive in time, as arrays.
    """
    from scipy.sparse import csr_array

    rows, cols = problem.grid.shape
    direction, row, col = np.nonzero(problem.steps)
    source = (row - DOWN[direction]) * cols + col - RIGHT[direction]
    weight = problem.draw_wh[direction, row, col] * problem.steps[direction, row, col]
    cells = rows * cols
    graph = (row * cols + col, source, weight)
    to_go: list[F64] = []
    begin = np.where(problem.ends, 0.0, np.inf)
    for stage in range(len(problem.dwells), -1, -1):
        to_go.append(_spread(csr_array, graph, begin.ravel(), cells).reshape(rows, cols))
        if stage:
            dwell = problem.dwells[stage - 1]
            begin = np.full((rows, cols), np.inf)
            begin[dwell.row, dwell.col] = to_go[-1][dwell.row, dwell.col] + dwell.slots * dwell.power_wh
    return to_go[::-1]


def _spread(csr_array: type, graph: tuple[I64, I64, F64], begin: F64, cells: int) -> F64:
    """Least sum of weights from any node, each with what it begins with, against the drives."""
    from scipy.sparse.csgraph import dijkstra

    seeds = np.flatnonzero(np.isfinite(begin))
    if seeds.size == 0:
        return np.full(cells, np.inf)
    tail = np.concatenate([graph[0], np.full(seeds.size, cells)])
    head = np.concatenate([graph[1], seeds])
    weight = np.concatenate([np.maximum(graph[2], 1e-12), begin[seeds] + OFFSET_WH])
    spent = dijkstra(csr_array((weight, (tail, head)), shape=(cells + 1, cells + 1)), indices=cells)
    return np.asarray(spent[:cells] - OFFSET_WH)
