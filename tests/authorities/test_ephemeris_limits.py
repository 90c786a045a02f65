"""How far Sun and Earth swing: limits computed independently from the DE421 lunar frame.

Authority: a separate evaluation with JPL's DE440 positions, the DE421 lunar orientation
(moon_pa_de421_1900-2050, moon_080317) and apparent positions, hourly over
2020-01-01..2038-08-13. Both mean-Earth frames agree to a few tenths of a metre.
"""

import numpy as np
import pytest

from lupex.base.constants import EARTH_RADIUS_M, SUN_RADIUS_M
from lupex.ephemeris import angular_radius_deg, sky_span, subpoint_lat_lon_deg, topocentric


@pytest.fixture(scope="module")
def cycle(tmp_path_factory):
    """One nodal cycle of the Moon, by the hour."""
    return sky_span("2020-01-01", "2038-08-13", 3600, tmp_path_factory.mktemp("cache"))


def limits(values):
    return [float(values.min()), float(values.max())]


def test_the_sun_stays_within_1_588_degrees_of_the_equator(cycle):
    latitude, _ = subpoint_lat_lon_deg(cycle.sun_me_m)
    assert limits(latitude) == pytest.approx([-1.5880, 1.5864], abs=1e-4)


def test_the_sun_at_the_south_pole_climbs_to_1_587_degrees(cycle):
    _, elevation, _ = topocentric(cycle.sun_me_m, -90.0, 0.0)
    assert limits(elevation) == pytest.approx([-1.5870, 1.5874], abs=1e-4)


def test_libration_in_latitude_and_longitude(cycle):
    latitude, longitude = subpoint_lat_lon_deg(cycle.earth_me_m)
    assert limits(latitude) == pytest.approx([-6.8632, 6.8644], abs=1e-4)
    assert limits(longitude) == pytest.approx([-8.0450, 8.0791], abs=1e-4)


def test_the_earth_at_the_south_pole_stands_between_minus_7_109_and_6_619(cycle):
    _, elevation, _ = topocentric(cycle.earth_me_m, -90.0, 0.0)
    assert limits(elevation) == pytest.approx([-7.109, 6.619], abs=1e-3)


def test_the_discs_of_sun_and_earth(cycle):
    sun = angular_radius_deg(np.linalg.norm(cycle.sun_me_m, axis=1), SUN_RADIUS_M)
    earth = angular_radius_deg(np.linalg.norm(cycle.earth_me_m, axis=1), EARTH_RADIUS_M)
    assert limits(sun) == pytest.approx([0.2614, 0.2717], abs=1e-4)
    assert limits(earth) == pytest.approx([0.8986, 1.0253], abs=1e-4)


def test_how_often_they_are_up_over_an_ideal_south_pole(cycle):
    _, sun, distance_m = topocentric(cycle.sun_me_m, -90.0, 0.0)
    _, earth, _ = topocentric(cycle.earth_me_m, -90.0, 0.0)
    limb = sun + angular_radius_deg(distance_m, SUN_RADIUS_M)
    up = [float(np.mean(angle > 0.0)) for angle in (sun, limb, earth)]
    assert up == pytest.approx([0.510, 0.564, 0.487], abs=1e-3)
