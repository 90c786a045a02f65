"""Neutron counts and hydrogen: uniform ground, ice below a dry cover, and the time a detection takes.

w = [a (C0 / C - 1)]^b for uniform ground (vipersci 0.11.0, nss.uniform_weh), w the mass fraction of water. Below a
cover of z metres the change of the rate fades as exp(-z / leakage depth), a stand-in good for dry over wet. Wet over
dry is another matter: below 30 g/cm2 the rate rises (Lawrence 2011), so such ground is not among those considered.
"""

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
from scipy.special import gammaln, pdtrc

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.water.ground import Ground
from lupex.water.models.facts import Instrument
from lupex.water.models.measurement import Look, Measurement, Nuisances, Truth, axis, on_axes

NOISE_P = 1e-6
"""A sample above the dry rate is refused when noise would make one so high less often than this."""


def uniform_rate_cps(instrument: Instrument, water: F64 | float) -> F64:
    """Dead-time corrected rate over uniform ground of a water mass fraction."""
    a, b = instrument.value("suppression_a"), instrument.value("suppression_b")
    return instrument.value("dry_rate_cps") / (1.0 + np.asarray(water, np.float64) ** (1.0 / b) / a)


def uniform_water(instrument: Instrument, rate_cps: float, time_s: float = 1.0) -> float:
    """Mass fraction of water over uniform ground from a dead-time corrected rate.

    Args:
        instrument: the neutron spectrometer.
        rate_cps: counts per second; above the dry rate by no more than noise: then 0 is returned.
        time_s: counting time behind the rate, for how much noise allows.

    Raises:
        InputError: a rate of 0 or less, above the dry rate by more than noise allows, or below that of pure water.
    """
    dry = instrument.value("dry_rate_cps")
    if not rate_cps > 0.0:
        raise InputError(f"rate {rate_cps:g} cps: not above 0", "give counts per second, corrected for dead time")
    if rate_cps >= dry:
        check_rate(rate_cps, time_s, dry, f"rate {rate_cps:g} cps")
        return 0.0
    a, b = instrument.value("suppression_a"), instrument.value("suppression_b")
    water = float((a * (dry / rate_cps - 1.0)) ** b)
    if water > 1.0:
        lowest = float(uniform_rate_cps(instrument, 1.0))
        raise InputError(f"rate {rate_cps:g} cps: below {lowest:.3g}, that of pure water", "check rate and dead time")
    return water


def check_rate(rate_cps: float, time_s: float, dry_cps: float, place: str) -> None:
    """Raise InputError for a rate above the dry one (or the highest it may be) by more than noise allows."""
    counts = round(rate_cps * time_s)
    if rate_cps > dry_cps and pdtrc(max(counts - 1, 0), dry_cps * time_s) < NOISE_P:
        raise InputError(
            f"{place}: above the dry rate {dry_cps:.4g} cps by more than noise allows in {time_s:g} s",
            "check background and dead time, or state another dry_rate_cps",
        )


def rate_factor(instrument: Instrument, ground: Ground) -> F64:
    """Rate over the dry rate for ice below a dry cover, with bound hydrogen in both."""
    dry = instrument.value("dry_rate_cps")
    cover = uniform_rate_cps(instrument, ground.hydration) / dry
    below = uniform_rate_cps(instrument, ground.hydration + ground.ice) / dry
    return np.asarray(cover + (below - cover) * np.exp(-ground.cover_m / instrument.value("leakage_depth_m")))


