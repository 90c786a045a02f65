"""The representative pass: the site in the station's sky, margin and rate along it, the station over the terrain."""

import textwrap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.model import Pass, PassSeries, SiteContacts, Station
from lupex.report.contact.contact_reading import representative
from lupex.report.paper.finish import Note, finished
from lupex.report.paper.names import site_stem, station_name, synthetic_label
from lupex.report.paper.panels import inches
from lupex.report.paper.style import (
    BOTH,
    DEEP_BLUE,
    EARTH,
    HAIR,
    INK,
    MARK,
    QUIET,
    STAMP,
    Figure,
    footnote_height_in,
    new_figure,
)
from lupex.report.paper.times import utc_days, utc_texts
from lupex.report.paper.words import number, plain, tidy
from lupex.results import SiteResult, StudyResult

PANELS_IN = {"elevation": 0.72, "margin": 0.72, "rate": 0.72, "place": 0.72}
GAP_IN = 0.15
LEFT_IN, WIDE_IN = 3.78, 3.28
GROUND = "#6d655d"
HOUR_LABEL_DEG = 11.0
"""From the track to the hour beside it, towards the zenith unless that is near."""


def contact_pass_figure(result: StudyResult, site: SiteResult, contacts: SiteContacts, folder: Path) -> Figure | None:
    """Draw the representative pass; None where there is none.

    Args:
        result: of the study.
        site: the site of the page.
        contacts: contacts of one site.
        folder: that receives the files.
    """
    found, series = representative(contacts), contacts.series
    if found is None or series is None:
        return None
    one, station = found
    note = _note(result, contacts, series)
    floor = footnote_height_in(7.2, note) + 0.36
    total = sum(PANELS_IN.values()) + GAP_IN * (len(PANELS_IN) - 1)
    figure = new_figure(7.2, floor + total + 0.42)
    sky = figure.add_axes(inches(figure, 0.35, floor + 0.5 * (total - 2.45), 2.45), projection="polar")
    _sky_plot(sky, series, station)
    _panels(figure, floor + total, result, series, one, contacts)
    words = Note(
        stem=f"{site_stem(site)}_contact_pass",
        heading=f"Site {tidy(site.site.candidate.name)[:40]}: a pass at {station_name(station.name)}",
        caption=CAPTION,
        lines=note,
        synthetic=synthetic_label(site),
    )
    return finished(figure, folder, words)


CAPTION = (
    "Left: the way of the site through the sky of the station, north up and east right, the zenith in the middle; "
    "brown where the station does not track (its mask, its lowest elevation). Right, from above: elevation at the "
    "station with the lowest allowed there; margin of the downlink (mean less the standard deviations of [link]) with "
    "the margin asked for; the highest rate that closes; the station over the terrain, seen from the antenna at the "
    "site."
)


def _note(result: StudyResult, contacts: SiteContacts, series: PassSeries) -> str:
    sigmas = plain("sigmas", result.mission.link.down_sigmas)
    rate = "" if not np.isfinite(series.margin_rate_bps) else f" at {number(series.margin_rate_bps / 1e3, 1)} kbit/s"
    return (
        f"radio {tidy(contacts.radio.title)[:60]} · margin{rate}, mean less {sigmas} standard deviations · times of "
        "reception, UTC"
    )


