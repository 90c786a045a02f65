"""Most charge with which a rover can be in every cell at every boundary of time steps: one layer after the other.

Layers lie in a ring: boundary k in slot k mod slots. A drive from a cell to its neighbour belongs to the cell it
ends in and lies in a strip: a run of cells of one row whose drives have one direction and last one number of steps.
Cells without such a drive inside a strip have an infinite draw. The same rule runs backwards in time with the signs
turned (see docs/theory/traverse_in_time.md), so one kernel serves both.

Charge is in Wh, -inf where the rover cannot be. Rows and columns of strips and goals are those of the map; the arrays
of a window say where they begin.
"""

import numpy as np

from lupex.kernels.compiled import kernel

NEVER = -np.inf
SHORT = 8
"""Cells of a strip up to which it is done cell by cell."""

COL, STOP, DOWN_, RIGHT_, STEPS = 0, 1, 2, 3, 4
"""Columns of the table of strips: first column, one past the last, rows down and columns right to the cell the drive
comes from, time steps it lasts."""


@kernel
def fill_strips(direction_draw, steps, strips, strip_row, begins, draws):
    """Copy the draws (Wh per time step) of each strip into ``draws``; infinite where a cell has no such drive.

    ``direction_draw``, ``steps`` (row, col) of one direction, counted at the cell the drive ends in.
    """
    for s in range(strips.shape[0]):
        row = strip_row[s]
        begin = begins[s]
        for c in range(strips[s, COL], strips[s, STOP]):
            same = steps[row, c] == strips[s, STEPS]
            draws[begin + c - strips[s, COL]] = direction_draw[row, c] if same else np.inf


@kernel
def _outflow(old, disc, earth, half_wh, comm, out):
    """Charge of a row after the gain by the light of its own cells during a step, for those who drive off."""
    for i in range(old.size):
        out[i] = old[i] + half_wh * disc[i]
    if comm:
        for i in range(old.size):
            out[i] = out[i] if earth[i] else NEVER


@kernel
def _two_steps(source, here, there, here2, there2, draw, half_wh, half2_wh, most_wh, full_wh, least_wh, out):
    """Drives of two steps, without need of a view: raises ``out`` to what arrives. One loop, as most are this long."""
    for i in range(draw.size):
        net = half_wh * (np.int32(here[i]) + np.int32(there[i])) - draw[i]
        net = net if net < most_wh else most_wh
        e = source[i] + net
        e = e if e < full_wh else full_wh
        e = e if e >= least_wh else NEVER
        net = half2_wh * (np.int32(here2[i]) + np.int32(there2[i])) - draw[i]
        net = net if net < most_wh else most_wh
        e = e + net
        e = e if e < full_wh else full_wh
        e = e if e >= least_wh else NEVER
        out[i] = e if e > out[i] else out[i]


@kernel
def _seen_twice(here, there, here2, there2, out):
    """Where both ends are in view in both steps."""
    for i in range(out.size):
        out[i] = here[i] & there[i] & here2[i] & there2[i]


@kernel
def _two_steps_seen(source, here, there, here2, there2, seen, draw, half_wh, half2_wh, most_wh, full_wh, least_wh, out):
    """As `_two_steps`, where ``seen``. More arrays in one loop would keep the compiler from doing several at once."""
    for i in range(draw.size):
        net = half_wh * (np.int32(here[i]) + np.int32(there[i])) - draw[i]
        net = net if net < most_wh else most_wh
        e = source[i] + net
        e = e if e < full_wh else full_wh
        e = e if e >= least_wh else NEVER
        net = half2_wh * (np.int32(here2[i]) + np.int32(there2[i])) - draw[i]
        net = net if net < most_wh else most_wh
        e = e + net
        e = e if e < full_wh else full_wh
        e = e if e >= least_wh else NEVER
        e = e if seen[i] else NEVER
        out[i] = e if e > out[i] else out[i]


@kernel
def _long_drive(charge, here, there, seen_here, seen_there, draw, half_wh, most_wh, full_wh, least_wh, comm):
    """One step of drives that last several, or whose charging is limited: changes ``charge``."""
    for i in range(charge.size):
        net = half_wh * (np.int32(here[i]) + np.int32(there[i])) - draw[i]
        net = net if net < most_wh else most_wh
        after = charge[i] + net
        after = after if after < full_wh else full_wh
        charge[i] = after if after >= least_wh else NEVER
    if comm:
        for i in range(charge.size):
            charge[i] = charge[i] if seen_here[i] & seen_there[i] else NEVER


