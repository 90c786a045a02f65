"""Standing at goals for a given time, and what is best among cells in which a drive may end.

Charge is in Wh, -inf where the rover cannot be; half_wh and the ring as in `lupex.kernels.drive.energy_time`.
"""

import numpy as np

from lupex.kernels.compiled import kernel
from lupex.kernels.drive.living import NO_END

NEVER = -np.inf
ROUNDING_WH = 1e-9
"""Forwards and backwards the same sum is taken in another order."""


@kernel
def gather(ring, ring_at, first, layers, goal_row, goal_col, out):
    """Charge at goals at boundaries first + 1 .. first + layers, into ``out`` (layer, goal)."""
    slots = ring.shape[0]
    for b in range(layers):
        layer = ring[(first + b + 1) % slots]
        for g in range(goal_row.size):
            out[b, g] = layer[goal_row[g] - ring_at[0], goal_col[g] - ring_at[1]]


@kernel
def stand(pipe, busy, first, entering, goal_row, goal_col, disc, light_at, half_wh, power_wh, limits, leaving):
    """Stand at goals for pipe.shape[1] steps, charging by the light there.

    ``pipe`` (goal, slot) holds the charge of tasks in progress by the boundary they began at, modulo the slots;
    ``busy`` (goal,) last boundary at which a task ends. ``entering``, ``leaving`` (layer, goal): charge of tasks that
    begin and end at boundaries first + 1, ...; ``power_wh`` drawn per step; ``limits`` most charged, full, least.
    Without slots a task ends as it begins.
    """
    layers, goals = entering.shape
    slots = pipe.shape[1]
    most_wh, full_wh, least_wh = limits[0], limits[1], limits[2]
    # A task without duration.
    if slots == 0:
        for b in range(layers):
            for g in range(goals):
                leaving[b, g] = entering[b, g]
        return
    for b in range(layers):
        k = first + b + 1
        slot = k % slots
        t = k - 1 - light_at[0]
        for g in range(goals):
            # Idle goals are passed over: most are, most of the time.
            leaving[b, g] = NEVER
            if busy[g] >= k:
                # Both halves of the step are spent in the same cell.
                net = 2.0 * half_wh[k - 1] * disc[t, goal_row[g] - light_at[1], goal_col[g] - light_at[2]] - power_wh
                net = net if net < most_wh else most_wh
                those = pipe[g]
                for i in range(slots):
                    e = those[i] + net
                    e = e if e < full_wh else full_wh
                    those[i] = e if e >= least_wh else NEVER
                leaving[b, g] = those[slot]
            # The slot whose task has just ended takes the one that begins.
            pipe[g, slot] = entering[b, g]
            if entering[b, g] > NEVER:
                busy[g] = k + slots


@kernel
def best_ends(ring, ring_at, first, end_row, end_col, box, counts, counts_at, unit_wh, out):
    """Most charge in one of the cells (end,) in which a drive may end, at boundaries first, first + 1, ...

    Args:
        ring, ring_at, box: as in `energy_time.advance`.
        end_row, end_col: (end,) cells.
        counts: (layer, row, col) uint16, least charge to end with in counts of ``unit_wh``, `NO_END` where it may not;
            beginning at row, column ``counts_at``.
        out: (layer, 3) charge, row, column; charge -inf where there is no end.
    """
    slots = ring.shape[0]
    for b in range(out.shape[0]):
        layer = ring[(first + b) % slots]
        best, row, col = NEVER, -1, -1
        for i in range(end_row.size):
            r, c = end_row[i], end_col[i]
            if box[0] <= r < box[1] and box[2] <= c < box[3]:
                e = layer[r - ring_at[0], c - ring_at[1]]
                need = counts[b, r - counts_at[0], c - counts_at[1]]
                if e > best and need != NO_END and e >= need * unit_wh - ROUNDING_WH:
                    best, row, col = e, r, c
        out[b, 0], out[b, 1], out[b, 2] = best, row, col


@kernel
def flood(time_s, down, right, seeds):
    """Cells (row, col) bool that can be reached from ``seeds`` (row, col) bool over steps (direction, row, col) of
    finite time."""
    directions, rows, cols = time_s.shape
    reached = seeds.copy()
    # Depth first; every cell is put on the stack once, so it cannot overflow.
    stack = np.empty(rows * cols, np.int64)
    size = 0
    for r in range(rows):
        for c in range(cols):
            if reached[r, c]:
                stack[size] = r * cols + c
                size += 1
    while size:
        size -= 1
        r, c = stack[size] // cols, stack[size] % cols
        for d in range(directions):
            i, j = r + down[d], c + right[d]
            if 0 <= i < rows and 0 <= j < cols and not reached[i, j] and time_s[d, r, c] < np.inf:
                reached[i, j] = True
                stack[size] = i * cols + j
                size += 1
    return reached


@kernel
def note_reached(ring, first, layers, back, last, arrival, best, returning):
    """Go on with maps (row, col) of the first boundary a cell is reached at, the most charge there at any time, and the
    first boundary from which the charge suffices to come back; -1 and -inf where not yet.

    ``ring`` charge forwards, boundaries first .. first + layers - 1; ``back`` minus the charge needed, backwards,
    boundary k of ``last`` in slot (last - k) mod its slots.
    """
    slots, back_slots = ring.shape[0], back.shape[0]
    for b in range(layers):
        k = first + b
        have = ring[k % slots]
        # Backwards the charge needed is kept as minus, so that most charge means least need there as well.
        need = back[(last - k) % back_slots]
        for r in range(have.shape[0]):
            for c in range(have.shape[1]):
                e = have[r, c]
                if e == NEVER:
                    continue
                if arrival[r, c] < 0:
                    arrival[r, c] = k
                if e > best[r, c]:
                    best[r, c] = e
                # Enough to come back: what is there covers what is needed.
                if returning[r, c] < 0 and e + need[r, c] >= -ROUNDING_WH:
                    returning[r, c] = k
