"""Does a DEM show the ground it claims to? Its block means against those of the map around it.

Units, scale, datum, orientation and place of a DEM are read from its file, and a file may be wrong in each. The ground
itself is known at 1600 m: a measured DEM follows it to a few metres in the mean (docs/theory/maps_and_dems.md).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.model import Grid, Terrain

Box = Callable[[int, int, int, int], F64]
"""Heights (row, col) of a window: first row, first column, rows, columns; NaN without data."""

MOST_BLOCKS = 400
MOST_CELLS = 128
"""Cells along a block's side; of finer ones every n-th row and column is taken."""
FEWEST_BLOCKS = 9
"""Fewer say nothing about scale and orientation."""
FLAT_M = 30.0
LARGEST_OFFSET_M = 60.0
NOTED_OFFSET_M = 10.0
SCALE = (0.85, 1.15)
_TURNS: dict[str, tuple[int, int, int, int]] = {
    "": (1, 0, 0, 1),
    "its rows are upside down": (1, 0, 0, -1),
    "its columns are mirrored": (-1, 0, 0, 1),
    "it is turned by 180 degrees": (-1, 0, 0, -1),
    "its rows and columns are exchanged": (0, -1, -1, 0),
    "its rows and columns are exchanged and turned": (0, 1, 1, 0),
    "it is turned by 90 degrees": (0, 1, -1, 0),
    "it is turned by 270 degrees": (0, -1, 1, 0),
}


@dataclass(frozen=True)
class Agreement:
    """How the block means of a DEM compare with those of the map around it.

    Attributes:
        blocks: how many were compared.
        offset_m: mean of DEM minus map.
        rms_m: spread of the differences about their mean.
        scale: slope of the DEM's means over the map's (1 is right); NaN where there is too little relief to tell.
        correlation: of the two; NaN likewise.
        relief_m: standard deviation of the map's means.
        cause: why the two cannot be one ground, '' when they agree.
    """

    blocks: int
    offset_m: float
    rms_m: float
    scale: float
    correlation: float
    relief_m: float
    cause: str = ""

    @property
    def note(self) -> str:
        """What a user should know of a DEM that is taken: an offset well above its uncertainty; '' for nothing."""
        doubt_m = 3.0 * self.rms_m / max(1.0, self.blocks) ** 0.5
        if self.cause or abs(self.offset_m) <= max(NOTED_OFFSET_M, doubt_m):
            return ""
        return f"its heights lie {self.offset_m:+.0f} m from the map around it (mean of {self.blocks} blocks)"


def agreement(grid: Grid, heights: Box, around: Terrain) -> Agreement | None:
    """How a DEM compares with coarser terrain, and the likely cause where it cannot show that ground.

    Args:
        grid: of the DEM.
        heights: reads windows of it (m).
        around: terrain that covers the same ground, on any grid of the same pole.

    Returns None where the two have no ground in common. The comparison is of means over blocks of whole cells of
    ``around``, also with the DEM flipped, mirrored and turned about its middle.
    """
    x, y, side, want = _blocks(grid, around)
    if not x.size:
        return _at_the_middle(grid, heights, around)
    found = _means(grid, heights, x, y, side, "")
    both = np.isfinite(found) & np.isfinite(want)
    if not both.any():
        return None
    x, y, want, found = x[both], y[both], want[both], found[both]
    plain = _compared(found, want)
    if _fits(plain):
        return plain
    return Agreement(*_numbers(plain), cause=_cause(plain, found, _best_turn(grid, heights, (x, y, side, want), plain)))


def _blocks(grid: Grid, around: Terrain) -> tuple[F64, F64, float, F64]:
    """Middles (m) of blocks of the map that lie inside the DEM, their side (m), and the map's means there."""
    g = around.grid
    cells = max(1, int(np.ceil(4.0 * grid.cell_m / g.cell_m)))
    side = cells * g.cell_m
    rows, cols = g.rows // cells, g.cols // cells
    z = around.elevation_m[: rows * cells, : cols * cells].astype(np.float64)
    means = z.reshape(rows, cells, cols, cells).mean(axis=(1, 3))
    y = g.top_m - side * (np.arange(rows) + 0.5)
    x = g.left_m + side * (np.arange(cols) + 0.5)
    half = 0.5 * side - 1e-6 * side
    rows_in = np.flatnonzero((y + half <= grid.top_m) & (y - half >= grid.bottom_m))
    cols_in = np.flatnonzero((x - half >= grid.left_m) & (x + half <= grid.right_m))
    step = max(1, int(np.ceil(np.sqrt(rows_in.size * cols_in.size / MOST_BLOCKS))))
    row, col = np.meshgrid(rows_in[::step], cols_in[::step], indexing="ij")
    return np.asarray(x[col]).ravel(), np.asarray(y[row]).ravel(), side, np.asarray(means[row, col]).ravel()


