"""Monte Carlo of a planned drive: samples of speed, energy and faults; and standing still until charge runs out.

Time runs in even steps. A drive is a list of spans; in each the rover drives from cell ``here`` to cell ``there``,
works, or stands. Light of a drive is the mean of its two cells, as in planning.
"""

import math

import numpy as np

from lupex.kernels.compiled import kernel
from lupex.kernels.drive.energy_time import BOTH_FULL

DRIVE, WORK, IDLE = 0, 1, 2
SURVIVES, BATTERY, DARK, SPAN, NO_LIFE = 0, 1, 2, 3, 4
"""How a sample ends: well, charge below the least, too long without sunlight, beyond the steps of the light, where it
cannot go on living."""

STEP_S, FULL_WH, LEAST_WH, MOST_W, LONGEST_DARK_S = range(5)
"""Places in ``limits``: step length (s), full and least charge (Wh), most charging power (W), longest darkness (s)."""

NOW_S, CHARGE_WH, DARK_S = range(3)
"""Places in ``clock``: seconds since the first step, charge (Wh), seconds without sunlight."""

NEAR_WH = 1e-3
"""Charges this close are equal: the charges of the plan are rounded with its times."""
NEAR_S = 0.02
"""Times this close to a step's boundary are on it: steps of TDB are even to a few milliseconds only."""


