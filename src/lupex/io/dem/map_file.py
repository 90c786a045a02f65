"""Read a map that was written by `write_cog`, or any GeoTIFF on the map of a pole, without trusting it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioError

from lupex.base.errors import InputError
from lupex.base.frames import Pole
from lupex.base.gate import printable
from lupex.io.crs import canonical_pole
from lupex.io.dem.raster import check_blocks, checked_path, open_dataset
from lupex.model import Grid

MOST_CELLS = 64_000_000
"""A map of more cells is not read whole."""
LEAST_CELL_M, FURTHEST_M = 1e-3, 1e8
"""Smallest cell, and edges farthest from the pole, of a map that is taken."""
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


@dataclass(frozen=True, kw_only=True)
class MapFile:
    """What the head of a map says.

    Attributes:
        path, grid: the file and its cells.
        name, unit, meaning: tags of `write_cog`, '' where the file has none.
        synthetic: 'below 1600 m' where the ground is made up, else ''.
    """

    path: Path
    grid: Grid
    name: str
    unit: str
    meaning: str
    synthetic: str


def describe_map(path: str | Path) -> MapFile:
    """The head of a map; no cell is read.

    Args:
        path: of the GeoTIFF.

    Raises InputError: missing, damaged, not one band on the polar stereographic map of the 1737.4 km sphere, or more
    than 64 million cells.
    """
    with _opened(path) as (place, dataset):
        return _described(place, dataset)


def read_map(path: str | Path) -> tuple[MapFile, NDArray[np.float32]]:
    """A map's head and its cells (row, col) float32, scale and offset applied, NaN without data.

    Args:
        path: of the GeoTIFF.

    Raises InputError as `describe_map`, and for cells that cannot be read.
    """
    with _opened(path) as (place, dataset):
        described = _described(place, dataset)
        band = dataset.read(1, masked=True)
        values = band.data.astype(np.float32)
        if (dataset.scales[0], dataset.offsets[0]) != (1.0, 0.0):
            values = (band.data * dataset.scales[0] + dataset.offsets[0]).astype(np.float32)
        values[np.ma.getmaskarray(band)] = np.nan
        values[np.isinf(values)] = np.nan
        return described, values


@contextmanager
def _opened(path: str | Path) -> Iterator[tuple[Path, rasterio.DatasetReader]]:
    place = checked_path(path)
    try:
        with open(place, "rb") as stream:
            if not stream.read(4).startswith(_TIFF):
                raise InputError(f"{place}: is no GeoTIFF", "convert it: gdal_translate -of GTiff")
        with (
            rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR", GDAL_PAM_ENABLED="NO", GDAL_CACHEMAX=64),
            open_dataset(place, "GTiff") as dataset,
        ):
            yield place, dataset
    except (RasterioError, OSError, MemoryError, UnicodeDecodeError) as error:
        reason = printable(str(error).splitlines()[0] if str(error) else type(error).__name__)
        raise InputError(f"{place}: damaged or not a raster ({reason})", "write it anew") from error


@lru_cache(maxsize=64)
def _pole(wkt: str) -> Pole | None:
    """The pole of a map projection; a folder's maps share one, and to judge it takes 80 ms."""
    return canonical_pole(wkt)


def _described(place: Path, dataset: rasterio.DatasetReader) -> MapFile:
    if dataset.count != 1 or dataset.dtypes[0].startswith("complex"):
        raise InputError(f"{place}: {dataset.count} bands of {dataset.dtypes[0]}", "a map has one band of numbers")
    if dataset.width * dataset.height > MOST_CELLS:
        size = f"{dataset.height} x {dataset.width} cells"
        raise InputError(f"{place}: {size}, the limit is {MOST_CELLS}", "cut a window: gdal_translate -srcwin")
    check_blocks(place, dataset)
    pole = None if dataset.crs is None else _pole(dataset.crs.to_wkt())
    if pole is None:
        raise InputError(f"{place}: does not lie on the polar map of the Moon", "warp it to IAU_2015:30135 or 30130")
    t = dataset.transform
    if t.b != 0.0 or t.d != 0.0 or not t.a > 0.0 or abs(t.a + t.e) > 1e-9 * t.a:
        raise InputError(f"{place}: its cells are not square and upright", "turn it: gdalwarp -tr")
    edges_m = (t.c, t.f, t.c + dataset.width * t.a, t.f - dataset.height * t.a)
    if not (t.a >= LEAST_CELL_M and max(abs(edge) for edge in edges_m) <= FURTHEST_M):
        raise InputError(f"{place}: cells of {t.a:g} m from {t.c:g}, {t.f:g} are no map of the Moon", "write it anew")
    tags = dataset.tags()
    grid = Grid(pole, dataset.height, dataset.width, t.a, t.c, t.f)
    said = {key: printable(str(tags.get(key, "")))[:200] for key in ("NAME", "UNITS", "MEANING", "SYNTHETIC")}
    name, unit, meaning, synthetic = said.values()
    return MapFile(path=place, grid=grid, name=name, unit=unit, meaning=meaning, synthetic=synthetic)
