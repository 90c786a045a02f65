"""Points and lines with properties, from GeoJSON or GeoPackage; the map they are in is decided by numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.base.frames import Pole
from lupex.base.gate import file_json, number, printable, unique
from lupex.io.crs import EARTH_DEFAULTS, as_crs, crs_wkt, is_moon, lonlat_wkt, same_crs

_SHAPES = "FeatureCollection of points or lines"

Places = list[tuple[float, float]]


@dataclass(frozen=True)
class Feature:
    """One geometry.

    Attributes:
        where: its place in the file, the beginning of an error.
        is_point: or a line.
        properties: by name in lower case.
        places: longitude and latitude (deg), or x and y (m) of the pole's map.
    """

    where: str
    is_point: bool
    properties: dict[str, Any]
    places: Places


def geojson_features(path: Path, pole: Pole) -> tuple[list[Feature], bool]:
    """Features of a GeoJSON file, in its order, and whether their places are metres of the pole's map.

    A FeatureCollection, a bare Feature or a bare geometry; a MultiLineString counts as one line when each part
     begins where the one before ends, also across the 180th meridian (RFC 7946, 3.1.9).

    Args:
        path: of the file.

    Raises InputError: no GeoJSON, another geometry, coordinates that are none, a CRS that is neither longitude and
    latitude on the Moon nor the pole's map.
    """
    content = file_json(path, "GeoJSON")
    kind = content.get("type") if isinstance(content, dict) else None
    if isinstance(content, dict) and isinstance(content.get("features"), list):
        given = content["features"]
    elif kind == "Feature":
        given = [content]
    elif isinstance(content, dict) and "coordinates" in content:
        given = [{"geometry": content}]
    else:
        raise InputError(f"{path}: not GeoJSON with features", f"give a {_SHAPES}")
    metres = _in_metres(path, content.get("crs"), pole)
    found = [_feature(f"{path} feature {count}", feature) for count, feature in enumerate(given, 1)]
    return found, metres


def gpkg_features(path: Path, pole: Pole) -> tuple[list[Feature], bool]:
    """As `geojson_features`, from the layer 'waypoints' of a GeoPackage, or its only layer.

    Args:
        path: of the file.
        pole: 'south' or 'north'.

    Raises InputError as there, and for several layers without one of that name.
    """
    import pyogrio
    import shapely

    if not path.is_file():
        raise InputError(f"{path}: no such file", "check the path")
    try:
        layers = [str(layer) for layer, kind in pyogrio.list_layers(path) if kind is not None]
        layer = "waypoints" if "waypoints" in layers else layers[0] if len(layers) == 1 else None
        if layer is None:
            raise InputError(f"{path}: layers {', '.join(layers) or 'none'}", "give one layer, or name it 'waypoints'")
        meta, _, shapes, columns = pyogrio.raw.read(path, layer=layer)
        geometries = list(shapely.from_wkb(shapes))
    except InputError:
        raise
    except Exception as error:  # GDAL, pyogrio and GEOS raise many kinds for damaged files
        reason = printable(str(error).splitlines()[0] if str(error) else type(error).__name__, 120)
        raise InputError(f"{path}: not a GeoPackage ({reason})", "write it anew") from error
    if meta["crs"] is None:
        raise InputError(f"{path}: layer {layer} has no map projection", "give it one, or use GeoJSON or CSV")
    metres = _metres_of(f"{path}: layer {layer}", meta["crs"], pole)
    features = []
    for row, shape in enumerate(geometries):
        where = f"{path} layer {layer} feature {row + 1}"
        kind = "none" if shape is None else shape.geom_type
        parts = [] if shape is None else [shapely.get_coordinates(part).tolist() for part in shapely.get_parts(shape)]
        fields = {str(name).lower(): values[row] for name, values in zip(meta["fields"], columns, strict=True)}
        features.append(Feature(where, _is_point(kind), fields, _joined(where, kind, parts)))
    return features, metres


def _feature(where: str, feature: Any) -> Feature:
    try:
        shape, properties = feature["geometry"], feature.get("properties")
        kind, coordinates = str(shape["type"]), shape["coordinates"]
    except (TypeError, KeyError, AttributeError) as error:
        raise InputError(f"{where}: no point or line with coordinates", "give geometry and coordinates") from error
    if properties is not None and not isinstance(properties, dict):
        raise InputError(f"{where}: properties are no object", "give names and values")
    names = {str(name).strip().lower(): value for name, value in (properties or {}).items()}
    unique(where, [str(name).strip().lower() for name in properties or {}])
    if kind not in ("Point", "LineString", "MultiLineString"):
        raise InputError(f"{where}: geometry {printable(kind)}", "give Point or LineString")
    depth = {"Point": 0, "LineString": 1, "MultiLineString": 2}.get(kind)
    parts = coordinates if depth == 2 else [coordinates] if depth == 1 else [[coordinates]]
    return Feature(where, _is_point(kind), names, _joined(where, kind, list(_pairs(where, parts))))


def _pairs(where: str, parts: Any) -> Iterator[list[list[float]]]:
    try:
        for part in parts:
            yield [[number(where, place[0]), number(where, place[1])] for place in part]
    except (TypeError, KeyError, IndexError, InputError) as error:
        raise InputError(f"{where}: no point or line with coordinates", "give geometry and coordinates") from error


def _is_point(kind: str) -> bool:
    return kind == "Point"


def _joined(where: str, kind: str, parts: list[list[list[float]]]) -> Places:
    """Places of a geometry whose parts make one line. Raises InputError when they do not."""
    places: Places = []
    for part in parts if kind in ("Point", "LineString", "MultiLineString") else []:
        line = [(float(place[0]), float(place[1])) for place in part]
        if places and line:
            if not _meet(places[-1], line[0]):
                raise InputError(f"{where}: parts of a {kind} that do not meet", "give each as a feature of its own")
            line = line[1:]
        places += line
    if not places:
        raise InputError(f"{where}: geometry {printable(kind)} of {len(places)} places", "give Point or LineString")
    return places


def _meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two ends are one place; -180 and 180 degrees are."""
    return one == other or (one[1] == other[1] and {one[0], other[0]} == {-180.0, 180.0})


