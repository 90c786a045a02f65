"""Light that is asked for more than once."""

import threading

from lupex.base.arrays import F64, U8
from lupex.model import Grid, LightSeries
from lupex.model.fields.light_series import Window

REMEMBERED_BYTES = 750_000_000


class Remembered:
    """A LightSeries that keeps the pieces read from another one, up to a limit, and gives them again."""

    def __init__(self, light: LightSeries, limit_bytes: int = REMEMBERED_BYTES) -> None:
        self._light = light
        self._left = limit_bytes
        self._kept: dict[tuple[int, int, Window | None], tuple[U8, U8]] = {}
        self._lock = threading.Lock()

    @property
    def grid(self) -> Grid:
        """The grid planned on."""
        return self._light.grid

    @property
    def times_tdb_s(self) -> F64:
        """Boundaries of the steps (step + 1,)."""
        return self._light.times_tdb_s

    @property
    def sun_strength(self) -> F64:
        """Sunlight over that at 1 au (step,)."""
        return self._light.sun_strength

    @property
    def sun_elevation_deg(self) -> F64:
        """Sun above the horizontal (step,)."""
        return self._light.sun_elevation_deg

    def read(self, first: int, last: int, window: Window | None = None) -> tuple[U8, U8]:
        """As in LightSeries."""
        key = (first, last, window)
        found = self._kept.get(key)
        if found is None:
            found = self._light.read(first, last, window)
            size = found[0].nbytes + found[1].nbytes
            with self._lock:
                if size <= self._left and key not in self._kept:
                    self._left -= size
                    self._kept[key] = found
        return found
