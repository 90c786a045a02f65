"""Channel access data units: frames found behind their markers, at any bit, also where bits were lost or gained."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.kernels.packets.markers import locate, octets_at
from lupex.packets.streams.batch import Octets, as_octets

ASM = 0x1ACFFC1D
"""The attached sync marker of TM and AOS (131.0-B-4, 9.3.5)."""
ASM_OCTETS = ASM.to_bytes(4, "big")


@dataclass(frozen=True)
class SyncRules:
    """How markers are looked for.

    Attributes:
        wrong_bits: allowed in a marker. slip_bits: how far a marker may stand from its place, in lock.
        misses: frames without a marker before lock is lost.
    """

    wrong_bits: int = 2
    slip_bits: int = 1
    misses: int = 2

    def __post_init__(self) -> None:
        if not (0 <= self.wrong_bits <= 8 and 0 <= self.slip_bits <= 7 and 0 <= self.misses <= 100):
            raise InputError(f"marker search {self}", "wrong bits 0 to 8, slip 0 to 7, misses 0 to 100")


@dataclass(kw_only=True)
class CaduStream:
    """Frames of equal length out of a stream of bits that arrives in pieces; the unfinished rest waits.

    Attributes:
        frame_octets: of a frame (or code block) without marker. slips: bits by which markers stood off, in all.
        frames: found so far. skipped_bits: passed over while out of lock.
    """

    frame_octets: int
    rules: SyncRules = SyncRules()
    marker: int = ASM
    frames: int = 0
    slips: int = 0
    skipped_bits: int = 0
    _rest: bytes = b""
    _bit: int = 0
    _lock: int = 0
    _missed: int = 0

    def feed(self, piece: bytes | Octets) -> Octets:
        """Frames (n, frame_octets) that are whole with this piece."""
        data = as_octets(self._rest + bytes(piece))
        most = data.size // (self.frame_octets + 4) + 2
        places, slips = np.empty(most, np.int64), np.empty(most, np.int64)
        limits = np.array([self.rules.wrong_bits, self.rules.slip_bits, self.rules.misses], np.int64)
        state = np.array([self._bit, self._lock, self._missed, 0], np.int64)
        locate(data, self.marker, 8 * self.frame_octets, limits, places, slips, state)
        found = int(state[3])
        bit, self._lock, self._missed = int(state[0]), int(state[1]), int(state[2])
        self._count(places[:found], slips[:found], bit)
        frames = np.empty((found, self.frame_octets), np.uint8)
        octets_at(np.append(data, np.uint8(0)), places[:found], frames)
        # one octet before the place to go on from is kept: a bit may have been lost
        used = max(0, bit // 8 - 1)
        self._rest, self._bit = data[used:].tobytes(), bit - 8 * used
        return frames

    def end(self) -> Octets:
        """The last frame, which a search that looks ahead still holds back; then the stream is at its end."""
        slip = self.rules.slip_bits
        frames = self.feed(bytes(-(-(slip + 7) // 8)))
        self._rest, self._bit, self._lock = b"", 0, 0
        return frames

    def _count(self, places: NDArray[np.int64], slips: NDArray[np.int64], bit: int) -> None:
        self.frames += places.size
        self.slips += int(np.count_nonzero(slips))
        covered = places.size * (8 * self.frame_octets + 32)
        self.skipped_bits += max(0, bit - self._bit - covered)


def cadus(frames: Octets) -> bytes:
    """Frames or code blocks (n, octets), each behind a marker."""
    marker = np.tile(np.frombuffer(ASM_OCTETS, np.uint8), (frames.shape[0], 1))
    return np.concatenate([marker, frames], axis=1).tobytes()
