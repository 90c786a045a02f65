"""Conduction where solid and radiative conductivity follow temperature each in its own way, as in `lanes`.

K = A(z) k(T) + B(z) T^3. Heat flows through a face as gs (P_below - P_above) + gr (R_below - R_above) with the
integrals P of k and R = T^4 / 4. Otherwise the step is that of `lanes`: backward Euler in the increments, properties
half an increment ahead, what is missed of the heat content handed on (docs/theory/temperature.md).
"""

import math

import numpy as np

from lupex.kernels.compiled import inlined, kernel
from lupex.kernels.heat.lanes import LANES
from lupex.kernels.heat.sunlight import absorb


@inlined
def _solid(t, q):
    """k(T) of Woods-Robinson et al. (2019) from the nine numbers ``q``."""
    i = 1.0 / t
    low = i * (q[4] + i * (q[3] + i * (q[2] + i * q[1])))
    return q[0] + low + t * (q[5] + t * (q[6] + t * (q[7] + t * q[8])))


@inlined
def _solid_integral(t, q):
    i = 1.0 / t
    low = q[4] * math.log(t) - i * (q[3] + i * (q[2] / 2.0 + i * q[1] / 3.0))
    return low + t * (q[0] + t * (q[5] / 2.0 + t * (q[6] / 3.0 + t * (q[7] / 4.0 + t * q[8] / 5.0))))


@inlined
def _capacity(t, c):
    return c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * c[4])))


@inlined
def _exact_capacity(t, d, c):
    """Mean heat capacity over an increment ``d`` with its middle at ``t``: exact for the quartic."""
    return _capacity(t, c) + d * d * (c[2] / 12.0 + t * (c[3] / 4.0 + t * c[4] / 2.0) + d * d * c[4] / 80.0)


