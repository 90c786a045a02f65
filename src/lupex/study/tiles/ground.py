"""The ground under and around one tile, at any size of DEM: fine near, ever coarser farther away.

A tile's skyline needs the ground out to 250 km, but not its every cell. Around the tile stand levels: the DEM's own
cells, then means of 2 x 2, 4 x 4, ... of them, each used from where its cells look as small as those of the level
before did, then the same of every DEM nested around it, then the cap of the package. The means are computed once for
all tiles.
"""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from lupex.base.errors import InputError
from lupex.io import DemWindows, TileStore, default_terrain, dem_windows
from lupex.model import Grid, Terrain
from lupex.study.ground import check_nesting, check_windows, far_names, no_far_around_the_cap

Box = tuple[int, int, int, int]
"""First row, first column, rows, columns."""

SPLINE_MARGIN = 12
"""Source cells beyond a window that still move a cubic spline inside it, by 1e-7 of their height at most."""
MOST_LEVELS = 6


@dataclass(frozen=True)
class TileGround:
    """A DEM, or the default cap, on the grid that is worked on; small and picklable.

    Attributes:
        grid: of the whole DEM, at the cell size worked with.
        windows: the file, None for the default cap.
        source: the grid of the DEM itself, when ``grid`` is finer and heights are interpolated between its cells.
        far: the files nested around it, from the finest to the coarsest.
        with_cap: whether the default cap stands around them all.
    """

    grid: Grid
    windows: DemWindows | None = None
    source: Grid | None = None
    far: tuple[DemWindows, ...] = ()
    with_cap: bool = True

    @property
    def interpolated_from_m(self) -> float | None:
        """Cell size of the measured heights that were interpolated; None when none were."""
        return None if self.source is None else self.source.cell_m

    @property
    def synthetic_below_m(self) -> float | None:
        """As in Terrain."""
        return None if self.windows is None else self.windows.synthetic_below_m

    def cap(self) -> Terrain | None:
        """The default cap around a DEM of the user's with finer cells; the cap itself under an interpolated one."""
        cap = _cap(self.grid.pole)
        return cap if self.with_cap and cap.grid.cell_m > self.grid.cell_m else None

    def rings(self) -> "tuple[TileGround, ...]":
        """This ground and every DEM nested around it, finest first, each by itself."""
        return self, *(TileGround(one.grid, one, with_cap=self.with_cap) for one in self.far)

    def read(self, box: Box) -> NDArray[np.float32]:
        """Heights (row, col) in metres of a box of ``grid``; NaN without data. Raises InputError as the file does."""
        window = self.grid.crop(*box)
        return self._stored(window) if self.source is None else _interpolated(self._stored, self.source, window)

    def _stored(self, window: Grid) -> NDArray[np.float32]:
        if self.windows is not None:
            return self.windows.read(window)
        cap = _cap(self.grid.pole)
        row = round((cap.grid.top_m - window.top_m) / cap.grid.cell_m)
        col = round((window.left_m - cap.grid.left_m) / cap.grid.cell_m)
        return cap.elevation_m[row : row + window.rows, col : col + window.cols]


def tile_ground(
    dem: str, pole: str, cell_m: float | None = None, check: str = "refuse", far: Sequence[str] = ()
) -> TileGround:
    """The ground of a DEM on the grid that is worked on, with what is nested around it.

    Args:
        dem: 'default' or a file.
        pole: 'south' or 'north', of the default cap.
        cell_m: finer cells (m), between which heights are interpolated; None for the DEM's own.
        check: what happens when a file contradicts the cap, see `lupex.study.ground.check_agreement`.
        far: DEMs around it as in [terrain] far_dem, from the finest to the coarsest; 'none' among them: no cap.

    Raises InputError when ``cell_m`` is not finer than the DEM, or a DEM cannot be used.
    """
    files, with_cap = far_names(far)
    if dem == "default":
        no_far_around_the_cap(files)
        return _finer(TileGround(_cap(pole).grid), cell_m)
    levels = [dem_windows(name) for name in (dem, *files)]
    check_nesting([level.grid for level in levels], files)
    for level in levels:
        check_windows(level, check)
    return _finer(TileGround(levels[0].grid, levels[0], far=tuple(levels[1:]), with_cap=with_cap), cell_m)


