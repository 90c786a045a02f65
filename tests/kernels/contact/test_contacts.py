"""The kernel of contacts beside slow and obvious forms of the same."""

import numpy as np
import pytest

from lupex.catalogue import station
from lupex.ephemeris import utc_to_tdb_s
from lupex.kernels.contact import contacts as kernel
from lupex.model import LunarPlace
from lupex.signals import track

START = float(utc_to_tdb_s("2028-01-05")[0])


def test_a_horizon_is_linear_between_its_azimuths_and_round() -> None:
    azimuths, heights = np.array([10.0, 100.0, 350.0]), np.array([1.0, 4.0, 3.0])
    asked = np.linspace(0.0, 359.9, 500)
    found = [kernel.height_of(a, azimuths, heights) for a in asked]
    assert found == pytest.approx(np.interp(asked, azimuths, heights, period=360.0), abs=1e-12)
    assert kernel.height_of(5.0, np.empty(0), np.empty(0)) == -90.0
    assert kernel.height_of(5.0, np.array([77.0]), np.array([2.0])) == 2.0


def test_extremes_of_a_horizon_are_those_of_fine_samples() -> None:
    rng = np.random.default_rng(1)
    azimuths, heights = np.sort(rng.uniform(0.0, 360.0, 40)), rng.normal(0.0, 5.0, 40)
    for middle, half in zip(rng.uniform(0.0, 360.0, 60), rng.uniform(0.01, 179.0, 60), strict=True):
        around = (middle + np.linspace(-half, half, 20_001)) % 360.0
        sampled = np.interp(around, azimuths, heights, period=360.0)
        least, greatest = kernel.extremes_of(middle, half, azimuths, heights)
        assert least <= sampled.min() + 1e-9 and greatest >= sampled.max() - 1e-9
        assert sampled.min() - least < 0.5 and greatest - sampled.max() < 0.5


def test_rates_and_bends_of_the_bounds_are_never_exceeded() -> None:
    place = LunarPlace(name="x", lat_deg=-85.0, lon_deg=100.0, height_m=0.0)
    times = START + np.arange(0.0, 30 * 86_400.0, 300.0)
    for name in ("misasa", "byalalu32", "malargue"):
        seen = track(station(name), place, times)
        assert np.abs(np.diff(seen.elevation_deg)).max() / 300.0 < kernel.STATION_TURN_DEG_S
        assert np.abs(np.diff(seen.place_elevation_deg)).max() / 300.0 < kernel.PLACE_TURN_DEG_S
        assert np.abs(np.diff(seen.sun_angle_deg)).max() / 300.0 < kernel.SUN_TURN_DEG_S
        for values, unit in (
            (seen.elevation_deg, kernel.TURN2_RAD_S2 * kernel.DEG),
            (seen.place_elevation_deg, kernel.PLACE_TURN2_DEG_S2),
        ):
            second = np.abs(values[2:] - 2 * values[1:-1] + values[:-2]) / 300.0**2
            slant = np.radians(np.minimum(np.abs(values[1:-1]) + 1.0, 89.9))
            assert np.all(second <= unit * (1 + np.sin(slant)) / np.cos(slant))
