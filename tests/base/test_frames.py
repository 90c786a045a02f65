"""Maps, frames and the three azimuths, against what stands on a globe."""

import numpy as np
import pytest

from lupex.base import frames
from lupex.base.constants import MOON_RADIUS_M

POLES = ["south", "north"]
RNG = np.random.default_rng(3)


def me(lat_deg, lon_deg):
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def places(pole, n=200):
    lat = RNG.uniform(55.0, 90.0, n) * (-1.0 if pole == "south" else 1.0)
    return lat, RNG.uniform(0.0, 360.0, n)


@pytest.mark.parametrize(
    ("pole", "lon_deg", "way"),
    [
        ("south", 0, (0, 1)),
        ("south", 90, (1, 0)),
        ("north", 0, (0, -1)),
        ("north", 90, (1, 0)),
        ("south", 180, (0, -1)),
    ],
)
def test_where_the_meridians_lie_on_the_map(pole, lon_deg, way):
    x, y = frames.map_xy_m(-80 if pole == "south" else 80, lon_deg, pole)
    rho = 2 * MOON_RADIUS_M * np.tan(np.radians(5.0))
    assert [x / rho, y / rho] == pytest.approx(way, abs=1e-12)


@pytest.mark.parametrize("pole", POLES)
def test_the_map_and_back(pole):
    lat, lon = places(pole)
    back_lat, back_lon = frames.lat_lon_deg(*frames.map_xy_m(lat, lon, pole), pole)
    assert back_lat == pytest.approx(lat, abs=1e-10)
    assert (back_lon - lon + 180) % 360 - 180 == pytest.approx(0, abs=1e-8)


@pytest.mark.parametrize("pole", POLES)
def test_unit_vectors_are_the_places_in_the_map_frame(pole):
    lat, lon = places(pole)
    found = frames.unit_vectors(*frames.map_xy_m(lat, lon, pole))
    assert found == pytest.approx(frames.me_to_map_frame(me(lat, lon), pole), abs=1e-12)


@pytest.mark.parametrize("pole", POLES)
def test_the_map_frame_is_a_turn_not_a_mirror(pole):
    axes = frames.me_to_map_frame(np.eye(3), pole)
    assert np.linalg.det(axes) == pytest.approx(1.0, abs=1e-15)
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-15)


@pytest.mark.parametrize("pole", POLES)
def test_true_north_on_the_map_is_where_latitude_grows(pole):
    lat, lon = places(pole)
    lat = np.clip(lat, -89.9, 89.9)
    x, y = frames.map_xy_m(lat, lon, pole)
    further_x, further_y = frames.map_xy_m(lat + 1e-6, lon, pole)
    azimuth = np.degrees(np.arctan2(further_x - x, further_y - y))
    turn = frames.convergence_deg(x, y, pole) - azimuth
    assert (turn + 180) % 360 - 180 == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("pole", POLES)
def test_a_pencil_azimuth_is_the_straight_line_of_the_great_circle_on_the_gnomonic_map(pole):
    lat, lon = places(pole)
    x, y = frames.map_xy_m(lat, lon, pole)
    grid = RNG.uniform(0, 360, lat.size)
    step = 1.0  # one metre on the map along the grid azimuth; conformal, so along the ground too
    here, there = (
        frames.unit_vectors(x + d * np.sin(np.radians(grid)), y + d * np.cos(np.radians(grid))) for d in (0.0, step)
    )
    dx, dy = (there[:, i] / there[:, 2] - here[:, i] / here[:, 2] for i in (0, 1))
    turn = frames.pencil_from_grid_deg(grid, x, y) - np.degrees(np.arctan2(dx, dy))
    assert (turn + 180) % 360 - 180 == pytest.approx(0, abs=1e-3)


def test_pencil_and_grid_azimuths_are_each_others_inverse_and_agree_at_the_pole():
    azimuth = RNG.uniform(0, 360, 500)
    x, y = RNG.uniform(-8e5, 8e5, (2, 500))
    back = frames.pencil_from_grid_deg(frames.grid_from_pencil_deg(azimuth, x, y), x, y)
    assert (back - azimuth + 180) % 360 - 180 == pytest.approx(0, abs=1e-9)
    assert frames.grid_from_pencil_deg(azimuth, 0.0, 0.0) == pytest.approx(azimuth, abs=1e-9)


@pytest.mark.parametrize("toward_deg", [0.0, 90.0, 180.0, 270.0])
def test_along_and_across_the_meridian_the_azimuths_agree(toward_deg):
    assert frames.grid_from_pencil_deg(toward_deg, 0.0, 4e5) % 360 == pytest.approx(toward_deg, abs=1e-9)
