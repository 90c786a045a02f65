"""The light path between a station and something on or about the Moon, from a series of Earth, Moon and Sun.

The state of the three at an instant is a row of 36 columns, described in `lupex.ephemeris.ground_geometry`.
"""

import math

import numpy as np

from lupex.kernels.compiled import inlined, kernel

LIGHT_M_S = 299_792_458.0
DEG = 180.0 / math.pi
ROWS = 36
AZ, EL, RANGE, RATE, PLACE_AZ, PLACE_EL, SUN_ANGLE = range(7)
"""Columns of a look."""
LOOKS = 7

SAEMUNDSSON_N_UNITS = 281.5
"""Refractivity of the air Saemundsson's formula is for: 1010 hPa, 10 C, visible light (Edlen)."""


@kernel
def state_at(t, first, block_s, series, row, later, after):
    """The columns (36,) of an Earth-Moon series at t, by Clenshaw's recurrence; later, after: (36,) to work in."""
    block = int((t - first) / block_s)
    block = min(max(block, 0), series.shape[0] - 1)
    x = 2.0 * (t - first - block * block_s) / block_s - 1.0
    part = series[block]
    later[:] = 0.0
    after[:] = 0.0
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
    rx = row[0] * site[0] + row[1] * site[1] + row[2] * site[2]
    ry = row[3] * site[0] + row[4] * site[1] + row[5] * site[2]
    rz = row[6] * site[0] + row[7] * site[1] + row[8] * site[2]
    px = row[21] * place[0] + row[22] * place[1] + row[23] * place[2]
    py = row[24] * place[0] + row[25] * place[1] + row[26] * place[2]
    pz = row[27] * place[0] + row[28] * place[1] + row[29] * place[2]
    # barycentric velocities
    sx = row[18] + row[10] * rz - row[11] * ry
    sy = row[19] + row[11] * rx - row[9] * rz
    sz = row[20] + row[9] * ry - row[10] * rx
    qx = row[15] + row[31] * pz - row[32] * py
    qy = row[16] + row[32] * px - row[30] * pz
    qz = row[17] + row[30] * py - row[31] * px
    ax, ay, az = row[12] + px - rx, row[13] + py - ry, row[14] + pz - rz
    tau = math.sqrt(row[12] ** 2 + row[13] ** 2 + row[14] ** 2) / LIGHT_M_S
    more = 0.0
    nx, ny, nz, distance = ax, ay, az, 0.0
    for _ in range(4):  # each step gains a factor of 1e-4
        nx, ny, nz = ax - qx * more, ay - qy * more, az - qz * more
        distance = math.sqrt(nx * nx + ny * ny + nz * nz)
        more = distance / LIGHT_M_S - tau
    nx, ny, nz = nx / distance, ny / distance, nz / distance
    out[RANGE] = distance
    # What moves over the Moon was given where it was when the light left; only its speed is missing.
    qx += row[21] * place_v[0] + row[22] * place_v[1] + row[23] * place_v[2]
    qy += row[24] * place_v[0] + row[25] * place_v[1] + row[26] * place_v[2]
    qz += row[27] * place_v[0] + row[28] * place_v[1] + row[29] * place_v[2]
    along = nx * (qx - sx) + ny * (qy - sy) + nz * (qz - sz)
    out[RATE] = along / (1.0 + (nx * qx + ny * qy + nz * qz) / LIGHT_M_S)
    # stellar aberration at the station
    ux, uy, uz = _shifted(nx, ny, nz, sx, sy, sz)
    lx = row[0] * ux + row[3] * uy + row[6] * uz
    ly = row[1] * ux + row[4] * uy + row[7] * uz
    lz = row[2] * ux + row[5] * uy + row[8] * uz
    out[AZ], elevation = _angles(lx, ly, lz, axes)
    out[EL] = elevation + refraction_deg(elevation, n_units)
    # the ray as it leaves the place, in the place's own motion
    wx, wy, wz = _shifted(-nx, -ny, -nz, -qx, -qy, -qz)
    lx = row[21] * wx + row[24] * wy + row[27] * wz
    ly = row[22] * wx + row[25] * wy + row[28] * wz
    lz = row[23] * wx + row[26] * wy + row[29] * wz
    out[PLACE_AZ], out[PLACE_EL] = _angles(lx, ly, lz, place_axes)
    bx, by, bz = row[33] - rx, row[34] - ry, row[35] - rz
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
