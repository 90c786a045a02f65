"""What sees a spacecraft on its way: antennas on the Earth, the Moon between, the shadow in a low orbit.

The Earth is turned by its rotation angle alone and the axes are those of J2000: directions at a station are good to
0.3 degrees in 2030, which moves a rise or set by a minute.
"""

from collections.abc import Sequence

import numpy as np

from lupex.base.arrays import F64, Mask
from lupex.base.constants import DAY_S, MOON_RADIUS_M
from lupex.kernels.trajectory import windows as kernel
from lupex.model import Station

TDB_MINUS_UT_S = 69.2
"""Of 2020 to 2030, to half a second: the Earth turns 0.002 degrees in it."""


def station_elevations_deg(stations: Sequence[Station], times_tdb_s: F64, places_m: F64) -> F64:
    """Elevation (station, n) of places at stations, degrees over the ellipsoid's horizon.

    Args:
        stations: antennas. times_tdb_s: (n,). places_m: (n, 3) from the Earth's centre, axes of J2000.
    """
    found = np.empty((len(stations), len(times_tdb_s)))
    days = (times_tdb_s - TDB_MINUS_UT_S) / DAY_S
    turn = 2.0 * np.pi * (kernel.TURNS_AT_J2000 + kernel.TURNS_A_DAY * days)
    for row, one in zip(found, stations, strict=True):
        lat, lon = np.radians([one.lat_deg, one.lon_deg])
        x, y, z = one.itrf_m
        place = np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn),
                          np.full(turn.size, z)], axis=1)  # fmt: skip
        up = np.stack([np.cos(lat) * np.cos(turn + lon), np.cos(lat) * np.sin(turn + lon),
                       np.full(turn.size, np.sin(lat))], axis=1)  # fmt: skip
        way = places_m - place
        row[:] = np.degrees(np.arcsin(np.sum(way * up, axis=1) / np.linalg.norm(way, axis=1)))
    return found


def station_seen(stations: Sequence[Station], times_tdb_s: F64, places_m: F64) -> Mask:
    """Whether any antenna has a place above its lowest elevation (n,); never with no antenna.

    Args:
        stations, times_tdb_s, places_m: as in `station_elevations_deg`; its masks of azimuth are not regarded.
    """
    if not stations:
        return np.zeros(len(times_tdb_s), bool)
    lowest = np.array([one.min_elevation_deg for one in stations])[:, None]
    return np.any(station_elevations_deg(stations, times_tdb_s, places_m) >= lowest, axis=0)


def behind_moon(places_m: F64, moon_m: F64) -> Mask:
    """Whether the Moon hides places from the Earth's centre (n,).

    Args:
        places_m: (n, 3) from the Moon's centre. moon_m: (n, 3) of the Moon from the Earth's.
    """
    away = moon_m / np.linalg.norm(moon_m, axis=1)[:, None]
    along = np.sum(places_m * away, axis=1)
    return np.asarray((along > 0.0) & (np.linalg.norm(places_m - along[:, None] * away, axis=1) < MOON_RADIUS_M))


def perigee_places(moon_m: F64, normal: F64, perigee_m: float, eccentricity: F64) -> F64:
    """Where a transfer begins (n, 3), m from the Earth's centre: its perigee.

    Args:
        moon_m: (n, 3) where it ends. normal: (n, 3) of its plane. perigee_m, eccentricity (n,): of its ellipse.
    """
    reach = np.linalg.norm(moon_m, axis=1)
    out = moon_m / reach[:, None]
    anomaly = np.arccos(np.clip((perigee_m * (1.0 + eccentricity) / reach - 1.0) / eccentricity, -1.0, 1.0))
    return perigee_m * (np.cos(anomaly)[:, None] * out - np.sin(anomaly)[:, None] * np.cross(normal, out))


def perilune_places(incoming: F64, normal: F64, pole: F64, perilune_m: float, gm_m3_s2: float) -> F64:
    """Perilunes (n, 3), m from the Moon's centre, of hyperbolas that pass the north pole's side of their plane.

    Args:
        incoming: (n, 3) velocity far away (m/s). normal: (n, 3) of their planes, either sense. pole: (n, 3).
        perilune_m, gm_m3_s2: radius of the perilune, and of the Moon.
    """
    speed = np.linalg.norm(incoming, axis=1)
    ahead = incoming / speed[:, None]
    side = np.cross(ahead, normal)
    side *= np.where(np.sum(side * pole, axis=1) > 0.0, 1.0, -1.0)[:, None]
    inverse = 1.0 / (1.0 + perilune_m * speed**2 / gm_m3_s2)
    return np.asarray(perilune_m * (inverse[:, None] * ahead + np.sqrt(1.0 - inverse**2)[:, None] * side))


def orbit_shadow_fraction(normal: F64, sun: F64, radius_m: float) -> F64:
    """Share of a circular orbit that lies in the Moon's cylindrical shadow (n,).

    Args:
        normal: (n, 3) unit, of the orbit. sun: (n, 3) unit, towards the Sun. radius_m: of the orbit.
    """
    height = np.sqrt(1.0 - (MOON_RADIUS_M / radius_m) ** 2)
    across = np.sqrt(np.maximum(0.0, 1.0 - np.sum(normal * sun, axis=1) ** 2))
    return np.asarray(
        np.where(across > height, np.arccos(np.minimum(1.0, height / np.maximum(across, 1e-12))), 0.0) / np.pi
    )
