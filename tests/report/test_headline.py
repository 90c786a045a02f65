"""The first table: the landing ellipse comes first, the best cell second, broken rules are marked."""

from dataclasses import replace

import pytest
from tests.report.made_up_study import made_up_study

from lupex.model import LandingGround, Spread
from lupex.report.headline import headline_tables, marked_words
from lupex.report.paper.document import Items, Paragraph, Table
from lupex.results import StudyResult


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return made_up_study(24, 16, 2)


def test_the_mean_and_percentiles_of_the_ellipse_stand_before_the_best_cell(study: StudyResult) -> None:
    ground = LandingGround({"slope_deg": Spread(6.04, 1.0, 2.51, 11.46)})
    site = replace(study.sites[0], ground=ground)
    (table,) = headline_tables(replace(study, sites=(site,)))
    assert isinstance(table, Table)
    rows = [tuple(cell.text for cell in row) for row in table.rows]
    at = rows.index(("Slope (°)", "6.0 (2.5 to 11.5)"))
    assert rows[at + 1] == ("at the best cell", "4.7")
    assert table.rows[at + 1][1].kind == "quiet"
    assert ("Rules broken in the ellipse", "none") in rows


def test_a_site_whose_ellipse_breaks_a_rule_is_marked_in_table_and_words(study: StudyResult) -> None:
    (table,) = headline_tables(study)
    assert isinstance(table, Table)
    marked = next(row for row in table.rows if row[0].text == "Rules broken in the ellipse")
    assert [(cell.text, cell.kind) for cell in marked[1:]] == [("slope (21.4\u00a0%)", "warn")] * 2
    words, listed = marked_words(study)
    assert isinstance(words, Paragraph) and words.kind == "warning"
    assert isinstance(listed, Items)
    assert listed.texts[0] == "S1: slope at most 10 deg (21.4\u00a0% of the landings)."  # light fails too rarely


def test_without_an_ellipse_the_best_cell_stands_alone(study: StudyResult) -> None:
    bare = replace(study, sites=tuple(replace(site, ground=None) for site in study.sites))
    (table,) = headline_tables(bare)
    assert isinstance(table, Table)
    labels = [row[0].text for row in table.rows]
    assert "Slope (°)" in labels and "at the best cell" not in labels and "Rules broken in the ellipse" not in labels
    assert marked_words(bare) == []


def test_more_than_five_sites_are_several_tables(study: StudyResult) -> None:
    many = replace(study, sites=study.sites * 3)
    assert [len(table.header) for table in headline_tables(many) if isinstance(table, Table)] == [6, 2]
