"""Holes before there is one: ways to work at a station, and what the rule would answer to them.

A way is so many samples, evenly deep down to the deepest. Ground of every kind is simulated, measured step by step and
put to the rule that will decide. The best way (most value per hour) is then simulated at length, and again with one
input of the rule changed at a time: how much hangs on the level asked for, on the Bayes factor, on the calibration.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from lupex.base.arrays import F64
from lupex.model.settings.water import WaterSettings
from lupex.water.field.value import LossSettings
from lupex.water.inference.decision import ABSENT, CONFIRMED
from lupex.water.inference.prior import GroundPrior, states
from lupex.water.inference.rule import Rule
from lupex.water.inference.station import OVENS
from lupex.water.inference.worlds import (
    DRY_KINDS,
    WET_KINDS,
    ErrorRates,
    Laboratory,
    Step,
    default_plan,
    error_rates,
    laboratory,
    rates_of_rules,
)
from lupex.water.models.channels import CHANNELS, channel
from lupex.water.models.facts import Instrument

KINDS = (*DRY_KINDS, *WET_KINDS)
VARIED = (
    ("level_wt_percent", (0.5, 2.0)),
    ("bayes_factor", (0.25, 5.0)),
    ("false_alarm", (0.1, 5.0)),
    ("dry_rate_shift", (0.0, 2.0)),
)
"""Inputs of the rule that are changed one at a time, and the factors they are changed by."""

DRY_RATE_ERROR = "dry_rate_error"
"""Name of the variants in which the rule stays and the calibration is wrong by what it must survive."""

_FINENESS = (16, 15, 9, 8, 10)
"""Of cells and nodes: coarser than those of a decision, which shifts the rates by less than their bounds."""
_SCREENED = 6
_VARIED = 4
"""Ways are compared with this part of the worlds; so are variants that need worlds of their own."""


@dataclass(frozen=True, eq=False, kw_only=True)
class HoleTrial:
    """One way to work at a station. ``depths_m``: of the samples; ``hours``, ``energy_wh``: of the whole station;
    ``rates``: what the rule answered to simulated holes worked so."""

    depths_m: tuple[float, ...]
    hours: float
    energy_wh: float
    rates: ErrorRates


@dataclass(frozen=True, eq=False, kw_only=True)
class Variant:
    """The chosen way with one input changed: its name in `RuleSettings` or `DRY_RATE_ERROR`, its value, the answers.

    Attributes:
        weights: kind of ground -> prior probability; they move with the level.
    """

    name: str
    value: float
    rates: ErrorRates
    weights: dict[str, float]

    def share(self, kinds: Sequence[str], answer: str) -> float:
        """Share of ground of these kinds that gets this answer, kinds weighed by the prior."""
        return weighed(self.rates, self.weights, kinds, answer)


@dataclass(frozen=True, kw_only=True)
class ChannelInput:
    """One channel as the rule hears it: its name, title, who provides it, what it measures, whether it sees the
    molecule, and how many of its instrument's facts are stand-ins."""

    name: str
    title: str
    owner: str
    quantity: str
    specific: bool
    stand_ins: int
    facts: int


@dataclass(frozen=True, eq=False, kw_only=True)
class HoleTrials:
    """Simulated holes of a mission.

    Attributes:
        rule, prior: under which they were decided. seed: of the worlds.
        plans: ways compared, with few worlds. chosen: the best by value per hour, with all worlds.
        weights: kind of ground -> prior probability.
        variants: the chosen way with one input changed at a time.
        inputs: every channel the rule may hear.
    """

    rule: Rule
    prior: GroundPrior
    seed: int
    plans: tuple[HoleTrial, ...]
    chosen: HoleTrial
    weights: dict[str, float]
    variants: tuple[Variant, ...]
    inputs: tuple[ChannelInput, ...]

    def share(self, kinds: Sequence[str], answer: str) -> float:
        """Share of ground of these kinds that gets this answer by the rule as registered."""
        return weighed(self.chosen.rates, self.weights, kinds, answer)


