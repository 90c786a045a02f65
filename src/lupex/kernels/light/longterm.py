"""Long-term means from the distribution of directions: one pass along each cell's skyline.

The skyline is carried to the sky as a curve of longitude and declination; tables say how often the body stands
above it. See docs/theory/illumination.md.
"""

import math

import numpy as np

from lupex.kernels.compiled import kernel
from lupex.kernels.light.steps import NO_COUNT, TWO_PI, ground_normal, load_skylines

ANY, DISC, FLUX, FLUX_UP = range(4)
"""Columns of the table of `mean_light`; of `mean_view`: any part (`ANY`) and"""
CENTRE = 1
"""the centre."""


@kernel
def _sine(a):
    # Series where it is exact to 1e-7, libm beyond.
    q = a * a
    if q > 0.25:
        return math.sin(a)
    return a * (1.0 + q * (-1.0 / 6.0 + q * (1.0 / 120.0 + q * (-1.0 / 5040.0))))


@kernel
def _arcsine(s):
    q = s * s
    if q > 0.04:
        return math.asin(min(1.0, max(-1.0, s)))
    return s * (1.0 + q * (1.0 / 6.0 + q * (0.075 + q * (15.0 / 336.0 + q * 105.0 / 3456.0))))


@kernel
def sky_curve(x, y, k, skyline, parallax, first, cos_a, sin_a, split, longitude, declination, squeeze, slide):
    """The skyline as a curve on the sky: where, seen from the Moon's centre, a body stands that touches the skyline.

    Parallax (rad, eye's distance over the body's) lowers the body along the same great circle.

    Points are ``split`` per azimuth interval, numbered from ``first``; (cos_a, sin_a) (point,) of their pencil
    azimuths. Fills (point,): longitude (rad, clockwise from the map's +y, not wrapped), declination (rad, towards
    k), squeeze = d(declination)/d(elevation) and slide = d(longitude)/d(elevation), first order in the turn.
    """
    # declination
    #     ^      _                     points of the skyline, ``split`` per azimuth, carried to the sky:
    #     |    /   \      body's       where a body stands, seen from the Moon's centre, that just
    #     |  _/     \_   path ......   touches the skyline there. Above the curve it is seen.
    #     +----------------> longitude
    n_azimuth = skyline.size - 1
    total = n_azimuth * split
    per_split = 1.0 / split
    rad_per_point = TWO_PI / total
    for i in range(cos_a.size):
        # Height of the skyline at this point; the body seems lower by its parallax.
        at = (first + i) % total
        node = at // split
        part = (at - node * split) * per_split
        h = skyline[node] + (skyline[node + 1] - skyline[node]) * part
        h += parallax * (1.0 - 0.5 * h * h)
        sin_h = _sine(h)
        cos_h = math.sqrt(1.0 - sin_h * sin_h)
        # Tangent of the sphere towards the azimuth, then the direction at the skyline's elevation.
        across = sin_a[i] * x + cos_a[i] * y
        norm = 1.0 / math.sqrt(1.0 - across * across)
        tx = (sin_a[i] - across * x) * norm
        ty = (cos_a[i] - across * y) * norm
        tk = -across * k * norm
        vx = cos_h * tx + sin_h * x
        vy = cos_h * ty + sin_h * y
        vk = cos_h * tk + sin_h * k
        declination[i] = _arcsine(vk)
        # The longitude differs little from the pencil azimuth: take the small turn between the two.
        level = 1.0 / math.sqrt(vx * vx + vy * vy)
        turn = _arcsine((vx * cos_a[i] - vy * sin_a[i]) * level)
        longitude[i] = rad_per_point * (first + i) + turn
        # How the point moves when the elevation grows: for the upper limb, one radius away.
        squeeze[i] = (cos_h * k - sin_h * tk) * level
        slide[i] = (x * cos_a[i] - y * sin_a[i]) * (cos_h + across * norm * sin_h) * level


