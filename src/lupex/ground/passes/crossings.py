"""When a function of time is positive: sampled, its extremes sought between samples, its roots bisected."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.errors import SpanError
from lupex.model import Windows

_GOLDEN = 0.5 * (3.0 - np.sqrt(5.0))


def windows_where_positive(
    function: Callable[[F64], F64], span_tdb_s: tuple[float, float], step_s: float, tolerance_s: float = 0.1
) -> Windows:
    """Windows in which ``function`` (times (n,) -> values (n,), continuous) is above 0, edges to ``tolerance_s``.

    Between samples ``step_s`` apart every local extreme on the wrong side of zero is refined by golden section, so a
    short rise or dip is found unless the function has two extremes of a kind within two steps.

    Args:
        span_tdb_s: first and last instant.

    Raises SpanError for an empty span.
    """
    start, stop = span_tdb_s
    if not stop > start:
        raise SpanError("crossings: the span is empty", "give the earlier instant first")
    times = np.linspace(start, stop, max(3, int(np.ceil((stop - start) / step_s)) + 1))
    values = function(times)
    extra_t, extra_v = _extremes(function, times, values, tolerance_s)
    order = np.argsort(np.concatenate([times, extra_t]), kind="stable")
    times, values = np.concatenate([times, extra_t])[order], np.concatenate([values, extra_v])[order]
    above = values > 0.0
    at = np.flatnonzero(above[1:] != above[:-1])
    roots = _roots(function, times[at], times[at + 1], above[at], tolerance_s)
    edges = np.concatenate([[start] * bool(above[0]), roots, [stop] * bool(above[-1])])
    a, b = edges[0::2], edges[1::2]
    keep = b > a
    return Windows(a[keep], b[keep], (start, stop))


def _extremes(function: Callable[[F64], F64], t: F64, v: F64, tolerance_s: float) -> tuple[F64, F64]:
    """Refined maxima below zero and minima above it."""
    middle, left, right = v[1:-1], v[:-2], v[2:]
    peak = (middle <= 0.0) & (middle >= left) & (middle >= right)
    dip = (middle > 0.0) & (middle <= left) & (middle <= right)
    at = np.flatnonzero(peak | dip)
    sign = np.where(peak[at], 1.0, -1.0)
    a, b = t[at], t[at + 2]
    if not at.size:
        return np.empty(0), np.empty(0)
    c, d = a + _GOLDEN * (b - a), b - _GOLDEN * (b - a)
    fc, fd = sign * function(c), sign * function(d)
    for _ in range(int(np.ceil(np.log(tolerance_s / (b - a).max()) / np.log(1.0 - _GOLDEN))) if at.size else 0):
        lower = fc > fd
        a, b = np.where(lower, a, c), np.where(lower, d, b)
        new = np.where(lower, a + _GOLDEN * (b - a), b - _GOLDEN * (b - a))
        value = sign * function(new)
        c, d, fc, fd = (
            np.where(lower, new, d),
            np.where(lower, c, new),
            np.where(lower, value, fd),
            np.where(lower, fc, value),
        )
    best = np.where(fc > fd, c, d)
    return best, function(best)


def _roots(function: Callable[[F64], F64], a: F64, b: F64, rising_out: NDArray[np.bool_], tolerance_s: float) -> F64:
    if not a.size:
        return np.empty(0)
    for _ in range(max(1, int(np.ceil(np.log2((b - a).max() / tolerance_s))))):
        middle = 0.5 * (a + b)
        same = (function(middle) > 0.0) == rising_out
        a, b = np.where(same, middle, a), np.where(same, b, middle)
    return 0.5 * (a + b)
