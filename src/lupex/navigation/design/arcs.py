"""Budgets of many arcs and sets of methods at one place: the rows of every method are made once and put together.

What one method says is kept as the triangular factor of its whitened rows, place and own biases; a set of methods is
then a handful of numbers, so that leaving out each in turn costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.navigation.design.budget import PRIOR_M, BudgetRow, BudgetScene, budget_row, method_rows


@dataclass(frozen=True, eq=False)
class Factor:
    """Information of one method on the place, its biases taken out: triangular root (3, 3), and the number of data."""

    root: F64
    data: int


def method_factor(scene: BudgetScene, days: float, name: str) -> Factor:
    """What one method says of the place after some days, its own biases estimated along with it and left behind.

    Args:
        scene: the place and what looks at it. days: length of the arc. name: of the method.
    """
    found = method_rows(scene, days, name)
    biases = found.bias_sigma.size
    rows = np.zeros((found.sigma.size + biases, biases + 3))
    rows[:biases, :biases] = np.diag(1.0 / found.bias_sigma) if biases else 0.0
    rows[biases:, biases:] = found.by_place / found.sigma[:, None]
    rows[biases:, :biases] = found.by_constants() / found.sigma[:, None]
    if rows.shape[0] < biases + 3:
        rows = np.concatenate([rows, np.zeros((biases + 3 - rows.shape[0], biases + 3))])
    # Biases stand first: what is left below them in the triangle is the place alone (Bierman 1977, ch. 6).
    triangle = np.asarray(np.linalg.qr(rows, mode="r"))
    return Factor(triangle[biases:, biases:], found.sigma.size)


def set_row(scene: BudgetScene, days: float, names: Sequence[str], factors: Sequence[Factor]) -> BudgetRow:
    """The budget of a set of methods from what each says.

    Args:
        scene: the place. days: length of the arc. names: of the methods.
        factors: of `method_factor`, one of each.
    """
    stacked = np.concatenate([np.eye(3) / PRIOR_M, *(one.root for one in factors)])
    inverse = np.linalg.inv(np.linalg.qr(stacked, mode="r"))
    return budget_row(scene.place_me_m, days, names, inverse @ inverse.T, sum(one.data for one in factors))


def arc_rows(scene: BudgetScene, arcs: Sequence[float], names: Sequence[str]) -> list[BudgetRow]:
    """For every arc: each method alone, all together, and all but one where there are three or more.

    Args:
        scene: the place and what looks at it.
        arcs: days. names: of methods.

    Raises InputError as `position_budget`.
    """
    rows = []
    for days in arcs:
        known = {name: method_factor(scene, days, name) for name in names}
        sets: list[tuple[str, ...]] = [(name,) for name in names]
        if len(names) > 1:
            sets.append(tuple(names))
        if len(names) > 2:
            sets += [tuple(other for other in names if other != name) for name in names]
        rows += [set_row(scene, days, chosen, [known[name] for name in chosen]) for chosen in sets]
    return rows
