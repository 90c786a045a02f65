"""Light and view at the cells of a drive, read out of a map of light in pieces."""

import numpy as np

from lupex.base.arrays import F64, I64, U8
from lupex.base.errors import GridError, SpanError
from lupex.model import Grid, LightSeries, Rover
from lupex.traverse.steps.rover import array_factor

CHUNK_BYTES = 64_000_000
"""Of light held at once while it is picked."""


def light_along(light: LightSeries, row: I64, col: I64, first: int = 0, last: int | None = None) -> tuple[U8, U8]:
    """Disc and view (step, cell) of steps first <= k < last at cells (cell,); 0 at `OUTSIDE` cells.

    Reads only the window around the cells, a few steps at a time.

    Args:
        light: of every cell and step.
        row: (cell,) rows.
        col: (cell,) columns.
    """
    last = light.times_tdb_s.size - 1 if last is None else last
    disc, earth = (np.zeros((last - first, row.size), np.uint8) for _ in range(2))
    on = np.flatnonzero(row >= 0)
    if on.size == 0:
        return disc, earth
    top, left = int(row[on].min()), int(col[on].min())
    rows, cols = int(row[on].max()) - top + 1, int(col[on].max()) - left + 1
    chunk = max(1, CHUNK_BYTES // (2 * rows * cols))
    for begin in range(first, last, chunk):
        end = min(last, begin + chunk)
        parts = light.read(begin, end, (top, left, rows, cols))
        for kept, part in zip((disc, earth), parts, strict=True):
            kept[begin - first : end - first, on] = part[:, row[on] - top, col[on] - left]
    return disc, earth


def full_disc_w(light: LightSeries, rover: Rover) -> F64:
    """Power (step,) the array gives with the whole disc in view."""
    return rover.array_w * light.sun_strength * array_factor(rover.array_kind, light.sun_elevation_deg)


def step_of(light: LightSeries, time_tdb_s: float) -> int:
    """Step that lasts at a time; the last one at the very end. Raises SpanError when the series does not cover it.

    Args:
        light: of every cell and step.
        time_tdb_s: TDB seconds past J2000.
    """
    times = light.times_tdb_s
    if not times[0] - 1e-3 <= time_tdb_s <= times[-1] + 1e-3:
        from lupex.ephemeris import tdb_s_to_utc

        span = tdb_s_to_utc([float(times[0]), float(times[-1]), time_tdb_s])
        raise SpanError(
            f"drive: {span[2]} lies outside the map of light ({span[0]} to {span[1]})",
            "start later, or compute light for a longer time",
        )
    return int(np.clip(np.searchsorted(times, time_tdb_s + 1e-6, side="right") - 1, 0, times.size - 2))


def step_length_s(light: LightSeries) -> float:
    """Mean length of a step: TDB makes them differ by microseconds."""
    times = light.times_tdb_s
    return float(times[-1] - times[0]) / (times.size - 1)


def check_grids(light: LightSeries, grid: Grid) -> None:
    """Raise GridError unless light and ground share a grid."""
    if light.grid != grid:
        raise GridError(f"drive: the light lies on {light.grid}, the ground on {grid}", "compute both on one grid")
