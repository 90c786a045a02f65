"""UTC as text: one spelling inside, several accepted at the door. No kernels needed.

Whether a leap second exists, and whether the ephemeris reaches a date, is known only to
`lupex.ephemeris`; here the text is checked to be a date at all. A time given in Python may also be a
``datetime.date``, a ``datetime.datetime`` or a ``numpy.datetime64``: every function that takes UTC asks `utc_text`.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Union

from lupex.base.errors import InputError

if TYPE_CHECKING:
    import numpy as np

# The command line reads times without loading numpy, so the name stands in quotes.
UtcLike = Union[str, date, "np.datetime64"]  # noqa: UP007
"""What stands for an instant in UTC: text, ``datetime.date`` or ``datetime.datetime``, ``numpy.datetime64``."""

_PATTERN = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?:[T ](?P<clock>\d{2}:\d{2})(?::(?P<second>\d{2})(?P<fraction>\.\d{1,9})?)?)?"
    r"(?P<zone>Z|z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_EPOCH = datetime(2000, 1, 1)
_HOW = "write it like 2028-01-01T00:00:00Z"
_TDB_MINUS_UTC_S = 69.184
"""Since 2017, and as far ahead as no further leap second is announced."""


def utc_text(moment: UtcLike) -> str:
    """The one spelling ``YYYY-MM-DDTHH:MM:SS[.fff]Z`` of a UTC date or date and time.

    Text is ISO 8601 with or without a time, seconds, a fraction or the closing Z; ``23:59:60`` is a
    leap second. Text with an offset from UTC is refused.

    Args:
        moment: a date or a date and time, as a person writes it or as Python holds it. A ``datetime`` with a time zone
            is converted to UTC; one without, and ``numpy.datetime64``, which knows no zones, are taken as UTC.

    Raises:
        InputError: anything else; a bare number is none, since it does not say what it counts.
    """
    text = moment if isinstance(moment, str) else _written(moment)
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise InputError(f"{text!r} is not a UTC time", _HOW)
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


def utc_span(span: tuple[UtcLike, UtcLike]) -> tuple[str, str]:
    """First and last instant of a span, each as `utc_text` writes it. Raises InputError for anything but two."""
    try:
        if isinstance(span, str):
            raise TypeError
        start, stop = span
    except (TypeError, ValueError):
        raise InputError(f"{span!r} is not a span", "give its first and last instant in UTC") from None
    return utc_text(start), utc_text(stop)


def about_utc(tdb_s: float) -> str:
    """``YYYY-MM-DD HH:MM`` of TDB seconds past J2000, to a minute: for a glance, where no leap seconds are at hand."""
    try:
        moment = datetime(2000, 1, 1, 12) + timedelta(minutes=round((tdb_s - _TDB_MINUS_UTC_S) / 60.0))
    except (OverflowError, ValueError):
        return f"TDB {tdb_s:g} s"
    return moment.isoformat(" ", "minutes")


def civil_s(utc: UtcLike) -> float:
    """Seconds since 2000-01-01 by the civil calendar, leap seconds not counted: for comparing dates only."""
    text = utc_text(utc)
    moment = _parsed(text[:10], text[11:16], text[17:19])
    return (moment - _EPOCH).total_seconds() + float("0" + text[19:-1])


def _parsed(day: str, clock: str, second: str) -> datetime:
    if second == "60" and clock == "23:59":
        return datetime.fromisoformat(f"{day}T{clock}:59") + timedelta(seconds=1)
    return datetime.fromisoformat(f"{day}T{clock}:{second}")


def _written(moment: Any) -> str:
    """A date or time of Python or numpy as ISO 8601 text in UTC."""
    if isinstance(moment, datetime):
        if moment != moment:  # pandas.NaT calls itself a datetime
            raise InputError("NaT is not a UTC time", "leave out what has no time")
        if moment.tzinfo is not None:
            try:
                moment = moment.astimezone(UTC).replace(tzinfo=None)
            except OverflowError:
                raise InputError(f"{moment} lies outside the years 1 to 9999 in UTC", _HOW) from None
        return datetime.isoformat(moment)
    if isinstance(moment, date):
        return moment.isoformat()
    # An element of an array, or of an xarray variable, is an array of no dimensions.
    if hasattr(moment, "dtype"):
        import numpy as np

        plain = np.asarray(moment)
        if plain.dtype.kind == "M" and plain.size == 1:
            one = plain.reshape(())[()]
            if np.isnat(one):
                raise InputError("NaT is not a UTC time", "leave out what has no time")
            fine = np.datetime_data(one.dtype)[0] in ("s", "ms", "us", "ns")
            return str(one if fine else one.astype("datetime64[s]"))
    if isinstance(moment, (int, float)) or getattr(moment, "ndim", 1) == 0:
        raise InputError(f"{moment!r} is a bare number, not a UTC time", _HOW)
    raise InputError(f"a {type(moment).__name__} is not a UTC time", _HOW)
