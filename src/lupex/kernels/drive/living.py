"""Where a rover that ends its drive can go on living: the least charge with which it may stay, cell by cell.

A rover that stays draws hotel power in sunlight and sleep power without, charges by the light of its cell, and is cut
at full. With P(k) the sum of its net energy (Wh) up to boundary k, it stands from k over n steps without falling
below ``least`` exactly when it begins with at least

    least + P(k) - min of P(j), k <= j <= k + n                                            (1)

and no later fall of P inside those steps is deeper than the battery (full - least), for what lies above full is lost.

       P   .-.        fall from full: max over i <= j of P(i) - P(j)
          /   \\    /
    k ---'     \\  /  <- deepest fall below the beginning: what (1) asks for
                `'

All extremes over a sliding window come from running extremes of blocks as long as the window (van Herk 1992,
Gil and Werman 1993): a window is the end of one block and the beginning of the next, and its deepest fall lies in one
of the two or goes from the highest of the first to the lowest of the second. Cells are done side by side, `LANES` of
them at the same boundary; rows are indexed through ``order`` (0, 1, 2, ...) for the reason told in `heat.lanes`.
"""

import numpy as np

from lupex.kernels.compiled import kernel

NO_END = 65_535
"""Count of a cell and boundary at which the rover cannot stay."""
COUNTS = 65_534
"""A full battery in counts."""
LANES = 32
"""Cells side by side."""


@kernel
def _sums(shine, full_w, powers, order, total, gained):
    """Sums of net energy and of what the array gives (Wh, W steps) into ``total``, ``gained`` (boundary, lane)."""
    hotel_w, sleep_w, most_w, hours = powers[0], powers[1], powers[2], powers[3]
    for w in range(LANES):
        total[0, w] = 0.0
        gained[0, w] = 0.0
    for k in range(shine.shape[0]):
        whole_w, here, after = full_w[k], order[k], order[k + 1]
        for w in range(LANES):
            given = whole_w * (shine[here, w] / 255.0)
            net = given - (hotel_w if shine[here, w] > 0 else sleep_w)
            net = net if net < most_w else most_w
            gained[after, w] = gained[here, w] + given
            total[after, w] = total[here, w] + net * hours


@kernel
def _behind(total, n, order, low, high, fall):
    """Lowest, highest and deepest fall (boundary, lane) from the begin of each boundary's block of n + 1 to it."""
    for b in range(total.shape[0]):
        k = order[b]
        if b % (n + 1) == 0:
            for w in range(LANES):
                low[k, w] = total[k, w]
                high[k, w] = total[k, w]
                fall[k, w] = 0.0
            continue
        before = order[b - 1]
        for w in range(LANES):
            t, h = total[k, w], high[before, w]
            low[k, w] = t if t < low[before, w] else low[before, w]
            h = t if t > h else h
            high[k, w] = h
            fall[k, w] = h - t if h - t > fall[before, w] else fall[before, w]


@kernel
def _ends(shine, total, gained, behind, n, enough, level, charges, most_dark, first, order, bright, ahead, needs):
    """Lowers ``needs`` (boundary from ``first`` on, lane) to the charge with which one may stay for n steps, where one
    may.

    ``behind`` low, high, fall as from `_behind`; ``ahead`` (5, LANES) scratch; ``enough`` least gain, ``level`` charge
    to come to, both -inf for none.
    """
    low, high, fall = behind
    full, least = charges[0], charges[1]
    last, block = total.shape[0] - 1, n + 1
    for w in range(LANES):
        ahead[3, w] = 0.0  # steps of night that begin here
        ahead[4, w] = np.inf  # boundary at which a night has become too long
    for b in range(last, first - 1, -1):
        k = order[b]
        # Lowest, highest and deepest fall from here to the end of the block: running from the right.
        if k == last or k % block == n:
            for w in range(LANES):
                ahead[0, w] = total[k, w]
                ahead[1, w] = total[k, w]
                ahead[2, w] = 0.0
        else:
            for w in range(LANES):
                t, lowest = total[k, w], ahead[0, w]
                lowest = t if t < lowest else lowest
                ahead[0, w] = lowest
                ahead[1, w] = t if t > ahead[1, w] else ahead[1, w]
                ahead[2, w] = t - lowest if t - lowest > ahead[2, w] else ahead[2, w]
        if k == last:
            continue
        for w in range(LANES):
            night = 0.0 if shine[k, w] > 0 else ahead[3, w] + 1.0
            ahead[3, w] = night
            ahead[4, w] = k + most_dark + 1.0 if night > most_dark else ahead[4, w]
        if k + n > last or k - first >= needs.shape[0] or not bright[k]:
            continue
        # A window that is one block has no second part to fall into.
        apart = k % block != 0
        j, row, reach = order[k + n], order[k - first], float(k + n)
        for w in range(LANES):
            t, lower = total[k, w], low[j, w]
            lowest = ahead[0, w] if ahead[0, w] < lower else lower
            highest = ahead[1, w] if ahead[1, w] > high[j, w] else high[j, w]
            deepest = ahead[2, w] if ahead[2, w] > fall[j, w] else fall[j, w]
            across = ahead[1, w] - lower if apart else 0.0
            deepest = across if across > deepest else deepest
            need = least + (t - lowest if t - lowest > 0.0 else 0.0)
            back = level - highest + t
            need = back if back > need else need
            need = need if need <= full else np.inf
            need = need if deepest <= full - least else np.inf
            need = need if ahead[4, w] > reach else np.inf
            need = need if gained[j, w] - gained[k, w] >= enough else np.inf
            need = need if shine[k, w] > 0 else np.inf
            needs[row, w] = need if need < needs[row, w] else needs[row, w]


