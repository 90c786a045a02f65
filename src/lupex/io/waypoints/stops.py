"""Stops of a science campaign from CSV or GeoJSON, checked at the door."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.base.frames import Pole, map_xy_m
from lupex.base.gate import input_error, names_its_file, number, printable
from lupex.io.csv_table import read_csv_table
from lupex.io.waypoints.features import geojson_features
from lupex.model.drive.campaign import Stop

FIELDS = ("label", "lat_deg", "lon_deg", "x_m", "y_m", "value", "dwell_hours", "power_w", "activity", "earliest_utc",
          "latest_utc", "needs")  # fmt: skip
"""Columns of a table, properties of a feature. label, value, dwell_hours and a place must be there."""


@dataclass(frozen=True)
class _Row:
    """The fields of one stop that are not empty, and where in the file they stand."""

    where: str
    fields: dict[str, Any]

    def number(self, name: str) -> float:
        """A finite number. Raises InputError when it is missing or is none."""
        if name not in self.fields:
            raise InputError(f"{self.where}: {name} is missing", "give a number")
        return number(f"{self.where}: {name}", self.fields[name])

    def word(self, name: str, default: str = "") -> str:
        """Text without blanks around it."""
        return str(self.fields.get(name, default)).strip()


@names_its_file
def read_stops(path: str | Path, pole: Pole) -> list[Stop]:
    """Stops in the order of the file, from .csv, .geojson or .json.

    Args:
        path: a CSV with the columns label, value, dwell_hours, and either lat_deg and lon_deg or x_m and y_m (map
            frame of the pole), and, where wanted, power_w, activity ('drill' or 'measure'), earliest_utc, latest_utc,
            needs ('any', 'lit' or 'dark'); an empty cell is the default of `Stop`. GeoJSON: points on the Moon,
            longitude first, with the same names as properties. Other columns are passed over.
        pole: of the map frame the stops shall have.

    Raises:
        InputError: no such file or format, a missing or misspelt column, something that is no number, time or known
            word, a place near the other pole, no stops, two of one label; names file and line (or feature).
    """
    path = Path(path)
    readers = {".csv": _csv_rows, ".geojson": _geojson_rows, ".json": _geojson_rows}
    if path.suffix.lower() not in readers:
        raise InputError(f"{path}: stops in an unknown format", f"give one of {', '.join(readers)}")
    try:
        rows = list(readers[path.suffix.lower()](path, pole))
    except OSError as error:
        raise input_error(path, error) from error
    if not rows:
        raise InputError(f"{path}: no stops in it", "give at least one")
    stops: dict[str, Stop] = {}
    for row in rows:
        stop = _stop(row, pole)
        if stop.label in stops:
            raise InputError(
                f"{row.where}: a stop {stop.label} stands further up already", "give every stop its own name"
            )
        stops[stop.label] = stop
    return list(stops.values())


def _csv_rows(path: Path, pole: Pole) -> Iterator[_Row]:
    table = read_csv_table(path)
    header = table.header
    _check_names(str(path), list(header))
    missing = [name for name in ("label", "value", "dwell_hours") if name not in header]
    if missing or not ({"lat_deg", "lon_deg"} <= set(header) or {"x_m", "y_m"} <= set(header)):
        wanted = ", ".join(missing) or "lat_deg and lon_deg, or x_m and y_m"
        found = printable(", ".join(header), 200)
        raise InputError(f"{path}: no column {wanted}", f"its first line must name them; found {found}")
    for where, cells in table.rows:
        yield _Row(where, _given(cells))


def _geojson_rows(path: Path, pole: Pole) -> Iterator[_Row]:
    features, metres = geojson_features(path, pole)
    for feature in features:
        if not feature.is_point:
            raise InputError(f"{feature.where}: geometry is a line", "give a Point")
        _check_names(feature.where, list(feature.properties))
        names = ("x_m", "y_m") if metres else ("lon_deg", "lat_deg")
        given = {k: v for k, v in feature.properties.items() if k not in ("x_m", "y_m", "lon_deg", "lat_deg")}
        yield _Row(feature.where, _given(given) | dict(zip(names, feature.places[0], strict=True)))


def _check_names(where: str, names: list[str]) -> None:
    """Raises InputError for a name that is nearly one of ours: a limit nobody reads is worse than none."""
    for name in names:
        near = get_close_matches(name, FIELDS, 1, 0.8)
        if name not in FIELDS and near and near[0] not in names:
            raise InputError(f"{where}: unknown name '{name}'", f"did you mean '{near[0]}'?")


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None and str(value).strip() != ""}


def _stop(row: _Row, pole: Pole) -> Stop:
    if not row.word("label"):
        raise InputError(f"{row.where}: label is missing", "give every stop a name")
    x_m, y_m = _place(row, pole)
    try:
        return Stop(
            label=row.word("label"),
            x_m=x_m,
            y_m=y_m,
            value=row.number("value"),
            dwell_s=row.number("dwell_hours") * 3600.0,
            activity=row.word("activity", "measure").lower(),
            power_w=row.number("power_w") if "power_w" in row.fields else None,
            earliest_utc=row.word("earliest_utc"),
            latest_utc=row.word("latest_utc"),
            needs=row.word("needs", "any").lower(),
        )
    except InputError as error:
        if error.what.startswith(row.where):
            raise
        raise InputError(f"{row.where}: {error.what}", error.fix) from None


def _place(row: _Row, pole: Pole) -> tuple[float, float]:
    """Map x and y. Raises InputError for a place that is not near the pole."""
    if "lat_deg" not in row.fields and "x_m" in row.fields:
        return row.number("x_m"), row.number("y_m")
    lat, lon = row.number("lat_deg"), row.number("lon_deg")
    if not (45.0 <= (-lat if pole == "south" else lat) <= 90.0 and -360.0 <= lon <= 360.0):
        raise InputError(f"{row.where}: latitude {lat:g}, longitude {lon:g} is not near the {pole} pole",
                         "give degrees; GeoJSON gives the longitude first")  # fmt: skip
    x, y = map_xy_m(lat, lon, pole)
    return float(x), float(y)
