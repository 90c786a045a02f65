"""Small real jobs of tile work: a DEM of 200 x 200 cells in 16 tiles, two years of Sun and Earth."""

import functools
from pathlib import Path

import numpy as np
from tests.cli.files import dem

from lupex.ephemeris import sky_span
from lupex.illumination import SeriesSettings
from lupex.study.tiles.ground import Surroundings, tile_ground
from lupex.study.tiles.jobs import Skylight, TileJob
from lupex.terrain import SkylineSettings

CYCLE = ("2028-01-01", "2030-01-01")
SPAN = ("2028-06-01", "2028-07-01")


@functools.cache
def skylight() -> Skylight:
    """Two years by the hour, and a month by the day."""
    return Skylight(sky_span(*CYCLE, 3600.0), CYCLE, {"month_": (sky_span(*SPAN, 86_400.0), SPAN)})


def hills(path: Path, size: int = 200, cell_m: float = 100.0) -> Path:
    """Rough ground: waves of many lengths, a hole without data."""
    rng = np.random.default_rng(5)
    row, col = np.mgrid[0:size, 0:size]
    z = np.zeros((size, size))
    for length in (160.0, 70.0, 31.0, 14.0, 6.0):
        angle = rng.uniform(0.0, 2.0 * np.pi)
        z += 6.0 * length**0.7 * np.sin((row * np.cos(angle) + col * np.sin(angle)) * 2.0 * np.pi / length + angle)
    z[120:130, 40:60] = -9999.0
    return dem(path, z, cell_m=cell_m)


def small_job(path: Path, radius_m: float = 60_000.0, azimuths: int = 16, near_cells: int = 16) -> TileJob:
    """Tiles of 64 cells of a file."""
    ground = tile_ground(str(path), "south", check="off")
    return TileJob(
        ground=ground,
        target=(0, 0, *ground.grid.shape),
        tile_cells=64,
        skyline=SkylineSettings(azimuths=azimuths, search_radius_m=radius_m),
        surroundings=Surroundings(near_cells, radius_m),
        series=SeriesSettings(),
        skies=skylight().rows(),
    )
