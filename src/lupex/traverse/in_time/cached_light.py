"""Light that is asked for more than once."""

import threading

from lupex.base.arrays import U8
from lupex.model import LightSeries
from lupex.model.fields.light_series import LightAxis, OnAxis, Window

KEPT_BYTES = 750_000_000


class CachedLight(OnAxis):
    """A LightSeries that keeps the pieces read from another one, up to a limit, and gives them again."""

    def __init__(self, light: LightSeries, limit_bytes: int = KEPT_BYTES) -> None:
        super().__init__(LightAxis.of(light))
        self._light = light
        self._left = limit_bytes
        self._kept: dict[tuple[int, int, Window | None], tuple[U8, U8]] = {}
        self._lock = threading.Lock()

    def read(self, first: int, last: int, window: Window | None = None) -> tuple[U8, U8]:
        """As in LightSeries.

        Args:
            first: first step.
            last: step after the last.
            window: (row, col, rows, cols).
        """
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
