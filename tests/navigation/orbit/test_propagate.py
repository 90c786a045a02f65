import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.ephemeris import barycentric_series
from lupex.ephemeris.times import leap_seconds
from lupex.gravity import lunar_field
from lupex.navigation.orbit.propagate import (
    DispersionPart,
    Forces,
    mapped_covariance,
    propagated,
    touchdown_dispersion,
    transition,
)

DAY_S = 86_400.0
EPOCH = float((np.datetime64("2028-03-01T00:00:00") - np.datetime64("2000-01-01T12:00:00")) / np.timedelta64(1, "s"))
"""2028-03-01T00:00 TDB."""
START = np.array([1837.4e3, 0.0, 0.0, 0.0, 20.0, 1e3 * np.sqrt(4902.8001224453 / 1837.4)])
R_1D = np.array([271.331795, 29.8032104, 1815.25384]) * 1e3
V_1D = np.array([-1.61635761, 0.0108183636, 0.243955591]) * 1e3


@pytest.fixture(scope="module")
def series():
    assert leap_seconds().day.size
    return barycentric_series(EPOCH - 3600.0, EPOCH + DAY_S + 3600.0)


def test_a_day_in_lunar_orbit_ends_where_two_other_programs_end(series) -> None:
    """Published: own DOP853 and nyx agree to 0.9 micrometres; the vector is printed to 1 mm, 0.1 mm and 10 mm."""
    found = propagated(START, EPOCH, [DAY_S], series)[0]
    assert np.all(np.abs(found[:3] - R_1D) < [1e-3, 1e-4, 10e-3])
    assert np.abs(found[3:] - V_1D).max() < 1e-5


def test_low_degrees_are_as_far_off_as_published(series) -> None:
    for degree, metres in ((50, 197.0), (20, 740.0)):
        cut = propagated(START, EPOCH, [DAY_S], series, Forces(field=lunar_field().to_degree(degree)))[0]
        assert np.linalg.norm(cut[:3] - R_1D) == pytest.approx(metres, rel=0.01)


def test_energy_is_kept_without_third_bodies(series) -> None:
    """A point mass alone: the orbit's energy does not change."""
    found = propagated(
        START, EPOCH, [0.0, 20_000.0], series, Forces(field=lunar_field().to_degree(0), earth=False, sun=False)
    )
    energy = 0.5 * np.sum(found[:, 3:] ** 2, axis=1) - lunar_field().gm_m3_s2 / np.linalg.norm(found[:, :3], axis=1)
    assert energy[1] / energy[0] == pytest.approx(1.0, abs=1e-11)


def test_a_covariance_is_carried_as_drawn_orbits_scatter(series) -> None:
    forces = Forces(field=lunar_field().to_degree(8))
    base, change = transition(START, EPOCH, [7000.0], series, forces)
    first = np.diag([2.5, 1.5, 1.0, 0.001, 0.0015, 0.0005]) ** 2
    later = mapped_covariance(first, change[0])
    rng = np.random.default_rng(3)
    draws = rng.multivariate_normal(np.zeros(6), first, size=40)
    ends = np.array([propagated(START + d, EPOCH, [7000.0], series, forces)[0] - base[0] for d in draws])
    squares = np.einsum("ni,ni->n", ends, np.linalg.solve(later, ends.T).T)
    assert squares.mean() == pytest.approx(6.0, abs=1.7)
    assert np.allclose(mapped_covariance(first, change[0], 1e-8, 7000.0) - later > -1e-9, True)


def test_the_landing_says_where_its_dispersion_comes_from(series) -> None:
    covariance = np.diag([100.0, 200.0, 300.0, 1e-4, 1e-4, 1e-4]) ** 2
    along, across, parts = touchdown_dispersion(
        covariance, START, [DispersionPart(name="map", along_m=50.0, across_m=50.0)]
    )
    assert [part.name for part in parts] == ["orbit", "map"]
    assert along == pytest.approx(np.hypot(300.0, 50.0), rel=1e-3)
    assert across == pytest.approx(np.hypot(200.0, 50.0), rel=1e-3)


def test_an_orbit_that_meets_the_ground_or_comes_in_kilometres_is_refused(series) -> None:
    with pytest.raises(InputError, match="meets the ground"):
        propagated(
            np.array([1837.4e3, 0, 0, 0, 0, 1200.0]), EPOCH, [7000.0], series, Forces(field=lunar_field().to_degree(2))
        )
    with pytest.raises(InputError, match="not km"):
        propagated(START / 1e3, EPOCH, [100.0], series)
