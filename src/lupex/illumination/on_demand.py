"""Sunlight and Earth view of every cell over even time steps, computed piece by piece when asked for."""

import numpy as np

from lupex.base.arrays import F64, U8
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import SpanError
from lupex.base.frames import unit_vectors
from lupex.base.running import Running
from lupex.base.threads import over_rows
from lupex.illumination import sky as bodies
from lupex.illumination.places import Places, places
from lupex.illumination.sky import Body
from lupex.illumination.span import even_step_s
from lupex.kernels.light.steps import disc_series
from lupex.model import Grid, HorizonMap, SkyTable, Terrain
from lupex.model.fields.light_series import LightAxis, OnAxis, Window

POINT_RAD = 1e-9
"""Radius of a body that counts as in view when its centre is."""


class HorizonLight(OnAxis):
    """A LightSeries from a horizon map: step k is judged at the middle of times_tdb_s[k] .. times_tdb_s[k + 1].

    Args:
        terrain, horizons: of the grid planned on, eyes at the horizon map's height.
        sky: evenly spaced times, the *middles* of the steps.
        station: name of a station in the sky table that must be in view; '' for the Earth's centre.
        running: on how many threads.

    Nothing is kept between reads; memory is that of the piece asked for. Raises GridError when terrain and horizons
    differ in grid, SpanError for uneven times or a station the table has not.
    """

    def __init__(
        self, terrain: Terrain, horizons: HorizonMap, sky: SkyTable, station: str = "", running: Running = Running()
    ) -> None:
        step_s = even_step_s(sky.times_tdb_s)
        pole = terrain.grid.pole
        middles = sky.times_tdb_s
        self._horizons = horizons
        self._places = places(terrain, horizons)
        self._unknown = ~np.isfinite(terrain.elevation_m)
        self._sun = bodies.sun(sky, pole)
        self._other = bodies.station(sky, station, pole) if station else bodies.earth(sky, pole)
        self._running = running
        super().__init__(
            LightAxis(
                grid=terrain.grid,
                times_tdb_s=np.append(middles - 0.5 * step_s, middles[-1] + 0.5 * step_s),
                sun_strength=bodies.strength(self._sun),
                sun_elevation_deg=_elevation_deg(self._sun, terrain.grid),
            )
        )

    def read(self, first: int, last: int, window: Window | None = None) -> tuple[U8, U8]:
        """As in LightSeries. Raises SpanError for steps the series does not hold.

        Args:
            first, last: steps first <= k < last.
            window: (row, col, rows, cols) to read; None for the whole map.
        """
        if not 0 <= first < last <= self.sun_strength.size:
            raise SpanError(f"light: steps {first} to {last} asked for, the series has {self.sun_strength.size}")
        row, col, rows, cols = window or (0, 0, *self.grid.shape)
        part = (slice(row, row + rows), slice(col, col + cols))
        counts = np.ascontiguousarray(self._horizons.counts[:, part[0], part[1]])
        seen = [np.ascontiguousarray(a[part]) for a in _where(self._places)]
        unknown = self._unknown[part]
        # Both bodies in one series, as if one came after the other: the skylines are laid out once.
        steps = last - first
        both = (self._sun.position_m[:, first:last], self._other.position_m[:, first:last])
        positions = np.ascontiguousarray(np.concatenate(both, axis=1))
        radius = np.concatenate([self._sun.radius_rad[first:last], np.full(steps, POINT_RAD)])
        out = np.empty((2 * steps, *unknown.shape), np.uint8)

        def work(from_row: int, to_row: int) -> None:
            disc_series(counts, from_row, to_row, *seen, *positions, radius, out)

        over_rows(work, unknown.shape[0], self._running)
        out[:, unknown] = 0
        np.right_shift(out[steps:], 7, out=out[steps:])  # of a point, half or more of the disc is its centre
        return out[:steps], out[steps:]


def _elevation_deg(sun: Body, grid: Grid) -> F64:
    """Sun (step,) above the horizontal at the middle of a grid."""
    unit = unit_vectors(0.5 * (grid.left_m + grid.right_m), 0.5 * (grid.top_m + grid.bottom_m))
    towards = sun.position_m - MOON_RADIUS_M * unit[:, None]
    return np.asarray(np.degrees(np.arcsin(unit @ towards / np.linalg.norm(towards, axis=0))))


def _where(seen: Places) -> tuple[F64, F64, F64, F64]:
    return seen.px, seen.py, seen.pk, seen.distance_m
