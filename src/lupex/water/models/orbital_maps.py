"""Maps from orbit as readings of a place: hydrogen by neutrons (LPNS, LEND), ice at the surface by infrared (M3).

A pixel is far wider than a hole. Hydrogen: ln(reading) is normal about ln of what the ground would give alone, with the
spread of places about their pixel beside the error of the map, so that a pixel says little of one hole. Surface ice: a
yes or no with the shares of right and wrong ones. Neither ever decides; both move what is believed before landing.
"""

import math

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.water.ground import Ground
from lupex.water.models.facts import Instrument
from lupex.water.models.measurement import Look, Measurement, Nuisances, Truth, log_normal, on_axes

MOST_WT_PERCENT = 30.0
"""More water-equivalent hydrogen than this is no map of the Moon, or not in weight per cent."""


def hydrogen_wt_percent(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Water-equivalent hydrogen that ground below a dry cover gives, weight per cent."""
    fade = np.exp(-ground.cover_m / instrument.value("leakage_depth_m"))
    return np.asarray(100.0 * (ground.hydration + ground.ice * fade))


def hydrogen_sigma(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Spread of a pixel's reading about that, weight per cent (the ln spread times the value)."""
    return _ln_sigma(instrument) * (hydrogen_wt_percent(instrument, ground, look) + _resolved(instrument))


def hydrogen_likelihood(instrument: Instrument, ground: Ground, measurement: Measurement, nuisances: Nuisances) -> F64:
    """ln density of a pixel's ``hydrogen_wt_percent``: axes (1, 1, 1, ground)."""
    found = checked_hydrogen(measurement.number("hydrogen_wt_percent"), measurement.where)
    return on_axes(hydrogen_log_density(instrument, ground, np.asarray(found)))


def hydrogen_log_density(instrument: Instrument, ground: Ground, found_wt_percent: F64) -> F64:
    """ln density of readings that broadcast against the ground."""
    model = np.log(hydrogen_wt_percent(instrument, ground, Look()) + _resolved(instrument))
    return log_normal(np.log(found_wt_percent + _resolved(instrument)), model, _ln_sigma(instrument))


def checked_hydrogen(value: float, where: str) -> float:
    """The value itself. Raises InputError for what can be no weight per cent of a hydrogen map."""
    if not 0.0 <= value <= MOST_WT_PERCENT:
        raise InputError(
            f"{where}: {value:g} wt% of water-equivalent hydrogen lies outside 0 .. {MOST_WT_PERCENT:g}",
            "state the unit of the map (wt_percent, ppm of hydrogen, fraction)",
        )
    return value


def draw_hydrogen(
    instrument: Instrument, ground: Ground, look: Look, truth: Truth, rng: np.random.Generator
) -> Measurement:
    """A pixel over one ground."""
    middle = float(hydrogen_wt_percent(instrument, ground, look)) + _resolved(instrument)
    value = middle * math.exp(rng.normal(0.0, _ln_sigma(instrument))) - _resolved(instrument)
    return Measurement("orbital_hydrogen", look, {"hydrogen_wt_percent": float(np.clip(value, 0.0, MOST_WT_PERCENT))},
                       where="drawn")  # fmt: skip


def seen_probability(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Probability that a pixel over this ground shows ice."""
    false, seen = instrument.value("false_share"), instrument.value("seen_share")
    open_ice = 1.0 - np.exp(-ground.ice_at(0.0) / instrument.value("ice_scale"))
    return np.asarray((false + (seen - false) * open_ice) * np.ones(ground.shape))


def seen_sigma(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Standard deviation of that yes (1) or no (0)."""
    p = seen_probability(instrument, ground, look)
    return np.sqrt(p * (1.0 - p))


def seen_likelihood(instrument: Instrument, ground: Ground, measurement: Measurement, nuisances: Nuisances) -> F64:
    """ln P of a pixel's ``ice_seen``, 1 or 0: axes (1, 1, 1, ground)."""
    found = checked_seen(measurement.number("ice_seen"), measurement.where)
    return on_axes(seen_log_probability(instrument, ground, np.asarray(found)))


def seen_log_probability(instrument: Instrument, ground: Ground, seen: F64) -> F64:
    """ln P of readings 1 or 0 that broadcast against the ground."""
    p = seen_probability(instrument, ground, Look())
    return np.asarray(np.log(np.where(seen == 1.0, p, 1.0 - p)))


def checked_seen(value: float, where: str) -> float:
    """The value itself. Raises InputError for anything but 0 and 1."""
    if value not in (0.0, 1.0):
        raise InputError(f"{where}: ice seen is {value:g}", "give 1 where ice was seen, 0 where not, no data elsewhere")
    return value


def draw_seen(
    instrument: Instrument, ground: Ground, look: Look, truth: Truth, rng: np.random.Generator
) -> Measurement:
    """A pixel over one ground."""
    seen = int(rng.random() < float(seen_probability(instrument, ground, look)))
    return Measurement("orbital_ice", look, {"ice_seen": seen}, where="drawn")


def _ln_sigma(instrument: Instrument) -> float:
    return math.hypot(instrument.value("relative_sigma"), instrument.value("footprint_ln_sigma"))


def _resolved(instrument: Instrument) -> float:
    return instrument.value("resolved_wt_percent")
