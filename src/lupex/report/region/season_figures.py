"""Figures over time and latitude: the landing-season search and permanent shadow by latitude."""

from pathlib import Path
from typing import Any

import numpy as np

from lupex.report.paper.finish import Note, finished
from lupex.report.paper.names import below_label
from lupex.report.paper.panels import data_note, inches
from lupex.report.paper.style import DEEP_BLUE, HAIR, MARK, SUN, Figure, new_figure
from lupex.report.paper.times import date_axis, day_number
from lupex.report.paper.words import moment, number
from lupex.results import StudyResult


def season_figure(result: StudyResult, folder: Path) -> dict[str, Figure]:
    """Draw 'season', the search for the landing season, where there was one."""
    return {"season": _season(result, folder)} if result.season.starts_utc else {}


def area_figure(result: StudyResult, folder: Path) -> dict[str, Figure]:
    """Draw 'psr_area', permanent shadow by latitude, where it was measured."""
    return {"psr_area": _psr_area(result, folder)} if result.psr_area_by_latitude else {}


def _season(result: StudyResult, folder: Path) -> Figure:

    season = result.season
    starts = [day_number(s) for s in season.starts_utc]
    best = day_number(season.start_utc)
    stop = day_number(season.stop_utc)
    percent = 100.0 * np.asarray(season.lit_fraction)
    figure = new_figure(7.2, 2.75)
    axes = figure.add_axes(inches(figure, 0.6, 0.74, 6.4, 1.72))
    axes.axvspan(best, stop, color=SUN, alpha=0.16, lw=0)
    axes.plot(starts, percent, color=SUN, lw=1.4)
    axes.axvline(best, color=MARK, lw=1.1)
    axes.set_ylim(0, max(1.0, min(100.0, 1.18 * float(np.nanmax(percent)))))
    axes.set_xlim(min(starts + [best]), max(starts + [stop]))
    date_axis(axes)
    axes.set_ylabel("suitable ground lit (%)")
    axes.set_xlabel("landing date", labelpad=2)
    _quiet(axes)
    right = best > 0.5 * (axes.get_xlim()[0] + axes.get_xlim()[1])
    axes.annotate(
        f"best: {moment(season.start_utc)}", (best, axes.get_ylim()[1]), xytext=(-4 if right else 4, -9),
        textcoords="offset points", ha="right" if right else "left", color=MARK, weight="bold", fontsize=7.5,
    )  # fmt: skip
    caption = (
        "For every landing date, the lit share of the following season averaged over suitable ground. "
        "The line marks the best date, the band the season that starts there."
    )
    return _finish(result, figure, folder, "season_search", "When to land", caption)


def _psr_area(result: StudyResult, folder: Path) -> Figure:
    rows = result.psr_area_by_latitude
    figure = new_figure(7.2, 2.75)
    left = figure.add_axes(inches(figure, 0.75, 0.74, 2.8, 1.6))
    right = figure.add_axes(inches(figure, 4.25, 0.74, 2.8, 1.6))
    names = [f"{number(a, 0)}–{number(b, 0)}" if a % 1 == b % 1 == 0 else f"{a:g}–{b:g}" for a, b, _, _ in rows]
    places = np.arange(len(rows))
    share = [100.0 * psr / total if total > 0 else 0.0 for _, _, psr, total in rows]
    for axes, values, text in (
        (left, [row[2] for row in rows], "permanent shadow (km²)"),
        (right, share, "share of the band (%)"),
    ):
        axes.bar(places, values, color=DEEP_BLUE, width=0.78)
        axes.set_xticks(places, labels=names, rotation=45, ha="right", rotation_mode="anchor")
        axes.tick_params(axis="x", labelsize=6.3, length=0)
        axes.set_ylabel(text)
        _quiet(axes)
    caption = (
        "Area on the sphere in permanent shadow by band of absolute latitude (degrees), and its share of the band."
    )
    return _finish(result, figure, folder, "psr_area_by_latitude", "Permanent shadow by latitude", caption)


def _quiet(axes: Any) -> None:
    axes.grid(axis="y", color=HAIR, lw=0.5)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _finish(result: StudyResult, drawing: Any, folder: Path, stem: str, heading: str, caption: str) -> Figure:
    lines, below = data_note(result, result.maps, result.region.source), result.maps.synthetic_below_m
    note = Note(stem=stem, heading=heading, caption=caption, lines=lines, synthetic=below_label(below))
    return finished(drawing, folder, note)
