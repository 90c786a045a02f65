"""Pages of the whole region: the landing season, constraints, maps, permanent shadow."""

import numpy as np

from lupex.report.paper.document import Beside, Block, Heading, Paragraph, Picture, Table, number_cell, text_cell
from lupex.report.paper.style import Figure
from lupex.report.paper.words import DASH, latitude, longitude, moment, number, percent, plain, share, tidy
from lupex.results import StudyResult


def season_blocks(result: StudyResult, figures: dict[str, Figure]) -> list[Block]:
    """The search for the landing season."""
    words = Paragraph(_season_words(result))
    return [Heading("Landing season", 1, "season"), words, *pictures(figures, ("season",))]


def region_blocks(result: StudyResult, figures: dict[str, Figure]) -> list[Block]:
    """The regional maps in panels.

    Args:
        result: of the study. figures: by name.
    """
    words = Paragraph(
        "Each map shows the relief under one quantity. Values are computed cell by cell from the skyline of that cell "
        "and the apparent directions of Sun and Earth."
    )
    maps = pictures(figures, ("four", "four_more"))
    return [Heading("The region", 1, "region"), words, *_ground_words(result), *maps]


def _ground_words(result: StudyResult) -> list[Block]:
    """How light of the ground differs from that of the smooth cells, and how both compare with published light."""
    layers = result.maps.layers
    if "smooth_lit_fraction_any" not in layers:
        return []
    smooth, ground = (float(np.nanmean(layers[name])) for name in ("smooth_lit_fraction_any", "lit_fraction_any"))
    cell = plain("cell_m", result.region.grid.cell_m)
    return [Paragraph(
        f"Light and Earth view are means over the ground inside each cell of {cell}, with synthetic relief: a "
        f"smooth cell is too bright. In the mean of this map {percent(ground)} of the time is lit; smooth cells say "
        f"{percent(smooth)}. {MEASURED_BIAS} Longest spells, slopes and the mask of permanent shadow are "
        "those of the smooth cells."
    )]  # fmt: skip


MEASURED_BIAS = (
    "Against 211 published means of 1.08 km near the south pole (Mazarico et al. 2011) smooth cells of the default map "
    "are 3.7 points too bright, the ground's mean 0.0 (mean visible disc; any part of the disc: 5.8 and 1.8)."
)


def pictures(figures: dict[str, Figure], keys: tuple[str, ...], width: float = 1.0) -> list[Block]:
    """The figures of ``keys`` that were drawn, each ``width`` of the text wide."""
    return [Picture(figures[k], width) for k in keys if k in figures]


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


def shadow_blocks(result: StudyResult, figures: dict[str, Figure]) -> list[Block]:
    """Permanent shadow: its map, its largest regions, its area by latitude.

    Args:
        result: of the study.
        figures: by name.
    """
    m = result.mission
    blocks: list[Block] = [Heading("Permanent shadow", 1, "shadow"), Paragraph(
        "A cell is in permanent shadow when no part of the Sun's disc is visible at any time of the long-term span "
        f"(from {moment(m.light.cycle_start_utc)}, {plain('years', m.light.cycle_years)} years, meant to hold a "
        "full cycle of the "
        "lunar node). Areas are true areas on the sphere. The area found depends on the DEM: finer DEMs resolve small "
        "craters and find more."
    )]  # fmt: skip
    regions: list[Block] = [_regions_table(result)] if result.psr_regions else []
    shadow_map = pictures(figures, ("shadow",))
    blocks += [Beside(shadow_map[0], tuple(regions))] if shadow_map and regions else [*shadow_map, *regions]
    blocks += pictures(figures, ("psr_area",))
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


def constraint_blocks(result: StudyResult, _: dict[str, Figure]) -> list[Block]:
    """What each constraint does to the region.

    Args:
        result: of the study.
    """
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
