"""The light path between a station and something on or about the Moon, from a series of Earth, Moon and Sun.

The state of the three at an instant of reception is a row of 36 columns in the axes of J2000, named below and described
in `lupex.ephemeris.ground_geometry`.
"""

import math

import numpy as np

from lupex.kernels.compiled import inlined, kernel

LIGHT_M_S = 299_792_458.0
DEG = 180.0 / math.pi
ROWS = 36
"""Columns of a state:"""
EARTH_AXES, EARTH_SPIN, MOON_AT, MOON_V, EARTH_V, MOON_AXES, MOON_SPIN, SUN_AT = 0, 9, 12, 15, 18, 21, 30, 33
"""first of those that hold the rotations ITRF93 and MOON_ME -> J2000 (by rows), the angular velocities of both, the
Moon's centre from the Earth's when the light left it, barycentric velocities of both, the Sun from the Earth."""
AZ, EL, RANGE, RATE, PLACE_AZ, PLACE_EL, SUN_ANGLE = range(7)
"""Columns of a look."""
LOOKS = 7

SAEMUNDSSON_N_UNITS = 281.5
"""Refractivity of the air Saemundsson's formula is for: 1010 hPa, 10 C, visible light (Edlen)."""


@kernel
def state_at(t, first, block_s, series, row, later, after):
    """The columns (36,) of an Earth-Moon series at t, by Clenshaw's recurrence; later, after: (36,) to work in."""
    # The day that holds t; beyond the ends the first and the last day go on.
    block = int((t - first) / block_s)
    block = min(max(block, 0), series.shape[0] - 1)
    x = 2.0 * (t - first - block * block_s) / block_s - 1.0
    part = series[block]
    later[:] = 0.0
    after[:] = 0.0
    # Clenshaw for all columns at once: the coefficients of a degree lie side by side.
    for k in range(part.shape[0] - 1, 0, -1):
        for i in range(ROWS):
            kept = later[i]
            later[i] = part[k, i] + 2.0 * x * kept - after[i]
            after[i] = kept
    for i in range(ROWS):
        row[i] = part[0, i] + x * later[i] - after[i]


@kernel
def refraction_deg(elevation_deg, n_units):
    """What air adds to a true elevation (Saemundsson 1986), scaled by surface refractivity; 0 below -2 deg."""
    if n_units <= 0.0 or elevation_deg < -2.0:
        return 0.0
    bent = 1.02 / math.tan((elevation_deg + 10.3 / (elevation_deg + 5.11)) / DEG)
    return bent / 60.0 * n_units / SAEMUNDSSON_N_UNITS


