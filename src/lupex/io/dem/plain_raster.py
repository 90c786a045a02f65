"""Read a raster of any numbers as it is: no projection asked for, nothing resampled."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioError

from lupex.base.errors import InputError
from lupex.base.gate import names_its_file, printable
from lupex.io.dem.raster import check_blocks, checked_path, open_dataset

MOST_CELLS = 64_000_000


@dataclass(frozen=True, eq=False)
class PlainRaster:
    """One band: ``values`` (row, col) float64, NaN without data; cell sizes, outer left and top edge in map units.

    ``crs`` is the file's own text (an authority's code, or WKT), None when it names none. Where ``y_down``, y grows
    with the row: so it is in a file without a place, whose points are (column, row) counted from 0 at its corner.
    ``unit`` of the map coordinates: 'metre', 'degree' or what the projection says, 'unknown' without one.
    """

    values: NDArray[np.float64]
    cell_x: float
    cell_y: float
    left: float
    top: float
    crs: str | None
    y_down: bool = False
    unit: str = "unknown"

    def cell_at(self, x: float, y: float) -> tuple[int, int]:
        """(row, col) of the cell that holds a map point. Raises InputError when it lies outside.

        Args:
            x, y: map point in the raster's own units.
        """
        rows, cols = self.values.shape
        down = (y - self.top) if self.y_down else (self.top - y)
        col, row = math.floor((x - self.left) / self.cell_x), math.floor(down / self.cell_y)
        if not (0 <= row < rows and 0 <= col < cols):
            right, bottom = self.left + cols * self.cell_x, self.top + self._down_y() * rows
            raise InputError(
                f"point ({x:g}, {y:g}) lies outside the raster",
                f"x goes from {self.left:g} to {right:g}, "
                f"y from {min(bottom, self.top):g} to {max(bottom, self.top):g}",
            )
        return row, col

    def middles(self, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> list[tuple[float, float]]:
        """Map points of the middles of cells."""
        x = self.left + (np.asarray(cols) + 0.5) * self.cell_x
        y = self.top + (np.asarray(rows) + 0.5) * self._down_y()
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def _down_y(self) -> float:
        """What y gains from one row to the next."""
        return self.cell_y if self.y_down else -self.cell_y


@names_its_file
def read_plain_raster(path: str | Path) -> PlainRaster:
    """A GeoTIFF of one band in its own cells, scale and offset applied.

    Args:
        path: of the GeoTIFF.

    Raises InputError: missing or unreadable file, several bands, complex numbers, a rotated or upside-down map, too
    many cells, no data at all.
    """
    place = checked_path(path)
    with open(place, "rb") as stream:
        if not stream.read(4).startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
            raise InputError(f"{place}: is no GeoTIFF", "convert it: gdal_translate -of GTiff")
    try:
        # No side files: what stands beside a raster is none of its business.
        with (
            rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR", GDAL_PAM_ENABLED="NO", GDAL_CACHEMAX=64),
            open_dataset(place, "GTiff") as dataset,
        ):
            _check(place, dataset)
            return _read(place, dataset)
    except (RasterioError, OSError, MemoryError, UnicodeDecodeError) as error:
        reason = printable(str(error).splitlines()[0] if str(error) else type(error).__name__)
        raise InputError(f"{place}: damaged or not a raster ({reason})", "write it anew") from error


def _check(path: Path, dataset: rasterio.DatasetReader) -> None:
    if dataset.count != 1:
        raise InputError(f"{path}: has {dataset.count} bands", "write one of them: gdal_translate -b 1")
    if dataset.dtypes[0].startswith("complex"):
        raise InputError(f"{path}: cells are {dataset.dtypes[0]}", "write real numbers")
    if dataset.width * dataset.height > MOST_CELLS:
        size = f"{dataset.height} x {dataset.width} cells"
        raise InputError(f"{path}: {size}, the limit is {MOST_CELLS}", "cut a window: gdal_translate -srcwin")
    check_blocks(path, dataset)
    t = dataset.transform
    if t.b != 0.0 or t.d != 0.0:
        raise InputError(f"{path}: rows and columns are rotated against the map", "turn it upright: gdalwarp")
    if not (t.a > 0.0 and t.e != 0.0 and all(1e-9 < abs(side) < 1e9 for side in (t.a, t.e))):
        raise InputError(
            f"{path}: is mirrored, or its cells have no size (cells of {t.a:g} x {t.e:g})", "turn it: gdalwarp"
        )


def _read(path: Path, dataset: rasterio.DatasetReader) -> PlainRaster:
    band = dataset.read(1, masked=True)
    values = band.data.astype(np.float64) * dataset.scales[0] + dataset.offsets[0]
    values[np.ma.getmaskarray(band)] = np.nan
    if not np.isfinite(values).any():
        raise InputError(f"{path}: no cell holds data", "check its nodata tag")
    t = dataset.transform
    crs = None if dataset.crs is None else _name(dataset.crs)
    return PlainRaster(values, t.a, abs(t.e), t.c, t.f, crs, t.e > 0.0, _unit(dataset.crs))


def _name(crs: rasterio.crs.CRS) -> str:
    known = crs.to_authority()
    return ":".join(known) if known else str(crs.to_wkt())


def _unit(crs: rasterio.crs.CRS | None) -> str:
    if crs is None:
        return "unknown"
    return "degree" if crs.is_geographic else str(crs.linear_units)
