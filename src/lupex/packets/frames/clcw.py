"""The communications link control word: what the spacecraft has accepted (232.0-B-4, 4.2)."""

from dataclasses import dataclass

from lupex.base.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Clcw:
    """A CLCW.

    Attributes:
        vcid: virtual channel of the telecommands. report: N(R), the next frame expected.
        lockout, wait, retransmit: flags. farm_b: counter of bypass frames, 0 to 3.
        no_rf, no_bit_lock: flags of the receiver. cop: 1 where COP-1 is in effect. status: of the mission's own.
    """

    vcid: int
    report: int
    lockout: bool = False
    wait: bool = False
    retransmit: bool = False
    farm_b: int = 0
    no_rf: bool = False
    no_bit_lock: bool = False
    cop: int = 1
    status: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.vcid < 64 and 0 <= self.report < 256 and 0 <= self.farm_b < 4 and 0 <= self.status < 8):
            raise InputError(f"CLCW {self}", "VCID 0 to 63, N(R) 0 to 255, FARM-B 0 to 3, status 0 to 7")

    @property
    def word(self) -> int:
        """The 32 bits."""
        flags = (self.no_rf, self.no_bit_lock, self.lockout, self.wait, self.retransmit)
        packed = sum(int(flag) << (15 - k) for k, flag in enumerate(flags))
        return self.status << 26 | self.cop << 24 | self.vcid << 18 | packed | self.farm_b << 9 | self.report


def clcw_of(word: int) -> Clcw:
    """The CLCW in 32 bits. Raises InputError for a control word of another type or version."""
    if word >> 31 or word >> 29 & 3:
        raise InputError(f"control word {word:08X} is no CLCW of version 1", "it carries something else")
    bit = [bool(word >> (15 - k) & 1) for k in range(5)]
    return Clcw(
        vcid=word >> 18 & 63, report=word & 255, no_rf=bit[0], no_bit_lock=bit[1], lockout=bit[2], wait=bit[3],
        retransmit=bit[4], farm_b=word >> 9 & 3, cop=word >> 24 & 3, status=word >> 26 & 7,
    )  # fmt: skip
