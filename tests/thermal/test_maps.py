"""Maps of temperature and ice on small made-up ground: walls where they should be, heat that closes."""

from functools import cache

import numpy as np
import pytest

from lupex.base.errors import GridError, InputError
from lupex.model import Grid, Terrain
from lupex.terrain import SkylineSettings, horizon_map
from lupex.terrain.slope import gradient
from lupex.thermal import MapSettings, Regolith, Surface, ThermalMap, class_areas_km2, surface_cells, thermal_map
from lupex.thermal.facing.exchange import diffuse_albedo
from lupex.thermal.maps import PROOF
from lupex.thermal.sun import place_vectors

CELLS = 40


def ground(pole="south", depth_m=1500.0, x_m=60_000.0, height_m=None):
    """A crater of 12 km, or given heights, on level ground 2 degrees from a pole; cells of 500 m."""
    grid = Grid.centred(pole, x_m, 0.0, CELLS, 500.0)
    x, y = grid.xy_m()
    near = np.hypot(x - x_m, y) / 6000.0
    shape = np.where(near < 1.0, -depth_m * (1.0 - near**2), 0.0) if height_m is None else height_m
    return Terrain(grid, shape.astype(np.float32))


def surface_of(terrain):
    horizons = horizon_map(terrain, SkylineSettings(azimuths=72))
    return Surface(terrain, horizons, *gradient(terrain, 2.0 * terrain.grid.cell_m))


@cache
def crater(pole="south", depth_m=1500.0, facing=True) -> ThermalMap:
    return thermal_map(surface_of(ground(pole, depth_m)), settings=MapSettings(facing=facing))


MIDDLE = (CELLS // 2, CELLS // 2)


def test_light_and_heat_from_the_walls_raise_the_floor_of_a_crater_and_hardly_anything_else():
    with_walls, without = crater(), crater(facing=False)
    raised = with_walls.maps["surface_mean_k"] - without.maps["surface_mean_k"]
    assert raised[MIDDLE] > 8.0
    assert with_walls.maps["surface_max_k"][MIDDLE] < 150.0
    assert abs(raised[3, 3]) < 1.0


@pytest.mark.parametrize("pole", ["south", "north"])
def test_a_crater_is_no_hill_at_either_pole(pole):
    """Under its rim the wall that faces the equator is warm, the one that faces the pole cold: with normals turned
    about it would be the other way round. The pole lies to the left."""
    hollow = crater(pole).maps["surface_max_k"]
    row, left, right = CELLS // 2, CELLS // 2 - 11, CELLS // 2 + 11
    assert hollow[row, left] > hollow[row, right] + 15.0


def test_normals_of_cells_are_those_of_the_ground_at_both_poles():
    for pole in ("south", "north"):
        terrain = ground(pole)
        cells = surface_cells(surface_of(terrain))
        lat, lon = (value.ravel() for value in terrain.grid.lat_lon_deg())
        k = MIDDLE[0] * CELLS + MIDDLE[1] + 8
        from lupex.base.frames import me_to_map_frame

        up = me_to_map_frame(place_vectors(lat[k], lon[k])[2], pole)
        assert cells.up[k] == pytest.approx(up, abs=1e-9)
        north = me_to_map_frame(place_vectors(lat[k], lon[k])[1], pole)
        poleward = north if pole == "north" else -north
        slope = np.arctan(2 * 1500.0 * 4000.0 / 6000.0**2)
        assert cells.normal[k] @ up == pytest.approx(np.cos(slope), abs=0.01)
        assert cells.normal[k] @ poleward == pytest.approx(np.sin(slope), abs=0.03)  # it faces the pole


def test_the_proof_of_a_map_is_complete_and_good():
    numbers = crater().numbers
    assert set(numbers) == set(PROOF)
    assert numbers["drift_median_k_per_year"] < 0.01
    assert numbers["drift_99_k_per_year"] < 0.05
    assert numbers["proof_drift_k_per_year"] < 0.005
    assert numbers["proof_difference_k"] < 0.05
    assert abs(numbers["imbalance_fraction"]) < 1e-5
    assert numbers["deep_flow_median_fraction"] == pytest.approx(1.0, abs=2e-3)
    assert numbers["exchange_change_w_m2"] < 0.01


def test_level_ground_of_a_map_is_as_warm_as_a_profile_there():
    from lupex.thermal import thermal_profile

    found = crater()
    lat, lon = (value[3, 3] for value in found.maps.grid.lat_lon_deg())
    profile = thermal_profile(float(lat), float(lon))
    assert found.maps["surface_mean_k"][3, 3] == pytest.approx(profile.mean_k[0], abs=0.06)
    assert found.maps["surface_max_k"][3, 3] == pytest.approx(profile.max_k[0], abs=0.04)
    assert found.maps["surface_min_k"][3, 3] == pytest.approx(profile.min_k[0], abs=0.1)


def test_every_layer_says_what_it_is_and_names_the_albedo_law():
    maps = crater().maps
    for name in ("surface_max_k", "surface_mean_k", "surface_min_k"):
        assert "Keihm" in maps.meanings[name]
    for name in ("surface_max_k", "ice_depth_m", "ice_class"):  # where cold traps are read off
        assert "are too cold by about" in maps.meanings[name]
    assert "too cold" in crater().floor_note
    classes = maps["ice_class"]
    assert set(np.unique(classes)) <= {0.0, 1.0, 2.0, 3.0}
    areas = crater().ice_area_km2
    assert sum(areas.values()) == pytest.approx(CELLS**2 * 0.25, rel=0.02)
    assert class_areas_km2(classes.astype(np.int8), np.full(classes.shape, 2.5e5))["dry"] >= 0.0


def test_depths_of_ice_keep_their_order():
    maps = crater().maps
    assert np.all(maps["ice_depth_low_m"] <= maps["ice_depth_m"])
    assert np.all(maps["ice_depth_m"] <= maps["ice_depth_high_m"])


def test_cells_without_height_stay_empty():
    terrain = ground()
    height = terrain.elevation_m.copy()
    height[10:12, 10:12] = np.nan
    found = thermal_map(surface_of(ground(height_m=height)), settings=MapSettings(turns=1))
    assert np.isnan(found.maps["surface_max_k"][10:12, 10:12]).all()
    assert np.isfinite(found.maps["surface_max_k"][found.known]).all()
    assert not found.known[10, 10]


def test_the_diffuse_albedo_of_a_constant_law_is_that_constant():
    assert diffuse_albedo(Regolith(albedo=0.2, albedo_45deg=0.0, albedo_90deg=0.0)) == pytest.approx(0.2)
    assert 0.15 < diffuse_albedo(Regolith()) < 0.25


def test_maps_on_different_grids_are_refused():
    surface = surface_of(ground())
    with pytest.raises(GridError, match="different grids"):
        Surface(ground(x_m=61_000.0), surface.horizons, surface.east, surface.north)


@pytest.mark.parametrize("wrong", [{"turns": 0}, {"depths_m": (-1.0,)}, {"depths_m": (99.0,)}])
def test_settings_that_cannot_be_are_refused(wrong):
    with pytest.raises(InputError, match="thermal map"):
        MapSettings(**wrong)
