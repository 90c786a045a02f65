"""Several states per cell and boundary of time steps, where the most charge is not the only thing that counts.

A label is (charge Wh, minus time steps without sunlight, minus Wh drawn): more of each is better. A cell keeps every
label no other one equals or beats in all three; exact unless a cell runs out of room, which is told. Light, powers,
windows and drives as in `lupex.kernels.drive.energy_time`; drives here lie by the cell they end in: ``steps``,
``draw_wh``
(direction, row, col), the cell they come from is ``down``, ``right`` back.
"""

import numpy as np

from lupex.kernels.compiled import kernel
from lupex.kernels.drive.living import NO_END

NEVER = -np.inf
CHARGE, DARK, DRAWN = 0, 1, 2
"""Columns of a label: charge (Wh), minus the steps spent without sunlight, minus the energy drawn (Wh). More is better
in all three, so one rule compares them."""

HOTEL, SLEEP, MOST, FULL, LEAST = range(5)
"""Places in ``powers``, as in `lupex.kernels.drive.energy_time`; ``limits`` are those from `MOST` on:"""
MOST_WH, FULL_WH, LEAST_WH = range(3)
"""most charged per step, full and least charge (Wh)."""

ROUNDING_WH = 1e-9
"""Charges this close are equal: the same sum was taken in another order."""


@kernel
def keep_label(labels, count, charge, dark, drawn):
    """Put a label among ``labels`` (room, 3), of which ``count`` are in use, unless one of them is as good.

    Those it beats go. Returns the new count, -1 when there is no room.
    """
    # As good in every column already: the new label adds nothing.
    for i in range(count):
        if labels[i, CHARGE] >= charge and labels[i, DARK] >= dark and labels[i, DRAWN] >= drawn:
            return count
    # Close the gaps of the labels it beats, keeping the order of the others.
    left = 0
    for i in range(count):
        if not (charge >= labels[i, CHARGE] and dark >= labels[i, DARK] and drawn >= labels[i, DRAWN]):
            if left != i:
                for j in range(3):
                    labels[left, j] = labels[i, j]
            left += 1
    if left == labels.shape[0]:
        return -1
    labels[left, CHARGE], labels[left, DARK], labels[left, DRAWN] = charge, dark, drawn
    return left + 1


@kernel
def label_step(charge, dark, drawn, counts, power_wh, half_wh, limits, most_dark, with_cost):
    """A label one time step later; charge -inf when a limit breaks.

    ``counts`` of the disc at both cells, ``power_wh`` drawn, ``limits`` most charged, full, least; ``most_dark`` time
    steps without sunlight (inf: not counted); ``with_cost``: what is drawn is counted.
    """
    # The same rule as in `energy_time`: gain by light, less power, capped by array and battery.
    net = half_wh * counts - power_wh
    net = net if net < limits[MOST_WH] else limits[MOST_WH]
    after = charge + net
    after = after if after < limits[FULL_WH] else limits[FULL_WH]
    if after < limits[LEAST_WH]:
        return NEVER, 0.0, 0.0
    # Darkness is counted only where it is limited, and any light ends it.
    unlit = 0.0
    if most_dark < np.inf and counts == 0.0:
        unlit = dark - 1.0
        if -unlit > most_dark:
            return NEVER, 0.0, 0.0
    return after, unlit, drawn - power_wh if with_cost else 0.0


