"""A survey before landing: how deep, how long, how many stations and where; and what it may be expected to prove.

One hole is simulated with the rule that will decide: so many samples, so deep, over ground of every kind. That gives
the chance of a right answer and the hours it takes. Stations are then chosen one by one: each adds the expected drop of
the loss at its place, less what stations alike to it (by the field) have told already. The expected decision of the
whole comes from draws of the field of presence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.model.settings.water import WaterSettings
from lupex.water.field.covariance import FieldSettings, Spots, covariance
from lupex.water.field.presence import score
from lupex.water.field.value import LossSettings
from lupex.water.inference.decision import ABSENT, CONFIRMED, UNDECIDED
from lupex.water.inference.prior import GroundPrior, states
from lupex.water.inference.rule import Rule
from lupex.water.inference.station import OVENS
from lupex.water.inference.worlds import DRY_KINDS, WET_KINDS, Step, default_plan, error_rates, laboratory
from lupex.water.models.facts import Instrument

_DRAWS = 4000


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
        marginal: value of the survey with 1, 2, ... stations.
    """

    plans: tuple[HolePlan, ...]
    chosen: HolePlan
    stations: tuple[Station, ...]
    confirmed: float
    absent: float
    undecided: float
    marginal: tuple[float, ...]


def survey(
    settings: WaterSettings,
    rule: Rule,
    prior: GroundPrior,
    instruments: dict[str, Instrument],
    spots: Spots,
    probability: F64,
    seed: int,
) -> Survey:
    """The best survey over places.

    Args:
        settings, rule, prior: of the mission. instruments: by name of the catalogue.
        spots: places where a hole could be made. probability: (n,) of water at the level there, before.
        seed: of the simulated worlds.

    Raises: InputError when there is no place.
    """
    if len(spots) == 0:
        raise InputError("water survey: no place for a hole", "allow steeper ground, a larger radius or finer spacing")
    plans = hole_plans(settings, rule, prior, instruments, seed)
    chosen = max(plans, key=lambda plan: (plan.value / plan.hours, -plan.hours))
    stations = choose(settings, chosen, spots, probability)
    chances = expected_decision(settings, rule, chosen, spots, probability, stations, seed)
    return Survey(
        plans=plans,
        chosen=chosen,
        stations=stations,
        confirmed=chances[CONFIRMED],
        absent=chances[ABSENT],
        undecided=chances[UNDECIDED],
        marginal=tuple(float(value) for value in np.cumsum([station.value for station in stations])),
    )


def hole_plans(
    settings: WaterSettings, rule: Rule, prior: GroundPrior, instruments: dict[str, Instrument], seed: int
) -> tuple[HolePlan, ...]:
    """Plans with one to ``most_samples`` samples, evenly deep down to the deepest, each simulated with the rule.

    Args:
        settings: how it is computed; see its class.
        prior: of water at a place.
        instruments: of the catalogue, by name.
        seed: of the random numbers.
    """
    made = []
    for samples in range(1, settings.most_samples + 1):
        deepest = settings.holes_deepest_m
        depths = tuple(round(deepest * n / samples, 2) for n in range(1, samples + 1))
        first, *below = default_plan(depths)
        counted = tuple(replace(step, time_s=settings.counting_s) if step.channel == "nss" else step for step in first)
        lab = laboratory(rule, prior, instruments, (counted, *below))
        worlds = dict.fromkeys((*DRY_KINDS, *WET_KINDS), settings.worlds)
        rates = error_rates(lab, worlds, seed)
        weights = lab.states.family_weights()
        shares = {"dry": weights[0], "blocky": 0.0, "hydrated": weights[1], "trace": weights[2],
                  "shallow": weights[3], "middle": weights[4], "deep": weights[5]}  # fmt: skip

        def rate(kinds: Sequence[str], answer: str, shares: dict[str, float] = shares, rates=rates) -> float:  # type: ignore[no-untyped-def]
            total = sum(shares[kind] for kind in kinds)
            return float(sum(shares[kind] * rates.share((kind,), answer)[0] for kind in kinds) / total)

        hours, energy = effort((counted, *below), instruments)
        plan = HolePlan(
            depths_m=depths,
            hours=hours,
            energy_wh=energy,
            right_yes=rate(WET_KINDS, CONFIRMED),
            right_no=rate(DRY_KINDS, ABSENT),
            wrong_yes=rate(DRY_KINDS, CONFIRMED),
            wrong_no=rate(WET_KINDS, ABSENT),
            value=0.0,
            worlds=settings.worlds,
        )
        present = float(weights[3:].sum())
        made.append(replace(plan, value=float(place_value(plan, LossSettings.of(settings), np.array([present]))[0])))
    return tuple(made)


