"""Flight between Earth and Moon: forces, and Dormand and Prince's eighth order with step control.

Centred on the Earth or the Moon, axes of J2000. Pulls are taken off in full on the body at the centre, so that one
sum serves both. Places of Moon and Sun and both rotations come from a series of Chebyshev polynomials by days
(`lupex.ephemeris.barycentric`). Hairer, Norsett and Wanner (1993), Solving ordinary differential equations I, II.5-10;
the coefficients come with the call.
"""

import math

import numpy as np

from lupex.kernels.compiled import kernel
from lupex.kernels.navigation.gravity import acceleration

MOON, SUN, EARTH_AXES, MOON_AXES, COLUMNS = 3, 6, 9, 18, 27
"""First columns of a row of the series: Moon and Sun from the Earth (m), rotations ITRF93, MOON_ME -> J2000."""

CENTRE, GM_EARTH, GM_MOON, GM_SUN, J2, EARTH_R, PRESSURE, AU, MOON_R, FIELD_WITHIN = range(10)
NUMBERS = 10
"""Numbers of a flight: 0 for the Earth, 1 for the Moon at the centre; m3/s2; oblateness and its radius; solar pressure
times area over mass at 1 au (m/s2) and that unit (m); radius of impact on the Moon (m), 0 for none; distance within
which the Moon's field counts beyond its mass (m)."""

DONE, IMPACT, TOO_MANY = range(3)
STAGES = 12
MOST_STEPS = 2_000_000


@kernel
def sky_row(t, first, block_s, series, last, row, later, after):
    """Columns MOON..last-1 of the series at t, by Clenshaw's recurrence -> row."""
    day = min(max(int(math.floor((t - first) / block_s)), 0), series.shape[0] - 1)
    x = 2.0 * (t - first - day * block_s) / block_s - 1.0
    for i in range(MOON, last):
        later[i] = 0.0
        after[i] = 0.0
    for k in range(series.shape[1] - 1, 0, -1):
        for i in range(MOON, last):
            kept = later[i]
            later[i] = series[day, k, i] + 2.0 * x * kept - after[i]
            after[i] = kept
    for i in range(MOON, last):
        row[i] = series[day, 0, i] + x * later[i] - after[i]


@kernel
def rates(t, y, numbers, first, block_s, series, turn, gm, radius, degree, C, S, factors, A, re, im, work, out):
    """Velocity and acceleration (6,) at t -> out; turn: (3, 3) MOON_ME -> MOON_PA; work: (8, 27)."""
    row = work[0]
    last = COLUMNS if degree > 0 or numbers[J2] != 0.0 else EARTH_AXES
    sky_row(t, first, block_s, series, last, row, work[1], work[2])
    centred_on_moon = numbers[CENTRE] > 0.0
    e, m, s = work[3], work[4], work[5]
    for k in range(3):
        e[k] = y[k] + (row[MOON + k] if centred_on_moon else 0.0)
        m[k] = e[k] - row[MOON + k]
        s[k] = e[k] - row[SUN + k]
        out[k] = y[3 + k]
    re3 = (e[0] * e[0] + e[1] * e[1] + e[2] * e[2]) ** 1.5
    rm = math.sqrt(m[0] * m[0] + m[1] * m[1] + m[2] * m[2])
    rs = math.sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2])
    md3 = (row[MOON] ** 2 + row[MOON + 1] ** 2 + row[MOON + 2] ** 2) ** 1.5
    if centred_on_moon:
        b0, b1, b2 = row[SUN] - row[MOON], row[SUN + 1] - row[MOON + 1], row[SUN + 2] - row[MOON + 2]
    else:
        b0, b1, b2 = row[SUN], row[SUN + 1], row[SUN + 2]
    sd3 = (b0 * b0 + b1 * b1 + b2 * b2) ** 1.5
    for k in range(3):
        sun = b0 if k == 0 else b1 if k == 1 else b2
        out[3 + k] = -numbers[GM_EARTH] * e[k] / re3 - numbers[GM_SUN] * (s[k] / rs**3 + sun / sd3)
        if centred_on_moon:
            out[3 + k] += numbers[GM_EARTH] * row[MOON + k] / md3
        else:
            out[3 + k] -= numbers[GM_MOON] * row[MOON + k] / md3
    if degree > 0 and rm < numbers[FIELD_WITHIN]:
        place, pull = work[6], work[7]
        for i in range(3):
            place[3 + i] = row[MOON_AXES + i] * m[0] + row[MOON_AXES + 3 + i] * m[1] + row[MOON_AXES + 6 + i] * m[2]
        for i in range(3):
            place[i] = turn[i, 0] * place[3] + turn[i, 1] * place[4] + turn[i, 2] * place[5]
        acceleration(place[:3], gm, radius, degree, C, S, factors, A, re, im, pull[:3])
        for i in range(3):
            pull[3 + i] = turn[0, i] * pull[0] + turn[1, i] * pull[1] + turn[2, i] * pull[2]
        for i in range(3):
            a = MOON_AXES + 3 * i
            out[3 + i] += row[a] * pull[3] + row[a + 1] * pull[4] + row[a + 2] * pull[5]
    else:
        for k in range(3):
            out[3 + k] -= numbers[GM_MOON] * m[k] / rm**3
    if numbers[J2] != 0.0 and not centred_on_moon:
        _oblate(e, row, numbers, out)
    if numbers[PRESSURE] > 0.0 and not _in_shadow(e, m, rm, s, numbers):
        push = numbers[PRESSURE] * (numbers[AU] / rs) ** 2 / rs
        for k in range(3):
            out[3 + k] += push * s[k]


