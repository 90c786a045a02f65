"""Sublimation of ices into vacuum: pressure, loss, and the depth at which a cover of dust makes ice last.

Laws and their sources: docs/theory/ice.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lupex.base.errors import InputError

F64 = NDArray[np.float64]

GAS_CONSTANT_J_MOL_K = 8.31446261815324
BOLTZMANN_EV_K = 8.617333262e-5
AVOGADRO = 6.02214076e23
GYR_S = 1e9 * 365.25 * 86_400.0


@dataclass(frozen=True)
class Species:
    """An ice and its law of loss.

    Attributes:
        molar_kg: kg/mol; ``valid_k``: temperatures within which the law holds.
        ln_loss: natural logarithm of kg/m2/s at a temperature (K).
    """

    name: str
    title: str
    source: str
    molar_kg: float
    valid_k: tuple[float, float]
    ln_loss: Callable[[F64], F64]


def _from_ln_pressure(molar_kg: float, ln_pa: Callable[[F64], F64]) -> Callable[[F64], F64]:
    """Loss into vacuum (Hertz-Knudsen, sticking 1) from the logarithm of the pressure in Pa."""

    def ln_loss(t: F64) -> F64:
        return np.asarray(ln_pa(t) + 0.5 * np.log(molar_kg / (2.0 * np.pi * GAS_CONSTANT_J_MOL_K * t)))

    return ln_loss


def _amorphous(t: F64) -> F64:
    molecules = np.log(1.82e25) + 3.5 * np.log(t) - 0.45 / (BOLTZMANN_EV_K * t)
    return np.asarray(molecules + np.log(0.018015 / AVOGADRO))


_PCC = "vapour pressure as in the Planetary-Code-Collection v1.2.4 (10.5281/zenodo.594268); range: assumption"
_WATER = 0.018015

SPECIES: dict[str, Species] = {
    s.name: s
    for s in (
        Species(
            "h2o", "water ice", "Murphy and Koop 2005, eq. 7", _WATER, (25.0, 273.16),
            _from_ln_pressure(_WATER, lambda t: 9.550426 - 5723.265 / t + 3.53068 * np.log(t) - 0.00728332 * t),
        ),
        Species(
            "h2o_clapeyron", "water ice by Clausius and Clapeyron", "exp(28.9074 - 6143.7/T) Pa, constant latent heat",
            _WATER, (25.0, 273.16), _from_ln_pressure(_WATER, lambda t: 28.9074 - 6143.7 / t),
        ),
        Species(
            "h2o_amorphous", "amorphous water ice", "Sack and Baragiola 1993, Phys. Rev. B 48, 9973", _WATER,
            (25.0, 160.0), _amorphous,
        ),
        Species(
            "co2", "carbon dioxide", _PCC, 0.04401, (40.0, 216.6),
            _from_ln_pressure(0.04401, lambda t: 32.61 - 3291.0 / t - 0.7947 * np.log(t)),
        ),
        Species(
            "nh3", "ammonia", _PCC, 0.017031, (30.0, 195.4),
            _from_ln_pressure(0.017031, lambda t: 28.71 - 3903.0 / t),
        ),
        Species(
            "so2", "sulphur dioxide", _PCC, 0.064066, (50.0, 197.6),
            _from_ln_pressure(0.064066, lambda t: 9.435 - 3775.0 / t + 3.225 * np.log(t)),
        ),
        Species(
            "hcn", "hydrogen cyanide (II)", _PCC, 0.027026, (50.0, 170.0),
            _from_ln_pressure(0.027026, lambda t: 26.50 - 4568.0 / t),
        ),
        Species(
            "ch3oh", "methanol (alpha)", _PCC, 0.032042, (50.0, 157.4),
            _from_ln_pressure(0.032042, lambda t: 15.94 - 2453.0 / t),
        ),
    )
}  # fmt: skip


def species(name: str) -> Species:
    """The ice of this name. Raises InputError for one that is not known."""
    if name not in SPECIES:
        raise InputError(f"ice: unknown species {name!r}", f"use one of {', '.join(SPECIES)}")
    return SPECIES[name]


def loss_kg_m2_gyr(temperature_k: ArrayLike, name: str = "h2o") -> F64:
    """Loss of bare ice into vacuum, kg/m2 per 1e9 years of 365.25 days.

    Args:
        temperature_k: of the ice, any shape.
        name: of the species.

    Raises InputError outside the law's range.
    """
    law = species(name)
    t = np.asarray(temperature_k, np.float64)
    low, high = law.valid_k
    if not np.all((t >= low) & (t <= high)):
        bad = t[~((t >= low) & (t <= high))].ravel()[0]
        raise InputError(
            f"ice: {bad:g} K lies outside {low:g} .. {high:g} K, where the law of {name} holds",
            f"choose a temperature inside it ({law.source})",
        )
    return np.asarray(np.exp(law.ln_loss(t)) * GYR_S)


def temperature_of_loss_k(loss: ArrayLike, name: str = "h2o") -> F64:
    """The temperature at which bare ice loses that much (kg/m2/Gyr), by bisection within the law's range."""
    law = species(name)
    wanted = np.log(np.asarray(loss, np.float64) / GYR_S)
    low, high = np.full(wanted.shape, law.valid_k[0]), np.full(wanted.shape, law.valid_k[1])
    for _ in range(60):
        middle = 0.5 * (low + high)
        colder = law.ln_loss(middle) < wanted
        low, high = np.where(colder, middle, low), np.where(colder, high, middle)
    return np.asarray(0.5 * (low + high))


def loss_fit(name: str = "h2o") -> F64:
    """(9,) numbers from which the columns sum the loss: centre K, 1 / half width, a polynomial of its eighth root.

    From 1e-2 kg/m2/Gyr, below which nothing is lost that matters, to 250 K or the end of the law; held beyond.
    Good to 1 %: tested.
    """
    law = species(name)
    low = float(temperature_of_loss_k(1e-2, name))
    high = min(250.0, law.valid_k[1])
    centre, half = 0.5 * (low + high), 0.5 * (high - low)
    x = np.cos(np.pi * (np.arange(400) + 0.5) / 400)
    root = (np.exp(law.ln_loss(centre + half * x)) * GYR_S) ** 0.125
    fit = np.polynomial.polynomial.Polynomial.fit(x, root, 6, domain=[-1, 1], window=[-1, 1], w=1.0 / root)
    return np.concatenate([[centre, 1.0 / half], fit.convert().coef])
