"""The relaxed choice: what it lets wait, what it lets charge, and which groups it calls impossible."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from tests.traverse.made_up_choices import made_up_choice, orders_of, roomy_choice

from lupex.traverse.campaign.order_choice import impossible_groups


def test_work_waits_for_its_window() -> None:
    choice = replace(roomy_choice(2), windows=(((5, 6), (9, 12)), ((0, 20),)))
    assert choice.after((0.0, 100.0), -1, 0) == (6.0, 100.0)
    assert choice.after((7.0, 100.0), 1, 0) == (10.0, 100.0)
    assert choice.after((12.0, 100.0), 1, 0) is None


def test_work_waits_for_charge_where_idling_charges_and_never_where_it_does_not() -> None:
    plain = roomy_choice(1)
    low = replace(plain.charge, start=10.0, idle_per_step=2.0, work=np.array([-30.0]), departure_least=np.array([4.0]))
    # 34 Wh are wanted on arrival: 24 Wh more than at the start take 12 steps, the work one more.
    assert replace(plain, steps=40, windows=(((0, 40),),), charge=low).after((0.0, 10.0), -1, 0) == (13.0, 4.0)
    assert replace(plain, charge=replace(low, idle_per_step=0.0)).after((0.0, 10.0), -1, 0) is None


def test_a_leg_costs_its_shortfall_and_the_battery_is_never_more_than_full() -> None:
    plain = roomy_choice(1)
    bounds = replace(plain.charge, from_start=np.array([7.0]), idle_per_step=3.0, work=np.array([-1.0]))
    assert replace(plain, charge=bounds).after((0.0, 50.0), -1, 0) == (2.0, 50.0 + 3.0 - 7.0 - 1.0)
    assert replace(plain, charge=bounds).after((0.0, 110.0), -1, 0) == (2.0, 99.0)


def test_more_charge_wanted_than_a_battery_holds_is_infinite() -> None:
    bounds = roomy_choice(2).charge
    assert replace(bounds, work=np.array([-101.0, -99.0])).wanted(0) == np.inf
    assert replace(bounds, work=np.array([-101.0, -99.0])).wanted(1) == pytest.approx(99.0)
    assert replace(bounds, departure_least=np.array([np.inf, 0.0])).wanted(0) == np.inf
    assert replace(bounds, arrival_most=np.array([-np.inf, 9.0]), work=np.array([0.0, -10.0])).wanted(1) == np.inf


@pytest.mark.parametrize("seed", range(12))
def test_what_fits_keeps_fitting_when_a_stop_is_left_out(seed: int) -> None:
    choice = made_up_choice(seed)
    for order in orders_of(5):
        if choice.fits(order):
            assert all(choice.fits(order[:at] + order[at + 1 :]) for at in range(len(order)))


@pytest.mark.parametrize("seed", range(12))
def test_impossible_groups_are_those_no_order_serves_and_none_besides(seed: int) -> None:
    choice = made_up_choice(seed)
    groups, most = impossible_groups(choice, 100_000)
    fitting = {frozenset(order) for order in orders_of(5) if choice.fits(order)}
    assert most == max(len(group) for group in fitting)
    for group in groups:
        assert not any(choice.fits(order) for order in permutations(group))
    for order in orders_of(5):
        if len(order) <= most:
            assert (frozenset(order) in fitting) != any(group <= set(order) for group in groups)


def test_groups_beyond_the_limit_of_labels_are_not_judged() -> None:
    assert impossible_groups(roomy_choice(4), 3) == ((), 4)
    assert impossible_groups(roomy_choice(4), 1000) == ((), 4)
