"""Plug-ins of a mission: which rows of other packages its tables hold, and which were left out.

The rooms whose rows are judged are opened only where a package offers one, so that reading a mission stays quick.
"""

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

from lupex.base.errors import InputError, MissionError
from lupex.base.plugins import GROUPS, Offer, Plugin, PluginWarning, named, offers, problem_of

if TYPE_CHECKING:
    from lupex.sites import DecisionCriterion


def used_plugins() -> tuple[Plugin, ...]:
    """The plug-ins that load and fit their table, for provenance and the freshness key.

    A plug-in that cannot be used is named in one PluginWarning and left out. Raises MissionError for one that takes a
    name its table has already.
    """
    used: list[Plugin] = []
    for group in GROUPS:
        found = offers(group)
        if not found:
            continue
        problem = CHECKS[group]
        for offer in found:
            if reason := problem(offer):
                warnings.warn(f"plug-in {named(offer.plugin)} is left out: {reason}", PluginWarning, stacklevel=4)
            else:
                used.append(offer.plugin)
        try:
            TABLES[group]()
        except InputError as error:
            raise MissionError(error.what, error.fix) from None
    return tuple(used)


def plugin_criteria() -> "tuple[DecisionCriterion, ...]":
    """Criteria of the comparison that other packages add."""
    if not offers("lupex.criteria"):
        return ()
    from lupex.sites import DECISION_CRITERIA, decision_criteria

    return decision_criteria()[len(DECISION_CRITERIA) :]


def _catalogue(offer: Offer) -> str:
    from lupex.catalogue.plugged import folder_problem

    return folder_problem(offer)


def _criterion(offer: Offer) -> str:
    from lupex.sites import DecisionCriterion

    return problem_of(offer, DecisionCriterion)


def _drive_constraint(offer: Offer) -> str:
    from lupex.traverse import DriveConstraint

    return problem_of(offer, DriveConstraint)


def _loads(offer: Offer) -> str:
    """Of rooms above this one only whether a row loads; they judge it when they use it."""
    return problem_of(offer, None)


def _catalogue_names() -> object:
    from lupex.catalogue.plugged import plugged_names

    return plugged_names()


def _drive_constraints() -> object:
    from lupex.traverse import drive_constraints

    return drive_constraints()


def _nothing() -> object:
    return ()


CHECKS: dict[str, Callable[[Offer], str]] = {
    "lupex.catalogue": _catalogue,
    "lupex.criteria": _criterion,
    "lupex.layers": _loads,
    "lupex.drive_constraints": _drive_constraint,
    "lupex.chapters": _loads,
}
"""By group: why an offer cannot be used, '' when it can."""

TABLES: dict[str, Callable[[], object]] = {
    "lupex.catalogue": _catalogue_names,
    "lupex.criteria": plugin_criteria,
    "lupex.layers": _nothing,
    "lupex.drive_constraints": _drive_constraints,
    "lupex.chapters": _nothing,
}
"""By group: the table with its plug-ins, which raises InputError for a name twice."""
