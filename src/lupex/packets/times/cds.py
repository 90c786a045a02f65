"""CDS: days since 1958 and milliseconds of the day, in UTC (301.0-B-4, 3.3), kept as whole numbers.

A leap second is written as millisecond 86,400,000 and after of its day; so it is read here, second 60.
"""

import datetime
import re
from dataclasses import dataclass

from lupex.base.errors import InputError
from lupex.base.utc import utc_text

EPOCH = datetime.date(1958, 1, 1)
DAY_MS = 86_400_000
_DIGITS = {0: 3, 1: 6, 2: 12}


@dataclass(frozen=True)
class Cds:
    """A format of CDS: octets of the day number (2 or 3), and what follows milliseconds: 0 nothing, 1 microseconds in
    two octets, 2 picoseconds in four."""

    day_octets: int = 2
    sub: int = 0

    def __post_init__(self) -> None:
        if self.day_octets not in (2, 3) or self.sub not in _DIGITS:
            raise InputError(f"CDS {self}", "days in 2 or 3 octets; sub 0, 1 or 2")

    @property
    def preamble(self) -> int:
        """The P-field, one octet; epoch 1958."""
        return 4 << 4 | (self.day_octets == 3) << 2 | self.sub

    @property
    def size(self) -> int:
        """Octets of the T-field."""
        return self.day_octets + 4 + 2 * self.sub

    def octets(self, day: int, ms: int, rest: int = 0) -> bytes:
        """The T-field of day, millisecond (to 86,400,999 in a leap second) and micro- or picoseconds of it.

        Args:
            day: since 1958-01-01. ms: of the day. rest: micro- or picoseconds within the millisecond.
        """
        limit = 1000 if self.sub == 1 else 10**9
        if not 0 <= day < 1 << 8 * self.day_octets or not 0 <= ms < DAY_MS + 1000 or not 0 <= rest < limit:
            raise InputError(f"day {day}, {ms} ms, {rest}", "does not fit this CDS format")
        if rest and not self.sub:
            raise InputError(f"{rest} below the millisecond", "this format ends at milliseconds")
        tail = rest.to_bytes(2 * self.sub, "big") if self.sub else b""
        return day.to_bytes(self.day_octets, "big") + ms.to_bytes(4, "big") + tail

    def parts(self, octets: bytes) -> tuple[int, int, int]:
        """Day, millisecond, micro- or picoseconds of a T-field. Raises InputError for a wrong size or no such time."""
        if len(octets) != self.size:
            raise InputError(f"a time of {len(octets)} octets", f"this format has {self.size}")
        k = self.day_octets
        day, ms, rest = (int.from_bytes(part, "big") for part in (octets[:k], octets[k : k + 4], octets[k + 4 :]))
        self.octets(day, ms, rest)
        return day, ms, rest

    def utc(self, octets: bytes) -> str:
        """UTC text of a T-field, to its last digit."""
        day, ms, rest = self.parts(octets)
        second, fraction = divmod(ms, 1000)
        second, leap = (59 + 86_340, 1) if second >= 86_400 else (second, 0)
        digits = f"{fraction:03d}" + (f"{rest:0{_DIGITS[self.sub] - 3}d}" if self.sub else "")
        clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60 + leap:02d}"
        return f"{EPOCH + datetime.timedelta(days=day)}T{clock}.{digits}Z"

    def of_utc(self, utc: str) -> bytes:
        """The T-field of UTC text; digits below the format's are cut off."""
        text = utc_text(utc)
        match = re.fullmatch(r"(\S{10})T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z", text)
        assert match is not None  # utc_text gives no other
        date, hour, minute, second = match[1], int(match[2]), int(match[3]), int(match[4])
        digits = (match[5] or "").ljust(12, "0")
        ms = ((hour * 60 + minute) * 60 + second) * 1000 + int(digits[:3])
        day = (datetime.date.fromisoformat(date) - EPOCH).days
        if day < 0:
            raise InputError(f"{utc} is before 1958", "CDS counts from there")
        return self.octets(day, ms, int(digits[3 : _DIGITS[self.sub]] or "0") if self.sub else 0)


def cds_format(preamble: int) -> Cds:
    """The format a P-field states. Raises InputError for another time code or an epoch of the agency's own."""
    if preamble >> 4 != 4 or preamble & 8:
        raise InputError(f"P-field {preamble:02X} is no CDS of 1958", "time code 4 with epoch bit 0 is")
    return Cds(3 if preamble & 4 else 2, preamble & 3)