@kernel
def _few_drives(
    old, row, col, size, down, right, n, disc, earth, t, lr, lc, draw, half_wh, k, most_wh, full_wh, least_wh, comm, out
):
    """A short strip, cell by cell: cheaper than the set-up of loops over runs."""
    for i in range(size):
        e = old[row, col + i]
        if e == NEVER or draw[i] == np.inf:
            continue
        for p in range(n):
            q = t - n + 1 + p
            if comm and not (earth[q, lr, lc + i] and earth[q, lr + down, lc + i + right]):
                e = NEVER
                break
            both = np.int32(disc[q, lr, lc + i]) + np.int32(disc[q, lr + down, lc + i + right])
            net = min(half_wh[k - n + p] * both - draw[i], most_wh)
            e = min(full_wh, e + net)
            if e < least_wh:
                e = NEVER
                break
        out[i] = max(out[i], e)


@kernel
def _settle(old, disc, earth, best, far, half_wh, powers, comm, lit_wh, new):
    """The new charges of a row: the best of waiting, arriving from next door (``best``) and from farther (``far``)."""
    hotel_wh, sleep_wh, most_wh, full_wh, least_wh = powers[0], powers[1], powers[2], powers[3], powers[4]
    if comm:
        for i in range(old.size):
            best[i] = best[i] if earth[i] else NEVER
    for i in range(old.size):
        d = np.float64(disc[i])
        gain = half_wh * d
        net = (gain + gain) - (hotel_wh if d > 0.0 else sleep_wh)
        net = net if net < most_wh else most_wh
        wait = old[i] + net
        drive = best[i] + gain
        e = wait if wait > drive else drive
        e = e if e < full_wh else full_wh
        e = e if e >= least_wh else NEVER
        e = e if e > far[i] else far[i]
        lit = lit_wh if d > 0.0 else NEVER
        new[i] = e if e > lit else lit


@kernel
def _leaving(charge, first, stop, charge_at, seen, seen_at, comm):
    """The columns first <= column < stop of a row without those at both ends from which nobody can drive off."""
    while first < stop and (charge[first - charge_at] == NEVER or (comm and not seen[first - seen_at])):
        first += 1
    while stop > first and (charge[stop - 1 - charge_at] == NEVER or (comm and not seen[stop - 1 - seen_at])):
        stop -= 1
    return first, stop


