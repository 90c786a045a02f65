import numpy as np
import pytest

from lupex.base.constants import MOON_RADIUS_M
from lupex.catalogue import station
from lupex.ephemeris import barycentric_series, moon_table, utc_to_tdb_s
from lupex.trajectory.conics import GM_MOON_M3_S2
from lupex.trajectory.seen import (
    behind_moon,
    orbit_shadow_fraction,
    perigee_places,
    perilune_places,
    station_elevations_deg,
    station_seen,
)

START = float(utc_to_tdb_s("2028-06-01T00:00:00Z")[0])


def test_elevations_of_the_moon_are_those_of_the_whole_earth_orientation() -> None:
    one, times = station("misasa"), START + 3600.0 * np.arange(24)
    moon = moon_table(times).moon[:, :3]
    found = station_elevations_deg([one], times, moon)[0]
    series = barycentric_series(times[0] - 3600.0, times[-1] + 3600.0)
    lat, lon = np.radians([one.lat_deg, one.lon_deg])
    up = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    for t, place, elevation in zip(times, moon, found, strict=True):
        day, second = series.placed([np.floor(t)], t - np.floor(t))
        at = 2.0 * second[0] / 86_400.0 - 1.0
        turn = np.polynomial.chebyshev.chebval(at, series.series[day[0], :, 9:18]).reshape(3, 3)
        way = place - turn @ np.array(one.itrf_m)
        exact = np.degrees(np.arcsin(turn @ up @ way / np.linalg.norm(way)))
        assert elevation == pytest.approx(exact, abs=0.3)
    assert np.array_equal(station_seen([one], times, moon), found >= one.min_elevation_deg)
    assert not station_seen([], times, moon).any()


def test_the_moon_hides_what_lies_behind_it() -> None:
    moon = np.array([[3.8e8, 0.0, 0.0]] * 3)
    places = np.array([[2e6, 0.0, 0.0], [-2e6, 0.0, 0.0], [2e6, 1.8e6, 0.0]])
    assert behind_moon(places, moon).tolist() == [True, False, False]


def test_the_perigee_of_half_a_revolution_lies_opposite_the_moon() -> None:
    moon, normal = np.array([[3.8e8, 0.0, 0.0]]), np.array([[0.0, 0.0, 1.0]])
    perigee = 6.578e6
    at = perigee_places(moon, normal, perigee, np.array([(3.8e8 - perigee) / (3.8e8 + perigee)]))
    assert at[0] == pytest.approx([-perigee, 0.0, 0.0], abs=1.0)
    # more energy: the Moon is met before the apogee, so the perigee lies less than half a turn before it
    early = perigee_places(moon, normal, perigee, np.array([0.98]))[0]
    assert early[0] < 0.0 and early[1] < 0.0


def test_a_perilune_lies_where_the_hyperbola_turns() -> None:
    incoming, pole = np.array([[800.0, 0.0, 0.0]]), np.array([[0.0, 0.0, 1.0]])
    r = MOON_RADIUS_M + 1e5
    at = perilune_places(incoming, np.array([[0.0, 1.0, 0.0]]), pole, r, GM_MOON_M3_S2)[0]
    e = 1.0 + r * 800.0**2 / GM_MOON_M3_S2
    assert np.linalg.norm(at) == pytest.approx(r)
    assert at[0] / r == pytest.approx(1.0 / e)  # the asymptote makes acos(-1/e) with the perilune
    assert at[2] > 0.0


@pytest.mark.parametrize(("angle_deg", "share"), [(0.0, 0.39), (90.0, 0.0), (75.0, 0.0)])
def test_the_shadow_of_an_orbit_is_longest_in_the_suns_plane(angle_deg: float, share: float) -> None:
    a = np.radians(angle_deg)
    found = orbit_shadow_fraction(
        np.array([[0.0, 0.0, 1.0]]), np.array([[np.cos(a), 0.0, np.sin(a)]]), MOON_RADIUS_M + 1e5
    )
    exact = 1.0 - (np.pi + 2.0 * np.arccos(MOON_RADIUS_M / (MOON_RADIUS_M + 1e5))) / (2.0 * np.pi)
    assert found[0] == pytest.approx(exact if share else 0.0, abs=1e-6)
