"""When a station and a place on the Moon see each other.

`contact_edges` finds every change between contact and none. Between looks a
and b that are h seconds apart an angle with rate at most L and second derivative at most C stays within

    (a + b -+ L h) / 2   and   min(a, b) - C h^2 / 8 .. max(a, b) + C h^2 / 8,

so an interval is decided when those bounds and the extremes of mask and skyline over the swept azimuths agree; else it
is bisected, down to TOLERANCE_S. No contact and no gap longer than that is missed.
"""

import math

import numpy as np

from lupex.kernels.compiled import inlined, kernel
from lupex.kernels.contact.light_path import (
    AZ,
    DEG,
    EL,
    LOOKS,
    PLACE_AZ,
    PLACE_EL,
    RANGE,
    RATE,
    ROWS,
    SUN_ANGLE,
    look,
    state_at,
)

TOLERANCE_S = 1.0
STATION_TURN_DEG_S = 5.0e-3
"""More than the Moon moves in a station's sky: 15.04 deg/h less its orbit, plus parallax and refraction."""
PLACE_TURN_DEG_S = 1.3e-4
"""More than a station moves in the lunar sky: 465 m/s at 356 000 km (7.5e-5) and libration (3e-5)."""
TURN2_RAD_S2 = 5.4e-9
"""Square of the sidereal rate: with tan and 1/cos of the elevation it bounds second derivatives at the station."""
PLACE_TURN2_DEG_S2 = 7.0e-9
"""More than 1.03 deg (the Earth's radius from the Moon) times the same: second derivatives in the lunar sky."""
SUN_TURN_DEG_S = 4.0e-4
"""More than the angle between Moon and Sun changes: 0.6 deg/h and diurnal parallax."""

MOON_AND_AIR_DEG = 2.5
"""Radius of the Moon (0.28), refraction (below 1.3) and what half a step bulges beyond its ends (below 0.9)."""
EARTH_DEG = 1.3
"""Radius of the Earth from the Moon (1.03) and what half a step adds."""

OVER_MIN_EL, OVER_MASK, UNDER_MAX_EL, OFF_SUN, OVER_SKYLINE = range(5)
"""Columns of the margins (deg) of a look; contact holds while none is negative."""
MARGINS = 5

AT_AOS, AT_LOS = slice(0, LOOKS), slice(LOOKS, 2 * LOOKS)
"""Columns of the facts of a pass: the looks at its two ends, then"""
MAX_ELEVATION, HIGHEST_AT, HIGHEST_AZ, MIN_RANGE, MAX_RANGE, MIN_RATE, MAX_RATE, MIN_SUN_ANGLE, HIGHEST_RANGE = range(
    2 * LOOKS, 2 * LOOKS + 9
)
"""greatest elevation, its time and azimuth, extremes of range, range rate and Sun angle, range at the highest."""
FACTS = 2 * LOOKS + 9

MIN_EL, MAX_EL, SUN_EXCLUSION, N_UNITS, SKYLINE_MARGIN = range(5)
"""Places in the array of limits; `N_UNITS` is the surface refractivity, 0 for none."""

CONTACT, UNCERTAIN, NO_CONTACT = 1, 0, -1
"""What two looks say of the time between them."""
DEPTH = 64
"""Halvings of a step of the coarse grid: 2^64 times finer, never reached with TOLERANCE_S."""


@kernel
def height_of(azimuth, azimuths, heights):
    """A horizon (deg) at an azimuth: linear between rising azimuths in [0, 360) and round; -90 when empty."""
    n = azimuths.size
    if n == 0:
        return -90.0
    if n == 1:
        return heights[0]
    # Between the last azimuth and the first the horizon goes on through 360.
    after = np.searchsorted(azimuths, azimuth, side="right")
    low = after - 1 if after > 0 else n - 1
    high = after if after < n else 0
    gap = (azimuths[high] - azimuths[low]) % 360.0
    part = ((azimuth - azimuths[low]) % 360.0) / gap
    return heights[low] + part * (heights[high] - heights[low])


