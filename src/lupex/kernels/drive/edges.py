"""Steps a rover may drive between neighbouring cells, followed along their whole length.

Heights between cell centres are bilinear. A straight step is one piece; a diagonal one two, through the corner of
four cells; a knight's move four, through the border of the cell it starts in, the middle of the border between the
two cells it passes, and the border of the cell it ends in. Steps are numbered as in `lupex.traverse.steps.edges`: 0..7
clockwise from up, 8..15 knight's moves; step ``d`` backwards is the step four further on in its group of eight.

Works row by row on buffers (piece or value, cell) so that the compiler can vectorise. ``limits`` (4,): tangents of the
steepest climb, descent and side slope, height of an obstacle between cells (m). ``law`` (LAW,): see the names below.
"""

import math

import numpy as np

from lupex.kernels.compiled import kernel

DOWN = np.array([-1, -1, 0, 1, 1, 1, 0, -1, -2, -1, 1, 2, 2, 1, -1, -2], np.int64)
RIGHT = np.array([0, 1, 1, 1, 0, -1, -1, -1, 1, 2, 2, 1, -1, -2, -2, -1], np.int64)
DEG = 180.0 / math.pi
ROOT2 = math.sqrt(2.0)
ROOT5 = math.sqrt(5.0)
QUARTER_R2 = 0.25 / 1_737_400.0**2
"""1 / (4 R^2) of the Moon (1/m2): the polar stereographic map's scale is 1 + (x^2 + y^2) / (4 R^2)."""

FREE, EDGE, HOLE, BLOCKED, CORNER, UP, DESCENT, CROSS, STEP = range(9)
"""What forbids a step: the numbers of EDGE_CONSTRAINTS."""

LAW = 12
IS_RESISTANCE, LEVEL, UP_PER_DEG, DOWN_PER_DEG = 0, 1, 2, 3
WEIGHT, ROLLING, OVERHEAD = 4, 5, 6
SPEED, SLOWEST, UP_DEG, DOWN_DEG, SLIP = 7, 8, 9, 10, 11
"""Places in ``law``: 1 for the resistance law (0: Carr's); J/m on the level, and per degree up, and down; weight over
efficiency (N), rolling resistance; W on top while driving; speed on the level (m/s) and its share at the steepest;
steepest climb and descent (deg); slip at the steepest climb."""

CLIMB, FALL, ACROSS, OBSTACLE = range(4)
"""Places in ``limits``."""

LENGTH, ENERGY, TIME, SLOPE = range(4)
"""Quantities in ``out`` of `drive_edges`: m along the ground, J, s, mean slope (deg); infinite or NaN where there is no
step."""

PIECES = 4
SIDE, HIGHEST, PART = 4, 5, 6
GROUND = 7
"""Rows of the buffer of `row_ground`: rises of four pieces (m/m), side rise (m/m, 0 or more), highest step (m),
length of a piece on the map's ground (m)."""


@kernel
def pace(tangent, slope_deg, law):
    """Energy by the law (J per metre of ground, overhead left out) and speed (m/s over ground) on a slope.

    The speed falls linearly with slope and no further than at the limit. Slip grows with the square of a climb up to
    the limit; a slipping wheel turns 1 / (1 - slip) of the way, so speed falls and energy grows by as much.
    """
    # Share of the limit that is used, and grip: the way made per turn of the wheel.
    climbs = slope_deg >= 0.0
    used = min(1.0, slope_deg / law[UP_DEG] if climbs else -slope_deg / law[DOWN_DEG])
    grip = 1.0 - law[SLIP] * used * used if climbs else 1.0
    # Resistance: weight times (rolling + slope), never below zero downhill. Carr: a line per degree each way.
    if law[IS_RESISTANCE] > 0.5:
        joules = max(0.0, law[WEIGHT] * (law[ROLLING] + tangent) / math.sqrt(1.0 + tangent * tangent))
    else:
        joules = law[LEVEL] + (law[UP_PER_DEG] * slope_deg if climbs else -law[DOWN_PER_DEG] * slope_deg)
    return joules / grip, law[SPEED] * (1.0 - (1.0 - law[SLOWEST]) * used) * grip


@kernel
def paces(slope_deg, law, joules_per_m, speed_m_s):
    """`pace` for every slope (n,), degrees; fills the other two (n,)."""
    for k in range(slope_deg.size):
        joules_per_m[k], speed_m_s[k] = pace(math.tan(slope_deg[k] / DEG), slope_deg[k], law)


@kernel
def _of_known(a, b):
    """Mean of two numbers, of the one that is known, or NaN."""
    if math.isnan(a):
        return b
    return a if math.isnan(b) else 0.5 * (a + b)


