"""Rows that other packages add to our tables: one group of entry points per table.

A package offers a row in its ``pyproject.toml``, under the group of the table::

    [project.entry-points."lupex.criteria"]
    local_relief_m = "lupex_relief:CRITERION"

Each table has one function that returns its own rows first and those of other packages after them. What cannot be used
is left out here and named once: by `lupex.mission.load_mission`, or by the table where the mission cannot judge it.
"""

import inspect
import types
import typing
import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from lupex.base.errors import InputError, LupexWarning

Row = TypeVar("Row")

GROUPS = ("lupex.catalogue", "lupex.criteria", "lupex.layers", "lupex.drive_constraints", "lupex.chapters")
"""Every group of entry points that is read: one per table."""


class PluginWarning(LupexWarning):
    """A row of another package cannot be used and was left out."""


@dataclass(frozen=True)
class Plugin:
    """One row another package offers, and where it comes from.

    Attributes:
        group: of entry points, the table. name: of the entry point. package, version: of the distribution.
    """

    group: str
    name: str
    package: str
    version: str


@dataclass(frozen=True)
class Offer:
    """A plug-in with what it loads to, or with the reason why it does not load."""

    plugin: Plugin
    row: Any = None
    problem: str = ""


@cache
def offers(group: str) -> tuple[Offer, ...]:
    """What installed packages offer to one table, by package and name; each is loaded once in a process."""
    found = sorted(entry_points(group=group), key=lambda point: (_package(point)[0], point.name))
    return tuple(_offer(point) for point in found)


def plugged(group: str, kind: type[Row], taken: Collection[str], tells: bool = False) -> tuple[Row, ...]:
    """The usable rows other packages add to a table.

    Args:
        group: of entry points.
        kind: dataclass of a row; it has a field ``name``.
        taken: names of the table's own rows.
        tells: whether a row that loads but does not fit is named here, once, in a PluginWarning: for tables of rooms
            above the mission, which it cannot open to judge their rows.

    Raises InputError for a row whose name the table, or another package, has already.
    """
    rows: list[Row] = []
    for offer in offers(group):
        if reason := problem_of(offer, kind):
            if tells and not offer.problem:
                _tell(offer.plugin, reason)
            continue
        name = str(getattr(offer.row, "name", ""))
        if name in taken or name in (str(getattr(row, "name", "")) for row in rows):
            raise InputError(
                f"plug-in {named(offer.plugin)}: the name '{name}' of {group} is taken",
                f"rename it, or uninstall {offer.plugin.package}",
            )
        rows.append(offer.row)
    return tuple(rows)


def problem_of(offer: Offer, kind: type[Any] | None) -> str:
    """Why a row cannot be used; '' when it can. ``kind`` None: only whether it loads."""
    if offer.problem or kind is None:
        return offer.problem
    if not isinstance(offer.row, kind):
        return f"it is a {type(offer.row).__name__}, not a {kind.__name__}"
    return _wrong_signature(offer.row)


def named(plugin: Plugin) -> str:
    """A plug-in as messages name it."""
    return f"{plugin.package} {plugin.version} ({plugin.group}: {plugin.name})"


@cache
def _tell(plugin: Plugin, reason: str) -> None:
    warnings.warn(f"plug-in {named(plugin)} is left out: {reason}", PluginWarning, stacklevel=4)


def _offer(point: EntryPoint) -> Offer:
    plugin = Plugin(point.group, point.name, *_package(point))
    try:
        return Offer(plugin, point.load())
    except Exception as error:  # whatever another package raises must not stop a study that does not need it
        return Offer(plugin, problem=f"{type(error).__name__}: {' '.join(str(error).split())}")


def _package(point: EntryPoint) -> tuple[str, str]:
    return (point.dist.name, point.dist.version) if point.dist is not None else ("unknown", "unknown")


def _wrong_signature(row: Any) -> str:
    """The first function of a row that does not take what its table hands over; '' when all do."""
    if not is_dataclass(row):
        return ""
    hints = typing.get_type_hints(type(row))
    for spec in fields(row):
        wanted, value = _argument_count(hints[spec.name]), getattr(row, spec.name)
        if value is spec.default or wanted is None or not callable(value):
            continue
        if not _takes(value, wanted):
            return f"'{spec.name}' does not take {wanted} arguments by position"
    return ""


def _argument_count(hint: Any) -> int | None:
    """How many arguments a field's function takes, from its annotation; None where it is no function."""
    options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    for option in options:
        if typing.get_origin(option) is typing.get_origin(Callable[..., Any]):
            arguments = typing.get_args(option)[0]
            return len(arguments) if isinstance(arguments, list) else None
    return None


def _takes(function: Callable[..., Any], count: int) -> bool:
    """Whether a function takes exactly so many arguments; ``*args`` would hide a mistake and is refused."""
    try:
        signature = inspect.signature(function)
        signature.bind(*range(count))
    except (TypeError, ValueError):
        return False
    return all(parameter.kind is not inspect.Parameter.VAR_POSITIONAL for parameter in signature.parameters.values())
