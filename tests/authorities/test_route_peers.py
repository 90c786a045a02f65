"""Routes against scipy's shortest paths on the same directed graph, and optimal lengths of MovingAI problems."""

import math

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from lupex.io import read_movingai_map, read_movingai_scenarios
from lupex.model import Grid, Rover, Terrain
from lupex.traverse import drive_edges, isochrones, plan_on_cost, route
from lupex.traverse.steps.edges import DOWN, RIGHT


def graph_of(costs):
    """The steps (direction, row, col) as scipy's sparse matrix of directed edges."""
    _, rows, cols = costs.shape
    d, r, c = np.nonzero(np.isfinite(costs))
    ends = (r + DOWN[d]) * cols + c + RIGHT[d]
    return csr_array((costs[d, r, c].astype(float), (r * cols + c, ends)), shape=(rows * cols, rows * cols))


@pytest.mark.parametrize("neighbours", [8, 16])
def test_directed_drives_over_relief_cost_what_scipy_finds(neighbours):
    rng = np.random.default_rng(0)
    ky, kx = np.fft.fftfreq(60)[:, None], np.fft.rfftfreq(60)[None]
    k = np.hypot(ky, kx)
    k[0, 0] = 1.0
    z = np.fft.irfftn(np.fft.rfftn(rng.standard_normal((60, 60))) * k**-2.0, s=(60, 60), axes=(0, 1))
    terrain = Terrain(Grid("south", 60, 60, 20.0, 0.0, 0.0), (z / z.std() * 25.0).astype(np.float32))
    rover = Rover(
        name="r",
        mass_kg=350.0,
        speed_m_s=0.1,
        max_up_slope_deg=18.0,
        max_down_slope_deg=22.0,
        max_cross_slope_deg=20.0,
        hotel_power_w=50.0,
        sleep_power_w=20.0,
        array_w=200.0,
        battery_wh=2000.0,
        slowest_fraction=0.4,
    )
    edges = drive_edges(terrain, rover, neighbours)
    maps = isochrones(edges, (5, 7))
    uphill = 0
    for name, costs, ours in (("time", edges.time_s, maps.time_s), ("energy", edges.energy_j, maps.energy_j)):
        theirs = dijkstra(graph_of(costs), indices=5 * 60 + 7).reshape(60, 60)
        assert np.array_equal(np.isinf(ours), np.isinf(theirs))
        near = np.isfinite(theirs)
        assert near.sum() > 1000
        assert np.allclose(ours[near], theirs[near], rtol=1e-12)
        goal = tuple(int(v) for v in np.argwhere(near)[-1])
        there, back = route(edges, (5, 7), goal, name), route(edges, goal, (5, 7), name)
        assert there.cost == pytest.approx(theirs[goal], rel=1e-12)
        uphill += abs(there.cost - back.cost) > 1e-3 * there.cost
    assert uphill  # up is not down


ARENA = """type octile
height 14
width 16
map
@@@@@@@@@@@@@@@@
@......TT......@
@......TT......@
@..GG......SS..@
@......TT......@
@......TT......@
@TTT.TTTTTTT.TT@
@..............@
@....OOOO......@
@....OOOO..WW..@
@..........WW..@
@..............@
@..............@
@@@@@@@@@@@@@@@@
"""

# Lengths by hand: between open cells with nothing in the way max + (sqrt(2) - 1) min of the two offsets.
PROBLEMS = [
    ((1, 11), (1, 12), 1.0),
    ((1, 11), (4, 12), 2.0 + math.sqrt(2.0)),
    ((1, 1), (1, 1), 0.0),
    ((1, 12), (14, 11), 12.0 + math.sqrt(2.0)),
    ((9, 11), (14, 7), 5.0 + 2.0 * math.sqrt(2.0)),  # round the water, whose corner is not cut
    ((6, 2), (9, 2), 3.0 + 2.0),  # down, across the gate in row 3 and up: no corner of the trees is cut
    ((4, 5), (4, 7), 2.0),  # straight through the gate
    ((3, 5), (4, 6), 2.0),  # the diagonal would cut a tree
]


def scenario_text():
    lines = [f"0\tarena.map\t16\t14\t{a[0]}\t{a[1]}\t{b[0]}\t{b[1]}\t{length:.8f}" for a, b, length in PROBLEMS]
    return "version 1\n" + "\n".join(lines) + "\n"


def test_movingai_problems_have_their_optimal_lengths(tmp_path):
    (tmp_path / "arena.map").write_text(ARENA)
    (tmp_path / "arena.map.scen").write_text(scenario_text())
    free = read_movingai_map(tmp_path / "arena.map")
    assert free.shape == (14, 16) and free.sum() == 136
    cost = np.where(free, 1.0, np.nan)
    for problem in read_movingai_scenarios(tmp_path / "arena.map.scen"):
        found = plan_on_cost(cost, 1.0, problem.start, problem.goal)
        assert found.cost == pytest.approx(problem.optimal_length, abs=1e-5)


def test_every_length_of_a_maze_is_that_of_scipy():
    rng = np.random.default_rng(12)
    free = rng.random((40, 40)) > 0.3
    free[0, 0] = True
    costs = np.full((8, 40, 40), np.inf)
    for d, r, c in np.ndindex(costs.shape):
        i, j = r + DOWN[d], c + RIGHT[d]
        if 0 <= i < 40 and 0 <= j < 40 and free[r, c] and free[i, j] and free[r, j] and free[i, c]:
            costs[d, r, c] = math.sqrt(2.0) if d % 2 else 1.0
    theirs = dijkstra(graph_of(costs), indices=0).reshape(40, 40)
    cost = np.where(free, 1.0, np.nan)
    goals = np.argwhere(np.isfinite(theirs))
    assert len(goals) > 300
    for goal in goals[::7]:
        assert plan_on_cost(cost, 1.0, (0, 0), tuple(goal)).cost == pytest.approx(theirs[tuple(goal)], abs=1e-9)
