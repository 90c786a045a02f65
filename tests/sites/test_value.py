"""Value functions, weighted sum, TOPSIS by hand, Pareto on known sets."""

from math import sqrt

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.model import CriteriaTable
from lupex.sites.value import check_table, pareto_front, topsis_scores, weighted_sum_scores, worth


def table(value, higher=(True, True), sigma=0.0):
    value = np.array(value, float)
    names = tuple(f"S{i}" for i in range(len(value)))
    return CriteriaTable(
        names, tuple(f"c{j}" for j in range(len(higher))), tuple(higher), value, np.broadcast_to(sigma, value.shape)
    )


def test_values_are_scaled_by_the_range_over_the_alternatives_in_their_sense():
    scaled = worth(table([[10.0, 2.0], [20.0, 6.0], [15.0, 3.0]], (True, False)))
    assert scaled.value.tolist() == [[0.0, 1.0], [1.0, 0.0], [0.5, 0.75]]
    assert scaled.scale.tolist() == [10.0, 4.0]


def test_errors_widen_the_range_and_alike_without_error_counts_nothing():
    scaled = worth(table([[10.0, 2.0], [20.0, 2.0]], sigma=[[1.0, 0.0], [4.0, 0.0]]))
    assert scaled.scale.tolist() == [15.0, 0.0]  # 24 - 9
    assert scaled.value[:, 0].tolist() == [1.0 / 15.0, 11.0 / 15.0]
    assert scaled.sigma[:, 0].tolist() == [1.0 / 15.0, 4.0 / 15.0]
    assert scaled.value[:, 1].tolist() == [0.0, 0.0]


def test_the_weighted_sum_by_hand():
    scores = weighted_sum_scores(table([[10.0, 2.0], [20.0, 6.0], [15.0, 3.0]], (True, False)), np.array([0.25, 0.75]))
    np.testing.assert_allclose(scores, [0.75, 0.25, 0.125 + 0.5625], atol=1e-15)


def test_topsis_by_hand():
    # Columns (3, 4) and (1, 0) have lengths 5 and 1; weights 0.5: (0.3, 0.5) and (0.4, 0). Second column: less is
    # better. Ideal (0.4, 0), anti-ideal (0.3, 0.5).
    scores = topsis_scores(table([[3.0, 1.0], [4.0, 0.0]], (True, False)), np.array([0.5, 0.5]))
    np.testing.assert_allclose(scores, [0.0, 1.0], atol=1e-15)
    # Three alternatives, columns (2, 1, 2) of length 3 and (1, 2, 2) of length 3, weights 0.6 and 0.4:
    # A (0.4, 0.4/3), B (0.2, 0.8/3), C (0.4, 0.8/3); ideal C, anti-ideal (0.2, 0.4/3).
    scores = topsis_scores(table([[2.0, 1.0], [1.0, 2.0], [2.0, 2.0]]), np.array([0.6, 0.4]))
    d_a, d_b = 0.4 / 3.0, 0.2
    np.testing.assert_allclose(scores, [d_b / (d_b + d_a), d_a / (d_a + d_b), 1.0], atol=1e-15)
    assert sqrt(d_a**2 + d_b**2) > d_b


def test_topsis_of_alike_alternatives_is_a_half():
    assert topsis_scores(table([[3.0, 0.0], [3.0, 0.0]]), np.array([0.5, 0.5])).tolist() == [0.5, 0.5]


def test_the_pareto_front_of_known_sets():
    assert pareto_front(table([[1, 1], [2, 2], [3, 3]])).tolist() == [False, False, True]
    assert pareto_front(table([[1, 3], [2, 2], [3, 1], [1, 1]])).tolist() == [True, True, True, False]
    assert pareto_front(table([[1, 3], [2, 2], [3, 1], [1, 1]], (True, False))).tolist() == [False, False, True, False]
    assert pareto_front(table([[2, 2], [2, 2]])).tolist() == [True, True]
    angle = np.linspace(0.0, np.pi / 2, 20)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    assert pareto_front(table(np.concatenate([circle, 0.99 * circle]))).tolist() == [True] * 20 + [False] * 20


@pytest.mark.parametrize(
    ("value", "sigma", "said"),
    [
        ([[1.0, np.nan]], 0.0, "the value of 'c1' at 'S0' is nan"),
        ([[1.0, 2.0], [np.inf, 2.0]], 0.0, "the value of 'c0' at 'S1' is inf"),
        ([[1.0, 2.0]], -0.1, "the one-sigma error of 'c0' at 'S0' is -0.1"),
        ([[1.0, 2.0]], np.nan, "the one-sigma error of 'c0' at 'S0' is nan"),
    ],
)
def test_what_cannot_be_ranked_is_named(value, sigma, said):
    with pytest.raises(InputError, match=said):
        check_table(table(value, sigma=sigma))


def test_a_name_that_stands_twice_and_an_empty_table_are_refused():
    with pytest.raises(InputError, match="alternative 'A' stands twice"):
        check_table(CriteriaTable(("A", "A"), ("c",), (True,), np.ones((2, 1)), np.zeros((2, 1))))
    with pytest.raises(InputError, match="no alternatives or no criteria"):
        check_table(CriteriaTable((), ("c",), (True,), np.ones((0, 1)), np.zeros((0, 1))))
