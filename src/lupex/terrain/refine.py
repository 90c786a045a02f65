"""A finer terrain from a coarse one: exact block means, smooth in between, synthetic relief below the posts."""

from dataclasses import asdict, replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.digest import array_sha256, settings_sha256
from lupex.base.errors import GridError, InputError
from lupex.model import Grid, Terrain
from lupex.terrain.conserving import REACH, block_means, corner_gradient, smooth_means
from lupex.terrain.relief import octave
from lupex.terrain.roughness_law import Recipe, RefineSettings, cratered_surface, recipe

METHOD = "conserving quartic + B-spline octaves + craters, version 1"
"""Named in the digest: change it when the numbers change."""

PUBLISHED = RefineSettings()
"""Relief after the published statistics of the south polar region."""

SLOPE_SAMPLES = 4096
"""At most about this many slopes of the coarse terrain settle the strength of the relief."""


def refine(terrain: Terrain, grid: Grid, rng: np.random.Generator, settings: RefineSettings = PUBLISHED) -> Terrain:
    """``terrain`` on the finer ``grid``, with made-up relief below its post spacing.

    The mean over every coarse cell that ``grid`` covers is the coarse height (to float32); the
    slope statistics of the relief follow ``settings``; the gradient is continuous apart from crater
    rims. One number is drawn from ``rng``; the relief depends on it, on the coarse terrain, on the
    settings and on the absolute map position, not on the window, so overlapping windows agree.
    Cells in a coarse gap stay NaN.

    Returns a Terrain whose ``far`` is ``terrain``, whose ``synthetic_below_m`` is the coarse cell
    size (or what ``terrain`` itself says, when larger), and whose sha256 digests the recipe.

    Raises GridError when ``grid`` does not lie on whole fractions of coarse cells inside
    ``terrain`` (`fine_grid` makes one that does), InputError when there is no height to start from.
    """
    ratio, window = _aligned(terrain.grid, grid)
    key = int(rng.integers(0, 2**64, dtype=np.uint64))
    row, col, rows, cols = window
    margin = 2 * REACH
    heights, gaps = _filled(terrain, row - margin, col - margin, rows + 2 * margin, cols + 2 * margin)
    parts = recipe(_slopes(terrain), terrain.grid.cell_m, settings)
    blocks = Grid(
        grid.pole,
        rows * ratio,
        cols * ratio,
        grid.cell_m,
        terrain.grid.left_m + col * terrain.grid.cell_m,
        terrain.grid.top_m - row * terrain.grid.cell_m,
    )
    relief, means = _relief(key, parts, settings, blocks, ratio)
    inner = slice(REACH, -REACH)
    fine = smooth_means(heights[inner, inner] - means, ratio) + relief
    fine[np.repeat(np.repeat(gaps[margin:-margin, margin:-margin], ratio, axis=0), ratio, axis=1)] = np.nan
    skip_row, skip_col = (round(a / grid.cell_m) for a in (blocks.top_m - grid.top_m, grid.left_m - blocks.left_m))
    fine = fine[skip_row : skip_row + grid.rows, skip_col : skip_col + grid.cols]
    return _labelled(terrain, grid, fine, key, settings)


def fine_grid(coarse_grid: Grid, x_m: float, y_m: float, size_m: float, cell_m: float) -> Grid:
    """A grid for `refine` around map point (x, y): whole coarse cells, each divided a whole number of times.

    The side is ``size_m`` rounded up to coarse cells; the cell is the coarse cell over the nearest
    whole number to coarse / ``cell_m``. The point lies within half a coarse cell of the middle,
    or farther where the coarse grid ends. Raises GridError when it does not fit.

    Args:
        coarse_grid: the grid that will be refined.
        x_m, y_m: map point in the middle.
        size_m, cell_m: side and cell size asked for.
    """
    coarse = coarse_grid.cell_m
    if not (0.0 < cell_m <= coarse) or not (np.isfinite(size_m) and size_m > 0.0):
        raise GridError(
            f"fine grid: {size_m:g} m across with cells of {cell_m:g} m",
            f"give a positive size and a cell of at most {coarse:g} m, the coarse cell",
        )
    if not coarse_grid.contains(x_m, y_m):
        raise GridError(f"fine grid: x {x_m:.0f} m, y {y_m:.0f} m lies off the coarse terrain", "choose a place on it")
    ratio = round(coarse / cell_m)
    count = int(np.ceil(size_m / coarse - 1e-9))
    if count > min(coarse_grid.shape):
        raise GridError(
            f"fine grid: {size_m:g} m is wider than the coarse terrain ({min(coarse_grid.shape) * coarse:g} m)",
            "ask for a smaller window",
        )
    col = round((x_m - coarse_grid.left_m) / coarse - count / 2.0)
    row = round((coarse_grid.top_m - y_m) / coarse - count / 2.0)
    col, row = min(max(col, 0), coarse_grid.cols - count), min(max(row, 0), coarse_grid.rows - count)
    return Grid(
        coarse_grid.pole,
        count * ratio,
        count * ratio,
        coarse / ratio,
        coarse_grid.left_m + col * coarse,
        coarse_grid.top_m - row * coarse,
    )


def nested(fine: Terrain, far: Terrain) -> Terrain:
    """``fine`` with ``far`` attached beyond its coarsest level.

    Raises GridError when the poles differ or ``far`` is finer than that level.
    """
    if fine.far is not None:
        return replace(fine, far=nested(fine.far, far))
    if far.grid.cell_m < fine.grid.cell_m:
        raise GridError(
            f"nested terrain: the far terrain has cells of {far.grid.cell_m:g} m, the near one {fine.grid.cell_m:g} m",
            "put the coarser one outside",
        )
    return replace(fine, far=far)


