"""Ranking many times over: utilities with uncertain weights and values, sorted sample by sample; the Pareto front.

Every utility is the same sum in the same order: two equal alternatives get equal utilities to the last bit.
"""

import math

import numpy as np

from lupex.kernels.compiled import kernel

DIGIT = 11
BINS = 1 << DIGIT
"""Bits and bins of one pass of the radix sort; two passes tell 4 million utilities apart."""
INSERTION = 48
"""Alternatives up to which insertion alone is fastest."""


@kernel
def pareto(value, higher, out):
    """out (alternative,) bool: no other alternative is at least as good in all and better in one.

    ``value`` (alternative, criterion), ``higher`` (criterion,) bool: more is better.
    """
    n, m = value.shape
    for i in range(n):
        out[i] = True
        for k in range(n):
            # k dominates i: at least as good in every criterion, better in one.
            better = False
            worse = False
            for j in range(m):
                gain = value[k, j] - value[i, j] if higher[j] else value[i, j] - value[k, j]
                if gain < 0.0:
                    worse = True
                    break
                if gain > 0.0:
                    better = True
            if better and not worse:
                out[i] = False
                break


@kernel
def _utilities(worth, variance, weights, noise, draw, utility, spread):
    """utility (alternative,) of one sample: sum of weight times worth plus its normal error."""
    m, n = worth.shape
    for i in range(n):
        utility[i] = 0.0
    for j in range(m):
        w = weights[j]
        for i in range(n):
            utility[i] += w * worth[j, i]
    # Errors of the criteria are independent, so their variances add; one normal number per alternative is enough.
    if noise.shape[0] == 0:
        return
    for i in range(n):
        spread[i] = 0.0
    for j in range(m):
        w = weights[j] * weights[j]
        for i in range(n):
            spread[i] += w * variance[j, i]
    for i in range(n):
        utility[i] += math.sqrt(spread[i]) * noise[draw, i]


@kernel
def _insertion(utility, order):
    """Finish an order that is nearly right: highest utility first."""
    for i in range(1, order.size):
        # Stable: equal utilities keep their order until `_shuffle_ties`.
        held = order[i]
        u = utility[held]
        k = i
        while k > 0 and utility[order[k - 1]] < u:
            order[k] = order[k - 1]
            k -= 1
        order[k] = held


@kernel
def _descending(utility, order, other, keys, histogram):
    """order (alternative,): indices from the highest utility to the lowest. Two radix passes, then insertion."""
    # keys    22 bits: 0 for the highest utility
    # pass 1  by the low 11 bits, pass 2 by the high 11: counting sort, stable    -> order right to 1 part in 4 million
    # then    insertion sorts what shares a key; nearly nothing moves
    n = utility.size
    for i in range(n):
        order[i] = i
    if n > INSERTION:
        # Range of the utilities, from which the keys follow.
        low = utility[0]
        high = utility[0]
        for i in range(n):
            low = min(low, utility[i])
            high = max(high, utility[i])
        if high > low:
            # Evenly over the range; equal utilities all round need no sort.
            per = (BINS * BINS - 1) / (high - low)
            for i in range(n):
                keys[i] = np.int32((high - utility[i]) * per)
            for shift in (0, DIGIT):
                histogram[:] = 0
                for i in range(n):
                    histogram[(keys[i] >> shift) & (BINS - 1)] += 1
                # Where each bin begins.
                total = 0
                for b in range(BINS):
                    count = histogram[b]
                    histogram[b] = total
                    total += count
                for i in range(n):
                    # In the order so far, which makes the pass stable.
                    at = order[i]
                    b = (keys[at] >> shift) & (BINS - 1)
                    other[histogram[b]] = at
                    histogram[b] += 1
                for i in range(n):
                    order[i] = other[i]
    _insertion(utility, order)


@kernel
def _mixed(state):
    """The next state and 64 well mixed bits of it (splitmix64: Steele, Lea, Flood 2014)."""
    state += np.uint64(0x9E3779B97F4A7C15)
    z = state
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state, z ^ (z >> np.uint64(31))


@kernel
def _shuffle_ties(utility, order, state):
    """Put alternatives of exactly equal utility in random order."""
    n = order.size
    first = 0
    while first < n:
        # The run of equal utilities from ``first`` on.
        last = first + 1
        while last < n and utility[order[last]] == utility[order[first]]:
            last += 1
        for i in range(last - 1, first, -1):
            # Fisher and Yates. The remainder favours small numbers by 2^-50 at most.
            state, bits = _mixed(state)
            k = first + np.int64(bits % np.uint64(i - first + 1))
            held = order[i]
            order[i] = order[k]
            order[k] = held
        first = last


@kernel
def rank_block(worth, variance, weights, noise, seeds, counts, rank_sum, top, lead):
    """Rank the alternatives in every sample (``draw``) of a block.

    ``worth``, ``variance`` (criterion, alternative) scaled values and squared scaled errors; ``weights`` (draw,
    criterion); ``noise`` (draw, alternative) standard normal float32, of no rows when nothing is uncertain;
    ``seeds`` (draw,) uint64 for ties. Adds to ``counts`` (rank, alternative) for the ranks it has and to ``rank_sum``
    (alternative,), ranks from 0; fills ``top`` (draw, 2) with the first and second alternative, and ``lead`` (draw,)
    with the utility between them (inf when there is no second).
    """
    n = worth.shape[1]
    utility = np.empty(n)
    spread = np.empty(n)
    order = np.empty(n, np.int32)
    other = np.empty(n, np.int32)
    keys = np.empty(n, np.int32)
    histogram = np.empty(BINS, np.int32)
    for draw in range(weights.shape[0]):
        # Three stages per sample: utilities, order, ties. Then the order is counted.
        _utilities(worth, variance, weights[draw], noise, draw, utility, spread)
        _descending(utility, order, other, keys, histogram)
        _shuffle_ties(utility, order, seeds[draw])
        for rank in range(n):
            # Only the first ranks are counted where there are many alternatives.
            if rank < counts.shape[0]:
                counts[rank, order[rank]] += 1
            rank_sum[order[rank]] += rank
        # Lead of the first over the second: how clear the sample is.
        top[draw, 0] = order[0]
        top[draw, 1] = order[min(1, n - 1)]
        lead[draw] = utility[order[0]] - utility[order[1]] if n > 1 else np.inf


@kernel
def wins_block(base, spread, strongest, who, noise, draws, lo, hi, wins):
    """Add to wins (case,) the samples in which alternative who[case] ranks first, ties shared, for cases lo..hi.

    ``base``, ``spread`` (case, alternative) utility and its standard deviation; ``strongest`` (case, alternative)
    the order in which rivals are tried; ``noise`` (draw, alternative), of no rows when nothing is uncertain.
    """
    n = base.shape[1]
    noisy = noise.shape[0] > 0
    for case in range(lo, hi):
        me = who[case]
        for draw in range(draws):
            # The strongest rivals first: most samples are lost to one of the first few.
            mine = base[case, me]
            if noisy:
                mine += spread[case, me] * noise[draw, me]
            beaten = False
            # Its own place among those of equal utility.
            equal = 1
            for k in range(n):
                i = strongest[case, k]
                if i == me:
                    continue
                u = base[case, i]
                if noisy:
                    u += spread[case, i] * noise[draw, i]
                if u > mine:
                    beaten = True
                    break
                # A tie of n counts 1 / n for each.
                if u == mine:
                    equal += 1
            if not beaten:
                wins[case] += 1.0 / equal
