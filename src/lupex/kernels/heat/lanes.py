"""Conduction in many columns of regolith at once: lanes of 32 cells side by side, all at the same step of time.

Method and layout: docs/theory/temperature.md. One step is backward Euler in the increments of temperature, written
in the Kirchhoff variable theta = T + b T^4, so that the heat flux is g (theta_below - theta_above) exactly. Properties
are taken half an increment ahead. What a step missed of the exact heat content is handed to the next, so energy is
conserved to rounding. Elimination from the bottom up leaves a X + es X^4 = r at the surface.
"""

import numpy as np

from lupex.kernels.compiled import inlined, kernel

LANES = 32
"""Cells side by side. With 16, LLVM unrolls the loops instead of vectorising them (four times slower)."""


LEAST_AHEAD = 0.75
"""Properties are taken at no less than this share of a node's temperature."""


def step_constants(
    b: float, heat_capacity: tuple[float, ...], emissivity_sigma: float, heat_flow: float, dtype: type[np.floating]
) -> np.ndarray:
    """The numbers the steps read, as one array: a literal in the code would turn float32 into float64.

    b of the Kirchhoff variable (K^-3); heat capacity (5,) in J/kg/K, constant term first; emissivity times sigma;
    heat flow W/m2.
    """
    c = np.asarray(heat_capacity, np.float64)
    # the exact mean of a quartic over an increment d: middle + d^2 (second derivative) / 24 + d^4 (fourth) / 1920
    exact = (c[2] / 12.0, c[3] / 4.0, c[4] / 2.0, c[4] / 80.0)
    literals = (4.0, 6.0, 0.0, 0.5)
    last = (1.0, 1.0 / emissivity_sigma, LEAST_AHEAD)
    return np.array([b, *c, emissivity_sigma, heat_flow, *literals, *exact, *last], dtype)


@inlined
def _ahead(t, d, half, least):
    """Half an increment ahead of ``t``, but not where heat capacity ends: the Sun may set within one step."""
    h = t + half * d
    low = least * t
    return h if h > low else low


@inlined
def _note_extremes(state, extremes, loss, zero, one):
    W = LANES
    centre, scale = loss[0], loss[1]
    p0, p1, p2, p3, p4, p5, p6 = loss[2], loss[3], loss[4], loss[5], loss[6], loss[7], loss[8]
    for i in range(state.shape[0]):
        for w in range(W):
            t = state[i, w]
            extremes[i, w] = max(extremes[i, w], t)
            extremes[i, W + w] = min(extremes[i, W + w], t)
            extremes[i, 2 * W + w] += t
            # Eighth root of the loss of ice as a polynomial in temperature, then squared three times.
            x = min(max((t - centre) * scale, zero - one), one)
            root = p0 + x * (p1 + x * (p2 + x * (p3 + x * (p4 + x * (p5 + x * p6)))))
            square = root * root
            fourth = square * square
            extremes[i, 3 * W + w] += fourth * fourth


