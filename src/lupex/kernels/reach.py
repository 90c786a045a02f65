"""Drives over a grid: what every step between neighbouring cells costs, and the cheapest drives to given cells.

Steps are numbered 0..7 clockwise from up (row - 1): up, up-right, right, ... Quantities per step: 0 distance (m),
1 energy (J), 2 energy taken from the battery (J), 3 time without light (s).
"""

import math

import numpy as np
from numba import njit

QUANTITIES = 4
DOWN = np.array([-1, -1, 0, 1, 1, 1, 0, -1], np.int64)
RIGHT = np.array([0, 1, 1, 1, 0, -1, -1, -1], np.int64)
DEG = 180.0 / math.pi

_fast = njit(cache=True, nogil=True, error_model="numpy")


@_fast
def _cross_rise(z, r, c, d):
    """Rise per cell length across step ``d`` from (r, c), both ends known; NaN where it cannot be told."""
    rows, cols = z.shape
    if d % 2 == 1:
        # The other two corners of the square: their difference is the slope across the middle of the diagonal.
        return (z[r + DOWN[d], c] - z[r, c + RIGHT[d]]) / math.sqrt(2.0)
    down, right = DOWN[(d + 2) % 8], RIGHT[(d + 2) % 8]
    total = 0.0
    sides = 0
    for sign in (-1, 1):
        side = 0.0
        known = True
        for end in (0, 1):
            i = r + end * DOWN[d]
            j = c + end * RIGHT[d]
            if not (0 <= i + sign * down < rows and 0 <= j + sign * right < cols):
                known = False
                break
            side += 0.5 * sign * (z[i + sign * down, j + sign * right] - z[i, j])
        if known and math.isfinite(side):
            total += side
            sides += 1
    return total / sides if sides else 0.0


@_fast
def drive_steps(z, lit, cell_m, tan_limits, speed_m_s, slowest, joules, powers_w, out):
    """Cost of every step: fills ``out`` (quantity, step, row, col) float32, inf where the step may not be driven.

    z (row, col) heights (m), NaN where nobody may drive; ``lit`` (row, col) bool; ``cell_m`` on the ground.
    ``tan_limits`` tangents of the steepest climb, descent and side slope. Speed falls linearly with slope (deg) from
    ``speed_m_s`` to ``slowest`` times that at the limit. ``joules`` (3,): J/m on the level, J/m per degree up, J/m per
    degree down. ``powers_w`` (2,): drawn all the time, and given by the array in light. A diagonal step is followed
    through the corner it crosses, at the mean height of the four cells; every part must keep the limits.
    """
    rows, cols = z.shape
    up_deg = math.atan(tan_limits[0]) * DEG
    down_deg = math.atan(tan_limits[1]) * DEG
    for d in range(8):
        diagonal = d % 2 == 1
        run_m = cell_m * (math.sqrt(2.0) if diagonal else 1.0)
        parts = 2 if diagonal else 1
        for r in range(rows):
            for c in range(cols):
                for k in range(QUANTITIES):
                    out[k, d, r, c] = np.inf
                i = r + DOWN[d]
                j = c + RIGHT[d]
                if not (0 <= i < rows and 0 <= j < cols):
                    continue
                here = float(z[r, c])
                there = float(z[i, j])
                if not (math.isfinite(here) and math.isfinite(there)):
                    continue
                cross = _cross_rise(z, r, c, d) / cell_m
                if not abs(cross) <= tan_limits[2]:
                    continue
                middle = 0.25 * (here + there + float(z[i, c]) + float(z[r, j])) if diagonal else there
                share_lit = (0.5 if lit[r, c] else 0.0) + (0.5 if lit[i, j] else 0.0)
                begin = here
                distance = energy = time = 0.0
                fits = True
                for part in range(parts):
                    end = middle if part == 0 else there
                    rise = (end - begin) * parts / run_m
                    begin = end
                    if not (-tan_limits[1] <= rise <= tan_limits[0]):
                        fits = False
                        break
                    length = math.sqrt(1.0 + rise * rise) * run_m / parts
                    slope = math.atan(rise) * DEG
                    if rise >= 0.0:
                        per_m = joules[0] + joules[1] * slope
                        used = slope / up_deg
                    else:
                        per_m = joules[0] - joules[2] * slope
                        used = -slope / down_deg
                    distance += length
                    energy += per_m * length
                    time += length / (speed_m_s * (1.0 - (1.0 - slowest) * used))
                if not fits:
                    continue
                energy += powers_w[0] * time
                missing = max(0.0, energy - powers_w[1] * time)
                out[0, d, r, c] = distance
                out[1, d, r, c] = energy
                out[2, d, r, c] = share_lit * missing + (1.0 - share_lit) * energy
                out[3, d, r, c] = (1.0 - share_lit) * time


@_fast
def _raise(heap, place, cost, k):
    """Move the cell at heap position ``k`` towards the root until its parent costs no more."""
    cell = heap[k]
    while k > 0:
        parent = (k - 1) // 2
        if cost[heap[parent]] <= cost[cell]:
            break
        heap[k] = heap[parent]
        place[heap[k]] = k
        k = parent
    heap[k] = cell
    place[cell] = k


@_fast
def _sink(heap, place, cost, k, size):
    """Move the cell at heap position ``k`` away from the root until its children cost no less."""
    cell = heap[k]
    while True:
        child = 2 * k + 1
        if child >= size:
            break
        if child + 1 < size and cost[heap[child + 1]] < cost[heap[child]]:
            child += 1
        if cost[cell] <= cost[heap[child]]:
            break
        heap[k] = heap[child]
        place[heap[k]] = k
        k = child
    heap[k] = cell
    place[cell] = k


@_fast
def cheapest_drives(steps, weights, sums, goal):
    """The cheapest drive from every cell to a goal (Dijkstra backwards over directed steps).

    ``steps`` (quantity, step, row, col) as from `drive_steps`; the cost of a drive is ``weights`` . its quantities.
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
                _raise(heap, place, cost, size - 1)
    while size > 0:
        cell = heap[0]
        size -= 1
        place[cell] = -2
        if size > 0:
            heap[0] = heap[size]
            place[heap[0]] = 0
            _sink(heap, place, cost, 0, size)
        r = cell // cols
        c = cell % cols
        for d in range(8):
            i = r - DOWN[d]
            j = c - RIGHT[d]
            if not (0 <= i < rows and 0 <= j < cols):
                continue
            before = i * cols + j
            if place[before] == -2 or not math.isfinite(steps[0, d, i, j]):
                continue
            total = cost[cell]
            for k in range(QUANTITIES):
                total += weights[k] * steps[k, d, i, j]
            if total < cost[before]:
                cost[before] = total
                goal[i, j] = goal[r, c]
                for k in range(QUANTITIES):
                    sums[k, i, j] = sums[k, r, c] + steps[k, d, i, j]
                if place[before] < 0:
                    heap[size] = before
                    place[before] = size
                    size += 1
                _raise(heap, place, cost, place[before])
