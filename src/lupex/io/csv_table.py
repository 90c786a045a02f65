"""Tables a user brings, as spreadsheets and GIS write them: comma, semicolon or tab, decimal commas, empty rows."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from lupex.base.errors import InputError
from lupex.base.gate import file_text, printable, unique
from lupex.io.text import without_apostrophe

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?")
TEXT_COLUMNS = ("label", "name")
"""Columns whose cells stay as they are, though they look like numbers."""


@dataclass(frozen=True)
class CsvTable:
    """A table with a header line.

    Attributes:
        path: of the file.
        header: column names in lower case without blanks around them, each once, in the order of the file.
        rows: for every row that is not empty, the place of it for messages ('FILE line 3'), and cell by column name.
        separator: what stands between cells.
    """

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[str, dict[str, str]], ...]
    separator: str


def read_csv_table(path: str | Path) -> CsvTable:
    """The table in a CSV file of UTF-8 text; the separator is the one the header line holds most of.

    Where cells are separated by semicolons or tabs, numbers may have decimal commas (-89,78); they come out with
    points. Rows without any content are passed over.

    Args:
        path: of the file.

    Raises InputError: unreadable, another encoding, a column name given twice, a row with more or fewer cells.
    """
    place = Path(path)
    text = file_text(place)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count) if first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    header: list[str] = []
    rows: list[tuple[str, dict[str, str]]] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [cell.strip().lower() for cell in cells]
                unique(str(place), header)
                continue
            where = f"{place} line {reader.line_num}"
            rows.append((where, _row(where, header, cells, separator)))
    except csv.Error as error:
        where = f"{place} line {reader.line_num}"
        raise InputError(f"{where}: not a table ({error})", "write it anew, cells in quotes where needed") from None
    return CsvTable(place, tuple(header), tuple(rows), separator)


def _row(where: str, header: list[str], cells: list[str], separator: str) -> dict[str, str]:
    if len(cells) > len(header) and not any(cell.strip() for cell in cells[len(header) :]):
        cells = cells[: len(header)]  # spreadsheets write the empty cells of columns beside the table
    if len(cells) != len(header):
        fix = f"cells are separated by {_SEPARATORS[separator]} in its header line; put quotes around text with some"
        raise InputError(f"{where}: not as many cells as the header has ({len(header)})", fix)
    found = {}
    for name, cell in zip(header, cells, strict=True):
        text = cell.strip()
        if not name:
            if text:
                raise InputError(f"{where}: '{printable(text)}' stands in a column without a name", "name the column")
            continue
        numeric = separator != "," and name not in TEXT_COLUMNS and _DECIMAL_COMMA.fullmatch(text)
        found[name] = text.replace(",", ".") if numeric else without_apostrophe(cell)
    return found
