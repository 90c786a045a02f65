"""Landers and rovers of the catalogue: facts, each with its source.

An entry is one TOML file: ``name``, ``title``, a table ``[facts.<key>]`` per fact with ``value``,
``source``, ``meaning`` and, when wanted, ``minimum`` and ``maximum``; and ``[unpublished]``, names of
numbers nobody has published with their meaning, which a mission file may state.
"""

from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from lupex.base.errors import MissionError
from lupex.catalogue.names import suggestion
from lupex.catalogue.toml_file import read_toml
from lupex.catalogue.values import fact_value, shown, typed
from lupex.model.fact import Fact

_FACT_KEYS = ("value", "source", "meaning", "minimum", "maximum")


@dataclass(frozen=True)
class Entry:
    """One lander or rover.

    Attributes:
        facts: what is known or assumed, in the order of the file.
        bounds: key -> (minimum, maximum) of numbers; minimum 0 unless the entry says otherwise.
        unpublished: key -> meaning of numbers that a mission file may state.
    """

    name: str
    title: str
    facts: tuple[Fact, ...]
    bounds: dict[str, tuple[float | None, float | None]]
    unpublished: dict[str, str]

    def fact(self, key: str) -> Fact | None:
        """The fact of this name, None when the entry has none."""
        return next((fact for fact in self.facts if fact.key == key), None)


def catalogue_folder() -> Traversable:
    """The folder of the catalogue inside the package."""
    return resources.files("lupex").joinpath("catalogue")


def catalogue_names(kind: str) -> list[str]:
    """Names of the entries of one kind ('landers', 'rovers'), sorted."""
    folder = catalogue_folder().joinpath(kind)
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def catalogue_entry(kind: str, name: str, place: str = "catalogue", folder: Path | None = None) -> Entry:
    """The entry ``name`` of the catalogue, or of the file ``name`` when it ends in '.toml'.

    Args:
        kind: 'landers' or 'rovers'.
        place: where the name was given (file, table, key), the beginning of an error.
        folder: what a relative file name is relative to.

    Raises: MissionError for an unknown name (with the nearest right one) or a faulty entry.
    """
    if name.endswith(".toml"):
        path = (folder or Path()) / name
        return _entry(str(path), read_toml(path, str(path)).table)
    names = catalogue_names(kind)
    if name not in names:
        raise MissionError(
            f"{place}: unknown {kind.removesuffix('s').replace('_', ' ')} '{name}'", suggestion(name, names)
        )
    label = f"catalogue/{kind}/{name}.toml"
    return _entry(label, read_toml(catalogue_folder().joinpath(kind, f"{name}.toml"), label).table)


def overridden(entry: Entry, given: dict[str, Any], file: str, table: str) -> tuple[Fact, ...]:
    """Facts of an entry with those the mission file states put in their place, new ones at the end.

    A stated fact is a bare value, or a table ``{ value = ..., source = "..." }``.
    """
    stated = {key: _stated(entry, key, value, file, table) for key, value in given.items()}
    old = tuple(stated.pop(fact.key, fact) for fact in entry.facts)
    return old + tuple(stated.values())


def _stated(entry: Entry, key: str, value: Any, file: str, table: str) -> Fact:
    known = entry.fact(key)
    if known is None and key not in entry.unpublished:
        names = [fact.key for fact in entry.facts] + list(entry.unpublished)
        raise MissionError(f"{file} [{table}]: unknown name '{key}'", suggestion(key, names))
    place = f"{file} [{table}] {key}"
    source = f"given in {file}"
    if isinstance(value, dict):
        _check_keys(place, value, ("value", "source"), ("value",))
        source = typed(f"{place}.source", value.get("source", source), str)
        value = value["value"]
    minimum, maximum = entry.bounds.get(key, (0.0, None))
    like = 0.0 if known is None else known.value
    meaning = entry.unpublished[key] if known is None else known.meaning
    return Fact(key, fact_value(place, value, like, minimum, maximum), source, meaning)


def _entry(label: str, table: dict[str, Any]) -> Entry:
    _check_keys(label, table, ("name", "title", "facts", "unpublished"), ("name", "title", "facts"))
    facts, bounds = [], {}
    for key, body in _table(label, table, "facts").items():
        place = f"{label} [facts.{key}]"
        if not isinstance(body, dict):
            raise MissionError(f"{place}: {shown(body)} is not a fact", "give value, source and meaning")
        _check_keys(place, body, _FACT_KEYS, ("value", "source", "meaning"))
        source, meaning = (typed(f"{place} {word}", body[word], str) for word in ("source", "meaning"))
        bounds[key] = (body.get("minimum", 0.0), body.get("maximum"))
        value = body["value"]
        if not isinstance(value, (bool, int, float, str)):
            raise MissionError(f"{place} value: {shown(value)} cannot be a fact", "write a number, text, true or false")
        facts.append(Fact(key, fact_value(f"{place} value", value, value, *bounds[key]), source, meaning))
    unpublished = _table(label, table, "unpublished")
    for key, meaning in unpublished.items():
        typed(f"{label} [unpublished] {key}", meaning, str)
    name, title = (typed(f"{label} {word}", table[word], str) for word in ("name", "title"))
    return Entry(name, title, tuple(facts), bounds, unpublished)


def _table(label: str, parent: dict[str, Any], name: str) -> dict[str, Any]:
    value = parent.get(name, {})
    if not isinstance(value, dict):
        raise MissionError(f"{label}: {name} is {shown(value)}", f"write a table [{name}]")
    return value


def _check_keys(place: str, table: dict[str, Any], known: tuple[str, ...], needed: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            raise MissionError(f"{place}: unknown name '{key}'", suggestion(key, known))
    for key in needed:
        if key not in table:
            raise MissionError(f"{place}: '{key}' is missing", f"a complete one has {', '.join(needed)}")