def _finer(ground: TileGround, cell_m: float | None) -> TileGround:
    own = ground.grid
    if cell_m is None or cell_m == own.cell_m:
        return ground
    if not own.cell_m / 64.0 <= cell_m < own.cell_m:
        raise InputError(
            f"cells of {cell_m:g} m from a DEM with {own.cell_m:g} m",
            f"give {own.cell_m / 64.0:g} to {own.cell_m:g} m: lupex interpolates, it does not average here",
        )
    rows, cols = (int(n * own.cell_m / cell_m + 1e-6) for n in own.shape)
    return replace(ground, grid=Grid(own.pole, rows, cols, cell_m, own.left_m, own.top_m), source=own)


@dataclass(frozen=True)
class Surroundings:
    """How far each level reaches around a tile.

    Attributes:
        near_cells: a level gives way to the next where the next one's cells are this many times farther away than
            they are wide.
        radius_m: beyond it nothing is searched.
    """

    near_cells: int
    radius_m: float

    def reaches_m(self, ground: TileGround) -> list[float]:
        """Distance (m) from a tile's edge to which each level is read, own cells first; the cap follows.

        Args:
            ground: with its levels.
        """
        cap = ground.cap()
        coarsest_m = math.inf if cap is None else cap.grid.cell_m
        reaches = []
        for level in range(MOST_LEVELS + 1):
            coarser_m = min(ground.grid.cell_m * 2.0 ** (level + 1), coarsest_m)
            last = level == MOST_LEVELS or coarser_m == coarsest_m
            reach_m = self.radius_m if last and cap is None else self.near_cells * coarser_m
            reaches.append(min(reach_m, self.radius_m))
            if last or reach_m >= self.radius_m:
                break
        return reaches


def tile_terrain(ground: TileGround, box: Box, around: Surroundings, levels: TileStore) -> Terrain:
    """The terrain of a box of the ground with all that surrounds it.

    Where two DEMs show the same ground the inner one is taken, as in `lupex.study.ground.nested`: its means stand
    before the cells of the next.

    Args:
        box: of the ground's grid.
        around: how far each level is read.
        levels: holds the means, see `block_means`.

    Raises InputError as the DEM's file does.
    """
    inner, far = ground.grid.crop(*box), ground.cap()
    for number, ring in reversed(list(enumerate(ground.rings()))):
        reaches_m = around.reaches_m(ring)
        for level in range(len(reaches_m) - 1, 0, -1):
            name = level_name(level, number)
            grid = level_grid(ring.grid, level)
            part = cells_around(grid, inner, reaches_m[level])
            if min(part[2:]) >= 2:
                far = Terrain(grid.crop(*part), _cut(levels.mapped(name, levels.noted(name)), part), far)
        part = cells_around(ring.grid, inner, reaches_m[0])
        if min(part[2:]) >= 2 or number == 0:
            far = Terrain(ring.grid.crop(*part), ring.read(part), far, ring.synthetic_below_m)
    assert far is not None
    row, col = (
        round(offset / inner.cell_m) for offset in (far.grid.top_m - inner.top_m, inner.left_m - far.grid.left_m)
    )
    return far.crop(row, col, inner.rows, inner.cols)


