"""The calendar strips of a site: one row per year, one cell per day."""

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.report.paper.style import INK, MARK, QUIET
from lupex.results import Season, SiteResult

STRIPS = (
    ("Light", "calendar_lit_fraction", ("#14162b", "#f7c948")),
    ("Earth in view", "calendar_earth_fraction", ("#f2f4f7", "#1f6fa8")),
    ("Light and Earth together", "calendar_both_fraction", ("#f2f4f7", "#23744a")),
)
"""Title, field and the colours of 0 and 1 of each strip."""


def draw_calendar(figure: Any, site: SiteResult, season: Season, floor_in: float) -> None:
    """Three strips under each other, the lowest ``floor_in`` above the bottom, with a shared month axis and keys.

    Args:
        figure: to draw on.
        site: whose calendar is drawn.
        season: marked on the axis.
    """
    days = [date.fromisoformat(day[:10]) for day in site.calendar_days_utc]
    years = sorted({day.year for day in days})[:40]
    width, height = figure.get_figwidth(), figure.get_figheight()
    strip = (height - 0.38 - floor_in) / 3 - 0.27
    for index, (name, field, colours) in enumerate(STRIPS):
        bottom = height - 0.4 - (index + 1) * (strip + 0.27) + 0.02
        axes = figure.add_axes((0.5 / width, bottom / height, 5.85 / width, strip / height))
        _draw_strip(axes, years, days, getattr(site, field), colours)
        _frame_season(axes, years, season)
        axes.set_title(name, fontsize=7.5, pad=3)
        _month_axis(axes, years, labels=index == len(STRIPS) - 1)
        _key(figure, (6.45 / width, bottom / height, 0.09 / width, strip / height), colours)


def _ramp(colours: tuple[str, str]) -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("calendar", colours).with_extremes(bad="white")


def _draw_strip(
    axes: Any, years: list[int], days: list[date], fraction: NDArray[np.float64], colours: tuple[str, str]
) -> None:
    cells = np.full((len(years), 366), np.nan)
    for day, value in zip(days, fraction, strict=True):
        if day.year in years:
            cells[years.index(day.year), _column(day)] = value
    axes.imshow(
        np.ma.masked_invalid(cells), cmap=_ramp(colours), vmin=0.0, vmax=1.0, aspect="auto", interpolation="nearest",
        extent=(0, 366, len(years), 0),
    )  # fmt: skip
    for row in range(1, len(years)):
        axes.axhline(row, color="white", lw=1.2)
    axes.set_yticks(np.arange(len(years)) + 0.5, labels=[str(y) for y in years])
    axes.tick_params(axis="y", length=0)


def _column(day: date) -> int:
    """Day of a leap year, so that months line up in all years."""
    return date(2000, day.month, day.day).timetuple().tm_yday - 1


def _month_axis(axes: Any, years: list[int], labels: bool) -> None:
    starts = [_column(date(2000, month, 1)) for month in range(1, 13)]
    for start in starts[1:]:
        axes.axvline(start, color="white", lw=0.5, alpha=0.8)
    middles = [(a + b) / 2 for a, b in zip(starts, [*starts[1:], 366], strict=True)]
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    if labels:
        axes.set_xticks(middles, labels=names)
    else:
        axes.set_xticks([])
    axes.tick_params(axis="x", length=0, pad=2)
    axes.set_xlim(0, 366)
    axes.set_ylim(len(years), 0)
    for side in axes.spines.values():
        side.set_visible(False)


def _frame_season(axes: Any, years: list[int], season: Season) -> None:
    from matplotlib.patches import Rectangle

    start, stop = date.fromisoformat(season.start_utc[:10]), date.fromisoformat(season.stop_utc[:10])
    for row, year in enumerate(years):
        if start.year <= year <= stop.year:
            a = _column(start) if year == start.year else 0
            b = _column(stop) if year == stop.year else 366
            axes.add_patch(Rectangle((a, row + 0.03), b - a, 0.94, fc="none", ec=MARK, lw=1.1, zorder=5, clip_on=False))


def _key(figure: Any, where: tuple[float, ...], colours: tuple[str, str]) -> None:
    axes = figure.add_axes(where)
    axes.imshow(np.linspace(1, 0, 64)[:, None], cmap=_ramp(colours), aspect="auto", extent=(0, 1, 0, 100))
    axes.set_xticks([])
    axes.yaxis.tick_right()
    axes.set_yticks([0, 100], labels=["0 %", "100 %"])
    axes.tick_params(length=0, labelsize=6, pad=2)
    for side in axes.spines.values():
        side.set_edgecolor(QUIET)
        side.set_linewidth(0.4)
    axes.yaxis.label.set_color(INK)
