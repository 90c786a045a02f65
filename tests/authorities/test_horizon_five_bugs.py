"""Five mistakes that took a published polar shadow map from 28,218 to 15,169 km2 when they were mended: one test each.

List: audit notes of a thermal model (project reference on illumination, section 4.3). 1 no curvature, 2 skylines
never below zero, 3 wrong sign of the ground normal's north component, 4 azimuths off by 90 degrees, 5 no longitude
between map and true azimuth. All through the public functions, at both poles.
"""

import numpy as np
import pytest
from tests.terrain.great_circle import level_ground, seen_deg

from lupex.base.constants import AU_M, SOLAR_IRRADIANCE_1AU_W_M2
from lupex.base.constants import MOON_RADIUS_M as R
from lupex.base.frames import convergence_deg, map_xy_m
from lupex.illumination import PointView, disc_series, light_statistics, point_series
from lupex.model import Grid, SkyTable, Terrain
from lupex.terrain import SkylineSettings, horizon_map, point_skyline_deg

SETTINGS = SkylineSettings(azimuths=72)
PLACES = [(-88.0, 40.0), (-88.5, 130.0), (-87.5, 200.0), (88.0, 310.0), (88.5, 95.0)]
STEP_S = 3600.0


def sun_at(lat: float, lon: float, azimuths_true_deg, elevation_deg: float) -> SkyTable:
    """The Sun 1 au from the Moon's centre in given true directions of a place, from its meridian and zenith alone."""
    la, lo, el = np.radians([lat, lon, elevation_deg])
    up = np.array([np.cos(la) * np.cos(lo), np.cos(la) * np.sin(lo), np.sin(la)])
    north = np.array([-np.sin(la) * np.cos(lo), -np.sin(la) * np.sin(lo), np.cos(la)])
    east = np.array([-np.sin(lo), np.cos(lo), 0.0])
    a = np.radians(np.asarray(azimuths_true_deg, np.float64))[:, None]
    sun = AU_M * (np.cos(el) * (np.cos(a) * north + np.sin(a) * east) + np.sin(el) * up)
    return SkyTable(np.arange(len(a)) * STEP_S, sun, sun * 0.00257)


def ground_around(lat: float, lon: float, cells: int = 61, cell_m: float = 400.0) -> Terrain:
    pole = "south" if lat < 0 else "north"
    x, y = map_xy_m(lat, lon, pole)
    return level_ground(cells, cell_m, float(x), float(y), pole)


def towards(grid: Grid, azimuth_true_deg: float) -> np.ndarray:
    """Map distance (row, col) from the grid's centre towards a true azimuth of the centre."""
    x, y = grid.xy_m()
    x0, y0 = 0.5 * (grid.left_m + grid.right_m), 0.5 * (grid.bottom_m + grid.top_m)
    a = np.radians(azimuth_true_deg + convergence_deg(x0, y0, grid.pole))
    return (x - x0) * np.sin(a) + (y - y0) * np.cos(a)


def test_bug_1_the_sphere_hides_what_a_plane_would_show():
    """A ridge of 3000 m: 2.78 degrees from 48 km (plane: 3.58), below the horizontal from 110 km (plane: 1.56)."""
    ground = level_ground(301, 800.0)
    for cells, expected in ((60, 2.782), (137, -0.245)):
        z = ground.elevation_m.copy()
        z[:, 150 + cells :] = 3000.0
        skyline = horizon_map(Terrain(ground.grid, z), SETTINGS).elevation_deg(150, 150)
        along = 2.0 * R * np.arctan(cells * 800.0 / (2.0 * R))
        assert seen_deg(3000.0, along) == pytest.approx(expected, abs=0.005)
        assert skyline[18] == pytest.approx(max(expected, -0.02), abs=0.02)


def test_bug_2_skylines_go_below_zero_and_the_sun_is_seen_down_there():
    """From a summit of 3000 m the skyline lies at -3.36 degrees: the Sun 2 degrees below the horizontal shines."""
    ground = level_ground(321, 800.0)
    z = ground.elevation_m.copy()
    z[160, 160] = 3000.0
    terrain = Terrain(ground.grid, z)
    horizons = horizon_map(terrain, SETTINGS)
    assert horizons.elevation_deg(160, 160) == pytest.approx(np.full(72, -3.365), abs=0.01)
    level = np.hypot(*np.meshgrid(np.arange(321) - 160, np.arange(321) - 160)) > 5
    sky = sun_at(-90.0, 0.0, [0.0, 90.0, 200.0], -2.0)
    shadow = disc_series(terrain, horizons, sky)
    assert np.all(shadow[:, 160, 160] == 255)
    assert np.all(shadow[:, level][:, ::997] <= 255)
    assert np.all(shadow[:, 150, 150] == 0)