@kernel
def advance(
    ring,
    ring_at,
    first,
    layers,
    begin,
    row_lo,
    row_hi,
    box,
    reach,
    strip_ptr,
    strips,
    begins,
    draws,
    disc,
    earth,
    light_at,
    half_wh,
    powers,
    comm,
    lit_wh,
    goal_ptr,
    goal_col,
    arrivals,
):
    """Boundaries first + 1 .. first + layers of rows row_lo <= row < row_hi of one stage; nobody drives off before
    boundary ``begin``.

    Rows beyond are computed as far as these depend on them, so blocks of rows may run side by side: each writes what
    the other would write.

    Args: ``ring`` (slot, row, col) Wh beginning at row, column ``ring_at``; ``box`` first row, last + 1, first
    column, last + 1 of the cells looked at; ``reach`` rows a drive crosses at most; ``strip_ptr`` (row + 1,),
    ``strips`` (strip, 5), ``begins`` (strip,) where its draws begin in ``draws``; ``disc``, ``earth``
    (step, row, col) uint8 beginning at step, row, column ``light_at``; ``half_wh`` (step,) gain per count of the disc,
    halved, by step of the whole series; ``powers`` hotel, sleep, most charged (Wh per step), full, least (Wh);
    ``comm``: drives need ``earth`` at both ends; ``lit_wh``: charge with which a lit cell may be begun at (-inf: none);
    ``goal_ptr`` (row + 1,), ``goal_col``, ``arrivals`` (layer, goal): charge of those who enter this stage there.
    """
    slots = ring.shape[0]
    r0, r1, c0, c1 = box[0], box[1], box[2], box[3]
    width = c1 - c0
    x0, l0 = c0 - ring_at[1], c0 - light_at[2]
    most_wh, full_wh, least_wh = powers[2], powers[3], powers[4]
    top = max(r0, row_lo - reach * layers)
    flow = np.empty((min(r1, row_hi + reach * layers) - top, width))
    best = np.empty(width)
    far = np.empty(width)
    work = np.empty(width)
    view = np.empty(width, np.uint8)
    quick = np.any(strips[strip_ptr[top] : strip_ptr[top + flow.shape[0]], STEPS] == 1)
    for b in range(layers):
        k = first + b + 1
        half = half_wh[k - 1]
        easy = 510.0 * half - min(powers[0], powers[1]) <= most_wh
        lo = max(r0, row_lo - reach * (layers - 1 - b))
        hi = min(r1, row_hi + reach * (layers - 1 - b))
        old = ring[(k - 1) % slots]
        new = ring[k % slots]
        t = k - 1 - light_at[0]
        for r in range(max(r0, lo - reach), min(r1, hi + reach) if quick else 0):
            lr = r - light_at[1]
            before = old[r - ring_at[0], x0 : x0 + width]
            _outflow(before, disc[t, lr, l0 : l0 + width], earth[t, lr, l0 : l0 + width], half, comm, flow[r - top])
        for r in range(lo, hi):
            rr, lr = r - ring_at[0], r - light_at[1]
            best[:] = NEVER
            far[:] = NEVER
            u0, u1 = c0, c1
            if comm:
                while u0 < u1 and not earth[t, lr, u0 - light_at[2]]:
                    u0 += 1
                while u1 > u0 and not earth[t, lr, u1 - 1 - light_at[2]]:
                    u1 -= 1
            for s in range(strip_ptr[r], strip_ptr[r + 1]):
                dr, dc, n = strips[s, DOWN_], strips[s, RIGHT_], strips[s, STEPS]
                a = max(strips[s, COL], u0, c0 - dc)
                z = min(strips[s, STOP], u1, c1 - dc)
                if a >= z or r + dr < r0 or r + dr >= r1 or k - n < begin:
                    continue
                if n == 1 and easy:
                    d0 = begins[s] + a - strips[s, COL]
                    draw = draws[d0 : d0 + z - a]
                    source = flow[r + dr - top, a + dc - c0 : z + dc - c0]
                    out = best[a - c0 : z - c0]
                    for i in range(draw.size):
                        e = source[i] - draw[i]
                        out[i] = e if e > out[i] else out[i]
                    continue
                earlier = ring[(k - n) % slots]
                a, z = _leaving(
                    earlier[rr + dr], a + dc, z + dc, ring_at[1], earth[t - n + 1, lr + dr], light_at[2], comm
                )
                a, z = a - dc, z - dc
                if a >= z:
                    continue
                d0 = begins[s] + a - strips[s, COL]
                draw = draws[d0 : d0 + z - a]
                here = a - light_at[2]
                there = here + dc
                size = z - a
                out = far[a - c0 : z - c0]
                if size <= SHORT:
                    _few_drives(earlier, rr + dr, a + dc - ring_at[1], size, dr, dc, n, disc, earth, t, lr, here, draw,
                                half_wh, k, most_wh, full_wh, least_wh, comm, out)  # fmt: skip
                    continue
                source = earlier[rr + dr, a + dc - ring_at[1] : z + dc - ring_at[1]]
                if n == 2 and not comm:
                    _two_steps(
                        source,
                        disc[t - 1, lr, here : here + size],
                        disc[t - 1, lr + dr, there : there + size],
                        disc[t, lr, here : here + size],
                        disc[t, lr + dr, there : there + size],
                        draw,
                        half_wh[k - 2],
                        half,
                        most_wh,
                        full_wh,
                        least_wh,
                        out,
                    )
                    continue
                if n == 2:
                    seen = view[:size]
                    _seen_twice(
                        earth[t - 1, lr, here : here + size],
                        earth[t - 1, lr + dr, there : there + size],
                        earth[t, lr, here : here + size],
                        earth[t, lr + dr, there : there + size],
                        seen,
                    )
                    _two_steps_seen(
                        source,
                        disc[t - 1, lr, here : here + size],
                        disc[t - 1, lr + dr, there : there + size],
                        disc[t, lr, here : here + size],
                        disc[t, lr + dr, there : there + size],
                        seen,
                        draw,
                        half_wh[k - 2],
                        half,
                        most_wh,
                        full_wh,
                        least_wh,
                        out,
                    )
                    continue
                charge = work[:size]
                charge[:] = source
                for p in range(n):
                    q = t - n + 1 + p
                    _long_drive(
                        charge,
                        disc[q, lr, here : here + size],
                        disc[q, lr + dr, there : there + size],
                        earth[q, lr, here : here + size],
                        earth[q, lr + dr, there : there + size],
                        draw,
                        half_wh[k - n + p],
                        most_wh,
                        full_wh,
                        least_wh,
                        comm,
                    )
                for i in range(size):
                    out[i] = charge[i] if charge[i] > out[i] else out[i]
            row = work[:width]
            _settle(
                old[rr, x0 : x0 + width],
                disc[t, lr, l0 : l0 + width],
                earth[t, lr, l0 : l0 + width],
                best,
                far,
                half,
                powers,
                comm,
                lit_wh,
                row,
            )
            if arrivals.shape[1] > 0:
                for g in range(goal_ptr[r], goal_ptr[r + 1]):
                    c = goal_col[g] - c0
                    if 0 <= c < width and arrivals[b, g] > row[c]:
                        row[c] = arrivals[b, g]
            # Stored once and final: another thread may read this row while it is being computed here again.
            new[rr, x0 : x0 + width] = row
