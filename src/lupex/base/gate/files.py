"""Bytes, text and JSON of a user's file."""

import functools
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

from lupex.base.errors import InputError, LupexError
from lupex.base.gate.values import printable

LARGEST_TEXT_BYTES = 64_000_000
"""Tables and messages are far smaller; more than this is some other file."""
_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def input_error(path: Path | str, error: OSError) -> InputError:
    """The one-line InputError for an operating system error met while reading ``path``."""
    reason = (error.strerror or str(error)).lower()
    return InputError(f"{path}: cannot read ({reason})", "check the path and its permissions")


_P = ParamSpec("_P")
_R = TypeVar("_R")


def names_its_file(read: Callable[_P, _R]) -> Callable[_P, _R]:
    """The reader, whose first argument is a path, with that path in every error of ours it raises.

    What a file says is often judged by the noun made of it, which knows no file.
    """

    @functools.wraps(read)
    def reading(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return read(*args, **kwargs)
        except LupexError as error:
            path = str(args[0] if args else kwargs["path"])
            if not path or path == "None" or path in str(error):
                raise
            raise type(error)(f"{path}: {error.what}", error.fix or "correct it there") from error

    return reading


def file_bytes(path: str | Path, most_bytes: int = LARGEST_TEXT_BYTES) -> bytes:
    """The bytes of an ordinary file of at most ``most_bytes``.

    Args:
        path: of the file.

    Raises InputError: no such file, a folder, a device or pipe, not readable, larger than that.
    """
    place = Path(path)
    try:
        mode = place.stat().st_mode
        if not stat.S_ISREG(mode):
            kind = "a folder" if stat.S_ISDIR(mode) else "not an ordinary file"
            raise InputError(f"{place}: is {kind}", "name a file")
        with open(place, "rb") as stream:
            content = stream.read(most_bytes + 1)
    except (OSError, ValueError) as error:
        raise input_error(place, error if isinstance(error, OSError) else OSError(str(error))) from error
    if len(content) > most_bytes:
        raise InputError(f"{place}: more than {most_bytes // 1_000_000} MB", "is it the right file? cut it into parts")
    return content


def file_text(path: str | Path, most_bytes: int = LARGEST_TEXT_BYTES) -> str:
    """The UTF-8 text of a file, without the byte order mark some editors put before it.

    Raises InputError as `file_bytes`, and for another encoding or binary content, with line and byte.
    """
    return decoded(file_bytes(path, most_bytes), path)


def decoded(content: bytes, place: str | Path) -> str:
    """UTF-8 bytes as text, a byte order mark left out. Raises InputError that names ``place`` and the line.

    Args:
        content: bytes of the file.
    """
    if name := _MARKS.get(content[:2]):
        raise InputError(f"{place}: is {name} text", "save it as UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{place} line {line}: not UTF-8 text (byte {error.start})", "save it as UTF-8") from None
    if "\0" in text:
        raise InputError(f"{place}: is not a text file", "check the path")
    return text


def file_json(path: str | Path, kind: str = "JSON", most_bytes: int = LARGEST_TEXT_BYTES) -> Any:
    """What a JSON file says. Raises InputError as `file_text`, for a name given twice, and for what is no ``kind``."""
    return json_value(file_text(path, most_bytes), path, kind)


def json_value(text: str, place: str | Path, kind: str = "JSON") -> Any:
    """What JSON text says, every name once and every number finite. Raises InputError that names ``place``.

    Args:
        kind: of file, for errors.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(f"{place}: the name '{printable(twice)}' is given twice in one object", "keep one of them")
        return table

    def never(word: str) -> NoReturn:
        raise InputError(f"{place}: holds {word}, which is no JSON number", "write null, or leave it out")

    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=never)
    except RecursionError:
        raise InputError(f"{place}: not {kind} (nested too deeply)", "write it anew") from None
    except ValueError as error:
        raise InputError(f"{place}: not {kind} ({str(error)[:80]})", "correct it there") from None
