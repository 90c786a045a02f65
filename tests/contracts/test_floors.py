"""Imports point down only. The floors stand in pyproject.toml; here they are checked, and the check is checked."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.contracts.source_tree import PACKAGE, ROOT, modules, parsed, shown


def lint(source: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the import contracts of this repository on the package found in ``source``."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from importlinter.cli import lint_imports; "
            "sys.exit(lint_imports(config_filename=sys.argv[1], no_cache=True))",
            str(ROOT / "pyproject.toml"),
        ],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )


def copy_with(tmp_path: Path, module: str, text: str) -> Path:
    """A copy of the package with one more module; returns the folder to import it from."""
    copy = tmp_path / "lupex"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.tif"))
    (copy / module).parent.mkdir(parents=True, exist_ok=True)
    (copy / module).write_text(text)
    return tmp_path


def test_imports_point_down_only() -> None:
    result = lint(ROOT / "src", ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


def test_an_import_that_points_up_is_found(tmp_path: Path) -> None:
    result = lint(copy_with(tmp_path, "base/upward.py", "import lupex.study\n"), tmp_path)
    assert result.returncode != 0
    assert "lupex.base is not allowed to import lupex.study" in " ".join(result.stdout.split())


def test_an_import_between_rooms_of_one_floor_is_found(tmp_path: Path) -> None:
    result = lint(copy_with(tmp_path, "io/sideways.py", "import lupex.ephemeris\n"), tmp_path)
    assert result.returncode != 0
    assert "lupex.io is not allowed to import lupex.ephemeris" in " ".join(result.stdout.split())


def test_a_room_without_a_floor_is_found(tmp_path: Path) -> None:
    result = lint(copy_with(tmp_path, "attic/__init__.py", ""), tmp_path)
    assert result.returncode != 0
    assert "lupex.attic" in result.stdout + result.stderr


def test_spice_outside_its_room_is_found(tmp_path: Path) -> None:
    result = lint(copy_with(tmp_path, "terrain/stray.py", "def stray():\n    import spiceypy\n"), tmp_path)
    assert result.returncode != 0
    assert "SPICE only in ephemeris BROKEN" in result.stdout


def test_kernels_import_only_numpy_and_math() -> None:
    """All but the module that compiles them, and the one that names an instruction of the processor: so flags stand in
    one place, and no kernel has a cache of its own."""
    strangers = []
    for path in modules():
        if "kernels" not in path.relative_to(PACKAGE).parts[:1] or path.name in ("compiled.py", "fused.py"):
            continue
        for node in ast.walk(parsed(path)):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or "" if node.level == 0 else "lupex.kernels"]
            for name in names:
                if name.split(".")[0] not in {"numpy", "math"} and not name.startswith("lupex.kernels"):
                    strangers.append(f"{shown(path)}:{node.lineno} imports {name}")
    assert strangers == []
