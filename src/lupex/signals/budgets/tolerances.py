"""Tolerances of link parameters and what they do to mean and variance of a sum.

Every parameter of a design control table has a design value, a favourable and an adverse tolerance (dB, offsets
from the design value) and a shape of its probability density between them. The sum over independent parameters
has the sum of their means and of their variances (Yuen 1975, JPL TM 33-732; Yuen 1983, Deep Space
Telecommunications Systems Engineering, ch. 1).
"""

from dataclasses import dataclass

from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked

SHAPES = ("fixed", "triangular", "uniform", "gaussian")


@numbers_checked
@dataclass(frozen=True)
class Tolerance:
    """Offsets from the design value in dB.

    Attributes:
        favourable_db: 0 or more. adverse_db: 0 or less.
        shape: 'triangular' (mode at the design value), 'uniform', 'gaussian' (limits at three standard
            deviations) or 'fixed' (both 0).
    """

    favourable_db: float = 0.0
    adverse_db: float = 0.0
    shape: str = "fixed"

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            raise InputError(f"tolerance: shape '{self.shape}' is unknown", f"known: {', '.join(SHAPES)}")
        if not self.adverse_db <= 0.0 <= self.favourable_db:
            raise InputError(
                f"tolerance: favourable {self.favourable_db:g} dB, adverse {self.adverse_db:g} dB",
                "favourable is 0 or more, adverse 0 or less",
            )
        if self.shape == "fixed" and self.favourable_db != self.adverse_db:
            raise InputError("tolerance: a fixed value has no tolerances", "choose a shape")

    @property
    def mean_db(self) -> float:
        """Mean of the offset from the design value."""
        total = self.favourable_db + self.adverse_db
        return total / 3.0 if self.shape == "triangular" else total / 2.0

    @property
    def variance_db2(self) -> float:
        """Variance of the offset (dB squared)."""
        up, down = self.favourable_db, self.adverse_db
        if self.shape == "triangular":
            return (up * up + down * down - up * down) / 18.0
        return (up - down) ** 2 / (12.0 if self.shape == "uniform" else 36.0)


FIXED = Tolerance()

TYPICAL = {
    "transmitter power": Tolerance(0.5, -0.5, "uniform"),
    "transmit loss": Tolerance(0.1, -0.1, "uniform"),
    "transmit gain": Tolerance(0.5, -0.5, "triangular"),
    "transmit pointing": FIXED,
    "EIRP": Tolerance(0.5, -0.5, "triangular"),
    "atmosphere": FIXED,
    "receive pointing": FIXED,
    "receive gain": Tolerance(0.5, -0.5, "triangular"),
    "receive loss": Tolerance(0.1, -0.1, "uniform"),
    "system noise": Tolerance(0.5, -0.5, "gaussian"),
    "G/T": Tolerance(0.5, -0.5, "triangular"),
    "carrier power": Tolerance(0.2, -0.2, "triangular"),
    "data power": Tolerance(0.2, -0.2, "triangular"),
    "ranging power": Tolerance(0.5, -0.5, "triangular"),
    "implementation loss": Tolerance(0.3, -0.3, "triangular"),
}
"""Tolerances used when none are given. Assumption: sizes common in published design control tables."""
