"""Adding one of a kind touches one place: tried in a temporary copy of the package, one test per kind.

Rooms that are not edited are links to the real ones, so that compiled kernels and data are shared.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import lupex

PACKAGE = Path(lupex.__file__).parent
REPOSITORY = Path(__file__).parents[2]
LINKED = ("kernels", "data")
"""Never copied: compiled code is cached beside its source, and the DEMs are large."""


def package_copy(folder: Path) -> Path:
    """A copy of the package in ``folder`` that can be edited; returns its path."""
    copy = folder / "lupex"
    copy.mkdir()
    for path in PACKAGE.iterdir():
        if path.name in LINKED:
            (copy / path.name).symlink_to(path)
        elif path.is_dir() and path.name != "__pycache__":
            shutil.copytree(path, copy / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif path.is_file():
            shutil.copy2(path, copy / path.name)
    return copy


def edited(path: Path, before: str, after: str) -> None:
    """Replace the only occurrence of a text in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{path.name}: {before!r} stands there {text.count(before)} times"
    path.write_text(text.replace(before, after), encoding="utf-8")


def printed_by(copy: Path, script: str) -> list[str]:
    """Lines a script prints that runs with the copied package and the tests' own scenes."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(copy.parent), str(REPOSITORY)])}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_constraint_of_drives_is_one_function_and_one_row(tmp_path: Path) -> None:
    copy = package_copy(tmp_path)
    table = copy / "traverse" / "checks" / "constraints.py"
    function = (
        "def range_m(log: DriveLog, rover: Rover) -> F64:\n"
        '    """Metres the rover may still drive of the 30 m its tether is long."""\n'
        "    return 30.0 - log.distance_m\n\n\n"
    )
    row = (
        '    DriveConstraint(name="range_m", unit="m", margin=range_m, label="length of the tether", planned=False,\n'
        '                    words="the drive is {by} m longer than the tether"),\n'
    )
    start = "CONSTRAINTS: tuple[DriveConstraint, ...] = (\n"
    edited(table, start, function + start + row)
    lines = printed_by(copy, DRIVE_CONSTRAINT)
    assert lines[0].endswith("the drive is 10 m longer than the tether")  # simulate and violations: the check
    assert lines[1] == "Length of the tether | 20.00\u00a0m"  # the plan's margins in the report
    assert lines[2] == "the drive is {by} m longer than the tether | length of the tether"
    assert lines[3] == "slack_range_m"  # the columns of the drive's files


DRIVE_CONSTRAINT = """
from tests.traverse.drive_scene import at, ground, rover, sky
from lupex.report.drive.drive_pages import _margin_table, constraint
from lupex.report.drive.exchange import timeline
from lupex.traverse import drive_edges, first_violation, plan_in_time, simulate
from lupex.traverse.checks.constraints import constraint_of
import numpy as np

checked = simulate([at(5.0), at(45.0)], ground(), rover(), sky())
print(first_violation(checked).sentence)
end = np.zeros((5, 40), bool)
end[2, 1] = True
plan = plan_in_time(drive_edges(ground(), rover()), rover(), sky(), (2, 0), 500.0, [], end)
rows = {row[0].text: row[1].text for row in _margin_table(plan)[0].rows}
print("Length of the tether |", rows["Length of the tether"])
print(constraint_of("range_m").words, "|", constraint("range_m"))
print(*(name for name in timeline(plan)[0] if name == "slack_range_m"))
"""


def test_a_chapter_of_the_report_is_its_own_file_and_one_row(tmp_path: Path) -> None:
    copy = package_copy(tmp_path)
    (copy / "report" / "dust.py").write_text(
        '"""Chapter: dust."""\n\n'
        "from lupex.report.paper.document import Heading, Paragraph\n\n\n"
        "def dust_page(result, site, name, anchor, figures):\n"
        '    """What the dust does at a site."""\n'
        '    return [Heading(f"Dust at {name}", 2, f"{anchor}-dust"), Paragraph("It settles.")]\n',
        encoding="utf-8",
    )
    table = copy / "report" / "chapters.py"
    start = "CHAPTERS: tuple[Chapter, ...] = (\n"
    row = '    Chapter(name="dust", page=dust_page, columns=lambda site: {"dust_kg": 4.5}),\n'
    edited(table, start, "from lupex.report.dust import dust_page\n\n" + start + row)
    assert printed_by(copy, CHAPTER) == ["Dust at S1", "Dust at S2", "4.5"]


CHAPTER = """
from tests.report.made_up_study import made_up_study
from lupex.report import CHAPTERS
from lupex.report.write import report_document
from lupex.report.site.tables import site_rows

