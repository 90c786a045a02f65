"""The skyline sweep: every cell, two opposite azimuths at a time.

Great circles with one pencil azimuth are swept as lines across the map. In the plane of a
circle the terrain is a curve of points (X, Y); the upper convex hull of the points ahead gives
the tangent, exactly on the sphere. The nearest columns are taken on the exact line through the
cell instead. The working orientation has the major axis ``a`` along the contiguous axis and
both axes ascending; see `lupex.terrain.skyline` for the frame and docs/theory/skyline.md.
"""

import math

import numpy as np

from lupex.kernels.compiled import kernel
from lupex.kernels.skyline.far_field import LEVEL_COLS, LEVEL_ROWS, far_samples
from lupex.kernels.skyline.near_field import near_columns, place_counts, tangents_to_counts

VOID_M = -1.0e6
"""Height that stands for "no terrain": never on a hull."""

NOTHING = -1.0e3
"""Tangent where nothing is seen: below any terrain."""


@kernel
def trace_line(tau, cos_d, sin_d, a_m, b0_m, cell_m, z, radius_m, row, height, x, y, tangent, secant):
    """Sample one great circle at every column of ``z`` (b, a), both ascending.

    Fills row (fractional row), height (m), x, y (in-plane coordinates, m), tangent = tan(phi),
    secant = 1/cos(phi), each (a,). Returns the first and last column on the grid
    (first > last when the line misses it).
    """
    # b ^     . - - .         one circle of the pencil on the map: nearly straight, it bulges by
    #   |  .          .       a few cells; row[i] is where it crosses column i
    #   +-----------------> a     columns first .. last lie on the grid
    nb, na = z.shape
    root = math.sqrt(1.0 + tau * tau)
    curvature = tau / radius_m
    per_radius = 1.0 / radius_m
    per_cell = 1.0 / cell_m
    inverse_4r2 = 0.25 * per_radius * per_radius
    # Three loops rather than one: with fewer arrays each, the compiler can vectorise them.
    for i in range(na):
        # Row of the circle: the root of a quadratic, in the form that loses no digits.
        a = a_m[i]
        c = sin_d * a + tau * radius_m - 0.25 * curvature * a * a
        row[i] = 2.0 * c / (cos_d + math.sqrt(cos_d * cos_d + curvature * c))
    for i in range(na):
        a = a_m[i]
        b = row[i]
        # From the stereographic map to the plane of the circle: angle phi from the foot of the pencil, as tangent and
        # secant, so that no sine or cosine is needed.
        q = (a * a + b * b) * inverse_4r2
        inverse = 1.0 / (root * (1.0 - q))
        tangent[i] = (cos_d * a + sin_d * b) * per_radius * inverse
        secant[i] = (1.0 + q) * inverse
    for i in range(na):
        a = a_m[i]
        b = row[i]
        # The same point of the sphere itself, in the plane; heights follow once the columns are known.
        q = (a * a + b * b) * inverse_4r2
        inverse = 1.0 / (1.0 + q)
        x[i] = (cos_d * a + sin_d * b) * per_radius * inverse
        y[i] = root * (1.0 - q) * inverse
    for i in range(na):
        row[i] = (row[i] - b0_m) * per_cell
    # Columns at which the circle is on the grid.
    first = 0
    top = nb - 1.0
    while first < na and (row[first] < 0.0 or row[first] > top):
        first += 1
    last = na - 1
    while last >= first and (row[last] < 0.0 or row[last] > top):
        last -= 1
    for i in range(first, last + 1):
        # Between its ends a line may bulge off the grid by a little.
        inside = min(max(row[i], 0.0), top)
        r = int(min(inside, top - 1.0))
        f = np.float32(inside - r)
        # Linear between the two cells of the column: along a column the surface is straight.
        below = z[r, i]
        h = below + (z[r + 1, i] - below) * f
        height[i] = h
    for i in range(first, last + 1):
        # Out from the sphere to the ground.
        x[i] *= radius_m + height[i]
        y[i] *= radius_m + height[i]
    return first, last


