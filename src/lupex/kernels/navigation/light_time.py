"""Light time from an antenna on the Earth to a point fixed to the Moon and back, in the barycentric frame.

The series (`lupex.ephemeris.barycentric`) gives, in the axes of J2000: the Earth's displacement since the middle of the
day, the Moon and the Sun from the Earth, and the rotations ITRF93 -> J2000 and MOON_ME -> J2000. All three instants of
one measurement are taken from the polynomials of one day, so that the constant part of the Earth's barycentric place,
1.5e11 m, never enters and a range keeps micrometres.
"""

import math

import numpy as np

from lupex.kernels.compiled import inlined, kernel

LIGHT_M_S = 299_792_458.0
EARTH_RAD_S = 7.292115e-5
"""Turn of the Earth (IERS Conventions 2010, table 1.1): only predicts and differentiates, 1e-8 is enough."""
MOON_RAD_S = 2.661_699_5e-6
"""Mean turn of the Moon about its pole (sidereal month of 27.321661 days)."""

EARTH, MOON, SUN, EARTH_AXES, MOON_AXES = 0, 3, 6, 9, 18
"""First columns of: Earth's displacement, Moon and Sun from the Earth (m), rotations to J2000 by rows."""
COLUMNS = 27

GM_SUN, GM_EARTH, GM_MOON = 1.327_124_400_412_794_19e20, 3.986_004_355_07e14, 4.902_800_118e12
"""DE440 (Park et al. 2021), m3/s2; of the Moon as in its gravity field GRGM1200A."""

DOWN_S, UP_S = 0, 1
HALF_PATH_BY_PLACE, DOWN_BY_PLACE = 2, 5
SIN_EL_RX, SIN_EL_TX = 8, 9
SUN_DOWN, SUN_UP, EARTH_DOWN, EARTH_UP, MOON_DOWN, MOON_UP = 10, 11, 12, 13, 14, 15
TOWARDS_RX_ME, TOWARDS_TX_ME = 16, 19
LEAN = 22
EARTH_V, RX_AT, TX_AT, U_DOWN, U_UP, EARTH_ME, SUN_ME, MOON_V, POINT_AT = 22, 25, 28, 31, 34, 37, 40, 43, 46
FULL = 49
"""Columns of the result: light times (s); half the path and the downlink by the point's ME place (m/m); sines of the
elevations; Shapiro delays (m); unit vectors point -> antenna in ME. Beyond LEAN, m and m/s in J2000 or ME: barycentric
velocity of the Earth at reception; antennas from the geocentre; unit vectors of both legs as the light travels; Earth
and Sun from the Moon's centre at the bounce; velocity of the point, and the point from the Moon's centre."""


@kernel
def _columns(part, x, first, last, row, later, after):
    """Columns first..last-1 of one day's series at x in [-1, 1], by Clenshaw's recurrence."""
    for i in range(first, last):
        later[i] = 0.0
        after[i] = 0.0
    for k in range(part.shape[0] - 1, 0, -1):
        for i in range(first, last):
            kept = later[i]
            later[i] = part[k, i] + 2.0 * x * kept - after[i]
            after[i] = kept
    for i in range(first, last):
        row[i] = part[0, i] + x * later[i] - after[i]


@kernel
def _rates(part, x, scale, first, last, rate, later, after):
    """Time derivatives of the same columns: sum of k c_k U_(k-1), times dx/dt = scale."""
    for i in range(first, last):
        later[i] = 0.0
        after[i] = 0.0
    for k in range(part.shape[0] - 1, 0, -1):
        for i in range(first, last):
            kept = later[i]
            later[i] = k * part[k, i] + 2.0 * x * kept - after[i]
            after[i] = kept
    for i in range(first, last):
        rate[i] = later[i] * scale


@inlined
def _turned(row, axes, v, out):
    out[0] = row[axes] * v[0] + row[axes + 1] * v[1] + row[axes + 2] * v[2]
    out[1] = row[axes + 3] * v[0] + row[axes + 4] * v[1] + row[axes + 5] * v[2]
    out[2] = row[axes + 6] * v[0] + row[axes + 7] * v[1] + row[axes + 8] * v[2]


@inlined
def _shapiro(ax, ay, az, bx, by, bz, path, gm):
    """Delay (m) along a path between points a and b from a mass (Moyer 2000, eq. 8-55 without its bending term)."""
    a = math.sqrt(ax * ax + ay * ay + az * az)
    b = math.sqrt(bx * bx + by * by + bz * bz)
    return 2.0 * gm / (LIGHT_M_S * LIGHT_M_S) * math.log((a + b + path) / (a + b - path))


