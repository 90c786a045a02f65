"""Figures of one site: the zoomed map, the skyline with Sun and Earth, the calendar of light and view."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from lupex.report.paper.finish import Note, finished
from lupex.report.paper.layers import RAMPS, grey
from lupex.report.paper.mapframe import draw_graticule, draw_places, draw_raster, draw_scale_bar
from lupex.report.paper.names import site_stem, synthetic_label
from lupex.report.paper.panels import (
    colour_bar,
    data_note,
    draw_contours,
    draw_layer,
    draw_region_names,
    draw_shadow_outline,
    inches,
    limit_of,
    map_note,
)
from lupex.report.paper.style import EARTH, HAIR, INK, Figure, footnote_height_in, new_figure
from lupex.report.paper.words import label, plain, sentence, tidy
from lupex.report.site.calendar_figure import draw_calendar
from lupex.report.site.ellipse import draw_ellipses
from lupex.results import SiteResult, StudyResult, Track

LIGHT = ("season_lit_fraction", "lit_fraction_any", "lit_fraction_disc", "season_longest_lit_days")
"""Layers of light in the zoomed map; the first that exists is drawn."""

_J2000 = datetime(2000, 1, 1, 11, 58, 56)
"""UTC of J2000 less the leap seconds since 1999; labels of days need no better."""


def site_figures(result: StudyResult, site: SiteResult, folder: Path) -> dict[str, Figure]:
    """Draw the figures of one site; keys 'light', 'slope', 'skyline', 'calendar' (those whose data exist).

    Args:
        result: of the study.
        folder: that receives the PNG files.
    """
    made: dict[str, Figure] = {}
    light = next((n for n in LIGHT if n in site.maps.layers), "")
    made["light"] = _zoom(result, site, folder, light, "light")
    if "slope_deg" in site.maps.layers:
        made["slope"] = _zoom(result, site, folder, "slope_deg", "slope")
    if site.skyline_azimuth_true_deg.size:
        made["skyline"] = _skyline(result, site, folder)
    if site.calendar_days_utc:
        made["calendar"] = _calendar(result, site, folder)
    return made


ZOOM_IN = 4.1


def _zoom(result: StudyResult, site: SiteResult, folder: Path, layer: str, kind: str) -> Figure:
    maps, name = site.maps, tidy(site.site.candidate.name)[:40]
    bar_in = footnote_height_in(ZOOM_IN, _note(result, site)) + 0.3
    figure = new_figure(ZOOM_IN, bar_in + 3.9)
    axes = figure.add_axes(inches(figure, 0.48, bar_in + 0.24, 3.12))
    if layer:
        span = draw_layer(axes, maps, layer)
        where = inches(figure, 0.7, bar_in, 2.7, 0.08)
        colour_bar(figure, axes, layer, span, where, limit_of(result, layer))
    else:
        base = maps.layers.get("hillshade")
        draw_raster(axes, maps.grid, grey(base if base is not None else np.zeros(maps.grid.shape, np.float32)))
        draw_graticule(axes, maps.grid)
        draw_scale_bar(axes, maps.grid)
    draw_contours(axes, site)
    draw_shadow_outline(axes, site)
    draw_region_names(axes, result, maps.grid)
    draw_ellipses(axes, result, site)
    draw_places(axes, maps.grid, [(name, site.site.x_m, site.site.y_m, True)], 8.0)
    caption = " Blue: permanent shadow." if "permanent_shadow" in maps.layers else ""
    meaning = sentence(maps.meanings.get(layer, ""))
    heading = f"Site {name}: {label(layer).lower() if layer else 'relief'}"
    ellipses = "Ellipses: one, two and three standard deviations of the landing error."
    words = (kind, heading, f"{meaning} White lines: heights.{caption} {ellipses}")
    return _finish(result, site, figure, folder, words, [layer])


def _skyline(result: StudyResult, site: SiteResult, folder: Path) -> Figure:
    eye = plain("height_m", float(site.summary.get("panel_height_m", result.mission.horizon.panel_height_m)))
    floor = footnote_height_in(7.2, _note(result, site, eye)) + 0.36
    figure = new_figure(7.2, floor + 2.17)
    axes = figure.add_axes(inches(figure, 0.5, floor, 5.85, 1.68))
    azimuth, height = _unrolled(site)
    low, high = _elevation_limits(site)
    axes.axhline(0.0, color=HAIR, lw=0.6, zorder=1)
    _draw_earth(axes, site.earth)
    dates = _draw_sun(axes, site.sun)
    axes.fill_between(azimuth, height, low - 1.0, color="#6d655d", alpha=0.88, lw=0, zorder=5)
    axes.plot(azimuth, height, color=INK, lw=0.8, zorder=6)
    for side in ((-MARGIN_DEG, 0.0), (360.0, 360.0 + MARGIN_DEG)):
        axes.axvspan(*side, fc="white", alpha=0.55, lw=0, zorder=7)
    axes.set_xlim(-MARGIN_DEG, 360.0 + MARGIN_DEG)
    axes.set_ylim(low, high)
    axes.set_xticks(range(0, 361, 30))
    axes.set_xlabel("azimuth, clockwise from true north (°)", labelpad=2)
    axes.set_ylabel("elevation (°)")
    for place, name in ((0, "N"), (90, "E"), (180, "S"), (270, "W"), (360, "N")):
        axes.axvline(place, color=HAIR, lw=0.5, zorder=1)
        axes.text(
            place,
            1.015,
            name,
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            weight="bold",
            fontsize=8,
        )
    if dates is not None:
        _date_bar(figure, dates, floor)
    name = tidy(site.site.candidate.name)[:40]
    caption = (
        f"Seen from {eye} above ground, over the landing season. Coloured bands: the Sun's disc, true to scale in "
        "elevation, by date. Blue band: where the Earth's disc wanders. Both are dimmed where the terrain hides them. "
        "The pale margins repeat the other side of the circle."
    )
    words = ("skyline", f"Site {name}: skyline with the tracks of Sun and Earth", caption)
    return _finish(result, site, figure, folder, words, eye=eye)


MARGIN_DEG = 20.0


def _unrolled(site: SiteResult) -> tuple[Any, Any]:
    azimuth, height = site.skyline_azimuth_true_deg, site.skyline_elevation_deg
    three = np.concatenate([azimuth - 360.0, azimuth, azimuth + 360.0])
    keep = (three >= -MARGIN_DEG - 2.0) & (three <= 360.0 + MARGIN_DEG + 2.0)
    return three[keep], np.tile(height, 3)[keep]


def _elevation_limits(site: SiteResult) -> tuple[float, float]:
    parts = [site.skyline_elevation_deg, site.sun.elevation_deg - 0.3, site.sun.elevation_deg + 0.3]
    parts += [site.earth.elevation_deg - 1.0, site.earth.elevation_deg + 1.0]
    values = np.concatenate([p[np.isfinite(p)] for p in parts])
    if values.size == 0:
        return -5.0, 5.0
    return max(-15.0, float(values.min()) - 0.5), min(60.0, float(values.max()) + 0.12 * float(np.ptp(values)))


def _pieces(track: Track) -> list[Any]:
    """Index arrays of unbroken runs of a track (it breaks where azimuth wraps)."""
    jumps = np.flatnonzero(np.abs(np.diff(track.azimuth_true_deg)) > 180.0) + 1
    return [p for p in np.split(np.arange(track.azimuth_true_deg.size), jumps) if p.size > 1]


def _draw_earth(axes: Any, earth: Track) -> None:
    """The region the Earth's disc sweeps, and the path of its centre."""
    from matplotlib.collections import EllipseCollection

    if not earth.azimuth_true_deg.size:
        return
    thin = slice(None, None, max(1, earth.azimuth_true_deg.size // 400))
    x, y, size = earth.azimuth_true_deg[thin], earth.elevation_deg[thin], 2.0 * earth.radius_deg[thin]
    for shift in (-360.0, 0.0, 360.0):
        near = np.flatnonzero((x + shift > -MARGIN_DEG - 2.0) & (x + shift < 360.0 + MARGIN_DEG + 2.0))
        if near.size:
            places = np.column_stack([x[near] + shift, y[near]])
            discs = EllipseCollection(
                size[near], size[near], np.zeros(near.size), units="xy", offsets=places,
                offset_transform=axes.transData, facecolors="#c4dcec", linewidths=0, zorder=2,
            )  # fmt: skip
            axes.add_collection(discs)
    for piece in _pieces(earth):
        for shift in (-360.0, 0.0, 360.0):
            axes.plot(earth.azimuth_true_deg[piece] + shift, earth.elevation_deg[piece], color=EARTH, lw=0.6, zorder=3)
    top = int(np.nanargmax(earth.elevation_deg))
    axes.annotate(
        "Earth", (float(earth.azimuth_true_deg[top]), float(earth.elevation_deg[top])), xytext=(0, 4),
        textcoords="offset points", ha="center", va="bottom", color=EARTH, weight="bold", fontsize=7, zorder=8,
    )  # fmt: skip


def _draw_sun(axes: Any, sun: Track) -> tuple[float, float] | None:
    """Sun tracks as bands of the disc's height, coloured by date; first and last time, or None without a track."""
    from matplotlib import colormaps
    from matplotlib.collections import LineCollection, PolyCollection

    if sun.times_tdb_s.size < 2:
        return None
    first, last = float(sun.times_tdb_s[0]), float(sun.times_tdb_s[-1])
    bands: list[Any] = []
    lines: list[Any] = []
    when: list[float] = []
    stride = max(1, sun.times_tdb_s.size // 1500)
    for piece in _pieces(sun):
        thin = np.unique(np.append(piece[::stride], piece[-1]))
        a, e, r = sun.azimuth_true_deg[thin], sun.elevation_deg[thin], sun.radius_deg[thin]
        for shift in (-360.0, 0.0, 360.0):
            x = a + shift
            keep = (np.maximum(x[1:], x[:-1]) > -MARGIN_DEG) & (np.minimum(x[1:], x[:-1]) < 360.0 + MARGIN_DEG)
            for i in np.flatnonzero(keep):
                j = i + 1
                bands.append([(x[i], e[i] - r[i]), (x[j], e[j] - r[j]), (x[j], e[j] + r[j]), (x[i], e[i] + r[i])])
                lines.append([(x[i], e[i]), (x[j], e[j])])
                when.append((sun.times_tdb_s[thin[i]] - first) / max(last - first, 1.0))
    colours = colormaps["plasma"](0.92 * np.array(when))
    pale = 0.45 * colours + 0.55
    axes.add_collection(PolyCollection(bands, facecolors=pale, edgecolors=pale, linewidths=0.3, zorder=4))
    axes.add_collection(LineCollection(lines, colors=colours, linewidths=0.7, zorder=4))
    return first, last


def _date_bar(figure: Any, dates: tuple[float, float], floor_in: float) -> None:
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, Normalize

    ramp = ListedColormap(colormaps["plasma"](0.92 * np.linspace(0, 1, 256)))
    bar = figure.colorbar(
        ScalarMappable(Normalize(*dates), ramp), cax=figure.add_axes(inches(figure, 6.45, floor_in, 0.09, 1.68))
    )
    ticks = np.linspace(*dates, 4)
    bar.set_ticks(ticks, labels=[(_J2000 + timedelta(seconds=float(t) - 5.0)).strftime("%Y-%m-%d") for t in ticks])
    bar.ax.tick_params(labelsize=5.6, length=2, pad=1.5)
    bar.ax.set_title("Sun on", fontsize=6.5, weight="normal", loc="left", pad=4)
    bar.outline.set_linewidth(0.5)


def _calendar(result: StudyResult, site: SiteResult, folder: Path) -> Figure:
    name = tidy(site.site.candidate.name)[:40]
    years = len({day[:4] for day in site.calendar_days_utc})
    eye = plain("height_m", float(site.summary.get("panel_height_m", result.mission.horizon.panel_height_m)))
    floor = footnote_height_in(7.2, _note(result, site, eye)) + 0.19
    figure = new_figure(7.2, min(9.0, 0.53 + floor + 3 * (0.3 + 0.16 * years)))
    draw_calendar(figure, site, result.season, floor)
    caption = (
        f"Each cell is one day, seen from {eye} above ground: the share of the day with light, with the Earth in view, "
        "and with both. The frame marks the landing season."
    )
    words = ("calendar", f"Site {name}: calendar of light and Earth view", caption)
    return _finish(result, site, figure, folder, words, eye=eye)


def _note(result: StudyResult, site: SiteResult, eye: str = "") -> str:
    """The footnote of a panorama seen from ``eye``, or of a map when there is none."""
    note = data_note(result, site.maps, site.terrain.source or result.region.source, eye)
    return note if eye else "\n".join([*note.replace(" · terrain", "\nterrain").split("\n"), map_note()])


def _finish(
    result: StudyResult,
    site: SiteResult,
    drawing: Any,
    folder: Path,
    words: tuple[str, str, str],
    names: Sequence[str] = (),
    eye: str = "",
) -> Figure:
    """A figure of a site with its note: ``words`` are kind, heading and caption, ``names`` the layers drawn."""
    kind, heading, caption = words
    note = Note(
        stem=f"{site_stem(site)}_{kind}",
        heading=heading,
        caption=caption,
        lines=_note(result, site, eye),
        synthetic=synthetic_label(site),
    )
    return finished(drawing, folder, note, [RAMPS[n].colours for n in names if n in RAMPS] or ["plasma"])
