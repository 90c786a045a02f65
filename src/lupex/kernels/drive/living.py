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

Both extremes over a sliding window come from running extremes of blocks as long as the window (van Herk 1992,
Gil and Werman 1993): three passes, whatever its length.
"""

import numpy as np

from lupex.kernels.compiled import kernel

NO_END = 65_535
"""Count of a cell and boundary at which the rover cannot stay."""
COUNTS = 65_534
"""A full battery in counts."""


@kernel
def _least_ahead(values, n, ahead, behind, out):
    """Minimum of values[k] .. values[k + n] into ``out`` (k,), k = 0 .. size - 1 - n.

    Blocks are n + 1 long: the minimum of a window is that of the end of one block (``ahead``: running from the right)
    and the beginning of the next (``behind``: running from the left), both as long as ``values``.
    """
    size, block = values.size, n + 1
    for begin in range(0, size, block):
        stop = min(begin + block, size)
        lowest = np.inf
        for i in range(begin, stop):
            lowest = min(lowest, values[i])
            behind[i] = lowest
        lowest = np.inf
        for i in range(stop - 1, begin - 1, -1):
            lowest = min(lowest, values[i])
            ahead[i] = lowest
    for k in range(size - n):
        out[k] = min(ahead[k], behind[k + n])


@kernel
def _first_fall(total, most, queue, out):
    """First boundary e >= k by which ``total`` has fallen by more than ``most`` from a value since k, into ``out``.

    ``total`` (boundary,); ``out`` (boundary,) gets total.size where it never falls so far. ``queue`` (boundary,) holds
    the falling maxima of the window k .. e, largest first. e never goes back when k goes on.
    """
    size = total.size
    head, tail, e = 0, 0, -1
    for k in range(size):
        if head < tail and queue[head] < k:
            head += 1
        while e < size:
            if e >= k and head < tail and total[queue[head]] - total[e] > most:
                break
            e += 1
            if e < size:
                while tail > head and total[queue[tail - 1]] <= total[e]:
                    tail -= 1
                queue[tail] = e
                tail += 1
        out[k] = e


@kernel
def _first_long_night(lit, most_dark, out):
    """First boundary at which more than ``most_dark`` steps in a row were dark, of those that began at k or later.

    ``lit`` (step,) bool; ``out`` (step + 1,) int64, its size where there is none. Only lit steps k are looked at, so
    that no night reaches back over k.
    """
    steps = lit.size
    out[steps] = steps + 1
    night = 0
    for k in range(steps - 1, -1, -1):
        out[k] = out[k + 1]
        night = 0 if lit[k] else night + 1
        if night > most_dark:
            out[k] = k + int(most_dark) + 1


@kernel
def least_to_stay(disc, full_w, powers, charges, windows, first, needs):
    """Least charge (Wh) with which a rover may end its drive and stay, into ``needs`` (cell, boundary); inf: it cannot.

    A boundary is an end when the step that begins there is lit and either holds:

    * light: over ``windows[0]`` steps the array gives at least the hotel power on average, the charge never falls
      below least, and comes to ``charges[2]`` at some boundary;
    * haven: over ``windows[1]`` steps the charge never falls below least.

    In neither may more than ``windows[2]`` steps in a row be dark. A window that reaches beyond the light is unknown
    and does not count.

    Args:
        disc: (cell, step) uint8, visible share of the Sun's disc, 255 all.
        full_w: (step,) power of the array with the whole disc in view.
        powers: (4,) hotel (W), sleep (W), most charging power (W), hours per step.
        charges: (3,) full, least (Wh), charge to come back to (Wh).
        windows: (3,) int64 steps of light and of haven, most dark steps in a row.
        first: boundary of the first column of ``needs``; as many follow as it has columns.
    """
    cells, steps = disc.shape
    hotel_w, sleep_w, most_w, hours = powers[0], powers[1], powers[2], powers[3]
    full, least, level = charges[0], charges[1], charges[2]
    total, gained, mirrored = np.empty(steps + 1), np.empty(steps + 1), np.empty(steps + 1)
    ahead, behind = np.empty(steps + 1), np.empty(steps + 1)
    low, high = np.empty(steps + 1), np.empty(steps + 1)
    fall, night = np.empty(steps + 1, np.int64), np.empty(steps + 1, np.int64)
    queue, lit = np.empty(steps + 1, np.int64), np.empty(steps, np.bool_)
    for c in range(cells):
        needs[c, :] = np.inf
        if not np.any(disc[c]):
            continue
        # The sums of net energy and of what the array gives, and the deepest fall of all.
        total[0] = gained[0] = 0.0
        highest = deepest = 0.0
        for k in range(steps):
            given = full_w[k] * (disc[c, k] / 255.0)
            lit[k] = disc[c, k] > 0
            net = given - (hotel_w if lit[k] else sleep_w)
            gained[k + 1] = gained[k] + given
            total[k + 1] = total[k] + (net if net < most_w else most_w) * hours
            highest = max(highest, total[k + 1])
            deepest = max(deepest, highest - total[k + 1])
        if deepest > full - least:
            _first_fall(total, full - least, queue, fall)
        else:
            fall[:] = steps + 1
        _first_long_night(lit, windows[2], night)
        for way in range(2):
            n = windows[way]
            if n > steps:
                continue
            _least_ahead(total, n, ahead, behind, low)
            if way == 0:
                mirrored[:] = -total
                _least_ahead(mirrored, n, ahead, behind, high)
            for b in range(needs.shape[1]):
                k = first + b
                if k + n > steps or k >= steps or not lit[k] or fall[k] <= k + n or night[k] <= k + n:
                    continue
                need = least + max(0.0, total[k] - low[k])
                if way == 0:
                    if gained[k + n] - gained[k] < n * hotel_w:
                        continue
                    need = max(need, level + high[k] + total[k])
                if need <= full:
                    needs[c, b] = min(needs[c, b], need)


@kernel
def counted(needs, full_wh, counts):
    """Charges needed (cell, boundary) in `COUNTS` of a full battery, rounded up, into ``counts`` (boundary, cell)."""
    unit = full_wh / COUNTS
    for c in range(needs.shape[0]):
        for b in range(needs.shape[1]):
            if needs[c, b] < np.inf:
                counts[b, c] = np.uint16(min(float(COUNTS), np.ceil(needs[c, b] / unit - 1e-9)))
            else:
                counts[b, c] = NO_END
