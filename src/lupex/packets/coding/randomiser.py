"""The pseudo-random sequences XORed over frames: telemetry (131.0-B-4, 255 octets) and telecommand (231.0-B-4)."""

from functools import lru_cache

import numpy as np

from lupex.base.errors import InputError
from lupex.packets.streams.batch import Octets

_TAPS = {"tm": (0, 3, 5, 7), "tc": (0, 1, 2, 3, 4, 6)}
PERIOD = 255


@lru_cache(maxsize=2)
def sequence(kind: str) -> Octets:
    """One period (255,) of the sequence of 'tm' or 'tc': eight ones shifted, the taps' XOR fed in."""
    if kind not in _TAPS:
        raise InputError(f"randomiser '{kind}' is unknown", f"known: {', '.join(_TAPS)}")
    register, bits = [1] * 8, []
    for _ in range(8 * PERIOD):
        bits.append(register[0])
        feedback = sum(register[tap] for tap in _TAPS[kind]) & 1
        register = [*register[1:], feedback]
    found = np.packbits(np.array(bits, np.uint8))
    found.flags.writeable = False
    return found


def randomised(octets: Octets, kind: str) -> Octets:
    """Octets (n, size) or (size,) with the sequence XORed over each row; applied twice it is undone.

    Args:
        octets: frames or code blocks, without marker. kind: 'tm' or 'tc'.
    """
    repeats = -(-octets.shape[-1] // PERIOD)
    return octets ^ np.tile(sequence(kind), repeats)[: octets.shape[-1]]
