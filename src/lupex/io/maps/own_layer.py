"""Layers a user brings, from GeoPackage, GeoJSON or CSV, onto the polar map."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.digest import file_sha256
from lupex.base.errors import InputError
from lupex.base.frames import Pole
from lupex.base.gate import file_json, number, plain_name, printable
from lupex.io.crs import crs_wkt, onto_map
from lupex.io.csv_table import CsvTable, read_csv_table
from lupex.io.maps.styles import filled_polygons_qml
from lupex.io.maps.vectors import VectorLayer, write_gpkg
from lupex.io.waypoints.features import geojson_crs
from lupex.model.fields.own_layer import AREAS, OwnFeature, OwnLayer
from lupex.model.settings.own_layer import MissionLayer

NAMES = ("name", "label", "region", "crater name", "feature", "title")
DIAMETERS = ("diameter_km", "diam_km", "diam (km)", "diameter (km)", "diameter")
LATITUDES = ("lat_deg", "latitude_deg", "lat", "latitude", "lat (deg)", "center_lat")
LONGITUDES = (
    "lon_deg",
    "east_lon_deg",
    "longitude_deg",
    "lon",
    "longitude",
    "lon (deg)",
    "east_longitude",
    "center_lon",
)
X_NAMES, Y_NAMES = ("x_m", "x"), ("y_m", "y")
SHAPES = {"names": ("Point",), "craters": ("Point",), "scarps": ("LineString",), "regions": ("Polygon",),
          "outlines": ("Polygon", "LineString")}  # fmt: skip
"""Geometries a kind is made of; of several in one, each counts."""
FILL = "#6a2a8a"
FARTHEST_M = 3.0e6
"""Map distance from the pole beyond which a feature is left out: past 80 degrees from it."""


@dataclass(frozen=True)
class _Raw:
    """A geometry in coordinates of the file, its properties by name in lower case, and its place in the file."""

    where: str
    shape: Any
    properties: dict[str, Any]


def read_own_layer(layer: MissionLayer, pole: Pole) -> OwnLayer:
    """The features of a layer that lie in reach of a pole's map.

    Coordinates may be longitude and latitude on the Moon or any projection of it; a CSV has columns of latitude and
    east longitude in degrees (lat_deg, lon_deg and what spreadsheets call them) or x_m and y_m of the pole's map.

    Args:
        layer: which file, which columns.
        pole: of the map.

    Raises InputError: a file that cannot be read, a CRS that is not of the Moon, a missing column, a geometry that the
    kind is not made of, no feature near the pole.
    """
    path = Path(layer.file)
    if path.suffix.lower() == ".csv":
        raws, crs = _from_csv(layer, read_csv_table(path), pole)
    elif path.suffix.lower() == ".gpkg":
        raws, crs = _from_gpkg(layer, path)
    else:
        raws, crs = _from_geojson(path)
    on_map = onto_map(str(path), crs, pole)
    features = tuple(one for raw in raws for one in _features(layer, raw, on_map))
    if not features:
        raise InputError(f"{path}: no feature of the layer '{layer.name}' lies around the {pole} pole", "check its CRS")
    return OwnLayer(layer.name, layer.kind, features, file_sha256(path))


def write_own_layers(path: str | Path, layers: Iterable[OwnLayer], pole: Pole) -> None:
    """Write layers to one GeoPackage on the pole's map, with names, diameters (km) and a style for areas.

    Craters become circles. Raises StoreError when it cannot be written.

    Args:
        path: of the GeoPackage.
        layers: as they were read.
        pole: of the map.
    """
    vectors = []
    for count, layer in enumerate(layers, 1):
        shapes = [_shape(layer.kind, one) for one in layer.features]
        rows = [{"name": one.name, "kind": layer.kind} | _size(one) for one in layer.features]
        style = filled_polygons_qml(FILL, FILL, 0.1, "name") if layer.kind in (*AREAS, "craters") else ""
        vectors.append(VectorLayer(f"{count} {layer.name}", shapes, rows, style))
    write_gpkg(path, vectors, pole)


def _size(one: OwnFeature) -> dict[str, float]:
    return {} if math.isnan(one.diameter_m) else {"diameter_km": one.diameter_m / 1000.0}


def _shape(kind: str, one: OwnFeature) -> Any:
    if kind == "craters":
        x, y = one.middle_m
        return shapely.Point(x, y).buffer(0.5 * one.diameter_m * (1.0 + (x * x + y * y) / (4.0 * MOON_RADIUS_M**2)), 32)
    if kind in AREAS:  # rings within rings are holes: an area is what an odd number of them holds
        whole = shapely.Polygon()
        for ring in (shapely.make_valid(shapely.Polygon(part)) for part in one.parts if len(part) > 2):
            whole = whole.symmetric_difference(ring)
        return whole
    return shapely.LineString(one.parts[0]) if len(one.parts[0]) > 1 else shapely.Point(one.parts[0][0])


def _features(layer: MissionLayer, raw: _Raw, on_map: Callable[[Any], F64]) -> Iterator[OwnFeature]:
    shapes = [] if raw.shape is None else list(shapely.get_parts(raw.shape))
    wrong = {str(shape.geom_type) for shape in shapes} - set(SHAPES[layer.kind])
    if wrong or not shapes:
        found = ", ".join(sorted(wrong)) or "no geometry"
        raise InputError(f"{raw.where}: {found}; {layer.kind} are made of {' or '.join(SHAPES[layer.kind])}")
    name = _name(layer, raw)
    diameter_m = _diameter_m(layer, raw)
    whole: list[Any] = []
    for shape in shapes:
        rings = [shape.exterior, *shape.interiors] if shape.geom_type == "Polygon" else [shape]
        parts = [on_map(shapely.get_coordinates(ring)) for ring in rings]
        near = all(np.isfinite(part).all() and np.abs(part).max() < FARTHEST_M for part in parts)
        if not near:
            continue
        if layer.kind in AREAS:
            whole += parts
        else:
            yield OwnFeature(name, tuple(parts), diameter_m)
    if whole:
        yield OwnFeature(name, tuple(whole))


def _name(layer: MissionLayer, raw: _Raw) -> str:
    column = layer.label.strip().lower()
    if column and column not in raw.properties:
        raise InputError(f"{raw.where}: no column '{printable(layer.label)}'", _columns(raw.properties))
    column = column or next((one for one in NAMES if one in raw.properties), "")
    value = raw.properties.get(column)
    if value is None or (isinstance(value, float) and math.isnan(value)) or not str(value).strip():
        return ""
    return plain_name(f"{raw.where} {column}", str(value))


def _diameter_m(layer: MissionLayer, raw: _Raw) -> float:
    if layer.kind != "craters":
        return math.nan
    column = layer.diameter.strip().lower() or next((one for one in DIAMETERS if one in raw.properties), "")
    if column not in raw.properties:
        wanted = layer.diameter or " or ".join(DIAMETERS[:2])
        raise InputError(f"{raw.where}: no column '{printable(wanted)}' of diameters", _columns(raw.properties))
    return 1000.0 * number(f"{raw.where} {column}", raw.properties[column], 0.0, 10_000.0)


def _columns(properties: dict[str, Any]) -> str:
    return f"it has {printable(', '.join(properties), 100) or 'none'}; say which in [[layer]]"


def _from_csv(layer: MissionLayer, table: CsvTable, pole: Pole) -> tuple[list[_Raw], Any]:
    x, y = _first(table.header, X_NAMES), _first(table.header, Y_NAMES)
    across, along, crs = _first(table.header, LONGITUDES), _first(table.header, LATITUDES), None
    if not (across and along):
        across, along, crs = x, y, crs_wkt(pole)
    if not (across and along):
        raise InputError(f"{table.path}: no columns of latitude and east longitude", "name them lat_deg and lon_deg")
    places = [
        (where, row, (number(f"{where} {across}", row[across]), number(f"{where} {along}", row[along])))
        for where, row in table.rows
    ]
    if layer.kind in ("names", "craters"):
        return [_Raw(where, shapely.Point(place), dict(row)) for where, row, place in places], crs
    column = (layer.group or layer.label).strip().lower()
    if column not in table.header:
        said = printable(layer.group or layer.label) or "group"
        fix = f"it has {printable(', '.join(table.header), 100)}; say which with group in [[layer]]"
        raise InputError(f"{table.path}: no column '{said}' that tells whose corner a row is", fix)
    groups: dict[str, list[Any]] = {}
    for where, row, place in places:
        groups.setdefault(row[column], []).append((where, row, place))
    return [_grouped(layer, rows) for rows in groups.values()], crs


def _grouped(layer: MissionLayer, rows: list[Any]) -> _Raw:
    where, row, _ = rows[0]
    least = 3 if layer.kind in AREAS else 2
    if len(rows) < least:
        raise InputError(f"{where}: {len(rows)} corners", f"{layer.kind} have {least} or more")
    corners = [place for _, _, place in rows]
    return _Raw(where, shapely.Polygon(corners) if layer.kind in AREAS else shapely.LineString(corners), dict(row))


def _first(header: Iterable[str], names: tuple[str, ...]) -> str:
    return next((name for name in names if name in header), "")


def _from_gpkg(layer: MissionLayer, path: Path) -> tuple[list[_Raw], Any]:
    import pyogrio

    try:
        tables = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
        chosen = layer.layer or (tables[0] if len(tables) == 1 else "")
        if chosen not in tables:
            raise InputError(
                f"{path}: layers {printable(', '.join(tables), 100) or 'none'}", "say which: [[layer]] layer"
            )
        meta, _, shapes, columns = pyogrio.raw.read(path, layer=chosen)
        geometries = list(shapely.from_wkb(shapes))
    except InputError:
        raise
    except Exception as error:  # GDAL, pyogrio and GEOS raise many kinds for damaged files
        reason = printable(str(error).splitlines()[0] if str(error) else type(error).__name__, 120)
        raise InputError(f"{path}: not a GeoPackage ({reason})", "write it anew") from error
    if meta["crs"] is None:
        raise InputError(f"{path}: layer {chosen} has no map projection", "give it one")
    names = [str(name).lower() for name in meta["fields"]]
    found = []
    for row, shape in enumerate(geometries):
        properties = {name: values[row] for name, values in zip(names, columns, strict=True)}
        found.append(_Raw(f"{path} layer {chosen} feature {row + 1}", shape, properties))
    return found, meta["crs"]


def _from_geojson(path: Path) -> tuple[list[_Raw], Any]:
    content = file_json(path, "GeoJSON")
    given = content.get("features") if isinstance(content, dict) else None
    if not isinstance(given, list):
        raise InputError(f"{path}: no GeoJSON with features", "give a FeatureCollection")
    found = []
    for count, feature in enumerate(given, 1):
        where = f"{path} feature {count}"
        try:
            shape = shapely.geometry.shape(feature["geometry"])
            properties = {str(name).strip().lower(): value for name, value in (feature["properties"] or {}).items()}
        except Exception as error:  # shapely raises many kinds for coordinates that are none
            raise InputError(f"{where}: no geometry with coordinates", "write it anew") from error
        found.append(_Raw(where, shape, properties))
    return found, geojson_crs(path, content.get("crs"))
