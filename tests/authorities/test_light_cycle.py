"""One nodal cycle of 18.7 years is long enough to call a place permanently dark: the proof in numbers.

Authority: JPL DE440 positions and lunar orientation. The Sun's height over the polar regions depends on the
sub-solar latitude and longitude only, so what one cycle reaches of both, against what 1950-2100 reaches, bounds
what another cycle could light.
"""

import functools

import numpy as np
import pytest
from tests.illumination.scenes import CYCLE, cycle, regional, south_of_80, years

from lupex.ephemeris import subpoint_lat_lon_deg
from lupex.illumination import long_term_light
from lupex.illumination import sky as bodies
from lupex.illumination.directions import GUARD_RAD, directions
from lupex.model import HorizonMap

LONG = ("1950-01-01", "2100-01-01")
CYCLES = [("1955-01-01", "1973-09-13"), ("1990-01-01", "2008-09-13"), CYCLE, ("2075-01-01", "2093-09-13")]


def extremes(sky):
    latitude, _ = subpoint_lat_lon_deg(sky.sun_me_m)
    return float(latitude.min()), float(latitude.max())


def test_the_sub_solar_latitude_of_150_years():
    assert extremes(years(*LONG, 21_600.0)) == pytest.approx((-1.58840, 1.59190), abs=2e-5)


@pytest.mark.parametrize("span", CYCLES)
def test_any_cycle_reaches_the_extremes_of_150_years_to_8_thousandths_of_a_degree(span):
    """The half-width of the disc is 0.266 degrees, the skyline's own error 0.03."""
    low, high = extremes(years(*span, 21_600.0))
    furthest = extremes(years(*LONG, 21_600.0))
    assert -1e-4 < low - furthest[0] < 0.008
    assert -1e-4 < furthest[1] - high < 0.008


def test_four_years_would_be_too_few():
    """With the node on the wrong side they stay 0.036 degrees short, six to nine years 0.017: a cycle is needed."""
    low, high = extremes(years("1955-10-01", "1959-10-01", 21_600.0))
    assert max(low + 1.58840, 1.59190 - high) > 0.03


@pytest.mark.parametrize("pole", ["south", "north"])
def test_longitude_by_longitude_150_years_reach_no_higher_than_one_cycle_and_the_guard(pole):
    """Measured over 66 cycles, hourly: at most 0.0121 (south) and 0.0118 degrees (north); mean 0.003."""
    long = highest(LONG, 7200.0, pole)
    for span in CYCLES:
        short = long - highest(span, 3600.0, pole)
        assert short.max() < GUARD_RAD, span
        assert np.degrees(short.mean()) < 0.006, span


def highest(span, step_s, pole):
    """What the upper limb reaches, per half degree of longitude."""
    return directions(bodies.sun(years(*span, step_s), pole), 720, with_disc=False).highest_rad


@functools.cache
def middle():
    """The square +-153 km of the regional scene: all ground south of 85 degrees."""
    terrain, horizons = south_of_80()
    window = terrain.crop(95, 95, 192, 192)
    counts = np.ascontiguousarray(horizons.counts[:, 95:287, 95:287])
    return window, HorizonMap(
        grid=window.grid,
        azimuths_pencil_deg=horizons.azimuths_pencil_deg,
        counts=counts,
        observer_height_m=0.0,
        search_radius_m=horizons.search_radius_m,
    )


def dark(span, step_s):
    return long_term_light(*middle(), years(*span, step_s), span)["permanent_shadow"] > 0.5


@pytest.mark.parametrize(("span", "step_s"), [(CYCLES[1], 3600.0), (LONG, 7200.0)])
def test_the_map_of_permanent_shadow_hardly_depends_on_the_cycle(span, step_s):
    """Measured south of 80 degrees: 3 to 10 of 4918 cells differ between cycles, 8 (0.16 %) from 1950-2100."""
    usual = regional()["permanent_shadow"][95:287, 95:287] > 0.5
    assert usual.sum() > 2000
    assert np.sum(usual != dark(span, step_s)) / usual.sum() < 0.005


def test_the_cycle_is_longer_than_the_nodes_turn():
    assert (cycle().times_tdb_s[-1] - cycle().times_tdb_s[0]) / (365.25 * 86_400.0) > 18.613
