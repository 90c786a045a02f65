"""The best drive where cells keep several states, and its moves found from the end back to the start."""

import math
from dataclasses import dataclass, replace

import numpy as np

from lupex.base.arrays import F64
from lupex.base.running import Running
from lupex.kernels.drive.energy_labels import label_step
from lupex.kernels.drive.energy_time import NEVER
from lupex.traverse.in_time.dark_alone import keeps_dark
from lupex.traverse.in_time.labels import (
    CLOSE_WH,
    LabelEnd,
    Labels,
    LabelSweep,
    PackedLabels,
    Rules,
    check_memory,
    forward_labels,
    label_sweep,
    unpacked,
)
from lupex.traverse.in_time.problem import HOTEL, MOST, SLEEP, Piece, TimeProblem
from lupex.traverse.in_time.settings import TimeSettings
from lupex.traverse.in_time.sweep import sweep
from lupex.traverse.in_time.to_go import least_to_go
from lupex.traverse.in_time.trace import Move, trace, window_before
from lupex.traverse.in_time.waypoints import drawn_wh, longest_dark_steps
from lupex.traverse.steps.edges import DOWN, RIGHT

Label = tuple[float, float, float]

SHARES = (0.02, 0.1, 0.35)
MORE_THAN_LEAST = (1.05, 1.2, 1.6)
"""Tries of what a drive may draw beyond the least anyone must: shares of what a known drive draws beyond it, factors
when none is known."""


@dataclass(frozen=True, eq=False)
class LabelStretch:
    """All layers of labels from a kept state on in a window."""

    begin: int
    labels: Labels
    light: Piece


def label_drive(
    problem: TimeProblem, settings: TimeSettings, dark_steps: float, with_cost: bool, running: Running = Running()
) -> list[Move] | None:
    """The earliest drive, or that which draws the least, with no more than ``dark_steps`` in a row without sunlight.

    Exact: the sweep is made again with room for twice as many labels until no cell runs out. Raises InputError when
    they take more memory than allowed. Dark time is first tried alone, which is quick and tells most impossible drives.

    Args:
        problem: the drive in time, as arrays.
        settings: labels a cell may hold, memory and threads.
        with_cost: whether energy counts too.
    """
    bound_wh = math.inf
    if math.isfinite(dark_steps) and not keeps_dark(problem, settings, dark_steps):
        return None
    if with_cost:
        quick = sweep(problem, settings)
        if quick.end is None:
            return None
        moves = trace(problem, quick.saved, quick.end)
        if longest_dark_steps(problem, moves) <= dark_steps:
            bound_wh = drawn_wh(problem, moves) + CLOSE_WH
    to_go = least_to_go(problem) if with_cost else [np.zeros((1, 1))] * (len(problem.dwells) + 1)
    rules = Rules(dark_steps, with_cost, bound_wh, settings.labels)
    for wh in _bounds(problem, rules, to_go):
        swept, rules = _roomy(problem, settings, replace(rules, bound_wh=wh), to_go, running)
        if swept.end is not None:
            break
    if swept.end is None:
        return None
    if with_cost:
        rules = replace(rules, bound_wh=2.0 * CLOSE_WH - float(swept.end.label[2]))
    return trace_labels(problem, swept.saved, swept.end, rules, to_go)


def _bounds(problem: TimeProblem, rules: Rules, to_go: list[F64]) -> list[float]:
    """What a drive may draw at most, from little to all: the first bound within which there is one holds the best, and
    a tight bound leaves few labels."""
    if not rules.with_cost:
        return [rules.bound_wh]
    least = float(to_go[0][problem.start])
    if math.isinf(rules.bound_wh):
        return [least * factor + CLOSE_WH for factor in MORE_THAN_LEAST] + [math.inf]
    return [least + share * (rules.bound_wh - least) for share in SHARES] + [rules.bound_wh]


def _roomy(
    problem: TimeProblem, settings: TimeSettings, rules: Rules, to_go: list[F64], running: Running
) -> tuple[LabelSweep, Rules]:
    """A sweep with room for every label, and its rules."""
    while True:
        check_memory(problem, settings, rules.room)
        swept = label_sweep(problem, settings, rules, to_go, running)
        if not swept.full:
            return swept, rules
        rules = replace(rules, room=2 * rules.room)


