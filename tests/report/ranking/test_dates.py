"""The landing dates: the words, the windows, and the CSV that holds the whole table."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.report.made_up_study import made_up_dates, made_up_study

from lupex.report.paper.document import Beside, Paragraph, Table
from lupex.report.paper.times import day_number
from lupex.report.ranking.dates import date_blocks, drawn
from lupex.report.ranking.decision_tables import write_dates
from lupex.results import StudyResult


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return made_up_study(24, 16, 3)


def tables(study: StudyResult) -> list[Table]:
    beside = next(b for b in date_blocks(study, {}) if isinstance(b, Beside))
    return [t for t in (beside.left, *beside.right) if isinstance(t, Table)]


def test_without_a_table_there_is_no_page(study: StudyResult) -> None:
    assert date_blocks(replace(study, dates=None), {}) == []


def test_the_words_give_the_limits_of_the_mission(study: StudyResult) -> None:
    words = next(b.text for b in date_blocks(study, {}) if isinstance(b, Paragraph))
    assert "a life of 105\u00a0d on the surface" in words
    assert "at least 30\u00a0d of light follow" in words


def test_windows_are_listed_best_first_and_a_site_without_any_says_so(study: StudyResult) -> None:
    rows = [[cell.text for cell in row] for row in tables(study)[0].rows]
    assert rows[0] == ["S1", "2028-09-16", "2028-11-15"]
    assert rows[1] == ["", "2029-09-22", "2029-11-12"]
    assert ["S3", "no date suits", ""] in rows


def test_the_best_date_is_the_first_with_the_most_lit_days(study: StudyResult) -> None:
    assert study.dates is not None
    dates = replace(study.dates, values={n: v.copy() for n, v in study.dates.values.items()})
    lit = dates.values["lit_days_after_landing"]
    lit[0] = 1.0
    lit[0, [7, 9]] = 88.25
    lit[1] = np.nan
    rows = [[cell.text for cell in row] for row in tables(replace(study, dates=dates))[1].rows]
    assert rows[0][:3] == ["S1", "2028-01-22", "88.2"]
    assert rows[1][1:] == ["none", "–", "–", "–"]


def test_unknown_quantities_are_drawn_when_the_known_ones_are_missing() -> None:
    dates = made_up_dates(("A", "B"))
    assert drawn(dates) == ["lit_days_after_landing", "longest_dark_hours", "sun_and_earth_fraction"]
    assert drawn(replace(dates, values={"odd_days": dates.values["lit_fraction"]})) == ["odd_days"]


def test_the_csv_holds_every_date_of_every_site(study: StudyResult, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    write_dates(study, tmp_path)
    assert study.dates is not None
    with (tmp_path / "tables" / "dates_longest_dark_hours.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))
    assert rows[0] == ["landing_utc", "S1", "S2", "S3"]
    assert [row[0] for row in rows[1:]] == list(study.dates.dates_utc)
    found = np.array([[float(v) for v in row[1:]] for row in rows[1:]]).T
    np.testing.assert_array_equal(found, study.dates.values["longest_dark_hours"])
    assert len(list((tmp_path / "tables").glob("dates_*.csv"))) == len(study.dates.values)


def test_days_are_counted_with_their_hours() -> None:
    assert day_number("1970-01-03") == 2.0
    assert day_number("1970-01-02T06:00:00Z") == 1.25
