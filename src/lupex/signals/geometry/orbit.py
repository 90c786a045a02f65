"""An orbit table as a function of time, in the frame of the Moon's maps."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.constants import SPEED_OF_LIGHT_M_S
from lupex.base.errors import InputError, SpanError
from lupex.base.utc import civil_s
from lupex.ephemeris import EarthMoonSeries, earth_moon_series, tdb_s_to_utc, utc_to_tdb_s
from lupex.ephemeris.ground_geometry import MOON_PLACE, MOON_SPIN, MOON_TURN
from lupex.ephemeris.times import tai_to_tdb_s
from lupex.model import LunarPlace, OrbitTable
from lupex.signals.geometry.tracks import place_m, rows_at

INERTIAL = ("ICRF", "GCRF", "EME2000", "J2000", "LCRF")
"""Taken as one: they differ by 0.02 arcsec, 0.2 m at a low lunar orbit."""
FIXED = ("MOON_ME", "MOON_ME_DE440_ME421", "MOON_ME_DE421", "IAU_MOON_ME")

_TAI_OFFSET_S = {"TAI": 0.0, "TT": -32.184, "GPS": 19.0}
_J2000_NOON_S = 43_200.0


@dataclass(frozen=True, eq=False)
class Orbit:
    """An orbit table with its epochs as TDB seconds past J2000, ascending, and the span it may be asked for."""

    table: OrbitTable
    times_tdb_s: F64
    useable_tdb_s: tuple[float, float]


def orbit(table: OrbitTable) -> Orbit:
    """The orbit of a table about the Moon.

    Raises InputError for another centre, an unknown frame or time system, or epochs that do not ascend.
    """
    if table.center != "MOON":
        raise InputError(f"orbit of {table.name}: its centre is {table.center}", "give states about the Moon")
    if table.frame not in (*INERTIAL, *FIXED):
        raise InputError(f"orbit of {table.name}: frame {table.frame} is unknown", f"use {', '.join(INERTIAL + FIXED)}")
    times = _times(table, table.epochs)
    if not np.all(np.diff(times) > 0.0):
        raise InputError(f"orbit of {table.name}: epochs do not ascend", "sort them and drop repeats")
    first, last = (
        float(_times(table, (text,))[0]) if text else float(times[end])
        for text, end in zip(table.useable, (0, -1), strict=True)
    )
    return Orbit(table, times, (max(first, float(times[0])), min(last, float(times[-1]))))


def place_orbit(place: LunarPlace, times_tdb_s: F64) -> OrbitTable:
    """States (n,) of a place on the Moon about its centre in ICRF, as other programs take them for a spacecraft.

    Args:
        place: on the Moon.
        times_tdb_s: (n,) TDB seconds past J2000 at the Moon, ascending.

    Raises SpanError outside the kernels.
    """
    series = earth_moon_series(float(times_tdb_s[0]) - 10.0, float(times_tdb_s[-1]) + 10.0)
    turn, spin = moon_axes(times_tdb_s, series)
    position = turn @ place_m(place)
    return OrbitTable(
        name=place.name,
        center="MOON",
        frame="ICRF",
        time_system="UTC",
        epochs=tuple(text.removesuffix("Z") for text in tdb_s_to_utc(times_tdb_s, 6)),
        position_m=position,
        velocity_m_s=np.cross(spin, position),
    )


def states_at(held: Orbit, times_tdb_s: F64) -> tuple[F64, F64]:
    """Position (m) and velocity (m/s) (n, 3) each, in the table's own axes, at times (n,).

    A polynomial through the nearest states: positions and velocities (Hermite) or positions alone (Lagrange).
    Raises SpanError for a time outside the table.

    Args:
        held: the table of states.
        times_tdb_s: (n,) TDB seconds past J2000.
    """
    knots, n = held.times_tdb_s, held.times_tdb_s.size
    first_s, last_s = held.useable_tdb_s
    if times_tdb_s.size and (times_tdb_s.min() < first_s or times_tdb_s.max() > last_s):
        start, stop = tdb_s_to_utc([first_s, last_s])
        raise SpanError(f"orbit of {held.table.name}: times outside its states", f"stay within {start}..{stop}")
    hermite = held.table.interpolation == "HERMITE"
    size = min(n, max(2, (held.table.degree + 1) // 2 if hermite else held.table.degree + 1))
    right = np.clip(np.searchsorted(knots, times_tdb_s, side="right"), 1, n - 1)
    first = np.clip(right - (size + 1) // 2, 0, n - size)
    used, which = np.unique(first, return_inverse=True)
    held_in = used[:, None] + np.arange(size)
    centre = 0.5 * (knots[held_in[:, 0]] + knots[held_in[:, -1]])
    half = 0.5 * (knots[held_in[:, -1]] - knots[held_in[:, 0]])
    weights = _polynomials(held.table, held_in, (knots[held_in] - centre[:, None]) / half[:, None], half, hermite)
    powers, slopes = _powers((times_tdb_s - centre[which]) / half[which], weights.shape[1])
    position = np.einsum("nk,nki->ni", powers, weights[which])
    return position, np.einsum("nk,nki->ni", slopes, weights[which]) / half[which, None]


def in_moon_me(held: Orbit, times_tdb_s: F64, series: EarthMoonSeries) -> tuple[F64, F64]:
    """The same in MOON_ME axes; the velocity is relative to the turning axes (n, 3)."""
    position, velocity = states_at(held, times_tdb_s)
    if held.table.frame in FIXED:
        return position, velocity
    turn, spin = moon_axes(times_tdb_s, series)
    relative = velocity - np.cross(spin, position)
    return np.einsum("nji,nj->ni", turn, position), np.einsum("nji,nj->ni", turn, relative)


def moon_axes(times_tdb_s: F64, series: EarthMoonSeries) -> tuple[F64, F64]:
    """Rotation MOON_ME -> J2000 (n, 3, 3) and angular velocity (n, 3) at times at the Moon.

    The series holds them a light time late; one correction leaves 1e-12 rad.
    """
    light_s = np.linalg.norm(rows_at(times_tdb_s, series)[:, MOON_PLACE], axis=1) / SPEED_OF_LIGHT_M_S
    rows = rows_at(times_tdb_s + light_s, series)
    return rows[:, MOON_TURN].reshape(-1, 3, 3), rows[:, MOON_SPIN]


def _times(table: OrbitTable, epochs: Sequence[str]) -> F64:
    if table.time_system == "UTC":
        return utc_to_tdb_s(epochs)
    civil: F64 = np.array([civil_s(epoch) for epoch in epochs], dtype=np.float64) - _J2000_NOON_S
    if table.time_system == "TDB":
        return civil
    if table.time_system in _TAI_OFFSET_S:
        return tai_to_tdb_s(civil + _TAI_OFFSET_S[table.time_system])
    raise InputError(f"orbit of {table.name}: time system {table.time_system}", "use UTC, TAI, TT, GPS or TDB")


def _polynomials(table: OrbitTable, held: NDArray[np.int64], s: F64, half: F64, hermite: bool) -> F64:
    """Coefficients (window, power, 3) in the normalised times s (window, knot)."""
    powers, slopes = _powers(s, 2 * s.shape[1] if hermite else s.shape[1])
    position = table.position_m[held]
    if not hermite:
        return np.asarray(np.linalg.solve(powers, position), dtype=np.float64)
    right = np.concatenate([position, table.velocity_m_s[held] * half[:, None, None]], axis=1)
    return np.asarray(np.linalg.solve(np.concatenate([powers, slopes], axis=1), right), dtype=np.float64)


def _powers(s: F64, count: int) -> tuple[F64, F64]:
    """Powers 0..count-1 of s and their derivatives, along a new last axis."""
    k = np.arange(count)
    powers = np.asarray(s[..., None] ** k, dtype=np.float64)
    slopes = np.zeros_like(powers)
    slopes[..., 1:] = k[1:] * powers[..., :-1]
    return powers, slopes
