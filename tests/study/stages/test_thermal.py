"""Temperatures and ice of a region and of a site in it."""

from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import MissionError
from lupex.mission import load_mission
from lupex.model import Grid, Terrain
from lupex.study.stages.thermal import mission_regolith, region_thermal, site_thermal


def mission(**changed):
    found = load_mission(None)
    return replace(found, thermal=replace(found.thermal, **changed))


def crater(cells: int, cell_m: float) -> Terrain:
    grid = Grid.centred("south", 60_000.0, 0.0, cells, cell_m)
    x, y = grid.xy_m()
    near = np.hypot(x - 60_000.0, y) / 7000.0
    return Terrain(grid, np.where(near < 1.0, -1500.0 * (1.0 - near**2), 0.0).astype(np.float32))


def test_a_region_is_averaged_to_the_cells_asked_for():
    found = region_thermal(mission(region_cells=400), crater(60, 300.0))
    assert found is not None
    assert found.maps.grid.shape == (20, 20)
    assert found.numbers["drift_median_k_per_year"] < 0.2


def test_walls_beyond_the_edge_of_a_site_warm_its_floor_by_the_map_of_the_region():
    floor = crater(120, 150.0).crop(48, 48, 24, 24)  # only the floor of the crater
    region = region_thermal(mission(), crater(60, 300.0))
    alone, within = (site_thermal(mission(), floor, around) for around in (None, region))
    assert alone is not None and within is not None and region is not None
    middle = (12, 12)
    assert within.maps["surface_mean_k"][middle] > alone.maps["surface_mean_k"][middle] + 5.0
    of_region = region.maps["surface_mean_k"][30, 30]
    assert within.maps["surface_mean_k"][middle] == pytest.approx(of_region, abs=3.0)


def test_without_maps_nothing_is_computed():
    assert region_thermal(mission(maps=False), crater(20, 300.0)) is None
    assert site_thermal(mission(maps=False), crater(20, 300.0), None) is None


def test_the_regolith_and_its_albedo_law_are_those_of_the_mission():
    assert mission_regolith(mission()).albedo_90deg == 0.25
    flat = mission_regolith(mission(regolith="mare", constant_albedo=True))
    assert (flat.albedo, flat.albedo_45deg, flat.albedo_90deg) == (0.06, 0.0, 0.0)
    with pytest.raises(MissionError, match="unknown regolith"):
        mission_regolith(mission(regolith="cheese"))
