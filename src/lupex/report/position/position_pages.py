"""Pages on position: sigma over days, methods alone and left out, what to measure next, what it is asked for."""

import math
from typing import Any

from lupex.navigation.methods import method
from lupex.report.paper.document import Block, Cell, Heading, Items, Paragraph, Picture, Table, number_cell, text_cell
from lupex.report.paper.names import ranked, site_title
from lupex.report.paper.style import Figure
from lupex.report.paper.words import DASH, moment, number, plain, sentence, tidy
from lupex.results import SiteResult, StudyResult
from lupex.results.position import SitePosition

UNKNOWN_M = 9999.0
"""A sigma beyond it was not observed; the table says so instead of a number."""
POSITION_REFERENCES = (
    "Bierman, G. J. (1977). Factorization Methods for Discrete Sequential Estimation. Academic Press.",
    "Moyer, T. D. (2000). Formulation for Observed and Computed Values of Deep Space Network Data Types for "
    "Navigation. JPL Publication 00-7.",
)


def has_position(result: StudyResult) -> bool:
    """Whether any site has a budget of its position."""
    return any(site.position is not None for site in result.sites)


def position_blocks(result: StudyResult, _: dict[str, Figure]) -> list[Block]:
    """All sites beside each other: sigma by days, when what is wanted is reached, what decides.

    Args:
        result: of the study.
    """
    found = [(site, site.position) for site in ranked(result) if site.position is not None]
    if not found:
        return []
    first = found[0][1]
    assert first is not None
    names = ", ".join(method(name).title for name in first.methods)
    lead = (
        f"One sigma of east and north together that a lander at rest would know its place with, by {names}; signals "
        "from the Earth in the passes of the contact plan alone, behind both horizons. Wanted before the first drive: "
        f"{plain('sigma_m', first.wanted_m)} ([position] wanted_m)."
    )
    return [
        Heading("Position: who knows where, by when", 1, "position", True),
        Paragraph(lead),
        _sites_table([(site, one) for site, one in found if one is not None]),
        Items(tuple(_requirement(site, one) for site, one in found if one is not None)),
        *_ellipse(result),
    ]


def _ellipse(result: StudyResult) -> list[Block]:
    """Where the landing ellipse comes from, part by part."""
    if not result.ellipse_parts:
        return []
    m = result.mission
    parts = [(one.name, one.along_m, one.across_m) for one in result.ellipse_parts]
    along, across = (math.sqrt(sum(v**2 for v in values)) for values in list(zip(*parts, strict=True))[1:])
    rows = [*parts, ("together", along, across)]
    used = (m.dispersion.along_sigma_m, m.dispersion.cross_sigma_m)
    ellipse = f"{plain('along_m', used[0])} along and {plain('cross_m', used[1])} across the track"
    if m.ellipse.origin == "stated":
        words = (
            f"The landing ellipse of this study, {ellipse}, is the one [dispersion] states. What [ellipse] says of the "
            'orbit and the way down would give the following instead; ellipse = "computed" takes it.'
        )
    else:
        words = f"The landing ellipse of this study, {ellipse}, is computed from what [ellipse] says, part by part."
    header = (text_cell("Part"), number_cell("along, m"), number_cell("across, m"))
    cells = tuple((text_cell(name), *(number_cell(_metres(v)) for v in both)) for name, *both in rows)
    caption = (
        f"One sigma at touchdown: orbit as known {number(m.ellipse.hours_since_orbit, 1)} h before the descent, "
        "carried down by the inertial unit; map; guidance"
    )
    return [Paragraph(words), Table(header, cells, caption, "compact")]


def site_position_blocks(
    result: StudyResult, site: SiteResult, title: str, anchor: str, figures: dict[str, Figure]
) -> list[Block]:
    """One site: its budget by method and arc, the map of what a skyline gives, what decides, what is next.

    Args:
        result: of the study. site: of these pages. title: of its pages.
        anchor: of the heading. figures: of this site, by name.
    """
    found = site.position
    if found is None:
        return []
    blocks: list[Block] = [Heading(f"{title}: position", 2, f"{anchor}-position"), Paragraph(_site_words(found))]
    if "position" in figures:
        blocks.append(Picture(figures["position"]))
    blocks.append(_methods_table(found))
    return [*blocks, Items(tuple(tidy(note) for note in (*_unobserved(found), *found.notes)))]


def position_method(result: StudyResult) -> list[str]:
    """How the budgets were computed.

    Args:
        result: of the study.
    """
    if not has_position(result):
        return []
    return [
        "Position. Covariance analysis without data: partial derivatives of every measurement by the place (light time "
        "in the barycentric frame), weighted by its noise; biases of stations and maps are estimated along with the "
        "place under their own prior (square-root information, Bierman 1977). Ranges and Doppler every five minutes "
        "while a pass of the contact plan lasts. A skyline's precision is the Cramér–Rao bound of its change from "
        "cell to cell, yaw of the camera unknown."
    ]


