"""Measures of a site on maps written by hand."""

import numpy as np
import pytest

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import GridError, InputError
from lupex.model import Grid, RankingSettings, Terrain
from lupex.sites import SiteInputs, path_clearance_m
from lupex.sites.measures import approach_clearance_m, ice_depth_m, lit_area_km2, mean_around, share_around

SETTINGS = RankingSettings()


def site(layers=None, x_m=0.0, y_m=0.0, radius_m=250.0, cell_m=100.0, size=41, **rest):
    grid = Grid.centred("south", x_m, y_m, size, cell_m)
    return SiteInputs(name="S1", grid=grid, layers=layers or {}, x_m=x_m, y_m=y_m, radius_m=radius_m, **rest)


def tilted(size=41):
    return np.tile(np.arange(size, dtype=np.float32), (size, 1))


def flat(x_m=0.0, y_m=0.0, size=301, cell_m=100.0):
    grid = Grid.centred("south", x_m, y_m, size, cell_m)
    return grid, np.zeros(grid.shape, np.float32)


def test_mean_and_spread_are_those_of_the_circle_on_the_ground():
    here = site({"slope_deg": tilted()})
    x, y = here.grid.xy_m()
    inside = np.hypot(x, y) <= 250.0
    value, sigma = mean_around(here, "slope_deg")
    assert value == pytest.approx(20.0)
    assert sigma == pytest.approx(tilted()[inside].std())
    assert inside.sum() == 21


def test_a_circle_smaller_than_a_cell_still_holds_the_eight_neighbours():
    value, sigma = mean_around(site({"slope_deg": tilted()}, radius_m=1.0), "slope_deg")
    assert (value, sigma) == (pytest.approx(20.0), pytest.approx(np.sqrt(2.0 / 3.0)))


def test_unknown_cells_are_left_out_and_a_missing_or_unknown_or_strange_map_is_an_error():
    layer = tilted()
    layer[:, 21:] = np.nan
    assert mean_around(site({"slope_deg": layer}, radius_m=1.0), "slope_deg")[0] == pytest.approx(19.5)
    with pytest.raises(InputError, match="site S1: the map 'slope_deg' is missing"):
        mean_around(site(), "slope_deg")
    with pytest.raises(InputError, match="unknown within 250 m"):
        mean_around(site({"slope_deg": layer * np.nan}), "slope_deg")
    with pytest.raises(InputError, match="infinite at the site"):
        mean_around(site({"slope_deg": layer * 0 + np.inf}), "slope_deg")
    with pytest.raises(GridError, match="has shape"):
        mean_around(site({"slope_deg": layer[1:]}), "slope_deg")


def test_the_share_of_hazard_has_the_error_of_its_quadrants():
    layer = np.zeros((40, 40), np.float32)
    layer[:, 20:] = 1.0
    half = site({"hazard_fraction": layer}, size=40, radius_m=1000.0)
    value, sigma = share_around(half, "hazard_fraction")
    assert (value, sigma) == (pytest.approx(0.5), pytest.approx(0.25))
    even = site({"hazard_fraction": np.full((40, 40), 0.2)}, size=40, radius_m=1000.0)
    assert share_around(even, "hazard_fraction") == (pytest.approx(0.2), pytest.approx(0.0, abs=1e-9))


def test_ice_is_the_shallowest_within_reach_and_none_counts_as_two_metres():
    depth = np.full((41, 41), np.inf, np.float32)
    assert ice_depth_m(site({"ice_depth_m": depth}, reach_m=1500.0)) == (2.0, 0.0)
    depth[20, 25:40] = 0.1
    assert ice_depth_m(site({"ice_depth_m": depth}, reach_m=400.0))[0] == 2.0
    depth[15:26] = 0.4
    value, sigma = ice_depth_m(site({"ice_depth_m": depth}, reach_m=600.0))
    assert value == pytest.approx(0.4) and sigma < 0.21


def test_the_lit_area_is_that_of_the_cells_and_its_error_that_of_the_threshold():
    lit = np.full((41, 41), 0.3, np.float32)
    lit[:20] = 0.9
    lit[20] = 0.52
    here = site({"season_lit_fraction": lit}, x_m=50_000.0)
    settings = RankingSettings(lit_area_radius_km=1.5)
    inside = here.distance_m() <= 1500.0
    area = here.grid.cell_area_m2() / 1e6
    rows = np.arange(41)[:, None]
    value, sigma = lit_area_km2(here, settings)
    assert value == pytest.approx(area[inside & (rows <= 20)].sum())
    assert sigma == pytest.approx(area[inside & (rows == 20)].sum() / 2.0)
    assert value == pytest.approx(np.pi * 1.5**2 / 2.0, rel=0.06)


def test_over_level_ground_the_gate_is_the_least_clearance():
    grid, z = flat()
    clearance = path_clearance_m(Terrain(grid, z), (0.0, 0.0), np.array([0.0, 90.0, 217.0]), SETTINGS)
    np.testing.assert_allclose(clearance, 100.0, atol=1e-6)


def test_a_wall_ahead_lowers_the_clearance_of_that_side_only_by_its_height():
    grid, z = flat()
    distance_m = 5000.0
    z[np.abs(grid.y_m() - distance_m) < 160.0] = 1400.0  # +y: grid azimuth 0
    clearance = path_clearance_m(Terrain(grid, z), (0.0, 0.0), np.array([0.0, 90.0, 180.0, 270.0]), SETTINGS)
    # On the near edge of the wall, three cells wide, the path is lowest.
    near = distance_m - 100.0
    path = 100.0 + near * np.tan(np.radians(15.0)) + near**2 / (2.0 * MOON_RADIUS_M)
    assert clearance[0] == pytest.approx(path - 1400.0, abs=15.0)
    np.testing.assert_allclose(clearance[1:], 100.0, atol=1e-6)


def test_the_path_comes_from_where_the_track_begins():
    # 20 km from the pole along +x, true north is +x on the map. Flying south, the lander comes from there.
    grid, z = flat(x_m=20_000.0)
    z[:, np.abs(grid.x_m() - 24_000.0) < 160.0] = 2500.0
    terrain = Terrain(grid, z)
    for track, blocked in ((180.0, True), (0.0, False), (90.0, False)):
        here = SiteInputs(
            name="S1",
            grid=grid,
            layers={},
            x_m=20_000.0,
            y_m=0.0,
            radius_m=100.0,
            terrain=terrain,
            track_azimuth_true_deg=track,
        )
        value, sigma = approach_clearance_m(here, SETTINGS)
        assert (value < -1000.0) is blocked
        assert (sigma > 1.0) is blocked


def test_a_path_that_leaves_the_terrain_and_a_site_without_terrain_are_errors():
    grid, z = flat(size=101)
    with pytest.raises(InputError, match="leaves the known terrain within 10 km"):
        path_clearance_m(Terrain(grid, z), (0.0, 0.0), np.array([0.0]), SETTINGS)
    with pytest.raises(InputError, match="no terrain for the approach path"):
        approach_clearance_m(site(), SETTINGS)
