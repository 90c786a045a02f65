"""All routes worth a thought, against brute force over all simple ways."""

import numpy as np
import pytest
from tests.traverse.grids import edges_of, random_edges, simple_ways

from lupex.base.errors import InputError, NoRouteError
from lupex.traverse import pareto_routes


def front(values):
    """The combinations no other beats, ascending."""
    values = sorted(set(values))
    return [v for v in values if not any(o != v and all(a <= b for a, b in zip(o, v, strict=True)) for o in values)]


@pytest.mark.parametrize("whole", [None, 5])
@pytest.mark.parametrize("costs", [("energy", "time"), ("time", "energy", "length")])
def test_the_front_is_that_of_all_simple_ways(costs, whole):
    rng = np.random.default_rng(3)
    order = {"time": 0, "energy": 1, "length": 2}
    sizes = []
    for _ in range(25):
        edges = random_edges(rng, (3, 3) if rng.random() < 0.5 else (2, 5), 8, 0.3, whole)
        start, goal = (0, 0), (edges.grid.rows - 1, edges.grid.cols - 1)
        ways = simple_ways(edges, start, goal)
        if not ways:
            with pytest.raises(NoRouteError):
                pareto_routes(edges, start, goal, costs)
            continue
        expected = front([tuple(round(w[order[name]], 4) for name in costs) for w in ways])
        found = pareto_routes(edges, start, goal, costs)
        assert found.values == pytest.approx(np.array(expected), abs=2e-4)
        for k, one in enumerate(found.routes):
            sums = {"time": one.time_s, "energy": one.energy_j, "length": one.length_m}
            assert found.values[k] == pytest.approx([sums[name] for name in costs], rel=1e-6)
            assert one.cost == pytest.approx(found.values[k, 0])
        sizes.append(len(expected))
    assert max(sizes) >= 3


def test_risk_is_a_cost_like_any_other():
    edges = edges_of(np.ones((8, 3, 7)), 1.0)
    risk = np.zeros((8, 3, 7))
    risk[:, 1, 1:6] = 1.0  # leaving the middle row's inner cells
    found = pareto_routes(edges, (1, 0), (1, 6), ("length", "risk"), risk)
    assert found.values.tolist() == [[6.0, 0.0]]  # round it, on diagonals that cost one here
    straight = edges_of(np.where(np.arange(8)[:, None, None] % 2 == 0, 1.0, 1.5) * np.ones((8, 3, 7)), 1.0)
    found = pareto_routes(straight, (1, 0), (1, 6), ("length", "risk"), risk)
    assert found.values[0].tolist() == [6.0, 5.0] and found.values[-1].tolist() == [7.0, 0.0]
    with pytest.raises(InputError, match="'risk' is asked for, but not given"):
        pareto_routes(edges, (1, 0), (1, 6), ("length", "risk"))
    with pytest.raises(InputError, match="give two or three"):
        pareto_routes(edges, (1, 0), (1, 6), ("length",))


def test_costs_in_proportion_leave_one_route_on_a_larger_grid():
    edges = random_edges(np.random.default_rng(1), (40, 40), 8, 0.1)
    twice = np.asarray(edges.time_s, np.float64) * 2.0
    found = pareto_routes(edges, (0, 0), (39, 39), ("time", twice))
    assert len(found.routes) == 1
