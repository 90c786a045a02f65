"""The names in `lupex` are promises: each is there, once, and says what it is."""

import ast
import dataclasses
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.contracts.source_tree import PACKAGE

import lupex

NAMES = [name for name in lupex.__all__ if name != "__version__"]


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_is_there_and_explains_itself(name: str) -> None:
    value = getattr(lupex, name)
    assert (value.__doc__ or "").strip()
    assert value is getattr(lupex, name)


def test_type_checkers_and_users_see_the_same_names() -> None:
    stub = ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8"))
    seen = {alias.asname for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == set(NAMES)


def test_dir_lists_every_public_name_without_fetching_it() -> None:
    code = "import sys, lupex; assert set(lupex.__all__) <= set(dir(lupex)); assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'horizon_mapp'"):
        lupex.horizon_mapp  # noqa: B018


def test_a_missing_package_is_named_only_when_a_name_needs_it(tmp_path: Path) -> None:
    (tmp_path / "numba.py").write_text("raise ModuleNotFoundError(\"No module named 'numba'\", name='numba')\n")
    code = "import lupex\ntry:\n    lupex.horizon_map\nexcept ImportError as error:\n    print(error)\n"
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(PACKAGE.parent)])}
    said = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout
    assert said.startswith("lupex.horizon_map needs 'numba', which is not installed")


def test_every_public_function_that_takes_running_takes_progress_too() -> None:
    functions = [getattr(lupex, name) for name in NAMES if inspect.isfunction(getattr(lupex, name))]
    long = [one for one in functions if "running" in inspect.signature(one).parameters]
    assert len(long) > 8
    assert [one.__name__ for one in long if not hasattr(one, "__wrapped__")] == []


RETIRED = {"errand", "errands", "hope", "luck", "nobody", "remembered", "told"}
"""Words that docs/nomenclature.md replaces by the trade's own."""


def test_public_names_use_the_words_of_the_nomenclature() -> None:
    used = []
    for name in NAMES:
        value = getattr(lupex, name)
        inner = list(inspect.signature(value).parameters) if callable(value) else []
        inner += [field.name for field in dataclasses.fields(value)] if dataclasses.is_dataclass(value) else []
        for one in {name, *inner}:
            words = set(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", one).lower().split("_"))
            used += [f"{name}: {one}" for _ in words & RETIRED]
    assert used == []
