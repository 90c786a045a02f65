"""Cheapest ways over a grid: A* over a raster of cost per metre, A* and Dijkstra over the costs of directed steps.

Steps are numbered as in `lupex.kernels.drive.reach`: 0..7 clockwise from up; 8..15 are the knight's moves from
up-right on.
The lower bound of what is left is a norm of the offset to the goal: what the offset costs where every step costs the
least that any step of its kind costs. A norm keeps A* exact (it never falls by more than a step costs), and shrunk by
`SHARE` it leaves every step a cost of its own, which lets the queue work in buckets
(`lupex.kernels.drive.bucket_queue`).
Where costs span too many powers of ten for that, or some steps cost nothing, cells wait in a heap.
"""

import math

import numpy as np

from lupex.kernels.compiled import kernel
from lupex.kernels.drive.bucket_queue import pop, push, ring
from lupex.kernels.drive.cell_heap import rise, sink

DOWN = np.array([-1, -1, 0, 1, 1, 1, 0, -1, -2, -1, 1, 2, 2, 1, -1, -2], np.int64)
RIGHT = np.array([0, 1, 1, 1, 0, -1, -1, -1, 1, 2, 2, 1, -1, -2, -2, -1], np.int64)
SQRT2 = math.sqrt(2.0)
SHARE = 0.94
"""Of the lower bound that is used: 1 looks at the fewest cells, less sorts them more cheaply."""
START, NONE, STEP = 31, 30, 31
"""Marks in `came` beside the steps 0..15: a cell the search begins at, a cell without a way; the bits both fit in."""
FINAL = 64

WIDTH = 0.999
"""Of a bucket over the least a step adds to the key: below 1 by more than rounding."""


@kernel
def _raster_bound(down, right, least):
    """Least cost of an offset; ``least`` (3,): of a step down, right, diagonal."""
    # Diagonally as far as both go, straight for the rest.
    both = min(down, right)
    return least[2] * both + least[0] * (down - both) + least[1] * (right - both)


