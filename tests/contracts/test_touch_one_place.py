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
