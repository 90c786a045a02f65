"""What is believed before anything is measured on the ground, and the grid of grounds on which beliefs are kept.

Probabilities live on cells of (cover, ice, hydration), so that every integral below is a sum over the same cells. Cells
end where decisions are made (the level of water, the depth of the auger, the depths of samples): a continuous ground
and its cell then answer every question alike.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from lupex.base.arrays import F64, I64
from lupex.model.settings.water import PriorSettings
from lupex.water.ground import Ground
from lupex.water.inference.rule import Rule
from lupex.water.models.facts import Instrument
from lupex.water.models.infrared import beta_nodes
from lupex.water.models.measurement import Nuisances, Truth

FAMILIES = ("dry", "hydrated", "trace", "shallow", "middle", "deep")
"""Kinds of ground. Water at the level or more in the last three, by the depth at which it begins."""

PRESENT_FROM = 3
HYDRATED_FROM = 1.5e-3
"""Bound hydrogen above this (mass fraction of water) is called hydrated."""

MOST_ICE = 0.30
"""NIR ice of up to about 30 wt% by mixing (Li 2018)."""

LEAST_ICE = 1e-4
_DEEPEST_M = 5.0
_THINNEST_M = 1e-3
"""Median thickness of a cover lies between these, as the settings say."""
_WIDEST_HYDRATION = 3.6
"""Bound hydrogen lies within this many standard deviations of its median, in ln."""
_FINE_M = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4)
_COARSE_M = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
MOST_STONES = 0.4


GroundPrior = PriorSettings
"""Beliefs about the ground of a place: [water_prior] of a mission, [prior] of an evidence file."""


@dataclass(frozen=True, eq=False)
class States:
    """Cells of possible grounds in one row, sorted by family, so that a family is a slice.

    Attributes:
        ground: (cell,) their middles. weight: (cell,) prior probability, sums to 1.
        family_ends: (family + 1,) where each family of `FAMILIES` begins and the last ends.
        columns: (column,) the different samples there are: ice and hydration without a cover.
        column: (cell,) which sample lies below the cover. bare: (cell,) which sample the cover itself is.
        edges: ends of the cells of ice, cover and hydration; cells of no ice and no cover are points before the first.
    """

    ground: Ground
    weight: F64
    family_ends: I64
    columns: Ground
    column: I64
    bare: I64
    edges: tuple[F64, F64, F64]

    def family_weights(self) -> F64:
        """(family,) prior probability of each family."""
        return np.array([self.weight[self.members(number)].sum() for number in range(len(FAMILIES))])

    def members(self, family: int) -> slice:
        """The cells of one family."""
        return slice(int(self.family_ends[family]), int(self.family_ends[family + 1]))

    @property
    def wet(self) -> slice:
        """The cells with water at the level or more."""
        return slice(int(self.family_ends[PRESENT_FROM]), self.weight.size)

    @property
    def not_wet(self) -> slice:
        """All others."""
        return slice(0, int(self.family_ends[PRESENT_FROM]))

    def sample_of(self, depth_m: float) -> I64:
        """(cell,) which sample is taken at a depth."""
        return np.where(self.ground.cover_m <= depth_m, self.column, self.bare)


def states(
    prior: GroundPrior, rule: Rule, depths_m: tuple[float, ...] = (), ice_cells: int = 60, coarse: bool = False
) -> States:
    """The cells for a prior and a rule.

    Args:
        prior: chances and spreads. rule: cells end at its level and depth.
        depths_m: depths of samples; cells end there too.
        ice_cells: cells of the amount of ice, about; evenly spaced in ln, one edge at the rule's level.
        coarse: fewer cells of cover and hydration, for many simulated worlds.
    """
    ice_edges = _ice_edges(rule.level, ice_cells)
    ice = np.concatenate([[0.0], np.sqrt(ice_edges[1:] * ice_edges[:-1])])
    amount = _shares(ice_edges, prior.ice_median, prior.ice_ln_sigma)
    ice_weight = np.concatenate([[1.0 - prior.ice_probability], prior.ice_probability * amount])
    edges = _cover_edges(rule, (*depths_m, *(_COARSE_M if coarse else _FINE_M)))
    cover = np.concatenate([[0.0], 0.5 * (edges[1:] + edges[:-1])])
    cover_weight = cover_shares(prior, edges, prior.cover_median_m)
    hydration_edges = _hydration_edges(prior, coarse)
    hydration = np.sqrt(hydration_edges[1:] * hydration_edges[:-1])
    hydration_weight = _shares(hydration_edges, prior.hydration_median, prior.hydration_ln_sigma)
    made = Ground(ice[None, :, None], cover[:, None, None], hydration[None, None, :])
    weight = cover_weight[:, None, None] * ice_weight[None, :, None] * hydration_weight[None, None, :]
    family = _families(made, rule).ravel()
    order = np.argsort(family, kind="stable")
    column = np.arange(ice.size * hydration.size).reshape(1, ice.size, hydration.size)

    def row(values: F64, axis: int) -> F64:
        return np.broadcast_to(np.expand_dims(values, [n for n in range(3) if n != axis]), weight.shape).ravel()[order]

    ends = (
        (row(np.append(0.0, ice_edges[:-1]), 1), row(np.append(0.0, ice_edges[1:]), 1)),
        (row(np.append(0.0, edges[:-1]), 0), row(np.append(0.0, edges[1:]), 0)),
        (row(hydration_edges[:-1], 2), row(hydration_edges[1:], 2)),
    )
    return States(
        ground=Ground(row(ice, 1), row(cover, 0), row(hydration, 2), ends),
        weight=weight.ravel()[order],
        family_ends=np.searchsorted(family[order], np.arange(len(FAMILIES) + 1)),
        columns=Ground(np.repeat(ice, hydration.size), np.zeros(column.size), np.tile(hydration, ice.size)),
        column=np.broadcast_to(column, weight.shape).ravel()[order],
        bare=np.broadcast_to(column[:, :1], weight.shape).ravel()[order],
        edges=(ice_edges, edges, hydration_edges),
    )


def cover_shares(prior: GroundPrior, edges: F64, median_m: float) -> F64:
    """Prior probability of no cover at all, then of each cell of thickness between edges.

    Args:
        prior: share of open ice and spread of the thickness. edges: ends of the cells, m. median_m: of the thickness.
    """
    median = min(max(median_m, _THINNEST_M), _DEEPEST_M)
    thickness = _shares(edges, median, prior.cover_ln_sigma)
    return np.concatenate([[prior.open_share], (1.0 - prior.open_share) * thickness])


def present_probability(prior: GroundPrior, rule: Rule, ice_probability: F64, cover_m: F64) -> F64:
    """Probability of water at the level within reach, from the chance of ice and the depth to stability.

    Equal to the weight of the wet cells of `states`, which end at the level and at the reach.

    Args:
        prior: everything else. rule: level and reach.
        ice_probability: of any ice, any shape. cover_m: median thickness of the dry cover there, m.
    """
    ends = np.array([LEAST_ICE, rule.level, MOST_ICE])
    amount = _shares(ends, prior.ice_median, prior.ice_ln_sigma)[1]
    median = np.clip(np.asarray(cover_m, np.float64), _THINNEST_M, _DEEPEST_M)
    within, known = (ndtr(np.log(end / median) / prior.cover_ln_sigma) for end in (rule.reach_m, _DEEPEST_M))
    return np.asarray(ice_probability * amount * (prior.open_share + (1.0 - prior.open_share) * within / known))


def nuisances(
    instruments: dict[str, Instrument], prior: GroundPrior, counts: tuple[int, ...] = (41, 33, 28, 24)
) -> Nuisances:
    """Nodes of the nuisance parameters that measurements share.

    Args:
        instruments: by name; 'nss' and 'ltga' carry the widths.
        prior: stones of ordinary and of blocky ground.
        counts: nodes of dry rate, blank, kept and stones.
    """
    nss, ltga = instruments["nss"], instruments["ltga"]
    sigma = nss.value("dry_rate_relative_sigma")
    scores = np.linspace(-4.0, 4.0, counts[0])
    blank = np.linspace(-3.0, 3.0, counts[1])
    kept, kept_weight = beta_nodes(ltga.value("kept_mean"), ltga.value("kept_sigma"), counts[2])
    stones = MOST_STONES * (np.arange(counts[3]) + 0.5) / counts[3]
    edges = MOST_STONES * np.arange(counts[3] + 1) / counts[3]
    ordinary = -np.diff(np.exp(-edges / prior.stone_mean))
    blocky = np.where(stones > 0.05, 1.0, 0.0)
    stone_weight = (1.0 - prior.blocky_share) * ordinary / ordinary.sum() + prior.blocky_share * blocky / blocky.sum()
    return Nuisances(sigma * scores, _normal(scores), blank, _normal(blank), kept, kept_weight, stones, stone_weight)


def draw_ground(prior: GroundPrior, rule: Rule, rng: np.random.Generator) -> Ground:
    """One ground of the prior, between cells as well as in their middles.

    Args:
        prior: chances and spreads of ice, cover and bound hydrogen.
        rule: whose cells hold every ground drawn here; it does not change the draw.
        rng: of the draw.
    """
    score = _within(rng.normal, -_WIDEST_HYDRATION, _WIDEST_HYDRATION)
    hydration = prior.hydration_median * np.exp(prior.hydration_ln_sigma * score)
    ice = 0.0
    if rng.random() < prior.ice_probability:
        ice = _within(lambda: prior.ice_median * np.exp(prior.ice_ln_sigma * rng.normal()), LEAST_ICE, MOST_ICE)
    cover = 0.0
    if rng.random() >= prior.open_share:
        cover = _within(lambda: prior.cover_median_m * np.exp(prior.cover_ln_sigma * rng.normal()), 0.0, _DEEPEST_M)
    return Ground(np.asarray(ice), np.asarray(cover), np.asarray(hydration))


def draw_truth(instruments: dict[str, Instrument], prior: GroundPrior, rng: np.random.Generator) -> Truth:
    """Nuisance parameters of one world; ``kept`` is drawn anew for every sample by `draw_kept`."""
    sigma = instruments["nss"].value("dry_rate_relative_sigma")
    blocky = rng.random() < prior.blocky_share
    stones = rng.uniform(0.05, MOST_STONES) if blocky else _within(
        lambda: rng.exponential(prior.stone_mean), 0.0, MOST_STONES)  # fmt: skip
    return Truth(
        float(sigma * _within(rng.normal, -4.0, 4.0)), float(_within(rng.normal, -3.0, 3.0)), 0.8, float(stones)
    )


def family_of(ground: Ground, rule: Rule) -> str:
    """The family of one ground."""
    return FAMILIES[int(_families(ground, rule).item())]


def present_families() -> tuple[str, ...]:
    """Names of the families with water at the level or more."""
    return FAMILIES[PRESENT_FROM:]


def _families(ground: Ground, rule: Rule) -> np.ndarray:
    ice, cover, hydration = np.broadcast_arrays(ground.ice, ground.cover_m, ground.hydration)
    reach = rule.reach_m
    present = (ice >= rule.level) & (cover <= reach)
    traces = (ice > 0.0) & (cover <= reach)
    depth = np.digitize(cover, (reach / 3.0, 2.0 * reach / 3.0))
    absent = np.where(traces, 2, np.where(hydration >= HYDRATED_FROM, 1, 0))
    return np.where(present, PRESENT_FROM + depth, absent)


def _ice_edges(level: float, cells: int) -> F64:
    step = np.log(MOST_ICE / LEAST_ICE) / cells
    below = max(1, round(np.log(level / LEAST_ICE) / step))
    above = max(1, round(np.log(MOST_ICE / level) / step))
    return np.concatenate([np.geomspace(LEAST_ICE, level, below + 1), np.geomspace(level, MOST_ICE, above + 1)[1:]])


def _cover_edges(rule: Rule, depths_m: tuple[float, ...]) -> F64:
    reach = rule.reach_m
    edges = {reach / 3.0, 2.0 * reach / 3.0, reach, *depths_m, 2.0, _DEEPEST_M}
    return np.array(sorted(edge for edge in edges if 0.0 <= edge <= _DEEPEST_M))


def _hydration_edges(prior: GroundPrior, coarse: bool) -> F64:
    """Ends of cells even in ln, one where hydrated ground begins.

    Fine ones are half as wide as four ovens narrow the bound hydrogen down: twice as wide and it, and the blank with
    it, come out surer than they are (docs/validation.md).
    """
    width = (0.9 if coarse else 0.3) * prior.hydration_ln_sigma
    middle = np.log(HYDRATED_FROM)
    low, high = (
        np.log(prior.hydration_median) + side * _WIDEST_HYDRATION * prior.hydration_ln_sigma for side in (-1, 1)
    )
    inner = middle + width * np.arange(-200, 201)
    inner = inner[(inner > low + 0.3 * width) & (inner < high - 0.3 * width)]
    return np.exp(np.concatenate([[low], inner, [high]]))


def _shares(edges: F64, median: float, ln_sigma: float) -> F64:
    """Shares of a log-normal distribution between edges, which hold all of it."""
    with np.errstate(divide="ignore"):
        share = np.diff(ndtr(np.log(edges / median) / ln_sigma))
    return np.asarray(share / share.sum())


def _normal(scores: F64) -> F64:
    weights = np.exp(-0.5 * scores**2)
    return np.asarray(weights / weights.sum())


def _within(draw, low: float, high: float) -> float:  # type: ignore[no-untyped-def]
    """Draw until it lies within: the cells hold no more either."""
    while not low <= (value := draw()) <= high:
        pass
    return float(value)