@kernel
def _row_tilt(z, r, along, out):
    """Rise per cell at the centres of row ``r``, to the right (``along``) or downwards; one-sided at the unknown."""
    rows, cols = z.shape
    row = z[r]
    if along:
        for c in range(cols):
            before = float(row[c]) - float(row[c - 1]) if c > 0 else np.nan
            after = float(row[c + 1]) - float(row[c]) if c + 1 < cols else np.nan
            out[c] = _of_known(before, after)
        return
    above = z[max(r - 1, 0)]
    below = z[min(r + 1, rows - 1)]
    # At the rim of the map one side is unknown; a NaN factor says so without a branch in the loop.
    first = np.nan if r == 0 else 1.0
    last = np.nan if r + 1 == rows else 1.0
    for c in range(cols):
        here = float(row[c])
        out[c] = _of_known((here - float(above[c])) * first, (float(below[c]) - here) * last)


@kernel
def _straight(z, heights, d, r, first, last, tilt, ground):
    # here ----> there      one piece; the side slope is the tilt across, mean of both ends
    i = r + DOWN[d]
    here = heights[r, first:last]
    there = heights[i, first + RIGHT[d] : last + RIGHT[d]]
    _row_tilt(z, r, RIGHT[d] == 0, tilt[0])
    if i != r:
        _row_tilt(z, i, True, tilt[1])
    at_start = tilt[0, first:last]
    at_end = tilt[0 if i == r else 1, first + RIGHT[d] : last + RIGHT[d]]
    for k in range(last - first):
        rise = float(there[k]) - float(here[k])
        side = _of_known(at_start[k], at_end[k])
        ground[0, k] = rise
        ground[SIDE, k] = 0.0 if math.isnan(side) else abs(side)
        ground[HIGHEST, k] = abs(rise)


@kernel
def _diagonal(heights, d, r, first, last, ground):
    # one ---- there
    #  |    /    |         two pieces, through the corner of the four cells, whose height is their mean;
    # here ---- other      across: from one to other
    i = r + DOWN[d]
    right = RIGHT[d]
    starts, ends = heights[r, first:last], heights[i, first + right : last + right]
    ones, others = heights[i, first:last], heights[r, first + right : last + right]
    for k in range(last - first):
        here, there, one, other = float(starts[k]), float(ends[k]), float(ones[k]), float(others[k])
        corner = 0.25 * (here + there + one + other)
        ground[0, k] = (corner - here) * ROOT2
        ground[1, k] = (there - corner) * ROOT2
        ground[SIDE, k] = abs(one - other) / ROOT2
        ground[HIGHEST, k] = max(max(abs(one - here), abs(other - here)), max(abs(there - one), abs(there - other)))


@kernel
def passed(d):
    """Cells beside a knight's move from (0, 0): (row, col) of p, entered first, q, left last, and a, b across them."""
    down, right = DOWN[d], RIGHT[d]
    pr = down // 2 if abs(down) == 2 else 0
    pc = right // 2 if abs(right) == 2 else 0
    return pr, pc, down - pr, right - pc, down - 2 * pr, right - 2 * pc, 2 * pr, 2 * pc


@kernel
def _knight(heights, d, r, first, last, ground):
    #  b ---- there
    #  |     /  |          four pieces: to the border of here (leaving), to the middle between p and q,
    #  p -- / - q          to the border of there (entering), to its centre; a and b are the cells
    #  |  /     |          beside p and q that the bilinear surface needs
    # here --- a
    pr, pc, qr, qc, ar, ac, br, bc = passed(d)
    i, right = r + DOWN[d], RIGHT[d]
    starts, ends = heights[r, first:last], heights[i, first + right : last + right]
    ps, qs = heights[r + pr, first + pc : last + pc], heights[r + qr, first + qc : last + qc]
    as_, bs = heights[r + ar, first + ac : last + ac], heights[r + br, first + bc : last + bc]
    for k in range(last - first):
        here, there, p, q = float(starts[k]), float(ends[k]), float(ps[k]), float(qs[k])
        a, b = float(as_[k]), float(bs[k])
        # Bilinear at the border: half-way from here to p, a quarter of a cell across.
        leaving = 0.375 * (here + p) + 0.125 * (a + q)
        middle = 0.5 * (p + q)
        entering = 0.375 * (there + q) + 0.125 * (b + p)
        run = 0.25 * ROOT5
        ground[0, k] = (leaving - here) / run
        ground[1, k] = (middle - leaving) / run
        ground[2, k] = (entering - middle) / run
        ground[3, k] = (there - entering) / run
        # The second half seen from the end is like the first seen from the start.
        ground[SIDE, k] = max(abs(_knight_side(here, p, a, q)), abs(_knight_side(there, q, b, p)))
        ground[HIGHEST, k] = max(abs(p - here), max(abs(q - p), abs(there - q)))


