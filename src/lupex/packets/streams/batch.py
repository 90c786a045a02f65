"""Packets that were cut, as columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Octets = NDArray[np.uint8]
Ints = NDArray[np.int64]
IDLE_APID = 2047
HEADER = 6
LONGEST = 65542
"""Octets of the longest space packet."""


@dataclass(frozen=True, eq=False)
class PacketBatch:
    """Packets in one array of octets.

    Attributes:
        data: (octets,) with everything between the packets. offset, length: (n,) of each packet, octets.
        good: (n,) whether its checksum is right, True where there is none.
        start: place of ``data[0]`` in the stream.
    """

    data: Octets
    offset: Ints
    length: Ints
    good: NDArray[np.bool_]
    start: int = 0

    def __len__(self) -> int:
        return self.offset.size

    def packet(self, index: int) -> bytes:
        """The octets of one packet."""
        begin = int(self.offset[index])
        return self.data[begin : begin + int(self.length[index])].tobytes()

    def taken(self, chosen: NDArray[np.bool_] | Ints) -> "PacketBatch":
        """Some of the packets, by mask or index."""
        return PacketBatch(self.data, self.offset[chosen], self.length[chosen], self.good[chosen], self.start)

    @property
    def headers(self) -> dict[str, Ints]:
        """Columns of the primary headers: offset (in the stream), apid, type, secondary_header, sequence_flags,
        sequence_count, length (octets of the whole packet)."""
        first, second = self._word(0), self._word(2)
        return {
            "offset": self.offset + self.start,
            "apid": first & 0x7FF,
            "sequence_flags": second >> 14,
            "sequence_count": second & 0x3FFF,
            "length": self.length,
            "secondary_header": first >> 11 & 1,
            "type": first >> 12 & 1,
        }

    def _word(self, at: int) -> Ints:
        return (self.data[self.offset + at].astype(np.int64) << 8) | self.data[self.offset + at + 1]


def as_octets(content: bytes | bytearray | memoryview | Octets) -> Octets:
    """Bytes of any kind as a read-only array; nothing is copied."""
    array = content if isinstance(content, np.ndarray) else np.frombuffer(content, np.uint8)
    array = array.view()
    array.flags.writeable = False
    return array


def batch_of(packets: list[bytes]) -> PacketBatch:
    """Packets that are known to be whole, as a batch."""
    length = np.array([len(one) for one in packets], np.int64)
    offset = np.concatenate([[0], np.cumsum(length)[:-1]]).astype(np.int64) if packets else np.empty(0, np.int64)
    return PacketBatch(as_octets(b"".join(packets)), offset, length, np.ones(length.size, bool))
