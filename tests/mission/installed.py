"""Packages with entry points, put into a folder as an installer leaves them, and Python run with them."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import lupex

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "plugin"


def install(folder: Path, package: str, version: str, groups: dict[str, dict[str, str]]) -> None:
    """The metadata of a distribution: name, version and entry points."""
    info = folder / f"{package.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n", encoding="utf-8")
    lines = [
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in rows.items()) for group, rows in groups.items()
    ]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")


def install_example(folder: Path) -> None:
    """The plug-in of the examples, installed into a folder."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shutil.copytree(EXAMPLE / "lupex_relief", folder / "lupex_relief", ignore=shutil.ignore_patterns("__pycache__"))
    install(folder, project["name"], project["version"], project["entry-points"])


def install_module(folder: Path, name: str, text: str, group: str) -> None:
    """A package of one module whose entry point is its ROW."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    install(folder, name, "0.1", {group: {"row": f"{name}:ROW"}})


def python(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Python with what is installed in a folder, lupex and the tests' own scenes."""
    path = os.pathsep.join([str(folder), str(Path(lupex.__file__).parents[1]), str(ROOT)])
    return subprocess.run(
        [sys.executable, *words],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
