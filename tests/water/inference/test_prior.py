"""The prior: weights, families, draws, and what it refuses."""

import numpy as np
import pytest
from tests.water.inference.scenes import INSTRUMENTS, tables

from lupex.base.errors import InputError
from lupex.water import GroundPrior, Rule, ground, present_probability
from lupex.water.inference.prior import FAMILIES, draw_ground, draw_truth, family_of, states


def test_weights_sum_to_one_and_follow_the_probability_of_ice():
    made = states(GroundPrior(ice_probability=0.4), Rule(), (0.3,))
    assert made.weight.sum() == pytest.approx(1.0)
    assert made.weight[made.ground.ice > 0.0].sum() == pytest.approx(0.4)
    assert made.family_weights().sum() == pytest.approx(1.0)


def test_cells_of_a_family_are_a_slice_and_end_at_level_and_reach():
    rule = Rule(level_wt_percent=0.8, depth_m=1.2)
    made = states(GroundPrior(), rule)
    wet = made.ground.ice[made.wet]
    assert wet.min() > 0.008
    assert made.ground.cover_m[made.wet].max() < 1.1
    hidden = (made.ground.ice > 0.008) & (made.ground.cover_m < 1.1)
    assert hidden.sum() == wet.size


@pytest.mark.parametrize(
    ("made", "family"),
    [(ground(0.0), "dry"), (ground(0.0, 0.0, 0.002), "hydrated"), (ground(0.004), "trace"), (ground(0.005), "shallow"),
     (ground(0.02, 0.6), "middle"), (ground(0.02, 1.39), "deep"), (ground(0.2, 1.41), "dry")],
)  # fmt: skip
def test_families_by_amount_and_depth(made, family):
    assert family_of(made, Rule()) == family


def test_probability_of_water_is_the_weight_of_the_wet_cells_at_every_place():
    """The closed form that maps use against the sum over cells."""
    chance, cover = np.array([0.3, 0.3, 0.02, 0.7]), np.array([0.1, 1.3, 0.1, 4.9])
    found = present_probability(GroundPrior(), Rule(), chance, cover)
    for value, one, two in zip(found, chance, cover, strict=True):
        made = states(GroundPrior(ice_probability=one, cover_median_m=two), Rule(), coarse=True, ice_cells=26)
        assert value == pytest.approx(made.weight[made.wet].sum(), abs=1e-12)


def test_draws_fall_into_families_as_often_as_their_weights_say():
    prior, rng = GroundPrior(ice_probability=0.6), np.random.default_rng(2)
    drawn = [family_of(draw_ground(prior, Rule(), rng), Rule()) for _ in range(6000)]
    shares = np.array([drawn.count(name) for name in FAMILIES]) / 6000.0
    assert shares == pytest.approx(states(prior, Rule()).family_weights(), abs=0.02)


def test_nuisances_are_distributions_with_the_widths_of_the_instruments():
    of = tables().nuisances
    for nodes, weight, sigma in ((of.dry_rate, of.dry_rate_weight, 0.03), (of.blank, of.blank_weight, 1.0),
                                 (of.kept, of.kept_weight, 0.12)):  # fmt: skip
        mean = (nodes * weight).sum()
        assert weight.sum() == pytest.approx(1.0)
        assert np.sqrt((weight * (nodes - mean) ** 2).sum()) == pytest.approx(sigma, rel=0.03)
    rng = np.random.default_rng(4)
    rocks = np.array([draw_truth(INSTRUMENTS, GroundPrior(), rng).rock for _ in range(4000)])
    assert rocks.mean() == pytest.approx((of.rock * of.rock_weight).sum(), rel=0.05)


@pytest.mark.parametrize("wrong", [{"ice_probability": 0.0}, {"ice_probability": 1.0}, {"cover_median_m": -1.0}])
def test_a_prior_that_can_learn_nothing_or_cannot_be_is_refused(wrong):
    with pytest.raises(InputError):
        GroundPrior(**wrong)
