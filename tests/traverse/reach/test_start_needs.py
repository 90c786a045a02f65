"""The charge a whole asked_of needs from every cell, against the planner from every cell."""

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.traverse.time_scenes import STEP_S, edges_from, light_from, plain_edges, random_scene, rover_of

from lupex.base.errors import GridError, SpanError
from lupex.traverse import LivingRule, NoDrive, Task, TimeSettings, living_ends, plan_in_time, start_needs

QUIET = TimeSettings(diagnose=False, workers=1)
CLOSE_WH = 1e-6


def there_is_a_drive(scene, cell, wh, settings=QUIET):
    try:
        plan_in_time(scene.edges, scene.rover, scene.light, cell, float(wh), scene.tasks, scene.end, settings)
    except NoDrive:
        return False
    return True


def both_sides(scene, settings=QUIET):
    """Checks every cell's need from above and below; cells with a need, and cells whose need is above the least."""
    needs = start_needs(scene.edges, scene.rover, scene.light, scene.tasks, scene.end, settings)
    least, full = scene.rover.least_battery_wh, scene.rover.full_battery_wh
    for cell in np.ndindex(needs.shape):
        need = needs[cell]
        assert not need < least - CLOSE_WH
        if math.isinf(need):
            assert not there_is_a_drive(scene, cell, full, settings)
            continue
        assert need <= full + CLOSE_WH
        assert there_is_a_drive(scene, cell, min(full, need + CLOSE_WH), settings)
        if need - CLOSE_WH >= least:
            assert not there_is_a_drive(scene, cell, need - CLOSE_WH, settings)
    return np.isfinite(needs).sum(), (np.isfinite(needs) & (needs > least + CLOSE_WH)).sum()


