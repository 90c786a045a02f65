"""Figures of the whole region: light, shadow, Earth view, season, sites."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lupex.model import LightMap
from lupex.report.paper.finish import Note, finished
from lupex.report.paper.layers import RAMPS, grey
from lupex.report.paper.mapframe import draw_graticule, draw_places, draw_raster, draw_scale_bar
from lupex.report.paper.names import below_label
from lupex.report.paper.panels import (
    NAMES_A_PANEL,
    colour_bar,
    data_note,
    draw_layer,
    draw_region_names,
    inches,
    limit_of,
    map_note,
)
from lupex.report.paper.style import DEEP_BLUE, MARK, QUIET, STAMP, Figure, new_figure
from lupex.report.paper.words import label, sentence, tidy
from lupex.results import StudyResult

FOUR = ("lit_fraction_any", "earth_fraction", "season_longest_lit_days", "season_sun_and_earth_fraction")
"""The four panels a working group asks for first."""

FOUR_MORE = ("slope_deg", "psr_distance_km", "mean_irradiance_panel_w_m2", "score")

SINGLES = ("earth_fraction", "season_lit_fraction", "season_longest_lit_days", "score")
"""Layers drawn once more on their own, for slides."""


def sites_figure(result: StudyResult, folder: Path) -> dict[str, Figure]:
    """Draw 'sites', the map of the chosen sites over light and shadow, where its layers exist."""
    if "lit_fraction_any" in result.maps.layers or "hillshade" in result.maps.layers:
        return {"sites": _sites_map(result, folder)}
    return {}


def shadow_figure(result: StudyResult, folder: Path) -> dict[str, Figure]:
    """Draw 'shadow', the map of permanent shadow, where its layer exists."""
    return {"shadow": _shadow_map(result, folder)} if "permanent_shadow" in result.maps.layers else {}


def region_figures(result: StudyResult, folder: Path) -> dict[str, Figure]:
    """Draw the regional panels whose layers exist; keys 'four', 'four_more', 'single_<layer>'.

    Args:
        result: of the study.
        folder: that receives the PNG files.
    """
    made: dict[str, Figure] = {}
    for key, names in (("four", FOUR), ("four_more", FOUR_MORE)):
        present = [n for n in names if n in result.maps.layers]
        if present:
            made[key] = _panels(result, folder, key, present)
    for name in SINGLES:
        if name in result.maps.layers:
            made[f"single_{name}"] = _single(result, folder, name)
    return made


def shadow_rgba(shadow: Any, alpha: float) -> Any:
    """Deep blue where ``shadow`` (row, col) is 1, clear elsewhere."""
    rgba = np.zeros((*shadow.shape, 4), dtype=np.uint8)
    rgba[shadow == 1] = [int(DEEP_BLUE[i : i + 2], 16) for i in (1, 3, 5)] + [int(255 * alpha)]
    return rgba


def places(result: StudyResult) -> list[tuple[str, float, float, bool]]:
    """Name, map x and y (m), chosen or not, of every candidate; chosen first."""
    chosen = {s.site.candidate.name for s in result.sites}
    rows = [(tidy(c.name)[:24], c.x_m, c.y_m, c.name in chosen) for c in result.candidates]
    names = {c.name for c in result.candidates}
    extra = [s.site.candidate for s in result.sites if s.site.candidate.name not in names]
    rows += [(tidy(c.name)[:24], c.x_m, c.y_m, True) for c in extra]
    return sorted(rows, key=lambda row: not row[3])


def _sites_map(result: StudyResult, folder: Path) -> Figure:
    maps = result.maps
    figure = new_figure(7.2, 7.7)
    axes = figure.add_axes(inches(figure, 0.42, 0.98, 6.3))
    if "lit_fraction_any" in maps.layers:
        span = draw_layer(axes, maps, "lit_fraction_any")
        colour_bar(figure, axes, "lit_fraction_any", span, inches(figure, 0.42, 0.68, 2.6, 0.1))
    else:
        draw_raster(axes, maps.grid, grey(maps["hillshade"]))
        draw_graticule(axes, maps.grid)
        draw_scale_bar(axes, maps.grid)
    if "permanent_shadow" in maps.layers:
        _overlay_shadow(axes, maps, 0.9)
    draw_region_names(axes, result, maps.grid, 6.5)
    draw_places(axes, maps.grid, places(result), 9.0)
    _ring_broken(axes, result)
    _sites_legend(figure, bool(result.sites), "permanent_shadow" in maps.layers)
    caption = (
        f"{_meaning(maps, 'lit_fraction_any')} Deep blue: permanent shadow. Filled marks: chosen sites; rings: "
        "other candidates"
        + ("; red rings: sites whose landing ellipse breaks a rule of the mission." if _any_broken(result) else ".")
    )
    heading = "Light, permanent shadow and the chosen sites"
    return _finish(result, figure, folder, ("region_sites", heading, caption), ("lit_fraction_any",))


def _any_broken(result: StudyResult) -> bool:
    return any(site.ground is not None and site.ground.marked for site in result.sites)


def _ring_broken(axes: Any, result: StudyResult) -> None:
    """A ring around every site whose landing ellipse breaks a rule of the mission."""
    for site in result.sites:
        if site.ground is not None and site.ground.marked:
            x, y = site.site.x_m / 1000.0, site.site.y_m / 1000.0
            axes.plot(x, y, marker="o", ms=11.0, mfc="none", mec="white", mew=2.2, zorder=8, ls="none")
            axes.plot(x, y, marker="o", ms=11.0, mfc="none", mec=STAMP, mew=1.2, zorder=8, ls="none")


def _overlay_shadow(axes: Any, maps: LightMap, alpha: float) -> None:
    extent = tuple(v / 1000.0 for v in (maps.grid.left_m, maps.grid.right_m, maps.grid.bottom_m, maps.grid.top_m))
    axes.imshow(
        shadow_rgba(maps["permanent_shadow"], alpha), extent=extent, origin="upper", interpolation="nearest", zorder=2
    )


def _sites_legend(figure: Any, sites: bool, shadow: bool) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = []
    if shadow:
        handles.append(Patch(fc=DEEP_BLUE, label="permanent shadow"))
    if sites:
        handles.append(Line2D([], [], ls="none", marker="o", mfc=MARK, mec="white", ms=6.5, label="chosen site"))
        handles.append(Line2D([], [], ls="none", marker="o", mfc="none", mec=QUIET, ms=4.5, label="other candidate"))
    if handles:
        figure.legend(
            handles=handles,
            loc="center left",
            bbox_to_anchor=(0.47, 0.62 / 7.7),
            ncols=3,
            handletextpad=0.4,
            columnspacing=1.4,
        )


def _panels(result: StudyResult, folder: Path, key: str, names: list[str]) -> Figure:
    maps = result.maps
    rows = (len(names) + 1) // 2
    height = 0.45 + 3.95 * rows
    figure = new_figure(7.2, height)
    for index, name in enumerate(names):
        left, bottom = 0.42 + 3.6 * (index % 2), height - 3.95 * (index // 2) - 3.24
        axes = figure.add_axes(inches(figure, left, bottom, 2.84))
        span = draw_layer(axes, maps, name)
        if "permanent_shadow" in maps.layers and name in ("lit_fraction_any", "season_longest_lit_days"):
            _overlay_shadow(axes, maps, 0.9)
        draw_region_names(axes, result, maps.grid, 5.0, NAMES_A_PANEL)
        draw_places(axes, maps.grid, places(result), 7.0)
        axes.set_title(label(name), pad=11)
        where = inches(figure, left + 0.1, bottom - 0.27, 2.64, 0.08)
        colour_bar(figure, axes, name, span, where, limit_of(result, name))
    titles = ", ".join(label(n).lower() for n in names)
    meanings = " ".join(f"{label(n)}: {tidy(maps.meanings.get(n, label(n))).rstrip('.')}." for n in names)
    return _finish(result, figure, folder, (f"region_{key}", "", meanings), names, f"Maps: {titles}")


def _shadow_map(result: StudyResult, folder: Path) -> Figure:
    maps = result.maps
    figure = new_figure(6.2, 6.45)
    axes = figure.add_axes(inches(figure, 0.42, 0.55, 5.35))
    base = maps.layers.get("hillshade")
    draw_raster(axes, maps.grid, grey(base) if base is not None else np.full((*maps.grid.shape, 3), 225, np.uint8))
    _overlay_shadow(axes, maps, 0.82)
    draw_graticule(axes, maps.grid)
    draw_scale_bar(axes, maps.grid)
    draw_region_names(axes, result, maps.grid, 6.5)
    draw_places(axes, maps.grid, [row for row in places(result) if row[3]], 7.5)
    words = ("region_permanent_shadow", "Permanent shadow", _meaning(maps, "permanent_shadow"))
    return _finish(result, figure, folder, words)


def _single(result: StudyResult, folder: Path, name: str) -> Figure:
    maps = result.maps
    figure = new_figure(6.2, 6.9)
    axes = figure.add_axes(inches(figure, 0.42, 1.0, 5.35))
    span = draw_layer(axes, maps, name)
    draw_region_names(axes, result, maps.grid)
    draw_places(axes, maps.grid, places(result), 7.5)
    colour_bar(figure, axes, name, span, inches(figure, 1.55, 0.7, 3.1, 0.1), limit_of(result, name))
    return _finish(result, figure, folder, (f"region_{name}", label(name), _meaning(maps, name)), (name,))


def _meaning(maps: LightMap, name: str) -> str:
    return sentence(maps.meanings.get(name, ""))


def _finish(
    result: StudyResult,
    drawing: Any,
    folder: Path,
    words: tuple[str, str, str],
    names: Sequence[str] = (),
    alt: str = "",
) -> Figure:
    """A regional map with its note: ``words`` are stem, heading and caption, ``names`` the layers drawn."""
    stem, heading, caption = words
    note = Note(
        stem=stem,
        heading=heading,
        caption=caption,
        lines=data_note(result, result.maps, result.region.source) + " · " + map_note(),
        synthetic=below_label(result.maps.synthetic_below_m),
        alt=f"Map: {heading}" if heading else alt,
    )
    return finished(drawing, folder, note, [RAMPS[n].colours for n in names if n in RAMPS])