@kernel
def _knight_side(near, ahead, beside, far):
    """Rise per cell across a knight's move at the middle of its half: (2 sideways - forward) / sqrt(5), bilinear."""
    bend = near - ahead - beside + far
    return (2.0 * (beside - near + 0.5 * bend) - (ahead - near + 0.25 * bend)) / ROOT5


@kernel
def row_ground(z, heights, x_m, y_m, cell_m, d, r, tilt, ground, slope_deg):
    """What the ground does along step ``d`` (going up or right) from every cell of row ``r``.

    z heights (m), NaN unknown; ``heights`` the same with NaN also where driving is forbidden. Fills ``ground`` (GROUND,
    cell), NaN rises where a cell is needed that is not in ``heights``, and the mean ``slope_deg`` (cell,). The side
    of a cell on the sphere is that at the middle of the step: the map's over the map's scale. ``tilt`` (2, cols) is
    room to work. Returns the number of pieces, and the first and last column (beyond) with an end on the map; none
    when the row of the end is off the map.
    """
    rows, cols = z.shape
    i, right = r + DOWN[d], RIGHT[d]
    first, last = max(0, -right), cols - max(0, right)
    if not 0 <= i < rows or last <= first:
        return 1, 0, 0
    # The kind of step decides pieces and cells; all give rises per cell first.
    if d >= 8:
        pieces, run = 4, ROOT5
        _knight(heights, d, r, first, last, ground)
    elif d % 2 == 1:
        pieces, run = 2, ROOT2
        _diagonal(heights, d, r, first, last, ground)
    else:
        pieces, run = 1, 1.0
        _straight(z, heights, d, r, first, last, tilt, ground)
    # The size of a cell on the sphere, at the middle of the step; then everything per metre.
    y = y_m[r] - 0.5 * DOWN[d] * cell_m
    xs = x_m[first:last]
    starts, ends = z[r, first:last], z[i, first + right : last + right]
    for k in range(last - first):
        x = xs[k] + 0.5 * right * cell_m
        side_m = cell_m / (1.0 + (x * x + y * y) * QUARTER_R2)
        per_m = 1.0 / side_m
        for p in range(pieces):
            ground[p, k] *= per_m
        ground[SIDE, k] *= per_m
        ground[PART, k] = run * side_m / pieces
        slope_deg[k] = (float(ends[k]) - float(starts[k])) * per_m / run
    for k in range(last - first):
        # In a loop of its own: libm keeps the one before from being vectorised.
        slope_deg[k] = math.atan(slope_deg[k]) * DEG
    return pieces, first, last


@kernel
def steepest(ground, pieces, k):
    """Steepest climb and steepest descent (m/m, 0 or more) of step ``k``; NaN where a cell it needs is missing."""
    climb = fall = total = 0.0
    for p in range(pieces):
        rise = ground[p, k]
        climb = max(climb, rise)
        fall = max(fall, -rise)
        total += rise
    # A maximum may lose a NaN, a sum does not.
    missing = total - total
    return climb + missing, fall + missing


@kernel
def ground_state(z, heights, d, r, c):
    """FREE, HOLE, BLOCKED or CORNER: whether every cell step ``d`` from (r, c) needs may be driven on. End on the map.

    A cell the step enters that is unknown makes a hole, one where driving is forbidden blocks; a cell it only passes
    closely, beside a corner, makes a corner.
    """
    i, j = r + DOWN[d], c + RIGHT[d]
    # Cells the step begins and ends in, then those it passes through, then those it only touches.
    known = math.isfinite(z[r, c]) and math.isfinite(z[i, j])
    open_ = math.isfinite(heights[r, c]) and math.isfinite(heights[i, j])
    beside = True
    if d >= 8:
        pr, pc, qr, qc, ar, ac, br, bc = passed(d)
        known = known and math.isfinite(z[r + pr, c + pc]) and math.isfinite(z[r + qr, c + qc])
        open_ = open_ and math.isfinite(heights[r + pr, c + pc]) and math.isfinite(heights[r + qr, c + qc])
        beside = math.isfinite(heights[r + ar, c + ac]) and math.isfinite(heights[r + br, c + bc])
    elif d % 2 == 1:
        beside = math.isfinite(heights[i, c]) and math.isfinite(heights[r, j])
    if not known:
        return HOLE
    if not open_:
        return BLOCKED
    return FREE if beside else CORNER


@kernel
def broken(climb, fall, side, highest, limits):
    """The limit exceeded most (as a share of it, slopes in degrees), FREE when all are kept; arguments 0 or more."""
    worst = FREE
    most = 0.0
    for k in range(4):
        value = (climb, fall, side, highest)[k]
        if value > limits[k]:
            # Slopes compare in degrees, as users give them.
            share = value / limits[k] if k == OBSTACLE else math.atan(value) / math.atan(limits[k])
            if share > most:
                worst = UP + k
                most = share
    return worst


