"""What ovens give off: weight lost (LTGA), mass 18 (TRITON), laser absorption (ADORE), gas over the hole (EMS-L).

The three analysers of one sample see the same ice, of which a share was lost on the way; that share, ``kept``, is one
nuisance of the sample and not three. The blank of oven and tube is one nuisance of the whole campaign. All readings are
normal about their mean, with a part of the width that grows with the signal.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.water.ground import Ground
from lupex.water.models.facts import Instrument
from lupex.water.models.measurement import Look, Measurement, Nuisances, Truth, axis, log_normal, on_axes


@dataclass(frozen=True)
class Oven:
    """Numbers of one analyser, all in weight per cent of the sample.

    Attributes:
        gain: reading over water that arrives. relative_sigma, noise: width of a reading, relative and at zero.
        blank, blank_sigma: of an empty oven, its mean and what is not known of it. bound: share of bound water seen.
        fault, wide: probability of a reading that is wrong altogether, which lies anywhere from 0 to ``wide``.
    """

    gain: float
    relative_sigma: float
    noise: float
    blank: float
    blank_sigma: float
    bound: float
    fault: float
    wide: float

    def row(self) -> list[float]:
        """The numbers in the order of `kernels.water.ovens`."""
        return [
            self.gain,
            self.relative_sigma,
            self.noise,
            self.blank,
            self.blank_sigma,
            self.bound,
            self.fault,
            self.wide,
        ]


def oven(instrument: Instrument, sample_g: float | None = None) -> Oven:
    """The analyser's numbers; for LTGA those of a sample mass (default: the catalogue's).

    Args:
        instrument: LTGA, TRITON or ADORE.
        sample_g: mass of the sample, grams; only LTGA's numbers depend on it.
    """
    value = instrument.value
    if "balance_sigma_g" not in instrument.facts:
        return Oven(
            1.0,
            value("scale_relative_sigma"),
            value("noise_wt_percent"),
            value("blank_wt_percent"),
            value("blank_sigma_wt_percent"),
            value("bound_water_share"),
            value("fault_share"),
            value("fault_wide_wt_percent"),
        )
    percent = 100.0 / (value("sample_g") if sample_g is None else sample_g)
    ratio = value("other_volatiles_ratio")
    return Oven(
        1.0 + ratio,
        value("other_volatiles_sigma") / (1.0 + ratio),
        percent * value("balance_sigma_g"),
        percent * value("blank_g"),
        percent * value("blank_sigma_g"),
        value("bound_water_share"),
        value("fault_share"),
        value("fault_wide_wt_percent"),
    )


def reading_wt_percent(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Expected reading for a sample from ``look.depth_m`` that keeps the mean share of its ice, blank included."""
    numbers = oven(instrument)
    return _signal(numbers, ground.ice_at(look.depth_m), ground.hydration, KEPT_MEAN) + numbers.blank


