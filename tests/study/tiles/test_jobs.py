"""Tiles show what the whole map shows, and say how far off they are."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from tests.cli.files import EARTH, dem
from tests.study.tile_jobs import hills, skylight, small_job

from lupex.base.errors import InputError
from lupex.base.running import Running
from lupex.illumination import long_term_light
from lupex.io import TileStore, default_terrain, dem_windows, read_terrain, write_cog, write_cog_blocks
from lupex.mission import load_mission
from lupex.model import Grid, HorizonMap, Terrain
from lupex.model.quantities import udunits_of
from lupex.study.ground import dem_terrain
from lupex.study.tiles.cap_maps import MapRequest, mission_light, tile_job, tile_plan, tiled_maps
from lupex.study.tiles.ground import (
    Surroundings,
    TileGround,
    block_means,
    level_name,
    tile_ground,
    tile_terrain,
)
from lupex.study.tiles.jobs import Skylight, TileRunning, job_inputs, light_in_tiles, make_levels
from lupex.terrain import SkylineSettings, horizon_map, refine, slope_deg

MOON_LAT_LON = "+proj=longlat +R=1737400 +no_defs"


def test_levels_cost_hundredths_of_a_degree_on_rough_ground_and_more_of_them_less(tmp_path):
    """Made-up relief down to 100 m on the real cap: the hardest case, since every level leaves out real slopes."""
    cap = default_terrain("south")
    fine = refine(cap, Grid.centred("south", 30e3, -20e3, 512, 100.0), np.random.default_rng(1))
    store = TileStore.create(tmp_path / "levels", {})
    for level, mean in enumerate(block_means(fine.elevation_m, 4), 1):
        store.write(level_name(level), mean)
    settings = SkylineSettings(azimuths=16)
    path = tmp_path / "fine.tif"
    write_cog(path, fine.grid, fine.elevation_m, name="z", unit="m", meaning="heights")
    ground = TileGround(fine.grid, dem_windows(path))
    box = (224, 224, 64, 64)
    exact = horizon_map(Terrain(fine.grid, fine.elevation_m, cap).crop(*box), settings).counts
    rms = {}
    for near_cells in (16, 64):
        terrain = tile_terrain(ground, box, Surroundings(near_cells, 250e3), store)
        error = (horizon_map(terrain, settings).counts - exact.astype(float)) * HorizonMap.UNIT_DEG
        rms[near_cells] = float(np.sqrt(np.mean(error**2)))
    assert rms[64] < 0.01
    assert rms[16] < 0.06
    assert rms[64] < 0.5 * rms[16]


def test_a_map_in_tiles_is_the_map_of_the_whole_dem(tmp_path):
    """With a radius that reaches far enough: it is counted from the edge of what is swept at once."""
    fine = refine(default_terrain("south"), Grid.centred("south", 30e3, -20e3, 160, 200.0), np.random.default_rng(2))
    path = tmp_path / "fine.tif"
    write_cog(path, fine.grid, fine.elevation_m, name="z", unit="m", meaning="heights")
    light = Skylight(skylight().cycle, skylight().cycle_utc)
    job = replace(small_job(path, 250_000.0, near_cells=64), skies=light.rows())
    tiled = light_in_tiles(job, light, tmp_path / "tiles", TileRunning())
    whole = read_terrain(path, far=default_terrain("south"))
    horizons = horizon_map(whole, job.skyline)
    expected = long_term_light(whole, horizons, light.cycle, light.cycle_utc)
    assert tiled.grid == whole.grid
    np.testing.assert_array_equal(tiled.layer("elevation_m"), whole.elevation_m)
    np.testing.assert_allclose(tiled.layer("slope_deg"), slope_deg(whole, 400.0), atol=1e-4)
    margin = tiled.layer("sun_margin_deg") - expected["sun_margin_deg"]
    assert np.array_equal(np.isnan(tiled.layer("sun_margin_deg")), np.isnan(whole.elevation_m))
    assert np.nanstd(margin) < 0.01
    assert np.nanmax(np.abs(margin)) < 0.2
    for name in ("lit_fraction_any", "lit_fraction_disc", "earth_fraction"):
        off = tiled.layer(name) - expected[name]
        assert abs(float(np.nanmean(off))) < 1e-4, name
        assert float(np.nanstd(off)) < 1e-3, name
    changed = np.nansum(tiled.layer("permanent_shadow") != expected["permanent_shadow"]) - np.isnan(margin).sum()
    assert changed <= 0.001 * margin.size


@pytest.fixture(scope="module")
def walled(tmp_path_factory) -> tuple[Path, Path]:
    """A DEM of 100 m cells, and one of 200 m around it that holds a wall of 3 km the cap knows nothing of."""
    folder = tmp_path_factory.mktemp("walled")
    cap = default_terrain("south")
    around = refine(cap, Grid.centred("south", 30e3, -20e3, 192, 200.0), np.random.default_rng(4))
    heights = around.elevation_m.copy()
    heights[:, 150:154] += 3000.0
    own = refine(cap, Grid.centred("south", 30e3, -20e3, 96, 100.0), np.random.default_rng(3))
    for name, grid, values in (("own", own.grid, own.elevation_m), ("around", around.grid, heights)):
        write_cog(folder / f"{name}.tif", grid, values, name="z", unit="m", meaning="heights")
    return folder / "own.tif", folder / "around.tif"


def test_tiles_see_the_dems_nested_around_theirs_as_the_whole_map_does(tmp_path, walled):
    own, around = walled
    far = (str(around), "default")
    job = replace(small_job(own, 250_000.0, near_cells=64), ground=tile_ground(str(own), "south", None, "off", far))
    store = TileStore.create(tmp_path / "levels", {})
    make_levels(job, store, "serial", Running())
    box = (32, 32, 64, 64)
    found = horizon_map(tile_terrain(job.ground, box, job.surroundings, store), job.skyline).counts.astype(float)
    whole = dem_terrain(str(own), "south", "off", far)
    expected = horizon_map(whole.crop(*box), job.skyline).counts.astype(float)
    alone = horizon_map(dem_terrain(str(own), "south", "off").crop(*box), job.skyline).counts.astype(float)
    assert np.max(expected - alone) * HorizonMap.UNIT_DEG > 10.0
    error_deg = (found - expected) * HorizonMap.UNIT_DEG
    assert np.sqrt(np.mean(error_deg**2)) < 0.01
    assert np.max(np.abs(error_deg)) < 0.2
    inputs = job_inputs(job)
    assert [files[0][0] for files in inputs["dems"]] == ["own.tif", "around.tif"]


def test_a_ground_without_the_cap_ends_at_its_own_edge(tmp_path, walled):
    own, around = walled
    ground = tile_ground(str(own), "south", None, "off", (str(around), "none"))
    assert [ring.cap() for ring in ground.rings()] == [None, None]
    assert tile_ground(str(own), "south", None, "off", ("none",)).cap() is None
    assert dem_terrain(str(own), "south", "off", ("none",)).far is None


def test_what_cannot_be_nested_is_refused_for_tiles_as_for_whole_maps(tmp_path, walled):
    own, around = map(str, walled)
    with pytest.raises(InputError, match="cells of 100 m, finer than 200 m of the one inside it; name the finest"):
        tile_ground(around, "south", None, "off", (own,))
    with pytest.raises(InputError, match="the default map has nothing around it"):
        tile_ground("default", "south", None, "off", (around,))
    raised, flat = read_terrain(around), tmp_path / "raised.tif"
    write_cog(flat, raised.grid, raised.elevation_m + 1000.0, name="z", unit="m", meaning="heights")
    with pytest.raises(InputError, match=r"raised.tif: does not show the ground of the map around it"):
        tile_ground(own, "south", None, "refuse", (str(flat),))


def test_tiles_with_nothing_in_them_are_empty(tmp_path):
    row, col = np.mgrid[0:192, 0:192]
    z = 100.0 * np.sin(row / 9.0) * np.cos(col / 7.0)
    z[:, 100:] = -9999.0
    path = dem(tmp_path / "half.tif", z)
    light = Skylight(skylight().cycle, skylight().cycle_utc)
    tiled = light_in_tiles(replace(small_job(path), skies=light.rows()), light, tmp_path / "tiles", TileRunning())
    assert np.isnan(tiled.layer("lit_fraction_any")[:, 100:]).all()
    assert np.isfinite(tiled.layer("lit_fraction_any")[:, :100]).all()


@pytest.mark.parametrize("pole", ["south", "north"])
def test_interpolated_ground_passes_through_the_measured_heights(pole):
    cap = default_terrain(pole)
    ground = tile_ground("default", pole, 320.0)
    assert ground.interpolated_from_m == 1600.0
    assert ground.grid.shape == (3810, 3810)
    fine = ground.read((1000, 1500, 500, 400))
    np.testing.assert_allclose(fine[2::5, 2::5], cap.elevation_m[200:300, 300:380], atol=2e-3)
    np.testing.assert_allclose(ground.read((1100, 1600, 60, 50)), fine[100:160, 100:150], atol=2e-3)
    corner = ground.read((0, 0, 40, 40))
    assert np.isfinite(corner).all()


def test_cells_coarser_than_the_dem_are_refused():
    with pytest.raises(InputError, match="cells of 2000 m from a DEM with 1600 m"):
        tile_ground("default", "south", 2000.0)


def test_means_are_means_of_what_is_known():
    z = np.arange(48.0, dtype=np.float32).reshape(6, 8)
    z[0, 0] = np.nan
    z[2:4, 4:6] = np.nan
    one, two = block_means(z, 2)
    assert one.shape == (3, 4)
    assert one[0, 0] == pytest.approx((1 + 8 + 9) / 3)
    assert np.isnan(one[1, 2])
    assert two.shape == (1, 2)
    assert two[0, 0] == pytest.approx(np.nanmean(z[:4, :4]))


@pytest.mark.parametrize("crs", ["polar", "lat_lon"])
def test_windows_of_a_file_are_parts_of_the_whole(tmp_path, crs):
    if crs == "polar":
        path = hills(tmp_path / "own.tif")
    else:
        row, col = np.mgrid[0:120, 0:240]
        profile = {"driver": "GTiff", "height": 120, "width": 240, "count": 1, "dtype": "float32"}
        transform = rasterio.transform.from_origin(40.0, -85.0, 0.02, 0.02)
        path = tmp_path / "lat_lon.tif"
        with rasterio.open(path, "w", crs=MOON_LAT_LON, transform=transform, **profile) as out:
            out.write((900.0 * np.sin(row / 9.0) * np.cos(col / 7.0)).astype("float32"), 1)
            out.units = ["m"]
    whole = read_terrain(path)
    windows = dem_windows(path)
    assert windows.grid.cell_m == whole.grid.cell_m
    row = round((windows.grid.top_m - whole.grid.top_m) / whole.grid.cell_m)
    col = round((whole.grid.left_m - windows.grid.left_m) / whole.grid.cell_m)
    part = windows.read(windows.grid.crop(row + 20, col + 30, 40, 50))
    np.testing.assert_allclose(part, whole.elevation_m[20:60, 30:80], atol=1e-3)


def test_a_dem_of_the_earth_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"earth.tif: lies on a body of 6378.1"):
        dem_windows(dem(tmp_path / "earth.tif", crs=EARTH))


def test_a_map_written_in_blocks_reads_like_one_written_at_once(tmp_path):
    grid = Grid.centred("south", 0.0, 0.0, 700, 100.0)
    z = np.random.default_rng(0).normal(size=grid.shape).astype(np.float32)
    label = {"name": "z_m", "unit": "m", "meaning": "noise", "synthetic_below_m": 800.0}
    write_cog(tmp_path / "once.tif", grid, z, **label)
    parts = [(row, col, z[row : row + 300, col : col + 300]) for row in (0, 300, 600) for col in (0, 300, 600)]
    write_cog_blocks(tmp_path / "blocks.tif", grid, parts, **label)
    with rasterio.open(tmp_path / "once.tif") as once, rasterio.open(tmp_path / "blocks.tif") as blocks:
        np.testing.assert_array_equal(once.read(1), blocks.read(1))
        assert once.tags() == blocks.tags()
        assert once.tags(ns="IMAGE_STRUCTURE") == blocks.tags(ns="IMAGE_STRUCTURE")
        assert (once.overviews(1), once.descriptions, once.units) == (
            blocks.overviews(1),
            blocks.descriptions,
            blocks.units,
        )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["blocks.tif", "once.tif"]


def test_maps_say_that_their_ground_is_interpolated_and_a_second_run_finds_them_done(tmp_path):
    mission = load_mission(None)
    mission = replace(mission, horizon=replace(mission.horizon, azimuths=8, search_radius_km=30.0))
    request = MapRequest(dem="default", cell_m=800.0, poleward_of_deg=89.0, tile_cells=64, with_span=False)
    job = tile_job(request, mission, mission_light(mission, False))
    assert job.grid.shape == (76, 76)
    plan = tile_plan(job, mission_light(mission, False))
    assert (plan.tiles, plan.layers) == (4, 11)
    written = tiled_maps(request, mission, tmp_path / "maps", TileRunning())
    names = {path.name for path in written}
    assert "lit_fraction_any_interpolated_from_1600m.tif" in names
    assert len(names) == 11
    with rasterio.open(tmp_path / "maps" / "slope_deg_interpolated_from_1600m.tif") as found:
        assert found.tags()["INTERPOLATED"] == "from 1600 m"
        assert found.tags()["MEANING"].endswith("over 1600 m; ground interpolated from 1600 m")
        assert found.units == (udunits_of("slope_deg"),)
    assert not (tmp_path / "maps" / "tiles").exists()
    before = {path: path.stat().st_mtime_ns for path in written}
    assert tiled_maps(request, mission, tmp_path / "maps", TileRunning()) == written
    assert {path: path.stat().st_mtime_ns for path in written} == before
    assert json.loads((tmp_path / "maps" / "run.json").read_text())["summary"]["maps"]


def test_a_tile_that_is_no_multiple_of_64_is_refused():
    with pytest.raises(InputError, match="tiles of 100 cells; give a multiple of 64"):
        MapRequest(dem="default", tile_cells=100)


def test_a_store_of_tiles_names_no_machine(tmp_path):
    path = hills(Path(tmp_path) / "hills.tif")
    light = Skylight(skylight().cycle, skylight().cycle_utc)
    job = replace(small_job(path), skies=light.rows(), target=(0, 0, 64, 64))
    light_in_tiles(job, light, tmp_path / "tiles", TileRunning())
    assert str(tmp_path) not in (tmp_path / "tiles" / "job.json").read_text()
    assert str(tmp_path) not in (tmp_path / "tiles" / "manifest.jsonl").read_text()
