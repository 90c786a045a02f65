"""Refined terrain: what it keeps, what it adds, and that it is the same every time."""

from dataclasses import replace

import numpy as np
import pytest

from lupex.base.errors import GridError, InputError
from lupex.model import Grid, Terrain
from lupex.terrain import RefineSettings, fine_grid, nested, refine

POSTS = 1600.0
SMOOTH = RefineSettings(median_slope_deg=0.0)


def rng(seed: int = 2028) -> np.random.Generator:
    return np.random.default_rng(seed)


def coarse(size: int = 24, seed: int = 3, rms_m: float = 400.0) -> Terrain:
    """Rolling hills some cells wide, as steep as polar highlands."""
    from scipy.ndimage import gaussian_filter

    z = gaussian_filter(np.random.default_rng(seed).normal(size=(size, size)), 1.5)
    return Terrain(
        Grid.centred("south", 0.0, 0.0, size, POSTS), (rms_m * z / z.std()).astype(np.float32), source="hills"
    )


def level(size: int = 24) -> Terrain:
    return Terrain(Grid.centred("south", 0.0, 0.0, size, POSTS), np.zeros((size, size), np.float32))


def means(fine: Terrain, ratio: int) -> np.ndarray:
    rows, cols = fine.grid.shape
    z = fine.elevation_m.astype(np.float64)
    return z.reshape(rows // ratio, ratio, cols // ratio, ratio).mean(axis=(1, 3))


def window(terrain: Terrain, grid: Grid) -> np.ndarray:
    """The coarse heights below a fine grid of whole coarse cells."""
    row = round((terrain.grid.top_m - grid.top_m) / POSTS)
    col = round((grid.left_m - terrain.grid.left_m) / POSTS)
    count = round(grid.rows * grid.cell_m / POSTS)
    return terrain.elevation_m[row : row + count, col : col + count]


@pytest.mark.parametrize("cell_m", [5.0, 20.0, 50.0, 800.0, 1600.0])
def test_the_mean_over_every_coarse_cell_is_the_coarse_height_to_a_millimetre(cell_m):
    terrain = coarse()
    grid = fine_grid(terrain.grid, 0.0, 0.0, 3200.0, cell_m)
    fine = refine(terrain, grid, rng())
    assert np.abs(means(fine, round(POSTS / cell_m)) - window(terrain, grid)).max() < 1e-3


def test_high_ground_keeps_its_means_to_a_millimetre_in_float32():
    terrain = replace(coarse(), elevation_m=coarse().elevation_m + 8000.0)
    grid = fine_grid(terrain.grid, 0.0, 0.0, 6400.0, 50.0)
    assert np.abs(means(refine(terrain, grid, rng()), 32) - window(terrain, grid)).max() < 1e-3


def test_the_smooth_surface_through_a_plane_is_that_plane():
    grid = Grid.centred("south", 0.0, 0.0, 16, POSTS)
    x, y = grid.xy_m()
    tilted = Terrain(grid, (0.1 * x - 0.05 * y).astype(np.float32))
    fine = refine(tilted, fine_grid(grid, 0.0, 0.0, 6400.0, 100.0), rng(), SMOOTH)
    x, y = fine.grid.xy_m()
    np.testing.assert_allclose(fine.elevation_m, 0.1 * x - 0.05 * y, atol=1e-3)


def test_the_smooth_surface_has_no_kink_where_coarse_cells_meet():
    """The gradient's jump from one fine step to the next shrinks with the step, at borders as inside."""
    terrain = coarse()
    jumps = []
    for cell_m in (50.0, 25.0):
        z = refine(terrain, fine_grid(terrain.grid, 0.0, 0.0, 12800.0, cell_m), rng(), SMOOTH).elevation_m.astype(float)
        jump = np.abs(np.diff(z, 2, axis=1)) / cell_m
        at_border = (np.arange(jump.shape[1]) + 2) % round(POSTS / cell_m) < 2
        assert np.sqrt((jump[:, at_border] ** 2).mean()) < 1.1 * np.sqrt((jump[:, ~at_border] ** 2).mean())
        jumps.append(jump[:, at_border].max())
    assert jumps[1] == pytest.approx(jumps[0] / 2.0, rel=0.2)


def test_steps_across_coarse_borders_are_like_steps_inside():
    terrain = coarse(size=48)
    z = refine(terrain, fine_grid(terrain.grid, 0.0, 0.0, 40 * POSTS, 100.0), rng()).elevation_m.astype(float)
    for heights in (z, z.T):
        step = np.diff(heights, axis=1)
        at_border = (np.arange(step.shape[1]) + 1) % 16 == 0
        inside, across = (np.sqrt((s**2).mean()) for s in (step[:, ~at_border], step[:, at_border]))
        assert across == pytest.approx(inside, rel=0.06)
        bend = np.diff(heights, 2, axis=1)
        at_border = (np.arange(bend.shape[1]) + 2) % 16 < 2
        inside, across = (np.sqrt((b**2).mean()) for b in (bend[:, ~at_border], bend[:, at_border]))
        assert across == pytest.approx(inside, rel=0.06)


def bidirectional_slope(z: np.ndarray, cells: int, cell_m: float) -> np.ndarray:
    """Gradient length from the height differences over a baseline along x and along y."""
    corner = z[:-cells, :-cells]
    across, down = z[:-cells, cells:] - corner, z[cells:, :-cells] - corner
    return np.hypot(across, down) / (cells * cell_m)


@pytest.mark.parametrize("terrain", [level(), coarse(rms_m=130.0)], ids=["level", "hills"])
def test_median_slope_and_hurst_exponent_are_those_of_the_settings(terrain):
    """Over three seeds: median slope at 25 m within 10 %; Hurst exponent of the medians, 25 to 400 m, within 0.04."""
    settings = RefineSettings()
    baselines = 25.0 * 2.0 ** np.arange(5)
    slopes: list[list[np.ndarray]] = [[] for _ in baselines]
    for seed in range(3):
        grid = fine_grid(terrain.grid, 0.0, 0.0, 8 * POSTS, 25.0)
        z = refine(terrain, grid, rng(seed), settings).elevation_m.astype(np.float64)
        for kept, baseline in zip(slopes, baselines, strict=True):
            kept.append(bidirectional_slope(z, round(baseline / 25.0), 25.0)[::3, ::3].ravel())
    median = np.array([np.median(np.concatenate(kept)) for kept in slopes])
    target = np.tan(np.radians(7.6)) * (25.0 / 17.0) ** (0.95 - 1.0)
    assert median[0] == pytest.approx(target, rel=0.10)
    hurst = 1.0 + np.polyfit(np.log(baselines), np.log(median), 1)[0]
    assert hurst == pytest.approx(settings.hurst, abs=0.04)


@pytest.mark.parametrize(("slope_deg", "hurst"), [(2.0, 0.76), (4.0, 0.95), (12.0, 0.85)])
def test_other_statistics_are_met_too(slope_deg, hurst):
    settings = RefineSettings(median_slope_deg=slope_deg, hurst=hurst)
    terrain = level()
    z = refine(terrain, fine_grid(terrain.grid, 0.0, 0.0, 16 * POSTS, 25.0), rng(4), settings).elevation_m
    baselines = 25.0 * 2.0 ** np.arange(4)
    median = [np.median(bidirectional_slope(z.astype(float), round(b / 25.0), 25.0)) for b in baselines]
    assert median[0] == pytest.approx(np.tan(np.radians(slope_deg)) * (25.0 / 17.0) ** (hurst - 1.0), rel=0.10)
    assert 1.0 + np.polyfit(np.log(baselines), np.log(median), 1)[0] == pytest.approx(hurst, abs=0.05)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_relief():
    terrain = coarse()
    grid = fine_grid(terrain.grid, 0.0, 0.0, 6400.0, 50.0)
    one, two, other = (refine(terrain, grid, rng(seed)) for seed in (1, 1, 2))
    assert one.elevation_m.tobytes() == two.elevation_m.tobytes() and one.sha256 == two.sha256
    assert one.sha256 != other.sha256
    difference = one.elevation_m - other.elevation_m
    assert np.abs(difference).max() > 10.0
    assert np.abs(means(replace(one, elevation_m=difference), 32)).max() < 1e-3


def test_overlapping_windows_show_the_same_relief():
    terrain = coarse()
    big = refine(terrain, fine_grid(terrain.grid, 0.0, 0.0, 9600.0, 50.0), rng())
    part = big.grid.crop(37, 60, 70, 50)
    np.testing.assert_allclose(
        refine(terrain, part, rng()).elevation_m, big.elevation_m[37:107, 60:110], rtol=0.0, atol=1e-3
    )


def test_a_crop_of_a_wider_terrain_is_refined_with_the_strength_of_the_whole():
    terrain = coarse(size=32)
    crop = terrain.crop(8, 8, 16, 16)
    grid = fine_grid(terrain.grid, 0.0, 0.0, 3200.0, 50.0)
    np.testing.assert_allclose(
        refine(crop, grid, rng()).elevation_m, refine(terrain, grid, rng()).elevation_m, rtol=0.0, atol=1e-3
    )


def test_gaps_stay_gaps_and_their_neighbours_keep_their_means():
    heights = coarse().elevation_m.copy()
    heights[12, 12] = np.nan
    terrain = replace(coarse(), elevation_m=heights)
    grid = fine_grid(terrain.grid, 0.0, 0.0, 6400.0, 100.0)
    fine = refine(terrain, grid, rng())
    assert np.isnan(fine.elevation_m).sum() == 16 * 16
    below = window(terrain, grid)
    known = np.isfinite(below)
    assert known.sum() == 15
    assert np.abs(means(fine, 16) - below)[known].max() < 1e-3
    with pytest.raises(InputError, match="no height here"):
        refine(replace(terrain, elevation_m=np.full_like(heights, np.nan)), grid, rng())


def test_a_window_at_the_edge_of_the_coarse_terrain_is_refined_too():
    terrain = coarse()
    grid = fine_grid(terrain.grid, terrain.grid.left_m + 10.0, terrain.grid.top_m - 10.0, 4800.0, 50.0)
    assert (grid.left_m, grid.top_m) == (terrain.grid.left_m, terrain.grid.top_m)
    assert np.abs(means(refine(terrain, grid, rng()), 32) - terrain.elevation_m[:3, :3]).max() < 1e-3


def test_made_up_relief_is_labelled_everywhere():
    terrain = coarse()
    fine = refine(terrain, fine_grid(terrain.grid, 0.0, 0.0, 3200.0, 50.0), rng())
    assert fine.synthetic_below_m == 1600.0 and fine.far is terrain
    assert fine.source == "hills; synthetic below 1600 m" and fine.label == "synthetic below 1600 m"
    finer = refine(fine, fine_grid(fine.grid, 0.0, 0.0, 500.0, 10.0), rng())
    assert finer.synthetic_below_m == 1600.0 and finer.source == "hills; synthetic below 1600 m"
    assert [t.grid.cell_m for t in finer.levels()] == [10.0, 50.0, 1600.0]


def test_the_fine_grid_lies_on_whole_coarse_cells_around_the_place():
    base = coarse().grid
    grid = fine_grid(base, 1234.0, -5678.0, 16_000.0, 50.0)
    assert grid.shape == (320, 320) and grid.cell_m == 50.0
    assert (grid.left_m - base.left_m) % POSTS == 0.0 and (base.top_m - grid.top_m) % POSTS == 0.0
    assert abs((grid.left_m + grid.right_m) / 2 - 1234.0) <= 800.0
    assert abs((grid.top_m + grid.bottom_m) / 2 + 5678.0) <= 800.0
    assert fine_grid(base, 0.0, 0.0, 100.0, 7.0).cell_m == pytest.approx(POSTS / 229.0)


@pytest.mark.parametrize(
    ("place", "size_m", "cell_m", "what"),
    [
        ((0.0, 0.0), 1000.0, 2000.0, "cell of at most 1600 m"),
        ((0.0, 0.0), -1.0, 50.0, "give a positive size"),
        ((90_000.0, 0.0), 1000.0, 50.0, "lies off the coarse terrain"),
        ((0.0, 0.0), 90_000.0, 50.0, "wider than the coarse terrain"),
    ],
)
def test_an_impossible_fine_grid_is_refused(place, size_m, cell_m, what):
    with pytest.raises(GridError, match=what):
        fine_grid(coarse().grid, *place, size_m, cell_m)


@pytest.mark.parametrize(
    ("grid", "what"),
    [
        (Grid("south", 10, 10, 70.0, 0.0, 0.0), "do not divide"),
        (Grid("south", 10, 10, 50.0, 10.0, 0.0), "do not fall on fractions"),
        (Grid("south", 10, 10, 50.0, 19_200.0, 0.0), "sticks out"),
        (Grid("north", 10, 10, 50.0, 0.0, 0.0), "at the north pole"),
    ],
)
def test_a_grid_that_does_not_fit_the_coarse_cells_is_refused_with_the_remedy(grid, what):
    with pytest.raises(GridError, match=f"{what}.*terrain.fine_grid"):
        refine(coarse(), grid, rng())


def test_settings_out_of_bounds_are_refused_by_name():
    with pytest.raises(InputError, match="hurst is 1.5; give 0.3 to 1"):
        RefineSettings(hurst=1.5)
    with pytest.raises(InputError, match="slope_baseline_m is nan; give 0.1 or more"):
        RefineSettings(slope_baseline_m=float("nan"))


def test_nested_puts_the_coarser_terrain_outside_everything():
    near, middle, far = (
        Terrain(Grid.centred("south", 0.0, 0.0, 4, cell), np.zeros((4, 4), np.float32)) for cell in (5.0, 100.0, 1600.0)
    )
    assert [t.grid.cell_m for t in nested(nested(near, middle), far).levels()] == [5.0, 100.0, 1600.0]
    with pytest.raises(GridError, match="put the coarser one outside"):
        nested(far, near)
