"""Where the Moon is from the Earth, how fast it moves and how it is turned: what windows of launch need."""

from dataclasses import dataclass

import numpy as np
import spiceypy as spice
from numpy.typing import ArrayLike

from lupex.base.arrays import F64, tdb_seconds
from lupex.ephemeris.chebyshev import interpolated
from lupex.ephemeris.coverage import EARTH, MOON, check_times, sky_cover_tdb_s
from lupex.ephemeris.pool import kernels
from lupex.ephemeris.sky import FRAME

_M_PER_KM = 1000.0


@dataclass(frozen=True, eq=False)
class MoonTable:
    """The Moon on times (n,), TDB seconds past J2000, axes of J2000.

    ``moon``: (n, 6) geometric place and velocity from the Earth's centre, m and m/s. ``axes``: (n, 3, 3) rotation
    MOON_ME -> J2000.
    """

    times_tdb_s: F64
    moon: F64
    axes: F64


def moon_table(times_tdb_s: ArrayLike) -> MoonTable:
    """The Moon at times of any order; interpolated between exact knots to better than a metre where that pays.

    Args:
        times_tdb_s: (n,) TDB seconds past J2000.

    Raises SpanError for a time outside the kernels.
    """
    times = np.atleast_1d(tdb_seconds("Moon's places", times_tdb_s))
    check_times(times, sky_cover_tdb_s(), "Moon's places")
    rows = interpolated(_rows, times, sky_cover_tdb_s())
    return MoonTable(times, np.ascontiguousarray(rows[:, :6]), np.ascontiguousarray(rows[:, 6:]).reshape(-1, 3, 3))


def _rows(times: F64) -> F64:
    with kernels():
        moon = np.array([spice.spkgeo(int(MOON), t, "J2000", int(EARTH))[0] for t in times.tolist()])
        axes = np.array([np.ravel(spice.pxform(FRAME, "J2000", t)) for t in times.tolist()])
    return np.concatenate([moon.reshape(-1, 6) * _M_PER_KM, axes.reshape(-1, 9)], axis=1)
