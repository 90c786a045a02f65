"""The timeline of contacts: passes of a lunar day with Sun and Earth at the site, hours of every day of the span."""

from pathlib import Path
from typing import Any

import numpy as np

from lupex.model import SiteContacts
from lupex.report.contact.contact_reading import above_skyline, booked_at, booked_hours, calendar_of, month_tdb_s
from lupex.report.paper.finish import Note, finished
from lupex.report.paper.names import site_stem, station_name, synthetic_label
from lupex.report.paper.panels import inches
from lupex.report.paper.style import (
    EARTH,
    GOLD,
    HAIR,
    INK,
    MARK,
    QUIET,
    Figure,
    footnote_height_in,
    new_figure,
)
from lupex.report.paper.times import day_number, utc_days, utc_texts
from lupex.report.paper.words import plain, tidy
from lupex.results import SiteResult

ROWS_SHOWN = 20
LEFT_IN, WIDE_IN, RIGHT_IN = 1.02, 5.68, 7.2
ROW_IN, STRIP_IN, HOURS_IN = 0.19, 0.125, 0.95
EARTH_UP = "#9cc9e3"
NIGHT = "#e9ebf0"
HOURS_RAMP, SUN_RAMP, EARTH_RAMP = RAMPS = ("Blues", "cividis", "GnBu")


def contact_timeline(site: SiteResult, contacts: SiteContacts, folder: Path) -> Figure:
    """Draw the timeline of a site's contacts.

    Args:
        folder: that receives the files.
    """
    names = [s.name for s in contacts.stations][:ROWS_SHOWN]
    note = _note(site, contacts)
    floor = footnote_height_in(7.2, note) + 0.38
    month_in, strips_in = ROW_IN * (len(names) + 2), STRIP_IN * (len(names) + 2)
    figure = new_figure(7.2, floor + strips_in + 0.12 + HOURS_IN + 0.52 + month_in + 0.62)
    bottom = floor
    strips = figure.add_axes(inches(figure, LEFT_IN, bottom, WIDE_IN, strips_in))
    bottom += strips_in + 0.12
    hours = figure.add_axes(inches(figure, LEFT_IN, bottom, WIDE_IN, HOURS_IN))
    month = figure.add_axes(inches(figure, LEFT_IN, bottom + HOURS_IN + 0.52, WIDE_IN, month_in))
    _month(month, site, contacts, names)
    _hours(hours, contacts)
    _strips(figure, strips, site, contacts, names)
    _legend(figure, contacts)
    words = Note(
        stem=f"{site_stem(site)}_contact_timeline",
        heading=f"Site {tidy(site.site.candidate.name)[:40]}: contact with the antennas",
        caption=_caption(contacts),
        lines=note,
        synthetic=synthetic_label(site),
    )
    return finished(figure, folder, words, RAMPS)


def _caption(contacts: SiteContacts) -> str:
    words = (
        "Above: the passes of every antenna over a lunar day around the representative pass, under the times in which "
        "any part of the Sun and the centre of the Earth stand above the terrain at the site; grey where the Sun does "
        "not. Middle: hours of each day with contact. Below: share of each day lit and with the Earth in view, and "
        "the hours of every antenna, dark for many."
    )
    words += " Pink: what the schedule books." if contacts.schedule is not None else ""
    more = len(contacts.stations) > ROWS_SHOWN
    return words + (" Only the first antennas are drawn; all stand in the table." if more else "")


def _note(site: SiteResult, contacts: SiteContacts) -> str:
    panel = site.summary.get("panel_height_m")
    eyes = "" if panel is None else f" · Sun and Earth seen from {plain('height_m', float(panel))} above ground"
    return f"antenna {plain('height_m', float(contacts.antenna_height_m))} above ground{eyes} · times of reception, UTC"


def _month(axes: Any, site: SiteResult, contacts: SiteContacts, names: list[str]) -> None:
    first, last = month_tdb_s(contacts)
    bands = [above_skyline(site, site.sun, True), above_skyline(site, site.earth, False)]
    for row, (spans, colour) in enumerate(zip(bands, (GOLD, EARTH_UP), strict=True)):
        _bars(axes, spans, row, colour, 0.62, (first, last))
    if site.sun.times_tdb_s.size > 1 and site.skyline_azimuth_true_deg.size:
        ends = [site.sun.times_tdb_s[0], *(t for span in bands[0] for t in span), site.sun.times_tdb_s[-1]]
        for a, b in zip(ends[::2], ends[1::2], strict=True):
            if b > a:
                axes.axvspan(*utc_days([a, b]), fc=NIGHT, lw=0, zorder=0)
    for row, name in enumerate(names, 2):
        _bars(axes, [(p.aos_tdb_s, p.los_tdb_s) for p in contacts.plan.of(name)], row, EARTH, 0.74, (first, last))
        booked = [(b.start_tdb_s, b.stop_tdb_s) for b in booked_at(contacts, name)]
        _bars(axes, booked, row, MARK, 0.34, (first, last))
    axes.set_xlim(*utc_days([first, last]))
    _rows(axes, names)
    axes.tick_params(axis="x", length=2.5)
    axes.grid(axis="x", color=HAIR, lw=0.5)
    axes.set_axisbelow(True)
    _dates(axes, 1)
    axes.set_xlabel(_between(first, last), labelpad=2)


