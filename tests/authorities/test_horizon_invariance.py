"""What must not matter: turning the map, mirroring it, and which pole it is."""

import numpy as np
import pytest
from tests.terrain.great_circle import relief, roughened

from lupex.model import Grid, Terrain
from lupex.terrain import SkylineSettings, horizon_map

N = 24
SETTINGS = SkylineSettings(azimuths=N, observer_height_m=2.0)


@pytest.fixture(scope="module")
def base() -> Terrain:
    far = relief(50, 4000.0)
    near = roughened(relief(60, 300.0))
    return Terrain(near.grid, near.elevation_m, far)


@pytest.fixture(scope="module")
def skylines(base) -> np.ndarray:
    return horizon_map(base, SETTINGS).counts.astype(int)


def changed(terrain: Terrain, change, pole="south") -> Terrain:
    far = None if terrain.far is None else changed(terrain.far, change, pole)
    g = terrain.grid
    return Terrain(Grid(pole, g.rows, g.cols, g.cell_m, g.left_m, g.top_m), change(terrain.elevation_m), far)


def seen(terrain: Terrain) -> np.ndarray:
    return horizon_map(terrain, SETTINGS).counts.astype(int)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_map_turned_clockwise_has_its_skylines_turned_clockwise(base, skylines, quarters):
    """Within one count, 0.003 degrees."""
    turned = seen(changed(base, lambda z: np.rot90(z, -quarters)))
    expected = np.roll(np.rot90(skylines, -quarters, axes=(1, 2)), quarters * N // 4, axis=0)
    assert np.abs(turned - expected).max() <= 1


@pytest.mark.parametrize(
    ("change", "source"),
    [
        (lambda z: z[..., ::-1], lambda k: -k),
        (lambda z: z[..., ::-1, :], lambda k: N // 2 - k),
        (lambda z: np.swapaxes(z, -1, -2)[..., ::-1, ::-1], lambda k: N // 4 - k),
        (lambda z: np.swapaxes(z, -1, -2), lambda k: -N // 4 - k),
    ],
    ids=["left-right", "up-down", "x-and-y-swapped", "rows-and-columns-swapped"],
)
def test_a_mirrored_map_has_mirrored_skylines(base, skylines, change, source):
    """Left-right: azimuth A becomes -A; up-down: 180 - A; x and y swapped: 90 - A; transposed: 270 - A. One count."""
    expected = change(skylines)[[source(k) % N for k in range(N)]]
    assert np.abs(seen(changed(base, change)) - expected).max() <= 1


def test_north_and_south_are_the_same_map(base, skylines):
    """Both maps are right-handed seen from above; identical to the last bit."""
    assert np.array_equal(seen(changed(base, lambda z: z, "north")), skylines)


def test_a_window_off_the_pole_turns_with_the_whole_moon(base):
    """The window turned a quarter about the pole, with its grid: the skylines turn with it. One count."""
    inner = base.elevation_m[5:25, 30:58]
    grid = Grid("south", 20, 28, 300.0, 40_000.0, 22_000.0)
    turned = Grid("south", 28, 20, 300.0, grid.bottom_m, -grid.left_m)
    one = seen(Terrain(grid, inner, base.far))
    two = seen(Terrain(turned, np.rot90(inner, -1), changed(base.far, lambda z: np.rot90(z, -1))))
    assert np.abs(two - np.roll(np.rot90(one, -1, axes=(1, 2)), N // 4, axis=0)).max() <= 1


def test_height_of_the_whole_moon_does_not_matter_much(base, skylines):
    """100 m more everywhere: only the radius changes, by 6e-5; skylines by less than two counts."""
    assert np.abs(seen(changed(base, lambda z: z + np.float32(100.0))) - skylines).max() <= 2
