"""Simulated worlds: how often the rule is wrong, measured through the very models that decide.

A world is a ground of one family, a calibration of its own and a hole. It is measured step by step as the plan says,
and the rule is asked after every step, as often as an operator would; the first yes or no ends it.
"""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import betaincinv, ndtr, ndtri

from lupex.water.ground import Ground
from lupex.water.inference.decision import UNDECIDED, judged, shifts_of
from lupex.water.inference.joint import joints
from lupex.water.inference.prior import (
    FAMILIES,
    HYDRATED_FROM,
    LEAST_ICE,
    MOST_ICE,
    GroundPrior,
    States,
    draw_truth,
    nuisances,
    states,
)
from lupex.water.inference.rule import Rule
from lupex.water.inference.station import OVENS, StationTables
from lupex.water.models.channels import channel
from lupex.water.models.facts import Instrument
from lupex.water.models.infrared import draw_beta
from lupex.water.models.measurement import Look, Measurement, Nuisances, Truth

DRY_KINDS = ("dry", "blocky", "hydrated", "trace")
WET_KINDS = ("shallow", "middle", "deep")
"""Kinds of worlds: as `FAMILIES`, and dry ground full of stones."""


_CHUNK = 100


@dataclass(frozen=True)
class Step:
    """One step of a plan: a channel, and how it looks. A blank is taken without a sample."""

    channel: str
    depth_m: float = 0.0
    time_s: float = 600.0
    blank: bool = False


def default_plan(depths_m: Sequence[float] = (0.3, 0.6, 1.0, 1.4)) -> tuple[tuple[Step, ...], ...]:
    """Orbital radar, neutrons, blanks, then hole and ovens at one depth after the other; decided after each group."""
    first = (Step("dfsar"), Step("nss", time_s=900.0), Step("gpr"), *(Step(name, blank=True) for name in OVENS))
    below = (("nir_cuttings", "drill", *OVENS),) * len(depths_m)
    return (first, *(tuple(Step(n, depth) for n in names) for names, depth in zip(below, depths_m, strict=True)))


@dataclass(frozen=True, eq=False)
class Laboratory:
    """What every simulated world has in common: rule, prior, cells, nodes, instruments, plan."""

    rule: Rule
    prior: GroundPrior
    states: States
    nuisances: Nuisances
    instruments: dict[str, Instrument]
    plan: tuple[tuple[Step, ...], ...]


def laboratory(
    rule: Rule,
    prior: GroundPrior,
    instruments: dict[str, Instrument],
    plan: tuple[tuple[Step, ...], ...] | None = None,
    fineness: tuple[int, ...] = (26, 25, 11, 12, 16),
) -> Laboratory:
    """A laboratory with cells fit for its plan; coarser than those of a real decision, for speed.

    Args:
        rule: whose level and depth the cells fit.
        prior: beliefs about the ground.
        instruments: of the catalogue, by name.
        plan: groups of steps; `default_plan` when left out.
        fineness: cells of the amount of ice, about; then nodes of dry rate, blank, kept and stones.
    """
    plan = default_plan() if plan is None else plan
    depths = tuple(sorted({step.depth_m for group in plan for step in group if step.depth_m > 0.0}))
    nodes = nuisances(instruments, prior, fineness[1:])
    return Laboratory(rule, prior, states(prior, rule, depths, fineness[0], coarse=True), nodes, instruments, plan)


