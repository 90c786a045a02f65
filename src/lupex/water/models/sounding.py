"""Ground-penetrating radar and permittivity: sensors of structure, weak for weight per cent.

Dry ground: permittivity 1.919^density (Carrier 1991). Ice fills pores: Lichtenecker's logarithmic mixture with 3.15
for ice, by volume. Loss tangent: log10 = 0.030 S - 2.676, S = TiO2 + FeO in weight per cent (fit to Earth, Planets and
Space 2020, s40645-020-00340-4). Permittivity falls by 6 to 18 % from +20 to -60 C: what cold does to it is within its
spread.
"""

import math

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import SPEED_OF_LIGHT_M_S
from lupex.water.ground import Ground
from lupex.water.models.facts import Instrument
from lupex.water.models.measurement import Look, Measurement, Nuisances, Truth, log_normal, on_axes

LN_PERMITTIVITY_PER_DENSITY = math.log(1.919)
ICE_PERMITTIVITY = 3.15
ICE_DENSITY_KG_M3 = 917.0
SURFACE_DENSITY_KG_M3 = 1100.0
DEEP_DENSITY_KG_M3 = 1800.0
DENSITY_SCALE_M = 0.07


def density_kg_m3(depth_m: F64 | float) -> F64:
    """Bulk density of dry ground at a depth: 1100 to 1800 kg/m3 with scale 0.07 m (Hayne et al. 2017)."""
    fall = np.exp(-np.asarray(depth_m, np.float64) / DENSITY_SCALE_M)
    return DEEP_DENSITY_KG_M3 - (DEEP_DENSITY_KG_M3 - SURFACE_DENSITY_KG_M3) * fall


def ln_permittivity(ice: F64, depth_m: F64 | float) -> F64:
    """ln of the relative permittivity at a depth with a mass fraction of ice in its pores."""
    dry = density_kg_m3(depth_m)
    volume = np.minimum(ice / np.maximum(1.0 - ice, 1e-9) * dry / ICE_DENSITY_KG_M3, 1.0)
    return np.asarray(LN_PERMITTIVITY_PER_DENSITY * dry / 1000.0 + volume * math.log(ICE_PERMITTIVITY))


def loss_tangent(iron_titanium_wt_percent: float) -> float:
    """Loss tangent of dry ground by its iron and titanium oxides."""
    return float(10.0 ** (0.030 * iron_titanium_wt_percent - 2.676))


def attenuation_db_m(frequency_hz: float, permittivity: float, tangent: float) -> float:
    """One-way attenuation, 8.686 pi f sqrt(eps) tan(delta) / c."""
    return 8.686 * math.pi * frequency_hz * math.sqrt(permittivity) * tangent / SPEED_OF_LIGHT_M_S


def resolution_m(bandwidth_hz: float, permittivity: float) -> float:
    """Range resolution c / (2 B sqrt(eps))."""
    return SPEED_OF_LIGHT_M_S / (2.0 * bandwidth_hz * math.sqrt(permittivity))


def reflection(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Reflection coefficient of the top of the ice, positive where permittivity rises."""
    cover = ln_permittivity(np.zeros(()), ground.cover_m)
    below = ln_permittivity(ground.ice, ground.cover_m)
    return np.asarray(np.tanh((below - cover) / 4.0) * np.ones(ground.shape))


def reflection_sigma(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Noise of one reflection coefficient."""
    return np.full(ground.shape, instrument.value("reflection_sigma"))


def reflection_likelihood(
    instrument: Instrument, ground: Ground, measurement: Measurement, nuisances: Nuisances
) -> F64:
    """ln density of the strongest reflector's coefficient and depth: axes (1, 1, 1, ground).

    A layer of dry ground or a stone reflects too: coefficient normal about 0, depth anywhere down to the range. The
    reflector is the ice with the share of the ice's power in the power of both.

    Args:
        instrument: the radar.
        measurement: the reading.
        nuisances: nodes and weights of the shared nuisance parameters.
    """
    found = measurement.number("reflection", -1.0, 1.0)
    depth = measurement.number("reflector_depth_m", 0.0)
    model = reflection(instrument, ground, measurement.look)
    noise, layers = instrument.value("reflection_sigma"), instrument.value("layering_sigma")
    spread, range_m = instrument.value("depth_sigma_m"), instrument.value("range_m")
    power = np.where(ground.cover_m <= range_m, model**2, 0.0)
    share = power / (power + layers**2)
    both = math.hypot(noise, layers)
    of_ice = np.exp(log_normal(found, model, both) + log_normal(depth, ground.cover_m, spread)) / math.sqrt(
        2.0 * math.pi
    )
    of_layers = np.exp(log_normal(found, 0.0, both)) / range_m
    return on_axes(np.log(share * of_ice + (1.0 - share) * of_layers + 1e-300))


def permittivity(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Relative permittivity at ``look.depth_m``."""
    return np.exp(ln_permittivity(ground.ice_at(look.depth_m), look.depth_m)) * np.ones(ground.shape)


def permittivity_sigma(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Noise of one permittivity."""
    return instrument.value("permittivity_relative_sigma") * permittivity(instrument, ground, look)


def permittivity_likelihood(
    instrument: Instrument, ground: Ground, measurement: Measurement, nuisances: Nuisances
) -> F64:
    """ln density of ln(permittivity), the density of the ground marginalised: axes (1, 1, 1, ground)."""
    found = math.log(measurement.number("permittivity", 1.0, 100.0))
    look = measurement.look
    model = ln_permittivity(ground.ice_at(look.depth_m), look.depth_m) * np.ones(ground.shape)
    return on_axes(log_normal(found, model, _ln_sigma(instrument)))


def _ln_sigma(instrument: Instrument) -> float:
    of_density = LN_PERMITTIVITY_PER_DENSITY * instrument.value("density_sigma_g_cm3")
    return math.hypot(instrument.value("permittivity_relative_sigma"), of_density)


def draw_reflection(
    instrument: Instrument, ground: Ground, look: Look, truth: Truth, rng: np.random.Generator
) -> Measurement:
    """Strongest reflector below one ground.

    Args:
        instrument: the radar.
        ground: one ground.
        look: depth, time and temperature of the reading.
        truth: nuisance parameters of the simulated world.
        rng: of the draws.
    """
    model, cover = float(reflection(instrument, ground, look)), float(ground.cover_m)
    noise, layers = instrument.value("reflection_sigma"), instrument.value("layering_sigma")
    range_m = instrument.value("range_m")
    power = model**2 if cover <= range_m else 0.0
    is_ice = rng.random() < power / (power + layers**2)
    found = rng.normal(model if is_ice else 0.0, math.hypot(noise, layers))
    depth = rng.normal(cover, instrument.value("depth_sigma_m")) if is_ice else rng.uniform(0.0, range_m)
    values = {"reflection": float(np.clip(found, -1.0, 1.0)), "reflector_depth_m": max(float(depth), 0.0)}
    return Measurement("gpr", look, values, where="drawn")


def draw_permittivity(
    instrument: Instrument, ground: Ground, look: Look, truth: Truth, rng: np.random.Generator
) -> Measurement:
    """Permittivity at ``look.depth_m`` of one ground."""
    model = float(ln_permittivity(ground.ice_at(look.depth_m), look.depth_m))
    value = max(math.exp(rng.normal(model, _ln_sigma(instrument))), 1.0)
    return Measurement("permittivity", look, {"permittivity": value}, where="drawn")
