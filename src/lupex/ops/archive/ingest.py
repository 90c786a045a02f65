"""Packets of a batch made ready for the archive: name and time from the dictionary, where it knows them."""

import time
from collections.abc import Iterator

import numpy as np

from lupex.model.telemetry.dictionary import Dictionary
from lupex.ops.archive.store import Archive, Stored, Wanted
from lupex.packets.definitions.decode import decode
from lupex.packets.definitions.rows import tai_of
from lupex.packets.streams.batch import PacketBatch


def stored_packets(dictionary: Dictionary, batch: PacketBatch, reception_tai_s: float | None = None) -> list[Stored]:
    """The packets of a batch in order; unknown ones without name and time, those with a wrong checksum as well.

    Args:
        dictionary: that names them. batch: packets. reception_tai_s: when they came, None unknown.
    """
    headers = batch.headers
    names = np.full(len(batch), "", object)
    times = np.full(len(batch), np.nan)
    for table in decode(dictionary, batch).tables.values():
        names[table.index] = table.name
        times[table.index] = tai_of(table)
    apids, counts = headers["apid"].tolist(), headers["sequence_count"].tolist()
    return [
        Stored(
            octets=batch.packet(k), tai_s=None if np.isnan(times[k]) else float(times[k]), apid=apids[k],
            count=counts[k], name=str(names[k]), reception_tai_s=reception_tai_s,
        )
        for k in range(len(batch))
    ]  # fmt: skip


def replayed(
    archive: Archive, speed: float = 0.0, start_tai_s: float | None = None, stop_tai_s: float | None = None
) -> Iterator[Stored]:
    """Packets by packet time, each as late after the first as it was then, over ``speed``; 0: as fast as possible.

    Args:
        archive: to read. speed: 1 for as it was. start_tai_s, stop_tai_s: span; None for all.
    """
    first: tuple[float, float] | None = None
    for one in archive.packets(Wanted(start_tai_s=start_tai_s, stop_tai_s=stop_tai_s)):
        if speed > 0.0 and one.tai_s is not None:
            first = first or (one.tai_s, time.monotonic())
            wait = (one.tai_s - first[0]) / speed - (time.monotonic() - first[1])
            if wait > 0.0:
                time.sleep(wait)
        yield one
