"""Slope, aspect, roughness and hillshade against planes, compass points and symmetries."""

import numpy as np
import pytest

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.model import Grid, Terrain
from lupex.terrain import aspect_deg, hillshade, roughness_m, slope_deg, used_baseline_m


def ground(function, size=21, cell_m=10.0, x_m=0.0, y_m=0.0, pole="south") -> Terrain:
    grid = Grid.centred(pole, x_m, y_m, size, cell_m)
    x, y = grid.xy_m()
    return Terrain(grid, function(x - x_m, y - y_m).astype(np.float32))


def rough(size=40, cell_m=10.0, seed=1) -> Terrain:
    z = np.random.default_rng(seed).normal(0.0, 2.0, (size, size))
    return Terrain(Grid.centred("south", 0.0, 0.0, size, cell_m), z.astype(np.float32))


@pytest.mark.parametrize("method", ["plane", "horn"])
@pytest.mark.parametrize("baseline_m", [20.0, 60.0])
def test_a_plane_has_its_analytic_slope_over_any_baseline(method, baseline_m):
    tilted = ground(lambda x, y: 0.1 * x - 0.2 * y)
    expected = np.degrees(np.arctan(np.hypot(0.1, 0.2)))
    inner = slope_deg(tilted, baseline_m, method)[4:-4, 4:-4]
    assert inner == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("method", ["plane", "horn"])
def test_map_distances_are_shortened_to_ground_distances_away_from_the_pole(method):
    away = 600_000.0
    tilted = ground(lambda x, y: 0.1 * x, x_m=away)
    scale = 1.0 + away**2 / (4.0 * MOON_RADIUS_M**2)
    assert scale == pytest.approx(1.0298, abs=1e-4)
    assert slope_deg(tilted, 20.0, method)[10, 10] == pytest.approx(np.degrees(np.arctan(0.1 * scale)), abs=2e-4)


def test_a_cone_on_the_sphere_has_the_same_slope_at_every_distance_from_the_pole():
    """Height = 0.2 x arc length from the pole: the true slope is atan(0.2) everywhere."""
    grid = Grid.centred("south", 0.0, 0.0, 301, 4000.0)
    x, y = grid.xy_m()
    arc = 2.0 * MOON_RADIUS_M * np.arctan(np.hypot(x, y) / (2.0 * MOON_RADIUS_M))
    slope = slope_deg(Terrain(grid, (0.2 * arc).astype(np.float32)), 8000.0, "horn")
    outer = (np.hypot(x, y) > 60_000.0) & np.isfinite(slope)
    assert slope[outer] == pytest.approx(np.degrees(np.arctan(0.2)), abs=0.03)


def test_horn_on_neighbours_of_one_cell_has_a_baseline_of_two_cells():
    """A ripple of wavelength 4 cells vanishes over a baseline of 4 cells, not over one of 2."""
    ripple = ground(lambda x, y: np.sin(2 * np.pi * x / 40.0), size=41)
    assert np.nanmax(slope_deg(ripple, 20.0, "horn")) > 5.0
    assert np.nanmax(slope_deg(ripple, 40.0, "horn")) < 1e-3


@pytest.mark.parametrize(
    ("asked", "used"), [(16.0, 20.0), (20.0, 20.0), (29.0, 20.0), (31.0, 40.0), (100.0, 100.0), (3200.0, 3200.0)]
)
def test_the_used_baseline_is_the_nearest_even_number_of_cells(asked, used):
    assert used_baseline_m(Grid.centred("south", 0.0, 0.0, 9, 10.0), asked) == used


@pytest.mark.parametrize("asked", [15.0, 0.0, -5.0, float("nan"), float("inf")])
def test_a_baseline_the_map_cannot_resolve_is_refused_with_the_smallest_that_works(asked):
    with pytest.raises(InputError, match=r"cells of 10 m; use 20 m or more"):
        slope_deg(rough(), asked)


def test_an_unknown_method_is_refused():
    with pytest.raises(InputError, match="unknown method 'zevenbergen'"):
        slope_deg(rough(), 20.0, "zevenbergen")


@pytest.mark.parametrize(("east", "north", "azimuth"), [(1, 0, 90.0), (0, 1, 0.0), (-1, 0, 270.0), (0, -1, 180.0)])
def test_ground_falling_towards_each_side_faces_that_side(east, north, azimuth):
    falling = ground(lambda x, y: -0.1 * (east * x + north * y))
    for method in ("plane", "horn"):
        assert aspect_deg(falling, 20.0, method)[10, 10] == pytest.approx(azimuth, abs=1e-3)


@pytest.mark.parametrize("side", [0.0, 90.0, 180.0, 270.0])
def test_a_hill_is_bright_only_on_the_side_of_the_light(side):
    hill = ground(lambda x, y: 30.0 * np.exp(-(x**2 + y**2) / 50.0**2))
    shade = hillshade(hill, side, 20.0)
    at = {0.0: (5, 10), 90.0: (10, 15), 180.0: (15, 10), 270.0: (10, 5)}
    brightness = {azimuth: float(shade[cell]) for azimuth, cell in at.items()}
    assert max(brightness, key=brightness.__getitem__) == side
    assert brightness[side] > brightness[(side + 180.0) % 360.0] + 0.3
    assert brightness[(side + 90.0) % 360.0] == pytest.approx(brightness[(side + 270.0) % 360.0], abs=1e-4)


