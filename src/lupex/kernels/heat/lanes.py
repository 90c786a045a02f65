"""Conduction in many columns of regolith at once: lanes of 32 cells side by side, all at the same step of time.

Method and layout: docs/theory/temperature.md. One step is backward Euler in the increments of temperature, written
in the Kirchhoff variable theta = T + b T^4, so that the heat flux is g (theta_below - theta_above) exactly. Properties
are taken half an increment ahead. What a step missed of the exact heat content is handed to the next, so energy is
conserved to rounding. Elimination from the bottom up leaves a X + es X^4 = r at the surface. Nodes from ``deep`` on,
which the daily wave does not reach, keep the properties they have at the beginning of a call, and with them their
elimination; what that missed of the heat content is handed to the next call.

Everything a step reads and writes lies in one array, a row of nine fields for each node: with known distances between
fields LLVM needs no alias checks. It begins on a cache line, or every vector lies across two. Indices are unsigned:
signed ones may be negative, and the loops stay scalar.
"""

import numpy as np

from lupex.kernels.compiled import inlined, kernel
from lupex.kernels.heat.fused import fma

LANES = 32
"""Cells side by side."""

LEAST_AHEAD = 0.75
"""Properties are taken at no less than this share of a node's temperature."""

FIELDS = 9
LINE_BYTES = 64
U = np.uint64
# Of a node above ``deep``: temperature, theta, d theta / dT, heat capacity and heat content (J/kg/K, J/kg), heat owed,
# x and y of the elimination (increment = x + y times that of the node above; x then holds the increment itself), and
# the sum of theta. Deep nodes hold in CAPACITY the factor of x of the node below, in HEAT 1 / diagonal.
KELVIN, THETA, SLOPE, CAPACITY, HEAT, OWED, X, Y, SUM = (U(n * LANES) for n in range(FIELDS))
ROW = U(FIELDS * LANES)
WHOLE_ROW = FIELDS * LANES
EMITTED = Y
"""Of the surface, which needs no y: the sum of what it emits."""

OUT, ABSORBED = U(0), U(8 * LANES)
"""Of the row below the last node: what the surface emits in this step, and the sum of what it absorbs."""


def step_constants(
    b: float, heat_capacity: tuple[float, ...], emissivity_sigma: float, heat_flow: float, dtype: type[np.floating]
) -> np.ndarray:
    """The numbers the steps read, as one array: a literal in the code would turn float32 into float64.

    b of the Kirchhoff variable (K^-3); heat capacity (5,) in J/kg/K, constant term first; emissivity times sigma;
    heat flow W/m2.
    """
    c = np.asarray(heat_capacity, np.float64)
    content = c / np.arange(1, 6)
    # the exact mean of a quartic over an increment d: middle + d^2 (second derivative) / 24 + d^4 (fourth) / 1920
    exact = (c[2] / 12.0, c[3] / 4.0, c[4] / 2.0, c[4] / 80.0)
    literals = (0.0, 0.5, 1.0, 4.0, LEAST_AHEAD)
    surface = (emissivity_sigma, 1.0 / emissivity_sigma, 6.0 * emissivity_sigma)
    return np.array([*literals, b, 4.0 * b, *c, *content, *exact, *surface, heat_flow], dtype)


def couplings(mass: np.ndarray, conductance: np.ndarray) -> np.ndarray:
    """(node, 2): conductance of the faces above and below each node over its mass; 0 where there is no face.

    mass (node,) as in `advance`; conductance (node - 1,) W/m2/K in theta.
    """
    none = np.zeros(1, conductance.dtype)
    faces = np.column_stack([np.concatenate([none, conductance]), np.concatenate([conductance, none])])
    return np.ascontiguousarray(faces / mass[:, None]).astype(mass.dtype)


@inlined
def _numbers(k):
    """The same as a tuple: numbers in an array might change with every store, and would be read again."""
    return (
        k[0], k[1], k[2], k[3], k[4], k[5], k[6], k[7], k[8], k[9], k[10], k[11], k[12], k[13], k[14], k[15], k[16],
        k[17], k[18], k[19], k[20], k[21], k[22], k[23], k[24],
    )  # fmt: skip


@inlined
def _capacity(t, k):
    return fma(t, fma(t, fma(t, fma(t, k[11], k[10]), k[9]), k[8]), k[7])


