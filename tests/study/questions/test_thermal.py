"""Temperatures of places and of whole DEMs, as commands ask for them."""

import json

import numpy as np
import pytest
import rasterio
from tests.cli.files import dem

from lupex.base.errors import GridError
from lupex.study import dem_thermal, place_profile, write_thermal_map
from lupex.thermal import MapSettings


@pytest.fixture(scope="module")
def crater_dem(tmp_path_factory):
    row, col = np.mgrid[0:40, 0:40]
    near = np.hypot(row - 20, col - 20) / 14.0
    height = np.where(near < 1.0, -500.0 * (1.0 - near**2), 0.0)
    return str(dem(tmp_path_factory.mktemp("dem") / "crater.tif", height, cell_m=200.0))


def test_a_map_is_written_with_its_proof_and_areas(crater_dem, tmp_path):
    found = dem_thermal(crater_dem, "south", settings=MapSettings(turns=1), check="off")
    written = write_thermal_map(found, tmp_path)
    names = {path.name for path in written}
    assert {"surface_max_k.tif", "ice_depth_m.tif", "thermal.json"} <= names
    with rasterio.open(tmp_path / "surface_max_k.tif") as file:
        assert file.units[0] == "K"
        assert file.read(1).shape == (40, 40)
    numbers = json.loads((tmp_path / "thermal.json").read_text(encoding="utf-8"))
    assert "Keihm" in numbers["albedo_law"]
    assert set(numbers["ice_area_km2"]) == {"surficial", "shallow", "deep", "dry"}
    assert numbers["drift_median_k_per_year"] >= 0.0


def test_a_place_on_a_shadowed_floor_is_colder_than_level_ground_and_warmed_by_its_walls(crater_dem):
    from lupex.io import read_terrain

    lat, lon = (float(value[20, 20]) for value in read_terrain(crater_dem).grid.lat_lon_deg())
    floor = place_profile(crater_dem, lat, lon, check="off")
    alone = place_profile(crater_dem, lat, lon, facing=False, check="off")
    assert floor.mean_k[0] > alone.mean_k[0] + 1.0
    assert floor.drift_k_per_year < 0.02
    assert abs(floor.heat_imbalance_fraction) < 1e-4
    assert "eclipses" in floor.sun.title


def test_a_place_off_the_dem_is_refused(crater_dem):
    with pytest.raises(GridError, match="off the grid"):
        place_profile(crater_dem, -80.0, 0.0, check="off")