def asked_of(seed, shape=(4, 5), steps=14, tasks=1, **facts):
    """Walls, moving shadow, view now and then, an end of its own, one or two tasks that last 0 to 4 steps."""
    rng = np.random.default_rng(seed)
    scene = random_scene(seed, shape, steps, **facts)
    row, col = np.indices(shape)
    k = np.arange(steps)[:, None, None]
    disc = np.where((col + row + k // 2 + seed) % 5 < 3, rng.choice([90, 255], (steps, *shape)), 0)
    asked = []
    for _ in range(tasks):
        goals = rng.random(shape) < 0.25
        goals.flat[rng.integers(goals.size)] = True
        asked.append(Task(goals, int(rng.integers(0, 5)) * STEP_S, float(rng.choice([0.0, 20.0])), "drill"))
    light = light_from(disc, scene.light.earth, strength=scene.light.sun_strength)
    return replace(scene, light=light, tasks=tuple(asked))


def test_a_charge_suffices_exactly_from_what_is_needed_on() -> None:
    checked = [both_sides(asked_of(seed, tasks=1 + seed % 2)) for seed in range(16)]
    some, above = np.sum(checked, axis=0)
    assert some > 80 and above > 30


def test_without_tasks_it_is_the_way_to_light_and_any_lit_cell_will_do() -> None:
    checked = [
        both_sides(replace(asked_of(seed, tasks=0), end=None if seed % 2 else asked_of(seed).end)) for seed in range(8)
    ]
    assert np.sum(checked, axis=0)[1] > 3


def test_knights_moves_and_long_drives_are_included() -> None:
    checked = [both_sides(asked_of(seed, (3, 4), 12, directions=16)) for seed in range(50, 58)]
    assert np.sum(checked, axis=0)[1] > 5


def test_a_limit_of_dark_time_counts() -> None:
    short = {"max_dark_hours": 1.01 * STEP_S / 3600.0}
    bound = [asked_of(seed, tasks=1 + seed % 2, **short) for seed in range(120, 128)]
    assert np.sum([both_sides(scene, replace(QUIET, labels=1)) for scene in bound], axis=0)[1] > 5
    free = [replace(scene, rover=replace(scene.rover, max_dark_hours=math.inf)) for scene in bound]
    bound, free = (
        [start_needs(scene.edges, scene.rover, scene.light, scene.tasks, scene.end, QUIET) for scene in scenes]
        for scenes in (bound, free)
    )
    assert any(np.any(np.isinf(tight) & np.isfinite(loose)) for tight, loose in zip(bound, free, strict=True))
    assert all(np.all(tight >= loose - CLOSE_WH) for tight, loose in zip(bound, free, strict=True))


@pytest.mark.parametrize("facts", [{}, {"max_dark_hours": 2.01 * STEP_S / 3600.0}])
def test_it_counts_to_where_the_rover_can_go_on_living(facts) -> None:
    hours = STEP_S / 3600.0
    rule = LivingRule(light_hours=2 * hours, charge_fraction=0.8, haven_hours=5 * hours)
    checked = []
    for seed in range(140, 150):
        scene = asked_of(seed, tasks=seed % 2, **facts)
        ends = living_ends(scene.light, scene.rover, rule, 9)
        checked.append(both_sides(scene, replace(QUIET, last_step=9, living=ends)))
    assert np.sum(checked, axis=0)[0] > 10


def test_a_later_beginning_and_an_earlier_end_count_from_there() -> None:
    settings = replace(QUIET, first_step=3, last_step=11)
    checked = [both_sides(asked_of(seed, tasks=1 + seed % 2), settings) for seed in range(80, 92)]
    assert np.sum(checked, axis=0)[1] > 10


def test_tasks_that_may_begin_only_at_times_do_so_backwards_too() -> None:
    checked = []
    for seed in range(100, 112):
        scene = asked_of(seed, tasks=2)
        begins = np.random.default_rng(seed).random(14) < 0.4
        first = replace(scene.tasks[0], begins=begins)
        checked.append(both_sides(replace(scene, tasks=(first, replace(scene.tasks[1], begins=np.roll(begins, 3))))))
    assert np.sum(checked, axis=0)[1] > 5


def test_several_threads_and_pieces_of_light_give_the_same_bytes() -> None:
    rng = np.random.default_rng(7)
    shape, steps = (150, 140), 150
    row, col = np.indices(shape)
    k = np.arange(steps)[:, None, None]
    disc = np.where((col // 9 + row // 7 + k // 6) % 4 < 2, 255, 0)
    time = rng.choice([0.8, 1.5, 2.2], (8, *shape)) * STEP_S
    edges, goals = edges_from(time, 1800.0), np.zeros(shape, bool)
    goals[70:80, 60:75] = True
    tasks = [Task(goals, 3.0 * STEP_S, 15.0, "drill")]
    one, two = (
        start_needs(edges, rover_of(), light_from(disc), tasks, None, replace(QUIET, workers=workers))
        for workers in (1, 2)
    )
    assert np.isfinite(one).mean() > 0.3
    assert np.array_equal(one, two)


def test_down_a_dark_corridor_and_back_it_is_the_drives_and_the_stay() -> None:
    """Four cells into the dark, two hours there, four back, no time to wait: hotel power, driving and drilling."""
    disc = np.zeros((20, 1, 6))
    disc[:, 0, 0] = 255
    goals = np.zeros((1, 6), bool)
    goals[0, 4] = True
    rover = rover_of(battery_wh=500.0)
    edges = plain_edges((1, 6), energy_j=3600.0, straight=True)
    needs = start_needs(edges, rover, light_from(disc), [Task(goals, 7200.0, 20.0, "drill")], None, QUIET)
    step_wh = 30.0 / 6.0 + 1.0
    half_lit_wh = step_wh - 90.0 / 12.0
    back = max(0.0, half_lit_wh) + 3 * step_wh
    there = 3 * step_wh + half_lit_wh
    assert needs[0, 0] == pytest.approx(50.0 + there + 2.0 * 50.0 + back, abs=1e-9)
    assert needs[0, 4] == pytest.approx(50.0 + 2.0 * 50.0 + back, abs=1e-9)


def test_cells_the_starts_do_not_lead_to_are_left_out_and_the_others_stay() -> None:
    time = np.full((8, 5, 9), STEP_S)
    time[:, :, 5] = np.inf
    for d, right in enumerate((1, 1, 0, -1, -1, -1, 0, 1)):
        if right:
            time[d, :, 5 - right] = np.inf
    goals = np.zeros((5, 9), bool)
    goals[2, 2] = True
    edges, light = edges_from(time, 0.0), light_from(np.full((20, 5, 9), 255))
    starts = np.zeros((5, 9), bool)
    starts[0, 0] = True
    whole = start_needs(edges, rover_of(), light, [Task(goals)], None, QUIET)
    asked = start_needs(edges, rover_of(), light, [Task(goals)], None, QUIET, starts)
    assert np.isfinite(whole[:, :5]).all() and np.isinf(whole[:, 5:]).all()
    assert np.array_equal(whole, asked)
    assert np.isinf(start_needs(edges, rover_of(), light, [Task(goals[:, ::-1])], None, QUIET, starts)).all()


def test_masks_and_spans_that_do_not_fit_are_named() -> None:
    edges, light = plain_edges((2, 3)), light_from(np.full((4, 2, 3), 255))
    for wrong in ({"end": np.ones((3, 3), bool)}, {"starts": np.ones((2, 2), bool)}):
        with pytest.raises(GridError, match="shape"):
            start_needs(edges, rover_of(), light, [], settings=QUIET, **wrong)
    with pytest.raises(GridError, match="task target"):
        start_needs(edges, rover_of(), light, [Task(np.ones((9, 9), bool))], settings=QUIET)
    with pytest.raises(SpanError, match="boundary 4"):
        start_needs(edges, rover_of(), light, [], settings=replace(QUIET, first_step=4))
