"""Heat maps of the landing dates: a row for each site, a column for each date, a panel for each quantity."""

from pathlib import Path
from typing import Any

import numpy as np

from lupex.model import DateTable
from lupex.report.paper.finish import Note, finished
from lupex.report.paper.names import site_name, synthetic_of_study
from lupex.report.paper.panels import inches
from lupex.report.paper.style import MARK, Figure, new_figure
from lupex.report.paper.times import date_axis, day_number
from lupex.report.paper.words import is_fraction, label, plain, unit
from lupex.report.ranking.dates import drawn
from lupex.results import StudyResult

TONES = {
    "lit_days_after_landing": "inferno",
    "longest_dark_hours": "viridis_r",
    "sun_and_earth_fraction": "cividis",
}
TALLEST_IN = 8.6
FOOT_IN = 0.62
GAP_IN = 0.3
TITLE_SHARE = 0.32
"""Part of the width that the title of a panel may take."""


def dates_figure(result: StudyResult, folder: Path) -> dict[str, Figure]:
    """Draw 'dates' when the table exists: one heat map under the other on a shared axis of dates.

    Args:
        result: of the study.
        folder: that receives the PNG file.
    """
    dates = result.dates
    if dates is None or not dates.sites or not dates.dates_utc or not dates.values:
        return {}
    names = drawn(dates)
    panel = max(0.45, min(0.24 * len(dates.sites), (TALLEST_IN - 1.2) / len(names) - GAP_IN))
    figure = new_figure(7.2, 0.6 + FOOT_IN + len(names) * (panel + GAP_IN))
    days = np.array([day_number(d) for d in dates.dates_utc])
    for index, name in enumerate(names):
        bottom = FOOT_IN + (len(names) - 1 - index) * (panel + GAP_IN)
        axes = figure.add_axes(inches(figure, 0.75, bottom, 5.55, panel))
        _draw_panel(figure, axes, dates, name, days)
        _mark_season(axes, result, named=index == 0)
        date_axis(axes)
        if index < len(names) - 1:
            axes.tick_params(axis="x", labelbottom=False)
        else:
            axes.set_xlabel("landing date", labelpad=2)
    return {"dates": _finish(result, figure, folder, names)}


def _draw_panel(figure: Any, axes: Any, dates: DateTable, name: str, days: Any) -> None:
    values = dates.values[name] * (100.0 if is_fraction(name) else 1.0)
    finite = values[np.isfinite(values)]
    high = max(float(finite.max()), 1e-9) if finite.size else 1.0
    step = float(np.median(np.diff(days))) if days.size > 1 else 1.0
    extent = (days[0] - step / 2, days[-1] + step / 2, len(dates.sites), 0)
    image = axes.imshow(
        np.ma.masked_invalid(values), cmap=TONES.get(name, "viridis"), vmin=0.0, vmax=high, aspect="auto",
        interpolation="nearest", extent=extent,
    )  # fmt: skip
    for row in range(1, len(dates.sites)):
        axes.axhline(row, color="white", lw=0.8)
    size = 7.0 if len(dates.sites) <= 20 else 5.0
    axes.set_yticks(np.arange(len(dates.sites)) + 0.5, labels=[site_name(s)[:12] for s in dates.sites], fontsize=size)
    axes.tick_params(axis="y", length=0)
    mark = unit(name)
    axes.set_title(f"{label(name)} ({mark})" if mark else label(name), fontsize=7.5, pad=3)
    place = axes.get_position()
    bar = figure.colorbar(image, cax=figure.add_axes((6.4 / 7.2, place.y0, 0.09 / 7.2, place.height)))
    bar.ax.tick_params(labelsize=6, length=2, pad=1.5)
    bar.ax.locator_params(nbins=4)
    bar.outline.set_linewidth(0.4)


def _mark_season(axes: Any, result: StudyResult, named: bool) -> None:
    """A bracket over the landing season and a line where it starts."""
    start, stop = day_number(result.season.start_utc), day_number(result.season.stop_utc)
    left, right = axes.get_xlim()
    if start > right or stop < left:
        return
    for day, width in ((start, 1.4), (stop, 0.7)):
        axes.axvline(day, color="white", lw=width + 1.2, zorder=4)
        axes.axvline(day, color=MARK, lw=width, zorder=5)
    upper = axes.get_xaxis_transform()
    axes.plot([start, min(stop, right)], [1.0, 1.0], transform=upper, color=MARK, lw=2.4, clip_on=False, zorder=6,
              solid_capstyle="butt")  # fmt: skip
    if named:
        near_title = start < left + TITLE_SHARE * (right - left)
        late = start > left + 0.6 * (right - left)
        place = min(stop, right) if late or near_title else start
        axes.annotate(
            "landing season", (place, 1.0), xycoords=upper, xytext=(0, 3.5), textcoords="offset points",
            ha="right" if late else "left", va="bottom", fontsize=6.5, weight="bold", color=MARK,
            annotation_clip=False,
        )  # fmt: skip
    axes.set_xlim(left, right)


def _finish(result: StudyResult, drawing: Any, folder: Path, names: list[str]) -> Figure:
    m = result.mission
    note = Note(
        stem="landing_dates",
        heading="When to land where",
        caption="Each row is a site, each column a landing date. The bar on top marks the landing season, the lines "
        "its first and last day. Missing cells are white.",
        lines=f"eye {plain('height_m', m.horizon.panel_height_m)} above ground · "
        f"{plain('season_days', m.light.season_days)} on the surface counted from landing · dark: visible disc "
        f"fraction not above {plain('fraction', m.light.dark_below_disc_fraction)}",
        synthetic=synthetic_of_study(result),
    )
    return finished(drawing, folder, note, [TONES.get(n, "viridis") for n in names])
