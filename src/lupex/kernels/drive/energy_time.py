"""Most charge with which a rover can be in every cell at every boundary of time steps: one layer after the other.

Layers lie in a ring: boundary k in slot k mod slots. A drive from a cell to its neighbour belongs to the cell it
ends in and lies in a strip: a run of cells of one row whose drives have one direction and last one number of steps.
Cells without such a drive inside a strip have an infinite draw. The same rule runs backwards in time with the signs
turned (see docs/theory/traverse_in_time.md), so one kernel serves both.

Charge is in Wh, -inf where the rover cannot be. Rows and columns of strips and goals are those of the map; the arrays
of a window say where they begin: ``ring_at`` (row, column) of the ring, ``light_at`` (step, row, column) of disc and
earth, ``box`` (`ROW_LO` ...) of the cells looked at. In the code ``rr`` is a row of the ring, ``lr`` one of the light.
"""

import numpy as np

from lupex.kernels.compiled import kernel

NEVER = -np.inf
SHORT = 8
"""Cells of a strip up to which it is done cell by cell."""

COL, STOP, DOWN_, RIGHT_, STEPS = 0, 1, 2, 3, 4
"""Columns of the table of strips: first column, one past the last, rows down and columns right to the cell the drive
comes from, time steps it lasts."""

HOTEL, SLEEP, MOST, FULL, LEAST = range(5)
"""Places in ``powers``: draw at rest in sunlight and in darkness, most charged (Wh per step); full and least charge."""

ROW_LO, ROW_HI, COL_LO, COL_HI = range(4)
"""Places in ``box``: first row, one past the last, first column, one past the last."""

BOTH_FULL = 510.0
"""Counts of two whole discs, one per end of a drive (uint8, 255 each)."""


@kernel
def fill_strips(direction_draw, steps, strips, strip_row, begins, draws):
    """Copy the draws (Wh per time step) of each strip into ``draws``; infinite where a cell has no such drive.

    ``direction_draw``, ``steps`` (row, col) of one direction, counted at the cell the drive ends in.
    """
    for s in range(strips.shape[0]):
        row = strip_row[s]
        begin = begins[s]
        for c in range(strips[s, COL], strips[s, STOP]):
            # A strip holds drives of one duration; the same row may hold slower ones in a strip of their own.
            same = steps[row, c] == strips[s, STEPS]
            draws[begin + c - strips[s, COL]] = direction_draw[row, c] if same else np.inf


@kernel
def _outflow(old, disc, earth, half_wh, comm, out):
    """Charge of a row after the gain by the light of its own cells during a step, as a departing drive takes it."""
    # Half of the gain of a step is that of the cell the drive leaves, half that of the cell it enters.
    for i in range(old.size):
        out[i] = old[i] + half_wh * disc[i]
    # A second loop: a condition inside the first would keep it from being vectorised.
    if comm:
        for i in range(old.size):
            out[i] = out[i] if earth[i] else NEVER


@kernel
def _two_steps(source, here, there, here2, there2, draw, half_wh, half2_wh, most_wh, full_wh, least_wh, out):
    """Drives of two steps, without need of a view: raises ``out`` to what arrives. One loop, as most are this long."""
    for i in range(draw.size):
        # First step of the drive: charged by the mean light of both cells, less the draw, at most what the array may
        # give.
        net = half_wh * (np.int32(here[i]) + np.int32(there[i])) - draw[i]
        net = net if net < most_wh else most_wh
        # Full or empty: capped by the battery, dropped below the least charge.
        e = source[i] + net
        e = e if e < full_wh else full_wh
        e = e if e >= least_wh else NEVER
        # The second step likewise, on its own light.
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
        # Last, so that the arithmetic before it stays one straight run.
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
        # Neither departs nor exists: both would only carry -inf through the steps.
        if e == NEVER or draw[i] == np.inf:
            continue
        # Step by step: the charge must keep its limits at every boundary, not only on arrival.
        for p in range(n):
            # Index into the light of step k - n + p of the whole series.
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
    hotel_wh, sleep_wh = powers[HOTEL], powers[SLEEP]
    most_wh, full_wh, least_wh = powers[MOST], powers[FULL], powers[LEAST]
    # Drives that arrive from next door now must have been seen at this end as well (`_outflow` saw to the other).
    if comm:
        for i in range(old.size):
            best[i] = best[i] if earth[i] else NEVER
    for i in range(old.size):
        # Waiting: the whole gain of the step, less hotel power in light or sleep power in darkness.
        d = np.float64(disc[i])
        gain = half_wh * d
        net = (gain + gain) - (hotel_wh if d > 0.0 else sleep_wh)
        net = net if net < most_wh else most_wh
        wait = old[i] + net
        # Arriving from next door: ``best`` lacks the half of the gain that belongs to this cell.
        drive = best[i] + gain
        e = wait if wait > drive else drive
        e = e if e < full_wh else full_wh
        e = e if e >= least_wh else NEVER
        # Longer drives have had their limits applied at every step already.
        e = e if e > far[i] else far[i]
        # A lit cell may be begun at with the charge given for that, whatever came before.
        lit = lit_wh if d > 0.0 else NEVER
        new[i] = e if e > lit else lit


