"""A survey over made-up places: which stations, what they may prove, and what the field changes."""

from dataclasses import replace

import numpy as np
import pytest
from tests.water.inference.scenes import INSTRUMENTS

from lupex.base.errors import InputError
from lupex.mission import load_mission
from lupex.water import GroundPrior, Rule, Spots
from lupex.water.field.survey import HolePlan, choose, expected_decision, place_value, plan_of, survey
from lupex.water.field.trials import hole_trials, kind_weights
from lupex.water.field.value import LossSettings

SETTINGS = replace(load_mission(None).water, stations=3, worlds=10, most_samples=1)
PLAN = HolePlan(depths_m=(1.4,), hours=10.0, energy_wh=100.0, right_yes=0.95, right_no=0.9, wrong_yes=0.001,
                wrong_no=0.01, value=0.5, worlds=10)  # fmt: skip


def spots(x: list[float]) -> Spots:
    values = np.asarray(x, np.float64)
    return Spots(values, 0 * values, 0 * values + 90.0, 0 * values)


def test_the_best_place_comes_first_and_its_neighbours_lose():
    """0 and 10 m are one place to the field: the second station goes where the ground is less likely but fresh."""
    found = choose(SETTINGS, PLAN, spots([0.0, 10.0, 900.0]), np.array([0.5, 0.49, 0.4]))
    assert [station.number for station in found] == [0, 2, 1]
    assert found[0].value > found[1].value > 10.0 * found[2].value


def test_a_certain_place_is_worth_nothing():
    assert place_value(PLAN, LossSettings(), np.array([0.0, 1.0])) == pytest.approx([0.0, 0.0], abs=1e-12)
    assert place_value(PLAN, LossSettings(), np.array([0.5]))[0] > 0.8


def test_chances_of_one_station_are_those_of_its_plan_and_more_stations_say_yes_more_often():
    probability = np.array([0.3, 0.3, 0.3])
    here = spots([0.0, 5000.0, 10_000.0])
    stations = choose(SETTINGS, PLAN, here, probability)
    one = expected_decision(SETTINGS, PLAN, here, probability, stations[:1], 1)
    assert one["confirmed"] == pytest.approx(0.3 * 0.95 + 0.7 * 0.001, abs=0.03)
    assert one["absent"] == pytest.approx(0.7 * 0.9 + 0.3 * 0.01, abs=0.03)
    three = expected_decision(SETTINGS, PLAN, here, probability, stations, 1)
    assert three["confirmed"] == pytest.approx(1.0 - (1.0 - 0.3 * 0.95 - 0.7 * 0.001) ** 3, abs=0.03)
    assert sum(three.values()) == pytest.approx(1.0)


@pytest.fixture(scope="module")
def trials():
    return hole_trials(SETTINGS, Rule(), GroundPrior(), INSTRUMENTS, 4)


def test_stations_and_chances_of_a_whole_survey(trials):
    probability = np.array([0.25, 0.25, 0.02])
    found = survey(SETTINGS, trials, GroundPrior(), spots([0.0, 800.0, 1600.0]), probability)
    assert [station.number for station in found.stations][:2] == [0, 1]
    assert found.confirmed + found.absent + found.undecided == pytest.approx(1.0)
    assert found.chosen.right_yes > 0.6
    assert found.alike_confirmed <= found.confirmed + 0.01  # one luck for all instead of one each
    assert found.alike_confirmed == pytest.approx(0.25 * found.chosen.right_yes, abs=0.03)
    assert found.chosen.depths_m == (1.4,)
    assert found.marginal == tuple(np.cumsum([station.value for station in found.stations]))


def test_a_place_with_a_deeper_cover_weighs_deep_ground_more(trials):
    """Of the same simulated holes a place under thick dust makes a poorer plan: deep ice is missed more often."""
    shallow, deep = (kind_weights(replace(GroundPrior(), cover_median_m=cover), Rule()) for cover in (0.05, 1.2))
    assert shallow["shallow"] > deep["shallow"] and shallow["deep"] < deep["deep"]
    plans = [plan_of(SETTINGS, trials.chosen, weights) for weights in (shallow, deep)]
    assert sum(shallow.values()) == pytest.approx(1.0)
    rates = trials.chosen.rates
    for plan, weights in zip(plans, (shallow, deep), strict=True):
        wet = {kind: weights[kind] for kind in ("shallow", "middle", "deep")}
        by_hand = sum(wet[k] * rates.share((k,), "confirmed")[0] for k in wet) / sum(wet.values())
        assert plan.right_yes == pytest.approx(by_hand)


def test_no_place_is_said(trials):
    with pytest.raises(InputError, match="no place for a hole"):
        survey(SETTINGS, trials, GroundPrior(), spots([]), np.zeros(0))
