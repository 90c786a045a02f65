"""Sunlight and Earth view of every cell over evenly spaced time steps, read in pieces."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import GridError, SpanError
from lupex.model.grid import Grid
from lupex.model.terrain import frozen

U8 = NDArray[np.uint8]
F64 = NDArray[np.float64]
Window = tuple[int, int, int, int]
"""First row, first column, rows, columns."""


class LightSeries(Protocol):
    """What planning in time needs to know of the sky. Step k lasts from times_tdb_s[k] to times_tdb_s[k + 1]."""

    @property
    def grid(self) -> Grid:
        """The grid planned on."""
        ...

    @property
    def times_tdb_s(self) -> F64:
        """(step + 1,) evenly spaced boundaries of the steps."""
        ...

    @property
    def sun_strength(self) -> F64:
        """(step,) sunlight over that at 1 au, at the middle of each step."""
        ...

    @property
    def sun_elevation_deg(self) -> F64:
        """(step,) Sun above the horizontal at the grid's middle."""
        ...

    def read(self, first: int, last: int, window: Window | None = None) -> tuple[U8, U8]:
        """Steps first <= k < last: visible share of the Sun's disc (step, row, col), 0 none .. 255 all, and view of
        the Earth or station (step, row, col), 0 or 1; both at the middle of the step."""
        ...


@dataclass(frozen=True, eq=False)
class HeldLight:
    """A LightSeries held in memory: small scenes, tests, maps from elsewhere.

    ``disc`` (step, row, col) uint8 as in LightSeries; ``earth`` (step, row, col) uint8 0 or 1.
    """

    grid: Grid
    times_tdb_s: F64
    disc: U8
    earth: U8
    sun_strength: F64
    sun_elevation_deg: F64

    def __post_init__(self) -> None:
        steps = self.times_tdb_s.size - 1
        if steps < 1 or np.ptp(np.diff(self.times_tdb_s)) > 1e-3 or self.times_tdb_s[1] <= self.times_tdb_s[0]:
            raise SpanError("light series: times must ascend in even steps, at least one")
        for name in ("disc", "earth"):
            if getattr(self, name).shape != (steps, *self.grid.shape) or getattr(self, name).dtype != np.uint8:
                raise GridError(
                    f"light series: {name} is {getattr(self, name).dtype} {getattr(self, name).shape}, "
                    f"expected uint8 {(steps, *self.grid.shape)}"
                )
        for name in ("sun_strength", "sun_elevation_deg"):
            if getattr(self, name).shape != (steps,):
                raise SpanError(f"light series: {name} has shape {getattr(self, name).shape} for {steps} steps")
        for name in ("times_tdb_s", "disc", "earth", "sun_strength", "sun_elevation_deg"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    def read(self, first: int, last: int, window: Window | None = None) -> tuple[U8, U8]:
        """As in LightSeries."""
        row, col, rows, cols = window or (0, 0, *self.grid.shape)
        part = (slice(first, last), slice(row, row + rows), slice(col, col + cols))
        return self.disc[part], self.earth[part]
