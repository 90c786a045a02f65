"""A DEM that shows another ground than the map around it is told, with the likely cause; measured tiles pass."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from tests.shared_data import shared

from lupex.io import default_terrain, read_terrain
from lupex.model import Grid, Terrain
from lupex.terrain.agreement import Agreement, Box, agreement

TILES = shared("dem_pgda78") or shared("data/dem_pgda78")
NAMES = [] if TILES is None else sorted(path.stem for path in TILES.glob("*.tif"))
if TILES is None:
    print("the measured tiles are not here; tests/terrain/test_agreement.py does without them")


def box(heights: np.ndarray) -> Box:
    return lambda row, col, rows, cols: heights[row : row + rows, col : col + cols].astype(np.float64)


@pytest.fixture(scope="module")
def cap() -> Terrain:
    return default_terrain("south")


@pytest.fixture(scope="module")
def tile(cap: Terrain) -> tuple[Grid, np.ndarray]:
    """16 km of the cap at 100 m, with hills of its own and a bias of 3 m: as a measured tile would look."""
    grid = Grid("south", 160, 160, 100.0, -19_000.0, -4_000.0)
    x, y = grid.xy_m()
    g = cap.grid
    rows, cols = ((g.top_m - y) // g.cell_m).astype(int), ((x - g.left_m) // g.cell_m).astype(int)
    return grid, cap.elevation_m[rows, cols] + 3.0 + 20.0 * np.sin(x / 300.0) * np.cos(y / 250.0)


def found(grid: Grid, heights: np.ndarray, cap: Terrain) -> Agreement:
    answer = agreement(grid, box(heights), cap)
    assert answer is not None
    return answer


def test_a_tile_that_follows_the_map_passes_with_its_numbers(tile, cap) -> None:  # type: ignore[no-untyped-def]
    answer = found(*tile, cap)
    assert answer.cause == "" and answer.note == "" and answer.blocks == 81
    assert abs(answer.offset_m - 3.0) < 0.5 and abs(answer.scale - 1.0) < 0.01 and answer.correlation > 0.999


WRONG: list[tuple[str, Callable[[np.ndarray], np.ndarray]]] = [
    ("heights are 2 times", lambda z: 2.0 * z),
    ("heights are 0.5 times", lambda z: 0.5 * z),
    ("heights are 0.001 times", lambda z: z / 1000.0),
    ("rows are upside down", lambda z: z[::-1]),
    ("columns are mirrored", lambda z: z[:, ::-1]),
    ("turned by 180", lambda z: z[::-1, ::-1]),
    ("rows and columns are exchanged", lambda z: z.T),
    ("turned by 270", np.rot90),
    (r"heights lie \+100. m from the map", lambda z: z + 1000.0),
    ("heights lie -59. m from the map: another sphere", lambda z: z - 600.0),
    ("it is flat .* where the map has relief", lambda z: np.full_like(z, z.mean())),
    ("do not follow the map", lambda z: np.roll(z, 60, axis=(0, 1))),
]


@pytest.mark.parametrize(("cause", "change"), WRONG, ids=[cause for cause, _ in WRONG])
def test_another_ground_is_told_with_its_likely_cause(tile, cap, cause: str, change) -> None:  # type: ignore[no-untyped-def]
    grid, heights = tile
    assert re.search(cause, found(grid, change(heights), cap).cause)


def test_a_small_offset_is_noted_and_ground_elsewhere_is_not_compared(tile, cap) -> None:  # type: ignore[no-untyped-def]
    grid, heights = tile
    assert "+28 m from the map around it (mean of 81 blocks)" in found(grid, heights + 25.0, cap).note
    far = Grid("south", 160, 160, 100.0, 900_000.0, 900_000.0)
    assert agreement(far, box(heights), cap) is None


def test_a_dem_smaller_than_a_block_is_judged_by_its_mean(tile, cap) -> None:  # type: ignore[no-untyped-def]
    grid, heights = tile
    small, part = grid.crop(40, 40, 8, 8), heights[40:48, 40:48]
    assert found(small, part, cap).cause == ""
    assert "another place, sphere, unit or offset" in found(small, part + 1000.0, cap).cause


def test_few_blocks_are_told_without_a_correlation_that_does_not_exist(tile, cap) -> None:  # type: ignore[no-untyped-def]
    """Rough, wrong ground no wider than two blocks."""
    grid, heights = tile
    part = grid.crop(40, 40, 40, 40)
    wild = heights[40:80, 40:80] - 1000.0 + 900.0 * (np.arange(40) >= 20)
    assert "(differences " in found(part, wild, cap).cause


@pytest.mark.parametrize("name", NAMES)
def test_measured_tiles_follow_the_shipped_map(name: str, cap: Terrain) -> None:
    assert TILES is not None
    terrain = read_terrain(TILES / f"{name}.tif")
    answer = found(terrain.grid, terrain.elevation_m, cap)
    assert answer.cause == "" and answer.note == "" and abs(answer.offset_m) < 1.0
    if answer.blocks > 1:
        assert answer.rms_m < 3.0 and abs(answer.scale - 1.0) < 0.003
