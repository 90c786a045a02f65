"""Facing slopes lit on finer ground than the cells of the map: floors of craters come nearer to their true warmth."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from lupex.base.errors import GridError, InputError
from lupex.model import Grid, Terrain
from lupex.study.ground import block_mean
from lupex.study.surfaces import averaged_surface, surface_of
from lupex.thermal import MapSettings, Regolith, ViewSettings, surface_cells, thermal_map
from lupex.thermal.facing.exchange import facing_of
from lupex.thermal.facing.views import view_factors
from lupex.thermal.lights import ROWS, direct_sunlight

FINE_CELLS, FINE_M = 48, 250.0
QUICK = MapSettings(turns=1)


@cache
def crater() -> Terrain:
    """A crater of 8 km, 1.6 km deep, on level ground 4 degrees from the south pole, on cells of 250 m."""
    grid = Grid.centred("south", 120_000.0, 0.0, FINE_CELLS, FINE_M)
    x, y = grid.xy_m()
    near = np.hypot(x - 120_000.0, y) / 4000.0
    return Terrain(grid, np.where(near < 1.0, -1600.0 * (1.0 - near**2), 0.0).astype(np.float32))


def floor(layer, wide):
    """Mean over the innermost 2 km."""
    half = int(1000.0 / (FINE_M * wide))
    middle = layer.shape[0] // 2
    return float(layer[middle - half : middle + half, middle - half : middle + half].mean())


def test_walls_of_finer_ground_take_most_of_the_error_of_coarse_floors_away():
    fine = thermal_map(surface_of(crater()), settings=QUICK)
    coarse = thermal_map(surface_of(block_mean(crater(), 4)), settings=QUICK)
    lit = thermal_map(averaged_surface(crater(), 4, parts=4), settings=QUICK)
    assert (coarse.wall_cell_m, lit.wall_cell_m) == (None, FINE_M)
    true, before, after = (floor(found["surface_mean_k"], wide) for found, wide in ((fine, 1), (coarse, 4), (lit, 4)))
    assert before < true - 8.0
    assert abs(after - true) < 0.3 * (true - before)
    assert "walls lit on cells of 250 m" in lit.floor_note
    assert "walls lit" in lit.maps.meanings["ice_depth_m"]
    level = np.s_[1:3, 1:3]
    assert lit["surface_mean_k"][level] == pytest.approx(coarse["surface_mean_k"][level], abs=0.1)


def test_rays_shared_by_a_block_see_as_much_ground_as_a_cell_with_all_of_them():
    surface = surface_of(crater())
    height = surface.terrain.elevation_m.astype(float)
    shared = view_factors(surface.terrain.grid, height, surface.normals, ViewSettings(sectors=12, block=2))
    whole = view_factors(surface.terrain.grid, height, surface.normals, ViewSettings(sectors=48))
    blocks = whole.terrain_view.reshape(24, 2, 24, 2).mean(axis=(1, 3)).ravel()
    assert shared.terrain_view == pytest.approx(blocks, abs=0.02)
    assert shared.terrain_view.mean() == pytest.approx(blocks.mean(), rel=0.01)
    bright = np.linspace(1.0, 50.0, FINE_CELLS**2)[:, None]
    sent = (whole.area_m2 * whole.terrain_view) @ bright
    areas = whole.area_m2.reshape(24, 2, 24, 2).sum(axis=(1, 3)).ravel()
    assert areas @ shared.received(bright) == pytest.approx(sent, rel=0.01)


def test_finer_walls_absorb_as_much_sunlight_as_the_cells_around_them_but_in_other_places():
    surface = averaged_surface(crater(), 4, parts=2)
    cells, ground = surface_cells(surface), Regolith()
    facing = facing_of(surface, cells, ground)
    assert facing.more_absorbed_w_m2 is not None
    assert facing.reflected_w_m2.shape == facing.more_absorbed_w_m2.shape == (24 * 24, ROWS)
    absorbed = direct_sunlight(cells, ground, "south").mean()
    assert abs(facing.more_absorbed_w_m2.mean()) < 0.1 * absorbed  # a crater of eight cells: -4 %
    assert np.abs(facing.more_absorbed_w_m2.mean(axis=1)).max() > 0.3 * absorbed
    assert facing_of(replace(surface, finer=None), cells, ground).more_absorbed_w_m2 is None


def test_a_hole_in_the_ground_sends_nothing():
    height = crater().elevation_m.copy()
    height[4:8, 4:8] = np.nan
    surface = averaged_surface(Terrain(crater().grid, height), 4, parts=2)
    found = thermal_map(surface, settings=QUICK)
    assert not found.known[1, 1]
    assert np.isnan(found["surface_mean_k"][1, 1])
    assert np.isfinite(found["surface_mean_k"][found.known]).all()


@pytest.mark.parametrize(
    ("cells", "factor", "parts", "walls_m"),
    [(48, 1, 2, None), (48, 2, 2, 250.0), (48, 6, 2, 750.0), (48, 3, 2, 250.0), (45, 7, 2, 1000.0)],
)
def test_averaged_ground_keeps_finer_walls_that_part_its_cells_evenly(cells, factor, parts, walls_m):
    surface = averaged_surface(crater().crop(0, 0, cells, cells), factor, parts=parts)
    assert (None if surface.finer is None else surface.finer.terrain.grid.cell_m) == walls_m
    assert surface.terrain.grid.cell_m >= FINE_M * factor


def test_finer_ground_that_does_not_fit_is_refused():
    surface = averaged_surface(crater(), 4)
    with pytest.raises(GridError, match="does not part"):
        replace(surface, finer=surface_of(crater().crop(0, 0, 40, 40)))
    with pytest.raises(InputError, match="in blocks of 5"):
        view_factors(crater().grid, crater().elevation_m, surface_of(crater()).normals, ViewSettings(block=5))