def effort(plan: tuple[tuple[Step, ...], ...], instruments: dict[str, Instrument]) -> tuple[float, float]:
    """(hours, watt-hours) of a station: counting, sounding, the hole down to each sample, ovens one after the other.

    Args:
        plan: how the survey or the computation is laid out.
        instruments: of the catalogue, by name.
    """
    auger = instruments["auger"]
    seconds, energy = 0.0, 0.0
    drilled = 0.0
    for step in (step for group in plan for step in group):
        time_s, power_w = _step_effort(step, instruments)
        seconds += time_s
        energy += time_s * power_w / 3600.0
        if step.depth_m > drilled:
            bites = np.ceil((step.depth_m - drilled) / 0.1 - 1e-9)
            seconds += bites * auger.value("bite_s") + auger.value("sample_s")
            energy += bites * auger.value("bite_s") * auger.value("drilling_power_w") / 3600.0
            drilled = step.depth_m
    return seconds / 3600.0, energy


def place_value(plan: HolePlan, loss: LossSettings, present: F64) -> F64:
    """(n,) expected drop of the loss by one station, for probabilities of water at its place.

    Args:
        plan: how the station is worked. loss: of wrong and missing answers. present: (n,).
    """
    now = loss.least(present)
    undecided = present * (1.0 - plan.right_yes - plan.wrong_no) + (1.0 - present) * (
        1.0 - plan.right_no - plan.wrong_yes
    )
    after = loss.undecided * undecided + loss.missed * present * plan.wrong_no
    return np.asarray(np.maximum(now - after - loss.false_yes * (1.0 - present) * plan.wrong_yes, 0.0))


def choose(settings: WaterSettings, plan: HolePlan, spots: Spots, probability: F64) -> tuple[Station, ...]:
    """Stations one by one, each the most valuable given those before; fewer when nothing of value is left.

    Args:
        settings: how it is computed; see its class.
        plan: how the survey or the computation is laid out.
        spots: places of the field.
        probability: of water at each spot.
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
    settings: WaterSettings, rule: Rule, plan: HolePlan, spots: Spots, probability: F64, stations: tuple[Station, ...],
    seed: int,
) -> dict[str, float]:  # fmt: skip
    """Chances of the answers of the whole survey, over draws of the field of presence at its stations.

    Args:
        settings: how it is computed; see its class.
        plan: how the survey or the computation is laid out.
        spots: places of the field.
        probability: of water at each spot.
        seed: of the random numbers.
        rule: its error rates are promised to the campaign; a yes is one station confirmed, a no all of them absent.
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


def present_probability(prior: GroundPrior, rule: Rule, ice_probability: F64, cover_m: F64) -> F64:
    """(n,) probability of water at the level within reach, from the chance of ice and the depth to stability.

    Args:
        prior: everything else. ice_probability: (n,) of any ice. cover_m: (n,) median thickness of the dry cover.
    """
    found = np.empty(ice_probability.size)
    for n, (chance, cover) in enumerate(zip(ice_probability, cover_m, strict=True)):
        own = replace(prior, ice_probability=float(chance), cover_median_m=float(np.clip(cover, 1e-3, 5.0)))
        made = states(own, rule, coarse=True, ice_cells=26)
        found[n] = made.weight[made.wet].sum()
    return found


def _step_effort(step: Step, instruments: dict[str, Instrument]) -> tuple[float, float]:
    """(seconds, watts) of one step; what an orbiter measured costs nothing, bites are counted with the hole."""
    if step.channel in ("dfsar", "mini_rf", "drill"):
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
