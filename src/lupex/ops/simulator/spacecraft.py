"""The whole spacecraft: software and body, on-board storage, frames down and CLTUs up, with light time between."""

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from lupex.base.errors import InputError
from lupex.io.atomic import write_bytes
from lupex.ops.files.pdus import Transaction, is_pdu_packet, pdu_packet, pdus_of
from lupex.ops.simulator.body import stepped
from lupex.ops.simulator.onboard import Onboard
from lupex.ops.simulator.recorder import Track
from lupex.ops.simulator.surroundings import Surroundings
from lupex.packets.coding.cadu import cadus
from lupex.packets.coding.cltu import cltu_content
from lupex.packets.coding.randomiser import randomised
from lupex.packets.coding.reed_solomon import ReedSolomon
from lupex.packets.frames.build import FrameBuilder
from lupex.packets.frames.farm import Farm
from lupex.packets.frames.layout import FrameLayout
from lupex.packets.frames.telecommand import tc_frames

if TYPE_CHECKING:  # cfdp-py is an extra
    from lupex.ops.files.entity import FileEntity

FILES_VCID = 1
"""Virtual channel of files, so that who takes telemetry need not know them."""
FAULTS = ("stuck", "restart", "noise", "array")


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong: kind (one of FAULTS), when (TAI s) and for how long (s).

    stuck: wheels turn without hold. restart: of the computer. noise: one octet in a hundred of the downlink is wrong.
    array: the solar array gives nothing.
    """

    kind: str
    start_tai_s: float
    duration_s: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in FAULTS:
            raise InputError(f"fault '{self.kind}' is unknown", f"known: {', '.join(FAULTS)}")

    def active(self, tai_s: float) -> bool:
        """Whether it lasts at a time."""
        return self.start_tai_s <= tai_s < self.start_tai_s + self.duration_s


@dataclass(frozen=True, kw_only=True)
class RadioSettings:
    """The rover's link.

    Attributes:
        scid: spacecraft. frame_octets: of a TM frame. code: Reed-Solomon code of the downlink, None for none.
        rate_bps: of packets down. light_time_s: one way. contacts_tai_s: (start, stop) on the Moon.
        most_stored: packets kept on board; the oldest are overwritten.
    """

    scid: int = 0xAB
    frame_octets: int = 1115
    code: ReedSolomon | None = ReedSolomon(223, 5)
    rate_bps: float = 8000.0
    light_time_s: float = 1.3
    contacts_tai_s: tuple[tuple[float, float], ...] = ()
    most_stored: int = 200_000

    def in_contact(self, tai_s: float) -> bool:
        """Whether the Earth is heard at a time."""
        return any(start <= tai_s < stop for start, stop in self.contacts_tai_s)


@dataclass(kw_only=True)
class Spacecraft:
    """A rover that time can be let pass for.

    Attributes:
        onboard: its software. around: ground and light. radio: its link. faults: what goes wrong and when.
        rng: of slip, drift and noise. tai_s: now, TAI since 1958. overwritten: packets lost from storage.
        commands_sent: by whoever commands it, for sequence counts. files: its end of file transfers, None for none.
        acknowledged: whether its files go in class 2. tracks: files begun, by transaction.
    """

    onboard: Onboard
    around: Surroundings
    radio: RadioSettings
    rng: np.random.Generator
    tai_s: float
    faults: tuple[Fault, ...] = ()
    overwritten: int = 0
    commands_sent: int = 0
    files: "FileEntity | None" = None
    acknowledged: bool = True
    tracks: dict[Transaction, Track] = field(default_factory=dict)
    _file_count: int = 0
    farm: Farm = field(default_factory=Farm)
    storage: deque[bytes] = field(default_factory=deque)
    _builder: FrameBuilder = field(init=False)
    _file_builder: FrameBuilder = field(init=False)
    _uplink: deque[tuple[float, bytes]] = field(default_factory=deque)
    _downlink: deque[tuple[float, bytes]] = field(default_factory=deque)
    _restarted: set[float] = field(default_factory=set)

    def __post_init__(self) -> None:
        layout = FrameLayout(kind="tm", length=self.radio.frame_octets)
        self._builder = FrameBuilder(layout=layout, scid=self.radio.scid)
        self._file_builder = FrameBuilder(layout=layout, scid=self.radio.scid, vcid=FILES_VCID)

    def uplink(self, cltu: bytes, sent_tai_s: float) -> None:
        """A CLTU that leaves the ground; it arrives a light time later, if the rover is in contact then."""
        self._uplink.append((sent_tai_s + self.radio.light_time_s, cltu))

    def downlink(self, tai_s: float) -> bytes:
        """What has reached the ground by a time: frames in code blocks behind markers."""
        out = []
        while self._downlink and self._downlink[0][0] <= tai_s:
            out.append(self._downlink.popleft()[1])
        return b"".join(out)

    def step(self, step_s: float) -> None:
        """Let time pass."""
        self._receive()
        active = {fault.kind for fault in self.faults if fault.active(self.tai_s)}
        for fault in self.faults:
            if fault.kind == "restart" and fault.start_tai_s <= self.tai_s and fault.start_tai_s not in self._restarted:
                self._restarted.add(fault.start_tai_s)
                self.onboard.restart(self.tai_s)
        around = self.around
        if "array" in active:
            around = replace(around, disc_fraction=np.zeros_like(around.disc_fraction))
        effort = replace(self.onboard.effort(step_s), stuck="stuck" in active)
        body = stepped(self.onboard.body, effort, self.onboard.rover, around, (self.tai_s, step_s), self.rng)
        self.tai_s += step_s
        self.onboard.after(body, effort, self.tai_s, step_s)
        self._store()
        contact = self.radio.in_contact(self.tai_s)
        if self.files is not None:
            self._send_tracks(self.files)
            self.files.tick(self.tai_s, contact)
        if contact:
            self._send(step_s, "noise" in active)

    def _receive(self) -> None:
        while self._uplink and self._uplink[0][0] <= self.tai_s:
            arrived, cltu = self._uplink.popleft()
            if not self.radio.in_contact(arrived):
                continue
            content = cltu_content(cltu)
            if content is None:
                continue
            for frame in tc_frames(content.octets)[0]:
                if frame.scid == self.radio.scid and (packet := self.farm.receive(frame)):
                    if self.files is not None and is_pdu_packet(packet):
                        self.files.receive(pdus_of([packet])[0], self.tai_s)
                    else:
                        self.onboard.command(packet, self.tai_s)

    def _store(self) -> None:
        self.storage.extend(self.onboard.packets)
        self.onboard.packets.clear()
        while len(self.storage) > self.radio.most_stored:
            self.storage.popleft()
            self.overwritten += 1
        self.onboard.stored = len(self.storage)

    def _send_tracks(self, files: "FileEntity") -> None:
        """Begin to send the files that were closed."""
        recorder = self.onboard.recorder
        while recorder is not None and recorder.closed:
            track = recorder.closed.pop(0)
            place = files.settings.folder / track.name
            write_bytes(place, track.octets)
            self.tracks[files.put(place, self.tai_s, self.acknowledged)] = track

    def _send(self, step_s: float, noisy: bool) -> None:
        room = int(self.radio.rate_bps * step_s / 8.0)
        while self.storage and room >= len(self.storage[0]):
            packet = self.storage.popleft()
            room -= len(packet)
            self._builder.add(packet)
        for pdu in self.files.take(room) if self.files is not None else ():  # behind telemetry
            self._file_builder.add(pdu_packet(pdu, self._file_count))
            self._file_count += 1
        word = self.farm.clcw.word
        frames = np.concatenate([one.frames(control_word=word) for one in (self._builder, self._file_builder)])
        if not frames.size:
            frames = self._builder.idle_frame(word)
        blocks = frames if self.radio.code is None else self.radio.code.encoded(frames)
        octets = np.frombuffer(cadus(randomised(blocks, "tm")), np.uint8).copy()
        if noisy:
            hit = self.rng.random(octets.size) < 0.01
            octets[hit] ^= self.rng.integers(1, 256, int(hit.sum()), dtype=np.uint8)
        self._downlink.append((self.tai_s + self.radio.light_time_s, octets.tobytes()))
