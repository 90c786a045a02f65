"""Driving straight over a map: what a line costs, whether all of it may be driven, and the best line through waypoints.

Points are in cells: (row, col) of cell middles are whole numbers. Heights between middles are bilinear. A line is cut
wherever it crosses an edge or a middle line of a cell; between cuts its height is a parabola, so the slopes at both
ends of a piece are the steepest on it. ``limits`` and ``law`` as in `lupex.kernels.drive.edges`.
"""

import math

import numpy as np

from lupex.kernels.compiled import kernel
from lupex.kernels.drive.edges import (
    ACROSS,
    CLIMB,
    DEG,
    ENERGY,
    FALL,
    LENGTH,
    OBSTACLE,
    OVERHEAD,
    QUARTER_R2,
    TIME,
    pace,
)

NEAR = 1e-7
"""Cells: a point so close to a cell touches it."""


@kernel
def height(z, row, col):
    """Bilinear height; beside a hole of the cells that are known, NaN where none is. Level beyond the outer middles."""
    rows, cols = z.shape
    # Clamped to the outer middles: beyond them the ground goes on level.
    row = min(max(row, 0.0), rows - 1.0)
    col = min(max(col, 0.0), cols - 1.0)
    top = min(int(row), max(rows - 2, 0))
    left = min(int(col), max(cols - 2, 0))
    total = weights = 0.0
    for i in range(2):
        down = row - top if i == 1 else 1.0 - (row - top)
        for j in range(2):
            weight = down * (col - left if j == 1 else 1.0 - (col - left))
            # A corner of no weight need not be known; unknown ones leave their weight to the others.
            if weight > 0.0:
                value = float(z[min(top + i, rows - 1), min(left + j, cols - 1)])
                if math.isfinite(value):
                    total += weight * value
                    weights += weight
    return total / weights if weights > 1e-9 else np.nan


@kernel
def _open_around(heights, row, col):
    """Whether every cell that holds or touches a point may be driven on."""
    rows, cols = heights.shape
    # A point on an edge touches two cells, on a corner four.
    for i in range(math.floor(row + 0.5 - NEAR), math.floor(row + 0.5 + NEAR) + 1):
        for j in range(math.floor(col + 0.5 - NEAR), math.floor(col + 0.5 + NEAR) + 1):
            if not (0 <= i < rows and 0 <= j < cols) or not math.isfinite(heights[i, j]):
                return False
    return True


@kernel
def _known_around(z, row, col):
    """Whether the cells a bilinear height at a point rests on are known (those beyond the map need not be)."""
    rows, cols = z.shape
    for i in range(math.floor(row + NEAR), math.ceil(row - NEAR) + 1):
        for j in range(math.floor(col + NEAR), math.ceil(col - NEAR) + 1):
            if 0 <= i < rows and 0 <= j < cols and not math.isfinite(z[i, j]):
                return False
    return True


@kernel
def _highest_step(heights, row, col):
    """Highest step between two of the cells a point touches."""
    low, high = np.inf, -np.inf
    for i in range(math.floor(row + 0.5 - NEAR), math.floor(row + 0.5 + NEAR) + 1):
        for j in range(math.floor(col + 0.5 - NEAR), math.floor(col + 0.5 + NEAR) + 1):
            low = min(low, float(heights[i, j]))
            high = max(high, float(heights[i, j]))
    return high - low


@kernel
def _side_rise(z, row, col, down, right):
    """Rise over one cell's width across the direction (down, right) at a point, per cell."""
    up = height(z, row - 0.5 * right, col + 0.5 * down)
    return abs(height(z, row + 0.5 * right, col - 0.5 * down) - up)


@kernel
def _next_cut(begin, end, row, col, down, right):
    """Share of the way from ``begin`` to the next half line, at most ``end``."""
    share = end
    for at, go in ((row, down), (col, right)):
        if abs(go) > 1e-12:
            # Edges and middles are the multiples of one half.
            here = 2.0 * (at + begin * go)
            line = math.floor(here + 2.0 * NEAR) + 1.0 if go > 0.0 else math.ceil(here - 2.0 * NEAR) - 1.0
            share = min(share, (0.5 * line - at) / go)
    return share