study = made_up_study(24, 16, 2)
undrawn = {chapter.name: ({}, [{} for _ in study.sites]) for chapter in CHAPTERS}
for block in report_document(study, undrawn, CHAPTERS).blocks:
    if getattr(block, "text", "").startswith("Dust at"):
        print(block.text)
print(site_rows(study, [chapter.columns for chapter in CHAPTERS])[0]["dust_kg"])
"""


ANTENNA = """
name = "svalbard"
title = "A dish of ours"
[facts]
lat_deg = { value = 78.23, source = "survey", meaning = "geodetic latitude" }
lon_deg = { value = 15.4, source = "survey", meaning = "east longitude" }
height_m = { value = 450.0, source = "survey", meaning = "height above the ellipsoid" }
dish_m = { value = 13.0, source = "survey", meaning = "diameter of the dish" }
min_elevation_deg = { value = 5.0, source = "survey", meaning = "lowest elevation at which the antenna is used" }
x_g_t_db_k = { value = 35.0, source = "survey", meaning = "gain over system noise temperature, X band" }
"""


def test_an_antenna_is_one_file(tmp_path: Path) -> None:
    copy = package_copy(tmp_path)
    (copy / "catalogue" / "stations" / "svalbard.toml").write_text(ANTENNA, encoding="utf-8")
    lines = printed_by(copy, ONE_ANTENNA)
    assert lines[0].startswith("A dish of ours 35.0")
    assert int(lines[1]) >= 1
    assert lines[2] == "svalbard"
    assert lines[3] == "['svalbard']"


ONE_ANTENNA = """
from dataclasses import replace
from pathlib import Path
import tempfile
from lupex.catalogue import station, station_names
from lupex.catalogue.listing import entry_rows
from lupex.ephemeris import utc_to_tdb_s
from lupex.ground import contact_plan
from lupex.mission import load_mission
from lupex.model import LunarPlace

one = station("svalbard")
print(one.title, one.band("X").g_t_db_k)
span = tuple(utc_to_tdb_s(["2028-05-13", "2028-06-12"]).tolist())
print(len(contact_plan([one], LunarPlace(name="summit", lat_deg=-89.45, lon_deg=222.7, height_m=1800.0), span).passes))
print(*(row["name"] for row in entry_rows("station") if row["name"] == "svalbard"))
mine = Path(tempfile.mkdtemp()) / "mine.toml"
mine.write_text("[ground]\\nstations = ['svalbard']\\n")
print(list(load_mission(mine).ground.stations))
"""


def test_a_rover_and_a_lander_are_one_file_each(tmp_path: Path) -> None:
    copy = package_copy(tmp_path)
    for kind in ("rovers", "landers"):
        folder = copy / "catalogue" / kind
        text = (folder / "lupex.toml").read_text(encoding="utf-8").replace('name = "lupex"', 'name = "scout"')
        (folder / "scout.toml").write_text(text, encoding="utf-8")
    assert printed_by(copy, ROVER_AND_LANDER) == ["scout scout", "rover scout", "lander scout", "350 True"]


ROVER_AND_LANDER = """
from pathlib import Path
import tempfile
from lupex.catalogue.listing import entry_rows
from lupex.mission import load_mission
from lupex.traverse import rover_model

mine = Path(tempfile.mkdtemp()) / "mine.toml"
mine.write_text("[mission]\\nrover = 'scout'\\nlander = 'scout'\\n")
mission = load_mission(mine)
print(mission.rover_name, mission.lander_name)
for kind in ("rover", "lander"):
    print(kind, *(row["name"] for row in entry_rows(kind) if row["name"] == "scout"))
