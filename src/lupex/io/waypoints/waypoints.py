"""A user's waypoints from CSV, GeoJSON or GeoPackage: what was planned, checked at the door.

Fields by any of their names (`NAMES`); VIPER's traverse files (start_time, end_time, duration, name, activity_type,
item_type; one LineString for every drive) are understood: their start_time and end_time may be numbers, seconds since
1970-01-01. All other times are UTC text; a bare number is refused, for it may count anything.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.errors import InputError
from lupex.base.frames import Pole, lat_lon_deg, map_xy_m
from lupex.base.gate import input_error, names_its_file, printable
from lupex.base.utc import civil_s, utc_text
from lupex.io.csv_table import read_csv_table
from lupex.io.waypoints.features import Feature, geojson_features, gpkg_features
from lupex.model.drive.waypoint import Waypoint

NAMES = {
    "arrive_utc": ("arrive_utc", "arrival_utc", "start_time", "start_utc", "time_utc", "time"),
    "depart_utc": ("depart_utc", "departure_utc", "end_time", "stop_utc"),
    "activity": ("activity", "activity_type"),
    "duration_hours": ("duration_hours",),
    "duration_s": ("duration_s",),
    "duration": ("duration",),
    "label": ("label", "name"),
    "item_type": ("item_type",),
    "lat_deg": ("lat_deg", "latitude", "lat"),
    "lon_deg": ("lon_deg", "longitude", "lon"),
    "x_m": ("x_m",),
    "y_m": ("y_m",),
}
"""What a field is called here -> its names in files, the first found counts. A bare 'duration' names no unit."""

_EPOCH_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_1970 = (1.0e9, 4.2e9)
"""2001 to 2103: numbers between are seconds since 1970 in start_time and end_time of GeoJSON, as VIPER writes them."""

WORDS = {
    "drive": ("drive", "driving", "traverse", "waypoint"),
    "wait": ("wait", "waiting", "idle", "park", "parked", "hold", "stop", "station"),
    "charge": ("charge", "charging"),
    "sleep": ("sleep", "sleeping", "hibernate", "hibernation", "haven", "safe haven"),
    "drill": ("drill", "drilling"),
    "measure": ("measure", "measuring", "measurement", "science", "imaging", "survey"),
}
"""Activity -> the words files use for it. 'end' in a file stands for nothing more to do."""

_PASSING_ENDS = ("end_time", "stop_utc")
"""At a point that is only passed these are the end of the drive that begins there, not a departure."""


class _Seconds(float):
    """Seconds since 1970 from a format that means them."""


@dataclass(frozen=True)
class _Row:
    """One place with its fields: ``where`` in the file; ``place`` is longitude and latitude, or map x and y."""

    where: str
    fields: dict[str, Any]
    place: tuple[float, float]
    in_metres: bool


@names_its_file
def read_waypoints(path: str | Path, pole: Pole) -> list[Waypoint]:
    """Waypoints of a drive in the order of the file, from .csv, .geojson, .json or .gpkg.

    Args:
        path: a CSV has lat_deg and lon_deg, or x_m and y_m (map frame of the pole), and may have arrive_utc,
            depart_utc, activity, duration_hours, label. GeoJSON has points, or lines whose corners become waypoints;
            coordinates are longitude and latitude on the Moon unless the file's crs is a polar map.
            A GeoPackage has a layer 'waypoints', or only one layer, in the map of the pole or in degrees.
        pole: of the map frame the waypoints shall have.

    Raises:
        InputError: no such file or format, no places, a place on the other hemisphere, swapped coordinates,
            unreadable or descending times, an unknown activity; names file, place in it, and field.
    """
    path = Path(path)
    readers = {".csv": _csv_rows, ".geojson": _geojson_rows, ".json": _geojson_rows, ".gpkg": _gpkg_rows}
    if path.suffix.lower() not in readers:
        raise InputError(f"{path}: waypoints in an unknown format", f"give one of {', '.join(readers)}")
    try:
        rows = readers[path.suffix.lower()](path, pole)
    except OSError as error:
        raise input_error(path, error) from error
    waypoints = [_waypoint(row, pole) for row in rows]
    if not waypoints:
        raise InputError(f"{path}: no waypoints in it", "give at least one place")
    _check_order(waypoints, [row.where for row in rows])
    return waypoints


def _csv_rows(path: Path, pole: Pole) -> list[_Row]:
    table = read_csv_table(path)
    header = table.header
    metres = "x_m" in header and "y_m" in header
    if not metres and not ({"lat_deg", "lon_deg"} <= {_known(name) for name in header}):
        raise InputError(
            f"{path}: no columns lat_deg and lon_deg, or x_m and y_m (found {printable(', '.join(header), 200)})",
            "its first line must name them, with commas, semicolons or tabs between",
        )
    _check_spelling(path, header)
    pair = ("x_m", "y_m") if metres else ("lon_deg", "lat_deg")
    rows = []
    for where, cells in table.rows:
        known = _fields(cells)
        rows.append(_Row(where, known, (_number(where, known, pair[0]), _number(where, known, pair[1])), metres))
    return rows


def _check_spelling(path: Path, header: Sequence[str]) -> None:
    names = [name for group in NAMES.values() for name in group]
    for name in header:
        near = get_close_matches(name, names, 1, 0.87)
        if name not in names and near and near[0] not in header:
            raise InputError(f"{path}: unknown column '{name}'", f"did you mean '{near[0]}'?")


def _geojson_rows(path: Path, pole: Pole) -> list[_Row]:
    return _in_order(path, *geojson_features(path, pole))


def _gpkg_rows(path: Path, pole: Pole) -> list[_Row]:
    return _in_order(path, *gpkg_features(path, pole))


def _in_order(path: Path, given: list[Feature], metres: bool) -> list[_Row]:
    """Points as they stand, lines as their corners; a line beside points that is only their track is left out."""
    features = [(f.where, f.is_point, _fields(f.properties), f.places) for f in given]
    points = [feature for feature in features if feature[1]]
    lines = [f for f in features if not f[1] and not (points and f[2].get("item_type") == "track")]
    if points and lines:
        if any("arrive_utc" not in fields for _, _, fields, _ in points + lines):
            raise InputError(f"{path}: points and lines without start_time", "give only points, or only lines")
        features = sorted(points + lines, key=lambda f: civil_s(_utc(f[0], "start_time", f[2]["arrive_utc"])))
    else:
        features = points or lines
    rows: list[_Row] = []
    for where, is_point, fields, places in features:
        if is_point:
            rows.append(_Row(where, fields, places[0], metres))
            continue
        begin = {"depart_utc": fields.get("arrive_utc"), "label": fields.get("label", ""), "activity": "drive"}
        corners: list[dict[str, Any]] = [begin, *({"activity": "drive"} for _ in places[1:])]
        corners[-1] = {"activity": "drive", "arrive_utc": fields.get("depart_utc")} | ({} if len(places) > 1 else begin)
        for number, (corner, place) in enumerate(zip(corners, places, strict=True), 1):
            rows.append(_Row(f"{where} corner {number}", corner, place, metres))
    return _joined(rows)


def _joined(rows: list[_Row]) -> list[_Row]:
    """Where one line ends and the next begins there is one waypoint: arrival of the one, departure of the other."""
    joined: list[_Row] = []
    for row in rows:
        last = joined[-1] if joined else None
        if last and last.place == row.place and last.fields.get("arrive_utc") and " corner " in row.where + last.where:
            if last.fields["activity"] == "drive" and row.fields.get("activity") == "drive":
                joined[-1] = replace(last, fields=row.fields | {"arrive_utc": last.fields["arrive_utc"]})
                continue
        joined.append(row)
    return joined


def _known(name: str) -> str:
    """Our name of a field, '' when unknown."""
    return next((ours for ours, theirs in NAMES.items() if name in theirs), "")


def _fields(given: dict[Any, Any]) -> dict[str, Any]:
    """Fields under our names, empty ones left out, the first of several names counts."""
    lower = {str(key).strip().lower(): value for key, value in given.items()}
    known = {}
    for ours, names in NAMES.items():
        for name in names:
            value = lower.get(name)
            value = value.item() if isinstance(value, np.generic) else value
            value = value.strip() if isinstance(value, str) else value
            if value not in (None, "") and not (isinstance(value, float) and math.isnan(value)):
                if name in ("start_time", "end_time") and type(value) in (int, float):
                    value = _Seconds(value) if _SECONDS_1970[0] <= float(value) <= _SECONDS_1970[1] else value
                known[ours] = value
                if ours == "depart_utc":
                    known["depart_name"] = name
                break
    return known


def _waypoint(row: _Row, pole: Pole) -> Waypoint:
    lat, lon, x, y = _place(row, pole)
    fields, where = row.fields, row.where
    arrive, depart = (_utc(where, key, fields.get(key)) for key in ("arrive_utc", "depart_utc"))
    activity = _activity(where, fields)
    if (
        activity == "drive"
        and arrive
        and fields.get("depart_name") in (None, *_PASSING_ENDS)
        and " corner " not in where
    ):
        depart = arrive
    hours = _number(where, fields, "duration_hours") if "duration_hours" in fields else 0.0
    if "duration_hours" not in fields and "duration_s" in fields and not depart:
        hours = _number(where, fields, "duration_s") / 3600.0
    if not {"duration_hours", "duration_s"} & set(fields) and "duration" in fields and not depart:
        if activity != "drive" and _number(where, fields, "duration") != 0.0:
            raise InputError(
                f"{where}: duration {fields['duration']} has no unit", "name it duration_hours or duration_s"
            )
    if not 0.0 <= hours < math.inf or activity == "drive":
        hours = 0.0 if activity == "drive" else _refuse(where, "duration_hours", hours, "give 0 or more")
    return Waypoint(
        lat_deg=lat,
        lon_deg=lon,
        x_m=x,
        y_m=y,
        arrive_utc=arrive,
        depart_utc=depart,
        activity=activity,
        duration_hours=hours,
        label=str(fields.get("label", "")),
    )


def _place(row: _Row, pole: Pole) -> tuple[float, float, float, float]:
    """Latitude, longitude, map x and y. Raises InputError for another hemisphere or swapped numbers."""
    first, second = row.place
    if not (math.isfinite(first) and math.isfinite(second)):
        raise InputError(f"{row.where}: its place is not finite")
    if row.in_metres:
        lat, lon = (float(value) for value in lat_lon_deg(first, second, pole))
        if (lat < 0.0) != (pole == "south") or abs(lat) < 45.0:
            raise InputError(
                f"{row.where}: x {first:g} m, y {second:g} m is latitude {lat:.1f}", "give metres of the map"
            )
        return lat, lon, first, second
    lon, lat = first, second
    if abs(lat) > 90.0 and abs(lon) > 360.0:
        raise InputError(
            f"{row.where}: coordinates {lon:g}, {lat:g} are no degrees",
            "name the polar map in the member crs, or x_m, y_m",
        )
    swapped = abs(lat) < 60.0 and 60.0 < abs(lon) <= 90.0
    if swapped or abs(lat) > 90.0:
        raise InputError(
            f"{row.where}: latitude {lat:g}, longitude {lon:g} look swapped", "GeoJSON gives the longitude first"
        )
    if (lat < 0.0) != (pole == "south") or abs(lat) < 45.0:
        raise InputError(f"{row.where}: latitude {lat:g} is not near the {pole} pole", "give a place on the DEM")
    if not -360.0 <= lon <= 360.0:
        raise InputError(f"{row.where}: longitude {lon:g}", "give degrees east")
    x, y = (float(value) for value in map_xy_m(lat, lon, pole))
    return lat, lon % 360.0, x, y


def _utc(where: str, key: str, value: Any) -> str:
    """UTC text of a field; '' for none. Raises InputError for what is no time, and for bare numbers."""
    if value is None:
        return ""
    if isinstance(value, _Seconds):
        moment = _EPOCH_1970 + timedelta(seconds=float(value))
        return utc_text(moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[: 26 if moment.microsecond else 19])
    text = str(value).strip()
    try:
        bare = float(text)
    except ValueError:
        try:
            return utc_text(_as_iso(text))
        except InputError as error:
            raise InputError(f"{where}: {key}: {error.what}", error.fix) from None
    raise InputError(f"{where}: {key}: {printable(text)} is no UTC text{_likely_time(bare)}", "write 2028-01-03T06:00Z")


def _as_iso(text: str) -> str:
    """The text with a zero offset written as Z and the slashes QGIS writes as dashes."""
    dashed = re.sub(r"^(\d{4})/(\d{2})/(\d{2})", r"\1-\2-\3", text)
    return re.sub(r"\s*\+00(?::?00)?$", "Z", dashed)


def _likely_time(bare: float) -> str:
    """What a bare number most likely means, for the message."""
    try:
        if 20_000.0 < bare < 80_000.0:
            moment = datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=bare)
            return f"; as a spreadsheet's number of days it would be {moment:%Y-%m-%dT%H:%M:%SZ}"
        if _SECONDS_1970[0] <= bare <= _SECONDS_1970[1]:
            moment = _EPOCH_1970 + timedelta(seconds=bare)
            return f"; as seconds since 1970 it would be {moment:%Y-%m-%dT%H:%M:%SZ}"
    except (OverflowError, ValueError):
        pass
    return ""


def _activity(where: str, fields: dict[str, Any]) -> str:
    if "activity" not in fields:
        guess = str(fields.get("label", "")).lower()
        named = [ours for ours, words in WORDS.items() if guess in words]
        stops = bool(
            fields.get("duration_hours")
            or fields.get("duration_s")
            or fields.get("duration")
            or fields.get("depart_utc")
        )
        return named[0] if named else "wait" if stops else "drive"
    word = str(fields["activity"]).strip().lower().replace("_", " ")
    if word == "end":
        return "drive"
    for ours, words in WORDS.items():
        if word in words:
            return ours
    raise InputError(f"{where}: activity: unknown word '{word}'", f"use one of {', '.join(WORDS)}")


def _number(where: str, fields: dict[str, Any], key: str) -> float:
    try:
        if isinstance(fields[key], bool):
            raise InputError(f"{where}: {key}: {fields[key]} is not a number", "give a number")
        return float(fields[key])
    except KeyError:
        raise InputError(f"{where}: {key} is empty", "give a number") from None
    except (TypeError, ValueError, OverflowError):
        shown = printable(str(fields[key]))
        raise InputError(f"{where}: {key}: '{shown}' is not a number", "write it like -89.5") from None


def _refuse(where: str, key: str, value: float, fix: str) -> float:
    raise InputError(f"{where}: {key} is {value:g}", fix)


def _check_order(waypoints: Sequence[Waypoint], places: Iterable[str]) -> None:
    latest, named = -math.inf, ""
    for point, where in zip(waypoints, places, strict=True):
        for key in ("arrive_utc", "depart_utc"):
            text = getattr(point, key)
            if text and civil_s(text) < latest:
                raise InputError(f"{where}: {key} {text} is before {named}", "give times that ascend along the drive")
            if text:
                latest, named = civil_s(text), f"{key} {text} of {where.rsplit('/', 1)[-1]}"
