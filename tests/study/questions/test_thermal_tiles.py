"""Temperatures in tiles: equal to the whole but for far walls, resumed where they stopped, the same bytes."""

import json

import numpy as np
import pytest
import rasterio
from tests.cli.files import dem

from lupex.base.errors import InputError
from lupex.base.running import Running
from lupex.study import ThermalRequest, TileRunning, dem_thermal, thermal_in_tiles
from lupex.thermal import MapSettings, Regolith, Stage, ViewSettings

SETTINGS = MapSettings(final=Stage(60, 1, 1), depths_m=(0.5,))
QUICK = MapSettings(final=Stage(60, 1, 0), turns=1, views=ViewSettings(sectors=12), depths_m=())
CELLS = 68


class StoppedError(Exception):
    """Stands for Ctrl-C."""


@pytest.fixture(scope="module")
def request_of_crater(tmp_path_factory):
    row, col = np.mgrid[0:CELLS, 0:CELLS]
    near = np.hypot(row - 34, col - 55) / 12.0  # across the seam between the tiles
    height = np.where(near < 1.0, -500.0 * (1.0 - near**2), 0.0)
    height[5, 5] = np.nan
    path = dem(tmp_path_factory.mktemp("dem") / "crater.tif", height, cell_m=200.0)
    return ThermalRequest(dem=str(path), check="off", tile_cells=64, margin_cells=16)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "run.json"}


def test_tiles_give_the_map_of_the_whole_and_a_stopped_run_goes_on_to_the_same_bytes(request_of_crater, tmp_path):
    def stop(done, total, label):
        if label == "tiles of temperature" and done == 1:
            raise StoppedError

    out = tmp_path / "stopped"
    with pytest.raises(StoppedError):
        thermal_in_tiles(request_of_crater, Regolith(), SETTINGS, out, running=Running(progress=stop))
    assert not list(out.glob("*.tif"))
    kept = sorted((out / "tiles").rglob("thermal/*"))
    assert len(kept) >= 1
    note = thermal_in_tiles(request_of_crater, Regolith(), SETTINGS, out, TileRunning())
    assert "too cold" in note and "Keihm" in note
    straight = tmp_path / "straight"
    thermal_in_tiles(request_of_crater, Regolith(), SETTINGS, straight, TileRunning())
    assert contents(out) == contents(straight)
    assert not (out / "tiles").exists()
    made = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    thermal_in_tiles(request_of_crater, Regolith(), SETTINGS, out, TileRunning())
    assert {path: path.stat().st_mtime_ns for path in out.iterdir()} == made  # they are there: nothing is made again

    whole = dem_thermal(request_of_crater.dem, "south", settings=SETTINGS, check="off").maps
    for name in ("surface_mean_k", "surface_max_k", "mean_at_0p5m_k"):
        with rasterio.open(out / f"{name}.tif") as file:
            tiled = file.read(1)
        apart = np.abs(tiled - whole[name])
        assert np.nanpercentile(apart, 99) < 0.1  # a tile begins with the heat of the wide map: one turn ahead
        assert np.nanmax(apart) < 1.0
        assert np.array_equal(np.isnan(tiled), np.isnan(whole[name]))
    numbers = json.loads((out / "thermal.json").read_text(encoding="utf-8"))
    assert sum(numbers["ice_area_km2"].values()) == pytest.approx(CELLS**2 * 0.04, rel=0.03)
    assert numbers["proof_is"] == "the worst of all tiles"


def test_threads_processes_and_a_cluster_give_the_same_bytes(request_of_crater, tmp_path):
    from distributed import LocalCluster

    def made(name, where, threads=1):
        out = tmp_path / name
        thermal_in_tiles(request_of_crater, Regolith(), QUICK, out, TileRunning(where), running=Running(threads))
        return contents(out)

    one = made("serial", "serial")
    assert any(name.endswith(".tif") for name in one)
    assert made("threads", "serial", threads=2) == one
    assert made("processes", 2) == one
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        assert made("cluster", cluster.scheduler_address) == one


def test_tiles_of_an_odd_size_are_refused():
    with pytest.raises(InputError, match="a multiple of 64"):
        ThermalRequest(dem="default", tile_cells=100)
