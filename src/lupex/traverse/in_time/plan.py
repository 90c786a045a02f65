"""Drives planned in time: where to be when, on what charge, so that every limit holds. Exact on the grid in time.

Theory: docs/theory/traverse_in_time.md.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lupex.base.arrays import Mask
from lupex.base.running import Running, takes_running
from lupex.base.version import takes_renamed
from lupex.model import LightSeries, Rover, Traverse
from lupex.traverse.checks.constraints import with_slack
from lupex.traverse.checks.replay import replay
from lupex.traverse.in_time.cached_light import CachedLight
from lupex.traverse.in_time.dark_alone import dark_steps_of
from lupex.traverse.in_time.label_trace import label_drive
from lupex.traverse.in_time.problem import LEAST, TimeProblem, time_problem
from lupex.traverse.in_time.settings import Task, TimeSettings
from lupex.traverse.in_time.sweep import Sweep, sweep
from lupex.traverse.in_time.trace import Move, trace
from lupex.traverse.in_time.waypoints import end_of, longest_dark_steps, traverse_of
from lupex.traverse.in_time.why_not import why_not
from lupex.traverse.steps.edges import Edges

ROUNDED_STEPS = "drives are rounded up to whole steps of {minutes:g} minutes"


@takes_running
@takes_renamed(errands="tasks")
def plan_in_time(
    edges: Edges,
    rover: Rover,
    light: LightSeries,
    start: tuple[int, int],
    start_battery_wh: float,
    tasks: Sequence[Task] = (),
    end: Mask | None = None,
    settings: TimeSettings = TimeSettings(),
    running: Running = Running(),
) -> Traverse:
    """The best drive from ``start`` (row, col) over all tasks, in order, to a lit cell of ``end`` (None: any).

    Every limit of the rover holds at the end of every time step: charge, dark time, view while driving. Best by
    `TimeSettings.objective`; exact over all drives, waits and stops in whole time steps (docs/theory/
    traverse_in_time.md). A cell is lit at a boundary when any of the Sun shows there in the step that begins then
    (at the series' end: in the last step).

    Args:
        edges: steps that may be driven, with their costs.
        rover: limits, speed, energy and powers.
        light: Sun and Earth over the span, on the grid of the edges.
        start_battery_wh: charge at the start, Wh.
        tasks: what is done on the way, in this order.
        settings: objective, span, where a drive may end, memory.

    Raises:
        NoDrive: no drive keeps every limit; says which one stops it and what would open one.
        InputError, SpanError, GridError: inputs that do not fit together; a problem too large for the memory allowed.
    """
    settings = settings.on(running)
    problem = time_problem(edges, rover, light, start, start_battery_wh, tasks, end, settings)
    moves = _moves(problem, rover, settings, running)
    if moves is None:
        raise why_not(edges, rover, light, start, start_battery_wh, tasks, end, settings)
    notes = (ROUNDED_STEPS.format(minutes=problem.step_s / 60.0),)
    drive = traverse_of(problem, moves, edges, rover, tasks, problem.start_wh, settings.name, notes)
    latest = float(light.times_tdb_s[problem.last])
    need = math.nan if problem.living is None else _end_need_wh(problem, moves)
    return with_slack(drive, dict(replay(drive, edges, rover, light, latest, need).slack))


def _end_need_wh(problem: TimeProblem, moves: list[Move]) -> float:
    """Charge the rover needs to go on living where its moves end."""
    (row, col), k = (end_of(moves[-1]), moves[-1].k + moves[-1].steps) if moves else (problem.start, 0)
    light = problem.read(max(0, k - 1), max(1, k), (row, col, 1, 1))
    counts = int(problem.end_counts(light, k, k + 1, (row, col, 1, 1))[0, 0, 0])
    return max(problem.powers[LEAST], counts * problem.end_unit_wh)


def _moves(problem: TimeProblem, rover: Rover, settings: TimeSettings, running: Running) -> list[Move] | None:
    dark_steps = dark_steps_of(rover, problem.step_s)
    if settings.objective == "least_energy":
        return label_drive(problem, settings, dark_steps, True, running)
    if settings.objective == "largest_margin":
        return _largest_margin(problem, rover, settings, dark_steps, running)
    return earliest_moves(problem, settings, dark_steps, running)


def earliest_moves(
    problem: TimeProblem, settings: TimeSettings, dark_steps: float, running: Running = Running()
) -> list[Move] | None:
    """The earliest drive; where the best one without a limit of dark time keeps it anyway, it is the best with it.

    Args:
        problem: the drive in time, as arrays.
        settings: how it is computed; see its class.
        dark_steps: longest time without sunlight, in steps.
    """
    swept: Sweep = sweep(problem, settings, running)
    if swept.end is None:
        return None
    moves = trace(problem, swept.saved, swept.end)
    if longest_dark_steps(problem, moves) <= dark_steps:
        return moves
    return label_drive(problem, settings, dark_steps, False, running)


def _largest_margin(
    problem: TimeProblem, rover: Rover, settings: TimeSettings, dark_steps: float, running: Running
) -> list[Move] | None:
    """Bisection on the least charge: the most at which there is still a drive, of these the earliest."""
    problem = replace(problem, light=CachedLight(problem.light))
    low, high = rover.least_battery_wh, problem.start_wh
    best = earliest_moves(problem, settings, dark_steps, running)
    if best is None:
        return None
    while high - low > settings.margin_fraction * rover.battery_wh:
        middle = 0.5 * (low + high)
        moves = earliest_moves(with_least(problem, middle), settings, dark_steps, running)
        if moves is None:
            high = middle
        else:
            low, best = middle, moves
    return best


def with_least(problem: TimeProblem, least_wh: float) -> TimeProblem:
    """The same problem with another least charge."""
    powers = problem.powers.copy()
    powers[LEAST] = least_wh
    return replace(problem, powers=np.ascontiguousarray(powers))
