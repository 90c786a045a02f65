"""Mixed-integer linear programmes by HiGHS (Huangfu and Hall 2018, doi:10.1007/s12532-017-0130-5) through scipy.

One shield for all callers: HiGHS may print past Python, its statuses are numbers, and a bound may be missing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lupex.base.arrays import F64
from lupex.solvers.quiet import quiet_stdout

STATUSES = ("optimal", "infeasible", "stopped")
"""Proven best; nothing keeps the rows; a limit was reached, or HiGHS gave up."""
_HIGHS = {0: "optimal", 2: "infeasible"}


@dataclass(frozen=True, eq=False)
class RowBlock:
    """Rows of a programme, ``low <= matrix @ columns <= high``: matrix (m, n), sparse or not; limits (m,) or one."""

    matrix: Any
    low: ArrayLike
    high: ArrayLike


@dataclass(frozen=True, eq=False)
class Solved:
    """What HiGHS found.

    Attributes:
        columns: (n,) of the best choice known, empty when none is. objective: its, inf when there is none.
        bound: no choice has a lower objective; -inf when nothing is proven.
        status: one of STATUSES. message: of HiGHS.
    """

    columns: F64
    objective: float
    bound: float
    status: str
    message: str = ""


def sparse_rows(
    values: ArrayLike, row: ArrayLike, column: ArrayLike, shape: tuple[int, int], low: ArrayLike, high: ArrayLike
) -> RowBlock:
    """Rows from their coefficients.

    Args:
        values, row, column: (k,) coefficients and where they stand; repeated places are added up.
        shape: (m, n), rows and columns of the programme.
        low, high: (m,) or one, limits of the rows.
    """
    from scipy.sparse import csr_array

    return RowBlock(csr_array((np.asarray(values), (np.asarray(row), np.asarray(column))), shape=shape), low, high)


def solve(
    costs: F64,
    rows: Sequence[RowBlock],
    lower: ArrayLike,
    upper: ArrayLike,
    whole: ArrayLike,
    limits: dict[str, Any] | None = None,
) -> Solved:
    """The columns of least cost that keep all rows and bounds, with a proven bound.

    Args:
        costs: (n,) of the columns.
        rows: what must hold, in this order.
        lower, upper: (n,) or one, bounds of the columns.
        whole: (n,) or one, 1 where a column must be a whole number, 0 where not.
        limits: of the search, as HiGHS knows them: ``time_limit`` (s), ``node_limit``, ``mip_rel_gap``.

    A relaxed programme (no whole numbers) that is optimal has its own objective as bound.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    rules = [LinearConstraint(block.matrix, block.low, block.high) for block in rows]
    with quiet_stdout():
        done: Any = milp(costs, integrality=whole, bounds=Bounds(lower, upper), constraints=rules, options=limits)
    status = _HIGHS.get(int(done.status), "stopped")
    bound = -math.inf if done.mip_dual_bound is None else float(done.mip_dual_bound)
    if not np.any(whole):
        bound = float(done.fun) if status == "optimal" and done.fun is not None else -math.inf
    message = str(done.message).strip()
    if done.x is None:
        return Solved(np.empty(0), math.inf, bound, status, message)
    return Solved(np.asarray(done.x, np.float64), float(done.fun), bound, status, message)
