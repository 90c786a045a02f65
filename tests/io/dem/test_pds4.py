"""PDS4 labels: constants given as bits are taken from the label, not from GDAL."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio

from lupex.base.errors import InputError
from lupex.io import dem_files, read_terrain
from lupex.model import Grid

GRID = Grid("south", 20, 20, 100.0, -1000.0, 1000.0)


def label(folder: Path, crs: object, values: np.ndarray, constant: str) -> Path:
    """A product written by GDAL, its missing constant replaced by text."""
    profile = {"driver": "PDS4", "height": 20, "width": 20, "count": 1, "dtype": values.dtype.name, "crs": crs}
    place = rasterio.Affine(100.0, 0.0, -1000.0, 0.0, -100.0, 1000.0)
    with rasterio.open(folder / "d.xml", "w", transform=place, nodata=-7, **profile) as dataset:
        dataset.write(values, 1)
    text = (folder / "d.xml").read_text()
    assert ">-7</" in text.replace("-7.0", "-7")
    (folder / "d.xml").write_text(text.replace(">-7.0</", f">{constant}</").replace(">-7</", f">{constant}</"))
    return folder / "d.xml"


@pytest.mark.parametrize(
    ("dtype", "constant", "null"), [("int16", "16#8000#", -32768), ("float32", "0xFF7FFFFB", -3.4028226550889045e38)]
)
def test_bits_are_a_sample_and_cells_of_0_and_16_m_stay(
    tmp_path: Path, polar_tif: Callable[..., Path], dtype: str, constant: str, null: float
) -> None:
    with rasterio.open(polar_tif(GRID)) as dataset:
        crs = dataset.crs
    values = (np.add.outer(np.arange(20) * 4, np.arange(20) * 4) - 40).astype(dtype)
    values[7, 7] = null
    place = label(tmp_path, crs, values, constant)
    terrain = read_terrain(place)
    assert np.argwhere(~np.isfinite(terrain.elevation_m)).tolist() == [[7, 7]]
    assert {path.name for path in dem_files(place)} == {"d.xml", "d.img"}


def test_a_constant_that_is_none_is_refused(tmp_path: Path, polar_tif: Callable[..., Path]) -> None:
    with rasterio.open(polar_tif(GRID)) as dataset:
        crs = dataset.crs
    place = label(tmp_path, crs, np.zeros((20, 20), "int16"), "16#80")
    with pytest.raises(InputError, match=r"d\.xml: .*constant is '16#80'"):
        read_terrain(place)
