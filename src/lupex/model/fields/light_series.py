"""Sunlight and Earth view of every cell over evenly spaced time steps, read in pieces."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, U8
from lupex.base.errors import GridError, SpanError
from lupex.model.fields.grid import Grid
from lupex.model.fields.terrain import frozen
from lupex.model.glance import Glance, counted, span_words

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
        """(step,) solar irradiance relative to 1 au, at the middle of each step."""
        ...

    @property
    def sun_elevation_deg(self) -> F64:
        """(step,) Sun above the horizontal at the grid's middle."""
        ...

    def read(self, first: int, last: int, window: Window | None = None) -> tuple[U8, U8]:
        """Steps first <= k < last: visible share of the Sun's disc (step, row, col), 0 none .. 255 all, and view of
        the Earth or station (step, row, col), 0 or 1; both at the middle of the step."""
        ...


@dataclass(frozen=True, eq=False, kw_only=True)
class LightAxis:
    """Where and when a LightSeries tells light; attributes as there."""

    grid: Grid
    times_tdb_s: F64
    sun_strength: F64
    sun_elevation_deg: F64

    @classmethod
    def of(cls, light: LightSeries) -> "LightAxis":
        """The axis of any LightSeries."""
        return cls(
            grid=light.grid,
            times_tdb_s=light.times_tdb_s,
            sun_strength=light.sun_strength,
            sun_elevation_deg=light.sun_elevation_deg,
        )


class OnAxis(Glance):
    """A LightSeries that holds its axis as one value: what is left to say is `LightSeries.read`."""

    def __init__(self, axis: LightAxis) -> None:
        self.axis = axis

    def _facts(self) -> dict[str, str]:
        return _light_facts(self.axis.times_tdb_s, self.axis.grid)

    @property
    def grid(self) -> Grid:
        """The grid planned on."""
        return self.axis.grid

    @property
    def times_tdb_s(self) -> F64:
        """(step + 1,) boundaries of the steps."""
        return self.axis.times_tdb_s

    @property
    def sun_strength(self) -> F64:
        """(step,) solar irradiance relative to 1 au."""
        return self.axis.sun_strength

    @property
    def sun_elevation_deg(self) -> F64:
        """(step,) Sun above the horizontal at the middle of the grid it was computed for."""
        return self.axis.sun_elevation_deg


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class InMemoryLight(Glance):
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

    def _facts(self) -> dict[str, str]:
        return _light_facts(self.times_tdb_s, self.grid)


class LightWindow(OnAxis):
    """A LightSeries of a window (row, col, rows, cols) of another one."""

    def __init__(self, light: LightSeries, window: Window) -> None:
        super().__init__(replace(LightAxis.of(light), grid=light.grid.crop(*window)))
        self._light = light
        self._window = window

    def read(self, first: int, last: int, window: Window | None = None) -> tuple[U8, U8]:
        """As in LightSeries."""
        row, col, rows, cols = window or (0, 0, *self._window[2:])
        return self._light.read(first, last, (self._window[0] + row, self._window[1] + col, rows, cols))


def held(light: LightSeries, most_bytes: int = 1_500_000_000) -> LightSeries:
    """The same light held in memory; left as it is where it takes more than allowed.

    Args:
        most_bytes: memory the series may take.
    """
    steps, (rows, cols) = light.times_tdb_s.size - 1, light.grid.shape
    if isinstance(light, InMemoryLight) or 2 * steps * rows * cols > most_bytes:
        return light
    disc, earth = light.read(0, steps)  # at once: in pieces, skylines would be laid out again for each
    return InMemoryLight(
        grid=light.grid,
        times_tdb_s=light.times_tdb_s,
        disc=disc,
        earth=earth,
        sun_strength=light.sun_strength,
        sun_elevation_deg=light.sun_elevation_deg,
    )


def ever_in_view(light: LightSeries, last: int | None = None, piece: int = 256) -> NDArray[np.bool_]:
    """Cells (row, col) from which the Earth or station is in view in any step before boundary ``last`` (None: all)."""
    steps = light.times_tdb_s.size - 1 if last is None else last
    seen = np.zeros(light.grid.shape, bool)
    for first in range(0, steps, piece):
        seen |= light.read(first, min(first + piece, steps))[1].any(axis=0)
    return seen


def _light_facts(times_tdb_s: F64, grid: Grid) -> dict[str, str]:
    span = span_words((times_tdb_s[0], times_tdb_s[-1]))
    return {"steps": counted(times_tdb_s.size - 1, "step"), "grid": grid.words, "span": span}
