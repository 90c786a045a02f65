"""Sweeps that keep several states per cell: where dark time is limited, or what is drawn counts."""

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, I64
from lupex.base.errors import InputError
from lupex.base.running import Running
from lupex.kernels.drive.energy_labels import (
    advance_labels,
    best_label,
    pack_labels,
    put_labels,
    stand_labels,
    unpack_labels,
)
from lupex.kernels.drive.energy_time import NEVER
from lupex.model.fields.light_series import Window
from lupex.traverse.in_time.problem import FULL, LEAST, MOST, Dwell, Piece, TimeProblem
from lupex.traverse.in_time.settings import TimeSettings
from lupex.traverse.in_time.sweep import box_at, pieces, threads, window_of
from lupex.traverse.steps.edges import DOWN, RIGHT

U16 = NDArray[np.uint16]

CLOSE_WH = 1e-7
"""Labels this close are the same."""
PIECE_STEPS = ((4, 64), (16, 32))
FEW_STEPS = 16
"""Steps between kept states by the labels per cell."""
MOST_LABELS = 60_000
BLOCK_ROWS = 16


@dataclass(frozen=True)
class Rules:
    """What labels count: ``most_dark`` steps without sunlight (inf: not), what is drawn or not; the Wh a drive must
    stay within; labels per cell."""

    most_dark: float
    with_cost: bool
    bound_wh: float
    room: int


@dataclass(frozen=True, eq=False)
class LabelEnd:
    """Where a drive ends: boundary, row, column, its label (charge, -dark steps, -Wh drawn)."""

    k: int
    row: int
    col: int
    label: F64


@dataclass(eq=False, kw_only=True)
class Labels:
    """The last layers of labels up to boundary ``k`` in a window of the crop, by stage, and who stands at tasks."""

    k: int
    window: Window
    rings: list[F64]
    counts: list[U16]
    dwells: list[Dwell]
    pipes: list[F64]
    pipe_counts: list[U16]

    @property
    def slots(self) -> int:
        """Layers held."""
        return int(self.rings[0].shape[0])

    @property
    def at(self) -> I64:
        """First row and column."""
        return np.array(self.window[:2], np.int64)


@dataclass(frozen=True, eq=False)
class PackedLabels:
    """`Labels` at a boundary, only those in use. ``layers``: by stage, by boundary up to k: counts and labels."""

    k: int
    layers: tuple[tuple[tuple[U16, F64], ...], ...]
    pipes: tuple[tuple[U16, F64], ...]


@dataclass(eq=False)
class LabelSweep:
    """What a sweep of labels found; ``full``: a cell had no room, so nothing found counts."""

    end: LabelEnd | None = None
    full: bool = False
    saved: list[PackedLabels] = field(default_factory=list)


def label_sweep(
    problem: TimeProblem, settings: TimeSettings, rules: Rules, to_go: list[F64], running: Running = Running()
) -> LabelSweep:
    """Sweep until the first boundary with an end; with what is drawn, until nobody can end with less.

    Args:
        problem: the drive in time, as arrays.
        settings: the number of threads; everything else stands in the problem and the rules.
        rules: what a label must keep to stay.
        to_go: (row, col) of each stage, least Wh still to be drawn.
    """
    result = LabelSweep()
    labels = no_labels(problem, problem.whole, problem.strips.longest + 1, rules.room, list(problem.dwells))
    begin_labels(problem, labels, rules, to_go)
    with threads(settings) as pool, ThreadPoolExecutor(1) as reader:
        for light, begin, stop in pieces(problem, steps_between(rules.room), reader):
            result.saved.append(packed(problem, labels))
            box = box_at(problem, stop)
            for k in range(begin, stop + (stop == problem.count)):
                if k > labels.k and forward_labels(problem, labels, light, box, rules, to_go, pool):
                    result.full = True
                    return result
                rules = _ended(problem, labels, light, box, rules, result)
                if result.end is not None and not rules.with_cost:
                    return result
            if labels.k < stop and forward_labels(problem, labels, light, box, rules, to_go, pool):
                result.full = True
                return result
            running.progress(stop, problem.count, "drive in time")
            if not any(bool(counts.any()) for counts in (*labels.counts, *labels.pipe_counts)):
                break
    return result


def steps_between(room: int) -> int:
    """Steps between kept states: fewer the more labels a cell has, as the layers between are held for tracing."""
    return next((steps for most, steps in PIECE_STEPS if room <= most), FEW_STEPS)


