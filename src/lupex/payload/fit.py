"""The accommodation: optimum with proof, budgets, what binds, best compromises, alternatives, chance that it fits."""

import numpy as np

from lupex.base.errors import InputError
from lupex.model.payload.fit import Compromise, Fit
from lupex.model.settings.payload import PayloadSettings
from lupex.payload.budgets import budgets
from lupex.payload.growth import fits_probability
from lupex.payload.optimum import alternatives, binding, compromise, optimum, value
from lupex.payload.programme import Programme
from lupex.payload.views import views
from lupex.solvers.choices import front


def fit(programme: Programme, settings: PayloadSettings, seed: int = 0, every: bool = True) -> Fit:
    """The accommodation of instruments in hosts.

    Args:
        programme: instruments, hosts, mounts, margins, worth. settings: [payload].
        seed: of the draws of growth. every: whether every best compromise is looked for.

    Raises: NothingLeftError with a smallest set of requirements that cannot be kept together.
    """
    picks = optimum(programme, settings.objectives)
    assignment = programme.assignment(picks)
    return Fit(
        assignment=assignment,
        left_out=tuple(item.name for item in programme.items if item.name not in assignment),
        objective={name: value(programme, picks, name) for name in settings.objectives},
        budgets=budgets(programme, assignment),
        binding=binding(programme, picks, settings.objectives[0]) if settings.objectives[0] != "balance" else (),
        pareto=pareto(programme) if every else (),
        alternatives=alternatives(programme, picks, settings.alternatives, settings.alternative_loss_fraction),
        views=views(programme, assignment),
        conflicts=conflicts(programme),
        fits_probability=fits_probability(programme, assignment, settings.growth_draws, np.random.default_rng(seed)),
    )


def pareto(programme: Programme) -> tuple[Compromise, ...]:
    """Every best compromise of worth, mass and risk, one assignment for each, most worth first; proven complete."""
    found = front(programme.choices(("worth", "mass", "risk")))
    if not found.complete:
        raise InputError("payload fit: too many compromises to list them all", "take fewer instruments or mounts")
    return tuple(compromise(programme, picks) for picks in found.picks)


def conflicts(programme: Programme) -> tuple[str, ...]:
    """What sources contradict each other about, and instruments no mount takes, in words."""
    told = [f"{item.name}: {item.conflict}" for item in programme.items if item.conflict]
    return (*told, *(f"{name}: {why}" for name, why in programme.refused.items()))