@kernel
def _next_uniform(state):
    """The next random number in (0, 1) of a 64-bit state (1,): SplitMix64 (Steele, Lea, Flood 2014)."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (float(z >> np.uint64(11)) + 0.5) / 9007199254740992.0


@kernel
def _pass_time(span, power, factor, here, there, idle, clock, disc, full_w, limits, out):
    """Let ``span`` seconds pass at cells ``here`` and ``there``; returns how it ends.

    ``clock`` (3,) and ``limits`` (5,): see `NOW_S` and `STEP_S` above; ``power`` (2,): drawn in sunlight
    and, when ``idle``, without. ``out[0]`` keeps the lowest charge.
    """
    end = clock[NOW_S] + span
    steps = disc.shape[1]
    while end - clock[NOW_S] > NEAR_S:
        # Piece by piece, cut at the boundaries of the light's steps.
        k = int((clock[NOW_S] + NEAR_S) / limits[STEP_S])
        if k >= steps:
            return SPAN
        stop = min(end, (k + 1) * limits[STEP_S])
        light = float(disc[here, k]) + float(disc[there, k])
        drawn = power[1] if idle and light == 0.0 else power[0]
        net = min(full_w[k] * light / BOTH_FULL - drawn * factor, limits[MOST_W])
        passed = stop - clock[NOW_S]
        # A battery above full (as given at the start) is not drained to full at once.
        top = max(limits[FULL_WH], clock[CHARGE_WH])
        clock[CHARGE_WH] = min(top, clock[CHARGE_WH] + net * passed / 3600.0)
        clock[DARK_S] = 0.0 if light > 0.0 else clock[DARK_S] + passed
        clock[NOW_S] = stop
        if clock[CHARGE_WH] < out[0]:
            out[0] = clock[CHARGE_WH]
        if clock[CHARGE_WH] < limits[LEAST_WH] - 1e-6:
            return BATTERY
        if clock[DARK_S] > limits[LONGEST_DARK_S] + 1e-6:
            return DARK
    clock[NOW_S] = end
    return SURVIVES


@kernel
def _drive_on(span, power, factor, here, there, need_view, hotel, clock, disc, earth, full_w, limits, out):
    """Drive for ``span`` seconds, waiting at ``here`` or ``there`` (the nearer) whenever the view is gone."""
    left = span
    steps = disc.shape[1]
    while left > NEAR_S:
        k = int((clock[NOW_S] + NEAR_S) / limits[STEP_S])
        if k >= steps:
            return SPAN
        rest = (k + 1) * limits[STEP_S] - clock[NOW_S]
        # No view: wait where it is nearer, until the next step of the light.
        if need_view and (earth[here, k] == 0 or earth[there, k] == 0):
            cell = here if left > 0.5 * span else there
            end = _pass_time(rest, hotel, factor, cell, cell, True, clock, disc, full_w, limits, out)
        else:
            part = min(left, rest)
            end = _pass_time(part, power, factor, here, there, False, clock, disc, full_w, limits, out)
            left -= part
        if end != SURVIVES:
            return end
    clock[NOW_S] += left
    return SURVIVES


@kernel
def drive_draws(first, last, speeds, factors, seeds, rates, mean_delay_s, begin, plan_s, least_s, metres, powers, kind,
                here, there, hotel, need_view, disc, earth, full_w, limits, stay_wh, ends, lows, late_s):  # fmt: skip
    """Simulate samples ``first`` <= n < ``last`` of a drive; fills how each ends, its lowest charge, its final delay.

    Args:
        speeds, factors, seeds: (draw,) factor of speed, factor of all that is drawn, seed of the faults.
        rates: (2,) faults per second and per metre, while driving or working. mean_delay_s: of their lengths.
        begin: (3,) clock at the start, see `_pass_time`. plan_s: (span + 1,) planned times, s since the first step.
        least_s: (span,) shortest time for a drive at factor 1, or for the work. metres: (span,) driven.
        powers: (span,) W drawn when it goes as planned. kind: (span,) DRIVE, WORK or IDLE.
        here, there: (span,) cells. hotel: (2,) W idle in sunlight and without.
        disc, earth: (cell, step). full_w: (step,) power of the array with the whole disc in view.
        stay_wh: (boundary,) least charge with which a drive may end in the last cell, inf where it may not; or (0,)
            where any end will do. A sample that arrives between two boundaries stands until the later one.
    """
    # sample n:  span 0 | span 1 | ...      each: DRIVE or WORK as fast as this sample allows, IDLE until the plan says
    #                  ^ fault               ``hazard``: exposure left until the next fault, exponential; when a span
    #                                        uses it up, that share is driven, a delay passes, the rest follows
    awake = np.array([hotel[0], hotel[0]])
    power = np.empty(2)
    out = np.empty(1)
    clock = np.empty(3)
    state = np.empty(1, np.uint64)
    for n in range(first, last):
        clock[:] = begin
        out[0] = clock[CHARGE_WH]
        state[0] = seeds[n]
        hazard = -math.log(_next_uniform(state))
        end = SURVIVES
        for i in range(kind.size):
            planned = plan_s[i + 1] - plan_s[i]
            # Idle spans take up delay: the rover goes on as soon as the plan allows.
            if kind[i] == IDLE:
                if plan_s[i + 1] > clock[NOW_S]:
                    end = _pass_time(plan_s[i + 1] - clock[NOW_S], hotel, factors[n], here[i], here[i], True, clock,
                                     disc, full_w, limits, out)  # fmt: skip
                if end != SURVIVES:
                    break
                continue
            # Late, it drives faster than planned, up to its own fastest; the energy above hotel power stays that of
            # the plan.
            shortest = least_s[i] / speeds[n] if kind[i] == DRIVE else least_s[i]
            length = max(shortest, plan_s[i + 1] - clock[NOW_S])
            drive_w = (powers[i] - hotel[0]) * planned / length if kind[i] == DRIVE else powers[i] - hotel[0]
            power[0] = power[1] = hotel[0] + drive_w
            # Exposure of the span: by time and by distance.
            risky = rates[0] * length + rates[1] * metres[i]
            done = 0.0
            while end == SURVIVES and done < 1.0:
                share = 1.0 - done
                struck = risky * share > hazard
                if struck:
                    share = hazard / risky
                else:
                    hazard -= risky * share
                if kind[i] == DRIVE:
                    end = _drive_on(share * length, power, factors[n], here[i], there[i], need_view, hotel, clock, disc,
                                    earth, full_w, limits, out)  # fmt: skip
                else:
                    end = _pass_time(share * length, power, factors[n], here[i], here[i], False, clock, disc, full_w,
                                     limits, out)  # fmt: skip
                done = done + share if struck else 1.0
                if struck and end == SURVIVES:
                    hazard = -math.log(_next_uniform(state))
                    delay = -math.log(_next_uniform(state)) * mean_delay_s
                    # Stranded in the nearer of both cells, awake.
                    cell = here[i] if done < 0.5 or kind[i] == WORK else there[i]
                    end = _pass_time(delay, awake, factors[n], cell, cell, False, clock, disc, full_w, limits, out)
            if end != SURVIVES:
                break
        late_s[n] = clock[NOW_S] - plan_s[plan_s.size - 1]
        # Arrived alive: stand until the next boundary, at which the charge needed to stay is known.
        if end == SURVIVES and stay_wh.size > 0 and there.size > 0:
            boundary = int(math.ceil((clock[NOW_S] - NEAR_S) / limits[STEP_S]))
            cell = there[there.size - 1]
            wait = boundary * limits[STEP_S] - clock[NOW_S]
            if boundary >= stay_wh.size:
                end = SPAN
            elif wait > NEAR_S:
                end = _pass_time(wait, hotel, factors[n], cell, cell, True, clock, disc, full_w, limits, out)
            if end == SURVIVES and clock[CHARGE_WH] < stay_wh[boundary] - NEAR_WH:
                end = NO_LIFE
        ends[n] = end
        lows[n] = out[0]


@kernel
def stand_on(disc, full_w, hotel, limits, needed, begin, first, battery, dark_s, alive, until, lit, lowest):
    """Let rovers stand still, each in its own cell, over steps k = first .. first + len(disc) - 1.

    ``disc`` (step, cell); ``needed`` (step + 1, cell) least charge (Wh) at the steps' boundaries, or (0, 0) for none;
    ``begin`` (cell,) when each begins to stand, in steps (a fraction within a step). ``limits`` as in `_pass_time`.
    Changes per cell: ``battery`` (Wh), ``dark_s``, ``alive`` (uint8), ``until`` (last boundary, in steps, at which all
    was well), ``lit`` (s of sunlight) and ``lowest`` (Wh) until then.
    """
    steps, cells = disc.shape
    for c in range(cells):
        for s in range(steps):
            k = first + s
            if alive[c] == 0 or begin[c] >= k + 1:
                continue
            # Only the part of the step after it began to stand.
            share = min(1.0, k + 1 - begin[c])
            span = share * limits[STEP_S]
            light = float(disc[s, c]) / 255.0
            drawn = hotel[0] if light > 0.0 else hotel[1]
            net = min(full_w[s] * light - drawn, limits[MOST_W])
            battery[c] = min(max(limits[FULL_WH], battery[c]), battery[c] + net * span / 3600.0)
            dark_s[c] = 0.0 if light > 0.0 else dark_s[c] + span
            least = limits[LEAST_WH]
            if needed.size > 0:
                least = max(least, needed[s + 1, c])
            # Below the charge needed, or too long in darkness: what was noted before stays.
            if battery[c] < least - 1e-6 or dark_s[c] > limits[LONGEST_DARK_S] + 1e-6:
                alive[c] = 0
                continue
            until[c] = k + 1
            lowest[c] = min(lowest[c], battery[c])
            if light > 0.0:
                lit[c] += span
