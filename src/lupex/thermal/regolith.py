"""Regolith: how it conducts, stores, reflects and emits, and its layers for the solver.

Laws and their sources: docs/theory/temperature.md; numbers of a ground: ``catalogue/regolith``.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lupex.base.constants import SYNODIC_MONTH_S
from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked
from lupex.catalogue import catalogue_entry

F64 = NDArray[np.float64]

STEFAN_BOLTZMANN_W_M2_K4 = 5.670374419e-8
REFERENCE_K = 350.0
HEAT_CAPACITY = (-3.6125, 2.7431, 2.3616e-3, -1.2340e-5, 8.9093e-9)
"""J/kg/K as a quartic of temperature (Hayne et al. 2017, table A1); negative below 1.3 K, invalid below 10 K."""

COLDEST_K = 10.0
"""Below it the heat capacity is invalid, and no column is reported."""

AMORPHOUS = (-2.03297e-1, -11.472, 22.5793, -14.3084, 3.41742, 0.01101, -2.80491e-5, 3.35837e-8, -1.40021e-11)
"""k_am(T) = A + B/T^4 + C/T^3 + D/T^2 + E/T + F T + G T^2 + H T^3 + I T^4 (Woods-Robinson et al. 2019)."""

SOLID = (5.0821e-6, 5.1e-3)
"""A1, A2 of Martinez and Siegler (2021)."""

RADIATIVE = (2.0022e-13, 1.953e-10)
"""B1, B2 as printed in LPSC 2022 abstract 2754, eq. 3; the authors' code has 2.022e-13, 1 % more."""

DAILY_FOLDS, DAILY_RANGE_K = 3.5, (100.0, 400.0)
"""The daily wave counts as gone where by the slowest damping in this range it has fallen to exp(-3.5)."""

CONDUCTIVITY_LAWS = ("radiative", "martinez_siegler")
HEAT_CAPACITY_LAWS = ("hayne2017",)


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class Regolith:
    """One kind of ground; the numbers of Hayne et al. (2017) unless told otherwise.

    Attributes:
        surface_density_kg_m3, deep_density_kg_m3, scale_m: density deep - (deep - surface) exp(-z / scale).
        surface_conductivity_w_m_k, deep_conductivity_w_m_k: contact conductivity, of the same shape.
        radiative_chi: of the law 'radiative': K = Kc (1 + chi (T / 350 K)^3).
        albedo, albedo_45deg, albedo_90deg: A0, a, b of A0 + a (i / 45 deg)^3 + b (i / 90 deg)^8.
    """

    name: str = "hayne2017"
    conductivity_law: str = "radiative"
    heat_capacity_law: str = "hayne2017"
    surface_density_kg_m3: float = 1100.0
    deep_density_kg_m3: float = 1800.0
    scale_m: float = 0.07
    surface_conductivity_w_m_k: float = 7.4e-4
    deep_conductivity_w_m_k: float = 3.4e-3
    radiative_chi: float = 2.7
    albedo: float = 0.12
    albedo_45deg: float = 0.06
    albedo_90deg: float = 0.25
    emissivity: float = 0.95
    heat_flow_w_m2: float = 0.018

    def __post_init__(self) -> None:
        known = {"conductivity_law": CONDUCTIVITY_LAWS, "heat_capacity_law": HEAT_CAPACITY_LAWS}
        for key, laws in known.items():
            if getattr(self, key) not in laws:
                raise InputError(
                    f"regolith {self.name}: unknown {key} {getattr(self, key)!r}", f"use {', '.join(laws)}"
                )
        for key in ("albedo", "albedo_45deg", "albedo_90deg"):
            self._check(key, 0.0, 1.0)
        self._check("emissivity", 0.01, 1.0)
        self._check("heat_flow_w_m2", 0.0, 1.0)
        self._check("scale_m", 1e-4, 10.0)
        for key in ("surface_density_kg_m3", "deep_density_kg_m3"):
            self._check(key, 100.0, 5000.0)
        for key in ("surface_conductivity_w_m_k", "deep_conductivity_w_m_k"):
            self._check(key, 1e-6, 100.0)
        self._check("radiative_chi", 0.0, 100.0)

    def _check(self, key: str, low: float, high: float) -> None:
        value = getattr(self, key)
        if not low <= value <= high:
            raise InputError(f"regolith {self.name}: {key} {value:g} lies outside {low:g} .. {high:g}", "correct it")

    @property
    def albedo_law(self) -> str:
        """The albedo law in words, to stand beside every temperature."""
        if self.albedo_45deg == 0.0 and self.albedo_90deg == 0.0:
            return f"A = {self.albedo:g} at every angle of incidence"
        return (
            f"A = {self.albedo:g} + {self.albedo_45deg:g} (i/45 deg)^3 + {self.albedo_90deg:g} (i/90 deg)^8 "
            "of the incidence i (Keihm 1984)"
        )