@kernel
def advance_two(state, flux, mass, conductance, work, k, sums, trace, extremes, emitted, rows, loss):
    """Advance one block of cells through every row of ``flux``.

    Args:
        state: (node, 3 x LANES) temperature | increment of the last step | heat owed (J/kg), changed.
        flux: (step, LANES) absorbed W/m2, mean over each step.
        mass: (node,) kg/m2 over the step in seconds; conductance: (node - 1, 2) gs and gr of each face.
        work: (node, 5) scratch.
        k: nine numbers of the solid conductivity, five of the heat capacity, emissivity times sigma, heat flow (W/m2),
            least share of a temperature at which properties are taken.
        sums: (2 x node, LANES) added to: temperatures; emitted W/m2; mean flow of the faces, upwards, W/m2.
        trace: (step, node) filled with the temperatures of lane 0; no rows: left out.
        extremes: (node, 4 x LANES) highest | lowest | sum | loss of ice; no rows: left out.
        emitted, rows, loss: as in `lanes.advance`.
    """
    nodes = state.shape[0]
    W = LANES
    q, c = k[:9], k[9:14]
    es, qb, least = k[14], k[15], k[16]
    for s in range(flux.shape[0]):
        for w in range(W):
            # Upwards: eliminate each node into the one above it. Columns of work: x, y, face, D below, D above.
            below_face, below_x, below_y, below_up = qb, 0.0, 0.0, 0.0
            t = state[nodes - 1, w]
            h = max(t + 0.5 * state[nodes - 1, W + w], least * t)
            solid, ray = _solid_integral(t, q), 0.25 * t * t * t * t
            slope_solid, slope_ray = _solid(h, q), h * h * h
            for i in range(nodes - 1, 0, -1):
                gs, gr, m = conductance[i - 1, 0], conductance[i - 1, 1], mass[i]
                cap = _capacity(h, c)
                d_low = gs * slope_solid + gr * slope_ray
                u = state[i - 1, w]
                h = max(u + 0.5 * state[i - 1, W + w], least * u)
                solid_up, ray_up = _solid_integral(u, q), 0.25 * u * u * u * u
                face = gs * (solid - solid_up) + gr * (ray - ray_up)
                slope_solid, slope_ray = _solid(h, q), h * h * h
                d_up = gs * slope_solid + gr * slope_ray
                diagonal = m * cap + below_up - below_y + d_low
                x = (below_face + below_x - face - m * state[i, 2 * W + w]) / diagonal
                y = d_up / diagonal
                work[i, 0], work[i, 1], work[i, 2], work[i, 3], work[i, 4] = x, y, face, d_low, d_up
                below_face, below_x, below_y, below_up = face, d_low * x, d_low * y, d_up
                solid, ray = solid_up, ray_up
            # The surface: a X + es X^4 = r, heat capacity once more between old and new temperature.
            t, m = state[0, w], mass[0]
            cap = _capacity(h, c)
            rest = below_up - below_y
            owed = m * state[0, 2 * W + w]
            X = t
            paid = owed
            for attempt in range(2):
                a = m * cap + rest
                r = flux[s, w] + below_face + below_x + a * t
                paid = min(owed, r - least * a * t)
                r -= paid
                X = min(r / a, (r / es) ** 0.25)
                for _ in range(6):
                    cube = es * X * X * X
                    f = a * X + cube * X - r
                    p = a + 4.0 * cube
                    X -= f * p / (p * p - 6.0 * f * es * X * X)
                if attempt == 0:
                    cap = _capacity(0.5 * (t + X), c)
            d = X - t
            out = es * X * X * X * X
            state[0, 2 * W + w] = d * (_exact_capacity(t + 0.5 * d, d, c) - cap) + (owed - paid) / m
            state[0, W + w] = d
            state[0, w] = X
            sums[0, w] += X
            sums[nodes, w] += out
            if emitted.shape[0] > 0:
                emitted[rows[s], w] += out
            # Downwards: the increments follow from that of the surface.
            for i in range(1, nodes):
                t = state[i, w]
                h = max(t + 0.5 * state[i, W + w], least * t)
                down = work[i, 0] + work[i, 1] * d
                sums[nodes + i, w] += work[i, 2] + work[i, 3] * down - work[i, 4] * d
                state[i, 2 * W + w] = down * (_exact_capacity(t + 0.5 * down, down, c) - _capacity(h, c))
                state[i, W + w] = down
                state[i, w] = t + down
                sums[i, w] += t + down
                d = down
            for i in range(extremes.shape[0]):
                t = state[i, w]
                extremes[i, w] = max(extremes[i, w], t)
                extremes[i, W + w] = min(extremes[i, W + w], t)
                extremes[i, 2 * W + w] += t
                x = min(max((t - loss[0]) * loss[1], -1.0), 1.0)
                root = loss[2] + x * (
                    loss[3] + x * (loss[4] + x * (loss[5] + x * (loss[6] + x * (loss[7] + x * loss[8]))))
                )
                extremes[i, 3 * W + w] += root**8
        for i in range(nodes if trace.shape[0] > 0 else 0):
            trace[s, i] = state[i, 0]


@kernel
def through_time_two(
    first, last, stretches, samples, state, sun, geometry, horizon, base, table, table_rows, table_scale, light,
    mass, conductance, k, sums, means, emitted, trace, extremes, loss,
):  # fmt: skip
    """Blocks ``first`` to ``last`` through ``stretches`` equal stretches of time; arguments as in `through_time`.

    Args:
        conductance: (node - 1, 2); k, sums (block, 2 x node, LANES): as in `advance_two`.
    """
    nodes = state.shape[1]
    steps = table_rows.shape[0] // stretches
    work = np.zeros((nodes, 5))
    flux = np.zeros((steps, LANES), state.dtype)
    for block in range(first, last):
        for n in range(stretches):
            begin, end = n * steps, (n + 1) * steps
            absorb(
                flux, sun[begin * samples : end * samples], geometry[block], horizon[block], base[block], table[block],
                table_rows[begin:end], table_scale[begin:end], samples, light,
            )  # fmt: skip
            advance_two(
                state[block], flux, mass, conductance, work, k, sums[block],
                trace[min(begin, trace.shape[0]) :], extremes[block], emitted[block], table_rows[begin:end], loss,
            )  # fmt: skip
            for s in range(steps):
                for w in range(LANES):
                    means[block, w] += flux[s, w]
