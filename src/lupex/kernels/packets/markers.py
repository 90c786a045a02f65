"""Attached sync markers in a stream of bits, and the frames behind them (CCSDS 131.0-B)."""

import numpy as np

from lupex.kernels.compiled import inlined, kernel
from lupex.kernels.packets.fields import bits_at

MARKER_BITS = 32


@inlined
def _wrong_bits(data, bit, marker):
    value = np.uint64(bits_at(data, bit, 32)) ^ np.uint64(marker)
    count = np.int64(0)
    for _ in range(32):
        count += np.int64(value & np.uint64(1))
        value = value >> np.uint64(1)
    return count


@kernel
def locate(data, marker, frame_bits, limits, places, slips, state):
    """Where frames begin (behind their markers).

    Out of lock any bit is tried, and a marker counts when the next one stands a frame later or the data end before.
    In lock the marker is expected in its place, or up to ``slip`` bits before or after (bits lost or gained);
    after ``misses`` frames without a marker lock is lost.

    Args:
        data: octets. marker: 32 bits. frame_bits: of a frame without marker.
        limits: (3,) wrong bits allowed in a marker; slip, bits; misses.
        places, slips: (most,) overwritten: first bit of a frame, and bits slipped before it.
        state: (4,) in and out: 0 bit to go on from, 1 whether in lock, 2 misses in a row; out 3: frames found.
    """
    bit, lock, missed = state[0], state[1], state[2]
    allowed, slip, most_missed = limits[0], limits[1], limits[2]
    stop = data.size * 8
    found = 0
    while found < places.size and bit + MARKER_BITS + frame_bits + slip <= stop:
        if lock == 0:
            if _wrong_bits(data, bit, marker) <= allowed:
                after = bit + MARKER_BITS + frame_bits
                sure = after + MARKER_BITS > stop
                for off in range(-slip, slip + 1):
                    place = after + off
                    if not sure and 0 <= place and place + MARKER_BITS <= stop:
                        sure = _wrong_bits(data, place, marker) <= allowed
                if sure:
                    lock, missed = 1, 0
                    places[found], slips[found] = bit + MARKER_BITS, 0
                    found += 1
                    bit = after
                    continue
            bit += 1
            continue
        best, at = MARKER_BITS + 1, 0
        for size in range(slip + 1):
            for off in (size, -size):
                place = bit + off
                if place >= 0 and place + MARKER_BITS <= stop:
                    wrong = _wrong_bits(data, place, marker)
                    if wrong < best:
                        best, at = wrong, off
        if best > allowed:
            missed += 1
            if missed > most_missed:
                lock = 0
                continue
            at = 0
        else:
            missed = 0
        places[found], slips[found] = bit + at + MARKER_BITS, at
        found += 1
        bit += at + MARKER_BITS + frame_bits
    state[0], state[1], state[2], state[3] = bit, lock, missed, found


@kernel
def octets_at(data, places, out):
    """Octets from any bit.

    Args:
        data: octets. places: (n,) first bit. out: (n, octets) uint8, overwritten.
    """
    for i in range(places.size):
        octet, lead = places[i] >> 3, places[i] & 7
        for k in range(out.shape[1]):
            if lead == 0:
                out[i, k] = data[octet + k]
            else:
                out[i, k] = ((data[octet + k] << lead) & 0xFF) | (data[octet + k + 1] >> (8 - lead))
