"""Multiple-choice programmes: one option of each group, limits on what all use together, one to three costs.

`front` gives every best compromise with proof, by our own search (`lupex.kernels.decision.front`); `least` the best one
for weighted costs, by HiGHS. Both take costs of any scale: they are brought to whole numbers first.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.kernels.decision.front import COSTS
from lupex.kernels.decision.front import front as _search
from lupex.solvers.milp import RowBlock, Solved, solve

MOST_NODES = 400_000_000
_STEPS = 4
"""Weightings of the bound: all (i, j, k) / _STEPS that add to one."""
_DECIMALS = 12
_WHOLE = 2**34
"""Costs that are no decimal numbers are rounded to the largest of them over this."""
_TIGHT = 1e-9
"""Of a limit: what rounding of sums may exceed it by."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Choices:
    """A multiple-choice programme.

    Attributes:
        first: (group + 1,) where the options of a group begin; a group that may be left out has an option of zeros.
        cost: (option, k) with k from 1 to 3, each to be small. use: (option, row). limit: (row,) largest sum of uses.
    """

    first: np.ndarray
    cost: F64
    use: F64
    limit: F64

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len(self.first) - 1


@dataclass(frozen=True, eq=False)
class Front:
    """Every best compromise, one solution for each.

    Attributes:
        picks: (n, group) options taken. cost: (n, k) their costs, sorted by the first, then the second.
        complete: proven that there is no other. nodes: of the search.
    """

    picks: np.ndarray
    cost: F64
    complete: bool
    nodes: int


def front(choices: Choices, most_nodes: int = MOST_NODES) -> Front:
    """Every solution that no other beats or equals in all costs, one for each point; empty when none keeps the limits.

    The answer depends on neither time nor number of threads. Ties are given to the option that stands first.

    Args:
        choices: the programme.
        most_nodes: of the search; when they are used up the answer says that it is not complete.

    Raises: InputError for more than three costs.
    """
    count = choices.cost.shape[1]
    if not 1 <= count <= COSTS:
        raise InputError(f"a front of {count} costs", f"take one to {COSTS}")
    whole = np.zeros((len(choices.cost), COSTS))
    for k in range(count):
        whole[:, k] = whole_numbers(choices.cost[:, k])
    span = np.array([max(1.0, float(np.abs(whole[:, k]).max())) for k in range(COSTS)])
    weights = _weightings(count) / span
    use, limit = _scaled(choices)
    prices = _prices(choices, whole, weights, use, limit)
    reduced = weights @ whole.T + prices @ use.T
    order = _order(choices.first, reduced)
    columns = np.concatenate([np.arange(choices.first[g], choices.first[g + 1]) for g in order])
    first = np.concatenate([[0], np.cumsum([choices.first[g + 1] - choices.first[g] for g in order])]).astype(np.int64)
    rest = np.zeros((choices.groups + 1, len(weights)))
    rest_use = np.zeros((choices.groups + 1, len(limit)))
    for g in range(choices.groups - 1, -1, -1):
        held = columns[first[g] : first[g + 1]]
        rest[g] = rest[g + 1] + reduced[:, held].min(axis=1)
        rest_use[g] = rest_use[g + 1] + use[held].min(axis=0)
    rest -= prices @ limit
    slack = 0.5 * weights[:, :count].sum(axis=1)
    size = 4096
    while True:
        points, picks = np.zeros((size, COSTS)), np.zeros((size, choices.groups), np.int64)
        corners, spare = np.full((6 * size, COSTS), np.inf), np.zeros((6 * size, COSTS))
        corners[0] = 4.0 * choices.groups * span
        counts = np.array([0, 1, 0, 0], np.int64)
        _search(
            first, np.ascontiguousarray(whole[columns]), np.ascontiguousarray(use[columns]), limit * (1.0 + _TIGHT),
            rest_use, weights, slack, np.ascontiguousarray(reduced[:, columns]), rest, most_nodes, points, picks,
            corners, spare, counts,
        )  # fmt: skip
        if counts[3] >= 0:
            break
        size *= 4
    taken = np.zeros((counts[0], choices.groups), np.int64)
    taken[:, order] = columns[picks[: counts[0]]]
    cost = np.array([[math.fsum(choices.cost[row, k]) for k in range(count)] for row in taken]).reshape(-1, count)
    sort = np.lexsort(points[: counts[0]].T[::-1])
    return Front(taken[sort], cost[sort], bool(counts[3] == 1), int(counts[2]))


