"""The first table: what the lander will meet at each site, over its landing ellipse; the best cell as a second line."""

from collections.abc import Sequence

from lupex.report.paper.document import Block, Cell, Items, Paragraph, Table, number_cell, text_cell
from lupex.report.paper.names import ranked, site_title
from lupex.report.paper.words import DASH, label, latitude, longitude, number, percent, quantity, spread, tidy, unit
from lupex.results import SiteResult, StudyResult

SITES_A_TABLE = 5
QUANTITIES = (
    "elevation_m",
    "slope_deg",
    "hazard_probability",
    "season_lit_fraction",
    "season_longest_dark_days",
    "season_earth_fraction",
    "season_sun_and_earth_fraction",
    "psr_distance_km",
)
"""Rows of the table, as far as they were computed."""


def headline_tables(result: StudyResult) -> list[Block]:
    """Quantities down, sites across by rank, in groups that fit the page."""
    sites = ranked(result)
    groups = [sites[i : i + SITES_A_TABLE] for i in range(0, len(sites), SITES_A_TABLE)]
    caption = (
        "What the lander will meet: mean over the landing ellipse, in brackets the 5th to the 95th percentile; "
        "below it, in grey, the single best cell"
    )
    return [Table(*_headline(group), caption if i == 0 else "Sites, continued") for i, group in enumerate(groups)]


def marked_words(result: StudyResult) -> list[Block]:
    """A warning and a list of the sites whose landing ellipse breaks a rule of the mission; nothing where none does.

    Args:
        result: of the study.
    """
    texts = tuple(
        f"{site_title(site)}: {'; '.join(f'{tidy(r.rule)} ({percent(r.share)} of the landings)' for r in broken)}."
        for site in ranked(result)
        if site.ground is not None and (broken := site.ground.marked)
    )
    if not texts:
        return []
    words = (
        "The best cell of a site keeps every rule of the mission; the ground where the lander may come down need not. "
        "These rules fail over the landing ellipse:"
    )
    return [Paragraph(words, "warning"), Items(texts)]


def _headline(sites: Sequence[SiteResult]) -> tuple[tuple[Cell, ...], tuple[tuple[Cell, ...], ...]]:
    header = (text_cell("Quantity"), *(number_cell(f"{number(s.site.rank, 0)}. {site_title(s)}") for s in sites))
    rows = [
        _row("Latitude", [latitude(s.site.lat_deg) for s in sites]),
        _row("Longitude", [longitude(s.site.lon_deg) for s in sites]),
        (text_cell("Rules broken in the ellipse"), *map(_rules_cell, sites)),
    ]
    for name in QUANTITIES:
        met = [None if s.ground is None else s.ground.values.get(name) for s in sites]
        best = [s.site.fine.get(name, s.summary.get(name)) for s in sites]
        mark = f"{label(name)} ({unit(name)})" if unit(name) else label(name)
        if any(one is not None for one in met):
            rows.append(_row(mark, [spread(name, one) for one in met]))
            mark = "at the best cell"
        if any(one is not None for one in best):
            rows.append(_row(mark, [quantity(name, one, with_unit=False) for one in best], "quiet"))
    rows += [
        _row("Safe touchdown", [DASH if s.touchdown is None else percent(s.touchdown.probability) for s in sites]),
        _row("Shadow and back, in time", [DASH if s.reach is None else percent(s.reach.in_time) for s in sites]),
        _row(
            "Survey for water, confirmed",
            [DASH if s.water is None else percent(s.water.survey.confirmed) for s in sites],
        ),
        _row(
            "the same, were its ground alike",
            [DASH if s.water is None else percent(s.water.survey.alike_confirmed) for s in sites],
            "quiet",
        ),
        _row("Score at the best cell", [number(s.site.score, 3) for s in sites], "quiet"),
        _row("Rank on the regional map", [number(s.site.rank_regional, 0) for s in sites], "quiet"),
    ]
    return header, tuple(row for row in rows if any(cell.text != DASH for cell in row[1:]))


def _row(name: str, texts: Sequence[str], kind: str = "number") -> tuple[Cell, ...]:
    return (Cell(name, "quiet-text") if kind == "quiet" else text_cell(name), *(Cell(text, kind) for text in texts))


def _rules_cell(site: SiteResult) -> Cell:
    if site.ground is None:
        return number_cell(DASH)
    if not site.ground.marked:
        return number_cell("none")
    worst = max(site.ground.marked, key=lambda rule: rule.share)
    more = len(site.ground.marked) - 1
    return Cell(f"{tidy(worst.name)} ({percent(worst.share)})" + (f" +{number(more, 0)}" if more else ""), "warn")
