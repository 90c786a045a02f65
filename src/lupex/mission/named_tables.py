"""Arrays of tables in a mission file, [[place]] and [[layer]]: each table has a name of its own and known keys."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from lupex.base.errors import MissionError
from lupex.catalogue.names import suggestion
from lupex.catalogue.values import shown


class Named(Protocol):
    """What a table becomes."""

    @property
    def name(self) -> str:
        """Unique among its kind."""
        ...


Noun = TypeVar("Noun", bound=Named)


@dataclass(frozen=True, kw_only=True)
class TableKind(Generic[Noun]):
    """One kind of table.

    Attributes:
        word: between the double brackets.
        needed, optional: its keys.
        hint: which keys it has, for who leaves one out.
        read: where it stands (the beginning of an error), the table, and the folder of relative paths to the noun.
    """

    word: str
    needed: tuple[str, ...]
    optional: tuple[str, ...]
    hint: str
    read: Callable[[str, dict[str, Any], Path], Noun]


def nouns_in(kind: TableKind[Noun], label: str, tables: Any, folder: Path) -> tuple[Noun, ...]:
    """The nouns of an array of tables, in order.

    Args:
        kind: of the tables.
        label: the file, the beginning of an error.
        tables: what TOML gave.
        folder: what a relative path is relative to.

    Raises: MissionError for what is no array of tables, an unknown or missing key, a name twice; what the kind raises.
    """
    brackets = f"[[{kind.word}]]"
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        *most, last = kind.needed
        raise MissionError(
            f"{label}: {kind.word} is {shown(tables)}", f"write {brackets} with {', '.join(most)} and {last}"
        )
    known, found = kind.needed + kind.optional, dict[str, Noun]()
    for number, table in enumerate(tables, 1):
        place = f"{label} {brackets} {number}"
        for key in table:
            if key not in known:
                raise MissionError(f"{place}: unknown name '{key}'", suggestion(key, known))
        for key in kind.needed:
            if key not in table:
                raise MissionError(f"{place}: '{key}' is missing", kind.hint)
        noun = kind.read(place, table, folder)
        if noun.name in found:
            raise MissionError(f"{label} {brackets}: two {kind.word}s are named '{noun.name}'", "rename one of them")
        found[noun.name] = noun
    return tuple(found.values())
