"""What steps spend and the cheapest drives, against closed forms and a slow Dijkstra with one heap entry per edge."""

import heapq
import math

import numpy as np
import pytest

from lupex.kernels.drive.edges import DOWN, RIGHT, drive_edges
from lupex.kernels.drive.reach import QUANTITIES, cheapest_drives, spend

TAN25 = math.tan(math.radians(25.0))
SQRT2 = math.sqrt(2.0)


def edges_of(z, cell_m=10.0, joules=(1.0, 0.0, 0.0), overhead_w=0.0, speed=1.0, slowest=1.0):
    """Length, energy, time and slope of every step to 8 neighbours, 25 degrees at most, by Carr's law."""
    z = np.asarray(z, np.float32)
    out, by = np.empty((4, 8, *z.shape), np.float32), np.empty((8, *z.shape), np.uint8)
    x_m, y_m = cell_m * np.arange(z.shape[1]), cell_m * np.arange(z.shape[0])
    law = np.array([0.0, *joules, 567.0, 0.133, overhead_w, speed, slowest, 25.0, 25.0, 0.0])
    drive_edges(z, z, x_m, y_m, cell_m, np.array([TAN25, TAN25, TAN25, np.inf]), law, 0, z.shape[0], out, by)
    return out


def steps_of(z, lit=None, powers=(0.0, 0.0), **kw):
    out = edges_of(z, **kw)
    spend(out, np.ones(out.shape[2:], bool) if lit is None else lit, *powers)
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


@pytest.mark.parametrize("height_m", [50.0, np.nan])
def test_a_wall_one_cell_wide_stops_every_drive(height_m):
    z = np.zeros((9, 9))
    z[:, 4] = height_m
    sums = np.full((QUANTITIES, 9, 9), np.inf)
    sums[:, 4, 0] = 0.0
    cheapest_drives(steps_of(z, cell_m=10.0), np.array([1.0, 0, 0, 0]), sums, np.empty((9, 9), np.int32))
    assert np.isfinite(sums[0, :, :3]).all() and np.isinf(sums[0, :, 4:]).all()


def test_time_and_battery_count_only_what_the_light_does_not_give():
    lit = np.zeros((3, 4), bool)
    lit[:, :2] = True
    steps = steps_of(np.zeros((3, 4)), lit=lit, joules=(2.0, 0, 0), powers=(5.0, 4.0), speed=0.5, overhead_w=1.0)
    # 10 m in 20 s: 20 J to drive, 20 J on top, 100 J hotel, 80 J from the array in light.
    assert steps[1:, 2, 1, 0] == pytest.approx([140.0, 60.0, 0.0])
    assert steps[1:, 2, 1, 1] == pytest.approx([140.0, 100.0, 10.0])
    assert steps[1:, 2, 1, 2] == pytest.approx([140.0, 140.0, 20.0])


def test_what_steps_spend_on_rough_ground_follows_from_length_energy_and_time():
    rng = np.random.default_rng(3)
    z = rng.normal(0.0, 2.0, (9, 11))
    z[rng.random(z.shape) < 0.1] = np.nan
    lit = rng.random(z.shape) < 0.5
    edges = edges_of(z, joules=(75.6, 9.2, 2.8), overhead_w=30.0, speed=0.1, slowest=0.5)
    steps = steps_of(z, lit, (95.0, 160.0), joules=(75.6, 9.2, 2.8), overhead_w=30.0, speed=0.1, slowest=0.5)
    free = np.isfinite(edges[0])
    assert 0.1 < free.mean() < 0.8 and np.isinf(steps[:, ~free]).all()
    for d, r, c in np.argwhere(free):
        length, energy, time = edges[:3, d, r, c].astype(float)
        share = 0.5 * lit[r, c] + 0.5 * lit[r + DOWN[d], c + RIGHT[d]]
        drawn = energy + 95.0 * time
        expected = [length, drawn, drawn - share * min(drawn, 160.0 * time), (1.0 - share) * time]
        assert steps[:, d, r, c] == pytest.approx(expected, rel=1e-6, abs=1e-4)


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
