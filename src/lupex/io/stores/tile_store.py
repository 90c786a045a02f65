"""A folder of tiles, written by many processes, killed and resumed at will.

``job.json`` holds what the tiles are computed from and its digest; ``manifest.jsonl`` lists the tiles that are
safely on the disk. A worker writes its tile into a file of its own; the one driver notes it. Everything that can be
asked of a tile file (whole? of this job?) is answered by the manifest's CRC.
"""

import functools
import io
import json
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.cache import clear_stale, partial_path, remove_partial
from lupex.base.digest import settings_sha256
from lupex.base.errors import InputError, StoreError
from lupex.base.gate import file_json
from lupex.io.atomic import store_error, sync_file, sync_folder, write_bytes
from lupex.io.manifest import Manifest
from lupex.io.stores.removal import remove_own
from lupex.io.tables import json_text, plain

_JOB = "job.json"
_FORMAT = "lupex tiles 1"


@dataclass(frozen=True)
class TileStore:
    """Arrays by name in one folder; small and picklable, so that workers can carry it."""

    folder: Path

    @classmethod
    def create(cls, folder: str | Path, inputs: dict[str, Any], fresh: bool = False) -> "TileStore":
        """A store for these inputs; one that is there for equal inputs is resumed.

        Args:
            inputs: what decides the content of the tiles; anything JSON can hold.
            fresh: throw away the tiles that are there.

        Raises:
            StoreError: the folder holds something else, or the tiles of other inputs (naming what differs).
        """
        place = Path(folder)
        if fresh and place.is_dir():
            remove_own(place, _is_own)
        wanted = json.loads(json_text(plain(inputs)))
        if place.exists() and (not place.is_dir() or any(place.iterdir())):
            _check_same(place, wanted)
        else:
            job = {"format": _FORMAT, "sha256": settings_sha256(wanted), "inputs": wanted}
            write_bytes(place / _JOB, json_text(job).encode())
        return cls(place)

    @property
    def manifest(self) -> Manifest:
        """Where finished tiles are noted."""
        return Manifest(self.folder / "manifest.jsonl")

    def write(self, name: str, array: NDArray[Any]) -> dict[str, Any]:
        """Put an array safely on the disk; returns what the manifest keeps of it: its CRC and size.

        Raises StoreError when the disk is full or cannot be written.
        """
        buffer = io.BytesIO()
        np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
        content = buffer.getvalue()
        write_bytes(self.path(name), content)
        return {"crc32": f"{zlib.crc32(content):08x}", "bytes": len(content)}

    def is_there(self, name: str, entry: dict[str, Any]) -> bool:
        """Whether the file of a noted tile is there in its full size (cheap; `read` looks at every byte)."""
        try:
            return self.path(name).stat().st_size == entry["bytes"]
        except OSError:
            return False

    def read(self, name: str, entry: dict[str, Any] | None = None) -> NDArray[Any]:
        """An array, checked against its manifest entry when given.

        Args:
            name: of the array.
            entry: what `write` or `seal` returned for it, as the manifest keeps it.

        Raises StoreError when it is missing, or damaged: then it is removed, so that the next run makes it anew.
        """
        path = self.path(name)
        try:
            content = path.read_bytes()
            if entry is not None and f"{zlib.crc32(content):08x}" != entry["crc32"]:
                path.unlink()
                raise StoreError(f"{path}: is damaged and was removed", "run the same command again to make it anew")
            return np.load(io.BytesIO(content), allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise StoreError(f"{path}: cannot be read ({type(error).__name__})", "start afresh") from error

    def noted(self, name: str) -> dict[str, Any] | None:
        """What the manifest keeps of an array, the newest entry; None when it is not noted."""
        return {entry["tile"]: entry for entry in self.manifest.entries()}.get(name)

    def is_whole(self, name: str, entry: dict[str, Any]) -> bool:
        """Whether the file of a noted array has the bytes that were noted; reads it in pieces, never all at once."""
        try:
            return file_crc(self.path(name)) == (entry["crc32"], entry["bytes"])
        except (OSError, KeyError):
            return False

    def mapped(self, name: str, entry: dict[str, Any] | None = None) -> NDArray[Any]:
        """An array on the disk, read only where it is looked at.

        Args:
            name: of the array.
            entry: its manifest entry; every byte is checked against it first, once by each process.

        Raises StoreError when it is missing or damaged; a damaged one is removed.
        """
        path = self.path(name)
        try:
            if entry is not None and _crc_once(path, path.stat().st_mtime_ns) != (entry["crc32"], entry["bytes"]):
                path.unlink()
                raise StoreError(f"{path}: is damaged and was removed", "run the same command again to make it anew")
            return np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise StoreError(f"{path}: cannot be read ({type(error).__name__})", "start afresh") from error

    def allocate(self, name: str, shape: tuple[int, ...]) -> "np.memmap[Any, np.dtype[np.float32]]":
        """A float32 array on the disk to be filled piece by piece by one writer, NaN where it never is.

        It gets its name with `seal`. Raises StoreError when the disk is full or cannot be written.
        """
        path = self._unsealed(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            array = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
        except OSError as error:
            raise store_error(path, error) from error
        array[...] = np.nan
        return array

    def seal(self, name: str, array: "np.memmap[Any, np.dtype[np.float32]]") -> dict[str, Any]:
        """Put an array of `allocate` safely on the disk, under its name; returns what the manifest keeps of it.

        Raises StoreError when the disk refuses.
        """
        try:
            array.flush()
            sync_file(self._unsealed(name))
            crc, size = file_crc(self._unsealed(name))
            os.replace(self._unsealed(name), self.path(name))
            sync_folder(self.path(name).parent)
        except OSError as error:
            raise store_error(self.path(name), error) from error
        return {"crc32": crc, "bytes": size}

    def discard(self, name: str) -> None:
        """Remove an array of `allocate` that was not sealed."""
        remove_partial(self._unsealed(name))

    def _unsealed(self, name: str) -> Path:
        return partial_path(self.path(name), token="0")

    def tidy(self) -> None:
        """Remove what killed processes of this machine left half-written; what others are writing stays."""
        for folder in (self.folder, *(path for path in self.folder.rglob("*") if path.is_dir())):
            clear_stale(folder, again=True)

    def path(self, name: str) -> Path:
        """Where an array lies."""
        return self.folder / f"{name}.npy"

    def remove(self) -> None:
        """Delete what the store made; anything else in the folder stays."""
        remove_own(self.folder, _is_own, tolerant=True)


def file_crc(path: Path) -> tuple[str, int]:
    """CRC-32 (hex) and size (bytes) of a file, read in pieces."""
    crc = size = 0
    with open(path, "rb") as stream:
        while block := stream.read(1 << 20):
            crc, size = zlib.crc32(block, crc), size + len(block)
    return f"{crc:08x}", size


@functools.lru_cache(maxsize=64)
def _crc_once(path: Path, changed_ns: int) -> tuple[str, int]:
    return file_crc(path)


def _is_own(name: str, path: Path) -> bool:
    """Whether a file of the folder is one a store of tiles writes, by its name and its first bytes."""
    if name == _JOB:
        return _own_job(path)
    if name == "manifest.jsonl":
        return Manifest(path).is_one()
    if path.name.startswith(".partial-") and path.name.endswith((".npy", f"-{_JOB}")):
        return True
    with open(path, "rb") as stream:
        return path.suffix == ".npy" and name.count("/") <= 2 and stream.read(6) == b"\x93NUMPY"


def _own_job(path: Path) -> bool:
    try:
        return str(file_json(path)["format"]).startswith("lupex tiles ")
    except (InputError, KeyError, TypeError):
        return False


def _check_same(place: Path, wanted: dict[str, Any]) -> None:
    try:
        job = file_json(place / _JOB)
        found, digest, form = job["inputs"], job["sha256"], job["format"]
    except (InputError, KeyError, TypeError) as error:
        raise StoreError(f"{place}: holds something other than tiles", "choose another folder") from error
    if form != _FORMAT or digest != settings_sha256(found):
        raise StoreError(
            f"{place}: damaged, or of another version ('{form}')", "start afresh, or choose another folder"
        )
    if found != wanted:
        raise StoreError(
            f"{place}: unfinished tiles of other inputs ({'; '.join(_differences(found, wanted))})",
            "start afresh (--fresh), or choose another folder",
        )


def _differences(old: Any, new: Any, name: str = "") -> list[str]:
    """What differs between two JSON values, key by key: 'name was 1, is 2'."""
    if isinstance(old, dict) and isinstance(new, dict):
        found = []
        for key in sorted(old.keys() | new.keys()):
            inner = f"{name}.{key}" if name else str(key)
            if old.get(key) != new.get(key):
                found += _differences(old.get(key), new.get(key), inner)
        return found
    return [f"{name} was {_short(old)}, is {_short(new)}"]


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:18]}...{text[-8:]}"
