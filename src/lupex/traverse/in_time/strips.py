"""Drives as runs of cells of one row, direction and length: what a layer is computed from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, I64
from lupex.kernels.drive.energy_time import fill_strips

U16 = NDArray[np.uint16]

STRIP_GAP = 8
"""Cells without a drive over which a strip goes on: cheaper than beginning a new one."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Strips:
    """Runs of cells of one row with drives of one direction and number of steps, as `energy_time.advance` wants them.

    ``longest`` steps of a drive; ``pace`` most cells (rows or columns) per step; ``reach`` most rows of a drive.
    """

    ptr: I64
    table: I64
    begins: I64
    draws: F64
    longest: int
    pace: float
    reach: int


def strips_of(steps: U16, draw_wh: F64, offsets: Sequence[tuple[int, int]]) -> Strips:
    """Strips of drives (direction, row, col) that belong to a cell and come from it plus (down, right) ``offsets``.

    Args:
        steps: (direction, row, col) time steps each drive takes; 0 where there is none.
        draw_wh: what each drive draws, Wh.
        offsets: (down, right) to the other cell, for each direction.
    """
    rows, cols = steps.shape[1:]
    found: list[tuple[I64, I64, I64, int]] = []
    for d, (down, right) in enumerate(offsets):
        for n in np.unique(steps[d][steps[d] > 0]).tolist():
            flat = np.flatnonzero(steps[d] == n)
            breaks = np.flatnonzero((np.diff(flat) > STRIP_GAP) | (np.diff(flat // cols) > 0)) + 1
            begin, stop = flat[np.r_[0, breaks]], flat[np.r_[breaks - 1, flat.size - 1]]
            table = np.empty((begin.size, 5), np.int64)
            table[:, 0], table[:, 1] = begin % cols, stop % cols + 1
            table[:, 2], table[:, 3], table[:, 4] = down, right, n
            found.append((begin // cols, table, table[:, 1] - table[:, 0], d))
    if not found:
        return Strips(
            ptr=np.zeros(rows + 1, np.int64),
            table=np.zeros((0, 5), np.int64),
            begins=np.zeros(0, np.int64),
            draws=np.zeros(0),
            longest=1,
            pace=0.0,
            reach=1,
        )
    row, table, size = (np.concatenate([part[i] for part in found]) for i in range(3))
    begins = np.cumsum(size) - size
    draws = np.empty(int(size.sum()))
    at = 0
    for part_row, part, _, d in found:
        fill_strips(draw_wh[d], steps[d], part, part_row, begins[at : at + part_row.size], draws)
        at += part_row.size
    order = np.argsort(row, kind="stable")
    ptr = np.searchsorted(row[order], np.arange(rows + 1))
    far = np.maximum(abs(table[:, 2]), abs(table[:, 3]))
    return Strips(
        ptr=ptr.astype(np.int64),
        table=table[order],
        begins=begins[order],
        draws=draws,
        longest=int(table[:, 4].max()),
        pace=float((far / table[:, 4]).max()),
        reach=max(1, int(abs(table[:, 2]).max())),
    )
