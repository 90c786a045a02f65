"""The convex optimum against an indirect solution of the planar case (Pontryagin), and against itself constrained."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import root

from lupex.base.errors import InputError, NothingLeftError
from lupex.trajectory import BrakingOptimum, BrakingProblem, braking_optimum
from lupex.trajectory.conics import GM_MOON_M3_S2

R = 1_737_400.0
PROBLEM = BrakingProblem(
    gm_m3_s2=GM_MOON_M3_S2, radius_m=R, start_radius_m=R + 30_000.0, start_speed_m_s=1681.63, end_height_m=7420.0,
    end_speed_m_s=358.0, end_sink_m_s=61.0, mass_kg=1700.0, thrust_min_n=640.0, thrust_max_n=2944.0,
    exhaust_m_s=315.0 * 9.80665,
)  # fmt: skip


@lru_cache(maxsize=1)
def free() -> BrakingOptimum:
    return braking_optimum(PROBLEM, 690.0)


def indirect_time_s() -> float:
    """Shortest time at full thrust, the end free along the ground: the primer vector directs the thrust."""
    speed = np.sqrt(GM_MOON_M3_S2 / R)
    unit = R / speed
    push = PROBLEM.thrust_max_n / PROBLEM.mass_kg / (speed**2 / R)
    flow = push / (PROBLEM.exhaust_m_s / speed)

    def rates(t: float, y: np.ndarray) -> np.ndarray:
        r, s, u, lr, ls, lu = y
        norm = np.hypot(ls, lu)
        a = push / (1.0 - flow * t)
        return np.array([
            s, u * u / r - 1.0 / r**2 + a * ls / norm, -s * u / r + a * lu / norm,
            ls * (u * u / r**2 - 2.0 / r**3) - lu * s * u / r**2, -lr + lu * u / r, -2.0 * ls * u / r + lu * s / r,
        ])  # fmt: skip

    def missed(x: np.ndarray) -> np.ndarray:
        begin = [PROBLEM.start_radius_m / R, 0.0, PROBLEM.start_speed_m_s / speed, x[0], x[1], -1.0]
        end = solve_ivp(rates, (0.0, x[2]), begin, rtol=1e-10, atol=1e-12).y[:3, -1]
        return end - [1.0 + 7420.0 / R, -61.0 / speed, 358.0 / speed]

    found = root(missed, [0.5, 0.4, 680.0 / unit], tol=1e-10)
    assert found.success
    return float(found.x[2] * unit)


def test_the_optimum_is_the_indirect_solution() -> None:
    time_s = indirect_time_s()
    fuel_kg = PROBLEM.thrust_max_n / PROBLEM.exhaust_m_s * time_s
    assert free().fuel_kg == pytest.approx(fuel_kg, rel=3e-4)
    assert free().duration_s == pytest.approx(time_s, rel=3e-3)


def test_what_it_burns_when_flown_is_what_it_says() -> None:
    found = free()
    assert found.slack < 1e-6
    assert found.integrated_fuel_kg == pytest.approx(found.fuel_kg, abs=0.1)
    assert found.miss_m < 20.0
    assert found.miss_m_s < 0.1


@pytest.mark.parametrize(
    "changed",
    [{"downrange_m": 713_500.0}, {"thrust_max_n": 2800.0}, {"clearance_m": 11_000.0, "end_height_m": 11_500.0}],
)
def test_a_constrained_optimum_is_never_cheaper_than_the_free_one(changed: dict) -> None:
    found = braking_optimum(replace(PROBLEM, **changed), 690.0)
    basis = free() if "end_height_m" not in changed else braking_optimum(replace(PROBLEM, end_height_m=11_500.0), 690.0)
    assert found.fuel_kg >= basis.fuel_kg - 1e-3
    assert found.slack < 1e-6
    if "clearance_m" in changed:
        assert np.linalg.norm(found.state[:, :2], axis=1).min() >= R + 11_000.0 - 1.0


def test_scale_does_not_change_the_answer() -> None:
    """A lander ten times heavier with ten times the thrust burns ten times as much."""
    big = braking_optimum(replace(PROBLEM, mass_kg=17_000.0, thrust_min_n=6400.0, thrust_max_n=29_440.0), 690.0)
    assert big.fuel_kg == pytest.approx(10.0 * free().fuel_kg, rel=1e-6)


def test_a_thrust_that_cannot_brake_and_numbers_that_cannot_be_are_refused() -> None:
    with pytest.raises(NothingLeftError, match="no braking within"):
        braking_optimum(replace(PROBLEM, thrust_max_n=1500.0), 690.0)
    with pytest.raises(InputError, match="make no sense"):
        braking_optimum(replace(PROBLEM, thrust_min_n=3000.0), 690.0)