@kernel
def advance_labels(
    ring,
    counts,
    at,
    k,
    row_lo,
    row_hi,
    box,
    steps,
    draw_wh,
    down,
    right,
    disc,
    earth,
    light_at,
    half_wh,
    powers,
    comm,
    most_dark,
    with_cost,
    to_go,
    bound,
):
    """Labels of boundary ``k`` for some rows of one stage, from earlier boundaries. True when a cell had no room.

    ``ring`` (slot, row, col, label, 3), ``counts`` (slot, row, col) beginning at row, column ``at``; ``to_go``
    (row, col) least Wh drawn from a cell to the end: labels that cannot end with less than ``bound`` go.
    """
    # boundary k - n        boundary k - 1        boundary k
    # cell it leaves   ..   same cell, waits -->  labels of this cell:
    #     \____ n steps, light of both cells ---> kept unless beaten in all of charge, darkness, drawn
    slots = ring.shape[0]
    limits = powers[MOST:]
    lost = False
    for r in range(max(row_lo, box[0]), min(row_hi, box[1])):
        for c in range(box[2], box[3]):
            rr, cc, lr, lc = r - at[0], c - at[1], r - light_at[1], c - light_at[2]
            into = ring[k % slots, rr, cc]
            found = 0
            # Labels whose energy drawn, with the least still to come, exceeds the best end known are dropped.
            most_drawn = to_go[r, c] - bound if with_cost else NEVER
            t = k - 1 - light_at[0]
            # Stage 1, waiting: twice the light of this cell, as a drive has that of two.
            here = 2.0 * disc[t, lr, lc]
            power = powers[HOTEL] if here > 0.0 else powers[SLEEP]
            for i in range(counts[(k - 1) % slots, rr, cc]):
                old = ring[(k - 1) % slots, rr, cc, i]
                e, d, q = label_step(old[0], old[1], old[2], here, power, half_wh[k - 1], limits, most_dark, with_cost)
                if e > NEVER and q >= most_drawn:
                    # No room: the label is lost, and the caller is told so that the plan is not called exact.
                    more = keep_label(into, found, e, d, q)
                    lost |= more < 0
                    found = more if more >= 0 else found
            # The only label there is, and the best there can be: arrivals need no look.
            if found == 1 and not with_cost and into[0, CHARGE] >= limits[FULL_WH] and into[0, DARK] == 0.0:
                # Nothing is better than full in light.
                counts[k % slots, rr, cc] = found
                continue
            # Stage 2, arriving: every direction, from the layer in which its drive departed.
            for g in range(steps.shape[0]):
                n = steps[g, r, c]
                if n == 0 or n > k:
                    continue
                i0, j0 = r - down[g], c - right[g]
                if i0 < box[0] or i0 >= box[1] or j0 < box[2] or j0 >= box[3]:
                    continue
                for i in range(counts[(k - n) % slots, i0 - at[0], j0 - at[1]]):
                    old = ring[(k - n) % slots, i0 - at[0], j0 - at[1], i]
                    e, d, q = old[0], old[1], old[2]
                    # Limits hold at every boundary on the way; a label that breaks one goes.
                    for p in range(k - n, k):
                        t = p - light_at[0]
                        li, lj = i0 - light_at[1], j0 - light_at[2]
                        if comm and not (earth[t, lr, lc] and earth[t, li, lj]):
                            e = NEVER
                            break
                        both = np.float64(disc[t, lr, lc]) + np.float64(disc[t, li, lj])
                        e, d, q = label_step(e, d, q, both, draw_wh[g, r, c], half_wh[p], limits, most_dark, with_cost)
                        if e == NEVER:
                            break
                    if e > NEVER and q >= most_drawn:
                        more = keep_label(into, found, e, d, q)
                        lost |= more < 0
                        found = more if more >= 0 else found
            counts[k % slots, rr, cc] = found
    return lost


@kernel
def stand_labels(
    pipe,
    pipe_counts,
    k,
    ring,
    counts,
    onward,
    onward_counts,
    at,
    goal_row,
    goal_col,
    may_begin,
    may_leave,
    box,
    disc,
    light_at,
    half_wh,
    power_wh,
    limits,
    most_dark,
    with_cost,
    to_go,
    bound,
):
    """Time step k - 1 of a task at goals: labels in progress advance one step, completed ones go ``onward`` to the
    next stage at boundary k, labels present at boundary k begin. True when a cell had no room.

    ``pipe`` (goal, slot, label, 3), ``pipe_counts`` (goal, slot) by the boundary they began at; ``may_begin``,
    ``may_leave``: whether it may be begun and left at boundary k; ``to_go`` of the next stage; the rest as in
    `advance_labels`.
    """
    # pipe of one goal, a slot per boundary a task began at:   [k - 3][k - 2][k - 1]
    # Slot k mod 3 is done now: it goes onward, and takes what begins. Without slots labels pass straight through.
    slots, pipe_slots = ring.shape[0], pipe.shape[1]
    slot = k % pipe_slots if pipe_slots else 0
    lost = False
    for g in range(goal_row.size):
        r, c = goal_row[g], goal_col[g]
        if r < box[0] or r >= box[1] or c < box[2] or c >= box[3]:
            continue
        rr, cc = r - at[0], c - at[1]
        into = onward[k % slots, rr, cc]
        found = onward_counts[k % slots, rr, cc]
        most_drawn = to_go[r, c] - bound if with_cost else NEVER
        if k > 0:
            # Every task in progress, one step older: charged by the light of the goal.
            for s in range(pipe_slots):
                left = 0
                for i in range(pipe_counts[g, s]):
                    lit = 2.0 * disc[k - 1 - light_at[0], r - light_at[1], c - light_at[2]]
                    old = pipe[g, s, i]
                    e, d, q = label_step(
                        old[0], old[1], old[2], lit, power_wh, half_wh[k - 1], limits, most_dark, with_cost
                    )
                    if e > NEVER and q >= most_drawn:
                        pipe[g, s, left, 0], pipe[g, s, left, 1], pipe[g, s, left, 2] = e, d, q
                        left += 1
                pipe_counts[g, s] = left
        # Completed now, or passing through: into the next stage, if still worth it.
        here = ring[k % slots, rr, cc]
        present = counts[k % slots, rr, cc] if may_begin else 0
        leaving = pipe[g, slot] if pipe_slots else here
        leave = pipe_counts[g, slot] if pipe_slots else present
        for i in range(leave if may_leave else 0):
            if leaving[i, 2] >= most_drawn:
                more = keep_label(into, found, leaving[i, 0], leaving[i, 1], leaving[i, 2])
                lost |= more < 0
                found = more if more >= 0 else found
        onward_counts[k % slots, rr, cc] = found
        # The slot just emptied takes the labels that begin.
        if pipe_slots:
            pipe[g, slot, :present] = here[:present]
            pipe_counts[g, slot] = present
    return lost


