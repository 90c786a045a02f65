"""Names for the arrays and indices that every room speaks of."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lupex.base.errors import InputError

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
Mask = NDArray[np.bool_]

Cell = tuple[int, int]
"""Row and column on a grid."""

LatLon = tuple[float, float]
"""Latitude and east longitude, degrees."""


def tdb_seconds(place: str, times: ArrayLike) -> F64:
    """Times in TDB seconds past J2000 as an array of the same shape; UTC in any form is refused, not misread.

    Args:
        place: what the times are of, the beginning of an error.
        times: numbers.

    Raises InputError.
    """
    given = np.asarray(times)
    if given.dtype.kind not in "fiu" and given.size:
        raise InputError(
            f"{place}: {given.ravel()[0]!r} is not a number of TDB seconds past J2000",
            "convert UTC with lupex.utc_to_tdb_s",
        )
    return given.astype(np.float64)
