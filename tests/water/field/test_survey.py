"""A survey over made-up places: which stations, what they may prove, and what the field changes."""

from dataclasses import replace

import numpy as np
import pytest
from tests.water.inference.scenes import INSTRUMENTS

from lupex.base.errors import InputError
from lupex.mission import load_mission
from lupex.water import GroundPrior, Rule, Spots
from lupex.water.field.survey import (
    HolePlan,
    choose,
    effort,
    expected_decision,
    place_value,
    present_probability,
    survey,
)
from lupex.water.field.value import LossSettings
from lupex.water.inference.worlds import default_plan

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
    one = expected_decision(SETTINGS, Rule(), PLAN, here, probability, stations[:1], 1)
    assert one["confirmed"] == pytest.approx(0.3 * 0.95 + 0.7 * 0.001, abs=0.03)
    assert one["absent"] == pytest.approx(0.7 * 0.9 + 0.3 * 0.01, abs=0.03)
    three = expected_decision(SETTINGS, Rule(), PLAN, here, probability, stations, 1)
    assert three["confirmed"] == pytest.approx(1.0 - (1.0 - 0.3 * 0.95 - 0.7 * 0.001) ** 3, abs=0.03)
    assert sum(three.values()) == pytest.approx(1.0)


def test_deeper_holes_take_longer():
    hours = [effort(default_plan(depths), INSTRUMENTS)[0] for depths in ((0.3,), (1.4,), (0.3, 1.4))]
    assert hours[0] < hours[1] < hours[2]
    # 0.3 m: 3 bites and one sample, 900 s of neutrons, 30 s of radar, 60 s of bands, six oven runs (blank and sample).
    ovens = 2 * (7200.0 + 1800.0 + 1200.0)
    assert hours[0] == pytest.approx((3 * 80.0 + 3600.0 + 900.0 + 30.0 + 60.0 + ovens) / 3600.0)


def test_probability_of_water_follows_the_chance_of_ice_and_the_cover():
    found = present_probability(GroundPrior(), Rule(), np.array([0.3, 0.3, 0.02]), np.array([0.1, 1.3, 0.1]))
    assert 0.3 > found[0] > found[1] > found[2] > 0.0


def test_a_whole_survey_is_the_same_for_the_same_seed():
    probability = np.array([0.25, 0.25, 0.02])
    one = survey(SETTINGS, Rule(), GroundPrior(), INSTRUMENTS, spots([0.0, 800.0, 1600.0]), probability, 4)
    two = survey(SETTINGS, Rule(), GroundPrior(), INSTRUMENTS, spots([0.0, 800.0, 1600.0]), probability, 4)
    assert one.plans == two.plans and one.stations == two.stations
    assert one.confirmed + one.absent + one.undecided == pytest.approx(1.0)
    assert one.chosen.right_yes > 0.6


def test_no_place_is_said():
    with pytest.raises(InputError, match="no place for a hole"):
        survey(SETTINGS, Rule(), GroundPrior(), INSTRUMENTS, spots([]), np.zeros(0), 1)
