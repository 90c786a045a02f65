"""The best landing season: when the brightest suitable ground is lit longest."""

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import DAY_S
from lupex.base.errors import SpanError
from lupex.illumination import sky as bodies
from lupex.illumination.places import places
from lupex.illumination.span import even_step_s
from lupex.kernels.light import steps as kernel
from lupex.model import HorizonMap, SkyTable, Terrain

Indices = NDArray[np.int64]

MOST_CELLS = 2000


def brightest_cells(brightness: NDArray[np.float32], suitable: NDArray[np.bool_]) -> tuple[Indices, Indices]:
    """Rows and columns of the (at most 2000) brightest suitable cells, brightest first, ties in map order."""
    rows, cols = np.nonzero(suitable & np.isfinite(brightness))
    order = np.argsort(-brightness[rows, cols], kind="stable")[:MOST_CELLS]
    return rows[order], cols[order]


def lit_share(
    terrain: Terrain, horizons: HorizonMap, sky: SkyTable, rows: Indices, cols: Indices
) -> NDArray[np.float64]:
    """Share of the cells given with any part of the Sun's disc in view, per time (time,).

    Args:
        terrain, horizons: ground and its skylines, on one grid.
        sky: times and positions of the Sun.
        rows, cols: (cell,) of the cells to count.
    """
    where = places(terrain, horizons)
    sun = bodies.sun(sky, terrain.grid.pole)
    counts = np.ascontiguousarray(horizons.counts[:, rows, cols][:, None, :])
    out = np.empty((len(sky), 1, rows.size), np.uint8)
    at = [np.ascontiguousarray(a[rows, cols][None, :]) for a in (where.px, where.py, where.pk, where.distance_m)]
    x, y, k = sun.position_m
    kernel.disc_series(counts, 0, 1, at[0], at[1], at[2], at[3], x, y, k, sun.radius_rad, out)
    return np.asarray((out[:, 0, :] > 0).mean(axis=1))


def best_season(
    lit: NDArray[np.float64], sky: SkyTable, days: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], int]:
    """Mean of ``lit`` (time,) over windows of ``days`` from every day of the table.

    Args:
        sky: whose times (time,) belong to ``lit``.

    Returns the time index of each start (start,), the mean in its window (start,), and which start is best
    (the earliest of equals). Raises SpanError when the span is shorter than the season.
    """
    step_s = even_step_s(sky.times_tdb_s)
    if lit.shape != sky.times_tdb_s.shape:
        raise SpanError(
            f"landing season: {lit.size} shares of light for {len(sky)} times", "use the sky they came from"
        )
    length = max(1, round(days * DAY_S / step_s))
    if length > lit.size:
        raise SpanError(
            f"landing season: {days:g} days do not fit into the mission span of {lit.size * step_s / DAY_S:.1f} days",
            "lengthen [light] stop_utc or shorten [light] season_days",
        )
    total = np.concatenate([[0.0], np.cumsum(lit)])
    stride = max(1, round(DAY_S / step_s))
    starts = np.arange(0, lit.size - length + 1, stride)
    mean = (total[starts + length] - total[starts]) / length
    return starts, mean, int(np.argmax(np.round(mean, 12)))
