"""Instruments, cells and readings that several tests of the inference use."""

import numpy as np

from lupex.water import GroundPrior, Rule, instrument, instrument_names
from lupex.water.ground import Ground
from lupex.water.inference.prior import nuisances, states
from lupex.water.inference.station import StationTables
from lupex.water.models import Look, Measurement, Truth, channel

INSTRUMENTS = {name: instrument(name) for name in instrument_names()}
RULE = Rule()
DEPTHS = (0.3, 0.6, 1.0, 1.4)


def tables(prior: GroundPrior = GroundPrior(), rule: Rule = RULE) -> StationTables:
    """An empty place with small cells for speed."""
    nodes = nuisances(INSTRUMENTS, prior, (25, 11, 12, 16))
    return StationTables(states(prior, rule, DEPTHS, 26, coarse=True), nodes, INSTRUMENTS)


def drawn(
    name: str, ground: Ground, seed: int, depth_m: float = 0.6, truth: Truth = Truth(), time_s: float = 900.0
) -> Measurement:
    """A reading of one channel over one ground."""
    asked = channel(name)
    rng = np.random.default_rng(seed)
    return asked.draw(INSTRUMENTS[asked.instrument], ground, Look(depth_m, time_s), truth, rng)


def blank(name: str, percent: float = 0.02) -> Measurement:
    """A reading of an empty oven."""
    values = {"mass_loss_g": percent / 100.0} if name == "ltga" else {"water_wt_percent": percent}
    return Measurement(name, Look(), values, blank=True, where=f"blank of {name}")
