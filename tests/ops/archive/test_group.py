"""Group commit: what is acknowledged is on the disk, each batch whole, whoever brought it."""

import threading
from pathlib import Path

import pytest

from lupex.base.errors import StoreError
from lupex.ops.archive.group import GroupWriter
from lupex.ops.archive.store import Archive, Stored


def batch(sender: int, number: int, size: int = 7) -> list[Stored]:
    octets = [bytes([sender, number, k]) * 9 for k in range(size)]
    return [Stored(octets=one, tai_s=float(number), apid=sender, count=number) for one in octets]


def test_batches_of_many_senders_are_whole_and_numbered_as_promised(tmp_path: Path) -> None:
    Archive.create(tmp_path / "a").close()
    promised: dict[tuple[int, int], int] = {}

    def send(sender: int) -> None:
        for number in range(30):
            promised[sender, number] = writer.submit(batch(sender, number)).result(30)

    with GroupWriter(tmp_path / "a") as writer:
        threads = [threading.Thread(target=send, args=(sender,)) for sender in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    with Archive.open(tmp_path / "a") as archive:
        held = list(archive.packets(by_time=False))
    assert len(held) == 4 * 30 * 7
    for (sender, number), last in promised.items():
        assert [one.octets for one in held[last - 7 : last]] == [one.octets for one in batch(sender, number)]


def test_an_acknowledged_batch_is_seen_by_another_reader_at_once(tmp_path: Path) -> None:
    Archive.create(tmp_path / "a").close()
    with GroupWriter(tmp_path / "a") as writer, Archive.open(tmp_path / "a") as reader:
        assert writer.submit(batch(1, 1)).result(30) == 7
        assert len(reader) == 7


def test_closing_stores_what_waits_and_refuses_what_comes_later(tmp_path: Path) -> None:
    Archive.create(tmp_path / "a").close()
    writer = GroupWriter(tmp_path / "a")
    promises = [writer.submit(batch(1, number)) for number in range(50)]
    writer.close()
    assert [one.result(0) for one in promises] == [7 * (k + 1) for k in range(50)]
    with pytest.raises(StoreError, match="closed"):
        writer.submit(batch(1, 51))


def test_a_sender_faster_than_the_disk_is_held_up_and_then_told(tmp_path: Path) -> None:
    Archive.create(tmp_path / "a").close()
    with Archive.open(tmp_path / "a") as blocker, GroupWriter(tmp_path / "a", most_waiting=10) as writer:
        blocker._held.execute("BEGIN IMMEDIATE")  # the disk is busy with somebody else
        first = writer.submit(batch(1, 1))
        writer.submit(batch(1, 2))
        with pytest.raises(StoreError, match="wait for the disk"):
            writer.submit(batch(1, 3), timeout_s=0.1)
        blocker._held.execute("ROLLBACK")
        assert first.result(30) == 7


def test_a_batch_that_cannot_be_stored_is_told_and_the_next_one_is_stored(tmp_path: Path) -> None:
    Archive.create(tmp_path / "a").close()
    with GroupWriter(tmp_path / "a") as writer:
        wrong = [Stored(octets=b"x", tai_s=0.0, apid=1, count=None)]  # type: ignore[arg-type]
        with pytest.raises(StoreError, match="not an integer"):
            writer.submit(wrong).result(30)
        assert writer.submit(batch(1, 1)).result(30) == 7
    with pytest.raises(StoreError, match="no archive"):
        GroupWriter(tmp_path / "missing")
