"""Simulated drives against sums done by hand: time, charge, darkness, slopes, stops, schedule."""

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.traverse.drive_scene import START_S, STEP_S, at, ground, rover, sky

from lupex.base.errors import GridError, InputError, SpanError
from lupex.ephemeris import tdb_s_to_utc
from lupex.traverse import SimulationSettings, drive_edges, first_violation, simulate, violations
from lupex.traverse.steps.edges import DOWN, RIGHT

HALF = SimulationSettings(start_battery_wh=500.0)


def utc(seconds: float) -> str:
    return tdb_s_to_utc(START_S + seconds)[0]


def test_a_level_drive_in_the_dark_takes_its_length_over_speed_and_draws_hotel_and_drive() -> None:
    drive = simulate([at(5.0), at(305.0)], ground(), rover(), sky(disc=0), HALF)
    assert drive.times_tdb_s[-1] - START_S == pytest.approx(3000.0, rel=1e-5)  # the map's scale is 1 + 8e-6 here
    assert drive.distance_m[-1] == pytest.approx(300.0, rel=1e-5)
    assert drive.energy_wh[-1] == pytest.approx((100.0 * 3000.0 + 60.0 * 300.0) / 3600.0, rel=1e-5)
    assert drive.battery_wh[-1] == pytest.approx(500.0 - drive.energy_wh[-1], abs=1e-9)
    assert drive.dark_hours[-1] == pytest.approx(3000.0 / 3600.0, rel=1e-5)
    assert len(drive) == 32 and drive.activity[:-1] == ("drive",) * 31  # 31 cells entered
    assert first_violation(drive) is None


def test_light_changes_at_the_edges_of_cells_and_steps_and_not_between() -> None:
    disc = np.zeros((100, 5, 40), np.uint8)
    disc[:, :, 10:] = 255  # light from x = 100 m on
    disc[3:5] = 0  # and nowhere from 1800 s to 3000 s
    drive = simulate([at(5.0), at(305.0)], ground(), rover(), sky(disc=disc), HALF)
    dark_s = 950.0 + 1200.0
    gained = 300.0 * (3000.0 - dark_s) / 3600.0
    assert drive.battery_wh[-1] == pytest.approx(500.0 + gained - 318_000.0 / 3600.0, abs=0.01)
    reached = int(np.searchsorted(drive.x_m, 100.0 - 1e-6))
    assert drive.times_tdb_s[reached] - START_S == pytest.approx(950.0, rel=1e-4)
    assert drive.dark_hours[reached] == pytest.approx(950.0 / 3600.0, rel=1e-4)
    assert drive.disc_fraction[reached] == 1.0 and drive.disc_fraction[reached - 1] == 0.0


def test_a_stop_charges_until_full_and_then_waits_and_sleeps_when_the_sun_goes() -> None:
    disc = np.full((100, 1, 1), 255, np.uint8)
    disc[30:] = 0
    stop = at(5.0, activity="wait", depart_utc=utc(36_000.0))
    drive = simulate([stop], ground(), rover(), sky(disc=disc), SimulationSettings(400.0, 0.0, START_S))
    assert drive.activity == ("charge", "wait", "sleep", "end")
    # 600 Wh at 300 - 100 W: three hours
    assert drive.times_tdb_s - START_S == pytest.approx([0.0, 10_800.0, 18_000.0, 36_000.0], abs=2.0)
    assert drive.battery_wh == pytest.approx([400.0, 1000.0, 1000.0, 900.0], abs=0.02)  # five hours at 20 W
    assert drive.dark_hours[-1] == pytest.approx(5.0, abs=1e-3)
    assert drive.summary["sleep_hours"] == pytest.approx(5.0, abs=1e-3)
    assert drive.summary["lowest_battery_wh"] == pytest.approx(400.0)


def test_charging_is_held_at_what_the_battery_takes() -> None:
    stop = at(5.0, activity="charge", duration_hours=1.0)
    drive = simulate([stop], ground(), rover(max_charge_w=50.0), sky(), HALF)
    assert drive.battery_wh[-1] == pytest.approx(550.0, abs=1e-6)


def test_drilling_draws_its_power_for_its_whole_duration_awake_in_the_dark() -> None:
    stop = at(5.0, activity="drill", duration_hours=2.0, label="hole")
    drive = simulate([stop], ground(), rover(drill_power_w=50.0), sky(disc=0), HALF)
    assert drive.activity == ("drill", "end") and drive.labels[0] == "hole"
    assert drive.battery_wh[-1] == pytest.approx(500.0 - 300.0, abs=1e-6)


