"""The comparison page: what it says of the order, of what decides it, and of how firm it is."""

from dataclasses import replace

import numpy as np
import pytest
from tests.report.made_up_study import made_up_ranking, made_up_study

from lupex.model import Ranking
from lupex.report.paper.document import Paragraph, Table
from lupex.report.ranking.comparison import comparison_blocks, in_order
from lupex.report.ranking.decision_tables import criteria_rows, ranking_rows
from lupex.results import StudyResult


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return made_up_study(24, 16, 2)


def page(study: StudyResult, ranking: Ranking) -> tuple[list[str], list[Table]]:
    blocks = comparison_blocks(replace(study, ranking=ranking), {})
    words = [b.text for b in blocks if isinstance(b, Paragraph)]
    return words, [b for b in blocks if isinstance(b, Table)]


def names(count: int) -> tuple[str, ...]:
    return tuple(f"P{i + 1}" for i in range(count))


def test_without_a_ranking_there_is_no_page(study: StudyResult) -> None:
    assert comparison_blocks(replace(study, ranking=None), {}) == []


def test_the_page_says_who_is_first_and_in_how_many_draws(study: StudyResult) -> None:
    ranking = replace(made_up_ranking(names(3)), rank_acceptability=np.array([[0.625, 0.3], [0.25, 0.5], [0.125, 0.2]]))
    words, _ = page(study, ranking)
    assert "P1 comes first and P2 second" in words[0]
    assert "Over 20\u202f000 draws" in words[0]
    assert "P1 is the best in 62.5\u00a0% of them, P2 in 25.0\u00a0%." in words[0]


def test_the_deciding_criterion_comes_with_its_values_and_how_far_it_may_move(study: StudyResult) -> None:
    ranking = made_up_ranking(names(2))
    value = np.array(ranking.table.value)
    value[:, 3] = 0.85, 0.75
    words, _ = page(study, replace(ranking, table=replace(ranking.table, value=value), deciding_shift=0.0471))
    assert "“Lit in the season” decides" in words[1]
    assert "(85.0 ± 3.0\u00a0% against 75.0 ± 3.0\u00a0%)" in words[1]
    assert "worsened by more than 4.7 percentage points at P1" in words[1]


def test_a_shift_that_nothing_reaches_is_said_in_words(study: StudyResult) -> None:
    words, _ = page(study, replace(made_up_ranking(names(2)), deciding_shift=float("inf")))
    assert "No worsening of it alone brings P2 before P1." in words[1]
    assert "inf" not in words[1].split()


def test_a_single_site_decides_nothing(study: StudyResult) -> None:
    ranking = replace(made_up_ranking(names(1)), deciding="", deciding_shift=float("inf"))
    words, tables = page(study, ranking)
    assert not any("decides" in text for text in words)
    assert len(tables) == 3


def test_sites_stand_in_the_order_of_the_method_not_of_the_table(study: StudyResult) -> None:
    ranking = replace(made_up_ranking(names(3)), order=("P3", "P1", "P2"))
    assert in_order(ranking) == [2, 0, 1]
    _, tables = page(study, ranking)
    assert [cell.text for cell in tables[0].header[3:]] == ["P3", "P1", "P2"]


def test_many_sites_are_spread_over_tables_that_fit_the_page(study: StudyResult) -> None:
    _, tables = page(study, made_up_ranking(names(12)))
    across = [len(t.header) - 3 for t in tables[:3]]
    assert across == [5, 5, 2]


def test_the_best_value_of_each_row_is_marked_also_where_less_is_better(study: StudyResult) -> None:
    ranking = made_up_ranking(names(3))
    value = np.ones((3, len(ranking.table.criteria)))
    value[1] = 2.0
    _, tables = page(study, replace(ranking, table=replace(ranking.table, value=value)))
    for row, more in zip(tables[0].rows, ranking.table.higher_is_better, strict=True):
        kinds = [cell.kind for cell in row[3:]]
        assert kinds == (["number", "best", "number"] if more else ["best", "number", "best"])


def test_orders_of_the_methods_follow_their_scores(study: StudyResult) -> None:
    ranking = replace(
        made_up_ranking(names(3)), weighted_sum=np.array([0.2, 0.9, 0.5]), topsis=np.array([0.3, 0.1, 0.6])
    )
    _, tables = page(study, ranking)
    orders = {row[0].text: row[1].text for row in tables[-1].rows}
    assert orders == {
        "Rank acceptability": "P1 › P2 › P3",
        "Weighted sum": "P2 › P3 › P1",
        "TOPSIS": "P3 › P1 › P2",
    }


def test_tables_hold_every_number_of_the_ranking() -> None:
    ranking = made_up_ranking(names(3))
    rows = criteria_rows(ranking)
    assert len(rows) == 3 * len(ranking.table.criteria)
    assert rows[1] == {
        "site": "P1", "criterion": ranking.table.criteria[1], "value": ranking.table.value[0, 1],
        "sigma": ranking.table.sigma[0, 1], "higher_is_better": True, "weight": 0.125,
    }  # fmt: skip
    first = ranking_rows(ranking)[0]
    assert first["site"] == "P1" and first["place"] == 1 and first["pareto"] is True
    assert first["rank_2_share"] == ranking.rank_acceptability[0, 1]
    assert first["central_weight_slope_deg"] == ranking.central_weights[0, 2]