@kernel
def mean_light(
    counts,
    row_lo,
    row_hi,
    px,
    py,
    pk,
    distance_m,
    rise_x,
    rise_y,
    cos_a,
    sin_a,
    split,
    table,
    highest,
    low,
    step,
    radius,
    inverse_distance,
    any_lit,
    disc,
    surface,
    panel,
    margin,
):
    """Long-term means for every cell of some rows from the distribution of the Sun's directions.

    ``table`` (longitude bin, declination edge, 4) float32: share of time per bin with the Sun's upper limb above the
    declination; mean visible disc for a horizon at the declination, plain, weighted with 1/distance^2, and weighted
    so times sine of declination. ``highest`` (longitude bin,) largest declination of the upper limb (rad);
    ``radius`` mean angular radius (rad), ``inverse_distance`` mean 1/distance (1/m). The points (cos_a, sin_a) go
    round twice over their ends: one before 0 and one after 360 degrees. Fills (row, col) fractions and relative
    irradiances; ``margin``: the largest height of the upper limb above the skyline ever (rad): permanent shadow
    where it is not positive.
    """
    n_azimuth, _, cols = counts.shape
    strip = 16
    skylines = np.empty((strip, n_azimuth + 1), np.float32)
    n = cos_a.size
    bins, edges, _ = table.shape
    per_rad = bins / TWO_PI
    per_step = 1.0 / step
    rad_per_point = TWO_PI / (n - 2)
    longitude = np.empty(n)
    declination = np.empty(n)
    squeeze = np.empty(n)
    slide = np.empty(n)
    for row in range(row_lo, row_hi):
        for start in range(0, cols, strip):
            width = min(strip, cols - start)
            load_skylines(counts, row, start, width, skylines)
            for c in range(width):
                col = start + c
                if counts[0, row, col] == NO_COUNT:
                    # No skyline, no light.
                    for layer in (any_lit, disc, surface, panel, margin):
                        layer[row, col] = np.nan
                    continue
                x = px[row, col]
                y = py[row, col]
                k = pk[row, col]
                nx, ny, nk = ground_normal(x, y, k, rise_x[row, col], rise_y[row, col])
                # Stage 1: the skyline as a curve on the sky, one point before and one after the full circle.
                parallax = distance_m[row, col] * inverse_distance
                sky_curve(
                    x, y, k, skylines[c], parallax, -1, cos_a, sin_a, split, longitude, declination, squeeze, slide
                )
                # Stage 2: sum over the points; each stands for the arc between its neighbours' midpoints.
                sum_any = 0.0
                sum_disc = 0.0
                sum_panel = 0.0
                sum_surface = 0.0
                best = -10.0
                for i in range(1, n - 1):
                    # Arc in bins of longitude, which may be negative where an overhang folds the curve back.
                    arc = 0.5 * (longitude[i + 1] - longitude[i - 1]) * per_rad
                    d = declination[i]
                    j = int(longitude[i] * per_rad + bins + 0.5) % bins
                    # Greatest height of the upper limb over the skyline: not positive is permanent shadow.
                    best = max(best, highest[j] - d)
                    # The centre of a disc that just shows lies one radius lower on the same vertical.
                    u = min(max((d + radius * (1.0 - squeeze[i]) - low) * per_step, 0.0), edges - 1.001)
                    e = int(u)
                    f = u - e
                    # The skyline stands above all declinations of the body: nothing to add.
                    if e >= edges - 2:
                        continue
                    # The limb's own arc: its points have slid along the curve.
                    lower = arc - 0.5 * radius * (slide[i + 1] - slide[i - 1]) * per_rad
                    sum_any += (table[j, e, ANY] * (1.0 - f) + table[j, e + 1, ANY] * f) * lower
                    # The disc's centre at the skyline: mean visible disc and irradiance.
                    u = min(max((d - low) * per_step, 0.0), edges - 1.001)
                    e = int(u)
                    f = u - e
                    sum_disc += (table[j, e, DISC] * (1.0 - f) + table[j, e + 1, DISC] * f) * arc
                    flux = table[j, e, FLUX] * (1.0 - f) + table[j, e + 1, FLUX] * f
                    if flux > 0.0:
                        rise = (table[j, e, FLUX_UP] * (1.0 - f) + table[j, e + 1, FLUX_UP] * f) * nk
                        # Direction of the bin without a sine: turned from the azimuth by the small angle kept above.
                        turn = longitude[i] - rad_per_point * (i - 1)
                        east = sin_a[i] + cos_a[i] * turn
                        up = cos_a[i] - sin_a[i] * turn
                        # A panel that faces the Sun, and the ground with its slope: only the light it faces.
                        sum_panel += flux * arc
                        sum_surface += max(0.0, (nx * east + ny * up) * flux + rise) * arc
                any_lit[row, col] = sum_any
                disc[row, col] = sum_disc
                panel[row, col] = sum_panel
                surface[row, col] = sum_surface
                margin[row, col] = best


