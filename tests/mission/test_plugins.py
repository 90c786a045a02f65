"""Rows of other packages: a real one installed in a folder, and those that cannot be used."""

from pathlib import Path

import pytest
from tests.mission.installed import install_example, install_module, python

MISSION = """
[ranking]
weight_slope = 0.0
weight_local_relief = 0.1
[ground]
stations = ["school"]
"""

USED = """
import sys
from dataclasses import replace
import numpy as np
from tests.report.made_up_study import made_up_study
from tests.traverse.drive_scene import at, ground, rover, sky
from lupex.catalogue import station
from lupex.illumination import places
from lupex.mission import explain, load_mission, mission_dict
from lupex.model import Grid, Terrain
from lupex.report import all_chapters
from lupex.report.write import report_document
from lupex.sites import SiteInputs, criteria_table, preferences
from lupex.study.fresh import study_key
from lupex.study.stages.layers import LayerScene, all_layers, layer_meanings
from lupex.traverse import first_violation, simulate

mission = load_mission(sys.argv[1])
print("plugins", *(f"{one.group}={one.package} {one.version}" for one in mission.plugins))
print("provenance", len(mission_dict(mission)["plugins"]))
print("key", study_key(mission) == study_key(replace(mission, plugins=mission.plugins[1:])))
print("weight", mission.ranking.weight("weight_local_relief"), preferences(mission.ranking).weights["local_relief_m"])
print("explained", [row.source for row in explain(mission) if row.key == "weight_local_relief"])

terrain = Terrain(Grid.centred("south", 0.0, 0.0, 21, 50.0), np.add.outer(np.arange(21.0), np.zeros(21)))
layer = all_layers()[-1]
values = layer.compute(LayerScene(terrain=terrain, horizons=None, season_sky=None))
print("layer", layer.name, float(values[10, 10]), "|", layer_meanings()[layer.name])

print("margin", float(np.nanmin(simulate([at(5.0), at(45.0)], ground(), rover(), sky()).slack["tether_m"])))
print("station", station("school").dish_m)

study = made_up_study(24, 16, 1)
site = study.sites[0]
more = {"local_relief_m": np.full(site.maps.grid.shape, 7.0, np.float32)}
maps = replace(site.maps, layers=site.maps.layers | more, meanings=site.maps.meanings | layer_meanings())
study = replace(study, sites=(replace(site, maps=maps),))
undrawn = {chapter.name: ({}, [{} for _ in study.sites]) for chapter in all_chapters()}
for block in report_document(study, undrawn, all_chapters()).blocks:
    if "within five cells" in getattr(block, "text", ""):
        print("chapter", block.text)
"""


def test_the_example_is_used_by_every_table(tmp_path: Path) -> None:
    install_example(tmp_path)
    (tmp_path / "a.toml").write_text(MISSION)
    done = python(tmp_path, "-c", USED, str(tmp_path / "a.toml"))
    assert done.returncode == 0, done.stderr
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    groups = ("catalogue", "criteria", "layers", "drive_constraints", "chapters")
    assert said["plugins"] == " ".join(f"lupex.{group}=lupex-relief 1.0.0" for group in groups)
    assert said["provenance"] == "5"
    assert said["key"] == "False", "an installed plug-in makes a study stale"
    assert said["weight"] == "0.1 0.1"
    assert said["explained"] == "['plug-in']"
    assert said["layer"] == "local_relief_m 10.0 | highest less lowest height in a window of 11 x 11 cells"
    assert float(said["margin"]) == pytest.approx(20_000.0 - 40.0, abs=0.5)
    assert said["station"] == "3.7"
    assert said["chapter"] == "The ground rises and falls by 7 m within five cells of the site."


def test_a_plug_in_that_fails_to_import_is_named_in_one_line_and_left_out(tmp_path: Path) -> None:
    install_module(tmp_path, "broken", "raise ImportError('no numpy of that age')\n", "lupex.criteria")
    done = python(tmp_path, "-m", "lupex", "mission")
    assert done.returncode == 0 and "is a good mission file" in done.stdout
    assert done.stderr == (
        "lupex: note: plug-in broken 0.1 (lupex.criteria: row) is left out: ImportError: no numpy of that age\n"
    )


