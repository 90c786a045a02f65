"""What maps from orbit change of the belief about many places at once."""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.water.inference.prior import GroundPrior, cover_shares, states
from lupex.water.inference.rule import Rule
from lupex.water.models.facts import Instrument
from lupex.water.models.orbital_maps import hydrogen_log_density, seen_log_probability

_CHUNK = 256
_ICE_CELLS = 26


@dataclass(frozen=True, eq=False)
class OrbitalReadings:
    """Pixels of maps over places, (n,) each; NaN where a map says nothing. None where there is no such map.

    Attributes:
        hydrogen_wt_percent: water-equivalent hydrogen. ice_seen: 1 where ice was seen at the surface, 0 where not.
    """

    hydrogen_wt_percent: F64 | None = None
    ice_seen: F64 | None = None

    @property
    def none(self) -> bool:
        """Whether there is no map at all."""
        return self.hydrogen_wt_percent is None and self.ice_seen is None


def informed_probability(
    prior: GroundPrior,
    rule: Rule,
    local: tuple[F64, F64],
    readings: OrbitalReadings,
    instruments: dict[str, Instrument],
) -> F64:
    """(n,) probability of water at the level within reach, after what maps from orbit say of each place.

    Args:
        prior: everything that is the same everywhere. rule: level and reach.
        local: (n,) chance of any ice; (n,) median thickness of the dry cover, m.
        readings: of the maps at the places. instruments: by name; 'lpns' and 'm3' carry the errors.
    """
    chance, cover = (np.asarray(part, np.float64) for part in local)
    made = states(prior, rule, coarse=True, ice_cells=_ICE_CELLS)
    of = made.ground
    values, index = np.unique(of.cover_m, return_inverse=True)
    base = np.bincount(index, made.weight, values.size)
    icy = of.ice > 0.0
    found = np.empty(chance.size)
    for first in range(0, chance.size, _CHUNK):
        part = slice(first, first + _CHUNK)
        shares = np.stack([cover_shares(prior, made.edges[1], one) for one in cover[part]])
        ratio = np.where(icy, chance[part, None] / prior.ice_probability,
                         (1.0 - chance[part, None]) / (1.0 - prior.ice_probability))  # fmt: skip
        weight = made.weight * ratio * (shares / base)[:, index]
        if readings.hydrogen_wt_percent is not None:
            weight *= _likelihood(hydrogen_log_density, instruments["lpns"], of, readings.hydrogen_wt_percent[part])
        if readings.ice_seen is not None:
            weight *= _likelihood(seen_log_probability, instruments["m3"], of, readings.ice_seen[part])
        found[part] = weight[:, made.wet].sum(axis=1) / weight.sum(axis=1)
    return found


def _likelihood(density, instrument: Instrument, ground, found: F64) -> F64:  # type: ignore[no-untyped-def]
    """(place, cell) likelihoods up to a factor per place; 1 where the map says nothing."""
    known = np.isfinite(found)
    logs = density(instrument, ground, np.where(known, found, 0.0)[:, None])
    return np.where(known[:, None], np.exp(logs - logs.max(axis=1, keepdims=True)), 1.0)
