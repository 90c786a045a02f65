"""Skylines: the elevation of the terrain against the sky, for every cell in every azimuth.

Method: pencils of great circles swept across the map, upper convex hull in each circle's own plane,
the nearest columns on the exact line through the cell (docs/theory/skyline.md). The sweep itself is
`lupex.kernels.skyline.sweep.sweep`; this module prepares its arrays and schedules it on all cores.
"""

import math
from collections.abc import Callable, Container
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked
from lupex.base.running import Running, takes_running
from lupex.kernels.skyline import sweep as kernel
from lupex.model import Grid, HorizonMap, Terrain
from lupex.terrain.point_skyline import check_eye

PlaneSink = Callable[[int, NDArray[np.int16]], None]


@numbers_checked
@dataclass(frozen=True)
class SkylineSettings:
    """How skylines are computed.

    Attributes:
        azimuths: evenly spaced pencil azimuths, a multiple of 4.
        observer_height_m: eye above ground.
        search_radius_m: terrain is searched at least this far from every cell (and over the whole inner DEM).
        near_columns: cells treated on the exact line through each cell, from one cell away; 0 is the preview mode.
        half_columns: how many of those are also sampled half-way to the next.
    """

    azimuths: int = 360
    observer_height_m: float = 0.0
    search_radius_m: float = 250_000.0
    near_columns: int = 8
    half_columns: int = 2

    def __post_init__(self) -> None:
        if self.azimuths < 4 or self.azimuths % 4:
            raise InputError(f"skyline: {self.azimuths} azimuths", "use a multiple of 4, such as 360")
        if not 0.0 < self.search_radius_m <= 1.0e6:
            raise InputError(f"skyline: search radius {self.search_radius_m} m", "give up to 1000000 m")
        check_eye(self.observer_height_m, self.search_radius_m)
        if not 0 <= self.near_columns <= 64:
            raise InputError(f"skyline: {self.near_columns} near columns", "give 0 (preview) to 64")
        if self.half_columns < 0:
            raise InputError(f"skyline: {self.half_columns} half columns", "give 0 or more")


PREVIEW = SkylineSettings(near_columns=1, half_columns=0)
"""Faster and less exact near the cell; the errors stand in docs/theory/skyline.md."""


@dataclass(frozen=True, eq=False, kw_only=True)
class SweepInput:
    """A terrain made ready for the sweep: both orientations padded, and the outer levels flattened."""

    grid: Grid
    pad: int
    by_x: NDArray[np.float32]
    by_y: NDArray[np.float32]
    levels: NDArray[np.float64]
    values: NDArray[np.float32]
    nodata: NDArray[np.bool_]


def sweep_input(terrain: Terrain, near_columns: int) -> SweepInput:
    """Arrays the sweep runs on: y ascending, padded from the far terrain, VOID_M where nothing is known.

    Args:
        terrain: the map and the coarser terrain around it.
        near_columns: columns on either side that the near field reads.
    """
    pad = near_columns + 3
    grid = terrain.grid
    nodata = ~np.isfinite(terrain.elevation_m)
    if nodata.all():
        raise InputError("skyline: the terrain has no heights at all", "choose a window with data")
    heights = np.pad(terrain.elevation_m[::-1], pad, constant_values=np.nan)
    if terrain.far is not None:
        _fill_from(terrain.far, heights, grid, pad)
    _grow_by_one_cell(heights)
    np.nan_to_num(heights, copy=False, nan=kernel.VOID_M)
    levels, values, offset = [], [np.zeros(1, np.float32)], 1
    for level in terrain.levels()[1:]:
        g = level.grid
        if min(g.shape) < 2:
            continue
        outer = level.elevation_m[::-1].copy()
        if level.far is not None:
            _fill_from(level.far, outer, g, 0)
        flat = np.nan_to_num(outer, nan=kernel.VOID_M).ravel()
        levels.append((offset, g.rows, g.cols, g.left_m + 0.5 * g.cell_m, g.bottom_m + 0.5 * g.cell_m, g.cell_m))
        values.append(flat)
        offset += flat.size
    return SweepInput(
        grid=grid,
        pad=pad,
        by_x=np.ascontiguousarray(heights),
        by_y=np.ascontiguousarray(heights.T),
        levels=np.array(levels, np.float64).reshape(-1, 6),
        values=np.concatenate(values),
        nodata=nodata if nodata.any() else np.zeros((0, 0), np.bool_),
    )