def position_row(site: SiteResult) -> dict[str, Any]:
    """Sigma after a day and after the longest arc, when the wanted is reached; nothing without a budget.

    Args:
        site: with or without a budget.
    """
    found = site.position
    if found is None:
        return {}
    last = found.together[-1]
    return {
        "position_sigma_m": last.sigma_horizontal_m,
        "position_arc_days": last.days,
        "position_wanted_days": found.wanted_days if math.isfinite(found.wanted_days) else None,
        "position_decided_by": found.decides[0],
        "skyline_fix_m": found.skyline_m if math.isfinite(found.skyline_m) else None,
    }


def _sites_table(found: list[tuple[SiteResult, SitePosition]]) -> Table:
    arcs = found[0][1].arcs_days
    days = [f"{number(arc, 2 if arc < 1.0 else 0)} d, m" for arc in arcs]
    header = (text_cell("Site"), *map(number_cell, ("Antennas", *days, "Skyline alone, m")),
              text_cell("Missed most"), number_cell("without it, m"))  # fmt: skip
    rows = []
    for site, one in found:
        name, without = one.decides
        cells = [_sigma(row.sigma_horizontal_m, one.wanted_m) for row in one.together]
        rows.append((text_cell(site_title(site)), number_cell(number(len(one.stations), 0)), *cells,
                     number_cell(number(one.skyline_m)), text_cell(method(name).title if name else DASH),
                     number_cell(_metres(without))))  # fmt: skip
    caption = (
        "Horizontal one sigma by all methods together after so many days from the first pass; coloured: above what is "
        "wanted. Skyline alone: without the DEM's own error. Missed most: the method without which the longest arc "
        "ends worst"
    )
    return Table(header, tuple(rows), caption)


def _methods_table(found: SitePosition) -> Table:
    header = (text_cell("By"), *(number_cell(f"{number(arc, 2 if arc < 1.0 else 0)} d, m") for arc in found.arcs_days),
              *map(number_cell, ("east, m", "north, m", "up, m")))  # fmt: skip
    sets: list[tuple[str, ...]] = [(name,) for name in found.methods]
    words = [method(name).title for name in found.methods]
    if len(found.methods) > 1:
        sets.append(found.methods)
        words.append("all together")
    if len(found.methods) > 2:
        sets += [tuple(other for other in found.methods if other != name) for name in found.methods]
        words += [f"without {method(name).title}" for name in found.methods]
    rows = []
    for word, chosen in zip(words, sets, strict=True):
        arcs = [found.row(days, chosen) for days in found.arcs_days]
        last = arcs[-1]
        kind = "best" if chosen == found.methods else "number"
        rows.append((text_cell(word), *(Cell(_metres(row.sigma_horizontal_m), kind) for row in arcs),
                     *(number_cell(_metres(v)) for v in (last.sigma_east_m, last.sigma_north_m, last.sigma_up_m)),
                     ))  # fmt: skip
    caption = (
        f"Horizontal one sigma from {moment(found.start_utc)} on, by method and days; the last three columns after "
        "the longest arc. No number: not observed"
    )
    return Table(header, tuple(rows), caption)


def _site_words(found: SitePosition) -> str:
    last = found.together[-1]
    seen = f"{number(len(found.stations), 0)} antennas have passes in that time. " if found.stations else ""
    text = (
        f"After {number(last.days, 0)} days all methods together leave {_metres(last.sigma_horizontal_m)} m "
        f"horizontally and {_metres(last.sigma_up_m)} m in height. {seen}"
    )
    name, without = found.decides
    if name:
        text += f"What decides is the {method(name).title}: without it {_metres(without)} m would be left. "
    if found.next_rows:
        best = found.next_rows[0]
        added = method(best.methods.split("+")[-1]).title
        text += (
            f"Of what is not measured yet, {added} would help most: after {number(best.days, 0)} day it would leave "
            f"{_metres(best.sigma_horizontal_m)} m."
        )
    return text


def _requirement(site: SiteResult, found: SitePosition) -> str:
    name = site_title(site)
    days = found.wanted_days
    reached = f"kept after {number(days, 2)} days" if math.isfinite(days) else "kept after none of the arcs"
    text = f"{name}: {plain('sigma_m', found.wanted_m)} {reached}"
    if not math.isfinite(found.first_drive_m):
        return sentence(f"{text}; no arc ends before the first drive")
    word = "in time" if found.first_drive_m <= found.wanted_m else "too late"
    return sentence(
        f"{text}, {word} for the first drive {number(found.first_drive_days, 1)} days after the first pass "
        f"({_metres(found.first_drive_m)} m by then)"
    )


def _unobserved(found: SitePosition) -> tuple[str, ...]:
    one = found.together[0]
    return tuple(sentence(f"After {number(one.days, 2)} days by all methods: {words}") for words in one.unobserved)


def _sigma(value: float, wanted: float) -> Cell:
    return Cell(_metres(value), "number" if value <= wanted else "warn")


def _metres(value: float) -> str:
    if not value <= UNKNOWN_M:
        return DASH
    return number(value, 0 if value >= 100.0 else 1 if value >= 10.0 else 2)
