"""The maps of touchdown and drive at one site, with the ellipse of the landing dispersion."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from lupex.model import LightMap
from lupex.report.paper.finish import Note, finished
from lupex.report.paper.layers import ramp
from lupex.report.paper.mapframe import draw_places
from lupex.report.paper.names import site_stem, synthetic_label
from lupex.report.paper.panels import (
    NAMES_A_PANEL,
    colour_bar,
    data_note,
    draw_layer,
    draw_region_names,
    inches,
    map_note,
)
from lupex.report.paper.style import BOTH, INK, Figure, new_figure
from lupex.report.paper.words import label, plain, sentence, tidy
from lupex.report.site.ellipse import SIGMAS, draw_ellipses
from lupex.results import SiteResult, StudyResult

REACHES = ("start_need_wh", "reach_probability", "reachable", "distance_there_km", "drive_km")
"""Layers of the drive, the one to draw first; those without any value are left out."""
HELD_STILL = ("reachable",)
LEAST_ZOOM_CELLS = 24
SIDE_IN = 2.86
ROW_IN = 3.75


def safety_figure(result: StudyResult, site: SiteResult, folder: Path) -> dict[str, Figure]:
    """Draw 'safety': safe touchdown over the site's map, hazard around the aim point, the drive; as far as mapped.

    Args:
        result: of the study.
        folder: that receives the PNG file.
    """
    layers = site.maps.layers
    close = next((n for n in ("hazard_probability", "touchdown_probability") if n in layers), "")
    panels = [(n, False) for n in ("touchdown_probability",) if n in layers]
    panels += [(close, True)] if close else []
    panels += [(n, False) for n in _reach_layers(site)]
    if not panels:
        return {}
    rows = (len(panels) + 1) // 2
    height = 0.55 + 0.42 + ROW_IN * rows
    figure = new_figure(7.2, height)
    window = close_up(result, site)
    for index, (name, near) in enumerate(panels):
        box = (0.5 + 3.55 * (index % 2), height - 0.9 - SIDE_IN - ROW_IN * (index // 2))
        _draw_panel(figure, result, site, (name, near), box, window)
    return {"safety": _finish(result, site, figure, folder, [n for n, _ in panels])}


def _reach_layers(site: SiteResult) -> list[str]:
    """The two layers of the drive to draw; those with the light held still only where nothing is known in time."""
    layers, in_time = site.maps.layers, site.reach is not None and site.reach.in_time is not None
    told = [n for n in REACHES if not (in_time and n in HELD_STILL)]
    known = [n for n in told if n in layers and np.isfinite(layers[n]).any()]
    return (known + [n for n in sorted(layers) if n.startswith("reach") and n not in (*known, *HELD_STILL)])[:2]


def close_up(result: StudyResult, site: SiteResult) -> LightMap:
    """The part of the site's maps around the aim point that holds the dispersion and the search for aim points."""
    d, grid = result.mission.dispersion, site.maps.grid
    reach_m = max(d.aim_search_m, 1.15 * SIGMAS[-1] * max(d.along_sigma_m, d.cross_sigma_m))
    half = max(LEAST_ZOOM_CELLS // 2, int(np.ceil(1.1 * reach_m / grid.cell_m)))
    size = min(2 * half, grid.rows, grid.cols)
    row = int(np.clip((grid.top_m - site.site.y_m) / grid.cell_m - size / 2, 0, grid.rows - size))
    col = int(np.clip((site.site.x_m - grid.left_m) / grid.cell_m - size / 2, 0, grid.cols - size))
    cut = {n: a[row : row + size, col : col + size] for n, a in site.maps.layers.items()}
    return replace(site.maps, grid=grid.crop(row, col, size, size), layers=cut)


def _draw_panel(
    figure: Any,
    result: StudyResult,
    site: SiteResult,
    panel: tuple[str, bool],
    box: tuple[float, float],
    zoom: LightMap,
) -> None:
    name, near = panel
    maps = zoom if near else site.maps
    axes = figure.add_axes(inches(figure, *box, SIDE_IN))
    span = draw_layer(axes, maps, name)
    colour_bar(figure, axes, name, span, inches(figure, box[0] + 0.1, box[1] - 0.27, SIDE_IN - 0.2, 0.08))
    axes.set_title(f"{label(name)}, close up" if near else label(name), pad=11, fontsize=8.5)
    if near:
        draw_ellipses(axes, result, site)
        _draw_best_aim(axes, site, zoom)
        draw_places(axes, maps.grid, [("", site.site.x_m, site.site.y_m, True)], 7.0)
    else:
        draw_region_names(axes, result, maps.grid, 5.0, NAMES_A_PANEL)
        draw_places(axes, maps.grid, [(tidy(site.site.candidate.name)[:24], site.site.x_m, site.site.y_m, True)], 7.5)
        _draw_window(axes, zoom)


def _draw_window(axes: Any, zoom: LightMap) -> None:
    from matplotlib.patches import Rectangle

    grid = zoom.grid
    side = grid.cols * grid.cell_m / 1000.0
    for colour, width in (("white", 2.0), (INK, 0.9)):
        axes.add_patch(
            Rectangle(
                (grid.left_m / 1000.0, grid.bottom_m / 1000.0), side, side, fc="none", ec=colour, lw=width, zorder=6
            )
        )


def _draw_best_aim(axes: Any, site: SiteResult, zoom: LightMap) -> None:
    if site.touchdown is None:
        return
    east, north = site.touchdown.best_aim_offset_m
    x, y = site.site.x_m + east, site.site.y_m + north
    if np.isfinite(x + y) and zoom.grid.contains(x, y):
        axes.plot(
            x / 1000.0, y / 1000.0, marker="P", ms=7, mfc=BOTH, mec="white", mew=0.9, ls="none", zorder=9, label="best"
        )


def _finish(result: StudyResult, site: SiteResult, drawing: Any, folder: Path, names: list[str]) -> Figure:
    name, d = tidy(site.site.candidate.name)[:40], result.mission.dispersion
    data = data_note(result, site.maps, site.terrain.source or result.region.source).split("\n")[0]
    spread = (
        f"landing error, one sigma: {plain('along_m', d.along_sigma_m)} along, {plain('cross_m', d.cross_sigma_m)} "
        f"across a track of azimuth {plain('azimuth_deg', d.track_azimuth_true_deg)}"
    )
    meanings = " ".join(sentence(site.maps.meanings.get(n, "")) for n in dict.fromkeys(names))
    note = Note(
        stem=f"{site_stem(site)}_touchdown",
        heading=f"Site {name}: touchdown and drive",
        caption=f"{meanings} The square on the maps is the close-up. Ellipses: one, two and three standard deviations "
        "of the landing error around the aim point; the cross is the best aim point found near it.",
        lines=f"{data}\n{spread} · {map_note()}",
        synthetic=synthetic_label(site),
    )
    return finished(drawing, folder, note, [ramp(n).colours for n in names])
