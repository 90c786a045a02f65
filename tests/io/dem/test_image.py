"""Images onto the cells of a DEM."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from lupex.base.errors import InputError
from lupex.io import read_image
from lupex.model import Grid

SOUTH = "+proj=stere +lat_0=-90 +lon_0=0 +k=1 +x_0=0 +y_0=0 +R=1737400 +units=m +no_defs"
GRID = Grid("south", 10, 10, 100.0, 5_000.0, 9_000.0)


def _write(path: Path, pixels: np.ndarray, cell_m: float, crs: str | None = SOUTH) -> Path:
    where = {} if crs is None else {"crs": crs, "transform": from_origin(5_000.0, 9_000.0, cell_m, cell_m)}
    shape = {"height": pixels.shape[-2], "width": pixels.shape[-1], "count": 1 if pixels.ndim == 2 else 3}
    with rasterio.open(path, "w", driver="GTiff", dtype=pixels.dtype, **shape, **where) as out:
        out.write(pixels, 1) if pixels.ndim == 2 else out.write(pixels)
    return path


def test_fine_pixels_are_averaged_and_coarse_ones_taken_as_they_are(tmp_path: Path) -> None:
    fine = np.random.default_rng(1).integers(0, 255, (40, 20)).astype("uint8")
    found = read_image(_write(tmp_path / "fine.tif", fine, 25.0), GRID)
    assert np.allclose(found[:, :5], fine.reshape(10, 4, 5, 4).mean(axis=(1, 3)), atol=0.01)
    assert np.isnan(found[:, 5:]).all()
    coarse = np.array([[1, 2], [3, 4]], "uint16")
    found = read_image(_write(tmp_path / "coarse.tif", coarse, 500.0), GRID)
    assert found[0, 0] == 1.0 and found[-1, -1] == 4.0


def test_files_that_are_no_image_of_the_place_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not say where"):
        read_image(_write(tmp_path / "bare.tif", np.ones((4, 4), "uint8"), 1.0, None), GRID)
    with pytest.raises(InputError, match="3 bands"):
        read_image(_write(tmp_path / "rgb.tif", np.ones((3, 4, 4), "uint8"), 100.0), GRID)
    with pytest.raises(InputError, match="shows no ground"):
        read_image(_write(tmp_path / "away.tif", np.ones((4, 4), "uint8"), 100.0), Grid("south", 4, 4, 100.0, 0.0, 0.0))
    (tmp_path / "text.tif").write_text("no image", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read"):
        read_image(tmp_path / "text.tif", GRID)
