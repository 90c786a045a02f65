"""What a place must fulfil: one explicit table, and what each rule does to the region."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, Mask
from lupex.base.errors import NothingLeftError
from lupex.model import NO_LIMIT, ConstraintShare, SiteSettings
from lupex.sites.first_score_criteria import Layers, layer_of


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

    def active(self, settings: SiteSettings) -> bool:
        """Whether the limit rules anything out; a rule that does not needs no layer (see NO_LIMIT)."""
        if not self.setting:
            return True
        limit, off = self.limit(settings), NO_LIMIT[self.setting]
        return limit < off if self.at_most else limit > off

    def rule(self, settings: SiteSettings) -> str:
        """The rule in words."""
        return self.words.format(self.limit(settings))

    def passes(self, layers: Layers, settings: SiteSettings) -> Mask:
        """Where the rule is fulfilled, the layer's shape; False where the layer is NaN."""
        value = layer_of(layers, self.layer)
        return np.asarray(value <= self.limit(settings) if self.at_most else value >= self.limit(settings))

    def change(self, values: F64, settings: SiteSettings) -> F64:
        """By how much the limit must move to let each value pass, as a share of itself; inf where nobody may."""
        if not self.setting:
            return np.full(values.shape, np.inf)
        limit = self.limit(settings)
        return np.asarray(np.abs(values - limit) / (abs(limit) or 1.0))

    def relaxed(self, value: float, settings: SiteSettings) -> str:
        """The limit that just lets ``value`` pass, rounded outward to three digits, in words."""
        digits = 10.0 ** np.floor(np.log10(abs(value)) - 2) if value else 1.0
        rounded = (np.ceil if self.at_most else np.floor)(value / digits) * digits
        return f"{self.setting} = {rounded:.6g} (now {self.limit(settings):g})"


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
    Constraint(
        "lit_fraction", "season_lit_fraction", "min_lit_fraction", False, "lit at least {:g} of the landing season"
    ),
    Constraint("latitude", "absolute_latitude_deg", "min_abs_latitude_deg", False, "{:g} deg or more from the equator"),
    Constraint("poleward", "absolute_latitude_deg", "max_abs_latitude_deg", True, "{:g} deg or less from the equator"),
    Constraint("psr", "psr_distance_km", "max_psr_distance_km", True, "permanent shadow at most {:g} km away"),
    Constraint("sunlit", "permanent_shadow", "", True, "not in permanent shadow itself"),
)
"""Every constraint. To add one: a row here, its limit in SiteSettings, the value that switches it off in NO_LIMIT."""


def rules(settings: SiteSettings) -> dict[str, str]:
    """Every active constraint's name and its rule in words."""
    return {c.name: c.rule(settings) for c in active(settings)}


def active(settings: SiteSettings) -> tuple[Constraint, ...]:
    """The constraints that rule anything out under these settings."""
    return tuple(c for c in CONSTRAINTS if c.active(settings))


def constraint_mask(layers: Layers, settings: SiteSettings) -> tuple[Mask, tuple[ConstraintShare, ...]]:
    """Where every constraint holds (row, col), and for each the share of known cells that fail it.

    A cell is known where no layer used is NaN; unknown cells are False and in no share. Raises
    InputError when a layer is missing; NothingLeftError when no cell is known or nothing is left, naming the share that
    every constraint removes and the smallest relaxation that leaves a place.

    Args:
        layers: name -> (row, col) of the regional maps.
        settings: limits of [sites].
    """
    used = active(settings)
    values = {c.name: layer_of(layers, c.layer) for c in used}
    known = ~np.any([np.isnan(v) for v in values.values()], axis=0)
    count = int(known.sum())
    if count == 0:
        raise NothingLeftError("sites: no cell of the map is known in every layer", "choose a region with data")
    fails = {c.name: known & ~c.passes(layers, settings) for c in used}
    failed = np.sum(list(fails.values()), axis=0)
    shares = tuple(
        ConstraintShare(
            c.name,
            c.rule(settings),
            float(fails[c.name].sum() / count),
            float((fails[c.name] & (failed == 1)).sum() / count),
        )
        for c in used
    )
    mask = known & (failed == 0)
    if not mask.any():
        removing = sorted((s for s in shares if s.share_failing > 0.0), key=lambda s: -s.share_failing)
        removed = ", ".join(f"'{s.rule}' removes {100 * s.share_failing:.1f} %" for s in removing)
        raise NothingLeftError(
            f"sites: no place fulfils every constraint; {removed}", _relaxation(values, fails, failed, settings)
        )
    return mask, shares


def _relaxation(
    values: dict[str, F64], fails: dict[str, Mask], failed: NDArray[np.int_], settings: SiteSettings
) -> str:
    """The smallest change of limits that leaves a place, in words: of one limit where one is enough, else of several.

    Changes are measured as shares of the limits, and added up where a place needs several.
    """
    used = active(settings)
    change = sum(
        (np.where(fails[c.name], c.change(values[c.name], settings), 0.0) for c in used), start=np.zeros(failed.shape)
    )
    change[failed == 0] = np.inf
    alone = np.where(failed == 1, change, np.inf)
    least = alone if np.isfinite(alone).any() else change
    if not np.isfinite(least).any():
        return "no limit of [sites] leaves one when relaxed; choose another region or season"
    at = np.unravel_index(int(np.argmin(least)), least.shape)
    steps = [c.relaxed(float(values[c.name][at]), settings) for c in used if fails[c.name][at]]
    return f"set [sites] {' and '.join(steps)} to leave one"
