"""Decoded packets as rows for a table: name, time, count, and every parameter of any of them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.model.telemetry.dictionary import Dictionary
from lupex.packets.definitions.table import Decoded, PacketTable
from lupex.packets.streams.batch import PacketBatch
from lupex.packets.times.cds import Cds
from lupex.packets.times.cuc import TAI_1958_TO_J2000_S, Cuc, tai_to_utc, utc_to_tai

FIRST_COLUMNS = ("packet", "time_utc", "sequence_count")
TIME_CODES = ("cds", "cds-us", "cuc4+2", "cuc4+3")
HEADER = 6
_TAI_AT = {
    # TAI seconds since 1958 at each epoch: GPS 1980-01-06 (TAI - 19 s), J2000 (TT = TAI + 32.184 s)
    "TAI": 0.0, "GPS": 694_656_019.0, "J2000": TAI_1958_TO_J2000_S - 32.184,
}  # fmt: skip


def packet_rows(
    dictionary: Dictionary, batch: PacketBatch, decoded: Decoded, raw: bool = False, time_code: str = ""
) -> tuple[list[str], Iterator[list[Any]]]:
    """Names of the columns, and one row a packet in order of the stream; empty (None) what a packet does not have.

    Args:
        dictionary: that decoded them. batch: packets. decoded: from `decode`.
        raw: raw values in place of engineering ones.
        time_code: one of TIME_CODES, read behind the primary header; '' for the first absolute time of each packet.
    """
    found = {name for table in decoded.tables.values() for name in table.parameters}
    names = [name for name in dictionary.parameters if name in found]
    counts = batch.headers["sequence_count"]
    place = np.full(len(batch), -1, np.int64)
    row_of = np.zeros(len(batch), np.int64)
    columns: list[tuple[PacketTable, list[str], dict[str, list[Any]]]] = []
    for number, table in enumerate(decoded.tables.values()):
        place[table.index] = number
        row_of[table.index] = np.arange(len(table))
        values = {name: column.tolist() for name, column in table.columns(raw).items()}
        columns.append((table, packet_times_utc(dictionary, batch, table, time_code), values))

    def rows() -> Iterator[list[Any]]:
        for k in range(len(batch)):
            if place[k] >= 0:
                table, times, values = columns[place[k]]
                at = row_of[k]
                row = [values[name][at] if name in values else None for name in names]
                yield [table.name, times[at], int(counts[k]), *(_shown(one) for one in row)]

    return [*FIRST_COLUMNS, *names], rows()


def packet_times_utc(dictionary: Dictionary, batch: PacketBatch, table: PacketTable, time_code: str = "") -> list[str]:
    """UTC text of each packet of a table, '' where it states no time.

    Args:
        dictionary: of the table. batch: it came from. table: packets. time_code: as in `packet_rows`.

    Raises InputError for an unknown time code.
    """
    if time_code:
        return _coded_times(batch, table, time_code)
    for name, parameter in table.parameters.items():
        if parameter.type.kind == "absolute_time" and parameter.type.epoch:
            return _epoch_times(parameter.type.epoch, table.values(name))
    return [""] * len(table)


def _epoch_times(epoch: str, seconds: NDArray[np.float64]) -> list[str]:
    if epoch == "UNIX":  # counts UTC days of 86,400 s
        stamps = np.datetime64("1970-01-01T00:00:00", "us") + np.rint(seconds * 1e6).astype("timedelta64[us]")
        return [f"{text[:26]}Z" for text in np.datetime_as_string(stamps).tolist()]
    return tai_to_utc(seconds + _TAI_AT[epoch], 6)


def _coded_times(batch: PacketBatch, table: PacketTable, time_code: str) -> list[str]:
    if time_code not in TIME_CODES:
        raise InputError(f"time code '{time_code[:20]}' is unknown", f"known: {', '.join(TIME_CODES)}")
    packets = [batch.packet(k) for k in table.index.tolist()]
    if time_code.startswith("cds"):
        cds = Cds(sub=int(time_code == "cds-us"))
        return [_or_nothing(cds, one[HEADER : HEADER + cds.size]) for one in packets]
    cuc = Cuc(4, int(time_code[-1]))
    fields = [one[HEADER : HEADER + cuc.coarse + cuc.fine] for one in packets]
    counts = [int.from_bytes(one, "big") for one in fields]
    return tai_to_utc(np.array([float(cuc.seconds(count)) for count in counts]), 6) if counts else []


def _or_nothing(cds: Cds, octets: bytes) -> str:
    try:
        return cds.utc(octets)
    except (InputError, OverflowError):
        return ""


def _shown(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def tai_of(table: PacketTable) -> NDArray[np.float64]:
    """TAI seconds since 1958 (n,) of the packets of a table; NaN where they state no time."""
    for name, parameter in table.parameters.items():
        if parameter.type.kind == "absolute_time" and parameter.type.epoch in _TAI_AT:
            found: NDArray[np.float64] = table.values(name) + _TAI_AT[parameter.type.epoch]
            return found
        if parameter.type.kind == "absolute_time" and parameter.type.epoch == "UNIX":
            return utc_to_tai(_epoch_times("UNIX", table.values(name)))
    return np.full(len(table), np.nan)
