import numpy as np
import pytest
from tests.ground.scenes_passes import START, STOP

from lupex.base.constants import SPEED_OF_LIGHT_M_S
from lupex.base.errors import InputError, SpanError
from lupex.catalogue import station
from lupex.ephemeris import earth_moon_series, sky_table, topocentric
from lupex.model import LunarPlace
from lupex.signals import doppler_hz, track, two_way

PLACE = LunarPlace(name="rim", lat_deg=-89.45, lon_deg=222.7, height_m=1800.0)
TIMES = np.random.default_rng(5).uniform(START + 1000.0, STOP - 1000.0, 150)


def slope(function, times: np.ndarray, h: float = 30.0) -> np.ndarray:  # noqa: ANN001
    """Fourth-order central difference."""
    near, far = function(times + h) - function(times - h), function(times + 2 * h) - function(times - 2 * h)
    return (8.0 * near - far) / (12.0 * h)


@pytest.mark.parametrize("name", ["misasa", "dss43", "malargue"])
def test_range_rate_is_the_derivative_of_range_to_a_millimetre_per_second(name: str) -> None:
    dish = station(name)
    rate = track(dish, PLACE, TIMES).range_rate_m_s
    assert np.abs(slope(lambda t: track(dish, PLACE, t).range_m, TIMES) - rate).max() < 1e-3
    assert 200.0 < np.abs(rate).max() < 600.0


@pytest.mark.parametrize(("up", "down"), [("misasa", "misasa"), ("dss14", "misasa")])
def test_two_and_three_way_rates_are_derivatives_of_their_ranges(up: str, down: str) -> None:
    a, b = station(up), station(down)
    total, rate = two_way(a, b, PLACE, TIMES)
    assert np.abs(slope(lambda t: two_way(a, b, PLACE, t)[0], TIMES) - rate).max() < 1e-3
    one = track(b, PLACE, TIMES)
    if up == down:
        # Both run round the Sun at v: a leg is longer than the other by 2 v/c of the distance, 76 km at most.
        assert 1e4 < np.abs(total - 2.0 * one.range_m).max() < 2.1e-4 * one.range_m.max()
        assert np.abs(rate - 2.0 * one.range_rate_m_s).max() < 1.0


def test_doppler_of_an_approaching_place_is_upward() -> None:
    assert doppler_hz(-300.0, 8.45e9) == pytest.approx(8.45e9 * 300.0 / SPEED_OF_LIGHT_M_S)


def test_the_way_back_agrees_with_the_station_of_a_sky_table() -> None:
    dish = station("dss34")
    seen = track(dish, PLACE, TIMES)
    order = np.argsort(TIMES)
    sky = sky_table(TIMES[order], {"dss34": np.array(dish.itrf_m)})
    azimuth, elevation, _ = topocentric(sky.stations_me_m["dss34"], PLACE.lat_deg, PLACE.lon_deg, PLACE.height_m)
    # Seen at the place now, and left from the place a light time earlier: 1.3 s of the station's way and of aberration.
    assert np.abs(elevation - seen.place_elevation_deg[order]).max() < 1e-3
    turn = (azimuth - seen.place_azimuth_true_deg[order] + 180.0) % 360.0 - 180.0
    assert np.abs(turn).max() < 2e-3


def test_the_place_lies_within_the_disc_of_the_moon() -> None:
    seen = track(station("misasa"), PLACE, TIMES)
    assert np.all((seen.moon_radius_deg > 0.24) & (seen.moon_radius_deg < 0.29))
    assert np.all(seen.moon_offset_deg < seen.moon_radius_deg * 1.002)
    assert np.all(seen.moon_offset_deg > 0.9 * seen.moon_radius_deg)
    centre = track(station("misasa"), LunarPlace(name="sub-Earth", lat_deg=0.0, lon_deg=0.0), TIMES)
    assert np.all(centre.moon_offset_deg < 0.05)


def test_refraction_raises_the_elevation_by_the_tables_value() -> None:
    dish = station("misasa")
    times = np.arange(START, START + 86_400.0, 60.0)
    true, bent = track(dish, PLACE, times), track(dish, PLACE, times, refractivity_n_units=281.5)
    low = np.argmin(np.abs(true.elevation_deg - 10.0))
    # Saemundsson: 5.4 arcmin at 10 deg; Bennett's inverse gives 5.3 at 10.09.
    assert (bent.elevation_deg - true.elevation_deg)[low] == pytest.approx(5.4 / 60.0, abs=0.003)
    assert np.all(bent.azimuth_true_deg == true.azimuth_true_deg)


def test_a_series_that_does_not_hold_the_times_is_refused() -> None:
    series = earth_moon_series(START, START + 86_400.0)
    with pytest.raises(SpanError, match="outside the series"):
        track(station("misasa"), PLACE, [STOP], series=series)
    with pytest.raises(InputError, match="not finite"):
        track(station("misasa"), PLACE, [np.nan])
    with pytest.raises(InputError, match="does not exist"):
        track(station("misasa"), LunarPlace(name="x", lat_deg=95.0, lon_deg=0.0), [START])