@kernel
def light_times(seconds, blocks, series, block_s, stations, rx, tx, points, which, out):
    """Light times and what belongs to them of receptions (n,), ``seconds`` into days ``blocks`` -> out (n, LEAN/FULL).

    stations (k, 3) ITRF and points (p, 3) MOON_ME in metres; rx, tx, which (n,): receiving and sending station and
    point of each. Converged: the first guess is off by less than 1e-9 s, the correction leaves 1e-15 s.
    """
    row = np.empty(COLUMNS)
    bounce = np.empty(COLUMNS)
    sent = np.empty(COLUMNS)
    rate = np.empty(COLUMNS)
    later = np.empty(COLUMNS)
    after = np.empty(COLUMNS)
    s3 = np.empty(3)
    s1 = np.empty(3)
    p = np.empty(3)
    pv = np.empty(3)
    spin = np.zeros(3)
    full = out.shape[1] >= FULL
    scale = 2.0 / block_s
    for i in range(seconds.size):
        part = series[blocks[i]]
        t3 = seconds[i]
        x3 = scale * t3 - 1.0
        place = points[which[i]]
        site3 = stations[rx[i]]
        site1 = stations[tx[i]]
        _columns(part, x3, 0, COLUMNS, row, later, after)
        _rates(part, x3, scale, 0, SUN, rate, later, after)
        # Down: guess from place, velocity and the pull of Earth and Sun at reception, then solve at the guess.
        _turned(row, EARTH_AXES, site3, s3)
        _turned(row, MOON_AXES, place, p)
        dx = row[MOON] + p[0] - s3[0]
        dy = row[MOON + 1] + p[1] - s3[1]
        dz = row[MOON + 2] + p[2] - s3[2]
        spin[0] = -place[1] * MOON_RAD_S
        spin[1] = place[0] * MOON_RAD_S
        _turned(row, MOON_AXES, spin, pv)
        for k in range(3):
            pv[k] += rate[EARTH + k] + rate[MOON + k]
        down = math.sqrt(dx * dx + dy * dy + dz * dz) / LIGHT_M_S
        for _ in range(3):
            gx, gy, gz = dx - pv[0] * down, dy - pv[1] * down, dz - pv[2] * down
            down = math.sqrt(gx * gx + gy * gy + gz * gz) / LIGHT_M_S
        for _ in range(2):
            _columns(part, scale * (t3 - down) - 1.0, 0, SUN, bounce, later, after)
            _columns(part, scale * (t3 - down) - 1.0, MOON_AXES, COLUMNS, bounce, later, after)
            _turned(bounce, MOON_AXES, place, p)
            px = bounce[EARTH] + bounce[MOON] + p[0]
            py = bounce[EARTH + 1] + bounce[MOON + 1] + p[1]
            pz = bounce[EARTH + 2] + bounce[MOON + 2] + p[2]
            dx, dy, dz = row[EARTH] + s3[0] - px, row[EARTH + 1] + s3[1] - py, row[EARTH + 2] + s3[2] - pz
            path = math.sqrt(dx * dx + dy * dy + dz * dz)
            along = (dx * pv[0] + dy * pv[1] + dz * pv[2]) / path
            step = (path / LIGHT_M_S - down) / (1.0 - along / LIGHT_M_S)
            down += step
            if abs(step) < 1e-8:
                break
        # The point where it was at the corrected instant.
        px, py, pz = px - pv[0] * step, py - pv[1] * step, pz - pv[2] * step
        dx, dy, dz = row[EARTH] + s3[0] - px, row[EARTH + 1] + s3[1] - py, row[EARTH + 2] + s3[2] - pz
        path_down = math.sqrt(dx * dx + dy * dy + dz * dz)
        ux, uy, uz = dx / path_down, dy / path_down, dz / path_down
        down = path_down / LIGHT_M_S
        # Up: the sending antenna turned back by the guess.
        spin[0] = -site1[1] * EARTH_RAD_S
        spin[1] = site1[0] * EARTH_RAD_S
        _turned(row, EARTH_AXES, spin, s1)
        vx, vy, vz = rate[EARTH] + s1[0], rate[EARTH + 1] + s1[1], rate[EARTH + 2] + s1[2]
        _turned(row, EARTH_AXES, site1, s1)
        up = down
        for _ in range(3):
            gone = down + up
            gx = px - (row[EARTH] + s1[0] - vx * gone)
            gy = py - (row[EARTH + 1] + s1[1] - vy * gone)
            gz = pz - (row[EARTH + 2] + s1[2] - vz * gone)
            up = math.sqrt(gx * gx + gy * gy + gz * gz) / LIGHT_M_S
        for _ in range(2):
            _columns(part, scale * (t3 - down - up) - 1.0, EARTH, MOON, sent, later, after)
            _columns(part, scale * (t3 - down - up) - 1.0, EARTH_AXES, MOON_AXES, sent, later, after)
            _turned(sent, EARTH_AXES, site1, s1)
            gx, gy, gz = px - sent[EARTH] - s1[0], py - sent[EARTH + 1] - s1[1], pz - sent[EARTH + 2] - s1[2]
            path_up = math.sqrt(gx * gx + gy * gy + gz * gz)
            along = (gx * vx + gy * vy + gz * vz) / path_up
            step = (path_up / LIGHT_M_S - up) / (1.0 - along / LIGHT_M_S)
            up += step
            if abs(step) < 1e-8:
                break
        path_up = up * LIGHT_M_S
        wx, wy, wz = gx / path_up, gy / path_up, gz / path_up
        out[i, DOWN_S] = down
        out[i, UP_S] = up
        # Partials by the place, the light times' own change included.
        towards_v = ux * pv[0] + uy * pv[1] + uz * pv[2]
        up_v = wx * pv[0] + wy * pv[1] + wz * pv[2]
        sent_v = wx * vx + wy * vy + wz * vz
        for k in range(3):
            mx, my, mz = bounce[MOON_AXES + k], bounce[MOON_AXES + 3 + k], bounce[MOON_AXES + 6 + k]
            by_down = -(ux * mx + uy * my + uz * mz) / (1.0 - towards_v / LIGHT_M_S)
            by_up = wx * mx + wy * my + wz * mz + (sent_v - up_v) / LIGHT_M_S * by_down
            by_up /= 1.0 - sent_v / LIGHT_M_S
            out[i, HALF_PATH_BY_PLACE + k] = 0.5 * (by_down + by_up)
            out[i, DOWN_BY_PLACE + k] = by_down
            out[i, TOWARDS_RX_ME + k] = ux * mx + uy * my + uz * mz
            out[i, TOWARDS_TX_ME + k] = -(wx * mx + wy * my + wz * mz)
        s3r = math.sqrt(s3[0] * s3[0] + s3[1] * s3[1] + s3[2] * s3[2])
        s1r = math.sqrt(s1[0] * s1[0] + s1[1] * s1[1] + s1[2] * s1[2])
        out[i, SIN_EL_RX] = -(ux * s3[0] + uy * s3[1] + uz * s3[2]) / s3r
        out[i, SIN_EL_TX] = (wx * s1[0] + wy * s1[1] + wz * s1[2]) / s1r
        # Shapiro: the ends of both legs as seen from the mass, which moves little in a light time.
        qx, qy, qz = bounce[MOON] + p[0], bounce[MOON + 1] + p[1], bounce[MOON + 2] + p[2]
        sx, sy, sz = row[SUN], row[SUN + 1], row[SUN + 2]
        ex, ey, ez = bounce[EARTH] - row[EARTH], bounce[EARTH + 1] - row[EARTH + 1], bounce[EARTH + 2] - row[EARTH + 2]
        out[i, SUN_DOWN] = _shapiro(
            s3[0] - sx, s3[1] - sy, s3[2] - sz, qx + ex - sx, qy + ey - sy, qz + ez - sz, path_down, GM_SUN
        )
        fx, fy, fz = sent[EARTH] - row[EARTH], sent[EARTH + 1] - row[EARTH + 1], sent[EARTH + 2] - row[EARTH + 2]
        out[i, SUN_UP] = _shapiro(
            s1[0] + fx - sx, s1[1] + fy - sy, s1[2] + fz - sz, qx + ex - sx, qy + ey - sy, qz + ez - sz, path_up, GM_SUN
        )
        out[i, EARTH_DOWN] = _shapiro(s3[0], s3[1], s3[2], qx, qy, qz, path_down, GM_EARTH)
        out[i, EARTH_UP] = _shapiro(s1[0], s1[1], s1[2], qx, qy, qz, path_up, GM_EARTH)
        out[i, MOON_DOWN] = _shapiro(
            s3[0] - bounce[MOON], s3[1] - bounce[MOON + 1], s3[2] - bounce[MOON + 2], p[0], p[1], p[2], path_down,
            GM_MOON,
        )  # fmt: skip
        out[i, MOON_UP] = _shapiro(
            s1[0] - bounce[MOON], s1[1] - bounce[MOON + 1], s1[2] - bounce[MOON + 2], p[0], p[1], p[2], path_up,
            GM_MOON,
        )  # fmt: skip
        if full:
            for k in range(3):
                out[i, EARTH_V + k] = rate[EARTH + k]
                out[i, RX_AT + k] = s3[k]
                out[i, TX_AT + k] = s1[k]
                out[i, MOON_V + k] = pv[k]
                out[i, POINT_AT + k] = p[k]
                ax, ay, az = bounce[MOON_AXES + k], bounce[MOON_AXES + 3 + k], bounce[MOON_AXES + 6 + k]
                out[i, EARTH_ME + k] = -(bounce[MOON] * ax + bounce[MOON + 1] * ay + bounce[MOON + 2] * az)
                out[i, SUN_ME + k] = (
                    (sx - bounce[MOON]) * ax + (sy - bounce[MOON + 1]) * ay + (sz - bounce[MOON + 2]) * az
                )
            out[i, U_DOWN], out[i, U_DOWN + 1], out[i, U_DOWN + 2] = ux, uy, uz
            out[i, U_UP], out[i, U_UP + 1], out[i, U_UP + 2] = wx, wy, wz


@kernel
def states_at(seconds, blocks, series, block_s, out):
    """All columns (n, COLUMNS) of the series at ``seconds`` into days ``blocks``."""
    row = np.empty(COLUMNS)
    later = np.empty(COLUMNS)
    after = np.empty(COLUMNS)
    for i in range(seconds.size):
        _columns(series[blocks[i]], 2.0 * seconds[i] / block_s - 1.0, 0, COLUMNS, row, later, after)
        for k in range(COLUMNS):
            out[i, k] = row[k]