@kernel
def straight_drive(z, heights, place, line, limits, law, must_hold, out):
    """What the straight drive ``line`` (row, col, row, col) costs: fills ``out`` (length m, energy J, time s).

    z heights (m), NaN unknown; ``heights`` the same with NaN also where driving is forbidden; ``place`` (x of column 0,
    y of row 0, cell size, m). Returns whether the whole line may be driven: every cell it holds or touches is open,
    heights are known, slopes up, down and across and steps between cells keep the limits. With ``must_hold`` it
    stops at the first breach.
    """
    # |       |       |            cuts where the line crosses edges (|) and middles (:) of cells, rows likewise;
    # |   :   |   :   |            between two cuts the bilinear height is a parabola:
    # o-x-x--x--x---x-o               before --- bend --- after      (begin, middle, end)
    #     :       :                slopes at its ends:  (4 bend - 3 before - after) / flat
    #                                                   (3 after - 4 bend + before) / flat
    row, col = line[0], line[1]
    down, right = line[2] - row, line[3] - col
    whole = math.hypot(down, right)
    out[:] = 0.0
    if whole == 0.0:
        return True
    holds = True
    begin = 0.0
    cell_m = place[2]
    before = height(z, row, col)
    while begin < 1.0:
        # Stage 1: the next piece; a remnant shorter than a touch joins it.
        end = _next_cut(begin, 1.0, row, col, down, right)
        if 1.0 - end < NEAR / whole:
            end = 1.0
        middle = 0.5 * (begin + end)
        i, j = row + middle * down, col + middle * right
        # Its length on the sphere, by the map's scale at its middle.
        x, y = place[0] + j * cell_m, place[1] - i * cell_m
        side_m = cell_m / (1.0 + (x * x + y * y) * QUARTER_R2)
        flat = (end - begin) * whole * side_m
        after = height(z, row + end * down, col + end * right)
        rise = (after - before) / flat
        # Stage 2: limits, until one is broken.
        if holds:
            bend = height(z, i, j)
            first = (4.0 * bend - 3.0 * before - after) / flat
            last = (3.0 * after - 4.0 * bend + before) / flat
            ends = ((begin, i, j), (end, i, j))
            # Written so that a missing height is not fine.
            holds = max(first, last) <= limits[CLIMB] and min(first, last) >= -limits[FALL]
            holds = holds and math.isfinite(first + last)
            holds = holds and _open_around(heights, i, j) and _known_around(z, i, j)
            for k in range(2):
                share = ends[k][0]
                r, c = row + share * down, col + share * right
                side = _side_rise(z, r, c, down / whole, right / whole) / side_m
                holds = holds and _open_around(heights, r, c) and side <= limits[ACROSS]
                holds = holds and _highest_step(heights, r, c) <= limits[OBSTACLE]
            if must_hold and not holds:
                return False
        # Stage 3: what it costs, by the mean slope of the piece.
        part = math.sqrt(1.0 + rise * rise) * flat
        joules, speed = pace(rise, math.atan(rise) * DEG, law)
        out[LENGTH] += part
        out[ENERGY] += joules * part + law[OVERHEAD] * part / speed
        out[TIME] += part / speed
        before = after
        begin = end
    return holds


@kernel
def straightened(z, heights, place, points, spent, limits, law, window, cost):
    """The best way through some of the waypoints: (indices kept, sums there (kept, 3)).

    ``points`` (n, 2) row, col; ``spent`` (n, 3) length, energy, time of the drive so far. A straight drive may
    replace up to ``window`` legs when it may be driven all along and spends no more of any of the three than they do.
    Among those the sum of quantity ``cost`` is made least (dynamic programming), then the number of legs.
    """
    # Dynamic programming over waypoints: best[j] is the least cost to reach j by legs and straight drives.
    n = points.shape[0]
    best = np.full(n, np.inf)
    legs = np.zeros(n, np.int64)
    before = np.zeros(n, np.int64)
    sums = np.zeros((n, 3))
    best[0] = 0.0
    out = np.empty(3)
    line = np.empty(4)
    slack = 1e-9
    for j in range(1, n):
        # Last leg from i to j: the drive as it was, or straight from i.
        for i in range(j - 1, max(-1, j - 1 - window), -1):
            for q in range(3):
                out[q] = spent[j, q] - spent[i, q]
            if i < j - 1:
                line[:2] = points[i]
                line[2:] = points[j]
                # Only where it may be driven, and is worse in nothing: length, energy, time.
                if not straight_drive(z, heights, place, line, limits, law, True, out):
                    continue
                cheaper = True
                for q in range(3):
                    cheaper = cheaper and out[q] <= (spent[j, q] - spent[i, q]) * (1.0 + slack)
                if not cheaper:
                    continue
            total = best[i] + out[cost]
            # Equal cost within rounding: fewer legs win.
            near = abs(total - best[j]) <= slack * total
            if (near and legs[i] + 1 < legs[j]) or (not near and total < best[j]):
                best[j] = total
                legs[j] = legs[i] + 1
                before[j] = i
                sums[j] = sums[i] + out
    # Back from the end along the legs chosen.
    kept = np.empty(legs[n - 1] + 1, np.int64)
    at = n - 1
    for k in range(kept.size - 1, -1, -1):
        kept[k] = at
        at = before[at]
    return kept, sums[kept]
