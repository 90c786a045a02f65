"""Depths of the three near-infrared bands of water ice, on the surface and on drill cuttings.

Depth of band k = 1 - exp(-s_k w): a stand-in with the right order for intimate mixtures. Bound water shows in the third
band only, so that one band alone never speaks for ice. Only millimetres are seen.
"""

import math
from functools import cache
from typing import Any

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.water.ground import Ground
from lupex.water.models.facts import Instrument
from lupex.water.models.measurement import Look, Measurement, Nuisances, Truth, log_mean, on_axes

BANDS = 3
SATURATED = 0.98
"""A band this deep leaves no signal in its middle."""

_NODES = 15
_KEPT_NODES = 25
_WIDEST = 3.5


def band_depths(instrument: Instrument, water: F64, hydration: F64, strength: F64 | float = 1.0) -> F64:
    """Depths of the bands near 1.3, 1.5 and 2.0 um, (3, ...) for mass fractions of ice and bound water seen.

    Args:
        strength: common factor of the ice bands' strengths.
    """
    optical = [strength * instrument.value(f"strength_{band}") * water for band in (1, 2, 3)]
    optical[2] = optical[2] + instrument.value("hydration_strength_3") * hydration
    return 1.0 - np.exp(-np.stack(np.broadcast_arrays(*optical)))


