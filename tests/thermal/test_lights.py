"""The Earth as a lamp: its size against a published one, its phase, where it stands, and what it does to ground."""

import numpy as np
import pytest
from tests.thermal.test_columns import level_cells

from lupex.thermal import Regolith, earth_irradiance_w_m2, earthshine, ideal_year, thermal_profile
from lupex.thermal.lights import ROWS
from lupex.thermal.sun import PHASES

GROUND = Regolith(albedo_45deg=0.0, albedo_90deg=0.0)


def test_full_earth_is_as_bright_as_published_half_of_it_heat():
    reflected, infrared = earth_irradiance_w_m2(0.0)
    assert float(reflected) + infrared == pytest.approx(0.15, rel=0.1)  # Glenar et al. 2019: "approximately 0.15"
    assert 0.7 < float(reflected) / infrared < 1.5  # "comparable contributions"


def test_it_wanes_as_a_lambert_sphere_and_its_heat_does_not():
    reflected, infrared = earth_irradiance_w_m2(np.radians([0.0, 90.0, 180.0, -90.0]))
    assert reflected[1] / reflected[0] == pytest.approx(1.0 / np.pi)
    assert reflected[2] == pytest.approx(0.0, abs=1e-12)
    assert reflected[3] == reflected[1]
    assert earth_irradiance_w_m2(0.0, 2 * 384_400e3)[1] == pytest.approx(infrared / 4.0)


def test_it_shines_on_the_near_side_at_lunar_night_and_never_on_the_far_side():
    shine = earthshine(level_cells([0.0, 60.0, -60.0]), GROUND, None)
    assert shine.shape == (3, ROWS)
    hours = shine[0, :PHASES]  # subsolar longitude from -180 to 180 degrees
    assert hours[0] == hours.max() and hours[PHASES // 2] == hours.min()
    full, infrared = earth_irradiance_w_m2(0.0)
    assert hours.max() == pytest.approx(0.88 * float(full) + 0.95 * infrared, rel=0.03)
    assert hours.min() == pytest.approx(0.95 * infrared, rel=0.03)
    assert shine[1] == pytest.approx(0.5 * shine[0], rel=0.02)
    assert shine[2] == pytest.approx(shine[1], rel=1e-3)
    far = level_cells([0.0])
    far.up[:], far.normal[:] = -far.up, -far.normal
    assert earthshine(far, GROUND, None).max() == 0.0


def test_at_a_pole_the_earth_is_seen_half_the_time_and_a_skyline_hides_it():
    pole = level_cells([-90.0])
    mean = earthshine(pole, GROUND, None).mean()
    assert 0.0 < mean < 0.01  # 6.7 degrees high at most
    hidden = level_cells([-90.0])
    hidden.skyline_sine[:] = np.sin(np.radians(8.0))
    assert earthshine(hidden, GROUND, None).max() == 0.0


def test_it_warms_the_night_where_it_stands_high_and_can_be_left_out():
    month = ideal_year(0.0, 1)
    without, same, lit = (
        thermal_profile(0.0, ground=GROUND, sun=month, **more) for more in ({}, {"earth": False}, {"earth": True})
    )
    assert np.array_equal(without.mean_k, same.mean_k)
    assert lit.absorbed_w_m2 - without.absorbed_w_m2 == pytest.approx(0.1, abs=0.03)
    assert 0.05 < lit.min_k[0] - without.min_k[0] < 1.0
