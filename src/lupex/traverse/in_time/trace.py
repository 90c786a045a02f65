"""From the end of a drive back to its start: what was done, found by computing again only what lies around the way."""

import math
from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.kernels.drive.energy_time import NEVER
from lupex.model.fields.light_series import Window
from lupex.traverse.in_time.problem import FULL, HOTEL, LEAST, MOST, SLEEP, Piece, TimeProblem
from lupex.traverse.in_time.sweep import Charges, End, Saved, forward, restored, window_of
from lupex.traverse.steps.edges import DOWN, RIGHT

TIE_WH = 1e-9
"""Charges this close are equal: the rover then rather stands than drives."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """From boundary ``k`` on for ``steps``: stand, do task ``task`` (0, 1, ...; -1: none) or drive to another cell.

    Rows and columns of the crop; ``direction``: of the drive in `Edges`, -1 where it stands.
    """

    k: int
    steps: int
    row: int
    col: int
    direction: int = -1
    task: int = -1


@dataclass(frozen=True, eq=False)
class Stretch:
    """All layers from one kept state to boundary ``k`` in a window; ``left``: what left each task, from boundary
    ``begin`` + 1 on."""

    begin: int
    k: int
    charges: Charges
    light: Piece
    left: list[F64]


def trace(problem: TimeProblem, saves: list[Saved], end: End) -> list[Move]:
    """The moves of the drive that comes to ``end`` with its charge, first to last.

    Args:
        problem: the drive in time, as arrays.
        saves: states kept on the way, from which the layers between are computed again.
        end: cell and boundary the drive comes to.
    """
    moves: list[Move] = []
    stage, k, row, col = len(problem.dwells), end.k, end.row, end.col
    stretch: Stretch | None = None
    while k > 0:
        if stretch is None or k <= stretch.begin:
            stretch = stretch_to(problem, saves, k, row, col)
        move = _last_move(problem, stretch, stage, k, row, col)
        moves.append(move)
        stage, k, row, col = (stage - (move.task >= 0), move.k, move.row, move.col)
    moves += [Move(k=0, steps=0, row=row, col=col, task=task) for task in range(stage - 1, -1, -1)]
    return moves[::-1]


def stretch_to(problem: TimeProblem, saves: list[Saved], k: int, row: int, col: int) -> Stretch:
    """The layers that decide how the rover came to a cell at boundary k, from the last state kept before."""
    kept = max((save for save in saves if save.k < k), key=lambda save: save.k)
    window = window_before(problem, kept.k, k, row, col)
    charges = restored(problem, kept, window, k - kept.k + problem.strips.longest + 1)
    light = problem.read(max(0, kept.k - problem.strips.longest + 1), k, window)
    box = np.array([window[0], window[0] + window[2], window[1], window[1] + window[3]], np.int64)
    left = forward(problem, charges, light, k - kept.k, box, None)
    return Stretch(kept.k, k, charges, light, left)


def window_before(problem: TimeProblem, begin: int, k: int, row: int, col: int) -> Window:
    """Cells from which a cell at boundary k can be reached since ``begin``, drives begun before included."""
    far = int(problem.strips.pace * (k - begin + problem.strips.longest)) + 1
    rows, cols = problem.grid.shape
    box = np.array([max(0, row - far), min(rows, row + far + 1), max(0, col - far), min(cols, col + far + 1)], np.int64)
    return window_of(box)


def after_step(charge: float, counts: float, power_wh: float, half_wh: float, powers: F64) -> float:
    """Charge after one time step with ``counts``: of the disc at both cells of a drive, twice that where it stands."""
    charge = min(float(powers[FULL]), charge + min(half_wh * counts - power_wh, float(powers[MOST])))
    return charge if charge >= powers[LEAST] else NEVER


def _last_move(problem: TimeProblem, stretch: Stretch, stage: int, k: int, row: int, col: int) -> Move:
    """The move that brings the most charge to a cell at boundary k; the layer knows how much that is."""
    window = stretch.charges.window
    most = float(stretch.charges.layer(stage, k)[row - window[0], col - window[1]])
    best, wh = Move(k=k - 1, steps=1, row=row, col=col), _waited(problem, stretch, stage, k, row, col)
    if wh >= most - TIE_WH:
        return best
    for move, arrives in (_task(problem, stretch, stage, k, row, col),
                          *_drives(problem, stretch, stage, k, row, col)):  # fmt: skip
        if arrives > wh + TIE_WH:
            best, wh = move, arrives
    if wh == NEVER:
        raise AssertionError(f"nothing leads to row {row}, column {col} at boundary {k}")
    return best


def _waited(problem: TimeProblem, stretch: Stretch, stage: int, k: int, row: int, col: int) -> float:
    charges, light = stretch.charges, stretch.light
    before = charges.layer(stage, k - 1)[row - charges.window[0], col - charges.window[1]]
    disc = float(light.disc[k - 1 - light.at[0], row - light.at[1], col - light.at[2]])
    power = problem.powers[HOTEL] if disc > 0.0 else problem.powers[SLEEP]
    return after_step(float(before), 2.0 * disc, float(power), float(problem.half_wh[k - 1]), problem.powers)


def _task(problem: TimeProblem, stretch: Stretch, stage: int, k: int, row: int, col: int) -> tuple[Move, float]:
    """The task before this stage, if it ends here and now."""
    nothing = (Move(k=k, steps=0, row=row, col=col), NEVER)
    if stage == 0 or stage > len(stretch.left):
        return nothing
    dwell = stretch.charges.standing[stage - 1].dwell
    goal = np.flatnonzero((dwell.row == row) & (dwell.col == col))
    if goal.size == 0:
        return nothing
    move = Move(k=k - dwell.slots, steps=dwell.slots, row=row, col=col, task=stage - 1)
    return move, float(stretch.left[stage - 1][k - stretch.begin - 1, goal[0]])


def _drives(problem: TimeProblem, stretch: Stretch, stage: int, k: int, row: int, col: int) -> list[tuple[Move, float]]:
    charges, light = stretch.charges, stretch.light
    found = []
    for d in range(problem.steps.shape[0]):
        n = int(problem.steps[d, row, col])
        r, c = row - int(DOWN[d]), col - int(RIGHT[d])
        if n == 0 or n > k:
            continue
        wh = float(charges.layer(stage, k - n)[r - charges.window[0], c - charges.window[1]])
        draw = float(problem.draw_wh[d, row, col])
        for q in range(k - n, k):
            t = q - int(light.at[0])
            here = (t, row - int(light.at[1]), col - int(light.at[2]))
            there = (t, r - int(light.at[1]), c - int(light.at[2]))
            if wh == NEVER or (problem.comm and not (light.earth[here] and light.earth[there])):
                wh = -math.inf
                break
            counts = float(light.disc[here]) + float(light.disc[there])
            wh = after_step(wh, counts, draw, float(problem.half_wh[q]), problem.powers)
        found.append((Move(k=k - n, steps=n, row=r, col=c, direction=d), wh))
    return found
