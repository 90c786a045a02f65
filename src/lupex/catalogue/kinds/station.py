"""Stations: what their files may state, and the noun made of it.

Position: latitude, longitude and height, or ``x_m``, ``y_m``, ``z_m``, or both, which must then agree. A station that
is like another but stands elsewhere keeps nothing that belongs to the old place: mask, site, complex, country,
accuracy and epoch are dropped with the position.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lupex.base.errors import InputError, MissionError
from lupex.base.geodesy import geodetic_from_itrf, itrf_from_geodetic_m
from lupex.catalogue.entry import Entry
from lupex.catalogue.keys import Key, Kind, number, text
from lupex.catalogue.kinds.countries import check_mirrored, check_whereabouts
from lupex.model.contact.station import BAND_NAMES, Band, Station

DISAGREEMENT_M = 10.0
"""Geodetic and Earth-fixed positions may differ by this, or by three times the stated accuracy."""

_POSITION = ("lat_deg", "lon_deg", "height_m")
_XYZ = ("x_m", "y_m", "z_m")

BAND_KEYS: dict[str, Key] = {
    "g_t_db_k": number("gain over system noise temperature", -50.0, 90.0),
    "eirp_dbw": number("equivalent isotropically radiated power", -50.0, 180.0),
    "tx_power_w": number("transmitter power", 1e-9, 1e7),
    "tx_gain_dbi": number("transmitting gain", -20.0, 100.0),
    "rx_gain_dbi": number("receiving gain", -20.0, 100.0),
    "system_noise_k": number("system noise temperature", 1e-9, 1e5),
    "rx_min_hz": number("lower edge of reception", 1e6, 1e12),
    "rx_max_hz": number("upper edge of reception", 1e6, 1e12),
    "tx_min_hz": number("lower edge of transmission", 1e6, 1e12),
    "tx_max_hz": number("upper edge of transmission", 1e6, 1e12),
}

KEYS: dict[str, Key] = {
    "site": text("place", of_place=True),
    "complex": text("antennas that stand together", of_place=True),
    "country": text("country, ISO 3166", of_place=True),
    "lat_deg": number("geodetic latitude", -360.0, 360.0, of_place=True),
    "lon_deg": number("east longitude", -360.0, 360.0, of_place=True),
    "height_m": number("height above the ellipsoid", -1000.0, 10_000.0, of_place=True),
    "x_m": number("Earth-fixed X", -7e6, 7e6, of_place=True),
    "y_m": number("Earth-fixed Y", -7e6, 7e6, of_place=True),
    "z_m": number("Earth-fixed Z", -7e6, 7e6, of_place=True),
    "accuracy_m": number("uncertainty of the position", 0.0, 1e5, of_place=True),
    "epoch": text("reference frame and epoch of the position", of_place=True),
    "dish_m": number("diameter of the dish", 0.05, 1000.0, needed=True),
    "min_elevation_deg": number("lowest elevation at which the antenna is used", -5.0, 89.0, needed=True),
    "mask_azimuth_deg": Key(
        kind="numbers",
        meaning="azimuths of the antenna's horizon, from true north",
        minimum=0.0,
        maximum=360.0,
        of_place=True,
    ),
    "mask_elevation_deg": Key(
        kind="numbers",
        meaning="elevations of the antenna's horizon",
        minimum=-90.0,
        maximum=90.0,
        of_place=True,
    ),
    "slew_deg_s": number("fastest turn in azimuth", 0.005, 100.0),
    "keyhole_elevation_deg": number("elevation above which the antenna cannot track", 0.0, 90.0),
    "setup_s": number("time booked before a pass", 0.0, 86_400.0),
    "teardown_s": number("time booked after a pass", 0.0, 86_400.0),
    "cost_per_hour": number("cost of an hour of the antenna", 0.0),
    "bands": Key(kind="words", meaning="bands of its radio"),
    **{
        f"{band.lower()}_{key}": replace(what, meaning=f"{what.meaning}, {band} band")
        for band in BAND_NAMES
        for key, what in BAND_KEYS.items()
    },
}


def _moved(label: str, given: Mapping[str, Any], dropped: Mapping[str, Any]) -> None:
    """Refuse coordinates that are swapped or mirrored within the old country or complex."""
    stated = {key: body["value"] if isinstance(body, dict) and "value" in body else body for key, body in given.items()}
    lat, lon = stated.get("lat_deg"), stated.get("lon_deg")
    if isinstance(lat, int | float) and isinstance(lon, int | float):
        for key in ("complex", "country"):
            if key not in given:
                check_mirrored(label, lat, lon, str(dropped.get(key, "")))


STATION = Kind(noun="station", folder="stations", keys=KEYS, position=(*_POSITION, *_XYZ), moved=_moved)


def station_of(label: str, entry: Entry) -> Station:
    """The station of an entry. Raises MissionError, which begins with ``label``, for a position that cannot be."""
    values = entry.values
    country, site_complex = str(values.get("country", "")), str(values.get("complex", ""))
    lat, lon, height, itrf = _position(label, values)
    check_whereabouts(label, lat, lon, country, site_complex)
    try:
        return Station(
            name=entry.name,
            title=entry.title,
            site=str(values.get("site", "")),
            complex=site_complex,
            country=country,
            lat_deg=lat,
            lon_deg=lon,
            height_m=height,
            itrf_m=itrf,
            accuracy_m=values.get("accuracy_m"),
            epoch=str(values.get("epoch", "unknown")),
            dish_m=values["dish_m"],
            min_elevation_deg=values["min_elevation_deg"],
            mask_azimuth_deg=values.get("mask_azimuth_deg", ()),
            mask_elevation_deg=values.get("mask_elevation_deg", ()),
            slew_deg_s=values.get("slew_deg_s"),
            keyhole_elevation_deg=values.get("keyhole_elevation_deg"),
            setup_s=values.get("setup_s", 0.0),
            teardown_s=values.get("teardown_s", 0.0),
            cost_per_hour=values.get("cost_per_hour"),
            bands=_bands(label, values),
            facts=entry.facts,
            unpublished=entry.unpublished,
        )
    except MissionError:
        raise
    except InputError as error:
        raise MissionError(f"{label}: {error.what}", error.fix) from None


def _position(label: str, values: dict[str, Any]) -> tuple[float, float, float, tuple[float, float, float]]:
    geodetic = all(key in values for key in _POSITION)
    fixed = all(key in values for key in _XYZ)
    if not geodetic and not fixed:
        missing = [key for key in _POSITION if key not in values]
        raise MissionError(f"{label}: no position, {', '.join(missing)} missing", "give those three, or x_m, y_m, z_m")
    if not geodetic:
        xyz = (float(values["x_m"]), float(values["y_m"]), float(values["z_m"]))
        return *geodetic_from_itrf(*xyz), xyz
    lat, lon, height = (float(values[key]) for key in _POSITION)
    check_whereabouts(label, lat, lon, str(values.get("country", "")), str(values.get("complex", "")))
    computed = itrf_from_geodetic_m(lat, lon, height)
    if not fixed:
        return lat, lon, height, computed
    xyz = (float(values["x_m"]), float(values["y_m"]), float(values["z_m"]))
    apart_m = math.dist(xyz, computed)
    if apart_m > max(DISAGREEMENT_M, 3.0 * float(values.get("accuracy_m", 0.0))):
        lat2, lon2, height2 = geodetic_from_itrf(*xyz)
        raise MissionError(
            f"{label}: lat_deg, lon_deg, height_m and x_m, y_m, z_m are {apart_m:.0f} m apart",
            f"x, y, z is {lat2:.6f}, {lon2:.6f}, {height2:.1f} m; correct one of them",
        )
    return lat, lon, height, xyz


def _bands(label: str, values: dict[str, Any]) -> tuple[Band, ...]:
    found = []
    for band in BAND_NAMES:
        stated = {key: values[f"{band.lower()}_{key}"] for key in BAND_KEYS if f"{band.lower()}_{key}" in values}
        if stated or band in values.get("bands", ()):
            try:
                found.append(Band(name=band, **{key: float(value) for key, value in stated.items()}))
            except InputError as error:
                raise MissionError(f"{label}: {error.what}", error.fix) from None
    unknown = [name for name in values.get("bands", ()) if name not in BAND_NAMES]
    if unknown:
        raise MissionError(f"{label} [facts.bands]: unknown band '{unknown[0]}'", f"known: {', '.join(BAND_NAMES)}")
    return tuple(found)
