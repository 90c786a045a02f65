"""What the lander will meet: layers over the landing dispersion, and the mission's rules that fail there.

Theory: docs/theory/touchdown.md.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.errors import GridError
from lupex.model import BrokenRule, LandingGround, SiteSettings, Spread
from lupex.sites.constraints import active
from lupex.sites.first_score_criteria import Layers

LOW, HIGH = 0.05, 0.95
"""Percentiles shown beside the mean."""

MARKED_ABOVE = 1.0 - HIGH
"""A rule that fails in more of the landings than this marks the site: the percentile shown then breaks the limit."""


def landing_ground(layers: Layers, names: Sequence[str], shares: F64, settings: SiteSettings) -> LandingGround:
    """Mean, 5th and 95th percentile of layers over the landing dispersion, and how often each rule fails there.

    Args:
        layers: name -> (row, col), unit in the name; those of the rules of [sites] must be among them.
        names: layers to describe; those that are missing or unknown in all of the dispersion are left out.
        shares: (row, col) share of the dispersion that comes down in each cell (`cell_shares`).
        settings: the limits of [sites].

    Raises GridError for layers of another shape than ``shares``, InputError when the layer of a rule is missing.
    """
    values = {n: spread_over(layers[n], shares) for n in names if n in layers}
    total = float(shares.sum())
    broken = []
    for rule in active(settings):
        fails = ~rule.passes(layers, settings)
        share = float(shares[fails].sum()) / total if total > 0.0 else 1.0
        if share > 0.0:
            broken.append(BrokenRule(rule.name, rule.rule(settings), share, share > MARKED_ABOVE))
    known = {name: spread for name, spread in values.items() if spread is not None}
    return LandingGround(known, tuple(broken))


def spread_over(layer: NDArray[np.floating], shares: F64) -> Spread | None:
    """Mean, standard deviation, 5th and 95th percentile of a layer (row, col), each cell weighing as ``shares`` says.

    None where the dispersion meets no known cell. A percentile is the least value with at least that share of the
    landings at or below it. Raises GridError for another shape.
    """
    values = np.asarray(layer, np.float64)
    if values.shape != shares.shape:
        raise GridError(f"landing ground: layer of shape {values.shape}, dispersion of shape {shares.shape}")
    met = (shares > 0.0) & np.isfinite(values)
    if not met.any():
        return None
    v, w = values[met], shares[met] / shares[met].sum()
    order = np.argsort(v, kind="stable")
    reached = np.cumsum(w[order])
    low, high = (float(v[order][min(int(np.searchsorted(reached, q - 1e-12)), v.size - 1)]) for q in (LOW, HIGH))
    mean = float(v @ w)
    return Spread(mean, float(np.sqrt(max(((v - mean) ** 2) @ w, 0.0))), low, high)
