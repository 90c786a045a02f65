"""What a place must fulfil: one explicit table, and what each rule does to the region."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.model import ConstraintShare, SiteSettings
from lupex.sites.criteria import F64, Layers, layer_of

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Constraint:
    """A limit on one layer.

    ``setting`` names the field of SiteSettings that holds the limit, '' when the limit is 0 and
    nobody may relax it. ``at_most``: values up to the limit pass; otherwise values from it on.
    ``words`` is the rule with the limit to be filled in.
    """

    name: str
    layer: str
    setting: str
    at_most: bool
    words: str

    def limit(self, settings: SiteSettings) -> float:
        """The limit in the layer's unit."""
        return float(getattr(settings, self.setting)) if self.setting else 0.0

    def rule(self, settings: SiteSettings) -> str:
        """The rule in words."""
        return self.words.format(self.limit(settings))

    def passes(self, layers: Layers, settings: SiteSettings) -> Mask:
        """Where the rule is fulfilled, the layer's shape; False where the layer is NaN."""
        value = layer_of(layers, self.layer)
        return np.asarray(value <= self.limit(settings) if self.at_most else value >= self.limit(settings))

    def best(self, values: F64) -> float:
        """The value that fulfils the rule most easily."""
        return float(values.min() if self.at_most else values.max())


CONSTRAINTS: tuple[Constraint, ...] = (
    Constraint("slope", "slope_deg", "max_slope_deg", True, "slope at most {:g} deg"),
    Constraint(
        "light",
        "season_longest_lit_days",
        "min_lit_days",
        False,
        "lit without a break for at least {:g} days in the landing season",
    ),
    Constraint(
        "earth",
        "season_earth_fraction",
        "min_earth_fraction",
        False,
        "Earth in view at least {:g} of the landing season",
    ),
    Constraint("psr", "psr_distance_km", "max_psr_distance_km", True, "permanent shadow at most {:g} km away"),
    Constraint("sunlit", "permanent_shadow", "", True, "not in permanent shadow itself"),
)
"""Every constraint. To add one: a row here and its limit in SiteSettings."""


def rules(settings: SiteSettings) -> dict[str, str]:
    """Every constraint's name and its rule in words."""
    return {c.name: c.rule(settings) for c in CONSTRAINTS}


def constraint_mask(layers: Layers, settings: SiteSettings) -> tuple[Mask, tuple[ConstraintShare, ...]]:
    """Where every constraint holds (row, col), and for each the share of known cells that fail it.

    A cell is known where no layer used is NaN; unknown cells are False and in no share. Raises
    InputError when a layer is missing, when no cell is known, or when nothing is left: naming the
    constraint that removes most and the smallest relaxation of one limit that leaves a place.
    """
    values = {c.name: layer_of(layers, c.layer) for c in CONSTRAINTS}
    known = ~np.any([np.isnan(v) for v in values.values()], axis=0)
    count = int(known.sum())
    if count == 0:
        raise InputError("sites: no cell of the map is known in every layer", "choose a region with data")
    fails = {c.name: known & ~c.passes(layers, settings) for c in CONSTRAINTS}
    failed = np.sum(list(fails.values()), axis=0)
    shares = tuple(
        ConstraintShare(
            c.name,
            c.rule(settings),
            float(fails[c.name].sum() / count),
            float((fails[c.name] & (failed == 1)).sum() / count),
        )
        for c in CONSTRAINTS
    )
    mask = known & (failed == 0)
    if not mask.any():
        most = max(shares, key=lambda share: share.share_failing)
        raise InputError(
            f"sites: no place fulfils every constraint; '{most.rule}' removes most, {100 * most.share_failing:.1f} %",
            _relaxation(values, fails, failed, settings),
        )
    return mask, shares


def _relaxation(
    values: dict[str, F64], fails: dict[str, Mask], failed: NDArray[np.int_], settings: SiteSettings
) -> str:
    """The one limit whose smallest change, relative to itself, leaves a place; in words."""
    ways = []
    for c in CONSTRAINTS:
        only = fails[c.name] & (failed == 1)
        reached = c.best(values[c.name][only]) if only.any() else np.inf
        if c.setting and np.isfinite(reached):
            limit = c.limit(settings)
            ways.append((abs(reached - limit) / (abs(limit) or 1.0), c, reached))
    if not ways:
        return "no single limit in [sites] leaves one when relaxed; relax several, or choose another region or season"
    _, c, reached = min(ways, key=lambda way: way[0])
    digits = 10.0 ** np.floor(np.log10(abs(reached)) - 2) if reached else 1.0
    rounded = (np.ceil if c.at_most else np.floor)(reached / digits) * digits
    return f"set [sites] {c.setting} = {rounded:.6g} (now {c.limit(settings):g}) to leave one"
