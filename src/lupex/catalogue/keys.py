"""What an entry of one kind may state: the keys, their bounds and what each means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lupex.base.errors import MissionError
from lupex.catalogue.names import suggestion
from lupex.catalogue.values import check_bounds, shown, typed

KINDS_OF_VALUE = ("number", "whole", "text", "truth", "numbers", "words")
_TYPES: dict[str, type[Any]] = {
    "number": float, "numbers": float, "whole": int, "text": str, "words": str, "truth": bool,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Key:
    """One fact an entry may state.

    Attributes:
        kind: one of `KINDS_OF_VALUE`. meaning: in words.
        minimum, maximum: bounds of numbers, inclusive; None for none.
        needed: an entry without it cannot be used.
        of_place: it belongs to a position and is dropped when an entry is derived for another one.
        scales_with: key of the same entry it was stated for and scales with; '' where it stands for itself.
    """

    kind: str
    meaning: str
    minimum: float | None = None
    maximum: float | None = None
    needed: bool = False
    of_place: bool = False
    scales_with: str = ""

    def value(self, place: str, value: Any) -> Any:
        """A value as the key wants it (lists as tuples). Raises MissionError, which begins with ``place``."""
        kind = _TYPES[self.kind]
        if self.kind not in ("numbers", "words"):
            return self._one(place, value, kind)
        if not isinstance(value, list | tuple):
            raise MissionError(f"{place}: {shown(value)} is no list", "write [..., ...]")
        return tuple(self._one(place, one, kind) for one in value)

    def _one(self, place: str, value: Any, kind: type[Any]) -> Any:
        value = typed(place, value, kind)
        if kind in (float, int):
            check_bounds(place, value, self.minimum, self.maximum)
        return value


def number(meaning: str, minimum: float | None = None, maximum: float | None = None, **more: Any) -> Key:
    """A key that holds a number within bounds; ``more``: needed, of_place."""
    return Key(kind="number", meaning=meaning, minimum=minimum, maximum=maximum, **more)


def text(meaning: str, **more: Any) -> Key:
    """A key that holds a text; ``more``: needed, of_place."""
    return Key(kind="text", meaning=meaning, **more)


def _nothing(label: str, given: Mapping[str, Any], dropped: Mapping[str, Any]) -> None:
    return


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind:
    """One kind of entry: where its files are and what they may state.

    Attributes:
        noun: in words, singular ('station'). folder: of the catalogue.
        keys: what may be stated; empty: whatever the entries of the package state, with their kinds and bounds.
        also: what may be stated beside what the entries of the package state, where ``keys`` is empty.
        closed: False where an entry may state facts of its own, as rules for landing sites do.
        position: sets of keys any of which moves an entry that is like another; keys ``of_place`` are then dropped.
        moved: called with (label, what the file states, what was dropped) to refuse a move that cannot be meant.
    """

    noun: str
    folder: str
    keys: dict[str, Key] = field(default_factory=dict)
    also: dict[str, Key] = field(default_factory=dict)
    closed: bool = True
    position: tuple[str, ...] = ()
    moved: Callable[[str, Mapping[str, Any], Mapping[str, Any]], None] = _nothing

    def key(self, place: str, name: str, known: Mapping[str, Key]) -> Key | None:
        """The key of a name; None where the kind is open. Raises MissionError with the nearest right name."""
        if name not in known and self.closed:
            raise MissionError(f"{place}: unknown name '{name}'", suggestion(name, known))
        return known.get(name)


def key_like(value: Any, meaning: str, minimum: float | None, maximum: float | None) -> Key:
    """The key that a fact of the package implies: of the kind of its value, with its bounds."""
    for kind, held in (("truth", bool), ("whole", int), ("number", float), ("text", str)):
        if isinstance(value, held):
            return Key(kind=kind, meaning=meaning, minimum=minimum, maximum=maximum)
    listed = "words" if value and isinstance(value[0], str) else "numbers"
    return Key(kind=listed, meaning=meaning, minimum=minimum, maximum=maximum)
