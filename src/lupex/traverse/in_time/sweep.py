"""The layers of most charge, one boundary after the other, in pieces of light; states are kept for tracing back."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import numpy as np

from lupex.base.arrays import F64, I64
from lupex.base.errors import InputError
from lupex.base.running import Running
from lupex.kernels.drive.energy_stand import best_ends, gather, stand
from lupex.kernels.drive.energy_time import NEVER, advance
from lupex.model.fields.light_series import Window
from lupex.traverse.in_time.problem import FULL, LEAST, MOST, Dwell, Piece, TimeProblem
from lupex.traverse.in_time.settings import TimeSettings

LAYERS = 8
"""Boundaries a block of rows computes on its own before the others must follow."""
BLOCK_CELLS = 16_000
"""Of a block of rows: its drives then stay in the cache while its layers are computed."""
PIECE_BYTES = 64_000_000
PIECE_STEPS = 128
FEWEST_STEPS = 32
SAVED_BYTES = 1_000_000_000
"""Kept states: at least so many steps apart, together at most so large unless they would be too far apart."""


@dataclass(frozen=True)
class End:
    """Where a drive ends: boundary, row and column of the crop, charge (Wh)."""

    k: int
    row: int
    col: int
    wh: float


@dataclass(eq=False)
class Standing:
    """Those who are at a task: by goal and the boundary they began at (mod slots), and until when there are any."""

    dwell: Dwell
    pipe: F64
    busy: I64

    @classmethod
    def nobody(cls, dwell: Dwell) -> "Standing":
        """Nobody at any goal."""
        goals = dwell.row.size
        return cls(dwell, np.full((goals, dwell.slots), NEVER), np.full(goals, -1, np.int64))


@dataclass(eq=False)
class Charges:
    """The last layers up to boundary ``k`` in a window of the crop: a ring per stage (None: not begun), and who stands
    at the tasks between the stages."""

    k: int
    window: Window
    slots: int
    rings: list[F64 | None]
    standing: list[Standing]

    @property
    def at(self) -> I64:
        """First row and column."""
        return np.array(self.window[:2], np.int64)

    def layer(self, stage: int, k: int) -> F64:
        """Wh (row, col) at a boundary still in the ring."""
        ring = self.rings[stage]
        return np.full(self.window[2:], NEVER) if ring is None else ring[k % self.slots]


@dataclass(frozen=True, eq=False)
class Saved:
    """`Charges` at a boundary, without the layers no drive looks back at. ``layers``: (boundary, row, col) by stage."""

    k: int
    window: Window
    layers: tuple[F64 | None, ...]
    standing: tuple[tuple[F64, I64], ...]


@dataclass(eq=False)
class Sweep:
    """What a sweep found: the end (None: there is none) and the states kept on the way."""

    end: End | None = None
    saved: list[Saved] = field(default_factory=list)


def sweep(problem: TimeProblem, settings: TimeSettings, running: Running = Running()) -> Sweep:
    """Sweep from the start until the first boundary with an end; of its ends that with the most charge.

    Args:
        problem: the drive in time, as arrays.
        settings: how it is computed; see its class.
    """
    result = Sweep()
    piece, every = lengths(problem, settings)
    charges = started(problem, problem.whole, problem.strips.longest + LAYERS + 1)
    with threads(settings) as pool, ThreadPoolExecutor(1) as reader:
        for light, begin, stop in pieces(problem, piece, reader):
            box = box_at(problem, stop)
            for k in range(begin, stop, LAYERS):
                if k % every == 0:
                    result.saved.append(saved(problem, charges))
                count = min(LAYERS, stop - k)
                forward(problem, charges, light, count, box, pool)
                result.end = _end(problem, charges, light, k, count + (k + count == problem.count), box)
                if result.end is not None:
                    return result
            running.progress(stop, problem.count, "drive in time")
            if not alive(problem, charges):
                return result
    return result


def started(problem: TimeProblem, window: Window, slots: int) -> Charges:
    """The state at boundary 0: everyone at the start; backward, everywhere, or (into light) in all lit ends.

    Args:
        problem: the drive in time, as arrays.
        window: (row, col, rows, cols) of the map.
        slots: boundaries held at once, one layer each, used in turn.
    """
    stages = len(problem.dwells) + 1
    standing = [Standing.nobody(dwell) for dwell in problem.dwells]
    charges = Charges(0, window, slots, [None] * stages, standing)
    first = np.full((slots, *window[2:]), NEVER)
    charges.rings[0] = first
    if problem.backward:
        first[0] = (
            problem.powers[FULL]
            if problem.lit_wh == NEVER
            else problem.ended_with(problem.read(0, 1, window), 0, 1, window)[0]
        )
        _stand_at_once(problem, charges)
        return charges
    row, col = problem.start
    if problem.start_wh < problem.powers[LEAST]:
        return charges
    first[0, row, col] = problem.start_wh
    for stage, there in enumerate(standing):
        goal = np.flatnonzero((there.dwell.row == row) & (there.dwell.col == col))
        if goal.size == 0 or there.dwell.closed(0, 1)[0]:
            break
        if there.dwell.slots:
            there.pipe[goal[0], 0], there.busy[goal[0]] = problem.start_wh, there.dwell.slots
            break
        charges.rings[stage + 1] = first.copy()
    return charges


def _stand_at_once(problem: TimeProblem, charges: Charges) -> None:
    """Backwards at boundary 0: all goals that may be left there are."""
    for stage, there in enumerate(charges.standing):
        ring, dwell = charges.rings[stage], there.dwell
        assert ring is not None
        entering = ring[0][dwell.row, dwell.col]
        if dwell.slots:
            there.pipe[:, 0] = entering
            there.busy[entering > NEVER] = dwell.slots
            return
        if dwell.closed(0, 1)[0] or not np.any(entering > NEVER):
            return
        after = np.full_like(ring, NEVER)
        after[0, dwell.row, dwell.col] = entering
        charges.rings[stage + 1] = after


def forward(
    problem: TimeProblem, charges: Charges, light: Piece, count: int, box: I64, pool: Executor | None
) -> list[F64]:
    """Advance by ``count`` boundaries in place. Returns what leaves each task (boundary, goal).

    Args:
        problem: the drive in time, as arrays.
        charges: the state, Wh of all cells at the boundaries held; changed in place.
        light: the piece that holds these steps.
        count: boundaries to advance by.
        box: first and stop row, first and stop column of what is worked on.
        pool: of threads; None: this thread alone.
    """
    arrivals = np.zeros((count, 0))
    ptr, col = np.zeros(box[1] + 1, np.int64), np.zeros(0, np.int64)
    if problem.seeds is not None:
        ptr, col, arrivals = (
            problem.seeds.ptr,
            problem.seeds.col,
            _begun(problem, problem.seeds, charges, light, count),
        )
    left: list[F64] = []
    for stage in range(len(charges.rings)):
        if charges.rings[stage] is None:
            if not np.any(arrivals > NEVER):
                break
            charges.rings[stage] = np.full((charges.slots, *charges.window[2:]), NEVER)
        _advance_stage(problem, charges, stage, light, count, box, pool, (ptr, col, arrivals))
        if stage < len(charges.standing):
            there = charges.standing[stage]
            dwell = there.dwell
            entering, arrivals = np.empty((count, dwell.row.size)), np.empty((count, dwell.row.size))
            gather(charges.rings[stage], charges.at, charges.k, count, dwell.row, dwell.col, entering)
            closed = dwell.closed(charges.k + 1, count)
            if not problem.backward:
                entering[closed] = NEVER
            limits = problem.powers[MOST:]
            stand(there.pipe, there.busy, charges.k, entering, dwell.row, dwell.col, light.disc, light.at,
                  problem.half_wh, dwell.power_wh, limits, arrivals)  # fmt: skip
            if problem.backward:
                arrivals[closed] = NEVER
            left.append(arrivals)
            ptr, col = dwell.ptr, dwell.col
    charges.k += count
    return left


def _begun(problem: TimeProblem, seeds: Dwell, charges: Charges, light: Piece, count: int) -> F64:
    """What cells a drive may end in are begun with (boundary, cell) at the next boundaries, backwards."""
    values = problem.ended_with(light, charges.k + 1, charges.k + 1 + count, problem.whole)
    if seeds.row.size == values[0].size:  # every cell, in the order of the map
        return values.reshape(count, -1)
    return np.ascontiguousarray(values[:, seeds.row, seeds.col])


def saved(problem: TimeProblem, charges: Charges) -> Saved:
    """What is needed to go on from here, cropped to where the rover can be.

    Args:
        problem: the drive in time, as arrays.
        charges: the state to keep, at its boundary.
    """
    r0, r1, c0, c1 = (int(v) for v in box_at(problem, charges.k))
    part = (
        slice(r0 - charges.window[0], r1 - charges.window[0]),
        slice(c0 - charges.window[1], c1 - charges.window[1]),
    )
    kept = range(max(0, charges.k - problem.strips.longest + 1), charges.k + 1)
    layers = tuple(
        None if ring is None else np.stack([ring[k % charges.slots][part] for k in kept]) for ring in charges.rings
    )
    standing = tuple((there.pipe.copy(), there.busy.copy()) for there in charges.standing)
    return Saved(charges.k, (r0, c0, r1 - r0, c1 - c0), layers, standing)


def restored(problem: TimeProblem, kept: Saved, window: Window, slots: int) -> Charges:
    """The state kept, in a window of the crop.

    Args:
        problem: the drive in time, as arrays.
        kept: the state as `saved` gave it.
        window: (row, col, rows, cols) of the map to restore.
        slots: boundaries held at once, one layer each, used in turn.
    """
    rings: list[F64 | None] = []
    to, source = overlap(window, kept.window)
    for layers in kept.layers:
        if layers is None:
            rings.append(None)
            continue
        ring = np.full((slots, *window[2:]), NEVER)
        for i in range(layers.shape[0]):
            ring[(kept.k - layers.shape[0] + 1 + i) % slots][to] = layers[i][source]
        rings.append(ring)
    standing = []
    for dwell, (pipe, busy) in zip(problem.dwells, kept.standing, strict=True):
        here, which = dwell.within(window)
        standing.append(Standing(here, pipe[which].copy(), busy[which].copy()))
    return Charges(kept.k, window, slots, rings, standing)


def overlap(window: Window, other: Window) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """The common part of two windows as slices of the first and of the second."""
    r0, c0 = max(window[0], other[0]), max(window[1], other[1])
    r1 = max(r0, min(window[0] + window[2], other[0] + other[2]))
    c1 = max(c0, min(window[1] + window[3], other[1] + other[3]))
    return tuple((slice(r0 - w[0], r1 - w[0]), slice(c0 - w[1], c1 - w[1])) for w in (window, other))  # type: ignore[return-value]


def box_at(problem: TimeProblem, k: int) -> I64:
    """First row, last + 1, first column, last + 1 of the cells where the rover can be at boundary k."""
    rows, cols = problem.grid.shape
    if problem.backward:
        return np.array([0, rows, 0, cols], np.int64)
    far = int(problem.strips.pace * k + 1e-9)
    row, col = problem.start
    return np.array(
        [max(0, row - far), min(rows, row + far + 1), max(0, col - far), min(cols, col + far + 1)], np.int64
    )


def window_of(box: I64) -> Window:
    """A box as first row, first column, rows, columns."""
    return (int(box[0]), int(box[2]), int(box[1] - box[0]), int(box[3] - box[2]))


def pieces(problem: TimeProblem, length: int, reader: Executor, first: int = 0) -> Iterator[tuple[Piece, int, int]]:
    """Light of all steps in pieces (light, first step, last + 1); the next one is read while this one is used.

    Args:
        problem: the drive in time, as arrays.
        length: steps of a piece.
        reader: the thread that reads ahead.
        first: steps of the first piece where it differs; 0: as the others.
    """
    begins = [0, *range(first or length, problem.count, length)]
    stops = [*begins[1:], problem.count]

    def read(i: int) -> Piece:
        begin = max(0, begins[i] - problem.strips.longest + 1)
        return problem.read(begin, stops[i], window_of(box_at(problem, stops[i])))

    coming = reader.submit(read, 0)
    for i, (begin, stop) in enumerate(zip(begins, stops, strict=True)):
        light = coming.result()
        if stop < problem.count:
            coming = reader.submit(read, i + 1)
        yield light, begin, stop


def lengths(problem: TimeProblem, settings: TimeSettings) -> tuple[int, int]:
    """Steps of light read at once, and steps between kept states: the fewer, the less is computed again for tracing.

    Args:
        problem: the drive in time, as arrays.
        settings: checkpoint_steps and memory_gb count.

    Raises InputError when the states would take more than the memory allowed.
    """
    cells = problem.grid.rows * problem.grid.cols
    piece = min(PIECE_STEPS, max(LAYERS, PIECE_BYTES // (2 * cells) // LAYERS * LAYERS))
    if settings.checkpoint_steps:
        return piece, -(-settings.checkpoint_steps // LAYERS) * LAYERS
    state = 8 * cells * problem.strips.longest * (len(problem.dwells) + 1)
    state += sum(8 * dwell.row.size * dwell.slots for dwell in problem.dwells)
    every = FEWEST_STEPS
    while state * problem.count / every > SAVED_BYTES and every < 2 * PIECE_STEPS:
        every *= 2
    if state * problem.count / every > settings.memory_gb * 1e9:
        raise InputError(
            f"drive: {problem.grid.rows} x {problem.grid.cols} cells over {problem.count} steps need "
            f"{state * problem.count / every / 1e9:.1f} GB, more than the {settings.memory_gb:g} GB allowed",
            "use longer steps, larger cells or a smaller map, or allow more memory_gb",
        )
    return piece, every


@contextmanager
def threads(settings: TimeSettings) -> Iterator[Executor | None]:
    """A pool for blocks of rows; None with a single worker."""
    workers = settings.workers or os.cpu_count() or 1
    with ExitStack() as stack:
        yield stack.enter_context(ThreadPoolExecutor(workers)) if workers > 1 else None


def alive(problem: TimeProblem, charges: Charges) -> bool:
    """Whether the rover can be anywhere at all, on its way or at a task included."""
    seen = range(max(0, charges.k - problem.strips.longest + 1), charges.k + 1)
    somewhere = any(
        bool(np.any(charges.layer(stage, k) > NEVER))
        for stage, ring in enumerate(charges.rings)
        if ring is not None
        for k in seen
    )
    return somewhere or any(bool(np.any(there.busy > charges.k)) for there in charges.standing)


def _advance_stage(
    problem: TimeProblem,
    charges: Charges,
    stage: int,
    light: Piece,
    count: int,
    box: I64,
    pool: Executor | None,
    goals: tuple[I64, I64, F64],
) -> None:
    strips = problem.strips
    lit_wh = problem.lit_wh if stage == 0 and problem.seeds is None else NEVER

    def rows(lo: int, hi: int) -> None:
        advance(charges.rings[stage], charges.at, charges.k, count, 0, lo, hi, box, strips.reach, strips.ptr,
                strips.table, strips.begins, strips.draws, light.disc, light.earth, light.at, problem.half_wh,
                problem.powers, problem.comm, lit_wh, *goals)  # fmt: skip

    first, last = int(box[0]), int(box[1])
    block = max(2 * LAYERS * strips.reach, BLOCK_CELLS // max(1, int(box[3] - box[2])))
    if pool is None or last - first <= block:
        rows(first, last)
        return
    for done in [pool.submit(rows, row, min(row + block, last)) for row in range(first, last, block)]:
        done.result()


def _end(problem: TimeProblem, charges: Charges, light: Piece, k: int, count: int, box: I64) -> End | None:
    ring = charges.rings[-1]
    if ring is None:
        return None
    found = np.empty((count, 3))
    window = window_of(box)
    counts = problem.end_counts(light, k, k + count, window)
    at = np.array(window[:2], np.int64)
    best_ends(ring, charges.at, k, *problem.end_cells, box, counts, at, problem.end_unit_wh, found)
    hits = np.flatnonzero(found[:, 0] > NEVER)
    if hits.size == 0:
        return None
    wh, row, col = found[hits[0]]
    return End(k + int(hits[0]), int(row), int(col), float(wh))
