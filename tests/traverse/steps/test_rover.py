"""The rover made of a mission's facts; its laws of power, energy and speed."""

import math
from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError, MissionError
from lupex.catalogue import catalogue_entry
from lupex.kernels.drive.edges import LAW
from lupex.mission import load_mission
from lupex.model import Fact, ReachSettings, TraverseSettings
from lupex.traverse import array_factor, drive_energy_j_per_m, drive_speed_m_s, rover_model

FACTS = catalogue_entry("rovers", "lupex").facts


def rover_of(reach=None, traverse=None, **facts):
    kept = [fact for fact in FACTS if fact.key not in facts]
    given = [Fact(key, value, "test", "test") for key, value in facts.items() if value is not None]
    return rover_model([*kept, *given], reach or ReachSettings(), traverse or TraverseSettings(), "lupex")


def test_the_rover_of_the_default_mission_is_made_of_its_facts():
    mission = load_mission(None)
    rover = rover_model(mission.rover, mission.reach, mission.traverse, "lupex")
    assert rover == rover_of()
    assert (rover.mass_kg, rover.speed_m_s, rover.battery_wh, rover.hotel_power_w) == (350.0, 0.045, 7000.0, 95.0)
    assert rover.array_w == pytest.approx(1.5 * 0.30 * 1361.0)
    assert rover.array_kind == "vertical" and rover.comm_to_drive is True
    assert (rover.sleep_power_w, rover.drill_power_w, rover.measure_power_w) == (40.0, 150.0, 50.0)
    assert rover.min_charge_fraction == 0.2 and rover.least_battery_wh == pytest.approx(1400.0)
    assert rover.max_up_slope_deg == rover.max_down_slope_deg == rover.max_cross_slope_deg == 25.0
    assert math.isinf(rover.max_dark_hours) and math.isinf(rover.max_step_m) and math.isinf(rover.turn_rate_deg_s)


def test_viper_is_a_rover_too():
    facts = catalogue_entry("rovers", "viper").facts
    rover = rover_model(facts, ReachSettings(), TraverseSettings(), "viper")
    assert (rover.name, rover.mass_kg, rover.max_up_slope_deg) == ("viper", 430.0, 20.0)
    assert rover.array_w == pytest.approx(450.0, rel=0.01)


NEEDED = ("mass_kg", "speed_m_s", "battery_wh", "hotel_power_w", "drive_power_w", "max_slope_deg",
          "solar_array_area_m2", "solar_array_efficiency_fraction")  # fmt: skip


@pytest.mark.parametrize("key", NEEDED)
def test_a_missing_fact_is_named(key):
    with pytest.raises(MissionError, match=rf"\[rover\]: {key} is unknown; state it: {key} = "):
        rover_of(**{key: None})


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("mass_kg", -1.0, "mass_kg is -1.0; give a positive number"),
        ("battery_wh", 0.0, "battery_wh is 0.0; give a positive"),
        ("max_slope_deg", 90.0, "max_up_slope_deg is 90.0; give degrees between 0 and 90"),
        ("sleep_power_w", 200.0, "sleep_power_w is 200.0; asleep it draws no more"),
        ("array_kind", "round", "array_kind is round; give one of tracking, vertical, horizontal"),
        ("array_kind", 3.0, r"\[rover\]: array_kind is 3.0; give a word"),
        ("comm_to_drive", "yes", r"\[rover\]: comm_to_drive is 'yes'; give true or false"),
        ("mass_kg", "heavy", r"\[rover\]: mass_kg is 'heavy'; give a number"),
        ("min_charge_fraction", 1.0, "min_charge_fraction is 1.0"),
        ("slip_at_limit_fraction", 1.0, "slip_at_limit_fraction is 1.0"),
        ("drive_efficiency", 0.0, "drive_efficiency is 0"),
    ],
)
def test_an_impossible_fact_is_refused_by_name(key, value, said):
    with pytest.raises(MissionError, match=said):
        rover_of(traverse=TraverseSettings(drive_law="resistance"), **{key: value})


def test_what_may_be_missing_keeps_its_default():
    rover = rover_of(sleep_power_w=None, drill_power_w=None, measure_power_w=None, array_kind=None, comm_to_drive=None)
    assert (rover.sleep_power_w, rover.drill_power_w, rover.measure_power_w) == (95.0, 0.0, 0.0)
    assert rover.array_kind == "tracking" and rover.comm_to_drive is False


def test_stated_facts_of_the_same_name_become_attributes():
    stated = {
        "max_step_m": 0.3,
        "turn_rate_deg_s": 3.5,
        "slip_at_limit_fraction": 0.4,
        "min_charge_fraction": 0.3,
        "max_charge_fraction": 0.9,
        "max_charge_w": 500.0,
        "rolling_resistance": 0.2,
        "drive_efficiency": 0.6,
    }
    rover = rover_of(**stated)
    assert {key: getattr(rover, key) for key in stated} == stated
    assert rover_of(night_survival_hours=200.0).max_dark_hours == 200.0
    assert rover_of(ReachSettings(dark_hours=50.0), night_survival_hours=200.0).max_dark_hours == 50.0


def test_slope_limits_come_from_the_setting_else_the_own_fact_else_the_common_one():
    rover = rover_of(ReachSettings(max_up_slope_deg=15.0), max_up_slope_deg=18.0, max_cross_slope_deg=12.0)
    assert (rover.max_up_slope_deg, rover.max_down_slope_deg, rover.max_cross_slope_deg) == (15.0, 25.0, 12.0)
    three = {f"max_{way}_slope_deg": 10.0 for way in ("up", "down", "cross")}
    assert rover_of(max_slope_deg=None, **three).max_up_slope_deg == 10.0


