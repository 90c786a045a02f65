"""Reed-Solomon over GF(256) as CCSDS 131.0-B has it: field x8 + x7 + x2 + x + 1, roots alpha^(11 j).

Everything is counted in powers of beta = alpha^11, which generates the field as well: roots are then neighbours, and
the decoder is the textbook's (syndromes, Berlekamp-Massey, Chien's search, Forney's formula).
"""

import numpy as np

from lupex.kernels.compiled import inlined, kernel

FIELD = 0x187
ORDER = 255


def _tables():
    alpha = np.zeros(ORDER, np.int64)
    value = 1
    for power in range(ORDER):
        alpha[power] = value
        value <<= 1
        if value & 0x100:
            value ^= FIELD
    beta = alpha[(11 * np.arange(2 * ORDER)) % ORDER]
    log = np.zeros(256, np.int64)
    log[beta[:ORDER]] = np.arange(ORDER)
    return beta, log


_EXP, _LOG = _tables()


@inlined
def _times(a, b):
    return 0 if a == 0 or b == 0 else _EXP[_LOG[a] + _LOG[b]]


def generator(parity: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Coefficients of the code's generator, highest power first (parity + 1,): product of x - beta^(128 - E + j)."""
    first = 128 - parity // 2
    poly = [1]
    for j in range(parity):
        root = _EXP[(first + j) % ORDER]
        poly = [
            (poly[k] if k < len(poly) else 0) ^ (int(_EXP[_LOG[poly[k - 1]] + _LOG[root]]) if k and poly[k - 1] else 0)
            for k in range(len(poly) + 1)
        ]
    return np.array(poly, np.int64)


@kernel
def encode(blocks, poly, out):
    """Parity of each row.

    Args:
        blocks: (n, k) uint8, conventional symbols; k + parity up to 255 (shorter: leading zeros are meant).
        poly: from `generator`. out: (n, parity) uint8, overwritten.
    """
    parity = poly.size - 1
    register = np.zeros(parity, np.int64)
    for i in range(blocks.shape[0]):
        register[:] = 0
        for k in range(blocks.shape[1]):
            feedback = np.int64(blocks[i, k]) ^ register[0]
            for j in range(parity - 1):
                register[j] = register[j + 1] ^ _times(feedback, poly[j + 1])
            register[parity - 1] = _times(feedback, poly[parity])
        for j in range(parity):
            out[i, j] = register[j]


@kernel
def correct(words, parity, corrected):
    """Mend code words in place.

    Args:
        words: (n, N) uint8, N up to 255, conventional symbols, parity last. parity: 2 E symbols.
        corrected: (n,) overwritten: symbols mended, -1 where more than E are wrong (the word stays as it was).
    """
    size = words.shape[1]
    first = 128 - parity // 2
    syndrome = np.zeros(parity, np.int64)
    locator = np.zeros(parity + 1, np.int64)
    before = np.zeros(parity + 1, np.int64)
    spare = np.zeros(parity + 1, np.int64)
    value = np.zeros(parity, np.int64)
    places = np.zeros(parity, np.int64)
    amounts = np.zeros(parity, np.int64)
    for i in range(words.shape[0]):
        wrong = False
        for j in range(parity):
            power = (first + j) % ORDER
            total = 0
            for k in range(size):
                if total:
                    total = _EXP[_LOG[total] + power]
                total ^= words[i, k]
            syndrome[j] = total
            wrong = wrong or total != 0
        corrected[i] = 0
        if not wrong:
            continue
        corrected[i] = -1
        # Berlekamp-Massey: the shortest register that makes the syndromes
        locator[:] = 0
        before[:] = 0
        locator[0] = before[0] = 1
        degree, shift, last = 0, 1, 1
        for j in range(parity):
            gap = syndrome[j]
            for k in range(1, degree + 1):
                gap ^= _times(locator[k], syndrome[j - k])
            if gap == 0:
                shift += 1
                continue
            scale = _EXP[(_LOG[gap] - _LOG[last]) % ORDER]
            spare[:] = locator
            for k in range(parity + 1 - shift):
                locator[k + shift] ^= _times(scale, before[k])
            if 2 * degree <= j:
                degree, last, shift = j + 1 - degree, gap, 1
                before[:] = spare
            else:
                shift += 1
        if degree > parity // 2:
            continue
        # Chien: which places make the locator vanish
        found = 0
        for power in range(size):
            inverse = (ORDER - power) % ORDER
            total = 0
            for k in range(degree + 1):
                if locator[k]:
                    total ^= _EXP[(_LOG[locator[k]] + k * inverse) % ORDER]
            if total == 0:
                if found < degree:
                    places[found] = power
                found += 1
        if found != degree:
            continue
        # Forney: by how much each symbol is wrong
        for k in range(parity):
            total = 0
            for m in range(min(k, degree) + 1):
                total ^= _times(locator[m], syndrome[k - m])
            value[k] = total
        sound = True
        for f in range(found):
            inverse = (ORDER - places[f]) % ORDER
            top, slope = 0, 0
            for k in range(parity):
                if value[k]:
                    top ^= _EXP[(_LOG[value[k]] + k * inverse) % ORDER]
            for k in range(1, degree + 1, 2):
                if locator[k]:
                    slope ^= _EXP[(_LOG[locator[k]] + (k - 1) * inverse) % ORDER]
            if slope == 0 or top == 0:
                sound = False
                break
            amounts[f] = _EXP[(_LOG[top] - _LOG[slope] + places[f] * (1 - first)) % ORDER]
        if not sound:
            continue
        for f in range(found):
            words[i, size - 1 - places[f]] ^= np.uint8(amounts[f])
        corrected[i] = found
