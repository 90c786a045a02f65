"""Yes, no or not yet, by a rule that was fixed before: and what the rule still asks for.

Two conditions carry the error rates. A yes needs a likelihood ratio of at least places / false_alarm between water and
the *worst* family of dry ground, a no one of 1 / missed between none and the worst family of wet ground. Under any one
family such a ratio is a martingale that starts at 1, so by Ville's inequality it ever exceeds 1 / alpha in at most a
share alpha of cases: however often one looks, and whatever the prior probability of ice. The nuisance parameters are
those of their prior; each condition must also hold with the dry rate off by the rule's shift, either way.
"""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.water.inference.joint import Joint, joints, log_against_worst
from lupex.water.inference.rule import Rule
from lupex.water.inference.station import OVENS, StationTables
from lupex.water.models.analysers import oven, reading, sample_mass_g
from lupex.water.models.facts import Instrument
from lupex.water.models.measurement import Measurement

CONFIRMED, ABSENT, UNDECIDED = "confirmed", "absent", "undecided"


@dataclass(frozen=True, eq=False, kw_only=True)
class PlaceAnswer:
    """What the rule says of one place.

    Attributes:
        name: of the place. answer: confirmed, absent or undecided.
        present: probability of water at the level; lowest, highest: over the shifts of calibration.
        log_wet, log_dry: least ln likelihood ratios over the shifts: water over the worst dry family, none over the
            worst wet one.
        missing: what a yes or a no still asks for, in words.
    """

    name: str
    answer: str
    present: float
    lowest: float
    highest: float
    log_wet: float
    log_dry: float
    missing: tuple[str, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Decision:
    """What the rule says of all places together.

    Attributes:
        answer: confirmed when one place is, absent when all are and together as well, else undecided.
        present: probability that at least one place holds water at the level.
        places: answers in the order of the evidence. joint: the posterior behind them.
        missing: what is still asked for, of the place nearest to a yes or of the whole.
    """

    answer: str
    present: float
    places: tuple[PlaceAnswer, ...]
    joint: Joint
    missing: tuple[str, ...]

    @property
    def best(self) -> PlaceAnswer:
        """The place most likely to hold water."""
        return max(self.places, key=lambda place: place.present)


def decide(rule: Rule, names: list[str], tables: list[StationTables]) -> Decision:
    """The decision over places.

    Args:
        rule: fixed before the first measurement. names: of the places. tables: what was measured at each.
    """
    evidence = [table.evidence() for table in tables]
    return judged(rule, names, tables, joints(tables, evidence, shifts_of(rule)))


def shifts_of(rule: Rule) -> tuple[float, ...]:
    """Relative errors of the dry rate under which an answer must hold, none first."""
    total = rule.dry_rate_shift + rule.terrain_shift
    return (0.0, -total, total) if total > 0.0 else (0.0,)


def judged(rule: Rule, names: list[str], tables: list[StationTables], found: list[Joint]) -> Decision:
    """`decide` where the posteriors are known already.

    Args:
        rule, names, tables: as `decide` takes them. found: the posterior under each of `shifts_of` the rule.
    """
    places = tuple(_place(rule, name, tables, found, number) for number, name in enumerate(names))
    if any(place.answer == CONFIRMED for place in places):
        answer = CONFIRMED
    elif all(place.answer == ABSENT for place in places) and _none(rule, found):
        answer = ABSENT
    else:
        answer = UNDECIDED
    missing: tuple[str, ...] = ()
    if answer == UNDECIDED:
        best = max(places, key=lambda place: place.present)
        missing = tuple(f"{best.name}: {what}" for what in best.missing)
    return Decision(answer=answer, present=found[0].any_present, places=places, joint=found[0], missing=missing)


def _none(rule: Rule, found: list[Joint]) -> bool:
    return max(each.any_present for each in found) <= 1.0 - rule.absent


def _place(rule: Rule, name: str, tables: list[StationTables], found: list[Joint], number: int) -> PlaceAnswer:
    table = tables[number]
    present = [float(each.present[number]) for each in found]
    prior = table.states.family_weights()
    ratios = np.array([log_against_worst(each, prior, number) for each in found])
    log_wet, log_dry = (float(value) for value in ratios.min(axis=0))
    for_yes = _missing_for_yes(rule, min(present), log_wet, len(tables))
    if not for_yes:  # dear, so only when all else is in order
        for_yes = _missing_channel(rule, table, [one for each in tables for one in each.blanks])
    for_no = _missing_for_no(rule, max(present), log_dry)
    answer = UNDECIDED if for_yes and for_no else ABSENT if for_yes else CONFIRMED
    return PlaceAnswer(
        name=name,
        answer=answer,
        present=present[0],
        lowest=min(present),
        highest=max(present),
        log_wet=log_wet,
        log_dry=log_dry,
        missing=() if answer != UNDECIDED else tuple(for_yes if present[0] >= 0.5 else [*for_no, *for_yes[:1]]),
    )


def _missing_for_yes(rule: Rule, lowest: float, log_wet: float, places: int) -> list[str]:
    missing = []
    if lowest < 1.0 - (1.0 - rule.confirm) / places:
        missing.append(f"for a yes: probability of water {lowest:.4g} with the calibration at its worst, asked "
                       f"{1.0 - (1.0 - rule.confirm) / places:.6g}")  # fmt: skip
    if log_wet < np.log(places / rule.false_alarm):
        missing.append(f"for a yes: likelihood ratio {_ratio(log_wet)} against the worst dry ground, asked "
                       f"{places / rule.false_alarm:.4g}")  # fmt: skip
    return missing


def _missing_channel(rule: Rule, table: StationTables, blanks: list[Measurement]) -> list[str]:
    """What is wrong with every channel that sees the molecule; empty as soon as one is good.

    Args:
        blanks: of all places: the ovens are the same everywhere.
    """
    factors = {name: table.log_bayes_factor(name) for name in rule.specific_channels if name in table.channels}
    if not factors:
        return [f"for a yes: a channel that sees the molecule ({', '.join(rule.specific_channels)})"]
    faults = []
    for name in sorted(factors, key=lambda name: -factors[name]):
        fault = _fault(rule, table, blanks, name, factors[name])
        if not fault:
            return []
        faults.append(fault)
    return faults[:1]


def _fault(rule: Rule, table: StationTables, blanks: list[Measurement], name: str, log_factor: float) -> str:
    if log_factor < np.log(rule.bayes_factor):
        return f"for a yes: Bayes factor of {name} {_ratio(log_factor)}, asked {rule.bayes_factor:g}"
    if name not in OVENS:
        return ""
    failed = blank_fault(rule, table.instruments, blanks, name)
    if failed:
        return f"for a yes: {failed}"
    if rule.with_ltga and not _beside_ltga(table, name):
        return f"for a yes: thermogravimetry (ltga) of a sample that {name} has measured"
    return ""


def blank_fault(rule: Rule, instruments: dict[str, Instrument], taken: list[Measurement], name: str) -> str:
    """Why the blanks of a channel do not count as passed; '' when they do.

    Args:
        rule: how far above its calibration a blank may lie.
        instruments: by name, as the evidence has them.
        taken: blanks of every channel and place.
        name: of the channel.
    """
    made = instruments[name]
    blanks = [one for one in taken if one.channel == name]
    if not blanks:
        return f"a dry blank of {name}"
    for one in blanks:
        numbers = oven(made, sample_mass_g(made, one))
        limit = numbers.blank + rule.blank_sigmas * float(np.hypot(numbers.blank_sigma, numbers.noise))
        if reading(made, one) > limit:
            return f"a clean blank of {name}: {reading(made, one):.3g} wt% lies above {limit:.3g}"
    return ""


def _beside_ltga(table: StationTables, name: str) -> bool:
    return any({name, "ltga"} <= {one.channel for one in sample} for sample in table.samples.values())


def _missing_for_no(rule: Rule, highest: float, log_dry: float) -> list[str]:
    missing = []
    if highest > 1.0 - rule.absent:
        missing.append(f"for a no: probability of none {1.0 - highest:.4g} with the calibration at its worst, asked "
                       f"{rule.absent:g}")  # fmt: skip
    if log_dry < np.log(1.0 / rule.missed):
        missing.append(f"for a no: likelihood ratio {_ratio(log_dry)} against the worst wet ground (how deep has been "
                       f"looked?), asked {1.0 / rule.missed:g}")  # fmt: skip
    return missing


def _ratio(log_value: float) -> str:
    return f"{np.exp(min(log_value, 600.0)):.3g}"


def shared_summary(table: StationTables, shared: F64) -> dict[str, float]:
    """Mean and standard deviation of the shared nuisance parameters after all measurements.

    Args:
        table: of any place: the nodes are the same everywhere. shared: (dry rate, blank) posterior weights.
    """
    found = {}
    for name, nodes, axis in (
        ("dry_rate_error", table.nuisances.dry_rate, 1),
        ("blank_score", table.nuisances.blank, 0),
    ):
        weight = shared.sum(axis=axis)
        mean = float((weight * nodes).sum())
        found[name] = mean
        found[f"{name}_sigma"] = float(np.sqrt((weight * (nodes - mean) ** 2).sum()))
    return found
