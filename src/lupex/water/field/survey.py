"""A survey before landing: how deep, how long, how many stations and where; and what it may be expected to prove.

Holes of every kind of ground have been simulated with the rule that will decide (`trials`). Stations are chosen one by
one: each adds the expected drop of the loss at its place, less what stations alike to it (by the field) have told
already. The expected decision of the whole comes from draws of the field of presence.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.model.settings.water import WaterSettings
from lupex.water.field.covariance import FieldSettings, Spots, covariance
from lupex.water.field.presence import score
from lupex.water.field.trials import HoleTrial, HoleTrials, expected_drop, kind_weights, weighed
from lupex.water.field.value import LossSettings
from lupex.water.inference.decision import ABSENT, CONFIRMED, UNDECIDED
from lupex.water.inference.prior import GroundPrior
from lupex.water.inference.worlds import DRY_KINDS, WET_KINDS

_DRAWS = 4000
_ALIKE = 1e6
"""Scales of the field, and a spread of its score in probits, at which all places share one luck."""


@dataclass(frozen=True, kw_only=True)
class HolePlan:
    """One way to work at a station, and what it may be expected to bring.

    Attributes:
        depths_m: of the samples. hours: of the whole station. energy_wh: of instruments and auger.
        right_yes: share of wet places confirmed. right_no: share of dry places called absent.
        wrong_yes, wrong_no: share of dry places confirmed, of wet places called absent.
        value: expected drop of the loss at a place of the mission's prior. worlds: simulated for it.
    """

    depths_m: tuple[float, ...]
    hours: float
    energy_wh: float
    right_yes: float
    right_no: float
    wrong_yes: float
    wrong_no: float
    value: float
    worlds: int


@dataclass(frozen=True, kw_only=True)
class Station:
    """A place of the survey. ``value``: what it adds, given those before it; ``number``: index of the place."""

    number: int
    value: float
    prior: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Survey:
    """A survey and what it may be expected to prove.

    Attributes:
        plans: ways to work at a station. chosen: the best by value per hour among them.
        stations: in the order in which they were chosen.
        confirmed, absent, undecided: expected chances of the answer, over the prior.
        alike_confirmed, alike_absent: the same were the ground of all stations alike: all wet or all dry.
        marginal: value of the survey with 1, 2, ... stations.
    """

    plans: tuple[HolePlan, ...]
    chosen: HolePlan
    stations: tuple[Station, ...]
    confirmed: float
    absent: float
    undecided: float
    alike_confirmed: float
    alike_absent: float
    marginal: tuple[float, ...]


def survey(settings: WaterSettings, trials: HoleTrials, prior: GroundPrior, spots: Spots, probability: F64) -> Survey:
    """The best survey over places.

    Args:
        settings: stations, field, losses. trials: simulated holes of the mission.
        prior: of a likely place among these: it weighs the kinds of ground.
        spots: places where a hole could be made. probability: (n,) of water at the level there, before.

    Raises: InputError when there is no place.
    """
    if len(spots) == 0:
        raise InputError("water survey: no place for a hole", "allow steeper ground, a larger radius or finer spacing")
    weights = kind_weights(prior, trials.rule)
    chosen = plan_of(settings, trials.chosen, weights)
    stations = choose(settings, chosen, spots, probability)
    chances = expected_decision(settings, chosen, spots, probability, stations, trials.seed)
    alike = replace(settings, length_m=_ALIKE, temperature_scale_k=_ALIKE, slope_scale_deg=_ALIKE, sigma=_ALIKE)
    together = expected_decision(alike, chosen, spots, probability, stations, trials.seed)
    return Survey(
        plans=tuple(plan_of(settings, trial, weights) for trial in trials.plans),
        chosen=chosen,
        stations=stations,
        confirmed=chances[CONFIRMED],
        absent=chances[ABSENT],
        undecided=chances[UNDECIDED],
        alike_confirmed=together[CONFIRMED],
        alike_absent=together[ABSENT],
        marginal=tuple(float(value) for value in np.cumsum([station.value for station in stations])),
    )


def plan_of(settings: WaterSettings, trial: HoleTrial, weights: dict[str, float]) -> HolePlan:
    """What a way to work may be expected to bring where kinds of ground are as likely as said.

    Args:
        settings: the losses. trial: simulated holes. weights: kind of ground -> probability.
    """
    present = sum(weights[kind] for kind in WET_KINDS)

    def rate(kinds: tuple[str, ...], answer: str) -> float:
        return weighed(trial.rates, weights, kinds, answer)

    wet, dry = ((rate(kinds, CONFIRMED), rate(kinds, ABSENT)) for kinds in (WET_KINDS, DRY_KINDS))
    return HolePlan(
        depths_m=trial.depths_m,
        hours=trial.hours,
        energy_wh=trial.energy_wh,
        right_yes=wet[0],
        right_no=dry[1],
        wrong_yes=dry[0],
        wrong_no=wet[1],
        value=float(expected_drop(LossSettings.of(settings), np.array([present]), wet, dry)[0]),
        worlds=min(trial.rates.worlds.values()),
    )


def place_value(plan: HolePlan, loss: LossSettings, present: F64) -> F64:
    """(n,) expected drop of the loss by one station, for probabilities of water at its place.

    Args:
        plan: how the station is worked. loss: of wrong and missing answers. present: (n,).
    """
    return expected_drop(loss, present, (plan.right_yes, plan.wrong_no), (plan.wrong_yes, plan.right_no))


def choose(settings: WaterSettings, plan: HolePlan, spots: Spots, probability: F64) -> tuple[Station, ...]:
    """Stations one by one, each the most valuable given those before; fewer when nothing of value is left.

    Args:
        settings: most stations, field, losses.
        plan: how each station is worked.
        spots: places where a hole could be made.
        probability: (n,) of water at the level there.
    """
    field = FieldSettings.of(settings)
    alone = place_value(plan, LossSettings.of(settings), probability)
    left = alone.copy()
    chosen: list[Station] = []
    for _ in range(min(settings.stations, len(spots))):
        best = int(np.argmax(left))
        if not left[best] > 1e-9:
            break
        chosen.append(Station(number=best, value=float(left[best]), prior=float(probability[best])))
        alike = covariance(field, spots, spots.take([best]))[:, 0] / field.sigma**2
        left *= 1.0 - alike**2
        left[best] = 0.0
    return tuple(chosen)


def expected_decision(
    settings: WaterSettings, plan: HolePlan, spots: Spots, probability: F64, stations: tuple[Station, ...], seed: int
) -> dict[str, float]:
    """Chances of the answers of the whole survey, over draws of the field of presence at its stations.

    A yes is one station confirmed, a no all of them absent.

    Args:
        settings: the field.
        plan: how each station is worked.
        spots: places where a hole could be made.
        probability: (n,) of water at the level there.
        stations: those chosen.
        seed: of the draws.
    """
    if not stations:
        return {CONFIRMED: 0.0, ABSENT: 0.0, UNDECIDED: 1.0}
    field = FieldSettings.of(settings)
    numbers = [station.number for station in stations]
    here = spots.take(numbers)
    kernel = covariance(field, here, here) + 1e-9 * np.eye(len(numbers))
    rng = np.random.default_rng([seed, 17])
    latent = score(field, probability[numbers]) + rng.normal(size=(_DRAWS, len(numbers))) @ np.linalg.cholesky(kernel).T
    wet = rng.random(latent.shape) < ndtr(latent)
    luck = rng.random(latent.shape)
    yes = np.where(wet, luck < plan.right_yes, luck < plan.wrong_yes)
    no = np.where(wet, luck > 1.0 - plan.wrong_no, luck > 1.0 - plan.right_no)
    confirmed, absent = float(yes.any(axis=1).mean()), float((no.all(axis=1) & ~yes.any(axis=1)).mean())
    return {CONFIRMED: confirmed, ABSENT: absent, UNDECIDED: 1.0 - confirmed - absent}