@kernel
def _oblate(e, row, numbers, out):
    """The Earth's J2, about its axis of date."""
    p0, p1, p2 = row[EARTH_AXES + 2], row[EARTH_AXES + 5], row[EARTH_AXES + 8]
    r2 = e[0] * e[0] + e[1] * e[1] + e[2] * e[2]
    up = e[0] * p0 + e[1] * p1 + e[2] * p2
    scale = -1.5 * numbers[J2] * numbers[GM_EARTH] * numbers[EARTH_R] ** 2 / (r2 * r2 * math.sqrt(r2))
    share = 1.0 - 5.0 * up * up / r2
    out[3] += scale * (share * e[0] + 2.0 * up * p0)
    out[4] += scale * (share * e[1] + 2.0 * up * p1)
    out[5] += scale * (share * e[2] + 2.0 * up * p2)


@kernel
def _in_shadow(e, m, rm, s, numbers):
    """Whether Earth or Moon hides the Sun's centre."""
    rs = math.sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2])
    along = (e[0] * s[0] + e[1] * s[1] + e[2] * s[2]) / rs
    away = e[0] * e[0] + e[1] * e[1] + e[2] * e[2] - along * along
    if along > 0.0 and away < numbers[EARTH_R] ** 2:
        return True
    along = (m[0] * s[0] + m[1] * s[1] + m[2] * s[2]) / rs
    return along > 0.0 and rm * rm - along * along < 1_737_400.0**2


@kernel
def propagate(
    start, epoch, times, tolerances, numbers, first, block_s, series, turn, gm, radius, degree, C, S, factors,
    a, b, c, e3, e5, out,
):  # fmt: skip
    """States (n, 6) at seconds after the epoch (n,), in one direction -> out; returns DONE, IMPACT or TOO_MANY.

    tolerances: relative, of the place (m), of the velocity (m/s), largest step (s). After an impact rows are NaN.
    """
    A = np.zeros((degree + 2, degree + 2))
    re = np.zeros(degree + 2)
    im = np.zeros(degree + 2)
    work = np.zeros((8, COLUMNS))
    K = np.zeros((STAGES + 1, 6))
    y, new, here = start.copy(), np.empty(6), np.empty(6)
    t, taken = 0.0, 0
    size = 10.0
    rates(epoch, y, numbers, first, block_s, series, turn, gm, radius, degree, C, S, factors, A, re, im, work, K[0])
    for i in range(times.shape[0]):
        while t != times[i]:
            left = times[i] - t
            h = math.copysign(min(size, abs(left), tolerances[3]), left)
            for s in range(1, STAGES):
                for k in range(6):
                    total = 0.0
                    for j in range(s):
                        total += a[s, j] * K[j, k]
                    here[k] = y[k] + h * total
                rates(epoch + t + c[s] * h, here, numbers, first, block_s, series, turn, gm, radius, degree, C, S,
                      factors, A, re, im, work, K[s])  # fmt: skip
            for k in range(6):
                total = 0.0
                for j in range(STAGES):
                    total += b[j] * K[j, k]
                new[k] = y[k] + h * total
            end = times[i] if abs(h) >= abs(left) else t + h
            rates(epoch + end, new, numbers, first, block_s, series, turn, gm, radius, degree, C, S, factors, A, re, im,
                  work, K[STAGES])  # fmt: skip
            error = _error(y, new, h, K, e3, e5, tolerances)
            taken += 1
            if taken > MOST_STEPS:
                return TOO_MANY
            if error <= 1.0:
                grown = 0.9 * max(error, 1e-12) ** -0.125
                if abs(h) >= size or grown < 1.0:
                    size = abs(h) * min(10.0, grown)
                for k in range(6):
                    y[k] = new[k]
                    K[0, k] = K[STAGES, k]
                t = end
                if (
                    numbers[MOON_R] > 0.0
                    and _to_moon(epoch + t, y, numbers, first, block_s, series, work) < numbers[MOON_R]
                ):
                    for later in range(i, times.shape[0]):
                        out[later, :] = math.nan
                    return IMPACT
            else:
                size = abs(h) * max(0.2, 0.9 * error**-0.125)
        for k in range(6):
            out[i, k] = y[k]
    return DONE


@kernel
def _to_moon(t, y, numbers, first, block_s, series, work):
    if numbers[MOON_R] == 0.0:
        return 1.0
    if numbers[CENTRE] > 0.0:
        return math.sqrt(y[0] * y[0] + y[1] * y[1] + y[2] * y[2])
    sky_row(t, first, block_s, series, EARTH_AXES, work[0], work[1], work[2])
    d0, d1, d2 = y[0] - work[0, MOON], y[1] - work[0, MOON + 1], y[2] - work[0, MOON + 2]
    return math.sqrt(d0 * d0 + d1 * d1 + d2 * d2)


@kernel
def _error(y, new, h, K, e3, e5, tolerances):
    five, three = 0.0, 0.0
    for k in range(6):
        scale = (tolerances[1] if k < 3 else tolerances[2]) + tolerances[0] * max(abs(y[k]), abs(new[k]))
        x5, x3 = 0.0, 0.0
        for j in range(STAGES + 1):
            x5 += e5[j] * K[j, k]
            x3 += e3[j] * K[j, k]
        five += (x5 / scale) ** 2
        three += (x3 / scale) ** 2
    if five == 0.0 and three == 0.0:
        return 0.0
    return abs(h) * five / math.sqrt((five + 0.01 * three) * 6.0)
