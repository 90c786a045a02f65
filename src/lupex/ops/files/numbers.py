"""Transaction numbers that survive a restart: a number that is used again makes a file vanish at the other end."""

import secrets
from pathlib import Path

from lupex.io.atomic import write_bytes

MODULUS = 2**32


class TransactionNumbers:
    """Numbers from a file, written before they are used. Where the file is lost or unreadable they begin at random."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        try:
            self._next = int(self._path.read_text(encoding="ascii")) % MODULUS
        except (OSError, ValueError):
            self._next = secrets.randbelow(MODULUS)
        self.max_bit_width = 32

    def get_and_increment(self) -> int:
        """The next number; the one after it is on the disk when this returns. Raises StoreError."""
        number = self._next
        self._next = (number + 1) % MODULUS
        write_bytes(self._path, f"{self._next}\n".encode())
        return number
