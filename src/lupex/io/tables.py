"""CSV and JSON that come back as the same numbers, with the same bytes every time."""

import csv
import dataclasses
import io
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lupex.io.atomic import write_bytes
from lupex.io.text import cell


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV text (comma, LF): floats as the shortest text that reads back equal, NaN and None empty, text as `cell`.

    Args:
        header: names of the columns. rows: as many values each.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([cell(name) for name in header])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return buffer.getvalue()


def write_csv(path: str | Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write `csv_text` atomically, UTF-8. Raises StoreError when it cannot be written."""
    write_bytes(path, text_bytes(csv_text(header, rows)))


def json_text(obj: Any) -> str:
    """JSON text: keys sorted, floats round-trip, NaN and infinities null, arrays lists, dataclasses objects."""
    return json.dumps(plain(obj), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write_json(path: str | Path, obj: Any) -> None:
    """Write `json_text` atomically, UTF-8. Raises StoreError when it cannot be written."""
    write_bytes(path, text_bytes(json_text(obj)))


def write_text(path: str | Path, text: str) -> None:
    """Write text atomically, UTF-8. Raises StoreError when it cannot be written."""
    write_bytes(path, text_bytes(text))


def text_bytes(text: str) -> bytes:
    """Text as UTF-8. Half characters, as in file names that are no text, become escapes."""
    return text.encode("utf-8", "backslashreplace")


def plain(value: Any) -> Any:
    """The same value made of what JSON knows: dict, list, str, int, float, bool, None."""
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    return str(value)


def _cell(value: Any) -> Any:
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return cell(value)
    return repr(value) if isinstance(value, float) else value
