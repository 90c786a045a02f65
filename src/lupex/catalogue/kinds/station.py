"""Stations of the catalogue and of the user's own files.

A station file is TOML: ``name``, ``title``, facts and what is unpublished, as everywhere in the
catalogue. In a user's file a fact may be a bare value; ``like = "misasa"`` takes over all that the
file does not state. Position: latitude, longitude and height, or ``x_m``, ``y_m``, ``z_m``, or both, which
must then agree.
"""

import difflib
import math
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.base.geodesy import geodetic_from_itrf, itrf_from_geodetic_m
from lupex.catalogue.kinds.countries import check_whereabouts
from lupex.catalogue.kinds.station_keys import BAND_KEYS, KEYS, meaning_of
from lupex.model import Band, Fact, Station
from lupex.model.contact.station import BAND_NAMES

DISAGREEMENT_M = 10.0
"""Geodetic and Earth-fixed positions may differ by this, or by three times the stated accuracy."""

_POSITION = ("lat_deg", "lon_deg", "height_m")
_XYZ = ("x_m", "y_m", "z_m")


def station_names() -> list[str]:
    """Names of the stations in the catalogue, sorted."""
    folder = resources.files("lupex").joinpath("catalogue", "stations")
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def stations(names: list[str] | None = None, folder: Path | None = None) -> list[Station]:
    """The stations of these names or files, all of the catalogue by default; errors as `station`."""
    return [station(name, folder) for name in (station_names() if names is None else names)]


def station(name: str, folder: Path | None = None) -> Station:
    """The station ``name`` of the catalogue, or of the file ``name`` when it ends in '.toml'.

    Args:
        folder: what a relative file name is relative to; the working directory by default.

    Raises:
        InputError: unknown name (with the nearest right one), unreadable file, unknown or missing key, a number out
            of bounds, coordinates that do not exist, look swapped or contradict each other.
    """
    label, table = _table(name, folder)
    facts, unpublished = _facts(label, table, folder)
    return _station(label, str(table["name"]), str(table["title"]), facts, unpublished)


def _table(name: str, folder: Path | None) -> tuple[str, dict[str, Any]]:
    if name.endswith(".toml"):
        return name, _read((folder or Path()) / name, name)
    known = station_names()
    if name not in known:
        near = difflib.get_close_matches(name.lower().replace("-", "").replace(" ", ""), known, n=1, cutoff=0.5)
        fix = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"
        raise InputError(f"unknown station '{name}'", f"{fix} A file of your own ends in .toml")
    label = f"catalogue/stations/{name}.toml"
    text = resources.files("lupex").joinpath("catalogue", "stations", f"{name}.toml").read_text(encoding="utf-8")
    return label, tomllib.loads(text)


