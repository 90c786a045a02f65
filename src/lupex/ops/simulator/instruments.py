"""What the rover's instruments read: forward models of the water chapter over ground that only the simulator knows."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lupex import water
from lupex.water.inference.prior import draw_ground, draw_truth

NEUTRONS, CUTTINGS = "nss", "nir_cuttings"
"""Channels of the evidence the rover can fill."""


@dataclass
class Instruments:
    """Readings of hidden ground; equal seeds give equal readings, whatever happened between them.

    Attributes:
        ground: under the rover, the same everywhere it works. truth: of what readings share. temperature_k: at depth.
        seed: of chance. taken: readings so far.
    """

    ground: water.Ground
    truth: water.Truth
    temperature_k: float = 110.0
    seed: int = 0
    taken: int = 0

    @classmethod
    def drawn(cls, rule: water.Rule, prior: water.GroundPrior, seed: int) -> "Instruments":
        """Instruments over ground drawn from what is believed before.

        Args:
            rule: of the decision. prior: beliefs. seed: of chance.
        """
        rng = np.random.default_rng([seed, 11])
        facts = {name: water.instrument(name) for name in water.instrument_names()}
        return cls(draw_ground(prior, rule, rng), draw_truth(facts, prior, rng), seed=seed)

    def counts(self, interval_s: float) -> int:
        """Neutrons counted in an interval (s), corrected for dead time."""
        return int(self._reading(NEUTRONS, water.Look(time_s=interval_s))["counts"])

    def bands(self, depth_m: float) -> tuple[float, float, float]:
        """Depths of the near-infrared bands near 1.3, 1.5 and 2.0 um of cuttings from a depth (m)."""
        one, two, three = self._reading(CUTTINGS, water.Look(depth_m, 1.0, self.temperature_k))["band_depths"]
        return float(one), float(two), float(three)

    def neutron_report(self, interval_s: float) -> dict[str, Any]:
        """The packet of an interval (s) that has ended."""
        total = self.counts(interval_s)
        rate = total / interval_s
        return {"neutron_epithermal_hz": rate, "neutron_interval_s": int(interval_s), "neutron_total": total}

    def cuttings_report(self, depth_m: float) -> dict[str, Any]:
        """The packet of cuttings from a depth (m)."""
        bands = {f"cuttings_band_{k}": value for k, value in enumerate(self.bands(depth_m), 1)}
        return {"cuttings_depth_m": depth_m, **bands}

    def _reading(self, name: str, look: water.Look) -> dict[str, Any]:
        channel = water.channel(name)
        rng = np.random.default_rng([self.seed, 12, self.taken])
        self.taken += 1
        facts = water.instrument(channel.instrument)
        found: dict[str, Any] = channel.draw(facts, self.ground, look, self.truth, rng).values
        return found