def no_labels(problem: TimeProblem, window: Window, slots: int, room: int, dwells: list[Dwell]) -> Labels:
    """Layers without any label.

    Args:
        problem: the drive in time, as arrays.
        window: (row, col, rows, cols).
        slots: boundaries held at once, one layer each, used in turn.
        room: most labels a cell can hold.
        dwells: of each task: its goal cells, length in steps and energy.
    """
    stages = len(dwells) + 1
    shape = (slots, *window[2:])
    return Labels(
        k=0,
        window=window,
        rings=[np.zeros((*shape, room, 3)) for _ in range(stages)],
        counts=[np.zeros(shape, np.uint16) for _ in range(stages)],
        dwells=dwells,
        pipes=[np.zeros((dwell.row.size, dwell.slots, room, 3)) for dwell in dwells],
        pipe_counts=[np.zeros((dwell.row.size, dwell.slots), np.uint16) for dwell in dwells],
    )


def begin_labels(problem: TimeProblem, labels: Labels, rules: Rules, to_go: list[F64]) -> None:
    """Everyone at the start at boundary 0, who stands on a goal begins there; backwards, at all ends.

    Args:
        problem: the drive in time, as arrays.
        labels: the labels of all cells.
        rules: what a label must keep to stay.
        to_go: (row, col) of each stage, least Wh still to be drawn.
    """
    if problem.backward:
        light = problem.read(0, 1, problem.whole)
        if problem.lit_wh > NEVER:
            _begun(problem, labels, light)
        else:
            put_labels(labels.rings[0][0], labels.counts[0][0], np.full(problem.grid.shape, problem.powers[FULL]))
        _tasks(problem, labels, light, box_at(problem, 0), rules, to_go)
        return
    if problem.start_wh < problem.powers[LEAST]:
        return
    row, col = problem.start[0] - labels.window[0], problem.start[1] - labels.window[1]
    labels.rings[0][0, row, col, 0] = (problem.start_wh, 0.0, 0.0)
    labels.counts[0][0, row, col] = 1
    light = problem.read(0, 1, (*problem.start, 1, 1))
    _tasks(problem, labels, light, box_at(problem, 0), rules, to_go)


def forward_labels(
    problem: TimeProblem,
    labels: Labels,
    light: Piece,
    box: I64,
    rules: Rules,
    to_go: list[F64],
    pool: Executor | None,
) -> bool:
    """Advance by one boundary in place. True when a cell had no room.

    Args:
        problem: the drive in time, as arrays.
        labels: of all cells at the boundaries held; changed in place.
        light: the piece that holds the steps before this boundary.
        box: first and stop row, first and stop column of what is worked on.
        rules: what a label must keep to stay.
        to_go: (row, col) of each stage, least Wh still to be drawn.
        pool: of threads; None: this thread alone.
    """
    labels.k += 1
    full = False
    # Backwards a drive comes from the cell that it leads to.
    sign = -1 if problem.backward else 1
    down, right = sign * DOWN[: problem.steps.shape[0]], sign * RIGHT[: problem.steps.shape[0]]
    for stage, (ring, counts) in enumerate(zip(labels.rings, labels.counts, strict=True)):
        if stage and not counts.any() and not labels.pipe_counts[stage - 1].any():
            continue

        def rows(lo: int, hi: int, ring: F64 = ring, counts: U16 = counts, go: F64 = to_go[stage]) -> bool:
            return bool(
                advance_labels(
                    ring,
                    counts,
                    labels.at,
                    labels.k,
                    lo,
                    hi,
                    box,
                    problem.steps,
                    problem.draw_wh,
                    down,
                    right,
                    light.disc,
                    light.earth,
                    light.at,
                    problem.half_wh,
                    problem.powers,
                    problem.comm,
                    rules.most_dark,
                    rules.with_cost,
                    go,
                    rules.bound_wh,
                )  # fmt: skip
            )

        full |= _by_rows(rows, int(box[0]), int(box[1]), pool)
    if problem.lit_wh > NEVER:
        full |= _begun(problem, labels, light)
    return _tasks(problem, labels, light, box, rules, to_go) or full


def _begun(problem: TimeProblem, labels: Labels, light: Piece) -> bool:
    """Backwards: begin in all cells in which a drive may end at this boundary. True when a cell had no room."""
    slot = labels.k % labels.slots
    values = problem.ended_with(light, labels.k, labels.k + 1, labels.window)[0]
    return bool(put_labels(labels.rings[0][slot], labels.counts[0][slot], values))


def packed(problem: TimeProblem, labels: Labels) -> PackedLabels:
    """What is needed to go on from here."""
    kept = range(max(0, labels.k - problem.strips.longest + 1), labels.k + 1)
    layers = tuple(
        tuple(_packed(ring[k % labels.slots], counts[k % labels.slots]) for k in kept)
        for ring, counts in zip(labels.rings, labels.counts, strict=True)
    )
    pipes = tuple(_packed(pipe, counts) for pipe, counts in zip(labels.pipes, labels.pipe_counts, strict=True))
    return PackedLabels(labels.k, layers, pipes)


