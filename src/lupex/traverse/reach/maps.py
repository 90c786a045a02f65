"""Maps in time: when and with what charge a rover can be where, and the charge it needs to come through.

Theory: docs/theory/traverse_in_time.md.
"""

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, I64
from lupex.base.constants import HOUR_S
from lupex.base.errors import InputError, SpanError
from lupex.base.running import Running, takes_running
from lupex.kernels.drive.energy_stand import gather, note_reached
from lupex.kernels.drive.energy_time import NEVER
from lupex.model import Grid, LightSeries, Rover
from lupex.model.fields.terrain import frozen
from lupex.model.glance import Glance, counted
from lupex.traverse.in_time.cached_light import CachedLight
from lupex.traverse.in_time.dark_alone import dark_steps_of
from lupex.traverse.in_time.problem import TimeProblem, backward_problem, reached_window, time_problem
from lupex.traverse.in_time.settings import TimeSettings
from lupex.traverse.in_time.sweep import (
    LAYERS,
    Saved,
    box_at,
    forward,
    lengths,
    pieces,
    restored,
    saved,
    started,
    threads,
    window_of,
)
from lupex.traverse.reach.with_dark import needs_at_cells, reach_with_dark
from lupex.traverse.steps.edges import Edges

HELD_BYTES = 600_000_000
"""Of the layers backwards that are compared with those forwards at once."""


