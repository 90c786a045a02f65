"""Names and numbers of a user's file."""

import difflib
import functools
import math
import operator
import os
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from lupex.base.errors import InputError

LONGEST_NAME = 80
_ANY = -(1 << 62)


def number(place: str, value: Any, lowest: float = -math.inf, highest: float = math.inf) -> float:
    """``value`` as a finite float; text of a number is taken, truth values are not.

    Args:
        place: file, line and field: the beginning of an error.
        value: what the file or the caller gave.
        lowest, highest: bounds, themselves allowed.

    Raises InputError.
    """
    if isinstance(value, bool) or value is None:
        raise InputError(f"{place}: {'empty' if value is None else value} is no number", "give a number")
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"{place}: '{printable(str(value))}' is not a number", "write it like -89.5") from None
    if not math.isfinite(found):
        raise InputError(f"{place} is {found}", "give a finite number")
    if not lowest <= found <= highest:
        raise InputError(f"{place} is {found:g}", f"give {_range(lowest, highest)}")
    return found


def count(place: str, value: Any, lowest: int = 0, highest: int | None = None) -> int:
    """``value`` as a whole number; True and 5.5 are none, numpy's integers are.

    Args:
        place: file, line and field, or the argument's name: the beginning of an error.
        value: what the file or the caller gave; text is not taken.
        lowest, highest: bounds, themselves allowed; no upper one where None.

    Raises InputError.
    """
    try:
        found = None if isinstance(value, bool) or type(value).__name__ == "bool_" else operator.index(value)
    except TypeError:
        found = None
    if found is None:
        raise InputError(f"{place}: {printable(repr(value))} is not a whole number", "give one like 360")
    if found < lowest or (highest is not None and found > highest):
        raise InputError(f"{place} is {found}", f"give {_range(lowest, math.inf if highest is None else highest)}")
    return found


_T = TypeVar("_T")


def numbers_checked(noun: type[_T]) -> type[_T]:
    """The dataclass, which now refuses text, None and truth values for its float and int fields, and 5.5 for an int.

    What a number may be is for the class itself to say; without this, what is no number at all would go through, or end
    as a TypeError that names no field.
    """
    plain: Callable[..., None] = noun.__init__
    numbers = [(f.name, f.type) for f in fields(noun) if f.type in (int, float)]  # type: ignore[arg-type]

    @functools.wraps(plain)
    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        try:
            plain(self, *args, **kwargs)
        except TypeError:
            check(self)  # its own comparisons came first
            raise
        check(self)

    # numpy's truth value is known by the name of its type: help must not wait for numpy.
    def check(self: Any) -> None:
        for name, kind in numbers:
            value = getattr(self, name, 0)
            if kind is int:
                count(f"{noun.__name__}: {name}", value, _ANY)
            elif value is None or isinstance(value, (str, bytes)) or type(value).__name__ in ("bool", "bool_"):
                raise InputError(f"{noun.__name__}: {name} is {printable(repr(value))}", "give a number")

    noun.__init__ = made  # type: ignore[method-assign]
    return noun


def printable(text: str, longest: int = 60) -> str:
    """Text fit for one line of a terminal: control characters and line breaks as escapes, cut to ``longest``."""
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return safe if len(safe) <= longest else safe[: longest - 3] + "..."


def plain_name(place: str, text: Any, longest: int = LONGEST_NAME) -> str:
    """A name that can stand in any of our formats: printable, one line, blanks around it taken off.

    Args:
        place: file, line and field: the beginning of an error.
        text: what the file gave.
        longest: characters allowed.

    Raises InputError for something that is not text, is empty or too long, or holds control characters.
    """
    name = text.strip() if isinstance(text, str) else ""
    if not name or len(name) > longest or not name.isprintable():
        raise InputError(
            f"{place}: {printable(repr(text))} is no name", f"use 1 to {longest} printable characters in one line"
        )
    return name


def file_stem(name: str) -> str:
    """The name as it may begin a file's name on every system: letters, digits, '.', '_' and '-', no leading dot.

    Other characters become '_', so a name can never lead to another folder.
    """
    stem = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name).lstrip(".")
    return stem[:LONGEST_NAME] or "_"


def unique(place: str, names: list[str]) -> None:
    """Raise InputError when one of the column or key names of a file stands there twice; empty ones may."""
    for name in names:
        if name and names.count(name) > 1:
            raise InputError(f"{place}: '{printable(name)}' is given twice", "keep one of them")


def near(wrong: object, known: Iterable[str], what: str = "known") -> str:
    """What to write instead of a wrong name: the nearest one, or all of them where none is near.

    Args:
        known: the right names. what: how a list of them begins.
    """
    names = list(known)
    best = difflib.get_close_matches(str(wrong), names, n=1, cutoff=0.5)
    if best:
        return f"did you mean '{best[0]}'?"
    return f"{what}: {printable(', '.join(names), 400)}" if names else "there are none"


def is_same_file(one: str | Path, other: str | Path) -> bool:
    """Whether two paths name one file that is there."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def _range(lowest: float, highest: float) -> str:
    if math.isinf(highest):
        return f"at least {lowest:g}"
    return f"at most {highest:g}" if math.isinf(lowest) else f"{lowest:g} to {highest:g}"
