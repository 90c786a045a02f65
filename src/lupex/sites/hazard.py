"""How likely the ground at a cell is to harm a lander: slope, step and rocks at the scale of its legs.

Where the DEM resolves the legs' span, slope and step are read from it. Where it does not, they are extrapolated with
a published slope law, and the map says below which scale it is statistical. Rocks are always statistical. Craters
count through the slopes and steps they make. Derivation and limits: docs/theory/touchdown.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F32, F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError, MissionError
from lupex.kernels.decision.footprint import footprints
from lupex.model import Fact, Grid, HazardSettings, Terrain
from lupex.model.fields.terrain import frozen

RESOLVED_CELLS = 1.6
"""A footprint of at least this many cells is read from the DEM (its window is then two cells or more)."""


@dataclass(frozen=True)
class LanderLimits:
    """What a lander tolerates under its legs.

    ``span_m`` distance between opposite footpads; ``max_slope_deg`` over it; ``max_step_m`` largest departure of the
    ground from a plane under it; ``clearance_m`` height of the highest rock it may stand over.
    """

    span_m: float
    max_slope_deg: float
    max_step_m: float
    clearance_m: float

    def __post_init__(self) -> None:
        for name in ("span_m", "max_slope_deg", "max_step_m", "clearance_m"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0.0):
                raise MissionError(f"[lander]: {LANDER_FACTS[name]} is {value:g}", "give a positive number")


LANDER_FACTS = {
    "span_m": "footpad_span_m",
    "max_slope_deg": "max_slope_deg",
    "max_step_m": "max_step_m",
    "clearance_m": "ground_clearance_m",
}
"""Fields of LanderLimits and the facts of the catalogue they come from."""


@dataclass(frozen=True, eq=False)
class HazardMap:
    """Hazard probabilities per cell, 0..1 float32 (row, col), NaN where the terrain is unknown.

    ``layers``: 'hazard_probability' (any of the three causes, taken as independent), 'slope_hazard', 'step_hazard',
    'rock_hazard'; ``meanings`` a sentence for each; ``label`` says what is statistical or synthetic.
    """

    grid: Grid
    layers: dict[str, F32]
    meanings: dict[str, str]
    label: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", {name: frozen(layer) for name, layer in self.layers.items()})

    def __getitem__(self, name: str) -> F32:
        return self.layers[name]


def lander_limits(facts: Sequence[Fact]) -> LanderLimits:
    """The limits of a mission's lander from its facts. Raises MissionError naming a fact that is missing."""
    known = {fact.key: fact.value for fact in facts}
    for key in LANDER_FACTS.values():
        if key not in known:
            raise MissionError(f"[lander]: {key} is unknown", f"state it: {key} = {{ value = ..., source = '...' }}")
    return LanderLimits(**{field: float(known[key]) for field, key in LANDER_FACTS.items()})


def hazard_map(terrain: Terrain, lander: LanderLimits, settings: HazardSettings) -> HazardMap:
    """Probability (row, col) that a touchdown in a cell meets ground the lander does not tolerate.

    Slope is that of the best plane through the heights under the legs' span, or, where cells are too coarse, through
    3 x 3 cells plus the missing slope of the law; step is the largest departure from that plane, or the law's
    departure half-way between two legs; rocks follow `rock_hazard`. Raises InputError for terrain without heights.

    Args:
        terrain: heights of the site.
        lander: slope, step and rock it tolerates.
        settings: laws of rocks and roughness.
    """
    grid = terrain.grid
    if not np.isfinite(terrain.elevation_m).any():
        raise InputError("hazard map: the terrain holds no heights", "choose a place the DEM covers")
    resolved = lander.span_m >= RESOLVED_CELLS * grid.cell_m
    half = max(1, round(lander.span_m / (2.0 * grid.cell_m))) if resolved else 1
    gradient, departure = _ground(terrain, half)
    if resolved:
        slope = (gradient > math.tan(math.radians(lander.max_slope_deg))).astype(np.float64)
        step = (departure > lander.max_step_m).astype(np.float64)
    else:
        slope = slope_exceedance(gradient, lander, 2.0 * grid.cell_m, settings)
        step = np.full(grid.shape, step_exceedance(lander, settings))
    rock = np.full(grid.shape, rock_hazard(lander, settings))
    unknown = np.isnan(gradient)
    for part in (slope, step, rock):
        part[unknown] = np.nan
    total = 1.0 - (1.0 - slope) * (1.0 - step) * (1.0 - rock)
    layers = {"hazard_probability": total, "slope_hazard": slope, "step_hazard": step, "rock_hazard": rock}
    label = hazard_label(terrain, lander)
    return HazardMap(grid, {k: v.astype(np.float32) for k, v in layers.items()}, _meanings(lander, label), label)


