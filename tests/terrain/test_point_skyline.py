"""The skyline of a single place."""

import numpy as np
import pytest
from tests.terrain.great_circle import level_ground, marched_deg, relief, rms, roughened, surface_m

from lupex.base.constants import MOON_RADIUS_M as R
from lupex.base.errors import GridError, InputError
from lupex.io import default_terrain
from lupex.model import Grid, Terrain
from lupex.terrain import SkylineSettings, horizon_map, point_height_m, point_skyline_deg

AZIMUTHS = np.arange(0.0, 360.0, 5.0)


def test_it_equals_a_fine_march_on_smooth_and_rough_relief():
    """Between cell centres and on them, with and without a mast: rms 0.005 degrees."""
    for terrain in (relief(160, 240.0), roughened(relief(160, 240.0))):
        for x, y, eye in ((120.0, 120.0, 0.0), (3_333.0, -4_711.0, 0.0), (-6_050.0, 5_290.0, 10.0)):
            expected, _ = marched_deg(terrain, x, y, AZIMUTHS, eye)
            assert rms(point_skyline_deg(terrain, x, y, AZIMUTHS, eye) - expected) < 0.005


def test_at_cell_centres_it_agrees_with_the_horizon_map():
    """Smooth relief: rms 0.05 degrees (measured 0.03)."""
    terrain = relief(192, 240.0)
    horizons = horizon_map(terrain, SkylineSettings(azimuths=72))
    x, y = terrain.grid.x_m(), terrain.grid.y_m()
    rng = np.random.default_rng(3)
    difference = [
        point_skyline_deg(terrain, x[col], y[row], AZIMUTHS) - horizons.elevation_deg(row, col)
        for row, col in rng.integers(16, 176, (40, 2))
    ]
    assert rms(np.array(difference)) < 0.05


def test_nested_terrain_is_seen_through_all_levels():
    """A 10 m tile in the cap, as marched with steps of 1/4000: rms 0.01 degrees."""
    cap = default_terrain("south")
    terrain = relief(60, 10.0, 20_000.0, -30_000.0, far=relief(120, 100.0, 20_000.0, -30_000.0, far=cap))
    expected, _ = marched_deg(terrain, 20_020.0, -29_990.0, AZIMUTHS, reach_m=250e3, growth=1 / 4000)
    assert rms(point_skyline_deg(terrain, 20_020.0, -29_990.0, AZIMUTHS) - expected) < 0.01


def test_the_search_radius_is_kept():
    ground = level_ground(201, 500.0)
    z = ground.elevation_m.copy()
    z[:41] = 2000.0
    terrain = Terrain(ground.grid, z)
    assert point_skyline_deg(terrain, 0.0, 0.0, [0.0], search_radius_m=28_000.0)[0] < 0.0
    assert point_skyline_deg(terrain, 0.0, 0.0, [0.0], search_radius_m=40_000.0)[0] > 2.5


def test_an_eye_that_sees_farther_than_is_searched_is_refused():
    terrain = level_ground(21, 500.0)
    with pytest.raises(InputError, match="sees 5.895 km, terrain is searched to 5 km; lower it to 7 m"):
        point_skyline_deg(terrain, 0.0, 0.0, [0.0], 10.0, 5000.0)
    with pytest.raises(InputError, match="observer height"):
        point_skyline_deg(terrain, 0.0, 0.0, [0.0], -1.0)
    assert np.isfinite(point_skyline_deg(terrain, 0.0, 0.0, [0.0], 7.0, 5000.0)).all()


def test_it_is_higher_from_the_ground_than_from_a_mast():
    terrain = roughened(relief(96, 240.0))
    from_ground, from_mast = (point_skyline_deg(terrain, 500.0, 700.0, AZIMUTHS, eye) for eye in (0.0, 10.0))
    assert np.all(from_mast < from_ground)


def test_heights_come_from_the_finest_level_with_data():
    cap = default_terrain("south")
    tile = relief(40, 50.0, 8_000.0, 9_000.0, far=cap)
    for x, y in ((8_100.0, 9_200.0), (8_990.0, 9_000.0), (60_000.0, -70_000.0)):
        assert point_height_m(tile, x, y) == pytest.approx(float(surface_m(tile, np.array(x), np.array(y))), abs=1e-3)
    assert np.isnan(point_height_m(tile, 2e6, 0.0))


def test_places_without_a_height_are_refused():
    with pytest.raises(GridError, match="no height"):
        point_skyline_deg(level_ground(20, 100.0), 5_000.0, 0.0, [0.0])
    holed = Terrain(Grid.centred("south", 0.0, 0.0, 4, 100.0), np.full((4, 4), np.nan, np.float32))
    with pytest.raises(GridError, match="no height"):
        point_skyline_deg(holed, 0.0, 0.0, [0.0])
    with pytest.raises(InputError, match="2 x 2"):
        point_skyline_deg(Terrain(Grid.centred("south", 0.0, 0.0, 1, 100.0), np.zeros((1, 1), np.float32)), 0, 0, [0.0])


def test_on_the_bare_sphere_the_skyline_falls_by_half_the_first_step():
    """One cell of 100 m: -100 / 2R rad."""
    found = point_skyline_deg(level_ground(50, 100.0), 0.0, 0.0, AZIMUTHS)
    assert found == pytest.approx(np.full(72, -np.degrees(100.0 / (2.0 * R))), rel=0.01)
