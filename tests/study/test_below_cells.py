"""Light of the default map as that of the ground inside its cells, against published block means."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import map_coordinates
from tests.shared_data import shared

from lupex.base.frames import map_xy_m
from lupex.base.running import Running
from lupex.illumination import area_by_latitude, long_term_light
from lupex.mission import load_mission
from lupex.model import LightMap, Terrain
from lupex.study.below_cells import CellGrounds, ground_meanings, with_grounds
from lupex.study.ground import region_terrain
from lupex.study.stages.region import meanings, skies, skyline_settings
from lupex.terrain import horizon_map

BLOCKS = "data/avgvisib_blocks/avgvisib_lpsr_blocks_1080m.csv"


@pytest.fixture(scope="module")
def near_the_pole() -> tuple[Terrain, LightMap, dict[str, np.ndarray]]:
    """A region around the pole, its light on smooth cells, and with the ground below them."""
    mission = load_mission(None)
    mission = replace(mission, terrain=replace(mission.terrain, equatorward_limit_deg=89.0))
    terrain = region_terrain(mission.terrain)
    sky = skies(mission.light)
    horizons = horizon_map(terrain, skyline_settings(mission, 0.0))
    light = long_term_light(terrain, horizons, sky.cycle, sky.cycle_utc)
    inside = np.ones(terrain.grid.shape, bool)
    grounds = CellGrounds(mission, terrain, horizons, inside, Running())
    return terrain, light, with_grounds(dict(light.layers), grounds.over(sky.cycle, sky.cycle_utc), inside)


def test_the_mean_light_near_the_pole_is_the_published_one(
    near_the_pole: tuple[Terrain, LightMap, dict[str, np.ndarray]],
) -> None:
    """Mazarico et al. 2011, release of 2016, 211 block means: smooth cells are 3.7 points too bright."""
    blocks = shared(BLOCKS)
    if blocks is None:
        print("the published block means are not here; tests/study/test_below_cells.py does without them")
        return
    with blocks.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    terrain, light, layers = near_the_pole
    number = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    x, y = map_xy_m(number["lat"], number["lon"], "south")
    g = terrain.grid
    at = [(g.top_m - y) / g.cell_m - 0.5, (x - g.left_m) / g.cell_m - 0.5]
    published = number["average_illumination_percent"]

    def difference(layer: np.ndarray) -> np.ndarray:
        return 100.0 * map_coordinates(np.asarray(layer, np.float64), at, order=1) - published

    smooth, ground = difference(light["lit_fraction_disc"]), difference(layers["lit_fraction_disc"])
    assert smooth.mean() > 3.0
    assert abs(ground.mean()) < 1.0
    assert np.sqrt((ground**2).mean()) < 0.6 * np.sqrt((smooth**2).mean())


def test_the_smooth_cells_keep_their_values_under_their_own_name(
    near_the_pole: tuple[Terrain, LightMap, dict[str, np.ndarray]],
) -> None:
    _, light, layers = near_the_pole
    assert np.array_equal(layers["smooth_lit_fraction_any"], light["lit_fraction_any"])
    assert layers["lit_fraction_any"].mean() < layers["smooth_lit_fraction_any"].mean()
    assert np.array_equal(layers["permanent_shadow"], light["permanent_shadow"])
    told = ground_meanings(meanings(light, light_in_season(light), 3200.0), list(layers))
    assert "smooth cell" in told["smooth_lit_fraction_any"]
    assert "synthetic" in told["lit_fraction_any"]
    assert set(layers) <= set(told)


def light_in_season(light: LightMap) -> LightMap:
    """Sentences under the names of a season's layers; the values do not matter."""
    from lupex.illumination.series import MEANINGS

    return replace(light, meanings=dict(light.meanings) | MEANINGS)


def test_the_area_of_shadow_counts_the_ground_inside_the_cells(
    near_the_pole: tuple[Terrain, LightMap, dict[str, np.ndarray]],
) -> None:
    _, light, layers = near_the_pole
    share = layers["psr_ground_fraction"]
    assert ((share >= 0.0) & (share <= 1.0)).all()
    whole = replace(light, layers=layers, meanings=dict.fromkeys(layers, ""))
    assert area_by_latitude(whole, 89.0)[0][2] > area_by_latitude(light, 89.0)[0][2]


def test_no_grounds_leave_the_smooth_cells_alone() -> None:
    mission = load_mission(None)
    mission = replace(mission, terrain=replace(mission.terrain, equatorward_limit_deg=89.0),
                      light=replace(mission.light, cell_grounds=0))  # fmt: skip
    terrain = region_terrain(mission.terrain)
    horizons = horizon_map(terrain, replace(skyline_settings(mission, 0.0), azimuths=8))
    grounds = CellGrounds(mission, terrain, horizons, np.ones(terrain.grid.shape, bool), Running())
    sky = skies(mission.light)
    assert grounds.over(sky.cycle, sky.cycle_utc) == {}
