"""What the contracts look at: the modules of the package and the files of the checkout."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "lupex"

_NOT_OURS = {".git", ".hypothesis", ".idea", ".vscode", "__pycache__", "build", "dist", "out"}


def modules() -> list[Path]:
    """Every Python module of the package, sorted."""
    found = sorted(p for p in PACKAGE.rglob("*.py") if "__pycache__" not in p.parts)
    assert found, f"no modules under {PACKAGE}"
    return found


def rooms() -> list[str]:
    """The names of the package's rooms: the folders that hold Python."""
    return sorted(p.parent.name for p in PACKAGE.glob("*/__init__.py"))


def parsed(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def shown(path: Path) -> str:
    """A path as it reads in a message: from the root of the checkout."""
    return path.relative_to(ROOT).as_posix()


def text_files() -> Iterator[tuple[Path, str]]:
    """Every text file that is, or with the next commit could be, in the repository."""
    for path in _files():
        try:
            yield path, path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue


def _files() -> list[Path]:
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        listed = subprocess.run(
            [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode()
        return sorted(ROOT / name for name in listed.split("\0") if name)
    return sorted(p for p in ROOT.rglob("*") if p.is_file() and not _left_out(p.relative_to(ROOT)))


def _left_out(path: Path) -> bool:
    return any(part in _NOT_OURS or part.startswith(".venv") or part.endswith("_cache") for part in path.parts)
