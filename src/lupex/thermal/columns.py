"""Columns brought to the state that repeats with the Sun, and the proof that they are there.

Method: docs/theory/temperature.md. In a periodic state the mean of theta at depth z is that of the surface plus the
heat flow times the thermal resistance down to z. After every period each node is moved there at once, and the surface
towards its radiative balance; the last period runs free, and its change of temperature is the drift that is reported.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError, LupexError
from lupex.base.running import Running
from lupex.base.threads import over_rows
from lupex.kernels.heat.columns import through_time
from lupex.kernels.heat.lanes import LANES, step_constants
from lupex.kernels.heat.sunlight import GEOMETRY, light_constants
from lupex.thermal.regolith import (
    COLDEST_K,
    HEAT_CAPACITY,
    REFERENCE_K,
    STEFAN_BOLTZMANN_W_M2_K4,
    Layers,
    Regolith,
)
from lupex.thermal.sun import SUN_RADIUS_RAD, SunPath

F64 = NDArray[np.float64]

YEAR_S = 365.25 * 86_400.0
START_K = 100.0
LEAST_K = 3.0
MOST_IMBALANCE = 5e-7
"""Share of its heat that a column may give out too much or too little over the free period."""


class NotConvergedError(LupexError):
    """A column did not reach a state that repeats."""


@dataclass(frozen=True)
class Stage:
    """Periods at one length of step: steps per lunation, samples of the Sun in each, periods followed by a shift."""

    steps: int
    samples: int
    periods: int


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


def equilibrium(
    ground: Regolith,
    layers: Layers,
    cells: Cells,
    sun: SunPath,
    plan: Plan = Plan(),
    loss_fit: F64 | None = None,
    wanted: Wanted = Wanted(),
    running: Running = Running(),
) -> Equilibrium:
    """The repeating state of every cell's column under the Sun.

    Args:
        layers: of the column, with their properties.
        cells: the cells of the surface, in lanes.
        sun: sunlight on the cells over a period.
        plan: how the survey or the computation is laid out.
        wanted: what is returned of the column.
        ground: of the law 'radiative'.
        loss_fit: (9,) from `sublimation.loss_fit`; None: no loss is summed.

    Raises: NotConvergedError when columns still drift; InputError where one has neither light nor heat.
    """
    run = _Run(ground, layers, cells, sun, plan, wanted, running)
    shift = np.full(len(cells), np.inf)
    most_missed = MOST_IMBALANCE if plan.drift_k_per_year < np.inf else np.inf
    for number, stage in enumerate(plan.stages):
        for _ in range(stage.periods):
            run.period(stage)
            missed = run.imbalance()
            shift = run.shift()
            much = 1.0 if number + 1 == len(plan.stages) else 10.0
            if shift.max() < much * plan.enough_k and missed <= much * most_missed:
                break
    last = plan.stages[-1]
    for _ in range(plan.most_periods):
        before = run.temperature()
        run.period(last, np.zeros(9) if loss_fit is None else loss_fit)
        drift = np.abs(run.temperature() - before).max(axis=1) * (YEAR_S / sun.period_s)
        if not np.isfinite(drift).all():
            raise NotConvergedError("thermal: columns became unstable", "use more steps per lunation")
        missed = run.imbalance()
        if drift.max() <= plan.drift_k_per_year and missed <= most_missed:
            return run.result(drift, shift)
        shift = run.shift()
    raise NotConvergedError(
        f"thermal: after {run.periods} periods a column still drifts by {drift.max():.3g} K a year and misses "
        f"{missed:.3g} of its heat (limits {plan.drift_k_per_year:g}, {most_missed:g})",
        "use more periods, or look at its light and heat flow",
    )


class _Run:
    """Arrays of one computation."""

    def __init__(
        self, ground: Regolith, layers: Layers, cells: Cells, sun: SunPath, plan: Plan, wanted: Wanted,
        running: Running,
    ) -> None:  # fmt: skip
        if ground.conductivity_law != "radiative":
            raise InputError(
                f"thermal: regolith {ground.name} has the conductivity law '{ground.conductivity_law}'",
                "many columns at once need the law 'radiative'",
            )
        self.ground, self.layers, self.cells, self.sun, self.plan, self.wanted = (
            ground, layers, cells, sun, plan, wanted,
        )  # fmt: skip
        self.running = running
        self.dtype: type[np.floating] = np.float64 if plan.double else np.float32
        self.nodes = layers.depth_m.size
        self.b = ground.radiative_chi / (4.0 * REFERENCE_K**3)
        self.blocks = -(-len(cells) // LANES)
        geometry = np.column_stack(
            [cells.east, cells.north, cells.up, cells.normal, np.sum(cells.normal * cells.up, axis=1)]
        )
        self.geometry = self.packed(geometry).reshape(self.blocks, GEOMETRY * LANES)
        self.horizon = self.packed(cells.skyline_sine)
        self.base = self.packed(cells.base_w_m2[:, None])[:, 0]
        facing = cells.facing_w_m2
        self.table = self.packed(np.zeros((len(cells), 0)) if facing is None else facing)
        start = np.full((len(cells), self.nodes), START_K) if wanted.start_k is None else wanted.start_k
        self.state = np.zeros((self.blocks, self.nodes, 3 * LANES), self.dtype)
        self.set_temperature(start)
        self.step_s = 0.0
        self.periods = 0

    def packed(self, values: NDArray[np.generic]) -> NDArray[np.floating]:
        """(cell, k) as (block, k, LANES); the last block is filled up with its last cell."""
        filled = np.empty((self.blocks * LANES, values.shape[1]), self.dtype)
        filled[: len(self.cells)] = values
        filled[len(self.cells) :] = values[-1:]
        return np.ascontiguousarray(filled.reshape(self.blocks, LANES, -1).transpose(0, 2, 1))

    def unpacked(self, values: NDArray[np.floating]) -> F64:
        """(block, k, LANES) as (cell, k) float64."""
        cells = values.transpose(0, 2, 1).reshape(self.blocks * LANES, values.shape[1])
        return cells[: len(self.cells)].astype(np.float64)

    def temperature(self) -> F64:
        return self.unpacked(self.state[:, :, :LANES])

    def set_temperature(self, kelvin: F64) -> None:
        self.state[:, :, :LANES] = self.packed(kelvin)

    def period(self, stage: Stage, loss_fit: F64 | None = None) -> None:
        """One period; with ``loss_fit`` extremes, trace and rows are kept."""
        steps = self.sun.lunations * stage.steps
        step_s = self.sun.period_s / steps
        if self.step_s:  # the increment scales with the step, the heat owed does not
            self.state[:, :, LANES : 2 * LANES] *= np.asarray(step_s / self.step_s, self.dtype)
        self.step_s = step_s
        keep = loss_fit is not None
        d, ground = self.dtype, self.ground
        self.steps = steps
        self.sums = np.zeros((self.blocks, self.nodes + 1, LANES))
        self.means = np.zeros((self.blocks, LANES))
        self.emitted = np.zeros((self.blocks, self.wanted.rows if keep else 0, LANES), d)
        self.trace = np.zeros((steps if keep and self.wanted.trace else 0, self.nodes), d)
        self.extremes = np.zeros((self.blocks, self.nodes if keep else 0, 4 * LANES), d)
        self.extremes[:, :, LANES : 2 * LANES] = 1e9
        rows, scale = self.sun.facing_rows(stage.steps)
        self.facing_rows = rows
        sun = self.sun.rows(stage.steps, stage.samples).astype(d)
        law = (ground.albedo, ground.albedo_45deg, ground.albedo_90deg)
        light = light_constants(self.horizon.shape[1], SUN_RADIUS_RAD, law, d)
        es = ground.emissivity * STEFAN_BOLTZMANN_W_M2_K4
        k = step_constants(self.b, HEAT_CAPACITY, es, ground.heat_flow_w_m2, d)
        loss = np.asarray(np.zeros(9) if loss_fit is None else loss_fit, d)
        mass, conductance = (self.layers.mass_kg_m2 / step_s).astype(d), self.layers.conductance_w_m2_k.astype(d)
        order = np.arange(self.nodes)

        def work(first: int, last: int) -> None:
            through_time(
                first, last, self.sun.lunations, stage.samples, self.state, sun, self.geometry, self.horizon,
                self.base, self.table, rows, scale.astype(d), light, mass, conductance, k, order, self.sums,
                self.means, self.emitted, self.trace if first == 0 else self.trace[:0], self.extremes, loss,
            )  # fmt: skip

        running = replace(self.running, workers=1) if self.blocks == 1 else self.running
        over_rows(work, self.blocks, running, f"temperature, period {self.periods + 1}")
        self.periods += 1

    def means_of_period(self) -> tuple[F64, F64, F64]:
        """Mean theta (cell, node), emission and absorption (cell,) of the last period."""
        sums = self.unpacked(self.sums) / self.steps
        return sums[:, :-1], sums[:, -1], self.means.reshape(-1)[: len(self.cells)] / self.steps

    def imbalance(self) -> float:
        """Largest share of its heat, over all cells, that a column gave out too much or too little in the period."""
        _, emitted, absorbed = self.means_of_period()
        supplied = absorbed + self.ground.heat_flow_w_m2
        return float(np.max(np.abs(emitted - supplied) / np.maximum(supplied, 1e-12)))

    def shift(self) -> F64:
        """Move every node so that its mean meets the closed form; returns the largest move (cell,)."""
        theta, emitted, absorbed = self.means_of_period()
        kelvin = _from_theta(theta, self.b)
        qb = self.ground.heat_flow_w_m2
        surface = np.maximum(kelvin[:, 0], LEAST_K)
        missed = absorbed + qb - emitted
        move = missed / np.maximum(4.0 * emitted / surface, 1e-9)
        move = np.clip(move, -0.5 * surface, 2.0 * surface) * (1.0 + 4.0 * self.b * surface**3)
        wanted = (theta[:, 0] + move)[:, None] + qb * self.layers.resistance_m2_k_w
        by = (wanted - theta) / (1.0 + 4.0 * self.b * np.maximum(kelvin, LEAST_K) ** 3)
        self.set_temperature(np.maximum(self.temperature() + by, LEAST_K))
        return np.asarray(np.abs(by).max(axis=1))

    def result(self, drift: F64, shift: F64) -> Equilibrium:
        theta, emitted, absorbed = self.means_of_period()
        highest, lowest, total, loss = np.split(self.extremes, 4, axis=2)
        minimum = self.unpacked(lowest)
        mean = self.unpacked(total) / self.steps
        if mean.min() < COLDEST_K:
            raise InputError(
                f"thermal: a column is as cold as {mean.min():.1f} K; its heat capacity holds from {COLDEST_K:g} K on",
                "give it some heat flow or light",
            )
        flow = self.layers.conductance_w_m2_k * np.diff(theta, axis=1)
        deep = self.layers.depth_m[1:] > 1.0
        rows = None
        if self.wanted.rows:
            counts = np.bincount(self.facing_rows, minlength=self.wanted.rows)
            rows = (self.unpacked(self.emitted) / np.maximum(counts, 1)).astype(np.float32)
        end = self.temperature()
        self.shift()
        return Equilibrium(
            mean,
            minimum,
            self.unpacked(highest),
            end,
            self.temperature(),
            self.unpacked(loss) / self.steps,
            drift,
            shift,
            absorbed,
            emitted,
            flow[:, deep].mean(axis=1),
            self.trace.astype(np.float64),
            rows,
            self.periods,
        )


def _from_theta(theta: F64, b: float) -> F64:
    """Temperature of theta = T + b T^4, by Newton from above."""
    kelvin = np.asarray(np.minimum(theta, (np.maximum(theta, 0.0) / max(b, 1e-30)) ** 0.25))
    for _ in range(30):
        kelvin = kelvin - (kelvin + b * kelvin**4 - theta) / (1.0 + 4.0 * b * kelvin**3)
    return np.asarray(kelvin)


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
