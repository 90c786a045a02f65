"""Rasters of plain numbers come back as they were written."""

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from lupex.base.errors import InputError
from lupex.io import read_plain_raster


def write(path, values, transform=None, crs=None, **more):
    bands = values if values.ndim == 3 else values[None]
    where = {} if transform is None else {"transform": transform}
    with rasterio.open(path, "w", driver="GTiff", count=len(bands), height=bands.shape[1], width=bands.shape[2],
                       dtype=bands.dtype, crs=crs, **where, **more) as out:  # fmt: skip
        out.write(bands)
    return path


def test_numbers_place_and_nodata_are_kept(tmp_path):
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    values[1, 2] = -9999.0
    path = write(tmp_path / "c.tif", values, Affine(5.0, 0.0, 100.0, 0.0, -4.0, 50.0), "EPSG:32633", nodata=-9999.0)
    got = read_plain_raster(path)
    assert (got.cell_x, got.cell_y, got.left, got.top, got.crs) == (5.0, 4.0, 100.0, 50.0, "EPSG:32633")
    assert got.middles(np.array([0, 2]), np.array([0, 3])) == [(102.5, 48.0), (117.5, 40.0)]
    assert got.unit == "metre"
    assert got.values.dtype == np.float64 and np.isnan(got.values[1, 2])
    assert np.array_equal(np.delete(got.values.ravel(), 6), np.delete(np.arange(12.0), 6))
    assert got.cell_at(100.0, 50.0) == (0, 0) and got.cell_at(119.9, 38.1) == (2, 3)
    with pytest.raises(
        InputError, match=r"\(99, 50\) lies outside the raster; x goes from 100 to 120, y from 38 to 50"
    ):
        got.cell_at(99.0, 50.0)


def test_a_raster_without_place_counts_cells(tmp_path):
    got = read_plain_raster(write(tmp_path / "c.tif", np.ones((2, 3), np.uint8)))
    assert (got.cell_x, got.cell_y, got.left, got.top, got.crs) == (1.0, 1.0, 0.0, 0.0, None)
    assert got.cell_at(2.5, 1.5) == (1, 2)
    assert got.middles(np.array([1]), np.array([2])) == [(2.5, 1.5)]


def test_the_unit_of_the_coordinates_is_told(tmp_path):
    degrees = write(tmp_path / "d.tif", np.ones((2, 3), np.uint8), Affine(0.1, 0, 10, 0, -0.1, 50), "EPSG:4326")
    assert read_plain_raster(degrees).unit == "degree"
    assert read_plain_raster(write(tmp_path / "n.tif", np.ones((2, 3), np.uint8))).unit == "unknown"


def test_rows_that_go_up_are_read_as_they_stand(tmp_path):
    got = read_plain_raster(write(tmp_path / "c.tif", np.ones((2, 3), np.uint8), Affine(2, 0, 10, 0, 4, 100)))
    assert got.cell_at(15.0, 105.0) == (1, 2)
    assert got.middles(np.array([1]), np.array([2])) == [(15.0, 106.0)]


def test_scale_and_offset_are_applied(tmp_path):
    path = write(tmp_path / "c.tif", np.full((2, 2), 7, np.int16), Affine(1, 0, 0, 0, -1, 0))
    with rasterio.open(path, "r+") as out:
        out.scales, out.offsets = (0.5,), (10.0,)
    assert np.all(read_plain_raster(path).values == 13.5)


@pytest.mark.parametrize(
    ("values", "transform", "said"),
    [
        (np.ones((2, 3, 3)), Affine(1, 0, 0, 0, -1, 0), "has 2 bands"),
        (np.ones((3, 3)), Affine(1, 0.2, 0, 0.2, -1, 0), "rotated"),
        (np.ones((3, 3)), Affine(-1, 0, 0, 0, -1, 0), "mirrored"),
        (np.ones((3, 3), np.complex64), Affine(1, 0, 0, 0, -1, 0), "complex"),
        (np.full((3, 3), np.nan), Affine(1, 0, 0, 0, -1, 0), "no cell holds data"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, values, transform, said):
    with pytest.raises(InputError, match=said):
        read_plain_raster(write(tmp_path / "c.tif", values, transform))


def test_damaged_and_missing_files_are_said(tmp_path):
    path = write(tmp_path / "c.tif", np.ones((40, 40)), Affine(1, 0, 0, 0, -1, 0))
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(InputError, match="damaged"):
        read_plain_raster(path)
    (tmp_path / "t.txt").write_text("hello")
    with pytest.raises(InputError, match="no GeoTIFF"):
        read_plain_raster(tmp_path / "t.txt")
    with pytest.raises(InputError, match="no such file"):
        read_plain_raster(tmp_path / "none.tif")
    with pytest.raises(InputError, match="not a file on this machine"):
        read_plain_raster("https://example.org/c.tif")


def test_blocks_of_gigabytes_in_a_small_file_are_refused_before_they_are_read(tmp_path):
    path = tmp_path / "b.tif"
    shape = {"height": 8000, "width": 8000, "count": 1, "dtype": "float64"}
    options = {"compress": "DEFLATE", "SPARSE_OK": "TRUE", "tiled": True, "blockxsize": 16384, "blockysize": 16384}
    with rasterio.open(path, "w", driver="GTiff", transform=Affine(1, 0, 0, 0, -1, 0), **shape, **options):
        pass
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError, match=r"b\.tif: is stored in blocks of 16384 x 16384 cells, too large to open"):
        read_plain_raster(path)
