"""Simulated worlds: of the kind asked for, the same for any number of workers, and errors within the promise."""

import numpy as np
import pytest
from tests.water.inference.scenes import INSTRUMENTS

from lupex.water import GroundPrior, Rule
from lupex.water.inference.prior import family_of
from lupex.water.inference.worlds import (
    DRY_KINDS,
    WET_KINDS,
    ErrorRates,
    default_plan,
    draw_world,
    error_rates,
    kinds,
    laboratory,
)

LAB = laboratory(Rule(), GroundPrior(), INSTRUMENTS)


@pytest.mark.parametrize("kind", [*DRY_KINDS, *WET_KINDS])
def test_a_world_is_of_the_kind_asked_for(kind):
    ground, truth = draw_world(LAB, kind, np.random.default_rng(3))
    assert family_of(ground, LAB.rule) == ("dry" if kind == "blocky" else kind)
    assert (truth.rock >= 0.1) or kind != "blocky"


def test_kinds_are_spread_evenly():
    assert sum(kinds(1200)[kind] for kind in DRY_KINDS) == sum(kinds(1200)[kind] for kind in WET_KINDS) == 1200


def test_errors_stay_within_the_promise_and_most_worlds_are_answered_right():
    """A small run of benchmarks/water_decision.py; 50 worlds of a kind can only show gross faults."""
    found = error_rates(LAB, dict.fromkeys((*DRY_KINDS, *WET_KINDS), 50), 11)
    assert found.share(("dry", "blocky", "hydrated"), "confirmed")[0] == 0.0
    assert found.share(DRY_KINDS, "confirmed")[0] <= 0.01
    assert found.share(WET_KINDS, "absent")[0] <= 0.05
    assert found.share(WET_KINDS, "confirmed")[0] > 0.85
    assert found.share(("dry", "blocky", "hydrated"), "absent")[0] > 0.85


def test_the_result_does_not_depend_on_the_number_of_workers():
    worlds = {"dry": 3, "deep": 3}
    assert error_rates(LAB, worlds, 5, workers=2).counts == error_rates(LAB, worlds, 5).counts


def test_shares_come_with_exact_bounds():
    rates = ErrorRates({("dry", "confirmed"): 2}, {"dry": 1000})
    share, low, high = rates.share(("dry",), "confirmed")
    assert (share, low, high) == pytest.approx((2e-3, 2.42e-4, 7.21e-3), rel=0.01)
    assert rates.share(("dry",), "absent")[:2] == (0.0, 0.0)


def test_a_plan_looks_from_above_before_it_drills():
    first, *below = default_plan((0.5, 1.2))
    assert all(step.depth_m == 0.0 for step in first)
    assert [{step.depth_m for step in group} for group in below] == [{0.5}, {1.2}]
