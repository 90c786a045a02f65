"""Light behind a skyline: series in time, and means from the distribution of directions.

Vectors are in the map frame (x, y, k), metres. Skylines come as (azimuth, row, col) int16 counts of
0.003 degrees over evenly spaced pencil azimuths; angles inside are radians. See docs/theory/illumination.md.
"""

import math

import numpy as np

from lupex.kernels.compiled import kernel

RAD_PER_COUNT = math.radians(0.003)
NO_COUNT = -32768
TWO_PI = 2.0 * math.pi
LOWEST_SKYLINE_RAD = -0.153
"""The dip from the Moon's highest ground (10.8 km) to its lowest (-9.1 km): acos((R - 9.1 km) / (R + 10.8 km)).
A skyline below it means that no terrain is known in that direction, as at the outer edge of a DEM; it is taken as
level."""


@kernel
def load_skylines(counts, row, start, n, skylines):
    """Copy the skylines (rad) of ``n`` cells of a row into ``skylines`` (cell, azimuth + 1), closed at 360 deg.

    What lies below LOWEST_SKYLINE_RAD becomes level.
    """
    n_azimuth = counts.shape[0]
    scale = np.float32(RAD_PER_COUNT)
    lowest = np.float32(LOWEST_SKYLINE_RAD)
    for k in range(n_azimuth):
        # Azimuth by azimuth, as the planes lie in memory.
        source = counts[k, row, start : start + n]
        for i in range(n):
            height = source[i] * scale
            skylines[i, k] = height if height >= lowest else np.float32(0.0)
    for i in range(n):
        skylines[i, n_azimuth] = skylines[i, 0]


@kernel
def disc_fraction(above):
    """Visible fraction of a disc whose centre is ``above`` radii over a straight horizon."""
    # Whole, none, else the area of a circle cut by a chord, over that of the circle.
    if above >= 1.0:
        return 1.0
    if above <= -1.0:
        return 0.0
    return 0.5 + (above * math.sqrt(1.0 - above * above) + math.asin(above)) / math.pi


def _disc_counts() -> tuple[np.ndarray, np.ndarray]:
    """Visible share of a disc in counts of 255, by bins of how far its centre is over the horizon (-1 to 1 radii).

    The count at the begin of each bin, and where in the bin it goes up by one (inf: it does not). Bins are so narrow
    that it never goes up twice; so no arcsine is taken for every cell and time. Any part, however small, is at least
    1, and 255 is the whole disc only.
    """

    def count(above: np.ndarray) -> np.ndarray:
        share = 0.5 + (above * np.sqrt(1.0 - above * above) + np.arcsin(above)) / math.pi
        level = np.clip(np.floor(255.0 * share + 0.5), 1, 254)
        return np.where(share <= 0.0, 0, np.where(share >= 1.0, 255, level)).astype(np.int64)

    edges = np.linspace(-1.0, 1.0, DISC_BINS + 1)
    low, high = edges[:-1].copy(), edges[1:].copy()
    first, last = count(low), count(high)
    for _ in range(60):
        middle = 0.5 * (low + high)
        up = count(middle) > first
        low, high = np.where(up, low, middle), np.where(up, middle, high)
    return first, np.where(last > first, high, np.inf)


DISC_BINS = 1024
COUNT_AT, UP_AT = _disc_counts()


@kernel
def disc_counts(above, radius, out):
    """Visible disc fraction in counts of 255 (time,) uint8, of a disc ``above`` (time,) the skyline, both rad: 0 only
    when no part shows, 255 only for the whole disc."""
    for i in range(above.size):
        a = above[i] / radius[i]
        x = (a + 1.0) * (0.5 * DISC_BINS)
        x = x if x > 0.0 else 0.0
        x = x if x < DISC_BINS - 1.0 else DISC_BINS - 1.0
        k = int(x)
        out[i] = COUNT_AT[k] + (1 if a >= UP_AT[k] else 0)


