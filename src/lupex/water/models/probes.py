"""Heat and force: thermal conductivity at depth, and what the auger tells by the energy of a bite.

Both laws are stand-ins of the right order. Conductivity: dry ground after Hayne et al. (2017) plus ice that touches
grains in few places, conductivity of ice 567 / T W/m/K (Klinger 1980). Energy of 10 cm: that of dry ground times
(1 + ice factor) (1 + stone factor), so that stones imitate ice.
"""

import math

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.water.ground import Ground
from lupex.water.models.facts import Instrument
from lupex.water.models.measurement import Look, Measurement, Nuisances, Truth, log_mean, log_normal, on_axes
from lupex.water.models.sounding import (
    DEEP_DENSITY_KG_M3,
    ICE_DENSITY_KG_M3,
    SURFACE_DENSITY_KG_M3,
    density_kg_m3,
)

SURFACE_CONDUCTIVITY_W_M_K = 7.4e-4
DEEP_CONDUCTIVITY_W_M_K = 3.4e-3
RADIATIVE_CHI = 2.7
TEMPERATURE_RANGE_K = (20.0, 400.0)

_NODES = 9


def dry_conductivity_w_m_k(depth_m: float, temperature_k: float) -> float:
    """Conductivity of dry ground: Hayne et al. 2017."""
    share = (DEEP_DENSITY_KG_M3 - float(density_kg_m3(depth_m))) / (DEEP_DENSITY_KG_M3 - SURFACE_DENSITY_KG_M3)
    contact = DEEP_CONDUCTIVITY_W_M_K - (DEEP_CONDUCTIVITY_W_M_K - SURFACE_CONDUCTIVITY_W_M_K) * share
    return contact * (1.0 + RADIATIVE_CHI * (temperature_k / 350.0) ** 3)


def conductivity(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Conductivity at ``look.depth_m`` and its temperature, W/m/K, for median dry ground and contact of the ice."""
    return _conductivity(instrument, ground, look, instrument.value("ice_contact_fraction"))


def conductivity_sigma(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Noise of one conductivity."""
    return instrument.value("conductivity_relative_sigma") * conductivity(instrument, ground, look)


def conductivity_likelihood(
    instrument: Instrument, ground: Ground, measurement: Measurement, nuisances: Nuisances
) -> F64:
    """ln density of ln(conductivity), contact of the ice and dry conductivity marginalised: axes (1, 1, 1, ground).

    Args:
        instrument: the thermal probe.
        measurement: the reading.
        nuisances: nodes and weights of the shared nuisance parameters.
    """
    found = math.log(measurement.number("conductivity_w_m_k", 1e-5, 10.0))
    low, high = TEMPERATURE_RANGE_K
    if not low <= measurement.look.temperature_k <= high:
        raise InputError(
            f"{measurement.where}: temperature_k {measurement.look.temperature_k:g} lies outside the law's {low:g} .. "
            f"{high:g} K", "give the temperature of the ground"
        )  # fmt: skip
    scores, weights = hermegauss(_NODES)
    terms = [
        log_normal(found, np.log(_conductivity(instrument, ground, measurement.look, contact)), _ln_sigma(instrument))
        for contact in _contact(instrument, scores)
    ]
    weights = (weights / weights.sum()).reshape(-1, *[1] * terms[0].ndim)
    return on_axes(log_mean(np.stack(terms), weights, 0)[0])


def bite_energy_j(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Energy of the 10 cm that end at ``look.depth_m``, without stones."""
    dry = instrument.value("bite_s") * instrument.value("drilling_power_w")
    return dry * (1.0 + instrument.value("ice_energy_factor") * ground.ice_at(look.depth_m)) * np.ones(ground.shape)


def bite_energy_sigma_j(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Noise of that energy."""
    return instrument.value("energy_relative_sigma") * bite_energy_j(instrument, ground, look)


def bite_likelihood(instrument: Instrument, ground: Ground, measurement: Measurement, nuisances: Nuisances) -> F64:
    """ln density of ln(energy), stones and dry ground marginalised: axes (1, 1, 1, ground)."""
    found = math.log(bite_energy(measurement))
    model = np.log(bite_energy_j(instrument, ground, measurement.look))
    stones = np.log1p(instrument.value("rock_energy_factor") * nuisances.rock)
    terms = np.stack([log_normal(found, model + more, _bite_sigma(instrument)) for more in stones])
    return on_axes(log_mean(terms, nuisances.rock_weight.reshape(-1, *[1] * model.ndim), 0)[0])


def bite_energy(measurement: Measurement) -> float:
    """J per 10 cm from ``energy_j``, or from ``drill_s`` and ``drill_power_w``. Raises InputError for neither."""
    if "energy_j" in measurement.values:
        return measurement.number("energy_j", 1e-3, 1e9)
    return measurement.number("drill_s", 1e-3, 1e7) * measurement.number("drill_power_w", 1e-3, 1e6)


def draw_conductivity(
    instrument: Instrument, ground: Ground, look: Look, truth: Truth, rng: np.random.Generator
) -> Measurement:
    """Conductivity at ``look.depth_m`` of one ground."""
    contact = float(_contact(instrument, rng.normal(size=1))[0])
    value = float(_conductivity(instrument, ground, look, contact)) * math.exp(rng.normal(0.0, _ln_sigma(instrument)))
    return Measurement("thermal_probe", look, {"conductivity_w_m_k": float(np.clip(value, 1e-5, 10.0))}, where="drawn")


def draw_bite(
    instrument: Instrument, ground: Ground, look: Look, truth: Truth, rng: np.random.Generator
) -> Measurement:
    """Energy of one bite."""
    energy = float(bite_energy_j(instrument, ground, look)) * (
        1.0 + instrument.value("rock_energy_factor") * truth.rock
    )
    return Measurement(
        "drill", look, {"energy_j": energy * math.exp(rng.normal(0.0, _bite_sigma(instrument)))}, where="drawn"
    )


def _conductivity(instrument: Instrument, ground: Ground, look: Look, contact: float) -> F64:
    ice = ground.ice_at(look.depth_m)
    volume = np.minimum(ice / np.maximum(1.0 - ice, 1e-9) * density_kg_m3(look.depth_m) / ICE_DENSITY_KG_M3, 1.0)
    of_ice = 567.0 / look.temperature_k
    value = dry_conductivity_w_m_k(look.depth_m, look.temperature_k) + contact * volume * of_ice
    return np.asarray(value * np.ones(ground.shape))


def _contact(instrument: Instrument, scores: F64) -> F64:
    return instrument.value("ice_contact_fraction") * np.exp(scores * instrument.value("ice_contact_ln_sigma"))


def _ln_sigma(instrument: Instrument) -> float:
    return math.hypot(instrument.value("conductivity_relative_sigma"), instrument.value("dry_conductivity_ln_sigma"))


def _bite_sigma(instrument: Instrument) -> float:
    return math.hypot(instrument.value("dry_energy_ln_sigma"), instrument.value("energy_relative_sigma"))
