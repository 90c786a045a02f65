"""Layers of the user's own on maps: names, areas, craters and lines, and their names."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from lupex.model import Grid
from lupex.model.fields.own_layer import AREAS, OwnFeature, OwnLayer
from lupex.report.paper.mapframe import scale_factor
from lupex.report.paper.words import tidy

LONGEST_NAME = 24
HALO = "white"
LINES = {
    "names": ("#1d2430", 0.0, "-"),
    "regions": ("#6a2a8a", 1.1, "-"),
    "craters": ("#1d2430", 0.7, "-"),
    "scarps": ("#b5342a", 0.8, "-"),
    "outlines": ("#0b6e6e", 0.9, "--"),
}
"""Colour, width and style of what a layer of each kind is drawn with."""
CIRCLE = np.linspace(0.0, 2.0 * np.pi, 97)


def draw_own_layers(axes: Any, layers: Iterable[OwnLayer], grid: Grid) -> list[tuple[str, float, float]]:
    """Draw what of the layers lies on a map; returns the names to write there (name, x_km, y_km), largest first.

    Args:
        axes: of the map, in km.
        layers: of the study.
        grid: that the map shows.
    """
    names: list[tuple[float, str, float, float]] = []
    for layer in layers:
        for one in layer.features:
            lines = list(feature_lines(layer, one))
            if not any(_on_map(line, grid) for line in lines):
                continue
            for line in lines if layer.kind != "names" else []:
                _draw(axes, layer.kind, line / 1000.0)
            at = one.middle_m
            if one.name and layer.kind != "scarps" and grid.contains(*at):
                size = float(np.ptp(np.concatenate(lines), axis=0).max())
                names.append((size, tidy(one.name)[:LONGEST_NAME], at[0] / 1000.0, at[1] / 1000.0))
    return [(name, x, y) for _, name, x, y in sorted(names, key=lambda row: (-row[0], row[1]))]


def feature_lines(layer: OwnLayer, one: OwnFeature) -> Iterable[Any]:
    """What is drawn of a feature: its rim, its closed rings, its lines, or its point, (point, 2) arrays in m."""
    if np.isfinite(one.diameter_m):
        x, y = one.middle_m
        radius = 0.5 * one.diameter_m * scale_factor(x, y)
        yield np.column_stack([x + radius * np.sin(CIRCLE), y + radius * np.cos(CIRCLE)])
        return
    for part in one.parts:
        yield np.vstack([part, part[:1]]) if layer.kind in AREAS else part


def _draw(axes: Any, kind: str, line: Any) -> None:
    colour, width, style = LINES[kind]
    axes.plot(line[:, 0], line[:, 1], color=HALO, lw=width + 1.0, alpha=0.6, zorder=5, scalex=False, scaley=False)
    axes.plot(line[:, 0], line[:, 1], color=colour, lw=width, ls=style, zorder=5, scalex=False, scaley=False)


def _on_map(line: Any, grid: Grid) -> bool:
    low, high = line.min(axis=0), line.max(axis=0)
    across = low[0] <= grid.right_m and high[0] >= grid.left_m
    return bool(across and low[1] <= grid.top_m and high[1] >= grid.bottom_m)
