"""SHA-256 of files and arrays: what results are traced and caches are keyed by."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np


def file_sha256(path: Path) -> str:
    """Hex SHA-256 of a file's bytes, read in 1 MiB blocks."""
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def array_sha256(array: np.ndarray) -> str:
    """Hex SHA-256 of an array's type, shape and little-endian C-order bytes."""
    a = np.ascontiguousarray(array)
    digest = hashlib.sha256(f"{a.dtype.newbyteorder('<').str}{a.shape}".encode())
    digest.update(a.astype(a.dtype.newbyteorder("<"), copy=False).tobytes())
    return digest.hexdigest()


def settings_sha256(settings: Any) -> str:
    """Hex SHA-256 of anything JSON can hold, keys sorted; other values by their ``repr``."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True, default=repr).encode()).hexdigest()
