"""Acceptability: closed forms, a brute-force Monte Carlo in plain numpy, and what would change the order."""

from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError, MissionError
from lupex.base.running import Running
from lupex.model import CriteriaTable, RankingSettings
from lupex.sites import Preferences, rank_candidates
from lupex.sites.value import topsis_scores

SETTINGS = RankingSettings()


def table(value, sigma=0.0, higher=None):
    value = np.array(value, float)
    higher = higher or (True,) * value.shape[1]
    return CriteriaTable(
        tuple(f"S{i}" for i in range(len(value))),
        tuple(f"c{j}" for j in range(value.shape[1])),
        higher,
        value,
        np.array(np.broadcast_to(sigma, value.shape)),
    )


def ranked(*arguments, preferences=Preferences(), seed=11, workers=0, **settings):
    chosen = replace(SETTINGS, **settings)
    return rank_candidates(table(*arguments), chosen, np.random.default_rng(seed), preferences, Running(workers))


def within(share, expected, draws, sigmas=4.5):
    return abs(share - expected) <= sigmas * np.sqrt(expected * (1 - expected) / draws) + 1e-12


@pytest.mark.parametrize("sigma", [0.0, 0.3])
@pytest.mark.parametrize("count", [2, 7])
def test_identical_alternatives_share_every_rank(count, sigma):
    found = ranked(np.ones((count, 3)), sigma)
    assert all(within(share, 1 / count, found.draws) for share in found.rank_acceptability.ravel())
    np.testing.assert_allclose(found.rank_acceptability.sum(axis=0), 1.0)
    np.testing.assert_allclose(found.rank_acceptability.sum(axis=1), 1.0)
    assert (np.abs(found.confidence - 1 / count) < 0.03).all()


def test_two_alternatives_that_trade_two_criteria_win_half_the_weights_each():
    found = ranked([[1.0, 0.0], [0.0, 1.0]])
    assert within(found.rank_acceptability[0, 0], 0.5, found.draws)
    assert found.pareto.all()
    # S0 wins where its criterion has more than half the weight: uniform on (0.5, 1), centre 0.75.
    np.testing.assert_allclose(found.central_weights, [[0.75, 0.25], [0.25, 0.75]], atol=0.01)
    assert found.confidence.tolist() == [1.0, 1.0]


def test_a_compromise_wins_the_weights_geometry_gives_it():
    # (1, 0), (0, 1), (0.7, 0.7): the third wins for 0.3 < w < 0.7.
    found = ranked([[1.0, 0.0], [0.0, 1.0], [0.7, 0.7]])
    assert within(found.rank_acceptability[2, 0], 0.4, found.draws)
    assert within(found.rank_acceptability[0, 0], 0.3, found.draws)
    assert found.rank_acceptability[2, 2] == 0.0
    assert found.order[0] == "S2"


def test_one_that_dominates_comes_first_in_every_draw_and_the_dominated_never():
    value = np.random.default_rng(0).random((40, 5))
    value[17] = 1.01
    value[3] = value[8] - 0.01
    found = ranked(value)
    assert found.rank_acceptability[17, 0] == 1.0
    assert found.pareto.sum() == 1 and found.pareto[17]
    assert found.rank_acceptability[3, 0] == 0.0
    assert np.isnan(found.central_weights[3]).all() and found.confidence[3] == 0.0
    assert found.mean_rank[8] < found.mean_rank[3]


def test_one_uncertain_criterion_has_the_closed_form_of_two_normals():
    # P(first) = Phi(d / sqrt(s1^2 + s2^2)) = Phi(1) for d = 1, s = (0.6, 0.8).
    found = ranked([[1.0], [0.0]], np.array([[0.6], [0.8]]))
    assert within(found.rank_acceptability[0, 0], 0.841345, found.draws)
    assert abs(found.confidence[0] - 0.841345) < 0.012