@takes_running
def horizon_map(
    terrain: Terrain, settings: SkylineSettings = SkylineSettings(), running: Running = Running()
) -> HorizonMap:
    """Skyline of every cell of ``terrain`` as one HorizonMap in memory.

    Terrain nearer than one cell is not resolved. Cells without height get NODATA and hide nothing. Accuracy and
    limits: docs/theory/skyline.md. Shapes: counts (azimuth, row, col). For large grids stream with `sweep_azimuths`
    instead. Raises InputError when the terrain has no heights.

    Args:
        settings: azimuths, search radius (m), height of the eye (m).
    """
    counts = np.empty((settings.azimuths, *terrain.grid.shape), np.int16)
    sweep_azimuths(terrain, settings, into=counts, running=running)
    return HorizonMap(
        grid=terrain.grid,
        azimuths_pencil_deg=azimuths_pencil_deg(settings.azimuths),
        counts=counts,
        observer_height_m=settings.observer_height_m,
        search_radius_m=settings.search_radius_m,
        synthetic_below_m=terrain.synthetic_below_m,
    )


def azimuths_pencil_deg(count: int) -> NDArray[np.float64]:
    """The evenly spaced pencil azimuths (count,), degrees from 0."""
    return np.asarray(np.arange(count) * (360.0 / count))


def sweep_azimuths(
    terrain: Terrain,
    settings: SkylineSettings,
    into: NDArray[np.int16] | None = None,
    sink: PlaneSink | None = None,
    done: Container[int] = (),
    running: Running = Running(),
) -> None:
    """Compute the skyline azimuth by azimuth, two opposite ones at a time.

    Args:
        terrain: the map and the coarser terrain around it.
        settings: azimuths, search radius (m), height of the eye (m).
        into: (azimuth, row, col) array that receives the planes, or None.
        sink: called from this thread with (azimuth index, plane (row, col) int16) as each is ready; with a sink
            and no ``into`` memory stays at a few planes per thread.
        done: azimuth indices to leave out (resuming).
        running: on how many threads; progress is reported after every pair.
    """
    prepared = sweep_input(terrain, settings.near_columns)
    half = settings.azimuths // 2
    pairs = [m for m in range(half) if not (m in done and m + half in done)]

    def planes(m: int) -> tuple[int, NDArray[np.int16], NDArray[np.int16]]:
        if into is not None:
            ahead, behind = into[m], into[m + half]
        else:
            ahead, behind = (np.empty(terrain.grid.shape, np.int16) for _ in range(2))
        sweep_pair(prepared, settings, m, ahead, behind)
        return m, ahead, behind

    finished = settings.azimuths // 2 - len(pairs)
    with ThreadPoolExecutor(running.threads) as pool:
        queue = iter(pairs)
        pending = {pool.submit(planes, m) for _, m in zip(range(running.threads + 1), queue, strict=False)}
        try:
            while pending:
                ready, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in ready:
                    m, ahead, behind = future.result()
                    following = next(queue, None)
                    if following is not None:
                        pending.add(pool.submit(planes, following))
                    if sink is not None:
                        sink(m, ahead)
                        sink(m + half, behind)
                    finished += 1
                    running.progress(finished, half, "skylines")
        except BaseException:
            for future in pending:
                future.cancel()
            raise


