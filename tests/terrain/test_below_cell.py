"""What the relief below the cells of a coarse map adds to its skylines."""

from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.model import Grid, HorizonMap, Terrain
from lupex.terrain import RefineSettings, SkylineSettings, horizon_map
from lupex.terrain.below_cell import BelowCellSettings, azimuth_stride, below_cell, ground_horizons

SETTINGS = BelowCellSettings(windows_across=2, core_cells=1, margin_cells=1, ground_cell_m=200.0, stride=1)
LOOK = SkylineSettings(azimuths=72, search_radius_m=50_000.0)


def _plain() -> Terrain:
    return Terrain(Grid("south", 12, 12, 1600.0, -9600.0, 9600.0), np.zeros((12, 12), np.float32))


def test_relief_raises_the_skylines_of_a_plain_and_no_relief_leaves_them() -> None:
    plain = _plain()
    smooth = horizon_map(plain, LOOK)
    rough = below_cell(plain, smooth, np.random.default_rng(1), SETTINGS)
    flat = replace(SETTINGS, relief=RefineSettings(median_slope_deg=0.0, crater_density=0.0))
    none = below_cell(plain, smooth, np.random.default_rng(1), flat)
    assert float(rough.added_deg.mean()) > 1.0
    assert float(np.abs(none.added_deg).max()) <= 0.1  # the edge of the known ground, two cells nearer


def test_parts_of_the_population_run_from_open_ground_to_pits() -> None:
    plain = _plain()
    smooth = horizon_map(plain, LOOK)
    below = below_cell(plain, smooth, np.random.default_rng(2), SETTINGS)
    means = [
        float(ground_horizons(plain, smooth, below, (k, 4), np.random.default_rng(3)).counts.mean()) for k in range(4)
    ]
    assert means == sorted(means)
    assert means[3] > means[0] + 100


def test_the_mean_over_all_parts_is_the_mean_of_the_refined_ground() -> None:
    """On the plain the population is that of the windows themselves, so nothing is lost on the way."""
    plain = _plain()
    smooth = horizon_map(plain, LOOK)
    below = below_cell(plain, smooth, np.random.default_rng(4), SETTINGS)
    drawn = [ground_horizons(plain, smooth, below, (k, 8), np.random.default_rng(k)).counts for k in range(8)]
    inner = np.s_[:, 3:9, 3:9]
    raised = np.mean([one[inner] for one in drawn]) - smooth.counts[inner].mean()
    assert raised * HorizonMap.UNIT_DEG == pytest.approx(float(below.added_deg.mean()), rel=0.15)


def test_equal_seeds_give_equal_grounds_whatever_the_threads() -> None:
    from lupex.base.running import Running

    plain = _plain()
    smooth = horizon_map(plain, LOOK)
    both = []
    for workers in (1, 2):
        below = below_cell(plain, smooth, np.random.default_rng(5), SETTINGS, Running(workers=workers))
        both.append(ground_horizons(plain, smooth, below, (0, 2), np.random.default_rng(6), Running(workers)).counts)
    assert np.array_equal(*both)


def test_cells_without_skyline_stay_without() -> None:
    plain = _plain()
    smooth = horizon_map(plain, LOOK)
    below = below_cell(plain, smooth, np.random.default_rng(1), SETTINGS)
    counts = smooth.counts.copy()
    counts[:, 2, 5] = HorizonMap.NODATA
    drawn = ground_horizons(plain, replace(smooth, counts=counts), below, (0, 1), np.random.default_rng(1))
    assert (drawn.counts[:, 2, 5] == HorizonMap.NODATA).all()
    assert (drawn.counts[:, 2, 4] != HorizonMap.NODATA).all()


def test_a_map_too_small_or_too_fine_is_refused() -> None:
    tiny = Terrain(Grid("south", 4, 4, 1600.0, 0.0, 0.0), np.zeros((4, 4), np.float32))
    with pytest.raises(InputError, match="4 x 4 cells"):
        below_cell(tiny, horizon_map(tiny, LOOK), np.random.default_rng(1), SETTINGS)
    fine = Terrain(Grid("south", 12, 12, 100.0, 0.0, 0.0), np.zeros((12, 12), np.float32))
    with pytest.raises(InputError, match="of 400 m or more"):
        below_cell(fine, horizon_map(fine, LOOK), np.random.default_rng(1), SETTINGS)


@pytest.mark.parametrize(("azimuths", "stride"), [(360, 5), (720, 10), (72, 1), (120, 1), (8, 1), (144, 2)])
def test_grounds_keep_72_azimuths_or_more(azimuths: int, stride: int) -> None:
    assert azimuth_stride(azimuths) == stride
