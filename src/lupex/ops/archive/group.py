"""Group commit: batches of many senders go to the disk together, and each is told when its own is there.

One synchronisation of the disk costs milliseconds, however much it carries. While one group is on its way the next
gathers, so that groups grow with the flow, and a lone batch waits for nobody.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from lupex.base.errors import StoreError
from lupex.ops.archive.store import Archive, Stored

MOST_WAITING = 100_000
"""Packets that may wait; who brings more is held up until there is room, so that memory stays bounded."""


class GroupWriter:
    """Stores batches in an archive from a thread of its own. Close it (or use ``with``): what waits is stored first."""

    def __init__(self, path: str | Path, most_waiting: int = MOST_WAITING) -> None:
        self._most = most_waiting
        self._batches: list[tuple[Sequence[Stored], Future[int]]] = []
        self._waiting = 0
        self._ended = False
        self._changed = threading.Condition()
        self._opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._work, args=(path,), name="lupex-archive", daemon=True)
        self._thread.start()
        self._opened.result()

    def submit(self, packets: Sequence[Stored], timeout_s: float = 60.0) -> "Future[int]":
        """A promise of the number of the last of these packets, kept when all of them are on the disk.

        Args:
            packets: a batch, stored whole or not at all. timeout_s: longest wait for room.

        Raises StoreError where the disk does not keep up, or the writer is closed. The promise raises StoreError where
        the batch could not be stored.
        """
        done: Future[int] = Future()
        with self._changed:
            room = self._changed.wait_for(
                lambda: self._ended or not self._batches or self._waiting + len(packets) <= self._most, timeout_s
            )
            if self._ended:
                raise StoreError("the writer of the archive is closed", "open a new one")
            if not room:
                raise StoreError(f"{self._waiting} packets wait for the disk", "send fewer, or take a faster disk")
            self._batches.append((packets, done))
            self._waiting += len(packets)
            self._changed.notify_all()
        return done

    def close(self) -> None:
        """Store what waits, and end."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._thread.join()

    def __enter__(self) -> "GroupWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _work(self, path: str | Path) -> None:
        try:
            archive = Archive.open(path)
        except BaseException as error:  # told to whoever opens the writer
            self._opened.set_exception(error)
            return
        self._opened.set_result(None)
        with archive:
            while group := self._group():
                _store(archive, group)

    def _group(self) -> list[tuple[Sequence[Stored], "Future[int]"]]:
        """Everything that waits, as soon as something does; nothing at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._batches or self._ended)
            group, self._batches, self._waiting = self._batches, [], 0
            self._changed.notify_all()
            return group


def _store(archive: Archive, group: list[tuple[Sequence[Stored], "Future[int]"]]) -> None:
    try:
        last = archive.append([one for packets, _ in group for one in packets])
    except BaseException as error:  # each sender is told; the next group may fare better
        for _, done in group:
            done.set_exception(error)
        return
    ends = []
    for packets, _ in reversed(group):
        ends.append(last)
        last -= len(packets)
    for (_, done), end in zip(group, reversed(ends), strict=True):
        done.set_result(end)
