"""Values by packet time, in whatever order they came."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.float64]


@dataclass
class Series:
    """Values of one parameter in order of packet time; of equal times the last to come is the last."""

    _times: list[Times] = field(default_factory=list)
    _values: list[NDArray[Any]] = field(default_factory=list)

    def see(self, tai_s: Times, values: NDArray[Any]) -> None:
        """Take in values (n,) and their packet times; those without time are left out."""
        known = np.isfinite(np.asarray(tai_s, np.float64))
        self._times.append(np.asarray(tai_s, np.float64)[known])
        self._values.append(np.asarray(values)[known])

    @property
    def sorted(self) -> tuple[Times, NDArray[Any]]:
        """Times and values by packet time."""
        if not self._times:
            return np.empty(0), np.empty(0)
        if len(self._times) > 1:
            times, values = np.concatenate(self._times), np.concatenate(self._values)
            order = np.argsort(times, kind="stable")
            self._times, self._values = [times[order]], [values[order]]
        elif self._times[0].size and np.any(np.diff(self._times[0]) < 0.0):
            order = np.argsort(self._times[0], kind="stable")
            self._times, self._values = [self._times[0][order]], [self._values[0][order]]
        return self._times[0], self._values[0]

    def at(self, tai_s: Times) -> tuple[NDArray[Any], Times]:
        """The newest value at or before each time and its age (s), infinite where there is none.

        Args:
            tai_s: (n,) times.
        """
        times, values = self.sorted
        if not times.size:
            return np.full(tai_s.shape, np.nan), np.full(tai_s.shape, np.inf)
        k = np.searchsorted(times, tai_s, side="right") - 1
        age = np.where(k >= 0, tai_s - times[np.maximum(k, 0)], np.inf)
        return values[np.maximum(k, 0)], age
