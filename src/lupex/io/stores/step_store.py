"""Finished steps of long work on the disk: frozen values that are read back equal, without running foreign code.

A step is one file: its arrays as numpy writes them and a tree of JSON that says how they, texts and numbers make up
values of known classes. Nothing is pickled, and only classes that are named beforehand are made. A step counts once the
manifest beside it holds its key and SHA-256; whatever does not agree is as if it were not there.
"""

import contextlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np

from lupex.base.digest import file_sha256
from lupex.base.errors import LupexError, StoreError
from lupex.io.atomic import atomic_path
from lupex.io.manifest import Manifest
from lupex.io.stores.removal import remove_own

MANIFEST = "steps.jsonl"
SUFFIX = ".step"


class UnkeptError(TypeError):
    """A value holds something that a step file cannot: an object of no dataclass, or an array of objects."""


@dataclass(frozen=True)
class StepStore:
    """Values by name in one folder, all of one key: the digest of everything they were computed from.

    Attributes:
        folder: made with the first step. key: steps noted with another one are removed by `opened`.
        kinds: classes whose values may be read, by name; see `classes_in`.
    """

    folder: Path
    key: str
    kinds: Mapping[str, type[Any]]

    def opened(self) -> "StepStore":
        """This, with a folder of another key emptied. Raises StoreError for a folder that holds other files."""
        if self.folder.exists() and not self.folder.is_dir():
            raise StoreError(f"{self.folder}: a file stands where steps are kept", "move it away")
        entries = self._manifest.entries()
        if self.folder.is_dir() and (not entries or any(entry.get("key") != self.key for entry in entries)):
            remove_own(self.folder, _is_own)
        return self

    def finished(self) -> tuple[str, ...]:
        """Names of the steps that were kept, oldest first; their files are looked at by `read`."""
        return tuple(dict.fromkeys(entry["step"] for entry in self._entries()))

    def read(self, step: str, known: Mapping[str, object]) -> Any:
        """The value of a step. Raises KeyError when it was not kept, is damaged or names something not in ``known``.

        Args:
            step: its name.
            known: values that were left out of the file, by the name they had when it was written.
        """
        path = self.path(step)
        try:
            noted = {entry["step"]: entry.get("sha256") for entry in self._entries()}
            if file_sha256(path) != noted[step]:
                raise KeyError(step)
            with np.load(path, allow_pickle=False) as content:
                tree = json.loads(bytes(content["tree"]).decode())
                return _Decoder(content, self.kinds, known).value(tree)
        except (OSError, ValueError, TypeError, EOFError, zipfile.BadZipFile, LupexError) as error:
            raise KeyError(step) from error

    def write(self, step: str, value: object, known: Mapping[str, object]) -> None:
        """Put the value of a step safely on the disk.

        Args:
            step: its name.
            value: dataclasses, arrays, tuples, lists, dictionaries, texts and numbers.
            known: values it may refer to that are not written, such as inputs at hand when it is read.

        Raises UnkeptError for a value of another kind, StoreError when the disk refuses.
        """
        encoder = _Encoder(self.kinds, known)
        tree = json.dumps(encoder.tree(value)).encode()
        path = self.path(step)
        with atomic_path(path) as partial, open(partial, "wb") as stream:
            np.savez(stream, tree=np.frombuffer(tree, np.uint8), **encoder.arrays)
        self._manifest.note({"step": step, "key": self.key, "sha256": file_sha256(path)})

    def path(self, step: str) -> Path:
        """Where a step lies."""
        return self.folder / f"{step.replace(' ', '-')}{SUFFIX}"

    def remove(self) -> None:
        """Delete every step and the folder, where nothing else is in it; what the disk refuses to give up stays."""
        with contextlib.suppress(StoreError):
            remove_own(self.folder, _is_own, tolerant=True)

    @property
    def _manifest(self) -> Manifest:
        return Manifest(self.folder / MANIFEST)

    def _entries(self) -> list[dict[str, Any]]:
        return [entry for entry in self._manifest.entries() if entry.get("key") == self.key and "step" in entry]


