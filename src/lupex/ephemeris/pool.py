"""SPICE contained: one lock, one block, and the kernel pool afterwards as it was before."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import spiceypy as spice
from spiceypy.utils.exceptions import SpiceyError

from lupex.base.errors import LupexError
from lupex.ephemeris.files import sky_kernels

_SPICE = threading.RLock()
"""SPICE keeps one pool per process and answers wrongly, without an error, when threads share it."""


@contextmanager
def kernels(paths: Sequence[Path] | None = None) -> Iterator[tuple[Path, ...]]:
    """Furnish kernel files for the length of a ``with`` block; yields their paths.

    Ours are loaded on top of whatever the caller has loaded and unloaded again whatever
    happens; variables the caller put into the pool by hand, which SPICE forgets when a text
    kernel is unloaded, are put back. One thread at a time; blocks may be nested.

    Args:
        paths: kernels in order of rising precedence; by default `sky_kernels`.

    Raises:
        LupexError: SPICE refused a file or a computation inside the block.
    """
    chosen = tuple(sky_kernels() if paths is None else paths)
    with _SPICE:
        before = _pool_variables()
        loaded: list[str] = []
        try:
            for path in chosen:
                spice.furnsh(str(path))
                loaded.append(str(path))
            yield chosen
        except SpiceyError as error:
            raise LupexError(f"ephemeris: SPICE says {_one_line(error)}") from error
        finally:
            for name in reversed(loaded):
                spice.unload(name)
            _put_back(before)


Variables = dict[str, tuple[str, list[float] | list[str]]]


def _pool_variables() -> Variables:
    return {name: _variable(name) for name in _pool_names()}


def _pool_names(room: int = 2000) -> list[str]:
    names: list[str] = []
    while True:
        try:
            got = spice.gnpool("*", len(names), room)
        except spice.NotFoundError:
            return names
        names += got
        if len(got) < room:
            return names


def _variable(name: str) -> tuple[str, list[float] | list[str]]:
    size, kind = spice.dtpool(name)
    if kind == "N":
        return kind, [float(value) for value in spice.gdpool(name, 0, size)]
    return kind, [str(value) for value in spice.gcpool(name, 0, size)]


def _put_back(before: Variables) -> None:
    if not before:
        return
    after = _pool_variables()
    for name, (kind, values) in before.items():
        if after.get(name) != (kind, values):
            (spice.pdpool if kind == "N" else spice.pcpool)(name, values)


def _one_line(error: SpiceyError) -> str:
    short, long = getattr(error, "short", ""), getattr(error, "long", "")
    return " ".join(f"{short} {long or error}".split())
