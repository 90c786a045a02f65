"""Searches and their queue against slow ones, also where costs span many powers of ten."""

import heapq
import math

import numpy as np
import pytest

from lupex.kernels.drive.bucket_queue import pop, push, ring
from lupex.kernels.drive.route import (
    DOWN,
    NONE,
    RIGHT,
    START,
    STEP,
    least_steps,
    raster_route,
    spent_along,
    step_bound,
    step_search,
    way,
)

ANYWHERE = np.array([0, -1, 0, -1])


def slow_search(costs, start, backward=False):
    """Dijkstra with one heap entry per improvement."""
    _, rows, cols = costs.shape
    best = np.full((rows, cols), math.inf)
    best[start] = 0.0
    queue = [(0.0, start)]
    while queue:
        spent, (r, c) = heapq.heappop(queue)
        if spent > best[r, c]:
            continue
        for d in range(costs.shape[0]):
            i, j = (r - DOWN[d], c - RIGHT[d]) if backward else (r + DOWN[d], c + RIGHT[d])
            if not (0 <= i < rows and 0 <= j < cols):
                continue
            total = spent + (costs[d, i, j] if backward else costs[d, r, c])
            if total < best[i, j]:
                best[i, j] = total
                heapq.heappush(queue, (total, (int(i), int(j))))
    return best


def searched(costs, start, goal=None, backward=False):
    _, rows, cols = costs.shape
    spent, came = np.full(rows * cols, np.inf), np.empty(rows * cols, np.uint8)
    spent[start[0] * cols + start[1]] = 0.0
    goals, box = np.zeros(rows * cols, np.uint8), ANYWHERE
    if goal is not None:
        goals[goal[0] * cols + goal[1]] = 1
        box = np.array([goal[0], goal[0], goal[1], goal[1]])
    return step_search(costs, spent, came, goals, box, backward), spent.reshape(rows, cols), came


COSTS = {
    "even": lambda rng, size: rng.uniform(1.0, 2.0, size),
    "nearly flat": lambda rng, size: 1.0 + 1e-3 * rng.random(size),
    "whole": lambda rng, size: rng.integers(0, 4, size).astype(float),
    "wide": lambda rng, size: 10.0 ** rng.uniform(-9.0, 9.0, size),
    "huge": lambda rng, size: 10.0 ** rng.uniform(200.0, 280.0, size),
    "free": lambda rng, size: np.zeros(size),
}


@pytest.mark.parametrize("kind", COSTS)
@pytest.mark.parametrize("backward", [False, True])
def test_searches_agree_with_a_slow_one_whatever_the_spread_of_costs(kind, backward):
    rng = np.random.default_rng(4)
    for directions in (8, 16):
        for _ in range(6):
            shape = (int(rng.integers(3, 30)), int(rng.integers(3, 30)))
            costs = COSTS[kind](rng, (directions, *shape))
            costs[rng.random(costs.shape) < 0.3] = np.inf
            start, goal = (0, 1), (shape[0] - 1, shape[1] - 2)
            slow = slow_search(costs, start, backward)
            _, spent, came = searched(costs, start, None, backward)
            assert np.allclose(spent, slow, rtol=1e-12, atol=0.0)
            assert np.array_equal((came & STEP).reshape(shape) == NONE, np.isinf(slow))
            assert came[1] & STEP == START
            reached, spent, came = searched(costs, start, goal, backward)
            if math.isinf(slow[goal]):
                assert reached == -1
                continue
            assert reached == goal[0] * shape[1] + goal[1]
            assert spent[goal] == pytest.approx(slow[goal], rel=1e-12)
            cells = way(came, shape[1], reached, backward)
            assert (cells[-1] if backward else cells[0]) == 1
            assert (cells[0] if backward else cells[-1]) == reached


@pytest.mark.parametrize("spread", [0.0, 3.0, 1e3, 1e9])
@pytest.mark.parametrize("to_goal", [False, True])
def test_several_starts_each_with_its_own_beginning(spread, to_goal):
    rng = np.random.default_rng(5)
    for _ in range(10):
        costs = rng.uniform(1.0, 2.0, (8, 22, 26))
        costs[rng.random(costs.shape) < 0.3] = np.inf
        begins = np.full(22 * 26, np.inf)
        begins[rng.integers(0, 22 * 26, 6)] = 7.0 + spread * rng.random(6)
        slow = np.min(
            [begins[k] + slow_search(costs, divmod(int(k), 26)) for k in np.flatnonzero(np.isfinite(begins))], axis=0
        )
        spent, came, goal, box = begins.copy(), np.empty(22 * 26, np.uint8), np.zeros(22 * 26, np.uint8), ANYWHERE
        if to_goal:
            goal[[400, 30]] = 1
            box = np.array([1, 15, 4, 10])
        reached = step_search(costs, spent, came, goal, box, False)
        if not to_goal:
            assert np.allclose(spent.reshape(22, 26), slow, rtol=1e-12)
        elif reached >= 0:
            assert spent[reached] == pytest.approx(slow.ravel()[[400, 30]].min(), rel=1e-12)


