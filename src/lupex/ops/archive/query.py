"""Rows from the archive: packets, or the values of one parameter."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.errors import InputError
from lupex.model.telemetry.dictionary import Dictionary
from lupex.ops.archive.store import Archive, Stored, Wanted
from lupex.packets.definitions.decode import decode
from lupex.packets.definitions.rows import tai_of
from lupex.packets.streams.batch import batch_of
from lupex.packets.times.cuc import tai_to_utc

_BLOCK = 10_000


def packet_table(archive: Archive, wanted: Wanted) -> tuple[list[str], list[list[Any]]]:
    """Names of the columns, and one row a packet by packet time, octets as hexadecimal text.

    Args:
        archive: to read. wanted: which packets.
    """
    rows = [
        [one.number, _utc(one), one.apid, one.count, one.name, len(one.octets), one.octets.hex()]
        for one in archive.packets(wanted)
    ]
    return ["number", "time_utc", "apid", "sequence_count", "packet", "length", "octets"], rows


def parameter_table(
    archive: Archive, dictionary: Dictionary, name: str, wanted: Wanted
) -> tuple[list[str], list[list[Any]]]:
    """Names of the columns, and one row a value by packet time.

    Args:
        archive: to read. dictionary: that decodes. name: of the parameter. wanted: which packets.

    Raises InputError for an unknown parameter.
    """
    if name not in dictionary.parameters:
        raise InputError(f"no parameter '{name[:40]}'", f"known: {', '.join(dictionary.parameters)}"[:300])
    rows: list[list[Any]] = []
    block: list[Stored] = []

    def flush() -> None:
        found = []
        for table in decode(dictionary, batch_of([one.octets for one in block])).tables.values():
            if name in table.parameters:
                times, values, raws = tai_of(table), table.values(name), table.raw(name)
                found += list(zip(table.index.tolist(), times.tolist(), values.tolist(), raws.tolist(), strict=True))
        found.sort(key=lambda one: one[0])
        stamps = tai_to_utc(np.array([one[1] for one in found]), 6) if found else []
        rows.extend([stamp, block[k].name, value, raw] for stamp, (k, _, value, raw) in zip(stamps, found, strict=True))
        block.clear()

    for one in archive.packets(wanted):
        block.append(one)
        if len(block) == _BLOCK:
            flush()
    flush()
    return ["time_utc", "packet", name, "raw"], rows


def export_parquet(archive: Archive, dictionary: Dictionary, folder: str | Path, wanted: Wanted) -> dict[str, int]:
    """Write decoded packets to Parquet, one file for each name; rows of each.

    Args:
        archive: to read. dictionary: that decodes. folder: new or empty. wanted: which packets.

    Beside the parameters: number in the archive, packet time (TAI s since 1958, UTC text), time of reception.
    Raises InputError for a folder that holds something, or without pyarrow; StoreError where it cannot be written.
    """
    from lupex.io.parquet import ParquetFiles, arrow_table

    files = ParquetFiles(folder)
    rows: dict[str, int] = {}
    for block in _blocks(archive, wanted):
        for name, table in decode(dictionary, batch_of([one.octets for one in block])).tables.items():
            index, tai_s = table.index.tolist(), tai_of(table)
            columns = {
                "number": np.array([block[k].number for k in index], np.int64),
                "tai_s": tai_s,
                "time_utc": np.array([tai_to_utc(one, 6)[0] if one == one else None for one in tai_s.tolist()], object),
                "reception_tai_s": np.array(
                    [np.nan if block[k].reception_tai_s is None else block[k].reception_tai_s for k in index]
                ),
            }
            files.add(name, arrow_table(table.parameters, columns | table.columns()))
            rows[name] = rows.get(name, 0) + len(index)
    files.close()
    return rows


def _blocks(archive: Archive, wanted: Wanted) -> Iterator[list[Stored]]:
    block: list[Stored] = []
    for one in archive.packets(wanted):
        block.append(one)
        if len(block) == _BLOCK:
            yield block
            block = []
    if block:
        yield block


def _utc(one: Stored) -> str:
    return "" if one.tai_s is None else tai_to_utc(one.tai_s, 6)[0]