def regolith(name: str = "hayne2017", folder: Path | None = None, **changed: float | None) -> Regolith:
    """The regolith ``name`` of the catalogue, or of the file ``name`` when it ends in '.toml'.

    Args:
        folder: what a relative file name is relative to.
        changed: numbers of `Regolith` put in place of its own; None leaves them.

    Raises: MissionError for an unknown name; InputError for numbers that cannot be.
    """
    entry = catalogue_entry("regolith", name, "regolith", folder)
    given: dict[str, Any] = {fact.key: fact.value for fact in entry.facts}
    given |= {key: value for key, value in changed.items() if value is not None}
    if strange := set(given) - {field.name for field in fields(Regolith)}:
        raise InputError(f"regolith {name}: unknown names {', '.join(sorted(strange))}", "leave them out")
    return Regolith(**{**given, "name": entry.name})


def density_kg_m3(ground: Regolith, depth_m: ArrayLike) -> F64:
    """Density at a depth, kg/m3."""
    deep, surface = ground.deep_density_kg_m3, ground.surface_density_kg_m3
    return np.asarray(deep - (deep - surface) * np.exp(-np.asarray(depth_m, np.float64) / ground.scale_m))


def conductivity_w_m_k(ground: Regolith, temperature_k: ArrayLike, depth_m: ArrayLike) -> F64:
    """Conductivity at a temperature and depth, W/m/K."""
    t, z = np.asarray(temperature_k, np.float64), np.asarray(depth_m, np.float64)
    if ground.conductivity_law == "radiative":
        deep, surface = ground.deep_conductivity_w_m_k, ground.surface_conductivity_w_m_k
        contact = deep - (deep - surface) * np.exp(-z / ground.scale_m)
        return np.asarray(contact * (1.0 + ground.radiative_chi * (t / REFERENCE_K) ** 3))
    solid, radiative = martinez_siegler_factors(ground, z)
    return np.asarray(solid * amorphous_w_m_k(t) + radiative * t**3)


def martinez_siegler_factors(ground: Regolith, depth_m: ArrayLike) -> tuple[F64, F64]:
    """A1 rho - A2 and B1 rho - B2 at a depth."""
    rho = density_kg_m3(ground, depth_m)
    return np.asarray(SOLID[0] * rho - SOLID[1]), np.asarray(RADIATIVE[0] * rho - RADIATIVE[1])


def amorphous_w_m_k(temperature_k: ArrayLike) -> F64:
    """k_am of Woods-Robinson et al. (2019), W/m/K."""
    t = np.asarray(temperature_k, np.float64)
    a, b, c, d, e, f, g, h, i = AMORPHOUS
    return np.asarray(a + b / t**4 + c / t**3 + d / t**2 + e / t + t * (f + t * (g + t * (h + t * i))))


def heat_capacity_j_kg_k(temperature_k: ArrayLike) -> F64:
    """Heat capacity, J/kg/K."""
    return np.asarray(np.polynomial.polynomial.polyval(np.asarray(temperature_k, np.float64), HEAT_CAPACITY))


def albedo_at(ground: Regolith, incidence_rad: ArrayLike) -> F64:
    """Albedo at an angle of incidence; no more than 1."""
    i = np.asarray(incidence_rad, np.float64)
    grazing = ground.albedo_90deg * (i / (np.pi / 2)) ** 8
    return np.asarray(np.minimum(ground.albedo + ground.albedo_45deg * (i / (np.pi / 4)) ** 3 + grazing, 1.0))


@dataclass(frozen=True, eq=False)
class Layers:
    """Nodes of a column.

    Attributes:
        depth_m: (node,), the first 0.
        mass_kg_m2: (node,) of the layer round each node, the exact integral of the density.
        conductance_w_m2_k: (node - 1,) 1 / integral of dz / Kc between nodes; of the law 'martinez_siegler'
            (node - 1, 2), of its factors of solid and radiative conductivity.
    """

    depth_m: F64
    mass_kg_m2: F64
    conductance_w_m2_k: F64

    @property
    def resistance_m2_k_w(self) -> F64:
        """(node,) integral of dz / Kc from the surface down to each node."""
        return np.concatenate([[0.0], np.cumsum(1.0 / self.conductance_w_m2_k)])


