"""UTC as text: one spelling inside, several accepted at the door. No kernels needed.

Whether a leap second exists, and whether the ephemeris reaches a date, is known only to
`lupex.ephemeris`; here the text is checked to be a date at all.
"""

import re
from datetime import datetime, timedelta

from lupex.base.errors import InputError

_PATTERN = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?:[T ](?P<clock>\d{2}:\d{2})(?::(?P<second>\d{2})(?P<fraction>\.\d{1,9})?)?)?"
    r"(?P<zone>Z|z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_EPOCH = datetime(2000, 1, 1)


def utc_text(text: str) -> str:
    """The one spelling ``YYYY-MM-DDTHH:MM:SS[.fff]Z`` of a UTC date or date and time.

    Accepts ISO 8601 with or without a time, seconds, a fraction or the closing Z; ``23:59:60`` is a
    leap second. Raises InputError for anything else, an offset from UTC included.

    Args:
        text: a date or a date and time, as a person writes it.
    """
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise InputError(f"{text!r} is not a UTC time", "write it like 2028-01-01T00:00:00Z")
    if match["zone"] not in (None, "Z", "z"):
        raise InputError(f"{text!r} has an offset from UTC", "write UTC, like 2028-01-01T00:00:00Z")
    clock, second = match["clock"] or "00:00", match["second"] or "00"
    try:
        _parsed(match["day"], clock, second)
    except (ValueError, OverflowError) as error:
        raise InputError(
            f"{text!r} is not a date of the calendar ({error})", "check year, month, day and time"
        ) from None
    return f"{match['day']}T{clock}:{second}{match['fraction'] or ''}Z"


def civil_s(utc: str) -> float:
    """Seconds since 2000-01-01 by the civil calendar, leap seconds not counted: for comparing dates only."""
    text = utc_text(utc)
    moment = _parsed(text[:10], text[11:16], text[17:19])
    return (moment - _EPOCH).total_seconds() + float("0" + text[19:-1])


def _parsed(day: str, clock: str, second: str) -> datetime:
    if second == "60" and clock == "23:59":
        return datetime.fromisoformat(f"{day}T{clock}:59") + timedelta(seconds=1)
    return datetime.fromisoformat(f"{day}T{clock}:{second}")
