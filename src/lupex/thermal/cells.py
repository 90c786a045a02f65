"""What columns are computed from and give: cells, how they are brought to equilibrium, and the state found."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError, LupexError
from lupex.base.gate import numbers_checked

F64 = NDArray[np.float64]


class NotConvergedError(LupexError):
    """A column did not reach a state that repeats."""


@dataclass(frozen=True)
class Stage:
    """Periods at one length of step: steps per lunation, samples of the Sun in each, periods followed by a shift."""

    steps: int
    samples: int
    periods: int


@numbers_checked
@dataclass(frozen=True)
class Plan:
    """How columns are brought to equilibrium.

    Attributes:
        stages: run one after the other; a stage ends early once no shift exceeds ``enough_k``.
        enough_k: shift (K) below which a column is taken as settled.
        drift_k_per_year: the free period must not drift more, nor miss more than `MOST_IMBALANCE` of its heat;
            otherwise more shifted periods are run. Infinite: both are reported as they are.
        most_periods: of the last stage, before `NotConvergedError`.
        double: float64 instead of float32, which hides drift: only with an infinite limit of it.
    """

    stages: tuple[Stage, ...] = (Stage(60, 2, 6), Stage(480, 2, 6))
    enough_k: float = 0.003
    drift_k_per_year: float = 0.02
    most_periods: int = 12
    double: bool = True

    def __post_init__(self) -> None:
        if not self.stages or any(s.steps < 30 or s.samples < 1 or s.periods < 0 for s in self.stages):
            raise InputError("thermal: a stage with fewer than 30 steps per lunation", "use 60 or more")


@dataclass(frozen=True, eq=False)
class Cells:
    """What the Sun meets.

    Attributes:
        east, north, up, normal: (cell, 3) unit vectors in the frame of the Sun's path; east and north are those the
            skyline's azimuths count from and need not be of unit length (only their ratio matters).
        skyline_sine: (cell, azimuth) sine of the skyline's elevation, azimuths even from north through east.
        base_w_m2: (cell,) absorbed at all times.
        facing_w_m2: (cell, row) absorbed from facing slopes for each row of the Sun's path, or None.
    """

    east: F64
    north: F64
    up: F64
    normal: F64
    skyline_sine: NDArray[np.float32]
    base_w_m2: F64
    facing_w_m2: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return int(self.up.shape[0])


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """Columns over the last, free period.

    Attributes:
        mean_k, min_k, max_k: (cell, node).
        end_k: (cell, node) at the end of the period, which is its beginning.
        next_k: the same moved once more towards the closed form: where to go on from.
        loss_kg_m2_gyr: (cell, node) mean loss of bare ice at each node's temperatures.
        drift_k_per_year: (cell,) largest change of any node over the free period.
        shift_k: (cell,) largest shift after the period before.
        absorbed_w_m2, emitted_w_m2: (cell,) means.
        deep_flow_w_m2: (cell,) mean upward heat flux below 1 m.
        trace_k: (step, node) of the first cell, when asked for.
        emitted_rows_w_m2: (cell, row) mean emission by row of the Sun's path, when asked for.
        periods: run in all.
    """

    mean_k: F64
    min_k: F64
    max_k: F64
    end_k: F64
    next_k: F64
    loss_kg_m2_gyr: F64
    drift_k_per_year: F64
    shift_k: F64
    absorbed_w_m2: F64
    emitted_w_m2: F64
    deep_flow_w_m2: F64
    trace_k: F64
    emitted_rows_w_m2: NDArray[np.float32] | None
    periods: int


@dataclass(frozen=True)
class Wanted:
    """What is kept of the free period besides extremes: the trace of the first cell, the emission by row."""

    trace: bool = False
    rows: int = 0
    start_k: F64 | None = None


def cells_from(cells: Cells, chosen: NDArray[np.intp] | slice) -> Cells:
    """Some of the cells.

    Args:
        chosen: the cells asked for.
    """
    facing = None if cells.facing_w_m2 is None else cells.facing_w_m2[chosen]
    return replace(
        cells,
        east=cells.east[chosen],
        north=cells.north[chosen],
        up=cells.up[chosen],
        normal=cells.normal[chosen],
        skyline_sine=cells.skyline_sine[chosen],
        base_w_m2=cells.base_w_m2[chosen],
        facing_w_m2=facing,
    )
