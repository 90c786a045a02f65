"""What a DEM is said to be, and what import makes of it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from lupex.base.digest import file_sha256
from lupex.io import default_terrain, describe_dem, import_dem, read_terrain
from lupex.io.crs import lonlat_wkt
from lupex.model import Grid

GRID = Grid("south", 120, 100, 200.0, -4000.0, 30_000.0)


def test_a_canonical_dem_is_described(polar_tif: Callable[..., Path], on_grid: Callable[[Grid], np.ndarray]) -> None:
    path = polar_tif(GRID, nodata=-9999.0)
    info = describe_dem(path, digest=True)
    assert (info.driver, info.rows, info.cols, info.cell_m, info.pole) == ("GTiff", 120, 100, 200.0, "south")
    assert not info.needs_resampling and info.crs == "polar stereographic, same as IAU_2015:30135"
    assert info.nodata == -9999.0 and info.unit == "" and info.sha256 == file_sha256(path)
    assert (info.lowest, info.highest) == (pytest.approx(on_grid(GRID).min()), pytest.approx(on_grid(GRID).max()))
    lat, lon = info.corners_lat_lon_deg[0]
    assert (lat, lon) == (pytest.approx(-89.00196, abs=1e-4), pytest.approx(352.40536, abs=1e-4))


def test_a_lonlat_dem_needs_resampling(write_tif: Callable[..., Path]) -> None:
    path = write_tif("g.tif", np.full((40, 60), 7, np.int16), lonlat_wkt(), Affine(0.1, 0, 20.0, 0, -0.1, 88.0))
    info = describe_dem(path)
    assert info.needs_resampling and info.pole == "" and info.cell_m == pytest.approx(3040.0)
    assert info.corners_lat_lon_deg[2] == (pytest.approx(84.0), pytest.approx(26.0))


def test_a_radius_is_told_as_a_height(write_tif: Callable[..., Path]) -> None:
    values = np.full((8, 8), 1_737_400.0 + 1234.5)
    path = write_tif("r.tif", values, "IAU_2015:30135", Affine(10.0, 0, 0, 0, -10.0, 0))
    assert describe_dem(path).highest == 1234.5


def test_a_large_dem_is_only_glimpsed(tmp_path: Path, write_tif: Callable[..., Path]) -> None:
    n = 12_000
    path = tmp_path / "large.tif"
    options = {"tiled": True, "blockxsize": 256, "blockysize": 256, "compress": "deflate", "SPARSE_OK": True}
    shape = {"height": n, "width": n, "count": 1, "dtype": "float32", "crs": rasterio.CRS.from_string("IAU_2015:30135")}
    affine = Affine(20.0, 0, -n * 10.0, 0, -20.0, n * 10.0)
    with rasterio.open(path, "w", driver="GTiff", transform=affine, nodata=-1.0, **shape, **options) as dataset:
        dataset.write(np.full((256, 256), 55.0, np.float32), 1, window=rasterio.windows.Window(0, 0, 256, 256))
    info = describe_dem(path)
    assert info.highest == 55.0 and 0.9 < info.missing_fraction < 1.0


def test_import_makes_a_canonical_cog_that_reads_back_equal(
    tmp_path: Path, write_tif: Callable[..., Path], relief: Callable[..., np.ndarray]
) -> None:
    lat = -83.0 - (np.arange(400) + 0.5) * 0.005
    lon = 20.0 + (np.arange(600) + 0.5) * 0.005
    values = relief(*np.meshgrid(lat, lon, indexing="ij")).astype(np.float32)
    path = write_tif("g.tif", values, lonlat_wkt(), Affine(0.005, 0, 20.0, 0, -0.005, -83.0), unit="m")
    written = import_dem(path, tmp_path / "out" / "dem.tif", around=(-84.0, 21.5, 3000.0))
    info = describe_dem(tmp_path / "out" / "dem.tif")
    assert not info.needs_resampling and info.unit == "m"
    back = read_terrain(tmp_path / "out" / "dem.tif")
    assert back.grid == written.grid and back.sha256 == written.sha256
    np.testing.assert_array_equal(back.elevation_m, written.elevation_m)
    with rasterio.open(tmp_path / "out" / "dem.tif") as dataset:
        assert dataset.tags()["SOURCE"] == "g.tif"


def test_the_shipped_caps_are_described_like_any_other_file() -> None:
    from importlib.resources import files

    for pole in ("south", "north"):
        info = describe_dem(str(files("lupex") / "data" / f"lola_dem_{pole}_1600m.tif"))
        assert info.pole == pole and info.unit == "m" and info.dtype == "int16" and info.missing_fraction == 0.0
        assert info.lowest >= float(default_terrain(pole).elevation_m.min())  # type: ignore[arg-type]
        assert info.corners_lat_lon_deg[0][0] == pytest.approx(-62.1323 if pole == "south" else 62.1323, abs=1e-3)
