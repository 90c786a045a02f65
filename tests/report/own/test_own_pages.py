"""Layers of the user's own in the report: table, files, QGIS project, and what is drawn of them."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyogrio
import pytest
from matplotlib.figure import Figure
from tests.report.made_up_study import made_up_study

from lupex.model import Grid
from lupex.model.fields.own_layer import NearFeature, OwnFeature, OwnLayer
from lupex.report import CHAPTERS
from lupex.report.gis import write_project
from lupex.report.own.own_pages import own_blocks, write_own
from lupex.report.paper.document import Table
from lupex.report.paper.own_layers import draw_own_layers
from lupex.results import StudyResult

SQUARE = np.array([[-2000.0, -2000.0], [2000.0, -2000.0], [2000.0, 2000.0], [-2000.0, 2000.0]])


@pytest.fixture(scope="module")
def result() -> StudyResult:
    study = made_up_study()
    names = [site.site.candidate.name for site in study.sites]
    layers = (
        OwnLayer("Rims", "craters", (OwnFeature("Crater A", (np.array([[0.0, 0.0]]),), 5000.0),), "c" * 64),
        OwnLayer("Areas", "regions", (OwnFeature("Area B", (SQUARE,)),), "a" * 64),
        OwnLayer("Cliffs", "scarps", (OwnFeature("", (SQUARE[:3],)),), "s" * 64),
    )
    near = tuple(
        NearFeature(site=name, layer=layer.name, kind=layer.kind, nearest="no. 1", distance_km=1.25,
                    azimuth_true_deg=90.0, inside=("Area B",) if layer.kind == "regions" else ())
        for name in names for layer in layers
    )  # fmt: skip
    return replace(study, layers=layers, near=near)


def test_the_chapter_is_there_for_a_study_with_layers_alone(result: StudyResult) -> None:
    (chapter,) = [chapter for chapter in CHAPTERS if chapter.name == "layers"]
    assert chapter.applies(result) and not chapter.applies(replace(result, layers=(), near=()))
    (table,) = [block for block in own_blocks(result, {}) if isinstance(block, Table)]
    assert len(table.rows) == len(result.near)
    assert [cell.text for cell in table.rows[1]][1:] == ["Areas", "Area B", "no. 1", "1.25", "90"]


def test_table_geopackage_and_project_hold_every_layer(result: StudyResult, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    write_own(result, tmp_path)
    with open(tmp_path / "tables" / "layers.csv", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(result.near)
    assert (rows[1]["layer"], rows[1]["inside"], rows[1]["distance_km"]) == ("Areas", "Area B", "1.25")
    found = {str(name): str(kind) for name, kind in pyogrio.list_layers(tmp_path / "layers" / "layers.gpkg")}
    assert {name: kind for name, kind in found.items() if name != "layer_styles"} == {
        "1 Rims": "Polygon", "2 Areas": "Polygon", "3 Cliffs": "LineString"
    }  # fmt: skip
    write_project(result, tmp_path)
    project = (tmp_path / "study.qgs").read_text(encoding="utf-8")
    assert all(f"layers/layers.gpkg|layername={name}" in project for name in ("1 Rims", "2 Areas", "3 Cliffs"))


def test_only_what_lies_on_a_map_is_drawn_and_named(result: StudyResult) -> None:
    axes = Figure().add_axes((0.0, 0.0, 1.0, 1.0))
    here = Grid("south", 100, 100, 100.0, -5000.0, 5000.0)
    assert draw_own_layers(axes, result.layers, here) == [("Crater A", 0.0, 0.0), ("Area B", 0.0, 0.0)]
    drawn = len(axes.lines)
    rim = axes.lines[1].get_xydata()
    assert np.hypot(*rim.T) == pytest.approx(2.5, rel=1e-6)
    far = Grid("south", 100, 100, 100.0, 50_000.0, 5000.0)
    assert draw_own_layers(axes, result.layers, far) == [] and len(axes.lines) == drawn == 6