@pytest.mark.parametrize(("lat", "lon"), PLACES)
@pytest.mark.parametrize("facing", [0.0, 90.0, 180.0, 270.0])
def test_bug_3_a_slope_that_faces_the_sun_is_brighter_on_every_side(lat, lon, facing):
    """A plane that falls 5 degrees towards true north (east, south, west), Sun 10 degrees up in four directions:
    irradiance = solar constant x (sin 10 cos 5 + cos 10 sin 5 cos(difference of azimuths)), within 0.5 percent."""
    ground = ground_around(lat, lon)
    fall = np.tan(np.radians(5.0)) * towards(ground.grid, facing)
    x, y = ground.grid.xy_m()
    scale = 1.0 + (x[30, 30] ** 2 + y[30, 30] ** 2) / (4.0 * R * R)
    terrain = Terrain(ground.grid, (3000.0 - fall / scale).astype(np.float32))
    horizons = horizon_map(terrain, SkylineSettings(azimuths=72))
    for sun in (0.0, 90.0, 180.0, 270.0):
        sky = sun_at(lat, lon, [sun, sun], 10.0)
        maps = light_statistics(terrain, horizons, sky)
        up, slope = np.radians(10.0), np.radians(5.0)
        dot = np.sin(up) * np.cos(slope) + np.cos(up) * np.sin(slope) * np.cos(np.radians(sun - facing))
        found = float(maps["mean_irradiance_surface_w_m2"][30, 30])
        assert found == pytest.approx(SOLAR_IRRADIANCE_1AU_W_M2 * dot, rel=0.005)


def walled(lat: float, lon: float, side: float) -> Terrain:
    """Level ground with a wall of 1000 m, 6 km off towards a true azimuth, 30 degrees wide to each side."""
    ground = ground_around(lat, lon)
    ahead, across = towards(ground.grid, side), towards(ground.grid, side + 90.0)
    wall = (np.hypot(ahead, across) > 6000.0) & (np.abs(np.degrees(np.arctan2(across, ahead))) < 30.0)
    return Terrain(ground.grid, np.where(wall, 1000.0, 0.0).astype(np.float32))


@pytest.mark.parametrize(("lat", "lon"), PLACES)
@pytest.mark.parametrize("side", [0.0, 90.0, 180.0, 270.0])
def test_bug_4_the_sun_goes_dark_behind_the_wall_and_nowhere_else(lat, lon, side):
    """Sun 3 degrees up all round, wall at 9 degrees towards true north (east, south, west)."""
    terrain = walled(lat, lon, side)
    horizons = horizon_map(terrain, SETTINGS)
    azimuths = np.arange(0.0, 360.0, 10.0)
    disc = disc_series(terrain, horizons, sun_at(lat, lon, azimuths, 3.0))[:, 30, 30]
    turned = np.abs((azimuths - side + 180.0) % 360.0 - 180.0)
    assert np.all(disc[turned <= 20.0] == 0)
    assert np.all(disc[turned >= 40.0] == 255)


@pytest.mark.parametrize(("lat", "lon"), PLACES)
def test_bug_5_longitude_stands_between_map_and_true_azimuth(lat, lon):
    """One place, its skyline and a Sun that circles 3 degrees up: azimuths come back true, the wall to the true west
    is met in the west, at every longitude."""
    terrain = walled(lat, lon, 270.0)
    pole = terrain.grid.pole
    x, y = (float(v) for v in map_xy_m(lat, lon, pole))
    pencil = np.arange(0.0, 360.0, 2.0)
    view = PointView(
        pole=pole,
        x_m=x,
        y_m=y,
        distance_m=R,
        azimuths_pencil_deg=pencil,
        elevation_deg=point_skyline_deg(terrain, x, y, pencil),
    )
    azimuths = np.arange(0.0, 360.0, 10.0)
    series = point_series(view, sun_at(lat, lon, azimuths, 3.0))
    away = (series.sun_azimuth_true_deg - azimuths + 180.0) % 360.0 - 180.0
    assert np.abs(away).max() < 0.01
    assert series.sun_elevation_deg == pytest.approx(np.full(36, 3.0), abs=0.01)
    turned = np.abs((azimuths - 270.0 + 180.0) % 360.0 - 180.0)
    assert np.all(series.sun_skyline_deg[turned <= 20.0] > 8.0)
    assert np.all(series.sun_skyline_deg[turned >= 40.0] < 0.0)
    assert np.all(series.sun_disc_fraction[turned <= 20.0] == 0.0)
    assert np.all(series.sun_disc_fraction[turned >= 40.0] == 1.0)