def classes_in(roots: Iterable[type[Any]]) -> dict[str, type[Any]]:
    """Every dataclass by its name that values of some dataclasses may hold, as their annotations say."""
    found: dict[str, type[Any]] = {}
    ahead: list[Any] = list(roots)
    while ahead:
        kind = ahead.pop()
        ahead += get_args(kind)
        if not (isinstance(kind, type) and is_dataclass(kind)) or name_of(kind) in found:
            continue
        found[name_of(kind)] = kind
        ahead += get_type_hints(kind).values()
    return found


def name_of(kind: type[Any]) -> str:
    """Name of a class with its module: an antenna and a place to drill are both a Station."""
    return f"{kind.__module__}.{kind.__qualname__}"


class _Encoder:
    """Values as JSON; arrays beside it. What is met twice is written once."""

    def __init__(self, kinds: Mapping[str, type[Any]], known: Mapping[str, object]) -> None:
        self.arrays: dict[str, Any] = {}
        self._kinds = kinds
        self._known = {id(value): name for name, value in known.items()}
        self._made: dict[int, int] = {}
        self._named: dict[int, str] = {}
        self._held: list[object] = []  # as long as it is looked up, an address must not be used again

    def tree(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | str) or type(value) in (int, float):
            return value
        if id(value) in self._known:
            return {"known": self._known[id(value)]}
        if isinstance(value, np.ndarray | np.generic):
            return {"scalar" if isinstance(value, np.generic) else "array": self._array(value)}
        if type(value) in (tuple, list):
            return {type(value).__name__: [self.tree(one) for one in value]}
        if type(value) is dict:
            return {"dict": [[self.tree(key), self.tree(one)] for key, one in value.items()]}
        return self._object(value)

    def _object(self, value: Any) -> Any:
        kind = type(value)
        if self._kinds.get(name_of(kind)) is not kind:
            raise UnkeptError(name_of(kind))
        if id(value) in self._made:
            return {"again": self._made[id(value)]}
        body = {spec.name: self.tree(getattr(value, spec.name)) for spec in fields(kind) if spec.init}
        self._made[id(value)] = len(self._made)
        self._held.append(value)
        return {"class": name_of(kind), "fields": body}

    def _array(self, value: Any) -> str:
        if value.dtype.hasobject:
            raise UnkeptError("an array of objects")
        if id(value) not in self._named:
            name = self._named[id(value)] = f"a{len(self.arrays)}"
            self.arrays[name] = value
            self._held.append(value)
        return self._named[id(value)]


class _Decoder:
    """What `_Encoder` wrote, made again. Raises ValueError, TypeError or KeyError for anything else."""

    def __init__(self, arrays: Any, kinds: Mapping[str, type[Any]], known: Mapping[str, object]) -> None:
        self._arrays, self._kinds, self._known = arrays, kinds, known
        self._made: list[Any] = []
        self._loaded: dict[str, Any] = {}

    def value(self, tree: Any) -> Any:
        if not isinstance(tree, dict):
            return tree
        if "class" in tree:
            body = {name: self.value(one) for name, one in tree["fields"].items()}
            self._made.append(self._kinds[tree["class"]](**body))
            return self._made[-1]
        ((word, content),) = tree.items()
        if word == "known":
            return self._known[content]
        if word == "again":
            return self._made[content]
        if word == "array":
            return self._array(content)
        if word == "scalar":
            return self._array(content)[()]
        if word == "dict":
            return {self.value(key): self.value(one) for key, one in content}
        values = (self.value(one) for one in content)
        return tuple(values) if word == "tuple" else list(values)

    def _array(self, name: str) -> Any:
        if name not in self._loaded:
            self._loaded[name] = self._arrays[name]
        return self._loaded[name]


def _is_own(name: str, path: Path) -> bool:
    """Whether a file is one that a store of steps writes, by its name and its first bytes."""
    if name == MANIFEST:
        return Manifest(path).is_one()
    if "/" in name or not name.endswith(SUFFIX):
        return False
    with contextlib.suppress(OSError), open(path, "rb") as stream:
        return name.startswith(".partial-") or stream.read(2) == b"PK"
    return False
