"""Instruments of the catalogue: facts, each with its source, and what of them is a stand-in."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.catalogue import catalogue_entry, catalogue_names, overridden
from lupex.catalogue.kinds.payload import ACCOMMODATION
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

    def numbers(self) -> dict[str, object]:
        """Value of every fact by its key."""
        return {key: fact.value for key, fact in self.facts.items()}

    @property
    def owner(self) -> str:
        """Who provides it; '' where the file does not say."""
        fact = self.facts.get("owner")
        return "" if fact is None else str(fact.value)

    def assumptions(self) -> list[str]:
        """Keys of numbers behind its readings that nobody has published (their source says assumption), in the order
        of the file; what it needs of its host is not among them."""
        return [
            key for key, fact in self.facts.items() if ASSUMPTION in fact.source.lower() and key not in ACCOMMODATION
        ]


def instrument_names() -> list[str]:
    """Names of the instruments in the catalogue, sorted."""
    return catalogue_names("instrument")


def instrument(
    name: str, given: dict[str, Any] | None = None, place: str = "", folder: Path | None = None
) -> Instrument:
    """The instrument ``name`` of the catalogue, or of the file ``name`` when it ends in '.toml'.

    Args:
        name: a name of the catalogue or a path. A user's file may say ``like = "nss"`` and state only what differs.
        given: facts stated elsewhere in their place: bare values, or tables of value and source.
        place: where they were given, the beginning of an error.
        folder: what a relative path is relative to; the working directory by default.

    Raises: MissionError as `lupex.catalogue.catalogue_entry`.
    """
    if not given:
        return _plain(name, folder)
    entry = catalogue_entry("instrument", name, place, folder)
    facts = overridden(entry, given, place, f"instruments.{name}")
    return Instrument(entry.name, entry.title, {fact.key: fact for fact in facts})


@cache
def _plain(name: str, folder: Path | None) -> Instrument:
    entry = catalogue_entry("instrument", name, folder=folder)
    return Instrument(entry.name, entry.title, {fact.key: fact for fact in entry.facts})
