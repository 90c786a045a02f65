"""The map of a drive: relief, permanent shadow, the track coloured by time, stops and havens."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from lupex.model import SiteDrive, Traverse
from lupex.report.drive.drive_spells import Spell, longest_spells, spells, target_index
from lupex.report.paper.finish import Note, finished
from lupex.report.paper.layers import grey
from lupex.report.paper.mapframe import draw_graticule, draw_names, draw_raster, draw_scale_bar
from lupex.report.paper.names import site_stem, synthetic_label
from lupex.report.paper.panels import (
    NAMES_A_PANEL,
    draw_contours,
    draw_region_names,
    draw_shadow_outline,
    inches,
    map_note,
)
from lupex.report.paper.style import (
    BOTH,
    DEEP_BLUE,
    INK,
    MARK,
    Figure,
    footnote_height_in,
    new_figure,
)
from lupex.report.paper.times import utc_texts
from lupex.report.paper.words import plain, tidy
from lupex.results import SiteResult, StudyResult

SPELLS_SHOWN = 26
"""Rows of the timeline in print, and the stops that carry a letter on the map."""
MARGIN_FRACTION = 0.18
LEAST_CELLS = 24
TRACK = "plasma"
WIDE_IN, SIDE_IN = 7.2, 4.85
WAY_OUT_PT, WAY_BACK_PT = 3.6, 1.5


def drive_map(result: StudyResult, site: SiteResult, drive: SiteDrive, traverse: Traverse, folder: Path) -> Figure:
    """Draw the drive on its part of the site's map.

    Args:
        result: of the study.
        traverse: the timed drive.
        folder: that receives the files.
    """
    note = drive_note(site, result.region.source)
    floor = footnote_height_in(WIDE_IN, note) + 0.22
    figure = new_figure(WIDE_IN, floor + SIDE_IN + 0.55)
    axes = figure.add_axes(inches(figure, 0.5, floor, SIDE_IN))
    close = close_to(site, traverse)
    draw_ground(axes, close)
    draw_region_names(axes, result, close.maps.grid, 6.0, NAMES_A_PANEL)
    draw_track(axes, traverse)
    draw_marks(axes, drive, traverse)
    _time_bar(figure, traverse, inches(figure, 5.75, floor + 2.35, 0.1, 2.2))
    _legend(figure, axes, site, drive, traverse, (5.66, floor + 1.95))
    words = Note(
        stem=f"{site_stem(site)}_drive_map",
        heading=f"Site {tidy(site.site.candidate.name)[:40]}: the recommended drive",
        caption="The track coloured by time: wide on the way out, narrow on the way back. Letters: the stops of the "
        "timeline. White lines: heights. Blue: permanent shadow.",
        lines=note,
        synthetic=synthetic_label(site),
    )
    return finished(figure, folder, words, (TRACK,))


def drive_note(site: SiteResult, source: str) -> str:
    """The footnote of a map of a drive."""
    data = tidy(site.terrain.source or source)[:110]
    return f"{data} · cells {plain('cell_m', float(site.maps.grid.cell_m))}\n{map_note()}"


def close_to(site: SiteResult, traverse: Traverse) -> SiteResult:
    """The site with maps and heights cut to a square around the drive; whole where the drive leaves the map.

    Args:
        traverse: the timed drive.
    """
    grid = site.maps.grid
    x, y = traverse.x_m, traverse.y_m
    if not all(grid.contains(float(a), float(b)) for a, b in zip(x, y, strict=True)):
        return site
    extent = max(float(np.ptp(x)), float(np.ptp(y)))
    size = min(max(LEAST_CELLS, int(np.ceil(extent * (1 + 2 * MARGIN_FRACTION) / grid.cell_m)) + 4), *grid.shape)
    row = int(np.clip((grid.top_m - 0.5 * (y.min() + y.max())) / grid.cell_m - size / 2, 0, grid.rows - size))
    col = int(np.clip((0.5 * (x.min() + x.max()) - grid.left_m) / grid.cell_m - size / 2, 0, grid.cols - size))
    window = (slice(row, row + size), slice(col, col + size))
    small = grid.crop(row, col, size, size)
    maps = replace(site.maps, grid=small, layers={n: a[window] for n, a in site.maps.layers.items()})
    if site.terrain.grid != grid:
        return replace(site, maps=maps)
    heights = replace(site.terrain, grid=small, elevation_m=site.terrain.elevation_m[window])
    return replace(site, maps=maps, terrain=heights)


def draw_ground(axes: Any, site: SiteResult) -> None:
    """Relief, heights, permanent shadow, graticule and scale bar of the site's maps."""
    maps = site.maps
    shade = maps.layers.get("hillshade")
    draw_raster(axes, maps.grid, grey(shade if shade is not None else np.zeros(maps.grid.shape, np.float32)))
    draw_contours(axes, site)
    draw_shadow_outline(axes, site)
    draw_graticule(axes, maps.grid)
    draw_scale_bar(axes, maps.grid)


