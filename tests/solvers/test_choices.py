"""Multiple-choice programmes: the whole front against every choice tried, at any scale; the least against the front."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lupex.base.errors import InputError
from lupex.solvers.choices import Choices, front, least, taken, whole_numbers


def random_choices(seed: int, groups: int = 5, options: int = 3, costs: int = 3, rows: int = 3) -> Choices:
    """Groups that may be left out, costs of one decimal, limits that hold some back."""
    rng = np.random.default_rng(seed)
    cost, use, first = [], [], [0]
    for _ in range(groups):
        cost.append(np.zeros(costs))
        use.append(np.zeros(rows))
        for _ in range(options):
            cost.append(rng.integers(-40, 60, costs) / 10.0)
            use.append(rng.uniform(0.0, 5.0, rows).round(1))
        first.append(len(cost))
    return Choices(first=np.array(first), cost=np.array(cost), use=np.array(use), limit=np.full(rows, 8.0))


def every_choice(choices: Choices) -> np.ndarray:
    """Points (n, k) that no other beats, by trying all; whole tenths."""
    ranges = [range(a, b) for a, b in itertools.pairwise(choices.first)]
    points = {
        tuple(np.round(choices.cost[list(pick)].sum(axis=0) * 10).astype(int))
        for pick in itertools.product(*ranges)
        if np.all(choices.use[list(pick)].sum(axis=0) <= choices.limit + 1e-9)
    }
    return np.array(
        sorted(p for p in points if not any(q != p and all(a <= b for a, b in zip(q, p, strict=True)) for q in points))
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 3))
def test_the_front_is_that_of_every_choice_tried(seed: int, costs: int) -> None:
    choices = random_choices(seed, costs=costs)
    found = front(choices)
    assert found.complete
    assert np.array_equal(np.round(found.cost * 10).astype(int), every_choice(choices))
    for pick, cost in zip(found.picks, found.cost, strict=True):
        assert np.all((choices.first[:-1] <= pick) & (pick < choices.first[1:]))
        assert choices.cost[pick].sum(axis=0) == pytest.approx(cost, abs=1e-12)
        assert np.all(choices.use[pick].sum(axis=0) <= choices.limit * (1 + 1e-8))


@pytest.mark.parametrize("scale", [1e-9, 1e-6, 1.0, 1e7])
def test_costs_of_any_scale_give_the_same_choices(scale: float) -> None:
    choices = random_choices(7)
    scaled = replace(choices, cost=choices.cost * np.array([1.0, scale, scale]))
    assert np.array_equal(front(choices).picks, front(scaled).picks)


@pytest.mark.parametrize("scale", [1e-8, 1e-6, 1.0])
def test_the_least_is_the_end_of_the_front_also_for_risks_of_a_millionth(scale: float) -> None:
    for seed in range(8):
        choices = random_choices(seed, costs=1)
        done = least(choices, choices.cost[:, 0] * scale)
        assert done.status == "optimal"
        best = front(choices).cost[0, 0]
        assert choices.cost[taken(choices, done.columns), 0].sum() == pytest.approx(best, abs=1e-9)


def test_two_limits_of_thousands_are_solved_to_the_last_unit() -> None:
    # A default gap of 1e-4 may end one unit short of values of ten thousand.
    rng = np.random.default_rng(3)
    for _ in range(5):
        values = rng.integers(100, 1000, 14).astype(float)
        use = rng.integers(100, 1000, (14, 2)).astype(float)
        cost = np.zeros((28, 1))
        cost[1::2, 0] = -values
        both = np.zeros((28, 2))
        both[1::2] = use
        choices = Choices(first=np.arange(0, 29, 2), cost=cost, use=both, limit=np.array([3000.0, 3100.0]))
        pattern = (np.arange(2**14)[:, None] >> np.arange(14)) & 1
        best = (pattern @ values)[np.all(pattern @ use <= choices.limit, axis=1)].max()
        assert front(choices).cost[0, 0] == -best
        assert least(choices, cost[:, 0]).objective == pytest.approx(-best, abs=1e-6)


def test_nothing_within_the_limits_gives_an_empty_front() -> None:
    choices = Choices(first=np.array([0, 1]), cost=np.ones((1, 2)), use=np.array([[2.0]]), limit=np.array([1.0]))
    found = front(choices)
    assert found.complete
    assert found.cost.shape == (0, 2)
    assert least(choices, choices.cost[:, 0]).status == "infeasible"


def test_a_search_that_is_cut_short_says_so() -> None:
    assert not front(random_choices(1, groups=6), most_nodes=20).complete


def test_whole_numbers_keep_decimal_numbers_exactly_and_others_in_proportion() -> None:
    assert whole_numbers(np.array([0.1, -2.25, 0.0])).tolist() == [10.0, -225.0, 0.0]
    thirds = whole_numbers(np.array([1 / 3, 1.0]))
    assert thirds[0] / thirds[1] == pytest.approx(1 / 3, rel=1e-9)
    assert whole_numbers(np.zeros(2)).tolist() == [0.0, 0.0]


def test_four_costs_are_refused() -> None:
    with pytest.raises(InputError, match="a front of 4 costs; take one to 3"):
        front(Choices(first=np.array([0, 1]), cost=np.zeros((1, 4)), use=np.zeros((1, 1)), limit=np.ones(1)))
