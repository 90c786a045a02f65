"""lupex ops archive: what goes in comes out."""

import json
import sqlite3
from pathlib import Path

from tests.cli.command import lupex, refused

from lupex.catalogue.telemetry import dictionary
from lupex.packets.pus.telemetry import TelemetryWriter
from lupex.packets.times.cuc import utc_to_tai


def test_packets_are_ingested_queried_replayed_and_verified(tmp_path: Path) -> None:
    writer, start = TelemetryWriter(dictionary("lupex")), float(utc_to_tai("2028-06-01T00:00:00Z")[0])
    packets = [writer.packet("rover_hk", {"rover_battery_v": 28.0 + k}, start + k) for k in (2, 0, 1)]
    (tmp_path / "p.bin").write_bytes(b"junk" + b"".join(packets))
    held = tmp_path / "a.sqlite"
    assert lupex("ops", "archive", "init", held).returncode == 0
    done = lupex("ops", "archive", "ingest", held, tmp_path / "p.bin")
    assert "3 packets stored, 3 in the archive" in done.stderr
    assert "4 foreign octets" in done.stderr
    words = ("--parameter", "rover_battery_v", "--start", "2028-06-01T00:00:01Z", "--json")
    found = json.loads(lupex("ops", "archive", "query", held, *words).stdout)
    assert [(row["time_utc"], row["rover_battery_v"], row["raw"]) for row in found] == [
        ("2028-06-01T00:00:01.000000Z", 29.0, 2900), ("2028-06-01T00:00:02.000000Z", 30.0, 3000),
    ]  # fmt: skip
    replayed = lupex("ops", "archive", "replay", held, text=False).stdout
    assert replayed == packets[1] + packets[2] + packets[0]
    assert "3 packets, all as they were stored" in lupex("ops", "archive", "verify", held).stderr
    other = sqlite3.connect(held)
    with other:
        other.execute("UPDATE packets SET octets = x'00' WHERE id = 2")
    other.close()
    assert "1 damaged packets of 3" in refused("ops", "archive", "verify", held)
    assert "no parameter 'volts'" in refused("ops", "archive", "query", held, "--parameter", "volts")
    assert "there already" in refused("ops", "archive", "init", held)
