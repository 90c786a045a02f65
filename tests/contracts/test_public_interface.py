"""The names in `lupex` are promises: each is there, once, and says what it is."""

import ast
import importlib.util
import subprocess
import sys

import pytest
from tests.contracts.source_tree import PACKAGE, parsed

import lupex

NAMES = [name for name in lupex.__all__ if name != "__version__"]


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_is_there_and_explains_itself(name: str) -> None:
    value = getattr(lupex, name)
    assert (value.__doc__ or "").strip()
    assert value is getattr(lupex, name)


def test_type_checkers_and_users_see_the_same_names() -> None:
    seen = {
        (node.module, alias.asname)
        for block in ast.walk(parsed(PACKAGE / "__init__.py"))
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == {(room, name) for name, room in lupex._ROOM_OF.items()}


def test_dir_lists_every_public_name_without_fetching_it() -> None:
    code = "import sys, lupex; assert set(lupex.__all__) <= set(dir(lupex)); assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'horizon_mapp'"):
        lupex.horizon_mapp  # noqa: B018


def test_a_missing_package_is_named_only_when_a_name_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = importlib.util.module_from_spec(importlib.util.find_spec("lupex"))
    fresh.__spec__.loader.exec_module(fresh)
    monkeypatch.setitem(fresh._ROOM_OF, "moon_base", "lupex.moon_base_not_built")
    said = r"lupex\.moon_base needs 'lupex\.moon_base_not_built', which is not installed"
    with pytest.raises(ImportError, match=said):
        fresh.moon_base  # noqa: B018
