"""Orbital radar: circular polarisation ratio and degree of polarisation as a likelihood, never as a threshold.

Both stones and thick ice raise the ratio and lower the degree of polarisation. Of nine polar places of one Mini-RF
validation none has a ratio above 1 with a degree below 0.2, LCROSS's included, while 9 to 35 % of pixels elsewhere
exceed 1: what a ratio says about ice depends on how stony ground may be, and that is marginalised here.
"""

import math
from functools import lru_cache

import numpy as np

from lupex.base.arrays import F64
from lupex.water.ground import Ground
from lupex.water.models.facts import Instrument
from lupex.water.models.measurement import Look, Measurement, Nuisances, Truth, log_mean, on_axes


def ratio(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Expected circular polarisation ratio of ground without stones."""
    return _ratio(instrument, ground, 0.0)


def ratio_sigma(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Spread of the ratio between places of one kind."""
    return np.full(ground.shape, instrument.value("cpr_sigma"))


def likelihood(instrument: Instrument, ground: Ground, measurement: Measurement, nuisances: Nuisances) -> F64:
    """ln density of ``cpr``, with ``dop`` where it is given, stones marginalised: axes (1, 1, 1, ground)."""
    cpr = measurement.number("cpr", 0.0, 10.0)
    dop = measurement.number("dop", 0.0, 1.0) if "dop" in measurement.values else None
    model, degree = _models(instrument, ground, nuisances)
    terms = _log_density(instrument, model, degree, cpr, dop)
    return on_axes(log_mean(terms, nuisances.rock_weight.reshape(-1, *[1] * len(ground.shape)), 0)[0])


def draw(
    channel: str, instrument: Instrument, ground: Ground, look: Look, truth: Truth, rng: np.random.Generator
) -> Measurement:
    """Ratio and degree of polarisation of one place.

    Args:
        channel: name the reading is filed under: dfsar or mini_rf.
        instrument: of that channel.
        ground: one ground.
        look: depth, time and temperature of the reading.
        truth: nuisance parameters of the simulated world.
        rng: of the draws.
    """
    model = float(_ratio(instrument, ground, truth.rock))
    first, second = rng.normal(size=2)
    correlation = instrument.value("correlation")
    cpr = model + instrument.value("cpr_sigma") * first
    dop = float(_degree(instrument, np.asarray(model))) + instrument.value("dop_sigma") * (
        correlation * first + math.sqrt(1.0 - correlation**2) * second
    )
    return Measurement(channel, look, {"cpr": max(cpr, 0.0), "dop": min(max(dop, 0.0), 1.0)}, where="drawn")


@lru_cache(maxsize=4)
def _models(instrument: Instrument, ground: Ground, nuisances: Nuisances) -> tuple[F64, F64]:
    """(stones, ground) ratios and degrees of polarisation: the same for every reading over the same grounds."""
    model = _ratio(instrument, ground, nuisances.rock.reshape(-1, *[1] * len(ground.shape)))
    return model, _degree(instrument, model)


def _ratio(instrument: Instrument, ground: Ground, rock: F64 | float) -> F64:
    fade = np.exp(-ground.cover_m / instrument.value("penetration_m"))
    of_ice = instrument.value("ice_cpr") * (1.0 - np.exp(-ground.ice / instrument.value("ice_scale"))) * fade
    return np.asarray(
        instrument.value("smooth_cpr") + instrument.value("rock_cpr") * rock + of_ice * np.ones(ground.shape)
    )


def _degree(instrument: Instrument, model: F64) -> F64:
    """Degree of polarisation that goes with a ratio; the line passes through smooth dry ground."""
    slope = instrument.value("dop_per_cpr")
    return np.clip(instrument.value("smooth_dop") + slope * (model - instrument.value("smooth_cpr")), 0.02, 1.0)


def _log_density(instrument: Instrument, model: F64, degree: F64, cpr: float, dop: float | None) -> F64:
    correlation = instrument.value("correlation")
    x = (cpr - model) / instrument.value("cpr_sigma")
    if dop is None:
        return -0.5 * x**2
    y = (dop - degree) / instrument.value("dop_sigma")
    return -0.5 * (x**2 - 2.0 * correlation * x * y + y**2) / (1.0 - correlation**2)
