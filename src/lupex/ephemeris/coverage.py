"""Which times the kernels cover, and the error that names those they do not."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import spiceypy as spice
from numpy.typing import NDArray

from lupex.base.errors import InputError, SpanError
from lupex.ephemeris.files import earth_orientation_kernels, lunar_orientation_kernel, planetary_kernel
from lupex.ephemeris.pool import kernels
from lupex.ephemeris.times import tdb_s_to_utc

SUN, MOON, EARTH = "10", "301", "399"
"""SPICE body codes; codes rather than names, which a caller's kernels could redefine."""

LONGEST_LIGHT_TIME_S = 520.0
"""Sun to Moon at aphelion, rounded up: how far before an epoch positions are needed."""

_PA_CLASS, _ITRF93_CLASS = 31008, 3000


def sky_cover_tdb_s() -> tuple[float, float]:
    """First and last TDB time at which Sun and Earth can be seen from the Moon (1849 to 2150)."""
    return _sky_cover(planetary_kernel(), lunar_orientation_kernel())


def station_cover_tdb_s() -> tuple[float, float]:
    """First and last TDB time at which the Earth's orientation is known or predicted too (1962 to 2126)."""
    start, stop = _station_cover(earth_orientation_kernels())
    sky_start, sky_stop = sky_cover_tdb_s()
    return max(start, sky_start), min(stop, sky_stop)


def check_times(times_tdb_s: NDArray[np.float64], cover_tdb_s: tuple[float, float], what: str) -> None:
    """Do nothing when all times are finite and covered.

    Args:
        times_tdb_s: (n,) to check.
        cover_tdb_s: first and last time of the kernels.
        what: name of the times in an error.

    Raises:
        InputError: a time is not finite.
        SpanError: names the number of offending times, the first and the last of them, and the span.
    """
    if not np.all(np.isfinite(times_tdb_s)):
        raise InputError(f"{what}: a time is not finite", "give TDB seconds past J2000")
    outside = times_tdb_s[(times_tdb_s < cover_tdb_s[0]) | (times_tdb_s > cover_tdb_s[1])]
    if outside.size:
        start, stop = tdb_s_to_utc(cover_tdb_s)
        raise SpanError(
            f"{what}: {outside.size} of {times_tdb_s.size} times lie outside the kernels, "
            f"from {_utc(outside.min())} to {_utc(outside.max())}",
            f"stay within {start}..{stop}",
        )


def _utc(tdb_s: float) -> str:
    try:
        return tdb_s_to_utc(tdb_s)[0]
    except InputError:
        return f"TDB {tdb_s:.6g} s past J2000"


@lru_cache(maxsize=4)
def _sky_cover(positions: Path, orientation: Path) -> tuple[float, float]:
    with kernels(()):
        windows = [spice.spkcov(str(positions), int(body)) for body in (SUN, MOON, EARTH)]
        windows.append(spice.pckcov(str(orientation), _PA_CLASS))
        start = max(min(window) for window in windows)
        stop = min(max(window) for window in windows)
    return start + LONGEST_LIGHT_TIME_S, stop


@lru_cache(maxsize=4)
def _station_cover(orientations: tuple[Path, ...]) -> tuple[float, float]:
    with kernels(()):
        windows = [spice.pckcov(str(path), _ITRF93_CLASS) for path in orientations]
        return min(min(w) for w in windows) + LONGEST_LIGHT_TIME_S, max(max(w) for w in windows)
