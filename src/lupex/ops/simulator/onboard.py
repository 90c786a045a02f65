"""The rover's software: commands in, packets out, and what it does by itself when something is wrong.

Services of PUS-C it has: 1 (verification), 3 (housekeeping 27, 5, 6), 5 (events), 8 (functions), 9 (time reports),
11 (schedule 1 to 4), 17 (ping), and those of `services`. Others are answered with a failed acceptance.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Any

from lupex.base.errors import InputError
from lupex.model import Rover
from lupex.model.telemetry.dictionary import Dictionary
from lupex.ops.simulator.body import Body, Effort
from lupex.ops.simulator.instruments import Instruments
from lupex.ops.simulator.recorder import Recorder
from lupex.ops.simulator.services import BAD_CHECKSUM, GIVEN_UP, NOT_NOW, REFUSED, UNKNOWN, Services, measured_values
from lupex.packets.coding.checks import crc16_of
from lupex.packets.definitions.commands import decode_command
from lupex.packets.pus.schedule import ADD_ACTION, INSERT, added_action, inserted_activities
from lupex.packets.pus.telemetry import TelemetryWriter

LOW_BATTERY, STUCK, TILT, WAYPOINT, COMPLETE, RESTART, COLD, RELEASED, SILENT, OUT_OF_LIMITS = range(1, 11)
_LASTING = ("drive", "drive_to", "drill_to", "measure_neutrons")
"""Commands whose completion is reported when the work is done."""
ROVER_APID, DRILL_APID, NEUTRON_APID = 100, 302, 301


@dataclass(frozen=True)
class Drive:
    """A drive under way: metres of wheel turn left (negative: backwards), and the waypoint it leads to."""

    left_m: float
    waypoint: int = 0


@dataclass(kw_only=True)
class Onboard:
    """The software and its state.

    Attributes:
        dictionary: packets and commands. rover: what it can do. body: where it is. mode: label of the type 'mode'.
        services: tables of services 6, 12, 19 and 20. packets: made and not handed over yet.
        schedule: (TAI s, packet) of time-tagged commands. instruments: what they would read, None: they report nothing.
        recorder: of tracks of drives, None: they are not kept.
    """

    dictionary: Dictionary
    rover: Rover
    body: Body
    mode: str = "IDLE"
    services: Services = field(default_factory=Services)
    waypoint: int = 0
    drive: Drive | None = None
    drill_goal_m: float | None = None
    measuring_until: float = 0.0
    measuring_s: float = 0.0
    instruments: Instruments | None = None
    recorder: Recorder | None = None
    schedule: list[tuple[float, bytes]] = field(default_factory=list)
    schedule_on: bool = True
    reports: dict[int, bool] = field(default_factory=lambda: {1: True, 2: True})
    packets: list[bytes] = field(default_factory=list)
    stored: int = 0
    writer: TelemetryWriter = field(init=False)
    _next_report: float = 0.0
    _no_progress_s: float = 0.0
    _spun_m: float = 0.0
    _heard: float | None = None
    _pending: dict[str, bytes] = field(default_factory=dict)
    _raised: list[int] = field(default_factory=list)
    _next_time: float = 0.0

    def __post_init__(self) -> None:
        self.writer = TelemetryWriter(self.dictionary)

    def command(self, octets: bytes, tai_s: float) -> None:
        """Take a command packet: verify, then execute or refuse."""
        self._heard = tai_s
        request = octets[:4]
        if len(octets) < 13 or crc16_of(octets) != 0:
            self._verify(2, request, tai_s, BAD_CHECKSUM)
            return
        held = {INSERT: self._insert, ADD_ACTION: self._add_action}.get((octets[7], octets[8]))
        if held is not None:
            held(octets, tai_s)
            return
        try:
            name, given = decode_command(self.dictionary, octets)
        except InputError:
            self._verify(2, request, tai_s, UNKNOWN)
            return
        self._verify(1, request, tai_s)
        failure = self._execute(name, given, tai_s)
        if failure:
            self._verify(4, request, tai_s, failure)
            return
        self._verify(3, request, tai_s)
        if name in _LASTING:
            self._pending[name] = request
        else:
            self._verify(7, request, tai_s)

    def effort(self, step_s: float) -> Effort:
        """What the body is to do in the next step."""
        wheels = 0.0
        if self.drive is not None:
            wheels = math.copysign(min(self.rover.speed_m_s * step_s, abs(self.drive.left_m)), self.drive.left_m)
        drilling = self.rover.drill_power_w if self.drill_goal_m is not None else 0.0
        measuring = self.rover.measure_power_w if self.mode == "MEASURE" else 0.0
        return Effort(wheels_m=wheels, extra_w=drilling + measuring, asleep=self.mode == "SLEEP")

    def after(self, body: Body, effort: Effort, tai_s: float, step_s: float) -> None:
        """Look at the body after a step: progress, faults, reports, commands that are due.

        Args:
            body: after the step. effort: what it did. tai_s: now. step_s: length of the step.
        """
        moved_m = math.hypot(body.x_m - self.body.x_m, body.y_m - self.body.y_m)
        self.body = body
        driving = self.drive is not None
        self._follow_drive(effort, moved_m, tai_s, step_s)
        if self.recorder is not None:
            self.recorder.see(self.body, driving, (tai_s, step_s))
        self._follow_work(tai_s, step_s)
        self._guard(tai_s)
        self._watch(tai_s)
        self._release(tai_s)
        if self.services.time_exponent and tai_s >= self._next_time:
            self._next_time = tai_s + 2.0**self.services.time_exponent
            self.packets.append(self.writer.time_report(self.services.time_exponent, tai_s))
        if tai_s >= self._next_report:
            self._next_report = tai_s + self.services.settings["report_period_s"]
            for structure, wanted in self.reports.items():
                if wanted:
                    self.report(structure, tai_s)

    def restart(self, tai_s: float) -> None:
        """What happens when the computer restarts: counters and drive are gone, the schedule is kept but held; memory,
        monitoring, actions and settings are in what a restart does not touch."""
        self.writer = TelemetryWriter(self.dictionary)
        self.drive, self.drill_goal_m, self.schedule_on, self.mode = None, None, False, "IDLE"
        self._pending = {}
        if self.recorder is not None:
            self.recorder.close(tai_s)
        self.event(RESTART, tai_s, severity=3)

    def event(self, number: int, tai_s: float, value: float = 0.0, severity: int = 1) -> None:
        """Report an event; severity 1 information to 4 high."""
        self._raised.append(number)
        values = {"rover_event_id": number, "rover_event_value": value}
        self.packets.append(self.writer.packet("rover_event", values, tai_s, pus_subservice=severity))

    def report(self, structure: int, tai_s: float) -> None:
        """One housekeeping report."""
        body = self.body
        if structure == 1:
            values: dict[str, Any] = {
                "rover_battery_v": 24.0 + 8.4 * body.charge_wh / self.rover.battery_wh,
                "rover_battery_a": (body.array_w - body.load_w) / 28.0,
                "rover_charge_wh": body.charge_wh, "rover_array_w": body.array_w, "rover_load_w": body.load_w,
                "rover_mode": self.mode, "rover_battery_k": body.battery_k, "rover_heater": body.heater,
                "rover_stored_packets": self.stored,
            }  # fmt: skip
            self.packets.append(self.writer.packet("rover_hk", values, tai_s))
            return
        values = {
            "rover_x_m": body.odometry_x_m, "rover_y_m": body.odometry_y_m,
            "rover_heading_deg": body.odometry_heading_deg % 360.0, "rover_pitch_deg": body.pitch_deg,
            "rover_roll_deg": body.roll_deg, "rover_odometer_m": body.odometer_m, "rover_waypoint": self.waypoint,
        }  # fmt: skip
        self.packets.append(self.writer.packet("rover_nav", values, tai_s))

    def measured(self) -> dict[str, float]:
        """On-board parameters that services 12 and 20 can read."""
        return measured_values(self.body, self.rover.battery_wh)

    def _verify(self, subservice: int, request: bytes, tai_s: float, code: int | None = None) -> None:
        data = request + (b"" if code is None else code.to_bytes(2, "big"))
        self.packets.append(self.writer.report(ROVER_APID, 1, subservice, data, tai_s))

    def _watch(self, tai_s: float) -> None:
        """Check what is monitored, then take the actions of events, each once; what those raise comes the next time."""
        reports, events = self.services.watch(self.measured())
        self._tell(reports, tai_s)
        for number, value in events:
            self.event(number, tai_s, value, severity=2)
        raised, self._raised = dict.fromkeys(self._raised), []
        for number in raised:
            packet = self.services.action(number)
            if packet is not None:
                self.command(packet, tai_s)

    def _tell(self, reports: list[tuple[str, dict[str, Any]]], tai_s: float) -> None:
        for name, values in reports:
            self.packets.append(self.writer.packet(name, values, tai_s))

    def _add_action(self, octets: bytes, tai_s: float) -> None:
        """Request 19/1: an event, and the command packet to execute when it is raised."""
        event, packet = added_action(octets)
        try:
            if crc16_of(packet) != 0:
                raise InputError("action with a wrong checksum", "send it whole")
            if (packet[7], packet[8]) not in (INSERT, ADD_ACTION):
                decode_command(self.dictionary, packet)
        except (InputError, IndexError):
            self._verify(2, octets[:4], tai_s, UNKNOWN)
            return
        self._verify(1, octets[:4], tai_s)
        failure = self.services.add_action(event, packet)
        for stage in (4,) if failure else (3, 7):
            self._verify(stage, octets[:4], tai_s, failure or None)

    def _insert(self, octets: bytes, tai_s: float) -> None:
        try:
            activities = inserted_activities(octets)
        except InputError:
            self._verify(2, octets[:4], tai_s, UNKNOWN)
            return
        self._verify(1, octets[:4], tai_s)
        if any(when <= tai_s for when, _ in activities):
            self._verify(4, octets[:4], tai_s, NOT_NOW)
            return
        self.schedule = sorted([*self.schedule, *activities], key=lambda one: one[0])
        self._verify(3, octets[:4], tai_s)
        self._verify(7, octets[:4], tai_s)

    def _execute(self, name: str, given: dict[str, Any], tai_s: float) -> int:
        """Do it; 0, or a failure code."""
        if name == "ping":
            self.packets.append(self.writer.report(ROVER_APID, 17, 2, b"", tai_s))
        elif name in ("drive", "drive_to"):
            return self._begin_drive(name, given, tai_s)
        elif name == "stop_drive":
            self.drive, self.mode = None, "IDLE" if self.mode == "DRIVE" else self.mode
            self._finish(tai_s, GIVEN_UP)
        elif name == "set_mode":
            if given["mode"] in ("DRIVE", "DRILL", "MEASURE"):
                return REFUSED  # entered by their own commands
            self.drive, self.drill_goal_m, self.mode = None, None, given["mode"]
            self._finish(tai_s, GIVEN_UP)
        elif name == "set_heater":
            self.body = replace(self.body, heater=bool(given["heater"]))
        elif name == "drill_to":
            if self.mode != "IDLE":
                return NOT_NOW
            self.mode, self.drill_goal_m = "DRILL", given["depth_m"]
        elif name == "measure_neutrons":
            if self.mode not in ("IDLE", "MEASURE"):
                return NOT_NOW
            self.mode, self.measuring_until = "MEASURE", tai_s + given["interval_s"]
            self.measuring_s = float(given["interval_s"])
        elif name == "report_housekeeping":
            self.report(given["structure"], tai_s)
        elif name in ("enable_housekeeping", "disable_housekeeping"):
            self.reports[given["structure"]] = name.startswith("enable")
        elif name in ("enable_schedule", "disable_schedule"):
            self.schedule_on = name.startswith("enable")
        elif name == "reset_schedule":
            self.schedule = []
        else:
            answer = self.services.execute(name, given, self.measured())
            if answer is None:
                return REFUSED
            self._tell(answer[1], tai_s)
            return answer[0]
        return 0

    def _begin_drive(self, name: str, given: dict[str, Any], tai_s: float) -> int:
        if self.mode not in ("IDLE", "DRIVE"):
            return NOT_NOW
        self._finish(tai_s, GIVEN_UP)
        body = self.body
        if name == "drive":
            heading, length, waypoint = given["heading_deg"], given["distance_m"], self.waypoint
        else:
            east, north = given["x_m"] - body.odometry_x_m, given["y_m"] - body.odometry_y_m
            heading, length, waypoint = (
                math.degrees(math.atan2(east, north)) % 360.0,
                math.hypot(east, north),
                given["waypoint"],
            )
        turn = heading - body.odometry_heading_deg
        self.body = replace(body, odometry_heading_deg=heading, heading_deg=body.heading_deg + turn)
        self.drive, self.waypoint, self.mode = Drive(length, waypoint), waypoint, "DRIVE"
        self._no_progress_s = self._spun_m = 0.0
        return 0

    def _follow_drive(self, effort: Effort, moved_m: float, tai_s: float, step_s: float) -> None:
        if self.drive is None:
            return
        left = self.drive.left_m - effort.wheels_m
        held = moved_m < 0.2 * abs(effort.wheels_m)  # what visual odometry sees
        self._no_progress_s = self._no_progress_s + step_s if held else 0.0
        self._spun_m = self._spun_m + effort.wheels_m if held else 0.0
        if self._no_progress_s >= self.services.settings["stuck_time_s"]:
            # wheel turns without progress are taken out of the odometry again
            heading = math.radians(self.body.odometry_heading_deg)
            self.body = replace(
                self.body,
                odometry_x_m=self.body.odometry_x_m - self._spun_m * math.sin(heading),
                odometry_y_m=self.body.odometry_y_m - self._spun_m * math.cos(heading),
            )
            self.drive, self.mode = None, "IDLE"
            self._finish(tai_s, GIVEN_UP)
            self.event(STUCK, tai_s, self.body.odometer_m, severity=3)
        elif abs(left) < 1e-6:
            self.event(WAYPOINT, tai_s, float(self.drive.waypoint))
            self.drive, self.mode = None, "IDLE"
            self._finish(tai_s)
        else:
            self.drive = replace(self.drive, left_m=left)

    def _follow_work(self, tai_s: float, step_s: float) -> None:
        if self.drill_goal_m is not None:
            rate = 0.002 / 60.0  # assumption: 2 mm a minute in frozen ground
            depth = min(self.body.drill_depth_m + rate * step_s, self.drill_goal_m)
            self.body = replace(self.body, drill_depth_m=depth)
            if depth >= self.drill_goal_m:
                self.drill_goal_m, self.mode = None, "IDLE"
                self.event(COMPLETE, tai_s, depth)
                if self.instruments is not None and depth > 0.0:
                    self._tell([("cuttings_bands", self.instruments.cuttings_report(depth))], tai_s)
                self._finish(tai_s)
        if self.mode == "MEASURE" and tai_s >= self.measuring_until:
            self.mode = "IDLE"
            if self.instruments is not None:
                self._tell([("neutron_counts", self.instruments.neutron_report(self.measuring_s))], tai_s)
            self._finish(tai_s)

    def _guard(self, tai_s: float) -> None:
        body, limits = self.body, self.services.settings
        least = self.rover.battery_wh * max(self.rover.min_charge_fraction, 0.15)
        if self.mode != "SAFE":
            if body.charge_wh < least:
                self._safe(LOW_BATTERY, body.charge_wh, tai_s)
            elif max(abs(body.pitch_deg), abs(body.roll_deg)) > limits["tilt_limit_deg"] and self.drive is not None:
                self._safe(TILT, max(abs(body.pitch_deg), abs(body.roll_deg)), tai_s)
            elif self._heard is not None and tai_s - self._heard > limits["silence_s"]:
                self._safe(SILENT, tai_s - self._heard, tai_s)
        if not body.heater and body.battery_k < limits["heater_on_k"]:
            self.body = replace(body, heater=True)
            self.event(COLD, tai_s, body.battery_k, severity=2)
        elif body.heater and body.battery_k > limits["heater_off_k"]:
            self.body = replace(body, heater=False)

    def _finish(self, tai_s: float, failure: int | None = None) -> None:
        """Report the end of what lasts: done, or given up."""
        for request in self._pending.values():
            self._verify(7 if failure is None else 8, request, tai_s, failure)
        self._pending = {}

    def _safe(self, number: int, value: float, tai_s: float) -> None:
        self.drive, self.drill_goal_m, self.mode, self.schedule_on = None, None, "SAFE", False
        self._finish(tai_s, GIVEN_UP)
        self.event(number, tai_s, value, severity=4)

    def _release(self, tai_s: float) -> None:
        while self.schedule_on and self.schedule and self.schedule[0][0] <= tai_s:
            _, packet = self.schedule.pop(0)
            self.event(RELEASED, tai_s)
            self.command(packet, tai_s)
