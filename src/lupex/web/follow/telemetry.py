"""Telemetry of an archive as it grows, kept as series that a page can be told of bit by bit."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from lupex.base.arrays import F64
from lupex.ephemeris.times import tai_to_tdb_s
from lupex.model.telemetry.dictionary import Dictionary
from lupex.ops.archive.store import Archive, Stored, Wanted
from lupex.ops.monitor.limits import LimitWatch
from lupex.packets.definitions.decode import decode
from lupex.packets.definitions.rows import tai_of
from lupex.packets.definitions.table import PacketTable
from lupex.packets.streams.batch import batch_of
from lupex.packets.times.cuc import TAI_1958_TO_J2000_S
from lupex.web.follow.track import Track
from lupex.web.ground import unix_ms

BLOCK = 20_000
"""Packets taken in at one look."""
MOST_ROWS = 40_000
"""Values kept of a parameter: beyond that every second of the older ones is dropped."""
MOST_EVENTS = 2_000
PLACE = ("rover_x_m", "rover_y_m", "rover_heading_deg", "rover_odometer_m")
_HEADERS = ("ccsds_", "pus_", "request_", "hk_")


@dataclass
class Series:
    """Values of one parameter in order of reception; ``thinned``: how often every second was dropped."""

    ms: list[float] = field(default_factory=list)
    values: list[float | str | None] = field(default_factory=list)
    thinned: int = 0

    def add(self, ms: list[float], values: list[float | str | None]) -> None:
        """Take in more, and drop every second of the older half where there are too many."""
        self.ms += ms
        self.values += values
        if len(self.ms) > MOST_ROWS:
            half = len(self.ms) // 2
            self.ms = self.ms[:half:2] + self.ms[half:]
            self.values = self.values[:half:2] + self.values[half:]
            self.thinned += 1


class Telemetry:
    """What an archive said so far. `look` reads what is new; several threads may ask."""

    def __init__(self, archive: Path, dictionary: Dictionary, words: Mapping[int, str] = MappingProxyType({})) -> None:
        """Nothing is read yet; ``words``: of event numbers."""
        self.archive = archive
        self.dictionary = dictionary
        self.words = words
        self.series: dict[str, Series] = {}
        self.events: list[dict[str, Any]] = []
        self.track = Track()
        self.packets = 0
        self.latest_ms: float | None = None
        self._last = 0
        self._lock = threading.RLock()
        self._watches = {
            name: LimitWatch(name, one.type.limits)
            for name, one in dictionary.parameters.items()
            if one.type.limits.any
        }

    def look(self) -> bool:
        """Read up to 20,000 packets that are new; whether there were any.

        Raises StoreError for an archive that is gone or damaged.
        """
        with self._lock, Archive.open(self.archive) as archive:
            block: list[Stored] = []
            for one in archive.packets(Wanted(after_number=self._last), by_time=False):
                block.append(one)
                if len(block) == BLOCK:
                    break
            if block:
                self._take_in(block)
        return bool(block)

    def state(self) -> dict[str, Any]:
        """How it stands: packets, way, parameters with their newest values, events and alarms by packet time."""
        with self._lock:
            return {
                "packets": self.packets,
                "latest_ms": self.latest_ms,
                "track": self.track.told(),
                "parameters": [self._parameter(name) for name in sorted(self.series)],
                "events": sorted(self.events, key=lambda one: float(one["ms"]))[-500:],
                "alarms": self._alarms(),
            }

    def more(self, name: str, told: tuple[int, int]) -> tuple[tuple[int, int], dict[str, Any]]:
        """Values of a parameter beyond those told: how much was told now, and 'whole', 'ms', 'values'; {} for none.

        Args:
            name: of the parameter. told: what was given back the last time, (-1, 0) at first.
        """
        with self._lock:
            series = self.series.get(name)
            if series is None:
                return told, {}
            whole = told[0] != series.thinned
            first = 0 if whole else told[1]
            now = (series.thinned, len(series.ms))
            if not whole and first == now[1]:
                return now, {}
            return now, {"whole": whole, "ms": series.ms[first:], "values": series.values[first:]}

    def _alarms(self) -> list[dict[str, Any]]:
        found = [alarm for watch in self._watches.values() for alarm in watch.alarms()]
        found.sort(key=lambda one: -one.begin_tai_s)
        return [
            {
                "parameter": one.parameter,
                "level": one.level,
                "begin_ms": ms_of(np.array([one.begin_tai_s]))[0],
                "end_ms": None if one.end_tai_s is None else ms_of(np.array([one.end_tai_s]))[0],
                "worst": one.worst,
            }
            for one in found[:200]
        ]

    def _parameter(self, name: str) -> dict[str, Any]:
        known, series = self.dictionary.parameters[name], self.series[name]
        last = max(range(max(0, len(series.ms) - 500), len(series.ms)), key=series.ms.__getitem__)
        return {
            "name": name,
            "unit": "" if known.type.unit == "1" else known.type.unit,
            "meaning": known.meaning,
            "warning": known.type.limits.warning,
            "critical": known.type.limits.critical,
            "newest_ms": series.ms[last],
            "newest": series.values[last],
        }

    def _take_in(self, block: list[Stored]) -> None:
        for table in decode(self.dictionary, batch_of([one.octets for one in block])).tables.values():
            tai_s = tai_of(table)
            timed = np.isfinite(tai_s)
            if not timed.any():
                continue
            self._values(table, tai_s, timed)
        self._last = block[-1].number
        self.packets += len(block)

    def _values(self, table: PacketTable, tai_s: F64, timed: Any) -> None:
        ms = ms_of(tai_s[timed])
        newest = max(ms)
        self.latest_ms = newest if self.latest_ms is None else max(self.latest_ms, newest)
        columns = {name: np.asarray(values)[timed] for name, values in table.columns().items()}
        for name, values in columns.items():
            if name.startswith(_HEADERS) or name not in self.dictionary.parameters:
                continue
            self.series.setdefault(name, Series()).add(ms, [_shown(one) for one in values.tolist()])
            if name in self._watches:
                self._watches[name].see(tai_s[timed], values)
        if all(name in columns for name in PLACE):
            self.track.add(ms, *(np.asarray(columns[name], np.float64) for name in PLACE))
        number = next((name for name in columns if name.endswith("_event_id")), None)
        if number is not None:
            self._events(ms, table, columns, number)

    def _events(self, ms: list[float], table: PacketTable, columns: dict[str, Any], number: str) -> None:
        value = columns.get(number.removesuffix("_id") + "_value")
        grave = columns.get("pus_subservice")
        for k, when in enumerate(ms):
            event = _shown(columns[number][k])
            self.events.append(
                {
                    "ms": when,
                    "from": table.name,
                    "event": self.words.get(int(event), event) if isinstance(event, float) else event,
                    "value": None if value is None else _shown(value[k]),
                    "severity": None if grave is None else int(grave[k]),
                }
            )
        del self.events[:-MOST_EVENTS]


def ms_of(tai_s: F64) -> list[float]:
    """Milliseconds since 1970 UTC (n,) of TAI seconds since 1958."""
    found: list[float] = unix_ms(tai_to_tdb_s(np.asarray(tai_s, np.float64) - TAI_1958_TO_J2000_S)).tolist()
    return found


def _shown(value: Any) -> float | str | None:
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float):
        return float(value) if np.isfinite(value) else None
    return str(value)[:60]
