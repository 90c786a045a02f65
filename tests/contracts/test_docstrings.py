"""The docstring is the specification: everything public has one."""

import ast
import re
import textwrap
from collections.abc import Iterator

from tests.contracts.source_tree import modules, parsed, shown
from tests.contracts.test_modules import code_lines

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public_definitions(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, Definition]]:
    """Public functions and classes of a module, and public methods of its public classes."""
    for node in body:
        if not isinstance(node, Definition) or node.name.startswith("_"):
            continue
        yield prefix + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from public_definitions(node.body, f"{prefix}{node.name}.")


def is_overload(node: Definition) -> bool:
    return any("overload" in ast.unparse(decorator) for decorator in node.decorator_list)


def test_every_public_function_and_class_has_a_docstring() -> None:
    bare = [
        f"{shown(path)}:{node.lineno} {name}"
        for path in modules()
        for name, node in public_definitions(parsed(path).body)
        if not is_overload(node) and not (ast.get_docstring(node) or "").strip()
    ]
    assert bare == []


def test_every_module_says_what_it_is_for() -> None:
    assert [shown(path) for path in modules() if not (ast.get_docstring(parsed(path)) or "").strip()] == []


NAMED_SHARE = 0.9
"""Of the public functions of ten lines of code and more, this share names every parameter in its docstring."""

SELF_EVIDENT = {"self", "cls", "_", "progress", "running", "workers"}
"""How work is run is said once, in `lupex.base.running`."""


def test_larger_public_functions_name_their_parameters() -> None:
    larger, unnamed = 0, []
    for path in modules():
        if "kernels" in path.parts:
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        for name, node in public_definitions(parsed(path).body):
            if isinstance(node, ast.ClassDef) or is_overload(node):
                continue
            text = textwrap.dedent("\n".join(lines[node.lineno - 1 : node.end_lineno]))
            if code_lines(text) < 10:
                continue
            larger += 1
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            said = set(re.findall(r"\w+", ast.get_docstring(node) or ""))
            missing = [one.arg for one in given if one.arg not in said | SELF_EVIDENT]
            if missing:
                unnamed.append(f"{shown(path)}:{node.lineno} {name}: {', '.join(missing)}")
    assert len(unnamed) <= (1.0 - NAMED_SHARE) * larger, "\n".join(unnamed)
