"""Posteriors in numbers that people read: water by depth, chances of each kind of ground, evidence per channel."""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.water.inference.joint import Joint
from lupex.water.inference.prior import FAMILIES
from lupex.water.inference.station import StationTables

DEPTHS_M = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.4)
LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True, eq=False, kw_only=True)
class PlacePosterior:
    """What is believed of one place after all measurements.

    Attributes:
        present: probability of water at the level. families: name -> probability.
        depths_m: (n,). mean: (n,) expected mass fraction of ice at a depth. quantiles: (3, n) at 5, 50 and 95 %.
        cover_m: (3,) quantiles of the cover's thickness, where there is ice. hydration: (3,) of bound hydrogen.
        log_bayes_factor: channel -> ln Bayes factor of its measurements alone, water at the level over none.
    """

    present: float
    families: dict[str, float]
    depths_m: F64
    mean: F64
    quantiles: F64
    cover_m: F64
    hydration: F64
    log_bayes_factor: dict[str, float]


def place_posterior(found: Joint, tables: list[StationTables], number: int) -> PlacePosterior:
    """The posterior of place ``number``, the shared nuisance parameters as all places together know them.

    Args:
        found: posterior of all places together.
        tables: what was measured at each place.
        number: which of them.
    """
    table = tables[number]
    cells = table.posterior(found.others[number])
    ground, depths = table.states.ground, np.asarray(DEPTHS_M)
    at_depth = [ground.ice_at(depth) for depth in DEPTHS_M]
    icy = np.where(ground.ice > 0.0, cells, 0.0)
    return PlacePosterior(
        present=float(found.present[number]),
        families=dict(zip(FAMILIES, found.families[number].tolist(), strict=True)),
        depths_m=depths,
        mean=np.array([float((cells * ice).sum()) for ice in at_depth]),
        quantiles=np.stack([quantiles(ice, cells) for ice in at_depth], axis=1),
        cover_m=quantiles(ground.cover_m, icy / icy.sum()),
        hydration=quantiles(ground.hydration, cells),
        log_bayes_factor={name: table.log_bayes_factor(name) for name in table.channels},
    )


def quantiles(values: F64, weight: F64, levels: tuple[float, ...] = LEVELS) -> F64:
    """(level,) weighted quantiles: the smallest value below or at which lies at least that share of the weight."""
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weight[order])
    places = np.searchsorted(total, np.asarray(levels) * total[-1])
    return np.asarray(values[order][np.minimum(places, values.size - 1)])
