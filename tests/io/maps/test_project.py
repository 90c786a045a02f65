"""A QGIS project opens what it names: sources exist, styles and codes are there, bytes are the same every time."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
import shapely

from lupex.base.errors import StoreError
from lupex.io import ProjectLayer, VectorLayer, filled_polygons_qml, vector_layers, write_cog, write_gpkg, write_qgs
from lupex.model import Grid

GRID = Grid.centred("south", 0.0, 0.0, 8, 100.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_cog(
        tmp_path / "slope.tif", GRID, np.ones(GRID.shape, np.float32), name="slope_deg", unit="degree", meaning=""
    )
    square = shapely.box(0.0, 0.0, 300.0, 200.0)
    point = shapely.Point(10.0, 20.0)
    rows = [{"name": "here"}]
    write_gpkg(
        tmp_path / "two.gpkg",
        [VectorLayer("areas", [square], rows, filled_polygons_qml("#0b2a6b", "#0b2a6b", label="name")),
         VectorLayer("points", [point], rows)],
        "south",
    )  # fmt: skip
    return tmp_path


def layers(folder: Path) -> list[ProjectLayer]:
    ramp = ((0.0, "#000000"), (30.0, "#ffffff"))
    return [*vector_layers(folder / "two.gpkg", folder, "Places"),
            ProjectLayer("Slope", "Region", "slope.tif", True, ramp, "degree")]  # fmt: skip


def test_every_layer_has_its_source_code_and_style(folder: Path) -> None:
    write_qgs(folder / "study.qgs", "A & <B>", GRID, layers(folder))
    root = ElementTree.parse(folder / "study.qgs").getroot()
    assert root.findtext("title") == "A & <B>"
    found = {m.findtext("layername"): m for m in root.findall("projectlayers/maplayer")}
    assert list(found) == ["two: areas", "two: points", "Slope"]
    for layer in found.values():
        source = (layer.findtext("datasource") or "").split("|")[0]
        assert source.startswith("./") and (folder / source).exists()
        assert layer.findtext("srs/spatialrefsys/authid") == "IAU_2015:30135"
    assert found["two: areas"].find("renderer-v2/symbols/symbol") is not None
    assert found["two: areas"].find("labeling/settings/text-style").attrib["fieldName"] == '"name"'  # type: ignore[union-attr]
    assert found["two: areas"].attrib["geometry"] == "Polygon" and found["two: points"].attrib["geometry"] == "Point"
    items = found["Slope"].findall("pipe/rasterrenderer/rastershader/colorrampshader/item")
    assert [(i.attrib["value"], i.attrib["color"]) for i in items] == [("0.0", "#000000"), ("30.0", "#ffffff")]


def test_the_tree_holds_every_layer_once_in_its_group(folder: Path) -> None:
    write_qgs(folder / "study.qgs", "", GRID, layers(folder))
    root = ElementTree.parse(folder / "study.qgs").getroot()
    groups = root.findall("layer-tree-group/layer-tree-group")
    assert [g.attrib["name"] for g in groups] == ["Places", "Region"]
    inside = [layer.attrib["id"] for g in groups for layer in g]
    assert inside == [m.findtext("id") for m in root.findall("projectlayers/maplayer")]


def test_equal_layers_give_equal_bytes(folder: Path) -> None:
    for name in ("one", "two"):
        write_qgs(folder / f"{name}.qgs", "T", GRID, layers(folder))
    assert (folder / "one.qgs").read_bytes() == (folder / "two.qgs").read_bytes()


def test_a_file_that_is_no_geopackage_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bad.gpkg").write_text("no database, only words, and enough of them to fill the header of a file" * 9)
    with pytest.raises(StoreError, match=r"bad\.gpkg: cannot read its layers"):
        vector_layers(tmp_path / "bad.gpkg", tmp_path, "Places")