def least(choices: Choices, cost: F64, more: Sequence[RowBlock] = (), free: int = 0) -> Solved:
    """The solution of least cost, proven; columns (option,) are 1 where an option is taken.

    Args:
        choices: groups and limits; their own costs are not looked at.
        cost: (option + free,) to be small, of any scale.
        more: rows over options and free columns that must hold as well.
        free: continuous columns >= 0 after the options.
    """
    options = len(choices.use)
    scale = float(np.abs(cost).max()) or 1.0
    wide = np.zeros((choices.groups, options + free))
    for g in range(choices.groups):
        wide[g, choices.first[g] : choices.first[g + 1]] = 1.0
    use, limit = _scaled(choices)
    held = np.concatenate([use.T, np.zeros((len(limit), free))], axis=1)
    rows = [RowBlock(wide, 1.0, 1.0), RowBlock(held, -np.inf, limit * (1.0 + _TIGHT)), *more]
    whole = np.concatenate([np.ones(options), np.zeros(free)])
    upper = np.concatenate([np.ones(options), np.full(free, np.inf)])
    # Unless told otherwise HiGHS calls an answer within 1e-4 of the bound optimal, and it takes small costs for none.
    done = solve(cost / scale, rows, np.zeros(options + free), upper, whole, {"mip_rel_gap": 0.0})
    return Solved(done.columns, done.objective * scale, done.bound * scale, done.status, done.message)


def taken(choices: Choices, columns: ArrayLike) -> np.ndarray:
    """(group,) the option taken of each group, from the columns of `least`."""
    values = np.asarray(columns)
    return np.array(
        [lo + int(np.argmax(values[lo:hi])) for lo, hi in zip(choices.first[:-1], choices.first[1:], strict=True)]
    )


def whole_numbers(cost: F64) -> F64:
    """The costs as whole numbers in proportion: exact for decimal numbers, else rounded to 2^-34 of the largest.

    Args:
        cost: (option,) finite.
    """
    largest = float(np.abs(cost).max()) if len(cost) else 0.0
    if largest == 0.0:
        return np.zeros(len(cost))
    start = -math.floor(math.log10(largest))
    for digits in range(start, start + _DECIMALS):
        scaled = cost * 10.0**digits if digits >= 0 else cost / 10.0**-digits
        if np.all(np.abs(scaled - np.round(scaled)) <= 1e-13 * np.abs(scaled).max() + 1e-15 * np.abs(scaled)):
            return np.asarray(np.round(scaled))
    return np.asarray(np.round(cost / largest * _WHOLE))


def _scaled(choices: Choices) -> tuple[F64, F64]:
    """Uses and limits in units of each limit, or of the largest use where the limit is zero."""
    unit = np.abs(choices.limit)
    unit = np.where(unit > 0.0, unit, np.maximum(np.abs(choices.use).max(axis=0, initial=0.0), 1e-300))
    return choices.use / unit, choices.limit / unit


def _weightings(count: int) -> F64:
    grid = [
        (i / _STEPS, j / _STEPS, (_STEPS - i - j) / _STEPS)
        for i in range(_STEPS, -1, -1)
        for j in range(_STEPS - i, -1, -1)
    ]
    return np.array([row for row in grid if not any(row[count:])])


def _prices(choices: Choices, whole: F64, weights: F64, use: F64, limit: F64) -> F64:
    """(L, row) what one unit of a limit is worth under each weighting: the relaxation's multipliers, 0 or more."""
    from scipy.optimize import linprog

    groups = np.zeros((choices.groups, len(whole)))
    for g in range(choices.groups):
        groups[g, choices.first[g] : choices.first[g + 1]] = 1.0
    prices = np.zeros((len(weights), len(limit)))
    if len(limit) == 0:
        return prices
    for row, weight in enumerate(weights):
        done = linprog(
            whole @ weight, A_ub=use.T, b_ub=limit, A_eq=groups, b_eq=np.ones(choices.groups), bounds=(0.0, 1.0)
        )
        # Any price >= 0 gives a valid bound; without a solution of the relaxation zero serves.
        if done.status == 0:
            prices[row] = np.maximum(-np.asarray(done.ineqlin.marginals), 0.0)
    return prices


def _order(first: np.ndarray, reduced: F64) -> np.ndarray:
    """Groups in the order of the search: those first whose options differ most."""
    spread = [float(np.mean(np.ptp(reduced[:, a:b], axis=1))) for a, b in zip(first[:-1], first[1:], strict=True)]
    return np.argsort(-np.asarray(spread), kind="stable")
