"""Planning in time against every plan there is, closed forms, and the rule of energy played through once more."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.traverse.time_scenes import (
    HOURS,
    STEP_S,
    Scene,
    edges_from,
    every_plan,
    light_from,
    may_stay,
    plain_edges,
    random_scene,
    replayed,
    rover_of,
)

from lupex.base.errors import GridError, InputError, SpanError
from lupex.traverse import (
    LivingRule,
    NoDrive,
    Task,
    TimeSettings,
    drive_end,
    living_ends,
    needed_battery,
    plan_in_time,
    reach_in_time,
)

QUIET = TimeSettings(diagnose=False)


def planned(scene, **changes):
    """The plan, checked by playing it; None without one."""
    try:
        traverse = plan_in_time(*scene.asked, replace(QUIET, **changes))
    except NoDrive:
        return None
    assert np.abs(replayed(traverse, scene) - traverse.battery_wh).max() < 1e-3
    assert min(float(values[np.isfinite(values)].min(initial=0.0)) for values in traverse.slack.values()) > -1e-6
    return traverse


def steps_of(traverse):
    return round((traverse.times_tdb_s[-1] - traverse.times_tdb_s[0]) / STEP_S)


@pytest.mark.parametrize("seed", range(40))
def test_the_earliest_drive_is_the_best_of_all_plans(seed) -> None:
    scene = random_scene(seed)
    every = every_plan(scene)
    traverse = planned(scene)
    assert (traverse is None) == (not every)
    if traverse is not None:
        best = min(every, key=lambda plan: (plan.k, -plan.battery_wh))
        assert steps_of(traverse) == best.k
        assert traverse.battery_wh[-1] == pytest.approx(best.battery_wh, abs=1e-6)


@pytest.mark.parametrize("seed", range(100, 125))
def test_the_least_energy_is_that_of_all_plans(seed) -> None:
    scene = random_scene(seed)
    every = every_plan(scene)
    traverse = planned(scene, objective="least_energy", labels=1)
    assert (traverse is None) == (not every)
    if traverse is not None:
        assert traverse.summary["energy_wh"] == pytest.approx(min(plan.drawn_wh for plan in every), abs=1e-6)


@pytest.mark.parametrize("seed", range(200, 225))
def test_the_largest_margin_is_that_of_all_plans(seed) -> None:
    scene = random_scene(seed)
    every = every_plan(scene)
    traverse = planned(scene, objective="largest_margin")
    assert (traverse is None) == (not every)
    if traverse is not None:
        best = max(plan.lowest_wh for plan in every)
        assert best - 0.005 * scene.rover.battery_wh <= traverse.summary["lowest_battery_wh"] <= best + 1e-6


@pytest.mark.parametrize("seed", range(300, 340))
def test_dark_time_is_kept_exactly(seed) -> None:
    scene = random_scene(seed, max_dark_hours=1.01 * HOURS)
    every = every_plan(scene)
    for objective, worth in (
        ("earliest", lambda plan: (plan.k, -plan.battery_wh)),
        ("least_energy", lambda plan: (plan.drawn_wh,)),
    ):
        traverse = planned(scene, objective=objective, labels=1)
        assert (traverse is None) == (not every)
        if traverse is not None:
            best = min(every, key=worth)
            assert traverse.summary["longest_dark_hours"] <= 1.01 * HOURS
            if objective == "earliest":
                assert steps_of(traverse) == best.k
                assert traverse.battery_wh[-1] == pytest.approx(best.battery_wh, abs=1e-6)
            else:
                assert traverse.summary["energy_wh"] == pytest.approx(best.drawn_wh, abs=1e-6)


@pytest.mark.parametrize("seed", [401, 404, 406])
def test_nine_cells_and_knights_moves_against_all_plans(seed) -> None:
    scene = random_scene(seed, (3, 3), 5, 16)
    every = every_plan(scene)
    traverse = planned(scene)
    assert (traverse is None) == (not every)
    if traverse is not None:
        best = min(every, key=lambda plan: (plan.k, -plan.battery_wh))
        assert (steps_of(traverse), traverse.battery_wh[-1]) == (best.k, pytest.approx(best.battery_wh, abs=1e-6))


RULE = LivingRule(light_hours=2 * HOURS, charge_fraction=0.9, haven_hours=6 * HOURS)


def with_days_after(seed, last=6, **facts):
    """A random scene whose light goes on after the span, and settings with a rule of living."""
    scene = random_scene(seed, steps=last + 7, **facts)
    ends = living_ends(scene.light, scene.rover, RULE, last)
    return scene, replace(QUIET, last_step=last, living=ends)


@pytest.mark.parametrize("seed", range(500, 540))
def test_a_drive_ends_only_where_the_rover_can_go_on_living(seed) -> None:
    scene, how = with_days_after(seed)
    every = [plan for plan in every_plan(scene, 6) if may_stay(scene, RULE, plan)]
    for objective, worth in (
        ("earliest", lambda plan: (plan.k, -plan.battery_wh)),
        ("least_energy", lambda plan: (plan.drawn_wh,)),
    ):
        try:
            traverse = plan_in_time(*scene.asked, replace(how, objective=objective, labels=1))
        except NoDrive:
            assert not every
            continue
        best = min(every, key=worth)
        if objective == "earliest":
            # Charges at the end are counted in 65534ths of the battery, rounded up.
            assert steps_of(traverse) == best.k
            assert traverse.battery_wh[-1] == pytest.approx(best.battery_wh, abs=1e-6)
        else:
            assert traverse.summary["energy_wh"] == pytest.approx(best.drawn_wh, abs=1e-6)
        assert traverse.slack["end_wh"][-1] >= -1e-9


def test_an_end_in_a_trace_of_light_is_passed_over_for_one_to_live_at() -> None:
    """The old rule ended at 4 counts of 255 of the disc: 1.4 W of array against 30 W awake."""
    shape, steps = (1, 12), 200
    disc = np.zeros((steps, *shape))
    disc[:, 0, 4] = 4
    disc[:, 0, 9] = 255
    scene = Scene(plain_edges(shape), rover_of(), light_from(disc), (0, 2), 100.0, (), None)
    loose = planned(scene)
    assert loose.x_m[-1] == pytest.approx(45.0)
    ends = living_ends(scene.light, scene.rover, LivingRule(light_hours=4.0, haven_hours=20.0), 60)
    traverse = plan_in_time(*scene.asked, replace(QUIET, last_step=60, living=ends))
    assert traverse.x_m[-1] == pytest.approx(95.0)
    here, there = (drive_end(drive, scene.rover, scene.light, ends.rule) for drive in (loose, traverse))
    assert (here.ends_in, there.ends_in) == ("", "light")
    assert here.array_w == pytest.approx(90.0 * 4.0 / 255.0) and there.array_w == pytest.approx(90.0)
    assert here.may_stay_hours < 4.0 and there.may_stay_on


def wide_scene(seed, shape=(20, 23), steps=150, **facts):
    """Stripes of light that move, rough ground, a task and an end far off."""
    rng = np.random.default_rng(seed)
    row, col = np.indices(shape)
    k = np.arange(steps)[:, None, None]
    disc = np.where((col + row // 3 + k // 6) % 11 < 6, 255, 0)
    time = rng.choice([0.8, 1.5, 2.2], (8, *shape)) * STEP_S
    time[rng.random(time.shape) < 0.1] = np.inf
    goals, end = np.zeros((2, *shape), bool)
    goals[shape[0] // 2 :, 2:5] = True
    end[shape[0] - 2 :, shape[1] - 3 :] = True
    tasks = (Task(goals, 3.0 * STEP_S, 15.0, "drill"), Task(goals[:, ::-1], 0.0, 0.0, "measure"))
    edges = edges_from(time, rng.uniform(0.0, 2.0, time.shape) * 3600.0)
    return Scene(edges, rover_of(**facts), light_from(disc), (1, 1), 60.0, tasks, end)


@pytest.mark.parametrize("seed", [0, 1])
def test_tracing_back_through_windows_gives_the_same_drive_as_tracing_through_the_whole_map(seed) -> None:
    scene = wide_scene(seed)
    whole = planned(scene, checkpoint_steps=1000, workers=1)
    assert whole is not None and len(whole) > 20
    for steps, workers in ((8, 1), (16, 2), (64, 2)):
        other = planned(scene, checkpoint_steps=steps, workers=workers)
        assert np.array_equal(other.times_tdb_s, whole.times_tdb_s)
        assert np.array_equal(other.x_m, whole.x_m) and np.array_equal(other.y_m, whole.y_m)
        assert np.array_equal(other.battery_wh, whole.battery_wh)


def test_labels_find_what_one_number_per_cell_finds_when_nothing_else_counts() -> None:
    scene = wide_scene(3)
    free = planned(scene)
    longest = free.summary["longest_dark_hours"]
    limited = planned(replace(scene, rover=replace(scene.rover, max_dark_hours=longest)))
    assert limited.battery_wh[-1] == free.battery_wh[-1]
    tight = planned(replace(scene, rover=replace(scene.rover, max_dark_hours=longest - HOURS)), labels=1)
    assert tight is None or steps_of(tight) >= steps_of(free)


def test_least_energy_draws_no_more_than_the_earliest_drive_and_largest_margin_keeps_more() -> None:
    scene = wide_scene(6)
    earliest = planned(scene)
    least, margin = (planned(scene, objective=objective) for objective in ("least_energy", "largest_margin"))
    assert least.summary["energy_wh"] < earliest.summary["energy_wh"] - 1.0
    assert margin.summary["lowest_battery_wh"] >= earliest.summary["lowest_battery_wh"] - 0.5
    assert steps_of(earliest) <= min(steps_of(least), steps_of(margin))


def test_a_lit_plain_is_crossed_without_a_stop() -> None:
    light = light_from(np.full((40, 3, 30), 255))
    end = np.zeros((3, 30), bool)
    end[1, 29] = True
    scene = Scene(plain_edges((3, 30), energy_j=3600.0, straight=True), rover_of(), light, (1, 0), 50.0, (), end)
    traverse = planned(scene)
    assert set(traverse.activity) == {"drive", "end"} and len(traverse) == 30
    assert traverse.distance_m[-1] == pytest.approx(290.0)
    # 90 W - 30 W over ten minutes, less 1 Wh of driving: 9 Wh a step, up to a full battery.
    assert np.allclose(traverse.battery_wh, np.minimum(100.0, 50.0 + 9.0 * np.arange(30)))
    assert traverse.summary["energy_wh"] == pytest.approx(29 * (30.0 * HOURS + 1.0))


def test_the_dark_range_is_speed_times_usable_charge_over_power() -> None:
    """v (E0 - Emin) / (P_drive + P_hotel), in whole cells."""
    rover = rover_of(min_charge_fraction=0.2)
    disc = np.zeros((60, 1, 40))
    disc[:, 0, 0] = 255
    edges = plain_edges((1, 40), energy_j=2.0 * 3600.0)
    reach = reach_in_time(edges, rover, light_from(disc), (0, 0), 100.0)
    speed = 10.0 / STEP_S
    power = rover.hotel_power_w + 2.0 / HOURS
    # The first step begins in light: half of it is lit.
    lit_wh = 0.5 * rover.array_w * HOURS
    far_m = speed * (100.0 - 20.0) / power * 3600.0
    assert np.isfinite(reach.arrival_tdb_s[0]).sum() - 1 == math.floor(far_m / 10.0 + lit_wh / (power * HOURS))
    # And back: half as far, the gain on the last step included.
    back = np.isfinite(reach.return_tdb_s[0]).sum() - 1
    assert back == max(
        n for n in range(40) if 100.0 + min(0.0, lit_wh - power * HOURS) - (2 * n - 2) * power * HOURS >= 20.0
    )


@pytest.mark.parametrize(("cells_per_hour", "reaches"), [(2.0, True), (3.0, True), (4.0, False)])
def test_a_terminator_is_outrun_only_by_a_rover_that_is_as_fast(cells_per_hour, reaches) -> None:
    """Light moves along a corridor; the rover, 3 cells an hour, cannot stand an hour of darkness."""
    cols, steps = 60, 110
    step_s = 1200.0
    k, col = np.arange(steps)[:, None, None], np.arange(cols)[None, None, :]
    edge = 8.0 + cells_per_hour * k / 3.0
    disc = np.where((col <= edge) & (col > edge - 8.0), 255, 0)
    end = np.zeros((1, cols), bool)
    end[0, cols - 1] = True
    rover = rover_of(battery_wh=12.0, hotel_power_w=30.0, sleep_power_w=30.0, min_charge_fraction=0.0)
    light = light_from(disc, step_s=step_s)
    edges = plain_edges((1, cols), time_s=step_s)
    given = (edges, rover, light, (0, 7), 12.0, (), end, QUIET)
    if reaches:
        assert plan_in_time(*given).activity[-1] == "end"
    else:
        with pytest.raises(NoDrive):
            plan_in_time(*given)


@pytest.mark.parametrize("facts", [{}, {"max_dark_hours": 1.01 * HOURS}])
@settings(max_examples=12)
@given(seed=st.integers(1000, 100_000))
def test_a_charge_suffices_exactly_when_some_behaviour_survives(seed, facts) -> None:
    steps = 5
    scene = random_scene(seed, (2, 3), steps, **facts)
    cells = [(r, c) for r in range(2) for c in range(3)]
    needed = needed_battery(scene.edges, scene.rover, scene.light, cells=cells)
    assert needed.shape == (steps + 1, 6)
    assert np.all(needed[-1] == scene.rover.least_battery_wh)
    anywhere = replace(scene, tasks=(), end=None)
    always = replace(anywhere, light=lit_at_the_end(scene.light))
    for number, cell in enumerate(cells):
        need = needed[0, number]
        for wh, survives in ((need + 1e-4, True), (need - 1e-4, False), (scene.rover.full_battery_wh, need < math.inf)):
            if not scene.rover.least_battery_wh <= wh <= scene.rover.full_battery_wh:
                continue
            plans = every_plan(replace(always, start=cell, start_wh=float(wh)))
            assert any(plan.k == steps for plan in plans) == survives


def lit_at_the_end(light):
    """The same light with one more step, all lit: every survivor of the steps before is then at an end."""
    return replace(
        light,
        times_tdb_s=np.arange(light.disc.shape[0] + 2) * STEP_S,
        disc=np.concatenate([light.disc, np.full((1, *light.grid.shape), 255, np.uint8)]),
        earth=np.concatenate([light.earth, np.zeros((1, *light.grid.shape), np.uint8)]),
        sun_strength=np.append(light.sun_strength, 1.0),
        sun_elevation_deg=np.append(light.sun_elevation_deg, 0.0),
    )


@pytest.mark.parametrize("facts", [{}, {"max_dark_hours": 1.01 * HOURS}])
@settings(max_examples=20)
@given(seed=st.integers(0, 100_000))
def test_maps_of_reach_are_those_of_all_plans(seed, facts) -> None:
    scene = replace(random_scene(seed, (2, 3), 6, **facts), tasks=(), end=None)
    reach = reach_in_time(scene.edges, scene.rover, scene.light, scene.start, scene.start_wh)
    lit = lit_at_the_end(scene.light)
    for cell in np.ndindex(2, 3):
        only = np.zeros((2, 3), bool)
        only[cell] = True
        # Ends count in light only, so all arrivals are found by lighting the cell after the steps.
        at_end = [p for p in every_plan(replace(scene, light=lit, end=only), 6) if p.k == 6]
        assert bool(at_end) == bool(np.isfinite(reach.end_battery_wh[cell]))
        if at_end:
            best = max(plan.battery_wh for plan in at_end)
            assert reach.end_battery_wh[cell] == pytest.approx(best, abs=1e-6)
            assert reach.best_battery_wh[cell] >= best - 1e-9
            assert reach.arrival_tdb_s[cell] <= scene.light.times_tdb_s[-1]
        if np.isfinite(reach.return_tdb_s[cell]):
            assert reach.return_tdb_s[cell] >= reach.arrival_tdb_s[cell]
    # A stop without a stay at a cell, then any lit end: the cell is one the rover comes back from.
    cell = (seed % 2, seed % 3)
    goals = np.zeros((2, 3), bool)
    goals[cell] = True
    assert np.isfinite(reach.return_tdb_s[cell]) == bool(every_plan(replace(scene, tasks=(Task(goals),))))


def test_sinks_without_a_way_back_are_reached_but_do_not_return() -> None:
    disc = np.zeros((30, 1, 12))
    disc[:, 0, 0] = 255
    edges = plain_edges((1, 12))
    time = edges.time_s.copy()
    time[6, 0, 8] = np.inf  # from cell 8 no drive leads back to the left
    reach = reach_in_time(replace(edges, time_s=time), rover_of(), light_from(disc), (0, 0), 100.0)
    assert np.all(np.isfinite(reach.arrival_tdb_s[0]))
    assert np.array_equal(np.isfinite(reach.return_tdb_s[0]), np.arange(12) < 8)
    assert reach.arrival_tdb_s[0, 5] == 5 * STEP_S


def test_a_task_in_the_dark_is_done_and_light_found_again() -> None:
    disc = np.full((60, 1, 9), 255)
    disc[:, 0, 3:] = 0
    goals = np.zeros((1, 9), bool)
    goals[0, 6] = True
    task = Task(goals, 5 * STEP_S, 12.0, "drill")
    scene = Scene(plain_edges((1, 9)), rover_of(), light_from(disc), (0, 0), 60.0, (task,), None)
    traverse = planned(scene)
    drill = traverse.activity.index("drill")
    assert traverse.labels[drill] == "target" and traverse.labels[0] == "start" and traverse.labels[-1] == "end"
    assert traverse.times_tdb_s[drill + 1] - traverse.times_tdb_s[drill] == 5 * STEP_S
    assert traverse.summary["drill_hours"] == pytest.approx(5 * HOURS)
    spent = traverse.battery_wh[drill] - traverse.battery_wh[drill + 1]
    assert spent == pytest.approx(5 * 42.0 * HOURS)
    # Lit again at cell 2: four steps after the drill.
    assert steps_of(traverse) == 6 + 5 + 4
    assert traverse.summary["longest_dark_hours"] == pytest.approx((3 + 5 + 3) * HOURS)


def test_tasks_are_done_in_order_also_where_the_rover_stands() -> None:
    shape = (1, 6)
    first, second = np.zeros((2, *shape), bool)
    first[0, 4], second[0, 1] = True, True
    light = light_from(np.full((30, *shape), 255))
    tasks = (Task(first, 0.0), Task(second, STEP_S, activity="measure"))
    scene = Scene(plain_edges(shape), rover_of(), light, (0, 1), 60.0, tasks, None)
    assert steps_of(planned(scene)) == 3 + 3 + 1
    here = replace(scene, tasks=(Task(second, 2 * STEP_S, activity="measure"),))
    assert planned(here).activity == ("measure", "end")
    assert planned(replace(scene, tasks=())).activity == ("end",)


def test_a_task_begins_only_when_it_may() -> None:
    shape = (1, 3)
    light = light_from(np.full((20, *shape), 255))
    goals = np.array([[False, True, False]])
    may = np.zeros(20, bool)
    may[7:9] = True
    scene = Scene(plain_edges(shape), rover_of(), light, (0, 0), 60.0, (Task(goals, STEP_S, begins=may),), None)
    for objective in ("earliest", "least_energy"):
        assert steps_of(planned(scene, objective=objective)) == 8


def no_drive(scene, **changes):
    with pytest.raises(NoDrive) as raised:
        plan_in_time(*scene.asked, TimeSettings(**changes))
    return raised.value


def corridor(**facts):
    """Light at both ends of 12 cells."""
    disc = np.zeros((60, 1, 12))
    disc[:, 0, [0, 11]] = 255
    end = np.zeros((1, 12), bool)
    end[0, 11] = True
    rover = rover_of(**facts)
    return Scene(plain_edges((1, 12)), rover, light_from(disc), (0, 0), rover.full_battery_wh, (), end)


def test_a_battery_too_small_is_named_with_the_one_that_would_do() -> None:
    # 11 steps of 5 Wh, the first and last half lit (15 Wh each, never above full); a tenth must stay.
    error = no_drive(corridor(battery_wh=40.0))
    assert error.constraint == "battery_wh"
    assert 45.0 / 0.9 <= error.needed <= 1.02 * 45.0 / 0.9
    assert "the battery runs out" in str(error) and "it has 40" in str(error)


def test_darkness_too_long_is_named_with_the_hours_that_would_do() -> None:
    error = no_drive(corridor(max_dark_hours=8 * HOURS + 0.001))
    assert error.constraint == "dark_hours"
    assert error.needed == pytest.approx(9 * HOURS)


def test_a_missing_view_is_named() -> None:
    scene = corridor(comm_to_drive=True)
    earth = np.ones((60, 1, 12), np.uint8)
    earth[:, 0, 5] = 0
    assert no_drive(replace(scene, light=replace(scene.light, earth=earth))).constraint == "comm_to_drive"


def test_too_little_time_is_named_with_the_days_that_would_do() -> None:
    error = no_drive(corridor(), last_step=10)
    assert error.constraint == "span"
    assert error.needed == pytest.approx(11 * STEP_S / 86_400.0)
    assert no_drive(corridor(), first_step=50).constraint == "span"


def test_a_later_start_is_named_when_only_that_helps() -> None:
    scene = corridor(battery_wh=60.0)
    disc = scene.light.disc.copy()
    disc[:40, 0, 11] = 0
    disc[:, 0, 0] = 0
    error = no_drive(replace(scene, light=replace(scene.light, disc=disc), start_wh=57.0))
    assert error.constraint in ("battery_wh", "start")
    assert "2000-01-01" in str(error)


def wide_corridor(**facts):
    """The corridor at the foot of a map so large that what would open a drive is sought in a part of it."""
    disc = np.zeros((60, 300, 12))
    disc[:, 299, [0, 11]] = 255
    end = np.zeros((300, 12), bool)
    end[299, 11] = True
    rover = rover_of(**facts)
    return Scene(plain_edges((300, 12)), rover, light_from(disc), (299, 0), rover.full_battery_wh, (), end)


def test_what_would_open_a_drive_is_the_same_when_sought_in_part_of_a_large_map() -> None:
    for facts in ({"battery_wh": 40.0}, {"max_dark_hours": 8 * HOURS + 0.001}):
        large, small = no_drive(wide_corridor(**facts)), no_drive(corridor(**facts))
        assert (large.constraint, large.needed) == (small.constraint, pytest.approx(small.needed))
    assert no_drive(wide_corridor(), last_step=10).needed == pytest.approx(11 * STEP_S / 86_400.0)


def test_what_opens_a_drive_far_from_the_fastest_way_is_found_over_the_whole_map() -> None:
    """Nearby both charge and view stop it; far off, by a lit way, the view alone."""
    scene = wide_corridor(battery_wh=40.0)
    disc = np.zeros((400, 300, 12))
    disc[:, :, 0], disc[:, 0, :] = 255, 255
    disc[:, 299, 11] = 255
    end = np.zeros((300, 12), bool)
    end[299, 11], end[0, 11] = True, True
    earth = np.ones((400, 300, 12), np.uint8)
    earth[:, 150:, 5], earth[:, 150, :] = 0, 0
    rover = replace(scene.rover, comm_to_drive=True)
    asked = replace(scene, rover=rover, light=light_from(disc, earth), end=end)
    error = no_drive(asked)
    lifted = replace(asked, rover=replace(rover, comm_to_drive=False))
    assert error.constraint == "comm_to_drive"
    assert plan_in_time(*lifted.asked, TimeSettings()).x_m.size > 1


def test_ground_that_cuts_the_way_is_named_with_the_limit_that_opens_it() -> None:
    scene = corridor()
    time, slope, by = (getattr(scene.edges, name).copy() for name in ("time_s", "slope_deg", "blocked_by"))
    time[:, 0, 5], slope[2, 0, 5], by[2, 0, 5] = np.inf, 23.0, 5
    error = no_drive(replace(scene, edges=replace(scene.edges, time_s=time, slope_deg=slope, blocked_by=by)))
    assert error.constraint == "up_slope_deg"
    assert error.needed == pytest.approx(23.0, abs=0.011)
    assert "from the start to the end" in str(error)


def test_bad_input_says_what_to_do() -> None:
    scene = corridor()
    with pytest.raises(InputError, match="off the map"):
        plan_in_time(scene.edges, scene.rover, scene.light, (0, 12), 50.0)
    with pytest.raises(InputError, match="5 Wh; the battery holds 10"):
        plan_in_time(scene.edges, scene.rover, scene.light, (0, 0), 5.0)
    with pytest.raises(SpanError, match="boundary 0 to 61"):
        plan_in_time(*scene.asked, TimeSettings(last_step=61))
    with pytest.raises(GridError):
        plan_in_time(plain_edges((2, 12)), *scene.asked[1:])
    with pytest.raises(GridError, match="mask of end"):
        plan_in_time(*scene.asked[:-1], np.ones((2, 12), bool))
    with pytest.raises(InputError, match="objective"):
        TimeSettings(objective="fastest")
    with pytest.raises(InputError, match="no cell"):
        Task(np.zeros((1, 12), bool))
    with pytest.raises(InputError, match="coarser|larger cells"):
        plan_in_time(*scene.asked, TimeSettings(objective="least_energy", memory_gb=1e-6, checkpoint_steps=8))
    with pytest.raises(InputError, match="of the map"):
        needed_battery(scene.edges, scene.rover, scene.light, cells=[(3, 3)])
