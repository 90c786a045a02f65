"""Simulated holes: hours and energy of a way, kinds by their weight, and what a changed rule would answer."""

from dataclasses import replace

import numpy as np
import pytest
from tests.water.inference.scenes import INSTRUMENTS

from lupex.mission import load_mission
from lupex.water import GroundPrior, Rule
from lupex.water.field.trials import (
    DRY_RATE_ERROR,
    KINDS,
    depths_of,
    effort,
    expected_drop,
    hole_trials,
    kind_weights,
    weighed,
)
from lupex.water.field.value import LossSettings
from lupex.water.inference.worlds import DRY_KINDS, WET_KINDS, ErrorRates, default_plan

SETTINGS = replace(load_mission(None).water, worlds=12, most_samples=2)


@pytest.fixture(scope="module")
def trials():
    return hole_trials(SETTINGS, Rule(), GroundPrior(), INSTRUMENTS, 5)


def test_deeper_holes_take_longer():
    hours = [effort(default_plan(depths), INSTRUMENTS)[0] for depths in ((0.3,), (1.4,), (0.3, 1.4))]
    assert hours[0] < hours[1] < hours[2]
    # 0.3 m: 3 bites and one sample, 900 s of neutrons, 30 s of radar, 60 s of bands, six oven runs (blank and sample).
    ovens = 2 * (7200.0 + 1800.0 + 1200.0)
    assert hours[0] == pytest.approx((3 * 80.0 + 3600.0 + 900.0 + 30.0 + 60.0 + ovens) / 3600.0)


def test_depths_are_even_down_to_the_deepest():
    assert depths_of(SETTINGS, 1) == (1.4,)
    assert depths_of(SETTINGS, 4) == (0.35, 0.7, 1.05, 1.4)


def test_kinds_count_by_their_weight():
    rates = ErrorRates({("dry", "confirmed"): 1, ("trace", "confirmed"): 4}, {"dry": 10, "trace": 8})
    assert weighed(rates, {"dry": 0.6, "trace": 0.2}, ("dry", "trace"), "confirmed") == pytest.approx(0.2)
    assert weighed(rates, {"dry": 0.0}, ("dry",), "confirmed") == 0.0
    weights = kind_weights(GroundPrior(), Rule())
    assert set(weights) == set(KINDS)
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights["blocky"] / (weights["blocky"] + weights["dry"]) == pytest.approx(GroundPrior().blocky_share)


def test_the_drop_of_the_loss_by_hand():
    """At 0.5: now 1 (no answer); after, half of 0.1 undecided and 5 x 0.02 missed, half of 0.2 and 20 x 0.01 wrong."""
    drop = expected_drop(LossSettings(), np.array([0.5]), (0.88, 0.02), (0.01, 0.79))
    assert drop[0] == pytest.approx(1.0 - 0.5 * (0.1 + 0.1) - 0.5 * (0.2 + 0.2))


def test_ways_are_compared_and_the_best_is_simulated_at_length(trials):
    assert [len(plan.depths_m) for plan in trials.plans] == [1, 2]
    assert trials.chosen.depths_m in [plan.depths_m for plan in trials.plans]
    assert set(trials.chosen.rates.worlds.values()) == {SETTINGS.worlds}
    assert trials.share(WET_KINDS, "confirmed") > 0.7  # 12 worlds of a kind
    assert trials.share(DRY_KINDS, "confirmed") < 0.05


def test_one_input_is_changed_at_a_time_and_stricter_rules_confirm_less(trials):
    by = {(variant.name, round(variant.value, 6)): variant for variant in trials.variants}
    assert set(by) == {
        ("level_wt_percent", 0.25), ("level_wt_percent", 1.0), ("bayes_factor", 5.0), ("bayes_factor", 100.0),
        ("false_alarm", 0.001), ("false_alarm", 0.05), ("dry_rate_shift", 0.0), ("dry_rate_shift", 0.1),
        (DRY_RATE_ERROR, -0.05), (DRY_RATE_ERROR, 0.05),
    }  # fmt: skip
    shares = [by["false_alarm", value].share(WET_KINDS, "confirmed") for value in (0.001, 0.05)]
    assert shares[0] <= trials.share(WET_KINDS, "confirmed") <= shares[1]
    assert by["level_wt_percent", 1.0].weights["shallow"] < trials.weights["shallow"]
    for error in (-0.05, 0.05):
        assert by[DRY_RATE_ERROR, error].share(DRY_KINDS, "confirmed") <= 0.05


def test_a_change_outside_its_bounds_is_left_out():
    one = replace(SETTINGS, worlds=10, most_samples=1)
    found = hole_trials(one, replace(Rule(), false_alarm=0.1, dry_rate_shift=0.0), GroundPrior(), INSTRUMENTS, 5)
    names = [(variant.name, variant.value) for variant in found.variants]
    assert ("false_alarm", 0.5) not in names and ("false_alarm", pytest.approx(0.01)) in names
    assert not [name for name, _ in names if name in ("dry_rate_shift", DRY_RATE_ERROR)]
