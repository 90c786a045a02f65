"""Telecommand transfer frames (232.0-B-4): one frame, its header and checksum."""

from dataclasses import dataclass

from lupex.base.errors import InputError
from lupex.packets.coding.checks import crc16_of

LONGEST = 1024
HEADER = 5
UNLOCK = bytes([0])


@dataclass(frozen=True, kw_only=True)
class TcFrame:
    """A frame.

    Attributes:
        scid: spacecraft, 0 to 1023. vcid: virtual channel, 0 to 63. number: N(S), 0 to 255.
        bypass: type B (not checked against N(S)). control: carries a control command, not data.
        data: octets carried.
    """

    scid: int
    vcid: int
    data: bytes
    number: int = 0
    bypass: bool = False
    control: bool = False

    @property
    def kind(self) -> str:
        """'AD', 'BD' or 'BC'."""
        return ("B" if self.bypass else "A") + ("C" if self.control else "D")

    def octets(self, fecf: bool = True) -> bytes:
        """The frame as it is sent, with its checksum where ``fecf``. Raises InputError where something does not fit."""
        length = HEADER + len(self.data) + (2 if fecf else 0)
        if not (0 <= self.scid < 1024 and 0 <= self.vcid < 64 and 0 <= self.number < 256):
            raise InputError(f"TC frame {self.scid}/{self.vcid}/{self.number}", "SCID < 1024, VCID < 64, N(S) < 256")
        if length > LONGEST or not self.data:
            raise InputError(f"a TC frame of {length} octets", f"carry 1 to {LONGEST - length + len(self.data)} octets")
        first = int(self.bypass) << 13 | int(self.control) << 12 | self.scid
        head = first.to_bytes(2, "big") + (self.vcid << 10 | length - 1).to_bytes(2, "big") + bytes([self.number])
        body = head + self.data
        return body + crc16_of(body).to_bytes(2, "big") if fecf else body


def set_report(value: int) -> bytes:
    """The control command 'Set V(R)'."""
    return bytes([0x82, 0, value & 0xFF])


def tc_frames(octets: bytes, fecf: bool = True) -> tuple[list[TcFrame], int]:
    """The frames in the octets of a CLTU, and octets left over that are neither frame nor fill.

    Args:
        octets: frames one after the other, fill 0x55 at the end. fecf: whether frames end in a checksum; those with a
            wrong one are dropped with everything behind them.
    """
    found: list[TcFrame] = []
    place = 0
    least = HEADER + (2 if fecf else 0) + 1
    while len(octets) - place >= least:
        first = int.from_bytes(octets[place : place + 2], "big")
        second = int.from_bytes(octets[place + 2 : place + 4], "big")
        length = (second & 0x3FF) + 1
        whole = octets[place : place + length]
        if first >> 14 or first >> 10 & 3 or length < least or len(whole) < length or (fecf and crc16_of(whole)):
            break
        found.append(
            TcFrame(
                scid=first & 0x3FF, vcid=second >> 10, number=whole[4], bypass=bool(first >> 13 & 1),
                control=bool(first >> 12 & 1), data=whole[HEADER : length - (2 if fecf else 0)],
            )
        )  # fmt: skip
        place += length
    return found, len(octets[place:].rstrip(b"\x55"))
