"""The planners' rule replayed: it repeats the plan to the last digit, and refuses what no planner may say."""

from dataclasses import replace

import numpy as np
import pytest
from tests.traverse.drive_scene import START_S, STEP_S, at, ground, planned, rover, sky

from lupex.base.errors import InputError, SpanError
from lupex.traverse import (
    CONSTRAINTS,
    SimulationSettings,
    drive_edges,
    first_violation,
    plan_in_time,
    profile,
    replay,
    simulate,
)

COLS = [5, 6, 7, 7, 7, 8, 9]
STEPS = [0, 1, 2, 5, 8, 9, 10]
DOING = ["drive", "drive", "wait", "drill", "drive", "drive", "end"]
FLICKER = np.array([0, 0, 255, 90, 0, 255] * 20, np.uint8)[:100, None, None]


def scene(**changes):
    light = sky(disc=FLICKER)
    here = rover(drill_power_w=40.0, **changes)
    edges = drive_edges(ground(), here)
    metres = float(edges.length_m[2, 2, 5])
    return planned(COLS, STEPS, DOING, here, light, 300.0, metres), edges, here, light


def test_a_replayed_plan_has_the_charge_of_the_plan() -> None:
    plan, edges, here, light = scene()
    again = replay(plan, edges, here, light)
    assert again.battery_wh == pytest.approx(plan.battery_wh, abs=1e-6)
    assert again.energy_wh == pytest.approx(plan.energy_wh, abs=1e-6)
    assert again.distance_m == pytest.approx(plan.distance_m, abs=1e-5)
    assert again.dark_hours == pytest.approx(plan.dark_hours)
    assert np.isfinite(again.slack["battery_wh"]).all() and first_violation(again) is None


def test_the_slack_of_a_replayed_plan_is_its_lowest_charge_between_waypoints() -> None:
    plan, edges, here, light = scene(min_charge_fraction=0.29)
    again = replay(plan, edges, here, light)
    fine = profile(plan, here, light)
    assert (
        fine.battery_wh.size == 11 and fine.activity == ("drive",) * 2 + ("wait",) * 3 + ("drill",) * 3 + ("drive",) * 2
    )
    assert fine.battery_wh[-1] == pytest.approx(plan.battery_wh[-1], abs=1e-6)
    for i in range(len(plan) - 1):
        own = fine.battery_wh[STEPS[i] : STEPS[i + 1] + 1]
        assert again.slack["battery_wh"][i] == pytest.approx(own.min() - 290.0, abs=1e-6)
    lowest = int(np.flatnonzero(again.slack["battery_wh"] < 0)[0])
    broken = first_violation(again)
    assert broken is not None and (broken.constraint, broken.waypoint) == ("battery_wh", lowest)


def test_view_is_asked_for_at_both_cells_of_every_drive_step() -> None:
    plan, edges, here, light = scene(comm_to_drive=True)
    earth = np.ones((100, 5, 40), np.uint8)
    earth[2:8] = 0  # none while it stands: allowed
    earth[20:] = 0
    good = replay(plan, edges, here, sky(disc=FLICKER, earth=earth)).slack["comm_hours"]
    assert good == pytest.approx([1 / 6, 0.0, np.nan, np.nan, 11 / 6, 10 / 6, np.nan], nan_ok=True)
    earth[1, :, 7] = 0
    broken = first_violation(replay(plan, edges, here, sky(disc=FLICKER, earth=earth)))
    assert broken is not None and (broken.constraint, broken.waypoint) == ("comm_hours", 1)
    assert broken.by == pytest.approx(STEP_S / 3600.0)


def test_steps_that_are_no_steps_are_refused() -> None:
    plan, edges, here, light = scene()
    jump = replace(plan, x_m=np.where(np.arange(7) >= 5, plan.x_m + 20.0, plan.x_m))
    with pytest.raises(InputError, match="step 5 from row 2, col 7 to row 2, col 10 is no step between neighbours"):
        replay(jump, edges, here, light)
    wall = np.zeros((5, 40))
    wall[:, 8] = 50.0
    with pytest.raises(InputError, match="may not be driven: up_slope_deg"):
        replay(plan, drive_edges(ground(wall), here), here, light)
    hasty = replace(plan, times_tdb_s=START_S + 50.0 * np.array(STEPS))
    with pytest.raises(InputError, match=r"step 1 lasts 50\.0 s, its edge 100\.0 s"):
        replay(hasty, edges, here, light)
    with pytest.raises(SpanError, match="outside the map of light"):
        replay(replace(plan, times_tdb_s=plan.times_tdb_s + 1e6), edges, here, light)


def test_a_plan_has_the_margins_a_check_of_it_has_from_the_same_table() -> None:
    heights = np.add.outer(np.arange(5.0) * 0.9, np.arange(40.0) * 0.4)
    land, here, light = ground(heights), rover(max_step_m=3.0, comm_to_drive=True), sky()
    end = np.zeros((5, 40), bool)
    end[1, 9] = True
    plan = plan_in_time(drive_edges(land, here), here, light, (3, 5), 900.0, [], end)
    points = [at(x, y) for x, y in zip(plan.x_m.tolist(), plan.y_m.tolist(), strict=True)]
    checked = simulate(points, land, here, light, SimulationSettings(900.0))
    assert list(plan.slack) == list(checked.slack) == [row.name for row in CONSTRAINTS]
    for name in ("up_slope_deg", "down_slope_deg", "cross_slope_deg", "step_m", "map_m", "comm_hours"):
        ours, theirs = (float(np.nanmin(drive.slack[name])) for drive in (plan, checked))
        assert np.isfinite(ours), name
        if name not in ("map_m", "comm_hours"):
            assert ours == pytest.approx(theirs, abs=1e-3), name
    assert plan.slack["span_hours"][-1] == pytest.approx((light.times_tdb_s[-1] - plan.times_tdb_s[-1]) / 3600.0)
