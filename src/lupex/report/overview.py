"""The first page: the ranked sites and their map."""

from typing import Any

from lupex.report.paper.document import Block, Cell, Heading, Paragraph, Picture, Table, number_cell, text_cell
from lupex.report.paper.names import ranked, site_title, synthetic_label
from lupex.report.paper.style import Figure
from lupex.report.paper.words import latitude, longitude, moment, number, plain, quantity, tidy, unit
from lupex.report.ranking.comparison import method_words
from lupex.results import SiteResult, StudyResult

SUMMARY_COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Elevation", ("elevation_m",)),
    ("Slope", ("slope_deg",)),
    ("Lit in the season", ("season_lit_fraction", "lit_fraction_season", "lit_fraction")),
    (
        "Longest dark spell",
        ("season_longest_dark_days", "longest_dark_days", "season_longest_dark_hours", "longest_dark_hours"),
    ),
    ("Earth in view", ("season_earth_fraction", "earth_fraction")),
    ("Sun and Earth", ("season_sun_and_earth_fraction", "sun_and_earth_fraction")),
    ("To permanent shadow", ("psr_distance_km",)),
)
"""Columns of the ranked table: heading and the names under which the value may stand, best first."""


def value_at(site: SiteResult, names: tuple[str, ...]) -> tuple[str, Any]:
    """The first of ``names`` known at the site (fine criteria, then summary, then regional) and its value."""
    for name in names:
        for known in (site.site.fine, site.summary, site.site.candidate.criteria):
            if name in known:
                return name, known[name]
    return names[0], None


def sites_blocks(result: StudyResult, figures: dict[str, Figure]) -> list[Block]:
    """The first page: what was studied, the ranked table, the map of the sites.

    Args:
        result: of the study.
        figures: by name.
    """
    blocks: list[Block] = [Heading("Sites", 1, "sites"), *_lead(result)]
    if result.sites:
        blocks += [_ranked_table(result), *_fewer(result), Paragraph(_table_words(result), "note")]
    else:
        blocks.append(
            Paragraph(
                "No place in the region met every constraint. The constraints below show which one decides.", "warning"
            )
        )
    return blocks + ([Picture(figures["sites"], 0.62)] if "sites" in figures else [])


def _lead(result: StudyResult) -> list[Block]:
    m, season = result.mission, result.season
    span = f"{moment(m.light.start_utc)} to {moment(m.light.stop_utc)}"
    blocks: list[Block] = [
        Paragraph(
            f"Candidate landing sites around the lunar {result.region.grid.pole} pole, computed from "
            f"{tidy(result.region.source) or 'the DEM given'} for the mission span {span}. The best landing "
            "season found "
            f"starts on {moment(season.start_utc)} and ends on {moment(season.stop_utc)} "
            f"({plain('days', season.days)} days).",
            "lead",
        )
    ]
    labels = sorted({synthetic_label(s) for s in result.sites} - {""})
    if labels:
        blocks.append(Paragraph(
            f"Site pages are {' and '.join(labels)}: relief at smaller scales is made up from published lunar "
            "statistics, "
            "because the DEM used here does not resolve it. It shows what such ground may look like, not what "
            "is there. "
            "Slopes, light and shadow of a site page are examples drawn with one seed; decide nothing on them before "
            "a measured DEM has been brought.",
            "warning",
        ))  # fmt: skip
    return blocks


def _ranked_table(result: StudyResult) -> Table:
    sites = ranked(result)
    header = [text_cell("Rank"), text_cell("Site"), number_cell("Latitude"), number_cell("Longitude")]
    keys: list[tuple[str, ...]] = []
    for name, names in SUMMARY_COLUMNS:
        used = next((value_at(s, names)[0] for s in sites if value_at(s, names)[1] is not None), names[0])
        header.append(number_cell(f"{name} ({unit(used)})" if unit(used) else name))
        keys.append((used, *names))
    header += [number_cell("Score"), number_cell("Rank before")]
    rows = tuple(_ranked_row(site, keys) for site in sites)
    by = "" if result.ranking is None else f", in the order of the comparison ({method_words(result.ranking)})"
    return Table(tuple(header), rows, f"Sites by rank, at the site, after re-examination on the fine DEM{by}")


def _ranked_row(site: SiteResult, keys: list[tuple[str, ...]]) -> tuple[Cell, ...]:
    place = site.site
    cells = [number_cell(number(site.site.rank, 0)), text_cell(site_title(site))]
    cells += [number_cell(latitude(place.lat_deg)), number_cell(longitude(place.lon_deg))]
    for names in keys:
        key, value = value_at(site, names)
        shown = value if unit(key) == unit(names[0]) else None
        cells.append(number_cell(quantity(key, shown, with_unit=False)))
    return (*cells, number_cell(number(site.site.score, 3)), number_cell(number(site.site.rank_regional, 0)))


def _fewer(result: StudyResult) -> list[Block]:
    """A line beside the table when there are fewer sites than the mission asks for."""
    asked = result.mission.sites.count
    if len(result.sites) >= asked:
        return []
    return [
        Paragraph(
            f"The mission asks for {plain('count', asked)} sites; no more were found that meet every constraint and "
            f"lie at least {plain('separation_km', result.mission.sites.separation_km)} apart.",
            "warning",
        )
    ]


def _table_words(result: StudyResult) -> str:
    m = result.mission
    fine = result.sites[0].maps.meanings.get("slope_deg", "") if result.sites else ""
    return (
        f"All at the single best fine cell near each candidate. On the fine DEM: {fine or 'slope'}; on the regional "
        f"maps: {result.maps.meanings.get('slope_deg', 'slope')}. Lit: share of the landing "
        "season with the "
        f"Sun in view; dark: no more than a fraction {plain('fraction', m.light.dark_below_disc_fraction)} of "
        "its disc visible. "
        "Earth in view: centre of the Earth above the skyline. Rank before: rank on the regional map."
    )
