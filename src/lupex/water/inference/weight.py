"""What each instrument tells about water: the expected weight of evidence of one hole (Good 1950).

A reading's weight is the logarithm of its Bayes factor, counted for the truth: positive where it speaks for what is,
negative where it misleads. Its mean over grounds of the prior, wet and dry in equal parts, is half of the symmetric
relative entropy (Jeffreys) between what the instrument reads over wet and over dry ground. Evidence beyond what a yes
asks for helps no decision: a weight is cut at the odds of the rule's `confirm`. Weights of independent channels add,
which is what an accommodation needs; what the decision makes of them together is `correct_share`.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lupex.water.ground import Ground
from lupex.water.inference.decision import ABSENT, CONFIRMED
from lupex.water.inference.prior import FAMILIES, GroundPrior, draw_truth
from lupex.water.inference.rule import Rule
from lupex.water.inference.station import StationTables
from lupex.water.inference.worlds import (
    DRY_KINDS,
    WET_KINDS,
    Laboratory,
    Step,
    default_plan,
    draw_kept,
    error_rates,
    laboratory,
    measured,
)
from lupex.water.models.channels import CHANNELS, channel
from lupex.water.models.facts import Instrument

DEPTH_M = 0.6
"""Of the sample by which instruments are compared: the middle of the auger's first metre (assumption)."""
COUNTING_S = 900.0


def evidence_weights(
    rule: Rule, prior: GroundPrior, instruments: dict[str, Instrument], draws: int = 200, seed: int = 0
) -> dict[str, float]:
    """Instrument -> expected weight of evidence in nats of one reading of each of its channels, 0 or more.

    Args:
        rule: says what water is. prior: of the place. instruments: of the catalogue, by name.
        draws: grounds, half of them wet. seed: of the draws.
    """
    lab = laboratory(rule, prior, instruments, (tuple(_step(one.name) for one in CHANNELS),))
    total: dict[str, float] = {}
    for place, one in enumerate(CHANNELS):
        if one.instrument not in instruments:
            continue
        rng = np.random.default_rng([seed, place])
        mean = float(np.mean([_weight(lab, one.name, wet, rng) for wet in (True, False) for _ in range(draws // 2)]))
        total[one.instrument] = total.get(one.instrument, 0.0) + max(mean, 0.0)
    return total


def _step(name: str) -> Step:
    return Step(name, DEPTH_M if channel(name).at_depth else 0.0, COUNTING_S)


def _weight(lab: Laboratory, name: str, wet: bool, rng: np.random.Generator) -> float:
    cells = lab.states.wet if wet else lab.states.not_wet
    weight = lab.states.weight[cells]
    cell = cells.start + int(rng.choice(weight.size, p=weight / weight.sum()))
    of = lab.states.ground
    ground = Ground(of.ice[cell], of.cover_m[cell], of.hydration[cell])
    truth = replace(draw_truth(lab.instruments, lab.prior, rng), kept=draw_kept(lab.instruments, rng))
    table = StationTables(lab.states, lab.nuisances, lab.instruments)
    table.add(measured(lab, _step(name), ground, truth, rng))
    factor = table.log_bayes_factor(name)
    most = float(np.log(lab.rule.confirm / (1.0 - lab.rule.confirm)))
    return float(np.clip(factor if wet else -factor, -most, most))


def correct_share(
    rule: Rule,
    prior: GroundPrior,
    instruments: dict[str, Instrument],
    dropped: Sequence[str] = (),
    worlds: int = 20,
    seed: int = 0,
) -> dict[str, float]:
    """Shares of simulated holes, weighted by the prior, without some instruments.

    Keys: 'correct', 'wrong', 'undecided' of all; 'wet_confirmed' of wet ground, 'dry_cleared' of dry ground.

    Args:
        rule: that decides. prior: of the place. instruments: of the catalogue, by name.
        dropped: instruments that are not carried; without the auger there is no hole.
        worlds: simulated for each kind of ground. seed: of the worlds.
    """
    plan = []
    for group in default_plan():
        steps = tuple(
            step
            for step in group
            if channel(step.channel).instrument not in dropped and not ("auger" in dropped and _takes_ground(step))
        )
        if steps:
            plan.append(steps)
    lab = laboratory(rule, prior, instruments, tuple(plan))
    kinds = (*DRY_KINDS, *WET_KINDS)
    rates = error_rates(lab, dict.fromkeys(kinds, worlds), seed)
    weight = dict(zip(FAMILIES, lab.states.family_weights().tolist(), strict=True))
    shares = {"correct": 0.0, "wrong": 0.0, "undecided": 0.0}
    for kind in kinds:
        # Blocky ground is dry ground: the prior does not tell how much of it there is.
        share = 0.0 if kind == "blocky" else weight[kind]
        right, false = (CONFIRMED, ABSENT) if kind in WET_KINDS else (ABSENT, CONFIRMED)
        yes, no = rates.share((kind,), right)[0], rates.share((kind,), false)[0]
        shares["correct"] += share * yes
        shares["wrong"] += share * no
        shares["undecided"] += share * (1.0 - yes - no)
        part = "wet_confirmed" if kind in WET_KINDS else "dry_cleared"
        shares[part] = shares.get(part, 0.0) + share * yes
    wet = sum(weight[kind] for kind in WET_KINDS)
    return shares | {"wet_confirmed": shares["wet_confirmed"] / wet, "dry_cleared": shares["dry_cleared"] / (1.0 - wet)}


def _takes_ground(step: Step) -> bool:
    return channel(step.channel).at_depth or step.blank