def level_grid(grid: Grid, level: int) -> Grid:
    """The grid of means over 2^level cells: whole blocks from the upper left corner on."""
    block = 2**level
    return Grid(grid.pole, max(1, grid.rows // block), max(1, grid.cols // block), grid.cell_m * block, grid.left_m,
                grid.top_m)  # fmt: skip


def level_name(level: int, ring: int = 0) -> str:
    """Name of a level of means in the store of levels; ``ring`` counts the DEMs from the innermost."""
    return f"level{level}" if ring == 0 else f"far{ring}-level{level}"


def block_means(heights: NDArray[np.float32], levels: int) -> list[NDArray[np.float32]]:
    """Means over blocks of 2, 4, ... 2^levels cells, rest rows and columns left out; NaN where all are.

    A block with some heights unknown is the mean of the others.
    """
    found = []
    values = heights.astype(np.float64)
    weight = np.isfinite(values).astype(np.float64)
    values = np.nan_to_num(values) * weight
    for _ in range(levels):
        values, weight = _pairs(values), _pairs(weight)
        with np.errstate(invalid="ignore"):
            found.append((values / np.where(weight > 0.0, weight, np.nan)).astype(np.float32))
    return found


def _pairs(values: NDArray[np.float64]) -> NDArray[np.float64]:
    rows, cols = values.shape[0] // 2, values.shape[1] // 2
    return np.asarray(values[: 2 * rows, : 2 * cols].reshape(rows, 2, cols, 2).sum(axis=(1, 3)))


def cells_around(grid: Grid, inner: Grid, reach_m: float) -> Box:
    """The box of cells of ``grid`` within ``reach_m`` (m) of ``inner``, clipped to the grid; a row or column of it at
    least."""
    cell = grid.cell_m
    top = min(max(math.floor((grid.top_m - inner.top_m - reach_m) / cell), 0), grid.rows - 1)
    left = min(max(math.floor((inner.left_m - reach_m - grid.left_m) / cell), 0), grid.cols - 1)
    bottom = min(max(math.ceil((grid.top_m - inner.bottom_m + reach_m) / cell), top + 1), grid.rows)
    right = min(max(math.ceil((inner.right_m + reach_m - grid.left_m) / cell), left + 1), grid.cols)
    return top, left, bottom - top, right - left


def _cut(values: NDArray[np.float32], box: Box) -> NDArray[np.float32]:
    return np.ascontiguousarray(values[box[0] : box[0] + box[2], box[1] : box[1] + box[3]])


def _interpolated(stored: Any, source: Grid, window: Grid) -> NDArray[np.float32]:
    """A cubic spline through the stored heights, exact at their cells; unknown where the nearest one is."""
    part = cells_around(source, window, SPLINE_MARGIN * source.cell_m)
    grid = source.crop(*part)
    heights = stored(grid).astype(np.float64)
    known = np.isfinite(heights)
    if not known.any():
        return np.full(window.shape, np.nan, np.float32)
    if not known.all():
        nearest = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
        heights = heights[tuple(nearest)]
    row = np.clip((grid.top_m - window.y_m()) / grid.cell_m - 0.5, 0.0, grid.rows - 1.0)
    col = np.clip((window.x_m() - grid.left_m) / grid.cell_m - 0.5, 0.0, grid.cols - 1.0)
    coefficients = ndimage.spline_filter(heights, order=3, mode="mirror")
    # A spline is a product of its two directions: columns first, then rows, costs far less than both at once.
    across = _spline_matrix(col, grid.cols)
    down = _spline_matrix(row, grid.rows)
    fine = np.asarray(down @ (across @ coefficients.T).T)
    fine[~known[np.ix_(np.rint(row).astype(int), np.rint(col).astype(int))]] = np.nan
    return fine.astype(np.float32)


def _spline_matrix(at: NDArray[np.float64], count: int) -> Any:
    """Sparse (at.size, count): cubic B-spline weights of mirrored coefficients at fractional indices ``at``."""
    from scipy import sparse

    base = np.floor(at).astype(int)
    t = at - base
    weights = ((1 - t) ** 3 / 6, (3 * t**3 - 6 * t**2 + 4) / 6, (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6, t**3 / 6)
    columns = []
    for shift in (-1, 0, 1, 2):
        index = np.abs(base + shift)
        columns.append(np.where(index > count - 1, np.maximum(2 * (count - 1) - index, 0), index))
    rows = np.tile(np.arange(at.size), 4)
    return sparse.csr_array((np.concatenate(weights), (rows, np.concatenate(columns))), shape=(at.size, count))


@functools.cache
def _cap(pole: str) -> Terrain:
    return default_terrain("north" if pole == "north" else "south")