def trace_labels(
    problem: TimeProblem, saves: list[PackedLabels], end: LabelEnd, rules: Rules, to_go: list[F64]
) -> list[Move]:
    """The moves of the drive that comes to ``end`` with its label, first to last.

    Args:
        problem: the drive in time, as arrays.
        saves: states kept on the way, from which the labels between are computed again.
        end: cell, boundary and label the drive comes to.
        rules: what a label must keep to stay.
        to_go: (row, col) of each stage, least Wh still to be drawn.
    """
    moves: list[Move] = []
    stage, k, row, col = len(problem.dwells), end.k, end.row, end.col
    label: Label = (float(end.label[0]), float(end.label[1]), float(end.label[2]))
    stretch: LabelStretch | None = None
    while k > 0:
        if stretch is None or k <= stretch.begin:
            stretch = _stretch_to(problem, saves, k, row, col, rules, to_go)
        found = _best_match(problem, stretch, stage, k, row, col, label, rules)
        if found is None:
            dwell = problem.dwells[stage - 1]
            move = Move(k=k - dwell.slots, steps=dwell.slots, row=row, col=col, task=stage - 1)
            if move.k > 0 and move.k <= stretch.begin:
                stretch = _stretch_to(problem, saves, move.k, row, col, rules, to_go)
            label = _label_before_task(problem, stretch, move, label, rules)
        else:
            move, label = found
        moves.append(move)
        stage, k, row, col = stage - (move.task >= 0), move.k, move.row, move.col
    moves += [Move(k=0, steps=0, row=row, col=col, task=task) for task in range(stage - 1, -1, -1)]
    return moves[::-1]


def _stretch_to(
    problem: TimeProblem,
    saves: list[PackedLabels],
    k: int,
    row: int,
    col: int,
    rules: Rules,
    to_go: list[F64],
) -> LabelStretch:
    kept = max((save for save in saves if save.k < k), key=lambda save: save.k)
    window = window_before(problem, kept.k, k, row, col)
    labels = unpacked(problem, kept, window, k - kept.k + problem.strips.longest + 1, rules.room)
    light = problem.read(max(0, kept.k - problem.strips.longest + 1), k, window)
    box = np.array([window[0], window[0] + window[2], window[1], window[1] + window[3]], np.int64)
    while labels.k < k:
        forward_labels(problem, labels, light, box, rules, to_go, None)
    return LabelStretch(kept.k, labels, light)


def _labels_at(stretch: LabelStretch, stage: int, k: int, row: int, col: int) -> list[Label]:
    labels = stretch.labels
    there = (k % labels.slots, row - labels.window[0], col - labels.window[1])
    found = labels.rings[stage][there][: int(labels.counts[stage][there])]
    return [(float(a), float(b), float(c)) for a, b, c in found]


def _best_match(
    problem: TimeProblem, stretch: LabelStretch, stage: int, k: int, row: int, col: int, label: Label, rules: Rules
) -> tuple[Move, Label] | None:
    """The move and the label before it that give this label; None when only a task can have."""
    best: tuple[Move, Label] | None = None
    least = CLOSE_WH
    ways = [Move(k=k - 1, steps=1, row=row, col=col)]
    for d in range(problem.steps.shape[0]):
        n = int(problem.steps[d, row, col])
        if 0 < n <= k:
            ways.append(Move(k=k - n, steps=n, row=row - int(DOWN[d]), col=col - int(RIGHT[d]), direction=d))
    for move in ways:
        for before in _labels_at(stretch, stage, move.k, move.row, move.col):
            off = _difference(_after(problem, stretch.light, move, (row, col), before, rules), label)
            if off < least:
                best, least = (move, before), off
                if off == 0.0:
                    return best
    return best


def _after(problem: TimeProblem, light: Piece, move: Move, to: tuple[int, int], label: Label, rules: Rules) -> Label:
    """A label after a move; its charge is -inf when a limit breaks."""
    t0, row, col = (int(v) for v in light.at)
    for k in range(move.k, move.k + move.steps):
        here = (k - t0, to[0] - row, to[1] - col)
        there = (k - t0, move.row - row, move.col - col)
        counts = float(light.disc[here]) + float(light.disc[there])
        if move.direction >= 0:
            power = problem.draw_wh[move.direction, to[0], to[1]]
            if problem.comm and not (light.earth[here] and light.earth[there]):
                return (NEVER, 0.0, 0.0)
        elif move.task >= 0:
            power = problem.dwells[move.task].power_wh
        else:
            power = problem.powers[HOTEL] if counts > 0.0 else problem.powers[SLEEP]
        label = label_step(*label, counts, float(power), float(problem.half_wh[k]), problem.powers[MOST:],
                           rules.most_dark, rules.with_cost)  # fmt: skip
        if label[0] == NEVER:
            break
    return label


def _label_before_task(problem: TimeProblem, stretch: LabelStretch, move: Move, label: Label, rules: Rules) -> Label:
    """The label with which the task was begun."""
    if move.k == 0:
        candidates: list[Label] = [(problem.start_wh, 0.0, 0.0)]
    else:
        candidates = _labels_at(stretch, move.task, move.k, move.row, move.col)
    if move.steps == 0:
        return min(candidates, key=lambda before: _difference(before, label))
    light = problem.read(move.k, move.k + move.steps, (move.row, move.col, 1, 1))
    to = (move.row, move.col)
    return min(candidates, key=lambda before: _difference(_after(problem, light, move, to, before, rules), label))


def _difference(a: Label, b: Label) -> float:
    return max(abs(x - y) for x, y in zip(a, b, strict=True))
