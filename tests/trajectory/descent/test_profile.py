from dataclasses import replace

import numpy as np
import pytest

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.kernels.trajectory import descent as kernel
from lupex.model.settings.descent import DescentSettings
from lupex.trajectory import Propulsion, descent_plan
from lupex.trajectory.descent.profile import flown

CHANDRAYAAN3 = Propulsion(
    name="chandrayaan3", wet_mass_kg=1752.0, thrust_n=3200.0, isp_s=315.0, throttle_min_fraction=0.2, orbit_isp_s=315.0
)
SETTINGS = DescentSettings()
MASS_KG = 1700.0


def thrust_n(track: np.ndarray, phase: int) -> np.ndarray:
    return np.linalg.norm(track[track[:, 11] == phase][:, 8:11], axis=1)


def test_the_flown_braking_of_chandrayaan_3_asks_for_nearly_constant_thrust_of_its_four_engines() -> None:
    plan = descent_plan(CHANDRAYAAN3, MASS_KG, SETTINGS, 100.0, 0.0, rough=(690.0, 713_500.0))
    asked = thrust_n(plan.track, 0)
    assert plan.downrange_m[0] == pytest.approx(713_500.0, abs=1.0)
    assert 0.80 * 3200.0 < asked.min() and asked.max() < 0.95 * 3200.0


def test_braking_found_from_thrust_and_mass_alone_is_that_of_chandrayaan_3_in_class() -> None:
    flown_plan = descent_plan(CHANDRAYAAN3, MASS_KG, SETTINGS, 100.0, 0.0, rough=(690.0, 713_500.0))
    own = descent_plan(CHANDRAYAAN3, MASS_KG, SETTINGS, 100.0)
    assert own.phases[0, kernel.DURATION] == pytest.approx(690.0, rel=0.06)
    assert own.downrange_m[0] == pytest.approx(713_500.0, rel=0.08)
    assert own.powered_m_s == pytest.approx(flown_plan.powered_m_s, rel=0.01)


def test_the_nominal_flight_ends_on_the_ground_over_the_target_at_the_speed_asked() -> None:
    for height in (0.0, 1500.0, -2500.0):
        plan = descent_plan(CHANDRAYAAN3, MASS_KG, SETTINGS, 100.0, height)
        assert plan.end[kernel.R] == pytest.approx(MOON_RADIUS_M + height, abs=0.05)
        assert abs(plan.end[kernel.X]) < 0.05
        assert plan.end[kernel.S] == pytest.approx(-SETTINGS.touchdown_m_s, abs=0.05)
        assert abs(plan.end[kernel.U]) < 0.01


def test_delta_v_is_that_of_the_masses() -> None:
    plan = descent_plan(CHANDRAYAAN3, MASS_KG, SETTINGS, 100.0)
    assert plan.powered_m_s == pytest.approx(
        CHANDRAYAAN3.exhaust_m_s * np.log(MASS_KG / plan.end[kernel.MASS]), rel=1e-6
    )
    assert plan.deorbit_m_s == pytest.approx(15.94, abs=0.01)


def test_without_thrust_the_state_keeps_energy_and_momentum() -> None:
    plan = descent_plan(CHANDRAYAAN3, MASS_KG, SETTINGS, 100.0)
    free = plan.vehicle.copy()
    free[kernel.THRUST_MAX] = free[kernel.THRUST_MIN] = 0.0
    phase = np.array([[3000.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]])
    _, end, _ = flown(plan.start, phase, free)

    def constants(y: np.ndarray) -> list[float]:
        speed = y[kernel.U] ** 2 + y[kernel.S] ** 2
        return [0.5 * speed - free[kernel.GM] / y[kernel.R], y[kernel.R] * y[kernel.U]]

    assert constants(end) == pytest.approx(constants(plan.start), rel=1e-10)


@pytest.mark.parametrize(
    "changed, words",
    [({"gate_km": 40.0}, "follow each other"), ({"perilune_km": 100.0, "hover_m": 5000.0, "gate_km": 4.0}, "follow")],
)
def test_heights_that_contradict_each_other_are_refused(changed: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        descent_plan(CHANDRAYAAN3, MASS_KG, replace(SETTINGS, **changed), 100.0)


def test_an_engine_too_weak_and_a_mountain_above_the_braking_are_refused() -> None:
    with pytest.raises(InputError, match="do not brake"):
        descent_plan(replace(CHANDRAYAAN3, thrust_n=400.0), MASS_KG, SETTINGS, 100.0)
    with pytest.raises(InputError, match="the phases ask for"):
        descent_plan(replace(CHANDRAYAAN3, thrust_n=1500.0), MASS_KG, SETTINGS, 100.0)
    with pytest.raises(InputError, match="below the gate"):
        descent_plan(CHANDRAYAAN3, MASS_KG, SETTINGS, 100.0, 25_000.0)
    with pytest.raises(InputError, match="above the orbit"):
        descent_plan(CHANDRAYAAN3, MASS_KG, SETTINGS, 20.0)
