"""Sequence counts: what is missing, repeated or late, for each APID. The wrap from 16383 to 0 is no gap."""

from dataclasses import dataclass, field

import numpy as np

from lupex.packets.streams.batch import IDLE_APID, PacketBatch

MODULUS = 16384


@dataclass(frozen=True)
class CountEvent:
    """Something in the counts of one APID.

    Attributes:
        apid, count: of the packet at which it was seen. offset: of that packet in the stream.
        kind: 'gap' (``size`` packets missing before it), 'repeat', or 'late' (``size`` counts back).
    """

    apid: int
    count: int
    offset: int
    kind: str
    size: int


@dataclass(kw_only=True)
class CountWatch:
    """Watches sequence counts over batches; memory is one count per APID and the events asked to be kept."""

    most_events: int = 1000
    missing: dict[int, int] = field(default_factory=dict)
    repeats: dict[int, int] = field(default_factory=dict)
    late: dict[int, int] = field(default_factory=dict)
    events: list[CountEvent] = field(default_factory=list)
    _last: dict[int, int] = field(default_factory=dict)

    def see(self, batch: PacketBatch) -> None:
        """Take in the counts of a batch, in order of reception."""
        headers = batch.headers
        for apid in np.unique(headers["apid"]).tolist():
            if apid == IDLE_APID:
                continue
            rows = np.flatnonzero(headers["apid"] == apid)
            counts = headers["sequence_count"][rows]
            before = np.concatenate([[self._last.get(apid, int(counts[0]) - 1)], counts[:-1]])
            step = (counts - before) % MODULUS
            for k in np.flatnonzero(step != 1):
                self._note(apid, int(counts[k]), int(headers["offset"][rows[k]]), int(step[k]))
            self._last[apid] = int(counts[-1])

    def _note(self, apid: int, count: int, offset: int, step: int) -> None:
        if step == 0:
            kind, size, held = "repeat", 1, self.repeats
        elif step <= MODULUS // 2:
            kind, size, held = "gap", step - 1, self.missing
        else:
            kind, size, held = "late", MODULUS - step, self.late
        held[apid] = held.get(apid, 0) + (size if kind == "gap" else 1)
        if len(self.events) < self.most_events:
            self.events.append(CountEvent(apid, count, offset, kind, size))