def hazard_label(terrain: Terrain, lander: LanderLimits) -> str:
    """What in a hazard map is not read from measured heights, in words; always the rocks."""
    words = [terrain.label] if terrain.label else []
    if lander.span_m < RESOLVED_CELLS * terrain.grid.cell_m:
        words.append(f"slopes and steps statistical below {2.0 * terrain.grid.cell_m:g} m")
    return ", ".join([*words, "rocks statistical"])


def slope_variance(baseline_m: float, settings: HazardSettings) -> float:
    """One-axis variance of the gradient over a baseline (m): median slope as L^(H-1), lengths Rayleigh distributed."""
    median = math.tan(math.radians(settings.slope_median_deg))
    median *= (baseline_m / settings.slope_law_baseline_m) ** (settings.hurst - 1.0)
    return median * median / (2.0 * math.log(2.0))


def slope_exceedance(gradient: F64, lander: LanderLimits, seen_m: float, settings: HazardSettings) -> F64:
    """Probability (like ``gradient``, rise over run) that the slope over the legs exceeds the limit.

    To the gradient seen over ``seen_m`` the law's missing variance v per axis is added, isotropic and Gaussian: the
    length is Rice distributed, and P(> t) = 1 - F(t^2 / v; 2, g^2 / v) with F the noncentral chi-square.
    """
    from scipy.special import chndtr

    limit = math.tan(math.radians(lander.max_slope_deg))
    variance = slope_variance(lander.span_m, settings) - slope_variance(seen_m, settings)
    if variance <= 1e-12:
        return np.where(np.isnan(gradient), np.nan, (gradient > limit).astype(np.float64))
    return np.asarray(1.0 - chndtr(limit * limit / variance, 2.0, gradient * gradient / variance))


def step_exceedance(lander: LanderLimits, settings: HazardSettings) -> float:
    """Probability that self-affine ground half-way between two legs departs from their chord by more than the limit.

    With S(d) = sigma^2(d) d^2 the structure function, the departure has variance S(span) (2^-2H - 1/4).
    """
    structure = slope_variance(lander.span_m, settings) * lander.span_m**2
    deviation = math.sqrt(max(structure * (2.0 ** (-2.0 * settings.hurst) - 0.25), 0.0))
    return math.erfc(lander.max_step_m / (math.sqrt(2.0) * deviation)) if deviation > 0.0 else 0.0


def rock_density_per_m2(diameter_m: float, settings: HazardSettings) -> float:
    """Rocks wider than a diameter (m) per square metre, from the cumulative fractional area k exp(-q D).

    Golombek and Rapp (1997, JGR 102, 4117) and Golombek et al. (2003, JGR 108, 8086), circular rocks:
    N = (4 k q / pi) (exp(-q D) / D - q E1(q D)), q = a + b / k.

    Args:
        diameter_m: smallest rock counted.
        settings: cumulative fractional area k and its decay.
    """
    from scipy.special import exp1

    k = settings.rock_area_fraction
    if k <= 0.0:
        return 0.0
    q = settings.rock_decay_per_m + settings.rock_decay_over_k_per_m / k
    if q <= 0.0:
        raise MissionError("[hazard]: rock_decay_per_m and rock_decay_over_k_per_m are both 0", "give one of them")
    number = math.exp(-q * diameter_m) / diameter_m - q * float(exp1(q * diameter_m))
    return max(0.0, 4.0 * k * q / math.pi * number)


def rock_hazard(lander: LanderLimits, settings: HazardSettings) -> float:
    """Probability of a rock higher than the clearance in the circle of the legs: 1 - exp(-N A), rocks at random."""
    density = rock_density_per_m2(lander.clearance_m / settings.rock_height_ratio, settings)
    return -math.expm1(-density * math.pi / 4.0 * lander.span_m**2)


def _ground(terrain: Terrain, half: int) -> tuple[F64, F64]:
    """Length of the ground gradient and departure from the plane (m), each (row, col)."""
    grid = terrain.grid
    east, north, departure = (np.empty(grid.shape) for _ in range(3))
    footprints(terrain.elevation_m, half, grid.cell_m, east, north, departure)
    x, y = grid.x_m(), grid.y_m()
    scale = 1.0 + (x[None, :] ** 2 + y[:, None] ** 2) / (4.0 * MOON_RADIUS_M**2)
    return np.hypot(east, north) * scale, departure


def _meanings(lander: LanderLimits, label: str) -> dict[str, str]:
    span = f"under legs {lander.span_m:g} m apart ({label})"
    return {
        "hazard_probability": f"probability of slope, step or rock beyond the lander's limits {span}",
        "slope_hazard": f"probability of a slope above {lander.max_slope_deg:g} deg {span}",
        "step_hazard": f"probability that the ground departs from a plane by more than {lander.max_step_m:g} m {span}",
        "rock_hazard": f"probability of a rock higher than {lander.clearance_m:g} m {span}",
    }