@kernel
def advance(state, flux, mass, conductance, work, carry, k, order, sums, emitted, rows, trace, extremes, loss):
    """Advance one block of cells through every row of ``flux``.

    Args:
        state: (node, 3 x LANES) temperature | increment of the last step | heat owed (J/kg), changed.
        flux: (step, LANES) absorbed W/m2, mean over each step.
        mass: (node,) kg/m2 over the step in seconds; conductance: (node - 1,) W/m2/K in theta.
        work: (node, 2 x LANES) scratch; carry: (6 x LANES,) scratch.
        k: from `step_constants`.
        order: 0 .. node - 1, read from memory on purpose: with a computed row index LLVM hoists its alias checks out
            of the loop over nodes, where they fail for a descending row, and silently runs scalar code.
        sums: (node + 1, LANES) added to: theta of every node as the flux saw it; emitted W/m2 in the last row.
        emitted: (row, LANES) added to: emitted W/m2 of the steps with this row; no rows: left out.
        rows: (step,) row of ``emitted``.
        trace: (step, node) filled with the temperatures of lane 0; no rows: left out.
        extremes: (node, 4 x LANES) updated: highest | lowest | sum of temperatures | sum of the loss of ice; no rows:
            left out.
        loss: (9,) centre K, 1 / half width, coefficients of the eighth root of the loss of ice.
    """
    nodes = state.shape[0]
    W = LANES
    b, c0, c1, c2, c3, c4, es, qb = k[0], k[1], k[2], k[3], k[4], k[5], k[6], k[7]
    four, six, zero, half, d2, d3, d4, d5, one, ies = k[8], k[9], k[10], k[11], k[12], k[13], k[14], k[15], k[16], k[17]
    least = k[18]
    last = nodes - 1
    for s in range(flux.shape[0]):
        for w in range(W):  # below the lowest node: the heat flow of the Moon
            t = state[last, w]
            h = _ahead(t, state[last, W + w], half, least)
            carry[w] = t + b * t * t * t * t
            carry[W + w] = one + four * b * h * h * h
            carry[2 * W + w] = zero
            carry[3 * W + w] = zero
            carry[4 * W + w] = qb
        # Upwards through the nodes: eliminate each into the one above it.
        below = zero
        for j in range(last, 0, -1):
            i = order[j]
            up = order[j - 1]
            g = conductance[i - 1]
            m = mass[i]
            both = below + g
            for w in range(W):
                t = state[i, w]
                slope = carry[W + w]
                u = state[up, w]
                theta_up = u + b * u * u * u * u
                h = _ahead(u, state[up, W + w], half, least)
                slope_up = one + four * b * h * h * h
                t = _ahead(t, state[i, W + w], half, least)
                c = c0 + t * (c1 + t * (c2 + t * (c3 + t * c4)))
                face = g * (carry[w] - theta_up)  # upward heat flux
                inverse = one / (m * c + both * slope - carry[3 * W + w])
                x = (carry[4 * W + w] - face + carry[2 * W + w] - m * state[i, 2 * W + w]) * inverse
                y = g * slope_up * inverse
                work[i, w] = x
                work[i, W + w] = y
                carry[2 * W + w] = g * slope * x
                carry[3 * W + w] = g * slope * y
                carry[4 * W + w] = face
                carry[w] = theta_up
                carry[W + w] = slope_up
            below = g
        m = mass[0]
        g = conductance[0]
        for w in range(W):  # the surface: a X + es X^4 = r
            t = state[0, w]
            h = _ahead(t, state[0, W + w], half, least)
            c = c0 + h * (c1 + h * (c2 + h * (c3 + h * c4)))
            a = m * c + g * carry[W + w] - carry[3 * W + w]
            r = flux[s, w] + carry[4 * W + w] + carry[2 * W + w] + a * t
            owed = m * state[0, 2 * W + w]
            most = r - least * a * t  # after a jump more may be owed than can be paid at once; the rest stays owed
            paid = owed if owed < most else most
            r -= paid
            X = min(r / a, np.sqrt(np.sqrt(r * ies)))  # both bound the root from above, 38 % too high at most
            x3 = es * X * X * X  # Halley, written out: a loop here would block the lanes
            f = a * X + x3 * X - r
            p = a + four * x3
            X -= f * p / (p * p - six * f * es * X * X)
            x3 = es * X * X * X
            f = a * X + x3 * X - r
            p = a + four * x3
            X -= f * p / (p * p - six * f * es * X * X)
            h = half * (t + X)  # sunrise may double a temperature: heat capacity once more, between old and new
            change = m * (c0 + h * (c1 + h * (c2 + h * (c3 + h * c4))) - c)
            c += change / m
            a += change
            r += change * t
            x3 = es * X * X * X
            f = a * X + x3 * X - r
            p = a + four * x3
            X -= f * p / (p * p - six * f * es * X * X)
            x3 = es * X * X * X
            f = a * X + x3 * X - r
            p = a + four * x3
            X -= f * p / (p * p - six * f * es * X * X)
            # What the surface emits, what its heat content missed, and its increment for the nodes below.
            d = X - t
            carry[5 * W + w] = es * X * X * X * X
            sums[0, w] += carry[w] + carry[W + w] * d
            sums[nodes, w] += carry[5 * W + w]
            t += half * d
            exact = c0 + t * (c1 + t * (c2 + t * (c3 + t * c4)))
            exact += d * d * (d2 + t * (d3 + t * d4) + d * d * d5)
            state[0, 2 * W + w] = d * (exact - c) + (owed - paid) / m
            state[0, W + w] = d
            state[0, w] = X
            carry[w] = d
        # Downwards: the increments follow from that of the surface.
        for j in range(1, nodes):
            i = order[j]
            for w in range(W):
                d = work[i, w] + work[i, W + w] * carry[w]
                t = state[i, w]
                h = _ahead(t, state[i, W + w], half, least)
                sums[i, w] += t + b * t * t * t * t + (one + four * b * h * h * h) * d
                state[i, W + w] = d
                state[i, w] = t + d
                c = c0 + h * (c1 + h * (c2 + h * (c3 + h * c4)))
                t += half * d
                exact = c0 + t * (c1 + t * (c2 + t * (c3 + t * c4)))
                exact += d * d * (d2 + t * (d3 + t * d4) + d * d * d5)
                state[i, 2 * W + w] = d * (exact - c)
                carry[w] = d
        # What the caller asked to be noted of this step.
        if emitted.shape[0] > 0:
            row = rows[s]
            for w in range(W):
                emitted[row, w] += carry[5 * W + w]
        if trace.shape[0] > 0:
            for i in range(nodes):
                trace[s, i] = state[i, 0]
        if extremes.shape[0] > 0:
            _note_extremes(state, extremes, loss, zero, one)
