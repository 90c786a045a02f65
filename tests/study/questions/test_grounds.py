"""Light at a place over many grounds: a ridge whose height error decides, clones in files, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from lupex.base.errors import InputError
from lupex.ephemeris import sky_span
from lupex.io import default_terrain, read_terrain
from lupex.model import Grid, Terrain
from lupex.study import GroundErrors, light_over_grounds
from lupex.study.questions.grounds import grounds_at

PLACE = (-89.45, 222.69, 0.0)


def _saved(path: Path, terrain: Terrain, heights: np.ndarray) -> None:
    import rasterio
    from rasterio.transform import from_origin

    crs = "+proj=stere +lat_0=-90 +lon_0=0 +k=1 +x_0=0 +y_0=0 +R=1737400 +units=m +no_defs"
    g = terrain.grid
    profile = {"driver": "GTiff", "height": g.rows, "width": g.cols, "count": 1, "dtype": "float32", "crs": crs}
    place = from_origin(g.left_m, g.top_m, g.cell_m, g.cell_m)
    with rasterio.open(path, "w", transform=place, nodata=-9999.0, **profile) as out:
        out.write(heights.astype("float32"), 1)


def test_light_over_seeds_of_relief_is_a_band_around_its_middle() -> None:
    sky = sky_span("2028-06-01T00:00:00Z", "2028-06-30T00:00:00Z", 21_600.0)
    found = light_over_grounds(default_terrain("south"), PLACE, sky, GroundErrors(count=20))
    assert found["grounds"] == 20
    assert found["grounds_from"] == "seeds of synthetic relief"
    low, middle, high = (found[f"lit_fraction_p{q}"] for q in ("05", "50", "95"))
    assert 0.0 <= low <= middle <= high <= 1.0  # type: ignore[operator]
    assert low < high  # type: ignore[operator]


def test_too_few_grounds_and_ground_without_stated_error_are_refused() -> None:
    sky = sky_span("2028-06-01T00:00:00Z", "2028-06-02T00:00:00Z", 21_600.0)
    with pytest.raises(InputError, match="ask for 20 grounds"):
        light_over_grounds(default_terrain("south"), PLACE, sky, GroundErrors(count=19))
    fine = Terrain(Grid("south", 30, 30, 20.0, -300.0, 300.0), np.zeros((30, 30), np.float32), source="mine.tif")
    with pytest.raises(InputError, match="no error stated"):
        next(grounds_at(fine, 0.0, 0.0, GroundErrors(count=20)))
    with pytest.raises(InputError, match="correlation length"):
        next(grounds_at(fine, 0.0, 0.0, GroundErrors(count=20, error_m=1.0)))


def test_the_chance_of_light_behind_an_uncertain_ridge_is_that_of_the_normal_law() -> None:
    """A wall 1 km away, 20 m high, whose height is known to 5 m: what stands below an eye of 22 m is Phi(0.4)."""
    grid = Grid("south", 101, 101, 20.0, -1010.0, 1010.0)
    heights = np.zeros(grid.shape, np.float32)
    heights[:, 100] = 20.0
    wall = Terrain(grid, heights)
    sigma = np.zeros(grid.shape, np.float32)
    sigma[:, 100] = 5.0
    from lupex.terrain.grounds import drawn_errors

    tops = [float(one.elevation_m[50, 100]) for one in drawn_errors(wall, sigma, 60.0, 300, np.random.default_rng(5))]
    assert np.mean(np.array(tops) < 22.0) == pytest.approx(norm.cdf(0.4), abs=0.07)


def test_clones_and_maps_of_errors_are_read_from_files_beside_the_dem(tmp_path: Path) -> None:
    grid = Grid("south", 60, 60, 20.0, -600.0, 600.0)
    x, y = grid.xy_m()
    dem = Terrain(grid, (100.0 + 0.1 * x + 40.0 * np.sin(y / 100.0)).astype(np.float32))
    _saved(tmp_path / "dem.tif", dem, dem.elevation_m)
    (tmp_path / "clones").mkdir()
    for number in range(3):
        error = np.full(grid.shape, 0.25 * number) + np.random.default_rng(number).normal(0.0, 0.3, grid.shape)
        _saved(tmp_path / "clones" / f"x_{number:04d}_err.tif", dem, error)
    own = read_terrain(tmp_path / "dem.tif")
    errors = GroundErrors(count=3, clones=(str(tmp_path / "clones"),))
    grounds = list(grounds_at(own, 0.0, 0.0, errors))
    assert [round(float((one.elevation_m - own.elevation_m).mean()), 1) for one in grounds] == [0.0, 0.2, 0.5]
    with pytest.raises(InputError, match="3 clones where 20"):
        next(grounds_at(own, 0.0, 0.0, GroundErrors(count=20, clones=(str(tmp_path / "clones"),))))
    _saved(tmp_path / "toterr.tif", dem, np.full(grid.shape, 0.4))
    drawn = GroundErrors(count=2, error_map=str(tmp_path / "toterr.tif"), length_m=100.0)
    spread = [float((one.elevation_m - own.elevation_m).std()) for one in grounds_at(own, 0.0, 0.0, drawn)]
    assert all(0.2 < value < 0.6 for value in spread)
