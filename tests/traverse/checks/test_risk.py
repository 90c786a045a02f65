"""The probability of coming through: the plan itself, a closed form, the same seed, and what ends the others."""

import math
import time
from dataclasses import replace

import numpy as np
import pytest
from tests.traverse.drive_scene import START_S, at, ground, planned, rover, sky

from lupex.base.errors import InputError
from lupex.model import TraverseSettings
from lupex.traverse import RiskSettings, SimulationSettings, risk, simulate

SURE = RiskSettings(speed_sigma_fraction=0.0, energy_sigma_fraction=0.0, delays_per_day=0.0, delay_hours=0.0, draws=200)
COLS = [5, 6, 7, 7, 7, 8, 9]
STEPS = [0, 1, 2, 5, 8, 9, 10]
DOING = ["drive", "drive", "wait", "drill", "drive", "drive", "end"]


def test_without_uncertainty_every_draw_is_the_plan() -> None:
    light = sky(disc=np.array([0, 0, 255, 90, 0, 255] * 20, np.uint8)[:100, None, None])
    here = rover(drill_power_w=40.0)
    plan = planned(COLS, STEPS, DOING, here, light, 300.0)
    tight = replace(here, min_charge_fraction=float(plan.battery_wh.min()) / 1000.0)  # nothing to spare
    found = risk(plan, tight, light, SURE, np.random.default_rng(1))
    assert found.survival == 1.0 and found.survival_error == 0.0 and found.draws == 200
    assert found.late_hours == pytest.approx((0.0, 0.0, 0.0), abs=1e-9)
    assert found.battery_low_wh == pytest.approx((plan.battery_wh.min(),) * 3, abs=1e-6)
    less = replace(tight, min_charge_fraction=tight.min_charge_fraction + 1e-4)
    assert risk(plan, less, light, SURE, np.random.default_rng(1)).causes["battery_wh"] == 1.0


def test_a_simulated_drive_without_uncertainty_survives_too() -> None:
    points = [at(5.0), at(205.0, activity="measure", duration_hours=2.0), at(5.0)]
    light = sky(disc=0)
    drive = simulate(points, ground(), rover(measure_power_w=10.0), light, SimulationSettings(start_battery_wh=900.0))
    found = risk(drive, rover(measure_power_w=10.0), light, SURE, np.random.default_rng(1))
    assert found.survival == 1.0
    assert found.battery_low_wh[1] == pytest.approx(drive.battery_wh[-1], abs=1e-6)


def test_a_corridor_of_fatal_faults_survives_as_the_exponential_of_its_length() -> None:
    n, per_m = 38, 0.002
    light = sky(disc=0)
    here = rover(battery_wh=100_000.0)
    plan = planned(list(range(n + 1)), list(range(n + 1)), ["drive"] * n + ["end"], here, light, 1000.0)
    here = rover(min_charge_fraction=0.0)
    settings = RiskSettings(
        speed_sigma_fraction=0.0,
        energy_sigma_fraction=0.0,
        delays_per_day=0.0,
        delay_hours=1e9,
        draws=20_000,
        delays_per_m=per_m,
    )  # a stop outlasts every battery
    found = risk(plan, here, light, settings, np.random.default_rng(2))
    expected = math.exp(-per_m * 10.0 * n)
    assert found.survival == pytest.approx(expected, abs=3.0 * math.sqrt(expected * (1 - expected) / 20_000))
    assert found.survival_error == pytest.approx(math.sqrt(expected * (1 - expected) / 20_000), rel=0.05)
    assert sum(found.causes.values()) == pytest.approx(1.0 - found.survival)


def test_the_same_seed_gives_the_same_answer_and_another_one_a_near_one() -> None:
    light = sky(disc=np.array([255] * 4 + [0] * 96, np.uint8)[:, None, None])
    here = rover(drill_power_w=40.0)
    plan = planned(COLS, STEPS, DOING, here, light, 215.0)
    settings = RiskSettings(
        speed_sigma_fraction=0.2, energy_sigma_fraction=0.2, delays_per_day=20.0, delay_hours=1.0, draws=4000
    )
    first, again, other = (risk(plan, here, light, settings, np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert first == again and first != other
    assert 0.05 < first.survival < 0.95
    assert other.survival == pytest.approx(first.survival, abs=4.0 * first.survival_error)
    assert first.late_hours[0] <= first.late_hours[1] <= first.late_hours[2]


def test_factors_have_mean_one_and_the_spread_asked_for() -> None:
    light = sky(disc=0)
    here = rover()
    plan = planned([5, 5], [0, 18], ["sleep", "end"], here, light, 500.0)  # 20 W for three hours
    found = risk(
        plan,
        here,
        light,
        RiskSettings(
            speed_sigma_fraction=0.0, energy_sigma_fraction=0.3, delays_per_day=0.0, delay_hours=0.0, draws=50_000
        ),
        np.random.default_rng(6),
    )
    spread = math.sqrt(math.log1p(0.09))
    for drawn, normal in zip(found.battery_low_wh, (1.6449, 0.0, -1.6449), strict=True):
        assert 500.0 - drawn == pytest.approx(60.0 * math.exp(spread * normal - 0.5 * spread**2), rel=0.02)


def test_settings_of_a_mission_serve_and_impossible_ones_are_refused() -> None:
    assert RiskSettings.of(TraverseSettings()) == RiskSettings(
        speed_sigma_fraction=0.1, energy_sigma_fraction=0.1, delays_per_day=0.2, delay_hours=4.0, draws=10_000
    )
    with pytest.raises(InputError, match="delays_per_day is -1"):
        RiskSettings(delays_per_day=-1.0)
    with pytest.raises(InputError, match="0 draws"):
        RiskSettings(draws=0)


def test_ten_thousand_draws_of_three_hundred_waypoints_over_days_take_under_two_seconds() -> None:
    n = 300
    cols = [*range(5, 35), *range(34, 4, -1)] * 5
    doing = ["drive" if a != b else "wait" for a, b in zip(cols[:-1], cols[1:], strict=True)]
    light = sky(disc=np.array([255, 200, 0] * 200, np.uint8)[:, None, None], steps=600)
    here = rover()
    plan = planned(cols, [2 * i for i in range(n)], [*doing, "end"], here, light, 900.0)
    settings = RiskSettings(draws=10_000)
    risk(plan, here, light, replace(settings, draws=10), np.random.default_rng(7))
    begin = time.process_time()
    found = risk(plan, here, light, settings, np.random.default_rng(7))
    assert time.process_time() - begin < 2.0  # of both cores; the clock would tell of others on the machine
    assert plan.times_tdb_s[-1] - START_S > 4 * 86_400.0 and found.survival > 0.5
