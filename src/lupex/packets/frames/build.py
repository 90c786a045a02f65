"""Telemetry and AOS frames made from packets, as a spacecraft makes them."""

from dataclasses import dataclass, field

import numpy as np

from lupex.base.errors import InputError
from lupex.packets.coding.checks import crc16_of
from lupex.packets.frames.layout import IDLE, NO_START, FrameLayout
from lupex.packets.streams.batch import HEADER, IDLE_APID, Octets

_IDLE_FILL = b"\xca"


@dataclass(kw_only=True)
class FrameBuilder:
    """Fills frames with packets; what does not fit goes on in the next frame of the same virtual channel.

    Attributes:
        layout: of the frames. scid: spacecraft. vcid: virtual channel. ocf: whether frames carry a control word.
    """

    layout: FrameLayout
    scid: int
    vcid: int = 0
    ocf: bool = True
    count: int = 0
    _rest: bytes = b""
    _starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        most_scid, most_vcid = (1023, 7) if self.layout.kind == "tm" else (255, 62)
        if not (0 <= self.scid <= most_scid and 0 <= self.vcid <= most_vcid):
            raise InputError(f"frames of {self.scid}/{self.vcid}", f"SCID to {most_scid}, VCID to {most_vcid}")
        if self.layout.kind == "aos":
            self.ocf = self.layout.ocf

    def add(self, packet: bytes) -> None:
        """Queue a packet."""
        self._starts.append(len(self._rest))
        self._rest += packet

    def frames(self, flush: bool = True, control_word: int = 0) -> Octets:
        """Frames (n, length) of what is queued; with ``flush`` the last is filled up with an idle packet.

        Args:
            flush: whether to send a frame that is not full.
            control_word: the CLCW in every frame made now.
        """
        zone = self._zone
        made = []
        while len(self._rest) >= zone:
            made.append(self._frame(control_word))
        if flush and self._rest:
            room = zone - len(self._rest)
            while room < HEADER + 1:  # an idle packet has a header and an octet
                room += zone
            self.add(_idle_packet(room))
            while self._rest:
                made.append(self._frame(control_word))
        if not made:
            return np.empty((0, self.layout.length), np.uint8)
        return np.frombuffer(b"".join(made), np.uint8).reshape(-1, self.layout.length)

    def idle_frame(self, control_word: int = 0) -> Octets:
        """One frame (1, length) without packets."""
        octets = self._assembled(_IDLE_FILL * self._zone, IDLE, control_word)
        return np.frombuffer(octets, np.uint8).reshape(1, -1)

    @property
    def _zone(self) -> int:
        return self.layout.length - self.layout.header - self.layout.tail(self.ocf) - 2 * (self.layout.kind == "aos")

    def _frame(self, control_word: int) -> bytes:
        zone = self._zone
        pointer = next((start for start in self._starts if start < zone), NO_START)
        data, self._rest = self._rest[:zone], self._rest[zone:]
        self._starts = [start - zone for start in self._starts if start >= zone]
        return self._assembled(data, pointer, control_word)

    def _assembled(self, data: bytes, pointer: int, control_word: int) -> bytes:
        if self.layout.kind == "tm":
            first = self.scid << 4 | self.vcid << 1 | int(self.ocf)
            count = self.count % 256
            head = first.to_bytes(2, "big") + bytes([count, count]) + (0x1800 | pointer).to_bytes(2, "big")
        else:
            first = 1 << 14 | self.scid << 6 | self.vcid
            head = first.to_bytes(2, "big") + (self.count % (1 << 24)).to_bytes(3, "big") + b"\0"
            head += bytes(self.layout.insert_octets + 2 * self.layout.header_check) + pointer.to_bytes(2, "big")
        self.count += 1
        body = head + data + (control_word.to_bytes(4, "big") if self.ocf else b"")
        return body + crc16_of(body).to_bytes(2, "big") if self.layout.fecf else body


def _idle_packet(octets: int) -> bytes:
    return IDLE_APID.to_bytes(2, "big") + b"\xc0\0" + (octets - 7).to_bytes(2, "big") + bytes(octets - HEADER)
