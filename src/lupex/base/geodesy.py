"""Geodetic and Earth-fixed coordinates, and the local axes of an antenna.

Ellipsoid GRS80 (Moritz 2000); WGS84 differs from it by 0.1 mm. Inverse by Bowring's (1985) formula
with two further steps: exact to a micrometre from 10 km below to 10 000 km above the ellipsoid.
"""

import numpy as np

from lupex.base.arrays import F64

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1.0 / 298.257222101
_E2 = FLATTENING * (2.0 - FLATTENING)


def itrf_from_geodetic_m(lat_deg: float, lon_deg: float, height_m: float) -> tuple[float, float, float]:
    """Earth-fixed x, y, z (m) of geodetic latitude, east longitude (deg) and height above the ellipsoid (m)."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    normal_m = SEMI_MAJOR_M / np.sqrt(1.0 - _E2 * np.sin(lat) ** 2)
    across_m = (normal_m + height_m) * np.cos(lat)
    z_m = (normal_m * (1.0 - _E2) + height_m) * np.sin(lat)
    return float(across_m * np.cos(lon)), float(across_m * np.sin(lon)), float(z_m)


def geodetic_from_itrf(x_m: float, y_m: float, z_m: float) -> tuple[float, float, float]:
    """Geodetic latitude, east longitude (deg, -180 to 180) and height (m) of an Earth-fixed point.

    Args:
        x_m, y_m, z_m: Earth-fixed position (ITRF).
    """
    across_m = float(np.hypot(x_m, y_m))
    minor_m = SEMI_MAJOR_M * (1.0 - FLATTENING)
    reduced = np.arctan2(z_m * SEMI_MAJOR_M, across_m * minor_m)
    lat = 0.0
    for _ in range(3):
        lat = np.arctan2(
            z_m + _E2 / (1.0 - _E2) * minor_m * np.sin(reduced) ** 3,
            across_m - _E2 * SEMI_MAJOR_M * np.cos(reduced) ** 3,
        )
        reduced = np.arctan2((1.0 - FLATTENING) * np.sin(lat), np.cos(lat))
    normal_m = SEMI_MAJOR_M / np.sqrt(1.0 - _E2 * np.sin(lat) ** 2)
    height_m = across_m * np.cos(lat) + z_m * np.sin(lat) - normal_m * (1.0 - _E2 * np.sin(lat) ** 2)
    return float(np.degrees(lat)), float(np.degrees(np.arctan2(y_m, x_m))), float(height_m)


def local_axes(lat_deg: float, lon_deg: float) -> F64:
    """Unit vectors east, north, up (3, 3), by rows, of a latitude and longitude; up is along the normal."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    return np.array(
        [
            [-np.sin(lon), np.cos(lon), 0.0],
            [-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)],
            [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)],
        ]
    )