@numbers_checked
@dataclass(frozen=True)
class LayerSettings:
    """First gap between nodes, the ratio of each gap to the one above, and the depth reached at least."""

    first_m: float = 0.003
    growth: float = 1.22
    depth_m: float = 2.4

    def __post_init__(self) -> None:
        if not (1e-5 <= self.first_m <= 1.0 and 1.0 <= self.growth <= 3.0 and self.first_m < self.depth_m <= 100.0):
            raise InputError(f"layers {self}", "use a first gap below the depth and a growth from 1 to 3")


COARSE_LAYERS = LayerSettings(0.004, 1.3, 2.4)
"""21 nodes, for maps; within 0.04 K of the default in docs/theory/temperature.md."""


def layers_of(ground: Regolith, settings: LayerSettings = LayerSettings()) -> Layers:
    """The nodes of a column. Masses and conductances are exact integrals over the gaps, so that few nodes suffice.

    Args:
        ground: its density and conductivity with depth.
        settings: first gap, growth of the gaps, depth reached.
    """
    depth, gap = [0.0], settings.first_m
    while depth[-1] < settings.depth_m:
        depth.append(depth[-1] + gap)
        gap *= settings.growth
    z = np.array(depth)
    edge = np.concatenate([[0.0], 0.5 * (z[1:] + z[:-1]), [z[-1]]])
    h = ground.scale_m
    rho_s, rho_d = ground.surface_density_kg_m3, ground.deep_density_kg_m3
    k_s, k_d = ground.surface_conductivity_w_m_k, ground.deep_conductivity_w_m_k
    mass = np.diff(rho_d * edge + (rho_d - rho_s) * h * np.exp(-edge / h))
    if ground.conductivity_law == "martinez_siegler":
        ends = martinez_siegler_factors(ground, np.array([0.0, np.inf]))
        return Layers(z, mass, np.column_stack([_conductance(z, h, *pair) for pair in ends]))
    return Layers(z, mass, _conductance(z, h, k_s, k_d))


def deep_node(ground: Regolith, layers: Layers) -> int:
    """The first node that the daily wave does not reach, their number if it reaches all.

    From there on properties are kept through a lunation: means stay within 0.003 K, extremes within 0.02 K of columns
    in which they are not (docs/theory/temperature.md).

    Args:
        ground: regolith of the law 'radiative'.
        layers: of its columns.
    """
    kelvin = np.linspace(*DAILY_RANGE_K, 61)
    radiative = 1.0 + ground.radiative_chi * (kelvin / REFERENCE_K) ** 3
    per_mass = np.pi / SYNODIC_MONTH_S * float(np.min(heat_capacity_j_kg_k(kelvin) / radiative))
    gaps = np.sqrt(per_mass * 0.5 * (layers.mass_kg_m2[1:] + layers.mass_kg_m2[:-1]) / layers.conductance_w_m2_k)
    beyond = np.cumsum(gaps) >= DAILY_FOLDS
    return int(np.argmax(beyond)) + 1 if beyond.any() else gaps.size + 1


def _conductance(z: F64, h: float, k_s: float, k_d: float) -> F64:
    """1 / integral of dz / k between nodes, for k = d - (d - s) exp(-z / h)."""
    # it integrates to (z + h ln(1 - (1 - s/d) exp(-z/h))) / d
    return np.asarray(1.0 / np.diff((z + h * np.log(1.0 - (1.0 - k_s / k_d) * np.exp(-z / h))) / k_d))


def temperature_at_m(layers: Layers, kelvin: F64, depth_m: float) -> F64:
    """Temperatures (cell,) at a depth, linear between the nodes of the columns.

    Args:
        layers: of the columns.
        kelvin: (cell, node).
        depth_m: within the column.
    """
    nodes = layers.depth_m
    node = int(np.clip(np.searchsorted(nodes, depth_m), 1, nodes.size - 1))
    part = (depth_m - nodes[node - 1]) / (nodes[node] - nodes[node - 1])
    return np.asarray(kelvin[:, node - 1] * (1.0 - part) + kelvin[:, node] * part)
