"""Drives over a grid in static light: what every step spends, and the cheapest drives to given cells.

Steps are numbered 0..7 clockwise from up, as in `lupex.kernels.drive.edges`. Quantities per step: 0 distance (m),
1 energy (J), 2 energy taken from the battery (J), 3 time without light (s).
"""

import math

import numpy as np

from lupex.kernels.compiled import kernel
from lupex.kernels.drive.cell_heap import rise, sink
from lupex.kernels.drive.edges import DOWN, RIGHT

QUANTITIES = 4
"""Distance, energy, energy from the battery, time without light."""
TAKEN = -2
"""Place of a cell that has left the heap for good."""


@kernel
def spend(steps, lit, hotel_w, array_w):
    """Turn what `drive_edges` gives for 8 neighbours into the quantities above, in place.

    ``steps`` (quantity, step, row, col) holds length (m), energy of driving (J), time (s) and slope on entry, length
    inf where a step may not be driven: there all become inf. ``lit`` (row, col) bool; ``hotel_w`` is drawn all the
    time, ``array_w`` given in light, the battery gives the rest. Half of a step lies in the cell of either end.
    """
    _, _, rows, cols = steps.shape
    for d in range(8):
        down, right = DOWN[d], RIGHT[d]
        for r in range(rows):
            for c in range(cols):
                if not math.isfinite(steps[0, d, r, c]):
                    for k in range(QUANTITIES):
                        steps[k, d, r, c] = np.inf
                    continue
                # Driving energy and hotel power together; half of the step in the light of either end.
                time = float(steps[2, d, r, c])
                energy = float(steps[1, d, r, c]) + hotel_w * time
                dark = (0.0 if lit[r, c] else 0.5) + (0.0 if lit[r + down, c + right] else 0.5)
                steps[1, d, r, c] = energy
                steps[2, d, r, c] = (1.0 - dark) * max(0.0, energy - array_w * time) + dark * energy
                steps[3, d, r, c] = dark * time


@kernel
def cheapest_drives(steps, weights, sums, goal):
    """The cheapest drive from every cell to a goal (Dijkstra backwards over directed steps).

    ``steps`` (quantity, step, row, col) as from `spend`; the cost of a drive is ``weights`` . its quantities.
    On entry ``sums`` (quantity, row, col) holds what still has to be spent at each goal, inf elsewhere; on return what
    the cheapest drive from each cell spends in all, inf where there is none. ``goal`` (row, col) int32: flat index of
    the goal it ends at, -1 where there is none.
    """
    _, _, rows, cols = steps.shape
    count = rows * cols
    cost = np.full(count, np.inf)
    place = np.full(count, -1, np.int64)
    heap = np.empty(count, np.int64)
    size = 0
    for r in range(rows):
        for c in range(cols):
            goal[r, c] = -1
            # Goals begin with what has still to be spent from them.
            if math.isfinite(sums[0, r, c]):
                cell = r * cols + c
                total = 0.0
                for k in range(QUANTITIES):
                    total += weights[k] * sums[k, r, c]
                cost[cell] = total
                goal[r, c] = cell
                heap[size] = cell
                place[cell] = size
                size += 1
                rise(heap, place, cost, size - 1)
    while size > 0:
        # Backwards: the cell with the cheapest drive left is final.
        cell = heap[0]
        size -= 1
        place[cell] = TAKEN
        if size > 0:
            heap[0] = heap[size]
            place[heap[0]] = 0
            sink(heap, place, cost, 0, size)
        r = cell // cols
        c = cell % cols
        for d in range(8):
            # The cell from which step d leads here.
            i = r - DOWN[d]
            j = c - RIGHT[d]
            if not (0 <= i < rows and 0 <= j < cols):
                continue
            before = i * cols + j
            if place[before] == TAKEN or not math.isfinite(steps[0, d, i, j]):
                continue
            # From that cell the drive is one step longer.
            total = cost[cell]
            for k in range(QUANTITIES):
                total += weights[k] * steps[k, d, i, j]
            if total < cost[before]:
                cost[before] = total
                goal[i, j] = goal[r, c]
                # All quantities follow the way that is cheapest in the weighted one.
                for k in range(QUANTITIES):
                    sums[k, i, j] = sums[k, r, c] + steps[k, d, i, j]
                if place[before] < 0:
                    heap[size] = before
                    place[before] = size
                    size += 1
                rise(heap, place, cost, place[before])
