"""A DEM of any size seen through windows of one fixed grid: what workers read their tiles from."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.base.gate import names_its_file
from lupex.io.crs import canonical_pole
from lupex.io.dem.heights import heights_m, likely_factor, unit_factor, without_radius
from lupex.io.dem.raster import Raster, open_raster
from lupex.io.dem.read import synthetic_below_m, target_grid
from lupex.io.dem.resample import placement, sampled
from lupex.model import Grid

_LOOK = 1024


@dataclass(frozen=True)
class DemWindows:
    """How to read windows of a DEM on one grid; small and picklable.

    Attributes:
        path: the file, or its label.
        grid: the polar grid of the whole DEM; windows are parts of it.
        metres_per_unit: of the numbers in the file.
        resampled: whether the file lies on another map and is resampled bilinearly.
        synthetic_below_m, source: as in Terrain.
    """

    path: str
    grid: Grid
    metres_per_unit: float
    resampled: bool
    synthetic_below_m: float | None
    source: str

    def read(self, window: Grid) -> NDArray[np.float32]:
        """Heights (row, col) in metres on ``window``, a part of ``grid``; NaN without data.

        Raises InputError when the file cannot be read or holds what is no lunar height.
        """
        factor = self.metres_per_unit
        with open_raster(self.path) as raster:
            if self.resampled:
                values = sampled(raster, placement(raster), window, factor)
            else:
                row = round((self.grid.top_m - window.top_m) / self.grid.cell_m)
                col = round((window.left_m - self.grid.left_m) / self.grid.cell_m)
                block = raster.values(row, row + window.rows, col, col + window.cols)
                values = without_radius(block, factor).astype(np.float32)
        if not np.isfinite(values).any():
            return values
        return heights_m(values, factor, window.cell_m, Path(self.path))


@names_its_file
def dem_windows(path: str | Path) -> DemWindows:
    """Grid, unit and labels of a DEM, read once by the driver so that all workers agree.

    Args:
        path: of the DEM or its label.

    Raises InputError as `lupex.io.dem.read.read_terrain`; the size of the file does not matter.
    """
    with open_raster(path) as raster:
        pole = canonical_pole(raster.crs)
        resampled = pole is None or not raster.is_square
        if pole is None or resampled:
            grid = target_grid(raster)
        else:
            grid = Grid(pole, raster.rows, raster.cols, raster.affine[0], raster.affine[2], raster.affine[5])
        factor = unit_factor(raster.unit, raster.path)
        if factor is None:
            factor = _likely(raster, grid.cell_m)
        source = " ".join(part for part in (raster.path.name, raster.tags.get("PRODUCT_ID", "").strip('"')) if part)
        return DemWindows(str(path), grid, factor, resampled, synthetic_below_m(raster), source)


@names_its_file
def dem_files(path: str | Path) -> list[Path]:
    """Every file the reader opens for a DEM, label and image alike: all whose digests tell DEMs apart.

    Raises InputError as `lupex.io.dem.raster.open_raster`.
    """
    with open_raster(path) as raster:
        return list(raster.files)


def _likely(raster: Raster, cell_m: float) -> float:
    """Metres per unit of a file that names none, from the fullest of nine windows."""
    best: NDArray[np.float32] = np.empty((0, 0), np.float32)
    for down in (1, 0, 2):
        for across in (1, 0, 2):
            top, left = (down * max(raster.rows - _LOOK, 0)) // 2, (across * max(raster.cols - _LOOK, 0)) // 2
            values = raster.values(top, min(top + _LOOK, raster.rows), left, min(left + _LOOK, raster.cols))
            block = without_radius(values, None).astype(np.float32)
            if np.isfinite(block).sum() > np.isfinite(best).sum():
                best = block
            if np.isfinite(best).mean() > 0.5:
                break
    finite = best[np.isfinite(best)]
    if not finite.size:
        raise InputError(f"{raster.path}: no cell holds data where one would expect it", "set the band's unit")
    return likely_factor(best, finite, cell_m, raster.path)
