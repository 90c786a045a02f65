"""UTC text at the edges, TDB seconds past J2000 inside.

    TT  = TAI + 32.184 s,   TAI = UTC + leap seconds
    TDB = TT + K sin E,     E = M + EB sin M,   M = M0 + M1 TT

with K, EB, M0, M1 and the leap seconds read from the leap second kernel, as SPICE does
(K = 1.657 ms; good to about 30 microseconds). Before 1972 UTC had no leap seconds; SPICE's
convention is kept: 9 s.
"""

import datetime
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import spiceypy as spice
from numpy.typing import ArrayLike, NDArray

from lupex.base.arrays import F64, tdb_seconds
from lupex.base.errors import InputError
from lupex.base.gate import number
from lupex.base.utc import UtcLike, utc_text
from lupex.ephemeris.files import leap_second_kernels
from lupex.ephemeris.pool import kernels

DAY_S = 86_400
_NOON_S = 43_200
_J2000_DAY = datetime.date(2000, 1, 1).toordinal()
_YEARS = (datetime.date(1, 1, 3), datetime.date(9999, 12, 29))
"""What tdb_s_to_utc can write, a margin of days apart."""
_NOON = np.datetime64("2000-01-01T12:00:00", "us")
_NANOSECONDS = (np.datetime64("1678-01-01", "us"), np.datetime64("2262-01-01", "us"))


class LeapSeconds(NamedTuple):
    """Leap second table: from midnight of ``day`` (days past 2000-01-01) TAI - UTC is ``tai_utc_s``.

    ``day[0]`` is the beginning of time. The other fields are the constants of TDB - TT.
    """

    day: NDArray[np.int64]
    tai_utc_s: NDArray[np.int64]
    tt_tai_s: float
    k_s: float
    eb: float
    m0_rad: float
    m1_rad_s: float


def utc_to_tdb_s(utc: UtcLike | Iterable[UtcLike]) -> F64:
    """TDB seconds past J2000 (n,) of UTC: one instant or n of them.

    Accepts what `lupex.base.utc.utc_text` does: text ``YYYY-MM-DD``, ``YYYY-MM-DDTHH:MM`` and
    ``YYYY-MM-DDTHH:MM:SS[.fff]``, with or without ``Z``; second 60 only where there was a leap second;
    ``datetime.date`` and ``datetime.datetime``, converted from their time zone, without one taken as UTC; and
    ``numpy.datetime64``, alone, in arrays and in the time axis of an xarray object.

    Args:
        utc: one instant, or a sequence or array (n,) of them.

    Raises:
        InputError: not such a time, text with another time offset, or an instant that does not exist.
    """
    table = leap_seconds()
    parsed = np.array([_parsed(one, table) for one in _each(utc)], dtype=np.float64).reshape(-1, 2)
    entry = np.searchsorted(table.day, parsed[:, 0], side="right") - 1
    tai_s = (parsed[:, 0] * DAY_S - _NOON_S + table.tai_utc_s[entry]) + parsed[:, 1]
    return tai_to_tdb_s(tai_s)