@kernel
def put_labels(labels, counts, values):
    """Put a label of no dark time into every cell of a layer with a value above -inf. True when a cell had no room.

    ``labels`` (row, col, label, 3), ``counts`` (row, col), ``values`` (row, col) charge, Wh.
    """
    lost = False
    for r in range(values.shape[0]):
        for c in range(values.shape[1]):
            if values[r, c] > NEVER:
                found = keep_label(labels[r, c], counts[r, c], values[r, c], 0.0, 0.0)
                lost |= found < 0
                if found >= 0:
                    counts[r, c] = found
    return lost


@kernel
def note_labels(labels, counts, back, back_counts, k, most_dark, arrival, best, returning):
    """As `energy_stand.note_reached` for one boundary ``k`` and several states per cell.

    ``labels`` (row, col, label, 3) forwards and ``back`` backwards in time, where the charge is minus the charge needed
    and the dark steps are those ahead: a rover comes back when its charge is enough for one of them and both dark
    times together are no more than ``most_dark`` steps.
    """
    for r in range(counts.shape[0]):
        for c in range(counts.shape[1]):
            for i in range(counts[r, c]):
                charge, dark = labels[r, c, i, CHARGE], -labels[r, c, i, DARK]
                if arrival[r, c] < 0:
                    arrival[r, c] = k
                best[r, c] = max(best[r, c], charge)
                if returning[r, c] >= 0:
                    continue
                for j in range(back_counts[r, c]):
                    enough = charge + back[r, c, j, CHARGE] >= -ROUNDING_WH
                    if enough and dark - back[r, c, j, DARK] <= most_dark:
                        returning[r, c] = k


@kernel
def best_label(labels, counts, at, ends, box, needs, unit_wh, least_drawn):
    """Best label of a layer in a cell of ``ends`` with the charge to end there: row, column, label; row -1: none.

    ``labels`` (row, col, label, 3) beginning at ``at``; ``needs`` (row, col) uint16 least charge to end with in counts
    of ``unit_wh``, `NO_END` where it may not, beginning at the box. With ``least_drawn`` the least drawn, of these the
    most charge; else the most charge.
    """
    row, col = -1, -1
    which = np.int64(-1)  # counts are unsigned: without the casts numba makes this a float, which is no index
    charge, drawn = NEVER, NEVER
    for r in range(box[0], box[1]):
        for c in range(box[2], box[3]):
            rr, cc = r - at[0], c - at[1]
            need = needs[r - box[0], c - box[2]]
            if counts[rr, cc] == 0 or not ends[r, c] or need == NO_END:
                continue
            for i in range(counts[rr, cc]):
                e, q = labels[rr, cc, i, CHARGE], labels[rr, cc, i, DRAWN]
                if e < need * unit_wh - ROUNDING_WH:
                    continue
                # Without a cost to keep low, the most charge.
                better = e > charge
                if least_drawn:
                    better = q > drawn or (q == drawn and e > charge)
                if better:
                    row, col, which, charge, drawn = r, c, np.int64(i), e, q
    return row, col, which


@kernel
def pack_labels(ring, counts, out):
    """Copy the labels in use, in order, into ``out`` (label, 3)."""
    n = 0
    for r in range(counts.shape[0]):
        for c in range(counts.shape[1]):
            for i in range(counts[r, c]):
                out[n] = ring[r, c, i]
                n += 1


@kernel
def unpack_labels(packed, counts, row, col, ring, ring_counts):
    """Copy packed labels of a layer into the window of ``ring`` that begins at ``row``, ``col`` of it."""
    n = 0
    for r in range(counts.shape[0]):
        for c in range(counts.shape[1]):
            inside = 0 <= r - row < ring.shape[0] and 0 <= c - col < ring.shape[1]
            for i in range(counts[r, c]):
                # Labels beyond the window are skipped, not lost: ``n`` counts them too.
                if inside:
                    ring[r - row, c - col, i] = packed[n]
                n += 1
            if inside:
                ring_counts[r - row, c - col] = counts[r, c]
