"""What criteria are worth together: linear value functions, weighted sum, TOPSIS, Pareto front."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.kernels.decision import acceptability as kernel
from lupex.model import CriteriaTable


@dataclass(frozen=True, eq=False)
class Worth:
    """Criteria scaled to be added up.

    Attributes:
        value: (alternative, criterion) 0 (worst) .. 1 (best).
        sigma: (alternative, criterion) one-sigma error on the same scale.
        scale: (criterion,) the criterion's unit per unit of value; 0 where all alternatives are alike.
    """

    value: F64
    sigma: F64
    scale: F64


def check_table(table: CriteriaTable) -> None:
    """Raise InputError for a table without alternatives or criteria, with a name twice, or with a value or error
    that is not finite or an error below 0, naming alternative and criterion."""
    if not table.alternatives or not table.criteria:
        raise InputError("ranking: the table has no alternatives or no criteria", "give at least one of each")
    for what, names in (("alternative", table.alternatives), ("criterion", table.criteria)):
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(f"ranking: {what} '{twice}' stands twice in the table", "give every one its own name")
    for what, array, bad in (
        ("value", table.value, ~np.isfinite(table.value)),
        ("one-sigma error", table.sigma, ~(np.isfinite(table.sigma) & (table.sigma >= 0.0))),
    ):
        if bad.any():
            i, j = np.argwhere(bad)[0]
            raise InputError(
                f"ranking: the {what} of '{table.criteria[j]}' at '{table.alternatives[i]}' is {array[i, j]:g}",
                "give a finite number, or leave the criterion or the alternative out",
            )


def worth(table: CriteriaTable) -> Worth:
    """Linear value functions: 0 at the worst and 1 at the best of all alternatives, each taken one sigma further out.

    scale = max(value + sigma) - min(value - sigma) over the alternatives: without errors the plain range, and never
    so small that noise alone looks like a difference. A criterion in which all are alike without error counts 0.
    """
    low = (table.value - table.sigma).min(axis=0)
    high = (table.value + table.sigma).max(axis=0)
    scale = high - low
    per = np.divide(1.0, scale, out=np.zeros_like(scale), where=scale > 0.0)
    higher = np.asarray(table.higher_is_better)
    return Worth(np.where(higher, table.value - low, high - table.value) * per, table.sigma * per, scale)


def weighted_sum_scores(table: CriteriaTable, weights: F64) -> F64:
    """Sum of weight times `worth` (alternative,), 0..1 for weights (criterion,) that sum to 1."""
    return np.asarray(worth(table).value @ weights)


def topsis_scores(table: CriteriaTable, weights: F64) -> F64:
    """Closeness to the ideal (alternative,), 0 (anti-ideal) .. 1 (ideal): Hwang & Yoon (1981).

    Columns are divided by their Euclidean length and multiplied by the weights (criterion,); the ideal has the best
    of every column, the anti-ideal the worst; closeness = d- / (d+ + d-), Euclidean distances. 0.5 when all
    alternatives are alike. Values enter without their errors.
    """
    length = np.sqrt((table.value**2).sum(axis=0))
    scaled = weights * np.divide(table.value, length, out=np.zeros_like(table.value), where=length > 0.0)
    better = np.where(table.higher_is_better, scaled, -scaled)
    far = np.sqrt(((better - better.max(axis=0)) ** 2).sum(axis=1))
    near = np.sqrt(((better - better.min(axis=0)) ** 2).sum(axis=1))
    return np.divide(near, far + near, out=np.full(far.shape, 0.5), where=far + near > 0.0)


def pareto_front(table: CriteriaTable) -> NDArray[np.bool_]:
    """(alternative,) True where no other is at least as good in every criterion and better in one, errors aside."""
    out = np.empty(len(table.alternatives), np.bool_)
    kernel.pareto(np.ascontiguousarray(table.value), np.asarray(table.higher_is_better), out)
    return out