def tdb_s_to_utc(tdb_s: ArrayLike, digits: int = 0) -> list[str]:
    """UTC text such as ``2028-01-01T00:00:00Z`` of TDB seconds past J2000 (any shape, flattened).

    Args:
        tdb_s: times; years 1 to 9999.
        digits: decimals of the second, 0 to 6; rounded to nearest.

    Raises:
        InputError: a time is not finite or lies outside the years 1 to 9999.
    """
    if digits not in range(7):
        raise InputError(f"times: {digits!r} decimals of a second", "use 0 to 6")
    scale = 10**digits
    utc, inside_leap = _utc_counts(tdb_s, scale)
    micro = (utc - np.where(inside_leap, scale, 0)) * (10**6 // scale)
    texts = [
        text[: 19 + digits + (digits > 0)]
        for text in np.datetime_as_string(_NOON + micro.astype("timedelta64[us]")).tolist()
    ]
    for i in np.flatnonzero(inside_leap):
        texts[i] = texts[i][:17] + "60" + texts[i][19:]
    return [text + "Z" for text in texts]


def tdb_s_to_datetime64(tdb_s: ArrayLike) -> NDArray[np.datetime64]:
    """UTC as ``numpy.datetime64`` in nanoseconds (same shape) of TDB seconds past J2000, rounded to microseconds.

    numpy knows no leap seconds: a time inside one, 23:59:60, comes out as the same fraction of the second 23:59:59.

    Args:
        tdb_s: times; years 1678 to 2261, as far as nanoseconds reach.

    Raises:
        InputError: a time is not finite or lies outside those years.
    """
    scale = 10**6
    utc, inside_leap = _utc_counts(tdb_s, scale)
    stamps = _NOON + (utc - np.where(inside_leap, scale, 0)).astype("timedelta64[us]")
    if np.any((stamps < _NANOSECONDS[0]) | (stamps > _NANOSECONDS[1])):
        raise InputError("times: outside the years 1678 to 2261", "write them with tdb_s_to_utc")
    return stamps.astype("datetime64[ns]").reshape(np.shape(tdb_s))


def _utc_counts(tdb_s: ArrayLike, scale: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """UTC of times (n,) as counts of 1/scale seconds past 2000-01-01T12:00, and which lie inside a leap second."""
    table = leap_seconds()
    tdb = np.atleast_1d(tdb_seconds("times", tdb_s)).ravel()
    low, high = ((date.toordinal() - _J2000_DAY) * DAY_S for date in _YEARS)
    if not np.all((tdb > low) & (tdb < high)):
        raise InputError("times: not finite, or outside the years 1 to 9999")
    tai = np.rint(tdb_to_tai_s(tdb) * scale).astype(np.int64)
    midnight = (table.day * DAY_S - _NOON_S) * scale
    entry = np.searchsorted(midnight[1:] + table.tai_utc_s[1:] * scale, tai, side="right")
    utc = tai - table.tai_utc_s[entry] * scale
    next_midnight = np.append(midnight[1:], np.iinfo(np.int64).max)[entry]
    return utc, utc >= next_midnight


def utc_to_split_tdb_s(utc: Iterable[UtcLike]) -> tuple[F64, F64]:
    """TDB of UTC texts as whole seconds past J2000 (n,) and the rest (n,), so that nothing finer than 1e-10 s is lost.

    One double holds today's seconds past J2000 in steps of 1.2e-7 s, in which the Earth moves 3.6 mm.

    Raises:
        InputError: as `utc_to_tdb_s`.
    """
    table = leap_seconds()
    parsed = np.array([_parsed(text, table) for text in utc], dtype=np.float64).reshape(-1, 2)
    entry = np.searchsorted(table.day, parsed[:, 0], side="right") - 1
    second = np.floor(parsed[:, 1])
    tai_s = parsed[:, 0] * DAY_S - _NOON_S + table.tai_utc_s[entry] + second
    rest = (parsed[:, 1] - second) + table.tt_tai_s
    return tai_s, rest + _tdb_minus_tt_s(tai_s + rest, table)


def tdb_minus_tt_s(tdb_s: ArrayLike) -> F64:
    """TDB - TT (s) at the Earth's centre, as the leap second kernel has it (30 microseconds from the full series)."""
    return _tdb_minus_tt_s(np.asarray(tdb_s, dtype=np.float64), leap_seconds())


def steps_tdb_s(start_utc: UtcLike, stop_utc: UtcLike, step_s: float) -> F64:
    """TDB seconds (n,) of start, start + step, ... before stop; the step is elapsed (SI) seconds.

    Args:
        start_utc, stop_utc: UTC as `utc_to_tdb_s` takes it; the stop itself is left out.
        step_s: elapsed seconds between times.

    Raises:
        InputError: unreadable times, a step that is not positive, a stop not after the start, or
            more than 50 million steps.
    """
    step_s = number("times: step_s", step_s)
    if step_s <= 0:
        raise InputError(f"times: step of {step_s} s", "give a positive number of seconds")
    start_s, stop_s = tdb_to_tai_s(utc_to_tdb_s([start_utc, stop_utc]))
    if stop_s <= start_s:
        raise InputError(f"times: stop {stop_utc} is not after start {start_utc}", "swap or correct them")
    count = np.ceil((stop_s - start_s) / step_s - 1e-9)
    if count > 50_000_000:
        raise InputError(f"times: {start_utc} to {stop_utc} every {step_s} s is {count:.0f} steps", "use a longer step")
    return tai_to_tdb_s(start_s + step_s * np.arange(int(count)))


def tai_to_tdb_s(tai_s: F64) -> F64:
    """TDB seconds past J2000 of TAI seconds past J2000 (2000-01-01T12:00:00 TAI)."""
    table = leap_seconds()
    tt = tai_s + table.tt_tai_s
    return tt + _tdb_minus_tt_s(tt, table)


def tdb_to_tai_s(tdb_s: F64) -> F64:
    """TAI seconds past J2000 of TDB seconds past J2000, the inverse of `tai_to_tdb_s` to 1 ns."""
    table = leap_seconds()
    return tdb_s - _tdb_minus_tt_s(tdb_s, table) - table.tt_tai_s


def leap_seconds() -> LeapSeconds:
    """The table of the installed leap second kernel."""
    return _read(leap_second_kernels())


@lru_cache(maxsize=4)
def _read(paths: tuple[Path, ...]) -> LeapSeconds:
    with kernels(paths):
        pairs = spice.gdpool("DELTET/DELTA_AT", 0, 400).reshape(-1, 2)
        m0_rad, m1_rad_s = spice.gdpool("DELTET/M", 0, 2)
        tt_tai_s, k_s, eb = (float(spice.gdpool(f"DELTET/{name}", 0, 1)[0]) for name in ("DELTA_T_A", "K", "EB"))
    day = np.rint((pairs[:, 1] + _NOON_S) / DAY_S).astype(np.int64)
    tai_utc_s = np.rint(pairs[:, 0]).astype(np.int64)
    return LeapSeconds(
        day=np.concatenate([[-(10**6)], day]),
        tai_utc_s=np.concatenate([[tai_utc_s[0] - 1], tai_utc_s]),
        tt_tai_s=tt_tai_s,
        k_s=k_s,
        eb=eb,
        m0_rad=float(m0_rad),
        m1_rad_s=float(m1_rad_s),
    )


def _tdb_minus_tt_s(t: F64, table: LeapSeconds) -> F64:
    mean = table.m0_rad + table.m1_rad_s * t
    return table.k_s * np.sin(mean + table.eb * np.sin(mean))


def _each(utc: UtcLike | Iterable[UtcLike]) -> Iterable[UtcLike]:
    """The instants of one or many; what cannot be iterated over is one, and `utc_text` says whether it is a time."""
    many: Any = utc  # an array of no dimensions, or a variable of xarray, is one instant as well
    one = isinstance(utc, (str, datetime.date, np.datetime64)) or not isinstance(utc, Iterable)
    return [many] if one or getattr(many, "ndim", 1) == 0 else many


def _parsed(raw: UtcLike, table: LeapSeconds) -> tuple[int, float]:
    """Days past 2000-01-01 and seconds of the day."""
    text = utc_text(raw)
    days = datetime.date.fromisoformat(text[:10]).toordinal() - _J2000_DAY
    second = float(text[17:-1])
    if second >= 60.0 and days + 1 not in table.day:
        raise InputError(f"time {raw!r}: that day has no leap second", "write the next second, 00:00:00")
    return days, int(text[11:13]) * 3600.0 + int(text[14:16]) * 60.0 + second
