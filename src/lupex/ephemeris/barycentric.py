"""Earth, Moon and Sun in the barycentric frame as one smooth series: what light times to a millimetre need.

Columns (27), axes of J2000/ICRF, metres, at TDB t:

     0- 2   Earth's barycentric place less its mean over the day
     3- 8   Moon and Sun from the Earth's centre (geometric)
     9-17   rotation ITRF93 -> J2000, by rows
    18-26   rotation MOON_ME_DE440_ME421 -> J2000, by rows

A day is a block of 20 points, whole seconds next to the Chebyshev points: SPICE takes times as one double, whose
steps of 1.2e-7 s at this epoch are 3.6 mm of the Earth's way, but a whole second is exact.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import spiceypy as spice
from numpy.typing import ArrayLike, NDArray

from lupex.base.arrays import F64
from lupex.base.errors import SpanError
from lupex.ephemeris.chebyshev import ORIGIN_S
from lupex.ephemeris.coverage import EARTH, MOON, SUN, check_times, station_cover_tdb_s
from lupex.ephemeris.files import earth_orientation_kernels, kernel_digests, sky_kernels
from lupex.ephemeris.pool import kernels
from lupex.ephemeris.store import stored

BLOCK_S = 86_400.0
NODES = 20
COLUMNS = 27
_ME = "MOON_ME_DE440_ME421"
_M_PER_KM = 1000.0


@dataclass(frozen=True, eq=False)
class BarycentricSeries:
    """Chebyshev coefficients (day, degree, 27) from ``first_tdb_s`` on; columns as in this module's head.

    ``kernels``: (file name, SHA-256) used.
    """

    first_tdb_s: float
    series: F64
    kernels: tuple[tuple[str, str], ...] = ()

    def placed(self, whole_tdb_s: ArrayLike, rest_s: ArrayLike = 0.0) -> tuple[NDArray[np.int64], F64]:
        """Day (n,) and seconds into it (n,) of times given as whole seconds and a rest: nothing is rounded away.

        Raises SpanError for a time outside the series.
        """
        whole, rest = np.broadcast_arrays(
            np.atleast_1d(np.asarray(whole_tdb_s, np.float64)), np.atleast_1d(np.asarray(rest_s, np.float64))
        )
        day, second = np.divmod(whole - self.first_tdb_s, BLOCK_S)
        second = second + rest
        carry = np.floor(second / BLOCK_S)
        day, second = day + carry, second - carry * BLOCK_S
        if day.size and (day.min() < 0 or day.max() >= self.series.shape[0]):
            raise SpanError("light times: a time lies outside the series", "make the series longer")
        return day.astype(np.int64), np.ascontiguousarray(second)


def barycentric_series(start_tdb_s: float, stop_tdb_s: float, cache_dir: Path | None = None) -> BarycentricSeries:
    """The series over whole days that hold a span; kept in the cache of sky tables.

    Args:
        start_tdb_s, stop_tdb_s: span, TDB seconds past J2000.
        cache_dir: folder of cached series; None for the package's own.

    Raises:
        SpanError: a day of the span lies outside the kernels (1962-2126).
    """
    first, last = (int(np.floor((t - ORIGIN_S) / BLOCK_S)) for t in (start_tdb_s, stop_tdb_s))
    starts: F64 = ORIGIN_S + BLOCK_S * np.arange(first, last + 1, dtype=np.float64)
    check_times(np.array([starts[0], starts[-1] + BLOCK_S]), station_cover_tdb_s(), "light times, by whole days")
    used = kernel_digests(sky_kernels() + earth_orientation_kernels())
    key = {"what": "barycentric", "kernels": used, "first": first, "last": last, "nodes": NODES}
    shape = (starts.size, NODES, COLUMNS)
    held = stored(key, {"series": shape}, lambda: {"series": _series(starts)}, cache_dir)["series"]
    held.flags.writeable = False
    return BarycentricSeries(float(starts[0]), held, used)


def _series(starts_s: F64) -> F64:
    seconds, solve = _points()
    values = np.empty((starts_s.size, NODES, COLUMNS))
    with kernels((*sky_kernels(), *earth_orientation_kernels())):
        for day, start in zip(values, starts_s.tolist(), strict=True):
            for row, second in zip(day, seconds.tolist(), strict=True):
                t = start + second
                row[0:3] = spice.spkssb(int(EARTH), t, "J2000")[:3]
                row[3:6] = spice.spkgeo(int(MOON), t, "J2000", int(EARTH))[0][:3]
                row[6:9] = spice.spkgeo(int(SUN), t, "J2000", int(EARTH))[0][:3]
                row[9:18] = np.ravel(spice.pxform("ITRF93", "J2000", t))
                row[18:27] = np.ravel(spice.pxform(_ME, "J2000", t))
    # Its mean is taken off before the polynomial is made: what the sum then rounds is 100 times smaller.
    values[:, :, 0:3] -= values[:, :, 0:3].mean(axis=1, keepdims=True)
    values[:, :, :9] *= _M_PER_KM
    return np.ascontiguousarray(np.einsum("kn,bni->bki", solve, values))


@lru_cache(maxsize=1)
def _points() -> tuple[F64, F64]:
    """Whole seconds of a day (node,) next to the Chebyshev points, and the matrix from values there to coefficients."""
    angle = np.pi * (np.arange(NODES) + 0.5) / NODES
    seconds = np.rint((0.5 + 0.5 * np.cos(angle)) * BLOCK_S)
    place = 2.0 * seconds / BLOCK_S - 1.0
    solve = np.asarray(np.linalg.inv(np.polynomial.chebyshev.chebvander(place, NODES - 1)), np.float64)
    return seconds, solve
