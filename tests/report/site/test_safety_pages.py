"""Touchdown and drive of a site: the words, the tables, the columns of the CSV."""

from dataclasses import replace

import pytest
from tests.report.made_up_study import made_up_study

from lupex.report.paper.document import Items, Paragraph, Table
from lupex.report.ranking.decision_tables import safety_row
from lupex.report.site.safety_pages import reasons_blocks, safety_blocks
from lupex.results import StudyResult


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return made_up_study(24, 16, 2)


def test_the_words_hold_the_probabilities_and_the_costliest_limit(study: StudyResult) -> None:
    words = next(b.text for b in safety_blocks(study, study.sites[0], "S1", "x", {}) if isinstance(b, Paragraph))
    assert "safely with a probability of 92.9\u00a0%" in words
    assert "without hazard avoidance with 83.7\u00a0%" in words
    assert "with a probability of 76.4\u00a0%, the rover can drive into permanent shadow" in words


def test_the_light_held_still_is_told_only_where_nothing_is_known_in_time(study: StudyResult) -> None:
    site = study.sites[0]
    assert site.reach is not None
    blocks = safety_blocks(study, site, "S1", "x", {})
    words = next(b.text for b in blocks if isinstance(b, Paragraph))
    assert "held still" not in words and "81.1" not in words
    assert "limit of time in the dark is left out" in words
    still = safety_blocks(study, replace(site, reach=replace(site.reach, in_time=None)), "S1", "x", {})
    words = next(b.text for b in still if isinstance(b, Paragraph))
    assert "76.4" not in words
    assert "With the light held still, the rover then reaches permanent shadow with a probability of 81.1" in words
    assert "What costs most: slope." in words


def test_nothing_computed_and_nothing_mapped_is_no_page(study: StudyResult) -> None:
    bare = replace(study.sites[0], touchdown=None, reach=None)
    assert safety_blocks(study, bare, "S1", "x", {}) == []
    assert safety_row(bare) == {}


def test_touchdown_without_reach_still_has_a_page(study: StudyResult) -> None:
    blocks = safety_blocks(study, replace(study.sites[0], reach=None), "S1", "x", {})
    captions = [b.caption for b in blocks if isinstance(b, Table)]
    assert captions == ["Safe touchdown over the landing dispersion", "Hazard by cause, before avoidance"]
    remarks = reasons_blocks(study, study.sites[0])
    assert [b.texts[0] for b in remarks if isinstance(b, Items)] == ["Best of the places within 3200 m."]


def test_columns_of_the_tables_carry_the_numbers_unrounded(study: StudyResult) -> None:
    site = study.sites[1]
    assert site.touchdown is not None and site.reach is not None
    row = safety_row(site)
    assert row["touchdown_probability"] == site.touchdown.probability
    assert row["reach_and_back_probability"] == site.reach.and_back
    assert row["reach_in_time_probability"] == site.reach.in_time
    assert row["lost_energy"] == site.reach.limits["energy"]
