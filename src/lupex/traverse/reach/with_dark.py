"""Needs and reach of a rover that bears a limited time without sunlight: several states per cell and boundary.

Backwards in time a label is (minus the charge needed, minus the dark steps ahead). A state with charge E and d dark
steps behind it comes through when some label asks for no more charge and d plus its dark steps keep the limit.
Theory: docs/theory/traverse_in_time.md.
"""

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from lupex.base.arrays import F64, I64
from lupex.base.progress import Progress, silent
from lupex.kernels.drive.energy_labels import note_labels
from lupex.kernels.drive.energy_time import NEVER
from lupex.traverse.in_time.labels import (
    Labels,
    PackedLabels,
    Rules,
    begin_labels,
    check_memory,
    forward_labels,
    no_labels,
    packed,
    steps_between,
    unpacked,
)
from lupex.traverse.in_time.problem import Piece, TimeProblem
from lupex.traverse.in_time.settings import TimeSettings
from lupex.traverse.in_time.sweep import box_at, pieces, threads

Answer = TypeVar("Answer")

NOTHING = np.zeros((1, 1))


class _NoRoom(Exception):
    """A cell had more states than room."""


def needs_with_dark(
    problem: TimeProblem, settings: TimeSettings, dark_steps: float, progress: Progress = silent
) -> F64:
    """Least charge (row, col), Wh, at the beginning of a backward problem; inf where none will do."""
    last = _with_room(problem, settings, lambda room: _swept(problem, settings, _rules(dark_steps, room), progress))
    slot, stage = last.k % last.slots, len(problem.dwells)
    return -_most(last.rings[stage][slot], last.counts[stage][slot])


def needs_at_cells(
    problem: TimeProblem, settings: TimeSettings, dark_steps: float, cells: tuple[I64, I64], dark: F64
) -> F64:
    """Least charge (boundary, cell), Wh, of a backward problem without tasks, boundaries counted forwards.

    ``cells`` (row, col) of the crop; ``dark`` (boundary, cell) steps without sunlight behind the rover by then.

    Args:
        settings: how it is computed; see its class.
        dark_steps: longest time without sunlight, in steps.
    """
    needed = np.full(dark.shape, np.inf)
    row, col = cells

    def note(labels: Labels) -> None:
        slot, k = labels.k % labels.slots, problem.count - labels.k
        found = labels.rings[0][slot][row, col]
        used = np.arange(found.shape[1]) < labels.counts[0][slot][row, col][:, None]
        used &= dark[k][:, None] - found[:, :, 1] <= dark_steps + 1e-6
        needed[k] = -np.max(np.where(used, found[:, :, 0], NEVER), axis=1)

    _with_room(problem, settings, lambda room: _swept(problem, settings, _rules(dark_steps, room), silent, note))
    return needed


def reach_with_dark(
    problem: TimeProblem, back: TimeProblem, settings: TimeSettings, dark_steps: float
) -> tuple[I64, F64, F64, I64]:
    """First boundary a cell is reached at, most charge there at any time and at the end, first boundary from which the
    rover can still come to an end: (row, col) each; -1 and -inf where never."""
    return _with_room(problem, settings, lambda room: _reached(problem, back, settings, _rules(dark_steps, room)))


def _rules(dark_steps: float, room: int) -> Rules:
    return Rules(dark_steps, False, np.inf, room)


def _with_room(problem: TimeProblem, settings: TimeSettings, work: Callable[[int], Answer]) -> Answer:
    """The answer of ``work(room)`` with room for twice as many labels per cell until none is lost."""
    room = settings.labels
    while True:
        check_memory(problem, settings, room)
        try:
            return work(room)
        except _NoRoom:
            room *= 2


def _swept(
    problem: TimeProblem,
    settings: TimeSettings,
    rules: Rules,
    progress: Progress,
    note: Callable[[Labels], None] = lambda labels: None,
) -> Labels:
    """All boundaries of a backward problem, each noted; the last layers."""
    labels = _begun(problem, rules)
    note(labels)
    with threads(settings) as pool, ThreadPoolExecutor(1) as reader:
        for light, begin, stop in pieces(problem, steps_between(rules.room), reader):
            for _ in range(begin, stop):
                _advance(problem, labels, light, rules, pool)
                note(labels)
            progress(stop, problem.count, "charge needed to begin with")
    return labels


def _begun(problem: TimeProblem, rules: Rules, more_slots: int = 0) -> Labels:
    slots = problem.strips.longest + 1 + more_slots
    labels = no_labels(problem, problem.whole, slots, rules.room, list(problem.dwells))
    begin_labels(problem, labels, rules, _to_go(problem))
    return labels


def _to_go(problem: TimeProblem) -> list[F64]:
    return [NOTHING] * (len(problem.dwells) + 1)


def _advance(problem: TimeProblem, labels: Labels, light: Piece, rules: Rules, pool: Executor | None) -> None:
    if forward_labels(problem, labels, light, box_at(problem, labels.k + 1), rules, _to_go(problem), pool):
        raise _NoRoom


def _reached(
    problem: TimeProblem, back: TimeProblem, settings: TimeSettings, rules: Rules
) -> tuple[I64, F64, F64, I64]:
    length = steps_between(rules.room)
    saves = _kept(back, settings, rules, length)
    shape = problem.window[2:]
    arrival, returning = np.full(shape, -1, np.int64), np.full(shape, -1, np.int64)
    best = np.full(shape, NEVER)
    labels = _begun(problem, rules)
    with threads(settings) as pool, ThreadPoolExecutor(1) as reader:
        for light, begin, stop in pieces(problem, length, reader, problem.count % length):
            behind = _backwards(back, saves[problem.count - stop], stop - begin, rules, pool)
            for k in range(begin, stop + 1):
                if k > labels.k:
                    _advance(problem, labels, light, rules, pool)
                here, there = k % labels.slots, (problem.count - k) % behind.slots
                note_labels(labels.rings[0][here], labels.counts[0][here], behind.rings[0][there],
                            behind.counts[0][there], k, rules.most_dark, arrival, best, returning)  # fmt: skip
    slot = labels.k % labels.slots
    return arrival, best, _most(labels.rings[0][slot], labels.counts[0][slot]), returning


def _kept(back: TimeProblem, settings: TimeSettings, rules: Rules, length: int) -> dict[int, PackedLabels]:
    """States backwards at the ends of pieces, by boundaries from the end."""
    saves: dict[int, PackedLabels] = {}
    labels = _begun(back, rules)
    with threads(settings) as pool, ThreadPoolExecutor(1) as reader:
        for light, begin, stop in pieces(back, length, reader):
            saves[begin] = packed(back, labels)
            for _ in range(begin, stop):
                _advance(back, labels, light, rules, pool)
    return saves


def _backwards(back: TimeProblem, kept: PackedLabels, count: int, rules: Rules, pool: Executor | None) -> Labels:
    """All layers backwards from a kept state on, in a ring that holds them all."""
    labels = unpacked(back, kept, back.whole, count + back.strips.longest + 1, rules.room)
    light = back.read(max(0, kept.k - back.strips.longest + 1), kept.k + count, back.whole)
    for _ in range(count):
        _advance(back, labels, light, rules, pool)
    return labels


def _most(labels: F64, counts: np.ndarray) -> F64:
    """Most charge among the labels in use (row, col); -inf where there are none."""
    used = np.arange(labels.shape[2]) < counts[:, :, None]
    return np.asarray(np.max(np.where(used, labels[:, :, :, 0], NEVER), axis=2))
