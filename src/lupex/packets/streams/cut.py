"""Space packets out of a stream that arrives in pieces."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from lupex.base.errors import InputError
from lupex.kernels.packets.headers import cut
from lupex.packets.streams.batch import HEADER, IDLE_APID, LONGEST, Octets, PacketBatch, as_octets


@dataclass(frozen=True, kw_only=True)
class StreamRules:
    """What a packet of this stream looks like.

    Attributes:
        apids: that occur; empty: any. Idle packets (2047) always may.
        longest: octets of the longest packet; a longer one is taken for foreign octets.
        error_control: whether packets end in a CRC-16-CCITT.
    """

    apids: tuple[int, ...] = ()
    longest: int = LONGEST
    error_control: bool = False

    def __post_init__(self) -> None:
        if not HEADER < self.longest <= LONGEST:
            raise InputError(f"longest packet of {self.longest} octets", f"give {HEADER + 1} to {LONGEST}")
        for apid in self.apids:
            if not 0 <= apid <= IDLE_APID:
                raise InputError(f"APID {apid}", f"give 0 to {IDLE_APID}")


@dataclass(kw_only=True)
class PacketStream:
    """Cuts packets from pieces of a stream; an unfinished packet waits for the next piece.

    Memory is bounded by the longest packet and the piece. Octets that belong to no packet are passed over and counted;
    inside a packet nothing is searched.
    """

    rules: StreamRules = StreamRules()
    foreign_octets: int = 0
    bad_checksums: int = 0
    packets: int = 0
    _rest: bytes = b""
    _place: int = 0
    _after: bool = True
    _known: Octets = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._known = np.ones(2048, np.uint8)
        if self.rules.apids:
            self._known[:] = 0
            self._known[list(self.rules.apids)] = 1
            self._known[IDLE_APID] = 1

    def feed(self, piece: bytes | Octets) -> PacketBatch:
        """The packets that are whole with this piece of the stream.

        Args:
            piece: octets that follow those given before; any number.
        """
        if self._rest:
            piece = self._rest + (piece.tobytes() if isinstance(piece, np.ndarray) else bytes(piece))
        data = as_octets(piece)
        begin = self._place
        most = max(1, data.size // (HEADER + 1))
        offset, length = np.empty(most, np.int64), np.empty(most, np.int64)
        good = np.empty(most, np.bool_)
        state = np.array([0, 0, 0, int(self._after)], np.int64)
        cut(data, self._known, self.rules.longest, self.rules.error_control, offset, length, good, state)
        used, found = int(state[0]), int(state[1])
        self._rest, self._place, self._after = data[used:].tobytes(), begin + used, bool(state[3])
        self.foreign_octets += int(state[2])
        self.packets += found
        self.bad_checksums += int(np.count_nonzero(~good[:found]))
        return PacketBatch(data, offset[:found].copy(), length[:found].copy(), good[:found].copy(), begin)

    @property
    def unfinished_octets(self) -> int:
        """Octets of a packet (or of less than a header) that wait for more."""
        return len(self._rest)


def packets_in(content: bytes | Octets, rules: StreamRules | None = None) -> tuple[PacketBatch, PacketStream]:
    """All packets of octets that are at hand, and the stream that counted them."""
    stream = PacketStream(rules=rules or StreamRules())
    return stream.feed(content), stream


def packets_of(pieces: Iterable[bytes], rules: StreamRules | None = None) -> Iterable[PacketBatch]:
    """Batches from pieces of a stream, as they become whole."""
    stream = PacketStream(rules=rules or StreamRules())
    for piece in pieces:
        batch = stream.feed(piece)
        if len(batch):
            yield batch
