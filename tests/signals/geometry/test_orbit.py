from dataclasses import replace

import numpy as np
import pytest
from tests.ground.scenes_orbits import circle, polar_orbit
from tests.ground.scenes_passes import START

from lupex.base.errors import InputError, SpanError
from lupex.ephemeris import earth_moon_series
from lupex.signals import orbit
from lupex.signals.geometry.orbit import in_moon_me, moon_axes, states_at

TIMES = START + np.random.default_rng(2).uniform(0.0, 86_000.0, 200)


@pytest.mark.parametrize(
    ("how", "position_m", "velocity_m_s"),
    [
        ({}, 0.01, 1e-3),
        ({"degree": 3}, 2.0, 0.1),
        ({"interpolation": "LAGRANGE", "degree": 9}, 0.05, 1e-2),
    ],
)
def test_states_between_the_tables_are_those_of_the_circle(how: dict, position_m: float, velocity_m_s: float) -> None:
    place, speed = states_at(polar_orbit(**how), TIMES)
    true_place, true_speed = circle(TIMES, 1_837_400.0)
    assert np.abs(place - true_place).max() < position_m
    assert np.abs(speed - true_speed).max() < velocity_m_s


def test_an_inertial_orbit_is_turned_with_the_moon() -> None:
    series = earth_moon_series(START - 10.0, START + 86_410.0)
    place, speed = in_moon_me(polar_orbit(frame="ICRF"), TIMES, series)
    fixed, _ = states_at(polar_orbit(), TIMES)
    turn, _ = moon_axes(TIMES, series)
    assert np.abs(np.einsum("nij,nj->ni", turn, place) - fixed).max() < 1e-3
    later, _ = in_moon_me(polar_orbit(frame="ICRF"), TIMES + 1.0, series)
    before, _ = in_moon_me(polar_orbit(frame="ICRF"), TIMES - 1.0, series)
    assert np.abs((later - before) / 2.0 - speed).max() < 2e-3


def test_time_systems_differ_by_their_seconds() -> None:
    utc = polar_orbit()
    for system, behind in (("TAI", -37.0), ("TT", -69.184), ("TDB", -69.184), ("GPS", -18.0)):
        shifted = orbit(replace(utc.table, time_system=system))
        assert (shifted.times_tdb_s - utc.times_tdb_s) == pytest.approx(behind, abs=3e-3)


def test_bad_tables_and_times_are_refused() -> None:
    held = polar_orbit()
    for change, said in (
        ({"center": "EARTH"}, "its centre is EARTH"),
        ({"frame": "TOD"}, "frame TOD is unknown"),
        ({"time_system": "UT1"}, "time system UT1"),
        ({"epochs": held.table.epochs[::-1]}, "do not ascend"),
    ):
        with pytest.raises(InputError, match=said):
            orbit(replace(held.table, **change))
    with pytest.raises(SpanError, match="outside its states"):
        states_at(held, np.array([START - 1e6]))
