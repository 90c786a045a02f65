"""Where the eyes are: directions, distances and ground slopes of all cells, ready for the kernels."""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import GridError
from lupex.base.frames import unit_vectors
from lupex.model import HorizonMap, Terrain


@dataclass(frozen=True, eq=False, kw_only=True)
class Places:
    """(row, col) arrays: unit vector (px, py, pk) in the map frame, distance from the Moon's centre (m), and the
    ground's rise per metre towards +x and +y."""

    px: F64
    py: F64
    pk: F64
    distance_m: F64
    slope_x: F64
    slope_y: F64


def places(terrain: Terrain, horizons: HorizonMap) -> Places:
    """Places of every cell of a terrain, eyes at the horizon map's height.

    Slopes are central differences over two cells, true ground distance. Raises GridError when the grids differ.

    Args:
        horizons: skylines on the grid of ``terrain``.
    """
    if terrain.grid != horizons.grid:
        raise GridError("light: terrain and horizon map lie on different grids", "compute the horizons of this terrain")
    grid = terrain.grid
    x, y = grid.xy_m()
    unit = unit_vectors(x, y)
    ground_m = grid.cell_m / (1.0 + (x * x + y * y) / (4.0 * MOON_RADIUS_M**2))
    z = terrain.elevation_m.astype(np.float64)
    zeros = np.zeros(grid.shape)
    slope_x = np.gradient(z, axis=1) / ground_m if grid.cols > 1 else zeros
    slope_y = -np.gradient(z, axis=0) / ground_m if grid.rows > 1 else zeros
    return Places(
        px=np.ascontiguousarray(unit[..., 0]),
        py=np.ascontiguousarray(unit[..., 1]),
        pk=np.ascontiguousarray(unit[..., 2]),
        distance_m=MOON_RADIUS_M + np.nan_to_num(z) + horizons.observer_height_m,
        slope_x=np.nan_to_num(slope_x),
        slope_y=np.nan_to_num(slope_y),
    )
