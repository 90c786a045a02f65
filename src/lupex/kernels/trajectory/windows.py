"""Launch windows by patched conics: for every cell of time the best launch instant, flight time and landing.

The transfer leaves its perigee along the velocity and meets the Moon's centre after the flight time asked; its plane
holds the launch site at launch and the Moon at arrival, so the case of half a revolution, where Lambert's problem has
no plane, is no special one here. The lunar orbit's plane holds the direction of arrival and the site at landing.
"""

import math

import numpy as np

from lupex.kernels.compiled import kernel

(
    LAUNCH, ARRIVAL, FLIGHT, TLI, V_INFINITY, LOI, LANDING, CLOSED, AZIMUTH, INCLINATION, OFFSET, PERIGEE_V, C3, OFF
) = range(14)  # fmt: skip
COLUMNS = 16
"""Columns of a row: seconds, m/s, index of the landing's instant, what closes it, degrees, m/s, m2/s2; from OFF on the
velocity at the Moon before it pulls (m/s)."""

(
    SITE_LAT, SITE_LON, AZ_MIN, AZ_MAX, LOOPS_S, PERIGEE_M, GM_EARTH, GM_MOON, ORBIT_M, MAX_OFFSET, MIN_WAIT_S,
    MAX_WAIT_S, MIN_SUN, MAX_SUN, MIN_LIT, NEED_EARTH, NEED_CONTACT, CELL_S, TRY_S, UT_LAG_S,
) = range(20)  # fmt: skip
SETTINGS = 20
"""Numbers a map is made with: radians, metres, seconds, degrees, days."""

OPEN, NO_AZIMUTH, NO_FLIGHT, NO_PLANE, NO_LIGHT, NO_SUN, NO_EARTH, NO_CONTACT, NO_LIT_DAYS = range(9)
"""What closes a window, in the order it is asked."""

LIT, SUN, EARTH, CONTACT, LIT_DAYS = range(5)
"""Columns of the site's own light, on the times of the Moon's table."""

TURNS_AT_J2000, TURNS_A_DAY = 0.7790572732640, 1.00273781191135448
"""Earth rotation angle (IAU 2000, Capitaine et al. 2000), turns."""


@kernel
def tangential(perigee, reach, flight_s, gm, out):
    """Transfer from a perigee to a radius in a time -> out: perigee speed, radial and transverse speed there.

    Bisection in eccentricity: on the way out the time to a radius falls as the energy grows. Returns False where no
    ellipse takes that time.
    """
    low = (reach - perigee) / (reach + perigee)
    high = 1.0 - 1e-9
    if _time_to(perigee, reach, high, gm) > flight_s or _time_to(perigee, reach, low, gm) < flight_s:
        return False
    for _ in range(60):
        e = 0.5 * (low + high)
        if _time_to(perigee, reach, e, gm) > flight_s:
            low = e
        else:
            high = e
    e = 0.5 * (low + high)
    momentum = math.sqrt(gm * perigee * (1.0 + e))
    out[0] = momentum / perigee
    out[2] = momentum / reach
    out[1] = math.sqrt(max(0.0, out[0] * out[0] - 2.0 * gm * (1.0 / perigee - 1.0 / reach) - out[2] * out[2]))
    return True


@kernel
def _time_to(perigee, reach, e, gm):
    a = perigee / (1.0 - e)
    cosine = (1.0 - reach / a) / e
    anomaly = math.acos(min(1.0, max(-1.0, cosine)))
    return math.sqrt(a * a * a / gm) * (anomaly - e * math.sin(anomaly))


@kernel
def moon_at(t, first, step, moon, out):
    """The Moon's place and velocity (6,) at t by cubic Hermite between rows (n, 6) -> out."""
    place = (t - first) / step
    i = min(max(int(math.floor(place)), 0), moon.shape[0] - 2)
    u = place - i
    a, b = u * u * (3.0 - 2.0 * u), u * (u - 1.0)
    for k in range(3):
        rise = moon[i + 1, k] - moon[i, k]
        left, right = moon[i, 3 + k] * step, moon[i + 1, 3 + k] * step
        out[k] = moon[i, k] + a * rise + b * ((u - 1.0) * left + u * right)
        slope = 6.0 * u * (1.0 - u) * rise + (1.0 - u) * (1.0 - 3.0 * u) * left + u * (3.0 * u - 2.0) * right
        out[3 + k] = slope / step