@kernel
def raster_route(cost, cell_x, cell_y, start, goal, cut_corners):
    """The cheapest way from cell to cell over a raster of cost per metre: (its cost, flat cells, cells looked at).

    ``cost`` (row, col), not negative, NaN or inf where closed. A step costs its length times the mean of its two
    cells. A diagonal step needs both cells beside it open unless ``cut_corners``. ``start``, ``goal`` flat indices.
    Without a way the cost is inf; it is NaN when costs differ too much for buckets (`step_search` finds those ways).
    """
    # # # # # # #     the raster with a closed rim (half = inf): no test for the edge of the map inside the loop
    # # . . . . #     cells are flat indices of the padded raster, ``wide`` to a row
    # # S . . G #     key of a cell = spent + SHARE times the bound to G, in buckets of ``1 / per_key``
    # # # # # # #
    rows, cols = cost.shape
    wide = cols + 2
    half, lowest, highest = _padded_half(cost)
    diagonal = math.sqrt(cell_x * cell_x + cell_y * cell_y)
    shortest = min(cell_x, cell_y)
    length = np.array([cell_y, diagonal, cell_x, diagonal, cell_y, diagonal, cell_x, diagonal])
    least = np.array([cell_y, cell_x, diagonal]) * (lowest * SHARE)
    # Free steps have no width of bucket: left to `step_search`.
    no_way = np.empty(0, np.int64)
    if not lowest > 0.0:
        return np.nan, no_way, 0
    # A bucket narrower than the least growth of the key along a step: what comes out of it is final.
    per_key = 1.0 / (WIDTH * (1.0 - SHARE) * lowest * shortest)
    head = ring(2.0 * highest * diagonal, per_key)
    if head.size == 0:
        return np.nan, no_way, 0
    # The eight neighbours, clockwise from up, as flat offsets.
    offset = np.array([-wide, 1 - wide, 1, wide + 1, wide, wide - 1, -1, -1 - wide])
    spent = np.full(half.size, np.inf)
    came = np.full(half.size, NONE, np.uint8)
    # A cell is put into the queue at most once per neighbour.
    after = np.empty(8 * half.size, np.int32)
    item = np.empty(8 * half.size, np.int32)
    first = (start // cols + 1) * wide + start % cols + 1
    last = (goal // cols + 1) * wide + goal % cols + 1
    last_row, last_col = last // wide, last % wide
    if half[first] == np.inf or half[last] == np.inf:
        return np.inf, no_way, 0
    spent[first] = 0.0
    key = _raster_bound(abs(first // wide - last_row), abs(first % wide - last_col), least)
    state = (np.int64(key * per_key), np.int64(0), np.int64(-1), np.int64(0))
    state = push(state, head, after, item, key, per_key, first)
    seen = 0
    # state[1]: cells waiting. A cell that stands in the queue several times counts once, the first time.
    while state[1] > 0:
        cell, state = pop(state, head, after, item)
        if cell == last:
            break
        if came[cell] & FINAL:
            continue
        came[cell] |= FINAL
        seen += 1
        row = cell // wide
        col = cell - row * wide
        for d in range(8):
            other = cell + offset[d]
            if came[other] & FINAL:
                continue
            # A diagonal between two closed cells would pass through their common corner.
            if not cut_corners and d & 1 == 1:
                if half[cell + offset[d - 1]] == np.inf or half[cell + offset[(d + 1) & 7]] == np.inf:
                    continue
            # Half the cost of either cell per metre: the mean along the step.
            total = spent[cell] + (half[cell] + half[other]) * length[d]
            if total < spent[other]:
                spent[other] = total
                came[other] = d
                bound = _raster_bound(abs(row + DOWN[d] - last_row), abs(col + RIGHT[d] - last_col), least)
                state = push(state, head, after, item, total + bound, per_key, other)
    if spent[last] == np.inf:
        return np.inf, no_way, seen
    return spent[last], _unpadded(way(came, wide, last, False), wide, cols), seen


@kernel
def _padded_half(cost):
    """Half the cost with a closed rim, flat, and the lowest and highest cost of an open cell."""
    rows, cols = cost.shape
    half = np.full((rows + 2, cols + 2), np.inf)
    lowest = np.inf
    highest = 0.0
    for r in range(rows):
        for c in range(cols):
            # NaN fails the comparison, so unknown cells stay closed.
            value = cost[r, c]
            if value < np.inf:
                half[r + 1, c + 1] = 0.5 * value
                lowest = min(lowest, value)
                highest = max(highest, value)
    return half.ravel(), lowest, highest


@kernel
def _unpadded(cells, wide, cols):
    """Flat indices on the map of flat indices on the map with a rim."""
    for k in range(cells.size):
        cells[k] = (cells[k] // wide - 1) * cols + cells[k] % wide - 1
    return cells


@kernel
def least_steps(cost):
    """Least cost (3,) of a step along a row or column, a diagonal one, a knight's; the least and most of all steps.

    ``cost`` (direction, row, col). The three make a norm: none is more than a way round over the others costs.
    """
    kinds = np.full(3, np.inf)
    highest = 0.0
    for d in range(cost.shape[0]):
        # 0 straight, 1 diagonal, 2 knight's move.
        kind = 2 if d >= 8 else d & 1
        lowest = np.inf
        for r in range(cost.shape[1]):
            for c in range(cost.shape[2]):
                value = float(cost[d, r, c])
                lowest = min(lowest, value)
                if value < np.inf:
                    highest = max(highest, value)
        kinds[kind] = min(kinds[kind], lowest)
    # Made consistent: a kind that is dearer than a way round over others is given that way's cost. Without this the
    # bound could exceed what a search finds.
    straight = min(kinds[0], 0.5 * kinds[2], kinds[1])
    diagonal = min(kinds[1], 2.0 / 3.0 * kinds[2], 2.0 * straight)
    knight = min(kinds[2], straight + diagonal)
    return np.array([straight, diagonal, knight]), min(kinds[0], kinds[1], kinds[2]), highest


@kernel
def step_bound(down, right, least):
    """Least cost of an offset of (down, right) cells, both not negative; ``least`` as from `least_steps`."""
    # By knight's moves, and for the rest by straight or diagonal steps, whichever lie nearer to the offset.
    far = max(down, right)
    near = min(down, right)
    if far >= 2 * near:
        return least[2] * near + least[0] * (far - 2 * near)
    return least[2] * (far - near) + least[1] * (2 * near - far)


@kernel
def _beyond(value, low, high):
    return max(low - value, value - high, 0)


@kernel
def step_search(cost, spent, came, goal, box, backward):
    """Cheapest ways over directed steps: fills ``spent`` and ``came``, returns the goal reached first, else -1.

    ``cost`` (direction, row, col), not negative, inf or NaN where there is no step. ``spent`` flat float64: on entry
    what has been spent at each starting cell, inf elsewhere; on return the cost of the cheapest way to each cell
    (``backward``: from each cell). ``came`` flat uint8: on return the step into the cell (backward: out of it) in the
    bits of `STEP`, or `START`, or `NONE`. ``goal`` flat uint8 with ``box`` (4,) int64, first and last row, first and
    last column of all goals: the search (A*) stops at the cheapest, and only cells cheaper than it are final. With an
    empty box (first > last) it goes on to the end (Dijkstra).
    """
    # Stage 1: how low and high steps cost, and where the search begins.
    stops = box[0] <= box[1]
    least, lowest, highest = least_steps(cost)
    share = SHARE if stops and math.isfinite(lowest) else 0.0
    first = np.inf
    last = 0.0
    begins = 0
    for cell in range(spent.size):
        came[cell] = START if spent[cell] < np.inf else NONE
        if spent[cell] < np.inf:
            first = min(first, spent[cell])
            last = max(last, spent[cell])
            begins += 1
    # Stage 2: buckets where costs allow, a heap elsewhere.
    if lowest > 0.0 and math.isfinite(lowest) and first < np.inf:
        per_key = 1.0 / (WIDTH * (1.0 - share) * lowest)
        # Keys in the queue differ by the dearest step and what it can lose of the bound; at first, starting cells by
        # what they have spent and by their bounds.
        spread = 2.0 * highest * (1.0 + share) + last - first
        if begins > 1:
            spread += share * step_bound(cost.shape[1], cost.shape[2], least)
        head = ring(spread, per_key)
        # Bucket numbers stay exact integers.
        if head.size > 0 and last * per_key < 1e15:
            return _by_buckets(cost, spent, came, goal, box, backward, least * share, per_key, head)
    return _by_heap(cost, spent, came, goal, stops, backward)


@kernel
def _key(spent, cell, cols, box, guided, least):
    """What a cell has spent and the bound of what is left, 0 without goals."""
    if not guided:
        return spent[cell]
    row = cell // cols
    col = cell - row * cols
    return spent[cell] + step_bound(_beyond(row, box[0], box[1]), _beyond(col, box[2], box[3]), least)


@kernel
def _by_buckets(cost, spent, came, goal, box, backward, least, per_key, head):
    directions, rows, cols = cost.shape
    count = rows * cols
    # Driven backwards, a step into a cell costs what it costs from the other end.
    flat = cost.reshape(directions * count)
    guided = box[0] <= box[1]
    sign = -1 if backward else 1
    after = np.empty(directions * count + 1, np.int32)
    item = np.empty(directions * count + 1, np.int32)
    # The ring begins at the nearest starting cell.
    nearest = np.inf
    for cell in range(count):
        if spent[cell] < np.inf:
            nearest = min(nearest, _key(spent, cell, cols, box, guided, least))
    state = (np.int64(nearest * per_key), np.int64(0), np.int64(-1), np.int64(0))
    for cell in range(count):
        if spent[cell] < np.inf:
            key = _key(spent, cell, cols, box, guided, least)
            state = push(state, head, after, item, key, per_key, cell)
    while state[1] > 0:
        cell, state = pop(state, head, after, item)
        # Several entries of one cell: only the first that comes out counts.
        if came[cell] & FINAL:
            continue
        if guided and goal[cell]:
            return cell
        came[cell] |= FINAL
        row = cell // cols
        col = cell - row * cols
        # A knight's move reaches two cells; further in, none leaves the map.
        inside = 2 <= row < rows - 2 and 2 <= col < cols - 2
        for d in range(directions):
            i = row + sign * DOWN[d]
            j = col + sign * RIGHT[d]
            if not inside and not (0 <= i < rows and 0 <= j < cols):
                continue
            other = i * cols + j
            if came[other] & FINAL:
                continue
            total = spent[cell] + flat[d * count + (other if backward else cell)]
            if total < spent[other]:
                spent[other] = total
                came[other] = d
                # A* with goals, Dijkstra without.
                key = total
                if guided:
                    key += step_bound(_beyond(i, box[0], box[1]), _beyond(j, box[2], box[3]), least)
                state = push(state, head, after, item, key, per_key, other)
    return np.int64(-1)


@kernel
def _by_heap(cost, spent, came, goal, stops, backward):
    directions, rows, cols = cost.shape
    count = rows * cols
    sign = -1 if backward else 1
    place = np.full(count, -1, np.int64)
    heap = np.empty(count, np.int64)
    size = 0
    for cell in range(count):
        if spent[cell] < np.inf:
            # All starting cells, by what they have spent.
            heap[size] = cell
            place[cell] = size
            size += 1
            rise(heap, place, spent, size - 1)
    while size > 0:
        cell = heap[0]
        size -= 1
        place[cell] = -1
        # The last cell takes the root's place and sinks.
        if size > 0:
            heap[0] = heap[size]
            place[heap[0]] = 0
            sink(heap, place, spent, 0, size)
        # No bound here: plain Dijkstra, whatever the costs.
        if stops and goal[cell]:
            return cell
        came[cell] |= FINAL
        row = cell // cols
        col = cell - row * cols
        for d in range(directions):
            i = row + sign * DOWN[d]
            j = col + sign * RIGHT[d]
            if not (0 <= i < rows and 0 <= j < cols):
                continue
            other = i * cols + j
            total = spent[cell] + (cost[d, i, j] if backward else cost[d, row, col])
            if total < spent[other]:
                spent[other] = total
                came[other] = d
                # New to the heap, or nearer its root than before.
                if place[other] < 0:
                    heap[size] = other
                    place[other] = size
                    size += 1
                rise(heap, place, spent, place[other])
    return np.int64(-1)


@kernel
def way(came, cols, end, backward):
    """Flat cells of a way in driving order: to ``end`` of a forward search, from ``end`` of a backward one."""
    sign = 1 if backward else -1
    # Once to count the cells, once to fill them in.
    count = 1
    cell = end
    while came[cell] & STEP < NONE:
        d = came[cell] & STEP
        cell += sign * (DOWN[d] * cols + RIGHT[d])
        count += 1
    cells = np.empty(count, np.int64)
    cell = end
    for k in range(count):
        cells[k if backward else count - 1 - k] = cell
        d = came[cell] & STEP
        if d < NONE:
            cell += sign * (DOWN[d] * cols + RIGHT[d])
    return cells


@kernel
def spent_along(came, cost, backward):
    """What another cost (direction, row, col) spends (flat) along the ways of a search; inf without a way."""
    _, rows, cols = cost.shape
    count = rows * cols
    flat = cost.reshape(cost.size)
    out = np.full(count, np.nan)
    # From each cell along the way of the search to a cell already summed, then back, adding: each cell once.
    stack = np.empty(count, np.int64)
    for begin in range(count):
        depth = 0
        cell = np.int64(begin)
        while math.isnan(out[cell]):
            d = came[cell] & STEP
            if d >= NONE:
                out[cell] = 0.0 if d == START else np.inf
                break
            stack[depth] = cell
            depth += 1
            move = DOWN[d] * cols + RIGHT[d]
            cell += move if backward else -move
        value = out[cell]
        while depth > 0:
            depth -= 1
            cell = stack[depth]
            d = np.int64(came[cell] & STEP)
            move = DOWN[d] * cols + RIGHT[d]
            value += flat[d * count + (cell if backward else cell - move)]
            out[cell] = value
    return out