@inlined
def _content(t, k):
    return t * fma(t, fma(t, fma(t, fma(t, k[16], k[15]), k[14]), k[13]), k[12])


@inlined
def _exact_capacity(t, d, k):
    """Mean heat capacity over an increment ``d`` with its middle at ``t``: exact for the quartic."""
    return fma(d * d, fma(d * d, k[20], fma(t, fma(t, k[19], k[18]), k[17])), _capacity(t, k))


@inlined
def _ahead(t, d, k):
    """Half an increment ahead of ``t``, but not where heat capacity ends: the Sun may set within one step."""
    h = fma(k[1], d, t)
    low = k[4] * t
    return h if h > low else low


@inlined
def _theta(t, k):
    return fma(k[5], (t * t) * (t * t), t)


@inlined
def _slope(h, k):
    return fma(k[6], h * h * h, k[2])


@inlined
def _begin(state, k, row):
    """Fill the rows from the state: temperature | increment of the last step | heat owed (J/kg)."""
    zero = k[0]
    for i in range(state.shape[0]):
        r = U(i) * ROW
        for v in range(LANES):
            w = U(v)
            t = state[i, v]
            h = _ahead(t, state[i, LANES + v], k)
            row[r + KELVIN + w] = t
            row[r + THETA + w] = _theta(t, k)
            row[r + SLOPE + w] = _slope(h, k)
            row[r + CAPACITY + w] = _capacity(h, k)
            row[r + HEAT + w] = _content(t, k)
            row[r + OWED + w] = state[i, 2 * LANES + v]
            row[r + X + w] = zero
            row[r + Y + w] = zero
            row[r + SUM + w] = zero
    r = U(state.shape[0]) * ROW
    for v in range(WHOLE_ROW):
        row[r + U(v)] = zero


@inlined
def _fix_deep(nodes, deep, per_step, mass, coupling, k, row):
    """The elimination of the deep nodes, the same in every step; what they owe is paid in equal parts."""
    zero = k[0]
    for i in range(nodes - 1, deep - 1, -1):
        r = U(i) * ROW
        above, below = coupling[i, 0], coupling[i, 1]
        source = k[24] / mass[i] if i == nodes - 1 else zero
        for v in range(LANES):
            w = U(v)
            row[r + OWED + w] = fma(row[r + OWED + w], per_step, zero - source)
        if i == deep:
            continue
        for v in range(LANES):
            w = U(v)
            lower = below * row[r + ROW + SLOPE + w]
            diagonal = fma(row[r + SLOPE + w], above + below, row[r + CAPACITY + w])
            inverse = k[2] / fma(zero - lower, row[r + ROW + Y + w], diagonal)
            row[r + HEAT + w] = inverse
            row[r + CAPACITY + w] = lower * inverse
            row[r + Y + w] = above * row[r - ROW + SLOPE + w] * inverse


@inlined
def _upwards(nodes, deep, mass, coupling, k, row):
    """Eliminate each node into the one above it, from the lowest (of this ``mass``) to the first below the surface."""
    zero, one = k[0], k[2]
    for i in range(nodes - 1, deep, -1):
        r = U(i) * ROW
        above, below = coupling[i, 0], coupling[i, 1]
        for v in range(LANES):
            w = U(v)
            theta = row[r + THETA + w]
            rest = fma(above, row[r - ROW + THETA + w] - theta, zero - row[r + OWED + w])
            rest = fma(below, row[r + ROW + THETA + w] - theta, rest)
            row[r + X + w] = fma(row[r + CAPACITY + w], row[r + ROW + X + w], rest * row[r + HEAT + w])
    for i in range(min(deep, nodes - 1), 0, -1):
        r = U(i) * ROW
        above, below = coupling[i, 0], coupling[i, 1]
        both = above + below
        source = k[24] / mass if i == deep - 1 and deep == nodes else zero  # a deep node has it in what it owes
        for v in range(LANES):
            w = U(v)
            theta = row[r + THETA + w]
            lower = below * row[r + ROW + SLOPE + w]
            rest = fma(above, row[r - ROW + THETA + w] - theta, source - row[r + OWED + w])
            rest = fma(below, row[r + ROW + THETA + w] - theta, rest)
            diagonal = fma(row[r + SLOPE + w], both, row[r + CAPACITY + w])
            inverse = one / fma(zero - lower, row[r + ROW + Y + w], diagonal)
            row[r + X + w] = fma(lower, row[r + ROW + X + w], rest) * inverse
            row[r + Y + w] = above * row[r - ROW + SLOPE + w] * inverse


