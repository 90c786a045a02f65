"""CSV and JSON come back as the same numbers, with the same bytes."""

import csv
import io
import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lupex.io import csv_text, json_text, write_csv, write_json


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_floats_come_back_bit_for_bit(values: list[float]) -> None:
    rows = list(csv.reader(io.StringIO(csv_text(["v"], [[v] for v in values]))))
    assert [float(row[0]) for row in rows[1:]] == values
    assert json.loads(json_text(values)) == values


def test_missing_numbers_are_empty_in_csv_and_null_in_json() -> None:
    assert csv_text(["a", "b", "c"], [[math.nan, None, np.float32("nan")]]) == "a,b,c\n,,\n"
    assert json.loads(json_text({"a": math.nan, "b": [np.inf, -np.inf], "c": np.float64("nan")})) == {
        "a": None,
        "b": [None, None],
        "c": None,
    }


def test_json_keys_are_sorted_and_numpy_and_dataclasses_are_plain() -> None:
    @dataclass(frozen=True)
    class Thing:
        size_m: np.float32
        tags: tuple[str, ...]

    text = json_text({"z": np.int16(3), "a": Thing(np.float32(0.5), ("x",)), "m": np.arange(3), "p": Path("q")})
    assert text == (
        '{\n "a": {\n  "size_m": 0.5,\n  "tags": [\n   "x"\n  ]\n },\n'
        ' "m": [\n  0,\n  1,\n  2\n ],\n "p": "q",\n "z": 3\n}\n'
    )


def test_words_with_commas_quotes_and_lines_survive(tmp_path: Path) -> None:
    words = ["a,b", 'say "x"', "two\nlines", "λ"]
    write_csv(tmp_path / "a.csv", ["word", "flag"], [[w, True] for w in words])
    with open(tmp_path / "a.csv", newline="", encoding="utf-8") as stream:
        assert [row[0] for row in csv.reader(stream)][1:] == words
    assert "true" in (tmp_path / "a.csv").read_text(encoding="utf-8")


def test_two_writes_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_json(tmp_path / name, {"x": {3.0, 1.0, 2.0}, "y": 0.1 + 0.2})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