def test_the_charge_may_fall_below_the_least_and_the_instant_is_named() -> None:
    thirsty = rover(min_charge_fraction=0.45)  # 450 Wh: 50 Wh to spend at 106 W lasts 1698.1 s
    drive = simulate([at(5.0), at(305.0)], ground(), thirsty, sky(disc=0), HALF)
    broken = first_violation(drive)
    assert broken is not None and broken.constraint == "battery_wh"
    assert broken.time_tdb_s - START_S == pytest.approx(50.0 * 3600.0 / 106.0, abs=0.1)
    assert broken.by == pytest.approx(450.0 - drive.battery_wh[-1], abs=1e-6)
    assert drive.battery_wh[broken.waypoint] == pytest.approx(450.0, abs=1e-6)
    assert drive.battery_wh[-1] == pytest.approx(500.0 - 318_000.0 / 3600.0, abs=1e-3)
    assert "below the least" in broken.sentence and utc(1698.0)[:16] in broken.sentence


def test_darkness_longer_than_the_rover_bears_is_named_at_its_instant() -> None:
    stop = at(5.0, activity="sleep", duration_hours=3.0)
    drive = simulate([stop], ground(), rover(max_dark_hours=2.0), sky(disc=0), HALF)
    broken = first_violation(drive)
    assert broken is not None and broken.constraint == "dark_hours"
    assert broken.time_tdb_s - START_S == pytest.approx(7200.0, abs=1e-3)
    assert broken.by == pytest.approx(1.0, abs=1e-6)


def test_charge_and_darkness_broken_in_one_step_are_each_named_at_their_instant() -> None:
    stop = at(5.0, activity="drill", duration_hours=0.15)  # within the first step of the light
    short = rover(max_dark_hours=0.05, min_charge_fraction=0.49)
    broken = violations(simulate([stop], ground(), short, sky(disc=0), HALF))
    assert [(v.constraint, v.time_tdb_s - START_S) for v in broken] == [
        ("dark_hours", pytest.approx(180.0, abs=1e-3)), ("battery_wh", pytest.approx(360.0, abs=1e-3)),
    ]  # fmt: skip


def test_climb_descent_and_side_slope_are_those_of_the_plane() -> None:
    ramp = math.tan(math.radians(10.0)) * 10.0 * np.arange(40.0)[None, :] + np.zeros((5, 1))
    up = simulate([at(5.0), at(305.0)], ground(ramp), rover(), sky(), HALF)
    assert up.slack["up_slope_deg"][:-1] == pytest.approx(10.0, abs=1e-3)
    assert up.slope_deg[:-1] == pytest.approx(10.0, abs=1e-3)
    length = 300.0 / math.cos(math.radians(10.0))
    assert up.distance_m[-1] == pytest.approx(length, rel=1e-5)
    assert up.energy_wh[-1] * 3600.0 == pytest.approx(length * (120.0 + 1000.0), rel=1e-4)  # 0.6 + 0.06 x 10 J/kg/m
    down = simulate([at(305.0), at(5.0)], ground(ramp), rover(), sky(), HALF)
    assert down.slack["down_slope_deg"][:-1] == pytest.approx(10.0, abs=1e-3)
    assert down.energy_wh[-1] * 3600.0 == pytest.approx(length * (60.0 + 1000.0), rel=1e-4)
    across = simulate([at(105.0, 9_995.0), at(105.0, 9_955.0)], ground(ramp), rover(), sky(), HALF)
    assert np.nanmin(across.slack["cross_slope_deg"]) == pytest.approx(10.0, abs=1e-3)


def test_a_wall_one_cell_wide_is_found_at_its_foot() -> None:
    wall = np.zeros((5, 40))
    wall[:, 20] = 50.0
    drive = simulate([at(5.0), at(305.0)], ground(wall), rover(max_step_m=1.0), sky(), HALF)
    broken = violations(drive)
    assert broken[0].constraint == "up_slope_deg"
    assert broken[0].x_m == pytest.approx(190.0)  # the cell before the wall; its further half climbs
    assert broken[0].by == pytest.approx(math.degrees(math.atan(5.0)) - 20.0, abs=0.01)
    assert {v.constraint for v in broken} == {"up_slope_deg", "down_slope_deg", "step_m"}
    assert next(v.by for v in broken if v.constraint == "step_m") == pytest.approx(49.0)


