"""The gate: sizes, encodings, names and numbers, the same for every reader."""

import os
from pathlib import Path

import numpy as np
import pytest

from lupex.base.errors import InputError
from lupex.base.gate import count, file_bytes, file_json, file_stem, file_text, number, plain_name, printable


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "t").write_bytes(b"\xef\xbb\xbfa = 1\n")
    assert file_text(tmp_path / "t") == "a = 1\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a\nb\xe4\n", "line 2: not UTF-8 text .byte 3.; save it as UTF-8"),
        ("a,b".encode("utf-16"), "is UTF-16 text; save it as UTF-8"),
        (b"a\0b", "is not a text file"),
    ],
)
def test_another_encoding_is_said_with_its_place(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(InputError, match=rf"t\.csv.*{said}"):
        file_text(tmp_path / "t.csv")


def test_only_ordinary_files_of_bounded_size_are_read(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 2_000_001)
    os.mkfifo(tmp_path / "pipe")
    for name, said in (
        ("big", "more than 2 MB"),
        ("pipe", "not an ordinary file"),
        (".", "a folder"),
        ("no", "no such"),
    ):
        with pytest.raises(InputError, match=said):
            file_bytes(tmp_path / name, 2_000_000)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1, "b": {"x": 1, "x": 2}}', "the name 'x' is given twice"),
        ('{"a": NaN}', "holds NaN, which is no JSON number"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": ' + "9" * 5000 + "}", "not JSON"),
        ("{", "not JSON"),
    ],
)
def test_json_is_strict_and_never_another_error(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "r.json").write_text(text)
    with pytest.raises(InputError, match=rf"r\.json.*{said}"):
        file_json(tmp_path / "r.json")


def test_counts_are_whole_numbers_and_nothing_else() -> None:
    assert count("azimuths", np.int64(8), 1) == 8
    for value in (True, 5.5, 5.0, "5", None, np.True_, np.float64(3.0)):
        with pytest.raises(InputError, match="azimuths: .* is not a whole number"):
            count("azimuths", value, 1)
    for value in (0, 3601):
        with pytest.raises(InputError, match=f"azimuths is {value}; give 1 to 3600"):
            count("azimuths", value, 1, 3600)


def test_numbers_are_finite_and_within_bounds() -> None:
    assert number("lat", "-89.5") == -89.5 and number("lat", np.float32(2.0)) == 2.0
    for value in (True, None, "x", "nan", "inf", [1], 10**400):
        with pytest.raises(InputError, match="^lat"):
            number("lat", value)
    with pytest.raises(InputError, match="lat is 91; give -90 to 90"):
        number("lat", 91, -90.0, 90.0)


def test_names_are_one_printable_line_and_stems_stay_in_their_folder() -> None:
    assert plain_name("station", " Misasa ") == "Misasa"
    for name in ("", "a\nb", "\x1b[31m", 3, "x" * 81):
        with pytest.raises(InputError, match="station: .* is no name"):
            plain_name("station", name)
    assert [file_stem(n) for n in ("../../etc/x", "..", "a b/c\\d", "Misasa-54.1")] == [
        "_.._etc_x", "_", "a_b_c_d", "Misasa-54.1",
    ]  # fmt: skip
    assert printable("a\x1b[31m\nb") == r"a\x1b[31m\nb"
