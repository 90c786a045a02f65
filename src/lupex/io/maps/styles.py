"""Styles that travel inside a GeoPackage: QGIS reads them from the table ``layer_styles`` when it opens a layer.

The columns are those QGIS itself writes; a style marked as default is applied at once. Symbol properties
are ``prop`` elements, which every QGIS 3 reads. Dates are fixed, so equal styles give equal bytes.
"""

import sqlite3
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from lupex.base.errors import StoreError

FIXED_DATE = "2000-01-01T00:00:00.000Z"
"""GeoPackage demands dates of last change; a fixed one keeps equal results equal in bytes."""

_QGIS = "3.0.0"
"""Oldest QGIS the styles are written for."""
_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_POINTS, _POLYGONS = "0", "2"

_CREATE = """CREATE TABLE layer_styles (
 id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
 f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
 styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
 description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)"""


@dataclass(frozen=True)
class LayerStyle:
    """One style: the layer it belongs to, its name in the style list, what it shows, and the QML text."""

    layer: str
    name: str
    description: str
    qml: str


def write_layer_styles(path: str | Path, styles: Sequence[LayerStyle]) -> None:
    """Add the table ``layer_styles`` with default styles to a finished GeoPackage, in place.

    Args:
        path: of the finished GeoPackage.

    Raises StoreError when a layer is not in the file or the file cannot be written.
    """
    try:
        with closing(sqlite3.connect(path)) as book, book:
            book.execute("BEGIN")
            book.execute(_CREATE)
            book.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)"
                " VALUES ('layer_styles', 'attributes', 'layer_styles', 'styles of the layers for QGIS', ?, 0)",
                (FIXED_DATE,),
            )
            for style in styles:
                _insert(book, style, Path(path))
    except sqlite3.Error as error:
        raise StoreError(f"{path}: cannot write the styles ({error})", "is the disk full?") from error


def _insert(book: sqlite3.Connection, style: LayerStyle, path: Path) -> None:
    found = book.execute(
        "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (style.layer,)
    ).fetchone()
    if found is None:
        raise StoreError(f"{path}: no layer {style.layer} to style", "name a layer of the file")
    book.execute(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
        " styleQML, styleSLD, useAsDefault, description, owner, ui, update_time)"
        " VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', '', ?)",
        (style.layer, found[0], style.name, style.qml, style.description, FIXED_DATE),
    )


def ranked_points_qml(colour: str, best_colour: str, rank: str = "rank", name: str = "name") -> str:
    """QML of labelled points: the one of rank 1 a star in ``best_colour``, the others discs; '1 · S1' beside them.

    ``rank`` and ``name`` are columns of the layer, colours '#rrggbb'.

    Args:
        colour: of all but the best.
    """
    root = _root(_POINTS)
    renderer = _child(root, "renderer-v2", type="RuleRenderer", symbollevels="0", forceraster="0", enableorderby="0")
    rules = _child(renderer, "rules", key="{lupex-sites}")
    _child(rules, "rule", key="{lupex-best}", symbol="0", label="best site", filter=f'"{rank}" = 1')
    _child(rules, "rule", key="{lupex-other}", symbol="1", label="other sites", filter="ELSE")
    symbols = _child(renderer, "symbols")
    shared = {"outline_color": _rgba("#ffffff"), "outline_width": "0.4", "outline_width_unit": "MM", "size_unit": "MM"}
    _symbol(symbols, "0", "marker", "SimpleMarker", shared | {"name": "star", "size": "6", "color": _rgba(best_colour)})
    _symbol(symbols, "1", "marker", "SimpleMarker", shared | {"name": "circle", "size": "3.6", "color": _rgba(colour)})
    _labels(root, f'"{rank}" || \' · \' || "{name}"')
    return _text(root)


def filled_polygons_qml(fill: str, outline: str, opacity: float = 0.55, label: str = "") -> str:
    """QML of polygons filled with ``fill`` at ``opacity`` (0..1) and a thin ``outline``; colours '#rrggbb'.

    ``label`` names a column whose texts are written on the polygons; '' for none.
    """
    root = _root(_POLYGONS)
    renderer = _child(root, "renderer-v2", type="singleSymbol", symbollevels="0", forceraster="0", enableorderby="0")
    properties = {
        "color": _rgba(fill, round(255 * opacity)), "style": "solid", "joinstyle": "miter",
        "outline_color": _rgba(outline), "outline_style": "solid", "outline_width": "0.2", "outline_width_unit": "MM",
    }  # fmt: skip
    _symbol(_child(renderer, "symbols"), "0", "fill", "SimpleFill", properties)
    if label:
        _labels(root, f'"{label}"')
    return _text(root)


def _root(geometry: str) -> ElementTree.Element:
    root = ElementTree.Element("qgis", {"version": _QGIS, "styleCategories": "Symbology|Labeling"})
    _child(root, "layerGeometryType").text = geometry
    return root


def _child(parent: ElementTree.Element, tag: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, tag, attributes)


def _symbol(symbols: ElementTree.Element, name: str, kind: str, layer: str, properties: Mapping[str, str]) -> None:
    symbol = _child(symbols, "symbol", type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    part = ElementTree.SubElement(symbol, "layer", {"class": layer, "enabled": "1", "locked": "0", "pass": "0"})
    for key in sorted(properties):
        _child(part, "prop", k=key, v=properties[key])


def _labels(root: ElementTree.Element, expression: str) -> None:
    settings = _child(_child(root, "labeling", type="simple"), "settings")
    style = _child(
        settings, "text-style", fieldName=expression, isExpression="1", fontFamily="Sans Serif", fontSize="9",
        fontSizeUnit="Point", fontWeight="75", textColor=_rgba("#1d2430"), textOpacity="1",
    )  # fmt: skip
    _child(
        style, "text-buffer", bufferDraw="1", bufferSize="0.9", bufferSizeUnits="MM", bufferOpacity="1",
        bufferColor=_rgba("#ffffff"), bufferJoinStyle="128",
    )  # fmt: skip
    _child(settings, "placement", placement="6", dist="0.6", distUnits="MM", offsetType="1", priority="8")
    _child(settings, "rendering", drawLabels="1", displayAll="1", obstacle="1")


def _rgba(colour: str, alpha: int = 255) -> str:
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + f",{alpha}"


def _text(root: ElementTree.Element) -> str:
    ElementTree.indent(root)
    return _HEAD + ElementTree.tostring(root, encoding="unicode") + "\n"