@kernel
def least_to_stay(disc, full_w, powers, charges, windows, first, needs):
    """Least charge (Wh) with which a rover may end its drive and stay, into ``needs`` (boundary, cell); inf: it cannot.

    A boundary is an end when the step that begins there is lit and either holds:

    * light: over ``windows[0]`` steps the array gives at least the hotel power on average, the charge never falls
      below least, and comes to ``charges[2]`` at some boundary;
    * haven: over ``windows[1]`` steps the charge never falls below least.

    In neither may more than ``windows[2]`` steps in a row be dark. A window that reaches beyond the light is unknown
    and does not count.

    Args:
        disc: (step, cell) uint8, visible share of the Sun's disc, 255 all.
        full_w: (step,) power of the array with the whole disc in view.
        powers: (4,) hotel (W), sleep (W), most charging power (W), hours per step.
        charges: (3,) full, least (Wh), charge to come back to (Wh).
        windows: (3,) int64 steps of light and of haven, most dark steps in a row.
        first: boundary of the first row of ``needs``; as many follow as it has rows.
    """
    steps, cells = disc.shape
    shine, bright = np.empty((steps, LANES), np.uint8), np.empty(steps, np.bool_)
    total, gained = np.empty((steps + 1, LANES)), np.empty((steps + 1, LANES))
    low, high, fall = np.empty((steps + 1, LANES)), np.empty((steps + 1, LANES)), np.empty((steps + 1, LANES))
    order = np.arange(steps + 1)
    ahead, found = np.empty((5, LANES)), np.empty((needs.shape[0], LANES))
    for c in range(0, cells, LANES):
        width = min(LANES, cells - c)
        seen = 0
        for k in range(steps):
            most = 0
            for w in range(width):
                shine[k, w] = disc[k, c + w]
                most = max(most, shine[k, w])
            for w in range(width, LANES):
                shine[k, w] = 0
            bright[k] = most > 0
            seen = max(seen, most)
        for b in range(found.shape[0]):
            for w in range(LANES):
                found[b, w] = np.inf
        if seen > 0:
            _sums(shine, full_w, powers, order, total, gained)
            for way in range(2):
                n = windows[way]
                if n > steps:
                    continue
                enough = n * powers[0] if way == 0 else -np.inf
                level = charges[2] if way == 0 else -np.inf
                _behind(total, n, order, low, high, fall)
                _ends(shine, total, gained, (low, high, fall), n, enough, level, charges, float(windows[2]), first,
                      order, bright, ahead, found)  # fmt: skip
        for b in range(found.shape[0]):
            for w in range(width):
                needs[b, c + w] = found[b, w]


@kernel
def counted(needs, full_wh, counts):
    """Charges needed in `COUNTS` of a full battery, rounded up, into ``counts``; both (boundary, cell)."""
    unit = full_wh / COUNTS
    for b in range(needs.shape[0]):
        for c in range(needs.shape[1]):
            if needs[b, c] < np.inf:
                counts[b, c] = np.uint16(min(float(COUNTS), np.ceil(needs[b, c] / unit - 1e-9)))
            else:
                counts[b, c] = NO_END