def reading_sigma(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Noise of one reading: what is shared (kept, blank) is not in it."""
    numbers = oven(instrument)
    signal = _signal(numbers, ground.ice_at(look.depth_m), ground.hydration, KEPT_MEAN)
    return np.hypot(numbers.noise, numbers.relative_sigma * signal)


KEPT_MEAN = 0.8
"""Share of the ice that reaches the oven, mean; the spread is LTGA's fact ``kept_sigma``."""


def likelihood(instrument: Instrument, ground: Ground, measurement: Measurement, nuisances: Nuisances) -> F64:
    """ln density of a reading: axes (1, blank, kept, ground); of a blank (1, blank, 1, ground of size 1).

    Args:
        instrument: LTGA, TRITON or ADORE.
        measurement: the reading.
        nuisances: nodes and weights of the shared nuisance parameters.
    """
    found = reading(instrument, measurement)
    numbers = oven(instrument, sample_mass_g(instrument, measurement))
    ice, bound = ground.ice_at(measurement.look.depth_m), ground.hydration
    axes = len(ground.shape)
    blank = axis(numbers.blank + numbers.blank_sigma * nuisances.blank, 1, axes)
    if measurement.blank:
        return _with_faults(numbers, found, blank, numbers.noise)
    signal = _signal(numbers, on_axes(ice), on_axes(bound), axis(nuisances.kept, 2, axes))
    width = np.hypot(numbers.noise, numbers.relative_sigma * signal)
    return _with_faults(numbers, found, signal + blank, width)


def reading(instrument: Instrument, measurement: Measurement) -> float:
    """Weight per cent measured: ``water_wt_percent``, or ``mass_loss_g`` over ``sample_g`` for LTGA.

    Raises: InputError for missing, broken or impossible numbers.
    """
    if "balance_sigma_g" not in instrument.facts:
        return measurement.number("water_wt_percent", -10.0, 100.0)
    sample = sample_mass_g(instrument, measurement)
    loss = measurement.number("mass_loss_g", -sample, sample) if sample else 0.0
    return 100.0 * loss / (sample or 1.0)


def draw(
    channel: str, instrument: Instrument, ground: Ground, look: Look, truth: Truth, rng: np.random.Generator,
    blank: bool = False,
) -> Measurement:  # fmt: skip
    """A reading of one sample, or of an empty oven.

    Args:
        channel: name the reading is filed under: ltga, triton or adore.
        instrument: of that channel.
        ground: one ground.
        look: depth, time and temperature of the reading.
        truth: nuisance parameters of the simulated world.
        rng: of the draws.
        blank: whether the oven is empty.
    """
    numbers = oven(instrument)
    signal = 0.0 if blank else float(_signal(numbers, ground.ice_at(look.depth_m), ground.hydration, truth.kept))
    mean = signal + numbers.blank + numbers.blank_sigma * truth.blank
    found = float(rng.normal(mean, math.hypot(numbers.noise, numbers.relative_sigma * signal)))
    if rng.random() < numbers.fault:
        found = float(rng.uniform(0.0, numbers.wide))
    values = {"water_wt_percent": float(np.clip(found, -10.0, 100.0))}
    if "balance_sigma_g" in instrument.facts:
        sample = instrument.value("sample_g")
        values = {"mass_loss_g": values["water_wt_percent"] * sample / 100.0, "sample_g": sample}
    return Measurement(channel, look, values, blank, "drawn")


def gas_cps(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Expected count rate of mass 18 over cuttings from ``look.depth_m``, background included."""
    signal = instrument.value("rate_per_wt_percent_cps") * 100.0 * ground.ice_at(look.depth_m)
    return np.asarray((signal + instrument.value("background_cps")) * np.ones(ground.shape))


def gas_sigma_cps(instrument: Instrument, ground: Ground, look: Look) -> F64:
    """Counting noise of that rate over ``look.time_s``."""
    return np.sqrt(gas_cps(instrument, ground, look) / look.time_s)


def gas_likelihood(instrument: Instrument, ground: Ground, measurement: Measurement, nuisances: Nuisances) -> F64:
    """ln P(counts): axes (1, 1, 1, ground). Sensitivity and background spread the rate like a gamma distribution."""
    counts = measurement.number("counts", 0.0)
    if counts != round(counts):
        raise InputError(f"{measurement.where}: counts {counts:g} is no whole number", "give counts, not a rate")
    mean, size = _gas_counts(instrument, ground, measurement.look)
    constant = gammaln(counts + size) - gammaln(size) - gammaln(counts + 1.0) + size * np.log(size)
    return on_axes(constant + counts * np.log(mean) - (counts + size) * np.log(mean + size))


def draw_gas(instrument: Instrument, ground: Ground, look: Look, truth: Truth, rng: np.random.Generator) -> Measurement:
    """Counts over one hole."""
    mean, size = (float(part) for part in _gas_counts(instrument, ground, look))
    return Measurement("ems_l", look, {"counts": int(rng.poisson(mean * rng.gamma(size, 1.0 / size)))}, where="drawn")


def _gas_counts(instrument: Instrument, ground: Ground, look: Look) -> tuple[F64, F64]:
    background = instrument.value("background_cps")
    total = gas_cps(instrument, ground, look)
    spread = np.hypot(
        instrument.value("rate_relative_sigma") * (total - background),
        instrument.value("background_relative_sigma") * background,
    )
    return total * look.time_s, (total / spread) ** 2


def _with_faults(numbers: Oven, found: float, mean: F64, width: F64 | float) -> F64:
    inside = 1.0 / numbers.wide if 0.0 <= found <= numbers.wide else 0.0
    density = np.exp(log_normal(found, mean, width)) / math.sqrt(2.0 * math.pi)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log((1.0 - numbers.fault) * density + numbers.fault * inside))


def _signal(numbers: Oven, ice: F64, bound: F64, kept: F64 | float) -> F64:
    return np.asarray(100.0 * (numbers.gain * kept * ice + numbers.bound * bound))


def sample_mass_g(instrument: Instrument, measurement: Measurement) -> float | None:
    """Mass of the sample of a weighing instrument, as stated or the catalogue's; None for the others."""
    if "balance_sigma_g" not in instrument.facts:
        return None
    return (
        measurement.number("sample_g", 1e-6, 1e6) if "sample_g" in measurement.values else instrument.value("sample_g")
    )
