"""The rule: what it takes for a yes, a no, and what it says is missing."""

from dataclasses import replace

import pytest
from tests.water.inference.scenes import DEPTHS, RULE, blank, drawn, tables

from lupex.water import Rule, decide, ground
from lupex.water.models import Look, Measurement

WET, DRY = ground(0.03, 0.2, 5e-4), ground(0.0, 0.0, 5e-4)


def hole(made, names=("ltga", "adore"), depths=(0.6,), blanks=("ltga", "adore"), seed=1):
    table = tables()
    for name in blanks:
        table.add(blank(name))
    for depth in depths:
        for name in names:
            table.add(drawn(name, made, seed, depth_m=depth))
    return table


def answer(table, rule: Rule = RULE):
    return decide(rule, ["hole"], [table])


def test_a_wet_sample_with_blanks_and_two_analysers_is_a_yes():
    found = answer(hole(WET))
    assert (found.answer, found.missing) == ("confirmed", ())
    assert found.present > 0.999


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (hole(WET, blanks=("ltga",)), "a dry blank of adore"),
        (hole(WET, names=("adore", "nir_cuttings")), "thermogravimetry (ltga) of a sample that adore has measured"),
        (hole(WET, names=("ltga",)), "a channel that sees the molecule"),
    ],
)
def test_what_the_rule_still_asks_for_is_named(table, said):
    found = answer(table, replace(RULE, specific="adore"))
    assert found.answer == "undecided"
    assert any(said in sentence for sentence in found.missing), found.missing


def test_a_dirty_blank_is_no_blank():
    table = hole(WET, blanks=("ltga",))
    table.add(blank("adore", 0.4))
    found = answer(table, replace(RULE, specific="adore"))
    assert any("a clean blank of adore: 0.4 wt%" in sentence for sentence in found.missing)


def test_neutrons_alone_never_confirm():
    """Hydrogen is not water: ever so many counts over 10 wt% leave the molecule to be seen."""
    table = tables()
    table.add(drawn("nss", ground(0.1, 0.0, 5e-4), 1, time_s=1e5))
    found = answer(table)
    assert found.answer == "undecided"
    assert any("sees the molecule" in sentence for sentence in found.missing)


def test_a_hole_dry_all_the_way_down_is_a_no_and_one_dry_half_way_is_not():
    assert answer(hole(DRY, depths=DEPTHS)).answer == "absent"
    half = answer(hole(DRY, depths=DEPTHS[:2]))
    assert half.answer == "undecided"
    assert any("how deep has been looked?" in sentence for sentence in half.missing)


def test_one_stray_reading_confirms_nothing():
    """One analyser at 12 wt% and two at nothing is a fault, not water."""
    table = hole(DRY, names=("ltga", "triton"), blanks=("ltga", "adore", "triton"))
    table.add(Measurement("adore", Look(depth_m=0.6), {"water_wt_percent": 12.0}, where="here"))
    assert answer(table).answer != "confirmed"


def test_more_places_ask_for_more():
    """The false alarm promised is that of the campaign: each of n places must clear n times the ratio."""
    one, many = hole(WET, names=("ltga", "adore")), [hole(DRY) for _ in range(3)]
    found = decide(RULE, ["a", "b", "c", "d"], [one, *many])
    assert found.places[0].answer == "confirmed"
    assert found.answer == "confirmed"
    assert {place.answer for place in found.places[1:]} == {"undecided"}
