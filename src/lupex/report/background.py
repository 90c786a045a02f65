"""The last pages: facts of the mission, settings, method in words, limits, references, provenance."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from lupex.mission import Mission
from lupex.model import Fact
from lupex.model.settings.setting import ASSUMPTION
from lupex.report.paper.chapter import Chapter
from lupex.report.paper.document import Block, Cell, Heading, Items, Paragraph, Table, number_cell, text_cell
from lupex.report.paper.names import synthetic_label
from lupex.report.paper.references import REFERENCES
from lupex.report.paper.words import label, moment, plain, quantity, tidy
from lupex.results import StudyResult


def background_blocks(result: StudyResult, chapters: Sequence[Chapter]) -> list[Block]:
    """Facts, method in words, limits, references, settings and provenance; method and works of ``chapters`` among
    them.

    Args:
        result: of the study.
    """
    works = {work for chapter in chapters for work in chapter.references}
    return [
        *_facts(result),
        *_method(result, [text for chapter in chapters for text in chapter.method(result)]),
        *_limits(result),
        Heading("References", 1, "references"),
        Items(tuple(sorted({*REFERENCES, *works}))),
        *_settings(result),
        *_provenance(result),
    ]


def _source_cell(source: str) -> Cell:
    source = tidy(source)
    return Cell("", "assumption") if source == ASSUMPTION else text_cell(source)


def _facts(result: StudyResult) -> list[Block]:
    groups = (("Lander", result.mission.lander), ("Rover", result.mission.rover))
    rows = tuple(_fact_row(group, fact) for group, facts in groups for fact in facts)
    if not rows:
        return []
    header = tuple(map(text_cell, ("Part", "Fact", "Value", "Meaning", "Source")))
    return [
        Heading("Mission facts", 1, "facts", True),
        Paragraph(
            "Facts about the mission and where they come from. What is not published is marked as an assumption; "
            "replace it in the mission file when you know better."
        ),
        Table(header, rows),
    ]


def _fact_row(group: str, fact: Fact) -> tuple[Cell, ...]:
    value = text_cell(plain(fact.key, fact.value))
    return (
        text_cell(group),
        text_cell(label(fact.key)),
        value,
        text_cell(tidy(fact.meaning)),
        _source_cell(fact.source),
    )


def settings_tables(mission: Mission) -> list[tuple[str, Any]]:
    """Name and settings of every table of a mission, in the order of the mission."""
    parts = [(item.name, getattr(mission, item.name)) for item in fields(mission)]
    return [(name, part) for name, part in parts if is_dataclass(part)]


def _settings(result: StudyResult) -> list[Block]:
    rows: list[tuple[Cell, ...]] = []
    given = set(result.mission.given)
    for table, part in settings_tables(result.mission):
        for item in fields(part):
            if "meaning" not in item.metadata and not getattr(part, item.name):
                continue  # weights of plug-ins that are not installed
            key = f"{table}.{item.name}"
            source = text_cell("mission file") if key in given else _source_cell(str(item.metadata.get("source", "")))
            value = text_cell(_setting_text(item.name, getattr(part, item.name)))
            rows.append((Cell(key, "code"), value, text_cell(tidy(str(item.metadata.get("meaning", "")))), source))
    header = tuple(map(text_cell, ("Setting", "Value", "Meaning", "Source")))
    return [
        Heading("Settings", 1, "settings"),
        Paragraph(
            "Every setting of this study. Those from the mission file say so; the others are defaults with "
            "their source."
        ),
        Table(header, tuple(rows)),
    ]


def _setting_text(name: str, value: Any) -> str:
    return moment(value) if isinstance(value, str) and name.endswith("_utc") else plain(name, value)


def _method(result: StudyResult, of_chapters: Sequence[str]) -> list[Block]:
    m, grid = result.mission, result.region.grid
    texts = (
        f"Terrain. {tidy(result.region.source) or 'The DEM given'} in cells of "
        f"{plain('cell_m', float(grid.cell_m))} on the polar "
        f"stereographic map {grid.crs_name} of the lunar sphere. Around each chosen site a finer DEM of cells of "
        f"{_fine_cell(result)} and {plain('size_km', m.terrain.fine_size_km)} a side is "
        "used. Where the input "
        "is coarser than that, it is refined: block means stay those of the input, roughness and craters below "
        "the post "
        "spacing follow published statistics (Rosenburg et al.), with a stated seed.",
        "Sky. Apparent directions of Sun and Earth, with light time and stellar aberration, from JPL's "
        "planetary ephemeris "
        "and lunar orientation (Park et al.), evaluated with SPICE (Acton). Sun and Earth are discs of their "
        "true apparent size.",
        f"Skyline. For every cell, the elevation of the terrain in {plain('count', m.horizon.azimuths)} "
        "azimuths, exact on the "
        f"sphere, out to {plain('radius_km', m.horizon.search_radius_km)}, through the fine DEM, the region "
        "and the cap. Along great "
        "circles the terrain is reduced to its upper convex hull, so that every cell's horizon is found in "
        "constant time. "
        f"Maps of the ground use an eye {plain('height_m', m.horizon.surface_height_m)} above it, the series "
        "at a site an eye "
        f"{plain('height_m', m.horizon.panel_height_m)} above it.",
        "Light. The share of the Sun's disc above the skyline, as a function of time. Two definitions of mean "
        "illumination are in "
        "use and both are given: the share of the time with any part of the disc in view (Mazarico et al.), "
        "and the mean visible "
        "share of the disc (Gläser et al.). They differ; compare like with like. Long-term means use the "
        "distribution of the "
        f"Sun's directions over {plain('years', m.light.cycle_years)} years.",
        "Earth view. The share of the time with the centre of the Earth above the skyline. It is a geometric "
        "view, not a link budget.",
        "Ranking. Cells that meet every constraint are scored by the weighted mean of their criteria, each "
        "scaled to the range "
        "from worst to best; the best places that lie far enough apart are chosen, each is computed again on "
        "its fine DEM, and "
        "the ranking is repeated.",
        *of_chapters,
    )  # fmt: skip
    sky = tuple((text_cell(label(key)), number_cell(quantity(key, value))) for key, value in result.sky_numbers.items())
    blocks: list[Block] = [
        Heading("Method", 1, "method", not (m.lander or m.rover)),
        *(Paragraph(text) for text in texts),
    ]
    if sky:
        blocks.append(Table((text_cell("Sky over the spans computed"), number_cell("Value")), sky, "", "compact"))
    return blocks


def _limits(result: StudyResult) -> list[Block]:
    m = result.mission
    texts = [
        f"A DEM with cells of {plain('cell_m', float(result.region.grid.cell_m))} smooths peaks and fills "
        "small craters. Ridges "
        "lose height, so light on summits is understated and shadow in small hollows is missed. Values at ground level "
        "test the DEM more than the method; values at panel height depend less on it.",
        "Slopes hold for the stated baseline only. Over shorter baselines the ground is steeper.",
        "Heights of the DEM carry errors of their own, largest between the tracks of the altimeter, where they "
        "are interpolated. " + _error_words(result),
        f"Terrain beyond {plain('radius_km', m.horizon.search_radius_km)} is not searched.",
        "Constraints and weights of the ranking are choices, not measurements; those marked as assumptions "
        "have no published source.",
        "A place without Earth view or Sun in one cell may have both a few metres away; look at the maps, not "
        "only at the table.",
    ]
    if any(label_of_any(result)):
        texts.insert(0, "Relief finer than the input is made up (see the stamps on figures and the names of files). "
                     "It is reproducible and has the right statistics, but no single slope, crater or shadow "
                     "of it exists.")  # fmt: skip
    return [Heading("What to keep in mind", 1, "limits"), Items(tuple(texts))]


def _error_words(result: StudyResult) -> str:
    if result.ranking is None:
        return "No uncertainty is propagated."
    return (
        "They are not propagated. The sigmas of the comparison are spreads of each criterion over the ground where the "
        "lander may come down, or over neighbouring aim points, on this one DEM; they stand for how much hangs on the "
        "very ground there."
    )


def _fine_cell(result: StudyResult) -> str:
    """The cell of the fine DEMs as used."""
    cells = sorted({float(site.terrain.grid.cell_m) for site in result.sites})
    return (
        " to ".join(plain("cell_m", c) for c in (cells if len(cells) < 2 else [cells[0], cells[-1]])) or "the size set"
    )


def label_of_any(result: StudyResult) -> list[str]:
    """Labels of made-up relief of all sites ('' for measured ones)."""
    return [synthetic_label(site) for site in result.sites]


def _provenance(result: StudyResult) -> list[Block]:
    p = result.provenance
    rows: list[tuple[Cell, ...]] = [
        (text_cell("lupex"), Cell(tidy(p.lupex_version), "code")),
        *((text_cell(tidy(name)), Cell(tidy(version), "code")) for name, version in sorted(p.package_versions.items())),
        (text_cell("seed"), Cell(str(p.seed), "code")),
        (text_cell("mission file"), Cell(tidy(result.mission.text_sha256), "code")),
        *((text_cell(f"input {tidy(name)}"), Cell(tidy(digest), "code")) for name, digest in p.inputs),
        *((text_cell(f"kernel {tidy(name)}"), Cell(tidy(digest), "code")) for name, digest in p.kernels),
    ]
    return [
        Heading("Provenance", 1, "provenance"),
        Paragraph(
            "What this report was made from. The same versions, inputs and seed give the same bytes. Every "
            "number printed here, "
            "and the digest of every file written with this report, stands in study.json."
        ),
        Table((text_cell("Item"), text_cell("Version or digest")), tuple(rows), "", "compact"),
    ]
