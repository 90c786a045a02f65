"""Light and heat that the cells of a map absorb from facing slopes, by the hour and season of the Sun.

Where finer ground is known, rays run over it, and what lights them is that ground: a wall whose lit strip is narrower
than a cell of the map. What it receives is averaged over each cell (docs/theory/temperature.md).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.running import Running
from lupex.thermal.cells import Cells
from lupex.thermal.facing.views import Views, ViewSettings, exchanged, scattered, view_factors
from lupex.thermal.lights import ROWS, direct_sunlight
from lupex.thermal.regolith import Regolith, albedo_at
from lupex.thermal.surface import Surface, surface_cells

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]

CHUNK = 24
"""Rows of the table of facing slopes worked on together."""

LEAST_SECTORS = 4


@dataclass(frozen=True, eq=False)
class Facing:
    """How the cells of a map face each other, and the sunlight that walls reflect and absorb.

    Walls are the ground that rays run over: the map's finer ground, or the map itself. They stand row by row, known or
    not; ground that is not known sends nothing.

    Attributes:
        known: (row, col) of the map.
        views: of the walls, received by the cells of the map.
        reflected_w_m2: (wall, row) direct sunlight reflected.
        more_absorbed_w_m2: (wall, row) direct sunlight that finer walls absorb more than the cell around them, or None.
    """

    known: NDArray[np.bool_]
    views: Views
    reflected_w_m2: F32
    more_absorbed_w_m2: F32 | None

    @property
    def terrain_view(self) -> F64:
        """(row, col) share of each cell's view that is ground of the map."""
        return self.views.terrain_view.reshape(self.known.shape)

    def light(self, ground: Regolith, running: Running = Running()) -> F32:
        """(cell, row) sunlight absorbed from facing slopes for each hour and season, W/m2 at 1 au, of known cells.

        Args:
            ground: regolith, for its albedo law.
        """
        diffuse, known = diffuse_albedo(ground), self.known.ravel()
        out = np.empty((int(known.sum()), ROWS), np.float32)
        for k in range(0, ROWS, CHUNK):
            sent = self.reflected_w_m2[:, k : k + CHUNK]
            if self.more_absorbed_w_m2 is None:
                got = scattered(sent, diffuse, self.views, running=running)
            else:  # a second bounce as if cells in view of each other saw alike: finer walls cost enough
                got = exchanged(sent, 1.0 - diffuse, self.views, running=running)
            out[:, k : k + CHUNK] = (1.0 - diffuse) * got[known]
        return out

    def heat(self, emitted_w_m2: F32, ground: Regolith, running: Running = Running()) -> F32:
        """(cell, row) heat absorbed from facing slopes for each hour and season, W/m2, of known cells.

        Finer walls emit what the cell around them does, and as much more or less as they absorb more or less sunlight
        than it: right in the mean, and in the hour where the ground keeps little of its heat.

        Args:
            emitted_w_m2: (cell, row) emission of the columns of known cells.
            ground: regolith, for its emissivity.
        """
        known, out = self.known.ravel(), np.empty(emitted_w_m2.shape, np.float32)
        for k in range(0, ROWS, CHUNK):
            sent = self.views.spread(_laid_out(emitted_w_m2[:, k : k + CHUNK], known))
            if self.more_absorbed_w_m2 is not None:
                sent = sent + self.more_absorbed_w_m2[:, k : k + CHUNK]
            got = exchanged(sent, ground.emissivity, self.views, running=running)[known]
            out[:, k : k + CHUNK] = ground.emissivity * np.maximum(got, 0.0)
        return out


def facing_of(
    surface: Surface, cells: Cells, ground: Regolith, settings: ViewSettings = ViewSettings(),
    running: Running = Running(),
) -> Facing:  # fmt: skip
    """How the cells of a map face each other: over their finer ground where the map has some.

    Args:
        surface: heights, slopes and skylines of the map, and of its finer ground.
        cells: the known cells of the map, as `surface_cells` gives them.
        ground: regolith, for its albedo law.
        settings: of the views of one cell of the map; the finer cells within share its rays.

    Raises InputError when a cell would face too many pieces.
    """
    walls = surface.finer or surface
    wide = walls.terrain.grid.cols // surface.terrain.grid.cols
    if wide > 1:
        settings = replace(settings, sectors=max(LEAST_SECTORS, -(-settings.sectors // wide**2)), block=wide)
    height = walls.terrain.elevation_m.astype(np.float64)
    views = view_factors(walls.terrain.grid, height, walls.normals, settings, running)
    pole, known = surface.terrain.grid.pole, walls.known.ravel()
    dark = replace(ground, albedo=0.0, albedo_45deg=0.0, albedo_90deg=0.0)
    wall_cells, samples = (cells, 3) if wide == 1 else (surface_cells(walls), 1)
    absorbed = direct_sunlight(wall_cells, ground, pole, running, samples)
    reflected = direct_sunlight(wall_cells, dark, pole, running, samples)
    reflected -= absorbed
    more = None
    if wide > 1:
        own = _laid_out(direct_sunlight(cells, ground, pole, running), surface.known.ravel())
        more = _laid_out(absorbed, known)
        more -= np.asarray(views.spread(own))
    return Facing(surface.known, views, _laid_out(reflected, known), more)


def diffuse_albedo(ground: Regolith) -> float:
    """The albedo of light from all sides: the mean of the law over the hemisphere, weighted with the cosine."""
    i = (np.arange(2000) + 0.5) * (np.pi / 4000)
    weight = np.sin(2.0 * i)
    return float(np.sum(albedo_at(ground, i) * weight) / np.sum(weight))


def _laid_out(values: F32, known: NDArray[np.bool_]) -> F32:
    """(all, k) of the known ones; 0 elsewhere."""
    if known.all():
        return values
    laid = np.zeros((known.size, values.shape[1]), np.float32)
    laid[known] = values
    return laid
