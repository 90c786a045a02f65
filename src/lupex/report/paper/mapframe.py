"""What surrounds a polar map: frame in true orientation, latitude circles and meridians, a true scale bar, marks.

Axes are in map kilometres. A length on the map is longer than on the ground by 1 + rho^2 / 4R^2
(Snyder 1987, eq. 21-4 on the sphere), so the scale bar is drawn for the place where it stands.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.frames import lat_lon_deg, map_xy_m
from lupex.model import Grid
from lupex.report.paper.style import HAIR, INK, MARK, QUIET

_STEPS_DEG = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_MERIDIAN_STEPS_DEG = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0)


POLE_NAMED_BELOW_M = 2.0e5
"""Wider maps mark the pole without a name, which would cover the sites around it."""


def draw_raster(axes: Any, grid: Grid, rgb: Any) -> None:
    """Fill the frame with an (row, col, 3 or 4) picture and set the limits to the grid's edges."""
    extent = tuple(v / 1000.0 for v in (grid.left_m, grid.right_m, grid.bottom_m, grid.top_m))
    axes.imshow(rgb, extent=extent, origin="upper", interpolation="nearest", zorder=1)
    axes.set_xlim(extent[0], extent[1])
    axes.set_ylim(extent[2], extent[3])
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])


def scale_factor(x_m: float, y_m: float) -> float:
    """Map length over ground length at map point x, y."""
    return 1.0 + (x_m * x_m + y_m * y_m) / (4.0 * MOON_RADIUS_M**2)


def draw_scale_bar(axes: Any, grid: Grid) -> None:
    """A bar of a round number of true kilometres at the lower left; sizes in points, length in the map's scale.

    Args:
        axes: of the map.
        grid: that the map shows.
    """
    from matplotlib.patches import Rectangle

    point = km_per_point(axes)
    width_km = grid.cols * grid.cell_m / 1000.0
    x0, y0 = grid.left_m / 1000.0 + 10 * point, grid.bottom_m / 1000.0 + 9 * point
    length_km = _round_length(0.24 * width_km)
    drawn = length_km * scale_factor((x0 + 0.5 * length_km) * 1000.0, y0 * 1000.0)
    box = (x0 - 5 * point, y0 - 4 * point), drawn + 10 * point, 18 * point
    axes.add_patch(Rectangle(*box, fc="white", ec="none", zorder=8))
    for part, colour in enumerate((INK, "white")):
        corner = (x0 + part * drawn / 2, y0)
        axes.add_patch(Rectangle(corner, drawn / 2, 3 * point, fc=colour, ec=INK, lw=0.6, zorder=9))
    text = f"{length_km:g} km" if length_km >= 1 else f"{1000 * length_km:g} m"
    axes.text(x0 + drawn / 2, y0 + 4.5 * point, text, ha="center", va="bottom", fontsize=6.5, color=INK, zorder=9)


def km_per_point(axes: Any) -> float:
    """Map kilometres under one typographic point on the page."""
    left, right = axes.get_xlim()
    return float((right - left) / (axes.get_position().width * axes.figure.get_figwidth() * 72.0))


def _round_length(limit_km: float) -> float:
    power = 10.0 ** math.floor(math.log10(limit_km))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= limit_km)


def draw_graticule(axes: Any, grid: Grid, colour: str = "white") -> None:
    """Latitude circles and meridians with labels; the pole marked when the map holds it."""
    pole_inside = grid.contains(0.0, 0.0)
    _draw_latitudes(axes, grid, colour, pole_inside)
    _draw_meridians(axes, grid, colour, pole_inside)
    if pole_inside:
        axes.plot(0, 0, marker="+", ms=8, mew=1.8, color="white", zorder=7)
        axes.plot(0, 0, marker="+", ms=7, mew=0.9, color=INK, zorder=7)
        if grid.cols * grid.cell_m < POLE_NAMED_BELOW_M:
            halo_text(axes, 0, 0, f"{grid.pole} pole", (5, -9), 6.2, "left")


