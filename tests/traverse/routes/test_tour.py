"""Orders of stops against brute force over all of them."""

import itertools

import numpy as np
import pytest
from tests.traverse.grids import edges_of, random_edges

from lupex.base.errors import GridError, InputError, NoRouteError
from lupex.traverse import route, tour
from lupex.traverse.routes.tour import best_order, good_order, order_bound


def brute_force(between, stops):
    ends = [stops + 1] if between.shape[0] > stops + 1 else []
    return min(
        sum(between[a, b] for a, b in itertools.pairwise([0, *(k + 1 for k in order), *ends]))
        for order in itertools.permutations(range(stops))
    )


@pytest.mark.parametrize("ends", [0, 1])
def test_the_best_order_is_that_of_all_permutations(ends):
    rng = np.random.default_rng(ends)
    for stops in (1, 2, 3, 5, 6, 7):
        between = rng.uniform(1.0, 9.0, (stops + 1 + ends, stops + 1 + ends))
        order, least = best_order(between, stops)
        assert sorted(order) == list(range(stops))
        assert least == pytest.approx(brute_force(between, stops), rel=1e-12)
        bound, proved = order_bound(between, stops)
        assert bound == pytest.approx(least, rel=1e-6) and proved == order
        assert good_order(between, stops)[1] >= least * (1 - 1e-12)


def test_eight_stops_on_a_grid_are_visited_in_the_best_order():
    rng = np.random.default_rng(7)
    edges = random_edges(rng, (25, 25), 8, 0.1)
    stops = [(int(r), int(c)) for r, c in rng.integers(0, 25, (7, 2))]
    found = tour(edges, (0, 0), stops, (24, 24), "energy")
    places = [(0, 0), *stops, (24, 24)]
    between = np.array([[route(edges, a, b, "energy").cost for b in places] for a in places])
    assert found.exact and found.cost == found.bound == pytest.approx(brute_force(between, 7), rel=1e-6)
    assert sum(leg.cost for leg in found.legs) == pytest.approx(found.cost, rel=1e-9)
    assert found.energy_j == pytest.approx(found.cost) and len(found.legs) == 8
    visited = [(int(leg.rows[-1]), int(leg.cols[-1])) for leg in found.legs]
    assert visited == [stops[k] for k in found.order] + [(24, 24)]


def test_many_stops_get_a_good_order_and_a_bound():
    edges = edges_of(np.ones((8, 30, 30)), 1.0)
    rng = np.random.default_rng(3)
    stops = [(int(r), int(c)) for r, c in rng.integers(0, 30, (18, 2))]
    found = tour(edges, (0, 0), stops, (0, 0), "length")
    assert sorted(found.order) == list(range(18))
    assert found.bound <= found.cost <= 1.1 * found.bound
    assert found.exact == (found.cost <= found.bound * (1 + 1e-9))


def test_twelve_stops_agree_with_the_exchanges_or_beat_them():
    between = np.random.default_rng(0).uniform(1.0, 9.0, (13, 13))
    assert best_order(between, 12)[1] <= good_order(between, 12)[1] + 1e-12


def test_stops_that_cannot_be_joined_are_named():
    length = np.ones((8, 5, 7))
    length[1:4, :, 3] = np.inf  # only leftwards
    edges = edges_of(length, 1.0)
    with pytest.raises(NoRouteError, match="no drive leads to stop 1"):
        tour(edges, (0, 0), [(1, 1), (2, 6)])
    with pytest.raises(NoRouteError, match="no drive leads to end"):
        tour(edges, (0, 0), [(1, 1)], (2, 6))
    with pytest.raises(InputError, match="give at least one"):
        tour(edges, (0, 0), [])
    with pytest.raises(GridError, match="stop 0"):
        tour(edges, (0, 0), [(9, 9)])