@kernel
def extremes_of(middle, half, azimuths, heights):
    """Least and greatest height (deg) of a horizon over azimuths within ``half`` of ``middle``."""
    n = azimuths.size
    if n == 0:
        return -90.0, -90.0
    if half >= 180.0:
        return heights.min(), heights.max()
    # The ends of the range, then every azimuth given inside it, once round at most.
    a = height_of((middle - half) % 360.0, azimuths, heights)
    b = height_of((middle + half) % 360.0, azimuths, heights)
    least, greatest = min(a, b), max(a, b)
    start = (middle - half) % 360.0
    k = np.searchsorted(azimuths, start, side="right")
    for _ in range(n):
        if k >= n:
            k = 0
        if (azimuths[k] - start) % 360.0 > 2.0 * half:
            break
        least, greatest = min(least, heights[k]), max(greatest, heights[k])
        k += 1
    return least, greatest


@kernel
def margins(seen, limits, mask_az, mask_el, sky_az, sky_el, out):
    """By how much (deg) each limit is kept -> out (5,): minimum elevation, mask, greatest elevation, Sun, skyline."""
    out[OVER_MIN_EL] = seen[EL] - limits[MIN_EL]
    out[OVER_MASK] = seen[EL] - height_of(seen[AZ], mask_az, mask_el)
    out[UNDER_MAX_EL] = limits[MAX_EL] - seen[EL]
    out[OFF_SUN] = seen[SUN_ANGLE] - limits[SUN_EXCLUSION]
    out[OVER_SKYLINE] = seen[PLACE_EL] - height_of(seen[PLACE_AZ], sky_az, sky_el) - limits[SKYLINE_MARGIN]


@kernel
def _worst(seen, limits, mask_az, mask_el, sky_az, sky_el, held):
    margins(seen, limits, mask_az, mask_el, sky_az, sky_el, held)
    return held.min()


@inlined
def _swept(a, b, elevation, turn):
    """Middle of two azimuths and how far (deg) from it the path between them can lead."""
    # The short way round; high up, a small motion turns the azimuth by much.
    step = (b - a + 180.0) % 360.0 - 180.0
    reach = turn / max(math.cos(min(abs(elevation), 90.0) / DEG), 1e-6)
    return (a + 0.5 * step) % 360.0, 0.5 * reach if reach < 180.0 else 180.0


@inlined
def _bounds(a, b, h, turn, bend):
    """Least and greatest value (deg) between a and b, h seconds apart, of rate and second derivative at most these."""
    # Two bounds, of which the tighter counts: by rate, good over long intervals; by curvature, over short ones.
    middle, reach, bulge = 0.5 * (a + b), 0.5 * turn * h, 0.125 * bend * h * h
    return max(middle - reach, min(a, b) - bulge), min(middle + reach, max(a, b) + bulge)


@inlined
def _bend(a, b, turn, h):
    """1/cos + tan of the greatest elevation between a and b (deg): how much it raises second derivatives."""
    steepest = min(max(abs(a), abs(b)) + 0.5 * turn * h, 89.9) / DEG
    return (1.0 + math.sin(steepest)) / math.cos(steepest)


@kernel
def _settled(a, b, h, limits, mask_az, mask_el, sky_az, sky_el):
    """CONTACT or NO_CONTACT throughout between looks a and b, h seconds apart, or UNCERTAIN."""
    # Each limit in turn: broken throughout ends the matter; ``sure`` stays while all are kept throughout.
    turn = STATION_TURN_DEG_S
    bend = TURN2_RAD_S2 * DEG * _bend(a[EL], b[EL], turn, h)
    # Refraction has no bound on its curvature here; 1 deg/s2 leaves the bound by rate alone.
    low, high = _bounds(a[EL], b[EL], h, turn, bend if limits[N_UNITS] == 0.0 else 1.0)
    if high < limits[MIN_EL] or low > limits[MAX_EL]:
        return NO_CONTACT
    sure = low > limits[MIN_EL] and high < limits[MAX_EL]
    # The station's mask: worst case over all azimuths the path may sweep.
    if mask_az.size:
        centre, half = _swept(a[AZ], b[AZ], max(abs(low), abs(high)), turn * h)
        least, greatest = extremes_of(centre, half, mask_az, mask_el)
        if high < least:
            return NO_CONTACT
        sure = sure and low > greatest
    # The Sun behind the place: the same two bounds on an angle that changes slowly.
    if limits[SUN_EXCLUSION] > 0.0:
        low, high = _bounds(a[SUN_ANGLE], b[SUN_ANGLE], h, SUN_TURN_DEG_S, 1.0)
        if high < limits[SUN_EXCLUSION]:
            return NO_CONTACT
        sure = sure and low > limits[SUN_EXCLUSION]
    # The skyline of the place, against the station moving in the lunar sky.
    if sky_az.size:
        turn = PLACE_TURN_DEG_S
        bend = PLACE_TURN2_DEG_S2 * _bend(a[PLACE_EL], b[PLACE_EL], turn, h)
        low, high = _bounds(a[PLACE_EL], b[PLACE_EL], h, turn, bend)
        steepest = max(abs(a[PLACE_EL]), abs(b[PLACE_EL])) + 0.5 * turn * h
        # Over all azimuths the station may pass through.
        centre, half = _swept(a[PLACE_AZ], b[PLACE_AZ], steepest, turn * h)
        least, greatest = extremes_of(centre, half, sky_az, sky_el)
        if high - limits[SKYLINE_MARGIN] < least:
            return NO_CONTACT
        sure = sure and low - limits[SKYLINE_MARGIN] > greatest
    return CONTACT if sure else UNCERTAIN


