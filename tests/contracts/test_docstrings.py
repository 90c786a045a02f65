"""The docstring is the specification: everything public has one."""

import ast
from collections.abc import Iterator

from tests.contracts.source_tree import modules, parsed, shown

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
