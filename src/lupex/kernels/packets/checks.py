"""CRC-16-CCITT (polynomial 0x1021, start 0xFFFF) and the BCH(63,56) code of telecommand (CCSDS 231.0-B-4)."""

import numpy as np

from lupex.kernels.compiled import kernel


def _crc_table():
    table = np.zeros(256, np.uint16)
    for octet in range(256):
        register = octet << 8
        for _ in range(8):
            register = (register << 1) ^ (0x1021 if register & 0x8000 else 0)
        table[octet] = register & 0xFFFF
    return table


def _bch_table():
    """Parity register after one octet, for every register and octet: 7 bits, generator x7 + x6 + x2 + 1."""
    table = np.zeros((128, 256), np.uint8)
    for register in range(128):
        for octet in range(256):
            value = register
            for k in range(7, -1, -1):
                bit = (octet >> k) & 1
                feedback = bit ^ (value >> 6)
                value = ((value << 1) & 0x7F) ^ (0x45 if feedback else 0)
            table[register, octet] = value
    return table


def _crc_slices():
    """Register after an octet and so many octets 0 behind it: eight octets are then looked up at once."""
    slices = np.zeros((8, 256), np.uint16)
    slices[0] = _CRC
    for k in range(1, 8):
        before = slices[k - 1].astype(np.int64)
        slices[k] = ((before << 8) & 0xFFFF) ^ _CRC[before >> 8]
    return slices


_CRC = _crc_table()
_SLICES = _crc_slices()
_BCH = _bch_table()


@kernel
def crc16(data, start, stop):
    """The checksum of octets ``start`` to ``stop``; 0 where they end in their own."""
    register = np.uint16(0xFFFF)
    # unsigned places: no index is then checked for being negative
    k, end, one = np.uint64(start), np.uint64(stop), np.uint64(1)
    while k + np.uint64(8) <= end:
        both = register ^ np.uint16((np.uint16(data[k]) << np.uint16(8)) | np.uint16(data[k + one]))
        register = _SLICES[7, np.uint8(both >> np.uint16(8))] ^ _SLICES[6, np.uint8(both & np.uint16(0xFF))]
        k += np.uint64(2)
        for j in range(5, -1, -1):
            register ^= _SLICES[j, data[k]]
            k += one
    while k < end:
        register = np.uint16((register << np.uint16(8)) ^ _CRC[np.uint8(register >> np.uint16(8)) ^ data[k]])
        k += one
    return register


@kernel
def crc16_many(data, start, stop, out):
    """`crc16` of many spans; start, stop, out (uint16): (n,)."""
    for i in range(start.size):
        out[i] = crc16(data, start[i], stop[i])


@kernel
def bch_parity(blocks, out):
    """Parity octet of each block: seven complemented parity bits and the fill bit 0.

    Args:
        blocks: (n, 7) or wider, octets. out: (n,) uint8, overwritten.
    """
    for i in range(blocks.shape[0]):
        register = 0
        for k in range(7):
            register = _BCH[register, blocks[i, k]]
        out[i] = ((register ^ 0x7F) << 1) & 0xFE


@kernel
def bch_correct(blocks, corrected):
    """Check code blocks and mend a single wrong bit in place.

    Args:
        blocks: (n, 8) uint8, mended. corrected: (n,) overwritten: bits mended (0 or 1), -1 where more are wrong.
    """
    for i in range(blocks.shape[0]):
        register = 0
        for k in range(7):
            register = _BCH[register, blocks[i, k]]
        syndrome = register ^ ((blocks[i, 7] >> 1) ^ 0x7F)
        corrected[i] = 0
        if syndrome == 0:
            continue
        corrected[i] = -1
        for bit in range(63):  # the syndrome of one wrong bit: that bit alone through the register
            if bit < 56:
                alone = 0
                for k in range(7):
                    octet = (0x80 >> (bit & 7)) if k == bit >> 3 else 0
                    alone = _BCH[alone, octet]
            else:
                alone = 0x40 >> (bit - 56)
            if alone == syndrome:
                if bit < 56:
                    blocks[i, bit >> 3] ^= np.uint8(0x80 >> (bit & 7))
                else:
                    blocks[i, 7] ^= np.uint8(0x80 >> (bit - 56))
                corrected[i] = 1
                break
