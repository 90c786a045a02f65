"""Skylines of the ground inside the cells of a coarse map: the relief below the cell as a population of grounds.

A smooth cell of 1600 m has no crest and no crater of its own, so it sees too much sky. What the relief below the cell
adds to a skyline is learnt from windows of the map that are refined and swept like any ground, and carried to every
cell by what decides it: how far the cell's skyline stands above the cell's own rise in that direction.
See docs/theory/below_the_cell.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F32
from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked
from lupex.base.running import Running
from lupex.base.threads import over_rows
from lupex.kernels.skyline.below_cell import add_relief
from lupex.model import Grid, HorizonMap, Terrain
from lupex.terrain.refine import PUBLISHED, refine
from lupex.terrain.roughness_law import RefineSettings
from lupex.terrain.skyline import SkylineSettings, horizon_map

NODES = 12
LEVELS = 64
FEWEST_AZIMUTHS = 72
"""Grounds are looked at every 5 degrees: a mean over the sky needs no finer skyline (the cells' own keep theirs)."""


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class BelowCellSettings:
    """How the grounds of cells are sampled.

    Attributes:
        windows_across: windows stand in so many rows and columns over the map, one at random in each part.
        core_cells: side of a window's middle, in cells, from which grounds are taken.
        margin_cells: refined ground around it.
        ground_cell_m: cells of the refined ground.
        stride: of the grounds taken, in those cells.
        relief: statistics of the relief.
    """

    windows_across: int = 4
    core_cells: int = 3
    margin_cells: int = 3
    ground_cell_m: float = 100.0
    stride: int = 3
    relief: RefineSettings = PUBLISHED

    @property
    def window_cells(self) -> int:
        """Side of a window in cells of the coarse map."""
        return self.core_cells + 2 * self.margin_cells


@dataclass(frozen=True, eq=False, kw_only=True)
class BelowCell:
    """What the relief below the cell adds to the skylines of a map.

    Attributes:
        over_deg: (node,) how far a skyline stands above the cell's own rise.
        added_deg: (node, level) what the ground adds to the skyline there, at evenly spaced ranks.
        ranks: (ground, azimuth) uint8 rank of each sampled ground in each azimuth, from the openest ground to the
            deepest pit.
        stride: of the azimuths of the map's skylines at which grounds are known.
    """

    over_deg: F32
    added_deg: F32
    ranks: NDArray[np.uint8]
    stride: int


def fits(terrain: Terrain, settings: BelowCellSettings = BelowCellSettings()) -> bool:
    """Whether a map is coarse enough to have a ground below its cells, and large enough to sample it.

    Args:
        terrain: the map. settings: of the samples.
    """
    return terrain.grid.cell_m >= 2.0 * settings.ground_cell_m and min(terrain.grid.shape) >= settings.window_cells + 2


def below_cell(
    terrain: Terrain,
    horizons: HorizonMap,
    rng: np.random.Generator,
    settings: BelowCellSettings = BelowCellSettings(),
    running: Running = Running(),
) -> BelowCell:
    """What synthetic relief below the cells adds to the skylines of a map, learnt from refined windows of it.

    Args:
        terrain: the coarse map. horizons: of its smooth cells.
        rng: places of the windows, and a relief of its own for each.
        settings: number and size of the windows.
        running: threads.

    Raises InputError for a map too small or too fine to be sampled, or without known cells in the windows.
    """
    grid = terrain.grid
    if not fits(terrain, settings):
        raise InputError(
            f"ground below the cells: a map of {grid.rows} x {grid.cols} cells of {grid.cell_m:g} m",
            f"give {settings.window_cells + 2} cells or more on each side, of {2 * settings.ground_cell_m:g} m or more",
        )
    stride = azimuth_stride(horizons.azimuths_pencil_deg.size)
    rise = rises(terrain)
    over, added = [], []
    quiet = Running(running.workers)
    for row in range(settings.windows_across):
        for col in range(settings.windows_across):
            one = _window(terrain, horizons, rise, rng, (row, col), settings, stride, quiet)
            if one is not None:
                over.append(one[0])
                added.append(one[1])
            running.progress(row * settings.windows_across + col + 1, settings.windows_across**2, "ground below cells")
    if not over:
        raise InputError("ground below the cells: no window of the map has heights", "choose a region with data")
    return _sorted(np.concatenate(over, axis=1), np.concatenate(added, axis=1), stride)


def ground_horizons(
    terrain: Terrain, horizons: HorizonMap, below: BelowCell, part: tuple[int, int], rng: np.random.Generator,
    running: Running = Running(),
) -> HorizonMap:  # fmt: skip
    """Skylines of one ground in every cell, drawn at random from one part of the population.

    Args:
        terrain: the coarse map. horizons: of its smooth cells.
        below: what the relief adds.
        part: number and count: the population, sorted from the openest ground to the deepest pit, is cut into
            ``count`` equal parts; a mean over one ground of each is the expectation over all.
        rng: which ground of the part each cell takes.
        running: threads.
    """
    number, count = part
    grounds = below.ranks.shape[0]
    low, high = number * grounds // count, (number + 1) * grounds // count
    which = rng.integers(low, max(high, low + 1), terrain.grid.shape)
    coarse = np.ascontiguousarray(horizons.counts[:: below.stride])
    azimuths = horizons.azimuths_pencil_deg[:: below.stride]
    rise_x, rise_y = rises(terrain)
    angle = np.radians(azimuths)
    cosine, sine = np.cos(angle), np.sin(angle)
    out = np.empty(coarse.shape, np.int16)

    def work(first: int, last: int) -> None:
        add_relief(coarse, first, last, HorizonMap.UNIT_DEG, rise_x, rise_y, cosine, sine, below.over_deg,
                   below.added_deg, below.ranks, which, out)  # fmt: skip

    over_rows(work, terrain.grid.rows, Running(running.workers))
    return HorizonMap(
        grid=terrain.grid,
        azimuths_pencil_deg=azimuths,
        counts=out,
        observer_height_m=horizons.observer_height_m,
        search_radius_m=horizons.search_radius_m,
        synthetic_below_m=terrain.grid.cell_m,
    )


def azimuth_stride(azimuths: int) -> int:
    """How many azimuths of a map's skylines go on one of its grounds: the most that leave 72, and a multiple of 4."""
    fitting = [n for n in range(1, azimuths // 4 + 1) if azimuths % (4 * n) == 0 and azimuths // n >= FEWEST_AZIMUTHS]
    return max(fitting, default=1)


def rises(terrain: Terrain) -> tuple[F32, F32]:
    """Rise of the smooth cells per metre along the map's +x and +y, over two cells; 0 beside cells without height."""
    down, right = np.gradient(terrain.elevation_m.astype(np.float64), terrain.grid.cell_m)
    return np.asarray(np.nan_to_num(right), np.float32), np.asarray(np.nan_to_num(-down), np.float32)


def _window(
    terrain: Terrain, horizons: HorizonMap, rise: tuple[F32, F32], rng: np.random.Generator, at: tuple[int, int],
    settings: BelowCellSettings, stride: int, running: Running,
) -> tuple[F32, F32] | None:  # fmt: skip
    """Skyline over the cell's own rise, and what the ground adds (azimuth, ground), of one window; None in a gap."""
    grid, side = terrain.grid, settings.window_cells
    row, col = (
        int((place + rng.random()) / settings.windows_across * (cells - side))
        for place, cells in zip(at, grid.shape, strict=True)
    )
    ratio = round(grid.cell_m / settings.ground_cell_m)
    part = grid.crop(row, col, side, side)
    fine = Grid(grid.pole, side * ratio, side * ratio, grid.cell_m / ratio, part.left_m, part.top_m)
    seed = np.random.default_rng(int(rng.integers(0, 2**63)))
    if not np.isfinite(terrain.elevation_m[row : row + side, col : col + side]).all():
        return None
    ground = refine(terrain, fine, seed, settings.relief)
    azimuths = horizons.azimuths_pencil_deg[::stride]
    look = SkylineSettings(
        azimuths=azimuths.size,
        observer_height_m=horizons.observer_height_m,
        search_radius_m=horizons.search_radius_m,
    )
    swept = horizon_map(ground, look, running)
    taken = np.arange(settings.margin_cells * ratio + settings.stride // 2,
                      (settings.margin_cells + settings.core_cells) * ratio, settings.stride)  # fmt: skip
    own_row, own_col = (start + taken // ratio for start in (row, col))
    fine_deg = swept.counts[:, taken[:, None], taken[None, :]] * np.float32(HorizonMap.UNIT_DEG)
    cell_deg = horizons.counts[::stride][:, own_row[:, None], own_col[None, :]] * np.float32(HorizonMap.UNIT_DEG)
    angle = np.radians(azimuths)[:, None, None]
    rise_x, rise_y = (axis[own_row[:, None], own_col[None, :]] for axis in rise)
    own = np.degrees(rise_x * np.sin(angle) + rise_y * np.cos(angle))
    flat = (azimuths.size, -1)
    over, added = (cell_deg - own).reshape(flat), (fine_deg - cell_deg).reshape(flat)
    return np.asarray(over, np.float32), np.asarray(added, np.float32)


def _sorted(over: F32, added: F32, stride: int) -> BelowCell:
    """Quantiles of what is added at each node, and the ranks of every sampled ground, openest first."""
    # Equal steps fall together, as on a plain: fewer nodes then.
    edges = np.unique(np.quantile(over, np.linspace(0.0, 1.0, NODES + 1)))
    node = np.clip(np.searchsorted(edges, over, side="right") - 1, 0, max(edges.size - 2, 0))
    used = np.unique(node)
    middle = (np.arange(LEVELS) + 0.5) / LEVELS
    ranks = np.empty(over.shape, np.float32)
    levels = np.empty((used.size, LEVELS), np.float32)
    at = np.empty(used.size, np.float32)
    for number, this in enumerate(used):
        here = node == this
        values = added[here]
        levels[number] = np.quantile(values, middle)
        at[number] = np.median(over[here])
        order = np.empty(values.size, np.float32)
        order[np.argsort(values, kind="stable")] = np.arange(values.size)
        ranks[here] = order * (LEVELS / values.size)
    kept = np.argsort(ranks.mean(axis=0), kind="stable")
    whole = np.minimum(np.floor(ranks), LEVELS - 1).astype(np.uint8)
    return BelowCell(over_deg=at, added_deg=levels, ranks=np.ascontiguousarray(whole[:, kept].T), stride=stride)
