"""Commands that break a flight rule are refused with the rule's name."""

import pytest
from tests.ops.scenes import LUPEX, catalogue_rover

from lupex.base.errors import InputError
from lupex.model.telemetry.dictionary import Comparison
from lupex.ops.commanding.rules import FlightRuleError, Known, check_rules
from lupex.ops.commanding.stack import Stack, Step, checked_stack, guards_hold

WELL = {
    "mode": "IDLE", "charge_wh": 5000.0, "x_m": 0.0, "y_m": 0.0, "age_s": 10.0, "rover": catalogue_rover(),
    "hazard": lambda x_m, y_m: "a crater" if x_m > 100.0 else "",
}  # fmt: skip
TARGET = {"x_m": 10.0, "y_m": 0.0, "waypoint": 1}


def test_a_sound_drive_may_go() -> None:
    check_rules("drive_to", TARGET, Known(**WELL))


@pytest.mark.parametrize(
    ("change", "given", "rule"),
    [
        ({"age_s": 4000.0}, TARGET, "fresh-telemetry"),
        ({"mode": "SAFE"}, TARGET, "no-work-in-safe-mode"),
        ({"charge_wh": 100.0}, TARGET, "charge-to-work"),
        ({"mode": "DRILL"}, TARGET, "no-drive-with-drill-down"),
        ({}, {**TARGET, "x_m": 200.0}, "stay-off-hazards"),
    ],
)
def test_a_drive_that_breaks_a_rule_is_refused_by_its_name(change: dict, given: dict, rule: str) -> None:
    with pytest.raises(FlightRuleError, match=rule):
        check_rules("drive_to", given, Known(**(WELL | change)))
    check_rules("ping", {}, Known(**(WELL | change)))


def test_a_stack_is_checked_before_it_is_loaded_and_needs_a_name_for_its_go() -> None:
    good = Stack(name="s", steps=(Step(name="ping", guards=(Comparison("rover_charge_wh", "100", ">"),)),))
    assert checked_stack(LUPEX, good) is good
    assert good.with_go(" Asha ").go == "Asha"
    with pytest.raises(InputError, match="without a name"):
        good.with_go(" ")
    with pytest.raises(InputError, match="stack s step 1: drive distance_m = 99"):
        checked_stack(LUPEX, Stack(name="s", steps=(Step(name="drive", given={"distance_m": 99, "heading_deg": 1}),)))
    with pytest.raises(InputError, match="unknown parameter 'volts'"):
        checked_stack(LUPEX, Stack(name="s", steps=(Step(name="ping", guards=(Comparison("volts", "1"),)),)))


def test_guards_hold_on_newest_values_and_say_what_they_found() -> None:
    guards = (Comparison("rover_charge_wh", "100", ">"), Comparison("rover_mode", "IDLE"))
    assert guards_hold(guards, {"rover_charge_wh": 200.0, "rover_mode": "IDLE"}) == ""
    assert guards_hold(guards, {"rover_charge_wh": 200.0, "rover_mode": "SAFE"}) == "rover_mode == IDLE: it is SAFE"
    assert guards_hold(guards, {}) == "rover_charge_wh > 100: no value yet"
