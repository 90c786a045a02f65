import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.navigation.estimate.consistency import consistency, normalised_squares
from lupex.navigation.estimate.inertial import InertialUnit, dead_reckoning, simulated_reckoning

LEGS = np.full(20, 100.0)


def test_errors_of_made_up_units_are_what_the_covariance_says() -> None:
    rng = np.random.default_rng(3)
    errors = np.array([simulated_reckoning(LEGS, 0.05, rng) for _ in range(120)])
    spreads = dead_reckoning(LEGS, 0.05)
    for k in (0, 4, 19):
        assert consistency(normalised_squares(errors[:, k], spreads[k]), 2, 0.9999).consistent


def test_a_unit_that_never_stops_drifts_away_and_stops_hold_it() -> None:
    stopped = np.sqrt(dead_reckoning(np.full(36, 100.0), 0.05)[-1, 0, 0])
    driven = np.sqrt(dead_reckoning([3600.0], 0.05)[-1, 0, 0])
    assert stopped < 5.0
    assert driven > 100.0 * stopped


def test_the_gyroscope_tilts_the_place_away_with_the_cube_of_time() -> None:
    quiet = InertialUnit(
        gyro_bias_deg_h=1.0, gyro_noise_deg_sqrt_h=1e-9, accelerometer_bias_ug=1e-6, velocity_noise_m_s_sqrt_h=1e-9,
        rest_m_s=1e-12, heading_sigma_deg=1e-9,
    )  # fmt: skip
    # Before a stop tells the gyroscope's bias: g b t^3 / 6 on top of g tilt t^2 / 2.
    from lupex.navigation.estimate import inertial

    move, _ = inertial._motion(quiet, 600.0, 0.05)
    assert move[0, 4] == pytest.approx(1.62 * 600.0**3 / 6.0)
    assert move[0, 3] == pytest.approx(0.5 * 600.0**2)
    assert move[5, 10] == pytest.approx(0.05 * 600.0)
    assert move[5, 11] == pytest.approx(0.05 * 0.5 * 600.0**2)


def test_the_heading_moves_the_place_across_and_not_along() -> None:
    lost, known = (dead_reckoning(LEGS, 0.05, unit=InertialUnit(heading_sigma_deg=s))[-1] for s in (5.0, 0.01))
    assert lost[0, 0] == pytest.approx(known[0, 0], rel=1e-9)
    assert np.sqrt(lost[1, 1] - known[1, 1]) == pytest.approx(0.05 * LEGS.sum() * np.radians(5.0), rel=0.01)


def test_what_takes_no_time_is_refused() -> None:
    for words in ({"legs_s": [0.0]}, {"legs_s": []}, {"speed_m_s": 0.0}, {"stop_s": 0.0}, {"legs_s": [np.nan]}):
        with pytest.raises(InputError, match="not positive"):
            dead_reckoning(**{"legs_s": [10.0], "speed_m_s": 0.1} | words)
    with pytest.raises(InputError, match="rest_m_s"):
        InertialUnit(rest_m_s=0.0)
