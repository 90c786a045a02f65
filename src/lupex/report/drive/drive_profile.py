"""The profile of a drive over UTC: battery, what the rover does, Sun and Earth, and the time to spare."""

from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.constants import HOUR_S
from lupex.model import SiteDrive, Traverse
from lupex.report.drive.drive_map import lettered
from lupex.report.drive.drive_spells import spells, target_index
from lupex.report.paper.finish import Note, finished
from lupex.report.paper.names import site_stem, synthetic_label
from lupex.report.paper.panels import inches
from lupex.report.paper.style import (
    BOTH,
    DEEP_BLUE,
    EARTH,
    GOLD,
    HAIR,
    INK,
    MARK,
    QUIET,
    STAMP,
    SUN,
    Figure,
    footnote_height_in,
    new_figure,
)
from lupex.report.paper.times import utc_days, utc_texts
from lupex.report.paper.words import plain, tidy
from lupex.results import SiteResult

ACTIVITY_COLOURS = {
    "drive": EARTH,
    "charge": SUN,
    "wait": "#9aa3b0",
    "sleep": DEEP_BLUE,
    "drill": MARK,
    "measure": BOTH,
}
DARK = "#e3e6ec"
SHORT_S = 6.0 * 86_400.0
LEFT_IN, WIDE_IN = 0.72, 6.3
PANELS_IN = {"battery": 1.55, "activity": 0.24, "sky": 0.62, "spare": 1.0, "distance": 0.7}
GAP_IN = 0.2


def drive_profile(site: SiteResult, drive: SiteDrive, traverse: Traverse, folder: Path) -> Figure:
    """Draw the profile of a drive.

    Args:
        site: the site of the page.
        traverse: the timed drive.
        folder: that receives the files.
    """
    note = _note(drive)
    names = [n for n in PANELS_IN if n != "spare" or np.isfinite(spare_hours(traverse)).any()]
    floor = footnote_height_in(7.2, note) + 0.22
    total = sum(PANELS_IN[n] + GAP_IN for n in names)
    figure = new_figure(7.2, floor + total + 0.62)
    top = floor + total
    first: Any = None
    for name in names:
        top -= PANELS_IN[name]
        axes = figure.add_axes(inches(figure, LEFT_IN, top, WIDE_IN, PANELS_IN[name]), sharex=first)
        first = axes if first is None else first
        top -= GAP_IN
        _draw(name, axes, drive, traverse)
        axes.tick_params(axis="x", labelbottom=name == names[-1], length=2.5)
    t = utc_days(traverse.times_tdb_s[[0, -1]])
    first.set_xlim(t[0], max(t[1], t[0] + 1e-3))
    _date_axis(axes, traverse)
    figure.align_ylabels([a for a in figure.axes if a.get_yticklabels()])
    _legend(figure)
    words = Note(
        stem=f"{site_stem(site)}_drive_profile",
        heading=f"Site {tidy(site.site.candidate.name)[:40]}: profile of the drive",
        caption=_caption("spare" in names),
        lines=note,
        synthetic=synthetic_label(site),
    )
    return finished(figure, folder, words)


def _caption(spare: bool) -> str:
    words = (
        "Charge of the battery with the least and the most allowed, grey where the Sun is out of sight; what the "
        "rover does, with the letters of the map; share of the Sun's disc in view and whether the Earth (or the "
        "station) is; "
    )
    words += "how much longer the rover could stand and still come through; " if spare else ""
    return words + "the way driven. Straight between waypoints."


def _note(drive: SiteDrive) -> str:
    rover = drive.rover
    return (
        f"rover {tidy(rover.name)[:40]}: battery {plain('battery_wh', rover.battery_wh)} · time step of the plan "
        f"{plain('step_minutes', drive.step_s / 60.0)}"
    )


def spare_hours(traverse: Traverse) -> Any:
    """Hours the rover could stand at each waypoint and still come through; NaN where unknown."""
    until = traverse.safe_until_tdb_s
    if until is None:
        return np.full(len(traverse), np.nan)
    return (until - traverse.times_tdb_s) / HOUR_S


def _draw(name: str, axes: Any, drive: SiteDrive, traverse: Traverse) -> None:
    t = utc_days(traverse.times_tdb_s)
    if name == "activity":
        _activities(axes, traverse, t)
        return
    if name == "sky":
        _sky(axes, traverse, t)
        return
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color=HAIR, lw=0.5)
    axes.set_axisbelow(True)
    _shade_dark(axes, traverse, t)
    if name == "battery":
        _battery(axes, drive, traverse, t)
    elif name == "spare":
        spare = spare_hours(traverse)
        axes.plot(t, spare, color=BOTH, lw=1.1, marker="." if spare.size < 2 else "")
        axes.fill_between(t, 0.0, spare, color=BOTH, alpha=0.18, lw=0)
        axes.set_ylim(min(0.0, 1.1 * float(np.nanmin(spare))), max(1.0, 1.12 * float(np.nanmax(spare))))
        axes.set_ylabel("to spare (h)")
    else:
        axes.plot(t, traverse.distance_m / 1000.0, color=EARTH, lw=1.1)
        axes.set_ylim(0.0, max(0.01, 1.1 * float(traverse.distance_m[-1]) / 1000.0))
        axes.set_ylabel("driven (km)")


