"""Pieces of map figures that several chapters draw."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.frames import map_xy_m
from lupex.model import Grid, LightMap
from lupex.report.paper.layers import colour_bar_label, colour_map, colour_range, overlay, shown_values
from lupex.report.paper.mapframe import draw_graticule, draw_names, draw_raster, draw_scale_bar
from lupex.report.paper.own_layers import draw_own_layers
from lupex.report.paper.style import DEEP_BLUE, MARK
from lupex.report.paper.words import is_fraction, plain, quantity, tidy
from lupex.results import SiteResult, StudyResult
from lupex.sites.constraints import active


def draw_contours(axes: Any, site: SiteResult) -> None:
    """White lines of equal height with their labels, about a dozen over the map.

    Args:
        axes: of the map.
        site: whose heights are drawn.
    """
    from matplotlib.patheffects import withStroke

    z = site.terrain.elevation_m
    if z.shape != site.maps.grid.shape or not np.isfinite(z).any():
        return
    low, high = float(np.nanmin(z)), float(np.nanmax(z))
    step = next((s for s in (10, 20, 50, 100, 200, 500, 1000) if (high - low) / s <= 12), 2000)
    levels = np.arange(np.ceil(low / step) * step, high, step)
    if levels.size:
        grid = site.maps.grid
        lines = axes.contour(
            grid.x_m() / 1000.0, grid.y_m() / 1000.0, z, levels=levels, colors="white", linewidths=0.45, alpha=0.75,
            negative_linestyles="solid", zorder=3,
        )  # fmt: skip
        for text in axes.clabel(lines, lines.levels[::3], fontsize=5.0, fmt="%d m", inline_spacing=2, colors="white"):
            text.set_path_effects([withStroke(linewidth=1.0, foreground="#1d243099")])


def draw_shadow_outline(axes: Any, site: SiteResult) -> None:
    """Permanent shadow in deep blue, with an outline.

    Args:
        axes: of the map.
        site: whose layer permanent_shadow is drawn.
    """
    shadow = site.maps.layers.get("permanent_shadow")
    if shadow is None or not (np.nan_to_num(shadow) == 1).any():
        return
    grid, inside = site.maps.grid, (shadow == 1).astype(np.float32)
    x, y = grid.x_m() / 1000.0, grid.y_m() / 1000.0
    axes.contourf(x, y, inside, levels=[0.5, 1.5], colors=[DEEP_BLUE], alpha=0.55, zorder=3)
    if not (inside == 1).all():
        axes.contour(x, y, inside, levels=[0.5], colors="white", linewidths=1.5, zorder=4)
        axes.contour(x, y, inside, levels=[0.5], colors=DEEP_BLUE, linewidths=0.9, zorder=4)


NAMES_A_MAP, NAMES_A_PANEL = 12, 6
"""Names on a map of its own, and on one of several side by side."""


def draw_region_names(axes: Any, result: StudyResult, grid: Grid, size: float = 6.0, most: int = NAMES_A_MAP) -> None:
    """The layers of the user's own, with their names, and the names of the largest regions of permanent shadow.

    Args:
        axes: of the map.
        result: of the study.
        grid: that the map shows.
        size: of the letters, points.
        most: names on the map; those of the user's own come first.
    """
    on = draw_own_layers(axes, result.layers, grid)
    own = {name for name, _, _ in on}
    for region in (r for r in result.psr_regions if r.name):
        x, y = (float(v) for v in map_xy_m(region.lat_deg, region.lon_deg, grid.pole))
        if grid.contains(x, y) and tidy(region.name)[:24] not in own:
            on.append((tidy(region.name)[:24], x / 1000.0, y / 1000.0))
    draw_names(axes, on[:most], size, weight="normal")


def inches(figure: Any, left_in: float, bottom_in: float, width_in: float, height_in: float = 0.0) -> tuple[float, ...]:
    """Axes box in figure fractions from inches; square when no height is given."""
    w, h = figure.get_figwidth(), figure.get_figheight()
    return (left_in / w, bottom_in / h, width_in / w, (height_in or width_in) / h)


def map_note() -> str:
    """The line under every map about its projection."""
    radius = plain("radius_km", MOON_RADIUS_M / 1000.0)
    return f"polar stereographic, {radius} sphere · scale bar: true length where it stands"


def data_note(result: StudyResult, maps: LightMap, source: str, eye: str = "") -> str:
    """The line under every map: DEM, cell size, search radius, eye height, span, definition of dark."""
    m = result.mission
    dark = plain("fraction", m.light.dark_below_disc_fraction)
    return (
        f"{tidy(source)[:110]} · cells {plain('cell_m', float(maps.grid.cell_m))} · terrain searched to "
        f"{plain('radius_km', m.horizon.search_radius_km)} · eye "
        f"{eye or plain('height_m', float(maps.observer_height_m))} "
        f"above ground\ndark: visible disc fraction not above {dark}"
    )


@dataclass(frozen=True)
class Limit:
    """A limit of the mission on a layer, in the unit the layer is printed in."""

    value: float
    words: str


def limit_of(result: StudyResult, name: str) -> Limit | None:
    """The limit that [sites] sets on a layer; None where there is none."""
    for rule in active(result.mission.sites):
        if rule.layer == name and rule.setting:
            value = rule.limit(result.mission.sites)
            words = "at most" if rule.at_most else "at least"
            return Limit(100.0 * value if is_fraction(name) else value, f"{words} {quantity(name, value)}")
    return None


def colour_bar(
    figure: Any,
    axes: Any,
    name: str,
    span: tuple[float, float],
    where: tuple[float, ...],
    limit: Limit | None = None,
) -> None:
    """A horizontal colour bar in figure coordinates, with name and unit.

    Args:
        figure: the drawing.
        axes: the map it belongs to.
        name: the layer, unit in the name.
        span: values at the two ends, in the unit printed.
        where: left, bottom, width, height.
        limit: the mission's limit on the layer, marked on the bar where it lies within; None for none.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    bar = figure.colorbar(
        ScalarMappable(Normalize(*span), colour_map(name)), cax=figure.add_axes(where), orientation="horizontal"
    )
    bar.set_label(colour_bar_label(name), fontsize=7, labelpad=2)
    bar.ax.tick_params(labelsize=6.3, length=2, pad=1.5)
    if name in YES_OR_NO:
        bar.set_ticks([0.0, 1.0], labels=["no", "yes"])
    bar.outline.set_linewidth(0.5)
    if limit is not None:
        within = span[0] <= limit.value <= span[1]
        label = f"{colour_bar_label(name)} · rule: {limit.words}"
        bar.set_label(label, fontsize=7, labelpad=2)
        if within:
            for colour, width in (("white", 2.6), (MARK, 1.4)):
                bar.ax.axvline(limit.value, ymin=-0.35, ymax=1.35, color=colour, lw=width, clip_on=False)


def draw_layer(axes: Any, maps: LightMap, name: str) -> tuple[float, float]:
    """One layer over the relief, with frame, graticule and scale bar; the colour range used."""
    span = colour_range(name, shown_values(name, maps[name]))
    draw_raster(axes, maps.grid, overlay(name, maps[name], maps.layers.get("hillshade"), span))
    draw_graticule(axes, maps.grid)
    draw_scale_bar(axes, maps.grid)
    return span


YES_OR_NO = ("permanent_shadow", "admissible", "reachable", "there")
"""Layers of 0 and 1."""
