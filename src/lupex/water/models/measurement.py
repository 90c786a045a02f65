"""One measurement, and the nuisance parameters several of them share."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked


@numbers_checked
@dataclass(frozen=True, eq=False)
class Look:
    """How an instrument looks at a place.

    Attributes:
        depth_m: where the sample or probe is; the surface instruments do not use it.
        time_s: counting time; only counters use it.
        temperature_k: of the ground there.
    """

    depth_m: float = 0.0
    time_s: float = 1.0
    temperature_k: float = 110.0


@dataclass(frozen=True, eq=False)
class Measurement:
    """What one channel found at one place.

    Attributes:
        channel: its name in `CHANNELS`. look: depth, time, temperature.
        values: name -> number or tuple of numbers, as the channel names them.
        blank: whether it was taken without a sample.
        where: file and entry, the beginning of an error.
    """

    channel: str
    look: Look
    values: dict[str, Any] = field(default_factory=dict)
    blank: bool = False
    where: str = ""

    def number(self, name: str, minimum: float = -np.inf, maximum: float = np.inf) -> float:
        """A finite number within bounds. Raises InputError when it is missing, none or outside."""
        if name not in self.values:
            raise InputError(f"{self.where}: {name} is missing", f"{self.channel} needs it")
        value = self.values[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
            raise InputError(f"{self.where}: {name} is {value!r}, no finite number", "give the number measured")
        if not minimum <= value <= maximum:
            raise InputError(f"{self.where}: {name} {value:g} lies outside {minimum:g} .. {maximum:g}", "correct it")
        return float(value)


@dataclass(frozen=True, eq=False)
class Nuisances:
    """Quadrature nodes of what measurements share; their weights sum to 1.

    Attributes:
        dry_rate: relative errors of the neutron spectrometer's dry rate, shared by all stations.
        blank: standard scores of the ovens' blank, shared by all samples of the campaign.
        kept: share of the ice that reaches the oven, shared by the analysers of one sample.
        rock: share of stones of a place, of the radar pixel or the hole.
    """

    dry_rate: F64
    dry_rate_weight: F64
    blank: F64
    blank_weight: F64
    kept: F64
    kept_weight: F64
    rock: F64
    rock_weight: F64


@numbers_checked
@dataclass(frozen=True)
class Truth:
    """Nuisance parameters of one simulated world, as `Nuisances` has their nodes."""

    dry_rate: float = 0.0
    blank: float = 0.0
    kept: float = 0.8
    rock: float = 0.03


AXES = 3
"""Log-likelihoods have the axes (dry_rate, blank, kept) before those of the ground; size 1 where they do not matter."""


def on_axes(value: F64) -> F64:
    """A value per ground, with the three axes of shared nuisances before it."""
    return value[(np.newaxis,) * AXES + (...,)]


def axis(nodes: F64, which: int, ground_axes: int) -> F64:
    """Nodes of shared nuisance ``which`` (0 dry_rate, 1 blank, 2 kept) shaped to broadcast over everything else."""
    shape = [1] * (AXES + ground_axes)
    shape[which] = nodes.size
    return nodes.reshape(shape)


def log_normal(x: F64 | float, mean: F64 | float, sigma: F64 | float) -> F64:
    """Log density of a normal distribution without its constant 0.5 ln 2 pi."""
    return np.asarray(-0.5 * ((x - mean) / sigma) ** 2 - np.log(sigma))


def log_mean(log_values: F64, weights: F64, axes: int | tuple[int, ...]) -> F64:
    """ln of the weighted mean of exp(log_values) over axes, which stay with size 1. ``weights`` broadcast, sum to 1."""
    top = log_values.max(axis=axes, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return top + np.log((weights * np.exp(log_values - top)).sum(axis=axes, keepdims=True))