def _shade_dark(axes: Any, traverse: Traverse, t: Any) -> None:
    for first, last in _runs(np.asarray(traverse.disc_fraction[:-1] <= 0.0)):
        axes.axvspan(t[first], t[last], fc=DARK, lw=0, zorder=0)


def _runs(mask: Any) -> list[tuple[int, int]]:
    """First index and one past the last of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _battery(axes: Any, drive: SiteDrive, traverse: Traverse, t: Any) -> None:
    least, full = drive.rover.least_battery_wh, drive.rover.full_battery_wh
    axes.plot(t, traverse.battery_wh, color=INK, lw=1.2, marker="." if t.size < 2 else "", zorder=4)
    low = int(np.nanargmin(traverse.battery_wh))
    axes.plot(t[low], traverse.battery_wh[low], marker="v", ms=5, color=STAMP, ls="none", zorder=5, clip_on=False)
    top = max(full, float(np.nanmax(traverse.battery_wh)))
    axes.set_ylim(min(0.0, 1.05 * float(traverse.battery_wh[low])), 1.14 * top)
    axes.set_ylabel("battery (Wh)")
    for value, text, colour in ((full, "full", QUIET), (least, "least allowed", STAMP)):
        axes.axhline(value, color=colour, lw=0.8, ls=(0, (4, 2)), zorder=3)
        axes.annotate(
            text, (1.0, value), xycoords=axes.get_yaxis_transform(), xytext=(-2, 2), textcoords="offset points",
            ha="right", va="bottom", fontsize=6.3, color=colour, zorder=6,
        )  # fmt: skip


def _activities(axes: Any, traverse: Traverse, t: Any) -> None:
    for spell in spells(traverse):
        if spell.activity != "end":
            axes.axvspan(t[spell.first], t[spell.last], fc=ACTIVITY_COLOURS[spell.activity], lw=0, zorder=2)
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([])
    axes.set_ylabel("activity", rotation=0, ha="right", va="center")
    names = {spell.first: spell.letter for spell in lettered(traverse)}
    names[0], names[target_index(traverse)] = "start", "target"
    _names_above(axes, [(float(t[i]), text) for i, text in sorted(names.items())])


def _names_above(axes: Any, rows: list[tuple[float, str]]) -> None:
    """Names over the band, from the left, those that would touch one before left out."""
    span = rows[-1][0] - rows[0][0] if len(rows) > 1 else 1.0
    points = axes.get_position().width * axes.figure.get_figwidth() * 72.0 / max(span, 1e-6)
    free = -np.inf
    important = {"start", "target"}
    blocked = [(x * points, x * points + 4.6 * len(n)) for x, n in rows if n in important]
    for x, name in rows:
        left, right = x * points, x * points + 4.6 * len(name)
        crowded = name not in important and any(left < b + 2 and right > a - 2 for a, b in blocked)
        if left < free or crowded:
            continue
        free = right + 2
        axes.annotate(
            name, (x, 1.0), xytext=(0, 1.5), textcoords="offset points", ha="left", va="bottom", fontsize=6.3,
            annotation_clip=False,
        )  # fmt: skip


def _sky(axes: Any, traverse: Traverse, t: Any) -> None:
    disc = 100.0 * np.append(traverse.disc_fraction[:-1], traverse.disc_fraction[-2:-1])
    if disc.size == t.size:
        axes.fill_between(t, 0.0, disc, step="post", color=GOLD, lw=0, zorder=2)
    axes.set_ylim(-42.0, 100.0)
    axes.axhline(0.0, color=QUIET, lw=0.6)
    for first, last in _runs(np.asarray(traverse.earth_in_view[:-1], dtype=bool)):
        axes.fill_between(t[[first, last]], -36.0, -8.0, color=EARTH, lw=0, zorder=2)
    axes.set_yticks([-22.0, 0.0, 50.0, 100.0], labels=["Earth", "0", "50", "100"])
    axes.set_ylabel("Sun (%)")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _date_axis(axes: Any, traverse: Traverse) -> None:
    """Ticks of UTC month and day, with the clock where the drive is short; years in the label."""
    from matplotlib import dates

    first, last = utc_texts(traverse.times_tdb_s[[0, -1]])
    short = traverse.times_tdb_s[-1] - traverse.times_tdb_s[0] < SHORT_S
    locator: Any = dates.AutoDateLocator(minticks=3, maxticks=8 if short else 12)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(dates.DateFormatter("%m-%d %H:%M" if short else "%m-%d"))  # type: ignore[no-untyped-call]
    axes.set_xlabel(f"UTC, {first[:10]} {first[11:16]} to {last[:10]} {last[11:16]}", labelpad=2)


def _legend(figure: Any) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(fc=colour, label=name) for name, colour in ACTIVITY_COLOURS.items()]
    handles += [Patch(fc=DARK, label="no sunlight")]
    figure.legend(
        handles=handles, loc="upper left", ncols=len(handles), columnspacing=1.3, handlelength=1.1, handletextpad=0.5,
        bbox_to_anchor=(LEFT_IN / 7.2 - 0.01, 1.0 - 0.3 / figure.get_figheight()), borderaxespad=0.0,
    )  # fmt: skip
