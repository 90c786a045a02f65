"""Maps as cloud-optimised GeoTIFF that say which body, frame, unit and how much of them is made up."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.io import MemoryFile
from rasterio.shutil import copy
from rasterio.transform import Affine
from rasterio.windows import Window

from lupex.base.errors import GridError, StoreError
from lupex.io.atomic import atomic_path, write_bytes
from lupex.io.crs import crs_wkt
from lupex.io.text import whole_text
from lupex.model import Grid

FRAME = "MOON_ME_DE440_ME421"
VERTICAL_DATUM = "1737.4 km sphere"
_NODATA: dict[str, float] = {"float32": float("nan"), "int16": -32768, "uint8": 255}


def write_cog(
    path: str | Path,
    grid: Grid,
    values: NDArray[Any],
    *,
    name: str,
    unit: str,
    meaning: str,
    synthetic_below_m: float | None = None,
    tags: dict[str, str] | None = None,
) -> None:
    """Write one map as a cloud-optimised GeoTIFF with overviews; equal inputs give equal bytes.

    Args:
        path: where; appears whole or not at all.
        grid: where the cells lie; its CRS is written as WKT and, since GeoTIFF holds no IAU codes,
            as the tag LUPEX_CRS.
        values: (row, col) float32, int16 or uint8; bool is written as uint8, other floats as float32.
            No data is NaN, -32768 or 255.
        name, unit, meaning: band description, unit and one sentence a reader of the file sees.
        synthetic_below_m: as in Terrain; written as the tag SYNTHETIC.
        tags: further tags.

    Raises:
        GridError: the array does not have the grid's shape, or a type maps are not kept in.
        StoreError: the disk is full or the place cannot be written.
    """
    band = _band(values, grid, name)
    label = _tags(grid, name, unit, meaning, synthetic_below_m, tags)
    write_bytes(path, _encoded(band, grid, label, name, unit, Path(path)))


def write_cog_blocks(
    path: str | Path,
    grid: Grid,
    blocks: Iterable[tuple[int, int, NDArray[np.float32]]],
    *,
    name: str,
    unit: str,
    meaning: str,
    synthetic_below_m: float | None = None,
    tags: dict[str, str] | None = None,
) -> None:
    """`write_cog` for a float32 map that need not fit in memory: blocks (first row, first col, values) fill it.

    The blocks go through an uncompressed file beside ``path`` that vanishes at the end. Cells no block covers are NaN.
    Raises GridError for a block that sticks out of the grid, StoreError when the disk is full.

    Args:
        name, unit, meaning: of the layer, written into the file.
        synthetic_below_m: scale below which the ground is made up; None where it is measured.
        tags: further metadata.
    """
    label = _tags(grid, name, unit, meaning, synthetic_below_m, tags)
    place = Path(path)
    profile = _profile(grid, "float32")
    shape = {key: profile[key] for key in ("height", "width", "count", "dtype", "nodata", "crs", "transform")}
    raw = {**shape, "driver": "GTiff", "tiled": True, "blockxsize": 512, "blockysize": 512, "BIGTIFF": "IF_SAFER"}
    style = {key: profile[key] for key in ("compress", "level", "predictor", "blocksize", "overview_resampling")}
    with atomic_path(place) as partial:
        plain = partial.with_name(f"{partial.name}.raw.tif")  # atomic_path removes what begins with its name
        try:
            with rasterio.Env(GDAL_PAM_ENABLED="NO", GDAL_CACHEMAX=64):
                with rasterio.open(plain, "w", **raw) as dataset:
                    for row, col, values in blocks:
                        part = grid.crop(row, col, *values.shape)
                        dataset.write(values, 1, window=Window(col, row, part.cols, part.rows))
                    dataset.update_tags(**label)
                    dataset.set_band_description(1, whole_text(name))
                    dataset.set_band_unit(1, unit)
                copy(plain, partial, driver="COG", num_threads=1, **style)
        except rasterio.errors.RasterioError as error:
            raise StoreError(
                f"{place}: cannot encode the map ({str(error).splitlines()[0]})", "is the disk full?"
            ) from error
        plain.unlink()


def _tags(
    grid: Grid, name: str, unit: str, meaning: str, synthetic_below_m: float | None, more: dict[str, str] | None
) -> dict[str, str]:
    tag = {"TARGET_NAME": "MOON", "LUPEX_CRS": grid.crs_name, "FRAME": FRAME, "VERTICAL_DATUM": VERTICAL_DATUM}
    tag |= {"NAME": name, "UNITS": unit, "MEANING": meaning}
    if synthetic_below_m is not None:
        tag["SYNTHETIC"] = f"below {synthetic_below_m:g} m"
    return {key: whole_text(value) for key, value in (tag | (more or {})).items()}


def _statistics(band: NDArray[Any]) -> dict[str, str]:
    """Statistics of the known cells under the names GDAL and QGIS read, so that nobody has to compute them again."""
    nodata = _NODATA[str(band.dtype)]
    known = band[~np.isnan(band)] if np.isnan(nodata) else band[band != nodata]
    if known.size == 0:
        return {}
    values = known.astype(np.float64)
    found = {"MINIMUM": values.min(), "MAXIMUM": values.max(), "MEAN": values.mean(), "STDDEV": values.std()}
    found["VALID_PERCENT"] = 100.0 * values.size / band.size
    return {f"STATISTICS_{name}": f"{value:.9g}" for name, value in found.items()}


def _profile(grid: Grid, kind: str) -> dict[str, Any]:
    return {
        "driver": "COG",
        "height": grid.rows,
        "width": grid.cols,
        "count": 1,
        "dtype": kind,
        "nodata": _NODATA[kind],
        "crs": CRS.from_wkt(crs_wkt(grid.pole)),
        "transform": Affine(grid.cell_m, 0.0, grid.left_m, 0.0, -grid.cell_m, grid.top_m),
        "compress": "DEFLATE",
        "level": 6,
        "predictor": "FLOATING_POINT" if kind == "float32" else "STANDARD",
        "blocksize": 512,
        "overview_resampling": "NEAREST" if kind == "uint8" else "AVERAGE",
        "num_threads": 1,
    }


def _band(values: NDArray[Any], grid: Grid, name: str) -> NDArray[Any]:
    if values.shape != grid.shape:
        raise GridError(f"map {name}: array has shape {values.shape}, its grid {grid.shape}")
    if values.dtype == np.bool_:
        values = values.astype(np.uint8)
    elif np.issubdtype(values.dtype, np.floating):
        values = values.astype(np.float32, copy=False)
    if str(values.dtype) not in _NODATA:
        raise GridError(f"map {name}: cells are {values.dtype}", "use float32, int16, uint8 or bool")
    return values


def _encoded(band: NDArray[Any], grid: Grid, tags: dict[str, str], name: str, unit: str, path: Path) -> bytes:
    profile = _profile(grid, str(band.dtype))
    try:
        with rasterio.Env(GDAL_PAM_ENABLED="NO"), MemoryFile() as memory:
            with memory.open(**profile) as dataset:
                dataset.write(band, 1)
                dataset.update_tags(**tags)
                dataset.update_tags(1, **_statistics(band))
                dataset.set_band_description(1, whole_text(name))
                dataset.set_band_unit(1, unit)
            return bytes(memory.getbuffer())
    except rasterio.errors.RasterioError as error:
        raise StoreError(f"{path}: cannot encode the map ({str(error).splitlines()[0]})") from error
