"""Earth, Moon and Sun for antennas on the ground, as one smooth series that needs no kernel afterwards.

Everything a station and a place on the Moon must know of each other is 36 smooth functions of the
time of reception t (all in the axes of J2000/ICRF, metres and seconds):

    columns  0- 8   E: rotation ITRF93 -> J2000 at t, by rows
             9-11   angular velocity of the Earth (rad/s)
            12-14   D = X_moon(t - tau) - X_earth(t), with c tau = |D| (converged light time)
            15-17   barycentric velocity of the Moon at t - tau
            18-20   barycentric velocity of the Earth at t
            21-29   M: rotation MOON_ME -> J2000 at t - tau, by rows
            30-32   angular velocity of the Moon (rad/s)
            33-35   apparent Sun (LT+S) from the Earth's centre

A day is one block with 20 Chebyshev points: the Earth's turn, a sine over +-pi, is then exact to
J20(pi) = 3e-15 of its amplitude.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import spiceypy as spice
from numpy.typing import ArrayLike

from lupex.base.arrays import F64
from lupex.ephemeris.chebyshev import ORIGIN_S
from lupex.ephemeris.coverage import EARTH, MOON, SUN, check_times, station_cover_tdb_s
from lupex.ephemeris.files import earth_orientation_kernels, kernel_digests, sky_kernels
from lupex.ephemeris.pool import kernels
from lupex.ephemeris.store import stored
from lupex.ephemeris.times import tdb_s_to_utc

COLUMNS = 36
EARTH_TURN, EARTH_SPIN = slice(0, 9), slice(9, 12)
"""Columns: rotation ITRF93 -> J2000, row by row, and its angular velocity (rad/s);"""
MOON_PLACE, MOON_VELOCITY, EARTH_VELOCITY = slice(12, 15), slice(15, 18), slice(18, 21)
"""Moon from the Earth, one light time earlier (m), its barycentric velocity then, and that of the Earth now (m/s);"""
MOON_TURN, MOON_SPIN, SUN_PLACE = slice(21, 30), slice(30, 33), slice(33, 36)
"""rotation MOON_ME -> J2000 then and its angular velocity; apparent Sun from the Earth (m)."""
NODES = 20
BLOCK_S = 86_400.0

_M_PER_KM = 1000.0
_BARYCENTRE = "0"
_ME = "MOON_ME_DE440_ME421"
_ITRF93_CLASS = 3000


@dataclass(frozen=True, eq=False)
class EarthMoonSeries:
    """Chebyshev coefficients (block, node, 36) of days from ``first_tdb_s`` on; columns as in this module's head.

    Valid from ``first_tdb_s`` to ``first_tdb_s + blocks * 86400``. ``kernels``: (file name, SHA-256) used.
    """

    first_tdb_s: float
    series: F64
    kernels: tuple[tuple[str, str], ...] = ()


def earth_moon_series(start_tdb_s: float, stop_tdb_s: float, cache_dir: Path | None = None) -> EarthMoonSeries:
    """The series over whole days that hold a span; kept in the cache of sky tables.

    Args:
        start_tdb_s, stop_tdb_s: span, TDB seconds past J2000.
        cache_dir: folder of cached series; None for the package's own.

    Raises:
        SpanError: a day of the span lies outside the kernels (1962-2126).
    """
    first, last = (int(np.floor((t - ORIGIN_S) / BLOCK_S)) for t in (start_tdb_s, stop_tdb_s))
    starts: F64 = ORIGIN_S + BLOCK_S * np.arange(first, last + 1, dtype=np.float64)
    check_times(np.array([starts[0], starts[-1] + BLOCK_S]), station_cover_tdb_s(), "stations, by whole days")
    used = kernel_digests(sky_kernels() + earth_orientation_kernels())
    key = {"what": "earth-moon", "kernels": used, "first": first, "last": last, "nodes": NODES}
    shape = (starts.size, NODES, COLUMNS)
    held = stored(key, {"series": shape}, lambda: {"series": _series(starts)}, cache_dir)["series"]
    held.flags.writeable = False
    return EarthMoonSeries(float(starts[0]), held, used)


def earth_orientation_note(start_tdb_s: float, stop_tdb_s: float) -> str:
    """A sentence on how well the Earth's orientation is known over a span; '' when all of it is reconstructed.

    The high-precision kernel ends in a short prediction (days to weeks); after it the long-term prediction is used.

    Args:
        start_tdb_s, stop_tdb_s: span, TDB seconds past J2000.
    """
    _, historical, high = _ends(earth_orientation_kernels())
    if stop_tdb_s <= historical:
        return ""
    if stop_tdb_s <= high:
        return (
            f"Earth orientation after {tdb_s_to_utc(historical)[0]} is taken from the rapid service and its "
            "short prediction, not from the final reconstruction."
        )
    since = tdb_s_to_utc(max(high, start_tdb_s))[0]
    return (
        f"Earth orientation from {since} on is a long-term prediction: after a year or two directions at a station may "
        "be off by 1e-3 deg and times of passes by some tenths of a second."
    )


def earth_orientation_source(start_tdb_s: float, stop_tdb_s: float) -> str:
    """Where UT1 and polar motion come from over a span, file by file, in a sentence.

    Args:
        start_tdb_s, stop_tdb_s: span, TDB seconds past J2000.
    """
    predicted, reconstructed, high = earth_orientation_kernels()
    _, historical_end, high_end = _ends((predicted, reconstructed, high))
    parts = []
    if start_tdb_s < high_end:
        kind = "measured" if stop_tdb_s <= historical_end else "measured, at its end from the rapid service"
        parts.append(f"{kind} ({high.name})")
    if stop_tdb_s > high_end:
        since = f" from {tdb_s_to_utc(high_end)[0]}" if start_tdb_s < high_end else ""
        parts.append(f"predicted{since} ({predicted.name})")
    return f"UT1 and polar motion: {'; '.join(parts)}."


def orientation_seam_note(start_tdb_s: float, stop_tdb_s: float) -> str:
    """A warning where a span crosses the end of the measured Earth orientation; '' elsewhere.

    Args:
        start_tdb_s, stop_tdb_s: span, TDB seconds past J2000.
    """
    seam = predicted_since_tdb_s()
    if not start_tdb_s < seam < stop_tdb_s:
        return ""
    return (
        f"The span crosses the end of the measured Earth orientation at {tdb_s_to_utc(seam)[0]}: there the prediction, "
        "made earlier, sets in with a step of some tens of metres at a station; do not compare passes across it."
    )


def predicted_since_tdb_s() -> float:
    """TDB time at which the high-precision Earth orientation ends and the long-term prediction begins."""
    return _ends(earth_orientation_kernels())[2]


def node_rows(times_tdb_s: ArrayLike) -> F64:
    """The 36 columns (n, 36) straight from SPICE: what the series interpolates.

    Args:
        times_tdb_s: (n,) TDB seconds past J2000.
    """
    times = np.atleast_1d(np.asarray(times_tdb_s, dtype=np.float64))
    rows = np.empty((times.size, COLUMNS))
    with kernels((*sky_kernels(), *earth_orientation_kernels())):
        for row, t in zip(rows, times.tolist(), strict=True):
            row[EARTH_TURN], row[EARTH_SPIN] = _rotation("ITRF93", t)
            moon, light_time_s = spice.spkpos(MOON, t, "J2000", "CN", EARTH)
            row[MOON_PLACE] = moon
            row[MOON_VELOCITY] = spice.spkssb(int(MOON), t - light_time_s, "J2000")[3:]
            row[EARTH_VELOCITY] = spice.spkssb(int(EARTH), t, "J2000")[3:]
            row[MOON_TURN], row[MOON_SPIN] = _rotation(_ME, t - light_time_s)
            row[SUN_PLACE] = spice.spkpos(SUN, t, "J2000", "LT+S", EARTH)[0]
    rows[:, MOON_PLACE.start : EARTH_VELOCITY.stop] *= _M_PER_KM
    rows[:, SUN_PLACE] *= _M_PER_KM
    return rows


def _rotation(frame: str, t: float) -> tuple[F64, F64]:
    """Rotation of a frame's axes into J2000 (9,) and its angular velocity in J2000 (3,), rad/s."""
    turn, rate = spice.xf2rav(spice.sxform("J2000", frame, t))
    return np.asarray(turn).T.ravel(), np.asarray(rate)


def _series(starts_s: F64) -> F64:
    angle = np.pi * (np.arange(NODES) + 0.5) / NODES
    times = starts_s[:, None] + (0.5 + 0.5 * np.cos(angle)) * BLOCK_S
    values = node_rows(times.ravel()).reshape(starts_s.size, NODES, COLUMNS)
    cosine = np.cos(np.outer(np.arange(NODES), angle)) * (2.0 / NODES)
    cosine[0] /= 2.0
    return np.ascontiguousarray(np.einsum("in,bnk->bik", cosine, values))


@lru_cache(maxsize=4)
def _ends(paths: tuple[Path, ...]) -> tuple[float, ...]:
    with kernels(()):
        return tuple(float(max(spice.pckcov(str(path), _ITRF93_CLASS))) for path in paths)
