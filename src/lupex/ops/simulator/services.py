"""Services of PUS-C that work on the software's own tables: memory (6), monitoring (12), actions (19), parameters (20).

One item a request, as the dictionary has it. Checks of service 12 are limit checks; a check changes after so many
values in a row. An action of service 19 is a whole command packet, taken when its event is raised.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lupex.ops.simulator.body import Body
from lupex.packets.coding.checks import crc16_of

BAD_CHECKSUM, UNKNOWN, REFUSED, NOT_NOW, GIVEN_UP = 1, 2, 3, 4, 5
"""Failure codes of service 1."""
FAILURES = {
    BAD_CHECKSUM: "wrong checksum", UNKNOWN: "unknown", REFUSED: "refused", NOT_NOW: "not now", GIVEN_UP: "given up",
}  # fmt: skip
MEMORY = 65536
DUMP = 32
MOST_ENTRIES = 64
"""Definitions of monitoring, and of actions, that there is room for."""
UNCHECKED, WITHIN, BELOW, ABOVE = "UNCHECKED", "WITHIN", "BELOW", "ABOVE"
SETTINGS = {
    # assumptions, each: value at the start, least and greatest that is taken
    "report_period_s": (60.0, 1.0, 3600.0),
    "stuck_time_s": (120.0, 20.0, 3600.0),  # visual odometry sees no progress for so long: the drive is given up
    "heater_on_k": (250.0, 200.0, 290.0),
    "heater_off_k": (270.0, 210.0, 320.0),
    "silence_s": (48.0 * 3600.0, 600.0, 30.0 * 86_400.0),  # without a command for so long: safe mode
    "tilt_limit_deg": (25.0, 5.0, 35.0),  # the rover's max_slope_deg
}
"""On-board parameters that can be set: value at the start, least and greatest."""
Report = tuple[str, dict[str, Any]]
Answer = tuple[int, list[Report]]


def measured_values(body: Body, battery_wh: float) -> dict[str, float]:
    """On-board parameters that services 12 and 20 can read.

    Args:
        body: of the rover. battery_wh: of a full battery.
    """
    return {
        "rover_battery_v": 24.0 + 8.4 * body.charge_wh / battery_wh,
        "rover_charge_wh": body.charge_wh, "rover_array_w": body.array_w, "rover_load_w": body.load_w,
        "rover_battery_k": body.battery_k, "rover_pitch_deg": body.pitch_deg, "rover_roll_deg": body.roll_deg,
        "rover_odometer_m": body.odometer_m,
    }  # fmt: skip


@dataclass(kw_only=True)
class Monitor:
    """A definition of service 12: what is watched, how, and the result."""

    parameter: str
    repetitions: int
    low: float
    high: float
    event: int
    enabled: bool = False
    check: str = UNCHECKED
    candidate: str = UNCHECKED
    in_row: int = 0

    def seen(self, value: float) -> bool:
        """Take in a value; whether the result has changed. A value that is no number is above every limit."""
        found = ABOVE if math.isnan(value) or value > self.high else BELOW if value < self.low else WITHIN
        self.in_row = self.in_row + 1 if found == self.candidate else 1
        self.candidate = found
        if found == self.check or self.in_row < self.repetitions:
            return False
        self.check = found
        return True


@dataclass(kw_only=True)
class Services:
    """Tables of the services.

    Attributes:
        settings: on-board parameters that can be set. memory: octets of the memory RAM.
        monitors: definition -> what it watches. actions: event -> command packet, and whether it is taken.
        monitoring, acting: whether the functions are on. time_exponent: of 2, seconds between time reports, 0 none.
    """

    settings: dict[str, float] = field(default_factory=lambda: {name: row[0] for name, row in SETTINGS.items()})
    memory: bytearray = field(default_factory=lambda: bytearray(MEMORY))
    monitors: dict[int, Monitor] = field(default_factory=dict)
    actions: dict[int, tuple[bytes, bool]] = field(default_factory=dict)
    monitoring: bool = True
    acting: bool = True
    time_exponent: int = 0

    def execute(self, name: str, given: Mapping[str, Any], values: Mapping[str, float]) -> Answer | None:
        """Failure code (0: done) and reports, None for a command of another service.

        Args:
            name, given: the command. values: on-board parameters that are measured.
        """
        method = _METHODS.get(name)
        return None if method is None else method(self, given, {**values, **self.settings})

    def watch(self, values: Mapping[str, float]) -> tuple[list[Report], list[tuple[int, float]]]:
        """Reports of checks that have changed, and events (number, value) of those that left their range.

        Args:
            values: on-board parameters that are measured.
        """
        reports: list[Report] = []
        events: list[tuple[int, float]] = []
        known = {**values, **self.settings}
        for number, one in self.monitors.items():
            before = one.check
            if not (self.monitoring and one.enabled and one.seen(known[one.parameter])):
                continue
            value = known[one.parameter]
            left = before if one.check == WITHIN else one.check
            limit = one.low if left == BELOW else one.high
            reports.append(
                (
                    "monitor_transition",
                    {
                        "transition_monitor": number, "transition_parameter": one.parameter,
                        "transition_value": value, "transition_limit": limit, "transition_before": before,
                        "transition_after": one.check,
                    },
                )
            )  # fmt: skip
            if one.check != WITHIN:
                events.append((one.event, value))
        return reports, events

    def action(self, event: int) -> bytes | None:
        """The command to execute when an event is raised, None for none."""
        packet, enabled = self.actions.get(event, (b"", False))
        return packet if self.acting and enabled else None

    def add_action(self, event: int, packet: bytes) -> int:
        """Note the action of an event, not yet taken; 0, or a failure code where it is enabled or there is no room."""
        if self.actions.get(event, (b"", False))[1]:
            return NOT_NOW
        if event not in self.actions and len(self.actions) >= MOST_ENTRIES:
            return REFUSED
        self.actions[event] = (packet, False)
        return 0

    def _load(self, given: Mapping[str, Any], values: Mapping[str, float]) -> Answer:
        first = given["address"]
        if first + 8 > MEMORY:
            return REFUSED, []
        word = int(given["first_half"]) << 32 | int(given["second_half"])
        self.memory[first : first + 8] = word.to_bytes(8, "big")
        return 0, []

    def _dump(self, given: Mapping[str, Any], values: Mapping[str, float]) -> Answer:
        first, length = given["address"], given["length"]
        if first + length > MEMORY:
            return REFUSED, []
        reports: list[Report] = []
        for start in range(first, first + length, DUMP):
            octets = bytes(self.memory[start : min(start + DUMP, first + length)])
            whole = octets.ljust(DUMP, b"\0")
            words = {f"dump_word_{k}": int.from_bytes(whole[8 * k : 8 * k + 8], "big") for k in range(4)}
            head = {"dump_memory": given["memory"], "dump_address": start, "dump_length": len(octets)}
            reports.append(("memory_dump", head | words))
        return 0, reports

    def _check(self, given: Mapping[str, Any], values: Mapping[str, float]) -> Answer:
        first, length = given["address"], given["length"]
        if first + length > MEMORY:
            return REFUSED, []
        found = crc16_of(bytes(self.memory[first : first + length]))
        head = {"check_memory": given["memory"], "check_address": first, "check_length": length}
        return 0, [("memory_check", head | {"check_sum": found})]

    def _time_rate(self, given: Mapping[str, Any], values: Mapping[str, float]) -> Answer:
        self.time_exponent = given["exponent"]
        return 0, []

    def _add_monitor(self, given: Mapping[str, Any], values: Mapping[str, float]) -> Answer:
        number = given["monitor"]
        if number in self.monitors:
            return NOT_NOW, []
        if given["parameter"] not in values or given["low"] > given["high"] or len(self.monitors) >= MOST_ENTRIES:
            return REFUSED, []
        names = ("parameter", "repetitions", "low", "high", "event")
        self.monitors[number] = Monitor(**{name: given[name] for name in names})
        return 0, []

    def _delete_monitor(self, given: Mapping[str, Any], values: Mapping[str, float]) -> Answer:
        one = self.monitors.get(given["monitor"])
        if one is None:
            return REFUSED, []
        if one.enabled:
            return NOT_NOW, []
        del self.monitors[given["monitor"]]
        return 0, []

    def _enable_monitor(self, given: Mapping[str, Any], enabled: bool) -> Answer:
        one = self.monitors.get(given["monitor"])
        if one is None:
            return REFUSED, []
        one.enabled, one.check, one.candidate, one.in_row = enabled, UNCHECKED, UNCHECKED, 0
        return 0, []

    def _report_monitor(self, given: Mapping[str, Any], values: Mapping[str, float]) -> Answer:
        one = self.monitors.get(given["monitor"])
        if one is None:
            return REFUSED, []
        report = {
            "monitor_id": given["monitor"], "monitor_parameter": one.parameter, "monitor_low": one.low,
            "monitor_high": one.high, "monitor_repetitions": one.repetitions, "monitor_event": one.event,
            "monitor_enabled": one.enabled, "monitor_check": one.check,
        }  # fmt: skip
        return 0, [("monitor_definition", report)]

    def _monitoring(self, on: bool) -> Answer:
        self.monitoring = on
        return 0, []

    def _enable_action(self, given: Mapping[str, Any], enabled: bool) -> Answer:
        if given["event"] not in self.actions:
            return REFUSED, []
        self.actions[given["event"]] = (self.actions[given["event"]][0], enabled)
        return 0, []

    def _delete_action(self, given: Mapping[str, Any], values: Mapping[str, float]) -> Answer:
        packet, enabled = self.actions.get(given["event"], (b"", False))
        if not packet:
            return REFUSED, []
        if enabled:
            return NOT_NOW, []
        del self.actions[given["event"]]
        return 0, []

    def _delete_actions(self, given: Mapping[str, Any], values: Mapping[str, float]) -> Answer:
        self.actions = {}
        return 0, []

    def _report_actions(self, given: Mapping[str, Any], values: Mapping[str, float]) -> Answer:
        return 0, [
            ("action_status", {"action_event": event, "action_enabled": enabled})
            for event, (_, enabled) in self.actions.items()
        ]

    def _acting(self, on: bool) -> Answer:
        self.acting = on
        return 0, []

    def _report_parameter(self, given: Mapping[str, Any], values: Mapping[str, float]) -> Answer:
        name = given["parameter"]
        if name not in values:
            return REFUSED, []
        return 0, [("parameter_value", {"reported_parameter": name, "reported_value": values[name]})]

    def _set_parameter(self, given: Mapping[str, Any], values: Mapping[str, float]) -> Answer:
        name, value = given["parameter"], given["value"]
        _, low, high = SETTINGS.get(name, (0.0, math.inf, -math.inf))
        wanted = self.settings | {name: value}
        if not low <= value <= high or wanted["heater_on_k"] >= wanted["heater_off_k"]:
            return REFUSED, []
        self.settings[name] = value
        return 0, []


_METHODS: dict[str, Callable[[Services, Mapping[str, Any], Mapping[str, float]], Answer]] = {
    "load_memory": Services._load,
    "dump_memory": Services._dump,
    "check_memory": Services._check,
    "set_time_rate": Services._time_rate,
    "add_monitor": Services._add_monitor,
    "delete_monitor": Services._delete_monitor,
    "enable_monitor": lambda held, given, _: held._enable_monitor(given, True),
    "disable_monitor": lambda held, given, _: held._enable_monitor(given, False),
    "report_monitor": Services._report_monitor,
    "enable_monitoring": lambda held, _, __: held._monitoring(True),
    "disable_monitoring": lambda held, _, __: held._monitoring(False),
    "enable_action": lambda held, given, _: held._enable_action(given, True),
    "disable_action": lambda held, given, _: held._enable_action(given, False),
    "delete_action": Services._delete_action,
    "delete_actions": Services._delete_actions,
    "report_actions": Services._report_actions,
    "enable_actions": lambda held, _, __: held._acting(True),
    "disable_actions": lambda held, _, __: held._acting(False),
    "report_parameter": Services._report_parameter,
    "set_parameter": Services._set_parameter,
}
