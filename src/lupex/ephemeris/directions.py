"""From positions to what an observer on the Moon sees: azimuth, elevation, size, sub-points.

Plain geometry on tables; no kernel is needed here.
"""

import numpy as np
from numpy.typing import ArrayLike

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError


def topocentric(
    positions_me_m: ArrayLike, lat_deg: float, lon_deg: float, height_m: float = 0.0
) -> tuple[F64, F64, F64]:
    """Azimuth from true north (deg, [0, 360)), elevation (deg) and distance (m), each (n,), seen from a point.

    Args:
        positions_me_m: (n, 3) or (3,) apparent positions from the Moon's centre, MOON_ME, metres.
        lat_deg, lon_deg: the observer in MOON_ME, east longitude; exactly at a pole north is the
            limit reached along the meridian ``lon_deg``.
        height_m: above the 1737.4 km sphere.

    Elevation counts from the plane normal to the radius; the Moon has no refraction. Taking the
    point off a position that is apparent at the centre errs by at most about 3e-5 deg for the
    Earth (parallax of 4.5e-3 rad times aberration of 1e-4) and nothing for the Sun.

    Raises:
        InputError: latitude outside [-90, 90], or a number that is not finite.
    """
    check_place(lat_deg, lon_deg, height_m)
    east, north, up = _axes(lat_deg, lon_deg)
    towards = np.atleast_2d(np.asarray(positions_me_m, dtype=np.float64)) - (MOON_RADIUS_M + height_m) * up
    x, y, z = towards @ east, towards @ north, towards @ up
    azimuth = np.degrees(np.arctan2(x, y)) % 360.0 % 360.0  # -1e-20 % 360 is 360
    return azimuth, np.degrees(np.arctan2(z, np.hypot(x, y))), np.linalg.norm(towards, axis=-1)


def check_place(lat_deg: float, lon_deg: float, height_m: float = 0.0) -> None:
    """Raises InputError unless this is a place on or above the ground of a sphere."""
    if not all(np.isfinite(value) for value in (lat_deg, lon_deg, height_m)):
        raise InputError(f"place {lat_deg}, {lon_deg}, {height_m} m is not finite", "give degrees and metres")
    if abs(lat_deg) > 90.0:
        raise InputError(f"latitude {lat_deg} deg does not exist", "latitude first, -90 to 90, then east longitude")
    if abs(lon_deg) > 360.0:
        raise InputError(f"longitude {lon_deg} deg is out of range", "give east longitude, -180 to 360")
    if height_m <= -MOON_RADIUS_M:
        raise InputError(f"height {height_m} m is below the Moon's centre", "give metres above the 1737.4 km sphere")


def angular_radius_deg(distance_m: ArrayLike, body_radius_m: float) -> F64:
    """Angular radius (deg) of a sphere of this radius at these distances of its centre: asin(R / d).

    NaN inside the body.
    """
    ratio = body_radius_m / np.asarray(distance_m, dtype=np.float64)
    return np.degrees(np.arcsin(np.where(ratio <= 1.0, ratio, np.nan)))


def subpoint_lat_lon_deg(positions_me_m: ArrayLike) -> tuple[F64, F64]:
    """Latitude and east longitude (deg, longitude in (-180, 180]) under positions (..., 3) in MOON_ME.

    For the Sun the sub-solar point, for the Earth the sub-Earth point (libration).
    """
    p = np.asarray(positions_me_m, dtype=np.float64)
    latitude = np.degrees(np.arctan2(p[..., 2], np.hypot(p[..., 0], p[..., 1])))
    return latitude, np.degrees(np.arctan2(p[..., 1], p[..., 0]))


def _axes(lat_deg: float, lon_deg: float) -> tuple[F64, F64, F64]:
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    east = np.array([-np.sin(lon), np.cos(lon), 0.0])
    north = np.array([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)])
    up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    return east, north, up
