"""The comparison page: criteria with their uncertainty, how firm the order is, and what decides it."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from lupex.model import Ranking
from lupex.report.paper.document import Block, Cell, Heading, Paragraph, Picture, Table, number_cell, text_cell
from lupex.report.paper.names import site_name
from lupex.report.paper.style import Figure
from lupex.report.paper.words import DASH, label, number, percent, quantity, share, tidy, unit, with_error
from lupex.results import StudyResult

METHODS = {
    "acceptability": "rank acceptability",
    "weighted_sum": "weighted sum",
    "topsis": "TOPSIS",
}
SITES_A_TABLE = 5
NAMES_IN_AN_ORDER = 12
ARROW = " › "

CRITERIA_CAPTION = (
    "Criteria: mean over the ground within one sigma of the landing error, ± its spread there; probabilities ± their "
    "spread over neighbouring aim points; the best of all sites in bold"
)


def comparison_blocks(result: StudyResult, figures: dict[str, Figure]) -> list[Block]:
    """The page that compares the sites; nothing when they were not ranked.

    Args:
        result: of the study.
        figures: by name.
    """
    ranking = result.ranking
    if ranking is None or not ranking.table.alternatives:
        return []
    blocks: list[Block] = [Heading("Comparison of the sites", 1, "comparison")]
    blocks += [Paragraph(text) for text in (_first_words(ranking), _deciding_words(ranking)) if text]
    blocks += _criteria_tables(ranking)
    blocks += [Picture(figures[k]) for k in ("ranking",) if k in figures]
    blocks += [_firmness_table(ranking), _orders_table(ranking), Paragraph(_how_to_read(), "note")]
    return blocks


def in_order(ranking: Ranking) -> list[int]:
    """Rows of the criteria table from the best alternative to the worst; those the order leaves out come last."""
    place = {name: i for i, name in reversed(list(enumerate(ranking.order)))}
    names = ranking.table.alternatives
    return sorted(range(len(names)), key=lambda i: (place.get(names[i], len(names)), i))


def _first_words(ranking: Ranking) -> str:
    rows = in_order(ranking)
    names = [site_name(ranking.table.alternatives[i]) for i in rows]
    first = _first_rank(ranking)
    drawn = f"{number(ranking.draws, 0)} draws of weights and of uncertain values"
    words = f"Ordered by {method_words(ranking)}, {names[0]} comes first"
    words += f" and {names[1]} second. " if len(names) > 1 else ". "
    words += f"Over {drawn}, {names[0]} is the best in {percent(first[rows[0]])} of them"
    if len(names) > 1:
        words += f", {names[1]} in {percent(first[rows[1]])}"
    return words + "."


def _deciding_words(ranking: Ranking) -> str:
    rows = in_order(ranking)
    if len(rows) < 2 or not ranking.deciding:
        return ""
    one, two = (site_name(ranking.table.alternatives[i]) for i in rows[:2])
    name = label(ranking.deciding)
    words = f"Between {one} and {two}, “{name}” decides: it is where {one} gains most over {two}"
    values = _values(ranking, ranking.deciding, rows[:2])
    words += f" ({' against '.join(values)}). " if values else ". "
    if not math.isfinite(ranking.deciding_shift):
        return words + f"No worsening of it alone brings {two} before {one}."
    shift = _in_unit(ranking.deciding, ranking.deciding_shift)
    return words + f"If it worsened by more than {shift} at {one}, the order would change."


def _values(ranking: Ranking, criterion: str, rows: Sequence[int]) -> list[str]:
    if criterion not in ranking.table.criteria:
        return []
    column = ranking.table.criteria.index(criterion)
    texts = [with_error(criterion, ranking.table.value[i, column], ranking.table.sigma[i, column]) for i in rows]
    mark = unit(criterion)
    return [text if not mark or text == DASH else f"{text}\u00a0{mark}" for text in texts]


def _in_unit(criterion: str, value: float) -> str:
    """A difference of a criterion: shares in percentage points."""
    if unit(criterion) == "%":
        return f"{share(value)} percentage points"
    return quantity(criterion, value)


def method_words(ranking: Ranking) -> str:
    """The method that orders the sites, in words."""
    return METHODS.get(ranking.method, tidy(ranking.method))


def _first_rank(ranking: Ranking) -> Any:
    accepted = ranking.rank_acceptability
    return accepted[:, 0] if accepted.ndim == 2 and accepted.shape[1] else np.full(len(accepted), np.nan)


def _criteria_tables(ranking: Ranking) -> list[Block]:
    """Criteria down, sites across, in groups that fit the page; the best value of each row is marked."""
    table, rows = ranking.table, in_order(ranking)
    best = _best_of_each(ranking)
    blocks: list[Block] = []
    for start in range(0, len(rows), SITES_A_TABLE):
        group = rows[start : start + SITES_A_TABLE]
        header = (
            text_cell("Criterion"),
            text_cell("Better"),
            text_cell("Unit"),
            *(number_cell(site_name(table.alternatives[i])) for i in group),
        )
        body = tuple(
            (
                text_cell(label(name)),
                text_cell("more" if table.higher_is_better[j] else "less"),
                text_cell(unit(name) or DASH),
                *(
                    Cell(with_error(name, table.value[i, j], table.sigma[i, j]), "best" if best[i, j] else "number")
                    for i in group
                ),
            )
            for j, name in enumerate(table.criteria)
        )
        caption = CRITERIA_CAPTION if start == 0 else "Criteria, continued"
        blocks.append(Table(header, body, caption))
    return blocks


def _best_of_each(ranking: Ranking) -> Any:
    value = ranking.table.value
    towards = np.where(np.array(ranking.table.higher_is_better, bool), value, -value)
    if not len(towards):
        return np.zeros(value.shape, bool)
    top = np.where(np.isfinite(towards), towards, -np.inf).max(axis=0)
    return np.isfinite(towards) & (towards == top)


def _firmness_table(ranking: Ranking) -> Table:
    first = _first_rank(ranking)
    mean = ranking.mean_rank if len(ranking.mean_rank) == len(first) else np.full(len(first), np.nan)
    header = (
        text_cell("Site"),
        *map(number_cell, ("First rank (%)", "Mean rank", "Confidence (%)", "Weighted sum", "TOPSIS")),
        text_cell("Pareto front"),
    )
    rows = tuple(
        (
            text_cell(site_name(ranking.table.alternatives[i])),
            number_cell(share(first[i])),
            number_cell(number(mean[i], 2)),
            number_cell(share(ranking.confidence[i])),
            number_cell(number(ranking.weighted_sum[i], 3)),
            number_cell(number(ranking.topsis[i], 3)),
            text_cell("on it" if ranking.pareto[i] else "dominated"),
        )
        for i in in_order(ranking)
    )
    return Table(header, rows, f"How firm the order is; sites by {method_words(ranking)}")


def _orders_table(ranking: Ranking) -> Table:
    names = ranking.table.alternatives
    orders = {
        "acceptability": np.lexsort((_tie_break(ranking), -_first_rank(ranking))),
        "weighted_sum": np.argsort(-ranking.weighted_sum, kind="stable"),
        "topsis": np.argsort(-ranking.topsis, kind="stable"),
    }
    if ranking.method in orders:
        orders[ranking.method] = np.array(in_order(ranking))
    rows = tuple(
        (text_cell(METHODS[method].capitalize() if method != "topsis" else METHODS[method]), text_cell(_chain(order)))
        for method, order in ((m, [site_name(names[i]) for i in o]) for m, o in orders.items())
    )
    return Table((text_cell("Method"), text_cell("Order, best first")), rows, "Order by each method")


def _tie_break(ranking: Ranking) -> Any:
    count = len(ranking.table.alternatives)
    return ranking.mean_rank if len(ranking.mean_rank) == count else np.zeros(count)


def _chain(names: list[str]) -> str:
    return ARROW.join(names[:NAMES_IN_AN_ORDER]) + (f"{ARROW}…" if len(names) > NAMES_IN_AN_ORDER else "")


def _how_to_read() -> str:
    return (
        "First rank: share of the draws in which the site is the best. Central weights: mean weights of those draws, "
        "the preferences that favour the site. Confidence: share of draws of the uncertain values in which the site is "
        "the best at its central weights; low confidence means that the data, not the preferences, are too uncertain "
        "to tell. Pareto front: no other site is at least as good in every criterion and better in one. Weighted sum "
        "and TOPSIS use the weights of the mission file and no uncertainty."
    )


def comparison_method(result: StudyResult) -> list[str]:
    """How the sites were compared, in words; nothing where they were not."""
    if result.ranking is None:
        return []
    return [
        "Comparison. Stochastic multicriteria acceptability analysis (Lahdelma and Salminen): weights and values "
        "are drawn from what is known of them, and the share of draws that gives a site a rank is its "
        "acceptability. Weighted sum and TOPSIS (Hwang and Yoon) stand beside it."
    ]
