"""CUC: a counter of seconds and binary fractions (301.0-B-4, 3.2), kept as whole counts."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.ephemeris.times import tai_to_tdb_s, tdb_s_to_utc, tdb_to_tai_s, utc_to_tdb_s

TAI_1958_TO_J2000_S = 1_325_419_200
"""Seconds of TAI from 1958-01-01T00:00:00 to 2000-01-01T12:00:00."""


@dataclass(frozen=True)
class Cuc:
    """A format of CUC.

    Attributes:
        coarse, fine: octets of seconds (1 to 7) and of fraction (0 to 10). agency_epoch: epoch of the mission's own
            (time code 2); else TAI from 1958 (time code 1).
    """

    coarse: int = 4
    fine: int = 2
    agency_epoch: bool = False

    def __post_init__(self) -> None:
        if not (1 <= self.coarse <= 7 and 0 <= self.fine <= 10):
            raise InputError(f"CUC with {self.coarse} + {self.fine} octets", "1 to 7 of seconds, 0 to 10 of fraction")

    @property
    def preamble(self) -> bytes:
        """The P-field: one octet, two where more than 4 + 3 octets follow."""
        code = 2 if self.agency_epoch else 1
        coarse, fine = min(self.coarse, 4), min(self.fine, 3)
        first = code << 4 | (coarse - 1) << 2 | fine
        if self.coarse <= 4 and self.fine <= 3:
            return bytes([first])
        return bytes([0x80 | first, (self.coarse - coarse) << 5 | (self.fine - fine) << 2])

    def octets(self, count: int) -> bytes:
        """A count as the T-field. Raises InputError where it does not fit."""
        size = self.coarse + self.fine
        if not 0 <= count < 1 << 8 * size:
            raise InputError(f"time count {count}", f"does not fit {size} octets")
        return count.to_bytes(size, "big")

    def count(self, octets: bytes) -> int:
        """The count in a T-field."""
        if len(octets) != self.coarse + self.fine:
            raise InputError(f"a time of {len(octets)} octets", f"this format has {self.coarse + self.fine}")
        return int.from_bytes(octets, "big")

    def seconds(self, count: int) -> Fraction:
        """Seconds of a count, exactly."""
        return Fraction(count, 1 << 8 * self.fine)

    def count_of(self, seconds: Fraction | int | float) -> int:
        """The count nearest to seconds."""
        return int(Fraction(seconds) * (1 << 8 * self.fine) + Fraction(1, 2))


def cuc_format(preamble: bytes) -> tuple[Cuc, int]:
    """The format a P-field states, and the octets of that field. Raises InputError for another time code."""
    if not preamble:
        raise InputError("a P-field without octets", "give one or two")
    first = preamble[0]
    code = first >> 4 & 7
    if code not in (1, 2):
        raise InputError(f"P-field {first:02X} is no CUC", "time codes 1 and 2 are")
    coarse, fine, size = (first >> 2 & 3) + 1, first & 3, 1
    if first & 0x80:
        if len(preamble) < 2 or preamble[1] & 0x80:
            raise InputError("a P-field that goes on", "CUC has two octets at most")
        coarse, fine, size = coarse + (preamble[1] >> 5 & 3), fine + (preamble[1] >> 2 & 7), 2
    return Cuc(coarse, fine, code == 2), size


def tai_to_utc(seconds: NDArray[np.float64] | float, digits: int = 3) -> list[str]:
    """UTC text of TAI seconds since 1958; leap seconds keep their 60.

    Args:
        seconds: (n,) or one. digits: decimals, 0 to 6.
    """
    tai_j2000 = np.atleast_1d(np.asarray(seconds, np.float64)) - TAI_1958_TO_J2000_S
    return tdb_s_to_utc(tai_to_tdb_s(tai_j2000), digits)


def utc_to_tai(utc: str | list[str]) -> F64:
    """TAI seconds since 1958 (n,) of UTC text."""
    found: F64 = tdb_to_tai_s(utc_to_tdb_s(utc)) + TAI_1958_TO_J2000_S
    return found


def tdb_to_tai_1958_s(tdb_s: F64 | float) -> F64:
    """TAI seconds since 1958 of TDB seconds past J2000."""
    found: F64 = tdb_to_tai_s(np.atleast_1d(np.asarray(tdb_s, np.float64))) + TAI_1958_TO_J2000_S
    return found