@inlined
def _halley(x, a, r, k):
    """One step towards the root of a x + es x^4 = r."""
    square = x * x
    e3 = k[21] * square * x
    f = fma(a + e3, x, k[0] - r)
    p = fma(k[3], e3, a)
    return x - f * p / fma(p, p, k[0] - k[23] * f * square)


@inlined
def _surface(nodes, flux, s, m, g, k, row):
    """The surface: a X + es X^4 = r. ``m`` is its mass, ``g`` the face below it."""
    zero = k[0]
    per_m = k[2] / m
    last = U(nodes) * ROW
    for v in range(LANES):
        w = U(v)
        t = row[KELVIN + w]
        slope = row[SLOPE + w]
        theta = row[THETA + w]
        below = row[ROW + SLOPE + w]
        rest = g * fma(zero - below, row[ROW + Y + w], slope)
        absorbed = flux[s, v]
        gain = fma(g, fma(below, row[ROW + X + w], row[ROW + THETA + w]) - theta, absorbed)
        a = fma(m, row[CAPACITY + w], rest)
        r = fma(a, t, gain)
        owed = m * row[OWED + w]
        most = r - k[4] * a * t  # after a jump more may be owed than can be paid at once; the rest stays owed
        paid = owed if owed < most else most
        r -= paid
        x = r / a
        root = np.sqrt(np.sqrt(r * k[22]))
        x = x if x < root else root  # both bound the root from above, 38 % too high at most
        x = _halley(_halley(x, a, r, k), a, r, k)
        # Sunrise may double a temperature: heat capacity once more, between old and new.
        capacity = _capacity(k[1] * (t + x), k)
        a = fma(m, capacity, rest)
        r = fma(a, t, gain) - paid
        x = _halley(_halley(x, a, r, k), a, r, k)
        # What the surface emits, what its heat content missed, and its increment for the nodes below.
        d = x - t
        emitted = k[21] * ((x * x) * (x * x))
        row[last + OUT + w] = emitted
        row[last + ABSORBED + w] += absorbed
        row[EMITTED + w] += emitted
        row[SUM + w] += fma(slope, d, theta)
        heat = _content(x, k)
        row[OWED + w] = fma(zero - capacity, d, heat - row[HEAT + w]) + (owed - paid) * per_m
        h = _ahead(x, d, k)
        row[HEAT + w] = heat
        row[X + w] = d
        row[KELVIN + w] = x
        row[THETA + w] = _theta(x, k)
        row[SLOPE + w] = _slope(h, k)
        row[CAPACITY + w] = _capacity(h, k)


@inlined
def _downwards(nodes, deep, k, row):
    """The increments follow from that of the surface."""
    zero = k[0]
    for i in range(1, deep):
        r = U(i) * ROW
        for v in range(LANES):
            w = U(v)
            d = fma(row[r + Y + w], row[r - ROW + X + w], row[r + X + w])
            row[r + SUM + w] += fma(row[r + SLOPE + w], d, row[r + THETA + w])
            t = row[r + KELVIN + w] + d
            heat = _content(t, k)
            row[r + OWED + w] = fma(zero - row[r + CAPACITY + w], d, heat - row[r + HEAT + w])
            h = _ahead(t, d, k)
            row[r + HEAT + w] = heat
            row[r + X + w] = d
            row[r + KELVIN + w] = t
            row[r + THETA + w] = _theta(t, k)
            row[r + SLOPE + w] = _slope(h, k)
            row[r + CAPACITY + w] = _capacity(h, k)
    for i in range(deep, nodes):
        r = U(i) * ROW
        for v in range(LANES):
            w = U(v)
            d = fma(row[r + Y + w], row[r - ROW + X + w], row[r + X + w])
            theta = fma(row[r + SLOPE + w], d, row[r + THETA + w])
            row[r + X + w] = d
            row[r + KELVIN + w] += d
            row[r + THETA + w] = theta
            row[r + SUM + w] += theta


