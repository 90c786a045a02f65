"""What stands in the way: the path whose worst step is the least bad (minimax, Dijkstra with max for sum)."""

import math

import numpy as np

from lupex.kernels.compiled import kernel
from lupex.kernels.drive.edges import (
    ACROSS,
    BLOCKED,
    CLIMB,
    CORNER,
    DOWN,
    EDGE,
    FALL,
    FREE,
    GROUND,
    HIGHEST,
    OBSTACLE,
    RIGHT,
    SIDE,
    ground_state,
    row_ground,
    steepest,
)

KEPT, SHARED, IGNORED = 0, 1, 2
"""Role of a limit: it must hold; the share of it a step needs is minimised; it is ignored."""

CORNERS, BLOCKS, HOLES = 1, 2, 3
"""What a path may be led through, besides free ground: each includes those before it."""

WORSE = 1.0e9
"""How much worse a corner is than any share of a limit, blocked ground than a corner, a hole than blocked ground."""


@kernel
def _share(value, limit, slope):
    """Share of a limit that is needed (slopes in degrees), rounded up; at most 1 exactly where the limit is kept.

    0 for an unknown value.
    """
    if math.isnan(value):
        return 0.0
    # Rounded up by more than float32 loses, so that a broken limit never reads as kept.
    share = math.atan(value) / math.atan(limit) if slope else value / limit
    return min(1.0, share) if value <= limit else max(1.0, share) * (1.0 + 2.0**-22)


@kernel
def measured(z, heights, x_m, y_m, cell_m, limits, first_row, last_row, shares, states):
    """Share of every limit that every step needs, forth and back, as `drive_edges` measures it.

    Fills ``shares`` (climb, descent, side slope, highest step; direction, row, col) float32, 1 where a limit is just
    kept, slopes counted in degrees, also where ``heights`` lacks a cell that ``z`` knows, and ``states`` (direction,
    row, col): FREE, EDGE, HOLE, BLOCKED or CORNER.
    """
    rows, cols = z.shape
    tilt, ground, slope_deg = np.empty((2, cols)), np.empty((GROUND, cols)), np.empty(cols)
    for d in range(states.shape[0]):
        if d % 8 >= 4:
            continue
        for r in range(first_row, last_row):
            # Off the map unless said otherwise below.
            for c in range(cols):
                states[d, r, c] = EDGE
                if not (0 <= r - DOWN[d] < rows and 0 <= c - RIGHT[d] < cols):
                    states[d + 4, r, c] = EDGE
            # Measured over all known heights, forbidden ground included: what it would take to drive there.
            pieces, first, last = row_ground(z, z, x_m, y_m, cell_m, d, r, tilt, ground, slope_deg)
            for k in range(last - first):
                c = first + k
                i, j = r + DOWN[d], c + RIGHT[d]
                state = ground_state(z, heights, d, r, c)
                states[d, r, c] = state
                states[d + 4, i, j] = state
                # Backwards a climb is a descent.
                climb, fall = steepest(ground, pieces, k)
                shares[CLIMB, d, r, c] = _share(climb, limits[CLIMB], True)
                shares[FALL, d, r, c] = _share(fall, limits[FALL], True)
                shares[CLIMB, d + 4, i, j] = _share(fall, limits[CLIMB], True)
                shares[FALL, d + 4, i, j] = _share(climb, limits[FALL], True)
                side, highest = ground[SIDE, k], ground[HIGHEST, k]
                shares[ACROSS, d, r, c] = shares[ACROSS, d + 4, i, j] = _share(side, limits[ACROSS], True)
                shares[OBSTACLE, d, r, c] = shares[OBSTACLE, d + 4, i, j] = _share(highest, limits[OBSTACLE], False)


@kernel
def _need(shares, state, roles, through, d, r, c):
    """Badness of a step: 1 where it is allowed, inf where no relaxation asked for allows it."""
    if state == EDGE:
        return np.inf
    worst = 1.0
    # One worst corner outweighs any slope, one blocked cell any corner, one hole any block.
    if state != FREE:
        rank = CORNERS if state == CORNER else (BLOCKS if state == BLOCKED else HOLES)
        if through < rank:
            return np.inf
        worst = WORSE**rank
    for k in range(4):
        share = float(shares[k, d, r, c])
        # A limit that must hold closes the step; one that is shared counts by how much of it is needed.
        if roles[k] == SHARED:
            worst = max(worst, share)
        elif roles[k] == KEPT and share > 1.0:
            return np.inf
    return worst