def test_a_brute_force_monte_carlo_agrees():
    rng = np.random.default_rng(21)
    n, m, draws = 6, 4, 60_000
    value, sigma = rng.normal(50.0, 10.0, (n, m)), rng.uniform(0.0, 6.0, (n, m))
    higher = (True, False, True, False)
    found = ranked(value, sigma, higher, draws=40_000)
    # Every value drawn by itself, scaled with the range of the central values widened by one sigma.
    low, high = (value - sigma).min(axis=0), (value + sigma).max(axis=0)
    x = rng.normal(value, sigma, (draws, n, m))
    scaled = np.where(higher, x - low, high - x) / (high - low)
    weights = rng.dirichlet(np.ones(m), draws)
    utility = np.einsum("dm,dnm->dn", weights, scaled)
    ranks = np.argsort(np.argsort(-utility, axis=1), axis=1)
    slow = np.stack([(ranks == r).mean(axis=0) for r in range(n)], axis=1)
    error = 4.5 * np.sqrt(slow * (1 - slow) * (1 / draws + 1 / found.draws)) + 1e-4
    assert (np.abs(found.rank_acceptability - slow) < error).all()
    winners = ranks == 0
    for i in range(n):
        if winners[:, i].sum() > 1000:
            np.testing.assert_allclose(found.central_weights[i], weights[winners[:, i]].mean(axis=0), atol=0.02)
    for i in np.nonzero(np.isfinite(found.central_weights[:, 0]))[0]:
        fixed = scaled @ found.central_weights[i]
        assert abs((fixed.argmax(axis=1) == i).mean() - found.confidence[i]) < 0.02
    np.testing.assert_allclose(found.mean_rank, 1 + ranks.mean(axis=0), atol=0.03)


def test_the_same_seed_gives_the_same_bytes_on_one_thread_and_on_three():
    value = np.random.default_rng(1).random((300, 5))
    one, three = (ranked(value, 0.1, workers=w, draws=5000) for w in (1, 3))
    for name in ("rank_acceptability", "central_weights", "confidence", "mean_rank"):
        assert getattr(one, name).tobytes() == getattr(three, name).tobytes(), name
    assert (one.order, one.deciding, one.deciding_shift) == (three.order, three.deciding, three.deciding_shift)


def test_what_decides_a_weighted_sum_and_how_far_it_may_move_is_the_closed_form():
    value = [[10.0, 4.0], [6.0, 2.0], [0.0, 12.0]]
    preferences = Preferences({"c0": 0.6, "c1": 0.4})
    found = ranked(value, 0.0, (True, False), preferences=preferences, method="weighted_sum")
    # Ranges 10 and 10: S0 0.6 + 0.32, S1 0.36 + 0.4, S2 0; gap 0.16, shift 0.16 * 10 / 0.6.
    np.testing.assert_allclose(found.weighted_sum, [0.92, 0.76, 0.0], atol=1e-12)
    assert (found.order, found.deciding) == (("S0", "S1", "S2"), "c0")
    assert found.deciding_shift == pytest.approx(0.16 * 10.0 / 0.6, rel=1e-9)


def test_the_shift_of_topsis_is_where_its_order_changes():
    value = np.array([[10.0, 4.0], [6.0, 2.0], [1.0, 12.0]])
    found = ranked(value, 0.0, (True, False), method="topsis")
    j = found.table.criteria.index(found.deciding)
    best = found.table.alternatives.index(found.order[0])
    for factor, still in ((0.999, True), (1.001, False)):
        moved = value.copy()
        moved[best, j] += (-1 if found.table.higher_is_better[j] else 1) * factor * found.deciding_shift
        scores = topsis_scores(table(moved, 0.0, (True, False)), np.array([0.5, 0.5]))
        assert bool(scores.argmax() == best) is still


def test_the_shift_of_acceptability_is_where_the_first_ranks_become_equal():
    # S0 wins where w > (1 - w) / 2, two thirds of the weights; at (1 - d, 0.5) where w (1 - d) > (1 - w) / 2,
    # half of them at d = 0.5.
    found = ranked([[1.0, 0.5], [0.0, 1.0], [0.0, 0.0]], draws=100_000)
    assert within(found.rank_acceptability[0, 0], 2 / 3, found.draws)
    assert found.deciding == "c0"
    assert found.deciding_shift == pytest.approx(0.5, abs=0.015)


def test_a_single_alternative_is_first_and_nothing_decides():
    found = ranked([[1.0, 2.0]])
    assert (found.order, found.deciding, found.deciding_shift) == (("S0",), "", float("inf"))
    assert found.rank_acceptability.tolist() == [[1.0]]


def test_beyond_a_thousand_alternatives_the_first_thousand_ranks_are_kept():
    found = ranked(np.random.default_rng(2).random((1200, 3)), draws=200)
    assert found.rank_acceptability.shape == (1200, 1000)
    np.testing.assert_allclose(found.rank_acceptability.sum(axis=0), 1.0)
    assert found.mean_rank.mean() == pytest.approx(600.5)


def test_bad_tables_and_weights_are_refused():
    with pytest.raises(InputError, match="the value of 'c1' at 'S0' is nan"):
        ranked([[1.0, np.nan], [1.0, 2.0]])
    with pytest.raises(MissionError, match="they sum to 0.8, not 1"):
        ranked([[1.0, 2.0]], preferences=Preferences({"c0": 0.5, "c1": 0.3}))
    with pytest.raises(InputError, match="10001 alternatives"):
        ranked(np.ones((10_001, 1)))
