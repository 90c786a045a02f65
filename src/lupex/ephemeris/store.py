"""A cache of arrays: under a name that is the hash of everything they depend on."""

import logging
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.cache import cache_dir, replacing
from lupex.base.digest import array_sha256, settings_sha256

Arrays = dict[str, NDArray[np.float64]]

VERSION = 2
"""Raised whenever the way the arrays are computed changes."""

DIGEST = "sha256"

_log = logging.getLogger(__name__)


def stored(
    key: Mapping[str, Any],
    shapes: Mapping[str, tuple[int, ...]],
    compute: Callable[[], Arrays],
    folder: Path | None = None,
) -> Arrays:
    """The arrays kept under ``key``, or those of ``compute``, which are then kept.

    A file that is damaged (its digest is inside), of other shapes or not finite counts as missing. A folder that
    cannot be written is reported to the log and otherwise ignored.

    Args:
        key: anything JSON can hold; all the result depends on.
        shapes: name -> shape that every array must have.
        compute: makes the arrays, float64.
        folder: the cache; by default the user's.
    """
    name = settings_sha256({"version": VERSION, **key})
    path = (folder or cache_dir()) / f"sky-{name[:32]}.npz"
    kept = _read(path, shapes)
    if kept is not None:
        return kept
    arrays = compute()
    try:
        with replacing(path) as stream:
            np.savez(stream, allow_pickle=False, **arrays, **{DIGEST: _digest(arrays)})
    except OSError as error:
        _log.warning("sky table not cached: %s", error)
    return arrays


def _read(path: Path, shapes: Mapping[str, tuple[int, ...]]) -> Arrays | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in shapes}
            digest = file[DIGEST]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        _log.warning("cached sky table is damaged and computed again: %s: %s", path, error)
        return None
    sound = all(
        a.shape == shapes[name] and a.dtype == np.float64 and np.all(np.isfinite(a)) for name, a in arrays.items()
    )
    if sound and np.array_equal(digest, _digest(arrays)):
        return arrays
    _log.warning("cached sky table is damaged and computed again: %s", path)
    return None


def _digest(arrays: Arrays) -> NDArray[np.uint8]:
    """SHA-256 of the arrays under their names, as bytes."""
    text = settings_sha256({name: array_sha256(values) for name, values in sorted(arrays.items())})
    return np.frombuffer(bytes.fromhex(text), np.uint8)
