"""The built page: no older than its sources, and in the wheel."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "src" / "lupex" / "web" / "page"
FRONTEND = ROOT / "frontend"


def test_the_page_was_built_from_these_sources() -> None:
    names = [f"src/{path.name}" for path in (FRONTEND / "src").iterdir()]
    names += ["static/index.html", "package.json", "package-lock.json", "build.mjs", "tsconfig.json"]
    digest = hashlib.sha256()
    for name in sorted(names):
        digest.update(f"{name}\0".encode() + (FRONTEND / name).read_bytes())
    assert (PAGE / "sources.sha256").read_text(encoding="utf-8").strip() == digest.hexdigest()


def test_the_wheel_holds_the_page_and_the_page_names_no_other_host(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("lupex-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"lupex/web/page/{name}" for name in ("index.html", "main.js", "main.css", "sources.sha256")} <= names
    assert "//" not in (PAGE / "index.html").read_text(encoding="utf-8").replace("<!--", "")


def test_the_lock_of_npm_holds_no_address() -> None:
    assert '"resolved"' not in (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