def draw_track(axes: Any, traverse: Traverse) -> None:
    """The way driven: a white casing, coloured by time within; the way back narrower, so that both show.

    Args:
        axes: of the map.
        traverse: the timed drive.
    """
    from matplotlib import colormaps
    from matplotlib.collections import LineCollection

    places = np.column_stack([traverse.x_m, traverse.y_m]) / 1000.0
    moves = np.flatnonzero(np.any(places[1:] != places[:-1], axis=1))
    if not moves.size:
        return
    lines = np.stack([places[moves], places[moves + 1]], axis=1)
    t = traverse.times_tdb_s
    share = (0.5 * (t[moves] + t[moves + 1]) - t[0]) / max(float(t[-1] - t[0]), 1.0)
    width = np.where(moves < target_index(traverse), WAY_OUT_PT, WAY_BACK_PT)
    axes.add_collection(LineCollection(list(lines), colors="white", linewidths=width + 1.4, capstyle="round", zorder=5))
    colours = colormaps[TRACK](0.95 * share)
    axes.add_collection(LineCollection(list(lines), colors=colours, linewidths=width, capstyle="round", zorder=6))
    back = width == WAY_BACK_PT
    if back.any() and not back.all():
        casing = LineCollection(
            list(lines[back]), colors="white", linewidths=WAY_BACK_PT + 0.9, capstyle="round", zorder=6.1
        )
        axes.add_collection(casing)
        axes.add_collection(LineCollection(list(lines[back]), colors=colours[back], linewidths=WAY_BACK_PT, zorder=6.2))


def lettered(traverse: Traverse) -> list[Spell]:
    """The stops that carry their letter on the map: those of the timeline in print, each once."""
    shown = longest_spells(spells(traverse), traverse, SPELLS_SHOWN)
    return list({spell.letter: spell for spell in reversed(shown) if spell.letter}.values())[::-1]


def draw_marks(axes: Any, drive: SiteDrive, traverse: Traverse) -> None:
    """Stops, havens, start, target and end, with names that keep out of each other's way.

    Args:
        axes: of the map.
        drive: the drive with its margins.
        traverse: the timed drive.
    """
    names: dict[tuple[float, float], list[str]] = {}

    def mark(index: int, name: str, **style: Any) -> None:
        x, y = float(traverse.x_m[index]) / 1000.0, float(traverse.y_m[index]) / 1000.0
        axes.plot(x, y, ls="none", **style)
        names.setdefault((x, y), []).append(name)

    mark(0, "start", zorder=9.1, **START)
    mark(target_index(traverse), "target", zorder=9.0, **TARGET)
    mark(len(traverse) - 1, "end", zorder=9.0, **END)
    for spell in lettered(traverse):
        place = (float(traverse.x_m[spell.first]) / 1000.0, float(traverse.y_m[spell.first]) / 1000.0)
        mark(spell.first, spell.letter, zorder=9.0, **({"marker": ""} if place in names else STOP))
    for haven in drive.havens:
        if axes.get_xlim()[0] <= haven.x_m / 1000.0 <= axes.get_xlim()[1]:
            x, y = haven.x_m / 1000.0, haven.y_m / 1000.0
            axes.plot(x, y, ls="none", zorder=8.5, **HAVEN)
            names.setdefault((x, y), []).append(tidy(haven.label)[:16])
    draw_names(axes, [(", ".join(text), x, y) for (x, y), text in names.items()], 6.8)


START: dict[str, Any] = {"marker": "o", "ms": 7, "mfc": "white", "mec": INK, "mew": 1.3}
TARGET: dict[str, Any] = {"marker": "*", "ms": 12, "mfc": MARK, "mec": "white", "mew": 0.8}
END: dict[str, Any] = {"marker": "s", "ms": 8.5, "mfc": INK, "mec": "white", "mew": 0.9}
STOP: dict[str, Any] = {"marker": "o", "ms": 4, "mfc": "white", "mec": INK, "mew": 0.9}
HAVEN: dict[str, Any] = {"marker": "^", "ms": 7, "mfc": BOTH, "mec": "white", "mew": 0.8}


def _time_bar(figure: Any, traverse: Traverse, where: tuple[float, ...]) -> None:
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, Normalize

    first, last = float(traverse.times_tdb_s[0]), float(traverse.times_tdb_s[-1])
    ramp = ListedColormap(colormaps[TRACK](0.95 * np.linspace(0.0, 1.0, 256)))
    scale = Normalize(first, max(last, first + 1.0))
    bar = figure.colorbar(ScalarMappable(scale, ramp), cax=figure.add_axes(where))
    ticks = np.linspace(first, max(last, first + 1.0), 5)
    bar.set_ticks(ticks, labels=[f"{text[:10]} {text[11:16]}" for text in utc_texts(ticks)])
    bar.ax.invert_yaxis()
    bar.ax.tick_params(labelsize=6.3, length=2, pad=1.5)
    bar.ax.set_title("Time (UTC)", fontsize=7.0, weight="normal", loc="left", pad=5)
    bar.outline.set_linewidth(0.5)


def _legend(
    figure: Any, axes: Any, site: SiteResult, drive: SiteDrive, traverse: Traverse, corner: tuple[float, float]
) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    marks = [("start", START), ("target", TARGET), ("end", END)]
    marks += [("stop", STOP)] if lettered(traverse) else []
    marks += [("haven", HAVEN)] if drive.havens else []
    handles: list[Any] = [Line2D([], [], ls="none", label=name, **style) for name, style in marks]
    handles += [
        Line2D([], [], color=INK, lw=WAY_OUT_PT, label="way out"),
        Line2D([], [], color=INK, lw=WAY_BACK_PT, label="way back"),
    ]
    if "permanent_shadow" in site.maps.layers:
        handles.append(Patch(fc=DEEP_BLUE, alpha=0.55, ec=DEEP_BLUE, label="permanent shadow"))
    w, h = figure.get_figwidth(), figure.get_figheight()
    figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(corner[0] / w, corner[1] / h), borderaxespad=0.0,
        handlelength=1.6, labelspacing=0.55,
    )  # fmt: skip
