"""Modules stay short, named for what they hold, and without hidden state."""

import ast
import io
import tokenize
from collections import Counter
from pathlib import Path

from tests.contracts.source_tree import modules, parsed, shown

CODE_LINES = 300
MODULES_IN_A_FOLDER = 15
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "tools", "stuff"}
_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}


def code_lines(text: str) -> int:
    """Lines that hold code: neither blank, nor comment, nor docstring."""
    held: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NO_CODE:
            held.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            held.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(held)


def test_code_lines_are_counted_without_prose() -> None:
    text = '"""Doc\nstring."""\n\n# comment\nx = (\n    1\n)\n\ndef f():\n    """Doc."""\n    return x  # why\n'
    assert code_lines(text) == 5


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    lengths = {shown(path): code_lines(path.read_text(encoding="utf-8")) for path in modules()}
    assert {name: lines for name, lines in lengths.items() if lines > CODE_LINES} == {}


def test_no_folder_holds_more_modules_than_a_reader_takes_in() -> None:
    counts = Counter(shown(path.parent) for path in modules())
    assert {name: count for name, count in counts.items() if count > MODULES_IN_A_FOLDER} == {}


def test_no_function_reaches_for_a_global() -> None:
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Global)
    ]
    assert found == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    def words(path: Path) -> set[str]:
        return set(path.stem.split("_")) | set(path.parent.name.split("_"))

    assert [shown(path) for path in modules() if words(path) & EMPTY_NAMES] == []
