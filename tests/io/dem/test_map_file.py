from pathlib import Path

import numpy as np
import pytest
import rasterio

from lupex.base.errors import InputError
from lupex.io import describe_map, read_map, write_cog
from lupex.model import Grid


def test_a_map_comes_back_with_its_tags_and_its_holes(tmp_path: Path) -> None:
    grid = Grid("north", 5, 7, 20.0, -40.0, 60.0)
    values = np.arange(35, dtype=np.float32).reshape(5, 7)
    values[2, 3] = np.nan
    path = tmp_path / "a.tif"
    write_cog(path, grid, values, name="slope_deg", unit="degree", meaning="slope", synthetic_below_m=100.0)
    file, found = read_map(path)
    assert (file.grid, file.name, file.synthetic) == (grid, "slope_deg", "below 100 m")
    np.testing.assert_array_equal(found, values)


def test_scale_and_offset_of_whole_numbers_are_applied(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    write_cog(path, Grid("south", 4, 4, 10.0, 0.0, 40.0), np.full((4, 4), 6, np.int16), name="x", unit="m", meaning="x")
    with rasterio.open(path, "r+", IGNORE_COG_LAYOUT_BREAK="YES") as dataset:
        dataset.scales, dataset.offsets = (0.5,), (10.0,)
    assert read_map(path)[1][0, 0] == 13.0


@pytest.mark.parametrize("kind", ["text", "cut", "bands", "earth", "turned"])
def test_a_file_that_is_no_map_of_the_pole_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "strange.tif"
    grid = Grid("south", 64, 64, 10.0, 0.0, 640.0)
    write_cog(path, grid, np.zeros((64, 64), np.float32), name="x", unit="m", meaning="x")
    if kind == "text":
        path.write_text("slope,1", encoding="utf-8")
    elif kind == "cut":
        path.write_bytes(path.read_bytes()[:200])
    else:
        with rasterio.open(path) as dataset:
            profile, crs = dataset.profile, dataset.crs
        shape = {"count": 2} if kind == "bands" else {"crs": "EPSG:3031"} if kind == "earth" else {}
        if kind == "turned":
            shape["transform"] = rasterio.Affine(10.0, 1.0, 0.0, 1.0, -10.0, 640.0)
        profile.update(driver="GTiff", **shape)
        with rasterio.open(path, "w", **profile) as dataset:
            dataset.write(np.zeros((profile["count"], 64, 64), np.float32))
        assert crs is not None
    with pytest.raises(InputError, match=r"strange\.tif"):
        describe_map(path)
