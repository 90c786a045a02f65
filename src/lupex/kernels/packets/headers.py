"""Space packets cut out of a stream of octets by their length fields (CCSDS 133.0-B-2)."""

import numpy as np

from lupex.kernels.compiled import inlined, kernel
from lupex.kernels.packets.checks import crc16

HEADER = 6


@inlined
def plausible(data, place, stop, apids, longest):
    """Whether a packet header may stand at ``place``: version 0, a known APID, a length that is allowed."""
    if place + HEADER > stop:
        return False
    word = (np.int64(data[place]) << 8) | np.int64(data[place + 1])
    if word >> 13 != 0 or not apids[word & 0x7FF]:
        return False
    return ((np.int64(data[place + 4]) << 8) | np.int64(data[place + 5])) + 7 <= longest


@kernel
def cut(data, apids, longest, checked, offset, length, good, state):
    """Cut packets; what is no packet stands between them.

    A header is believed where the packet before it ended. Elsewhere (after foreign octets) it must be followed by
    another plausible header, or by the end of the data, or end in a right checksum.

    Args:
        data: octets. apids: (2048,) which are known. longest: octets of the longest packet allowed.
        checked: whether packets end in a CRC-16.
        offset, length, good: (most,) overwritten: start, octets, and whether the checksum is right.
        state: (4,) in: 0 the first octet to look at, 3 whether it follows a packet; out: 0 first octet not used up,
            1 packets found, 2 foreign octets passed over, 3 whether the place is where a packet ended.
    """
    place, found, foreign, after = state[0], 0, 0, state[3]
    stop = data.size
    while found < offset.size and place + HEADER <= stop:
        if not plausible(data, place, stop, apids, longest):
            place += 1
            foreign += 1
            after = 0
            continue
        octets = ((np.int64(data[place + 4]) << 8) | np.int64(data[place + 5])) + 7
        end = place + octets
        if end > stop:
            if after == 0 and stop - place > longest:
                place += 1
                foreign += 1
                continue
            break
        right = True
        if checked:
            right = bool(octets > 2 + HEADER and crc16(data, place, end) == 0)
        follows = end == stop or plausible(data, end, stop, apids, longest)
        if end + HEADER > stop:
            follows = True
        if (not right and not follows) or (after == 0 and not follows and not (checked and right)):
            # a wrong length field, or foreign octets that look like a header: the next header may stand inside
            place += 1
            foreign += 1
            after = 0
            continue
        offset[found], length[found], good[found] = place, octets, right
        found += 1
        place = end
        after = 1
    state[0], state[1], state[2], state[3] = place, found, foreign, after
