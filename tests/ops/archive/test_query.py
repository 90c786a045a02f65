"""Values out of the archive as Parquet: those that queries give, types from the dictionary."""

from pathlib import Path

import pytest
from pyarrow import parquet
from tests.ops.scenes import LUPEX

from lupex.base.errors import InputError
from lupex.ops.archive.ingest import stored_packets
from lupex.ops.archive.query import export_parquet, parameter_table
from lupex.ops.archive.store import Archive, Wanted
from lupex.packets.pus.telemetry import TelemetryWriter
from lupex.packets.streams.batch import batch_of


@pytest.fixture
def archive(tmp_path: Path):
    writer = TelemetryWriter(LUPEX)
    packets = [
        writer.packet("rover_hk", {"rover_battery_v": 28.0 + k, "rover_mode": "DRIVE"}, 2.2e9 + 60.0 * (3 - k))
        for k in range(3)
    ] + [writer.packet("memory_dump", {"dump_word_0": 2**64 - 1, "dump_memory": "RAM"}, 2.2e9)]
    with Archive.create(tmp_path / "a.sqlite") as made:
        made.append(stored_packets(LUPEX, batch_of(packets)))
        yield made


def test_exported_values_are_those_of_queries_in_order_of_time(archive: Archive, tmp_path: Path) -> None:
    assert export_parquet(archive, LUPEX, tmp_path / "out", Wanted()) == {"memory_dump": 1, "rover_hk": 3}
    table = parquet.read_table(tmp_path / "out" / "rover_hk.parquet")
    _, rows = parameter_table(archive, LUPEX, "rover_battery_v", Wanted())
    assert table["rover_battery_v"].to_pylist() == [row[2] for row in rows] == [30.0, 29.0, 28.0]
    assert table["time_utc"].to_pylist() == [row[0] for row in rows]
    assert table["number"].to_pylist() == [3, 2, 1]
    assert table["rover_mode"].to_pylist() == ["DRIVE"] * 3
    assert str(table.schema.field("rover_heater").type) == "bool"
    dump = parquet.read_table(tmp_path / "out" / "memory_dump.parquet")
    assert dump["dump_word_0"].to_pylist() == [2**64 - 1]  # which SQLite itself could not hold
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["memory_dump.parquet", "rover_hk.parquet"]


def test_a_folder_that_holds_something_is_refused(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("x")
    with pytest.raises(InputError, match="not an empty folder"):
        export_parquet(archive, LUPEX, tmp_path / "out", Wanted())
    assert export_parquet(archive, LUPEX, tmp_path / "none", Wanted(name="nothing")) == {}
