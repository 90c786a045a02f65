"""One entry of the catalogue as it was read, whatever it is of."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lupex.model.fact import Fact

Bounds = tuple[float | None, float | None]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of the catalogue, of whatever kind.

    Attributes:
        kind: singular, as 'rover'. name, title: for programs and for people.
        facts: what is known or assumed, in the order of the file, those taken over by ``like`` first.
        bounds: key -> (minimum, maximum) of numbers; minimum 0 unless the entry or its kind says otherwise.
        unpublished: key -> meaning of what nobody has published.
        files: the user's own files that were read, the entry's first.
    """

    kind: str
    name: str
    title: str
    facts: tuple[Fact, ...]
    bounds: dict[str, Bounds]
    unpublished: dict[str, str]
    files: tuple[Path, ...] = ()

    def fact(self, key: str) -> Fact | None:
        """The fact of this name, None when the entry has none."""
        return next((fact for fact in self.facts if fact.key == key), None)

    @property
    def values(self) -> dict[str, Any]:
        """Key -> value of every fact."""
        return {fact.key: fact.value for fact in self.facts}
