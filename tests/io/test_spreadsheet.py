"""Workbooks: the same rows back, the same bytes every time; formulas, merged cells and what is no workbook refused."""

import zipfile

import openpyxl
import pytest

from lupex.base.errors import InputError
from lupex.io.spreadsheet import MOST_UNPACKED_BYTES, read_workbook, write_workbook

ROWS = [["name", "mass_kg", "note"], ["a", 2.5, "=1+1"], ["b", None, "ü"]]


def test_rows_come_back_and_text_is_never_a_formula(tmp_path):
    write_workbook(tmp_path / "t.xlsx", {"one": ROWS})
    assert read_workbook(tmp_path / "t.xlsx") == {"one": ROWS}
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["one"]
    assert sheet["C2"].data_type == "s"


def test_the_same_rows_give_the_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(tmp_path / name, {"one": ROWS})
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    dates = {part.date_time for part in zipfile.ZipFile(tmp_path / "a.xlsx").infolist()}
    assert dates == {(2000, 1, 1, 0, 0, 0)}


def test_a_formula_and_merged_cells_are_refused_with_their_place(tmp_path):
    book = openpyxl.Workbook()
    book.active["B2"] = "=1+1"
    book.save(tmp_path / "formula.xlsx")
    with pytest.raises(InputError, match="Sheet!B2: a formula instead of a value; paste values only"):
        read_workbook(tmp_path / "formula.xlsx")
    book.active["B2"] = 2
    book.active.merge_cells("A1:B1")
    book.save(tmp_path / "merged.xlsx")
    with pytest.raises(InputError, match="merged cells A1:B1"):
        read_workbook(tmp_path / "merged.xlsx")


def test_what_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "t.xlsx"
    path.write_text("name,mass\n")
    with pytest.raises(InputError, match="not an Excel workbook; save it as .xlsx"):
        read_workbook(path)
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("other.txt", "x")
    with pytest.raises(InputError, match="not an Excel workbook"):
        read_workbook(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<a>")
    with pytest.raises(InputError, match="cannot be read as a workbook"):
        read_workbook(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * (MOST_UNPACKED_BYTES + 1))
    with pytest.raises(InputError, match="MB when unpacked"):
        read_workbook(path)
