"""Light read piece by piece against the series and statistics of the whole map."""

import numpy as np
import pytest
from tests.illumination.scenes import ground, made_up_sky, south_window, years

from lupex.base.constants import AU_M
from lupex.base.errors import SpanError
from lupex.illumination import HorizonLight, disc_series, light_statistics

SPAN = ("2028-09-01", "2028-09-15")


@pytest.fixture(scope="module")
def scene():
    terrain, horizons = south_window(-89.45, 222.0, 6, height_m=2.0)
    return terrain, horizons, years(*SPAN, 3600.0)


def test_pieces_are_the_whole(scene):
    terrain, horizons, sky = scene
    light = HorizonLight(*scene)
    disc, earth = light.read(0, len(sky))
    assert np.array_equal(disc, disc_series(terrain, horizons, sky))
    assert 0.05 < np.mean(disc > 0) < 0.95
    both = [light.read(first, min(first + 50, len(sky))) for first in range(0, len(sky), 50)]
    assert np.array_equal(np.concatenate([piece[0] for piece in both]), disc)
    assert np.array_equal(np.concatenate([piece[1] for piece in both]), earth)


def test_a_window_is_cut_out_of_the_map(scene):
    light = HorizonLight(*scene)
    disc, earth = light.read(10, 40)
    part = light.read(10, 40, (2, 3, 5, 7))
    assert np.array_equal(part[0], disc[:, 2:7, 3:10])
    assert np.array_equal(part[1], earth[:, 2:7, 3:10])


def test_the_earth_is_in_view_as_often_as_the_statistics_say(scene):
    terrain, horizons, sky = scene
    _, earth = HorizonLight(*scene).read(0, len(sky))
    maps = light_statistics(terrain, horizons, sky)
    assert set(np.unique(earth)) == {0, 1}
    assert earth.mean(axis=0) == pytest.approx(maps["earth_fraction"], abs=1e-6)


def test_steps_lie_around_the_times_of_the_sky(scene):
    _, _, sky = scene
    light = HorizonLight(*scene)
    assert light.times_tdb_s.size == len(sky) + 1
    assert 0.5 * (light.times_tdb_s[1:] + light.times_tdb_s[:-1]) == pytest.approx(sky.times_tdb_s, abs=1e-3)
    assert light.sun_strength == pytest.approx((AU_M / np.linalg.norm(sky.sun_me_m, axis=1)) ** 2, rel=1e-9)


def test_the_suns_height_is_that_over_the_middle_of_the_grid():
    light = HorizonLight(*ground(-89.99, 0.0, 0.0, size=3), made_up_sky([0.0, 90.0, 180.0], [1.0, 2.0, -1.0]))
    assert light.sun_elevation_deg == pytest.approx([1.0, 2.0, -1.0], abs=0.02)


def test_ground_without_height_is_dark_and_out_of_view():
    terrain, horizons = ground(-89.0, 0.0, -5.0, size=3)
    z = terrain.elevation_m.copy()
    z[1, 1] = np.nan
    holed = type(terrain)(terrain.grid, z)
    disc, earth = HorizonLight(holed, horizons, made_up_sky([0.0, 10.0], [3.0, 3.0])).read(0, 2)
    assert disc[:, 1, 1].tolist() == [0, 0] and earth[:, 1, 1].tolist() == [0, 0]
    assert disc[0, 0, 0] == 255


def test_steps_outside_the_series_are_refused(scene):
    light = HorizonLight(*scene)
    with pytest.raises(SpanError, match="the series has"):
        light.read(0, len(scene[2]) + 1)
