"""The skyline of every cell."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import GridError
from lupex.model.fields.grid import Grid
from lupex.model.fields.terrain import frozen
from lupex.model.glance import THUMBNAIL_CELLS, Glance


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class HorizonMap(Glance):
    """Elevation of the skyline above the local horizontal, per pencil azimuth and cell.

    Attributes:
        azimuths_pencil_deg: (azimuth,) ascending, evenly spaced, first is 0, covering [0, 360).
            See `lupex.base.frames`: clockwise direction in the polar gnomonic map.
        counts: (azimuth, row, col) int16, elevation in steps of ``UNIT_DEG``; ``NODATA`` where
            the cell has no height. May be memory-mapped.
        observer_height_m: height of the eye above the ground.
        search_radius_m: how far terrain was searched.
        synthetic_below_m: as in Terrain.
    """

    UNIT_DEG: ClassVar[float] = 0.003
    NODATA: ClassVar[int] = -32768

    grid: Grid
    azimuths_pencil_deg: NDArray[np.float64]
    counts: NDArray[np.int16]
    observer_height_m: float
    search_radius_m: float
    synthetic_below_m: float | None = None

    def __post_init__(self) -> None:
        shape = (self.azimuths_pencil_deg.size, *self.grid.shape)
        if self.counts.shape != shape:
            raise GridError(f"horizon map: counts have shape {self.counts.shape}, expected {shape}")
        if self.counts.dtype != np.int16:
            raise GridError(f"horizon map: counts are {self.counts.dtype}, expected int16")
        object.__setattr__(self, "counts", frozen(self.counts))
        object.__setattr__(self, "azimuths_pencil_deg", frozen(self.azimuths_pencil_deg))

    def _facts(self) -> dict[str, str]:
        below = "" if self.synthetic_below_m is None else f"synthetic below {self.synthetic_below_m:g} m"
        eye, reach = f"eye {self.observer_height_m:g} m", f"searched to {self.search_radius_m / 1000.0:g} km"
        azimuths = f"{self.azimuths_pencil_deg.size} azimuths"
        return {"azimuths": azimuths, "grid": self.grid.words, "eye": eye, "reach": reach, "synthetic": below}

    def _picture(self) -> NDArray[np.float64]:
        """The highest skyline of each cell: dark in the open, bright in pits. Few are read."""
        step = max(1, -(-max(self.grid.shape) // THUMBNAIL_CELLS))
        thin = self.counts[:: max(1, self.azimuths_pencil_deg.size // 72), ::step, ::step].max(axis=0)
        return np.where(thin == self.NODATA, np.nan, thin * self.UNIT_DEG)

    def elevation_deg(self, row: int, col: int) -> NDArray[np.float64]:
        """Skyline of one cell (azimuth,), degrees; NaN where the cell has no height."""
        counts = self.counts[:, row, col].astype(np.float64)
        return np.where(counts == self.NODATA, np.nan, counts * self.UNIT_DEG)
