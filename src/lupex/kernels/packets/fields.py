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


@inlined
def word_at(data, octet):
    """Eight octets from ``octet`` (uint64, so that no index is checked for being negative) as one number."""
    one = np.uint64(1)
    value = np.uint64(0)
    for _ in range(8):
        value = (value << np.uint64(8)) | np.uint64(data[octet])
        octet += one
    return value


@inlined
def aligned_into(data, first_bit, span, offset, width, row):
    """A field of packets ``span``, which begin on octets and lie in ``data``, into ``row`` (any unsigned type)."""
    octet, up, down = offset >> 3, np.uint64(offset & 7), np.uint64(64 - width)
    for i in range(span[0], span[1]):
        row[i] = (word_at(data, np.uint64((first_bit[i] >> 3) + octet)) << up) >> down


BLOCK = 256


@kernel
def columns(data, first_bit, end_bit, fields, out8, out16, out32, out64, short):
    """Fields at fixed places of many packets, each in the narrowest type that holds it.

    Packets go in blocks that stay in the cache, field by field: where a whole block begins on octets and ends behind
    its last field, nothing is looked at in the innermost loop.

    Args:
        data: octets. first_bit, end_bit: (n,) where a packet's fields begin and its bits end.
        fields: (f, 3) bits from ``first_bit``, bits of the field, and its row in the array of its type.
        out8, out16, out32, out64: (rows, n), overwritten, 0 where a field ends behind its packet.
        short: (n,) overwritten: number of the first field that ends behind its packet, f where none does.
    """
    count = fields.shape[0]
    low, high = np.int64(0), np.int64(0)
    for f in range(count):
        low = min(low, fields[f, 0])
        high = max(high, fields[f, 0] + fields[f, 1])
    last = 8 * (data.size - 16)
    for begin in range(0, first_bit.size, BLOCK):
        stop = min(begin + BLOCK, first_bit.size)
        plain = True
        for i in range(begin, stop):
            bit = first_bit[i]
            plain = plain and bit & 7 == 0 and bit + low >= 0 and bit + high <= end_bit[i] and bit + high <= last
            short[i] = count
        for f in range(count):
            offset, width, row = fields[f, 0], fields[f, 1], fields[f, 2]
            if plain and (offset & 7) + width <= 64:
                span = (begin, stop)
                if width <= 8:
                    aligned_into(data, first_bit, span, offset, width, out8[row])
                elif width <= 16:
                    aligned_into(data, first_bit, span, offset, width, out16[row])
                elif width <= 32:
                    aligned_into(data, first_bit, span, offset, width, out32[row])
                else:
                    aligned_into(data, first_bit, span, offset, width, out64[row])
                continue
            for i in range(begin, stop):
                bit = first_bit[i] + offset
                value = np.uint64(0)
                if bit < 0 or bit + width > end_bit[i]:
                    short[i] = min(short[i], f)
                else:
                    value = bits_at(data, bit, width)
                if width <= 8:
                    out8[row, i] = value
                elif width <= 16:
                    out16[row, i] = value
                elif width <= 32:
                    out32[row, i] = value
                else:
                    out64[row, i] = value


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
