"""Values of any raster of the Moon at places: what a map of radar, hydrogen or ice says of a station."""

from pathlib import Path

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.gate import names_its_file
from lupex.io.dem.raster import open_raster
from lupex.io.dem.resample import placement


@names_its_file
def values_at(path: str | Path, lat_deg: F64, lon_deg: F64, names: list[str] | None = None) -> F64:
    """Values of the pixels that hold places, scale and offset of the file applied; NaN where it has no data.

    Args:
        path: a raster lupex can open: GeoTIFF, PDS3, PDS4 or JPEG 2000 of one band on the Moon's sphere.
        lat_deg, lon_deg: (n,) of the places, degrees.
        names: what the places are called, for the error.

    Raises:
        InputError: a file that cannot be read, or a place outside the map.
    """
    lat, lon = np.atleast_1d(np.asarray(lat_deg, np.float64)), np.atleast_1d(np.asarray(lon_deg, np.float64))
    with open_raster(path) as raster:
        rows, cols = placement(raster).row_col(lat, lon)
        found = np.empty(lat.size)
        for n, (row, col) in enumerate(zip(np.rint(rows), np.rint(cols), strict=True)):
            if not (np.isfinite(row) and np.isfinite(col) and 0 <= row < raster.rows and 0 <= col < raster.cols):
                name = f"{names[n]} at " if names else ""
                raise InputError(
                    f"{raster.path}: {name}{lat[n]:.4f}, {lon[n]:.4f} lies outside the map",
                    "bring a map that covers it",
                )
            found[n] = raster.values(int(row), int(row) + 1, int(col), int(col) + 1)[0, 0]
    return found