@kernel
def clearance(px, py, pk, distance_m, bx, by, bk, skyline, out):
    """Elevation of a body minus the skyline under it (rad) for every time.

    (px, py, pk) unit vector of the place, ``distance_m`` its distance from the Moon's centre, ``bx, by, bk``
    (time,) body positions, ``skyline`` (azimuth + 1,) rad. Fills ``out`` (time,). Angle errors below 3e-6 rad
    for elevations within 27 degrees of level, exact (libm) beyond.
    """
    #      body *                 1  direction from the place: sine of the elevation, azimuth
    #           |  out            2  elevation by the series of the arcsine, azimuth by the polynomial of the arctangent
    # ____/\____|__ skyline       3  beyond 27 degrees the exact arcsine; skyline between two azimuths
    n_azimuth = skyline.size - 1
    per_rad = n_azimuth / TWO_PI
    n = bx.size
    # Passes of their own: angles of the body, which is vectorised, and the skyline under it, which is gathered.
    before = np.empty(n, np.int32)
    share = np.empty(n, np.float32)
    for i in range(n):
        # From the place itself, not from the centre of the Moon: parallax of the Earth is a degree.
        tx = bx[i] - distance_m * px
        ty = by[i] - distance_m * py
        tk = bk[i] - distance_m * pk
        norm = 1.0 / math.sqrt(tx * tx + ty * ty + tk * tk)
        s = (tx * px + ty * py + tk * pk) * norm
        q = s * s
        out[i] = s * (
            1.0
            + q
            * (
                0.16666666666666666
                + q * (0.075 + q * (0.044642857142857144 + q * (0.030381944444444444 + q * (0.022372159 + q * 0.028))))
            )
        )
        # Across and along the map's +y, up to a common factor.
        dx = tx * pk - px * tk
        dy = ty * pk - py * tk
        # Arctangent in the first octant, then turned into place: clockwise from +y.
        ax = abs(dx)
        ay = abs(dy)
        big = max(ax, ay)
        t = np.float32(min(ax, ay) / big)
        z = t * t
        p = t * (
            np.float32(0.9999993329)
            + z
            * (
                np.float32(-0.3332985605)
                + z
                * (
                    np.float32(0.1994653599)
                    + z
                    * (
                        np.float32(-0.1390853351)
                        + z
                        * (
                            np.float32(0.0964200441)
                            + z
                            * (
                                np.float32(-0.0559098861)
                                + z * (np.float32(0.0218612288) + z * np.float32(-0.0040540580))
                            )
                        )
                    )
                )
            )
        )
        p = np.float32(0.5 * math.pi) - p if ax > ay else p
        p = np.float32(math.pi) - p if dy < 0.0 else p
        p = np.float32(TWO_PI) - p if dx < 0.0 else p
        # The azimuth of the skyline before it, and how far it is towards the next.
        u = p * per_rad
        k = min(max(int(u), 0), n_azimuth - 1)
        before[i] = k
        share[i] = np.float32(u - k)
    steep = 0
    for i in range(n):
        steep += abs(out[i]) > 0.47
    if steep > 0:
        for i in range(n):
            if abs(out[i]) > 0.47:
                tx = bx[i] - distance_m * px
                ty = by[i] - distance_m * py
                tk = bk[i] - distance_m * pk
                s = (tx * px + ty * py + tk * pk) / math.sqrt(tx * tx + ty * ty + tk * tk)
                out[i] = math.asin(min(1.0, max(-1.0, s)))
    for i in range(n):
        # Linear between azimuths.
        k = before[i]
        out[i] -= skyline[k] + (skyline[k + 1] - skyline[k]) * share[i]


@kernel
def disc_series(counts, row_lo, row_hi, px, py, pk, distance_m, bx, by, bk, radius, out):
    """Visible disc fraction for every cell of some rows and every time, into ``out``
    (time, row, col) uint8: 0 only when no part shows, 255 only for the whole disc.

    ``px, py, pk, distance_m`` (row, col); ``radius`` (time,) angular radius (rad).
    """
    n_azimuth, _, cols = counts.shape
    n = bx.size
    strip = 32
    skylines = np.empty((strip, n_azimuth + 1), np.float32)
    above = np.empty(n)
    seen = np.empty(n, np.uint8)
    levels = np.empty((n, strip), np.uint8)
    for row in range(row_lo, row_hi):
        for start in range(0, cols, strip):
            width = min(strip, cols - start)
            load_skylines(counts, row, start, width, skylines)
            # One place at a time: all times, as the skyline of a cell stays in the cache.
            for c in range(width):
                col = start + c
                far = distance_m[row, col]
                clearance(px[row, col], py[row, col], pk[row, col], far, bx, by, bk, skylines[c], above)
                disc_counts(above, radius, seen)
                for i in range(n):
                    levels[i, c] = seen[i]
            # Written time by time, a strip of cells each.
            for i in range(n):
                for c in range(width):
                    out[i, row, start + c] = levels[i, c]


@kernel
def ground_normal(x, y, k, rise_x, rise_y):
    """Upward normal in the map frame of ground at unit vector (x, y, k) that rises by these amounts per metre
    towards the map's +x and +y (the map is conformal: its axes are local axes)."""
    # Unit vector away from the pole of the map, and how the ground rises along and across it.
    out = math.sqrt(x * x + y * y)
    ux = x / out if out > 0.0 else 0.0
    uy = y / out if out > 0.0 else 1.0
    radial = rise_x * ux + rise_y * uy
    around = -rise_x * uy + rise_y * ux
    tilt = 1.0 / math.sqrt(1.0 + rise_x * rise_x + rise_y * rise_y)
    nx = (x - radial * k * ux + around * uy) * tilt
    ny = (y - radial * k * uy - around * ux) * tilt
    return nx, ny, (k + radial * out) * tilt


