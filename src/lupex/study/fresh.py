"""Has anything changed? A study whose inputs, code and outputs are as recorded need not run again."""

import hashlib
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from lupex.base.digest import file_sha256, settings_sha256
from lupex.base.errors import InputError
from lupex.base.gate import file_json
from lupex.ephemeris import earth_orientation_kernels, kernel_digests, sky_kernels
from lupex.io import dem_files, write_json
from lupex.io.tables import plain
from lupex.mission import Mission
from lupex.mission.paths import dems_named, files_named
from lupex.study.contacts.antenna_files import antenna_files

RECORD = "run.json"
PACKAGES = ("numpy", "scipy", "numba", "rasterio", "pyproj", "pyogrio", "shapely", "spiceypy", "matplotlib", "typst")


def study_key(mission: Mission) -> str:
    """Digest of all that decides a study's results: settings, input files, kernels, code and packages."""
    from lupex.mission import mission_dict

    settings = {k: v for k, v in mission_dict(mission).items() if k not in ("path", "given", "text_sha256")}
    used = kernel_digests(sky_kernels() + earth_orientation_kernels())
    return settings_sha256([settings, _input_digests(mission), used, code_sha256(), package_versions()])


def record_run(folder: Path, key: str, written: list[Path], summary: dict[str, Any]) -> None:
    """Note what a run wrote, last of all: the key, the digest of every file, and the summary."""
    digests = {str(path.relative_to(folder)): file_sha256(path) for path in sorted(written)}
    record = plain({"key": key, "files": digests, "summary": summary})
    write_json(folder / RECORD, {**record, "sha256": _record_sha256(record)})


def is_up_to_date(folder: Path, key: str) -> bool:
    """Whether ``folder`` holds, undamaged, the outputs of a run with this key."""
    record = _record(folder)
    if record is None or record["key"] != key or not record["files"]:
        return False
    try:
        return all((folder / n).is_file() and file_sha256(folder / n) == d for n, d in record["files"].items())
    except (OSError, ValueError):  # a file that cannot be read is not the one that was written
        return False


def recorded_summary(folder: Path) -> dict[str, Any]:
    """The summary of the recorded run; empty when there is none."""
    record = _record(folder)
    return {} if record is None else dict(record["summary"])


def code_sha256() -> str:
    """Digest of the package's own sources, templates and data."""
    digest = hashlib.sha256()
    root = Path(str(files("lupex")))
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        # The built page is no source: whether it was built changes no study.
        if path.is_file() and "__pycache__" not in path.parts and name.parts[:2] != ("web", "page"):
            digest.update(str(name).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def package_versions() -> dict[str, str]:
    """Versions of the packages that compute and draw."""
    return {name: version(name) for name in PACKAGES}


def _record(folder: Path) -> dict[str, Any] | None:
    """The record of a run; None when there is none, when it is damaged, or names files outside the folder."""
    try:
        record = file_json(folder / RECORD)
    except InputError:
        return None
    if not isinstance(record, dict) or record.get("sha256") != _record_sha256(record):
        return None
    files, kinds = record.get("files"), {"key": str, "files": dict, "summary": dict}
    if not isinstance(files, dict) or not all(isinstance(record.get(name), kind) for name, kind in kinds.items()):
        return None
    inside = all(not Path(name).is_absolute() and ".." not in Path(name).parts for name in files)
    return record if inside and all(isinstance(digest, str) for digest in files.values()) else None


def _record_sha256(record: dict[str, Any]) -> str:
    """Digest of a record without its own."""
    return settings_sha256({name: value for name, value in record.items() if name != "sha256"})


def _input_digests(mission: Mission) -> list[str]:
    """Digests of every file that is read: maps with their labels and images, layers, antennas with those like them."""
    maps = [*dems_named(mission), *(path for table, _, path in files_named(mission) if table == "ranking")]
    paths = [part for path in maps for part in dem_files(path)]
    others = (path for table, _, path in files_named(mission) if table in ("layer", "terrain") and path not in maps)
    paths += [one for path in others for one in (sorted(path.glob("*.tif")) if path.is_dir() else [path])]
    return [file_sha256(path) for path in (*paths, *antenna_files(mission)) if path.is_file()]
