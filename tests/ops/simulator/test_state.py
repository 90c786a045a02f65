"""A plan that goes on from the end of another: as if there had been no break."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.ops.scenes import LUPEX, START_S, around, catalogue_rover

from lupex.base.errors import InputError
from lupex.ops.simulator.plan import PlannedCommand, SimulationPlan, simulate, spacecraft_for
from lupex.ops.simulator.spacecraft import Fault
from lupex.ops.simulator.state import end_state


def plan(duration_s: float, **more: object) -> SimulationPlan:
    wanted = (
        (60.0, "drive", {"distance_m": 9.0, "heading_deg": 170.0}, None, None),
        (65.0, "load_memory", {"memory": "RAM", "address": 40, "first_half": 2**31, "second_half": 0}, None, None),
        (66.0, "add_monitor", {"monitor": 1, "parameter": "rover_charge_wh", "repetitions": 1, "low": 4990.0,
                               "high": 1e9, "event": 10}, None, None),
        (67.0, "enable_monitor", {"monitor": 1}, None, None),
        (68.0, "ping", {}, START_S + 900.0, None),
        (69.0, "set_heater", {"heater": "ON"}, None, 10),
        (70.0, "enable_action", {"event": 10}, None, None),
        (399.5, "ping", {}, None, None),  # on its way when the first half ends
        (700.0, "dump_memory", {"memory": "RAM", "address": 40, "length": 8}, None, None),
    )  # fmt: skip
    commands = tuple(
        PlannedCommand(send_tai_s=START_S + at, name=name, given=given, execute_tai_s=when, on_event=event)
        for at, name, given, when, event in wanted
    )
    given = {
        "start_tai_s": START_S, "duration_s": duration_s, "seed": 3, "commands": commands, "charge_wh": 5000.0,
        "contacts_tai_s": ((START_S, START_S + 500.0), (START_S + 800.0, START_S + 1e5)), "state": {},
        "faults": (Fault("restart", START_S + 100.0), Fault("noise", START_S + 300.0, 200.0)),
    }  # fmt: skip
    return SimulationPlan(**(given | more))


def flown(one: SimulationPlan) -> tuple[bytes, dict]:
    craft = spacecraft_for(one, LUPEX, catalogue_rover(), around(0.0))
    return simulate(one, craft), end_state(craft)


def test_two_halves_give_the_octets_and_the_state_of_the_whole(tmp_path: Path) -> None:
    octets, state = flown(plan(1200.0))
    first, middle = flown(replace(plan(400.0), commands=plan(1.0).commands[:8]))
    middle = json.loads(json.dumps(middle))  # as a file holds it
    rest = replace(plan(800.0), start_tai_s=START_S + 400.0, state=middle, commands=plan(1.0).commands[8:])
    second, end = flown(rest)
    assert first + second == octets
    assert json.loads(json.dumps(end)) == json.loads(json.dumps(state))
    assert end["services"]["memory"] == {"32": "00" * 8 + "80" + "00" * 23}
    assert end["services"]["monitors"]["1"]["check"] == "BELOW"


@pytest.mark.parametrize(
    "state",
    [{"body": 3}, {"mode": "IDLE"}, {"body": {}, "mode": "IDLE", "waypoint": 0, "schedule_on": True, "schedule": [],
     "stored": []}],
)  # fmt: skip
def test_what_is_no_state_is_refused(state: dict) -> None:
    with pytest.raises(InputError, match="none of a simulation"):
        flown(plan(10.0, state=state))


def test_a_changed_state_is_refused_or_flown_but_never_crashes() -> None:
    _, state = flown(plan(200.0))
    for key in state:
        for wrong in (None, "x", -1, [1], {"a": 1}):
            try:
                flown(plan(20.0, state=json.loads(json.dumps(state)) | {key: wrong}))
            except InputError:
                continue
