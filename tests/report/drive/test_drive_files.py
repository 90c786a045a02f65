"""Tables of the recommended drives: one row a site, empty where there is no drive."""

import csv
from pathlib import Path

import pytest
from tests.report.made_up_study import made_up_study

from lupex.report.drive.drive_files import write_drives
from lupex.results import StudyResult


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return made_up_study(24, 32, 2)


def test_every_site_has_a_row_that_says_how_the_rover_lives_at_the_end(study: StudyResult, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    write_drives(study, tmp_path)
    with (tmp_path / "tables" / "drives.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:6] == ["site", "end_utc", "end_array_w", "end_load_w", "may_stay_hours", "ends_in"]
    assert [row["site"] for row in rows] == [site.site.candidate.name for site in study.sites]
    for row, site in zip(rows, study.sites, strict=True):
        assert site.drive is not None
        if site.drive.end is None:
            assert all(value == "" for name, value in row.items() if name != "site")
            continue
        assert row["ends_in"] == "light" and row["end_utc"].startswith("2028-10-17T")
        assert (float(row["end_array_w"]), float(row["end_load_w"])) == (312.4, 95.0)
        assert float(row["may_stay_hours"]) == pytest.approx(480.0)
    assert {row["ends_in"] for row in rows} == {"light", ""}