def hole_trials(
    settings: WaterSettings, rule: Rule, prior: GroundPrior, instruments: dict[str, Instrument], seed: int
) -> HoleTrials:
    """Ways with one to ``most_samples`` samples, simulated; the best of them at length and with changed inputs.

    Args:
        settings: depths, counting time, worlds. rule, prior: as registered.
        instruments: by name of the catalogue.
        seed: of the simulated worlds.
    """
    few = dict.fromkeys(KINDS, max(settings.worlds // _SCREENED, 1))
    weights, loss = kind_weights(prior, rule), LossSettings.of(settings)
    plans = []
    for samples in range(1, settings.most_samples + 1):
        lab = _laboratory(settings, rule, prior, instruments, samples)
        hours, energy_wh = effort(lab.plan, instruments)
        rates = error_rates(lab, few, seed)
        plans.append(HoleTrial(depths_m=depths_of(settings, samples), hours=hours, energy_wh=energy_wh, rates=rates))
    best = max(plans, key=lambda plan: (_value(plan, weights, loss) / plan.hours, -plan.hours))
    samples = len(best.depths_m)
    lab = _laboratory(settings, rule, prior, instruments, samples)
    same = [(name, other) for name, other in _changed(rule) if other.level_wt_percent == rule.level_wt_percent]
    rates, *others = rates_of_rules(
        lab, [rule, *(other for _, other in same)], dict.fromkeys(KINDS, settings.worlds), seed + 1
    )
    variants = [Variant(name=name, value=getattr(other, name), rates=each, weights=weights)
                for (name, other), each in zip(same, others, strict=True)]  # fmt: skip
    some = dict.fromkeys(KINDS, max(settings.worlds // _VARIED, 1))
    for name, other in _changed(rule):
        if other.level_wt_percent != rule.level_wt_percent:  # other cells, other kinds of ground: worlds of its own
            found = error_rates(_laboratory(settings, other, prior, instruments, samples), some, seed + 2)
            more = Variant(name=name, value=getattr(other, name), rates=found, weights=kind_weights(prior, other))
            variants.append(more)
    for error in (-rule.dry_rate_shift, rule.dry_rate_shift) if rule.dry_rate_shift > 0.0 else ():
        found = rates_of_rules(lab, (rule,), some, seed + 3, dry_rate=error)[0]
        variants.append(Variant(name=DRY_RATE_ERROR, value=error, rates=found, weights=weights))
    return HoleTrials(
        rule=rule, prior=prior, seed=seed, plans=tuple(plans), chosen=replace(best, rates=rates), weights=weights,
        variants=tuple(variants), inputs=channel_inputs(rule, instruments),
    )  # fmt: skip


def channel_inputs(rule: Rule, instruments: dict[str, Instrument]) -> tuple[ChannelInput, ...]:
    """Every channel with what of its instrument nobody has published, in the order of `CHANNELS`."""
    rows = ((asked, instruments[asked.instrument]) for asked in CHANNELS)
    return tuple(
        ChannelInput(
            name=asked.name, title=asked.title, owner=made.owner, quantity=asked.quantity,
            specific=asked.name in rule.specific_channels, stand_ins=len(made.assumptions()), facts=len(made.facts),
        )
        for asked, made in rows
    )  # fmt: skip


def kind_weights(prior: GroundPrior, rule: Rule) -> dict[str, float]:
    """Prior probability of each kind of ground that is simulated; they sum to 1."""
    family = states(prior, rule, coarse=True, ice_cells=_FINENESS[0]).family_weights()
    dry, hydrated, trace, shallow, middle, deep = (float(value) for value in family)
    blocky = prior.blocky_share
    return {"dry": (1.0 - blocky) * dry, "blocky": blocky * dry, "hydrated": hydrated, "trace": trace,
            "shallow": shallow, "middle": middle, "deep": deep}  # fmt: skip


def weighed(rates: ErrorRates, weights: dict[str, float], kinds: Sequence[str], answer: str) -> float:
    """Share of ground of these kinds that gets this answer, each kind by its weight; 0 where all weights are 0.

    Args:
        rates: by kind. weights: kind -> prior probability. kinds: which. answer: of the rule.
    """
    total = sum(weights[kind] for kind in kinds)
    if total == 0.0:
        return 0.0
    return float(sum(weights[kind] * rates.share((kind,), answer)[0] for kind in kinds) / total)


def depths_of(settings: WaterSettings, samples: int) -> tuple[float, ...]:
    """Depths of so many samples of one hole (m), evenly down to the deepest."""
    return tuple(round(settings.holes_deepest_m * n / samples, 2) for n in range(1, samples + 1))


def effort(plan: tuple[tuple[Step, ...], ...], instruments: dict[str, Instrument]) -> tuple[float, float]:
    """(hours, watt-hours) of a station: counting, sounding, the hole down to each sample, ovens one after the other.

    Args:
        plan: groups of steps at one hole, in order.
        instruments: by name of the catalogue: times and powers.
    """
    auger = instruments["auger"]
    seconds, energy = 0.0, 0.0
    drilled = 0.0
    for step in (step for group in plan for step in group):
        time_s, power_w = _step_effort(step, instruments)
        seconds += time_s
        energy += time_s * power_w / 3600.0
        if step.depth_m > drilled:
            bites = math.ceil((step.depth_m - drilled) / 0.1 - 1e-9)
            seconds += bites * auger.value("bite_s") + auger.value("sample_s")
            energy += bites * auger.value("bite_s") * auger.value("drilling_power_w") / 3600.0
            drilled = step.depth_m
    return seconds / 3600.0, energy


def expected_drop(loss: LossSettings, present: F64, wet: tuple[float, float], dry: tuple[float, float]) -> F64:
    """(n,) expected drop of the loss by one station, for probabilities of water at its place.

    Args:
        loss: of wrong and missing answers. present: (n,).
        wet, dry: shares (confirmed, absent) of ground with and without water at the level.
    """
    undecided = present * (1.0 - sum(wet)) + (1.0 - present) * (1.0 - sum(dry))
    after = loss.undecided * undecided + loss.missed * present * wet[1] + loss.false_yes * (1.0 - present) * dry[0]
    return np.asarray(np.maximum(loss.least(present) - after, 0.0))


def _value(plan: HoleTrial, weights: dict[str, float], loss: LossSettings) -> float:
    shares = [tuple(weighed(plan.rates, weights, kinds, answer) for answer in (CONFIRMED, ABSENT))
              for kinds in (WET_KINDS, DRY_KINDS)]  # fmt: skip
    present = np.array([sum(weights[kind] for kind in WET_KINDS)])
    return float(expected_drop(loss, present, shares[0], shares[1])[0])  # type: ignore[arg-type]


def _laboratory(
    settings: WaterSettings, rule: Rule, prior: GroundPrior, instruments: dict[str, Instrument], samples: int
) -> Laboratory:
    first, *below = default_plan(depths_of(settings, samples))
    counted = tuple(replace(step, time_s=settings.counting_s) if step.channel == "nss" else step for step in first)
    return laboratory(rule, prior, instruments, (counted, *below), _FINENESS)


def _changed(rule: Rule) -> list[tuple[str, Rule]]:
    """Names of inputs and the rule with each changed; only what is a change and within its bounds."""
    specs = {spec.name: spec.metadata for spec in fields(rule)}
    made = []
    for name, factors in VARIED:
        for factor in factors:
            value: Any = getattr(rule, name) * factor
            if value != getattr(rule, name) and specs[name]["minimum"] <= value <= specs[name]["maximum"]:
                made.append((name, replace(rule, **{name: value})))
    return made


def _step_effort(step: Step, instruments: dict[str, Instrument]) -> tuple[float, float]:
    """(seconds, watts) of one step; what an orbiter measured costs nothing, bites are counted with the hole."""
    if channel(step.channel).orbital or step.channel == "drill":
        return 0.0, 0.0
    if step.channel in OVENS:
        made = instruments[step.channel]
        return made.value("analysis_s"), made.value("measuring_power_w")
    if step.channel in ("nss", "ems_l"):
        return step.time_s, instruments[step.channel].value("measuring_power_w")
    if step.channel == "gpr":
        return instruments["gpr"].value("profile_s"), instruments["gpr"].value("measuring_power_w")
    if step.channel.startswith("nir"):
        return instruments["alis"].value("exposure_s"), instruments["alis"].value("measuring_power_w")
    return instruments["prathima"].value("measuring_s"), instruments["prathima"].value("measuring_power_w")
