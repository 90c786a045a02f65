"""Steps and drives against closed forms and a slow Dijkstra with one heap entry per edge."""

import heapq
import math

import numpy as np
import pytest

from lupex.kernels.reach import DOWN, QUANTITIES, RIGHT, cheapest_drives, drive_steps

TAN25 = math.tan(math.radians(25.0))
SQRT2 = math.sqrt(2.0)


def steps_of(z, cell_m=10.0, lit=None, limits=(TAN25, TAN25, TAN25), joules=(1.0, 0.0, 0.0), powers=(0.0, 0.0), **kw):
    z = np.asarray(z, np.float64)
    out = np.empty((QUANTITIES, 8, *z.shape), np.float32)
    lit = np.ones(z.shape, bool) if lit is None else lit
    drive_steps(z, lit, cell_m, np.array(limits), kw.get("speed", 1.0), kw.get("slowest", 1.0), np.array(joules),
                np.array(powers), out)  # fmt: skip
    return out


def slow_drives(steps, weights, sums):
    """Backwards Dijkstra, lazily deleting: the reference."""
    _, _, rows, cols = steps.shape
    best, done = {}, {}
    queue = []
    for r, c in np.ndindex(rows, cols):
        if np.isfinite(sums[0, r, c]):
            spent = tuple(sums[:, r, c])
            best[r, c] = (float(weights @ sums[:, r, c]), spent)
            heapq.heappush(queue, (best[r, c][0], (r, c), spent))
    while queue:
        cost, (r, c), spent = heapq.heappop(queue)
        if (r, c) in done:
            continue
        done[r, c] = spent
        for d in range(8):
            i, j = r - DOWN[d], c - RIGHT[d]
            if not (0 <= i < rows and 0 <= j < cols) or (i, j) in done or not np.isfinite(steps[0, d, i, j]):
                continue
            more = steps[:, d, i, j].astype(np.float64)
            total = cost + float(weights @ more)
            if total < best.get((i, j), (np.inf,))[0]:
                after = tuple(np.add(spent, more))
                best[i, j] = (total, after)
                heapq.heappush(queue, (total, (i, j), after))
    out = np.full(sums.shape, np.inf)
    for (r, c), spent in done.items():
        out[:, r, c] = spent
    return out


def test_level_ground_costs_its_octile_distance():
    steps = steps_of(np.zeros((7, 9)))
    sums = np.full((QUANTITIES, 7, 9), np.inf)
    sums[:, 2, 3] = 0.0
    goal = np.empty((7, 9), np.int32)
    cheapest_drives(steps, np.array([1.0, 0.0, 0.0, 0.0]), sums, goal)
    r, c = np.mgrid[0:7, 0:9]
    high, low = np.maximum(abs(r - 2), abs(c - 3)), np.minimum(abs(r - 2), abs(c - 3))
    assert sums[0] == pytest.approx(10.0 * (high + (SQRT2 - 1.0) * low), rel=1e-6)
    assert (goal == 2 * 9 + 3).all()


def test_the_published_law_prices_a_350_kg_rover_on_the_level_and_up_ten_degrees():
    joules = 350.0 * np.array([0.216, 0.02628, 0.007884])
    level = steps_of(np.zeros((3, 3)), joules=joules)
    assert level[1, 2, 1, 1] / level[0, 2, 1, 1] == pytest.approx(75.6, abs=0.1)
    ramp = math.tan(math.radians(10.0)) * 10.0 * np.arange(4.0)[None, :] + np.zeros((3, 1))
    up = steps_of(ramp, joules=joules)
    assert up[1, 2, 1, 1] / up[0, 2, 1, 1] == pytest.approx(167.6, abs=0.1)
    assert up[0, 2, 1, 1] == pytest.approx(10.0 / math.cos(math.radians(10.0)), rel=1e-6)
    assert up[1, 6, 1, 1] / up[0, 6, 1, 1] == pytest.approx(350.0 * (0.216 + 0.07884), rel=1e-5)


def test_slope_limits_hold_up_down_and_across_each_on_its_own():
    ramp = math.tan(math.radians(15.0)) * 10.0 * np.arange(5.0)[None, :] + np.zeros((5, 1))
    wide = math.tan(math.radians(30.0))
    narrow = math.tan(math.radians(14.0))
    up, down, across = ((narrow, wide, wide), (wide, narrow, wide), (wide, wide, narrow))
    right, left, vertical = (2, 6, 0)
    for limits, blocked in ((up, right), (down, left), (across, vertical)):
        steps = steps_of(ramp, limits=limits)[0, :, 2, 2]
        assert np.isinf(steps[blocked])
        assert all(np.isfinite(steps[other]) for other in {right, left, vertical} - {blocked})