def draw_world(lab: Laboratory, kind: str, rng: np.random.Generator) -> tuple[Ground, Truth]:
    """A ground of one kind from the prior as it is within that kind, and its nuisance parameters.

    Drawn by inverting the distribution within the kind's bounds: a kind the prior hardly knows (deep ice in a very cold
    place) takes no longer than any other.

    Args:
        lab: what worlds are made from.
        kind: of `DRY_KINDS` or `WET_KINDS`.
        rng: random numbers of this world.
    """
    truth = draw_truth(lab.instruments, lab.prior, rng)
    prior, rule = lab.prior, lab.rule
    low, high = HYDRATED_FROM, HYDRATED_FROM * 4.0
    if kind != "hydrated":
        spread = np.exp(3.6 * prior.hydration_ln_sigma)
        low, high = prior.hydration_median / spread, min(prior.hydration_median * spread, HYDRATED_FROM)
    hydration = _log_normal_within(prior.hydration_median, prior.hydration_ln_sigma, low, high, rng)
    ice, cover = 0.0, 0.0
    if kind == "trace" or kind in WET_KINDS:
        bounds = (LEAST_ICE, rule.level) if kind == "trace" else (rule.level, MOST_ICE)
        ice = _log_normal_within(prior.ice_median, prior.ice_ln_sigma, *bounds, rng)
        third = rule.reach_m / 3.0
        first = WET_KINDS.index(kind) if kind in WET_KINDS else 0
        top, foot = first * third, (first + 1) * third if kind in WET_KINDS else rule.reach_m
        if first > 0 or rng.random() >= prior.open_share:
            cover = _log_normal_within(prior.cover_median_m, prior.cover_ln_sigma, max(top, 1e-4), foot, rng)
    if kind == "blocky":
        truth = replace(truth, rock=float(rng.uniform(0.1, 0.4)))
    return Ground(np.asarray(ice), np.asarray(cover), np.asarray(hydration)), truth


def _log_normal_within(median: float, ln_sigma: float, low: float, high: float, rng: np.random.Generator) -> float:
    """A draw of a log-normal distribution known to lie between two bounds; even between them where it has no weight."""
    ends = ndtr(np.log(np.array([low, high]) / median) / ln_sigma)
    if ends[1] - ends[0] < 1e-9:
        return float(rng.uniform(low, high))
    value = median * np.exp(ln_sigma * ndtri(rng.uniform(*ends)))
    return float(np.clip(value, low, np.nextafter(high, 0.0)))


def measured(lab: Laboratory, step: Step, ground: Ground, truth: Truth, rng: np.random.Generator) -> Measurement:
    """A simulated measurement of one step."""
    asked = channel(step.channel)
    instrument = lab.instruments[asked.instrument]
    look = Look(step.depth_m, step.time_s)
    if step.blank:
        return asked.draw(instrument, ground, look, truth, rng, blank=True)  # type: ignore[call-arg]
    return asked.draw(instrument, ground, look, truth, rng)


def run_world(lab: Laboratory, kind: str, rng: np.random.Generator) -> tuple[str, int]:
    """(answer, groups of steps done) of one world.

    Args:
        lab: what worlds are made from.
        kind: of world.
        rng: random numbers of this world.
    """
    return rule_answers(lab, draw_world(lab, kind, rng), (lab.rule,), rng)[0]


def rule_answers(
    lab: Laboratory, world: tuple[Ground, Truth], rules: Sequence[Rule], rng: np.random.Generator
) -> list[tuple[str, int]]:
    """(answer, groups of steps done) of one world by each of several rules that hear the same readings.

    Args:
        lab: what worlds are made from; its cells fit rules of its own level and depth only.
        world: ground and truth, as `draw_world` gives them.
        rules: of the level and depth of the laboratory's.
        rng: random numbers of the readings.
    """
    ground, truth = world
    table = StationTables(lab.states, lab.nuisances, lab.instruments)
    found: list[tuple[str, int] | None] = [None] * len(rules)
    for number, group in enumerate(lab.plan, 1):
        truth = replace(truth, kept=draw_kept(lab.instruments, rng))  # of this group's sample
        for step in group:
            table.add(measured(lab, step, ground, truth, rng))
        evidence, posteriors = [table.evidence()], {}
        for n, rule in enumerate(rules):
            if found[n] is None:
                shifts = shifts_of(rule)
                if shifts not in posteriors:
                    posteriors[shifts] = joints([table], evidence, shifts)
                answer = judged(rule, ["hole"], [table], posteriors[shifts]).answer
                found[n] = None if answer == UNDECIDED else (answer, number)
        if None not in found:
            break
    return [(UNDECIDED, len(lab.plan)) if each is None else each for each in found]


def draw_kept(instruments: dict[str, Instrument], rng: np.random.Generator) -> float:
    """Share of the ice of one sample that reaches the ovens."""
    return draw_beta(instruments["ltga"].value("kept_mean"), instruments["ltga"].value("kept_sigma"), rng)


