from dataclasses import replace

import numpy as np
import pytest
from tests.trajectory.design.conftest import DEPART

from lupex.base.errors import InputError, NothingLeftError
from lupex.ephemeris import BarycentricSeries
from lupex.model.settings.trajectory import TrajectorySettings
from lupex.trajectory import Transfer, TransferAim, arc, corrected, midcourse, shot
from lupex.trajectory.design.arc import moon_state
from lupex.trajectory.design.correct import passing
from lupex.trajectory.design.midcourse import EARLY_S

SETTINGS = TrajectorySettings()


@pytest.fixture(scope="module")
def transfer(series: BarycentricSeries, aim: TransferAim) -> Transfer:
    return corrected(aim, series)


def test_without_errors_nothing_is_corrected_and_without_knowledge_errors_the_second_is_small(
    series: BarycentricSeries, aim: TransferAim, transfer: Transfer
) -> None:
    none = replace(SETTINGS, injection_error_m_s=0.0, orbit_known_km=0.0, orbit_known_m_s=0.0)
    assert midcourse(transfer, aim, none, series, 1).total_p99_m_s == 0.0
    known = replace(SETTINGS, orbit_known_km=0.0, orbit_known_m_s=0.0, burn_error_fraction=0.0)
    found = midcourse(transfer, aim, known, series, 1)
    assert found.mean_m_s[1] < 1e-3 * found.mean_m_s[0]  # what one exact correction of a known error leaves is rounding
    assert np.all(found.sigma_b_m < 10.0)


def test_delta_v_grows_with_the_error_and_is_the_same_for_the_same_seed(
    series: BarycentricSeries, aim: TransferAim, transfer: Transfer
) -> None:
    one = midcourse(transfer, aim, SETTINGS, series, 7)
    twice = midcourse(transfer, aim, replace(SETTINGS, injection_error_m_s=2.0), series, 7)
    assert twice.mean_m_s[0] == pytest.approx(2.0 * one.mean_m_s[0], rel=0.02)
    assert one.total_mean_m_s < one.total_p99_m_s
    assert np.array_equal(one.draws, midcourse(transfer, aim, SETTINGS, series, 7).draws)
    assert np.all(one.sigma_b_m < 0.02 * one.uncorrected_b_m.max())


def test_the_error_at_the_moon_is_that_of_a_flight_with_the_error(
    series: BarycentricSeries, aim: TransferAim, transfer: Transfer
) -> None:
    small = replace(SETTINGS, injection_error_m_s=0.01)
    sigma = midcourse(transfer, aim, small, series, 3).uncorrected_b_m
    judged = aim.arrive_tdb_s - EARLY_S
    moon, axes = moon_state(judged, series)
    ends = []
    for step in 0.01 * np.eye(3):
        start = transfer.start + np.concatenate([np.zeros(3), step])
        ends.append(passing(arc(start, DEPART, [judged - DEPART], series)[0] - moon).miss)
    nominal = passing(arc(transfer.start, DEPART, [judged - DEPART], series)[0] - moon)
    first = np.cross(nominal.incoming, axes[:, 2])
    first /= np.linalg.norm(first)
    flown = np.sqrt(sum(float(first @ (miss - nominal.miss)) ** 2 for miss in ends))
    assert sigma[0] == pytest.approx(flown, rel=0.05)  # 10,000 draws: 0.7 %, the rest is not linear


def test_corrections_must_follow_each_other(series: BarycentricSeries, aim: TransferAim, transfer: Transfer) -> None:
    with pytest.raises(InputError, match="corrections 3.00 and 2.60 days"):
        late = replace(SETTINGS, first_correction_days=3.0, last_correction_days=2.0)
        midcourse(transfer, aim, late, series, 1)


def test_several_arcs_find_the_transfer_that_one_finds(
    series: BarycentricSeries, aim: TransferAim, transfer: Transfer
) -> None:
    found = shot(aim, series)
    assert found.gaps_m[0] > 1e4 and found.gaps_m[-1] < 1.0
    moon, axes = moon_state(aim.arrive_tdb_s, series)
    there = found.end - moon
    assert np.linalg.norm(there[:3]) - np.linalg.norm(transfer.perilune[:3]) == pytest.approx(0.0, abs=20.0)
    speed = np.linalg.norm(found.nodes[0, 3:])
    assert speed == pytest.approx(np.linalg.norm(transfer.start[3:]), abs=0.05)
    whole = arc(found.nodes[0], DEPART, [aim.arrive_tdb_s - DEPART], series)[0]
    assert np.linalg.norm((whole - found.end)[:3]) < 5_000.0  # one arc through all: a gap of a metre has grown
    site = moon_state(aim.landing_tdb_s, series)[1] @ aim.site_me
    normal = np.cross(there[:3], there[3:])
    assert abs(float(normal @ site)) / np.linalg.norm(normal) < 1e-4


def test_arcs_that_do_not_close_show_their_gaps(
    series: BarycentricSeries, aim: TransferAim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lupex.trajectory.design.shooting.MOST_ROUNDS", 1)
    with pytest.raises(NothingLeftError, match="do not close, gaps .* km"):
        shot(aim, series)
    with pytest.raises(InputError, match="two or more"):
        shot(aim, series, arcs=1)