def test_a_cliff_of_50_m_between_1_m_cells_is_not_a_step():
    z = np.zeros((5, 6))
    z[:, 3:] = 50.0
    steps = steps_of(z, cell_m=1.0, limits=(math.tan(math.radians(20.0)),) * 3)
    assert np.isinf(steps[0, [1, 2, 3], :, 2]).all() and np.isinf(steps[0, [5, 6, 7], :, 3]).all()


@pytest.mark.parametrize("height_m", [50.0, np.nan])
def test_a_wall_one_cell_wide_stops_every_drive(height_m):
    z = np.zeros((9, 9))
    z[:, 4] = height_m
    sums = np.full((QUANTITIES, 9, 9), np.inf)
    sums[:, 4, 0] = 0.0
    cheapest_drives(steps_of(z, cell_m=10.0), np.array([1.0, 0, 0, 0]), sums, np.empty((9, 9), np.int32))
    assert np.isfinite(sums[0, :, :3]).all() and np.isinf(sums[0, :, 4:]).all()


def test_a_low_ridge_is_crossed_at_the_price_of_its_height():
    z = np.zeros((5, 9))
    z[:, 4] = 2.0
    sums = np.full((QUANTITIES, 5, 9), np.inf)
    sums[:, 2, 0] = 0.0
    cheapest_drives(steps_of(z), np.array([1.0, 0, 0, 0]), sums, np.empty((5, 9), np.int32))
    assert sums[0, 2, 8] == pytest.approx(60.0 + 2.0 * math.hypot(10.0, 2.0), rel=1e-6)


def test_a_diagonal_does_not_slip_between_two_walls_that_touch_at_a_corner():
    z = np.zeros((4, 4))
    z[1, 2] = z[2, 1] = 50.0
    assert np.isinf(steps_of(z)[0, 3, 1, 1])
    z[1, 2] = z[2, 1] = np.nan
    assert np.isinf(steps_of(z)[0, 3, 1, 1])


def test_time_and_battery_count_only_what_the_light_does_not_give():
    lit = np.zeros((3, 4), bool)
    lit[:, :2] = True
    steps = steps_of(np.zeros((3, 4)), lit=lit, joules=(2.0, 0, 0), powers=(5.0, 4.0), speed=0.5)
    # 10 m in 20 s: 20 J to drive, 100 J hotel, 80 J from the array in light.
    assert steps[1:, 2, 1, 0] == pytest.approx([120.0, 40.0, 0.0])
    assert steps[1:, 2, 1, 1] == pytest.approx([120.0, 80.0, 10.0])
    assert steps[1:, 2, 1, 2] == pytest.approx([120.0, 120.0, 20.0])


def test_speed_falls_linearly_with_slope_to_its_slowest_at_the_limit():
    for slope_deg, share in ((0.0, 1.0), (12.5, 0.7), (24.999, 0.4)):
        ramp = math.tan(math.radians(slope_deg)) * 10.0 * np.arange(4.0)[None, :] + np.zeros((3, 1))
        steps = steps_of(ramp, lit=np.zeros((3, 4), bool), slowest=0.4)
        assert steps[0, 2, 1, 1] / steps[3, 2, 1, 1] == pytest.approx(share, abs=1e-4)


def test_drives_over_rough_ground_are_those_of_the_slow_search_for_every_cost():
    rng = np.random.default_rng(7)
    z = rng.normal(0.0, 2.0, (14, 17))
    z[rng.random(z.shape) < 0.1] = np.nan
    lit = rng.random(z.shape) < 0.5
    steps = steps_of(z, lit=lit, joules=(75.6, 9.2, 2.8), powers=(95.0, 60.0), speed=0.1, slowest=0.5)
    for weights in np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0.1, 0, 1, 0], [0.1, 0.01, 0, 1.0]], np.float64):
        start = np.full((QUANTITIES, *z.shape), np.inf)
        start[:, 3, 3], start[:, 10, 12] = [0.0, 0.0, 0.0, 0.0], [5.0, 500.0, 40.0, 30.0]
        sums = start.copy()
        goal = np.empty(z.shape, np.int32)
        cheapest_drives(steps, weights, sums, goal)
        reference = slow_drives(steps, weights, start)
        assert np.array_equal(np.isinf(sums), np.isinf(reference))
        found = np.isfinite(sums[0])
        costs = [np.tensordot(weights, s[:, found], axes=1) for s in (sums, reference)]
        assert costs[0] == pytest.approx(costs[1], rel=1e-12)
        assert set(np.unique(goal)) <= {-1, 3 * 17 + 3, 10 * 17 + 12}
        assert ((goal >= 0) == found).all()
