"""The ground's side: frames to packets to archive and values, limits watched, commands sent by COP-1 and verified."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from lupex.base.errors import InputError
from lupex.model.telemetry.dictionary import Dictionary
from lupex.ops.archive.ingest import stored_packets
from lupex.ops.archive.store import Archive
from lupex.ops.commanding.history import FINAL, CommandHistory
from lupex.ops.commanding.rules import Known, check_rules
from lupex.ops.commanding.stack import Stack, Step, guards_hold
from lupex.ops.files.pdus import FILES_APID, pdu_packet, pdus_of
from lupex.ops.loop.playback import Playback
from lupex.ops.loop.water import WaterLoop
from lupex.ops.monitor.limits import Alarm, LimitWatch
from lupex.ops.monitor.watch import Monitor
from lupex.packets.coding.cltu import cltu
from lupex.packets.definitions.decode import decode
from lupex.packets.definitions.encode import encode_command
from lupex.packets.definitions.rows import tai_of
from lupex.packets.definitions.table import PacketTable
from lupex.packets.frames.chain import FrameChain
from lupex.packets.frames.clcw import clcw_of
from lupex.packets.frames.fop import ACTIVE, INITIAL, Fop
from lupex.packets.frames.telecommand import TcFrame
from lupex.packets.streams.batch import PacketBatch
from lupex.packets.streams.counts import CountWatch

if TYPE_CHECKING:  # cfdp-py is an extra
    from lupex.ops.files.entity import FileEntity

LONGEST_STEP_S = 3600.0
"""A command is waited for no longer before the next of its stack."""
AHEAD_S = 60.0
"""A packet made so much later than it was received has a wrong time (assumption on how far clocks differ)."""
GRAVE = 3
"""An event of this severity or higher ends every stack."""
_FAILURES = ("acceptance_failed", "start_failed", "completion_failed")


@dataclass(frozen=True)
class Event:
    """An event report: packet time, number, value, severity (1 to 4)."""

    tai_s: float
    number: int
    value: float
    severity: int


@dataclass(kw_only=True)
class GroundSegment:
    """Takes what a receiver hands over and gives what a transmitter sends.

    Attributes:
        dictionary: telemetry and commands. archive: every packet goes there first. chain: frames to packets.
        fop: of the command link. history: of commands. values: parameter -> newest engineering value by packet time.
        refused: commands that did not leave, with the reason. files: this end of file transfers, None for none.
        playback: packets out of files that came. ahead: packets whose time lies in the future; they are archived, but
            are neither the present nor judged by limits. water: evidence made of readings in telemetry, None for none.
    """

    dictionary: Dictionary
    archive: Archive
    chain: FrameChain
    fop: Fop
    history: CommandHistory = field(default_factory=CommandHistory)
    counts: CountWatch = field(default_factory=CountWatch)
    values: dict[str, Any] = field(default_factory=dict)
    times_tai_s: dict[str, float] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    files: "FileEntity | None" = None
    playback: Playback = field(default_factory=Playback)
    ahead: int = 0
    water: WaterLoop | None = None
    watches: dict[str, LimitWatch] = field(init=False)
    monitor: Monitor = field(init=False)
    _steps: deque[tuple[Stack, Step]] = field(default_factory=deque)
    _count: int = 0
    _open: bytes = b""
    _file_count: int = 0

    def __post_init__(self) -> None:
        self.monitor = Monitor(self.dictionary)
        self.watches = {
            name: LimitWatch(name, one.type.limits)
            for name, one in self.dictionary.parameters.items()
            if one.type.limits.any
        }

    def receive(self, octets: bytes, now_tai_s: float) -> list[bytes]:
        """Take in octets of the downlink: archive first, then decode; CLTUs to send in answer.

        Args:
            octets: as received. now_tai_s: time of reception.
        """
        batch = self.chain.feed(octets)
        if len(batch):
            self.archive.append(stored_packets(self.dictionary, batch, now_tai_s))
            self._take_in(batch, now_tai_s)
        frames = []
        word = self.chain.control_word()
        if word is not None:
            frames += self.fop.hear(clcw_of(word), now_tai_s)
        frames += self.fop.tick(now_tai_s)
        return [cltu(frame.octets()) for frame in frames]

    def load(self, stack: Stack) -> None:
        """Queue a stack that a person has given the go for; one without is left alone."""
        if stack.go:
            self._steps.extend((stack, step) for step in stack.steps)

    def work(self, known: Known, now_tai_s: float) -> list[bytes]:
        """Send the next step when its time, its guards and the flight rules allow; CLTUs.

        A step whose guard does not hold or that breaks a rule ends its stack.

        Args:
            known: what is known of the rover. now_tai_s: time.
        """
        if self.fop.state == INITIAL:
            return [cltu(frame.octets()) for frame in self.fop.start(now_tai_s, "set", self.fop.number)]
        if not self._steps or self._waits(self._steps[0][1], now_tai_s) or self.fop.state != ACTIVE:
            return []
        stack, step = self._steps.popleft()
        reason = self._stopped(step) or guards_hold(step.guards, self.values)
        if not reason:
            try:
                check_rules(step.name, step.given, known)
            except InputError as error:  # the reason goes into the record, and the stack ends
                reason = str(error)
        if reason:
            self.refused.append((step.name, reason))
            self._steps = deque(one for one in self._steps if one[0] is not stack)
            return []
        packet = encode_command(self.dictionary, step.name, step.given, self._count)
        self._count = (self._count + 1) % 16384
        self.history.released(step.name, step.given, packet, now_tai_s)
        self._open = packet[:4]
        return [cltu(frame.octets()) for frame in self.fop.send(packet, now_tai_s)]

    def file_uplink(self, now_tai_s: float, room: int, contact: bool = True) -> list[bytes]:
        """What the end of file transfers has to send now, as CLTUs of frames that need no acknowledgement of the link.

        Args:
            now_tai_s: time. room: octets of PDUs. contact: whether they can leave; otherwise they wait.
        """
        if self.files is None:
            return []
        units = []
        for pdu in self.files.take(room if contact else 0):
            packet = pdu_packet(pdu, self._file_count, telecommand=True)
            self._file_count = (self._file_count + 1) % 16384
            frame = TcFrame(scid=self.fop.settings.scid, vcid=0, data=packet, bypass=True)
            units.append(cltu(frame.octets()))
        self.files.tick(now_tai_s, contact)
        return units

    def idle(self, now_tai_s: float) -> bool:
        """Whether no step waits and nothing that was sent is still at work."""
        if self._steps:
            return False
        if not self.history.sent or self.history.sent[-1].verdict in FINAL:
            return True
        began = self.history.sent[-1].released_tai_s
        ended = any(one.severity >= GRAVE and one.tai_s > began for one in self.events)
        return ended or now_tai_s - began > LONGEST_STEP_S

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Every alarm so far: of limits, of derived values, and of limits by state."""
        return (*(alarm for watch in self.watches.values() for alarm in watch.alarms()), *self.monitor.alarms())

    def age_s(self, now_tai_s: float) -> float:
        """Seconds since the newest housekeeping was made."""
        return now_tai_s - self.times_tai_s.get("rover_mode", -np.inf)

    def _waits(self, step: Step, now_tai_s: float) -> bool:
        if step.not_before_tai_s is not None and now_tai_s < step.not_before_tai_s:
            return True
        if not step.after_previous or not self.history.sent:
            return False
        last = self.history.sent[-1]
        return last.verdict not in FINAL and now_tai_s - last.released_tai_s < LONGEST_STEP_S

    def _stopped(self, step: Step) -> str:
        """Why a step that follows another does not go, '' where that one is done."""
        if not step.after_previous or not self.history.sent:
            return ""
        last = self.history.sent[-1]
        return "" if last.verdict == "completed" else f"the command before it, {last.name}, is {last.verdict}"

    def _take_in(self, batch: PacketBatch, now_tai_s: float) -> None:
        self.counts.see(batch)
        if self.files is not None:
            for k in np.flatnonzero(batch.good & (batch.headers["apid"] == FILES_APID)).tolist():
                for pdu in pdus_of([batch.packet(k)]):
                    self.files.receive(pdu, now_tai_s)
            self.playback.take(self.files, self.dictionary, self.archive, now_tai_s)
        for table in decode(self.dictionary, batch).tables.values():
            tai_s = tai_of(table)
            self._verification(table, tai_s)
            columns = table.columns()
            early = tai_s > now_tai_s + AHEAD_S
            if early.any():
                self.ahead += int(early.sum())
                tai_s, columns = tai_s[~early], {name: column[~early] for name, column in columns.items()}
            if not tai_s.size:
                continue
            self.monitor.see(table.name, tai_s, columns)
            if self.water is not None:
                self.water.see(table.name, tai_s, columns)
            if table.name.endswith("_event") and "rover_event_id" in table.parameters:
                told = (columns[name] for name in ("rover_event_id", "rover_event_value", "pus_subservice"))
                for when, number, value, severity in zip(tai_s, *told, strict=True):
                    self.events.append(Event(float(when), int(number), float(value), int(severity)))
                    if severity >= GRAVE and self._steps:
                        self.refused.append(
                            (self._steps[0][1].name, f"event {int(number)} of severity {int(severity)}")
                        )
                        self._steps.clear()
            for name in table.parameters:
                if not name.startswith(("ccsds_", "pus_", "request_", "hk_")):
                    self._value(name, tai_s, columns[name])

    def _value(self, name: str, tai_s: Any, values: Any) -> None:
        newest = int(np.argmax(tai_s))
        if tai_s[newest] >= self.times_tai_s.get(name, -np.inf):  # a late packet is not the present
            self.times_tai_s[name] = float(tai_s[newest])
            value: Mapping[str, Any] | Any = values[newest]
            self.values[name] = value.item() if hasattr(value, "item") else value
        if name in self.watches:
            self.watches[name].see(tai_s, values)

    def _verification(self, table: PacketTable, tai_s: Any) -> None:
        if not table.name.endswith(("_ok", "_failed")):
            return
        failed = table.name in _FAILURES
        codes = table.values("request_failure") if failed else [None] * len(table)
        fields = (table.values(name).tolist() for name in ("request_type", "request_secondary", "request_apid"))
        counts = (table.values(name).tolist() for name in ("request_group", "request_count", "pus_subservice"))
        for kind, secondary, apid, group, count, stage, when, code in zip(*fields, *counts, tai_s, codes, strict=True):
            request = (kind << 12 | secondary << 11 | apid).to_bytes(2, "big") + (group << 14 | count).to_bytes(
                2, "big"
            )
            self.history.heard(stage, request, float(when), None if code is None else int(code))