@kernel
def look(row, site, axes, place, place_v, place_axes, n_units, out):
    """Azimuth, elevation (deg), range (m), range rate (m/s), direction back (deg), Sun angle (deg) -> out (7,).

    row: (36,) state at reception. site: (3,) ITRF93 m; axes: (3, 3) east, north, up there. place, place_v: (3,)
    position and velocity in MOON_ME axes (m, m/s; velocity beyond that of the turning Moon); place_axes as axes.
    """
    #   station r at t  <---------- light ---------- place p at t - tau - more
    #        |                                            |
    #     Earth's centre  <--- MOON_AT, tau ---------  Moon's centre at t - tau
    #
    # 1 both places in J2000 axes   2 their velocities   3 light time   4 rate   5 aberration, air   6 way back   7 Sun
    rx = row[EARTH_AXES] * site[0] + row[EARTH_AXES + 1] * site[1] + row[EARTH_AXES + 2] * site[2]
    ry = row[EARTH_AXES + 3] * site[0] + row[EARTH_AXES + 4] * site[1] + row[EARTH_AXES + 5] * site[2]
    rz = row[EARTH_AXES + 6] * site[0] + row[EARTH_AXES + 7] * site[1] + row[EARTH_AXES + 8] * site[2]
    px = row[MOON_AXES] * place[0] + row[MOON_AXES + 1] * place[1] + row[MOON_AXES + 2] * place[2]
    py = row[MOON_AXES + 3] * place[0] + row[MOON_AXES + 4] * place[1] + row[MOON_AXES + 5] * place[2]
    pz = row[MOON_AXES + 6] * place[0] + row[MOON_AXES + 7] * place[1] + row[MOON_AXES + 8] * place[2]
    # barycentric velocities
    sx = row[EARTH_V] + row[EARTH_SPIN + 1] * rz - row[EARTH_SPIN + 2] * ry
    sy = row[EARTH_V + 1] + row[EARTH_SPIN + 2] * rx - row[EARTH_SPIN] * rz
    sz = row[EARTH_V + 2] + row[EARTH_SPIN] * ry - row[EARTH_SPIN + 1] * rx
    qx = row[MOON_V] + row[MOON_SPIN + 1] * pz - row[MOON_SPIN + 2] * py
    qy = row[MOON_V + 1] + row[MOON_SPIN + 2] * px - row[MOON_SPIN] * pz
    qz = row[MOON_V + 2] + row[MOON_SPIN] * py - row[MOON_SPIN + 1] * px
    # From the station to the place as if its light had left with that of the Moon's centre; the difference is found
    # by iteration.
    ax, ay, az = row[MOON_AT] + px - rx, row[MOON_AT + 1] + py - ry, row[MOON_AT + 2] + pz - rz
    tau = math.sqrt(row[MOON_AT] ** 2 + row[MOON_AT + 1] ** 2 + row[MOON_AT + 2] ** 2) / LIGHT_M_S
    more = 0.0
    nx, ny, nz, distance = ax, ay, az, 0.0
    for _ in range(4):  # each step gains a factor of 1e-4
        nx, ny, nz = ax - qx * more, ay - qy * more, az - qz * more
        distance = math.sqrt(nx * nx + ny * ny + nz * nz)
        more = distance / LIGHT_M_S - tau
    nx, ny, nz = nx / distance, ny / distance, nz / distance
    out[RANGE] = distance
    # What moves over the Moon was given where it was when the light left; only its speed is missing.
    qx += row[MOON_AXES] * place_v[0] + row[MOON_AXES + 1] * place_v[1] + row[MOON_AXES + 2] * place_v[2]
    qy += row[MOON_AXES + 3] * place_v[0] + row[MOON_AXES + 4] * place_v[1] + row[MOON_AXES + 5] * place_v[2]
    qz += row[MOON_AXES + 6] * place_v[0] + row[MOON_AXES + 7] * place_v[1] + row[MOON_AXES + 8] * place_v[2]
    # Range rate by reception time: what the place moves away, over how its light is stretched by its own motion.
    along = nx * (qx - sx) + ny * (qy - sy) + nz * (qz - sz)
    out[RATE] = along / (1.0 + (nx * qx + ny * qy + nz * qz) / LIGHT_M_S)
    # stellar aberration at the station
    ux, uy, uz = _shifted(nx, ny, nz, sx, sy, sz)
    # Into the Earth's axes (transpose of the rotation), then azimuth and elevation at the station.
    lx = row[EARTH_AXES] * ux + row[EARTH_AXES + 3] * uy + row[EARTH_AXES + 6] * uz
    ly = row[EARTH_AXES + 1] * ux + row[EARTH_AXES + 4] * uy + row[EARTH_AXES + 7] * uz
    lz = row[EARTH_AXES + 2] * ux + row[EARTH_AXES + 5] * uy + row[EARTH_AXES + 8] * uz
    out[AZ], elevation = _angles(lx, ly, lz, axes)
    out[EL] = elevation + refraction_deg(elevation, n_units)
    # the ray as it leaves the place, in the place's own motion
    wx, wy, wz = _shifted(-nx, -ny, -nz, -qx, -qy, -qz)
    lx = row[MOON_AXES] * wx + row[MOON_AXES + 3] * wy + row[MOON_AXES + 6] * wz
    ly = row[MOON_AXES + 1] * wx + row[MOON_AXES + 4] * wy + row[MOON_AXES + 7] * wz
    lz = row[MOON_AXES + 2] * wx + row[MOON_AXES + 5] * wy + row[MOON_AXES + 8] * wz
    out[PLACE_AZ], out[PLACE_EL] = _angles(lx, ly, lz, place_axes)
    # Angle to the Sun as the antenna sees it: by sine and cosine, exact also for small angles.
    bx, by, bz = row[SUN_AT] - rx, row[SUN_AT + 1] - ry, row[SUN_AT + 2] - rz
    cx, cy, cz = uy * bz - uz * by, uz * bx - ux * bz, ux * by - uy * bx
    cross = math.sqrt(cx * cx + cy * cy + cz * cz)
    out[SUN_ANGLE] = DEG * math.atan2(cross, ux * bx + uy * by + uz * bz)


@inlined
def _shifted(nx, ny, nz, vx, vy, vz):
    """A unit direction turned towards a velocity: stellar aberration to second order in v/c."""
    bx, by, bz = nx + vx / LIGHT_M_S, ny + vy / LIGHT_M_S, nz + vz / LIGHT_M_S
    along = (vx * nx + vy * ny + vz * nz) / LIGHT_M_S
    bx, by, bz = bx - along * nx, by - along * ny, bz - along * nz
    size = math.sqrt(bx * bx + by * by + bz * bz)
    return bx / size, by / size, bz / size


@inlined
def _angles(x, y, z, axes):
    """Azimuth in [0, 360) and elevation (deg) of a direction among east, north and up."""
    east = axes[0, 0] * x + axes[0, 1] * y + axes[0, 2] * z
    north = axes[1, 0] * x + axes[1, 1] * y + axes[1, 2] * z
    up = axes[2, 0] * x + axes[2, 1] * y + axes[2, 2] * z
    azimuth = DEG * math.atan2(east, north)
    if azimuth < 0.0:
        azimuth += 360.0
        if azimuth >= 360.0:
            azimuth = 0.0
    return azimuth, DEG * math.atan2(up, math.sqrt(east * east + north * north))


@kernel
def states(times, first, block_s, series, rows):
    """`state_at` for many times -> rows (time, 36)."""
    later, after = np.empty(ROWS), np.empty(ROWS)
    for i in range(times.size):
        state_at(times[i], first, block_s, series, rows[i], later, after)


@kernel
def looks(rows, site, axes, places, places_v, place_axes, n_units, out):
    """`look` for many rows -> out (row, 7); places (1 or row, 3)."""
    moving = places.shape[0] > 1
    for i in range(rows.shape[0]):
        j = i if moving else 0
        look(rows[i], site, axes, places[j], places_v[j], place_axes, n_units, out[i])
