"""Partial derivatives of every measurement model against central differences, and what each model must say."""

from collections.abc import Callable

import numpy as np
import pytest
from tests.navigation.scenes_radio import PLACE, START, antennas, series

from lupex.base.errors import InputError
from lupex.model.position.fix import enu_axes, place_me_m
from lupex.navigation.design.orbits import low_polar_orbit, orbiter_at, south_constellation
from lupex.navigation.radio.paths import Receptions
from lupex.navigation.radio.ranges import RangeModel, delay, doppler, downlink, two_way
from lupex.navigation.radio.terms import TERMS
from lupex.navigation.surface import models
from lupex.navigation.surface.models import Orbiter

LAT, LON = -89.45, 222.69
AXES = enu_axes(LAT, LON)
TIMES = START + np.arange(0.0, 86_400.0, 5400.0)
LANDER = PLACE + 700.0 * AXES[0] - 300.0 * AXES[1] + 5.0 * AXES[2]
CAMERA = np.stack([AXES[0], -AXES[1], -AXES[2]])
LANDMARKS = place_me_m(LAT, LON) + np.array([[300.0, 200.0, 0.0], [-400.0, 100.0, 30.0], [50.0, -500.0, -20.0]]) @ AXES
SUN = np.array([[0.3, 0.95, 0.02], [-0.7, 0.7, 0.01]])


def radio() -> RangeModel:
    return RangeModel(series=series(2), antennas=antennas("misasa", "byalalu32"), terms=tuple(TERMS))


def orbiter() -> Orbiter:
    found = orbiter_at(low_polar_orbit()[0], series(2), START, TIMES)
    near = np.linalg.norm(found.place_me_m - PLACE, axis=1) < 3e6
    return Orbiter(found.place_me_m[near], found.velocity_me_m_s[near])


Model = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
OWN, PAIR = Receptions.of(TIMES), Receptions.of(TIMES, 0, 1)
ABOVE = PLACE + 1000.0 * AXES[2]
ALL: dict[str, tuple[Model, np.ndarray, float]] = {
    "range": (lambda p: two_way(radio(), p, OWN), PLACE, 1e-5),
    "three_way": (lambda p: two_way(radio(), p, PAIR), PLACE, 1e-5),
    "doppler": (lambda p: doppler(radio(), p, OWN, 60.0), PLACE, 1e-8),
    "downlink": (lambda p: downlink(radio(), p, OWN), PLACE, 1e-5),
    "delta_dor": (lambda p: delay(radio(), p, PAIR), PLACE, 1e-5),
    "orbiter_range": (lambda p: models.orbiter_range(p, orbiter()), PLACE, 1e-6),
    "orbiter_doppler": (lambda p: models.orbiter_doppler(p, orbiter()), PLACE, 1e-7),
    "pseudorange": (
        lambda p: models.pseudorange(p, orbiter_at(south_constellation()[0], series(2), START, TIMES), 30.0),
        PLACE,
        1e-6,
    ),
    "beacon_range": (lambda p: models.beacon_range(p, LANDER), PLACE, 1e-6),
    "beacon_bearing": (lambda p: models.beacon_bearing(p, LANDER), PLACE, 1e-9),
    "landmarks": (lambda p: models.landmark_pixels(p, LANDMARKS, CAMERA, 1000.0), ABOVE, 1e-5),
    "map_place": (lambda p: models.map_place(p, LANDER), PLACE, 1e-9),
    "dem_height": (lambda p: models.dem_height(p, 1200.0, 0.0, 0.0), PLACE, 1e-6),
    "plumb": (lambda p: models.plumb_direction(p), PLACE, 1e-11),
    "plumb_deflected": (lambda p: models.plumb_direction(p, (-100e-6, 500e-6)), PLACE, 1e-11),
    "beacon_elevation": (lambda p: models.beacon_elevation(p, LANDMARKS), ABOVE, 1e-9),
    "reflector": (lambda p: models.reflector_range(p, orbiter()), PLACE, 1e-6),
    "star_azimuth": (lambda p: models.star_azimuth(p, SUN), PLACE, 1e-9),
}


@pytest.mark.parametrize("name", ALL)
def test_partials_are_those_of_central_differences(name: str) -> None:
    predict, place, tolerance = ALL[name]
    values, jacobian = predict(place)
    assert jacobian.shape == (*values.shape, 3)
    step = 10.0 if "doppler" in name or name in ("range", "three_way", "downlink", "delta_dor") else 1.0
    for k in range(3):
        move = np.zeros(3)
        move[k] = step
        difference = (predict(place + move)[0] - predict(place - move)[0]) / (2.0 * step)
        assert np.abs(difference - jacobian[:, k]).max() < tolerance


def test_a_bearing_to_the_east_is_ninety_degrees_and_to_the_south_a_hundred_and_eighty() -> None:
    for metres, degrees in (((100.0, 0.0), 90.0), ((0.0, -100.0), 180.0), ((-100.0, 0.0), 270.0)):
        point = PLACE + metres[0] * AXES[0] + metres[1] * AXES[1]
        assert np.degrees(models.beacon_bearing(PLACE, point)[0][0]) % 360.0 == pytest.approx(degrees, abs=1e-9)


def test_an_arc_second_of_the_plumb_line_is_eight_metres() -> None:
    """Published: 1 arcsec = 8.42 m on the 1737.4 km sphere."""
    _, by = models.plumb_direction(PLACE)
    per_metre = np.linalg.norm(by @ AXES[0])
    assert np.radians(1.0 / 3600.0) / per_metre == pytest.approx(8.42, abs=0.02)


def test_an_orbiter_is_seen_where_it_was() -> None:
    seen = orbiter()
    path, _ = models.orbiter_range(PLACE, seen)
    straight = np.linalg.norm(seen.place_me_m - PLACE, axis=1)
    rate, _ = models.orbiter_doppler(PLACE, seen)
    assert np.allclose(path - straight, -rate * straight / 299_792_458.0, atol=2e-3)


def test_impossible_geometry_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="lies on the beacon"):
        models.beacon_range(PLACE, PLACE)
    with pytest.raises(InputError, match="straight above or below"):
        models.beacon_bearing(PLACE, PLACE + 10.0 * AXES[2])
    with pytest.raises(InputError, match="behind the camera"):
        models.landmark_pixels(PLACE - 5000.0 * AXES[2], LANDMARKS, CAMERA, 1000.0)
    with pytest.raises(InputError, match="the pole itself"):
        models.beacon_bearing(np.array([0.0, 0.0, -1_737_400.0]), LANDER)


def test_a_lasers_round_trip_is_two_ways_between_places_of_other_instants() -> None:
    """Against plain iteration along the orbit itself: the pulse leaves before, is reflected between, comes back now."""
    orbit, now = low_polar_orbit()[0], START + 600.0

    def seen(t: float) -> np.ndarray:
        found = orbiter_at(orbit, series(2), START, np.array([t]))
        # In the Moon's axes at ``now``: they turn by 1e-8 rad meanwhile.
        turn = models.TURN * (t - now)
        return found.place_me_m[0] + np.cross(turn, found.place_me_m[0])

    down = up = 0.01
    for _ in range(8):
        down = np.linalg.norm(seen(now) - PLACE) / 299_792_458.0
        up = np.linalg.norm(seen(now - down - up) - PLACE) / 299_792_458.0
    found, _ = models.reflector_range(PLACE, orbiter_at(orbit, series(2), START, np.array([now])))
    # The reflector's own way while the light travels, 0.05 m/s near the pole, is below 1 mm.
    assert found[0] == pytest.approx(0.5 * 299_792_458.0 * (down + up), abs=2e-3)
