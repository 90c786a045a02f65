"""What the skyline sweep sees beyond its own cells: circles continued over the coarser terrain around."""

import math

from lupex.kernels.compiled import kernel

LEVEL_BASE, LEVEL_ROWS, LEVEL_COLS, LEVEL_X0, LEVEL_Y0, LEVEL_CELL = range(6)
"""Columns of the table of outer terrain: where a level begins in ``values``, its rows and columns, coordinates of its
first cell (m), size of a cell (m)."""

ROW_CELLS = 64.0
HALF_CELLS = 4.0
"""Outer terrain nearer than this many of its cells is sampled at rows and half-way too."""


@kernel
def put_sample(a, b, h, cos_d, sin_d, root, sign, radius_m, count, x, y):
    """Put height ``h`` (m) at map point (a, b) on a circle into its plane, as sample ``count``; returns the next."""
    # From the map to the plane of the circle, at its height.
    q = (a * a + b * b) * 0.25 / (radius_m * radius_m)
    r = (radius_m + h) / (1.0 + q)
    x[count] = sign * r * (cos_d * a + sin_d * b) / radius_m
    y[count] = r * root * (1.0 - q)
    return count + 1


@kernel
def put_bilinear(a, b, u, v, base, step_a, step_b, values, cos_d, sin_d, root, sign, radius_m, count, x, y):
    """`put_sample` with the bilinear height at fractional cell (u, v); ``values[base + i step_a + j step_b]``."""
    i = int(u)
    j = int(v)
    at = base + i * step_a + j * step_b
    low = values[at] + (values[at + step_a] - values[at]) * (u - i)
    at += step_b
    high = values[at] + (values[at + step_a] - values[at]) * (u - i)
    return put_sample(a, b, low + (high - low) * (v - j), cos_d, sin_d, root, sign, radius_m, count, x, y)


@kernel
def far_samples(tau, cos_d, sin_d, sign, a, b, sine_limit, swap, levels, values, radius_m, x, y):
    """Sample the outer terrain along one circle, outwards from map point (a, b), to the angle with this sine.

    ``levels`` (level, 6): see `LEVEL_BASE` and on; rows ascend
    with y, at least 2 x 2 cells. ``sign`` is +1 outwards along +a, -1 along -a. Samples lie where the circle crosses
    columns; within ROW_CELLS cells of (a, b) also where it crosses rows, which are all the kinks of the surface;
    within HALF_CELLS also half-way between. Fills x (sign * X), y, nearest first; returns the count.
    """
    #   |     |     |          o  where the circle crosses a column (always)
    #   |  x--o     |          x  where it crosses a row (near)
    #   | /   | \   |          half-way points between them (nearest): the bilinear surface bulges there
    # --x-----+--x--o--
    #   |     |     |          finest level first; where it ends, the next coarser one goes on from (a, b)
    count = 0
    room = x.size - 16
    root = math.sqrt(1.0 + tau * tau)
    curvature = tau / radius_m
    q = (a * a + b * b) * 0.25 / (radius_m * radius_m)
    # Direction of the starting point in the plane: the angle to each sample is measured from it.
    sine = sign * (cos_d * a + sin_d * b) / (radius_m * (1.0 + q))
    cosine = root * (1.0 - q) / (1.0 + q)
    a_start = a
    for level in range(levels.shape[0]):
        rows = int(levels[level, LEVEL_ROWS])
        cols = int(levels[level, LEVEL_COLS])
        cell = levels[level, LEVEL_CELL]
        base = int(levels[level, LEVEL_BASE])
        # In the working orientation columns run along ``a``; with ``swap`` these are rows of the map.
        a0 = levels[level, LEVEL_Y0] if swap else levels[level, LEVEL_X0]
        b0 = levels[level, LEVEL_X0] if swap else levels[level, LEVEL_Y0]
        na = rows if swap else cols
        nb = cols if swap else rows
        step_a = cols if swap else 1
        step_b = 1 if swap else cols
        # Where the circle stands in cells of this level; a level that does not hold the point is passed over.
        u = (a - a0) / cell
        v = (b - b0) / cell
        if u < 0.0 or v < 0.0 or u > na - 1.0 or v > nb - 1.0:
            continue
        i = int(math.floor(u)) + 1 if sign > 0.0 else int(math.ceil(u)) - 1
        while 0 <= i < na and count < room:
            a_next = a0 + i * cell
            # The row of the circle at the next column, as in `trace_line`.
            c = sin_d * a_next + tau * radius_m - 0.25 * curvature * a_next * a_next
            b_next = 2.0 * c / (cos_d + math.sqrt(cos_d * cos_d + curvature * c))
            v_next = (b_next - b0) / cell
            if v_next < 0.0 or v_next > nb - 1.0:
                break
            # Detail falls with distance.
            away = abs(a_next - a_start)
            halves = away < HALF_CELLS * cell
            if away < ROW_CELLS * cell:
                way = 1 if v_next > v else -1
                r = int(math.floor(v)) + 1 if way > 0 else int(math.ceil(v)) - 1
                while (v_next - r) * way > 0.0 and count < room:
                    # Between two columns the circle is straight to far below a cell.
                    share = (r - v) / (v_next - v)
                    ar = a + (a_next - a) * share
                    br = b0 + r * cell
                    ur = (ar - a0) / cell
                    if halves:
                        count = put_bilinear(
                            0.5 * (a + ar), 0.5 * (b + br), 0.5 * (u + ur), 0.5 * (v + r),
                            base, step_a, step_b, values, cos_d, sin_d, root, sign, radius_m, count, x, y,
                        )  # fmt: skip
                    k = min(int(ur), na - 2)
                    at = base + k * step_a + r * step_b
                    h = values[at] + (values[at + step_a] - values[at]) * (ur - k)
                    count = put_sample(ar, br, h, cos_d, sin_d, root, sign, radius_m, count, x, y)
                    a = ar
                    b = br
                    u = ur
                    v = float(r)
                    r += way
            if halves:
                count = put_bilinear(
                    0.5 * (a + a_next), 0.5 * (b + b_next), 0.5 * (u + i), 0.5 * (v + v_next),
                    base, step_a, step_b, values, cos_d, sin_d, root, sign, radius_m, count, x, y,
                )  # fmt: skip
            k = min(int(v_next), nb - 2)
            at = base + i * step_a + k * step_b
            h = values[at] + (values[at + step_b] - values[at]) * (v_next - k)
            count = put_sample(a_next, b_next, h, cos_d, sin_d, root, sign, radius_m, count, x, y)
            a = a_next
            b = b_next
            u = float(i)
            v = v_next
            i += 1 if sign > 0.0 else -1
            # Sine of the angle gone, times the radius: past the search angle the circle ends.
            if x[count - 1] * cosine - y[count - 1] * sine > sine_limit * (radius_m + h):
                return count
    return count