@kernel
def _before(worst, length, a, b):
    return worst[a] < worst[b] or (worst[a] == worst[b] and length[a] < length[b])


@kernel
def _rise(heap, place, worst, length, cell):
    """Move a cell of the heap, or a new one whose place is the first free, towards the root as far as it belongs."""
    # Held aside while worse cells above move down.
    k = place[cell]
    while k > 0:
        above = heap[(k - 1) // 2]
        if not _before(worst, length, cell, above):
            break
        heap[k], place[above] = above, k
        k = (k - 1) // 2
    heap[k], place[cell] = cell, k


@kernel
def _sink(heap, place, worst, length, cell, size):
    """Put a cell at the root of a heap of ``size`` cells and move it away from there as far as it belongs."""
    k = 0
    while 2 * k + 1 < size:
        child = 2 * k + 1
        if child + 1 < size and _before(worst, length, heap[child + 1], heap[child]):
            child += 1
        if not _before(worst, length, heap[child], cell):
            break
        heap[k] = heap[child]
        place[heap[k]] = k
        k = child
    if size > 0:
        heap[k], place[cell] = cell, k


@kernel
def least_bad(shares, states, roles, through, start, goals, before):
    """The path from ``start`` (flat cell) to ``goals`` (row, col) whose worst step is the least bad.

    A step is as bad as the largest share of a limit it needs, of those with the role SHARED; steps over a limit that
    is KEPT are not taken. ``through``: 0 only free ground, 1 also past corners, 2 blocked ground too, 3 holes too,
    each worse than any share of a limit. Of equally bad paths it takes a short one. Fills ``before`` (row,
    col): the direction a cell was entered by, -1 none. Returns the flat cell of the goal and the badness of the worst
    step, 1 where all are allowed; -1 and inf when there is no path.
    """
    # Dijkstra with the maximum in place of the sum:   worst[to] = max(worst[cell], badness of the step)
    #
    #   start --0.4-- o --1.3-- o --0.9-- goal      worst 1.3: the step that binds, found again by `binding`
    #      \--0.8-- o --1.6-- o --0.2---/           worst 1.6
    directions, rows, cols = states.shape
    worst = np.full(rows * cols, np.inf)
    done = np.zeros(rows * cols, np.bool_)
    before[:] = -1
    length = np.full(rows * cols, np.inf)
    worst[start] = 1.0
    length[start] = 0.0
    heap, place = np.empty(rows * cols, np.int64), np.full(rows * cols, -1, np.int64)
    heap[0], place[start] = start, 0
    size = 1
    while size > 0:
        cell = heap[0]
        size -= 1
        done[cell] = True
        _sink(heap, place, worst, length, heap[size], size)
        # Cells leave the heap in order of badness, then of length: the first goal is the answer.
        bad, way = worst[cell], length[cell]
        r, c = cell // cols, cell % cols
        if goals[r, c]:
            return cell, bad
        for d in range(directions):
            # The path is as bad as its worst step so far.
            need = max(bad, _need(shares, states[d, r, c], roles, through, d, r, c))
            if need == np.inf:
                continue
            i, j = r + DOWN[d], c + RIGHT[d]
            to = i * cols + j
            after = way + math.hypot(DOWN[d], RIGHT[d])
            if not done[to] and (need < worst[to] or (need == worst[to] and after < length[to])):
                worst[to] = need
                length[to] = after
                before[i, j] = d
                # New to the heap, or nearer its root than before.
                if place[to] < 0:
                    place[to] = size
                    size += 1
                _rise(heap, place, worst, length, to)
    return -1, np.inf


@kernel
def binding(shares, states, roles, through, start, goal, before):
    """Row, column and direction of the worst step of the path found, the first of several."""
    cols = states.shape[2]
    cell = goal
    at = (-1, -1, -1)
    most = 0.0
    while cell != start:
        d = before[cell // cols, cell % cols]
        r, c = cell // cols - DOWN[d], cell % cols - RIGHT[d]
        # From the goal backwards, so the last of equals met is the first of the path.
        need = _need(shares, states[d, r, c], roles, through, d, r, c)
        if need >= most:
            most = need
            at = (r, c, d)
        cell = r * cols + c
    return at
