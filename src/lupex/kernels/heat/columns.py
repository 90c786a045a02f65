"""Blocks of columns through stretches of time: sunlight, then conduction, while the sunlight is still in the cache."""

import numpy as np

from lupex.kernels.compiled import kernel
from lupex.kernels.heat.lanes import LANES, WHOLE_ROW, advance, on_a_line
from lupex.kernels.heat.sunlight import absorb


@kernel
def through_time(
    first, last, stretches, samples, state, sun, geometry, horizon, base, table, table_rows, table_scale, light,
    mass, coupling, k, deep, sums, means, emitted, trace, extremes, loss,
):  # fmt: skip
    """Blocks ``first`` to ``last`` through ``stretches`` equal stretches of time.

    Args:
        state: (block, node, 3 x LANES), changed; the rest of the physics as in `lanes.advance`.
        sun: (step x samples, 4), all stretches one after the other, and table_rows, table_scale (step,) likewise;
            0 ``samples``: no Sun.
        geometry: (block, GEOMETRY x LANES); horizon: (block, azimuth, LANES); base: (block, LANES).
        table: (block, row, LANES) absorbed from facing slopes, or any flux given by step; may have no rows.
        sums: (block, node + 1, LANES) float64, added to; taken per stretch in the precision of the state.
        means: (block, LANES) float64, the absorbed flux, added to.
        emitted: (block, row, LANES) or no rows; extremes: (block, node, 4 x LANES) or no nodes.
        trace: (step, node) of the first cell of the last block, or no rows.
    """
    nodes = state.shape[1]
    steps = table_rows.shape[0] // stretches
    row = on_a_line((nodes + 1) * WHOLE_ROW, state)
    part = np.zeros((nodes + 2, LANES), state.dtype)
    flux = on_a_line(steps * LANES, state).reshape(steps, LANES)
    for block in range(first, last):
        for n in range(stretches):
            begin, end = n * steps, (n + 1) * steps
            absorb(
                flux, sun[begin * samples : end * samples], geometry[block], horizon[block], base[block], table[block],
                table_rows[begin:end], table_scale[begin:end], samples, light,
            )  # fmt: skip
            part[:] = 0.0
            advance(
                state[block], flux, mass, coupling, row, k, deep, part, emitted[block],
                table_rows[begin:end], trace[min(begin, trace.shape[0]) :], extremes[block], loss,
            )  # fmt: skip
            for i in range(nodes + 1):
                for w in range(LANES):
                    sums[block, i, w] += part[i, w]
            for w in range(LANES):
                means[block, w] += part[nodes + 1, w]
