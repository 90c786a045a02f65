"""Instruments of the catalogue: facts, each with its source, and what of them is a stand-in."""

import difflib
import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.model import Fact
from lupex.model.settings.setting import ASSUMPTION


@dataclass(frozen=True, eq=False)
class Instrument:
    """One instrument as the catalogue or a user's file has it.

    Attributes:
        name: of the catalogue. title: for people. facts: key -> fact.
    """

    name: str
    title: str
    facts: dict[str, Fact]

    def value(self, key: str) -> float:
        """A number of the instrument. Raises InputError when it has none of that name."""
        if key not in self.facts:
            raise InputError(f"instrument {self.name}: {key} is missing", f"state it under [facts.{key}]")
        return float(self.facts[key].value)

    @property
    def owner(self) -> str:
        """Who provides it; '' where the file does not say."""
        fact = self.facts.get("owner")
        return "" if fact is None else str(fact.value)

    def assumptions(self) -> list[str]:
        """Keys of numbers that nobody has published (their source says assumption), in the order of the file."""
        return [key for key, fact in self.facts.items() if ASSUMPTION in fact.source.lower()]


def instrument_names() -> list[str]:
    """Names of the instruments in the catalogue, sorted."""
    folder = resources.files("lupex").joinpath("catalogue", "instruments")
    return sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def instrument(name: str, folder: Path | None = None) -> Instrument:
    """The instrument ``name`` of the catalogue, or of the file ``name`` when it ends in '.toml'.

    Args:
        name: a name of the catalogue or a path. A user's file may say ``like = "nss"`` and state only what differs.
        folder: what a relative path is relative to; the working directory by default.

    Raises:
        InputError: unknown name (with the nearest right one), unreadable file, a fact that is no finite number or out
            of its bounds.
    """
    if not name.endswith(".toml"):
        return _of_catalogue(name)
    path = (folder or Path()) / name
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise InputError(
            f"instrument file {path}: {(error.strerror or str(error)).lower()}", "check the path"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"instrument file {path}: not valid TOML: {error}", "correct that line") from None
    return _from_table(str(path), path.stem, table, str(path))


@cache
def _of_catalogue(name: str) -> Instrument:
    known = instrument_names()
    if name not in known:
        near = difflib.get_close_matches(name.lower().replace("-", "_"), known, n=1, cutoff=0.5)
        fix = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"
        raise InputError(f"unknown instrument '{name}'", f"{fix} A file of your own ends in .toml")
    file = resources.files("lupex").joinpath("catalogue", "instruments", f"{name}.toml")
    return _from_table(f"catalogue/instruments/{name}.toml", name, tomllib.loads(file.read_text(encoding="utf-8")), "")


def _from_table(label: str, name: str, table: dict[str, Any], given_in: str) -> Instrument:
    """``given_in``: the source of bare values; '' where none are allowed."""
    facts: dict[str, Fact] = {}
    bounds: dict[str, dict[str, Any]] = {}
    title = str(table.get("title", name))
    if "like" in table:
        base = _of_catalogue(str(table["like"]))
        facts, name, title = dict(base.facts), base.name, str(table.get("title", base.title))
    given = table.get("facts", {})
    if not isinstance(given, dict):
        raise InputError(f"{label}: facts is no table", "write [facts.<name>] with value, source and meaning")
    for key, body in given.items():
        body = body if isinstance(body, dict) else {"value": body}
        bounds[key] = body
        known = facts.get(key)
        source = body.get("source", f"given in {given_in}" if given_in else "")
        meaning = body.get("meaning", "" if known is None else known.meaning)
        facts[key] = Fact(key, _checked(f"{label} [facts.{key}]", body), str(source), str(meaning))
    return Instrument(str(table.get("name", name)) if not given_in else name, title, facts)


def _checked(place: str, body: dict[str, Any]) -> Any:
    """The value of a fact. Raises InputError when it is no text, no finite number or out of its bounds."""
    value = body.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise InputError(f"{place}: no value", "give a number or text")
    if isinstance(value, str):
        return value
    low, high = body.get("minimum", -math.inf), body.get("maximum", math.inf)
    if not (math.isfinite(value) and low <= value <= high):
        raise InputError(f"{place}: {value} lies outside {low:g} .. {high:g}", "correct it")
    return value
