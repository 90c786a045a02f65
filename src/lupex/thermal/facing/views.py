"""Light and heat that cells of a map send each other: view factors, and what is received of a radiosity.

Method, errors and tests: docs/theory/temperature.md.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked
from lupex.base.running import Running
from lupex.base.threads import over_rows
from lupex.kernels.heat import facing as kernel
from lupex.model import Grid

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]

SIXTHS = (0.0, 1 / 6, 1 / 3, 1 / 2, 2 / 3, 5 / 6, 1.0)


@numbers_checked
@dataclass(frozen=True)
class ViewSettings:
    """How view factors are computed.

    Attributes:
        sectors: rays around each cell.
        cuts: where a sector's view is parted, as shares counted from the skyline down; None keeps every piece of
            ground for itself (exact on the grid, for small maps).
        growth: a ray's step over its length, one cell at least.
        block: what is received is the mean over blocks of block x block cells, whose rays stand between each other's.
    """

    sectors: int = 48
    cuts: tuple[float, ...] | None = SIXTHS
    growth: float = 0.02
    block: int = 1

    def __post_init__(self) -> None:
        if not (4 <= self.sectors <= 720 and 0.0 <= self.growth <= 0.5 and 1 <= self.block <= 16):
            raise InputError(
                "view factors: sectors, growth or block out of bounds",
                "use 4 to 720 sectors, growth 0 to 0.5, blocks of 1 to 16 cells",
            )
        if self.cuts is not None and (
            len(self.cuts) < 2 or self.cuts[0] != 0.0 or self.cuts[-1] != 1.0 or np.any(np.diff(self.cuts) <= 0.0)
        ):
            raise InputError("view factors: cuts must rise from 0 to 1", "use (0, 0.25, 0.5, 0.75, 1)")


EXACT = ViewSettings(sectors=96, cuts=None, growth=0.0)
"""Every piece of ground on 96 rays: exact on the grid but for the width of the sectors."""


@dataclass(frozen=True, eq=False)
class Views:
    """What each cell faces.

    Attributes:
        shape: of the map; cells are counted row by row.
        starts: (block + 1,) where each block's pieces begin in ``index`` and ``share``.
        index: places in the pyramid of means of the map; share: view factors.
        levels: (level, 2) rows and columns of the pyramid; the first is the map itself.
        area_m2: (cell,) of the sloping ground.
        block: cells to the edge of a block; 1: blocks are cells.
    """

    shape: tuple[int, int]
    starts: NDArray[np.int64]
    index: NDArray[np.int32]
    share: F32
    levels: NDArray[np.int64]
    area_m2: F64
    block: int = 1

    @property
    def terrain_view(self) -> F64:
        """(block,) share of each block's view that is ground of the map; the rest is sky or beyond."""
        ends = np.concatenate([[0.0], np.cumsum(self.share, dtype=np.float64)])
        return np.asarray(ends[self.starts[1:]] - ends[self.starts[:-1]])

    def received(self, radiosity: F32 | F64, balance: bool = True, running: Running = Running()) -> F64:
        """What each block receives (block, k) W/m2 of the radiosity (cell, k) of all.

        Args:
            radiosity: (cell, k) W/m2 that leaves each cell of the map, row by row.
            balance: scale each column so that what is received in all is what is sent to ground in all. The means of
                the pyramid mix a crater's wall with ground outside its rim; this takes most of that error away.
        """
        sent = np.asarray(radiosity, np.float64) if self.block == 1 else np.asarray(radiosity, np.float32)
        places = self._pyramid(sent)
        rows, cols = (size // self.block for size in self.shape)
        out = np.zeros((rows * cols, sent.shape[1]), np.float32)

        def work(first: int, last: int) -> None:
            kernel.gather(first * cols, last * cols, self.starts, self.index, self.share, places, out)

        over_rows(work, rows, running)
        got = out.astype(np.float64)
        if balance:
            weight = self.area_m2 * self.spread(self.terrain_view)
            to_ground = weight @ sent if self.block == 1 else self._summed(weight, sent)
            arriving = self._block_area_m2() @ got
            got *= np.where(arriving > 0.0, to_ground / np.maximum(arriving, 1e-300), 1.0)
        return got

    def spread(self, values: F32 | F64) -> F32 | F64:
        """(cell, ...) of values of blocks (block, ...): each cell has that of its block."""
        if self.block == 1:
            return values
        rows, cols = (size // self.block for size in self.shape)
        laid = values.reshape(rows, cols, *values.shape[1:])
        return laid.repeat(self.block, axis=0).repeat(self.block, axis=1).reshape(-1, *values.shape[1:])

    def _block_area_m2(self) -> F64:
        if self.block == 1:
            return self.area_m2
        rows, cols = (size // self.block for size in self.shape)
        return np.asarray(self.area_m2.reshape(rows, self.block, cols, self.block).sum(axis=(1, 3)).ravel())

    def _summed(self, weight: F64, values: F32 | F64) -> F64:
        """(k,) sums over all cells: row by row in single precision, then in double."""
        laid = weight.reshape(self.shape).astype(np.float32)
        rows = np.einsum("rc,rck->rk", laid, values.reshape(*self.shape, -1))
        return np.asarray(rows.sum(axis=0, dtype=np.float64))

    def _pyramid(self, values: F32 | F64) -> F32:
        k = values.shape[1]
        level = values.reshape(*self.shape, k).astype(np.float32, copy=False)
        parts = [level.reshape(-1, k)]
        for rows, cols in self.levels[1:]:
            padded = np.zeros((2 * rows, 2 * cols, k), np.float32)
            padded[: level.shape[0], : level.shape[1]] = level
            padded[level.shape[0] :] = padded[level.shape[0] - 1 : level.shape[0]]
            padded[:, level.shape[1] :] = padded[:, level.shape[1] - 1 : level.shape[1]]
            upper, lower = padded[::2], padded[1::2]
            level = (upper[:, ::2] + upper[:, 1::2] + lower[:, ::2] + lower[:, 1::2]) * np.float32(0.25)
            parts.append(level.reshape(-1, k))
        return np.concatenate(parts)


def view_factors(
    grid: Grid,
    elevation_m: F64,
    normals: F64,
    settings: ViewSettings = ViewSettings(),
    running: Running = Running(),
) -> Views:
    """What each cell of a map faces, by rays over its heights.

    Args:
        grid: of the map.
        settings: rays around each cell, and how the view of each ray is parted.
        elevation_m: (row, col), NaN where unknown; normals: (row, col, 3) of the ground along the map's x, y and up.

    Raises InputError when a cell would face more than 2e9 pieces in all, or when blocks do not part the map evenly.
    """
    rows, cols = grid.shape
    if rows % settings.block or cols % settings.block:
        raise InputError(f"view factors: {rows} x {cols} cells in blocks of {settings.block}", "cut the map to blocks")
    known = np.isfinite(elevation_m) & np.isfinite(normals).all(axis=2)
    height = np.where(known, elevation_m, 10.0 * kernel.VOID_M)
    normals = np.where(known[:, :, None], normals, np.array([0.0, 0.0, 1.0]))
    cell_m = ground_cell_m(grid)
    levels = [(rows, cols)]
    while settings.cuts is not None and min(levels[-1]) > 1:
        levels.append((-(-levels[-1][0] // 2), -(-levels[-1][1] // 2)))
    sizes = np.array(levels, np.int64)
    offsets = np.concatenate([[0], np.cumsum(sizes.prod(axis=1))])[:-1]
    cuts = np.array(settings.cuts if settings.cuts is not None else np.linspace(0.0, 1.0, 4097))
    top = float(height.max())
    starts = np.zeros(rows * cols + 1, np.int64)
    common = (height, cell_m, normals, MOON_RADIUS_M, settings.sectors, settings.block, settings.growth, top)

    def count(first: int, last: int) -> None:
        kernel.count_views(first, last, *common, cuts.size - 1, starts)

    over_rows(count, rows, running, "view factors, first pass")
    starts = np.cumsum(starts)
    if starts[-1] > 2_000_000_000:
        raise InputError(f"view factors: {starts[-1]:.2g} pieces of ground", "use fewer sectors, cuts or cells")
    index, share = np.zeros(starts[-1], np.int32), np.zeros(starts[-1], np.float32)

    def fill(first: int, last: int) -> None:
        kernel.fill_views(first, last, *common, cuts, starts, offsets, sizes, index, share)

    over_rows(fill, rows, running, "view factors")
    area = (cell_m**2 / normals[:, :, 2]).ravel()
    views = Views((rows, cols), starts, index, share, sizes, np.where(known.ravel(), area, 0.0))
    return views if settings.block == 1 else _by_block(views, settings.block)


def _by_block(views: Views, block: int) -> Views:
    """What blocks face, of what their cells do: the mean."""
    rows, cols = (size // block for size in views.shape)
    cells = np.arange(views.starts.size - 1).reshape(rows, block, cols, block).transpose(0, 2, 1, 3).ravel()
    count = np.diff(views.starts)[cells]
    ends = np.cumsum(count)
    places = np.arange(ends[-1]) + np.repeat(views.starts[cells] - (ends - count), count)
    starts = np.concatenate([[0], ends[block**2 - 1 :: block**2]])
    share = views.share[places] / np.float32(block**2)
    return replace(views, starts=starts, index=views.index[places], share=share, block=block)


def ground_cell_m(grid: Grid) -> F64:
    """(row, col) edge of each cell on the ground: the map's divided by its scale."""
    x, y = grid.x_m(), grid.y_m()
    return np.asarray(grid.cell_m / (1.0 + (x[None, :] ** 2 + y[:, None] ** 2) / (4.0 * MOON_RADIUS_M**2)))


def scattered(direct: F32 | F64, albedo: float, views: Views, bounces: int = 2, running: Running = Running()) -> F64:
    """Light (block, k) W/m2 that reaches each block from other ground, of what that reflects of direct light.

    Args:
        direct: direct sunlight that each cell reflects (cell, k), W/m2.
        albedo: of light from all sides.
        views: view factors between the cells.
        bounces: reflections followed; what is left out is below (albedo times view) to that power, 1e-3 for 2.
    """
    got = views.received(direct, running=running)
    for _ in range(bounces - 1):
        got = views.received(direct + views.spread(albedo * got), running=running)
    return got


def exchanged(emitted: F32 | F64, emissivity: float, views: Views, running: Running = Running()) -> F64:
    """Infrared (block, k) W/m2 that reaches each block from other ground of the emission ``emitted`` (cell, k).

    The few per cent that ground reflects are added as if cells in view of each other saw alike.

    Args:
        emitted: (cell, k) W/m2; emissivity: of the ground; views: view factors between the cells.
    """
    got = views.received(emitted, running=running)
    return np.asarray(got / (1.0 - (1.0 - emissivity) * views.terrain_view[:, None]))
