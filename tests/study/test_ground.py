"""Which terrain a study stands on."""

from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.base.frames import map_xy_m
from lupex.io import default_terrain, read_terrain, write_cog
from lupex.mission import load_mission
from lupex.model import Grid, Terrain, TerrainSettings
from lupex.study.ground import (
    block_mean,
    coarse_terrain,
    dem_terrain,
    far_cap,
    fine_terrain,
    fine_window,
    inside_region,
    point_terrain,
    region_terrain,
)
from lupex.study.places import light_summary_at, skyline_at


def _saved(tmp_path, terrain: Terrain) -> str:
    path = tmp_path / "own.tif"
    write_cog(path, terrain.grid, terrain.elevation_m, name="elevation_m", unit="m", meaning="height")
    return str(path)


def test_the_default_region_reaches_to_its_limit_and_stands_in_the_whole_cap() -> None:
    region = region_terrain(TerrainSettings())
    inside = inside_region(region, TerrainSettings())
    lat, _ = region.grid.lat_lon_deg()
    reach_m = float(map_xy_m(-80.0, 0.0, "south")[1])
    assert region.grid.top_m >= reach_m and region.grid.top_m - reach_m < region.grid.cell_m
    assert np.array_equal(inside, lat <= -80.0)
    assert region.far is not None and region.far.grid.rows == 762


def test_a_dem_as_coarse_as_the_cap_still_sees_the_ground_around_it(tmp_path) -> None:
    cap = default_terrain("south")
    own = cap.crop(356, 356, 50, 50)
    path = _saved(tmp_path, own)
    place = (-89.5, 220.0)
    whole = skyline_at(cap, *place, azimuths=36)[2]
    for terrain in (point_terrain(path, *place, "off"), dem_terrain(path, "south", "off")):
        assert terrain.far is not None
        assert skyline_at(terrain, *place, azimuths=36)[2] == pytest.approx(whole, abs=1e-3)


def test_a_dem_that_covers_the_cap_needs_no_cap() -> None:
    cap = default_terrain("south")
    assert far_cap(replace(cap, sha256="other")) is None
    assert far_cap(cap.crop(1, 1, 10, 10)) is not None


def test_block_means_keep_the_mean_and_the_corner() -> None:
    z = np.arange(42, dtype=np.float32).reshape(6, 7)
    coarse = block_mean(Terrain(Grid("south", 6, 7, 10.0, -35.0, 30.0), z), 2)
    assert coarse.grid == Grid("south", 3, 3, 20.0, -35.0, 30.0)
    assert coarse.elevation_m[0, 0] == pytest.approx((0 + 1 + 7 + 8) / 4)
    assert coarse.elevation_m[2, 2] == pytest.approx((32 + 33 + 39 + 40) / 4)


def test_fine_ground_is_synthetic_where_only_the_default_exists_and_the_window_lies_inside() -> None:
    settings = TerrainSettings(fine_cell_m=100.0, fine_size_km=6.4)
    region = region_terrain(settings)
    x, y = (float(v) for v in map_xy_m(-89.0, 120.0, "south"))
    fine = fine_terrain(settings, region, x, y, (-89.0, 120.0), np.random.default_rng(1))
    row, col, rows, cols = fine_window(settings, fine, x, y)
    shown = fine.grid.crop(row, col, rows, cols)
    assert fine.synthetic_below_m == 1600.0
    assert (rows, cols) == (64, 64)
    assert shown.contains(x, y)
    half = 8  # cells in half a regional cell: the seam to the coarse surface stays at least that far away
    assert min(row, col) >= half and max(row + rows, col + cols) <= fine.grid.rows - half


def test_fine_ground_is_measured_where_the_dem_brought_is_fine_enough(tmp_path) -> None:
    rng = np.random.default_rng(3)
    z = rng.normal(0.0, 20.0, (200, 200)).astype(np.float32)
    path = _saved(tmp_path, Terrain(Grid.centred("south", 0.0, 0.0, 200, 50.0), z))
    settings = TerrainSettings(dem=path, check_dem="off", fine_cell_m=100.0, fine_size_km=3.0)
    region = region_terrain(settings)
    fine = fine_terrain(settings, region, 0.0, 0.0, (-90.0, 0.0), rng)
    assert fine.synthetic_below_m is None
    assert fine.grid.cell_m == 100.0
    row, col = fine.grid.row_col(-90.0, 0.0)
    top, left = (
        round((100 * 50.0 - fine.grid.top_m) / 50.0) + 2 * row,
        round((fine.grid.left_m + 5000.0) / 50.0) + 2 * col,
    )
    assert fine.elevation_m[row, col] == pytest.approx(z[top : top + 2, left : left + 2].mean(), abs=0.05)


