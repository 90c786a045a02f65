"""The brightness of a user's map-projected image on the cells of a DEM."""

from pathlib import Path

import numpy as np

from lupex.base.arrays import F32
from lupex.base.errors import InputError
from lupex.base.gate import names_its_file
from lupex.io.crs import crs_wkt
from lupex.model import Grid

MOST_PIXELS = 400_000_000


@names_its_file
def read_image(path: str | Path, grid: Grid) -> F32:
    """Mean brightness (row, col) of an image in each cell of a grid, in the image's units; NaN off the image.

    Args:
        path: one band with a map projection of the Moon (GeoTIFF, JPEG 2000, a PDS label ...).
        grid: cells; finer than the image's pixels they take the nearest pixel.

    Raises InputError for a file that is no such image, or does not meet the grid.
    """
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.errors import RasterioError
    from rasterio.warp import reproject

    path = Path(path)
    out = np.full(grid.shape, np.nan, np.float32)
    try:
        with rasterio.open(path) as image:
            if image.count != 1:
                raise InputError(f"{path}: has {image.count} bands", "give one band of brightness")
            if image.crs is None or image.transform.is_identity:
                raise InputError(f"{path}: does not say where on the Moon it lies", "give a map-projected image")
            if image.width * image.height > MOST_PIXELS:
                raise InputError(f"{path}: {image.height} x {image.width} pixels", "cut out the part on the DEM")
            coarse = abs(image.transform.a) > grid.cell_m
            target = rasterio.transform.from_origin(grid.left_m, grid.top_m, grid.cell_m, grid.cell_m)
            values = image.read(1, masked=True).astype(np.float32).filled(np.nan)
            reproject(
                values, out, src_transform=image.transform, src_crs=image.crs, src_nodata=np.nan, dst_transform=target,
                dst_crs=crs_wkt(grid.pole), dst_nodata=np.nan,
                resampling=Resampling.nearest if coarse else Resampling.average,
            )  # fmt: skip
    except (RasterioError, OSError) as error:
        raise InputError(f"{path}: cannot be read as an image ({error})", "give a map-projected image") from error
    if not np.isfinite(out).any():
        raise InputError(f"{path}: shows no ground of the DEM", "give an image of the same place")
    return out