@kernel
def _spend(ground, degrees, pieces, n, sign, law, out):
    """Length, energy and time of every step of a row; ``sign`` -1 where it is driven backwards."""
    out[:, :n] = 0.0
    for p in range(pieces):
        for k in range(n):
            # Backwards every piece is as long, and as steep the other way.
            tangent = ground[p, k]
            part = math.sqrt(1.0 + tangent * tangent) * ground[PART, k]
            joules, speed = pace(sign * tangent, sign * degrees[p, k], law)
            time = part / speed
            out[LENGTH, k] += part
            out[ENERGY, k] += joules * part + law[OVERHEAD] * time
            out[TIME, k] += time


@kernel
def _keep(spent, slope_deg, sign, n, out, by, d, r, first):
    """Copy what a row of steps spends into ``out``, slopes too, as if all of them may be driven."""
    for q in range(SLOPE):
        row = out[q, d, r, first : first + n]
        for k in range(n):
            row[k] = spent[q, k]
    row = out[SLOPE, d, r, first : first + n]
    for k in range(n):
        row[k] = sign * slope_deg[k]
    by[d, r, first : first + n] = FREE


@kernel
def _forbid(d, r, c, why, out, by):
    for q in range(SLOPE):
        out[q, d, r, c] = np.inf
    by[d, r, c] = why


@kernel
def _edge(d, r, first, last, out, by):
    for c in range(first, last):
        _forbid(d, r, c, EDGE, out, by)
        out[SLOPE, d, r, c] = np.nan


@kernel
def drive_edges(z, heights, x_m, y_m, cell_m, limits, law, first_row, last_row, out, by):
    """Every step that begins in these rows going up or right, and the same steps backwards.

    z (row, col) heights (m), NaN unknown; ``heights`` the same with NaN also where driving is forbidden; ``x_m``
    (col,), ``y_m`` (row,) map places. Fills ``out`` (quantity, direction, row, col), see `LENGTH` and on, inf where the
    step may not be driven, and ``by`` (direction, row, col), 0 or what forbids it. Blocks of rows that cover the map
    fill all of it; no two blocks write to the same place.
    """
    rows, cols = z.shape
    # Buffers for one row and one direction.
    tilt = np.empty((2, cols))
    ground = np.empty((GROUND, cols))
    degrees = np.empty((PIECES, cols))
    slope_deg = np.empty(cols)
    spent = np.empty((3, cols))
    # What keeps the narrower of both slope limits is allowed both ways, without a closer look.
    narrow = min(limits[CLIMB], limits[FALL])
    for d in range(by.shape[0]):
        # Steps 4 .. 7 of a group are the first four backwards.
        if d % 8 >= 4:
            continue
        for r in range(first_row, last_row):
            # Stage 1: the ground under all steps of the row, and what leaves the map.
            pieces, first, last = row_ground(z, heights, x_m, y_m, cell_m, d, r, tilt, ground, slope_deg)
            n = last - first
            i, right = r + DOWN[d], RIGHT[d]
            _edge(d, r, 0, first, out, by)
            _edge(d, r, last, cols, out, by)
            # The steps backwards that begin in this row and leave the map.
            if 0 <= r - DOWN[d] < rows:
                _edge(d + 4, r, 0, min(cols, max(0, right)), out, by)
                _edge(d + 4, r, max(0, cols + min(0, right)), cols, out, by)
            else:
                _edge(d + 4, r, 0, cols, out, by)
            if n == 0:
                continue
            # Stage 2: length, energy and time, forth and back, as if everything were allowed.
            for p in range(pieces):
                for k in range(n):
                    degrees[p, k] = slope_deg[k] if pieces == 1 else math.atan(ground[p, k]) * DEG
            _spend(ground, degrees, pieces, n, 1.0, law, spent)
            _keep(spent, slope_deg, 1.0, n, out, by, d, r, first)
            _spend(ground, degrees, pieces, n, -1.0, law, spent)
            _keep(spent, slope_deg, -1.0, n, out, by, d + 4, i, first + right)
            # Stage 3: what is forbidden, and by what. Few steps come past the first test.
            for k in range(n):
                climb, fall = steepest(ground, pieces, k)
                side, highest = ground[SIDE, k], ground[HIGHEST, k]
                # Written so that a missing height is not fine.
                if climb <= narrow and fall <= narrow and side <= limits[ACROSS] and highest <= limits[OBSTACLE]:
                    continue
                c = first + k
                state = ground_state(z, heights, d, r, c)
                forth = state if state != FREE else broken(climb, fall, side, highest, limits)
                back = state if state != FREE else broken(fall, climb, side, highest, limits)
                if forth != FREE:
                    _forbid(d, r, c, forth, out, by)
                if back != FREE:
                    _forbid(d + 4, i, c + right, back, out, by)
