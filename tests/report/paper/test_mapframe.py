"""The frame around maps: true lengths, latitudes where they belong."""

import math

import numpy as np
import pytest

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.frames import map_xy_m
from lupex.model import Grid
from lupex.report.paper.mapframe import draw_graticule, draw_raster, draw_scale_bar, scale_factor
from lupex.report.paper.style import new_figure


def axes_for(grid: Grid):
    figure = new_figure(4.0, 4.0)
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    draw_raster(axes, grid, np.zeros((*grid.shape, 3), np.uint8))
    return axes


def test_the_scale_factor_is_map_length_over_ground_length():
    x0, y0 = (float(v) for v in map_xy_m(-80.0, 90.0, "south"))
    x1, y1 = (float(v) for v in map_xy_m(-80.01, 90.0, "south"))
    ground = math.radians(0.01) * MOON_RADIUS_M
    assert math.hypot(x1 - x0, y1 - y0) / ground == pytest.approx(scale_factor(x0, y0), rel=1e-4)


@pytest.mark.parametrize(("lat", "size", "cell"), [(-90.0, 380, 1600.0), (-85.0, 320, 50.0), (-80.2, 64, 5.0)])
def test_the_scale_bar_is_as_long_as_it_says(lat, size, cell):
    x, y = (float(v) for v in map_xy_m(lat, 40.0, "south"))
    grid = Grid.centred("south", x, y, size, cell)
    axes = axes_for(grid)
    draw_scale_bar(axes, grid)
    drawn_km = 2.0 * axes.patches[1].get_width()
    number, unit = axes.texts[0].get_text().split()
    said_km = float(number) * (1.0 if unit == "km" else 0.001)
    there = scale_factor(axes.patches[1].get_x() * 1000.0, axes.patches[1].get_y() * 1000.0)
    assert drawn_km / there == pytest.approx(said_km, rel=0.004)


def test_latitude_circles_have_the_radius_of_their_label():
    grid = Grid.centred("south", 0.0, 0.0, 380, 1600.0)
    axes = axes_for(grid)
    draw_graticule(axes, grid)
    radii = {round(float(np.hypot(*line.get_data()).mean()), 1) for line in axes.lines if len(line.get_xdata()) > 100}
    expected = {round(float(map_xy_m(lat, 90.0, "south")[0]) / 1000.0, 1) for lat in (-80.0, -85.0)}
    assert expected <= radii
    assert "85° S" in {text.get_text() for text in axes.texts}


@pytest.mark.parametrize(("pole", "lon", "side"), [("south", "0° E", "top"), ("north", "0° E", "bottom")])
def test_the_prime_meridian_leaves_the_map_on_the_right_side(pole, lon, side):
    grid = Grid.centred(pole, 0.0, 0.0, 100, 6000.0)
    axes = axes_for(grid)
    draw_graticule(axes, grid)
    label = next(text for text in axes.texts if text.get_text() == lon)
    assert label.xy[0] == pytest.approx(0.0, abs=1e-6)
    assert label.xy[1] == pytest.approx(300.0 if side == "top" else -300.0, abs=1e-6)


def test_a_fine_map_far_from_the_pole_gets_both_kinds_of_lines():
    x, y = (float(v) for v in map_xy_m(-86.3, 123.4, "south"))
    grid = Grid.centred("south", x, y, 320, 50.0)
    axes = axes_for(grid)
    draw_graticule(axes, grid)
    texts = [text.get_text() for text in axes.texts]
    assert sum("S" in t for t in texts) >= 2
    assert sum("E" in t for t in texts) >= 2