@inlined
def _end(state, deep, k, row, sums):
    """The state from the rows, and the sums."""
    nodes = state.shape[0]
    for i in range(nodes):
        r = U(i) * ROW
        for v in range(LANES):
            w = U(v)
            began, before = state[i, v], state[i, LANES + v]
            t = row[r + KELVIN + w]
            d = t - began
            missed = _exact_capacity(fma(k[1], d, began), d, k) - _capacity(_ahead(began, before, k), k)
            sums[i, v] += row[r + SUM + w]
            state[i, v] = t
            state[i, LANES + v] = row[r + X + w]
            state[i, 2 * LANES + v] = row[r + OWED + w] if i < deep else d * missed
    for v in range(LANES):
        sums[nodes, v] += row[EMITTED + U(v)]
        sums[nodes + 1, v] += row[U(nodes) * ROW + ABSORBED + U(v)]


@kernel
def _note_extremes(extremes, loss, k, row):
    zero, one = k[0], k[2]
    centre, scale = loss[0], loss[1]
    p0, p1, p2, p3, p4, p5, p6 = loss[2], loss[3], loss[4], loss[5], loss[6], loss[7], loss[8]
    for i in range(extremes.shape[0]):
        r = U(i) * ROW
        for v in range(LANES):
            t = row[r + KELVIN + U(v)]
            extremes[i, v] = max(extremes[i, v], t)
            extremes[i, LANES + v] = min(extremes[i, LANES + v], t)
            extremes[i, 2 * LANES + v] += t
            # Eighth root of the loss of ice as a polynomial in temperature, then squared three times.
            x = (t - centre) * scale
            x = x if x < one else one
            x = x if x > zero - one else zero - one
            root = fma(x, fma(x, fma(x, fma(x, fma(x, fma(x, p6, p5), p4), p3), p2), p1), p0)
            square = root * root
            fourth = square * square
            extremes[i, 3 * LANES + v] = fma(fourth, fourth, extremes[i, 3 * LANES + v])


@kernel
def on_a_line(size, like):
    """(size,) zeros of the kind of ``like`` that begin on a cache line."""
    spare = LINE_BYTES // like.itemsize
    room = np.zeros(size + spare, like.dtype)
    # numpy's arrays begin on a multiple of their items
    skip = (LINE_BYTES - room.ctypes.data % LINE_BYTES) % LINE_BYTES // like.itemsize
    return room[skip : skip + size]


@kernel
def advance(state, flux, mass, coupling, row, numbers, deep, sums, emitted, rows, trace, extremes, loss):
    """Advance one block of cells through every row of ``flux``.

    Args:
        state: (node, 3 x LANES) temperature | increment of the last step | heat owed (J/kg), changed.
        flux: (step, LANES) absorbed W/m2, mean over each step.
        mass: (node,) kg/m2 over the step in seconds; coupling: (node, 2) from `couplings`.
        row: ((node + 1) x WHOLE_ROW,) scratch, from `on_a_line`.
        numbers: from `step_constants`.
        deep: first node with properties kept through the call, from 1 on; node: none.
        sums: (node + 2, LANES) added to: theta of every node as the flux saw it; emitted and absorbed W/m2.
        emitted: (row, LANES) added to: emitted W/m2 of the steps with this row; no rows: left out.
        rows: (step,) row of ``emitted``.
        trace: (step, node) filled with the temperatures of lane 0; no rows: left out.
        extremes: (node, 4 x LANES) updated: highest | lowest | sum of temperatures | sum of the loss of ice; no rows:
            left out.
        loss: (9,) centre K, 1 / half width, coefficients of the eighth root of the loss of ice.
    """
    nodes = state.shape[0]
    steps = flux.shape[0]
    k = _numbers(numbers)
    row[0] = steps  # in the precision of the row
    per_step = k[2] / row[0]
    _begin(state, k, row)
    _fix_deep(nodes, deep, per_step, mass, coupling, k, row)
    for s in range(steps):
        _upwards(nodes, deep, mass[nodes - 1], coupling, k, row)
        _surface(nodes, flux, s, mass[0], coupling[0, 1] * mass[0], k, row)
        _downwards(nodes, deep, k, row)
        # What the caller asked to be noted of this step.
        if emitted.shape[0] > 0:
            at = rows[s]
            out = U(nodes) * ROW + OUT
            for v in range(LANES):
                emitted[at, v] += row[out + U(v)]
        if trace.shape[0] > 0:
            for i in range(nodes):
                trace[s, i] = row[U(i) * ROW]
        if extremes.shape[0] > 0:
            _note_extremes(extremes, loss, k, row)
    _end(state, deep, k, row, sums)
