"""Tables of where Sun, Earth and ground stations appear from the Moon.

Apparent means light time and stellar aberration (SPICE "LT+S"): the direction in which a
camera finds the body. Positions stand in MOON_ME_DE440_ME421 at the moment of seeing.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import spiceypy as spice
from numpy.typing import ArrayLike

from lupex.base.arrays import F64, tdb_seconds
from lupex.base.errors import InputError, SpanError
from lupex.base.utc import UtcLike, utc_text
from lupex.ephemeris.chebyshev import interpolated
from lupex.ephemeris.coverage import EARTH, MOON, SUN, check_times, sky_cover_tdb_s, station_cover_tdb_s
from lupex.ephemeris.directions import check_place, topocentric
from lupex.ephemeris.files import earth_orientation_kernels, kernel_digests, sky_kernels
from lupex.ephemeris.pool import kernels
from lupex.ephemeris.store import stored
from lupex.ephemeris.times import steps_tdb_s
from lupex.model.fields.sky_table import SkyTable

Stations = Mapping[str, ArrayLike]

FRAME = "MOON_ME_DE440_ME421"
_APPARENT = "LT+S"
_M_PER_KM = 1000.0


def sky_table(times_tdb_s: ArrayLike, stations: Stations | None = None) -> SkyTable:
    """Apparent Sun, Earth centre and stations from the Moon's centre, every time from SPICE itself.

    Args:
        times_tdb_s: (n,) ascending TDB seconds past J2000.
        stations: name -> (3,) ITRF93 Earth-fixed position, metres.

    Raises:
        SpanError: a time lies outside the kernels (1849-2150; with stations 1962-2126), or the
            times do not ascend.
        InputError: a time or a station is not finite or has the wrong shape.
    """
    times = np.atleast_1d(tdb_seconds("sky table", times_tdb_s))
    if times.ndim != 1:
        raise InputError(f"sky table: times have shape {times.shape}", "give one row of times")
    if times.size > 1 and not np.all(np.diff(times) > 0):
        raise SpanError("sky table: times do not ascend", "sort them and drop repeats")
    places = _checked(stations)
    check_times(times, _cover(places), "sky table")
    sky = _sun_and_earth_m(times)
    seen = {name: _station_m(times, place) for name, place in places.items()}
    return _table(times, sky, seen)


def sky_span(
    start_utc: UtcLike,
    stop_utc: UtcLike,
    step_s: float,
    cache_dir: Path | None = None,
    stations: Stations | None = None,
) -> SkyTable:
    """The same table at start, start + step, ... before stop; fast, and kept in a cache.

    Sun and Earth are interpolated between exact knots to better than 1 m (tested); stations,
    which turn with the Earth, are computed exactly. The cache is keyed by the hashes of the
    kernels, the span, the step and the stations; a damaged entry is computed anew, and no
    cache at all only costs time.

    Args:
        start_utc, stop_utc: UTC as `utc_to_tdb_s` takes it.
        step_s: elapsed (SI) seconds between rows.
        cache_dir: folder of the cache; by default `lupex.base.cache.cache_dir`.
        stations: name -> (3,) ITRF93 Earth-fixed position, metres.

    Raises:
        InputError: unreadable times or a step that makes no sense.
        SpanError: the span reaches outside the kernels.
    """
    start_utc, stop_utc = utc_text(start_utc), utc_text(stop_utc)
    times = steps_tdb_s(start_utc, stop_utc, step_s)
    places = _checked(stations)
    check_times(times, _cover(places), f"sky from {start_utc} to {stop_utc}")
    key = {
        "kernels": _used_kernels(places),
        "first_tdb_s": float(times[0]).hex(),
        "count": times.size,
        "step_s": float(step_s).hex(),
        "stations": {name: [value.hex() for value in place.tolist()] for name, place in places.items()},
    }

    def compute() -> dict[str, F64]:
        sky = interpolated(_sun_and_earth_m, times, sky_cover_tdb_s())
        seen = [_station_m(times, place) for place in places.values()]
        return {"sky": np.concatenate([sky, *seen], axis=1)}

    columns = stored(key, {"sky": (times.size, 6 + 3 * len(places))}, compute, cache_dir)["sky"]
    seen = {name: columns[:, 6 + 3 * i : 9 + 3 * i] for i, name in enumerate(places)}
    return _table(times, columns[:, :6], seen)


def sky_rows(lat_deg: float, lon_deg: float, times_tdb_s: ArrayLike, height_m: float = 0.0) -> dict[str, F64]:
    """Columns (n,) of azimuth, elevation and distance of Sun and Earth seen from a place, without terrain.

    Args:
        lat_deg, lon_deg: MOON_ME latitude and east longitude.
        times_tdb_s: (n,) TDB seconds past J2000, in any order.
        height_m: above the 1737.4 km sphere.

    Keys: ``{sun,earth}_azimuth_true_deg``, ``{sun,earth}_elevation_deg``, ``{sun,earth}_distance_km``
    (from the place; see `topocentric` for the conventions).

    Raises:
        InputError: no such place, or a time that is not finite.
        SpanError: a time lies outside the kernels.
    """
    check_place(lat_deg, lon_deg, height_m)
    times = np.atleast_1d(tdb_seconds("sky", times_tdb_s)).ravel()
    check_times(times, sky_cover_tdb_s(), "sky")
    sky = interpolated(_sun_and_earth_m, times, sky_cover_tdb_s())
    rows = {}
    for body, columns in (("sun", sky[:, :3]), ("earth", sky[:, 3:])):
        azimuth_deg, elevation_deg, distance_m = topocentric(columns, lat_deg, lon_deg, height_m)
        rows[f"{body}_azimuth_true_deg"] = azimuth_deg
        rows[f"{body}_elevation_deg"] = elevation_deg
        rows[f"{body}_distance_km"] = distance_m / _M_PER_KM
    return rows


def _sun_and_earth_m(times_tdb_s: F64) -> F64:
    """(n, 6): apparent Sun and Earth centre."""
    if not times_tdb_s.size:
        return np.empty((0, 6))
    with kernels():
        seen = [spice.spkpos(body, times_tdb_s, FRAME, _APPARENT, MOON)[0] for body in (SUN, EARTH)]
    return np.concatenate(seen, axis=1) * _M_PER_KM


def _station_m(times_tdb_s: F64, place_itrf93_m: F64) -> F64:
    """(n, 3): apparent position of a point fixed to the Earth, where it was when the light left it."""
    place_km = place_itrf93_m / _M_PER_KM
    with kernels((*sky_kernels(), *earth_orientation_kernels())):
        states = [
            spice.spkcpt(place_km, EARTH, "ITRF93", t, FRAME, "OBSERVER", _APPARENT, MOON)[0][:3]
            for t in times_tdb_s.tolist()
        ]
    return np.array(states).reshape(-1, 3) * _M_PER_KM


def _checked(stations: Stations | None) -> dict[str, F64]:
    places = {name: np.asarray(place, dtype=np.float64) for name, place in (stations or {}).items()}
    for name, place in places.items():
        if place.shape != (3,) or not np.all(np.isfinite(place)):
            raise InputError(f"station {name!r}: not an Earth-fixed position", "give three finite metres in ITRF93")
    return places


def _cover(places: Mapping[str, F64]) -> tuple[float, float]:
    return station_cover_tdb_s() if places else sky_cover_tdb_s()


def _used_kernels(places: Mapping[str, F64]) -> tuple[tuple[str, str], ...]:
    return kernel_digests(sky_kernels() + (earth_orientation_kernels() if places else ()))


def _table(times: F64, sky: F64, seen: dict[str, F64]) -> SkyTable:
    return SkyTable(times, sky[:, :3], sky[:, 3:], seen, _used_kernels(seen))
