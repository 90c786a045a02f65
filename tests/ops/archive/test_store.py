"""The archive: nothing acknowledged is lost, whatever happens to the process or the disk."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.command import environment

from lupex.base.errors import StoreError
from lupex.ops.archive.store import Archive, Stored, Wanted

ROUNDS = int(os.environ.get("LUPEX_KILL_ROUNDS", "20"))
"""The benchmark has 100."""

WRITER = """
import sys
from lupex.ops.archive.store import Archive, Stored
archive = Archive.open(sys.argv[1])
base, batch = int(sys.argv[2]), int(sys.argv[3])
while True:
    last = archive.append([
        Stored(octets=(base + k).to_bytes(8, "big") * 16, tai_s=float(base + k), apid=100, count=(base + k) % 16384)
        for k in range(batch)])
    base += batch
    sys.stdout.write(f"{base}\\n")
    sys.stdout.flush()
"""


def packet(k: int, **more: object) -> Stored:
    return Stored(**{"octets": bytes([k % 256] * 20), "tai_s": float(k), "apid": 100, "count": k, **more})


def test_no_acknowledged_packet_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    batch = 100
    place, rng = tmp_path / "a.sqlite", random.Random(1)
    Archive.create(place).close()
    acknowledged = 0
    for _ in range(ROUNDS):
        with Archive.open(place) as archive:
            base = len(archive)
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(place), str(base), str(batch)],
            stdout=subprocess.PIPE, text=True, env=environment(),
        )  # fmt: skip
        for _ in range(rng.randint(1, 30)):
            acknowledged = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read()
        lines = [line for line in rest.split("\n")[:-1] if line]
        acknowledged = int(lines[-1]) if lines else acknowledged
        writer.wait()
        with Archive.open(place) as archive:
            report = archive.verify()
            assert report.sound
            assert report.packets >= acknowledged
            assert report.packets % batch == 0  # a batch is there whole or not at all
    with Archive.open(place) as archive:
        found = [int.from_bytes(one.octets[:8], "big") for one in archive.packets(by_time=False)]
    assert found == list(range(len(found)))


def test_queries_by_time_name_and_apid_and_both_orders(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "a.sqlite") as archive:
        last = archive.append([packet(5, name="x"), packet(3), packet(4, apid=7), packet(9, tai_s=None)])
        assert last == 4
        assert [one.count for one in archive.packets()] == [3, 4, 5, 9]
        assert [one.count for one in archive.packets(by_time=False)] == [5, 3, 4, 9]
        assert [one.count for one in archive.packets(Wanted(start_tai_s=3.0, stop_tai_s=5.0))] == [3, 4]
        assert [one.count for one in archive.packets(Wanted(name="x"))] == [5]
        assert [one.count for one in archive.packets(Wanted(apid=7))] == [4]


def test_packets_of_equal_time_and_count_are_both_kept(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "a.sqlite") as archive:
        archive.append([packet(1, octets=b"first"), packet(1, octets=b"second")])
        assert [one.octets for one in archive.packets()] == [b"first", b"second"]


def test_an_input_whose_storing_was_stopped_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "a.sqlite") as archive:
        archive.append([packet(k) for k in range(3)], "digest", 3)
    with Archive.open(tmp_path / "a.sqlite") as archive:
        assert (archive.stored_of("digest"), archive.stored_of("another")) == (3, 0)
        noted = archive._held.execute("SELECT value FROM meta WHERE name = 'unfinished digest'").fetchone()[0]
        for damaged in (f"7{noted[1:]}", noted[:-1], "", "x"):
            archive._held.execute("UPDATE meta SET value = ? WHERE name = 'unfinished digest'", (damaged,))
            with pytest.raises(StoreError, match="of an unfinished input is damaged"):
                archive.stored_of("digest")
        archive._held.execute("UPDATE meta SET value = ? WHERE name = 'unfinished digest'", (noted,))
        archive.append([packet(3)], "digest")
        assert archive.stored_of("digest") == 0
        assert [one.count for one in archive.packets()] == [0, 1, 2, 3]


def test_a_changed_octet_is_found(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "a.sqlite") as archive:
        archive.append([packet(k) for k in range(10)])
    held = sqlite3.connect(tmp_path / "a.sqlite")
    with held:
        held.execute("UPDATE packets SET octets = ? WHERE id = 4", (b"other",))
    held.close()
    with Archive.open(tmp_path / "a.sqlite") as archive:
        assert archive.verify().damaged == (4,)
        with pytest.raises(StoreError, match="packet 4 is not what was stored"):
            list(archive.packets())


def test_every_bit_of_what_is_stored_of_a_packet_is_under_its_digest(tmp_path: Path) -> None:
    place = tmp_path / "a.sqlite"
    with Archive.create(place) as archive:
        archive.append(
            [packet(k, octets=bytes([k % 256] * 90), name="rover_hk", reception_tai_s=2.0 * k) for k in range(400)]
        )
    content = place.read_bytes()
    with Archive.open(place) as archive:
        want = list(archive.packets())
    rng = random.Random(3)
    found = 0
    for _ in range(100):
        bits = bytearray(content)
        bits[rng.randrange(len(bits))] ^= 1 << rng.randrange(8)
        place.write_bytes(bits)
        (tmp_path / "a.sqlite-wal").unlink(missing_ok=True)
        (tmp_path / "a.sqlite-shm").unlink(missing_ok=True)
        try:
            with Archive.open(place) as archive:
                sound, got = archive.verify().sound, list(archive.packets())
        except StoreError:
            found += 1
            continue
        assert not sound or got == want
        found += not sound
    assert found > 10


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no archive at all, but long enough" * 100)
    with pytest.raises(StoreError, match="is it an archive"):
        Archive.open(tmp_path / "text")
    with pytest.raises(StoreError, match="no archive"):
        Archive.open(tmp_path / "missing")
    Archive.create(tmp_path / "a").close()
    with pytest.raises(StoreError, match="there already"):
        Archive.create(tmp_path / "a")


FULL = """
import resource, signal, sys
from lupex.base.errors import StoreError
from lupex.ops.archive.store import Archive, Stored
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
archive = Archive.create(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
done = 0
try:
    while True:
        done = archive.append([Stored(octets=bytes(1000), tai_s=0.0, apid=1, count=0)] * 20)
except StoreError:
    print(done)
"""


def test_on_a_full_disk_the_batch_is_refused_whole_and_what_was_acknowledged_stays(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "a.sqlite")], capture_output=True, text=True, env=environment(),
        check=True,
    )  # fmt: skip
    with Archive.open(tmp_path / "a.sqlite") as archive:
        report = archive.verify()
    assert report.sound
    assert report.packets == int(done.stdout)