def _bars(axes: Any, spans: list[tuple[float, float]], row: int, colour: str, height: float, within: Any) -> None:
    inside = [s for s in spans if s[1] > within[0] and s[0] < within[1]]
    if inside:
        days = utc_days(np.ravel(inside)).reshape(-1, 2)
        axes.broken_barh(
            list(zip(days[:, 0], days[:, 1] - days[:, 0], strict=True)), (row - 0.5 * height, height), fc=colour, lw=0,
            zorder=3,
        )  # fmt: skip


def _rows(axes: Any, names: list[str], size: float = 7.0) -> None:
    axes.set_ylim(len(names) + 1.5, -0.5)
    axes.set_yticks(range(len(names) + 2), labels=["Sun", "Earth", *map(station_name, names)], fontsize=size)
    axes.tick_params(axis="y", length=0, pad=3)
    axes.axhline(1.5, color=QUIET, lw=0.7, zorder=4)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _dates(axes: Any, fewest: int) -> None:
    from matplotlib import dates

    locator: Any = dates.AutoDateLocator(minticks=3 + fewest, maxticks=11)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(dates.DateFormatter("%m-%d"))  # type: ignore[no-untyped-call]


def _between(first: float, last: float) -> str:
    a, b = utc_texts([first, last])
    return f"UTC, {a[:10]} to {b[:10]}"


def _day_edges(contacts: SiteContacts) -> tuple[Any, float]:
    """Where each day begins and where the span does, days since 1970."""
    starts = np.array([day_number(day[:10]) for day in contacts.days_utc])
    start = float(utc_days([contacts.plan.span_tdb_s[0]])[0])
    return (start + (starts - starts[0]) if starts.size else starts), start


def _hours(axes: Any, contacts: SiteContacts) -> None:
    days, start = _day_edges(contacts)
    axes.bar(days, contacts.daily_hours, width=1.0, align="edge", color=EARTH, lw=0)
    booked = booked_hours(contacts)
    if booked is not None:
        axes.bar(days, booked, width=1.0, align="edge", color=MARK, lw=0)
    axes.axvspan(*utc_days(month_tdb_s(contacts)), fc="none", ec=INK, lw=0.8, zorder=5)
    axes.set_xlim(start, max(float(utc_days([contacts.plan.span_tdb_s[1]])[0]), start + 0.01))
    axes.set_ylim(0.0, 24.0)
    axes.set_yticks([0, 6, 12, 18, 24])
    axes.set_ylabel("hours a day")
    axes.grid(axis="y", color=HAIR, lw=0.5)
    axes.set_axisbelow(True)
    _dates(axes, 1)
    axes.tick_params(axis="x", labelbottom=False, length=2.5)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _strips(figure: Any, axes: Any, site: SiteResult, contacts: SiteContacts, names: list[str]) -> None:
    days, start = _day_edges(contacts)
    most = max([1.0, *(float(np.max(hours, initial=0.0)) for hours in contacts.daily_station_hours.values())])
    rows = [(calendar_of(contacts, site, f"calendar_{kind}_fraction"), 1.0, ramp) for kind, ramp in _SKY]
    rows += [(contacts.daily_station_hours.get(n, np.full(days.size, np.nan)), most, HOURS_RAMP) for n in names]
    end = max(float(utc_days([contacts.plan.span_tdb_s[1]])[0]), start + 0.01)
    for row, (values, top, colours) in enumerate(rows):
        if days.size:
            axes.imshow(
                np.ma.masked_invalid(values[None]), cmap=colours, vmin=0.0, vmax=top, aspect="auto",
                interpolation="nearest", extent=(days[0], days[-1] + 1.0, row + 0.46, row - 0.46),
            )  # fmt: skip
    axes.set_xlim(start, end)
    _rows(axes, names, 6.2)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="x", length=2.5)
    _dates(axes, 1)
    axes.set_xlabel(_between(*contacts.plan.span_tdb_s), labelpad=2)
    _key(figure, axes, most)


_SKY = (("lit", SUN_RAMP), ("earth", EARTH_RAMP))


def _key(figure: Any, axes: Any, most: float) -> None:
    """The colours of none and of the most hours, right of the strips."""
    box = axes.get_position()
    left = (LEFT_IN + WIDE_IN + 0.07) / RIGHT_IN
    key = figure.add_axes((left, box.y0, 0.08 / RIGHT_IN, box.height * len(_labels(axes)) / (len(_labels(axes)) + 2)))
    key.imshow(np.linspace(1, 0, 64)[:, None], cmap=HOURS_RAMP, aspect="auto", extent=(0, 1, 0, most))
    key.set_xticks([])
    key.yaxis.tick_right()
    key.set_yticks([0, most], labels=["0 h", f"{most:.0f} h"])
    key.tick_params(length=0, labelsize=6, pad=2)
    for side in key.spines.values():
        side.set_linewidth(0.4)


def _labels(axes: Any) -> list[Any]:
    return list(axes.get_yticks())[2:]


def _legend(figure: Any, contacts: SiteContacts) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(fc=GOLD, label="Sun above terrain"), Patch(fc=EARTH_UP, label="Earth above terrain")]
    handles += [Patch(fc=EARTH, label="contact")]
    handles += [Patch(fc=MARK, label="booked")] if contacts.schedule is not None else []
    handles += [Patch(fc=NIGHT, label="no sunlight"), Patch(fc="none", ec=INK, lw=0.8, label="days shown above")]
    figure.legend(
        handles=handles, loc="upper left", ncols=len(handles), columnspacing=1.2, handlelength=1.1, handletextpad=0.5,
        bbox_to_anchor=(LEFT_IN / 7.2 - 0.01, 1.0 - 0.3 / figure.get_figheight()), borderaxespad=0.0,
    )  # fmt: skip