@kernel
def mean_view(
    counts,
    row_lo,
    row_hi,
    px,
    py,
    pk,
    distance_m,
    first,
    cos_a,
    sin_a,
    split,
    table,
    low,
    step,
    radius,
    inverse_distance,
    centre,
    any_part,
):
    """Share of time the centre and any part of a body's disc stand above the skyline, as `mean_light` does it.

    ``table`` (longitude bin, declination edge, 2): share of time per bin with the upper limb, and with the centre,
    above the declination. Only the points numbered from ``first`` are visited: they must span all longitudes the
    body reaches.
    """
    n_azimuth, _, cols = counts.shape
    strip = 16
    skylines = np.empty((strip, n_azimuth + 1), np.float32)
    n = cos_a.size
    bins, edges, _ = table.shape
    per_rad = bins / TWO_PI
    per_step = 1.0 / step
    longitude = np.empty(n)
    declination = np.empty(n)
    squeeze = np.empty(n)
    slide = np.empty(n)
    for row in range(row_lo, row_hi):
        for start in range(0, cols, strip):
            width = min(strip, cols - start)
            load_skylines(counts, row, start, width, skylines)
            for c in range(width):
                col = start + c
                if counts[0, row, col] == NO_COUNT:
                    centre[row, col] = np.nan
                    any_part[row, col] = np.nan
                    continue
                parallax = distance_m[row, col] * inverse_distance
                sky_curve(
                    px[row, col],
                    py[row, col],
                    pk[row, col],
                    skylines[c],
                    parallax,
                    first,
                    cos_a,
                    sin_a,
                    split,
                    longitude,
                    declination,
                    squeeze,
                    slide,
                )
                sum_centre = 0.0
                sum_any = 0.0
                for i in range(1, n - 1):
                    # As in `mean_light`; the table is taken between two bins of longitude too, for the Earth stays in
                    # few of them.
                    arc = 0.5 * (longitude[i + 1] - longitude[i - 1]) * per_rad
                    d = declination[i]
                    v = longitude[i] * per_rad + bins
                    j = int(v)
                    g = v - j
                    # Two neighbouring bins, the circle closed.
                    left = j % bins
                    right = (j + 1) % bins
                    u = min(max((d - low) * per_step, 0.0), edges - 1.001)
                    e = int(u)
                    f = u - e
                    near = table[left, e, CENTRE] * (1.0 - f) + table[left, e + 1, CENTRE] * f
                    next_bin = table[right, e, CENTRE] * (1.0 - f) + table[right, e + 1, CENTRE] * f
                    sum_centre += (near + (next_bin - near) * g) * arc
                    lower = arc - 0.5 * radius * (slide[i + 1] - slide[i - 1]) * per_rad
                    # Any part of the disc: the point slid and lowered by one radius.
                    v -= radius * slide[i] * per_rad
                    j = int(v)
                    g = v - j
                    left = j % bins
                    right = (j + 1) % bins
                    u = min(max((d + radius * (1.0 - squeeze[i]) - low) * per_step, 0.0), edges - 1.001)
                    e = int(u)
                    f = u - e
                    near = table[left, e, ANY] * (1.0 - f) + table[left, e + 1, ANY] * f
                    next_bin = table[right, e, ANY] * (1.0 - f) + table[right, e + 1, ANY] * f
                    sum_any += (near + (next_bin - near) * g) * lower
                centre[row, col] = sum_centre
                any_part[row, col] = sum_any