def lowest_deg(station: Station, azimuth_true_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lowest elevation (n,) at which a station tracks in each azimuth: its mask, or its least where that is higher."""
    least = np.full(np.shape(azimuth_true_deg), station.min_elevation_deg)
    if not station.mask_azimuth_deg:
        return least
    mask = np.interp(azimuth_true_deg, station.mask_azimuth_deg, station.mask_elevation_deg, period=360.0)
    return np.maximum(least, mask)


def _sky_plot(axes: Any, series: PassSeries, station: Station) -> None:
    axes.set_theta_zero_location("N")
    axes.set_theta_direction(-1)
    axes.set_ylim(0.0, 90.0)
    round_deg = np.linspace(0.0, 360.0, 721)
    low = np.clip(lowest_deg(station, round_deg), 0.0, 90.0)
    axes.fill_between(np.radians(round_deg), 90.0 - low, 90.0, color=GROUND, alpha=0.55, lw=0, zorder=2)
    azimuth = np.unwrap(np.radians(series.azimuth_true_deg))
    down = 90.0 - series.elevation_deg
    axes.plot(azimuth, down, color=EARTH, lw=1.8, zorder=4)
    for index, mark, name in ((0, "o", "AOS"), (-1, "s", "LOS")):
        axes.plot(azimuth[index], down[index], marker=mark, ms=5, color=MARK, ls="none", zorder=6, clip_on=False)
        axes.annotate(
            name, (azimuth[index], down[index]), xytext=(0, 7), textcoords="offset points", ha="center", color=MARK,
            weight="bold", fontsize=6.5, zorder=7, bbox={"fc": "white", "ec": "none", "alpha": 0.7, "pad": 0.6},
        )  # fmt: skip
    _hour_marks(axes, series, azimuth, down)
    axes.set_rgrids([30.0, 60.0, 90.0], labels=["60°", "30°", ""], angle=_away_deg(series), fontsize=6.0, color=QUIET)
    axes.set_thetagrids(range(0, 360, 45), labels=["N", "NE", "E", "SE", "S", "SW", "W", "NW"], fontsize=7.0)
    axes.tick_params(pad=-1)
    axes.grid(color=HAIR, lw=0.5)
    axes.spines["polar"].set_edgecolor(QUIET)


def _away_deg(series: PassSeries) -> float:
    """An azimuth far from the track, for the labels of the rings."""
    highest = float(series.azimuth_true_deg[int(np.argmax(series.elevation_deg))])
    return (highest + 202.5) % 360.0


def _hour_marks(axes: Any, series: PassSeries, azimuth: Any, down: Any) -> None:
    """A dot at full hours of UTC, every few of them with the hour."""
    days = utc_days(series.times_tdb_s)
    hours = np.arange(np.ceil(24.0 * days[0]), np.floor(24.0 * days[-1]) + 1.0)
    every = next(n for n in (1, 2, 3, 6, 12, 24, 10_000) if hours.size / n <= 6)
    for hour in hours:
        place = (np.interp(hour / 24.0, days, azimuth), np.interp(hour / 24.0, days, down))
        axes.plot(*place, marker=".", ms=4, color=INK, ls="none", zorder=5)
        if hour % every == 0 and (hour / 24.0 - days[0]) * 24.0 > 0.4 and (days[-1] - hour / 24.0) * 24.0 > 0.4:
            beside = place[1] - HOUR_LABEL_DEG if place[1] > 2.0 * HOUR_LABEL_DEG else place[1] + HOUR_LABEL_DEG
            axes.text(
                place[0], beside, f"{int(hour % 24):02d}h", fontsize=5.8, color=INK, ha="center", va="center", zorder=6
            )


def _panels(
    figure: Any, top_in: float, result: StudyResult, series: PassSeries, one: Pass, contacts: SiteContacts
) -> None:
    t = utc_days(series.times_tdb_s)
    station = next(s for s in contacts.stations if s.name == series.station)
    reason = next((total.down_reason for total in contacts.totals if total.station == series.station), "")
    drawn: Any = None
    for name, height in PANELS_IN.items():
        top_in -= height
        axes = figure.add_axes(inches(figure, LEFT_IN, top_in, WIDE_IN, height), sharex=drawn)
        drawn = drawn or axes
        top_in -= GAP_IN
        axes.grid(axis="y", color=HAIR, lw=0.5)
        axes.set_axisbelow(True)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        if name == "elevation":
            _elevation(axes, t, series, station)
        elif name == "margin":
            _margin(axes, t, series, result.mission.link.required_margin_db, reason)
        elif name == "rate":
            _rate(axes, t, series, reason)
        else:
            _place(axes, t, series)
        axes.yaxis.set_label_coords(-0.125, 0.5)
        axes.tick_params(axis="x", labelbottom=name == "place", length=2.5)
    drawn.set_xlim(t[0], max(float(t[-1]), t[0] + 1e-3))
    _clock_axis(figure.axes[-1], one)


def _elevation(axes: Any, t: Any, series: PassSeries, station: Station) -> None:
    low = lowest_deg(station, series.azimuth_true_deg)
    axes.fill_between(t, 0.0, low, color=GROUND, alpha=0.55, lw=0)
    axes.plot(t, series.elevation_deg, color=EARTH, lw=1.3)
    axes.set_ylim(0.0, 90.0)
    axes.set_yticks([0, 30, 60, 90])
    axes.set_ylabel("elevation (°)")


def _margin(axes: Any, t: Any, series: PassSeries, required_db: float, reason: str) -> None:
    axes.set_ylabel("margin (dB)")
    known = series.margin_db[np.isfinite(series.margin_db)]
    if not known.size:
        _unknown(axes, reason)
        return
    axes.plot(t, series.margin_db, color=BOTH, lw=1.3)
    axes.axhline(required_db, color=STAMP, lw=0.9, ls=(0, (4, 2)))
    low, high = min(0.0, required_db, float(known.min())), max(required_db, float(known.max()))
    axes.set_ylim(low - (0.08 * (high - low) if low < 0.0 else 0.0), high + max(1.0, 0.2 * (high - low)))
    near_top = required_db > 0.5 * (low + high)
    axes.annotate(
        "asked for", (1.0, required_db), xycoords=("axes fraction", "data"), xytext=(-2, -2 if near_top else 2),
        textcoords="offset points", ha="right", va="top" if near_top else "bottom", fontsize=6.2, color=STAMP,
    )  # fmt: skip


def _rate(axes: Any, t: Any, series: PassSeries, reason: str) -> None:
    axes.set_ylabel("rate (kbit/s)")
    rates = series.rate_bps / 1000.0
    if not np.isfinite(rates).any():
        _unknown(axes, reason)
        return
    high = float(np.nanmax(rates))
    if high <= 0.0:
        axes.set_ylim(0.0, 1.0)
        axes.set_yticks([0.0])
        axes.text(0.5, 0.5, "no rate closes", transform=axes.transAxes, ha="center", va="center", color=STAMP)
        return
    axes.step(t, rates, where="post", color=DEEP_BLUE, lw=1.3)
    axes.fill_between(t, 0.0, rates, step="post", color=DEEP_BLUE, alpha=0.15, lw=0)
    axes.set_ylim(0.0, 1.18 * high)


def _unknown(axes: Any, reason: str) -> None:
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([])
    text = textwrap.shorten(f"not known: {tidy(reason)}" if reason else "not known", 150, placeholder=" …")
    axes.text(
        0.5, 0.5, "\n".join(textwrap.wrap(text, 62)), transform=axes.transAxes, ha="center", va="center", color=QUIET,
        fontsize=6.5,
    )  # fmt: skip


def _place(axes: Any, t: Any, series: PassSeries) -> None:
    sky, up = series.place_skyline_deg, series.place_elevation_deg
    both = np.concatenate([sky, up])
    low, high = float(np.nanmin(both)), float(np.nanmax(both))
    room = max(0.3, 0.25 * (high - low))
    axes.fill_between(t, low - room, sky, color=GROUND, alpha=0.85, lw=0)
    axes.plot(t, up, color=EARTH, lw=1.3)
    axes.set_ylim(low - room, high + room)
    axes.set_ylabel("at the site (°)")


def _clock_axis(axes: Any, one: Pass) -> None:
    from matplotlib import dates

    axes.xaxis.set_major_locator(dates.AutoDateLocator(minticks=3, maxticks=7))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(dates.DateFormatter("%H:%M"))  # type: ignore[no-untyped-call]
    first, last = (text[:16].replace("T", " ") for text in utc_texts([one.aos_tdb_s, one.los_tdb_s]))
    axes.set_xlabel(f"UTC, {first} to {last}", labelpad=2)
