"""HiGHS on the programme of a schedule: a bound from the whole, a good choice from parts, proof from the whole again.

The programme without its integers has a bound that is nearly always tight, while the search tree takes long to find a
choice that reaches it: the days hang together only through the passes across midnight, and trees do not see that. So
some days at a time are chosen anew with the rest held fast, which takes a fraction of a second each, and the whole is
searched only for something better than what came of it, when the bound is not met. Bounds and proofs are those of the
whole programme alone. No step depends on the clock, except that all stop when the time is up.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.errors import LupexError
from lupex.ground.booking.programme import Programme
from lupex.solvers import solve, sparse_rows

WINDOW_S = 2 * 86_400.0
"""Length of the part chosen anew at a time; the next begins half of it later."""


@dataclass(frozen=True, eq=False)
class Aim:
    """What is minimised, and what else must hold.

    Attributes:
        weights: of the columns. rows: weights and the most their sum may be. lifted: hard needs may be missed.
    """

    weights: F64
    rows: tuple[tuple[F64, float], ...] = ()
    lifted: bool = False


@dataclass(frozen=True, eq=False)
class Found:
    """Columns of the best choice known (empty: none), its objective (inf), a lower bound, whether it is proven best."""

    columns: F64
    objective: float
    bound: float
    proven: bool


def search(programme: Programme, aim: Aim, start: F64 | None = None) -> Found | None:
    """The least of an aim; None when nothing meets its rows.

    Args:
        programme: columns and rows of the whole choice.
        start: a choice known to meet them.

    Stops at ``gap_fraction``, or after ``time_limit_s`` with what it has: columns are empty when that is nothing.
    """
    settings = programme.problem.settings
    left = _left(time.monotonic() + settings.time_limit_s)
    relaxed = _run(programme, aim, left(), whole=False)
    if relaxed is None:
        return None if start is None else _known(aim, start, math.inf)
    best = Found(np.empty(0), math.inf, relaxed.bound, False)
    if start is not None:
        best = _known(aim, start, relaxed.bound)
    elif programme.shape[1]:
        best = _begun(programme, aim, relaxed.bound, left)
    if best.columns.size:
        best = _polished(programme, aim, best, left, WINDOW_S / 4.0)
    if _done(best, settings.gap_fraction) or left() <= 0.0:
        return best
    if not best.columns.size:
        return _run(programme, aim, left())
    better = Aim(aim.weights, (*aim.rows, (aim.weights, best.objective - _step(best.objective))), aim.lifted)
    last = _run(programme, better, left())
    if last is None:
        return Found(best.columns, best.objective, best.objective, True)
    bound = min(best.objective, max(best.bound, last.bound))
    if last.columns.size:
        best = Found(last.columns, last.objective, min(bound, last.objective), last.proven)
    else:
        best = Found(best.columns, best.objective, bound, False)
    return Found(best.columns, best.objective, best.bound, _done(best, 0.0))


def _begun(programme: Programme, aim: Aim, bound: float, left: Callable[[], float]) -> Found:
    """A first choice, from nothing booked: parts chosen one after the other, missing hard needs as little as can be."""
    share = np.array(programme.columns.share)
    dear = 1e3 * max(1.0, float(np.max(aim.weights, initial=0.0)))
    soon = Aim(aim.weights + dear * share * (not aim.lifted), aim.rows, lifted=True)
    empty = Found(np.zeros(programme.shape[1]), math.inf, -math.inf, False)
    found = _polished(programme, soon, empty, left, 0.0)
    if not math.isfinite(found.objective) or (not aim.lifted and float(share @ found.columns) > 1e-9):
        return Found(np.empty(0), math.inf, bound, False)
    return _known(aim, found.columns, bound)


def _polished(programme: Programme, aim: Aim, best: Found, left: Callable[[], float], shift_s: float) -> Found:
    """Parts chosen anew, one after the other until the bound is met; no worse than ``best``."""
    gap_fraction = programme.problem.settings.gap_fraction
    for part in _parts(programme, shift_s):
        if _done(best, gap_fraction) or left() <= 0.0:
            break
        found = _run(programme, aim, left(), held=(part, best.columns))
        if found is None or not found.columns.size:
            continue
        if found.objective < best.objective - _step(found.objective):
            best = Found(found.columns, found.objective, best.bound, False)
    proven = _done(best, 0.0)
    return Found(best.columns, best.objective, best.bound, proven)


def _parts(programme: Programme, shift_s: float) -> Iterator[NDArray[np.int64]]:
    """Columns held fast while one window of time is chosen anew: those of passes wholly outside it."""
    cuts = programme.problem.cuts
    for begin in np.arange(cuts[0] - shift_s, cuts[-1], WINDOW_S / 2.0).tolist():
        outside = [
            np.concatenate([[programme.times[which]], programme.x[which], programme.y[which]])
            for which, (a, b) in enumerate(programme.reach)
            if cuts[b] <= begin or cuts[a] >= begin + WINDOW_S
        ]
        yield np.concatenate([np.empty(0, dtype=np.int64), *outside])


def _run(
    programme: Programme,
    aim: Aim,
    seconds: float,
    whole: bool = True,
    held: tuple[NDArray[np.int64], F64] | None = None,
) -> Found | None:
    """One call of HiGHS; None when there is no solution.

    ``whole``: whole numbers where they are due; without, only the bound counts. ``held``: columns kept as in a choice.
    """
    rows, columns = programme.rows, programme.columns
    count, width = programme.shape
    if width == 0:
        return Found(np.empty(0), 0.0, 0.0, True)
    rules = [sparse_rows(rows.value, rows.row, rows.column, (count, width), rows.low, rows.high)]
    at = np.arange(width)
    rules += [
        sparse_rows(weights, np.zeros(width, dtype=np.int64), at, (1, width), -math.inf, high)
        for weights, high in aim.rows
    ]
    low, high = np.zeros(width), np.array(columns.upper)
    if aim.lifted:
        high[programme.hard] = programme.most
    if held is not None:
        low[held[0]] = high[held[0]] = np.round(held[1][held[0]])
    limits = {"time_limit": max(seconds, 0.1), "mip_rel_gap": programme.problem.settings.gap_fraction}
    done = solve(aim.weights, rules, low, high, np.array(columns.integer) * whole, limits)
    if done.status == "infeasible":
        return None
    if not done.columns.size:
        if done.status == "optimal":
            raise LupexError(f"schedule: HiGHS gave no solution ({done.message})", "report the problem")
        return Found(done.columns, math.inf, done.bound, False)
    return Found(done.columns, done.objective, min(done.bound, done.objective), done.status == "optimal")


def _known(aim: Aim, columns: F64, bound: float) -> Found:
    objective = float(aim.weights @ columns)
    return Found(columns, objective, min(bound, objective), False)


def _done(best: Found, gap_fraction: float) -> bool:
    if best.proven or not math.isfinite(best.objective):
        return best.proven
    return best.objective - best.bound <= max(gap_fraction * abs(best.objective), _step(best.objective))


def _step(objective: float) -> float:
    """Differences of objectives below this do not count."""
    return 1e-6 * max(1.0, abs(objective))


def _left(ends: float) -> Callable[[], float]:
    return lambda: ends - time.monotonic()
