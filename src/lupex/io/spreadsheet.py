"""Excel workbooks (Office Open XML) as sheets of plain rows, by openpyxl: values only, no formulas, no merged cells."""

import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError, StoreError
from lupex.base.gate import file_bytes
from lupex.io.atomic import write_bytes
from lupex.io.text import cell

MOST_UNPACKED_BYTES = 50_000_000
MOST_ROWS, MOST_COLUMNS = 10_000, 500


def read_workbook(path: str | Path) -> dict[str, list[list[Any]]]:
    """Sheet -> rows of cells (number, text, true or false, date as text, None), empty rows at the end left out.

    Raises: InputError for a file that is no workbook, is too large when unpacked, or holds merged cells or formulas
        (with sheet and cell: a formula's value may be of another day).
    """
    from openpyxl import load_workbook

    raw = file_bytes(path)
    try:
        with zipfile.ZipFile(BytesIO(raw)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
            if "xl/workbook.xml" not in packed.namelist():
                raise zipfile.BadZipFile
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):  # zipfile names no kind of its own for all
        raise InputError(f"{path}: not an Excel workbook", "save it as .xlsx") from None
    if unpacked > MOST_UNPACKED_BYTES:
        raise InputError(f"{path}: {unpacked // 1_000_000} MB when unpacked", "give a workbook with the table alone")
    try:
        book = load_workbook(BytesIO(raw), data_only=False, keep_links=False)
    except Exception as error:  # openpyxl raises whatever the XML inside provokes
        raise InputError(f"{path}: cannot be read as a workbook: {type(error).__name__}", "save it anew") from None
    return {sheet.title: _rows(path, sheet) for sheet in book.worksheets}


def _rows(path: str | Path, sheet: Any) -> list[list[Any]]:
    merged = sorted(str(one) for one in sheet.merged_cells.ranges)
    if merged:
        raise InputError(
            f"{path} {sheet.title}: merged cells {merged[0]}", "split them: each value needs a cell of its own"
        )
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        raise InputError(
            f"{path} {sheet.title}: {sheet.max_row} rows and {sheet.max_column} columns",
            f"give at most {MOST_ROWS} and {MOST_COLUMNS}",
        )
    rows = []
    for row in sheet.iter_rows():
        for one in row:
            if one.data_type == "f":
                raise InputError(
                    f"{path} {sheet.title}!{one.coordinate}: a formula instead of a value", "paste values only"
                )
            if one.data_type == "e":
                raise InputError(f"{path} {sheet.title}!{one.coordinate}: an error value {one.value}", "correct it")
        rows.append([_value(one.value) for one in row])
    while rows and all(value is None for value in rows[-1]):
        rows.pop()
    return rows


def _value(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    # What our writers put before text that a spreadsheet would take for a formula goes again.
    bare = text[1:] if text.startswith("'") and cell(text[1:]) == text else text
    return bare.strip() or None


def write_workbook(path: str | Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> None:
    """Write sheets of rows as an Excel workbook, header rows bold; the same input gives the same bytes.

    Args:
        path: of the file, .xlsx. sheets: title -> rows of numbers, text and None; text is never taken for a formula.

    Raises: StoreError when it cannot be written.
    """
    from datetime import datetime

    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.active)
    fixed = datetime(2000, 1, 1)  # nothing in a result depends on the time of day
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value is None:
                    continue
                one = sheet.cell(number, column, cell(value) if isinstance(value, str) else value)
                if number == 1:
                    one.font = Font(bold=True)
        sheet.freeze_panes = "B2"
    book.properties.created = book.properties.modified = fixed
    write_bytes(path, _fixed(_saved(path, book), fixed))


def _saved(path: str | Path, book: Any) -> bytes:
    """The bytes of a workbook. Raises StoreError: openpyxl keeps its sheets in the folder of temporary files."""
    said = sys.unraisablehook
    sys.unraisablehook = lambda _: None  # its half-written sheets complain once more when they are thrown away
    try:
        stream = BytesIO()
        if _could_save(book, stream):
            return stream.getvalue()
    finally:
        sys.unraisablehook = said
    raise StoreError(
        f"{path}: cannot write: the folder of temporary files {tempfile.gettempdir()} takes no more",
        "make room there, or set TMPDIR",
    )


def _could_save(book: Any, stream: BytesIO) -> bool:
    try:
        book.save(stream)
    except Exception as error:  # lxml has a kind of its own for a full disk, which is no OSError
        if not isinstance(error, OSError) and type(error).__name__ != "SerialisationError":
            raise
        return False
    return True


def _fixed(raw: bytes, when: Any) -> bytes:
    """The same workbook with one date on every part; openpyxl stamps the time of writing."""
    import re

    out = BytesIO()
    stamp = when.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part.filename)
            if part.filename == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, content)
            made = zipfile.ZipInfo(part.filename, (2000, 1, 1, 0, 0, 0))
            made.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(made, content)
    return out.getvalue()