@kernel
def run_statistics(
    counts,
    row_lo,
    row_hi,
    px,
    py,
    pk,
    distance_m,
    slope_x,
    slope_y,
    sun,
    sun_radius,
    sun_strength,
    earth,
    earth_radius,
    dark_below,
    any_lit,
    disc,
    surface,
    panel,
    longest_lit,
    longest_lit_start,
    longest_dark,
    earth_centre,
    earth_any,
    both,
):
    """Statistics over evenly spaced times for every cell of some rows.

    Args: sun, earth (3, time) positions; sun_radius, earth_radius (time,) rad; ``sun_strength`` (time,) is 1/distance^2
    in au; ``dark_below``: dark when the visible disc fraction is at most this; slope_x, slope_y (row, col): rise of
    the ground per metre along the map axes. Fills (row, col): fractions of time (any part of the disc, mean disc,
    Earth's centre, any of Earth's disc, both = lit and Earth's centre), relative irradiances (of the solar constant),
    longest runs in steps, start index of the longest lit run (0 when never lit). Earth is skipped, and reads 0, when
    it has no times.
    """
    n_azimuth, _, cols = counts.shape
    n = sun.shape[1]
    strip = 16
    skylines = np.empty((strip, n_azimuth + 1), np.float32)
    above = np.empty(n)
    above_earth = np.empty(n)
    # No times, no Earth: its outputs read 0.
    with_earth = earth.shape[1] == n
    facing = np.empty(n)
    for i in range(n):
        # Strength over distance: with the body's position, not its unit vector, the dot product comes out right.
        facing[i] = sun_strength[i] / math.sqrt(sun[0, i] ** 2 + sun[1, i] ** 2 + sun[2, i] ** 2)
    for row in range(row_lo, row_hi):
        for start in range(0, cols, strip):
            width = min(strip, cols - start)
            load_skylines(counts, row, start, width, skylines)
            for c in range(width):
                col = start + c
                if counts[0, row, col] == NO_COUNT:
                    # No skyline, no light: NaN in every output.
                    for layer in (
                        any_lit,
                        disc,
                        surface,
                        panel,
                        longest_lit,
                        longest_lit_start,
                        longest_dark,
                        earth_centre,
                        earth_any,
                        both,
                    ):
                        layer[row, col] = np.nan
                    continue
                x = px[row, col]
                y = py[row, col]
                k = pk[row, col]
                r = distance_m[row, col]
                # Stage 1: heights of both bodies above the skyline, all times.
                clearance(x, y, k, r, sun[0], sun[1], sun[2], skylines[c], above)
                if with_earth:
                    clearance(x, y, k, r, earth[0], earth[1], earth[2], skylines[c], above_earth)
                # The ground that the light falls on.
                nx, ny, nk = ground_normal(x, y, k, slope_x[row, col], slope_y[row, col])
                # Stage 2: one pass over time with sums and runs in registers.
                n_any = 0
                sum_disc = 0.0
                sum_surface = 0.0
                sum_panel = 0.0
                lit_run = 0
                dark_run = 0
                best_lit = 0
                best_start = 0
                best_dark = 0
                n_earth = 0
                n_earth_any = 0
                n_both = 0
                for i in range(n):
                    # Only where part of the disc shows is there anything to add.
                    fraction = 0.0
                    if above[i] > -sun_radius[i]:
                        fraction = 1.0 if above[i] >= sun_radius[i] else disc_fraction(above[i] / sun_radius[i])
                        n_any += 1
                        sum_disc += fraction
                        sum_panel += fraction * sun_strength[i]
                        dot = nx * sun[0, i] + ny * sun[1, i] + nk * sun[2, i]
                        sum_surface += fraction * facing[i] * max(dot, 0.0)
                    # Runs of light and of darkness; the longest of each, and where the longest lit one begins.
                    if fraction > dark_below:
                        lit_run += 1
                        if lit_run > best_lit:
                            best_lit = lit_run
                            best_start = i - lit_run + 1
                        dark_run = 0
                    else:
                        dark_run += 1
                        best_dark = max(best_dark, dark_run)
                        lit_run = 0
                    if with_earth:
                        # The Earth: centre in view, any part in view, and in view while lit.
                        seen = above_earth[i] > 0.0
                        n_earth += seen
                        n_earth_any += above_earth[i] > -earth_radius[i]
                        n_both += seen and fraction > dark_below
                # Stage 3: shares of time, means, and runs in steps. Order as in the signature, which
                # `illumination.series` follows.
                any_lit[row, col] = n_any / n
                disc[row, col] = sum_disc / n
                surface[row, col] = sum_surface / n
                panel[row, col] = sum_panel / n
                longest_lit[row, col] = best_lit
                longest_lit_start[row, col] = best_start
                longest_dark[row, col] = best_dark
                earth_centre[row, col] = n_earth / n
                earth_any[row, col] = n_earth_any / n
                both[row, col] = n_both / n
