"""How far one gets, against slow searches and all simple ways."""

import math

import numpy as np
import pytest
from tests.traverse.grids import edges_of, random_edges, simple_ways, slow_spent

from lupex.base.errors import GridError, InputError
from lupex.traverse import isochrones, reachable


def test_isochrones_are_the_least_of_each_quantity():
    edges = random_edges(np.random.default_rng(0), (9, 11), 16, 0.6)
    maps = isochrones(edges, (4, 5))
    for values, costs in (
        (maps.time_s, edges.time_s),
        (maps.energy_j, edges.energy_j),
        (maps.length_m, edges.length_m),
    ):
        assert values == pytest.approx(slow_spent(costs, (4, 5)), rel=1e-6)


def test_on_level_ground_one_limit_is_an_octagon():
    length = np.where(np.arange(8) % 2 == 0, 1.0, math.sqrt(2.0))[:, None, None] * np.ones((8, 21, 21))
    edges = edges_of(length, length)
    down, right = np.abs(np.mgrid[-10:11, -10:11])
    octile = np.maximum(down, right) + (math.sqrt(2.0) - 1.0) * np.minimum(down, right)
    assert np.array_equal(reachable(edges, (10, 10), 7.5 / 3600.0), octile <= 7.5)
    assert np.array_equal(reachable(edges, (10, 10), time_limit_s=7.5), octile <= 7.5)


def test_two_limits_must_be_kept_by_one_and_the_same_drive():
    rng = np.random.default_rng(8)
    apart = 0
    for _ in range(12):
        edges = random_edges(rng, (3, 3), 8, 0.3)
        limits = (6.0, 6.0)
        found = reachable(edges, (0, 0), limits[1] / 3600.0, limits[0])
        for cell in np.ndindex(3, 3):
            ways = simple_ways(edges, (0, 0), cell)
            assert found[cell] == any(w[0] <= limits[0] and w[1] <= limits[1] for w in ways)
            each = any(w[0] <= limits[0] for w in ways) and any(w[1] <= limits[1] for w in ways)
            apart += each and not found[cell]
    assert apart > 0  # each limit alone can be kept, both together not


def test_bad_input():
    edges = edges_of(np.ones((8, 3, 3)), 1.0)
    with pytest.raises(GridError, match="outside"):
        isochrones(edges, (3, 0))
    with pytest.raises(InputError, match="give 0 or more"):
        reachable(edges, (0, 0), -1.0)
