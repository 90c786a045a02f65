"""Skylines that can be written down: walls, a crater, a lone peak, the dip of the horizon.

Sphere of 1737.4 km. A point at height h and angle t, seen from the height e above the sphere, stands at
atan(((R + h) cos t - R - e) / ((R + h) sin t)); the bare sphere seen from h at -acos(R / (R + h)).
"""

import numpy as np
import pytest
from tests.terrain.great_circle import along_sphere_m, level_ground, seen_deg

from lupex.base.constants import MOON_RADIUS_M as R
from lupex.base.frames import grid_from_pencil_deg, lat_lon_deg
from lupex.model import Terrain
from lupex.terrain import SkylineSettings, horizon_map, point_skyline_deg

SETTINGS = SkylineSettings(azimuths=72)


def bearing_true_deg(lat: float, lon: float, lats: np.ndarray, lons: np.ndarray) -> np.ndarray:
    """Initial bearing from one place to others, clockwise from true north: spherical trigonometry."""
    a, b, d = np.radians(lat), np.radians(lats), np.radians(lons - lon)
    return (
        np.degrees(np.arctan2(np.sin(d) * np.cos(b), np.cos(a) * np.sin(b) - np.sin(a) * np.cos(b) * np.cos(d))) % 360
    )


@pytest.mark.parametrize("side", [0, 90, 180, 270])
def test_a_wall_on_one_side_of_the_map_raises_that_side_only(side):
    """From the middle of 61 x 61 cells of 500 m at the pole: a wall 10 km away, 1000 m high, ends at +-45 degrees."""
    ground = level_ground(61, 500.0)
    z = ground.elevation_m.copy()
    z[:11] = 1000.0
    terrain = Terrain(ground.grid, np.rot90(z, -side // 90))
    horizons = horizon_map(terrain, SETTINGS)
    skyline = horizons.elevation_deg(30, 30)
    turned = (horizons.azimuths_pencil_deg - side + 180.0) % 360.0 - 180.0
    ahead = np.abs(turned) <= 40.0
    assert skyline[turned == 0.0] == pytest.approx(seen_deg(1000.0, along_sphere_m(0.0, 10_000.0)), abs=0.004)
    assert np.all(skyline[ahead] > 4.0)
    assert np.all(skyline[np.abs(turned) >= 60.0] < 0.0)
    assert np.all(skyline[np.abs(turned) >= 60.0] > -0.6)


@pytest.mark.parametrize("pole", ["south", "north"])
@pytest.mark.parametrize("true_side", [0.0, 90.0, 180.0, 270.0])
@pytest.mark.parametrize("place", [(30_000.0, 40_000.0), (-70_000.0, 10_000.0), (5_000.0, -60_000.0)])
def test_the_compass_a_wall_to_the_true_north_east_south_west(pole, true_side, place):
    """Bearings come from latitudes and longitudes alone; the wall spans 30 degrees to each side of the direction."""
    ground = level_ground(81, 400.0, *place, pole=pole)
    lat, lon = ground.grid.lat_lon_deg()
    bearing = bearing_true_deg(lat[40, 40], lon[40, 40], lat, lon)
    x, y = ground.grid.xy_m()
    away = np.hypot(x - place[0], y - place[1])
    off = (bearing - true_side + 180.0) % 360.0 - 180.0
    terrain = Terrain(ground.grid, np.where((np.abs(off) < 30.0) & (away > 8000.0), 1500.0, 0.0).astype(np.float32))
    horizons = horizon_map(terrain, SETTINGS)
    pencil = horizons.azimuths_pencil_deg
    # Where a pencil azimuth points: a short step along its grid azimuth, then spherical trigonometry again.
    grid_azimuth = np.radians(grid_from_pencil_deg(pencil, *place))
    step = lat_lon_deg(place[0] + 10.0 * np.sin(grid_azimuth), place[1] + 10.0 * np.cos(grid_azimuth), pole)
    true = bearing_true_deg(lat[40, 40], lon[40, 40], *step)
    turned = np.abs((true - true_side + 180.0) % 360.0 - 180.0)
    for skyline in (horizons.elevation_deg(40, 40), point_skyline_deg(terrain, *place, pencil)):
        assert np.all(skyline[turned < 25.0] > 8.0)
        assert np.all(skyline[turned > 35.0] < 0.0)


def test_a_crater_of_known_depth_on_the_sphere():
    """A bowl 20 km in radius and 2 km deep at the pole: the rim from its centre, within 0.04 degrees (half a cell)."""
    ground = level_ground(301, 200.0)
    angle = 2.0 * np.arctan(np.hypot(*ground.grid.xy_m()) / (2.0 * R))
    rim = 20_000.0 / R
    terrain = Terrain(ground.grid, np.minimum(2000.0 * ((angle / rim) ** 2 - 1.0), 0.0).astype(np.float32))
    skyline = horizon_map(terrain, SETTINGS).elevation_deg(150, 150)
    expected = np.degrees(np.arctan2(R * np.cos(rim) - (R - 2000.0), R * np.sin(rim)))
    assert expected == pytest.approx(5.384, abs=0.001)
    assert skyline == pytest.approx(np.full(72, expected), abs=0.04)
    assert point_skyline_deg(terrain, 0.0, 0.0, np.arange(0.0, 360.0, 5.0)) == pytest.approx(skyline, abs=0.04)


def peak_to_the_north(distance_cells: int) -> Terrain:
    """1000 m cells, level but for a block 3 km high and 9 cells wide north of the pole, which is cell (180, 180)."""
    ground = level_ground(361, 1000.0)
    z = ground.elevation_m.copy()
    north = 180 - distance_cells
    z[north - 4 : north + 1, 176:185] = 3000.0
    return Terrain(ground.grid, z)


def test_a_lone_peak_stands_where_the_sphere_puts_it():
    """3000 m at 80 km: 0.8 degrees, where a plane would have it at 2.1."""
    skyline = horizon_map(peak_to_the_north(80), SETTINGS).elevation_deg(180, 180)
    assert skyline[0] == pytest.approx(seen_deg(3000.0, along_sphere_m(0.0, 80_000.0)), abs=0.004)
    assert skyline[0] == pytest.approx(0.8, abs=0.05)


def test_a_lone_peak_beyond_the_curved_horizon_is_not_seen():
    """3000 m at 130 km stands 0.83 degrees below the horizontal, behind the ground at one's feet."""
    assert seen_deg(3000.0, along_sphere_m(0.0, 130_000.0)) == pytest.approx(-0.83, abs=0.02)
    skyline = horizon_map(peak_to_the_north(130), SETTINGS).elevation_deg(180, 180)
    assert skyline[0] == skyline[36]
    assert -0.02 < skyline[0] < 0.0


@pytest.mark.parametrize("height_m", [10.0, 300.0, 1000.0])
def test_the_dip_from_a_raised_eye_is_the_arc_cosine(height_m):
    """Bare sphere, 201 cells of 600 m, within 0.003 degrees (one count; and the first sample, where it is nearest)."""
    horizons = horizon_map(level_ground(201, 600.0), SkylineSettings(azimuths=72, observer_height_m=height_m))
    dip = -np.degrees(np.arccos(R / (R + height_m)))
    assert horizons.elevation_deg(100, 100) == pytest.approx(np.full(72, dip), abs=0.004)


def test_the_dip_from_a_summit_is_the_arc_cosine():
    """A single cell 1000 m above the sphere: 1.944 degrees down all round."""
    ground = level_ground(201, 800.0)
    z = ground.elevation_m.copy()
    z[100, 100] = 1000.0
    terrain = Terrain(ground.grid, z)
    expected = np.full(72, -np.degrees(np.arccos(R / (R + 1000.0))))
    assert expected[0] == pytest.approx(-1.944, abs=0.001)
    assert horizon_map(terrain, SETTINGS).elevation_deg(100, 100) == pytest.approx(expected, abs=0.004)
    assert point_skyline_deg(terrain, 0.0, 0.0, np.arange(0.0, 360.0, 5.0)) == pytest.approx(expected, abs=0.002)