@dataclass(frozen=True, eq=False)
class ErrorRates:
    """What the rule answered to worlds of known kinds.

    Attributes:
        counts: (kind, answer) -> worlds. worlds: kind -> worlds run.
    """

    counts: dict[tuple[str, str], int]
    worlds: dict[str, int]

    def share(self, kinds: Sequence[str], answer: str) -> tuple[float, float, float]:
        """(share, lower, upper): of worlds of these kinds with this answer, Clopper-Pearson bounds of 95 %."""
        total = sum(self.worlds.get(kind, 0) for kind in kinds)
        found = sum(self.counts.get((kind, answer), 0) for kind in kinds)
        low = 0.0 if found == 0 else float(betaincinv(found, total - found + 1, 0.025))
        high = 1.0 if found == total else float(betaincinv(found + 1, total - found, 0.975))
        return found / total, low, high


def error_rates(lab: Laboratory, worlds: dict[str, int], seed: int, workers: int = 1) -> ErrorRates:
    """Answers of the rule to simulated worlds.

    Args:
        lab: what the worlds have in common. worlds: kind -> how many.
        seed: of every world's own generator: the result depends neither on their order nor on ``workers``.
        workers: processes; 1 stays in this one.
    """
    return rates_of_rules(lab, (lab.rule,), worlds, seed, workers=workers)[0]


def rates_of_rules(
    lab: Laboratory,
    rules: Sequence[Rule],
    worlds: dict[str, int],
    seed: int,
    dry_rate: float | None = None,
    workers: int = 1,
) -> list[ErrorRates]:
    """Answers of several rules to the same simulated worlds, in their order.

    Args:
        lab: what the worlds have in common. rules: of its level and depth. worlds: kind -> how many.
        seed: of every world's own generator.
        dry_rate: relative error of the dry rate in every world; None draws it from its calibration.
        workers: processes; 1 stays in this one.
    """
    jobs = [
        _Job(
            lab=lab,
            rules=tuple(rules),
            kind=kind,
            seed=(seed, place),
            dry_rate=dry_rate,
            numbers=range(first, min(first + _CHUNK, count)),
        )  # fmt: skip
        for place, (kind, count) in enumerate(sorted(worlds.items()))
        for first in range(0, count, _CHUNK)
    ]
    counts: list[Counter[tuple[str, str]]] = [Counter() for _ in rules]
    if workers == 1:
        parts = map(_answers, jobs)
        for part in parts:
            _count(counts, part)
    else:
        with ProcessPoolExecutor(workers) as pool:
            for part in pool.map(_answers, jobs):
                _count(counts, part)
    return [ErrorRates(dict(each), dict(worlds)) for each in counts]


@dataclass(frozen=True, eq=False, kw_only=True)
class _Job:
    """Worlds of one kind and what to do with them."""

    lab: Laboratory
    rules: tuple[Rule, ...]
    kind: str
    seed: tuple[int, int]
    dry_rate: float | None
    numbers: range


def _count(counts: list[Counter[tuple[str, str]]], part: list[Counter[tuple[str, str]]]) -> None:
    for all_of_rule, some in zip(counts, part, strict=True):
        all_of_rule.update(some)


def _answers(job: _Job) -> list[Counter[tuple[str, str]]]:
    counts: list[Counter[tuple[str, str]]] = [Counter() for _ in job.rules]
    for n in job.numbers:
        rng = np.random.default_rng([*job.seed, n])
        ground, truth = draw_world(job.lab, job.kind, rng)
        if job.dry_rate is not None:
            truth = replace(truth, dry_rate=job.dry_rate)
        for each, (answer, _) in zip(counts, rule_answers(job.lab, (ground, truth), job.rules, rng), strict=True):
            each[job.kind, answer] += 1
    return counts


def kinds(total: int) -> dict[str, int]:
    """``total`` dry and ``total`` wet worlds, spread evenly over their kinds."""
    return {k: total // len(group) for group in (DRY_KINDS, WET_KINDS) for k in group}


def prior_worlds(lab: Laboratory) -> dict[str, float]:
    """Prior probability of each family, for weighting rates by kind."""
    return dict(zip(FAMILIES, lab.states.family_weights().tolist(), strict=True))
