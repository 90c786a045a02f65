"""What temperature cycles pump into the ground, of a column and of every cell of a map.

Model and its sources: docs/theory/ice.md.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked
from lupex.thermal.ice import IceSettings, buried_loss_kg_m2_gyr
from lupex.thermal.sublimation import AVOGADRO, GYR_S, SPECIES, temperature_of_loss_k
from lupex.thermal.sun import PHASES, SEASONS

F64 = NDArray[np.float64]


PUMP_MODEL = "Schorghofer and Aharonson 2014; supply and weathering 1e12 molecules/m2/s (assumption)"
"""Beside everything that is said to be pumped."""


class PumpNotSettledError(InputError):
    """The coverage of a surface did not come to repeat: ice lasts on it, and there is nothing to pump."""


@numbers_checked
@dataclass(frozen=True)
class PumpSettings:
    """Water that arrives on the surface and is destroyed there (Schorghofer and Aharonson 2014, their standard case).

    Attributes:
        supply_m2_s: molecules that arrive, 1/m2/s; 1e12 is about 1 m of ice in 1e9 years.
        weathering_m2_s: molecules that space weathering destroys of a covered surface, 1/m2/s.
        monolayer_m2: molecules of one layer on the grains, 1/m2.
    """

    supply_m2_s: float = 1e12
    weathering_m2_s: float = 1e12
    monolayer_m2: float = 1e19

    def __post_init__(self) -> None:
        if not (self.supply_m2_s > 0.0 and self.weathering_m2_s > 0.0 and self.monolayer_m2 > 0.0):
            raise InputError("ice pump: supply, weathering and monolayer must lie above 0", "use 1e12, 1e12, 1e19")
        if self.supply_m2_s > self.weathering_m2_s:
            raise InputError(
                "ice pump: more water arrives than is destroyed, so ice would cover the surface",
                "use a supply no larger than the weathering",
            )


@dataclass(frozen=True, eq=False)
class Pump:
    """What temperature cycles drive into the ground.

    Attributes:
        surface_kg_m2_gyr: mean desorption from the surface, as loss of bare ice.
        differential_kg_m2_gyr: (node,) that less the mean loss of ice at the depth: above 0 vapour is driven down.
    """

    surface_kg_m2_gyr: float
    differential_kg_m2_gyr: F64


@dataclass(frozen=True, eq=False)
class PumpMap:
    """What temperature cycles drive into the ground of the cells of a map; 0 and infinite depth where nothing.

    Attributes:
        differential_kg_m2_gyr: (cell,) largest pumping differential at any depth, not below 0.
        flow_kg_m2_gyr: (cell,) what passes the cover to the depth where most does.
        depth_m: (cell,) that depth.
    """

    differential_kg_m2_gyr: F64
    flow_kg_m2_gyr: F64
    depth_m: F64


ISOTHERM, BEND = 0.402, 2.45
"""Of adsorbed water on lunar fines, in layers (Cadenhead and Stetter 1974, fit of Schorghofer and Aharonson 2014)."""

MOST_PUMP_PERIODS = 60
LN_MOLECULES = math.log(AVOGADRO / SPECIES["h2o_amorphous"].molar_kg)


def relative_pressure(layers: float) -> tuple[float, float]:
    """Vapour pressure of adsorbed water over that of ice, and its slope: 1 - exp(-a v), a cubic below 2.45 layers.

    Args:
        layers: v, mean number of layers on the grains.
    """
    if layers >= BEND:
        rest = math.exp(-ISOTHERM * layers)
        return 1.0 - rest, ISOTHERM * rest
    rest = math.exp(-ISOTHERM * BEND)
    cubic = (rest * (2.0 + ISOTHERM * BEND) - 2.0) / BEND**3  # value and slope meet at the bend
    square = (3.0 - rest * (3.0 + ISOTHERM * BEND)) / BEND**2
    return layers * layers * (square + cubic * layers), layers * (2.0 * square + 3.0 * cubic * layers)


def ice_pump(history_k: F64, period_s: float, settings: PumpSettings = PumpSettings()) -> Pump:
    """What a column's temperatures would pump into its ground: the pumping differential at each depth.

    Surface: d(sigma)/dt = supply - E(T) p(sigma) - weathering (1 - exp(-sigma / monolayer)), implicit steps, repeated
    until the mean loss repeats. E is that of amorphous ice, the law used with this model, beyond its range too.

    Args:
        history_k: (step, node) of a period that repeats, the surface first; as of `ThermalProfile`.
        period_s: its length.

    Raises PumpNotSettledError where the surface does not settle: ground so cold that ice lasts on it.
    """
    ln_loss = SPECIES["h2o_amorphous"].ln_loss
    loss = np.exp(np.asarray(ln_loss(np.asarray(history_k, np.float64))) + LN_MOLECULES)
    step_s, full = period_s / len(history_k), settings.monolayer_m2
    surface = loss[:, 0].tolist()
    layers, before = 1.0, math.inf
    for _ in range(MOST_PUMP_PERIODS):
        total = 0.0
        for most in surface:
            began = layers
            for _ in range(50):
                pressure, slope = relative_pressure(layers)
                bare = math.exp(-layers)
                gain = settings.supply_m2_s - most * pressure - settings.weathering_m2_s * (1.0 - bare)
                excess = layers - began - step_s / full * gain
                by = excess / (1.0 + step_s / full * (most * slope + settings.weathering_m2_s * bare))
                layers = max(layers - by, 0.1 * layers)
                if abs(by) <= 1e-10 * layers:
                    break
            total += most * relative_pressure(layers)[0]
        mean = total / len(surface)
        if abs(mean - before) <= 1e-6 * settings.supply_m2_s:
            unit = GYR_S * math.exp(-LN_MOLECULES)
            return Pump(mean * unit, np.asarray((mean - loss.mean(axis=0)) * unit))
        before = mean
    raise PumpNotSettledError("ice pump: the surface does not settle", "ice lasts on it: see the depth to stability")


def pump_map(
    surface_k: F64, loss_kg_m2_gyr: F64, depth_m: F64, lunation_s: float, settings: PumpSettings = PumpSettings(),
    ice: IceSettings = IceSettings(),
) -> PumpMap:  # fmt: skip
    """`ice_pump` for many cells at once, from their surface temperatures by hour and season.

    Args:
        surface_k: (cell, row) mean temperature of each hour and season, rows as those of facing slopes.
        loss_kg_m2_gyr: (cell, node) mean loss of bare ice by the law 'h2o'.
        depth_m: (node,) depths, the surface first.
        lunation_s: a day of the Moon.
        settings: supply and weathering of the surface.
        ice: the cover whose thickness slows what is driven down.
    """
    unit = GYR_S * math.exp(-LN_MOLECULES)
    supply = settings.supply_m2_s * unit
    # No more leaves the surface than arrives: below ground that loses more, nothing is driven down.
    asked = np.nonzero(loss_kg_m2_gyr[:, 1:].min(axis=1) < supply)[0]
    law = SPECIES["h2o_amorphous"]
    at_depth = np.exp(law.ln_loss(temperature_of_loss_k(loss_kg_m2_gyr[asked, 1:]))) * GYR_S
    # The Sun goes west: hours of a season follow each other from the last row to the first.
    in_time = surface_k[asked].reshape(-1, SEASONS, PHASES)[:, :, ::-1].reshape(-1, SEASONS * PHASES)
    leaves = np.exp(law.ln_loss(in_time) + LN_MOLECULES)
    desorbed = _settled_desorption(leaves, lunation_s / PHASES, settings) * unit
    excess = np.maximum(np.nan_to_num(desorbed[:, None] - at_depth, nan=0.0), 0.0)
    flow = buried_loss_kg_m2_gyr(excess, depth_m[1:], ice)
    most = flow.argmax(axis=1)
    rows, cells = np.arange(asked.size), surface_k.shape[0]
    found = PumpMap(np.zeros(cells), np.zeros(cells), np.full(cells, np.inf))
    found.differential_kg_m2_gyr[asked] = excess.max(axis=1)
    found.flow_kg_m2_gyr[asked] = flow[rows, most]
    found.depth_m[asked] = np.where(flow[rows, most] > 0.0, depth_m[1:][most], np.inf)
    return found


def _settled_desorption(leaves_m2_s: F64, step_s: float, settings: PumpSettings) -> F64:
    """(cell,) mean molecules/m2/s that leave surfaces that would lose ``leaves`` (cell, step) of bare ice.

    NaN where the coverage does not come to repeat.
    """
    out = np.full(len(leaves_m2_s), np.nan)
    left, layers = np.arange(len(leaves_m2_s)), np.ones(len(leaves_m2_s))
    before = np.full(left.size, np.inf)
    share = step_s / settings.monolayer_m2
    for _ in range(MOST_PUMP_PERIODS):
        total = np.zeros(left.size)
        for most in leaves_m2_s[left].T:
            began = layers
            for _ in range(50):
                pressure, slope = _relative_pressures(layers)
                bare = np.exp(-layers)
                gain = settings.supply_m2_s - most * pressure - settings.weathering_m2_s * (1.0 - bare)
                by = (layers - began - share * gain) / (1.0 + share * (most * slope + settings.weathering_m2_s * bare))
                layers = np.maximum(layers - by, 0.1 * layers)
                if np.all(np.abs(by) <= 1e-8 * layers):
                    break
            total += most * _relative_pressures(layers)[0]
        mean = total / leaves_m2_s.shape[1]
        done = np.abs(mean - before) <= 1e-6 * settings.supply_m2_s
        out[left[done]] = mean[done]
        left, layers, before = left[~done], layers[~done], mean[~done]
        if left.size == 0:
            break
    return out


def _relative_pressures(layers: F64) -> tuple[F64, F64]:
    """`relative_pressure` of many."""
    rest, at = np.exp(-ISOTHERM * layers), math.exp(-ISOTHERM * BEND)
    cubic = (at * (2.0 + ISOTHERM * BEND) - 2.0) / BEND**3
    square = (3.0 - at * (3.0 + ISOTHERM * BEND)) / BEND**2
    thick = layers >= BEND
    value = np.where(thick, 1.0 - rest, layers * layers * (square + cubic * layers))
    return value, np.where(thick, ISOTHERM * rest, layers * (2.0 * square + 3.0 * cubic * layers))
