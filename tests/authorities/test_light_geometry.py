"""Light over ideal and walled ground: geometry limits, and the errors others made.

Authorities: an independent evaluation of DE440 with the DE421 frames, hourly 2020-01-01 to 2038-08-13 (time fractions
up over an ideal pole); an audit that found five errors in a published-style illumination code. Its curvature and
clamped horizons belong to skylines; the sign of the normal, azimuths 90 degrees off and the missing longitude term
are tested here on terrain with one wall.
"""

import numpy as np
import pytest
from tests.illumination.scenes import ground, years

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.frames import map_xy_m
from lupex.ephemeris import topocentric
from lupex.illumination import light_statistics, point_series
from lupex.illumination.point import PointView
from lupex.model import Grid, Terrain
from lupex.terrain import horizon_map


def test_time_fractions_up_over_an_ideal_south_pole():
    """Published with the limits: centre 0.510, upper limb 0.564, Earth's centre 0.487."""
    sky = years("2020-01-01", "2038-08-13", 3600.0)
    maps = light_statistics(*ground(-90.0, 0.0), sky)
    found = [float(maps[name][0, 0]) for name in ("lit_fraction_any", "earth_fraction")]
    assert found == pytest.approx([0.564, 0.487], abs=1e-3)


SITES = [(-85.0, 0.0), (-85.0, 30.0), (-85.0, 90.0), (-86.0, 200.0), (-84.0, 315.0)]


def walled(lat_deg, lon_deg, azimuth_true_deg):
    """Level ground with a 3 km wall 12 km away in one true direction, 40 degrees wide; and its middle cell."""
    x, y = (float(v) for v in map_xy_m(lat_deg, lon_deg, "south"))
    grid = Grid.centred("south", x, y, 61, 600.0)
    xs, ys = grid.xy_m()
    # At the south pole true north points away from the pole, along (sin lon, cos lon) on the map.
    bearing = np.degrees(np.arctan2(xs - x, ys - y)) - lon_deg - azimuth_true_deg
    away = np.hypot(xs - x, ys - y)
    wall = (np.abs((bearing + 180.0) % 360.0 - 180.0) < 20.0) & (np.abs(away - 12_000.0) < 1200.0)
    terrain = Terrain(grid, np.where(wall, 3000.0, 0.0))
    return terrain, horizon_map(terrain), (x, y)


@pytest.mark.parametrize(("lat_deg", "lon_deg"), SITES)
@pytest.mark.parametrize("azimuth_true_deg", [0.0, 90.0])
def test_a_wall_in_one_true_direction_hides_the_sun_there_and_nowhere_else(lat_deg, lon_deg, azimuth_true_deg):
    terrain, horizons, (x, y) = walled(lat_deg, lon_deg, azimuth_true_deg)
    sky = years("2028-01-01", "2028-12-01", 10_800.0)
    view = PointView(
        pole="south",
        x_m=x,
        y_m=y,
        distance_m=MOON_RADIUS_M,
        azimuths_pencil_deg=horizons.azimuths_pencil_deg,
        elevation_deg=horizons.elevation_deg(30, 30),
    )
    series = point_series(view, sky)
    azimuth, elevation, _ = topocentric(sky.sun_me_m, lat_deg, lon_deg)
    off = np.abs((azimuth - azimuth_true_deg + 180.0) % 360.0 - 180.0)
    up = (elevation > 0.5) & (elevation < 12.0)
    behind = up & (off < 15.0)
    clear = up & (off > 30.0)
    assert behind.sum() > 20
    assert clear.sum() > 500
    assert not series.sun_disc_fraction[behind].any()
    assert (series.sun_disc_fraction[clear] == 1.0).all()


@pytest.mark.parametrize("lon_deg", [0.0, 45.0, 90.0, 180.0, 290.0])
def test_ground_that_falls_to_the_true_north_is_the_sunniest(lon_deg):
    """At 80 S the Sun culminates in the north: a north slope gains, a south slope loses, east and west
    do alike but for a year not being a whole number of lunations."""
    a = np.radians(lon_deg)
    north, east = np.array([np.sin(a), np.cos(a)]), np.array([np.cos(a), -np.sin(a)])
    sky = years("2028-01-01", "2029-01-01", 3600.0)

    def mean(downhill):
        scene = ground(-80.0, lon_deg, 0.0, 3, tuple(-0.2 * downhill))
        return float(light_statistics(*scene, sky)["mean_irradiance_surface_w_m2"][1, 1])

    level, to_north, to_south, to_east, to_west = (mean(d) for d in (0 * north, north, -north, east, -east))
    assert to_north > 1.7 * level
    assert to_south < 0.7 * level
    assert to_east == pytest.approx(to_west, rel=0.08)
