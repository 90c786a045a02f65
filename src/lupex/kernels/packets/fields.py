"""Numbers out of packets, bit by bit."""

import numpy as np

from lupex.kernels.compiled import inlined, kernel


@inlined
def bits_at(data, bit, width):
    """``width`` bits (1 to 64) from bit ``bit``, most significant first, as uint64; within ``data``."""
    octet = bit >> 3
    lead = bit & 7
    octets = (lead + width + 7) >> 3
    value = np.uint64(0)
    if octets <= 8:
        for k in range(octets):
            value = (value << np.uint64(8)) | np.uint64(data[octet + k])
        value = value >> np.uint64(8 * octets - lead - width)
    else:  # nine octets: the first loses its lead, the last gives only what is missing
        value = np.uint64(data[octet]) & np.uint64(0xFF >> lead)
        for k in range(1, 8):
            value = (value << np.uint64(8)) | np.uint64(data[octet + k])
        rest = lead + width - 64
        value = (value << np.uint64(rest)) | (np.uint64(data[octet + 8]) >> np.uint64(8 - rest))
    if width < 64:
        value = value & ((np.uint64(1) << np.uint64(width)) - np.uint64(1))
    return value


@kernel
def columns(data, first_bit, end_bit, offset, width, out, fits):
    """Fields at fixed places of many packets.

    Args:
        data: octets. first_bit, end_bit: (n,) where a packet's fields begin and its bits end.
        offset, width: (f,) bits from ``first_bit`` and bits of each field.
        out: (f, n) uint64, overwritten. fits: (f, n), set to False where a field ends behind its packet.
    """
    for i in range(first_bit.size):
        for f in range(offset.size):
            bit = first_bit[i] + offset[f]
            if bit < 0 or bit + width[f] > end_bit[i]:
                fits[f, i] = False
                out[f, i] = np.uint64(0)
            else:
                out[f, i] = bits_at(data, bit, width[f])


@kernel
def terminated(data, first_bit, limit_bit, terminator, out_octets):
    """Octets before the terminator of each string, -1 where there is none before ``limit_bit``.

    Args:
        data: octets. first_bit: (n,) start, on an octet. limit_bit: (n,) where to stop looking.
        terminator: octets that end a string. out_octets: (n,) overwritten.
    """
    for i in range(first_bit.size):
        start = first_bit[i] >> 3
        last = (limit_bit[i] >> 3) - terminator.size
        out_octets[i] = -1
        for place in range(start, last + 1):
            same = True
            for k in range(terminator.size):
                if data[place + k] != terminator[k]:
                    same = False
                    break
            if same:
                out_octets[i] = place - start
                break