def _means(grid: Grid, heights: Box, x: F64, y: F64, side: float, turn: str) -> F64:
    """Means of the DEM over blocks, as they would be with its picture turned about the middle; NaN off it."""
    a, b, c, d = _TURNS[turn]
    x0, y0 = 0.5 * (grid.left_m + grid.right_m), 0.5 * (grid.bottom_m + grid.top_m)
    u, v = a * (x - x0) + b * (y - y0) + x0, c * (x - x0) + d * (y - y0) + y0
    n = max(1, round(side / grid.cell_m))
    rows = np.rint((grid.top_m - v - 0.5 * side) / grid.cell_m).astype(int)
    cols = np.rint((u - 0.5 * side - grid.left_m) / grid.cell_m).astype(int)
    found = np.full(x.shape, np.nan)
    step = -(-n // MOST_CELLS)
    for k, (row, col) in enumerate(zip(rows.tolist(), cols.tolist(), strict=True)):
        if 0 <= row <= grid.rows - n and 0 <= col <= grid.cols - n:
            part = heights(row, col, n, n)[::step, ::step]
            known = np.isfinite(part)
            if known.mean() > 0.8:
                found[k] = float(part[known].mean(dtype=np.float64))
    return found


def _compared(found: F64, want: F64) -> Agreement:
    difference = found - want
    relief, own = float(want.std()), float(found.std())
    scale = correlation = float("nan")
    if want.size >= FEWEST_BLOCKS and relief > 0.0 and own > 0.0:
        correlation = float(np.corrcoef(found, want)[0, 1])
        scale = correlation * own / relief
    return Agreement(want.size, float(difference.mean()), float(difference.std()), scale, correlation, relief)


def _fits(a: Agreement) -> bool:
    if abs(a.offset_m) > LARGEST_OFFSET_M or a.rms_m > max(40.0, 0.25 * a.relief_m):
        return False
    return a.relief_m < FLAT_M or not np.isfinite(a.scale) or SCALE[0] <= a.scale <= SCALE[1]


def _best_turn(grid: Grid, heights: Box, blocks: tuple[F64, F64, float, F64], plain: Agreement) -> str:
    """The turn under which the DEM follows the map; '' when none makes it clearly better."""
    x, y, side, want = blocks
    best, name = plain.rms_m, ""
    for turn in [t for t in _TURNS if t] if plain.blocks >= FEWEST_BLOCKS and plain.relief_m > FLAT_M else []:
        found = _means(grid, heights, x, y, side, turn)
        both = np.isfinite(found)
        if both.sum() >= max(FEWEST_BLOCKS, 0.5 * want.size):
            other = _compared(found[both], want[both])
            if other.correlation > 0.9 and other.rms_m < 0.5 * best:
                best, name = other.rms_m, turn
    return name


def _cause(a: Agreement, found: F64, turn: str) -> str:
    if turn:
        return turn
    follows = np.isfinite(a.correlation) and a.correlation > 0.9
    if follows and not SCALE[0] <= a.scale <= SCALE[1]:
        reason = "is the label with its scaling factor missing, or the unit wrong?"
        return f"its heights are {a.scale:.3g} times those of the map; {reason}"
    if a.blocks >= FEWEST_BLOCKS and float(found.std()) < 0.1 * a.relief_m:
        return f"it is flat (spread {float(found.std()):.3g} m) where the map has relief (spread {a.relief_m:.0f} m)"
    if abs(a.offset_m) > LARGEST_OFFSET_M and (follows or a.rms_m < max(40.0, 0.25 * a.relief_m)):
        return f"its heights lie {a.offset_m:+.0f} m from the map: another sphere, unit or offset?"
    measured = f"correlation {a.correlation:.2f}, " if np.isfinite(a.correlation) else ""  # too few blocks otherwise
    return (
        f"its heights do not follow the map ({measured}differences {a.offset_m:+.0f} m +- {a.rms_m:.0f} m): "
        "another place, projection or unit?"
    )


def _at_the_middle(grid: Grid, heights: Box, around: Terrain) -> Agreement | None:
    """For a DEM smaller than a block: its mean against the map interpolated at its middle."""
    g = around.grid
    x, y = 0.5 * (grid.left_m + grid.right_m), 0.5 * (grid.bottom_m + grid.top_m)
    col, row = (x - g.left_m) / g.cell_m - 0.5, (g.top_m - y) / g.cell_m - 0.5
    r, c = int(np.floor(row)), int(np.floor(col))
    if not (0 <= r < g.rows - 1 and 0 <= c < g.cols - 1):
        return None
    four = around.elevation_m[r : r + 2, c : c + 2].astype(np.float64)
    step = -(-max(grid.shape) // (4 * MOST_CELLS))
    part = heights(0, 0, grid.rows, grid.cols)[::step, ::step]
    known = np.isfinite(part)
    if not known.any() or not np.isfinite(four).all():
        return None
    fr, fc = row - r, col - c
    want = (four * np.outer([1 - fr, fr], [1 - fc, fc])).sum()
    spread = float(np.ptp(four))
    offset = float(part[known].mean(dtype=np.float64) - want)
    found = Agreement(1, offset, spread, float("nan"), float("nan"), spread)
    if abs(offset) <= LARGEST_OFFSET_M + 0.5 * spread:
        return found
    cause = f"its heights lie {offset:+.0f} m from the map: another place, sphere, unit or offset?"
    return Agreement(*_numbers(found), cause=cause)


def _numbers(a: Agreement) -> tuple[int, float, float, float, float, float]:
    return a.blocks, a.offset_m, a.rms_m, a.scale, a.correlation, a.relief_m