@kernel
def launch_plane(t, lat, lon, moon, out):
    """Plane that holds a pad at t and the Moon's direction -> out (3,) its normal, eastward; azimuth, rad.

    The axes are the equator of J2000 for the equator of date: 0.16 degrees off in 2030, a minute of launch time.
    """
    turn = 2.0 * math.pi * (TURNS_AT_J2000 + TURNS_A_DAY * t / 86_400.0) + lon
    s0, s1, s2 = math.cos(lat) * math.cos(turn), math.cos(lat) * math.sin(turn), math.sin(lat)
    out[0] = s1 * moon[2] - s2 * moon[1]
    out[1] = s2 * moon[0] - s0 * moon[2]
    out[2] = s0 * moon[1] - s1 * moon[0]
    length = math.sqrt(out[0] * out[0] + out[1] * out[1] + out[2] * out[2])
    sign = 1.0 if out[2] >= 0.0 else -1.0
    for k in range(3):
        out[k] *= sign / max(length, 1e-9)
    # velocity = normal x place; east and north of the pad
    v0, v1, v2 = out[1] * s2 - out[2] * s1, out[2] * s0 - out[0] * s2, out[0] * s1 - out[1] * s0
    east = -math.sin(turn) * v0 + math.cos(turn) * v1
    north = -math.sin(lat) * (math.cos(turn) * v0 + math.sin(turn) * v1) + math.cos(lat) * v2
    return math.atan2(east, north)


@kernel
def polar_offset(direction, place, pole):
    """Departure from 90 degrees (rad) of the inclination of the plane through a direction and a place."""
    n0 = direction[1] * place[2] - direction[2] * place[1]
    n1 = direction[2] * place[0] - direction[0] * place[2]
    n2 = direction[0] * place[1] - direction[1] * place[0]
    length = math.sqrt(n0 * n0 + n1 * n1 + n2 * n2)
    if length < 1e-12 * math.sqrt(direction[0] ** 2 + direction[1] ** 2 + direction[2] ** 2):
        return 0.0
    return abs(math.asin(min(1.0, max(-1.0, (n0 * pole[0] + n1 * pole[1] + n2 * pole[2]) / length))))


@kernel
def launches(starts, flights, first, step, moon, settings, out):
    """Rows of launches (n, COLUMNS) for cells that begin at ``starts`` (n,) -> out; landings are still to be found.

    flights: (k,) s. moon: (m, 6) of the Moon from the Earth's centre on times first + i step.
    """
    arrival = np.empty(6)
    normal = np.empty(3)
    speeds = np.empty(3)
    for i in range(starts.shape[0]):
        _best_launch(starts[i], flights, first, step, moon, settings, arrival, normal, speeds, out[i])


@kernel
def landings(first, step, axes, place_me, light, settings, out):
    """Landings of rows of launches (n, COLUMNS) at one site -> out, and what closes them.

    axes: (m, 3, 3) MOON_ME -> the axes of the Moon's table; place_me: (3,) unit; light: (m, 5).
    """
    for i in range(out.shape[0]):
        _landing(first, step, axes, place_me, light, settings, out[i])


