"""Routes against brute force over all simple ways, the counter-example to one label per cell, and bad input."""

import heapq
import math

import numpy as np
import pytest
from tests.traverse.grids import cell_edges, edges_of, random_edges, simple_ways, slow_spent

from lupex.base.errors import GridError, InputError, NoRouteError
from lupex.traverse import cost_edges, plan_on_cost, route
from lupex.traverse.steps.edges import DOWN, RIGHT


def driven(edges, found):
    """(time, energy, length) summed step by step along a route."""
    number = {(int(DOWN[d]), int(RIGHT[d])): d for d in range(16)}
    sums = np.zeros(3)
    for k in range(len(found) - 1):
        r, c = int(found.rows[k]), int(found.cols[k])
        d = number[int(found.rows[k + 1]) - r, int(found.cols[k + 1]) - c]
        sums += [edges.time_s[d, r, c], edges.energy_j[d, r, c], edges.length_m[d, r, c]]
    return sums


@pytest.mark.parametrize("directions", [8, 16])
def test_the_cheapest_drive_of_random_grids(directions):
    rng = np.random.default_rng(directions)
    for _ in range(60):
        edges = random_edges(rng, (int(rng.integers(2, 9)), int(rng.integers(2, 9))), directions, 0.4)
        start = (0, 0)
        goal = (edges.grid.rows - 1, edges.grid.cols - 1)
        for k, cost in enumerate(("time", "energy", "length")):
            least = slow_spent({"time": edges.time_s, "energy": edges.energy_j, "length": edges.length_m}[cost], start)
            if math.isinf(least[goal]):
                with pytest.raises(NoRouteError):
                    route(edges, start, goal, cost)
                continue
            found = route(edges, start, goal, cost)
            assert found.cost == pytest.approx(least[goal], rel=1e-6) and found.exact
            assert driven(edges, found) == pytest.approx([found.time_s, found.energy_j, found.length_m], rel=1e-6)
            assert found.cost == (found.time_s, found.energy_j, found.length_m)[k]


def test_the_nearest_of_several_goals_is_chosen():
    rng = np.random.default_rng(5)
    for _ in range(20):
        edges = random_edges(rng, (9, 9), 8, 0.2)
        goals = rng.random((9, 9)) < 0.08
        goals[8, 8] = True
        goals[0, 0] = False
        least = slow_spent(edges.time_s, (0, 0))[goals].min()
        found = route(edges, (0, 0), goals, "time")
        assert found.cost == pytest.approx(least, rel=1e-6)
        assert goals[found.rows[-1], found.cols[-1]]


def one_label_with_reserve(edges, start, goal, limit):
    """A* as one label per cell has it: the cheapest way to a cell is all it keeps."""
    best, spent = {start: 0.0}, {start: 0.0}
    queue = [(0.0, start)]
    while queue:
        cost, cell = heapq.heappop(queue)
        if cell == goal:
            return spent[cell]
        for d in range(8):
            step = (d, *cell)
            if not np.isfinite(edges.time_s[step]):
                continue
            other = (int(cell[0] + DOWN[d]), int(cell[1] + RIGHT[d]))
            energy = spent[cell] + float(edges.energy_j[step])
            total = cost + float(edges.time_s[step])
            if energy <= limit and total < best.get(other, math.inf):
                best[other], spent[other] = total, energy
                heapq.heappush(queue, (total, other))
    return None


def the_3x6_reserve_case():
    """Two ways to the neck at (1, 3): quick and hungry through the top, slow and thrifty through the bottom."""
    cost = np.ones((3, 6))
    cost[2, 1:3] = 3.0
    energy = np.ones((3, 6))
    energy[0, 1:3] = 3.5
    walls = {(1, 1), (1, 2), (0, 4), (2, 4), (0, 5), (2, 5)}
    energy[0, 0] = energy[2, 0] = energy[0, 3] = energy[2, 3] = energy[1, 3] = 0.75
    energy[2, 1:3] = 1.0
    energy[1, 4], energy[1, 5] = 0.75, 1.0
    return cell_edges(cost, energy, walls)