def test_permanent_shadow_at_a_place_and_none_on_a_ridge() -> None:
    from lupex.ephemeris import sky_span

    cap = default_terrain("south")
    sky = sky_span("2028-01-01T00:00:00Z", "2028-03-01T00:00:00Z", 7200.0)
    dark = light_summary_at(cap, -88.026, 45.279, sky)  # Shoemaker
    bright = light_summary_at(cap, -89.476, 220.91, sky)
    assert dark["is_permanently_shadowed"] is True and dark["lit_fraction"] == 0.0
    assert bright["is_permanently_shadowed"] is False and float(bright["lit_fraction"]) > 0.5


def _level(half_m: float, cell_m: float, height_m: float) -> Terrain:
    side = 2 * round(half_m / cell_m)
    return Terrain(Grid("south", side, side, cell_m, -half_m, half_m), np.full((side, side), height_m, np.float32))


def _written(folder, **levels: Terrain) -> None:
    for name, terrain in levels.items():
        path = folder / f"{name}.tif"
        write_cog(path, terrain.grid, terrain.elevation_m, name="elevation_m", unit="m", meaning="height")


def test_dems_nest_by_resolution_in_one_mission_found_from_another_folder(tmp_path, monkeypatch) -> None:
    (tmp_path / "missions").mkdir()
    _written(tmp_path / "missions", fine=_level(2000.0, 100.0, 10.0), mid=_level(9000.0, 450.0, 20.0))
    text = '[terrain]\ndem = "fine.tif"\nfar_dem = ["mid.tif"]\ncheck_dem = "off"\n'
    (tmp_path / "missions" / "a.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    settings = load_mission("missions/a.toml").terrain
    monkeypatch.chdir("/")
    cells = [level.grid.cell_m for level in region_terrain(settings).levels()]
    assert cells[:2] == [100.0, 450.0] and len(cells) > 2, "the default cap stands around both"
    alone = region_terrain(replace(settings, far_dem=(*settings.far_dem, "none")))
    assert [level.grid.cell_m for level in alone.levels()] == [100.0, 450.0]


def test_far_dems_are_named_from_the_finest_to_the_coarsest(tmp_path) -> None:
    _written(tmp_path, fine=_level(2000.0, 100.0, 10.0), mid=_level(9000.0, 450.0, 20.0), wide=_level(9e4, 4500.0, 3.0))
    names = [str(tmp_path / f"{name}.tif") for name in ("fine", "wide", "mid")]
    with pytest.raises(InputError, match=r"mid.tif has cells of 450 m, finer than 4500 m .*; name the finest first"):
        region_terrain(TerrainSettings(dem=names[0], far_dem=tuple(names[1:])))


def test_a_far_dem_of_the_other_pole_is_refused(tmp_path) -> None:
    fine, other = _level(2000.0, 100.0, 10.0), _level(9000.0, 450.0, 20.0)
    _written(tmp_path, fine=fine, other=replace(other, grid=replace(other.grid, pole="north")))
    with pytest.raises(InputError, match="other.tif: shows the north pole"):
        region_terrain(TerrainSettings(dem=str(tmp_path / "fine.tif"), far_dem=(str(tmp_path / "other.tif"),)))


def test_a_dem_too_large_for_memory_is_averaged_strip_by_strip_to_the_same_blocks(tmp_path, monkeypatch) -> None:
    cap = default_terrain("south").crop(330, 340, 97, 71)
    path = _saved(tmp_path, cap)
    coarse, whole = coarse_terrain(path, 500), block_mean(read_terrain(path), 4)
    assert coarse.grid == whole.grid and coarse.grid.shape == (24, 17)
    np.testing.assert_array_equal(coarse.elevation_m, whole.elevation_m)
    monkeypatch.setattr("lupex.study.ground.MOST_POINT_CELLS", 1000)
    monkeypatch.setattr("lupex.study.ground.STRIP_ROWS", 16)
    region = region_terrain(TerrainSettings(dem=path))
    np.testing.assert_array_equal(region.elevation_m, read_terrain(path).elevation_m)
    assert region.far is not None and region.far.grid.rows == 762
