"""Programmes small enough to know the answer; limits and statuses as callers see them."""

import itertools

import numpy as np
import pytest

from lupex.solvers import RowBlock, solve, sparse_rows


def test_a_knapsack_is_filled_as_by_trying_every_choice(capfd: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(5)
    value, weight = rng.uniform(1.0, 9.0, 12), rng.uniform(1.0, 9.0, 12)
    best = max(
        value @ np.array(choice) for choice in itertools.product((0, 1), repeat=12) if weight @ np.array(choice) <= 25.0
    )
    found = solve(-value, [RowBlock(weight[None], -np.inf, 25.0)], 0.0, 1.0, 1, {"mip_rel_gap": 0.0})
    assert found.status == "optimal" and -found.objective == pytest.approx(best)
    assert found.bound == pytest.approx(found.objective) and set(np.round(found.columns)) <= {0.0, 1.0}
    relaxed = solve(-value, [RowBlock(weight[None], -np.inf, 25.0)], 0.0, 1.0, 0)
    assert relaxed.bound == relaxed.objective <= found.objective
    assert capfd.readouterr().out == ""


def test_coefficients_at_one_place_add_up() -> None:
    block = sparse_rows([1.0, 2.0, 1.0], [0, 0, 1], [0, 0, 1], (2, 2), [3.0, 4.0], [3.0, 4.0])
    found = solve(np.ones(2), [block], 0.0, 10.0, 0)
    assert found.columns == pytest.approx([1.0, 4.0])


def test_what_cannot_be_is_infeasible_and_proves_no_bound() -> None:
    found = solve(np.ones(1), [RowBlock(np.ones((1, 1)), 2.0, 3.0)], 0.0, 1.0, 1)
    assert (found.status, found.columns.size, found.objective) == ("infeasible", 0, np.inf)
    unbounded = solve(-np.ones(1), [], 0.0, np.inf, 0)
    assert unbounded.status == "stopped" and unbounded.bound == -np.inf
