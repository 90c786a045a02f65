"""Solvers that know numbers only: mixed-integer linear programmes."""

from lupex.solvers.milp import RowBlock, Solved, solve, sparse_rows

__all__ = ["RowBlock", "Solved", "solve", "sparse_rows"]