def test_another_cost_is_summed_along_the_ways_found():
    rng = np.random.default_rng(1)
    costs, other = rng.uniform(1.0, 2.0, (2, 8, 12, 14))
    costs[rng.random(costs.shape) < 0.4] = np.inf
    for backward in (False, True):
        _, spent, came = searched(costs, (5, 5), None, backward)
        assert np.allclose(spent_along(came, costs, backward).reshape(12, 14), spent)
        sums = spent_along(came, other, backward).reshape(12, 14)
        assert np.array_equal(np.isinf(sums), np.isinf(spent)) and sums[5, 5] == 0.0


def test_the_lower_bound_is_a_norm_no_step_undercuts():
    rng = np.random.default_rng(6)
    for _ in range(200):
        costs = rng.uniform(0.1, 5.0, (16, 4, 4)) * np.repeat(rng.uniform(0.5, 6.0, 3), [4, 4, 8])[:, None, None]
        least, lowest, highest = least_steps(costs)
        assert (lowest, highest) == (costs.min(), costs.max())
        for d in range(16):
            assert step_bound(abs(DOWN[d]), abs(RIGHT[d]), least) <= costs[d].min() * (1 + 1e-12)
        (a, b), (p, q) = rng.integers(-9, 10, (2, 2))
        whole, one, two = (step_bound(abs(x), abs(y), least) for x, y in ((a + p, b + q), (a, b), (p, q)))
        assert whole <= (one + two) * (1 + 1e-12)


def test_on_level_ground_the_bound_is_the_distance():
    costs = np.repeat([1.0, math.sqrt(2.0), math.sqrt(5.0)], [4, 4, 8])[:, None, None] * np.ones((16, 9, 12))
    costs[:8] = costs[[0, 4, 1, 5, 2, 6, 3, 7]]
    least, _, _ = least_steps(costs)
    assert step_bound(7, 3, least) == pytest.approx(3 * math.sqrt(5.0) + 1)
    assert slow_search(costs, (0, 0))[7, 3] == pytest.approx(3 * math.sqrt(5.0) + 1)


@pytest.mark.parametrize("spread", [0.0, 0.3, 1.0, 9.0])
@pytest.mark.parametrize("cut", [False, True])
def test_a_raster_gives_the_least_cost(spread, cut):
    rng = np.random.default_rng(2)
    for _ in range(15):
        cost = 10.0 ** rng.uniform(-spread, spread, (18, 23))
        cost[rng.random(cost.shape) < 0.2] = np.nan
        cost[0, 0] = cost[17, 22] = 1.0
        steps = np.full((8, 18, 23), np.inf)
        for d, r, c in np.ndindex(steps.shape):
            i, j = r + DOWN[d], c + RIGHT[d]
            if 0 <= i < 18 and 0 <= j < 23 and (cut or not d % 2 or np.isfinite(cost[r, j] + cost[i, c])):
                mean = 0.5 * (cost[r, c] + cost[i, j])
                if np.isfinite(mean):
                    steps[d, r, c] = mean * math.hypot(3.0 * DOWN[d], 2.0 * RIGHT[d])
        least = slow_search(steps, (0, 0))[17, 22]
        total, cells, _ = raster_route(cost, 2.0, 3.0, 0, 17 * 23 + 22, cut)
        if spread == 9.0:
            assert math.isnan(total)  # too wide for buckets, and said so
            continue
        if math.isinf(least):
            assert math.isinf(total) and cells.size == 0
            continue
        assert total == pytest.approx(least, rel=1e-12)
        rows, cols = np.divmod(cells, 23)
        lengths = np.hypot(3.0 * np.diff(rows), 2.0 * np.diff(cols))
        flat = cost.ravel()[cells]
        assert float((lengths * 0.5 * (flat[1:] + flat[:-1])).sum()) == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize("spread", [0.0, 1.0, 300.0])
def test_the_queue_gives_back_cells_in_the_order_of_their_buckets(spread):
    rng = np.random.default_rng(3)
    per_key, count = 2.0, 20_000
    head, after, item = ring(spread, per_key), np.empty(count, np.int32), np.empty(count, np.int32)
    state = (0, 0, -1, 0)
    keys, waiting, last = {}, set(), 0.0
    for cell in range(count):
        keys[cell] = last + spread * rng.random()
        waiting.add(cell)
        state = push(state, head, after, item, keys[cell], per_key, cell)
        while len(waiting) > 500 or (waiting and rng.random() < 0.5):
            out, state = pop(state, head, after, item)
            waiting.remove(out)
            assert keys[out] >= last - 1.0 / per_key
            last = max(last, keys[out])
        assert state[1] == len(waiting)
    assert state[3] < 600  # places are used again


def test_too_many_buckets_are_refused():
    assert ring(1e9, 1.0).size == 0 and ring(math.inf, 1.0).size == 0 and ring(math.nan, 1.0).size == 0
    assert ring(100.0, 1.0).size == 128 and np.all(ring(100.0, 1.0) == -1)
