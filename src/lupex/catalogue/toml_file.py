"""Read one TOML file, and say in one line why it cannot be read."""

import hashlib
import os
import re
import tomllib
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from lupex.base.errors import MissionError

LARGEST_BYTES = 1_000_000
"""A mission file is a page of text; more than this is some other file."""


@dataclass(frozen=True)
class TomlFile:
    """What a TOML file says, and the SHA-256 of its bytes."""

    table: dict[str, Any]
    sha256: str


def read_toml(path: Path | Traversable, label: str) -> TomlFile:
    """The TOML file at ``path``, called ``label`` in errors.

    Raises: MissionError when it is missing, a folder, not text, too long, or not TOML (with the line).
    """
    raw = _bytes(path, label)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise MissionError(f"{label} line {line}: not UTF-8 text", "save the file as UTF-8") from None
    if "\0" in text:
        raise MissionError(f"{label}: not a text file", "give a mission file in TOML")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MissionError(f"{label}: not valid TOML: {_plain(str(error))}", _fix(text, str(error))) from None
    except (RecursionError, ValueError, OverflowError) as error:
        raise MissionError(f"{label}: not valid TOML: {type(error).__name__}", "correct the file") from None
    return TomlFile(table, hashlib.sha256(raw).hexdigest())


def _bytes(path: Path | Traversable, label: str) -> bytes:
    if isinstance(path, Path) and os.path.exists(path) and not path.is_file():
        raise MissionError(f"{label}: not a file", "give the path of a TOML file")
    try:
        with path.open("rb") as stream:
            raw: bytes = stream.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise MissionError(f"{label}: no such file", "check the path, or leave it out for the default") from None
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise MissionError(f"{label}: cannot be read: {reason}", "check the path and its permissions") from None
    if len(raw) > LARGEST_BYTES:
        raise MissionError(f"{label}: longer than {LARGEST_BYTES // 1000} kB", "give a mission file in TOML")
    return raw


def _fix(text: str, message: str) -> str:
    """What to do about a TOML error: a line with a Windows path in double quotes has its own answer."""
    found = re.search(r"at line (\d+)", message)
    lines = text.splitlines()
    line = lines[int(found.group(1)) - 1] if found and int(found.group(1)) <= len(lines) else ""
    if re.search(r"\"[^\"]*\\", line):
        return "in double quotes a \\ begins a special character: write the path with / or in single quotes"
    return "correct that line"


def _plain(message: str) -> str:
    return " ".join(message.split())