def _aligned(coarse: Grid, fine: Grid) -> tuple[int, tuple[int, int, int, int]]:
    """Fine cells per coarse cell, and the coarse cells touched as (row, col, rows, cols)."""
    hint = "make the grid with terrain.fine_grid"
    if coarse.pole != fine.pole:
        raise GridError(f"refine: the grid is at the {fine.pole} pole, the terrain at the {coarse.pole}", hint)
    ratio = round(coarse.cell_m / fine.cell_m)
    if ratio < 1 or abs(coarse.cell_m / fine.cell_m - ratio) > 1e-9 * max(ratio, 1):
        raise GridError(f"refine: cells of {fine.cell_m:g} m do not divide cells of {coarse.cell_m:g} m", hint)
    left, top = (fine.left_m - coarse.left_m) / fine.cell_m, (coarse.top_m - fine.top_m) / fine.cell_m
    if max(abs(left - round(left)), abs(top - round(top))) > 1e-6:
        raise GridError("refine: the grid's edges do not fall on fractions of the coarse cells", hint)
    col, row = round(left) // ratio, round(top) // ratio
    last_col, last_row = -(-(round(left) + fine.cols) // ratio), -(-(round(top) + fine.rows) // ratio)
    if col < 0 or row < 0 or last_col > coarse.cols or last_row > coarse.rows:
        raise GridError("refine: the grid sticks out of the coarse terrain", hint)
    return ratio, (row, col, last_row - row, last_col - col)


def _filled(terrain: Terrain, row: int, col: int, rows: int, cols: int) -> tuple[F64, NDArray[np.bool_]]:
    """A window of heights, beyond the map the nearest on it, gaps filled with the nearest known; and the gaps."""
    height, width = terrain.grid.shape
    z = terrain.elevation_m[
        np.clip(np.arange(row, row + rows), 0, height - 1)[:, None],
        np.clip(np.arange(col, col + cols), 0, width - 1)[None, :],
    ].astype(np.float64)
    gaps = ~np.isfinite(z)
    if gaps.all():
        raise InputError("refine: the coarse terrain has no height here", "choose a place with data")
    if gaps.any():
        from scipy.ndimage import distance_transform_edt

        nearest = distance_transform_edt(gaps, return_distances=False, return_indices=True)
        z = z[tuple(nearest)]
    return z, gaps


def _slopes(terrain: Terrain) -> F64:
    """Slopes (rise over run) of the smooth coarse surface at evenly strided corners of its cells.

    A window of a wider terrain with the same cells takes the wider one's slopes, so that a crop
    refines like the whole.
    """
    terrain = [level for level in terrain.levels() if level.grid.cell_m == terrain.grid.cell_m][-1]
    z = np.pad(terrain.elevation_m.astype(np.float64), REACH, mode="edge")
    corners = (z.shape[0] - 3) * (z.shape[1] - 3)
    step = max(1, int(np.ceil(np.sqrt(corners / SLOPE_SAMPLES))))
    x = terrain.grid.left_m + np.arange(terrain.grid.cols + 1) * terrain.grid.cell_m
    y = terrain.grid.top_m - np.arange(terrain.grid.rows + 1) * terrain.grid.cell_m
    scale = 1.0 + (x[None, :] ** 2 + y[:, None] ** 2) / (4.0 * MOON_RADIUS_M**2)
    slope = np.hypot(*corner_gradient(z)) * scale / terrain.grid.cell_m
    return np.asarray(slope[::step, ::step])


def _relief(key: int, parts: Recipe, settings: RefineSettings, blocks: Grid, ratio: int) -> tuple[F64, F64]:
    """Relief on whole coarse cells, and its block means with `REACH` coarse cells more on each side."""
    border = REACH * ratio
    wide = Grid(
        blocks.pole,
        blocks.rows + 2 * border,
        blocks.cols + 2 * border,
        blocks.cell_m,
        blocks.left_m - border * blocks.cell_m,
        blocks.top_m + border * blocks.cell_m,
    )
    x, y = wide.x_m(), wide.y_m()
    surface = cratered_surface(key, parts.crater_density, parts.posts_m, settings, x, y, blocks.cell_m)
    means = block_means(surface, ratio)
    relief = surface[border:-border, border:-border].copy()
    number, lattice = 1, parts.posts_m / 2.0
    while lattice >= blocks.cell_m * (1.0 - 1e-9) and parts.octave_variance > 0.0:
        amplitude = np.sqrt(parts.octave_variance) * (lattice / parts.posts_m) ** parts.exponent
        relief += amplitude * octave(key, number, lattice, x[border:-border], y[border:-border])
        means += amplitude * octave(key, number, lattice, x, y, ratio)
        number, lattice = number + 1, lattice / 2.0
    return relief, means


def _labelled(terrain: Terrain, grid: Grid, fine: F64, key: int, settings: RefineSettings) -> Terrain:
    below = max(terrain.grid.cell_m, terrain.synthetic_below_m or 0.0)
    digest = settings_sha256(
        {
            "method": METHOD,
            "terrain": terrain.sha256 or array_sha256(terrain.elevation_m),
            "coarse_grid": asdict(terrain.grid),
            "grid": asdict(grid),
            "key": key,
            "settings": asdict(settings),
        }
    )
    base = terrain.source.split("; synthetic below")[0]
    return Terrain(
        grid, fine.astype(np.float32), terrain, below, f"{base}; synthetic below {below:g} m".lstrip("; "), digest
    )
