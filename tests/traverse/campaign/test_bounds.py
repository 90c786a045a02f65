"""Kindest legs, light and charge of stops, by hand on a strip of level ground."""

from dataclasses import replace

import numpy as np
import pytest
from tests.traverse.campaign_scenes import CELL_M, STEP_S, flat_edges, grid_of, held_light, small_rover

from lupex.model import Grid
from lupex.traverse.campaign.bounds import MOST_WINDOWS, Work, best_light, choice_of

HOURS = STEP_S / 3600.0
STRIP = Grid("south", 1, 6, CELL_M, 10_000.0, 20_000.0)


def strip_choice(disc_of_cell: list[int], work: list[Work], start_wh: float = 90.0, **rover: object):  # noqa: ANN201
    """Six cells in a row, 40 steps, light that does not change, the start at the left end and any end."""
    disc = np.tile(np.array(disc_of_cell, np.uint8), (40, 1, 1))
    edges = flat_edges(STRIP, np.ones(STRIP.shape, bool))
    light = held_light(STRIP, disc)
    ends = np.ones(STRIP.shape, bool)
    return choice_of(edges, small_rover(**rover), light, (0, 40), ((0, 0), start_wh), work, ends)


def work_at(col: int, **more: object) -> Work:
    facts: dict[str, object] = {
        "cell": (0, col), "steps": 2, "power_w": 50.0, "first": 0, "last": 40, "needs": "any", "value": 1.0,
    }  # fmt: skip
    return Work(**(facts | more))  # type: ignore[arg-type]


def test_legs_are_whole_steps_of_every_drive() -> None:
    choice, _ = strip_choice([255] * 6, [work_at(2), work_at(5)])
    assert choice.from_start.tolist() == [2.0, 5.0]
    assert choice.between.tolist() == [[0.0, 3.0], [3.0, 0.0]]
    assert choice.to_end.tolist() == [0.0, 0.0]
    half = replace(flat_edges(grid_of(3), np.ones((3, 3), bool), speed_m_s=0.04))
    light = held_light(grid_of(3), np.full((9, 3, 3), 255, np.uint8))
    ends = np.zeros((3, 3), bool)
    ends[0, 0] = True
    slow, _ = choice_of(half, small_rover(), light, (0, 9), ((0, 0), 50.0), [replace(work_at(0), cell=(2, 2))], ends)
    # 100 m take 2500 s: 3 steps; a diagonal 3536 s: 4 steps. Two diagonals are the fastest.
    assert slow.from_start.tolist() == slow.to_end.tolist() == [8.0]


def test_a_leg_in_the_dark_costs_what_idling_in_the_best_sunshine_would_have_gained() -> None:
    choice, _ = strip_choice([255, 255, 0, 0, 0, 0], [work_at(1), work_at(3)])
    charge = choice.charge
    assert charge.idle_per_step == pytest.approx(70.0 * HOURS)
    # In full light: 100 W less 30 W hotel less 20 W of driving; at the edge half of the 100 W; then nothing.
    assert charge.from_start[0] == pytest.approx((70.0 - 50.0) * HOURS)
    assert charge.from_start[1] == pytest.approx((20.0 + 70.0 + 120.0) * HOURS)
    # The edge's drive breaks even, the next one draws 50 W on a battery that is 100 Wh at best.
    assert charge.arrival_most.tolist() == pytest.approx([100.0, 100.0 - 50.0 * HOURS])
    assert charge.departure_least.tolist() == pytest.approx([10.0, 10.0])
    assert charge.work.tolist() == pytest.approx([2.0 * 50.0 * HOURS, -2.0 * 50.0 * HOURS])


