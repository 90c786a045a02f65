"""The first page: the ranked sites and their map."""

from lupex.report.headline import headline_tables, marked_words
from lupex.report.paper.document import Block, Heading, Paragraph, Picture
from lupex.report.paper.names import synthetic_label
from lupex.report.paper.style import Figure
from lupex.report.paper.words import moment, plain, tidy
from lupex.report.ranking.comparison import method_words
from lupex.results import StudyResult


def sites_blocks(result: StudyResult, figures: dict[str, Figure]) -> list[Block]:
    """The first page: what was studied, the ranked table, the map of the sites.

    Args:
        result: of the study.
        figures: by name.
    """
    blocks: list[Block] = [Heading("Sites", 1, "sites"), *_lead(result)]
    if result.sites:
        blocks += [
            *headline_tables(result),
            *marked_words(result),
            *_fewer(result),
            Paragraph(_table_words(result), "note"),
        ]
    else:
        blocks.append(
            Paragraph(
                "No place in the region met every constraint. The constraints below show which one decides.", "warning"
            )
        )
    return blocks + ([Picture(figures["sites"], 0.84)] if "sites" in figures else [])


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
    by = "" if result.ranking is None else f" in the comparison ({method_words(result.ranking)})"
    fine = result.sites[0].maps.meanings.get("slope_deg", "") if result.sites else ""
    return (
        f"Sites by rank{by}. The landing ellipse: {plain('along_m', m.dispersion.along_sigma_m)} along and "
        f"{plain('cross_m', m.dispersion.cross_sigma_m)} across the track, one sigma, around the best cell; each cell "
        "of the fine map counts by the share of landings it takes. A rule of the mission is marked as broken when it "
        "fails in more of the landings than lie beyond the percentile shown. On the fine DEM: "
        f"{fine or 'slope'}; on the regional maps: {result.maps.meanings.get('slope_deg', 'slope')}. Lit: share of the "
        f"landing season with the Sun in view from {plain('height_m', m.horizon.surface_height_m)} above ground; dark: "
        f"no more than a fraction {plain('fraction', m.light.dark_below_disc_fraction)} of its disc visible. Earth in "
        "view: centre of the Earth above the skyline."
    )
