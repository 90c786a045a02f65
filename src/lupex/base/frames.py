"""Polar stereographic maps of a sphere, and what "azimuth" means near a pole.

Three directions matter, all clockwise seen from above (outside the Moon), in degrees:

* ``azimuth_true``: from true (meridian) north at the point. Undefined at the pole itself.
* ``azimuth_grid``: from the map's +y axis. The map is conformal, so this differs from
  ``azimuth_true`` by the meridian convergence only.
* ``azimuth_pencil``: direction of the great circle as a straight line in the polar
  *gnomonic* map. Great circles with one pencil azimuth are parallel there, which is what
  the skyline engine sweeps along. At the pole it equals ``azimuth_grid``.

The *map frame* is right-handed: x and y are the map's axes, k points out of the pole:
south (Y_me, X_me, -Z_me), north (Y_me, -X_me, Z_me).
Projection: Snyder (1987), *Map projections - a working manual*, eq. 21-2 to 21-15, sphere, k0 = 1.
"""

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M

Pole = Literal["south", "north"]


def map_xy_m(lat_deg: ArrayLike, lon_deg: ArrayLike, pole: Pole, radius_m: float = MOON_RADIUS_M) -> tuple[F64, F64]:
    """Map coordinates x, y (m, same shape as the inputs) of points on the sphere.

    South: lon 0 is up (+y), lon 90 E is right (+x). North: lon 0 is down, 90 E is right.
    """
    lat = np.radians(np.asarray(lat_deg, dtype=np.float64))
    lon = np.radians(np.asarray(lon_deg, dtype=np.float64))
    colatitude = np.pi / 2 + lat if pole == "south" else np.pi / 2 - lat
    rho = 2.0 * radius_m * np.tan(colatitude / 2.0)
    y = rho * np.cos(lon)
    return rho * np.sin(lon), (y if pole == "south" else -y)


def lat_lon_deg(x_m: ArrayLike, y_m: ArrayLike, pole: Pole, radius_m: float = MOON_RADIUS_M) -> tuple[F64, F64]:
    """Latitude and east longitude (deg, longitude in [0, 360)) of map points."""
    x = np.asarray(x_m, dtype=np.float64)
    y = np.asarray(y_m, dtype=np.float64)
    colatitude = 2.0 * np.degrees(np.arctan2(np.hypot(x, y), 2.0 * radius_m))
    if pole == "south":
        return colatitude - 90.0, np.degrees(np.arctan2(x, y)) % 360.0
    return 90.0 - colatitude, np.degrees(np.arctan2(x, -y)) % 360.0


def me_to_map_frame(vector_me: ArrayLike, pole: Pole) -> F64:
    """Vectors (..., 3) from MOON_ME to the right-handed map frame (x, y, k) of a pole."""
    v = np.asarray(vector_me, dtype=np.float64)
    if pole == "south":
        return np.stack([v[..., 1], v[..., 0], -v[..., 2]], axis=-1)
    return np.stack([v[..., 1], -v[..., 0], v[..., 2]], axis=-1)


def unit_vectors(x_m: ArrayLike, y_m: ArrayLike, radius_m: float = MOON_RADIUS_M) -> F64:
    """Unit vectors (..., 3) in the map frame of points at map coordinates x, y."""
    x = np.asarray(x_m, dtype=np.float64) / radius_m
    y = np.asarray(y_m, dtype=np.float64) / radius_m
    q = (x * x + y * y) / 4.0
    return np.stack([x / (1 + q), y / (1 + q), (1 - q) / (1 + q)], axis=-1)


def convergence_deg(x_m: ArrayLike, y_m: ArrayLike, pole: Pole) -> F64:
    """Grid azimuth of true north (deg): ``azimuth_grid = azimuth_true + convergence``."""
    x = np.asarray(x_m, dtype=np.float64)
    y = np.asarray(y_m, dtype=np.float64)
    if pole == "south":
        return np.degrees(np.arctan2(x, y))
    return np.degrees(np.arctan2(-x, -y))


def grid_from_pencil_deg(
    azimuth_pencil_deg: ArrayLike, x_m: ArrayLike, y_m: ArrayLike, radius_m: float = MOON_RADIUS_M
) -> F64:
    """Local grid azimuth (deg, [0, 360)) of the great circle with this pencil azimuth through x, y.

    The tangent keeps its tangential part and shrinks its radial part by the cosine of the
    colatitude.
    """
    return _stretch_radial_deg(azimuth_pencil_deg, x_m, y_m, radius_m, shrink=True)


def pencil_from_grid_deg(
    azimuth_grid_deg: ArrayLike, x_m: ArrayLike, y_m: ArrayLike, radius_m: float = MOON_RADIUS_M
) -> F64:
    """Pencil azimuth (deg, [0, 360)) of the great circle leaving x, y at this local grid azimuth."""
    return _stretch_radial_deg(azimuth_grid_deg, x_m, y_m, radius_m, shrink=False)


def _stretch_radial_deg(azimuth_deg: ArrayLike, x_m: ArrayLike, y_m: ArrayLike, radius_m: float, shrink: bool) -> F64:
    azimuth = np.radians(np.asarray(azimuth_deg, dtype=np.float64))
    x = np.asarray(x_m, dtype=np.float64)
    y = np.asarray(y_m, dtype=np.float64)
    q = (x * x + y * y) / (4.0 * radius_m * radius_m)
    cos_colatitude = (1.0 - q) / (1.0 + q)
    bearing = np.arctan2(x, y)
    relative = azimuth - bearing
    radial = np.cos(relative) * (cos_colatitude if shrink else 1.0 / cos_colatitude)
    return np.degrees(bearing + np.arctan2(np.sin(relative), radial)) % 360.0


def sight_m(height_m: float) -> float:
    """How far along the ground (m) an eye ``height_m`` above the bare sphere sees it: R acos(R / (R + h))."""
    return MOON_RADIUS_M * math.acos(MOON_RADIUS_M / (MOON_RADIUS_M + height_m))
