"""The tables say how often a body stands where: against counting the samples themselves."""

import math

import numpy as np
import pytest
from tests.illumination.scenes import cycle, made_up_sky, segment

from lupex.base.constants import AU_M, MOON_RADIUS_M
from lupex.base.errors import SpanError
from lupex.illumination import sky as bodies
from lupex.illumination.directions import GUARD_RAD, directions


def at(table, layer, declination_rad):
    """Sum over all longitudes of a layer at a declination, linear between edges."""
    u = (declination_rad - table.low_rad) / table.step_rad
    e = int(u)
    column = table.table[..., layer].astype(float).sum(axis=0)
    return float(column[e] * (1 - (u - e)) + column[e + 1] * (u - e))


def lowered(body):
    declination = np.arcsin(body.position_m[2] / body.distance_m)
    return declination - MOON_RADIUS_M * (1.0 / body.distance_m - np.mean(1.0 / body.distance_m))


@pytest.mark.parametrize(
    ("level_deg", "tolerance"),
    # Near the top every summer's highest day is a peak of its own, narrower than the spacing of the edges.
    [(-1.5, 1e-4), (-1.0, 1e-4), (-0.3, 1e-4), (0.0, 1e-4), (0.4, 1e-4), (1.2, 1e-4), (1.55, 1e-4), (1.8, 25e-4)],
)
def test_the_suns_table_at_a_level_is_the_count_of_times_above_it(level_deg, tolerance):
    sun = bodies.sun(cycle(), "south")
    table = directions(sun, 720)
    level, centre = math.radians(level_deg), lowered(sun)
    disc = np.interp((centre - level) / sun.radius_rad, np.linspace(-1, 1, 401), segment(np.linspace(-1, 1, 401)))
    strength = (AU_M / sun.distance_m) ** 2
    declination = np.arcsin(sun.position_m[2] / sun.distance_m)
    assert at(table, 0, level) == pytest.approx(np.mean(centre + sun.radius_rad > level), abs=tolerance)
    assert at(table, 1, level) == pytest.approx(disc.mean(), abs=2e-4)
    assert at(table, 2, level) == pytest.approx(np.mean(disc * strength), abs=2e-4)
    assert at(table, 3, level) == pytest.approx(np.mean(disc * strength * np.sin(declination)), abs=5e-6)


@pytest.mark.parametrize("level_deg", [-7.0, -3.0, 0.0, 2.5, 6.0])
def test_the_earths_table_counts_limb_and_centre(level_deg):
    earth = bodies.earth(cycle(), "south")
    table = directions(earth, 2880, with_disc=False)
    level = math.radians(level_deg)
    assert table.table.shape[2] == 2
    assert at(table, 0, level) == pytest.approx(np.mean(lowered(earth) + earth.radius_rad > level), abs=1e-4)
    assert at(table, 1, level) == pytest.approx(np.mean(lowered(earth) > level), abs=1e-4)


def test_the_sun_spends_like_times_in_all_longitudes_and_the_earth_in_few():
    sun = directions(bodies.sun(cycle(), "south"), 720)
    assert sun.table[:, 0, 0].astype(float) * 720 == pytest.approx(1.0, abs=0.06)
    earth = directions(bodies.earth(cycle(), "north"), 2880, with_disc=False)
    assert np.degrees(earth.longitude_limits_rad) == pytest.approx([-188.1, -171.9], abs=0.2) or np.degrees(
        earth.longitude_limits_rad
    ) == pytest.approx([171.9, 188.1], abs=0.2)


@pytest.mark.parametrize("pole", ["south", "north"])
def test_no_upper_limb_stands_above_the_highest_of_its_longitude(pole):
    sun = bodies.sun(cycle(), pole)
    table = directions(sun, 720)
    longitude = np.arctan2(sun.position_m[0], sun.position_m[1]) % (2 * math.pi)
    column = np.round(longitude * 720 / (2 * math.pi)).astype(int) % 720
    room = table.highest_rad[column] - (lowered(sun) + sun.radius_rad)
    assert room.min() == pytest.approx(GUARD_RAD, abs=1e-9)


def test_a_coarser_step_misses_none_of_the_highest():
    """Six hours are three degrees of longitude: the neighbourhood widens with the step."""
    fine = bodies.sun(cycle(), "south")
    coarse = bodies.Body(np.ascontiguousarray(fine.position_m[:, ::6]), fine.radius_rad[::6])
    short = directions(fine, 720).highest_rad - directions(coarse, 720).highest_rad
    assert np.degrees(short.max()) < 0.002
    assert np.degrees(short.min()) > -0.006


def test_too_few_times_are_refused_with_a_way_out():
    few = made_up_sky(np.arange(0.0, 360.0, 0.5), 0.0)
    with pytest.raises(SpanError, match=r"720 times fall into 720 .*finer step or a longer span"):
        directions(bodies.sun(few, "south"), 720)
