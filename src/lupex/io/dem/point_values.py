"""Values of any raster of the Moon at places: what a map of radar, hydrogen or ice says of a station."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.gate import names_its_file
from lupex.io.dem.raster import Raster, open_raster
from lupex.io.dem.resample import placement

MOST_AT_ONCE = 4_000_000
"""Pixels of the window around all places that is read in one go; wider apart they are read one by one."""


@names_its_file
def values_at(
    path: str | Path, lat_deg: F64, lon_deg: F64, names: list[str] | None = None, outside: bool = False
) -> F64:
    """Values of the pixels that hold places, scale and offset of the file applied; NaN where it has no data.

    Args:
        path: a raster lupex can open: GeoTIFF, PDS3, PDS4 or JPEG 2000 of one band on the Moon's sphere.
        lat_deg, lon_deg: (n,) of the places, degrees.
        names: what the places are called, for the error.
        outside: whether places outside the map are allowed; they are NaN as well.

    Raises:
        InputError: a file that cannot be read, or a place outside the map where that is not allowed.
    """
    lat, lon = np.atleast_1d(np.asarray(lat_deg, np.float64)), np.atleast_1d(np.asarray(lon_deg, np.float64))
    with open_raster(path) as raster:
        rows, cols = placement(raster).row_col(lat, lon)
        with np.errstate(invalid="ignore"):
            row, col = np.rint(rows), np.rint(cols)
            on = np.isfinite(row + col) & (row >= 0) & (row < raster.rows) & (col >= 0) & (col < raster.cols)
        if not (outside or on.all()):
            n = int(np.flatnonzero(~on)[0])
            name = f"{names[n]} at " if names else ""
            raise InputError(
                f"{raster.path}: {name}{lat[n]:.4f}, {lon[n]:.4f} lies outside the map", "bring a map that covers it"
            )
        found = np.full(lat.size, np.nan)
        if on.any():
            found[on] = _pixels(raster, row[on].astype(int), col[on].astype(int))
    return found


def _pixels(raster: Raster, row: NDArray[np.int_], col: NDArray[np.int_]) -> F64:
    """Values of pixels, by the window around all of them where that is not too large."""
    top, left = int(row.min()), int(col.min())
    foot, right = int(row.max()) + 1, int(col.max()) + 1
    if (foot - top) * (right - left) <= MOST_AT_ONCE:
        return np.asarray(raster.values(top, foot, left, right)[row - top, col - left], np.float64)
    one_by_one = (raster.values(r, r + 1, c, c + 1)[0, 0] for r, c in zip(row.tolist(), col.tolist(), strict=True))
    return np.fromiter(one_by_one, np.float64, row.size)
