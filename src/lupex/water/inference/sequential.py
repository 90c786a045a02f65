"""Neutrons counted until they decide: a sequential test whose errors hold while the dry rate is uncertain.

Wald's test compares two known rates; with a dry rate 5 % low it calls dry ground wet nine times as often as promised.
Here the ratio is taken between a *mixture* over what is asked for and the *most favourable* rate of what it is held
against, over every dry rate the calibration leaves open. For any true rate within, such a ratio is at most a martingale
that starts at 1, so by Ville's inequality the chance that it ever reaches 1 / alpha is at most alpha.
"""

import math
from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.water.inference.prior import MOST_ICE, GroundPrior
from lupex.water.inference.rule import Rule
from lupex.water.models.facts import Instrument
from lupex.water.models.neutrons import uniform_rate_cps

WET, DRY, GO_ON = "wet", "dry", "go on"


@dataclass(frozen=True)
class NeutronAnswer:
    """What counts say of uniform ground: wet (hydrogen as of the level or more), dry (less), or go on.

    Attributes:
        answer: one of the three. log_wet, log_dry: ln ratios; the answer comes at ln(1 / error).
        asked_wet, asked_dry: those limits.
    """

    answer: str
    log_wet: float
    log_dry: float
    asked_wet: float
    asked_dry: float


def neutron_test(
    instrument: Instrument, rule: Rule, counts: float, time_s: float, prior: GroundPrior = GroundPrior()
) -> NeutronAnswer:
    """The answer of the test after ``counts`` in ``time_s``, valid however often it was asked before.

    Args:
        instrument: the neutron spectrometer. rule: level, errors, how far off the dry rate may be.
        counts: since the rover stood still. time_s: counting time, dead time taken off.
        prior: of the amount of ice, for the mixture.

    Raises: InputError for negative counts or no time.
    """
    if not (counts >= 0.0 and time_s > 0.0 and math.isfinite(counts) and math.isfinite(time_s)):
        raise InputError(f"{counts:g} counts in {time_s:g} s", "give counts of 0 or more and a time above 0")
    off = rule.dry_rate_shift + rule.terrain_shift
    scale = 1.0 + np.linspace(-off, off, 21)
    water = np.geomspace(rule.level, MOST_ICE, 40)
    weight = np.exp(-0.5 * (np.log(water / prior.ice_median) / prior.ice_ln_sigma) ** 2)
    dry = instrument.value("dry_rate_cps")
    wet = uniform_rate_cps(instrument, water)
    wet_rates, dry_rates = np.outer(scale, wet).ravel(), scale * dry
    wet_weight = np.tile(weight / weight.sum(), scale.size) / scale.size
    log_wet = _mixture(counts, time_s, wet_rates, wet_weight) - _best(counts, time_s, dry_rates.min(), dry_rates.max())
    log_dry = _mixture(counts, time_s, dry_rates, np.full(scale.size, 1.0 / scale.size)) - _best(
        counts, time_s, 0.0, wet.max() * scale.max()
    )
    asked = math.log(1.0 / rule.false_alarm), math.log(1.0 / rule.missed)
    answer = WET if log_wet >= asked[0] else DRY if log_dry >= asked[1] else GO_ON
    return NeutronAnswer(answer, log_wet, log_dry, *asked)


def wald_test(instrument: Instrument, rule: Rule, counts: float, time_s: float) -> str:
    """Wald's answer for a dry rate known exactly: what the test above is compared with."""
    dry, wet = instrument.value("dry_rate_cps"), float(uniform_rate_cps(instrument, rule.level))
    ratio = counts * math.log(wet / dry) - time_s * (wet - dry)
    if ratio >= math.log((1.0 - rule.missed) / rule.false_alarm):
        return WET
    return DRY if ratio <= math.log(rule.missed / (1.0 - rule.false_alarm)) else GO_ON


def _mixture(counts: float, time_s: float, rates: F64, weight: F64) -> float:
    logs = counts * np.log(rates) - rates * time_s
    return float(np.log((weight * np.exp(logs - logs.max())).sum()) + logs.max())


def _best(counts: float, time_s: float, low: float, high: float) -> float:
    """Largest ln likelihood over rates from ``low`` to ``high``, up to the constant that the mixture leaves out too."""
    rate = min(max(counts / time_s, low), high)
    return (counts * math.log(rate) if counts else 0.0) - rate * time_s