def rate_cps(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Expected rate, dead-time corrected."""
    return instrument.value("dry_rate_cps") * rate_factor(instrument, ground)


def rate_sigma_cps(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Counting noise of that rate over ``look.time_s``."""
    return np.sqrt(rate_cps(instrument, ground, look) / look.time_s)


def detection_time_s(instrument: Instrument, water: float, sigmas: float) -> float:
    """Time after which uniform ground stands ``sigmas`` standard deviations below a dry rate known exactly."""
    dry, rate = instrument.value("dry_rate_cps"), float(uniform_rate_cps(instrument, water))
    return sigmas**2 * rate / (dry - rate) ** 2


def true_counts(measurement: Measurement) -> tuple[float, float]:
    """(counts, time) of a measurement, the time shortened by the dead time of a non-paralysable counter.

    Raises: InputError for negative or broken counts, no time, a missing dead time, or one longer than the time.
    """
    counts = measurement.number("counts", 0.0)
    if counts != round(counts):
        raise InputError(f"{measurement.where}: counts {counts:g} is no whole number", "give counts, not a rate")
    if "dead_time_s" not in measurement.values:
        raise InputError(f"{measurement.where}: dead_time_s is missing", "state it per count; 0 if corrected")
    dead = measurement.number("dead_time_s", 0.0)
    live = measurement.look.time_s - counts * dead
    if not live > 0.0:
        raise InputError(f"{measurement.where}: dead time {counts * dead:g} s fills the counting time", "correct them")
    return counts, live


def log_likelihood(instrument: Instrument, ground: Ground, measurement: Measurement, nuisances: Nuisances) -> F64:
    """ln P(counts), up to a constant: axes (dry_rate, 1, 1, ground).

    The shape of the ground between stations multiplies the rate by a gamma-distributed factor of mean 1, so counts are
    negative binomial: Poisson noise and terrain are marginalised in closed form. The rate's variance within a cell of
    the ground, and between nodes of the dry rate, is added to that of the terrain: cells may be wider than the noise.

    Args:
        instrument: the neutron spectrometer.
        measurement: the reading.
        nuisances: nodes and weights of the shared nuisance parameters.
    """
    counts, live = true_counts(measurement)
    dry, terrain = instrument.value("dry_rate_cps"), max(instrument.value("terrain_relative_sigma"), 1e-4)
    check_rate(counts / live, live, dry * (1.0 + float(nuisances.dry_rate.max()) + 3.0 * terrain), measurement.where)
    factor, _ = _factors(instrument, ground)
    _check_low(counts, dry * live * float(factor.min()) * (1.0 + float(nuisances.dry_rate.min())), terrain, measurement)
    size, of_size, ln_mean, ln_both = _counting(instrument, ground, nuisances, live)
    constant = gammaln(counts + size) - gammaln(counts + 1.0) + of_size
    return constant + counts * ln_mean - (counts + size) * ln_both


@lru_cache(maxsize=64)
def _factors(instrument: Instrument, ground: Ground) -> tuple[F64, F64]:
    """(rate over the dry rate, its relative variance within the ground's cells, taken as even along each axis)."""
    factor = rate_factor(instrument, ground)
    variance = np.zeros(factor.shape)
    for name, ends in zip(("ice", "cover_m", "hydration"), ground.ends, strict=False):
        low, high = (rate_factor(instrument, replace(ground, **{name: end}, ends=())) for end in ends)
        variance += np.log(high / low) ** 2 / 12.0
    return factor, variance


@lru_cache(maxsize=4)
def _counting(instrument: Instrument, ground: Ground, nuisances: Nuisances, live_s: float) -> tuple[F64, F64, F64, F64]:
    """What the likelihood of counts over one time holds that does not depend on them: the size of the gamma
    distribution, size ln(size) - ln Gamma(size), ln(mean), ln(mean + size). Simulated holes count for equal times."""
    factor, spread = _factors(instrument, ground)
    terrain = max(instrument.value("terrain_relative_sigma"), 1e-4)
    scale = instrument.value("dry_rate_cps") * live_s * (1.0 + nuisances.dry_rate)
    mean = axis(scale, 0, factor.ndim) * on_axes(factor)
    step = (nuisances.dry_rate[1] - nuisances.dry_rate[0]) if nuisances.dry_rate.size > 2 else 0.0
    size = 1.0 / on_axes(terrain**2 + spread + step**2 / 12.0)
    return size, size * np.log(size) - gammaln(size), np.log(mean), np.log(mean + size)


def _check_low(counts: float, lowest: float, terrain: float, measurement: Measurement) -> None:
    """Raise InputError for counts below those of the iciest ground by more than noise allows."""
    if lowest - counts > 6.0 * math.hypot(math.sqrt(lowest), terrain * lowest):
        raise InputError(
            f"{measurement.where}: {counts:g} counts lie below the {lowest:.4g} of the iciest ground",
            "check time, dead time and instrument",
        )


def draw(instrument: Instrument, ground: Ground, look: Look, truth: Truth, rng: np.random.Generator) -> Measurement:
    """Counts of one ground with a dry rate off by ``truth.dry_rate`` and a terrain factor of its own."""
    terrain = max(instrument.value("terrain_relative_sigma"), 1e-4)
    mean = float(rate_cps(instrument, ground, look)) * (1.0 + truth.dry_rate) * look.time_s
    counts = rng.poisson(mean * rng.gamma(1.0 / terrain**2, terrain**2))
    return Measurement("nss", look, {"counts": int(counts), "dead_time_s": 0.0}, where="drawn")
