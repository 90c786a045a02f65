"""CRC-16-CCITT of packets and frames."""

import numpy as np

from lupex.kernels.packets.checks import crc16, crc16_many
from lupex.packets.streams.batch import Octets, as_octets


def crc16_of(content: bytes | Octets) -> int:
    """CRC-16-CCITT (polynomial 0x1021, start 0xFFFF), 0 over octets that end in their own (CCSDS 132.0-B-3, 4.1.6)."""
    data = as_octets(content)
    return int(crc16(data, 0, data.size))


def frames_sound(frames: Octets) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(n,) whether each frame of (n, octets) ends in a right checksum."""
    flat = np.ascontiguousarray(frames).reshape(-1)
    start = np.arange(frames.shape[0], dtype=np.int64) * frames.shape[1]
    out = np.empty(start.size, np.uint16)
    crc16_many(flat, start, start + frames.shape[1], out)
    return out == 0
