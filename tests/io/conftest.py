"""Lunar DEM files in every form users bring, made on the spot."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.crs import CRS
from rasterio.transform import Affine

from lupex.base.frames import Pole, lat_lon_deg
from lupex.io import crs_wkt
from lupex.model import Grid


@pytest.fixture
def write_tif(tmp_path: Path) -> Callable[..., Path]:
    """write_tif(name, values, crs, transform, **profile): a GeoTIFF as other programs write it."""

    def write(name: str, values: np.ndarray, crs: Any = None, transform: Affine | None = None, **profile: Any) -> Path:
        path = tmp_path / name
        tags = profile.pop("tags", {})
        unit = profile.pop("unit", None)
        stack = values if values.ndim == 3 else values[np.newaxis]
        shape = {"count": stack.shape[0], "height": stack.shape[1], "width": stack.shape[2]}
        crs = CRS.from_user_input(crs) if isinstance(crs, str) else crs
        options = {"driver": "GTiff", "dtype": stack.dtype.name, "crs": crs, **shape, **profile}
        if transform is not None:
            options["transform"] = transform
        with rasterio.open(path, "w", **options) as dataset:
            dataset.write(stack)
            dataset.update_tags(**tags)
            if unit is not None:
                dataset.set_band_unit(1, unit)
        return path

    return write


def relief_m(lat_deg: np.ndarray, lon_deg: np.ndarray) -> np.ndarray:
    """A smooth surface with a different slope in every direction, no symmetry, heights of a few hundred metres."""
    colatitude = np.radians(90.0 - np.abs(lat_deg))
    x, y = np.sin(colatitude) * np.sin(np.radians(lon_deg)), np.sin(colatitude) * np.cos(np.radians(lon_deg))
    return 900.0 * np.sin(9.0 * x + 1.0) + 700.0 * np.cos(7.0 * y - 0.3) + 4000.0 * x * y + 50.0


@pytest.fixture
def relief() -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """The surface `relief_m`, a function of latitude and longitude."""
    return relief_m


@pytest.fixture
def on_grid() -> Callable[[Grid], np.ndarray]:
    """The surface at the cell centres of a grid."""

    def heights(grid: Grid) -> np.ndarray:
        x, y = grid.xy_m()
        return relief_m(*lat_lon_deg(x, y, grid.pole))

    return heights


@pytest.fixture
def polar_tif(write_tif: Callable[..., Path], on_grid: Callable[[Grid], np.ndarray]) -> Callable[..., Path]:
    """polar_tif(grid, name=..., dtype=...): the surface on a canonical grid as a plain GeoTIFF."""

    def write(grid: Grid, name: str = "dem.tif", dtype: str = "float32", **profile: Any) -> Path:
        values = on_grid(grid).astype(dtype)
        return write_tif(name, values, crs_of(grid.pole), grid_affine(grid), **profile)

    return write


def crs_of(pole: Pole) -> CRS:
    return CRS.from_wkt(crs_wkt(pole))


def grid_affine(grid: Grid) -> Affine:
    return Affine(grid.cell_m, 0.0, grid.left_m, 0.0, -grid.cell_m, grid.top_m)


LABEL = """PDS_VERSION_ID            = "PDS3"
PRODUCT_ID                = "{product}"
DATA_SET_ID               = "LRO-L-LOLA-4-GDR-V1.0"
TARGET_NAME               = {target}
/* comments = "must not matter" */
RECORD_TYPE               = FIXED_LENGTH
RECORD_BYTES              = {record_bytes}
{pointer}
OBJECT                    = IMAGE
  NAME                    = HEIGHT
  DESCRIPTION             = "Height above the sphere,
     LINES = 1 is said here to confuse"
  LINES                   = {rows}
  LINE_SAMPLES            = {cols}
  SAMPLE_TYPE             = {sample_type}
  SAMPLE_BITS             = {bits}
  UNIT                    = {unit}
  SCALING_FACTOR          = {scale}
  OFFSET                  = {offset}
END_OBJECT                = IMAGE
OBJECT                    = IMAGE_MAP_PROJECTION
  ^DATA_SET_MAP_PROJECTION  = "DSMAP_POLAR.CAT"
  MAP_PROJECTION_TYPE       = "{projection}"
  MAP_RESOLUTION            = {resolution} <pix/deg>
  A_AXIS_RADIUS             = 1737.4 <km>
  B_AXIS_RADIUS             = 1737.4 <km>
  C_AXIS_RADIUS             = 1737.4 <km>
  FIRST_STANDARD_PARALLEL   = "N/A"
  POSITIVE_LONGITUDE_DIRECTION = "EAST"
  CENTER_LATITUDE           = {lat} <deg>
  CENTER_LONGITUDE          = {lon} <deg>
  MAP_PROJECTION_ROTATION   = 0.0
  MAP_SCALE                 = {map_scale} <m/pix>
  LINE_PROJECTION_OFFSET    = {line_offset} <pix>
  SAMPLE_PROJECTION_OFFSET  = {sample_offset} <pix>
  COORDINATE_SYSTEM_NAME    = "MEAN EARTH/POLAR AXIS OF DE421"
END_OBJECT                = IMAGE_MAP_PROJECTION
END
"""


def label_text(**facts: Any) -> str:
    """A label with the keys of the LOLA gridded products."""
    rows, cols = facts["rows"], facts["cols"]
    defaults = {
        "product": "LDEM_TEST",
        "target": "MOON",
        "record_bytes": cols * facts.get("bits", 16) // 8,
        "pointer": '^IMAGE                    = "LDEM_TEST.IMG"',
        "sample_type": "LSB_INTEGER",
        "bits": 16,
        "unit": "METER",
        "scale": 0.5,
        "offset": "1737400.",
        "projection": "POLAR STEREOGRAPHIC",
        "resolution": float(np.radians(1.0)) * 1_737_400.0 / float(facts.get("map_scale", 2000)),
        "lat": "-90",
        "lon": "0",
        "map_scale": 2000,
        "line_offset": rows / 2 - 0.5,
        "sample_offset": cols / 2 - 0.5,
    }
    return LABEL.format(**(defaults | facts)).replace("\n", "\r\n")


@pytest.fixture
def lola_label() -> Callable[..., str]:
    """lola_label(rows=..., cols=..., ...): text of a LOLA label."""
    return label_text
