"""Which cells and azimuths the benchmarks look at: the same for everybody."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.model import Terrain

MARGIN_CELLS = 40


@dataclass(frozen=True, eq=False)
class Sample:
    """Cells looked at: row, col (cell,) and nominal azimuths (azimuth,), degrees."""

    row: NDArray[np.int64]
    col: NDArray[np.int64]
    azimuth_deg: NDArray[np.float64]


def sample(terrain: Terrain, cells: int, azimuths: int) -> Sample:
    """Random cells away from the edge, the same for everybody, and evenly spaced azimuths."""
    rng = np.random.default_rng(7)
    rows, cols = terrain.grid.shape
    margin = min(MARGIN_CELLS, rows // 5)
    return Sample(
        rng.integers(margin, rows - margin, cells),
        rng.integers(margin, cols - margin, cells),
        np.arange(azimuths) * (360.0 / azimuths),
    )
