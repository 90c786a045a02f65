"""Weights: what is refused and in which words, and that draws are uniform over what is left open."""

import numpy as np
import pytest

from lupex.base.errors import MissionError
from lupex.model import RankingSettings
from lupex.sites import Preferences, checked_weights, draw_weights

ABC = ("a", "b", "c")


def drawn(preferences=Preferences(), criteria=ABC, seed=1, **settings):
    return draw_weights(
        preferences, criteria, RankingSettings(**{"draws": 40_000, **settings}), np.random.default_rng(seed)
    )


def test_weights_follow_the_order_of_the_criteria_and_none_means_equal():
    assert checked_weights({"c": 0.5, "a": 0.2, "b": 0.3}, ABC).tolist() == [0.2, 0.3, 0.5]
    np.testing.assert_allclose(checked_weights({}, ABC), 1 / 3)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (
            {"a": 0.5, "b": 0.5, "c": 0.5},
            "they sum to 1.5, not 1; scaled to 1 they are a = 0.3333, b = 0.3333, c = 0.3",
        ),
        ({"a": -0.5, "b": 1.0, "c": 0.5}, "'a' has -0.5; give 0 or more"),
        ({"a": np.nan, "b": 0.5, "c": 0.5}, "'a' has nan"),
        ({"a": np.inf, "b": 0.5, "c": 0.5}, "'a' has inf"),
        ({"a": 0.0, "b": 0.0, "c": 0.0}, "every weight is 0"),
        ({"a": 0.5, "b": 0.5}, "none for 'c'"),
        ({"a": 0.5, "b": 0.5, "c": 0.0, "d": 0.0}, "unknown criterion 'd'; the table has a, b, c"),
    ],
)
def test_bad_weights_are_answered_with_what_to_do(weights, said):
    with pytest.raises(MissionError) as error:
        checked_weights(weights, ABC)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_any_weights_are_uniform_on_the_simplex():
    w = drawn()
    np.testing.assert_allclose(w.sum(axis=1), 1.0, atol=1e-12)
    np.testing.assert_allclose(w.mean(axis=0), 1 / 3, atol=0.005)
    # Uniform on the triangle: P(w_a > t) = (1 - t)^2.
    for t in (0.1, 0.5, 0.8):
        assert (w[:, 0] > t).mean() == pytest.approx((1 - t) ** 2, abs=0.01)


def test_an_order_is_kept_and_its_mean_is_the_centroid():
    w = drawn(Preferences({"a": 0.2, "b": 0.5, "c": 0.3}), weights_uncertain="order")
    assert ((w[:, 1] >= w[:, 2]) & (w[:, 2] >= w[:, 0])).all()
    # Rank order centroid of three: 11/18, 5/18, 2/18.
    np.testing.assert_allclose(w.mean(axis=0), [2 / 18, 11 / 18, 5 / 18], atol=0.004)


def test_equal_given_weights_have_no_order_between_them():
    w = drawn(Preferences({"a": 0.25, "b": 0.5, "c": 0.25}), weights_uncertain="order")
    assert ((w[:, 1] >= w[:, 0]) & (w[:, 1] >= w[:, 2])).all()
    assert (w[:, 0] > w[:, 2]).mean() == pytest.approx(0.5, abs=0.01)


def test_around_stays_within_the_spread_of_every_weight():
    given = {"a": 0.6, "b": 0.3, "c": 0.1}
    w = drawn(Preferences(given), weights_uncertain="around", weight_spread=0.4)
    for j, name in enumerate(ABC):
        assert w[:, j].min() >= 0.6 * given[name] - 1e-12 and w[:, j].max() <= 1.4 * given[name] + 1e-12
    np.testing.assert_allclose(w.mean(axis=0), [0.6, 0.3, 0.1], atol=0.003)  # the region is symmetric
    np.testing.assert_allclose(w.sum(axis=1), 1.0, atol=1e-12)


def test_no_spread_means_the_given_weights():
    w = drawn(Preferences({"a": 0.6, "b": 0.3, "c": 0.1}), weights_uncertain="around", weight_spread=0.0, draws=100)
    np.testing.assert_allclose(w, np.tile([0.6, 0.3, 0.1], (100, 1)))


@pytest.mark.parametrize("count", [3, 8, 12])
def test_intervals_are_filled_uniformly_whatever_their_width(count):
    names = tuple("abcdefghijkl"[:count])
    intervals = {"a": (0.3, 0.35), "b": (0.0, 0.4)}
    w = drawn(Preferences(intervals=intervals), names, draws=20_000)
    slow = np.random.default_rng(9).dirichlet(np.ones(count), 3_000_000)
    slow = slow[(slow[:, 0] >= 0.3) & (slow[:, 0] <= 0.35) & (slow[:, 1] <= 0.4)]
    error = 4.0 * slow.std(axis=0) * np.sqrt(1 / len(w) + 1 / len(slow))
    assert (np.abs(w.mean(axis=0) - slow.mean(axis=0)) < error).all()
    assert w.min() >= 0.0


@pytest.mark.parametrize(
    ("intervals", "said"),
    [
        ({"a": (0.6, 0.7), "b": (0.6, 0.7)}, "sum to 1.2 at least"),
        ({"a": (0.0, 0.1), "b": (0.0, 0.1), "c": (0.0, 0.1)}, "0.3 at most"),
        ({"a": (0.5, 0.2)}, "'a' has 0.5 to 0.2"),
        ({"a": (-0.1, 0.2)}, "'a' has -0.1 to 0.2"),
        ({"a": (np.nan, 0.2)}, "'a' has nan to 0.2"),
        ({"d": (0.1, 0.2)}, "unknown criterion 'd'"),
    ],
)
def test_intervals_that_leave_no_room_are_refused(intervals, said):
    with pytest.raises(MissionError) as error:
        drawn(Preferences(intervals=intervals))
    assert said in str(error.value)