def test_turning_takes_its_time_at_hotel_power() -> None:
    corner = [at(105.0), at(125.0), at(125.0, 9_995.0)]
    straight = simulate(corner, ground(), rover(), sky(disc=0), HALF)
    turning = simulate(corner, ground(), rover(turn_rate_deg_s=0.5), sky(disc=0), HALF)
    assert turning.times_tdb_s[-1] - straight.times_tdb_s[-1] == pytest.approx(180.0, abs=1e-3)
    assert straight.battery_wh[-1] - turning.battery_wh[-1] == pytest.approx(100.0 * 180.0 / 3600.0, abs=1e-6)
    assert turning.distance_m[-1] == pytest.approx(straight.distance_m[-1])


def test_driving_without_view_is_broken_only_for_a_rover_that_needs_it() -> None:
    earth = np.ones((100, 5, 40), np.uint8)
    earth[:, :, 15:20] = 0
    blind = simulate([at(5.0), at(305.0)], ground(), rover(), sky(earth=earth), HALF)
    assert first_violation(blind) is None and np.isnan(blind.slack["comm_hours"]).all()
    drive = simulate([at(5.0), at(305.0)], ground(), rover(comm_to_drive=True), sky(earth=earth), HALF)
    broken = first_violation(drive)
    assert broken is not None and broken.constraint == "comm_hours" and broken.x_m == pytest.approx(150.0)
    assert broken.by == pytest.approx(100.0 / 3600.0, rel=1e-3)  # one cell at 0.1 m/s
    late = sky(earth=np.array([1] * 12 + [0] * 88, np.uint8)[:, None, None])
    left = simulate([at(5.0), at(305.0)], ground(), rover(comm_to_drive=True), late, HALF).slack["comm_hours"]
    assert left[0] == pytest.approx((7200.0 - 50.0) / 3600.0, rel=1e-3)


def test_the_schedule_holds_the_rover_back_and_names_the_leg_that_is_too_fast() -> None:
    early = [at(5.0), at(105.0, arrive_utc=utc(2000.0), depart_utc=utc(2000.0)), at(205.0)]
    drive = simulate(early, ground(), rover(), sky(), HALF)
    assert drive.times_tdb_s[-1] - START_S == pytest.approx(3000.0, abs=1.5)
    assert np.nanmin(drive.slack["schedule_hours"]) == pytest.approx(1000.0 / 3600.0, abs=1e-3)
    late = [at(5.0, depart_utc=utc(0.0)), at(105.0, arrive_utc=utc(400.0), label="pass")]
    broken = violations(simulate(late, ground(), rover(), sky(), replace(HALF, start_tdb_s=START_S)))
    assert [v.constraint for v in broken] == ["speed_m_s", "schedule_hours"]
    assert broken[0].by == pytest.approx(100.0 / 401.0 - 0.1, abs=1e-3)
    assert broken[1].by == pytest.approx(600.0 / 3600.0, abs=1e-3) and "pass" in broken[1].sentence


def test_a_hole_and_the_edge_of_the_map_are_recorded_where_they_are_met() -> None:
    holed = np.zeros((5, 40))
    holed[2, 20:22] = np.nan
    broken = first_violation(simulate([at(5.0), at(305.0)], ground(holed), rover(), sky(), HALF))
    assert broken is not None and broken.constraint == "map_m"
    assert broken.x_m == pytest.approx(200.0) and broken.by == pytest.approx(10.0, rel=1e-4)
    off = simulate([at(355.0), at(455.0)], ground(), rover(), sky(), HALF)
    broken = first_violation(off)
    assert broken is not None and broken.constraint == "map_m" and broken.x_m == pytest.approx(400.0)
    assert off.disc_fraction[broken.waypoint] == 0.0


def test_a_diagonal_drive_has_the_slopes_of_the_two_halves_through_the_corner() -> None:
    z = np.zeros((5, 40))
    z[2, 5], z[2, 6], z[1, 5], z[1, 6] = 0.0, 4.0, 2.0, 1.0
    drive = simulate([at(55.0), at(65.0, 9_985.0)], ground(z), rover(), sky(), HALF)
    corner, half = 7.0 / 4.0, math.hypot(5.0, 5.0)
    assert 20.0 - drive.slack["up_slope_deg"][0] == pytest.approx(math.degrees(math.atan(corner / half)), abs=1e-2)
    assert 20.0 - drive.slack["down_slope_deg"][1] == pytest.approx(
        math.degrees(math.atan((corner - 1) / half)), abs=1e-2
    )
    side = math.degrees(math.atan(2.0 / math.hypot(10.0, 10.0)))
    assert 20.0 - np.nanmin(drive.slack["cross_slope_deg"]) == pytest.approx(side, abs=1e-2)