@kernel
def _leaving(charge, first, stop, charge_at, seen, seen_at, comm):
    """Column range ``first`` <= column < ``stop`` of a row, trimmed to cells a drive can depart from."""
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
    """Boundaries first + 1 .. first + layers of rows row_lo <= row < row_hi of one stage; no drive departs before
    boundary ``begin``.

    Rows beyond are computed as far as these depend on them, so blocks of rows may run side by side: each writes what
    the other would write.

    Args: ``ring`` (slot, row, col) Wh beginning at row, column ``ring_at``; ``box`` the
    cells looked at; ``reach`` rows a drive crosses at most; ``strip_ptr`` (row + 1,),
    ``strips`` (strip, 5), ``begins`` (strip,) where its draws begin in ``draws``; ``disc``, ``earth``
    (step, row, col) uint8 beginning at step, row, column ``light_at``; ``half_wh`` (step,) gain per count of the disc,
    halved, by step of the whole series; ``powers`` see `HOTEL` and on;
    ``comm``: drives need ``earth`` at both ends; ``lit_wh``: charge with which a lit cell may be begun at (-inf: none);
    ``goal_ptr`` (row + 1,), ``goal_col``, ``arrivals`` (layer, goal): charge with which this stage is entered there.
    """
    # The layers of one call, and the rows of each (reach 1, layers 3):
    #
    #   boundary      rows computed                    Each drive of strip (dr, dc, n) into row r at boundary k:
    #   first + 3         [row_lo ..... row_hi)
    #   first + 2       [ one row more each side )       slot k - n   row r + dr   columns a + dc .. z + dc   (source)
    #   first + 1     [ two rows more each side )           |  n steps, the light of both cells, draw per step
    #   first       what other blocks stored                v
    #                                                    slot k       row r        columns a .. z             (target)
    #
    # The halo is computed by neighbouring blocks too, to the same bits: blocks never wait for each other in a call.
    slots = ring.shape[0]
    # Offsets between the three origins: map, ring and light.
    r0, r1, c0, c1 = box[ROW_LO], box[ROW_HI], box[COL_LO], box[COL_HI]
    width = c1 - c0
    x0, l0 = c0 - ring_at[1], c0 - light_at[2]
    most_wh, full_wh, least_wh = powers[MOST], powers[FULL], powers[LEAST]
    top = max(r0, row_lo - reach * layers)
    # Room to work: charge that departs from each row (``flow``), best arrival of one step (``best``) and of several
    # (``far``), and one row of charge and of view.
    flow = np.empty((min(r1, row_hi + reach * layers) - top, width))
    best = np.empty(width)
    far = np.empty(width)
    work = np.empty(width)
    view = np.empty(width, np.uint8)
    # Only drives of a single step read ``flow``; without any it need not be filled.
    quick = np.any(strips[strip_ptr[top] : strip_ptr[top + flow.shape[0]], STEPS] == 1)
    for b in range(layers):
        k = first + b + 1
        half = half_wh[k - 1]
        # When even two whole discs charge less than the limit of a step, no cap is needed, and a drive of one step is
        # a plain sum: flow less draw.
        easy = BOTH_FULL * half - min(powers[HOTEL], powers[SLEEP]) <= most_wh
        # Rows the later layers of this call still depend on.
        lo = max(r0, row_lo - reach * (layers - 1 - b))
        hi = min(r1, row_hi + reach * (layers - 1 - b))
        old = ring[(k - 1) % slots]
        new = ring[k % slots]
        t = k - 1 - light_at[0]
        # Stage 1, departures. The gain at the departing end is the same for all directions: take it once per row.
        for r in range(max(r0, lo - reach), min(r1, hi + reach) if quick else 0):
            lr = r - light_at[1]
            before = old[r - ring_at[0], x0 : x0 + width]
            _outflow(before, disc[t, lr, l0 : l0 + width], earth[t, lr, l0 : l0 + width], half, comm, flow[r - top])
        # Stage 2, arrivals: every strip of drives that ends in this row.
        for r in range(lo, hi):
            rr, lr = r - ring_at[0], r - light_at[1]
            best[:] = NEVER
            far[:] = NEVER
            # Columns in view at their own end; a strip is cut to them before any arithmetic.
            u0, u1 = c0, c1
            if comm:
                while u0 < u1 and not earth[t, lr, u0 - light_at[2]]:
                    u0 += 1
                while u1 > u0 and not earth[t, lr, u1 - 1 - light_at[2]]:
                    u1 -= 1
            for s in range(strip_ptr[r], strip_ptr[r + 1]):
                dr, dc, n = strips[s, DOWN_], strips[s, RIGHT_], strips[s, STEPS]
                # The strip cut to the view, and so that its source columns lie in the box.
                a = max(strips[s, COL], u0, c0 - dc)
                z = min(strips[s, STOP], u1, c1 - dc)
                if a >= z or r + dr < r0 or r + dr >= r1 or k - n < begin:
                    continue
                # The common case: one step, no cap. The gain of this end follows in `_settle`.
                if n == 1 and easy:
                    d0 = begins[s] + a - strips[s, COL]
                    draw = draws[d0 : d0 + z - a]
                    source = flow[r + dr - top, a + dc - c0 : z + dc - c0]
                    out = best[a - c0 : z - c0]
                    for i in range(draw.size):
                        e = source[i] - draw[i]
                        out[i] = e if e > out[i] else out[i]
                    continue
                # Several steps, or a cap: from the layer in which the drive departed, trimmed to cells that hold a
                # rover.
                earlier = ring[(k - n) % slots]
                a, z = _leaving(
                    earlier[rr + dr], a + dc, z + dc, ring_at[1], earth[t - n + 1, lr + dr], light_at[2], comm
                )
                a, z = a - dc, z - dc
                if a >= z:
                    continue
                # Draws of a strip lie in one run, in the order of its columns.
                d0 = begins[s] + a - strips[s, COL]
                draw = draws[d0 : d0 + z - a]
                here = a - light_at[2]
                there = here + dc
                size = z - a
                out = far[a - c0 : z - c0]
                # Three ways to the same numbers, by length of strip and of drive.
                if size <= SHORT:
                    _few_drives(earlier, rr + dr, a + dc - ring_at[1], size, dr, dc, n, disc, earth, t, lr, here, draw,
                                half_wh, k, most_wh, full_wh, least_wh, comm, out)  # fmt: skip
                    continue
                source = earlier[rr + dr, a + dc - ring_at[1] : z + dc - ring_at[1]]
                # Two steps in one pass over the arrays, without a row of charge in between.
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
                # Any number of steps: carry a row of charge through them.
                charge = work[:size]
                for i in range(size):
                    charge[i] = source[i]
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
                # Keep the best of all directions and durations.
                for i in range(size):
                    out[i] = charge[i] if charge[i] > out[i] else out[i]
            # Stage 3, the new layer: waiting, arriving, beginning; then charge that enters this stage at goals.
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
            for i in range(width):
                new[rr, x0 + i] = row[i]