def test_an_end_in_light_needs_the_way_to_it() -> None:
    disc = np.tile(np.array([255, 0, 0, 0, 0, 0], np.uint8), (40, 1, 1))
    ends = np.zeros(STRIP.shape, bool)
    ends[0, 0] = True
    edges = flat_edges(STRIP, np.ones(STRIP.shape, bool))
    choice, _ = choice_of(edges, small_rover(), held_light(STRIP, disc), (0, 40), ((0, 0), 90.0), [work_at(3)], ends)
    assert choice.charge.departure_least[0] == pytest.approx(10.0 + (50.0 + 50.0 + 0.0) * HOURS)
    assert choice.to_end.tolist() == [3.0]


def test_work_begins_only_where_its_window_and_its_light_leave_room_for_all_of_it() -> None:
    disc = np.zeros((40, 1, 6), np.uint8)
    disc[5:8, 0, 2] = 9
    disc[20:21, 0, 2] = 9
    edges = flat_edges(STRIP, np.ones(STRIP.shape, bool))
    stops = [work_at(2, needs="lit"), work_at(2, needs="dark", first=3, last=12), work_at(2, first=30, last=33)]
    args = (edges, small_rover(), held_light(STRIP, disc))
    choice, begins = choice_of(*args, (0, 40), ((0, 0), 90.0), stops, np.ones((1, 6), bool))
    assert choice.windows == (((5, 6),), ((3, 3), (8, 10)), ((30, 31),))
    assert np.flatnonzero(begins[:, 1]).tolist() == [3, 8, 9, 10]
    later, begins = choice_of(*args, (4, 35), ((0, 0), 90.0), stops, np.ones((1, 6), bool))
    assert later.windows == (((1, 2),), ((4, 6),), ((26, 27),)) and later.steps == 31
    assert np.flatnonzero(begins[:, 1]).tolist() == [8, 9, 10]


def test_too_many_windows_are_taken_together_where_they_are_closest() -> None:
    disc = np.zeros((40, 1, 6), np.uint8)
    disc[1::2, 0, 2] = 9
    disc[21:24, 0, 2] = 0
    edges = flat_edges(STRIP, np.ones(STRIP.shape, bool))
    stops = [work_at(2, needs="lit", steps=1)]
    choice, begins = choice_of(
        edges, small_rover(), held_light(STRIP, disc), (0, 40), ((0, 0), 90.0), stops, np.ones((1, 6), bool)
    )
    (windows,) = choice.windows
    assert len(windows) == MOST_WINDOWS
    inside = np.zeros(40, bool)
    for first, last in windows:
        inside[first : last + 1] = True
    assert not np.any(begins[:, 0] & ~inside)
    assert not inside[20:24].any() or 19 in windows[-1]


def test_the_best_light_of_a_cell_is_its_brightest_step() -> None:
    grid = grid_of(2)
    disc = np.zeros((6, 2, 2), np.uint8)
    disc[2, 0, 0], disc[4, 0, 0], disc[5, 1, 1] = 100, 51, 255
    earth = np.zeros_like(disc)
    earth[3, 0, 1] = 1
    best, seen = best_light(held_light(grid, disc, earth), np.array([10.0, 10.0, 10.0, 50.0]), 2)
    assert best[0, 0] == pytest.approx(10.0 * 100.0 / 255.0)
    assert best[1, 1] == pytest.approx(50.0) and best[0, 1] == 0.0
    assert seen.tolist() == [[False, True], [False, False]]


def test_cells_that_never_see_the_earth_are_not_driven_over_when_that_is_needed() -> None:
    disc = np.full((40, 1, 6), 255, np.uint8)
    earth = np.ones_like(disc)
    earth[:, 0, 3] = 0
    edges = flat_edges(STRIP, np.ones(STRIP.shape, bool))
    args = (held_light(STRIP, disc, earth), (0, 40), ((0, 0), 90.0), [work_at(2), work_at(5)], np.ones((1, 6), bool))
    assert choice_of(edges, small_rover(comm_to_drive=True), *args)[0].from_start.tolist() == [2.0, np.inf]
    assert choice_of(edges, small_rover(), *args)[0].from_start.tolist() == [2.0, 5.0]