def test_times_outside_the_light_and_starts_off_the_map_are_refused() -> None:
    with pytest.raises(SpanError, match="outside the map of light"):
        simulate([at(5.0, depart_utc="2020-01-01T00:00:00Z"), at(25.0)], ground(), rover(), sky())
    with pytest.raises(SpanError, match="longer time"):
        simulate([at(5.0, activity="wait", duration_hours=100.0)], ground(), rover(), sky())
    with pytest.raises(InputError, match="off the map"):
        simulate([at(-50.0), at(25.0)], ground(), rover(), sky())
    with pytest.raises(InputError, match="no waypoints"):
        simulate([], ground(), rover(), sky())
    with pytest.raises(InputError, match="2000 Wh"):
        simulate([at(5.0)], ground(), rover(), sky(), SimulationSettings(start_battery_wh=2000.0))
    with pytest.raises(GridError, match="one grid"):
        simulate([at(5.0)], ground(rows=6), rover(), sky())


def test_charge_is_conserved_over_any_mixture_of_light_and_stops() -> None:
    rng = np.random.default_rng(3)
    disc = rng.integers(0, 256, (100, 5, 40)).astype(np.uint8)
    points = [at(5.0), at(105.0, activity="measure", duration_hours=0.7), at(303.0, 9_961.0), at(12.0, 9_990.0)]
    drive = simulate(points, ground(), rover(battery_wh=1e6, measure_power_w=7.0), sky(disc=disc),
                     SimulationSettings(start_battery_wh=1e5))  # fmt: skip
    gained = drive.battery_wh[-1] - 1e5 + drive.energy_wh[-1]
    # the same integral by sampling the finished drive every half second
    t = np.arange(drive.times_tdb_s[0] + 0.25, drive.times_tdb_s[-1], 0.5)
    row = np.searchsorted(drive.times_tdb_s, t, side="right") - 1
    into = (t - drive.times_tdb_s[row]) / np.maximum(drive.times_tdb_s[row + 1] - drive.times_tdb_s[row], 1e-9)
    x = drive.x_m[row] + into * (drive.x_m[row + 1] - drive.x_m[row])
    y = drive.y_m[row] + into * (drive.y_m[row + 1] - drive.y_m[row])
    k = ((t - START_S) // STEP_S).astype(int)
    power = 300.0 * disc[k, ((10_000.0 - y) // 10.0).astype(int), (x // 10.0).astype(int)] / 255.0
    assert gained == pytest.approx(power.sum() * 0.5 / 3600.0, rel=2e-3)


def test_steps_the_planner_may_drive_take_the_simulation_as_long_and_break_nothing() -> None:
    rng = np.random.default_rng(0)
    z = 0.3 * rng.normal(0.0, 0.8, (12, 12)).cumsum(0) + rng.normal(0.0, 0.6, (12, 12))
    terrain, light = ground(z, 12, 12), sky(steps=20, rows=12, cols=12)
    here = rover(max_cross_slope_deg=12.0, max_up_slope_deg=15.0, max_down_slope_deg=15.0, max_step_m=2.5,
                 slowest_fraction=0.4, drive_overhead_w=11.0, slip_at_limit_fraction=0.2)  # fmt: skip
    edges = drive_edges(terrain, here, 16)
    tried = 0
    for d, r, c in zip(*np.nonzero(np.isfinite(edges.time_s[:, 2:10, 2:10])), strict=True):
        if (d + 3 * r + 5 * c) % 7:
            continue  # every seventh will do
        x, y = 25.0 + 10.0 * c, 9_975.0 - 10.0 * r
        drive = simulate([at(x, y), at(x + 10.0 * RIGHT[d], y - 10.0 * DOWN[d])], terrain, here, light, HALF)
        edge = (d, r + 2, c + 2)
        took = drive.times_tdb_s[-1] - drive.times_tdb_s[0]
        assert took == pytest.approx(edges.time_s[edge], rel=1e-6)
        assert drive.energy_wh[-1] * 3600.0 - 100.0 * took == pytest.approx(edges.energy_j[edge], rel=1e-5)
        assert drive.distance_m[-1] == pytest.approx(edges.length_m[edge], rel=1e-6)
        assert first_violation(drive) is None
        tried += 1
    forbidden = int((edges.blocked_by[:, 2:10, 2:10] > 0).sum())
    assert tried > 60 and forbidden > 60
