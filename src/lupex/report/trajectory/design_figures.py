"""Figures of a trajectory: porkchop, timeline, ground track."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import DAY_S
from lupex.ephemeris import tdb_s_to_utc
from lupex.report.paper.finish import Note, finished
from lupex.report.paper.panels import inches
from lupex.report.paper.style import DEEP_BLUE, GOLD, MARK, QUIET, new_figure
from lupex.results.design import Design


def design_figures(design: Design, track: Mapping[str, F64], folder: Path) -> list[Path]:
    """Draw porkchop, timeline and ground track into a folder and return their files.

    Args:
        design: to draw. track: columns of its ground track. folder: exists.
    """
    utc = tdb_s_to_utc(design.windows.launch_tdb_s[[design.row]])[0]
    place = f"{design.site[0]:g}, {design.site[1]:g}"
    made = []
    for stem, heading, drawing in (
        ("porkchop", "Burns towards and at the Moon", _porkchop(design)),
        ("timeline", f"Launch {utc[:16]}, landing at {place}", _timeline(design)),
        ("ground_track", "Last day before braking", _ground_track(design, track)),
    ):
        lines = "patched conics with DE440 places; see events.csv"
        note = Note(stem=stem, heading=heading, caption=heading, lines=lines, alt=heading)
        made.append(finished(drawing, folder, note).path)
    return made


def _porkchop(design: Design) -> Any:
    figure: Any = new_figure(6.4, 3.6)
    axes = figure.add_axes(inches(figure, 0.7, 0.9, 4.8, 2.2))
    windows = design.windows
    day = (windows.launch_tdb_s - windows.launch_tdb_s[design.row]) / DAY_S
    drawn = axes.pcolormesh(day, design.flight_days, design.burns_m_s, shading="nearest", cmap="viridis_r")
    bar = figure.add_axes(inches(figure, 5.6, 0.9, 0.1, 2.2))
    figure.colorbar(drawn, cax=bar, label="TLI + LOI (m/s)")
    closed = ~windows.open
    axes.plot(day[closed], np.full(closed.sum(), design.flight_days[0]), "|", color=QUIET, label="closed")
    axes.plot(0.0, windows.flight_s[design.row] / DAY_S, "o", color=MARK, label="this launch")
    axes.set_xlabel("launch, days from this one")
    axes.set_ylabel("flight (days)")
    axes.legend(loc="upper right", frameon=False)
    return figure


def _timeline(design: Design) -> Any:
    figure: Any = new_figure(6.4, 3.2)
    axes = figure.add_axes(inches(figure, 0.7, 0.9, 5.4, 1.8))
    windows, row = design.windows, design.row
    launch = float(windows.launch_tdb_s[row])
    events = [("launch", launch), *((event.name, event.tdb_s) for event in design.flight.events)]
    for k, (name, tdb_s) in enumerate(events):
        day = (tdb_s - launch) / DAY_S
        axes.plot([day, day], [0.0, 1.0 + k % 4], color=DEEP_BLUE, linewidth=0.8)
        axes.text(day, 1.05 + k % 4, name, rotation=20, fontsize=6)
    axes.axvspan((float(windows.landing_tdb_s[row]) - launch) / DAY_S,
                 (float(windows.landing_tdb_s[row]) - launch) / DAY_S + min(10.0, float(windows.lit_days[row])),
                 color=GOLD, alpha=0.3)  # fmt: skip
    axes.set_ylim(0.0, 6.5)
    axes.set_yticks([])
    axes.set_xlabel("days after launch; gold: lit ground after landing, the first ten days of it")
    return figure


def _ground_track(design: Design, track: Mapping[str, F64]) -> Any:
    figure: Any = new_figure(4.6, 4.9)
    axes = figure.add_axes(inches(figure, 0.4, 0.8, 3.6, 3.6))
    south = design.site[0] < 0.0
    lat = -track["lat_deg"] if south else track["lat_deg"]
    lon = np.radians(track["lon_deg"])
    radius = np.where(lat > 60.0, 90.0 - lat, np.nan)
    sign = 1.0 if south else -1.0
    axes.plot(radius * np.sin(lon), sign * radius * np.cos(lon), color=DEEP_BLUE, linewidth=0.6)
    away = 90.0 - abs(design.site[0])
    at = np.radians(design.site[1])
    axes.plot(away * np.sin(at), sign * away * np.cos(at), "o", color=MARK)
    for ring in (10.0, 20.0, 30.0):
        turn = np.linspace(0.0, 2.0 * np.pi, 200)
        axes.plot(ring * np.sin(turn), ring * np.cos(turn), color=QUIET, linewidth=0.4)
    axes.set_aspect("equal")
    axes.set_axis_off()
    return figure
