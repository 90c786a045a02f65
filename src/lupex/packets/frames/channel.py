"""Packets out of the frames of virtual channels, and lost frames counted."""

from dataclasses import dataclass, field

from lupex.packets.frames.layout import AOS_IDLE_VCID, IDLE, NO_START, FrameBatch
from lupex.packets.streams.batch import HEADER, IDLE_APID, PacketBatch, batch_of


@dataclass
class _Channel:
    count: int = -1
    part: bytes = b""
    whole: bool = False


@dataclass(kw_only=True)
class PacketChannels:
    """Puts packets together, each virtual channel by itself; parts wait for the next frame.

    After a lost frame the packet that was begun is dropped, and the first header pointer says where the next begins.

    Attributes:
        frames, bad_frames, idle_frames, lost_frames: counted. dropped_packets: begun and never finished.
        scid: frames of another spacecraft are counted in ``foreign_frames`` and left alone; None: any.
        lost: virtual channel -> frames lost.
    """

    scid: int | None = None
    frames: int = 0
    bad_frames: int = 0
    foreign_frames: int = 0
    idle_frames: int = 0
    lost_frames: int = 0
    repeated_frames: int = 0
    dropped_packets: int = 0
    idle_packets: int = 0
    lost: dict[int, int] = field(default_factory=dict)
    _channels: dict[int, _Channel] = field(default_factory=dict)

    def feed(self, batch: FrameBatch) -> PacketBatch:
        """The packets that are whole with these frames, in order; idle packets are left out and counted."""
        headers = batch.headers
        packets: list[bytes] = []
        for row in range(len(batch)):
            self.frames += 1
            if not batch.good[row]:
                self.bad_frames += 1
                continue
            if self.scid is not None and headers["scid"][row] != self.scid:
                self.foreign_frames += 1
                continue
            vcid, pointer = int(headers["vcid"][row]), int(headers["pointer"][row])
            channel = self._channels.setdefault(vcid, _Channel())
            if self._follows(channel, vcid, int(headers["count"][row]), batch.count_modulus):
                if pointer == IDLE or (batch.layout.kind == "aos" and vcid == AOS_IDLE_VCID):
                    self.idle_frames += 1
                    continue
                packets += self._packets(channel, batch.data_field(row, headers), pointer)
        return batch_of(packets)

    def _follows(self, channel: _Channel, vcid: int, count: int, modulus: int) -> bool:
        """Note what was lost before this frame; False for a frame that came again."""
        step = 1 if channel.count < 0 else (count - channel.count) % modulus
        if step == 0:
            self.repeated_frames += 1
            return False
        if step > 1:
            self.lost_frames += step - 1
            self.lost[vcid] = self.lost.get(vcid, 0) + step - 1
            self.dropped_packets += bool(channel.part)
            channel.part, channel.whole = b"", False
        channel.count = count
        return True

    def _packets(self, channel: _Channel, zone: bytes, pointer: int) -> list[bytes]:
        found: list[bytes] = []
        if pointer == NO_START:
            if channel.whole:
                channel.part += zone
        elif pointer > len(zone):
            self.bad_frames += 1
            self.dropped_packets += bool(channel.part)
            channel.part, channel.whole = b"", False
            return found
        elif not channel.whole:
            channel.part, channel.whole = zone[pointer:], True
        else:
            begun = channel.part + zone[:pointer]
            found += self._cut(channel, begun)
            # where the pointer and the length fields disagree the pointer is right
            self.dropped_packets += bool(channel.part)
            channel.part = zone[pointer:]
        return found + self._cut(channel, channel.part)

    def _cut(self, channel: _Channel, octets: bytes) -> list[bytes]:
        found, place = [], 0
        while len(octets) - place >= HEADER:
            length = int.from_bytes(octets[place + 4 : place + 6], "big") + 7
            if len(octets) - place < length:
                break
            if int.from_bytes(octets[place : place + 2], "big") & 0x7FF == IDLE_APID:
                self.idle_packets += 1
            else:
                found.append(octets[place : place + length])
            place += length
        channel.part = octets[place:]
        return found
