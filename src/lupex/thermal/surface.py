"""The ground of a map as the Sun and the cells of a column see it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import GridError
from lupex.base.frames import unit_vectors
from lupex.model import HorizonMap, Terrain
from lupex.thermal.columns import Cells

F64 = NDArray[np.float64]

LOWEST_SKYLINE_DEG = -8.766
"""A skyline below it means that no terrain is known that way, and is taken as level: docs/theory/illumination.md."""


@dataclass(frozen=True, eq=False)
class Surface:
    """A map's ground.

    Attributes:
        terrain: heights; horizons: skylines of an eye at 0 m on the same grid.
        east, north: (row, col) rise per ground metre towards the map's +x and +y, as `lupex.terrain` gives it.
        finer: the same ground on cells a whole number of times narrower, from the same corner: what cells of the map
            receive from facing slopes is computed there. None where nothing finer is known.
    """

    terrain: Terrain
    horizons: HorizonMap
    east: F64
    north: F64
    finer: "Surface | None" = None

    def __post_init__(self) -> None:
        shape = self.terrain.grid.shape
        if self.horizons.grid != self.terrain.grid or self.east.shape != shape or self.north.shape != shape:
            raise GridError("thermal: terrain, skylines and slopes lie on different grids", "compute them on one")
        if self.finer is not None:
            own, fine = self.terrain.grid, self.finer.terrain.grid
            wide = fine.cols // own.cols
            fits = (own.pole, own.left_m, own.top_m) == (fine.pole, fine.left_m, fine.top_m) and wide > 1
            if not fits or fine.shape != (own.rows * wide, own.cols * wide):
                raise GridError(
                    f"thermal: finer ground of {fine.rows} x {fine.cols} cells does not part each of "
                    f"{own.rows} x {own.cols} cells alike",
                    "cut it to the map's corner and a whole number of its cells",
                )

    @property
    def known(self) -> NDArray[np.bool_]:
        """(row, col) cells with a height, a slope and a skyline."""
        sloped = np.isfinite(self.east) & np.isfinite(self.north) & np.isfinite(self.terrain.elevation_m)
        return np.asarray(sloped & (self.horizons.counts[0] != HorizonMap.NODATA))

    @property
    def normals(self) -> F64:
        """(row, col, 3) unit normals along the map's x, y and up; NaN where unknown."""
        scale = 1.0 / np.sqrt(1.0 + self.east**2 + self.north**2)
        return np.stack([-self.east * scale, -self.north * scale, scale], axis=-1)


def surface_cells(surface: Surface, base_w_m2: float = 0.0) -> Cells:
    """The known cells of a map, row by row, in the map frame of its pole.

    Args:
        surface: heights, slopes and skylines of the map.
        base_w_m2: absorbed by every cell at all times.
    """
    known = surface.known
    x, y = surface.terrain.grid.xy_m()
    up = unit_vectors(x[known], y[known])
    zero, one = np.zeros(len(up)), np.ones(len(up))
    # pencil azimuths: directions of great circles in the gnomonic map (lupex.base.frames)
    east = np.column_stack([one, zero, -up[:, 0] / up[:, 2]])
    north = np.column_stack([zero, one, -up[:, 1] / up[:, 2]])
    step = 1.0
    along_x = _unit(unit_vectors(x[known] + step, y[known]) - unit_vectors(x[known] - step, y[known]))
    along_y = _unit(unit_vectors(x[known], y[known] + step) - unit_vectors(x[known], y[known] - step))
    n = surface.normals[known]
    normal = n[:, :1] * along_x + n[:, 1:2] * along_y + n[:, 2:] * up
    lowest = np.int16(LOWEST_SKYLINE_DEG / HorizonMap.UNIT_DEG)
    sine = np.empty((len(up), surface.horizons.counts.shape[0]), np.float32)
    for k in range(sine.shape[1]):
        counts = surface.horizons.counts[k][known]
        counts = np.where(counts < lowest, np.int16(0), counts)
        sine[:, k] = np.sin(np.radians(counts.astype(np.float32) * np.float32(HorizonMap.UNIT_DEG)))
    return Cells(east, north, up, normal, sine, np.full(len(up), base_w_m2))


def _unit(vectors: F64) -> F64:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
