"""Azimuth, elevation, discs and sub-points from positions by hand."""

import numpy as np
import pytest

from lupex.base.constants import AU_M, EARTH_RADIUS_M, MOON_RADIUS_M, SUN_RADIUS_M
from lupex.base.errors import InputError
from lupex.ephemeris import angular_radius_deg, subpoint_lat_lon_deg, topocentric

FAR = 1e15


@pytest.mark.parametrize(
    ("direction_me", "azimuth", "elevation"),
    [([0, 0, 1], 0, 0), ([0, 1, 0], 90, 0), ([0, 0, -1], 180, 0), ([0, -1, 0], 270, 0), ([1, 1, 0], 90, 45)],
)
def test_the_compass_at_the_equator(direction_me, azimuth, elevation):
    a, e, _ = topocentric(FAR * np.array(direction_me, float), 0.0, 0.0)
    assert a[0] == pytest.approx(azimuth, abs=1e-6)
    assert e[0] == pytest.approx(elevation, abs=1e-6)


@pytest.mark.parametrize("pole", [-90.0, 90.0])
@pytest.mark.parametrize("lon_deg", [0.0, 37.0, 180.0, -120.0])
def test_at_a_pole_north_is_the_limit_along_the_meridian(pole, lon_deg):
    rng = np.random.default_rng(4)
    positions = 3.8e8 * rng.normal(size=(50, 3))
    exact = topocentric(positions, pole, lon_deg)
    near = topocentric(positions, pole * (1 - 1e-9), lon_deg)
    for at, close in zip(exact, near, strict=True):
        assert np.abs(at - close).max() < 1e-5 * max(1.0, np.abs(at).max() * 1e-6)


def test_at_the_south_pole_on_meridian_zero_north_points_to_the_near_side():
    azimuth, elevation, distance_m = topocentric([3.844e8, 0.0, 0.0], -90.0, 0.0)
    assert azimuth[0] == pytest.approx(0.0, abs=1e-9)
    assert elevation[0] == pytest.approx(-np.degrees(np.arctan(MOON_RADIUS_M / 3.844e8)), abs=1e-9)
    assert distance_m[0] == pytest.approx(np.hypot(3.844e8, MOON_RADIUS_M), rel=1e-12)


def test_the_zenith_is_over_the_place_and_height_counts():
    azimuth, elevation, distance_m = topocentric([0.0, 0.0, -2e6], -90.0, 0.0, height_m=1000.0)
    assert elevation[0] == pytest.approx(90.0)
    assert distance_m[0] == pytest.approx(2e6 - MOON_RADIUS_M - 1000.0)
    assert np.isfinite(azimuth[0])


def test_azimuths_stay_below_360():
    azimuth, _, _ = topocentric([[0.0, -1e-30, FAR], [0.0, 0.0, FAR]], 0.0, 0.0)
    assert np.all((azimuth >= 0.0) & (azimuth < 360.0))


@pytest.mark.parametrize(
    "place", [(90.1, 0, 0), (-91, 0, 0), (np.nan, 0, 0), (0, np.inf, 0), (0, 400, 0), (0, 0, np.nan), (0, 0, -2e6)]
)
def test_a_place_that_does_not_exist_is_refused(place):
    with pytest.raises(InputError):
        topocentric([1.0, 0.0, 0.0], *place)


def test_the_discs_have_the_sizes_of_the_sky():
    assert angular_radius_deg(AU_M, SUN_RADIUS_M) == pytest.approx(0.26645, abs=1e-5)
    assert angular_radius_deg([3.844e8], EARTH_RADIUS_M) == pytest.approx([0.95075], abs=1e-4)
    assert angular_radius_deg(2.0, 1.0) == pytest.approx(30.0)
    assert angular_radius_deg(1.0, 1.0) == pytest.approx(90.0)
    assert np.isnan(angular_radius_deg(0.5, 1.0))


def test_subpoints_are_latitude_and_east_longitude():
    lat, lon = subpoint_lat_lon_deg([[1.0, 0, 0], [0, 2.0, 0], [0, -2.0, 0], [-1.0, 0, 1.0], [0, 0, -5.0]])
    assert lat == pytest.approx([0, 0, 0, 45, -90])
    assert lon[:4] == pytest.approx([0, 90, -90, 180])
