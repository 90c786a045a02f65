"""Dated changes of what is known of instruments: the log, and the difference between two dates."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError
from lupex.catalogue import catalogue_folder, read_toml
from lupex.model.payload.item import Change, Item

_WORDS = ("date", "instrument", "key", "value", "source")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def day(text: str, place: str = "date") -> str:
    """A calendar day YYYY-MM-DD as it was given. Raises InputError naming ``place`` when there is no such day."""
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{place}: {text!r} is no calendar day", "write it like 2026-11-30") from None
    return text


def change_log(name: str = "lupex") -> tuple[Change, ...]:
    """The log of changes ``name`` of the catalogue, or of a TOML file, oldest first.

    Raises: InputError for a change that lacks date, instrument, key, value or source, or says the same twice.
    """
    own = not name.endswith(".toml")
    path: Any = catalogue_folder().joinpath("instrument_changes", f"{name}.toml") if own else Path(name)
    label = f"catalogue/instrument_changes/{name}.toml" if own else name
    table = read_toml(path, label).table
    rows = table.get("change", [])
    if not isinstance(rows, list) or set(table) - {"change"}:
        raise InputError(f"{label}: a log of changes holds tables [[change]] only", "correct the file")
    made = [_change(f"{label} change {number}", row) for number, row in enumerate(rows, 1)]
    seen: dict[tuple[str, str, str], int] = {}
    for number, one in enumerate(made, 1):
        key = (one.date, one.instrument, one.key)
        if key in seen:
            raise InputError(
                f"{label} change {number}: {one.key} of {one.instrument} changes twice on {one.date}",
                f"keep one of it and change {seen[key]}",
            )
        seen[key] = number
    return tuple(sorted(made, key=lambda one: (one.date, one.instrument, one.key)))


def _change(place: str, row: Any) -> Change:
    if not isinstance(row, dict) or set(row) != set(_WORDS):
        raise InputError(f"{place}: not a change", f"give {', '.join(_WORDS)}")
    for word in ("date", "instrument", "key", "source"):
        if not isinstance(row[word], str) or not row[word].strip():
            raise InputError(f"{place}: {word} is no text", "write it in quotes")
    value = tuple(row["value"]) if isinstance(row["value"], list) else row["value"]
    return Change(day(row["date"], f"{place} date"), row["instrument"], row["key"], value, row["source"])


def difference(before: Sequence[Item], after: Sequence[Item]) -> list[dict[str, Any]]:
    """Rows (instrument, key, before, after, source) of what differs between two states of the instruments.

    Args:
        before, after: `items` of two dates.
    """
    old, new = ({item.name: item for item in items} for items in (before, after))
    rows = []
    for name in sorted(old | new):
        was, now = _known(old.get(name)), _known(new.get(name))
        for key in sorted(was | now):
            left, right = was.get(key), now.get(key)
            if (left and left[0]) != (right and right[0]):
                source = right[1] if right else left[1] if left else ""
                rows.append(
                    {"instrument": name, "key": key, "before": left[0] if left else None,
                     "after": right[0] if right else None, "source": source}
                )  # fmt: skip
    return rows


def _known(item: Item | None) -> dict[str, tuple[Any, str]]:
    if item is None:
        return {}
    known = {key: (fact.value, fact.source) for key, fact in item.facts.items()}
    return known | {change.key: (change.value, change.source) for change in item.status}