def surface_band(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Depth of the 2.0 um band on the surface as it lies."""
    return band_depths(instrument, ground.ice_at(0.0), ground.hydration)[2]


def cuttings_band(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Depth of the 2.0 um band on cuttings from ``look.depth_m``, of which part of the ice has gone."""
    kept = instrument.value("cuttings_kept_mean")
    return band_depths(instrument, kept * ground.ice_at(look.depth_m), ground.hydration)[2]


def band_sigma(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Noise of one band depth, continuum included."""
    sigma = math.hypot(instrument.value("depth_sigma"), instrument.value("continuum_sigma"))
    return np.full(ground.shape, sigma)


def measured_bands(measurement: Measurement) -> F64:
    """The three band depths. Raises InputError where there are not three, one is NaN, below -1 or saturated.

    Args:
        measurement: a spectrum; its value ``band_depths`` holds three numbers.
    """
    given: Any = measurement.values.get("band_depths")
    if not isinstance(given, list | tuple) or len(given) != BANDS:
        raise InputError(
            f"{measurement.where}: band_depths: three numbers are needed", "give those near 1.3, 1.5, 2 um"
        )
    for depth in given:
        if isinstance(depth, bool) or not isinstance(depth, int | float) or not math.isfinite(depth):
            raise InputError(f"{measurement.where}: band_depths holds {depth!r}", "leave a broken spectrum out")
        if not -1.0 <= depth < SATURATED:
            raise InputError(f"{measurement.where}: band depth {depth:g}: saturated or no spectrum", "leave it out")
    return np.asarray(given, np.float64)


def surface_likelihood(instrument: Instrument, ground: Ground, measurement: Measurement, nuisances: Nuisances) -> F64:
    """ln density of three band depths of the surface: axes (1, 1, 1, ground)."""
    factors, weights = _strengths(instrument.value("strength_ln_sigma"))
    return on_axes(_likelihood(instrument, ground.ice_at(0.0), ground.hydration, measurement, factors, weights))


def cuttings_likelihood(instrument: Instrument, ground: Ground, measurement: Measurement, nuisances: Nuisances) -> F64:
    """ln density of three band depths of cuttings, the ice lost since marginalised: axes (1, 1, 1, ground)."""
    factors, weights = _seen(
        instrument.value("strength_ln_sigma"),
        instrument.value("cuttings_kept_mean"),
        instrument.value("cuttings_kept_sigma"),
    )
    ice = ground.ice_at(measurement.look.depth_m)
    return on_axes(_likelihood(instrument, ice, ground.hydration, measurement, factors, weights))


def _likelihood(
    instrument: Instrument, ice: F64, hydration: F64, measurement: Measurement, factors: F64, weights: F64
) -> F64:
    """Strengths marginalised; the error common to the three bands through the inverse of its covariance."""
    depths = measured_bands(measurement)
    noise, common = instrument.value("depth_sigma") ** 2, instrument.value("continuum_sigma") ** 2
    ice, hydration = np.broadcast_arrays(ice, hydration)
    along = (-1, *[1] * ice.ndim)
    model = band_depths(instrument, ice[np.newaxis], hydration[np.newaxis], factors.reshape(along))
    off = depths.reshape(BANDS, *[1] * (model.ndim - 1)) - model
    total = (off**2).sum(0) - common / (noise + BANDS * common) * off.sum(0) ** 2
    return log_mean(-0.5 * total / noise, weights.reshape(along), 0)[0]


@cache
def _strengths(ln_sigma: float) -> tuple[F64, F64]:
    """Factors of the bands' strengths and their weights: even cells of a log-normal distribution."""
    scores = np.linspace(-_WIDEST, _WIDEST, _NODES)
    weights = np.exp(-0.5 * scores**2)
    return np.exp(ln_sigma * scores), weights / weights.sum()


@cache
def _seen(ln_sigma: float, kept_mean: float, kept_sigma: float) -> tuple[F64, F64]:
    """Factors of strength and share kept together: they only ever multiply, so one axis of even cells serves both."""
    strength, strength_weight = _strengths(ln_sigma)
    kept, kept_weight = beta_nodes(kept_mean, kept_sigma, _KEPT_NODES)
    both = np.log(np.outer(strength, kept)).ravel()
    weights = np.outer(strength_weight, kept_weight).ravel()
    edges = np.linspace(both.min(), both.max(), _NODES + 1)
    cell = np.clip(np.digitize(both, edges) - 1, 0, _NODES - 1)
    share = np.bincount(cell, weights, _NODES)
    middle = np.bincount(cell, weights * np.exp(both), _NODES) / np.where(share > 0.0, share, 1.0)
    return middle[share > 0.0], share[share > 0.0] / share.sum()


def beta_nodes(mean: float, sigma: float, count: int) -> tuple[F64, F64]:
    """Nodes and weights of a beta distribution of this mean and standard deviation: middles of equal cells in 0..1.

    Equal cells rather than Gauss nodes: a likelihood much narrower than the distribution must not fall between them.
    """
    total = mean * (1.0 - mean) / sigma**2 - 1.0
    if total <= 0.0:
        raise InputError(f"a share with mean {mean:g} cannot spread by {sigma:g}", "give a smaller spread")
    p, q = mean * total, (1.0 - mean) * total
    low, high = max(0.0, mean - 4.0 * sigma), min(1.0, mean + 4.0 * sigma)
    nodes = low + (high - low) * (np.arange(count) + 0.5) / count
    weights = nodes ** (p - 1.0) * (1.0 - nodes) ** (q - 1.0)
    return nodes, weights / weights.sum()


def draw_beta(mean: float, sigma: float, rng: np.random.Generator) -> float:
    """One share of that distribution."""
    total = mean * (1.0 - mean) / sigma**2 - 1.0
    return float(rng.beta(mean * total, (1.0 - mean) * total))


def draw_surface(
    instrument: Instrument, ground: Ground, look: Look, truth: Truth, rng: np.random.Generator
) -> Measurement:
    """Band depths of one ground's surface."""
    return Measurement(
        "nir_surface", look, _drawn(instrument, ground.ice_at(0.0), ground.hydration, rng), where="drawn"
    )


def draw_cuttings(
    instrument: Instrument, ground: Ground, look: Look, truth: Truth, rng: np.random.Generator
) -> Measurement:
    """Band depths of cuttings from ``look.depth_m`` of one ground."""
    kept = draw_beta(instrument.value("cuttings_kept_mean"), instrument.value("cuttings_kept_sigma"), rng)
    seen = kept * ground.ice_at(look.depth_m)
    return Measurement("nir_cuttings", look, _drawn(instrument, seen, ground.hydration, rng), where="drawn")


def _drawn(instrument: Instrument, ice: F64, hydration: F64, rng: np.random.Generator) -> dict[str, Any]:
    strength = math.exp(rng.normal(0.0, instrument.value("strength_ln_sigma")))
    depths = band_depths(instrument, ice, hydration, strength)
    depths = depths + rng.normal(0.0, instrument.value("depth_sigma"), BANDS)
    depths = depths + rng.normal(0.0, instrument.value("continuum_sigma"))
    return {"band_depths": tuple(float(min(depth, SATURATED - 1e-3)) for depth in depths)}