def sweep_pair(
    prepared: SweepInput, settings: SkylineSettings, index: int, ahead: NDArray[np.int16], behind: NDArray[np.int16]
) -> None:
    """Skyline planes of azimuth ``index`` and its opposite into two (row, col) int16 arrays.

    Args:
        prepared: arrays of `sweep_input`.
        settings: azimuths, search radius (m), height of the eye (m).
        index: of the azimuth, 0 to half their number.
        ahead, behind: (row, col) counts of 0.003 degrees, filled in.
    """
    azimuth = 2.0 * math.pi * index / settings.azimuths
    sine, cosine = math.sin(azimuth), math.cos(azimuth)
    grid, pad = prepared.grid, prepared.pad
    x0 = grid.left_m + (0.5 - pad) * grid.cell_m
    y0 = grid.bottom_m + (0.5 - pad) * grid.cell_m
    swap = abs(cosine) > abs(sine)
    major, minor = (cosine, sine) if swap else (sine, cosine)
    if major < 0.0:
        major, minor, ahead, behind = -major, -minor, behind, ahead
    kernel.sweep(
        prepared.by_y if swap else prepared.by_x,
        pad,
        swap,
        major,
        minor,
        y0 if swap else x0,
        x0 if swap else y0,
        grid.cell_m,
        MOON_RADIUS_M,
        settings.search_radius_m / MOON_RADIUS_M,
        settings.observer_height_m,
        settings.near_columns,
        settings.half_columns,
        prepared.levels,
        prepared.values,
        prepared.nodata,
        ahead,
        behind,
    )


def heights_at(terrain: Terrain, x_m: NDArray[np.float64], y_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bilinear height (m) at map points from the finest level that has data there; NaN beyond all levels."""
    out = np.full(np.shape(x_m), np.nan)
    for level in terrain.levels():
        missing = np.isnan(out)
        if not missing.any():
            break
        out[missing] = _bilinear(level, x_m[missing], y_m[missing])
    return out


def _bilinear(level: Terrain, x_m: NDArray[np.float64], y_m: NDArray[np.float64]) -> NDArray[np.float64]:
    g = level.grid
    u = (x_m - g.left_m) / g.cell_m - 0.5
    v = (g.top_m - y_m) / g.cell_m - 0.5
    inside = (u >= 0) & (v >= 0) & (u <= g.cols - 1) & (v <= g.rows - 1)
    j = np.clip(u.astype(np.int64), 0, max(g.cols - 2, 0))
    i = np.clip(v.astype(np.int64), 0, max(g.rows - 2, 0))
    fu, fv = u - j, v - i
    z = level.elevation_m
    right = np.minimum(j + 1, g.cols - 1)
    below = np.minimum(i + 1, g.rows - 1)
    upper = z[i, j] * (1 - fu) + z[i, right] * fu
    lower = z[below, j] * (1 - fu) + z[below, right] * fu
    return np.asarray(np.where(inside, upper * (1 - fv) + lower * fv, np.nan))


def _fill_from(far: Terrain, heights: NDArray[np.float32], grid: Grid, pad: int) -> None:
    """Fill the NaN cells of the padded, y-ascending ``heights`` from the far terrain."""
    row, col = np.nonzero(np.isnan(heights))
    x = grid.left_m + (col.astype(np.float64) - pad + 0.5) * grid.cell_m
    y = grid.bottom_m + (row.astype(np.float64) - pad + 0.5) * grid.cell_m
    heights[row, col] = heights_at(far, x, y)


def _grow_by_one_cell(heights: NDArray[np.float32]) -> None:
    """Give NaN cells beside known ones the least height of those: sane for a line just off them, and no obstacle."""
    rows, cols = heights.shape
    row, col = np.nonzero(~np.isfinite(heights))
    least = np.full(row.size, np.inf, np.float32)
    for up in (-1, 0, 1):
        for across in (-1, 0, 1):
            beside = heights[np.clip(row + up, 0, rows - 1), np.clip(col + across, 0, cols - 1)]
            np.fmin(least, beside, out=least)
    edge = np.isfinite(least)
    heights[row[edge], col[edge]] = least[edge]
