"""Evidence to answers, as plain numbers and words under the names that scripts rely on."""

from dataclasses import asdict
from typing import Any

import numpy as np

from lupex.water.evidence.evidence import Evidence
from lupex.water.field.value import measurement_values
from lupex.water.inference.decision import Decision, decide, shared_summary
from lupex.water.inference.joint import joint
from lupex.water.inference.rule import Rule
from lupex.water.inference.station import StationTables
from lupex.water.inference.summary import LEVELS, place_posterior


def posterior_summary(evidence: Evidence) -> dict[str, Any]:
    """Posterior of every place, and of what the places share.

    Args:
        evidence: rule, prior, places and measurements.

    Raises: InputError as `Evidence.tables`.
    """
    tables = evidence.tables()
    found = joint(tables, [table.evidence() for table in tables])
    places = {}
    for number, place in enumerate(evidence.places):
        own = place_posterior(found, tables, number)
        places[place.name] = {
            "probability_present": own.present,
            "families": own.families,
            "depth_m": own.depths_m.tolist(),
            "ice_mean": own.mean.tolist(),
            **{f"ice_{_percent(level)}": own.quantiles[n].tolist() for n, level in enumerate(LEVELS)},
            "cover_m": {_percent(level): float(own.cover_m[n]) for n, level in enumerate(LEVELS)},
            "hydration": {_percent(level): float(own.hydration[n]) for n, level in enumerate(LEVELS)},
            "log_bayes_factor": own.log_bayes_factor,
        }
    return {
        **_head(evidence),
        "probability_present": found.any_present,
        "log_evidence": found.log_evidence,
        "shared": shared_summary(tables[0], found.shared),
        "places": places,
    }


def decision_summary(evidence: Evidence) -> dict[str, Any]:
    """The decision by the rule of the evidence; ``log_bayes_factor`` is that of the place most likely to hold water.

    Raises: InputError as `Evidence.tables`.
    """
    tables = evidence.tables()
    found = decide(evidence.rule, [place.name for place in evidence.places], tables)
    places = _places(found, tables)
    return {
        **_head(evidence),
        "decision": found.answer,
        "probability_present": found.present,
        "place": found.best.name,
        "log_bayes_factor": places[found.best.name]["log_bayes_factor"],
        "missing": list(found.missing),
        "places": places,
        "sensitivity": sensitivity(evidence, tables, found),
    }


def sensitivity(evidence: Evidence, tables: list[StationTables], found: Decision) -> dict[str, Any]:
    """How the answer hangs on its inputs: without each channel, and by the rule's own calibration shifts."""
    used = sorted({one.channel for _, one in evidence.measurements})
    without = {}
    for name in used if len(used) > 1 else []:
        less = evidence.without((name,))
        other = decide(less.rule, [place.name for place in less.places], less.tables())
        without[name] = {"decision": other.answer, "probability_present": other.present}
    best = found.best
    return {"without": without, "calibration": {"lowest": best.lowest, "highest": best.highest}}


def rule_summary(rule: Rule) -> dict[str, Any]:
    """The rule, name by name."""
    return asdict(rule)


def value_rows(evidence: Evidence, depths_m: tuple[float, ...], draws: int, seed: int) -> list[dict[str, Any]]:
    """What the next measurement is worth at every place, best value per hour first.

    Args:
        evidence: what is known. depths_m: of a hole. draws: readings drawn of each. seed: of the draws.

    Raises: InputError as `Evidence.tables`.
    """
    tables = evidence.tables(depths_m)
    found = joint(tables, [table.evidence() for table in tables])
    rows = []
    for number, place in enumerate(evidence.places):
        rng = np.random.default_rng([seed, number])
        for one in measurement_values(tables[number], found, number, depths_m, rng, draws=draws):
            rows.append(
                {"place": place.name, **asdict(one), "value_per_hour": one.per_hour, "value_per_wh": one.per_wh}
            )
    return sorted(rows, key=lambda row: -row["value_per_hour"])


def _places(found: Decision, tables: list[StationTables]) -> dict[str, Any]:
    return {
        place.name: {
            "decision": place.answer,
            "probability_present": place.present,
            "probability_lowest": place.lowest,
            "probability_highest": place.highest,
            "log_ratio_wet": place.log_wet,
            "log_ratio_dry": place.log_dry,
            "log_bayes_factor": {name: table.log_bayes_factor(name) for name in table.channels},
            "missing": list(place.missing),
        }
        for place, table in zip(found.places, tables, strict=True)
    }


def _head(evidence: Evidence) -> dict[str, Any]:
    return {
        "name": evidence.name,
        "synthetic": evidence.synthetic,
        "rule": rule_summary(evidence.rule),
        "measurements": len(evidence.measurements),
        "sealed": evidence.sealed,
        "assumptions": evidence.assumptions(),
    }


def _percent(level: float) -> str:
    return f"p{round(100.0 * level):02d}"