def _draw_latitudes(axes: Any, grid: Grid, colour: str, pole_inside: bool) -> None:
    lat, _ = lat_lon_deg(*_frame_points(grid), grid.pole)
    low, high = float(np.min(np.abs(lat))), 90.0 if pole_inside else float(np.max(np.abs(lat)))
    step = next((s for s in _STEPS_DEG if (high - low) / s <= 6.0), _STEPS_DEG[-1])
    sign = -1.0 if grid.pole == "south" else 1.0
    angle = np.radians(np.linspace(0.0, 360.0, 1441))
    for value in np.arange(math.ceil(low / step) * step, high - 1e-9, step):
        radius = abs(float(map_xy_m(sign * value, 90.0, grid.pole)[0]))
        x, y = radius * np.sin(angle) / 1000.0, radius * np.cos(angle) / 1000.0
        if not pole_inside:
            angle_mid = math.atan2((grid.left_m + grid.right_m) / 2, (grid.top_m + grid.bottom_m) / 2)
            fine = angle_mid + np.linspace(-1.0, 1.0, 1441) * min(math.pi, 1.5 * _half_angle(grid))
            x, y = radius * np.sin(fine) / 1000.0, radius * np.cos(fine) / 1000.0
        axes.plot(x, y, color=colour, lw=0.5, alpha=0.65, zorder=4)
        text = f"{value:.{max(0, -math.floor(math.log10(step) + 1e-9))}f}° {'S' if sign < 0 else 'N'}"
        if pole_inside:
            if radius / 1000.0 * 0.72 < grid.right_m / 1000.0:
                halo_text(axes, radius * 0.7071e-3, radius * 0.7071e-3, text, (0, 0), 6.0, "center", "center")
        else:
            _label_on_side(axes, grid, x, y, text)


def _half_angle(grid: Grid) -> float:
    x, y = (grid.left_m + grid.right_m) / 2, (grid.top_m + grid.bottom_m) / 2
    return math.atan2(0.75 * max(grid.rows, grid.cols) * grid.cell_m, math.hypot(x, y)) + 1e-9


def _label_on_side(axes: Any, grid: Grid, x: Any, y: Any, text: str) -> None:
    for edge, align, shift in ((grid.left_m / 1000.0, "right", -3), (grid.right_m / 1000.0, "left", 3)):
        cross = np.flatnonzero((x[1:] - edge) * (x[:-1] - edge) <= 0)
        cross = cross[(y[cross] > grid.bottom_m / 1000.0) & (y[cross] < grid.top_m / 1000.0)]
        if cross.size:
            _edge_text(axes, edge, float(y[cross[0]]), text, (shift, 0), align, "center")
            return


def _draw_meridians(axes: Any, grid: Grid, colour: str, pole_inside: bool) -> None:
    frame_x, frame_y = _frame_points(grid)
    _, lon = lat_lon_deg(frame_x, frame_y, grid.pole)
    centre = float(lat_lon_deg((grid.left_m + grid.right_m) / 2, (grid.top_m + grid.bottom_m) / 2, grid.pole)[1])
    offset = (lon - centre + 180.0) % 360.0 - 180.0
    low, high = (-180.0, 180.0 - 1e-6) if pole_inside else (float(offset.min()), float(offset.max()))
    step = next((s for s in _MERIDIAN_STEPS_DEG if (high - low) / s <= (12.5 if pole_inside else 6.0)), 30.0)
    first = math.ceil((centre + low) / step) * step
    for value in np.arange(first, centre + high + 1e-9, step):
        direction = map_xy_m(0.0, value, grid.pole)
        unit = np.array([float(direction[0]), float(direction[1])]) / (2.0 * MOON_RADIUS_M)
        inner, outer = _ray_in_frame(grid, unit)
        if outer <= inner:
            continue
        start = max(inner, 0.03 * outer if pole_inside else inner)
        x, y = unit[0] * np.array([start, outer]) / 1000.0, unit[1] * np.array([start, outer]) / 1000.0
        axes.plot(x, y, color=colour, lw=0.5, alpha=0.65, zorder=4)
        decimals = 1 if step < 1.0 else 0
        _label_meridian(axes, grid, float(x[1]), float(y[1]), f"{value % 360.0:.{decimals}f}° E")


def _label_meridian(axes: Any, grid: Grid, x: float, y: float, text: str) -> None:
    tolerance = 0.002 * grid.cell_m * grid.cols / 1000.0
    if abs(y - grid.top_m / 1000.0) < tolerance:
        _edge_text(axes, x, y, text, (0, 2.5), "center", "bottom")
    elif abs(y - grid.bottom_m / 1000.0) < tolerance:
        _edge_text(axes, x, y, text, (0, -2.5), "center", "top")
    elif x < (grid.left_m + grid.right_m) / 2000.0:
        _edge_text(axes, x, y, text, (-3, 0), "right", "center")
    else:
        _edge_text(axes, x, y, text, (3, 0), "left", "center")


def _edge_text(axes: Any, x: float, y: float, text: str, shift: tuple[float, float], ha: str, va: str) -> None:
    """Text just outside the frame unless another label already stands there."""
    side = (axes.get_xlim()[1] - axes.get_xlim()[0]) * 0.06
    taken = getattr(axes, "_lupex_labels", [])
    if any(abs(x - a) < 2.0 * side and abs(y - b) < 0.8 * side for a, b in taken):
        return
    axes._lupex_labels = [*taken, (x, y)]
    axes.annotate(
        text, (x, y), xytext=shift, textcoords="offset points", ha=ha, va=va, fontsize=5.8, color=QUIET,
        annotation_clip=False,
    )  # fmt: skip


