"""A QGIS project that opens every map and vector layer of a folder, styled and in groups, with relative paths.

The elements are those QGIS 3 writes itself; a reader skips what it does not know.
"""

import sqlite3
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from lupex.base.errors import StoreError
from lupex.io.atomic import write_bytes
from lupex.io.crs import crs_wkt
from lupex.io.text import xml_text
from lupex.model import Grid

_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_CODE = {"south": "30135", "north": "30130"}
_VERSION = "3.28.0"
"""Oldest QGIS whose coordinate library knows the codes of the Moon."""
_GEOMETRY = {"POINT": ("Point", "0"), "LINESTRING": ("Line", "1"), "POLYGON": ("Polygon", "2")}


@dataclass(frozen=True)
class ProjectLayer:
    """One layer of a project.

    Attributes:
        title: name in the layer tree.
        group: group in the layer tree.
        source: path relative to the project, with forward slashes; of a GeoPackage with '|layername='.
        shown: whether it is switched on when the project opens.
        colours: of a map: (value, '#rrggbb') along its ramp, ascending; empty for a vector layer.
        unit: of a map, as it stands in the file.
        qml: of a vector layer: its style; '' for QGIS's own.
        geometry: of a vector layer: 'POINT', 'LINESTRING', 'POLYGON' or 'MULTI...'.
    """

    title: str
    group: str
    source: str
    shown: bool = False
    colours: tuple[tuple[float, str], ...] = ()
    unit: str = ""
    qml: str = ""
    geometry: str = ""


def vector_layers(path: Path, root: Path, group: str) -> list[ProjectLayer]:
    """The layers of a GeoPackage as layers of a project, with the styles stored in it.

    Args:
        path: of the GeoPackage.
        root: folder of the project, above the GeoPackage.
        group: in the layer tree.

    Raises StoreError when the file cannot be read.
    """
    source = path.relative_to(root).as_posix()
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as book:
            found = book.execute("SELECT table_name, geometry_type_name FROM gpkg_geometry_columns").fetchall()
            known = book.execute("SELECT 1 FROM sqlite_master WHERE name = 'layer_styles'").fetchone()
            rows = book.execute("SELECT f_table_name, styleQML FROM layer_styles").fetchall() if known else []
    except sqlite3.Error as error:
        raise StoreError(f"{path}: cannot read its layers ({error})", "write it anew") from error
    styles = dict(rows)
    return [
        ProjectLayer(f"{path.stem}: {name}" if path.stem != name else name, group, f"{source}|layername={name}",
                     shown=True, qml=styles.get(name, ""), geometry=kind)
        for name, kind in found
    ]  # fmt: skip


def write_qgs(path: str | Path, title: str, grid: Grid, layers: Sequence[ProjectLayer]) -> None:
    """Write a QGIS project; the first layer is drawn on top. Equal inputs give equal bytes.

    Args:
        path: of the project, beside or above its layers.
        title: of the project.
        grid: its extent and pole are those the project opens with.
        layers: from top to bottom.

    Raises StoreError when it cannot be written.
    """
    root = ElementTree.Element("qgis", {"projectname": xml_text(title), "version": _VERSION})
    _text(root, "title", title)
    _text(root, "homePath", "")
    _crs(_child(root, "projectCrs"), grid)
    _tree(root, layers)
    canvas = _child(root, "mapcanvas", name="theMapCanvas")
    _text(canvas, "units", "meters")
    extent = _child(canvas, "extent")
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), _edges(grid), strict=True):
        _text(extent, name, repr(value))
    _crs(_child(canvas, "destinationsrs"), grid)
    maps = _child(root, "projectlayers")
    for number, layer in enumerate(layers):
        _layer(maps, layer, f"lupex_{number}", grid)
    paths = _child(_child(root, "properties"), "Paths")
    _child(paths, "Absolute", type="bool").text = "false"
    ElementTree.indent(root)
    write_bytes(path, (_HEAD + ElementTree.tostring(root, encoding="unicode") + "\n").encode())


def raster_renderer(parent: ElementTree.Element, colours: Sequence[tuple[float, str]]) -> None:
    """Add the ``pipe`` that draws a map of one band along a ramp of (value, '#rrggbb').

    Args:
        parent: element that receives the renderer.
        colours: of the ramp, low to high.
    """
    low, high = repr(colours[0][0]), repr(colours[-1][0])
    pipe = _child(parent, "pipe")
    renderer = _child(
        pipe, "rasterrenderer", type="singlebandpseudocolor", band="1", opacity="1", alphaBand="-1",
        classificationMin=low, classificationMax=high,
    )  # fmt: skip
    shader = _child(
        _child(renderer, "rastershader"), "colorrampshader", colorRampType="INTERPOLATED", classificationMode="1",
        clip="0", minimumValue=low, maximumValue=high, labelPrecision="3",
    )  # fmt: skip
    for value, colour in colours:
        _child(shader, "item", value=repr(value), color=colour, alpha="255", label=f"{value:g}")
    _child(pipe, "brightnesscontrast", brightness="0", contrast="0", gamma="1")
    _child(pipe, "rasterresampler", maxOversampling="2")


def _tree(root: ElementTree.Element, layers: Sequence[ProjectLayer]) -> None:
    top = _child(root, "layer-tree-group")
    groups: dict[str, ElementTree.Element] = {}
    for number, layer in enumerate(layers):
        if layer.group not in groups:
            groups[layer.group] = _child(
                top, "layer-tree-group", name=layer.group, checked="Qt::Checked", expanded="1" if not groups else "0"
            )
        _child(
            groups[layer.group], "layer-tree-layer", id=f"lupex_{number}", name=layer.title,
            source=f"./{layer.source}", providerKey="gdal" if layer.colours else "ogr",
            checked="Qt::Checked" if layer.shown else "Qt::Unchecked", expanded="0",
        )  # fmt: skip


def _layer(maps: ElementTree.Element, layer: ProjectLayer, name: str, grid: Grid) -> None:
    shared = {"autoRefreshEnabled": "0", "hasScaleBasedVisibilityFlag": "0"}
    if layer.colours:
        made = _child(maps, "maplayer", type="raster", **shared)
    else:
        kind, number = _GEOMETRY.get(layer.geometry.upper().removeprefix("MULTI"), ("", ""))
        made = _child(maps, "maplayer", type="vector", geometry=kind, **shared)
        _text(made, "layerGeometryType", number)
    _text(made, "id", name)
    _text(made, "datasource", f"./{layer.source}")
    _text(made, "layername", layer.title)
    _crs(_child(made, "srs"), grid)
    _text(made, "provider", "gdal" if layer.colours else "ogr")
    if layer.colours:
        raster_renderer(made, layer.colours)
    elif layer.qml:
        for part in ElementTree.fromstring(layer.qml.removeprefix(_HEAD)):
            if part.tag != "layerGeometryType":
                made.append(part)


def _crs(parent: ElementTree.Element, grid: Grid) -> None:
    system = _child(parent, "spatialrefsys", nativeFormat="Wkt")
    _text(system, "wkt", crs_wkt(grid.pole))
    _text(system, "srid", _CODE[grid.pole])
    _text(system, "authid", f"IAU_2015:{_CODE[grid.pole]}")
    _text(system, "description", grid.crs_name)
    _text(system, "geographicflag", "false")


def _edges(grid: Grid) -> tuple[float, float, float, float]:
    return grid.left_m, grid.bottom_m, grid.right_m, grid.top_m


def _child(parent: ElementTree.Element, tag: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, tag, {name: xml_text(value) for name, value in attributes.items()})


def _text(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = xml_text(text)