def geojson_crs(path: Path, crs: Any) -> str | None:
    """The code in a GeoJSON's old member ``crs``; None without one. Raises InputError for one that names nothing."""
    if crs is None:
        return None
    named = crs.get("properties") if isinstance(crs, dict) else None
    name = named.get("name") if isinstance(named, dict) else None
    if not isinstance(name, str):
        raise InputError(f"{path}: its member crs names no map projection", "name one, or leave crs out for degrees")
    return _code(name)


def _in_metres(path: Path, crs: Any, pole: Pole) -> bool:
    """Whether a GeoJSON's old member ``crs`` is the pole's map; longitude and latitude without one."""
    code = geojson_crs(path, crs)
    return False if code is None else _metres_of(f"{path}: crs '{printable(code)}'", code, pole)


def _code(name: str) -> str:
    """'urn:ogc:def:crs:IAU:2015:30135' -> 'IAU_2015:30135', 'urn:ogc:def:crs:ESRI::103878' -> 'ESRI:103878'."""
    urn = re.fullmatch(r"urn:ogc:def:crs:([^:]+):([^:]*):([^:]+)", name.strip(), re.I)
    if urn is None:
        return name.strip()
    authority, version, code = urn.groups()
    return f"{authority}_{version}:{code}" if authority.upper() == "IAU" and version else f"{authority}:{code}"


def _metres_of(where: str, crs: Any, pole: Pole) -> bool:
    """Whether a CRS is the pole's map (True) or longitude and latitude (False), by numbers; InputError otherwise."""
    if str(crs).upper() in EARTH_DEFAULTS:
        return False
    other: Pole = "north" if pole == "south" else "south"
    fix = f"use {crs_wkt(pole)[8:60]} (IAU_2015:{30135 if pole == 'south' else 30130}) or degrees"
    try:
        given = as_crs(crs)
        if given.is_geographic and is_moon(given) and same_crs(given, lonlat_wkt()):
            return False
        if not given.is_geographic and same_crs(given, crs_wkt(pole)):
            return True
        if not given.is_geographic and same_crs(given, crs_wkt(other)):
            raise InputError(f"{where}: its map is that of the {other} pole, the DEM's that of the {pole}", fix)
    except InputError as error:
        if error.what.startswith(where):
            raise
        raise InputError(f"{where}: {error.what}", fix) from None
    raise InputError(f"{where} is another projection", fix)