@kernel
def station_elevation_bound(rows, site, axes, out):
    """Upper bound of the elevation (deg) of anything on the Moon at a station, at each row and half a step about it."""
    seen, still = np.empty(LOOKS), np.zeros(3)
    for i in range(rows.shape[0]):
        look(rows[i], site, axes, still, still, axes, 0.0, seen)
        out[i] = seen[EL] + MOON_AND_AIR_DEG


@kernel
def place_elevation_bound(rows, place, place_axes, sky_az, sky_el, out):
    """Upper bound of the height (deg) of any point of the Earth above the skyline of a place, at each row."""
    seen, still = np.empty(LOOKS), np.zeros(3)
    for i in range(rows.shape[0]):
        look(rows[i], still, place_axes, place, still, place_axes, 0.0, seen)
        # The Earth's radius as azimuth, wider the higher it stands.
        slant = math.cos(min(abs(seen[PLACE_EL]) + EARTH_DEG, 89.9) / DEG)
        least, _ = extremes_of(seen[PLACE_AZ], min(EARTH_DEG / slant, 180.0), sky_az, sky_el)
        out[i] = seen[PLACE_EL] + EARTH_DEG - least


@kernel
def contact_edges(
    times,
    rows,
    station_bounds,
    place_bounds,
    first,
    block_s,
    series,
    site,
    axes,
    place,
    place_axes,
    limits,
    mask_az,
    mask_el,
    sky_az,
    sky_el,
    edges,
):
    """Instants at which contact begins or ends -> edges (n,); returns (number of edges, contact at the start).

    times (m,) with rows (m, 36) are the coarse grid; station_bounds, place_bounds (m,) from `station_elevation_bound`
    and `place_elevation_bound`: steps whose bounds rule contact out are passed over. A number above
    ``edges.size`` means that there was no room.
    """
    # coarse grid    |-------|-------|-------|-------|     bound < 0: passed over without a look
    # undecided                      |---|---|             halved: the right halves wait on a stack
    #                                |-|-|                 decided, or as short as TOLERANCE_S:
    #                                  ^                   a change of sign of the worst margin is an edge
    still = np.zeros(3)
    held = np.empty(5)
    a, b = np.empty(LOOKS), np.empty(LOOKS)
    row, later, after = np.empty(ROWS), np.empty(ROWS), np.empty(ROWS)
    stack_t = np.empty(DEPTH)
    stack = np.empty((DEPTH, LOOKS))
    n_units = limits[N_UNITS]
    # Contact at the start is said apart: edges only say where it changes.
    look(rows[0], site, axes, place, still, place_axes, n_units, a)
    value_a = _worst(a, limits, mask_az, mask_el, sky_az, sky_el, held)
    begins_in = value_a > 0.0
    stale = False
    count = 0
    for i in range(1, times.size):
        # Stage 1: intervals in which the Moon is below the horizon, or the Earth below the skyline, need no look.
        if (
            max(station_bounds[i - 1], station_bounds[i]) < limits[MIN_EL]
            or max(place_bounds[i - 1], place_bounds[i]) < 0.0
        ):
            stale = True
            continue
        # After a gap the look at the left end is missing.
        if stale:
            look(rows[i - 1], site, axes, place, still, place_axes, n_units, a)
            value_a = _worst(a, limits, mask_az, mask_el, sky_az, sky_el, held)
            stale = False
        look(rows[i], site, axes, place, still, place_axes, n_units, b)
        # Stage 2: decided by its two ends, as nearly all are.
        if _settled(a, b, times[i] - times[i - 1], limits, mask_az, mask_el, sky_az, sky_el) != UNCERTAIN:
            a, b = b, a
            value_a = _worst(a, limits, mask_az, mask_el, sky_az, sky_el, held)
            continue
        # Stage 3: bisection, depth first, from left to right, so that edges come in order.
        t = times[i - 1]
        depth = 1
        stack_t[0] = times[i]
        stack[0] = b
        while depth > 0:
            end = stack_t[depth - 1]
            right = stack[depth - 1]
            # Between the look at t and the nearest one waiting to the right.
            h = end - t
            if h > TOLERANCE_S and _settled(a, right, h, limits, mask_az, mask_el, sky_az, sky_el) == UNCERTAIN:
                stack_t[depth] = t + 0.5 * h
                state_at(stack_t[depth], first, block_s, series, row, later, after)
                look(row, site, axes, place, still, place_axes, n_units, stack[depth])
                depth += 1
                continue
            value_b = _worst(right, limits, mask_az, mask_el, sky_az, sky_el, held)
            # The margin is nearly linear over a second.
            if (value_a > 0.0) != (value_b > 0.0):
                if count < edges.size:
                    edges[count] = t + h * value_a / (value_a - value_b)
                count += 1
            # On to the right: what was the right end is now the left.
            for j in range(right.size):
                a[j] = right[j]
            value_a = value_b
            t = end
            depth -= 1
    return count, begins_in


