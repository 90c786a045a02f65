from dataclasses import replace

import numpy as np
import pytest
from tests.trajectory.design.conftest import DEPART

from lupex.base.constants import DAY_S, MOON_RADIUS_M
from lupex.base.errors import NothingLeftError
from lupex.ephemeris import BarycentricSeries, barycentric_series
from lupex.trajectory import TransferAim, corrected
from lupex.trajectory.conics import GM_MOON_M3_S2
from lupex.trajectory.design.arc import moon_state
from lupex.trajectory.design.correct import WITHIN_M, WITHIN_S, passing


def test_a_corrected_transfer_passes_at_the_height_and_time_asked_in_the_plane_of_the_site(
    series: BarycentricSeries, aim: TransferAim
) -> None:
    found = corrected(aim, series)
    r, v = found.perilune[:3], found.perilune[3:]
    assert np.linalg.norm(r) - MOON_RADIUS_M == pytest.approx(100_000.0, abs=2.0 * WITHIN_M)
    assert abs(float(r @ v)) / np.linalg.norm(v) < 1000.0 * WITHIN_S * 3.0
    normal = np.cross(r, v) / np.linalg.norm(np.cross(r, v))
    _, axes = moon_state(aim.landing_tdb_s, series)
    assert abs(float(normal @ (axes @ aim.site_me))) < 1e-4
    assert abs(float(normal @ axes[:, 2])) < 0.02  # polar
    assert np.all(np.abs(found.residuals[-1]) <= [WITHIN_M, WITHIN_M, WITHIN_S])
    assert np.linalg.norm(found.start[:3]) == pytest.approx(6_578_136.6, abs=1e-3)


def test_both_ways_round_the_plane_are_found_and_cost_the_same(series: BarycentricSeries, aim: TransferAim) -> None:
    one, other = corrected(aim, series), corrected(replace(aim, over_north=False), series)
    first, second = (np.cross(x.perilune[:3], x.perilune[3:]) for x in (one, other))
    assert first @ second < 0.0
    assert one.v_infinity_m_s == pytest.approx(other.v_infinity_m_s, abs=30.0)


def test_a_hyperbola_is_known_from_any_of_its_points() -> None:
    state = np.array([1.9e6, 0.0, 0.0, 0.0, np.sqrt(2.0 * GM_MOON_M3_S2 / 1.9e6 + 900.0**2), 0.0])
    at = passing(state)
    assert at.v_infinity == pytest.approx(900.0)
    assert at.to_perilune_s == pytest.approx(0.0, abs=1e-9)
    assert np.linalg.norm(at.miss) == pytest.approx(1.9e6 * state[4] / 900.0)
    with pytest.raises(NothingLeftError, match="hyperbola"):
        passing(np.array([1.9e6, 0.0, 0.0, 0.0, 1500.0, 0.0]))


def test_a_flight_no_ellipse_makes_is_refused(series: BarycentricSeries, aim: TransferAim) -> None:
    with pytest.raises(NothingLeftError, match="no ellipse takes"):
        corrected(
            replace(aim, depart_tdb_s=aim.arrive_tdb_s - 6.0 * DAY_S),
            barycentric_series(DEPART - 3 * DAY_S, aim.landing_tdb_s),
        )


def test_a_corrector_that_does_not_converge_shows_its_residuals(
    series: BarycentricSeries, aim: TransferAim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lupex.trajectory.design.correct.MOST_ROUNDS", 1)
    with pytest.raises(NothingLeftError, match="does not converge, residuals .* km"):
        corrected(aim, series)
