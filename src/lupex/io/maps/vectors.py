"""Places and outlines as GeoPackage and GeoJSON, with the Moon's CRS and the same bytes every time."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyogrio.raw import write as ogr_write
from shapely.geometry.base import BaseGeometry

from lupex.base.errors import InputError, StoreError
from lupex.base.frames import Pole, map_xy_m
from lupex.io.atomic import atomic_path, write_bytes
from lupex.io.maps.styles import FIXED_DATE, LayerStyle, write_layer_styles
from lupex.io.tables import plain, text_bytes
from lupex.io.text import whole_text
from lupex.model import Grid

_OGR_ERRORS = (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError)
_CODE = {"south": "IAU_2015:30135", "north": "IAU_2015:30130"}
"""By code and not by WKT: only so the GeoPackage keeps the authority."""


@dataclass(frozen=True, eq=False)
class VectorLayer:
    """One layer: geometries in map coordinates (m) of a pole and one row of attributes for each.

    ``qml`` is the style QGIS shows it with ('' for none); see `lupex.io.maps.styles`.
    """

    name: str
    geometries: Sequence[BaseGeometry]
    rows: Sequence[dict[str, Any]] = field(default_factory=tuple)
    qml: str = ""

    def __post_init__(self) -> None:
        if len(self.rows) != len(self.geometries):
            raise InputError(f"layer {self.name}: {len(self.geometries)} geometries but {len(self.rows)} rows")


def write_gpkg(path: str | Path, layers: Sequence[VectorLayer], pole: Pole) -> None:
    """Write layers to one GeoPackage in the pole's map projection; equal inputs give equal bytes.

    Args:
        path: of the GeoPackage.

    Raises:
        InputError: a layer without geometries, or a column that mixes text and numbers.
        StoreError: the disk is full or the place cannot be written.
    """
    keep = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_DATE})
    try:
        with atomic_path(path) as partial:
            for index, layer in enumerate(layers):
                _write_layer(partial, layer, _CODE[pole], append=index > 0)
            _check(partial, layers, Path(path))
            _write_styles(partial, layers)
    except _OGR_ERRORS as error:
        raise StoreError(f"{path}: cannot write ({str(error).splitlines()[0]})", "is the disk full?") from error
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": keep})


def write_points_gpkg(
    path: str | Path, rows: Sequence[dict[str, Any]], pole: Pole, layer: str = "sites", qml: str = ""
) -> None:
    """Write rows with ``lat_deg`` and ``lon_deg`` as a point layer; every key becomes an attribute, ``qml`` its style.

    Raises as `write_gpkg`; InputError also when a row lacks its place.
    """
    points = [shapely.Point(*map_xy_m(*_place(row), pole)) for row in rows]
    write_gpkg(path, [VectorLayer(layer, points, rows, qml)], pole)


def write_polygons_gpkg(
    path: str | Path,
    polygons: Sequence[BaseGeometry],
    rows: Sequence[dict[str, Any]],
    pole: Pole,
    layer: str = "psr",
) -> None:
    """Write polygons or multipolygons in map coordinates (m) with one row of attributes each; as `write_gpkg`."""
    write_gpkg(path, [VectorLayer(layer, polygons, rows)], pole)


def write_points_geojson(path: str | Path, rows: Sequence[dict[str, Any]], pole: Pole, layer: str = "sites") -> None:
    """Write rows with ``lat_deg`` and ``lon_deg`` as GeoJSON points, longitude first, [-180, 180].

    RFC 7946 means the Earth's WGS84; the members ``crs`` (understood by GDAL and QGIS) and
    ``lupex:crs`` say that these are longitudes and latitudes on the Moon.

    Args:
        path: of the file.
        pole: of the polar map.
        layer: name of the collection.
    """
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [(lon + 180.0) % 360.0 - 180.0, lat]},
            "properties": plain(row),
        }
        for row in rows
        for lat, lon in [_place(row)]
    ]
    collection = {
        "type": "FeatureCollection",
        "name": layer,
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:IAU:2015:30100"}},
        "lupex:crs": "IAU_2015:30100",
        "lupex:pole": pole,
        "features": features,
    }
    write_bytes(path, text_bytes(json.dumps(collection, indent=1, ensure_ascii=False, allow_nan=False) + "\n"))


def mask_polygons(grid: Grid, labels: NDArray[Any]) -> list[tuple[int, BaseGeometry]]:
    """Outlines of equal-valued cells in map coordinates: (value, polygon or multipolygon), 0 left out.

    ``labels`` is a (row, col) bool mask (one geometry, value 1) or an integer label map (one geometry
    per label, ascending). Outlines follow cell edges; cells that touch only at a corner are separate parts.
    """
    from rasterio.features import shapes
    from rasterio.transform import Affine

    whole = np.ascontiguousarray(labels, dtype=np.int32)
    transform = Affine(grid.cell_m, 0.0, grid.left_m, 0.0, -grid.cell_m, grid.top_m)
    parts: dict[int, list[BaseGeometry]] = {}
    for geometry, value in shapes(whole, mask=whole != 0, connectivity=4, transform=transform):
        parts.setdefault(int(value), []).append(shapely.geometry.shape(geometry))
    return [(v, g[0] if len(g) == 1 else shapely.MultiPolygon(g)) for v, g in sorted(parts.items())]


def _place(row: dict[str, Any]) -> tuple[float, float]:
    try:
        return float(row["lat_deg"]), float(row["lon_deg"])
    except KeyError as error:
        fix = "every row needs lat_deg and lon_deg"
        raise InputError(f"a row has no {error.args[0]}: {sorted(row)}", fix) from error


def _write_styles(path: Path, layers: Sequence[VectorLayer]) -> None:
    styles = [LayerStyle(layer.name, "lupex", f"lupex: {layer.name}", layer.qml) for layer in layers if layer.qml]
    if styles:
        write_layer_styles(path, styles)


def _write_layer(path: Path, layer: VectorLayer, crs: str, append: bool) -> None:
    geometries = list(layer.geometries)
    kinds = {geometry.geom_type for geometry in geometries}
    if kinds == {"Polygon", "MultiPolygon"}:
        geometries = [g if g.geom_type == "MultiPolygon" else shapely.MultiPolygon([g]) for g in geometries]
        kinds = {"MultiPolygon"}
    names = list(dict.fromkeys(key for row in layer.rows for key in row))
    columns = [_column(layer.name, name, [row.get(name) for row in layer.rows]) for name in names]
    # Kept as WKT 2 as well: against WKT 1 alone GDAL does not know the CRS of the first layer again and files the
    # later ones under a code of its own (organisation IAU, 100000).
    options = {} if append else {"dataset_options": {"CRS_WKT_EXTENSION": "YES"}}
    ogr_write(
        path,
        geometry=shapely.to_wkb(np.array(geometries, dtype=object)),
        field_data=[values for values, _ in columns],
        field_mask=[missing for _, missing in columns],
        fields=names,
        layer=layer.name,
        driver="GPKG",
        geometry_type=kinds.pop() if len(kinds) == 1 else "Unknown",
        crs=crs,
        append=append,
        **options,
    )


def _column(layer: str, name: str, values: list[Any]) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    values = [value.item() if isinstance(value, np.generic) else value for value in values]
    missing = np.array([value is None for value in values], dtype=bool)
    given = {type(value) for value in values if value is not None}
    mask = missing if missing.any() else None
    if given == {bool}:
        return np.array([bool(value) for value in values]), mask
    if given == {int}:
        return np.array([value or 0 for value in values], dtype=np.int64), mask
    if given <= {int, float} and given:
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64), mask
    if given - {str, Path} and (given & {str, Path}):
        raise InputError(f"layer {layer}: column {name} mixes text and numbers", "give the column one type")
    texts = [None if value is None else _text(value) for value in values]
    return np.array(texts, dtype=object), None


def _text(value: Any) -> str:
    return whole_text(value if isinstance(value, str) else json.dumps(plain(value), sort_keys=True))


def _check(partial: Path, layers: Sequence[VectorLayer], final: Path) -> None:
    """GDAL may stay silent when the last pages do not fit on the disk: read the counts back."""
    for layer in layers:
        found = pyogrio.read_info(partial, layer=layer.name, force_feature_count=True)["features"]
        if found != len(layer.geometries):
            raise StoreError(f"{final}: only {found} of {len(layer.geometries)} features arrived", "is the disk full?")
