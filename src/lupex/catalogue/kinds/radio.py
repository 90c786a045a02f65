"""Radios of the catalogue and of the user's own files.

A radio file is TOML: ``name``, ``title``, ``[facts.<key>]`` and ``[unpublished]``, as everywhere in the
catalogue; keys are the attributes of `lupex.model.Radio`. In a user's file a fact may be a bare value, and
``like = "lupex_rover_hga"`` takes over all that the file does not state.
"""

import difflib
import tomllib
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.model.contact.radio import Radio
from lupex.model.fact import Fact

_WORDS = ("band", "pattern", "polarisation", "modulation", "coding", "command_coding")
_LISTS = ("data_rates_bps",)
_KEYS = tuple(spec.name for spec in fields(Radio) if spec.name not in ("name", "title", "facts", "unpublished"))


def radio_names() -> list[str]:
    """Names of the radios in the catalogue, sorted."""
    folder = resources.files("lupex").joinpath("catalogue", "radios")
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def radio(name: str, folder: Path | None = None) -> Radio:
    """The radio ``name`` of the catalogue, or of the file ``name`` when it ends in '.toml'.

    Args:
        folder: what a relative file name is relative to; the working directory by default.

    Raises:
        InputError: unknown name (with the nearest right one), unreadable file, unknown key, a value out of bounds.
    """
    label, table = _table(name, folder)
    facts, unpublished = _facts(label, table, folder, seen=(label,))
    if "band" not in facts:
        raise InputError(f"{label}: 'band' is missing", "state it: UHF, S, X or Ka")
    try:
        return Radio(
            name=str(table["name"]),
            title=str(table["title"]),
            facts=tuple(facts.values()),
            unpublished=unpublished,
            **{key: fact.value for key, fact in facts.items()},
        )
    except InputError as error:
        raise InputError(f"{label}: {error.what}", error.fix) from None


def _table(name: str, folder: Path | None) -> tuple[str, dict[str, Any]]:
    if name.endswith(".toml"):
        return name, _read((folder or Path()) / name, name)
    known = radio_names()
    if name not in known:
        near = difflib.get_close_matches(name.lower().replace("-", "_").replace(" ", "_"), known, n=1, cutoff=0.5)
        fix = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"
        raise InputError(f"unknown radio '{name}'", f"{fix} A file of your own ends in .toml")
    label = f"catalogue/radios/{name}.toml"
    text = resources.files("lupex").joinpath("catalogue", "radios", f"{name}.toml").read_text(encoding="utf-8")
    return label, tomllib.loads(text)


def _read(path: Path, label: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"radio file {label}: {error.strerror or error}", "check the path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"radio file {label}: not valid TOML: {error}", "correct that line") from None
    table.setdefault("name", path.stem)
    table.setdefault("title", table["name"])
    return table


def _facts(
    label: str, table: dict[str, Any], folder: Path | None, seen: tuple[str, ...]
) -> tuple[dict[str, Fact], dict[str, str]]:
    known = ("name", "title", "like", "facts", "unpublished")
    for key in table:
        if key not in known:
            raise InputError(f"{label}: unknown name '{key}'", f"known: {', '.join(known)}; numbers go under [facts]")
    facts: dict[str, Fact] = {}
    unpublished: dict[str, str] = {}
    if "like" in table:
        other, below = _table(str(table["like"]), folder)
        if other in seen:
            raise InputError(f"{label}: like = '{table['like']}' leads back to itself", "take that line away")
        facts, unpublished = _facts(other, below, folder, (*seen, other))
    for key, body in table.get("facts", {}).items():
        facts[key] = _fact(f"{label} [facts.{key}]", label, key, body)
        unpublished.pop(key, None)
    unpublished |= {k: str(v) for k, v in table.get("unpublished", {}).items() if k not in facts}
    return facts, unpublished


def _fact(place: str, label: str, key: str, body: Any) -> Fact:
    if key not in _KEYS:
        near = difflib.get_close_matches(key, _KEYS, n=1, cutoff=0.6)
        raise InputError(f"{place}: unknown name", f"did you mean '{near[0]}'?" if near else "see a catalogue file")
    if not isinstance(body, dict):
        body = {"value": body}
    if "value" not in body:
        raise InputError(f"{place}: 'value' is missing", "give value and source")
    value = _value(place, key, body["value"])
    return Fact(key, value, str(body.get("source", f"given in {label}")), str(body.get("meaning", "")))


def _value(place: str, key: str, value: Any) -> Any:
    if key in _WORDS:
        if not isinstance(value, str):
            raise InputError(f"{place}: {value!r} is not right here", "give text in quotes")
        return value
    if (key in _LISTS) != isinstance(value, list):
        raise InputError(f"{place}: {value!r} is not right here", "give a list" if key in _LISTS else "give a number")
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, int | float) or isinstance(one, bool):
            raise InputError(f"{place}: {one!r} is not right here", "give a number")
    return tuple(float(one) for one in value) if isinstance(value, list) else float(value)