def test_the_thrifty_route_is_found_where_one_label_per_cell_finds_none():
    edges = the_3x6_reserve_case()
    start, goal, limit_j = (1, 0), (1, 5), 10.0
    assert one_label_with_reserve(edges, start, goal, limit_j) is None
    found = route(edges, start, goal, "time", limit_j / 3600.0)
    assert found.energy_j == pytest.approx(6.0, abs=1e-6) and found.energy_j <= limit_j
    assert list(zip(found.rows, found.cols, strict=True))[1:4] == [(2, 0), (2, 1), (2, 2)]
    free = route(edges, start, goal, "time")
    assert free.energy_j == pytest.approx(11.0) and free.cost < found.cost


@pytest.mark.parametrize("whole", [None, 4])
def test_a_limit_on_energy_gives_the_cheapest_of_all_simple_ways_within_it(whole):
    rng = np.random.default_rng(11)
    limited = 0
    for _ in range(60):
        edges = random_edges(rng, (3, 3) if rng.random() < 0.5 else (2, 5), 8, 0.3, whole)
        start, goal = (0, 0), (edges.grid.rows - 1, edges.grid.cols - 1)
        ways = simple_ways(edges, start, goal)
        if not ways:
            continue
        for limit in np.quantile([w[1] for w in ways], [0.0, 0.02, 0.1, 0.3]):
            inside = [w[0] for w in ways if w[1] <= limit * (1 + 1e-9)]
            found = route(edges, start, goal, "time", limit * (1 + 1e-9) / 3600.0)
            assert found.cost == pytest.approx(min(inside), rel=1e-6)
            assert found.energy_j <= limit * (1 + 1e-8)
            limited += found.cost > min(w[0] for w in ways) + 1e-6
        with pytest.raises(NoRouteError, match="at least"):
            route(edges, start, goal, "time", min(w[1] for w in ways) * 0.999 / 3600.0)
    assert limited > 20  # in so many cases the limit changed the route


def test_a_limit_that_cuts_deep_into_a_larger_grid_keeps_to_it():
    edges = random_edges(np.random.default_rng(2), (60, 60), 8, 0.1)
    start, goal = (0, 0), (59, 59)
    quick, thrifty = route(edges, start, goal, "time"), route(edges, start, goal, "energy")
    last = math.inf
    for share in (0.0, 0.1, 0.4, 0.8):
        limit = thrifty.energy_j + share * (quick.energy_j - thrifty.energy_j)
        found = route(edges, start, goal, "time", limit / 3600.0)
        assert found.energy_j <= limit * (1 + 1e-9)
        assert quick.cost <= found.cost <= min(last, thrifty.time_s) + 1e-9
        last = found.cost


def test_a_cost_of_ones_counts_steps_and_zero_costs_are_allowed():
    edges = edges_of(np.ones((8, 5, 9)), 1.0)
    assert route(edges, (0, 0), (4, 8), np.ones((8, 5, 9))).cost == 8.0
    free = np.ones((8, 5, 9))
    free[2] = 0.0  # to the right for nothing
    assert route(edges, (2, 0), (2, 8), free).cost == 0.0


def test_the_start_among_the_goals_is_a_route_of_one_cell():
    edges = edges_of(np.ones((8, 3, 3)), 1.0)
    found = route(edges, (1, 1), (1, 1))
    assert (len(found), found.cost, found.length_m, found.energy_j) == (1, 0.0, 0.0, 0.0)


def test_a_plain_raster_gives_the_octile_distance_and_cuts_no_corner():
    flat = np.ones((6, 9))
    found = plan_on_cost(flat, 10.0, (0, 0), (5, 8))
    assert found.cost == pytest.approx(10.0 * (5 * math.sqrt(2.0) + 3), rel=1e-12)
    assert found.length_m == pytest.approx(found.cost) and math.isnan(found.energy_j)
    corner = np.array([[1.0, np.nan], [1.0, 1.0]])
    assert plan_on_cost(corner, 1.0, (0, 0), (1, 1)).cost == 2.0
    assert plan_on_cost(corner, 1.0, (0, 0), (1, 1), cut_corners=True).cost == pytest.approx(math.sqrt(2.0))
    with pytest.raises(NoRouteError, match="1 cells can be reached from the start and 1 from the goal"):
        plan_on_cost(np.array([[1.0, np.nan], [np.nan, 1.0]]), 1.0, (0, 0), (1, 1))