@kernel
def hull_tangents(
    first, last, step, skip, eye_m, x, y, height, tangent, secant, fx, fy, n_far, hx, hy, slope0, inverse
):
    """Tangent to the terrain at least ``skip`` columns ahead, for every column of a line.

    ``step`` is +1 looking along +a, -1 along -a. ``fx, fy`` (n_far,) are samples beyond the line's end,
    nearest first. Fills ``slope0`` = tan(elevation) of the tangent point as if the eye were at height 0,
    and ``inverse`` = 1 / ground distance to it (1/m), both (column,).
    """
    # looking along +a, in the plane of the circle:            hull_x, hull_y is a stack, farthest at the bottom:
    #
    #            o-------o  upper hull of what is ahead          0: far field, ..., m - 1: nearest
    #          /   .   .   \                                   push: drop points that the new one puts below the hull
    # eye  . /  .             o                                query: the tangent point is where the slope stops rising,
    # o - -                                                           coming down the stack from the nearest
    m = 0
    # Terrain beyond the end of the line first, from the far end: it lies ahead of every column.
    for j in range(n_far - 1, -1, -1):
        px = fx[j]
        py = fy[j]
        while m >= 2 and (hx[m - 2] - px) * (hy[m - 1] - py) <= (hy[m - 2] - py) * (hx[m - 1] - px):
            m -= 1
        hx[m] = px
        hy[m] = py
        m += 1
    # From the end of the line towards its beginning: each column sees those pushed before.
    begin = last if step > 0 else first
    columns = last - first + 1
    for n in range(columns):
        i = begin - step * n
        # The nearest columns are left to `near_columns`; a column joins the hull when it is far enough.
        if n >= skip:
            j = i + step * skip
            px = step * x[j]
            py = y[j]
            while m >= 2 and (hx[m - 2] - px) * (hy[m - 1] - py) <= (hy[m - 2] - py) * (hx[m - 1] - px):
                m -= 1
            hx[m] = px
            hy[m] = py
            m += 1
        # Nothing ahead yet.
        if m == 0:
            slope0[i] = NOTHING
            inverse[i] = 0.0
            continue
        # The eye in the plane: at height 0 of the column, raised by its height above ground along the local vertical.
        t = step * tangent[i]
        eye = eye_m / secant[i]
        qx = step * x[i] + eye * t
        qy = y[i] + eye
        # Walk down the hull while the next point stands higher: products, as a division each would cost more.
        best = m - 1
        dx = hx[best] - qx
        dy = hy[best] - qy
        while best >= 1:
            ex = hx[best - 1] - qx
            ey = hy[best - 1] - qy
            if ey * dx < dy * ex:
                break
            dx = ex
            dy = ey
            best -= 1
        # Slope against the local horizon. The true eye stands height + eye_m higher: by the distance that is a linear
        # correction, applied per cell in `spread_between`.
        across = 1.0 / (dx - t * dy)
        inv = across * secant[i]
        slope0[i] = (t * dx + dy) * across + (height[i] + eye_m) * inv
        inverse[i] = inv


@kernel
def spread_between(first, last, row, slope0, inverse, row_next, slope0_next, inverse_next, eye_m, pad, z, plane):
    """Write tan(elevation) for the cells that lie between two neighbouring lines into ``plane`` (b, a)."""
    nb, na = plane.shape
    lo = max(first, pad)
    hi = min(last, pad + na - 1)
    for i in range(lo, hi + 1):
        # The cell of this column between the two lines, if there is one: lines are one cell apart or less.
        r0 = row[i]
        j = int(math.ceil(r0))
        r1 = row_next[i]
        b = j - pad
        if j < r1 and b >= 0 and b < nb:
            # Tangent and distance change smoothly across lines; the height of the cell itself does not, so it enters
            # here.
            w = (j - r0) / (r1 - r0)
            s = slope0[i] + (slope0_next[i] - slope0[i]) * w
            v = inverse[i] + (inverse_next[i] - inverse[i]) * w
            plane[b, i - pad] = s - (z[j, i] + eye_m) * v


