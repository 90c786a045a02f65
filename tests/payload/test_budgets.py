"""Budgets against tables worked by hand."""

import pytest
from tests.payload.scenes import POLICY, item, scene

from lupex.model.payload.hosts import MarginPolicy
from lupex.payload import budgets


def rows_of(programme, assignment):
    return {(row.host, row.quantity, row.phase): row for row in budgets(programme, assignment)}


def test_margins_of_two_instruments_by_hand():
    made = scene(item("a"), item("b", maturity="new", mass_kg=5.0, measuring_w=21.0, standby_w=2.0))
    rows = rows_of(made, {"a": "front", "b": "front"})
    mass = rows["rover", "mass", "all"]
    # 10 + 1 harness, 5 + 1 harness; margins 10 %, 20 % and 5 % on the harness.
    assert mass.basic == pytest.approx(17.0)
    assert mass.margined == pytest.approx(11.0 + 1.05 + 6.0 + 1.05)
    assert mass.margin == pytest.approx(30.0 - 19.1)
    # While b measures a waits: 21 + 1, with margins 25.2 + 1.1.
    power = rows["rover", "power", "sun"]
    assert (power.basic, power.margined) == (pytest.approx(22.0), pytest.approx(26.3))
    assert rows["rover", "power", "night"].margined == pytest.approx(0.55 + 0.6)
    # 20 Wh x 2 + 1 W x 24 h, and 20 x 2 + 2 x 24.
    assert rows["rover", "energy", "day"].basic == pytest.approx(64.0 + 88.0)
    assert rows["rover", "energy", "night"].margined == pytest.approx(300.0 * 1.15)
    assert rows["rover", "data", "day"].margined == pytest.approx(66.0 + 72.0)


def test_the_margin_of_the_system_is_on_the_margined_sum():
    made = scene(item("a"))
    policy = MarginPolicy("esa", "", POLICY.fraction, 0.20, {})
    with_system = scene(item("a"))
    object.__setattr__(with_system, "policy", policy)
    plain, more = (rows_of(one, {"a": "front"})["rover", "mass", "all"].margined for one in (made, with_system))
    assert more == pytest.approx(1.2 * plain)


def test_a_phase_the_host_does_not_have_has_no_row():
    rows = rows_of(scene(item("a")), {"a": "deck"})
    assert ("lander", "power", "night") not in rows
    assert ("rover", "power", "night") in rows
    assert rows["rover", "mass", "all"].basic == 0.0
