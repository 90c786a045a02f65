"""Elevation maps for the command line, good and bad, made with the format library itself."""

from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

SOUTH = "+proj=stere +lat_0=-90 +lon_0=0 +k=1 +x_0=0 +y_0=0 +R=1737400 +units=m +no_defs"
EARTH = "EPSG:3031"


def dem(path: Path, elevation_m: np.ndarray | None = None, crs: str = SOUTH, cell_m: float = 100.0) -> Path:
    """A float32 GeoTIFF of gentle hills, its upper left corner 20 km from the south pole."""
    if elevation_m is None:
        row, col = np.mgrid[0:64, 0:64]
        elevation_m = 300.0 * np.sin(row / 9.0) * np.cos(col / 7.0)
    profile = {
        "driver": "GTiff",
        "height": elevation_m.shape[0],
        "width": elevation_m.shape[1],
        "count": 1,
        "dtype": "float32",
        "crs": crs,
        "transform": from_origin(10_000.0, 20_000.0, cell_m, cell_m),
        "nodata": -9999.0,
    }
    with rasterio.open(path, "w", **profile) as out:
        out.write(elevation_m.astype("float32"), 1)
    return path


def bad_dems(folder: Path) -> dict[str, Path]:
    """Files that are no usable DEM: what is wrong -> path."""
    good = dem(folder / "good.tif").read_bytes()
    made = {name: folder / f"{name}.tif" for name in ("empty", "truncated", "text", "html", "vrt")}
    made["empty"].write_bytes(b"")
    made["truncated"].write_bytes(good[: len(good) // 2])
    made["text"].write_text("height 12\n")
    made["html"].write_text("<!DOCTYPE html><html><body>Not here</body></html>")
    made["vrt"].write_text(
        '<VRTDataset rasterXSize="64" rasterYSize="64"><VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
        f"<SourceFilename>{folder / 'good.tif'}</SourceFilename><SourceBand>1</SourceBand></SimpleSource>"
        "</VRTRasterBand></VRTDataset>"
    )
    made["nodata"] = dem(folder / "nodata.tif", np.full((64, 64), -9999.0))
    made["nan"] = dem(folder / "nan.tif", np.full((64, 64), np.nan))
    made["earth"] = dem(folder / "earth.tif", crs=EARTH)
    made["huge"] = _claims_40_gb(folder / "huge.tif")
    made["folder"] = folder / "folder.tif"
    made["folder"].mkdir()
    return made


def _claims_40_gb(path: Path) -> Path:
    profile = {
        "driver": "GTiff",
        "height": 100_000,
        "width": 100_000,
        "count": 1,
        "dtype": "float32",
        "crs": SOUTH,
        "transform": from_origin(-500_000.0, 500_000.0, 10.0, 10.0),
        "tiled": True,
        "blockxsize": 1024,
        "blockysize": 1024,
        "SPARSE_OK": True,
        "BIGTIFF": "YES",
    }
    with rasterio.open(path, "w", **profile):
        pass
    assert path.stat().st_size < 1_500_000
    return path
