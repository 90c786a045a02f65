"""Tables as spreadsheets write them."""

from pathlib import Path

import pytest

from lupex.base.errors import InputError
from lupex.io.csv_table import read_csv_table


def read(folder: Path, text: str) -> list[dict[str, str]]:
    (folder / "t.csv").write_bytes(text.encode())
    return [cells for _, cells in read_csv_table(folder / "t.csv").rows]


def test_semicolons_with_decimal_commas_and_tabs_are_read(tmp_path: Path) -> None:
    want = [{"label": "1,5", "lat_deg": "-89.78"}]
    assert read(tmp_path, "\ufefflabel;lat_deg\r\n1,5;-89,78\r\n;\r\n") == want
    assert read(tmp_path, "label\tlat_deg\n1,5\t-89.78\n\n") == want


def test_empty_rows_and_empty_columns_at_the_edge_are_passed_over(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b,,\n1,2,,\n,,,\n3,4\n".replace("3,4\n", "3,4,,,,\n")) == [
        {"a": "1", "b": "2"}, {"a": "3", "b": "4"},
    ]  # fmt: skip


def test_a_cell_may_hold_a_line_break_in_quotes(tmp_path: Path) -> None:
    assert read(tmp_path, 'a,b\n"x\ny",2\n') == [{"a": "x\ny", "b": "2"}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b,A\n1,2,3\n", "'a' is given twice"),
        ("a,b\n1,2\n1\n", "line 3: not as many cells as the header has .2."),
        ("a,\n1,x\n", "line 2: 'x' stands in a column without a name"),
        ("a,b\n" + "x" * 200_000 + ",1\n", "line 2: not a table"),
    ],
)
def test_tables_that_cannot_be_understood_name_their_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=rf"t\.csv.*{said}"):
        read(tmp_path, text)