def _read(path: Path, label: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"station file {label}: {error.strerror or error}", "check the path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"station file {label}: not valid TOML: {error}", "correct that line") from None
    table.setdefault("name", path.stem)
    table.setdefault("title", table["name"])
    return table


def _facts(label: str, table: dict[str, Any], folder: Path | None) -> tuple[dict[str, Fact], dict[str, str]]:
    known = ("name", "title", "like", "facts", "unpublished")
    for key in table:
        if key not in known:
            raise InputError(f"{label}: unknown name '{key}'", f"known: {', '.join(known)}; numbers go under [facts]")
    facts: dict[str, Fact] = {}
    unpublished: dict[str, str] = {}
    given = table.get("facts", {})
    if "like" in table:
        facts, unpublished = _facts(*_table(str(table["like"]), folder), folder)
        if any(key in given for key in (*_POSITION, *_XYZ)):
            for key in (*_POSITION, *_XYZ, "accuracy_m", "epoch"):
                facts.pop(key, None)
    for key, body in given.items():
        facts[key] = _fact(f"{label} [facts.{key}]", label, key, body)
        unpublished.pop(key, None)
    unpublished |= {k: str(v) for k, v in table.get("unpublished", {}).items() if k not in facts}
    return facts, unpublished


def _fact(place: str, label: str, key: str, body: Any) -> Fact:
    bounds = KEYS.get(key)
    if bounds is None:
        near = difflib.get_close_matches(key, KEYS, n=1, cutoff=0.6)
        raise InputError(f"{place}: unknown name", f"did you mean '{near[0]}'?" if near else "see a catalogue file")
    if not isinstance(body, dict):
        body = {"value": body}
    if "value" not in body:
        raise InputError(f"{place}: 'value' is missing", "give value and source")
    value = body["value"]
    sample = value if isinstance(value, list) else [value]
    if isinstance(value, list) != (bounds.kind in ("numbers", "words")):
        raise InputError(f"{place}: {value!r} is not right here", f"give {bounds.kind}")
    for one in sample:
        if bounds.kind in ("text", "words"):
            good = isinstance(one, str)
        else:
            good = isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one)
        if not good:
            raise InputError(f"{place}: {one!r} is not right here", f"give {bounds.kind}")
        if bounds.kind in ("number", "numbers") and not bounds.minimum <= one <= bounds.maximum:
            raise InputError(f"{place}: {one:g} is out of bounds", f"stay in {bounds.minimum:g}..{bounds.maximum:g}")
    return Fact(key, value, str(body.get("source", f"given in {label}")), str(body.get("meaning", meaning_of(key))))


def _station(label: str, name: str, title: str, facts: dict[str, Fact], unpublished: dict[str, str]) -> Station:
    values = {key: fact.value for key, fact in facts.items()}
    for key in ("dish_m", "min_elevation_deg"):
        if key not in values:
            raise InputError(f"{label}: '{key}' is missing", f"state it: {meaning_of(key)}")
    country, site_complex = str(values.get("country", "")), str(values.get("complex", ""))
    lat, lon, height, itrf = _position(label, values)
    check_whereabouts(label, lat, lon, country, site_complex)
    return Station(
        name=name,
        title=title,
        site=str(values.get("site", "")),
        complex=site_complex,
        country=country,
        lat_deg=lat,
        lon_deg=lon,
        height_m=height,
        itrf_m=itrf,
        accuracy_m=values.get("accuracy_m"),
        epoch=str(values.get("epoch", "unknown")),
        dish_m=float(values["dish_m"]),
        min_elevation_deg=float(values["min_elevation_deg"]),
        mask_azimuth_deg=tuple(float(v) for v in values.get("mask_azimuth_deg", ())),
        mask_elevation_deg=tuple(float(v) for v in values.get("mask_elevation_deg", ())),
        slew_deg_s=values.get("slew_deg_s"),
        keyhole_elevation_deg=values.get("keyhole_elevation_deg"),
        setup_s=float(values.get("setup_s", 0.0)),
        teardown_s=float(values.get("teardown_s", 0.0)),
        cost_per_hour=values.get("cost_per_hour"),
        bands=_bands(label, values),
        facts=tuple(facts.values()),
        unpublished=unpublished,
    )


def _position(label: str, values: dict[str, Any]) -> tuple[float, float, float, tuple[float, float, float]]:
    geodetic = all(key in values for key in _POSITION)
    fixed = all(key in values for key in _XYZ)
    if not geodetic and not fixed:
        missing = [key for key in _POSITION if key not in values]
        raise InputError(f"{label}: no position, {', '.join(missing)} missing", "give those three, or x_m, y_m, z_m")
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
        raise InputError(
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
                raise InputError(f"{label}: {error.what}", error.fix) from None
    unknown = [name for name in values.get("bands", ()) if name not in BAND_NAMES]
    if unknown:
        raise InputError(f"{label} [facts.bands]: unknown band '{unknown[0]}'", f"known: {', '.join(BAND_NAMES)}")
    return tuple(found)