@dataclass(frozen=True, eq=False, repr=False)
class TimeReach(Glance):
    """Where a rover can be in a span, maps (row, col), NaN where it never can.

    Attributes:
        arrival_tdb_s: earliest arrival. best_battery_wh: most charge there at any time in the span.
        end_battery_wh: most charge there at its end.
        return_tdb_s: earliest arrival from which the rover can still come into light within the span.
    """

    grid: Grid
    arrival_tdb_s: F64
    best_battery_wh: F64
    end_battery_wh: F64
    return_tdb_s: F64

    def __post_init__(self) -> None:
        for name in ("arrival_tdb_s", "best_battery_wh", "end_battery_wh", "return_tdb_s"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    def _facts(self) -> dict[str, str]:
        reached = int(np.count_nonzero(np.isfinite(self.arrival_tdb_s)))
        return {"reached": f"{counted(reached, 'cell')} reached", "grid": self.grid.words}

    def _picture(self) -> F64:
        return self.arrival_tdb_s


def needed_battery(
    edges: Edges,
    rover: Rover,
    light: LightSeries,
    settings: TimeSettings = TimeSettings(),
    cells: Sequence[tuple[int, int]] = (),
    dark_hours: F64 | None = None,
    running: Running = Running(),
) -> F64:
    """Least charge (step + 1, cell), Wh, from which the rover comes through, at each boundary and cell.

    Whatever it does: waiting, sleeping, driving; never below the least charge, never longer without sunlight than it
    bears. It comes through when it can end where it can go on living (`TimeSettings.living`) by the end of the span;
    without such a rule, when it lasts to that end. The adjoint of the planner's rule, exact on the same grid in time.

    Args:
        edges: drives between cells. rover: limits and powers. light: of the same grid.
        settings: last_step, living, labels and memory_gb count; first_step is ignored.
        cells: (row, col) of the map, at least one.
        dark_hours: (step + 1, cell) hours without sunlight behind the rover at each boundary; None: none.
        running: threads.

    Returns:
        inf where nothing helps; after `TimeSettings.last_step` the least charge, with a rule of living inf.

    Raises: as `plan_in_time`; InputError for no cells or cells off the map, SpanError for dark hours of another shape.
    """
    rows, cols = edges.grid.shape
    bad = [cell for cell in cells if not (0 <= cell[0] < rows and 0 <= cell[1] < cols)]
    if bad or not cells:
        raise InputError(f"needed charge: {bad[0] if bad else 'no cell'} on a map of {rows} x {cols} cells",
                         "give cells (row, col) of the map")  # fmt: skip
    shape = (light.times_tdb_s.size, len(cells))
    if dark_hours is not None and dark_hours.shape != shape:
        raise SpanError(f"needed charge: dark hours have shape {dark_hours.shape}, expected {shape}")
    seeds = np.zeros(edges.grid.shape, bool)
    seeds[tuple(np.array(cells).T)] = True
    settings = replace(settings.on(running), first_step=0)
    living = settings.living is not None
    problem = backward_problem(edges, rover, light, reached_window(edges, seeds), settings, living)
    at = np.array(cells, np.int64) - np.array(problem.window[:2])
    row, col = np.ascontiguousarray(at[:, 0]), np.ascontiguousarray(at[:, 1])
    needed = np.full(shape, np.inf if living else rover.least_battery_wh)
    dark_steps = dark_steps_of(rover, problem.step_s)
    if math.isfinite(dark_steps):
        behind = np.zeros(shape) if dark_hours is None else np.asarray(dark_hours) * HOUR_S / problem.step_s
        needed[: problem.count + 1] = needs_at_cells(
            problem, settings, dark_steps, (row, col), behind[: problem.count + 1]
        )
        return needed
    charges = started(problem, problem.whole, problem.strips.longest + LAYERS + 1)
    needed[problem.count] = -charges.layer(0, 0)[row, col]
    with threads(settings) as pool, ThreadPoolExecutor(1) as reader:
        for piece, begin, stop in pieces(problem, lengths(problem, settings)[0], reader):
            for q in range(begin, stop, LAYERS):
                count = min(LAYERS, stop - q)
                forward(problem, charges, piece, count, box_at(problem, stop), pool)
                values = np.empty((count, len(cells)))
                gather(charges.rings[0], charges.at, q, count, row, col, values)
                needed[problem.count - q - np.arange(1, count + 1)] = -values
    return needed


@takes_running
def reach_in_time(
    edges: Edges,
    rover: Rover,
    light: LightSeries,
    start: tuple[int, int],
    start_battery_wh: float,
    settings: TimeSettings = TimeSettings(),
    running: Running = Running(),
) -> TimeReach:
    """Where the rover can be when, on what charge, and from where it can still come to an end.

    Charge, dark time, view while driving and the ground count. An end is where the rover can go on living
    (`TimeSettings.living`), without such a rule any sunlight. Every map is exact on its own on the grid in time.

    Args:
        edges: drives between cells. rover: limits and powers. light: of the same grid.
        start: row and column; start_battery_wh: charge there at `TimeSettings.first_step`.
        settings: span, rule of living, memory. running: threads.

    Raises: as `plan_in_time`, never NoDrive.
    """
    settings = settings.on(running)
    problem = time_problem(edges, rover, light, start, start_battery_wh, (), None, settings)
    back = backward_problem(edges, rover, CachedLight(light), problem.window, settings, True)
    dark_steps = dark_steps_of(rover, problem.step_s)
    swept = _reached(problem, back, settings) if math.isinf(dark_steps) else (
        reach_with_dark(problem, back, settings, dark_steps)
    )  # fmt: skip
    arrival, best, ending, returning = swept
    return TimeReach(edges.grid, *(_on_map(edges.grid, problem, values) for values in (
        _times(problem, arrival), np.where(best > NEVER, best, np.nan), np.where(ending > NEVER, ending, np.nan),
        _times(problem, returning),
    )))  # fmt: skip


def _reached(problem: TimeProblem, back: TimeProblem, settings: TimeSettings) -> tuple[I64, F64, F64, I64]:
    """As `reach_with_dark`, for a rover without a limit of dark time."""
    length, saves = _kept_backwards(back, settings)
    shape = problem.window[2:]
    arrival, returning = np.full(shape, -1, np.int64), np.full(shape, -1, np.int64)
    best = np.full(shape, NEVER)
    charges = started(problem, problem.whole, problem.strips.longest + LAYERS + 1)
    with threads(settings) as pool, ThreadPoolExecutor(1) as reader:
        for piece, begin, stop in pieces(problem, length, reader, problem.count % length):
            needs = _backwards(back, saves[problem.count - stop], stop - begin, settings)
            for k in range(begin, stop, LAYERS):
                count = min(LAYERS, stop - k)
                first = k + (k > 0)
                forward(problem, charges, piece, count, box_at(problem, stop), pool)
                ring = charges.rings[0]
                note_reached(ring, first, k + count + 1 - first, needs, problem.count, arrival, best, returning)
    return arrival, best, charges.layer(0, problem.count), returning


def _kept_backwards(back: TimeProblem, settings: TimeSettings) -> tuple[int, dict[int, Saved]]:
    """Length of pieces, and states backwards at their ends, by boundaries from the end."""
    length = lengths(back, settings)[0]
    cells = back.grid.rows * back.grid.cols
    length = max(LAYERS, min(length, HELD_BYTES // (8 * cells)) // LAYERS * LAYERS)
    size = 8 * cells * back.strips.longest * (back.count // length + 1)
    if size > settings.memory_gb * 1e9:
        raise InputError(
            f"reach in time: {back.grid.rows} x {back.grid.cols} cells over {back.count} steps need "
            f"{size / 1e9:.1f} GB, more than the {settings.memory_gb:g} GB allowed",
            "use longer steps, larger cells or a smaller map, or allow more memory_gb",
        )
    saves: dict[int, Saved] = {}
    charges = started(back, back.whole, back.strips.longest + LAYERS + 1)
    with threads(settings) as pool, ThreadPoolExecutor(1) as reader:
        for piece, begin, stop in pieces(back, length, reader):
            saves[begin] = saved(back, charges)
            for q in range(begin, stop, LAYERS):
                forward(back, charges, piece, min(LAYERS, stop - q), box_at(back, stop), pool)
    return length, saves


def _backwards(back: TimeProblem, kept: Saved, count: int, settings: TimeSettings) -> F64:
    """All layers backwards from a kept state on, in a ring that holds them all."""
    charges = restored(back, kept, back.whole, count + back.strips.longest + LAYERS + 1)
    stop = kept.k + count
    piece = back.read(max(0, kept.k - back.strips.longest + 1), stop, window_of(box_at(back, stop)))
    with threads(settings) as pool:
        for q in range(kept.k, stop, LAYERS):
            forward(back, charges, piece, min(LAYERS, stop - q), box_at(back, stop), pool)
    ring = charges.rings[0]
    assert ring is not None
    return ring


def _times(problem: TimeProblem, boundary: I64) -> F64:
    return np.where(boundary >= 0, problem.light.times_tdb_s[problem.first + np.maximum(boundary, 0)], np.nan)


def _on_map(grid: Grid, problem: TimeProblem, values: NDArray[np.float64]) -> F64:
    row, col, rows, cols = problem.window
    whole = np.full(grid.shape, np.nan)
    whole[row : row + rows, col : col + cols] = values
    return whole
