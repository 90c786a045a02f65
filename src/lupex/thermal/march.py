"""Periods of columns by the kernels, and the shift after each: once for either law of conductivity.

Method: docs/theory/temperature.md.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.base.running import Running
from lupex.base.threads import over_rows
from lupex.kernels.heat.columns import through_time
from lupex.kernels.heat.lanes import LANES, LEAST_AHEAD, couplings, step_constants
from lupex.kernels.heat.lanes_two import through_time_two
from lupex.kernels.heat.sunlight import GEOMETRY, light_constants
from lupex.thermal.cells import Cells, Equilibrium, Plan, Stage, Wanted
from lupex.thermal.regolith import (
    AMORPHOUS,
    COLDEST_K,
    HEAT_CAPACITY,
    REFERENCE_K,
    STEFAN_BOLTZMANN_W_M2_K4,
    Layers,
    Regolith,
    amorphous_w_m_k,
    deep_node,
)
from lupex.thermal.sun import SUN_RADIUS_RAD, SunPath

F64 = NDArray[np.float64]

START_K = 100.0
LEAST_K = 3.0


class Run:
    """Arrays of one computation, with the conductivity law 'radiative'."""

    through = staticmethod(through_time)

    def __init__(
        self, ground: Regolith, layers: Layers, cells: Cells, sun: SunPath, plan: Plan, wanted: Wanted,
        running: Running,
    ) -> None:  # fmt: skip
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
        """(cell, node) temperatures now."""
        return self.unpacked(self.state[:, :, :LANES])

    def set_temperature(self, kelvin: F64) -> None:
        """Put (cell, node) temperatures in place of those now; increments and heat owed stay."""
        self.state[:, :, :LANES] = self.packed(kelvin)

    def period(self, stage: Stage, loss_fit: F64 | None = None) -> None:
        """One period; with ``loss_fit`` extremes, trace and rows are kept."""
        steps = self.sun.lunations * stage.steps
        step_s = self.sun.period_s / steps
        if self.step_s not in (0.0, step_s):  # the increment scales with the step, the heat owed does not
            self.state[:, :, LANES : 2 * LANES] *= np.asarray(step_s / self.step_s, self.dtype)
        self.step_s = step_s
        keep = loss_fit is not None
        d, ground = self.dtype, self.ground
        self.steps = steps
        self.sums = np.zeros((self.blocks, self.sum_rows, LANES))
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
        loss = np.asarray(np.zeros(9) if loss_fit is None else loss_fit, d)
        column = self.column()
        before = (sun, self.geometry, self.horizon, self.base, self.table, rows, scale.astype(d), light)

        def work(first: int, last: int) -> None:
            trace = self.trace if first == 0 else self.trace[:0]
            after = (self.sums, self.means, self.emitted, trace, self.extremes, loss)
            self.through(first, last, self.sun.lunations, stage.samples, self.state, *before, *column, *after)

        running = replace(self.running, workers=1) if self.blocks == 1 else self.running
        over_rows(work, self.blocks, running, f"temperature, period {self.periods + 1}")
        self.periods += 1

    @property
    def sum_rows(self) -> int:
        """Rows of the sums of a period."""
        return self.nodes + 1

    def column(self) -> tuple[NDArray[np.floating] | int, ...]:
        """What the kernel takes of the layers and the ground: between the light and the sums."""
        es = self.ground.emissivity * STEFAN_BOLTZMANN_W_M2_K4
        k = step_constants(self.b, HEAT_CAPACITY, es, self.ground.heat_flow_w_m2, self.dtype)
        mass = self.layers.mass_kg_m2 / self.step_s
        coupling = couplings(mass, self.layers.conductance_w_m2_k)
        return mass.astype(self.dtype), coupling.astype(self.dtype), k, deep_node(self.ground, self.layers)

    def flow(self) -> F64:
        """(cell, face) mean upward heat flux between the nodes in the last period."""
        return np.asarray(self.layers.conductance_w_m2_k * np.diff(self.means_of_period()[0], axis=1))

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
        move = _towards_balance(surface, absorbed + qb - emitted, emitted) * (1.0 + 4.0 * self.b * surface**3)
        wanted = (theta[:, 0] + move)[:, None] + qb * self.layers.resistance_m2_k_w
        by = (wanted - theta) / (1.0 + 4.0 * self.b * np.maximum(kelvin, LEAST_K) ** 3)
        self.set_temperature(np.maximum(self.temperature() + by, LEAST_K))
        return np.asarray(np.abs(by).max(axis=1))

    def result(self, drift: F64, shift: F64) -> Equilibrium:
        """The last period as it is reported, with what it drifted by and the largest shift before it (cell,)."""
        _, emitted, absorbed = self.means_of_period()
        highest, lowest, total, loss = np.split(self.extremes, 4, axis=2)
        minimum = self.unpacked(lowest)
        mean = self.unpacked(total) / self.steps
        if mean.min() < COLDEST_K:
            raise InputError(
                f"thermal: a column is as cold as {mean.min():.1f} K; its heat capacity holds from {COLDEST_K:g} K on",
                "give it some heat flow or light",
            )
        flow = self.flow()
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


class TwoRun(Run):
    """The same with the law 'martinez_siegler': the closed form in theta is gone, and flows are moved instead."""

    through = staticmethod(through_time_two)

    @property
    def sum_rows(self) -> int:
        """Rows of the sums of a period: temperatures, emission, flows."""
        return 2 * self.nodes

    def column(self) -> tuple[NDArray[np.floating] | int, ...]:
        """What the kernel takes of the layers and the ground: between the light and the sums."""
        es = self.ground.emissivity * STEFAN_BOLTZMANN_W_M2_K4
        numbers = (*AMORPHOUS, *HEAT_CAPACITY, es, self.ground.heat_flow_w_m2, LEAST_AHEAD)
        mass = (self.layers.mass_kg_m2 / self.step_s).astype(self.dtype)
        return mass, self.layers.conductance_w_m2_k.astype(self.dtype), np.array(numbers, self.dtype)

    def flow(self) -> F64:
        """(cell, face) mean upward heat flux between the nodes in the last period."""
        return self.unpacked(self.sums)[:, self.nodes + 1 :] / self.steps

    def means_of_period(self) -> tuple[F64, F64, F64]:
        """Mean temperature (cell, node), emission and absorption (cell,) of the last period."""
        sums = self.unpacked(self.sums) / self.steps
        absorbed = self.means.reshape(-1)[: len(self.cells)] / self.steps
        return sums[:, : self.nodes], sums[:, self.nodes], absorbed

    def shift(self) -> F64:
        """Move the surface towards its balance and every node below so that the flow above it meets the heat flow."""
        kelvin, emitted, absorbed = self.means_of_period()
        kelvin = np.maximum(kelvin, LEAST_K)
        qb = self.ground.heat_flow_w_m2
        by = np.zeros_like(kelvin)
        by[:, 0] = _towards_balance(kelvin[:, 0], absorbed + qb - emitted, emitted)
        slope = np.stack([amorphous_w_m_k(kelvin), kelvin**3], axis=-1)
        lacking = qb - self.flow()
        for i in range(1, self.nodes):
            face = self.layers.conductance_w_m2_k[i - 1]
            by[:, i] = (lacking[:, i - 1] + (slope[:, i - 1] @ face) * by[:, i - 1]) / (slope[:, i] @ face)
        now = self.temperature()
        by = np.clip(by, -0.5 * now, 2.0 * now)
        self.set_temperature(np.maximum(now + by, LEAST_K))
        return np.asarray(np.abs(by).max(axis=1))


def _towards_balance(surface_k: F64, missed: F64, emitted: F64) -> F64:
    """By how much (K) the surface must warm to emit what it misses (W/m2)."""
    move = missed / np.maximum(4.0 * emitted / surface_k, 1e-9)
    return np.asarray(np.clip(move, -0.5 * surface_k, 2.0 * surface_k))


def _from_theta(theta: F64, b: float) -> F64:
    """Temperature of theta = T + b T^4, by Newton from above."""
    kelvin = np.asarray(np.minimum(theta, (np.maximum(theta, 0.0) / max(b, 1e-30)) ** 0.25))
    for _ in range(30):
        kelvin = kelvin - (kelvin + b * kelvin**4 - theta) / (1.0 + 4.0 * b * kelvin**3)
    return np.asarray(kelvin)