CRITERION = """
from lupex.sites import DecisionCriterion

ROW = DecisionCriterion(name="{name}", higher_is_better=True, meaning="m", sigma_rule="s", weight="{weight}",
                        measure={measure})
"""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (CRITERION.format(name="dust_m", weight="weight_dust", measure="lambda site: (1.0, 0.0)"),
         "'measure' does not take 2 arguments by position"),
        (CRITERION.format(name="dust_m", weight="weight_dust", measure="lambda *any: (1.0, 0.0)"),
         "'measure' does not take 2 arguments by position"),
        ("ROW = 3\n", "it is a int, not a DecisionCriterion"),
        ("COLUMN = 3\n", "AttributeError: module 'row' has no attribute 'ROW'"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_fit_its_table_is_left_out(tmp_path: Path, text: str, reason: str) -> None:
    install_module(tmp_path, "row", text, "lupex.criteria")
    done = python(tmp_path, "-m", "lupex", "mission")
    assert done.returncode == 0
    assert done.stderr == f"lupex: note: plug-in row 0.1 (lupex.criteria: row) is left out: {reason}\n"


@pytest.mark.parametrize(
    ("name", "weight", "what"),
    [
        ("slope_deg", "weight_dust", "the name 'slope_deg' of lupex.criteria is taken"),
        ("dust_m", "weight_slope", "weight_slope is taken"),
    ],
)
def test_a_name_that_exists_is_an_error(tmp_path: Path, name: str, weight: str, what: str) -> None:
    text = CRITERION.format(name=name, weight=weight, measure="lambda site, settings: (1.0, 0.0)")
    install_module(tmp_path, "row", text, "lupex.criteria")
    done = python(tmp_path, "-m", "lupex", "mission")
    assert done.returncode == 2 and done.stdout == ""
    assert what in done.stderr and done.stderr.count("\n") == 1


def test_a_station_of_a_plug_in_may_not_take_the_name_of_one_of_ours(tmp_path: Path) -> None:
    install_example(tmp_path)
    stations = tmp_path / "lupex_relief" / "catalogue" / "stations"
    (stations / "school.toml").rename(stations / "misasa.toml")
    done = python(tmp_path, "-m", "lupex", "mission")
    assert done.returncode == 2
    assert "stations/misasa.toml takes a name that catalogue/stations/misasa.toml has" in done.stderr


def test_a_catalogue_that_holds_nothing_known_is_left_out(tmp_path: Path) -> None:
    install_module(tmp_path, "row", "import json as ROW\n", "lupex.catalogue")
    done = python(tmp_path, "-m", "lupex", "mission")
    assert done.returncode == 0
    assert "is left out: it holds none of the folders landers, rovers, stations" in done.stderr


def test_layers_and_chapters_that_do_not_fit_are_named_once_where_they_are_used(tmp_path: Path) -> None:
    layer = "from lupex.study import MapLayer\nROW = MapLayer(name='dust_m', compute=lambda terrain, sky: terrain)\n"
    chapter = "from lupex.report import Chapter\nROW = Chapter(name='dust', front=lambda result: [])\n"
    install_module(tmp_path, "lay", layer, "lupex.layers")
    install_module(tmp_path, "chap", chapter, "lupex.chapters")
    code = (
        "from lupex.cli.main import _silence_libraries; _silence_libraries()\n"
        "from lupex.report import all_chapters; from lupex.study import all_layers\n"
        "rows = [row.name for _ in range(2) for row in (*all_layers(), *all_chapters())]; print('dust' in str(rows))\n"
    )
    done = python(tmp_path, "-c", code)
    assert done.returncode == 0 and done.stdout == "False\n"
    assert done.stderr.splitlines() == [
        f"lupex: note: plug-in {who}: row) is left out: '{what} arguments by position"
        for who, what in (
            ("lay 0.1 (lupex.layers", "compute' does not take 1"),
            ("chap 0.1 (lupex.chapters", "front' does not take 2"),
        )
    ]