def _ray_in_frame(grid: Grid, unit: Any) -> tuple[float, float]:
    """Distances (m) from the pole at which a ray enters and leaves the frame; equal when it misses."""
    low, high = 0.0, math.inf
    for direction, a, b in ((unit[0], grid.left_m, grid.right_m), (unit[1], grid.bottom_m, grid.top_m)):
        if abs(direction) < 1e-12:
            if not a <= 0.0 <= b:
                return 0.0, 0.0
            continue
        near, far = sorted((a / direction, b / direction))
        low, high = max(low, near), min(high, far)
    return (low, high) if high > low else (0.0, 0.0)


def _frame_points(grid: Grid) -> tuple[Any, Any]:
    t = np.linspace(0.0, 1.0, 65)
    x = grid.left_m + t * (grid.right_m - grid.left_m)
    y = grid.bottom_m + t * (grid.top_m - grid.bottom_m)
    return (
        np.concatenate([x, x, np.full(65, grid.left_m), np.full(65, grid.right_m)]),
        np.concatenate([np.full(65, grid.bottom_m), np.full(65, grid.top_m), y, y]),
    )


def halo_text(
    axes: Any,
    x: float,
    y: float,
    text: str,
    shift: tuple[float, float],
    size: float,
    ha: str = "left",
    va: str = "baseline",
    weight: str = "normal",
) -> None:
    """Dark text with a white halo: readable on any map.

    Args:
        axes: to write on.
        x, y: anchor in the units of the axes.
        shift: from the anchor, points.
        size: of the letters, points.
        ha, va, weight: as in matplotlib.
    """
    from matplotlib.patheffects import withStroke

    axes.annotate(
        text, (x, y), xytext=shift, textcoords="offset points", ha=ha, va=va, fontsize=size, color=INK, weight=weight,
        zorder=10, annotation_clip=True, path_effects=[withStroke(linewidth=1.8, foreground="white")],
    )  # fmt: skip


def draw_places(axes: Any, grid: Grid, places: Iterable[tuple[str, float, float, bool]], size: float = 7.5) -> None:
    """Marks and names of places (name, x_m, y_m, chosen); names avoid each other and the marks.

    Chosen places are filled and named, others are small open rings without a name.
    """
    rows = [(name, x / 1000.0, y / 1000.0, chosen) for name, x, y, chosen in places if grid.contains(x, y)]
    for _, x, y, chosen in rows:
        face, edge, ms = (MARK, "white", 6.0) if chosen else ("none", HAIR, 3.5)
        axes.plot(x, y, marker="o", ms=ms, mfc=face, mec=edge, mew=0.9, zorder=9, ls="none")
    draw_names(axes, [(name if chosen else "", x, y) for name, x, y, chosen in rows], size)


def draw_names(axes: Any, rows: list[tuple[str, float, float]], size: float = 7.5, weight: str = "bold") -> None:
    """Names beside marks (name, x_km, y_km) that avoid each other and the marks; '' for a mark without a name."""
    point = km_per_point(axes)
    boxes: list[tuple[float, float, float, float]] = [
        (x - 4 * point, y - 4 * point, x + 4 * point, y + 4 * point) for _, x, y in rows
    ]
    for name, x, y in rows:
        if name:
            shift = _free_spot(x, y, name, size, point, boxes)
            halo_text(axes, x, y, name, shift, size, "left", "baseline", weight)


def _free_spot(
    x: float, y: float, name: str, size: float, point: float, boxes: list[tuple[float, float, float, float]]
) -> tuple[float, float]:
    width, height = 0.68 * size * max(len(name), 1), size
    spots = [(5.0, 3.0), (5.0, -9.0), (-5.0 - width, 3.0), (-5.0 - width, -9.0), (-width / 2, 7.0), (-width / 2, -13.0)]
    spots += [(14.0, 12.0), (14.0, -18.0), (-14.0 - width, 12.0), (-14.0 - width, -18.0)]
    best = min(range(len(spots)), key=lambda i: (_overlap(_box(x, y, spots[i], width, height, point), boxes), i))
    boxes.append(_box(x, y, spots[best], width, height, point))
    return spots[best]


def _box(
    x: float, y: float, spot: tuple[float, float], width: float, height: float, point: float
) -> tuple[float, float, float, float]:
    left, bottom = x + spot[0] * point, y + spot[1] * point
    return left, bottom, left + width * point, bottom + height * point


def _overlap(box: tuple[float, float, float, float], boxes: list[tuple[float, float, float, float]]) -> float:
    return sum(
        max(0.0, min(box[2], b[2]) - max(box[0], b[0])) * max(0.0, min(box[3], b[3]) - max(box[1], b[1])) for b in boxes
    )
