"""Styles inside a GeoPackage: the table QGIS looks into, valid QML, the same bytes twice."""

import sqlite3
import time
import xml.etree.ElementTree as ElementTree
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest
import shapely

from lupex.base.errors import StoreError
from lupex.io import VectorLayer, write_gpkg, write_points_gpkg
from lupex.io.maps.styles import FIXED_DATE, LayerStyle, filled_polygons_qml, ranked_points_qml, write_layer_styles

ROWS = [
    {"name": "A", "lat_deg": -89.5, "lon_deg": 20.0, "rank": 1},
    {"name": "B", "lat_deg": -85.5, "lon_deg": 220.0, "rank": 2},
]
COLUMNS = [
    "id", "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML", "styleSLD",
    "useAsDefault", "description", "owner", "ui", "update_time",
]  # fmt: skip


def rows_of(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as book:
        return book.execute(query).fetchall()


def properties(layer: ElementTree.Element) -> dict[str, str]:
    return {prop.attrib["k"]: prop.attrib["v"] for prop in layer.findall("prop")}


def test_the_style_stands_where_qgis_looks_for_it(tmp_path: Path) -> None:
    path, qml = tmp_path / "a.gpkg", ranked_points_qml("#d1226b", "#e08a00")
    write_points_gpkg(path, ROWS, "south", "sites", qml)
    assert [row[1] for row in rows_of(path, "PRAGMA table_info(layer_styles)")] == COLUMNS
    found = rows_of(
        path,
        "SELECT f_table_name, styleQML, useAsDefault, update_time FROM layer_styles WHERE f_table_schema='' AND"
        " f_geometry_column=(SELECT column_name FROM gpkg_geometry_columns WHERE table_name='sites')",
    )
    assert found == [("sites", qml, 1, FIXED_DATE)]
    registered = rows_of(path, "SELECT data_type, last_change FROM gpkg_contents WHERE table_name='layer_styles'")
    assert registered == [("attributes", FIXED_DATE)]


def test_gdal_still_reads_the_points_and_sees_the_styles(tmp_path: Path) -> None:
    write_points_gpkg(tmp_path / "a.gpkg", ROWS, "south", "sites", ranked_points_qml("#d1226b", "#e08a00"))
    assert pyogrio.list_layers(tmp_path / "a.gpkg")[:, 0].tolist() == ["sites", "layer_styles"]
    assert pyogrio.read_info(tmp_path / "a.gpkg", layer="sites")["features"] == 2
    meta, _, _, columns = pyogrio.raw.read(tmp_path / "a.gpkg", layer="layer_styles")
    named = dict(zip(meta["fields"], columns, strict=True))
    assert named["useAsDefault"].tolist() == [True]
    assert named["styleName"].tolist() == ["lupex"]


def test_ranked_points_are_named_and_the_best_is_a_star() -> None:
    root = ElementTree.fromstring(ranked_points_qml("#d1226b", "#e08a00", "rank", "name"))
    assert root.tag == "qgis" and root.findtext("layerGeometryType") == "0"
    rules = root.findall("renderer-v2/rules/rule")
    assert [rule.attrib["filter"] for rule in rules] == ['"rank" = 1', "ELSE"]
    best, other = (
        properties(root.findall(f"renderer-v2/symbols/symbol[@name='{rule.attrib['symbol']}']/layer")[0])
        for rule in rules
    )
    assert (best["name"], best["color"]) == ("star", "224,138,0,255")
    assert (other["name"], other["color"]) == ("circle", "209,34,107,255")
    label = root.find("labeling/settings/text-style")
    assert label is not None and label.attrib["fieldName"] == '"rank" || \' · \' || "name"'
    assert label.attrib["isExpression"] == "1"


def test_polygons_are_filled_with_the_colour_and_opacity_given() -> None:
    root = ElementTree.fromstring(filled_polygons_qml("#0b2a6b", "#0b2a6b", 0.5))
    assert root.findtext("layerGeometryType") == "2"
    layer = root.find("renderer-v2/symbols/symbol/layer")
    assert layer is not None and layer.attrib["class"] == "SimpleFill"
    assert properties(layer)["color"] == "11,42,107,128"


def test_each_layer_keeps_its_own_style_and_one_without_has_none(tmp_path: Path) -> None:
    square = shapely.box(0.0, 0.0, 100.0, 50.0)
    points, areas = ranked_points_qml("#d1226b", "#e08a00"), filled_polygons_qml("#0b2a6b", "#0b2a6b")
    layers = [
        VectorLayer("sites", [shapely.Point(1.0, 2.0)], [{"rank": 1, "name": "A"}], points),
        VectorLayer("psr", [square], [{"km2": 0.5}], areas),
        VectorLayer("plain", [square], [{"km2": 0.5}]),
    ]
    write_gpkg(tmp_path / "a.gpkg", layers, "south")
    found = rows_of(tmp_path / "a.gpkg", "SELECT f_table_name, styleQML FROM layer_styles ORDER BY id")
    assert found == [("sites", points), ("psr", areas)]


def test_styled_packages_written_at_different_times_are_the_same_bytes(tmp_path: Path) -> None:
    qml = ranked_points_qml("#d1226b", "#e08a00")
    write_points_gpkg(tmp_path / "a.gpkg", ROWS, "south", "sites", qml)
    time.sleep(1.1)
    write_points_gpkg(tmp_path / "b.gpkg", ROWS, "south", "sites", qml)
    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()


def test_a_style_for_a_layer_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    write_points_gpkg(tmp_path / "a.gpkg", ROWS, "south", "sites")
    with pytest.raises(StoreError, match="no layer psr to style"):
        write_layer_styles(
            tmp_path / "a.gpkg", [LayerStyle("psr", "lupex", "", filled_polygons_qml("#000000", "#000000"))]
        )
    assert rows_of(tmp_path / "a.gpkg", "SELECT name FROM sqlite_master WHERE name='layer_styles'") == []