@kernel
def _best_launch(start, flights, first, step, moon, settings, arrival, normal, speeds, row):
    """The cheapest launch of a cell whose azimuth is allowed; where none is, the one nearest to it."""
    lowest, beyond, found = math.inf, math.inf, False
    row[CLOSED] = NO_FLIGHT
    tries = max(1, int(settings[CELL_S] / settings[TRY_S]))
    for k in range(flights.shape[0]):
        for j in range(tries):
            t = start + j * settings[TRY_S]
            ends = t + settings[LOOPS_S] + flights[k]
            moon_at(ends, first, step, moon, arrival)
            reach = math.sqrt(arrival[0] ** 2 + arrival[1] ** 2 + arrival[2] ** 2)
            azimuth = launch_plane(t - settings[UT_LAG_S], settings[SITE_LAT], settings[SITE_LON], arrival, normal)
            outside = max(0.0, settings[AZ_MIN] - azimuth, azimuth - settings[AZ_MAX])
            if outside > beyond:
                continue
            if not tangential(settings[PERIGEE_M], reach, flights[k], settings[GM_EARTH], speeds):
                continue
            t0 = (normal[1] * arrival[2] - normal[2] * arrival[1]) / reach
            t1 = (normal[2] * arrival[0] - normal[0] * arrival[2]) / reach
            t2 = (normal[0] * arrival[1] - normal[1] * arrival[0]) / reach
            w0 = speeds[1] * arrival[0] / reach + speeds[2] * t0 - arrival[3]
            w1 = speeds[1] * arrival[1] / reach + speeds[2] * t1 - arrival[4]
            w2 = speeds[1] * arrival[2] / reach + speeds[2] * t2 - arrival[5]
            square = w0 * w0 + w1 * w1 + w2 * w2
            tli = speeds[0] - math.sqrt(settings[GM_EARTH] / settings[PERIGEE_M])
            loi = math.sqrt(square + 2.0 * settings[GM_MOON] / settings[ORBIT_M]) - math.sqrt(
                settings[GM_MOON] / settings[ORBIT_M]
            )
            if outside == beyond and found and tli + loi >= lowest:
                continue
            found, beyond, lowest = True, outside, tli + loi
            row[OFF], row[OFF + 1], row[OFF + 2] = w0, w1, w2
            row[LAUNCH], row[ARRIVAL], row[FLIGHT] = t, ends, flights[k]
            row[TLI], row[LOI], row[V_INFINITY] = tli, loi, math.sqrt(square)
            row[AZIMUTH] = azimuth * 180.0 / math.pi
            row[INCLINATION] = math.acos(min(1.0, max(-1.0, normal[2]))) * 180.0 / math.pi
            row[PERIGEE_V] = speeds[0]
            row[C3] = speeds[0] ** 2 - 2.0 * settings[GM_EARTH] / settings[PERIGEE_M]
            row[CLOSED] = OPEN if outside == 0.0 else NO_AZIMUTH
    if not found:
        row[LAUNCH] = start
        for column in (
            ARRIVAL,
            FLIGHT,
            TLI,
            LOI,
            V_INFINITY,
            AZIMUTH,
            INCLINATION,
            PERIGEE_V,
            C3,
            OFF,
            OFF + 1,
            OFF + 2,
        ):
            row[column] = math.nan


@kernel
def _landing(first, step, axes, place_me, light, settings, row):
    """The landing with the most lit days ahead among those allowed; else what closes them, and the best of the rest."""
    row[LANDING], row[OFFSET] = -1.0, math.nan
    if not row[ARRIVAL] == row[ARRIVAL]:
        return
    place = np.empty(3)
    pole = np.empty(3)
    begin = max(0, int(math.ceil((row[ARRIVAL] + settings[MIN_WAIT_S] - first) / step)))
    end = min(axes.shape[0] - 1, int(math.floor((row[ARRIVAL] + settings[MAX_WAIT_S] - first) / step)))
    furthest, best = 0, -1.0
    for i in range(begin, end + 1):
        for k in range(3):
            place[k] = axes[i, k, 0] * place_me[0] + axes[i, k, 1] * place_me[1] + axes[i, k, 2] * place_me[2]
            pole[k] = axes[i, k, 2]
        offset = polar_offset(row[OFF:], place, pole)
        passed = NO_PLANE
        if offset <= settings[MAX_OFFSET]:
            passed = NO_LIGHT
            if light[i, LIT] > 0.0:
                passed = NO_SUN
                if settings[MIN_SUN] <= light[i, SUN] <= settings[MAX_SUN]:
                    passed = NO_EARTH
                    if light[i, EARTH] > 0.0 or settings[NEED_EARTH] == 0.0:
                        passed = NO_CONTACT
                        if light[i, CONTACT] > 0.0 or settings[NEED_CONTACT] == 0.0:
                            passed = NO_LIT_DAYS
                            if light[i, LIT_DAYS] >= settings[MIN_LIT]:
                                passed = NO_LIT_DAYS + 1
        if passed > furthest or (passed == furthest and light[i, LIT_DAYS] > best):
            furthest, best = passed, light[i, LIT_DAYS]
            row[LANDING], row[OFFSET] = i, offset * 180.0 / math.pi
    if row[CLOSED] == OPEN and furthest <= NO_LIT_DAYS:
        row[CLOSED] = furthest if furthest > 0 else NO_PLANE
