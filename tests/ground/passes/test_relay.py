import numpy as np
import pytest
from tests.ground.scenes_orbits import polar_orbit
from tests.ground.scenes_passes import START

from lupex.catalogue import station
from lupex.ephemeris import earth_moon_series
from lupex.ground import PassSettings, place_windows, relay_plan, through_relay
from lupex.ground.passes.relay import relay_directions, relay_track
from lupex.model import LunarPlace

SPAN = (START, START + 86_400.0)
PERIOD_S = 2 * np.pi * np.sqrt(1_837_400.0**3 / 4.9028e12)


def test_the_moon_hides_a_low_relay_for_part_of_each_orbit() -> None:
    plan = relay_plan([station("misasa")], polar_orbit(), SPAN)
    whole = [p for p in plan.passes if (p.limited_by_aos, p.limited_by_los) == ("limb", "limb")]
    assert len(whole) >= 3
    # The orbit's plane holds the Earth to some degrees: hidden for 2 acos(R / r) short of half an orbit.
    share = 0.5 + np.arccos(1_737_400.0 / 1_837_400.0) / np.pi
    for one in whole:
        assert one.duration_s / PERIOD_S == pytest.approx(share, abs=0.01)
        assert 1200.0 < one.max_range_rate_m_s < 2300.0


def test_the_edge_of_a_pass_is_where_the_ray_grazes_the_sphere() -> None:
    dish, relay = station("misasa"), polar_orbit()
    series = earth_moon_series(START - 10.0, START + 86_410.0)
    whole = [p for p in relay_plan([dish], relay, SPAN).passes if p.limited_by_los == "limb"]
    seen = relay_track(dish, relay, np.array([p.los_tdb_s for p in whole]), series)
    off = seen.moon_offset_deg
    assert np.abs(off - seen.moon_radius_deg).max() < 2e-3


def test_range_rate_of_a_relay_is_the_derivative_of_its_range() -> None:
    dish, relay = station("misasa"), polar_orbit()
    series = earth_moon_series(START - 10.0, START + 86_410.0)
    times = START + np.random.default_rng(1).uniform(600.0, 80_000.0, 50)
    rate = relay_track(dish, relay, times, series).range_rate_m_s
    h = 5.0
    steps = [relay_track(dish, relay, times + k * h, series).range_m for k in (-2, -1, 1, 2)]
    slope = (8.0 * (steps[2] - steps[1]) - (steps[3] - steps[0])) / (12.0 * h)
    assert np.abs(slope - rate).max() < 5e-3


def test_a_pole_sees_a_polar_relay_once_an_orbit() -> None:
    place = LunarPlace(name="pole", lat_deg=-90.0, lon_deg=0.0, height_m=0.0)
    seen = place_windows(place, polar_orbit(), SPAN)
    assert 11 <= len(seen) <= 13
    half = np.arccos(1_737_400.0 / 1_837_400.0)
    inner = (seen.stop_tdb_s - seen.start_tdb_s)[1:-1]
    assert inner == pytest.approx(2 * half / (2 * np.pi) * PERIOD_S, abs=0.5)
    high = place_windows(place, polar_orbit(), SPAN, min_elevation_deg=10.0)
    assert high.total_s < 0.7 * seen.total_s
    azimuths = np.arange(360.0)
    walled = LunarPlace(
        name="pit",
        lat_deg=-90.0,
        lon_deg=0.0,
        height_m=0.0,
        skyline_azimuth_true_deg=azimuths,
        skyline_elevation_deg=np.full(360, 10.0),
    )
    assert place_windows(walled, polar_orbit(), SPAN).total_s == pytest.approx(high.total_s, abs=2.0)


def test_directions_at_the_pole_follow_the_orbit_overhead() -> None:
    series = earth_moon_series(START - 10.0, START + 86_410.0)
    overhead = np.array([START + 0.75 * PERIOD_S])
    _, elevation, distance = relay_directions(
        LunarPlace(name="pole", lat_deg=-90.0, lon_deg=0.0, height_m=0.0), polar_orbit(), overhead, series
    )
    assert elevation[0] == pytest.approx(90.0, abs=0.01)
    assert distance[0] == pytest.approx(100_000.0, abs=1.0)


def test_a_place_is_heard_through_the_relay_when_both_legs_stand() -> None:
    relay = polar_orbit()
    plan = relay_plan([station("misasa"), station("dss34")], relay, SPAN)
    at_place = place_windows(LunarPlace(name="pole", lat_deg=-90.0, lon_deg=0.0, height_m=0.0), relay, SPAN)
    heard = through_relay(plan, at_place)
    assert 0.0 < heard.total_s <= min(plan.any_station().total_s, at_place.total_s)
    assert heard.start_tdb_s[0] >= at_place.start_tdb_s[0] + 1.2


def test_a_relay_no_station_can_use_is_explained() -> None:
    plan = relay_plan([station("misasa")], polar_orbit(), SPAN, PassSettings(sun_exclusion_deg=179.9))
    assert plan.passes == () and plan.reasons["misasa"].startswith("exclusion: keeps RELAY")