@kernel
def pass_facts(starts, stops, samples, first, block_s, series, site, axes, place, place_axes, n_units, out):
    """Looks at both ends and the extremes of each pass -> out (pass, FACTS), columns as named above.

    An extreme between samples is looked at
    where the parabola through its three samples has its vertex, and once more with a tenth of the step.
    """
    still = np.zeros(3)
    row, later, after = np.empty(ROWS), np.empty(ROWS), np.empty(ROWS)
    seen = np.empty((samples, LOOKS))
    near = np.empty((3, LOOKS))
    for i in range(starts.size):
        # Samples even over the pass, both ends included.
        step = (stops[i] - starts[i]) / (samples - 1)
        for k in range(samples):
            state_at(starts[i] + k * step, first, block_s, series, row, later, after)
            look(row, site, axes, place, still, place_axes, n_units, seen[k])
        out[i, AT_AOS] = seen[0]
        out[i, AT_LOS] = seen[samples - 1]
        # Each extreme: the best sample, then the vertex of the parabola, twice.
        for which, sign, column in (
            (EL, 1.0, MAX_ELEVATION),
            (RANGE, -1.0, MIN_RANGE),
            (RANGE, 1.0, MAX_RANGE),
            (RATE, -1.0, MIN_RATE),
            (RATE, 1.0, MAX_RATE),
            (SUN_ANGLE, -1.0, MIN_SUN_ANGLE),
        ):
            best = 0
            for k in range(samples):
                if sign * seen[k, which] > sign * seen[best, which]:
                    best = k
            t = starts[i] + best * step
            # The best look, replaced where a finer one is found.
            near[1] = seen[best]
            # At an end of the pass the extreme is the end.
            if 0 < best < samples - 1:
                fine = 0.1 * step
                t += step * _vertex(seen[best - 1, which], seen[best, which], seen[best + 1, which])
                for _ in range(2):
                    for k in range(3):
                        state_at(t + (k - 1) * fine, first, block_s, series, row, later, after)
                        look(row, site, axes, place, still, place_axes, n_units, near[k])
                    shift = fine * _vertex(near[0, which], near[1, which], near[2, which])
                    # Half a second is below what any table shows.
                    if abs(shift) < 0.5:
                        break
                    t += shift
            # At the highest point its time, azimuth and range belong to the facts too.
            out[i, column] = near[1, which]
            if which == EL:
                out[i, HIGHEST_AT], out[i, HIGHEST_AZ], out[i, HIGHEST_RANGE] = t, near[1, AZ], near[1, RANGE]


@inlined
def _vertex(before, here, after):
    """Where the parabola through three even samples has its vertex, in steps from the middle, within -1..1."""
    bend = before - 2.0 * here + after
    if bend == 0.0:
        return 0.0
    return min(max(0.5 * (before - after) / bend, -1.0), 1.0)
