"""What is published: open requirements, closed locks, and a wheel that holds its data."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from tests.contracts.source_tree import PACKAGE, ROOT

LOCKS = ("base", "bench", "bench-build", "browser", "dev")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = [Requirement(text) for text in PROJECT["dependencies"]]
EXTRAS = {name: [Requirement(text) for text in texts] for name, texts in PROJECT["optional-dependencies"].items()}

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)(?: ; (?P<marker>.+?))?(?P<hashes>(?: --hash=\S+)+)$")


def lock_text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")


def pins(name: str) -> dict[str, list[Requirement]]:
    """What a lock pins: canonical name -> one requirement per marker. Every line must be a pin with hashes."""
    found: dict[str, list[Requirement]] = {}
    for line in re.sub(r" \\\n\s+", " ", lock_text(name)).splitlines():
        match = _PIN.match(line)
        assert match, f"requirements/{name}.lock: not a pin with hashes: {line[:120]}"
        marker = f" ; {match['marker']}" if match["marker"] else ""
        pin = Requirement(f"{match['name']}=={match['version']}{marker}")
        found.setdefault(canonicalize_name(pin.name), []).append(pin)
    return found


def version_on(python: str, candidates: list[Requirement]) -> Version:
    """The one version a lock takes on Linux under this Python."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    taken = [pin for pin in candidates if pin.marker is None or pin.marker.evaluate(environment)]
    assert len(taken) == 1, f"{candidates[0].name}: {len(taken)} pins hold on Python {python}"
    return Version(next(iter(taken[0].specifier)).version)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_package_by_sha256(name: str) -> None:
    assert len(pins(name)) > 5
    assert set(re.findall(r"--hash=(\w+):", lock_text(name))) == {"sha256"}
    assert all(len(digest) == 64 for digest in re.findall(r"--hash=sha256:(\w+)", lock_text(name)))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_no_address_and_no_path(name: str) -> None:
    strange = [
        line
        for line in lock_text(name).splitlines()
        if "://" in line or "/" in line or line.startswith("-") or "@" in line or "#" in line
    ]
    assert strange == []


def test_requirements_have_a_lower_bound_and_no_cap() -> None:
    for extra, requirements in {"": RUNTIME, **EXTRAS}.items():
        for requirement in requirements:
            # A peer that is only measured beside lupex may be held at the one release that runs; users never need it.
            allowed = [{">="}, {"=="}] if extra == "bench" else [{">="}]
            assert {s.operator for s in requirement.specifier} in allowed, str(requirement)
    assert PROJECT["requires-python"] == ">=3.11"


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_the_locks_hold_what_the_package_asks_for(python: str) -> None:
    wanted = {
        "base": RUNTIME,
        "dev": [*RUNTIME, *EXTRAS["test"], *EXTRAS["docs"], *EXTRAS["fuzz"]],
        "browser": [*RUNTIME, *EXTRAS["test"], *EXTRAS["browser"]],
        "bench": [*RUNTIME, *EXTRAS["bench"]],
    }
    for lock, requirements in wanted.items():
        pinned = pins(lock)
        for requirement in requirements:
            version = version_on(python, pinned[canonicalize_name(requirement.name)])
            assert requirement.specifier.contains(version, prereleases=True), (
                f"{lock}.lock: {requirement} got {version}"
            )


def test_every_lock_agrees_with_the_base() -> None:
    # Versions, not markers: a tool of ours may need everywhere what the package needs on one platform only.
    base = {name: sorted({str(one.specifier) for one in found}) for name, found in pins("base").items()}
    for lock in ("bench", "browser", "dev"):
        other = {name: sorted({str(one.specifier) for one in found}) for name, found in pins(lock).items()}
        assert {name: other.get(name) for name in base} == base


def test_the_package_builds_offline_from_the_dev_lock() -> None:
    backend = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    assert [canonicalize_name(Requirement(r).name) for r in backend] == ["hatchling"]
    assert {"hatchling", "editables"} <= set(pins("dev"))


def test_one_version_stands_everywhere() -> None:
    import lupex

    citation = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.M)
    assert citation is not None
    assert citation[1] == lupex.__version__


def test_the_wheel_holds_code_catalogue_terrain_and_licence(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("lupex-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    owed = [p for p in PACKAGE.rglob("*") if p.suffix in {".py", ".toml", ".tif", ".typed", ".typ", ".html", ".css"}]
    assert [
        p.relative_to(ROOT / "src").as_posix() for p in owed if p.relative_to(ROOT / "src").as_posix() not in names
    ] == []
    assert sum(name.startswith("lupex/data/") and name.endswith(".tif") for name in names) >= 2
    assert sum(name.startswith("lupex/catalogue/") and name.endswith(".toml") for name in names) >= 3
    assert {"LICENSE", "NOTICE"} <= {Path(name).name for name in names}
    assert [name for name in names if "__pycache__" in name or name.endswith((".nbi", ".nbc"))] == []