def unpacked(problem: TimeProblem, kept: PackedLabels, window: Window, slots: int, room: int) -> Labels:
    """The state kept, in a window of the crop.

    Args:
        problem: the drive in time, as arrays.
        kept: the state as `packed` gave it.
        window: (row, col, rows, cols) of the map to restore.
        slots: boundaries held at once, one layer each, used in turn.
        room: most labels a cell can hold.
    """
    here = [dwell.within(window) for dwell in problem.dwells]
    labels = no_labels(problem, window, slots, room, [dwell for dwell, _ in here])
    labels.k = kept.k
    for stage, layers in enumerate(kept.layers):
        for i, (counts, values) in enumerate(layers):
            slot = (kept.k - len(layers) + 1 + i) % slots
            unpack_labels(values, counts, window[0], window[1], labels.rings[stage][slot], labels.counts[stage][slot])
    for task, (counts, values) in enumerate(kept.pipes):
        whole = np.zeros((*counts.shape, room, 3))
        whole_counts = np.zeros_like(counts)
        unpack_labels(values, counts, 0, 0, whole, whole_counts)
        labels.pipes[task][:] = whole[here[task][1]]
        labels.pipe_counts[task][:] = whole_counts[here[task][1]]
    return labels


def check_memory(problem: TimeProblem, settings: TimeSettings, room: int) -> None:
    """Raise InputError when the labels would take more memory than allowed, or more of them than can be counted.

    Args:
        problem: the drive in time, as arrays.
        settings: its memory_gb is the limit.
        room: most labels a cell can hold.
    """
    cells = problem.grid.rows * problem.grid.cols
    held = cells * (problem.strips.longest + 1) * (len(problem.dwells) + 1)
    held += sum(dwell.row.size * dwell.slots for dwell in problem.dwells)
    size = held * room * 24
    if size > settings.memory_gb * 1e9 or room > MOST_LABELS:
        raise InputError(
            f"drive: {room} states for each of {problem.grid.rows} x {problem.grid.cols} cells take "
            f"{size / 1e9:.1f} GB, more than the {settings.memory_gb:g} GB allowed",
            "use longer steps, larger cells or a smaller map, or allow more memory_gb",
        )


def _packed(values: F64, counts: U16) -> tuple[U16, F64]:
    out = np.empty((int(counts.sum()), 3))
    pack_labels(values, counts, out)
    return counts.copy(), out


def _tasks(problem: TimeProblem, labels: Labels, light: Piece, box: I64, rules: Rules, to_go: list[F64]) -> bool:
    full = False
    for stage, dwell in enumerate(labels.dwells):
        full |= stand_labels(labels.pipes[stage], labels.pipe_counts[stage], labels.k, labels.rings[stage],
                             labels.counts[stage], labels.rings[stage + 1], labels.counts[stage + 1], labels.at,
                             dwell.row, dwell.col, problem.backward or not dwell.closed(labels.k, 1)[0],
                             not problem.backward or not dwell.closed(labels.k, 1)[0], box, light.disc, light.at,
                             problem.half_wh, dwell.power_wh,
                             problem.powers[MOST:], rules.most_dark, rules.with_cost, to_go[stage + 1],
                             rules.bound_wh)  # fmt: skip
    return bool(full)


def _by_rows(rows: Callable[[int, int], bool], first: int, last: int, pool: Executor | None) -> bool:
    if pool is None or last - first <= BLOCK_ROWS:
        return rows(first, last)
    blocks = [pool.submit(rows, row, min(row + BLOCK_ROWS, last)) for row in range(first, last, BLOCK_ROWS)]
    full = [block.result() for block in blocks]  # all of them must be done
    return any(full)


def _ended(problem: TimeProblem, labels: Labels, light: Piece, box: I64, rules: Rules, result: LabelSweep) -> Rules:
    """Note the best end at this boundary; what may be drawn at most sinks to what it has drawn."""
    k = labels.k
    needs = problem.end_counts(light, k, k + 1, window_of(box))[0]
    row, col, which = best_label(labels.rings[-1][k % labels.slots], labels.counts[-1][k % labels.slots], labels.at,
                                 problem.ends, box, needs, problem.end_unit_wh, rules.with_cost)  # fmt: skip
    if row < 0:
        return rules
    there = (k % labels.slots, row - labels.window[0], col - labels.window[1], which)
    label = labels.rings[-1][there].copy()
    best = result.end.label if result.end is not None else None
    if best is None or (label[2], label[0]) > (best[2], best[0]):
        result.end = LabelEnd(k, row, col, label)
        return replace(rules, bound_wh=min(rules.bound_wh, CLOSE_WH - float(label[2])))
    return rules
