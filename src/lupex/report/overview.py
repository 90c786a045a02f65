"""The first pages: ranked sites, the season, the region, permanent shadow, constraints."""

from typing import Any

from lupex.report.contact.contact_pages import comparison_of_contacts
from lupex.report.drive.drive_pages import comparison_of_drives
from lupex.report.paper.document import Beside, Block, Cell, Heading, Paragraph, Picture, Table, number_cell, text_cell
from lupex.report.paper.names import ranked, site_title, synthetic_label
from lupex.report.paper.style import Figure
from lupex.report.paper.words import DASH, latitude, longitude, moment, number, plain, quantity, share, tidy, unit
from lupex.report.ranking.comparison import comparison_blocks, method_words
from lupex.report.ranking.dates import date_blocks
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


def overview_blocks(result: StudyResult, figures: dict[str, Figure]) -> list[Block]:
    """The ranked table and the region map, then season, region, shadow and constraints."""
    blocks: list[Block] = [Heading("Sites", 1, "sites"), *_lead(result)]
    if result.sites:
        blocks += [_ranked_table(result), *_fewer(result), Paragraph(_table_words(result), "note")]
    else:
        blocks.append(
            Paragraph(
                "No place in the region met every constraint. The constraints below show which one decides.", "warning"
            )
        )
    blocks += _pictures(figures, ("sites",), 0.62)
    blocks += comparison_blocks(result, figures) + comparison_of_drives(result) + comparison_of_contacts(result)
    blocks += [Heading("Landing season", 1, "season", True), Paragraph(_season_words(result))]
    blocks += _pictures(figures, ("season",))
    blocks += _constraint_blocks(result)
    blocks += date_blocks(result, figures)
    blocks += [Heading("The region", 1, "region", True)]
    blocks += [Paragraph(
        "Each map shows the relief under one quantity. Values are computed cell by cell from the skyline of that cell "
        "and the apparent directions of Sun and Earth."
    )]  # fmt: skip
    blocks += _pictures(figures, ("four",), 0.9)
    blocks += _pictures(figures, ("four_more",), 0.9)
    blocks += _shadow_blocks(result, figures)
    return blocks


def _pictures(figures: dict[str, Figure], keys: tuple[str, ...], width: float = 1.0) -> list[Block]:
    return [Picture(figures[k], width) for k in keys if k in figures]


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


def _season_words(result: StudyResult) -> str:
    season, m = result.season, result.mission
    return (
        f"The season is the window of {plain('days', season.days)} days within the mission span in which suitable "
        "ground is lit longest, searched day by day. Suitable here: the cells brightest over the whole cycle among "
        "gentle ground near permanent shadow, before the other constraints. It runs from "
        f"{moment(season.start_utc)} to "
        f"{moment(season.stop_utc)}. "
        f"Time step of all series: {plain('step_hours', m.light.step_hours)}."
    )


def _shadow_blocks(result: StudyResult, figures: dict[str, Figure]) -> list[Block]:
    m = result.mission
    blocks: list[Block] = [Heading("Permanent shadow", 1, "shadow", True), Paragraph(
        "A cell is in permanent shadow when no part of the Sun's disc is visible at any time of the long-term span "
        f"(from {moment(m.light.cycle_start_utc)}, {plain('years', m.light.cycle_years)} years, meant to hold a "
        "full cycle of the "
        "lunar node). Areas are true areas on the sphere. The area found depends on the DEM: finer DEMs resolve small "
        "craters and find more."
    )]  # fmt: skip
    regions: list[Block] = [_regions_table(result)] if result.psr_regions else []
    shadow_map = _pictures(figures, ("shadow",))
    blocks += [Beside(shadow_map[0], tuple(regions))] if shadow_map and regions else [*shadow_map, *regions]
    blocks += _pictures(figures, ("psr_area",))
    if result.psr_area_by_latitude:
        rows = tuple(
            (
                number_cell(number(a, 1)),
                number_cell(number(b, 1)),
                number_cell(number(psr, 1)),
                number_cell(number(total, 0)),
            )
            for a, b, psr, total in result.psr_area_by_latitude
        )
        header = ("From latitude (°)", "To (°)", "Permanent shadow (km²)", "Area of the band (km²)")
        blocks.append(
            Table(tuple(map(number_cell, header)), rows, "Permanent shadow by band of absolute latitude", "compact")
        )
    return blocks


LISTED_REGIONS = 18


def _regions_table(result: StudyResult) -> Table:
    header = (
        number_cell("Label"),
        text_cell("Name"),
        *map(number_cell, ("Latitude", "Longitude", "Area (km²)", "Height (m)")),
    )
    rows = tuple(
        (
            number_cell(number(r.label, 0)),
            text_cell(tidy(r.name) or DASH),
            number_cell(latitude(r.lat_deg)),
            number_cell(longitude(r.lon_deg)),
            number_cell(number(r.area_km2, 1)),
            number_cell(number(r.mean_elevation_m, 0)),
        )
        for r in result.psr_regions[:LISTED_REGIONS]
    )
    return Table(
        header, rows, "The largest regions of permanent shadow (all of them in tables/psr_regions.csv)", "compact"
    )


def _constraint_blocks(result: StudyResult) -> list[Block]:
    if not result.constraints:
        return []
    header = (
        text_cell("Constraint"),
        text_cell("Rule"),
        number_cell("Cells that fail it (%)"),
        number_cell("Fail only this (%)"),
    )
    rows = tuple(
        (
            text_cell(tidy(c.name)),
            text_cell(tidy(c.rule)),
            number_cell(share(c.share_failing)),
            number_cell(share(c.share_failing_only_this)),
        )
        for c in result.constraints
    )
    return [
        Heading("Constraints", 1, "constraints"),
        Paragraph(
            "A constraint that many cells fail alone decides the result; one that no cell fails alone could be dropped "
            "without changing it."
        ),
        Table(header, rows, "What each constraint does to the region"),
    ]
