"""The first page of each site: its numbers, map, skyline and calendar."""

from collections.abc import Mapping

from lupex.report.paper.document import Beside, Block, Cell, Heading, Paragraph, Picture, Table, number_cell, text_cell
from lupex.report.paper.names import synthetic_label
from lupex.report.paper.style import Figure
from lupex.report.paper.words import (
    DASH,
    label,
    latitude,
    longitude,
    moment,
    number,
    percent,
    quantity,
    spread,
    tidy,
    unit,
)
from lupex.results import SiteResult, StudyResult

PAIR = 2
SMOOTH_LIGHT = "smooth_lit_fraction_any"
"""There where the maps show the light of the ground below their cells."""


def site_blocks(
    result: StudyResult, site: SiteResult, name: str, anchor: str, figures: dict[str, Figure]
) -> list[Block]:
    """First page of a site: where it is, its map, numbers, skyline and calendar.

    Args:
        name, anchor: of the heading.
        figures: of this site, by name.
    """
    place = site.site
    words = (
        f"{latitude(place.lat_deg)}, {longitude(place.lon_deg)}. Rank {number(site.site.rank, 0)} here, "
        f"{number(site.site.rank_regional, 0)} on the regional map; score {number(site.site.score, 3)}."
    )
    if synthetic_label(site):
        words += f" Fine relief: {synthetic_label(site)}."
    blocks: list[Block] = [Heading(f"Site {name}", 1, anchor, True), Paragraph(words)]
    pair = [*_rules(site), *_spells(site)]
    maps: list[Block] = [Picture(figures[k]) for k in ("light", "slope") if k in figures]
    blocks += [Beside(maps[0], (maps[1],))] if len(maps) == PAIR else maps
    blocks += [
        *_numbers(site, SMOOTH_LIGHT in result.maps.layers),
        *([Beside(pair[0], (pair[1],))] if len(pair) == PAIR else pair),
    ]
    return blocks + [Picture(figures[k]) for k in ("skyline", "calendar") if k in figures]


def _met(site: SiteResult) -> tuple[str, ...]:
    return () if site.ground is None else tuple(site.ground.values)


def _numbers(site: SiteResult, by_ground: bool) -> list[Block]:
    """Every number at the site: on the regional map, over the landing ellipse, at the best cell and at panel height."""
    regional, fine, summary = site.site.candidate.criteria, site.site.fine, site.summary
    keys = [k for k in dict.fromkeys([*fine, *summary, *regional, *_met(site)]) if k not in ("lat_deg", "lon_deg")]
    if not keys:
        return []
    met = {} if site.ground is None else site.ground.values
    rows: list[tuple[Cell, ...]] = [
        (
            text_cell(f"{label(key)} ({unit(key)})" if unit(key) else label(key)),
            number_cell(spread(key, met.get(key))),
            *(
                number_cell(quantity(key, known.get(key), with_unit=False) if key in known else DASH)
                for known in (fine, summary, regional)
            ),
        )
        for key in keys
    ]
    header = (text_cell("Quantity"), *map(number_cell, ("Landing ellipse", "Best cell", "Panel", "Region")))
    caption = (
        "At the site: mean over the landing ellipse (5th to 95th percentile); at its best cell, on the ground and at "
        "the height of the panel; in the cell of the regional map"
    )
    if by_ground:
        caption += ", where shares of time are means over the ground below the cell, and spells are of the smooth cell"
    return [Table(header, tuple(rows), f"{caption}{_ground_words(summary, site.grounds_from)}", "compact")]


def _ground_words(summary: Mapping[str, float], source: str) -> str:
    """What quantiles over many grounds are, where there are any."""
    if "grounds" not in summary:
        return ""
    return (
        f"; p05, p50, p95, sigma and probabilities in the column of the panel: over "
        f"{number(summary['grounds'], 0)} grounds: {source}"
    )


def _rules(site: SiteResult) -> list[Block]:
    """The rules of the mission that fail in part of the landing ellipse."""
    if site.ground is None or not site.ground.broken:
        return []
    rows = tuple(
        (text_cell(tidy(rule.rule)), Cell(percent(rule.share), "warn" if rule.marked else "number"))
        for rule in sorted(site.ground.broken, key=lambda rule: -rule.share)
    )
    header = (text_cell("Rule"), number_cell("Landings that break it"))
    return [Table(header, rows, "Rules of the mission that fail in part of the landing ellipse", "compact")]


def _spells(site: SiteResult) -> list[Block]:
    rows = tuple(
        (text_cell(kind), number_cell(moment(start)), number_cell(moment(stop)))
        for kind, windows in (("lit", site.lit_windows_utc), ("dark", site.dark_windows_utc))
        for start, stop in windows
    )
    if not rows:
        return []
    header = (text_cell("Spell"), number_cell("From (UTC)"), number_cell("To (UTC)"))
    return [Table(header, rows, "Longest unbroken spells", "compact")]
