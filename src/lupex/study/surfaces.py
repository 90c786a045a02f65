"""The ground of a map as temperatures need it: its skylines and slopes, and the finer ground its walls are lit on."""

from dataclasses import replace

from lupex.base.running import Running
from lupex.model import Terrain
from lupex.study.ground import block_mean
from lupex.terrain import SkylineSettings, horizon_map
from lupex.terrain.slope import gradient
from lupex.thermal import Surface

AZIMUTHS = 120
"""Three degrees apart: the Sun crosses that in six hours, half a step of the columns."""

WALL_AZIMUTHS = 60
"""Of finer ground: the Sun of one hour of the table of facing slopes crosses 15 degrees."""

MOST_PARTS = 5
"""Finer cells to the edge of a cell, at most."""


def surface_of(terrain: Terrain, azimuths: int = AZIMUTHS, running: Running = Running()) -> Surface:
    """A map's ground with its skylines (eye at 0 m) and slopes over two cells."""
    horizons = horizon_map(terrain, SkylineSettings(azimuths=azimuths), running)
    east, north = gradient(terrain, 2.0 * terrain.grid.cell_m)
    return Surface(terrain, horizons, east, north)


def averaged_surface(terrain: Terrain, factor: int, running: Running = Running(), parts: int = 2) -> Surface:
    """The ground of a terrain averaged over blocks, its facing slopes lit on blocks that many times narrower.

    Args:
        terrain: one level, with its far terrain.
        factor: cells to the edge of a block at least; one more where no finer blocks part it evenly.
        running: threads and progress.
        parts: finer blocks to the edge of a block, at least, where the terrain is fine enough.
    """
    if factor <= 1:
        return surface_of(terrain, running=running)
    while not (fitting := [n for n in range(min(parts, factor), MOST_PARTS + 1) if factor % n == 0]):
        factor += 1
    surface = surface_of(block_mean(terrain, factor), running=running)
    grid = surface.terrain.grid
    finer = block_mean(terrain, factor // fitting[0])
    if min(grid.shape) * fitting[0] > min(finer.grid.shape) or grid.cell_m <= finer.grid.cell_m:
        return surface
    cut = finer.crop(0, 0, grid.rows * fitting[0], grid.cols * fitting[0])
    walls = surface_of(cut, WALL_AZIMUTHS, running.labelled(lambda label: f"walls: {label}"))
    return replace(surface, finer=walls)
