"""Temperatures against Diviner and the heat flow experiments of Apollo; nothing is tuned (docs/validation.md)."""

import numpy as np
import pytest

from lupex.ephemeris import sky_rows, utc_to_tdb_s
from lupex.thermal import ideal_year, regolith, thermal_profile

MONTH = ideal_year(0.0, 1)

# Diviner regolith temperatures by hours after noon, as digitised beside heat1d (github phayne/heat1d, data/)
NIGHTS = {
    0: ((8.483, 107.50), (10.460, 102.39), (12.481, 98.95), (14.494, 96.31), (16.487, 94.13)),
    30: ((8.505, 105.08), (10.502, 99.93), (12.488, 96.73), (14.520, 94.01), (16.511, 91.83)),
    60: ((8.502, 94.48), (10.498, 89.88), (12.494, 87.04), (14.499, 84.43), (16.499, 82.33)),
}

# PDS bundle a15_17_hfe_concatenated: means of the last twelve lunations, depth (m) and K, undisturbed sensors
APOLLO_15 = ((0.84, 253.2), (0.87, 250.9), (1.29, 253.4), (1.39, 253.5))
APOLLO_17 = ((1.40, 255.6), (1.67, 255.8), (1.85, 256.0), (2.23, 256.4), (2.34, 256.8))


@pytest.mark.parametrize("lat_deg", NIGHTS)
def test_nights_cool_as_diviner_saw(lat_deg):
    found = thermal_profile(float(lat_deg), ground=regolith(), sun=MONTH)
    steps = found.history_k.shape[0]
    hour = (24.0 * (np.arange(steps) + 0.5) / steps - 12.0) % 24.0
    order = np.argsort(hour)
    hours, kelvin = np.array(NIGHTS[lat_deg]).T
    apart = np.interp(hours, hour[order], found.history_k[order, 0]) - kelvin
    assert np.sqrt(np.mean(apart**2)) < 0.6


def test_noon_midnight_and_minimum_of_the_equator():
    found = thermal_profile(0.0)
    assert found.surface_noon_k == pytest.approx(385.0, abs=2.0)
    assert found.surface_midnight_k == pytest.approx(101.0, abs=3.0)
    assert found.min_k[0] == pytest.approx(95.0, abs=3.0)
    assert 252.0 < np.interp(0.66, found.depth_m, found.mean_k) < 254.5


@pytest.mark.parametrize(
    ("lat_deg", "heat_flow_w_m2", "measured"), [(26.13, 0.021, APOLLO_15), (20.19, 0.016, APOLLO_17)]
)
def test_the_ground_below_apollo_is_as_warm_as_measured(lat_deg, heat_flow_w_m2, measured):
    found = thermal_profile(lat_deg, ground=regolith("mare", heat_flow_w_m2=heat_flow_w_m2), sun=MONTH)
    depth, kelvin = np.array(measured).T
    assert np.abs(np.interp(depth, found.depth_m, found.mean_k) - kelvin).max() < 4.0


def test_the_daily_wave_is_gone_at_66_cm_and_rises_with_depth_below():
    found = thermal_profile(20.19, ground=regolith("mare", heat_flow_w_m2=0.016), sun=MONTH)
    half = 0.5 * (found.max_k - found.min_k)
    assert np.interp(0.66, found.depth_m, half) < 0.05
    rise = np.interp(2.34, found.depth_m, found.mean_k) - np.interp(1.40, found.depth_m, found.mean_k)
    assert rise == pytest.approx(256.8 - 255.6, abs=1.2)


def test_the_noon_of_chaste_is_too_low_for_what_it_is_told_to_have_measured():
    """355 and 332 K are no truth for a column: a black body that faces that Sun reaches 317 and 297 K."""
    hours = utc_to_tdb_s([f"2023-08-{day}T{hour:02d}:00:00Z" for day in range(24, 32) for hour in range(24)])
    sky = sky_rows(-69.373, 32.319, hours)
    noon = int(np.argmax(sky["sun_elevation_deg"]))
    elevation, au = sky["sun_elevation_deg"][noon], sky["sun_distance_km"][noon] / 149_597_870.7
    assert elevation == pytest.approx(19.40, abs=0.05)
    assert au == pytest.approx(1.0121, abs=0.0005)
    black = [(1361.0 / au**2 * np.sin(np.radians(elevation + slope)) / 5.670374e-8) ** 0.25 for slope in (0.0, 6.0)]
    assert black == pytest.approx([297.0, 316.6], abs=0.5)
