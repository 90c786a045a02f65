"""Frames of places on the Moon, by name, and exact conversions between them.

MOON_PA_DE440         principal axes of DE440, Cartesian metres
MOON_ME_DE440_ME421   mean Earth / polar axis: maps of LOLA and LROC, and all of lupex
MOON_ME_DE421         the same axes as realised by DE421: coordinates agree, see `NOTES`
geodetic              latitude, east longitude (deg), height above the 1737.4 km sphere (m)
grid-south, -north    x, y of the polar stereographic map (unit scale at the pole, m), height (m)
lgrs                  easting, northing of the Lunar Polar Stereographic (scale 0.994, 500 km), height
"""

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.base.frames import Pole, lat_lon_deg, map_xy_m
from lupex.gravity import pa_from_me
from lupex.model.position.fix import place_me_m

FRAMES = ("MOON_PA_DE440", "MOON_ME_DE440_ME421", "MOON_ME_DE421", "geodetic", "grid-south", "grid-north", "lgrs")

NOTES = {
    "MOON_ME_DE421": "its axes and those of MOON_ME_DE440_ME421 differ by librations of 0.19 to 0.45 m on the surface, "
    "which change with time and are in no kernel at hand: the coordinates are handed on as they are",
    "lgrs": "LGRS beyond 80 degrees is polar stereographic with scale 0.994 and origin at 500 km, 500 km; three "
    "numbers are taken for the south pole's, letters for any zone",
}
"""What a user must know of a frame."""

LGRS_SCALE, LGRS_ORIGIN_M, LGRS_LOWEST_DEG = 0.994, 500_000.0, 80.0
"""Lunar Polar Stereographic (McClernan et al. 2024, USGS, Lunar Grid Systems); it begins at 80 degrees."""


def converted(values: F64, source: str, target: str) -> F64:
    """The same place (3,) in another frame.

    Args:
        values: three numbers in the source frame, as this module's head names them.
        source, target: names in `FRAMES`.

    Raises InputError for an unknown frame, a place that does not exist or that a frame does not hold.
    """
    for name in (source, target):
        if name not in FRAMES:
            raise InputError(f"frames: '{name}' is unknown", f"known: {', '.join(FRAMES)}")
    given = np.asarray(values, np.float64)
    if given.shape != (3,) or not np.all(np.isfinite(given)):
        raise InputError("frames: three finite numbers are needed", "give X Y Z, for geodetic LAT LON HEIGHT")
    return _from_me(_to_me(given, source), target)


def _to_me(v: F64, frame: str) -> F64:
    if frame == "MOON_PA_DE440":
        return np.asarray(pa_from_me().T @ _on_moon(v, frame))
    if frame in ("MOON_ME_DE440_ME421", "MOON_ME_DE421"):
        return _on_moon(v, frame)
    if frame == "geodetic":
        return place_me_m(float(v[0]), float(v[1]), float(v[2]))
    pole: Pole = "north" if frame == "grid-north" else "south"
    x, y = v[0], v[1]
    if frame == "lgrs":
        x, y = (x - LGRS_ORIGIN_M) / LGRS_SCALE, (y - LGRS_ORIGIN_M) / LGRS_SCALE
    if np.hypot(x, y) > 2.0 * MOON_RADIUS_M:
        raise InputError(f"frames: {frame} {v[0]:g}, {v[1]:g} lies beyond the equator", "give metres from the pole")
    lat, lon = lat_lon_deg(x, y, pole)
    return place_me_m(float(lat), float(lon), float(v[2]))


def _from_me(place: F64, frame: str) -> F64:
    if frame == "MOON_PA_DE440":
        return np.asarray(pa_from_me() @ place)
    if frame in ("MOON_ME_DE440_ME421", "MOON_ME_DE421"):
        return place
    lat = float(np.degrees(np.arctan2(place[2], np.hypot(place[0], place[1]))))
    lon = float(np.degrees(np.arctan2(place[1], place[0])) % 360.0)
    height = float(np.linalg.norm(place) - MOON_RADIUS_M)
    if frame == "geodetic":
        return np.array([lat, lon, height])
    if frame == "lgrs" and lat > -LGRS_LOWEST_DEG:
        raise InputError(f"frames: lgrs is written for the south polar square only; latitude {lat:.3f}", "use geodetic")
    pole: Pole = "north" if frame == "grid-north" else "south"
    if (lat > 0.0) != (pole == "north"):
        raise InputError(f"frames: latitude {lat:.3f} lies at the other pole than {frame}", "use the other grid")
    x, y = (float(c) for c in map_xy_m(lat, lon, pole))
    if frame == "lgrs":
        x, y = LGRS_ORIGIN_M + LGRS_SCALE * x, LGRS_ORIGIN_M + LGRS_SCALE * y
    return np.array([x, y, height])


def _on_moon(v: F64, frame: str) -> F64:
    radius = float(np.linalg.norm(v))
    if not 1.0e6 < radius < 1.0e9:
        raise InputError(
            f"frames: {frame} place {radius:g} m from the Moon's centre",
            "give metres (not kilometres), and for degrees the frame geodetic",
        )
    return v
