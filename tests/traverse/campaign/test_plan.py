"""Campaigns against the slow truth of small scenes, and what is said of stops left out or given wrongly."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from tests.traverse.campaign_scenes import (
    STEP_S,
    Scene,
    best_value,
    flat_edges,
    grid_of,
    held_light,
    random_scene,
    small_rover,
    step_at,
    stop_at,
    utc_after,
)

from lupex.base.errors import InputError
from lupex.io.tables import json_text
from lupex.model import Campaign, Stop
from lupex.traverse import (
    CampaignSettings,
    NoDrive,
    SearchLimits,
    Task,
    TimeSettings,
    plan_campaign,
    plan_in_time,
)

ONE_WORKER = TimeSettings(name="campaign", workers=1, diagnose=False)


def campaign(scene: Scene, settings: CampaignSettings = CampaignSettings(ONE_WORKER)) -> Campaign:
    return plan_campaign(
        scene.edges, scene.rover, scene.light, scene.start, scene.battery_wh, scene.stops, scene.end, settings
    )


def bright_scene(stops: list[tuple[tuple[int, int], float, int]], size: int = 5, steps: int = 30) -> Scene:
    """Everything lit and level; stops by cell, value, steps of work; the end anywhere."""
    grid = grid_of(size)
    light = held_light(grid, np.full((steps, size, size), 255, np.uint8))
    made = tuple(stop_at(grid, cell, f"s{n}", value, work) for n, (cell, value, work) in enumerate(stops))
    open_cells = np.ones(grid.shape, bool)
    return Scene(flat_edges(grid, open_cells), small_rover(), light, (0, 0), 90.0, made, np.ones(grid.shape, bool))


def works_of(found: Campaign, scene: Scene) -> dict[str, tuple[float, float]]:
    """First and last boundary of the work at each stop, by its label."""
    drive, begin = found.traverse, scene.light.times_tdb_s[0]
    steps = (drive.times_tdb_s - begin) / STEP_S
    return {label: (float(steps[k]), float(steps[k + 1])) for k, label in enumerate(drive.labels)
            if drive.activity[k] in ("drill", "measure")}  # fmt: skip


@pytest.mark.parametrize("seed", range(24))
def test_a_campaign_is_worth_as_much_as_the_best_of_all_plans(seed: int) -> None:
    scene = random_scene(seed)
    found = campaign(scene)
    assert found.value == best_value(scene)
    assert (found.bound, found.gap_fraction, found.ended, found.proven) == (found.value, 0.0, "proven", True)
    by_label = {stop.label: stop for stop in scene.stops}
    assert sum(by_label[label].value for label in found.visited) == found.value
    assert {label for label, _ in found.skipped} == set(by_label) - set(found.visited)
    assert all(reason for _, reason in found.skipped)


@pytest.mark.parametrize("objective", ["earliest", "least_energy"])
@pytest.mark.parametrize("seed", [1, 9, 17])
def test_the_drive_works_at_the_stops_in_order_in_their_windows_and_light(seed: int, objective: str) -> None:
    scene = random_scene(seed)
    found = campaign(scene, CampaignSettings(replace(ONE_WORKER, objective=objective)))
    works = works_of(found, scene)
    assert tuple(works) == found.visited
    for stop in scene.stops:
        if stop.label not in works:
            continue
        begin, end = works[stop.label]
        assert end - begin == pytest.approx(stop.dwell_s / STEP_S, abs=1e-6)
        assert not stop.earliest_utc or begin >= step_at(stop.earliest_utc) - 1e-3
        assert not stop.latest_utc or end <= step_at(stop.latest_utc) + 1e-3
        row = int((scene.edges.grid.top_m - stop.y_m) // scene.edges.grid.cell_m)
        col = int((stop.x_m - scene.edges.grid.left_m) // scene.edges.grid.cell_m)
        disc = scene.light.disc[round(begin) : round(end), row, col]
        assert stop.needs != "dark" or not disc.any()
        assert stop.needs != "lit" or disc.all()
    assert scene.rover.least_battery_wh - 1e-6 <= found.traverse.battery_wh.min()


def best_of_orders(scene: Scene) -> float:
    """The most value of all orders of stops, each planned in time."""
    grid, best = scene.edges.grid, 0.0
    powers = {"drill": scene.rover.drill_power_w, "measure": scene.rover.measure_power_w}
    for order in (order for size in range(1, 6) for order in permutations(scene.stops, size)):
        tasks = []
        for stop in order:
            goals = np.zeros(grid.shape, bool)
            goals[int((grid.top_m - stop.y_m) // grid.cell_m), int((stop.x_m - grid.left_m) // grid.cell_m)] = True
            power_w = powers[stop.activity] if stop.power_w is None else stop.power_w
            tasks.append(Task(goals, stop.dwell_s, power_w, stop.activity, stop.label))
        try:
            plan_in_time(scene.edges, scene.rover, scene.light, scene.start, scene.battery_wh, tasks, scene.end,
                         ONE_WORKER)  # fmt: skip
        except NoDrive:
            continue
        best = max(best, sum(stop.value for stop in order))
    return best


@pytest.mark.parametrize(("seed", "dark_hours"), [(9, np.inf), (9, 0.6), (1, 0.6)])
def test_it_is_the_best_of_every_order_planned_in_time(seed: int, dark_hours: float) -> None:
    scene = random_scene(seed)
    plain = tuple(stop for stop in scene.stops if stop.needs == "any" and not stop.earliest_utc)
    scene = replace(scene, stops=plain, rover=replace(scene.rover, max_dark_hours=dark_hours))
    found = campaign(scene)
    assert len(plain) >= 3 and found.proven
    assert found.value == best_of_orders(scene)
    assert found.traverse.dark_hours.max() <= dark_hours


def test_a_limit_of_dark_time_costs_stops() -> None:
    scene = random_scene(9)
    free = campaign(scene)
    found = campaign(replace(scene, rover=replace(scene.rover, max_dark_hours=0.6)))
    assert free.traverse.dark_hours.max() > 1.0 and found.traverse.dark_hours.max() <= 0.6
    assert found.proven and 0.0 < found.value < free.value


def test_a_visit_takes_at_least_one_step() -> None:
    scene = bright_scene([((0, 3), 1.0, 0)])
    assert works_of(campaign(scene), scene) == {"s0": (3.0, 4.0)}


def test_the_choice_is_worth_more_than_the_nearest_stops() -> None:
    # Three steps of 30 lead to s2; with it only s0 or s1 fits, alone both would.
    scene = bright_scene([((0, 1), 2.0, 9), ((1, 0), 3.0, 9), ((4, 4), 9.0, 9)], steps=28)
    found = campaign(scene)
    assert (found.value, set(found.visited)) == (12.0, {"s1", "s2"})
    assert found.skipped == (("s0", "it fits nowhere between s1, s2"),)


def test_reasons_say_why_a_stop_is_left_out() -> None:
    grid = grid_of(5)
    disc = np.full((30, 5, 5), 255, np.uint8)
    disc[:, 4, 4] = disc[:, 4, 3] = 0
    stops = (
        stop_at(grid, (0, 1), "good", 1.0, 2),
        stop_at(grid, (0, 2), "worthless", 0.0, 2),
        stop_at(grid, (4, 4), "sunny", 1.0, 2, needs="lit"),
        stop_at(grid, (4, 4), "hungry", 1.0, 8, power_w=200.0),
        stop_at(grid, (4, 0), "late", 1.0, 2, latest_utc=utc_after(5)),
        stop_at(grid, (4, 0), "over", 1.0, 2, earliest_utc="2029-01-01"),
    )
    open_cells = np.ones(grid.shape, bool)
    scene = Scene(flat_edges(grid, open_cells), small_rover(), held_light(grid, disc), (0, 0), 90.0, stops, disc[0] > 0)
    found = campaign(scene)
    assert found.visited == ("good",) and found.proven
    reasons = dict(found.skipped)
    assert reasons["worthless"] == "it is worth nothing"
    assert reasons["sunny"] == "there are never 0.556 h of sunlight on end in the span"
    assert reasons["hungry"] == "the battery does not last for its work and the way back into light"
    assert reasons["late"] == "even the fastest drive comes too late for it or for the end"
    assert reasons["over"] == "there are never 0.556 h on end in the span from 2029-01-01T00:00:00Z"


def test_a_stop_on_closed_ground_is_named() -> None:
    scene = bright_scene([((0, 1), 1.0, 1), ((3, 3), 1.0, 1)])
    open_cells = np.ones(scene.edges.grid.shape, bool)
    open_cells[3, 3] = False
    with pytest.raises(InputError, match=r"stop s1: no drive enters or leaves its ground \(row 3, column 3\)"):
        campaign(replace(scene, edges=flat_edges(scene.edges.grid, open_cells)))


def test_a_stop_behind_a_wall_is_left_out_and_said_so() -> None:
    grid = grid_of(5)
    open_cells = np.ones(grid.shape, bool)
    open_cells[:, 2] = False
    light = held_light(grid, np.full((20, 5, 5), 255, np.uint8))
    stops = (stop_at(grid, (4, 4), "far", 1.0, 2), stop_at(grid, (4, 0), "near", 1.0, 2))
    ends = np.ones(grid.shape, bool)
    found = campaign(Scene(flat_edges(grid, open_cells), small_rover(), light, (0, 0), 90.0, stops, ends))
    assert found.visited == ("near",)
    assert found.skipped == (("far", "no drivable way leads to it from the start"),)


def test_limits_end_with_a_gap_and_say_so() -> None:
    scene = random_scene(59)
    found = campaign(scene, CampaignSettings(ONE_WORKER, SearchLimits(drives=6)))
    truth = best_value(scene)
    assert found.ended == "drives" and found.drives == 6 and not found.proven
    assert found.value <= truth <= found.bound
    assert found.gap_fraction == pytest.approx((found.bound - found.value) / found.bound)
    assert any("limit of drives" in reason for _, reason in found.skipped)


@pytest.mark.parametrize(
    ("stops", "said"),
    [
        ((), "campaign: no stops"),
        ((Stop(label="a", x_m=0.0, y_m=0.0, value=1.0, dwell_s=60.0),), "stop a: x 0 m, y 0 m lies outside the map"),
        ((stop_at(grid_of(5), (1, 1), "a", 1.0, 1),) * 2, "two stops are called a"),
        ((stop_at(grid_of(5), (1, 1), "a", 1.0, 31),), "stop a: 8.61 h of work in a span of 8.33 h"),
    ],
)
def test_stops_given_wrongly_are_named(stops: tuple[Stop, ...], said: str) -> None:
    with pytest.raises(InputError, match=said):
        campaign(replace(bright_scene([]), stops=stops))


def test_no_drive_at_all_is_an_error() -> None:
    scene = bright_scene([((1, 1), 1.0, 1)])
    nowhere = np.zeros(scene.edges.grid.shape, bool)
    with pytest.raises(NoDrive):
        campaign(replace(scene, end=nowhere))


@pytest.mark.parametrize("seed", [1, 4, 7])
def test_a_campaign_on_one_and_on_two_threads_is_the_same_to_the_last_bit(seed: int) -> None:
    scene = random_scene(seed)
    one, two = (
        json_text(campaign(scene, CampaignSettings(replace(ONE_WORKER, workers=workers)))) for workers in (1, 2)
    )
    assert one == two
    assert "times_tdb_s" in one