def test_driving_on_the_level_draws_the_stated_power_whatever_the_law():
    for law in ("carr", "resistance"):
        for facts in ({}, {"rolling_resistance": 0.3, "drive_efficiency": 0.5}):
            rover = rover_of(traverse=TraverseSettings(drive_law=law), **facts)
            level_w = float(drive_energy_j_per_m(rover, 0.0)) * rover.speed_m_s
            assert level_w + rover.drive_overhead_w == pytest.approx(137.0)
    assert rover_of(drive_power_w=1.0).drive_overhead_w == 0.0


def test_ten_times_the_mass_takes_ten_times_the_energy_of_driving(tmp_path):
    """On the old build 1.8 % more: the stated drive power stood whatever the mass."""

    def per_m(lines: str) -> float:
        path = tmp_path / "mission.toml"
        path.write_text(f"[mission]\nname = 'heavy'\n[rover]\n{lines}\n", encoding="utf-8")
        mission = load_mission(path)
        rover = rover_model(mission.rover, mission.reach, mission.traverse)
        return float(drive_energy_j_per_m(rover, 0.0)) + rover.drive_overhead_w / rover.speed_m_s

    own = per_m("")
    assert own == pytest.approx(137.0 / 0.045)
    assert per_m("mass_kg = 3500.0") == pytest.approx(10.0 * own)
    # A drive power of one's own holds for one's own mass.
    assert per_m("mass_kg = 3500.0\ndrive_power_w = 500.0") == pytest.approx(500.0 / 0.045)


def test_an_array_gives_by_its_attitude_what_geometry_says():
    sun = np.array([-1.0, 0.0, 1.5, 30.0, 90.0])
    assert array_factor("tracking", sun).tolist() == [1.0] * 5
    assert array_factor("vertical", sun) == pytest.approx([0.99985, 1.0, 0.99966, math.sqrt(0.75), 0.0], abs=1e-5)
    assert array_factor("horizontal", sun) == pytest.approx([0.0, 0.0, 0.02618, 0.5, 1.0], abs=1e-5)
    assert array_factor("vertical", 60.0).shape == () and array_factor("tracking", sun[None]).shape == (1, 5)
    with pytest.raises(InputError, match="unknown kind 'round'; use one of tracking"):
        array_factor("round", 1.0)


def test_a_rover_gives_the_kernels_as_many_numbers_as_they_know_and_limits_as_tangents():
    rover = rover_of(reach=ReachSettings(max_up_slope_deg=45.0, max_down_slope_deg=30.0), max_step_m=0.2)
    assert rover.law_numbers.shape == (LAW,)
    across = math.tan(math.radians(25.0))
    assert rover.ground_limits == pytest.approx([1.0, 1.0 / math.sqrt(3.0), across, 0.2], rel=1e-12)


def test_the_resistance_law_is_weight_times_rolling_and_slope_and_wins_nothing_back():
    rover = replace(rover_of(), drive_law="resistance", rolling_resistance=0.15, drive_efficiency=0.5)
    weight = 350.0 * 1.62 / 0.5
    for slope in (-5.0, 0.0, 12.0):
        angle = math.radians(slope)
        expected = weight * (0.15 * math.cos(angle) + math.sin(angle))
        assert float(drive_energy_j_per_m(rover, slope)) == pytest.approx(expected, rel=1e-12)
    # Below atan(0.15) = 8.53 degrees the ground pushes: the law gives 0, not a gain.
    assert drive_energy_j_per_m(rover, [-8.5, -8.6, -25.0]).tolist() == [pytest.approx(0.59, abs=0.05), 0.0, 0.0]


def test_carrs_law_and_the_resistance_law_agree_on_the_level_with_the_published_coefficient():
    rover = rover_of()
    flat = [float(drive_energy_j_per_m(replace(rover, drive_law=law), 0.0)) for law in ("carr", "resistance")]
    assert flat[0] == pytest.approx(flat[1], rel=0.003)


def test_speed_falls_linearly_to_the_slowest_at_the_limit_and_slip_takes_its_square_share_uphill_only():
    rover = replace(rover_of(), max_down_slope_deg=10.0)
    speeds = drive_speed_m_s(rover, [0.0, 12.5, 25.0, 40.0, -5.0, -10.0]) / 0.045
    assert speeds == pytest.approx([1.0, 0.75, 0.5, 0.5, 0.75, 0.5])
    slipping = replace(rover, slip_at_limit_fraction=0.4)
    ratio = drive_speed_m_s(slipping, [0.0, 12.5, 25.0, -10.0]) / drive_speed_m_s(rover, [0.0, 12.5, 25.0, -10.0])
    assert ratio == pytest.approx([1.0, 0.9, 0.6, 1.0])
    ratio = drive_energy_j_per_m(slipping, [0.0, 12.5, 25.0, -10.0]) / drive_energy_j_per_m(rover, [0, 12.5, 25, -10])
    assert ratio == pytest.approx([1.0, 1 / 0.9, 1 / 0.6, 1.0])


def test_down_is_cheaper_than_up_and_dearer_than_level():
    up, level, down = drive_energy_j_per_m(rover_of(), [10.0, 0.0, -10.0])
    assert level < down < up
