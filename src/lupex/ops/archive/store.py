"""Packets in an SQLite file: a batch is acknowledged when it is on the disk, and not before.

WAL journal, full synchronisation and one transaction for each batch: what `append` has returned from survives kill -9
and loss of power as far as the disk keeps its word. Packets keep their order of reception: two of equal time, APID and
count but different content are both kept.
"""

import math
import sqlite3
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lupex.base.errors import InputError, StoreError

VERSION = 2
_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE packets (
    id INTEGER PRIMARY KEY, reception_tai_s REAL, tai_s REAL, apid INTEGER NOT NULL, count INTEGER NOT NULL,
    name TEXT NOT NULL, digest INTEGER NOT NULL, octets BLOB NOT NULL);
CREATE INDEX packets_tai ON packets (tai_s);
"""
_COLUMNS = "id, reception_tai_s, tai_s, apid, count, name, digest, octets"
_FETCH = 2000
_UNFINISHED = "unfinished "


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A packet of the archive.

    Attributes:
        number: in order of reception, from 1; 0 before it is stored. reception_tai_s: when it came, None unknown.
        tai_s: when it was made (TAI seconds since 1958), None where it does not say. apid, count: of its header.
        name: of its definition, '' unknown. octets: all of it.
    """

    octets: bytes
    tai_s: float | None
    apid: int
    count: int
    name: str = ""
    reception_tai_s: float | None = None
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which packets are asked for; None or '' is any. Times: TAI seconds since 1958, the stop not included.

    ``after_number``: those stored later than one of that number.
    """

    start_tai_s: float | None = None
    stop_tai_s: float | None = None
    name: str = ""
    apid: int | None = None
    after_number: int | None = None


@dataclass(frozen=True)
class Report:
    """What a check of an archive found: packets, and numbers of those whose octets are not what was stored."""

    packets: int
    damaged: tuple[int, ...]
    structure: str

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.damaged and self.structure == "ok"


class Archive:
    """An archive file that is open. Use `create` or `open`, and close it (or use ``with``)."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._held = connection

    @classmethod
    def create(cls, path: str | Path) -> "Archive":
        """A new, empty archive. Raises StoreError where there is a file already or it cannot be written."""
        place = Path(path)
        if place.exists():
            raise StoreError(f"{place}: is there already", "name a new file, or ingest into this one")
        with _store_errors(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            held = _connected(place)
            with held:
                held.executescript(f"BEGIN; {_TABLES} INSERT INTO meta VALUES ('version', '{VERSION}'); COMMIT;")
        return cls(place, held)

    @classmethod
    def open(cls, path: str | Path) -> "Archive":
        """An archive that exists. Raises StoreError where it is none, damaged, or of another version."""
        place = Path(path)
        if not place.is_file():
            raise StoreError(f"{place}: no archive", "make one with 'lupex ops archive init'")
        with _store_errors(place):
            held = _connected(place)
            found = held.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()
        if found is None or found[0] != str(VERSION):
            raise StoreError(f"{place}: archive of another version", "ingest the packets into a new one")
        return cls(place, held)

    def append(self, packets: Sequence[Stored], source: str = "", total: int | None = None) -> int:
        """Store packets in one transaction; returns the number of the last. When it returns they are on the disk.

        Args:
            packets: in order of reception.
            source: digest of what they are a part of; `stored_of` then says how many of it are stored.
            total: of them so far, None with the last: then the source is forgotten.

        Raises StoreError (disk full, read-only, damaged): then none of them is stored.
        """
        words = "(reception_tai_s, tai_s, apid, count, name, digest, octets)"
        with _store_errors(self.path):
            rows = [
                (one.reception_tai_s, one.tai_s, one.apid, one.count, one.name, _digest(one), one.octets)
                for one in packets
            ]
            self._held.execute("BEGIN IMMEDIATE")
            try:
                self._held.executemany(f"INSERT INTO packets {words} VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
                if source and total is None:
                    self._held.execute("DELETE FROM meta WHERE name = ?", (_UNFINISHED + source,))
                elif source:
                    self._held.execute(
                        "INSERT OR REPLACE INTO meta VALUES (?, ?)", (_UNFINISHED + source, _noted(source, total))
                    )
                (last,) = self._held.execute("SELECT coalesce(max(id), 0) FROM packets").fetchone()
                self._held.execute("COMMIT")
            except BaseException:
                if self._held.in_transaction:
                    self._held.execute("ROLLBACK")
                raise
        return int(last)

    def stored_of(self, source: str) -> int:
        """How many packets of a source are stored whose storing was stopped; 0 for none, or all."""
        with _store_errors(self.path):
            found = self._held.execute("SELECT value FROM meta WHERE name = ?", (_UNFINISHED + source,)).fetchone()
        if found is None:
            return 0
        count = str(found[0]).partition(" ")[0]
        if not count.isdecimal() or found[0] != _noted(source, int(count)):
            raise StoreError(f"{self.path}: what it says of an unfinished input is damaged", "ingest into a new one")
        return int(count)

    def packets(self, wanted: Wanted | None = None, by_time: bool = True) -> Iterator[Stored]:
        """The packets asked for, by packet time (without time last) or in order of reception; read in blocks.

        Args:
            wanted: which; all by default. by_time: order.

        Raises StoreError at a packet that is not what was stored.
        """
        wanted = wanted or Wanted()
        where, values = ["1"], []
        conditions: tuple[tuple[str, float | int | None], ...] = (
            ("tai_s >= ?", wanted.start_tai_s), ("tai_s < ?", wanted.stop_tai_s), ("apid = ?", wanted.apid),
            ("id > ?", wanted.after_number),
        )  # fmt: skip
        for text, value in (*conditions, ("name = ?", wanted.name or None)):
            if value is not None:
                where.append(text)
                values.append(value)
        order = "tai_s IS NULL, tai_s, id" if by_time else "id"
        with _store_errors(self.path):
            cursor = self._held.execute(
                f"SELECT {_COLUMNS} FROM packets WHERE {' AND '.join(where)} ORDER BY {order}", values
            )
            while rows := cursor.fetchmany(_FETCH):
                for row in rows:
                    one = _of_row(row)
                    if one is None:
                        raise StoreError(
                            f"{self.path}: packet {row[0]} is not what was stored", "see 'lupex ops archive verify'"
                        )
                    yield one

    def __len__(self) -> int:
        return int(self._held.execute("SELECT count(*) FROM packets").fetchone()[0])

    def verify(self) -> Report:
        """Every page and every packet read and compared with its digest."""
        with _store_errors(self.path):
            structure = str(self._held.execute("PRAGMA integrity_check").fetchone()[0])
            count, damaged = 0, []
            for row in self._held.execute(f"SELECT {_COLUMNS} FROM packets"):
                count += 1
                if _of_row(row) is None:
                    damaged.append(int(row[0]))
        return Report(count, tuple(damaged), structure)

    def close(self) -> None:
        """Close the file."""
        self._held.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _of_row(row: tuple[Any, ...]) -> Stored | None:
    """The packet of a row; None where it does not agree with its digest."""
    number, reception, tai_s, apid, count, name, digest, octets = row
    one = Stored(
        number=number, reception_tai_s=reception, tai_s=tai_s, apid=apid, count=count, name=name, octets=octets
    )
    try:
        return one if _digest(one) == digest else None
    except (TypeError, AttributeError, struct.error):  # a flipped bit may change the kind of a value
        return None


def _noted(source: str, total: int | None) -> str:
    """How many packets of a source are stored, with a digest of that."""
    return f"{total} {zlib.crc32(f'{source} {total}'.encode())}"


def _digest(one: Stored) -> int:
    """CRC-32 of everything that is stored of a packet."""
    times = [math.inf if t is None else t for t in (one.reception_tai_s, one.tai_s)]
    head = struct.pack("<ddqq", *times, one.apid, one.count) + one.name.encode()
    return zlib.crc32(one.octets, zlib.crc32(head))


class _store_errors:  # noqa: N801 - reads as a sentence in a with block
    """Errors of SQLite and the system as StoreError."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, sqlite3.Error | OSError | struct.error | UnicodeDecodeError):
            raise StoreError(
                f"{self.path}: {error}", "is it an archive of lupex, and is there room on the disk?"
            ) from error


def _connected(place: Path) -> sqlite3.Connection:
    held = sqlite3.connect(place, isolation_level=None, timeout=30.0)
    held.execute("PRAGMA page_size = 16384")  # of a new file: a third fewer writes than with small pages
    held.execute("PRAGMA journal_mode = WAL")
    held.execute("PRAGMA synchronous = FULL")
    held.execute("PRAGMA wal_autocheckpoint = 2500")  # pages: fewer, longer copies into the file itself
    return held


def checked_span(start_tai_s: float | None, stop_tai_s: float | None) -> tuple[float | None, float | None]:
    """Start and stop in order. Raises InputError where the stop is not after the start."""
    if start_tai_s is not None and stop_tai_s is not None and stop_tai_s <= start_tai_s:
        raise InputError("the stop is not after the start", "swap or correct them")
    return start_tai_s, stop_tai_s
