"""What the commands print."""

import io
import json

import numpy as np

from lupex.cli.printing import aligned, print_columns, print_rows, progress, say, stages


def test_columns_become_csv_with_short_numbers_and_empty_nan(capsys):
    print_columns({"utc": ["a", "b"], "x_deg": np.array([0.1 + 0.2, np.nan])}, "csv")
    assert capsys.readouterr().out == "utc,x_deg\na,0.3\nb,\n"


def test_columns_become_json_with_null_for_nan(capsys):
    print_columns({"utc": ["a", "b"], "x_deg": np.array([0.1 + 0.2, np.nan])}, "json")
    assert json.loads(capsys.readouterr().out) == {"utc": ["a", "b"], "x_deg": [0.3, None]}


def test_long_columns_are_written_whole(capsys):
    print_columns({"n": np.arange(120_001)}, "csv")
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], lines[1], lines[-1], len(lines)) == ("n", "0", "120000", 120_002)


def test_rows_become_csv_or_json(capsys):
    rows = [{"name": "a", "score": 0.5}, {"name": "b", "score": None}]
    print_rows(rows, "csv")
    assert capsys.readouterr().out == "name,score\na,0.5\nb,\n"
    print_rows(rows, "json")
    assert json.loads(capsys.readouterr().out) == rows


def test_lines_are_aligned():
    assert aligned([["a", "bb"], ["ccc", "d"]]) == "a    bb\nccc  d\n"


def test_messages_go_to_stderr_in_one_line(capsys):
    say("one\n  two")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "lupex: one two\n")


def test_progress_is_silent_where_stderr_is_no_terminal(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    report = progress()
    report(1, 2, "horizons")
    assert stream.getvalue() == ""


def test_each_stage_is_one_line_where_stderr_is_no_terminal(capsys):
    report = stages().progress
    for label in ("skylines", "light over time"):
        for done in (1, 2):
            report(done, 2, label)
    assert capsys.readouterr().err == "lupex: skylines\nlupex: light over time\n"


def test_progress_is_a_bar_without_colour_on_a_terminal(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    report = progress()
    for done in range(3):
        report(done, 2, "horizons")
    assert "horizons" in stream.getvalue()
    assert "\x1b[3" not in stream.getvalue()
