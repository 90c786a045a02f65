from dataclasses import replace

import numpy as np
import pytest
from tests.navigation.scenes_radio import START, series

from lupex.base.constants import MOON_RADIUS_M
from lupex.gravity.field import lunar_field
from lupex.kernels.navigation.light_time import GM_MOON
from lupex.model import EllipseSettings
from lupex.model.settings.descent import DescentSettings
from lupex.navigation.orbit.landing import (
    descent_transition,
    hill_transition,
    landing_parts,
    orbit_at_braking,
    with_known_orbit,
)
from lupex.navigation.orbit.propagate import Forces, transition

RADIUS = MOON_RADIUS_M + 100_000.0
RATE = np.sqrt(GM_MOON / RADIUS**3)


@pytest.mark.parametrize("elapsed", [600.0, 7200.0])
def test_hills_equations_are_the_change_of_a_whole_circular_orbit(elapsed: float) -> None:
    """Against differences of integrated orbits about a point mass, turned into the orbit's own axes."""
    state = np.array([RADIUS, 0.0, 0.0, 0.0, RADIUS * RATE, 0.0])
    bare = Forces(field=lunar_field().to_degree(0), earth=False, sun=False)
    _, change = transition(state, START, [elapsed], series(1.0), bare)
    c, s = np.cos(RATE * elapsed), np.sin(RATE * elapsed)
    axes = np.kron(np.eye(2), np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]))
    expected = axes @ change[0]
    found = hill_transition(float(RATE), elapsed)
    scale = np.outer([1.0, 1.0, 1.0, RATE, RATE, RATE], [1.0, 1.0, 1.0, 1 / RATE, 1 / RATE, 1 / RATE])
    assert found / scale == pytest.approx(expected / scale, abs=2e-4 * (1.0 + RATE * elapsed))


def test_an_inertial_unit_that_stands_still_errs_as_gravity_says() -> None:
    """Closed form over one place: upwards cosh(sqrt(2) w t), sideways cos(w t), w the frequency of Schuler."""
    w, t = np.sqrt(GM_MOON / MOON_RADIUS_M**3), 1000.0
    found = descent_transition(t, 0.0)
    assert found[0, 0] == pytest.approx(np.cosh(np.sqrt(2.0) * w * t), rel=1e-8)
    assert found[1, 1] == pytest.approx(np.cos(w * t), rel=1e-8)
    assert found[2, 5] == pytest.approx(np.sin(w * t) / w, rel=1e-8)
    assert descent_transition(0.0, 0.3) == pytest.approx(np.eye(6))


def test_the_ellipse_is_the_root_sum_square_of_its_parts_and_each_part_only_adds() -> None:
    ellipse = EllipseSettings()
    along, across, parts = landing_parts(ellipse)
    assert along == pytest.approx(np.sqrt(sum(one.along_m**2 for one in parts)))
    assert across == pytest.approx(np.sqrt(sum(one.across_m**2 for one in parts)))
    for change in ({"hours_since_orbit": 8.0}, {"velocity_sigma_m_s": 0.05}, {"guidance_sigma_m": 100.0}):
        assert landing_parts(replace(ellipse, **change))[0] > along


def test_an_orbit_known_too_high_drifts_along_its_track_by_six_pi_of_that_a_revolution() -> None:
    """Kepler's third law: the period changes by 3/2 of the relative change of the semi-major axis, here twice that of
    the radius, as the speed is held."""
    quiet = EllipseSettings(
        radial_sigma_m=10.0, along_sigma_m=0.001, across_sigma_m=0.001, velocity_sigma_m_s=1e-6, unmodelled_m_s2=0.0,
        hours_since_orbit=float(2.0 * np.pi / RATE / 3600.0), descent_s=0.0, downrange_km=0.0, map_sigma_m=0.0,
        guidance_sigma_m=0.0,
    )  # fmt: skip
    assert landing_parts(quiet)[0] == pytest.approx(10.0 * 6.0 * np.pi, rel=1e-3)


def test_a_fix_against_the_map_takes_the_place_of_the_orbit() -> None:
    along, across, parts = landing_parts(EllipseSettings(terrain_fix_sigma_m=20.0))
    assert parts[0].name == "orbit, with a fix against the map"
    assert parts[0].along_m < 20.0 and parts[0].across_m < 20.0
    assert along == pytest.approx(np.sqrt(20.0**2 + 10.0**2 + 30.0**2), rel=0.01)


def test_what_descent_and_ellipse_share_is_stated_once_and_stated_numbers_stay() -> None:
    ellipse = EllipseSettings()
    sigma = np.sqrt(np.diag(orbit_at_braking(ellipse)))
    left = with_known_orbit(DescentSettings(), ellipse)
    assert (left.orbit_error_along_m, left.orbit_error_across_m) == (sigma[1], max(sigma[0], sigma[2]))
    assert left.orbit_error_m_s == sigma[3:].max()
    stated = with_known_orbit(DescentSettings(orbit_error_along_m=500.0, orbit_error_m_s=0.0), ellipse)
    assert (stated.orbit_error_along_m, stated.orbit_error_m_s) == (500.0, 0.0)
    # The fix against the map is that of [descent], unless [ellipse] states one.
    seeing, blind = DescentSettings(map_error_m=20.0), DescentSettings(terrain_navigation=False)
    assert landing_parts(ellipse, seeing) == landing_parts(replace(ellipse, terrain_fix_sigma_m=20.0))
    assert landing_parts(ellipse, blind) == landing_parts(replace(ellipse, terrain_fix_sigma_m=0.0), seeing)
