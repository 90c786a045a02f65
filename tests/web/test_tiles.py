import io

import numpy as np
import pytest
from PIL import Image

from lupex.base.errors import InputError
from lupex.io import read_map
from lupex.web import StudyFolder
from lupex.web.tiles import HALF_M, TILE, TileMaker


@pytest.fixture(scope="module")
def tiles(study: StudyFolder) -> TileMaker:
    return TileMaker(study)


def at(z: int, x_m: float, y_m: float) -> tuple[int, int, int, int]:
    """Tile, row and column of the pixel that holds a map point."""
    pixel_m = 2.0 * HALF_M / TILE / (1 << z)
    col, row = int((x_m + HALF_M) // pixel_m), int((HALF_M - y_m) // pixel_m)
    return col // TILE, row // TILE, row % TILE, col % TILE


@pytest.mark.parametrize("part", ["region", "S1"])
def test_a_raw_tile_holds_the_numbers_of_the_finest_map(tiles: TileMaker, study: StudyFolder, part: str) -> None:
    file, values = read_map(study.source("elevation_m", part).file.path)
    z = 9 if part == "region" else 12
    for row, col in ((5, 7), (20, 11)):
        x = file.grid.left_m + (col + 0.5) * file.grid.cell_m
        y = file.grid.top_m - (row + 0.5) * file.grid.cell_m
        tx, ty, tr, tc = at(z, x, y)
        assert tiles.raw("elevation_m", z, tx, ty)[tr, tc] == values[row, col]


def test_a_wide_pixel_is_the_mean_of_the_cells_under_it_and_classes_are_never_mixed(tiles: TileMaker) -> None:
    raw = tiles.raw("permanent_shadow", 1, 0, 0)
    assert set(np.unique(raw[np.isfinite(raw)])) <= {0.0, 1.0}
    heights = tiles.raw("elevation_m", 1, 0, 0)
    assert np.isfinite(heights).any()


def test_a_png_tile_has_the_colours_of_the_legend_and_is_clear_without_data(tiles: TileMaker) -> None:
    tx, ty, row, col = at(9, 12_000.0, 12_000.0)
    picture = Image.open(io.BytesIO(tiles.png("lit_fraction_any", 9, tx, ty)))
    assert picture.size == (256, 256)
    value = 100.0 * float(tiles.raw("lit_fraction_any", 9, tx, ty)[row, col])
    legend = tiles.legend("lit_fraction_any")
    count = int(1.0 + (value - legend.low) / (legend.high - legend.low) * 254.0 + 0.5)
    rgba = picture.convert("RGBA").getpixel((col, row))
    assert rgba == (*legend.palette[3 * count : 3 * count + 3], 255)
    empty = Image.open(io.BytesIO(tiles.png("lit_fraction_any", 3, 0, 0))).convert("RGBA")
    assert np.asarray(empty)[..., 3].max() == 0


def test_a_hole_in_a_fine_map_shows_the_coarse_one_and_never_a_height_between(
    tiles: TileMaker, study: StudyFolder
) -> None:
    grid = study.source("lit_fraction_any", "S1").file.grid
    tx, ty, row, col = at(12, grid.left_m + 0.5 * grid.cell_m, grid.top_m - 0.5 * grid.cell_m)
    coarse = tiles.value_at(study.source("lit_fraction_any", "region"), grid.left_m + 50.0, grid.top_m - 50.0)
    assert tiles.raw("lit_fraction_any", 12, tx, ty)[row, col] == np.float32(coarse)


def test_a_tile_off_the_grid_and_an_unknown_layer_are_refused(tiles: TileMaker) -> None:
    with pytest.raises(InputError, match="no tile 3/8/0"):
        tiles.png("elevation_m", 3, 8, 0)
    with pytest.raises(InputError, match="no map of 'nothing'"):
        tiles.raw("nothing", 3, 0, 0)
