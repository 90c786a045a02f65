"""The one reader of the catalogue: entries of the package and files of users, for every kind alike.

An entry is a TOML file: ``name``, ``title``, a table ``[facts.<key>]`` per fact with ``value``, ``source``,
``meaning`` and, when wanted, ``minimum`` and ``maximum``; and ``[unpublished]``, names of numbers nobody has published
with their meaning, which a user may state. In a user's file name and title may be missing, a fact may be a bare value,
and ``like = "misasa"`` (a name of the catalogue or another file) takes over all that the file does not state.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from lupex.base.errors import MissionError
from lupex.catalogue.entry import Bounds, Entry
from lupex.catalogue.keys import Key, Kind, key_like
from lupex.catalogue.kinds import kind_of
from lupex.catalogue.names import suggestion
from lupex.catalogue.plugged import entry_files
from lupex.catalogue.toml_file import read_toml
from lupex.catalogue.values import shown, typed
from lupex.model.fact import Fact

_FACT_WORDS = ("value", "source", "meaning", "minimum", "maximum")
_WORDS = ("name", "title", "facts", "unpublished")


def catalogue_folder() -> Traversable:
    """The folder of the catalogue inside the package."""
    return resources.files("lupex").joinpath("catalogue")


def catalogue_names(kind: str) -> list[str]:
    """Names of the entries of one kind ('stations' or 'station' ...), sorted."""
    return sorted(entry_files(kind_of(kind).folder))


def catalogue_entry(kind: str, name: str, place: str = "", folder: Path | None = None) -> Entry:
    """The entry ``name`` of the catalogue, or of the file ``name`` when it ends in '.toml'.

    Args:
        kind: 'station', 'radio', 'lander', 'rover' ..., or their folder, as 'stations'.
        name: of the catalogue, or a path ending in '.toml'.
        place: where the name was given (file, table, key), the beginning of an error.
        folder: what a relative path is relative to; the working directory by default. What ``like`` names is relative
            to the file that says it.

    Raises:
        MissionError: an unknown name (with the nearest right one), a file that cannot be read, a key that is
            unknown, missing or out of bounds, or a ``like`` that leads back to itself.
    """
    return _entry(kind_of(kind), name, place, folder, ())


def overridden(entry: Entry, given: dict[str, Any], file: str, table: str) -> tuple[Fact, ...]:
    """Facts of an entry with those a mission file states put in their place, new ones at the end.

    Args:
        entry: of the catalogue. given: key -> bare value, or a table ``{ value = ..., source = "..." }``.
        file, table: of the mission file, for sources and errors.

    Raises: MissionError for an unknown key (with the nearest right one), a wrong kind or a number out of bounds.
    """
    kind = kind_of(entry.kind)
    known = _keys(kind) | _own_keys(entry)
    stated = {}
    for key, body in given.items():
        if key not in known:
            raise MissionError(f"{file} [{table}]: unknown name '{key}'", suggestion(key, known))
        place = f"{file} [{table}] {key}"
        source = f"given in {file}"
        if isinstance(body, dict):
            _check_words(place, body, ("value", "source"), ("value",))
            source = typed(f"{place}.source", body.get("source", source), str)
            body = body["value"]
        old = entry.fact(key)
        meaning = old.meaning if old is not None else entry.unpublished.get(key, known[key].meaning)
        stated[key] = Fact(key, known[key].value(place, body), source, meaning)
    kept = tuple(stated.pop(fact.key, fact) for fact in entry.facts)
    return kept + tuple(stated.values())


def _entry(kind: Kind, name: str, place: str, folder: Path | None, seen: tuple[Path, ...]) -> Entry:
    if not name.endswith(".toml"):
        return _of_package(kind, name, place)
    path = Path(folder or ".") / Path(name).expanduser()
    if path.resolve() in [one.resolve() for one in seen]:
        raise MissionError(f"{seen[-1]}: like = '{name}' leads back to itself", "take that line away")
    table = read_toml(path, f"{kind.noun} file {path}").table
    return _from_file(kind, path, table, (*seen, path))


@cache
def _of_package(kind: Kind, name: str, place: str) -> Entry:
    names = catalogue_names(kind.noun)
    if name not in names:
        before = f"{place}: " if place else ""
        raise MissionError(
            f"{before}unknown {kind.noun} '{name}'", f"{suggestion(name, names)} A file of your own ends in .toml"
        )
    return _raw_entry(kind, name, _keys(kind))


@cache
def _keys(kind: Kind) -> dict[str, Key]:
    """What entries of a kind may state: its table, else all that those of the package state."""
    found = dict(kind.keys)
    if not found:
        found |= kind.also
        for name in catalogue_names(kind.noun):
            found |= _own_keys(_raw_entry(kind, name, None))
    return found


def _own_keys(entry: Entry) -> dict[str, Key]:
    stated = {fact.key: key_like(fact.value, fact.meaning, *entry.bounds[fact.key]) for fact in entry.facts}
    return {key: Key(kind="number", meaning=what, minimum=0.0) for key, what in entry.unpublished.items()} | stated


def _raw_entry(kind: Kind, name: str, known: Mapping[str, Key] | None) -> Entry:
    """An entry of the package; every fact has its source and meaning there. ``known`` None: whatever it states."""
    label, file = entry_files(kind.folder)[name]
    table = read_toml(file, label).table
    _check_words(label, table, _WORDS, ("name", "title", "facts"))
    facts, bounds = {}, {}
    for key, body in _table(label, table, "facts").items():
        place = f"{label} [facts.{key}]"
        if not isinstance(body, dict):
            raise MissionError(f"{place}: {shown(body)} is not a fact", "give value, source and meaning")
        _check_words(place, body, _FACT_WORDS, ("value", "source", "meaning"))
        facts[key], bounds[key] = _fact(kind, place, key, body, known, "", "")
    facts |= _scaled(facts, facts, known or {})
    found = Entry(
        kind=kind.noun,
        name=typed(f"{label} name", table["name"], str),
        title=typed(f"{label} title", table["title"], str),
        facts=tuple(facts.values()),
        bounds=bounds,
        unpublished=_unpublished(kind, label, table, known, facts),
    )
    _check_needed(kind, label, found, known)
    return found


def _from_file(kind: Kind, path: Path, table: dict[str, Any], seen: tuple[Path, ...]) -> Entry:
    label = str(path)
    _check_words(label, table, (*_WORDS, "like"), ())
    base = None
    if "like" in table:
        like = typed(f"{label} like", table["like"], str)
        base = _entry(kind, like, f"{label} like", path.parent, seen)
    known = _keys(kind) | ({} if base is None else _own_keys(base) if not kind.keys else {})
    facts = {} if base is None else {fact.key: fact for fact in base.facts}
    bounds = {} if base is None else dict(base.bounds)
    stated = _table(label, table, "facts")
    if any(key in stated for key in kind.position):
        dropped = {key: facts.pop(key) for key in list(facts) if key in known and known[key].of_place}
        kind.moved(label, stated, {key: fact.value for key, fact in dropped.items()})
    for key, body in stated.items():
        place = f"{label} [facts.{key}]"
        body = body if isinstance(body, dict) else {"value": body}
        _check_words(place, body, _FACT_WORDS, ("value",))
        meaning = facts[key].meaning if key in facts else ""
        facts[key], bounds[key] = _fact(kind, place, key, body, known, f"given in {path.name}", meaning)
    facts |= _scaled(facts, stated, known)
    unpublished = {} if base is None else base.unpublished
    unpublished = unpublished | _unpublished(kind, label, table, known, facts)
    found = Entry(
        kind=kind.noun,
        name=typed(f"{label} name", table.get("name", path.stem), str),
        title=typed(f"{label} title", table.get("title", table.get("name", path.stem)), str),
        facts=tuple(facts.values()),
        bounds=bounds,
        unpublished={key: what for key, what in unpublished.items() if key not in facts},
        files=(path, *(() if base is None else base.files)),
    )
    _check_needed(kind, label, found, known)
    return found


def _fact(
    kind: Kind, place: str, key: str, body: dict[str, Any], known: Mapping[str, Key] | None, source: str, meaning: str
) -> tuple[Fact, Bounds]:
    rule = None if known is None else kind.key(place, key, known)
    low, high = (_bound(f"{place} {word}", body.get(word)) for word in ("minimum", "maximum"))
    if rule is None:
        value = body["value"]
        if not isinstance(value, bool | int | float | str | list) or value == []:
            raise MissionError(f"{place} value: {shown(value)} cannot be a fact", "write a number, text, true or false")
        rule = key_like(value, meaning, 0.0 if low is None else low, high)
    else:
        low, high = rule.minimum if low is None else low, rule.maximum if high is None else high
        rule = Key(kind=rule.kind, meaning=rule.meaning, minimum=low, maximum=high)
    value = rule.value(f"{place} value" if "source" in body else place, body["value"])
    source = typed(f"{place} source", body.get("source", source), str)
    meaning = typed(f"{place} meaning", body.get("meaning", meaning or rule.meaning or key), str)
    return Fact(key, value, source, meaning), (rule.minimum, rule.maximum)


def _bound(place: str, value: Any) -> float | None:
    return None if value is None else float(typed(place, value, float))


def _scaled(facts: Mapping[str, Fact], stated: Mapping[str, Any], known: Mapping[str, Key]) -> dict[str, Fact]:
    """The facts stated here that scale with another one, with the value of that here."""
    scaling = {key: known[key].scales_with for key in stated if key in known and known[key].scales_with in facts}
    return {key: replace(facts[key], stated_for=(name, float(facts[name].value))) for key, name in scaling.items()}


def _unpublished(
    kind: Kind, label: str, table: dict[str, Any], known: Mapping[str, Key] | None, facts: Mapping[str, Fact]
) -> dict[str, str]:
    held = _table(label, table, "unpublished")
    for key, meaning in held.items():
        typed(f"{label} [unpublished] {key}", meaning, str)
        if known is not None:
            kind.key(f"{label} [unpublished]", key, known)
    return {key: meaning for key, meaning in held.items() if key not in facts}


def _check_needed(kind: Kind, label: str, entry: Entry, known: Mapping[str, Key] | None) -> None:
    held = {fact.key for fact in entry.facts}
    for name, key in (known or {}).items():
        if key.needed and name not in held:
            raise MissionError(f"{label}: '{name}' is missing", f"state it: {key.meaning}")


def _table(label: str, parent: dict[str, Any], name: str) -> dict[str, Any]:
    value = parent.get(name, {})
    if not isinstance(value, dict):
        raise MissionError(f"{label}: {name} is {shown(value)}", f"write a table [{name}]")
    return value


def _check_words(place: str, table: dict[str, Any], known: tuple[str, ...], needed: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            raise MissionError(f"{place}: unknown name '{key}'", suggestion(key, known))
    for key in needed:
        if key not in table:
            raise MissionError(f"{place}: '{key}' is missing", f"a complete one has {', '.join(needed)}")
