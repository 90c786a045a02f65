"""Maps as COG: what is written is read back, and says what it is."""

from pathlib import Path

import numpy as np
import pytest
import rasterio

from lupex.base.errors import GridError
from lupex.io import crs_wkt, read_terrain, same_crs, write_cog
from lupex.model import Grid

GRID = Grid("south", 700, 600, 20.0, -3000.0, 9000.0)


def values(kind: str) -> np.ndarray:
    rng = np.random.default_rng(5)
    return (rng.normal(size=GRID.shape) * 40).clip(-120, 120).astype(kind)


def write(path: Path, array: np.ndarray, **more: object) -> Path:
    write_cog(path, GRID, array, name="thing_m", unit="m", meaning="a thing", **more)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize("kind", ["float32", "int16", "uint8"])
def test_cells_place_and_words_come_back(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / "a.tif", np.abs(values(kind)), synthetic_below_m=1600.0, tags={"SEED": "7"})
    with rasterio.open(path) as dataset:
        np.testing.assert_array_equal(dataset.read(1), np.abs(values(kind)))
        assert dataset.dtypes == (kind,)
        assert dataset.bounds == (-3000.0, 9000.0 - 700 * 20.0, -3000.0 + 600 * 20.0, 9000.0)
        assert same_crs(dataset.crs, crs_wkt("south"))
        assert dataset.overviews(1) == [2] and dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert dataset.units == ("m",) and dataset.descriptions == ("thing_m",)
        want = {
            "TARGET_NAME": "MOON",
            "LUPEX_CRS": "IAU_2015:30135",
            "FRAME": "MOON_ME_DE440_ME421",
            "VERTICAL_DATUM": "1737.4 km sphere",
            "UNITS": "m",
            "SYNTHETIC": "below 1600 m",
            "SEED": "7",
        }
        assert want.items() <= dataset.tags().items()


def test_measured_maps_do_not_say_synthetic(tmp_path: Path) -> None:
    with rasterio.open(write(tmp_path / "a.tif", values("float32"))) as dataset:
        assert "SYNTHETIC" not in dataset.tags()


def test_no_data_is_nan_and_bool_is_uint8(tmp_path: Path) -> None:
    array = values("float32")
    array[3, 4] = np.nan
    with rasterio.open(write(tmp_path / "a.tif", array)) as dataset:
        assert np.isnan(dataset.nodata) and np.isnan(dataset.read(1)[3, 4])
    with rasterio.open(write(tmp_path / "b.tif", values("float32") > 0)) as dataset:
        assert dataset.dtypes == ("uint8",) and set(np.unique(dataset.read(1))) == {0, 1}


def test_two_writes_are_the_same_bytes(tmp_path: Path) -> None:
    for kind in ("float32", "int16", "uint8"):
        first, second = (write(tmp_path / name, np.abs(values(kind))).read_bytes() for name in ("a.tif", "b.tif"))
        assert first == second


def test_a_map_of_the_wrong_shape_or_type_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GridError, match="shape"):
        write(tmp_path / "a.tif", np.zeros((3, 3), np.float32))
    with pytest.raises(GridError, match="complex64"):
        write(tmp_path / "a.tif", np.zeros(GRID.shape, np.complex64))
    assert not list(tmp_path.iterdir())


def test_terrain_written_and_read_is_the_same_terrain(tmp_path: Path) -> None:
    back = read_terrain(write(tmp_path / "a.tif", values("float32"), synthetic_below_m=1600.0))
    assert back.grid == GRID and back.synthetic_below_m == 1600.0
    np.testing.assert_array_equal(back.elevation_m, values("float32"))


def test_statistics_of_the_known_cells_stand_in_the_file_for_qgis(tmp_path: Path) -> None:
    array = values("float32")
    array[:70] = np.nan
    with rasterio.open(write(tmp_path / "a.tif", array)) as dataset:
        found = dataset.tags(1)
    assert float(found["STATISTICS_MINIMUM"]) == pytest.approx(float(np.nanmin(array)), rel=1e-6)
    assert float(found["STATISTICS_MEAN"]) == pytest.approx(float(np.nanmean(array.astype(float))), rel=1e-6)
    assert float(found["STATISTICS_STDDEV"]) == pytest.approx(float(np.nanstd(array.astype(float))), rel=1e-6)
    assert float(found["STATISTICS_VALID_PERCENT"]) == pytest.approx(90.0)