@kernel
def sweep(
    z,
    pad,
    swap,
    cos_d,
    sin_d,
    a0_m,
    b0_m,
    cell_m,
    radius_m,
    limit,
    eye_m,
    skip,
    halves,
    levels,
    values,
    nodata,
    plus,
    minus,
):
    """Skyline of every cell in a pencil azimuth and its opposite.

    Args: z (b, a) padded by ``pad`` cells, heights in m, VOID_M where there is no terrain; a0_m, b0_m the
    coordinates of its first cell; (cos_d, sin_d) the direction along (a, b), cos_d > 0; ``limit`` the search
    angle beyond the line's ends (rad); plus, minus: (row, col) int16 results looking along +a and -a.
    """
    # 1 pencil     lines k = k_lo .. k_hi, one cell apart, cover the inner map
    # 2 per line   trace_line -> far_samples -> hull_tangents, once along +a and once along -a
    # 3 per pair   of neighbouring lines: spread_between fills the cells between them
    # 4 per plane  near_columns -> tangents_to_counts -> place_counts
    #
    # Two lines are in memory at a time: row[0], row[1], slope..[0], slope..[1] take turns (``now``, ``old``).
    nb, na = z.shape
    inner_b = nb - 2 * pad
    inner_a = na - 2 * pad
    a_m = a0_m + cell_m * np.arange(na)
    # Stage 1: tau numbers the circles of a pencil; tau_step is the step that moves a line by one cell.
    tau_step = cos_d * cell_m / radius_m
    tau_lo = math.inf
    tau_hi = -math.inf
    # Far from the pole the extremes may lie between the corners.
    for part in range(33):
        across = part / 32.0 * (inner_a - 1)
        along = part / 32.0 * (inner_b - 1)
        for i, j in ((across, 0.0), (across, inner_b - 1.0), (0.0, along), (inner_a - 1.0, along)):
            a = a0_m + (pad + i) * cell_m
            b = b0_m + (pad + j) * cell_m
            t = (cos_d * b - sin_d * a) / (radius_m * (1.0 - (a * a + b * b) / (4.0 * radius_m * radius_m)))
            tau_lo = min(tau_lo, t)
            tau_hi = max(tau_hi, t)
    # Two lines more on each side, so that every cell lies between two.
    k_lo = int(math.floor(tau_lo / tau_step)) - 2
    k_hi = int(math.ceil(tau_hi / tau_step)) + 2
    # Results as tangents; a cell that no pair of lines covers would stay at `NOTHING`.
    up = np.full((inner_b, inner_a), NOTHING, np.float32)
    down = np.full((inner_b, inner_a), NOTHING, np.float32)
    row = np.empty((2, na))
    slope_up = np.full((2, na), NOTHING)
    slope_down = np.full((2, na), NOTHING)
    inverse_up = np.zeros((2, na))
    inverse_down = np.zeros((2, na))
    height = np.empty(na)
    x = np.empty(na)
    y = np.empty(na)
    tangent = np.empty(na)
    secant = np.empty(na)
    # Far samples: crossings of columns and rows of every level, and half-way points near the line's end.
    capacity = 1024
    for level in range(levels.shape[0]):
        capacity += 3 * int(max(levels[level, LEVEL_ROWS], levels[level, LEVEL_COLS]))
    far_x = np.empty(capacity)
    far_y = np.empty(capacity)
    hull_x = np.empty(na + capacity)
    hull_y = np.empty(na + capacity)
    # The hull takes over one column after the nearest ones end.
    hop = skip + 1
    sine_limit = math.sin(limit)
    before_first = 0
    before_last = -1
    for k in range(k_lo, k_hi + 1):
        # Stage 2: one line, both ways.
        now = (k - k_lo) % 2
        first, last = trace_line(
            k * tau_step, cos_d, sin_d, a_m, b0_m, cell_m, z, radius_m, row[now], height, x, y, tangent, secant
        )
        if first <= last:
            n_far = 0
            if levels.shape[0]:
                n_far = far_samples(
                    k * tau_step, cos_d, sin_d, 1.0, a_m[last], b0_m + row[now, last] * cell_m,
                    sine_limit, swap, levels, values, radius_m, far_x, far_y,
                )  # fmt: skip
            hull_tangents(
                first,
                last,
                1,
                hop,
                eye_m,
                x,
                y,
                height,
                tangent,
                secant,
                far_x,
                far_y,
                n_far,
                hull_x,
                hull_y,
                slope_up[now],
                inverse_up[now],
            )
            n_far = 0
            if levels.shape[0]:
                n_far = far_samples(
                    k * tau_step, cos_d, sin_d, -1.0, a_m[first], b0_m + row[now, first] * cell_m,
                    sine_limit, swap, levels, values, radius_m, far_x, far_y,
                )  # fmt: skip
            hull_tangents(
                first,
                last,
                -1,
                hop,
                eye_m,
                x,
                y,
                height,
                tangent,
                secant,
                far_x,
                far_y,
                n_far,
                hull_x,
                hull_y,
                slope_down[now],
                inverse_down[now],
            )
        # Stage 3: the cells between this line and the one before.
        lo = max(first, before_first)
        hi = min(last, before_last)
        if lo <= hi:
            old = 1 - now
            spread_between(
                lo,
                hi,
                row[old],
                slope_up[old],
                inverse_up[old],
                row[now],
                slope_up[now],
                inverse_up[now],
                eye_m,
                pad,
                z,
                up,
            )
            spread_between(
                lo,
                hi,
                row[old],
                slope_down[old],
                inverse_down[old],
                row[now],
                slope_down[now],
                inverse_down[now],
                eye_m,
                pad,
                z,
                down,
            )
        before_first = first
        before_last = last
    # Stage 4: the nearest columns raise the planes, then angles as counts, in the order of the map.
    counts = np.empty((inner_b, inner_a), np.int16)
    if skip:
        near_columns(z, pad, skip, eye_m, cos_d, sin_d, 1, a0_m, b0_m, cell_m, radius_m, halves, up)
    tangents_to_counts(up, counts)
    place_counts(counts, swap, nodata, plus)
    if skip:
        near_columns(z, pad, skip, eye_m, cos_d, sin_d, -1, a0_m, b0_m, cell_m, radius_m, halves, down)
    tangents_to_counts(down, counts)
    place_counts(counts, swap, nodata, minus)
