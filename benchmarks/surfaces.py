"""The ground the benchmarks stand on: the default LOLA cap, resampled around the south pole."""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lupex.model import Grid, Terrain

F64 = NDArray[np.float64]

SEED = 2028
ROUGH_BELOW_M = 3200.0
ROUGH_SLOPE_DEG = 5.0
ROUGH_EXPONENT = 1.9


def surface(name: str) -> Terrain:
    """The terrain called '<smooth|rough>-<cells>-<cell_m>', with the 1600 m cap as its far terrain.

    Smooth: cubic splines through the posts. Rough: the same with fractal relief of 5 degrees rms slope, all of it
    at wavelengths below 3.2 km.
    """
    from lupex.io import default_terrain

    kind, cells, cell_m = name.split("-")
    cap = default_terrain("south")
    grid = Grid.centred("south", 0.0, 0.0, int(cells), float(cell_m))
    heights = _resampled(cap, grid)
    if kind == "rough":
        heights += _fractal(grid, np.random.default_rng(SEED))
    return Terrain(grid, heights.astype(np.float32), cap, source=f"{kind} relief from {cap.source}")


def write(terrain: Terrain, path: Path) -> None:
    """Keep a terrain and its far terrain for another process."""
    arrays = {}
    for name, level in zip(("near", "far"), terrain.levels(), strict=False):
        grid = level.grid
        arrays[name] = level.elevation_m
        arrays[name + "_grid"] = np.array([grid.cell_m, grid.left_m, grid.top_m])
    np.savez(path, **arrays)


def read(path: Path) -> Terrain:
    """A terrain kept by `write`; needs neither file formats nor splines, so that neither counts as memory."""
    terrain = None
    with np.load(path) as kept:
        for name in ("far", "near"):
            if name in kept:
                heights = kept[name]
                terrain = Terrain(Grid("south", *heights.shape, *map(float, kept[name + "_grid"])), heights, terrain)
    assert terrain is not None, f"{path} holds no terrain"
    return terrain


def alone(terrain: Terrain) -> Terrain:
    """The terrain without what lies around it, as the peers get it."""
    return Terrain(terrain.grid, terrain.elevation_m, None, terrain.synthetic_below_m, terrain.source)


def _resampled(cap: Terrain, grid: Grid) -> F64:
    from scipy.ndimage import map_coordinates

    col = (grid.x_m() - cap.grid.left_m) / cap.grid.cell_m - 0.5
    row = (cap.grid.top_m - grid.y_m()) / cap.grid.cell_m - 0.5
    at = np.meshgrid(row, col, indexing="ij")
    return np.asarray(map_coordinates(cap.elevation_m.astype(np.float64), at, order=3))


def _fractal(grid: Grid, rng: np.random.Generator) -> F64:
    """Relief (m) with amplitudes falling as a power of wavenumber, nothing above ROUGH_BELOW_M."""
    across, along = np.fft.fftfreq(grid.cols, grid.cell_m), np.fft.fftfreq(grid.rows, grid.cell_m)
    wavenumber = np.hypot(*np.meshgrid(across, along))
    amplitude = np.where(wavenumber > 1.0 / ROUGH_BELOW_M, wavenumber, np.inf) ** -ROUGH_EXPONENT
    relief = np.fft.ifft2(np.fft.fft2(rng.standard_normal(grid.shape)) * amplitude).real
    slope = np.hypot(*np.gradient(relief, grid.cell_m))
    return np.asarray(relief * math.tan(math.radians(ROUGH_SLOPE_DEG)) / math.sqrt(float((slope**2).mean())))
