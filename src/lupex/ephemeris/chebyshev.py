"""A smooth vector function of time, sampled where it is cheap to know it exactly.

Time is cut into the very blocks in which DE440 keeps the Moon's orientation, so that no joint of
its polynomials falls inside a block (misplaced blocks cost a factor 50: 20 m instead of 0.5 m at
the Sun), and so that a time has the same value whatever span it is asked in. In each block the
function is the Chebyshev series through its values at the Chebyshev points of the first kind
(Trefethen 2013, *Approximation theory and approximation practice*, ch. 2-3), summed by
Clenshaw's recurrence.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64

BLOCK_S = 8 * 86_400.0
"""Block length: one record of the lunar orientation kernel, two of the Moon's orbit."""

ORIGIN_S = -43_200.0
"""TDB seconds past J2000 at which a block begins: records begin at midnight, J2000 is noon."""

NODES = 14
"""Points per block; more do not help (docs/theory/ephemeris.md)."""

_CHUNK = 65_536


def interpolated(exact: Callable[[F64], F64], times_s: F64, cover_s: tuple[float, float]) -> F64:
    """Values (n, k) of ``exact`` at times (n,), from far fewer evaluations of it where that pays.

    Args:
        exact: the function, times (m,) -> values (m, k); smooth over a block.
        times_s: any order, repeats allowed; all inside the cover.
        cover_s: first and last time at which ``exact`` may be evaluated.
    """
    block, fraction = np.divmod(times_s - ORIGIN_S, BLOCK_S)
    used, which = np.unique(block, return_inverse=True)
    if used.size * NODES >= times_s.size:
        return exact(times_s)
    starts = ORIGIN_S + used * BLOCK_S
    if starts[0] < cover_s[0] or starts[-1] + BLOCK_S > cover_s[1]:
        return exact(times_s)
    series = _series(exact, starts)
    place = 2.0 * fraction / BLOCK_S - 1.0
    parts = [slice(i, i + _CHUNK) for i in range(0, times_s.size, _CHUNK)]
    return np.concatenate([_clenshaw(series, which[part], place[part]) for part in parts])


def _series(exact: Callable[[F64], F64], starts_s: F64) -> F64:
    """Coefficients (node, block, k)."""
    angle = np.pi * (np.arange(NODES) + 0.5) / NODES
    times_s = starts_s[:, None] + (0.5 + 0.5 * np.cos(angle)) * BLOCK_S
    values = exact(times_s.ravel()).reshape(starts_s.size, NODES, -1)
    cosine = np.cos(np.outer(np.arange(NODES), angle)) * (2.0 / NODES)
    cosine[0] /= 2.0
    return np.einsum("in,bnk->ibk", cosine, values)


def _clenshaw(series: F64, which: NDArray[np.intp], place: F64) -> F64:
    x = place[:, None]
    later = np.zeros((place.size, series.shape[2]))
    after = np.zeros_like(later)
    for coefficients in series[:0:-1]:
        later, after = coefficients[which] + 2.0 * x * later - after, later
    return series[0][which] + x * later - after
