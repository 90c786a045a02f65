"""What the commands print: results on stdout, everything else on stderr."""

import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lupex.base.gate import printable
from lupex.base.progress import Bars, Progress, silent
from lupex.base.running import Running

BLOCK_ROWS = 50_000
LONGEST_LINE = 10_000


def never_fail_on_letters() -> None:
    """Let letters the terminal does not know come out as escapes: output never fails on an encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(message: str) -> None:
    """One line for the user on stderr."""
    print(f"lupex: {printable(' '.join(message.split()), LONGEST_LINE)}", file=sys.stderr, flush=True)


def say_table(rows: Iterable[Sequence[str]]) -> None:
    """Rows of words for the user on stderr, aligned."""
    print(aligned(rows), file=sys.stderr, end="", flush=True)


def print_json(value: Any) -> None:
    """A result as JSON: sorted keys, NaN as null, floats that read back equal."""
    from lupex.io.tables import json_text

    text = json_text(value)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):  # JSON knows escapes of its own, which every reader takes back
        text = json.dumps(json.loads(text), sort_keys=True, indent=1, ensure_ascii=True) + "\n"
    sys.stdout.write(text)


def print_columns(columns: Mapping[str, Any], form: str) -> None:
    """Columns of equal length, as CSV with a header line or as one JSON object of lists.

    Numbers are rounded to 9 decimals, far below any accuracy promised.

    Args:
        columns: name -> values of equal length.
        form: 'csv' or 'json'.
    """
    columns = {name: _rounded(column) for name, column in columns.items()}
    if form == "json":
        print_json(columns)
        return
    from lupex.io.tables import csv_text

    names, lists = list(columns), list(columns.values())
    header = csv_text(names, ())
    sys.stdout.write(header)
    for first in range(0, len(lists[0]), BLOCK_ROWS):
        rows = zip(*(column[first : first + BLOCK_ROWS] for column in lists), strict=True)
        sys.stdout.write(csv_text(names, rows)[len(header) :])


def print_rows(rows: Sequence[Mapping[str, Any]], form: str) -> None:
    """Rows with equal names, as CSV with a header line or as a JSON list of objects."""
    if form == "json":
        print_json(list(rows))
        return
    from lupex.io.tables import csv_text

    names = list(rows[0]) if rows else []
    sys.stdout.write(csv_text(names, ([row.get(name) for name in names] for row in rows)))


def aligned(rows: Iterable[Sequence[str]], widest: int = 200) -> str:
    """Rows of words as lines with aligned columns; words longer than ``widest`` push theirs to the right."""
    table = [[printable(word, LONGEST_LINE) for word in row] for row in rows]
    if not table:
        return ""
    widths = [min(widest, max(len(row[i]) for row in table)) for i in range(len(table[0]))]
    lines = ("  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in table)
    return "\n".join(lines) + "\n"


def running() -> Running:
    """Every core, and `progress`."""
    return Running(progress=progress())


def progress() -> Progress:
    """A progress bar on stderr where that is a terminal, else silence. It uses no colour."""
    return Bars(sys.stderr) if sys.stderr.isatty() else silent


def stages() -> Running:
    """Every core, with a progress bar on a terminal, elsewhere one line on stderr as each stage begins."""
    return Running(progress=progress() if sys.stderr.isatty() else _Stages())


class _Stages:
    """Says each label once."""

    def __init__(self) -> None:
        self._label = ""

    def __call__(self, done: int, total: int, label: str) -> None:
        if label != self._label:
            self._label = label
            say(label)


def _rounded(column: Any) -> list[Any]:
    import numpy as np

    if isinstance(column, np.ndarray) and np.issubdtype(column.dtype, np.floating):
        return np.round(column.astype(np.float64), 9).tolist()
    return column.tolist() if isinstance(column, np.ndarray) else list(column)