def test_a_raster_with_oblong_cells_measures_both_sides():
    found = plan_on_cost(np.full((4, 4), 2.0), 3.0, (0, 0), (3, 3), cell_y_m=4.0)
    assert found.cost == pytest.approx(2.0 * 15.0)
    assert plan_on_cost(np.full((4, 4), 2.0), 3.0, (0, 0), (3, 0), cell_y_m=4.0).cost == pytest.approx(24.0)


@pytest.mark.parametrize("cut", [False, True])
def test_a_raster_and_its_steps_agree(cut):
    rng = np.random.default_rng(9)
    for k in range(45):
        cost = (
            rng.uniform(0.5, 4.0, (12, 15)),
            rng.integers(0, 3, (12, 15)) * 1.0,
            10 ** rng.uniform(-6, 6, (12, 15)),
        )[k % 3]
        cost[rng.random(cost.shape) < 0.25] = np.nan
        cost[0, 0] = cost[11, 14] = 1.0
        least = slow_spent(cost_edges(cost, 5.0, cut).cost, (0, 0))[11, 14]
        if math.isinf(least):
            with pytest.raises(NoRouteError):
                plan_on_cost(cost, 5.0, (0, 0), (11, 14), cut_corners=cut)
        else:
            assert plan_on_cost(cost, 5.0, (0, 0), (11, 14), cut_corners=cut).cost == pytest.approx(least, rel=1e-12)


def test_no_drive_says_how_far_one_gets_and_what_ends_it():
    length = np.ones((8, 4, 6))
    edges = edges_of(length, 1.0)
    wall = length.copy()
    wall[1:4, :, 2] = np.inf
    with pytest.raises(NoRouteError, match=r"12 cells can be reached from the start, the goal from 12.*blocked"):
        route(edges_of(wall, 1.0), (0, 0), (0, 5))
    alone = length.copy()
    alone[:, 0, 0] = np.inf
    with pytest.raises(NoRouteError, match="no step leaves the start"):
        route(edges_of(alone, 1.0), (0, 0), (3, 5))
    with pytest.raises(NoRouteError, match="at least 0.001389 Wh, the limit is 0.001 Wh"):
        route(edges, (0, 0), (0, 5), "length", 0.001)


def test_bad_input_is_said_with_a_fix():
    edges = edges_of(np.ones((8, 4, 6)), 1.0)
    with pytest.raises(GridError, match=r"start \(row 4, col 0\) lies outside the map of 4 x 6.*row of 0..3"):
        route(edges, (4, 0), (0, 0))
    with pytest.raises(GridError, match="goal"):
        route(edges, (0, 0), (0, -1))
    with pytest.raises(InputError, match="mark at least one cell"):
        route(edges, (0, 0), np.zeros((4, 6), bool))
    with pytest.raises(GridError, match="goals have shape"):
        route(edges, (0, 0), np.zeros((3, 6), bool))
    with pytest.raises(InputError, match="use one of time, energy, length"):
        route(edges, (0, 0), (1, 1), "tim")
    with pytest.raises(InputError, match="less than 0"):
        route(edges, (0, 0), (1, 1), np.full((8, 4, 6), -1.0))
    with pytest.raises(GridError, match="costs have shape"):
        route(edges, (0, 0), (1, 1), np.ones((8, 4, 5)))
    with pytest.raises(InputError, match="energy limit nan"):
        route(edges, (0, 0), (1, 1), "time", math.nan)
    with pytest.raises(InputError, match=r"goal \(row 0, col 1\) lies on a cell without data"):
        plan_on_cost(np.array([[1.0, np.nan]]), 1.0, (0, 0), (0, 1))
    with pytest.raises(InputError, match="costs down to -2"):
        plan_on_cost(np.array([[1.0, -2.0]]), 1.0, (0, 0), (0, 1))


def test_too_many_ways_to_compare_are_refused_in_words(monkeypatch):
    edges = random_edges(np.random.default_rng(2), (60, 60), 8, 0.1)
    quick, thrifty = route(edges, (0, 0), (59, 59), "time"), route(edges, (0, 0), (59, 59), "energy")
    monkeypatch.setattr("lupex.traverse.routes.static.MOST_LABELS", 50)
    with pytest.raises(InputError, match="more than 50 ways would have to be compared; use a coarser or smaller grid"):
        route(edges, (0, 0), (59, 59), "time", (thrifty.energy_j + 0.2 * (quick.energy_j - thrifty.energy_j)) / 3600.0)
