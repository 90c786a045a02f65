"""A day of operations, from telemetry to commands and back, and a table of what was asked and what happened."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lupex.base.arrays import Mask
from lupex.base.errors import NoRouteError
from lupex.ops.commanding.rules import CHARGE_TO_DRIVE, Known
from lupex.ops.commanding.stack import Stack, Step, checked_stack
from lupex.ops.loop.desk import Desk
from lupex.ops.loop.drive import DriveGround, DrivePlan, cell_at, drive_stack, next_drive
from lupex.ops.loop.ground import GroundSegment
from lupex.ops.loop.verdicts import SETTLE_S, Verdict, verdicts
from lupex.ops.simulator.onboard import RESTART
from lupex.ops.simulator.spacecraft import Spacecraft

STEP_S = 10.0
UPLINK_OCTETS = 2000
"""Of file units in a step (assumption: 1.6 kbit/s beside commands)."""


@dataclass(frozen=True, kw_only=True)
class DaySettings:
    """What the day is for.

    Attributes:
        stop_tai_s: when it ends. goals: (row, col) cells the rover is to reach. go: person who gives the go for every
            stack, '' for nobody: then stacks are made and none is sent.
        margin_s: no drive is planned into the last seconds of a pass.
    """

    stop_tai_s: float
    goals: Mask
    go: str = ""
    margin_s: float = 300.0


@dataclass(kw_only=True)
class OperationsDay:
    """The loop over a spacecraft and a ground segment.

    Attributes:
        craft, ground: both ends. land: map with its steps. settings: of the day.
        plans: drive plans made, with the time each was made. stacks: made, sent or not. fix: place from telemetry
            values; odometry by default, a position fix of the navigation in its place.
        desk: where stacks wait for a go that comes from outside, None: the go of the settings holds.
    """

    craft: Spacecraft
    ground: GroundSegment
    land: DriveGround
    settings: DaySettings
    plans: list[tuple[float, DrivePlan]] = field(default_factory=list)
    stacks: list[Stack] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fix: Callable[[dict[str, Any]], tuple[float, float]] = lambda values: (values["rover_x_m"], values["rover_y_m"])
    least_charge_wh: float = np.inf
    passes_heard: set[int] = field(default_factory=set)
    desk: Desk | None = None
    _ready_tai_s: float | None = None
    _asked: tuple[Stack, DrivePlan | None] | None = None
    _told: str = ""

    def run(self, speed: float = 0.0) -> tuple[Verdict, ...]:
        """Let the day pass; the table of verdicts.

        Args:
            speed: seconds of the day in a second of the clock, 0: as fast as it goes.
        """
        began, first_tai_s = time.monotonic(), self.craft.tai_s
        while self.craft.tai_s < self.settings.stop_tai_s:
            self.step()
            if speed > 0.0:
                time.sleep(max(0.0, (self.craft.tai_s - first_tai_s) / speed - (time.monotonic() - began)))
        if self.desk is not None:
            self.desk.clear()
            self._tell(ended=True)
        return verdicts(self)

    def step(self) -> None:
        """One step of time on both sides."""
        craft, radio = self.craft, self.craft.radio
        craft.step(STEP_S)
        self.least_charge_wh = min(self.least_charge_wh, craft.onboard.body.charge_wh)
        now = craft.tai_s
        octets = craft.downlink(now)
        up = self.ground.receive(octets, now) if octets else []
        if self.desk is not None:
            self._look(self.desk)
        number = self._pass_at(now)
        if number is None:
            self._ready_tai_s = None
            self.ground.file_uplink(now, 0, contact=False)
            return
        if octets and self.ground.age_s(now) < 600.0:
            self.passes_heard.add(number)
            self._ready_tai_s = now + SETTLE_S if self._ready_tai_s is None else self._ready_tai_s
            left_s = radio.contacts_tai_s[number][1] - now - self.settings.margin_s
            free = self.ground.idle(now) and self._asked is None
            if now >= self._ready_tai_s and free and left_s > 0.0:
                self._plan(now, left_s)
        up += self.ground.work(self._known(now), now) if self.ground.values else []
        for unit in (*up, *self.ground.file_uplink(now, UPLINK_OCTETS)):
            craft.uplink(unit, now)

    def _pass_at(self, tai_s: float) -> int | None:
        contacts = self.craft.radio.contacts_tai_s
        return next((k for k, (start, stop) in enumerate(contacts) if start <= tai_s < stop), None)

    def _known(self, now: float) -> Known:
        values = self.ground.values
        place = self.fix(values) if "rover_x_m" in values else (np.nan, np.nan)
        return Known(
            mode=str(values.get("rover_mode", "")),
            charge_wh=float(values.get("rover_charge_wh", 0.0)),
            x_m=place[0],
            y_m=place[1],
            age_s=self.ground.age_s(now),
            rover=self.land.rover,
            hazard=self.land.hazard,
        )

    def _plan(self, now: float, left_s: float) -> None:
        """Make the next stack where the rover stands idle and has not arrived."""
        if self._restarted():
            again = Step(name="enable_schedule", after_previous=False)
            self._offer(Stack(name=f"recover {len(self.stacks) + 1}", steps=(again,)))
            return
        known = self._known(now)
        if known.mode != "IDLE" or np.isnan(known.x_m):
            return
        if self.arrived(known.x_m, known.y_m):
            self._measure(now)
            return
        spare_wh = known.charge_wh - CHARGE_TO_DRIVE * self.land.rover.battery_wh
        try:
            plan = next_drive(self.land, (known.x_m, known.y_m), self.settings.goals, max(spare_wh, 0.0), left_s)
        except NoRouteError as error:
            self._say(str(error))
            return
        if not plan.x_m.size:
            return
        self._offer(drive_stack(plan, f"drive {len(self.stacks) + 1}"), plan)

    def _measure(self, now: float) -> None:
        """At the goal: what the evidence asks for next, if the day leaves time for it."""
        if self.ground.water is not None and (self.settings.go or self.desk is not None or not self.stacks):
            stack = self.ground.water.next_stack(len(self.stacks) + 1, self.settings.stop_tai_s - now)
            if stack is not None:
                self._offer(stack)

    def _offer(self, stack: Stack, plan: DrivePlan | None = None) -> None:
        """Check a stack and hand it over with the go of the day, or lay it on the desk until somebody gives one.

        With neither only the first is kept, to look at.
        """
        if self.stacks and not self.settings.go and self.desk is None:
            return
        stack = checked_stack(self.ground.dictionary, stack)
        if self.desk is not None:
            self._asked = (stack, plan)
            self.desk.offer(stack, self.craft.tai_s)
            return
        self._take(stack.with_go(self.settings.go) if self.settings.go else stack, plan)

    def _take(self, stack: Stack, plan: DrivePlan | None) -> None:
        self.stacks.append(stack)
        self.ground.load(stack)
        if plan is not None:
            self.plans.append((self.craft.tai_s, plan))

    def _look(self, desk: Desk) -> None:
        """Take a stack from the desk once somebody has given the go for it, and say there how the day stands."""
        if self._asked is not None:
            person = desk.gone(self._asked[0])
            if person:
                self._take(self._asked[0].with_go(person), self._asked[1])
                self._asked = None
                desk.clear()
        self._tell()

    def _tell(self, ended: bool = False) -> None:
        assert self.desk is not None
        ground = self.ground
        state = {
            "commands": ground.history.rows(),
            "refused": ground.refused,
            "alarms": ground.alarms,
            "gone": [(one.name, one.go) for one in self.stacks],
            "ended": ended,
        }
        told = str(state)
        if told != self._told:  # the file is replaced only when something changed
            self._told = told
            self.desk.say(state)

    def _restarted(self) -> bool:
        """Whether the computer restarted after the schedule was enabled last."""
        restarts = [one.tai_s for one in self.ground.events if one.number == RESTART]
        enabled = [one.released_tai_s for one in self.ground.history.sent if one.name == "enable_schedule"]
        return bool(restarts) and max(restarts) > max(enabled, default=-np.inf)

    def arrived(self, x_m: float, y_m: float) -> bool:
        """Whether a place is one of the goals."""
        return bool(self.settings.goals[cell_at(self.land.terrain.grid, x_m, y_m)])

    def _say(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)
