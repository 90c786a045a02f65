"""An orbit as a table of states, as operators hand it over."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.model.fields.terrain import frozen
from lupex.model.glance import Glance


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class OrbitTable(Glance):
    """States of one object over one unbroken span.

    Attributes:
        name: of the object. center: body at the origin ('MOON'). frame: axes ('ICRF', 'EME2000', 'MOON_ME' ...).
        time_system: of the epochs ('UTC', 'TAI', 'TT', 'TDB'). epochs: (n,) ISO 8601 text ``YYYY-MM-DDTHH:MM:SS[.f]``.
        position_m, velocity_m_s: (n, 3).
        interpolation: 'HERMITE' or 'LAGRANGE'; degree: of its polynomial.
        useable: first and last epoch for which it may be asked, '' for those of the states.
    """

    name: str
    center: str
    frame: str
    time_system: str
    epochs: tuple[str, ...]
    position_m: NDArray[np.float64]
    velocity_m_s: NDArray[np.float64]
    interpolation: str = "HERMITE"
    degree: int = 7
    useable: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        n = len(self.epochs)
        if self.position_m.shape != (n, 3) or self.velocity_m_s.shape != (n, 3) or n < 2:
            raise InputError(f"orbit of {self.name}: {n} epochs, positions {self.position_m.shape}", "give two or more")
        if not (np.all(np.isfinite(self.position_m)) and np.all(np.isfinite(self.velocity_m_s))):
            raise InputError(f"orbit of {self.name}: a state is not finite")
        object.__setattr__(self, "position_m", frozen(self.position_m))
        object.__setattr__(self, "velocity_m_s", frozen(self.velocity_m_s))

    def _facts(self) -> dict[str, str]:
        span = f"{self.epochs[0]} to {self.epochs[-1]} {self.time_system}"
        frame = f"{self.frame} around {self.center}"
        return {"name": self.name, "states": f"{len(self.epochs)} states", "frame": frame, "span": span}
