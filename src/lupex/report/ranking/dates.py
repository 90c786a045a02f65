"""The landing dates: which dates suit which site, and the best windows."""

from typing import Any

import numpy as np

from lupex.model import DateTable
from lupex.report.paper.document import Beside, Block, Heading, Paragraph, Picture, Table, number_cell, text_cell
from lupex.report.paper.names import site_name
from lupex.report.paper.style import Figure
from lupex.report.paper.words import label, moment, plain, quantity, unit
from lupex.results import StudyResult

SHOWN = ("lit_days_after_landing", "longest_dark_hours", "sun_and_earth_fraction")
"""The quantities drawn as heat maps, where present."""
LISTED_WINDOWS = 3


def date_blocks(result: StudyResult, figures: dict[str, Figure]) -> list[Block]:
    """The page of landing dates; nothing when no table was made."""
    dates = result.dates
    if dates is None or not dates.sites or not dates.dates_utc:
        return []
    blocks: list[Block] = [Heading("Landing dates", 1, "dates"), Paragraph(_words(result))]
    blocks += [Picture(figures[k]) for k in ("dates",) if k in figures]
    blocks += [Beside(_windows_table(dates), (_best_table(dates),))]
    names = ", ".join(f"tables/dates_{name}.csv" for name in dates.values)
    return [*blocks, Paragraph(f"The whole table: {names}.", "note")]


def drawn(dates: DateTable) -> list[str]:
    """Names of the quantities the figure shows."""
    return [n for n in SHOWN if n in dates.values] or list(dates.values)[:3]


def _words(result: StudyResult) -> str:
    m = result.mission
    return (
        f"What a life of {plain('season_days', m.light.season_days)} on the surface would see at each site, for every "
        f"landing date in steps of {plain('step_days', m.dates.step_days)}, seen from "
        f"{plain('height_m', m.horizon.panel_height_m)} above ground. Lit days after landing end with the first dark "
        f"spell longer than {plain('dark_hours', m.dates.survivable_dark_hours)}. A date suits a site when at least "
        f"{plain('min_lit_days', m.sites.min_lit_days)} of light follow and the Earth is in view for at least a "
        f"fraction {plain('fraction', m.sites.min_earth_fraction)} of the life."
    )


def _windows_table(dates: DateTable) -> Table:
    rows = []
    for i, site in enumerate(dates.sites):
        windows = dates.best_windows[i] if i < len(dates.best_windows) else ()
        listed = windows[:LISTED_WINDOWS] or (("no date suits", ""),)
        for place, (first, last) in enumerate(listed):
            name = site_name(site) if place == 0 else ""
            rows.append((text_cell(name), number_cell(moment(first)), number_cell(moment(last) if last else "")))
    header = (text_cell("Site"), number_cell("Land from"), number_cell("to"))
    return Table(header, tuple(rows), "Windows of landing dates that suit, best first", "compact")


def _best_table(dates: DateTable) -> Table:
    """For each site the date with the best first quantity, and every drawn quantity there."""
    names = drawn(dates)
    header = (
        text_cell("Site"),
        number_cell("Best date"),
        *(number_cell(f"{label(n)} ({unit(n)})" if unit(n) else label(n)) for n in names),
    )
    rows = tuple(
        (
            text_cell(site_name(site)),
            number_cell("none" if best is None else moment(dates.dates_utc[best])),
            *(
                number_cell(quantity(n, None if best is None else float(dates.values[n][i, best]), False))
                for n in names
            ),
        )
        for i, site in enumerate(dates.sites)
        for best in [_best_date(dates.values[names[0]][i])]
    )
    return Table(header, rows, f"The first date with the most {label(names[0]).lower()}", "compact")


def _best_date(values: Any) -> int | None:
    """Position of the first largest finite value."""
    return int(np.nanargmax(values)) if np.isfinite(values).any() else None


def date_method(result: StudyResult) -> list[str]:
    """How the landing dates were judged, in words; nothing where they were not."""
    if result.dates is None:
        return []
    return [
        "Landing dates. The series of light and Earth view made once for each site are read from every landing "
        "date on, for as long as the mission lives on the surface."
    ]
