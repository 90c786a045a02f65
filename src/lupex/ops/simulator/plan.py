"""A plan for the simulator as a JSON file; it may start from the state at the end of an earlier one."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.errors import InputError
from lupex.base.gate import file_json, number
from lupex.base.utc import utc_text
from lupex.model import Rover
from lupex.model.telemetry.dictionary import Dictionary
from lupex.ops.simulator.body import Body
from lupex.ops.simulator.onboard import Onboard
from lupex.ops.simulator.spacecraft import FAULTS, Fault, RadioSettings, Spacecraft
from lupex.ops.simulator.state import restore
from lupex.ops.simulator.surroundings import Surroundings
from lupex.packets.coding.cltu import cltu
from lupex.packets.definitions.encode import encode_command
from lupex.packets.frames.telecommand import TcFrame
from lupex.packets.pus.schedule import action_packet, insert_packet
from lupex.packets.times.cuc import utc_to_tai

_KEYS = (
    "start_utc",
    "duration_s",
    "seed",
    "commands",
    "contacts",
    "faults",
    "state",
    "place",
    "charge_wh",
    "light_time_s",
)
_STEP_S = 10.0
LONGEST_S = 30 * 86_400.0


@dataclass(frozen=True, kw_only=True)
class PlannedCommand:
    """A command of a plan: when it leaves the ground, its name and arguments, when it is to be executed on board
    (None: as it arrives), and the event whose action it becomes (None: of none)."""

    send_tai_s: float
    name: str
    given: dict[str, Any]
    execute_tai_s: float | None = None
    on_event: int | None = None


@dataclass(frozen=True, kw_only=True)
class SimulationPlan:
    """What is to be simulated.

    Attributes:
        start_tai_s, duration_s: span. seed: of slip, drift and noise. commands: in order of sending.
        contacts_tai_s: (start, stop); empty: always. faults: that happen. state: of an earlier run, {} for none.
        x_m, y_m: where the rover stands at first, map frame, None: in the middle of the map. charge_wh: then.
        light_time_s: one way.
    """

    start_tai_s: float
    duration_s: float
    seed: int = 0
    commands: tuple[PlannedCommand, ...] = ()
    contacts_tai_s: tuple[tuple[float, float], ...] = ()
    faults: tuple[Fault, ...] = ()
    state: dict[str, Any]
    x_m: float | None = None
    y_m: float | None = None
    charge_wh: float | None = None
    light_time_s: float = 1.3

    def at(self, x_m: float, y_m: float) -> "SimulationPlan":
        """The plan with this place where it states none."""
        return replace(self, x_m=x_m if self.x_m is None else self.x_m, y_m=y_m if self.y_m is None else self.y_m)


def read_plan(path: str | Path) -> SimulationPlan:
    """The plan of a JSON file. Raises InputError naming file and place.

    Args:
        path: of a file with start_utc, duration_s and, as wanted, seed, commands, contacts, faults, place, charge_wh,
            light_time_s and state (the state file of an earlier run, or its name).
    """
    table = file_json(path, "a plan")
    if not isinstance(table, dict):
        raise InputError(f"{path}: is no plan", "write an object with start_utc and duration_s")
    for key in table:
        if key not in _KEYS:
            raise InputError(f"{path}: unknown name '{key[:40]}'", f"known: {', '.join(_KEYS)}")
    state = table.get("state", {})
    if isinstance(state, str):
        state = file_json(Path(path).parent / state, "a state")
    if not isinstance(state, dict):
        raise InputError(f"{path} state: is no object", "name the state file of an earlier run")
    start = (
        state.get("tai_s", 0.0)
        if "start_utc" not in table and state
        else _tai(f"{path} start_utc", table.get("start_utc"))
    )
    place = table.get("place") or {}
    x_m, y_m = (number(f"{path} place {key}", place[key]) if key in place else None for key in ("x_m", "y_m"))
    return SimulationPlan(
        start_tai_s=float(start),
        duration_s=number(f"{path} duration_s", table.get("duration_s"), 1.0, LONGEST_S),
        seed=int(number(f"{path} seed", table.get("seed", 0), 0, 2**63)),
        state=state,
        x_m=x_m,
        y_m=y_m,
        commands=tuple(
            _command(f"{path} commands {k}", one) for k, one in enumerate(_list(path, table, "commands"), 1)
        ),
        contacts_tai_s=tuple(
            _span(f"{path} contacts {k}", one) for k, one in enumerate(_list(path, table, "contacts"), 1)
        ),
        faults=tuple(_fault(f"{path} faults {k}", one) for k, one in enumerate(_list(path, table, "faults"), 1)),
        charge_wh=None if "charge_wh" not in table else number(f"{path} charge_wh", table["charge_wh"], 0.0),
        light_time_s=number(f"{path} light_time_s", table.get("light_time_s", 1.3), 0.0, 10.0),
    )


def spacecraft_for(plan: SimulationPlan, dictionary: Dictionary, rover: Rover, around: Surroundings) -> Spacecraft:
    """The spacecraft at the beginning of a plan.

    Args:
        plan: with the state it starts from. dictionary: packets and commands. rover: of the catalogue.
        around: ground and light.

    Raises InputError for a state that is none, or a place off the map.
    """
    grid = around.terrain.grid
    x_m = 0.5 * (grid.left_m + grid.right_m) if plan.x_m is None else plan.x_m
    y_m = 0.5 * (grid.top_m + grid.bottom_m) if plan.y_m is None else plan.y_m
    charge = rover.battery_wh if plan.charge_wh is None else plan.charge_wh
    body = Body(x_m=x_m, y_m=y_m, odometry_x_m=x_m, odometry_y_m=y_m, charge_wh=charge)
    onboard = Onboard(dictionary=dictionary, rover=rover, body=body)
    always = ((plan.start_tai_s, plan.start_tai_s + plan.duration_s + 1.0),)
    radio = RadioSettings(contacts_tai_s=plan.contacts_tai_s or always, light_time_s=plan.light_time_s)
    craft = Spacecraft(
        onboard=onboard,
        around=around,
        radio=radio,
        rng=np.random.default_rng(plan.seed),
        tai_s=plan.start_tai_s,
        faults=plan.faults,
    )
    if plan.state:
        restore(craft, plan.state)
    around.slopes_deg(onboard.body.x_m, onboard.body.y_m, 0.0)
    return craft


def simulate(plan: SimulationPlan, craft: Spacecraft) -> bytes:
    """Let a plan pass; what the ground received: frames in code blocks behind markers.

    Args:
        plan: to follow. craft: from `spacecraft_for`; it is at the end of the plan afterwards.

    Raises InputError for a command that cannot be encoded.
    """
    units = command_units(plan, craft)
    received = []

    def send_due() -> None:
        while units and units[0][0] <= craft.tai_s:
            craft.uplink(units.pop(0)[1], craft.tai_s)

    while craft.tai_s < plan.start_tai_s + plan.duration_s:
        send_due()
        craft.step(_STEP_S)
        received.append(craft.downlink(craft.tai_s))
    send_due()  # on its way when the plan ends, and in its state
    received.append(craft.downlink(craft.tai_s + craft.radio.light_time_s))
    return b"".join(received)


def command_units(plan: SimulationPlan, craft: Spacecraft) -> list[tuple[float, bytes]]:
    """The commands of a plan as CLTUs with the time each leaves, in order.

    Args:
        plan: with commands. craft: whose count of commands goes on.

    Raises InputError for a command that cannot be encoded.
    """
    units = []
    for one in sorted(plan.commands, key=lambda one: one.send_tai_s):
        count, craft.commands_sent = craft.commands_sent % 16384, craft.commands_sent + 1
        packet = encode_command(craft.onboard.dictionary, one.name, one.given, count)
        if one.execute_tai_s is not None:
            packet = insert_packet(100, [(one.execute_tai_s, packet)], count)
        if one.on_event is not None:
            packet = action_packet(100, one.on_event, packet, count)
        frame = TcFrame(scid=craft.radio.scid, vcid=0, data=packet, bypass=True)
        units.append((one.send_tai_s, cltu(frame.octets())))
    return units


def _tai(place: str, value: Any) -> float:
    if not isinstance(value, str):
        raise InputError(f"{place}: no time", "write it like 2028-06-01T00:00:00Z")
    try:
        return float(utc_to_tai(utc_text(value))[0])
    except InputError as error:
        raise InputError(f"{place}: {error.what}", error.fix) from None


def _list(path: str | Path, table: dict[str, Any], key: str) -> list[Any]:
    held = table.get(key, [])
    if not isinstance(held, list):
        raise InputError(f"{path} {key}: is no list", "write [...]")
    return held


def _command(place: str, one: Any) -> PlannedCommand:
    if (
        not isinstance(one, dict)
        or not isinstance(one.get("command"), str)
        or not isinstance(one.get("arguments", {}), dict)
    ):
        raise InputError(f"{place}: is no command", 'write {"utc": ..., "command": ..., "arguments": {...}}')
    execute = None if "execute_utc" not in one else _tai(f"{place} execute_utc", one["execute_utc"])
    return PlannedCommand(
        send_tai_s=_tai(f"{place} utc", one.get("utc")),
        name=one["command"],
        given=one.get("arguments", {}),
        execute_tai_s=execute,
        on_event=None if "on_event" not in one else int(number(f"{place} on_event", one["on_event"], 1, 65535)),
    )


def _span(place: str, one: Any) -> tuple[float, float]:
    if not isinstance(one, list) or len(one) != 2:
        raise InputError(f"{place}: is no span", 'write ["2028-06-01T00:00:00Z", "2028-06-01T03:00:00Z"]')
    start, stop = (_tai(place, text) for text in one)
    if stop <= start:
        raise InputError(f"{place}: the stop is not after the start", "swap them")
    return start, stop


def _fault(place: str, one: Any) -> Fault:
    if not isinstance(one, dict) or one.get("kind") not in FAULTS:
        raise InputError(f"{place}: is no fault", f"write a kind, one of {', '.join(FAULTS)}, and utc")
    return Fault(
        one["kind"],
        _tai(f"{place} utc", one.get("utc")),
        number(f"{place} duration_s", one.get("duration_s", 0.0), 0.0),
    )
