"""Ways that matter for several costs at once: all of them that no other way beats (labels, Pareto dominance).

A cell keeps every way to it that is not worse than another in all costs. Labels leave the queue in the order of the
first cost with its lower bound, then of the others; so of two labels at a cell the later one never spends less of the
first cost, and dominance needs to look at the others only (Pulido, Mandow and Perez de la Cruz 2015, Comput. Oper.
Res. 64; for two costs one comparison: Hernandez et al. 2023, doi:10.1016/j.artint.2022.103807).
"""

import numpy as np

from lupex.kernels.compiled import kernel
from lupex.kernels.drive.route import DOWN, RIGHT

TINY = 1e-12
"""Costs that differ by this share count as equal: sums of the same steps in another order."""
FOUND, NOTHING_LEFT, TOO_MANY = 0, 1, 2


@kernel
def label_search(costs, bound, shortcut, limit, start, goal, first_only, most_labels):
    """Labels of a search from cell ``start`` over directed steps with several costs.

    ``costs`` (cost, direction, row, col), not negative, inf or NaN where there is no step. ``bound`` (cost, cell): no
    more than what is left to a goal, consistent (as the cheapest ways give it). ``limit`` (cost,): ways whose spent
    and bound exceed it are dropped. ``goal`` (cell,) uint8: ways end there; none set: every cell is explored.

    ``first_only``: stop at the cheapest way in cost 0 that keeps the limits. Then, for two costs, ``shortcut`` (2,
    cell) may hold what cost 1 spends along the cheapest way in cost 0 to a goal, and cost 0 along that in cost 1
    (shape (2, 0): none): a label whose cheapest rest keeps the limit is the answer, and the search ends there.

    Returns (status, labels at goals or the last, cell of each label, label before it, spent (label, cost)).
    Raises nothing: status `TOO_MANY` when more than ``most_labels`` would be made.
    """
    # label = a way to a cell:  cell_of, before (the label it came from), spent (cost,)
    # newest[cell] -> after -> after ...     labels kept at a cell, latest first
    # heap of labels by (spent + bound) in cost 0, then 1, ...: at a cell the first cost only grows from label to label,
    # so a new label is beaten exactly when one kept spends no more of every other cost
    kinds, directions, rows, cols = costs.shape
    count = rows * cols
    flat = costs.reshape((kinds, directions * count))
    room = most_labels  # pages nobody writes to take no memory; arrays that grow would halve the speed of the loop
    cell_of = np.empty(room, np.int32)
    before = np.empty(room, np.int32)
    after = np.empty(room, np.int32)
    spent = np.empty((room, kinds))
    heap = np.empty(room, np.int32)
    newest = np.full(count, -1, np.int32)
    upper = limit * (1.0 + TINY)
    ends = [np.int32(0) for _ in range(0)]
    total = np.empty(kinds)
    cell_of[0] = start
    before[0] = -1
    spent[0, :] = 0.0
    heap[0] = 0
    made = 1
    size = 1
    while size > 0:
        # The label least in the first cost, its bound included.
        label = heap[0]
        size -= 1
        _sink(heap, size, spent, bound, cell_of)
        cell = np.int64(cell_of[label])
        # Limits may have tightened, and better labels come, since it was put there.
        if _beyond(spent[label], bound[:, cell], upper) or _beaten(spent[label], newest[cell], after, spent):
            continue
        if not first_only and _late(spent[label], bound[:, cell], ends, spent):
            continue
        # Kept: it heads the list of its cell.
        after[label] = newest[cell]
        newest[cell] = label
        if goal[cell]:
            ends.append(label)
            if first_only:
                return FOUND, ends, cell_of[:made], before[:made], spent[:made]
            continue
        # The cheapest rest in cost 0 keeps the limit: nothing better can follow. Else the cheapest rest in cost 1
        # gives an upper bound of the answer.
        if first_only and shortcut.shape[1] > 0:
            if spent[label, 1] + shortcut[0, cell] <= upper[1]:
                ends.append(label)
                return FOUND, ends, cell_of[:made], before[:made], spent[:made]
            if spent[label, 1] + bound[1, cell] <= limit[1]:
                upper[0] = min(upper[0], (spent[label, 0] + shortcut[1, cell]) * (1.0 + TINY))
        row = cell // cols
        col = cell - row * cols
        # Room for all directions of one cell.
        if made + 16 > most_labels:
            return TOO_MANY, ends, cell_of[:made], before[:made], spent[:made]
        for d in range(directions):
            i = row + DOWN[d]
            j = col + RIGHT[d]
            if not (0 <= i < rows and 0 <= j < cols):
                continue
            other = i * cols + j
            for k in range(kinds):
                total[k] = spent[label, k] + flat[k, d * count + cell]
            # Not worth a label: over a limit, or beaten already.
            if _beyond(total, bound[:, other], upper) or _beaten(total, newest[other], after, spent):
                continue
            cell_of[made] = other
            before[made] = label
            spent[made] = total
            _rise(heap, size, made, spent, bound, cell_of)
            made += 1
            size += 1
    return NOTHING_LEFT, ends, cell_of[:made], before[:made], spent[:made]


@kernel
def _beyond(total, bound, upper):
    """Whether a way breaks a limit, or does not exist."""
    for k in range(total.size):
        if not (total[k] + bound[k] <= upper[k] and total[k] + bound[k] < np.inf):
            return True
    return False


@kernel
def _beaten(total, kept, after, spent):
    """Whether a label kept at the cell spends no more of any cost but the first."""
    while kept >= 0:
        worse = True
        for k in range(1, total.size):
            if total[k] * (1.0 + TINY) < spent[kept, k]:
                worse = False
                break
        if worse:
            return True
        if total.size == 2:  # of two costs, the newest label spends the least of the second
            return False
        kept = after[kept]
    return False


@kernel
def _late(total, bound, ends, spent):
    """Whether a way found already spends no more of any cost but the first."""
    # A way found can beat ways through any cell, as its costs are final.
    for end in ends:
        worse = True
        for k in range(1, total.size):
            if (total[k] + bound[k]) * (1.0 + TINY) < spent[end, k]:
                worse = False
                break
        if worse:
            return True
    return False


@kernel
def _earlier(a, b, spent, bound, cell_of):
    """Whether label a comes before label b: by the first cost, then the others, bounds included."""
    for k in range(spent.shape[1]):
        # Equal in the first cost: the others decide, so that equal labels leave in one order always.
        left = spent[a, k] + bound[k, cell_of[a]]
        right = spent[b, k] + bound[k, cell_of[b]]
        if left != right:
            return left < right
    return False


@kernel
def _rise(heap, place, label, spent, bound, cell_of):
    while place > 0:
        parent = (place - 1) >> 1
        if not _earlier(label, heap[parent], spent, bound, cell_of):
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = label


@kernel
def _sink(heap, size, spent, bound, cell_of):
    """Close the gap at the root with the last label; ``size`` labels stay."""
    label = heap[size]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and _earlier(heap[child + 1], heap[child], spent, bound, cell_of):
            child += 1
        if not _earlier(heap[child], label, spent, bound, cell_of):
            break
        heap[place] = heap[child]
        place = child
    heap[place] = label
