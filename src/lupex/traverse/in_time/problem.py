"""A drive in time as arrays: drives as runs of cells, powers per time step, goals, and the light in pieces."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, I64, U8, Mask
from lupex.base.constants import J_PER_WH
from lupex.base.errors import GridError, InputError, SpanError
from lupex.kernels.drive.energy_stand import flood
from lupex.kernels.drive.living import NO_END
from lupex.model import Grid, LightSeries, Rover
from lupex.model.fields.light_series import Window
from lupex.model.fields.terrain import frozen
from lupex.traverse.checks.living import LivingEnds
from lupex.traverse.in_time.settings import Task, TimeSettings
from lupex.traverse.in_time.strips import Strips, strips_of
from lupex.traverse.steps.edges import DOWN, RIGHT, Edges
from lupex.traverse.steps.rover import array_factor

U16 = NDArray[np.uint16]

Values = TypeVar("Values", I64, F64)

HOTEL, SLEEP, MOST, FULL, LEAST = range(5)
"""Columns of `TimeProblem.powers`; from `MOST` on they are what kernels call limits."""

ROUNDING = 1e-6
"""Share of a step by which a drive may be longer than whole steps: its time is float32."""


def steps_of(time_s: NDArray[np.float32], step_s: float) -> I64:
    """Whole time steps a drive takes, at least 1: time over step, rounded up; 0 where there is no drive."""
    count = np.ceil(np.where(np.isfinite(time_s), time_s, 0.0) / step_s * (1.0 - ROUNDING))
    return np.where(np.isfinite(time_s), np.maximum(1, count), 0).astype(np.int64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Dwell:
    """Goals of a task (goal,) in the order of rows; ``ptr`` (row + 1,) into them; how long and at what draw; at
    which boundaries of the problem it may begin (None: any)."""

    row: I64
    col: I64
    ptr: I64
    slots: int
    power_wh: float
    begins: NDArray[np.bool_] | None = None

    def within(self, window: Window) -> tuple["Dwell", NDArray[np.bool_]]:
        """Only the goals inside a window (first row, first column, rows, columns), and which these are."""
        row, col, rows, cols = window
        kept = (self.row >= row) & (self.row < row + rows) & (self.col >= col) & (self.col < col + cols)
        here = _dwell(self.row[kept], self.col[kept], self.ptr.size - 1, self.slots, self.power_wh, self.begins)
        return here, kept

    def closed(self, first: int, count: int) -> NDArray[np.bool_]:
        """Which of the boundaries first, first + 1, ... (as the problem counts) it may not begin at."""
        return np.zeros(count, bool) if self.begins is None else ~self.begins[first : first + count]


@dataclass(frozen=True, eq=False)
class Piece:
    """Light of some steps in a window: (step, row, col) uint8; ``at``: the first step, row and column."""

    disc: U8
    earth: U8
    at: I64

    def lit(self, steps: I64, window: Window) -> NDArray[np.bool_]:
        """Whether any of the Sun shows (step, row, col) in some steps, in a window of the crop."""
        row, col, rows, cols = window
        top, left = row - int(self.at[1]), col - int(self.at[2])
        return self.disc[steps - int(self.at[0]), top : top + rows, left : left + cols] > 0


@dataclass(frozen=True, eq=False, kw_only=True)
class TimeProblem:
    """What the sweeps work on. Boundaries count from 0 at the beginning; rows and columns are those of the crop.

    Attributes:
        grid: the crop; ``window``: where it lies in the light's grid.
        first, last: boundaries of the whole series between which all happens. step_s: of the series.
        steps, draw_wh: (direction, row, col) drives by the cell they end in: time steps (0: none), Wh drawn per step.
        strips: the same as runs of cells.
        half_wh: (step,) Wh gained per step and count of the disc, halved.
        powers: hotel, sleep, most charged (Wh per step), full, least (Wh): columns `HOTEL` to `LEAST`.
        dwells: of the tasks. ends: cells in which the drive may end.
        backward: time runs backwards: boundary 0 is the last. lit_wh: value at which any lit cell of ``ends`` may be
            begun in the first stage.
        living: least charge to end with, by cell and boundary; None: any lit cell is an end.
        end_unit_wh: Wh of a count of `end_counts`.
    """

    grid: Grid
    window: Window
    light: LightSeries
    first: int
    last: int
    step_s: float
    steps: U16
    draw_wh: F64
    strips: Strips
    half_wh: F64
    powers: F64
    comm: bool
    start: tuple[int, int]
    start_wh: float
    dwells: tuple[Dwell, ...]
    ends: Mask
    backward: bool = False
    lit_wh: float = -math.inf
    living: LivingEnds | None = None
    end_unit_wh: float = 0.0

    @property
    def count(self) -> int:
        """Time steps."""
        return self.last - self.first

    @cached_property
    def end_cells(self) -> tuple[I64, I64]:
        """Rows and columns of the cells in which the drive may end."""
        row, col = np.nonzero(self.ends)
        return row.astype(np.int64), col.astype(np.int64)

    @cached_property
    def seeds(self) -> Dwell | None:
        """Backwards: the cells in which it may be begun in light, where these are not all cells."""
        if self.lit_wh == -math.inf or (self.living is None and self.ends.all()):
            return None
        return _dwell(*self.end_cells, self.grid.rows, 0, 0.0)

    @property
    def whole(self) -> Window:
        """The crop as a window of itself."""
        return (0, 0, *self.grid.shape)

    def read(self, begin: int, end: int, window: Window) -> Piece:
        """Light of steps begin <= step < end (as the problem counts) in a window of the crop."""
        row, col, rows, cols = window
        there = (row + self.window[0], col + self.window[1], rows, cols)
        a, b = (self.last - end, self.last - begin) if self.backward else (self.first + begin, self.first + end)
        disc, earth = self.light.read(a, b, there)
        if self.backward:
            disc, earth = disc[::-1], earth[::-1]
        # Read-only whether it is a copy or not: kernels are compiled anew for arrays that may be written to.
        disc, earth = frozen(np.ascontiguousarray(disc)), frozen(np.ascontiguousarray(earth))
        return Piece(disc, earth, np.array([begin, row, col], np.int64))

    def end_counts(self, light: Piece, first: int, last: int, window: Window) -> U16:
        """Least charge to end with (boundary, row, col) in counts of ``end_unit_wh``; `NO_END` where it may not.

        Of boundaries first <= k < last in a window of the crop, time running forwards. Without a rule of living a cell
        that is lit in the step that begins there (``light``; at the end in the last step) asks for nothing.
        """
        if self.living is not None:
            row, col, rows, cols = window
            there = (row + self.window[0], col + self.window[1], rows, cols)
            return self.living.read(self.first + first, self.first + last, there)
        step = np.minimum(np.arange(first, last), self.count - 1)
        return np.where(light.lit(step, window), np.uint16(0), np.uint16(NO_END))

    def ended_with(self, light: Piece, first: int, last: int, window: Window) -> F64:
        """Values (boundary, row, col) with which the adjoint problem may be begun; -inf where it may not.

        Of boundaries first <= k < last in a window of the crop, time running backwards.

        Args:
            light: the piece that holds these steps.
            first, last: boundaries, counted backwards from the end.
            window: (row, col, rows, cols) of the crop.
        """
        row, col, rows, cols = window
        ends = self.ends[row : row + rows, col : col + cols]
        if self.living is None:
            lit = light.lit(np.maximum(np.arange(first, last) - 1, 0), window)
            return np.where(lit & ends, self.lit_wh, -math.inf)
        there = (row + self.window[0], col + self.window[1], rows, cols)
        at = self.last - last + 1
        values = np.take(self.living.values(self.powers[FULL]), self.living.read(at, at + last - first, there)[::-1])
        values[:, ~ends] = -math.inf
        return values


def time_problem(
    edges: Edges,
    rover: Rover,
    light: LightSeries,
    start: tuple[int, int],
    start_wh: float,
    tasks: Sequence[Task],
    end: Mask | None,
    settings: TimeSettings,
) -> TimeProblem:
    """The problem of a drive from one cell, cropped to where the rover can get in the span.

    Args:
        edges: steps that may be driven, with their costs.
        light: on the grid of the edges, over the span of the settings.
        start: row and column of the start.
        start_wh: charge at the start, Wh.
        tasks: what is done on the way, in order.
        end: mask (row, col) of cells in which the drive may end; None: any.
        settings: span, objective and where a drive may end.

    Raises GridError, SpanError, InputError for inputs that do not fit together.
    """
    first, last, step_s = span_of(edges, light, settings)
    rows, cols = edges.grid.shape
    if not (0 <= start[0] < rows and 0 <= start[1] < cols):
        raise InputError(f"drive: begins at row {start[0]}, column {start[1]}, off the map of {rows} x {cols} cells",
                         "begin on the map")  # fmt: skip
    if not rover.least_battery_wh <= start_wh <= rover.battery_wh:
        raise InputError(
            f"drive: begins with {start_wh:g} Wh; the battery holds {rover.least_battery_wh:g} (least) to "
            f"{rover.battery_wh:g} Wh",
            "begin with a charge between",
        )
    check_masks(edges, tasks, end)
    seeds = np.zeros(edges.grid.shape, bool)
    seeds[start] = True
    count = steps_of(edges.time_s, step_s)
    window = _window_around(flood(edges.time_s, DOWN, RIGHT, seeds), start, _pace(count) * (last - first))
    here = (slice(window[0], window[0] + window[2]), slice(window[1], window[1] + window[3]))
    dwells = dwells_of(rover, light, tasks, window, (first, last), step_s)
    ends = np.ones(window[2:], bool) if end is None else np.ascontiguousarray(np.asarray(end, bool)[here])
    at = (start[0] - window[0], start[1] - window[1])
    wh = min(start_wh, rover.full_battery_wh)
    return _assembled(edges, rover, light, (first, last), window, at, wh, dwells, ends, living=settings.living)


def check_masks(edges: Edges, tasks: Sequence[Task], end: Mask | None) -> None:
    """Raise GridError when goals or ends have another shape than the map."""
    for name, mask in [(f"task {task.label}", task.goals) for task in tasks] + [("end", end)]:
        if mask is not None and np.shape(mask) != edges.grid.shape:
            raise GridError(f"drive: the mask of {name} has shape {np.shape(mask)}, expected {edges.grid.shape}")


def backward_problem(
    edges: Edges,
    rover: Rover,
    light: LightSeries,
    window: Window,
    settings: TimeSettings,
    into_light: bool,
    tasks: Sequence[Task] = (),
    end: Mask | None = None,
) -> TimeProblem:
    """The adjoint problem, time and drives reversed, in a window which no drive that matters leaves.

    Its values are the negative of the charge needed; with ``into_light`` needed to do all tasks and come to any lit
    cell of ``end`` (None: any), else to last to the end of the span. Stages count backwards: the first is after the
    last task. Raises as `time_problem`.

    Args:
        edges: steps that may be driven, with their costs.
        rover: limits, speed, energy and powers.
        light: of every cell and step.
        settings: how it is computed; see its class.
    """
    first, last, step_s = span_of(edges, light, settings)
    check_masks(edges, tasks, end)
    dwells = dwells_of(rover, light, tasks, window, (first, last), step_s)
    dwells = tuple(replace(d, begins=None if d.begins is None else d.begins[::-1]) for d in dwells[::-1])
    lit_wh = -rover.least_battery_wh if into_light else -math.inf
    row, col, rows, cols = window
    ends = np.ones(window[2:], bool) if end is None else np.asarray(end, bool)[row : row + rows, col : col + cols]
    return _assembled(edges, rover, light, (first, last), window, (0, 0), 0.0, dwells, ends, True, lit_wh,
                      settings.living if into_light else None)  # fmt: skip


def dwells_of(
    rover: Rover, light: LightSeries, tasks: Sequence[Task], window: Window, span: tuple[int, int], step_s: float
) -> tuple[Dwell, ...]:
    """What the tasks ask for, in a window of the map and between two boundaries.

    Args:
        rover: its hotel power is drawn besides each task's own.
        light: tells when a task that begins only in some steps may begin.
        tasks: in the order they are done.
        window: (row, col, rows, cols) of the map.
        span: first and last boundary of the light's steps.
        step_s: length of a step.
    """
    return tuple(
        _dwell(
            *_cells(task.goals, window),
            window[2],
            int(np.ceil(task.dwell_s / step_s * (1.0 - ROUNDING))),
            (rover.hotel_power_w + task.power_w) * step_s / J_PER_WH,
            _begins(task, light, *span),
        )
        for task in tasks
    )


def reached_window(edges: Edges, seeds: Mask) -> Window:
    """Smallest window around all cells that can be reached from ``seeds`` (row, col) over the ground."""
    row, col = np.nonzero(flood(edges.time_s, DOWN, RIGHT, seeds))
    return (int(row.min()), int(col.min()), int(np.ptp(row)) + 1, int(np.ptp(col)) + 1)


def span_of(edges: Edges, light: LightSeries, settings: TimeSettings) -> tuple[int, int, float]:
    """First and last boundary and the step (s). Raises GridError or SpanError when light, map and span do not fit.

    Args:
        edges: of the ground; only their grid counts.
        light: must lie on the same grid; None of its steps is read.
        settings: first and last boundary asked for, and the ends to live at.
    """
    living = settings.living
    if living is not None and living.grid != edges.grid:
        raise GridError(
            f"drive: the ends to live at lie on {living.grid}, the ground on {edges.grid}", "compute both on one grid"
        )
    if light.grid != edges.grid:
        raise GridError(
            f"drive: the light lies on {light.grid}, the ground on {edges.grid}", "compute both on one grid"
        )
    steps = light.times_tdb_s.size - 1
    last = steps if settings.last_step is None else settings.last_step
    if not 0 <= settings.first_step < last <= steps:
        raise SpanError(
            f"drive: from boundary {settings.first_step} to {last} of a map of light with {steps} steps",
            "give times the light covers, the end after the beginning",
        )
    return settings.first_step, last, float(light.times_tdb_s[-1] - light.times_tdb_s[0]) / steps


def _assembled(
    edges: Edges,
    rover: Rover,
    light: LightSeries,
    span: tuple[int, int],
    window: Window,
    start: tuple[int, int],
    start_wh: float,
    dwells: tuple[Dwell, ...],
    ends: Mask,
    backward: bool = False,
    lit_wh: float = -math.inf,
    living: LivingEnds | None = None,
) -> TimeProblem:
    first, last = span
    step_s = float(light.times_tdb_s[-1] - light.times_tdb_s[0]) / (light.times_tdb_s.size - 1)
    hours = step_s / J_PER_WH
    row, col, rows, cols = window
    part = (slice(None), slice(row, row + rows), slice(col, col + cols))
    count = steps_of(edges.time_s[part], step_s)
    count[count > min(last - first, 65_535)] = 0
    energy_j = np.where(count > 0, edges.energy_j[part], 0.0).astype(np.float64)
    drawn_wh = energy_j / J_PER_WH / np.maximum(count, 1) + rover.hotel_power_w * hours
    offsets = [(int(down), int(right)) for down, right in zip(DOWN, RIGHT, strict=True)][: edges.directions]
    if not backward:
        count, drawn_wh = _by_end(count, offsets), _by_end(drawn_wh, offsets)
        offsets = [(-down, -right) for down, right in offsets]
    steps = count.astype(np.uint16)
    gain_w = rover.array_w * light.sun_strength * array_factor(rover.array_kind, light.sun_elevation_deg)
    half_wh = gain_w[first:last] * (hours / 510.0)
    full, least = rover.full_battery_wh, rover.least_battery_wh
    powers = [rover.hotel_power_w * hours, rover.sleep_power_w * hours, rover.max_charge_w * hours]
    return TimeProblem(
        grid=edges.grid.crop(row, col, rows, cols),
        window=window,
        light=light,
        first=first,
        last=last,
        step_s=step_s,
        steps=steps,
        draw_wh=drawn_wh,
        strips=strips_of(steps, drawn_wh, offsets),
        half_wh=np.ascontiguousarray(half_wh[::-1] if backward else half_wh),
        powers=np.array([*powers, *((-least, -full) if backward else (full, least))]),
        comm=rover.comm_to_drive,
        start=start,
        start_wh=start_wh,
        dwells=dwells,
        ends=ends,
        backward=backward,
        lit_wh=lit_wh,
        living=living,
        end_unit_wh=0.0 if living is None else living.unit_wh,
    )


def _by_end(values: Values, offsets: Sequence[tuple[int, int]]) -> Values:
    """Values (direction, row, col) of drives moved from the cell they begin in to the cell they end in; 0 elsewhere."""
    rows, cols = values.shape[1:]
    moved = np.zeros_like(values)
    for d, (down, right) in enumerate(offsets):
        r0, r1, c0, c1 = max(0, -down), rows - max(0, down), max(0, -right), cols - max(0, right)
        if r0 < r1 and c0 < c1:
            moved[d, r0 + down : r1 + down, c0 + right : c1 + right] = values[d, r0:r1, c0:c1]
    return moved


def _pace(count: I64) -> float:
    """Most rows or columns crossed per time step."""
    far = np.maximum(abs(DOWN), abs(RIGHT))[: count.shape[0], None, None]
    return float(np.max(np.where(count > 0, far / np.maximum(count, 1), 0.0)))


def _window_around(reached: Mask, start: tuple[int, int], distance: float) -> Window:
    row, col = np.nonzero(reached)
    far = int(distance)
    r0, r1 = max(int(row.min()), start[0] - far), min(int(row.max()), start[0] + far)
    c0, c1 = max(int(col.min()), start[1] - far), min(int(col.max()), start[1] + far)
    return (r0, c0, r1 - r0 + 1, c1 - c0 + 1)


def _cells(mask: Mask, window: Window) -> tuple[I64, I64]:
    """Rows and columns of a mask's cells in a window of the map."""
    row, col, rows, cols = window
    found = np.nonzero(np.asarray(mask, bool)[row : row + rows, col : col + cols])
    return found[0], found[1]


def _begins(task: Task, light: LightSeries, first: int, last: int) -> NDArray[np.bool_] | None:
    """Boundaries of the problem at which a task may begin. Raises SpanError for another number of steps."""
    if task.begins is None:
        return None
    if np.shape(task.begins) != (light.times_tdb_s.size - 1,):
        raise SpanError(
            f"task {task.label}: begins has shape {np.shape(task.begins)} for {light.times_tdb_s.size - 1} steps",
            "give one entry per step of the light",
        )
    return np.append(np.asarray(task.begins, bool)[first:last], False)


def _dwell(
    row: I64, col: I64, rows: int, slots: int, power_wh: float, begins: NDArray[np.bool_] | None = None
) -> Dwell:
    ptr = np.searchsorted(row, np.arange(rows + 1)).astype(np.int64)
    return Dwell(
        row=np.ascontiguousarray(row, np.int64),
        col=np.ascontiguousarray(col, np.int64),
        ptr=ptr,
        slots=slots,
        power_wh=power_wh,
        begins=begins,
    )
