"""Every step a rover may drive between neighbouring cells, and why it may not drive the others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F32
from lupex.base.errors import GridError
from lupex.model import Grid, Terrain
from lupex.model.fields.light_series import Window
from lupex.model.fields.terrain import frozen
from lupex.model.glance import Glance

DOWN = np.array([-1, -1, 0, 1, 1, 1, 0, -1, -2, -1, 1, 2, 2, 1, -1, -2], np.int64)
RIGHT = np.array([0, 1, 1, 1, 0, -1, -1, -1, 1, 2, 2, 1, -1, -2, -2, -1], np.int64)
"""Rows down and columns right of step d: 0..7 clockwise from up (row - 1), 8..15 the knight's moves from up-right."""

EDGE_CONSTRAINTS = ("none", "edge of the map", "hole", "blocked", "corner", "up_slope_deg", "down_slope_deg",
                    "cross_slope_deg", "step_m")  # fmt: skip
"""What forbids a step, by the number in `Edges.blocked_by`; 0 where it may be driven."""


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Edges(Glance):
    """Directed steps between cells, checked along their whole length; arrays (direction, row, col).

    Attributes:
        length_m: on the ground; inf where the step may not be driven.
        energy_j: of driving, on top of the hotel power; inf likewise.
        time_s: of driving; inf likewise.
        slope_deg: mean slope along the step, positive up; NaN where a height is missing.
        blocked_by: number in EDGE_CONSTRAINTS, 0 where the step may be driven.
        terrain: the ground they were made from; None for edges made otherwise. Side slopes and obstacle heights of a
            planned drive are read from it.
    """

    grid: Grid
    length_m: F32
    energy_j: F32
    time_s: F32
    slope_deg: F32
    blocked_by: NDArray[np.uint8]
    terrain: Terrain | None = None

    def __post_init__(self) -> None:
        shape = self.length_m.shape
        if shape[1:] != self.grid.shape or shape[0] not in (8, 16):
            raise GridError(f"edges: arrays have shape {shape}, expected (8 or 16, {self.grid.rows}, {self.grid.cols})")
        for name in ("length_m", "energy_j", "time_s", "slope_deg", "blocked_by"):
            if getattr(self, name).shape != shape:
                raise GridError(f"edges: {name} has shape {getattr(self, name).shape}, expected {shape}")
            object.__setattr__(self, name, frozen(getattr(self, name)))

    @property
    def directions(self) -> int:
        """8 or 16."""
        return int(self.length_m.shape[0])

    def crop(self, window: Window) -> "Edges":
        """The steps inside a window (first row, first column, rows, columns); none leads out of it."""
        row, col, rows, cols = window
        part = (slice(None), slice(row, row + rows), slice(col, col + cols))
        length, energy, time = (a[part].copy() for a in (self.length_m, self.energy_j, self.time_s))
        blocked = self.blocked_by[part].copy()
        r, c = np.mgrid[:rows, :cols]
        for d in range(self.directions):
            to_row, to_col = r + DOWN[d], c + RIGHT[d]
            leaves = (to_row < 0) | (to_row >= rows) | (to_col < 0) | (to_col >= cols)
            for values in (length, energy, time):
                values[d, leaves] = np.inf
            blocked[d, leaves] = EDGE_CONSTRAINTS.index("edge of the map")
        return Edges(
            grid=self.grid.crop(*window),
            length_m=length,
            energy_j=energy,
            time_s=time,
            slope_deg=self.slope_deg[part].copy(),
            blocked_by=blocked,
        )

    def _facts(self) -> dict[str, str]:
        open_share = f"{100.0 * float(np.mean(self.blocked_by == 0)):.1f} % drivable"
        return {"directions": f"{self.directions} directions", "grid": self.grid.words, "open": open_share}

    def _picture(self) -> F32:
        return np.count_nonzero(self.blocked_by == 0, axis=0).astype(np.float32)
