"""Sorting, ties and the front against slow, obvious ways."""

import numpy as np
import pytest

from lupex.kernels.decision.acceptability import _descending, _shuffle_ties, pareto, rank_block, wins_block


def sorted_by_kernel(utility: np.ndarray) -> np.ndarray:
    n = utility.size
    order, other, keys = (np.empty(n, np.int32) for _ in range(3))
    _descending(utility, order, other, keys, np.empty(2048, np.int32))
    return order


@pytest.mark.parametrize("n", [1, 2, 48, 49, 500, 3000])
@pytest.mark.parametrize("kind", ["spread", "outlier", "close", "equal"])
def test_the_order_is_that_of_a_sort(n: int, kind: str) -> None:
    rng = np.random.default_rng(n)
    u = rng.random(n)
    if kind == "outlier":
        u[0] = 1e9
    if kind == "close":
        u = 1.0 + 1e-15 * np.round(u * 5)
    if kind == "equal":
        u[:] = 0.3
    order = sorted_by_kernel(u)
    assert sorted(order.tolist()) == list(range(n))
    np.testing.assert_array_equal(u[order], np.sort(u)[::-1])


def test_ties_come_in_every_order_equally_often_and_nothing_else_moves() -> None:
    u = np.array([0.9, 0.5, 0.5, 0.5, 0.1])
    seeds = np.random.default_rng(0).integers(0, 2**64, 6000, dtype=np.uint64)
    seen: dict[tuple[int, ...], int] = {}
    for seed in seeds:
        order = np.arange(5, dtype=np.int32)
        _shuffle_ties(u, order, seed)
        assert (order[0], order[4]) == (0, 4)
        key = tuple(order[1:4].tolist())
        seen[key] = seen.get(key, 0) + 1
    assert len(seen) == 6
    assert max(abs(count / 6000 - 1 / 6) for count in seen.values()) < 4 * np.sqrt(5 / 36 / 6000)


def test_ranks_of_a_block_are_those_of_plain_numpy() -> None:
    rng = np.random.default_rng(3)
    n, m, draws = 70, 4, 50
    worth, sigma = rng.random((n, m)), 0.1 * rng.random((n, m))
    weights = rng.dirichlet(np.ones(m), draws)
    noise = rng.standard_normal((draws, n), dtype=np.float32)
    counts, rank_sum = np.zeros((10, n), np.int32), np.zeros(n, np.int64)
    top, lead = np.empty((draws, 2), np.int32), np.empty(draws)
    seeds = np.zeros(draws, np.uint64)
    values, variances = np.ascontiguousarray(worth.T), np.ascontiguousarray((sigma**2).T)
    rank_block(values, variances, weights, noise, seeds, counts, rank_sum, top, lead)
    utility = weights @ worth.T + np.sqrt(weights**2 @ (sigma**2).T) * noise
    order = np.argsort(-utility, axis=1)
    np.testing.assert_array_equal(top, order[:, :2])
    expected = np.stack([np.bincount(order[:, rank], minlength=n) for rank in range(10)])
    np.testing.assert_array_equal(counts, expected)
    np.testing.assert_array_equal(rank_sum, np.argsort(order, axis=1).sum(axis=0))
    best_two = np.sort(utility, axis=1)[:, ::-1][:, :2]
    np.testing.assert_allclose(lead, best_two[:, 0] - best_two[:, 1], atol=1e-12)


def test_wins_are_shared_among_equals() -> None:
    base = np.array([[0.5, 0.5, 0.2], [0.1, 0.5, 0.9]])
    order = np.argsort(-base, axis=1).astype(np.int32)
    wins = np.zeros(2)
    wins_block(base, np.zeros_like(base), order, np.array([0, 1]), np.empty((0, 3), np.float32), 4, 0, 2, wins)
    assert wins.tolist() == [2.0, 0.0]


def test_the_front_is_that_of_the_definition() -> None:
    rng = np.random.default_rng(5)
    value = np.round(rng.random((120, 3)) * 6)
    higher = np.array([True, False, True])
    signed = np.where(higher, value, -value)
    beaten = [any((o >= v).all() and (o > v).any() for o in signed) for v in signed]
    out = np.empty(120, np.bool_)
    pareto(value, higher, out)
    assert out.tolist() == [not b for b in beaten]
