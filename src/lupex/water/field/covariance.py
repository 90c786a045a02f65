"""How alike two places are: near each other, equally cold, on like ground.

    k = sigma^2 Matern_3/2(distance / length) exp(-(dT / scale_T)^2 / 2) exp(-(ds / scale_s)^2 / 2)

Ice that cold keeps does not care for a border drawn on a map, but stops where the ground gets warm: two places a few
metres apart across the rim of a shadow are strangers. The product of kernels says so. Lengths are assumptions.
"""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.model.settings.water import WaterSettings


@dataclass(frozen=True)
class FieldSettings:
    """The field that ties places together; what each number means stands with `WaterSettings`."""

    length_m: float = 150.0
    temperature_scale_k: float = 15.0
    slope_scale_deg: float = 10.0
    sigma: float = 2.0

    @classmethod
    def of(cls, settings: WaterSettings) -> "FieldSettings":
        """Those of a mission's [water]."""
        return cls(settings.length_m, settings.temperature_scale_k, settings.slope_scale_deg, settings.sigma)

    def __post_init__(self) -> None:
        for name in ("length_m", "temperature_scale_k", "slope_scale_deg", "sigma"):
            if not getattr(self, name) > 0.0:
                raise InputError(f"field {name} is {getattr(self, name):g}", "give more than 0")


@dataclass(frozen=True, eq=False)
class Spots:
    """Places as the field sees them, (n,) each: map coordinates, annual maximum temperature, slope."""

    x_m: F64
    y_m: F64
    temperature_k: F64
    slope_deg: F64

    def __len__(self) -> int:
        return int(self.x_m.size)

    def take(self, chosen: list[int] | F64) -> "Spots":
        """Some of them, by index."""
        return Spots(self.x_m[chosen], self.y_m[chosen], self.temperature_k[chosen], self.slope_deg[chosen])


def covariance(settings: FieldSettings, one: Spots, other: Spots) -> F64:
    """(len(one), len(other)) covariance of the latent score."""
    distance = np.hypot(one.x_m[:, None] - other.x_m, one.y_m[:, None] - other.y_m) / settings.length_m
    root = np.sqrt(3.0) * distance
    near = (1.0 + root) * np.exp(-root)
    warm = (one.temperature_k[:, None] - other.temperature_k) / settings.temperature_scale_k
    steep = (one.slope_deg[:, None] - other.slope_deg) / settings.slope_scale_deg
    return np.asarray(settings.sigma**2 * near * np.exp(-0.5 * (warm**2 + steep**2)))
