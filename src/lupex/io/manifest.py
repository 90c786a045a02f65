"""A list of what is finished, that a crash cannot spoil.

Every line is fsynced before it counts and carries its own CRC; a line torn by a crash is ignored, and the work it
would have noted is done again.
"""

import json
import os
import re
import threading
import zlib
from pathlib import Path
from typing import Any

from lupex.io.atomic import store_error

_LINE = re.compile(rb"([0-9a-f]{8} \{.*\}|)")


class Manifest:
    """Lines of JSON in one file, each safely on the disk when `note` returns. Threads may share one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def note(self, entry: dict[str, Any]) -> None:
        """Add a line. Raises StoreError when the disk is full or cannot be written.

        Args:
            entry: what the line says, as JSON.
        """
        text = json.dumps(entry, sort_keys=True)
        line = f"{zlib.crc32(text.encode()):08x} {text}\n"
        try:
            with self._lock, open(self.path, "ab+") as stream:
                size = stream.seek(0, os.SEEK_END)
                if size:  # a torn last line must not swallow this one
                    stream.seek(size - 1)
                    line = line if stream.read(1) == b"\n" else "\n" + line
                stream.write(line.encode())
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise store_error(self.path, error) from error

    def is_one(self) -> bool:
        """Whether the file holds nothing but lines of a manifest, the last one perhaps torn."""
        try:
            lines = self.path.read_bytes().split(b"\n")
        except OSError:
            return False
        return all(_LINE.fullmatch(line) for line in lines[:-1])

    def entries(self) -> list[dict[str, Any]]:
        """The whole lines, oldest first; none when there is no file yet."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return []
        found = []
        for line in content.splitlines():
            crc, _, text = line.decode(errors="replace").partition(" ")
            if crc != f"{zlib.crc32(text.encode()):08x}":
                continue
            try:
                entry = json.loads(text)
            except ValueError:  # its CRC is right (that of nothing is 00000000), yet it is no entry of ours
                continue
            if isinstance(entry, dict):
                found.append(entry)
        return found