rover = rover_model(mission.rover, mission.reach, mission.traverse)
print(f"{rover.mass_kg:g}", any(fact.key == "footpad_span_m" for fact in mission.lander))
"""


def test_a_criterion_of_the_ranking_is_a_function_a_row_and_its_weight(tmp_path: Path) -> None:
    copy = package_copy(tmp_path)
    table = copy / "sites" / "ranking_criteria.py"
    function = (
        "def _glare(site: SiteInputs, settings: RankingSettings) -> Measured:\n"
        '    return mean_around(site, "glare_fraction")\n\n\n'
    )
    row = (
        '    DecisionCriterion(name="glare_fraction", higher_is_better=False, meaning="share of glare", '
        'sigma_rule=SPREAD, weight="weight_glare", measure=_glare),\n'
    )
    start = "DECISION_CRITERIA: tuple[DecisionCriterion, ...] = (\n"
    edited(table, start, function + start + row)
    weights = copy / "model" / "settings" / "ranking.py"
    lines = weights.read_text(encoding="utf-8").splitlines(keepends=True)
    before = next(line for line in lines if line.startswith("    weight_ice: "))
    edited(weights, before, before + '    weight_glare: float = _weight(0.0, "little glare")\n')
    mission = tmp_path / "a.toml"
    mission.write_text("[ranking]\nweight_slope = 0.0\nweight_glare = 0.1\n")
    assert printed_by(copy, CRITERION.replace("MISSION", str(mission))) == [
        "weight of little glare; 0 leaves it out",
        "glare_fraction True",
        "0.25",
    ]


CRITERION = """
import numpy as np
from lupex.mission import explain, load_mission
from lupex.model import Grid
from lupex.sites import DECISION_CRITERIA, SiteInputs, criteria_table

mission = load_mission("MISSION")
print(next(row.meaning for row in explain(mission) if row.key == "weight_glare"))
given = {c.name: 1.0 for c in DECISION_CRITERIA if c.name != "glare_fraction"}
grid = Grid.centred("south", 0.0, 0.0, 21, 50.0)
layers = {"glare_fraction": np.full((21, 21), 0.25, np.float32)}
sites = [
    SiteInputs(name=name, grid=grid, layers=layers, x_m=0.0, y_m=0.0, radius_m=200.0, given=given,
               given_sigma=dict.fromkeys(given, 0.0))
    for name in ("A", "B")
]
table = criteria_table(sites, mission.ranking)
print(table.criteria[0], not table.higher_is_better[0])
print(float(table.value[0, 0]))
"""


def test_a_layer_of_the_maps_is_a_function_and_one_row(tmp_path: Path) -> None:
    copy = package_copy(tmp_path)
    table = copy / "study" / "stages" / "layers.py"
    function = (
        "def _gap(scene: LayerScene) -> NDArray[np.floating]:\n"
        "    from lupex.illumination import light_statistics\n\n"
        "    lit = light_statistics(scene.terrain, scene.horizons, scene.season_sky)\n"
        '    return 1.0 - lit["earth_fraction"]\n\n\n'
    )
    row = (
        '    MapLayer(name="season_earthless_fraction", compute=_gap, sentence="share of the season without Earth"),\n'
    )
    start = "LAYERS: tuple[MapLayer, ...] = (\n"
    edited(table, start, function + start + row)
    lines = printed_by(copy, LAYER)
    assert lines == ["0.5", "share of the season without Earth", "Season earthless fraction"]


LAYER = """
import numpy as np
from tests.illumination.scenes import ground, made_up_sky
from lupex.model.quantities import label_of
from lupex.study.stages.layers import LayerScene, layer_meanings, map_layers

terrain, horizons = ground(-89.99, 0.0)
sky = made_up_sky(np.arange(8) * 45.0, 2.0, 0.0, np.array([5.0, -5.0] * 4))
layers = map_layers(LayerScene(terrain=terrain, horizons=horizons, season_sky=sky))
print(float(layers["season_earthless_fraction"][0, 0]))
print(layer_meanings()["season_earthless_fraction"])
print(label_of("season_earthless_fraction"))
"""


def test_an_instrument_and_a_regolith_are_one_file_each(tmp_path: Path) -> None:
    copy = package_copy(tmp_path)
    for folder, like in (("instruments", "nss"), ("regolith", "hayne2017")):
        text = (copy / "catalogue" / folder / f"{like}.toml").read_text(encoding="utf-8")
        named = text.replace(f'name = "{like}"', 'name = "ours"')
        (copy / "catalogue" / folder / "ours.toml").write_text(named, encoding="utf-8")
    assert printed_by(copy, LISTED) == ["instrument ours", "regolith ours"]


LISTED = """
from lupex.catalogue.listing import entry_rows

for kind in ("instrument", "regolith"):
    print(kind, *(row["name"] for row in entry_rows(kind) if row["name"] == "ours"))
"""