def test_hillshade_is_the_cosine_of_the_incidence_angle():
    facing = ground(lambda x, y: -np.tan(np.radians(30.0)) * x)
    assert hillshade(facing, 90.0, 60.0)[10, 10] == pytest.approx(1.0, abs=1e-5)
    assert hillshade(facing, 90.0, 20.0)[10, 10] == pytest.approx(np.cos(np.radians(40.0)), abs=1e-5)
    assert hillshade(facing, 270.0, 20.0)[10, 10] == 0.0


def test_level_ground_is_as_bright_as_the_sine_of_the_light_whatever_the_lights():
    level = ground(lambda x, y: 0.0 * x)
    assert hillshade(level, 45.0, 30.0) == pytest.approx(0.5, abs=1e-6)
    assert hillshade(level, elevation_deg=30.0) == pytest.approx(0.5, abs=1e-6)
    assert np.isnan(aspect_deg(level, 20.0)).all()


def test_several_lights_show_a_hill_on_every_side_and_stay_within_0_and_1():
    shade = hillshade(rough())
    assert 0.0 <= np.nanmin(shade) < np.nanmax(shade) <= 1.0
    assert not np.isnan(shade).any()


def test_the_light_must_stand_between_horizon_and_zenith():
    with pytest.raises(InputError, match="light elevation 91 deg"):
        hillshade(rough(), 0.0, 91.0)


@pytest.mark.parametrize("method", ["plane", "horn"])
@pytest.mark.parametrize("turn", [np.transpose, np.rot90, np.flipud, np.fliplr])
def test_slope_turns_and_mirrors_with_the_ground(method, turn):
    before = rough()
    after = Terrain(before.grid, np.ascontiguousarray(turn(before.elevation_m)))
    np.testing.assert_allclose(
        slope_deg(after, 60.0, method), turn(slope_deg(before, 60.0, method)), atol=1e-4, equal_nan=True
    )


def test_aspect_turns_by_90_degrees_with_the_ground():
    before = rough()
    after = Terrain(before.grid, np.ascontiguousarray(np.rot90(before.elevation_m)))
    turned = np.rot90(aspect_deg(before, 40.0))
    difference = (turned - 90.0 - aspect_deg(after, 40.0) + 180.0) % 360.0 - 180.0
    assert np.abs(difference).max() < 0.01


def slow_plane(terrain: Terrain, half: int, row: int, col: int) -> tuple[float, float]:
    """Slope and rms residual at one cell by numpy's least squares."""
    block = terrain.elevation_m[max(row - half, 0) : row + half + 1, max(col - half, 0) : col + half + 1]
    v, h = np.mgrid[: block.shape[0], : block.shape[1]] * terrain.grid.cell_m
    known = np.isfinite(block)
    matrix = np.stack([h[known], v[known], np.ones(known.sum())], axis=1)
    heights = block[known].astype(float)
    fit = np.linalg.lstsq(matrix, heights, rcond=None)[0]
    residual = float(np.sqrt(np.mean((heights - matrix @ fit) ** 2)))
    return float(np.degrees(np.arctan(np.hypot(fit[0], fit[1])))), residual


def test_the_plane_fit_agrees_with_least_squares_also_at_gaps_and_edges():
    before = rough()
    heights = before.elevation_m.copy()
    heights[12:15, 20:22] = np.nan
    holed = Terrain(before.grid, heights)
    slope, residual = slope_deg(holed, 60.0), roughness_m(holed, 60.0)
    for row, col in [(20, 20), (11, 20), (15, 23), (0, 20), (39, 18), (5, 39)]:
        expected = slow_plane(holed, 3, row, col)
        assert slope[row, col] == pytest.approx(expected[0], abs=1e-3)
        assert residual[row, col] == pytest.approx(expected[1], abs=1e-4)


def test_cells_without_height_stay_unknown_and_horn_needs_every_neighbour():
    heights = rough().elevation_m.copy()
    heights[20, 20] = np.nan
    holed = Terrain(rough().grid, heights)
    plane, horn = slope_deg(holed, 20.0), slope_deg(holed, 20.0, "horn")
    assert np.argwhere(np.isnan(plane)).tolist() == [[20, 20]]
    assert np.isnan(horn[19:22, 19:22]).all() and np.isnan(horn[0]).all()
    assert np.isfinite(horn[2:18, 2:18]).all()
    empty = Terrain(rough().grid, np.full((40, 40), np.nan, np.float32))
    for layer in (slope_deg(empty, 20.0), aspect_deg(empty, 20.0), roughness_m(empty, 20.0), hillshade(empty)):
        assert np.isnan(layer).all()


def test_roughness_of_noise_is_its_spread_and_of_a_plane_nothing():
    assert roughness_m(ground(lambda x, y: 0.1 * x + 0.3 * y), 60.0) == pytest.approx(0.0, abs=1e-3)
    noise = roughness_m(rough(size=200), 100.0)[5:-5, 5:-5].astype(float)
    three_of_121_freedoms_go_to_the_plane = 118.0 / 121.0
    assert np.mean(noise**2) == pytest.approx(4.0 * three_of_121_freedoms_go_to_the_plane, rel=0.02)
