"""From where, and on what charge, a whole drive can be done: tasks in order and back into light, for all cells.

Theory: docs/theory/reach.md.
"""

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from lupex.base.arrays import F64, Mask
from lupex.base.errors import GridError
from lupex.base.running import Running, takes_running
from lupex.base.version import takes_renamed
from lupex.kernels.drive.energy_stand import flood
from lupex.model import LightSeries, Rover
from lupex.traverse.in_time.dark_alone import dark_steps_of
from lupex.traverse.in_time.problem import backward_problem, check_masks, span_of
from lupex.traverse.in_time.settings import Task, TimeSettings
from lupex.traverse.in_time.sweep import LAYERS, box_at, forward, lengths, pieces, started, threads
from lupex.traverse.reach.with_dark import needs_with_dark
from lupex.traverse.steps.edges import DOWN, RIGHT, Edges


@takes_running
@takes_renamed(errands="tasks")
def start_needs(
    edges: Edges,
    rover: Rover,
    light: LightSeries,
    tasks: Sequence[Task] = (),
    end: Mask | None = None,
    settings: TimeSettings = TimeSettings(),
    starts: Mask | None = None,
    running: Running = Running(),
) -> F64:
    """Least charge (row, col), Wh, at boundary ``settings.first_step`` from which a drive over all tasks exists.

    The drive of `plan_in_time`: tasks in order, ending in ``end`` (None: any cell) by ``last_step`` where the rover
    can go on living, every limit kept at the end of every step, dark time included. With this charge and more there
    is a drive, with less there is none: one sweep backwards in time from all possible ends, exact on the same grid in
    time.

    Args:
        edges: steps that may be driven, with their costs.
        light: of every cell and step.
        starts: (row, col) cells that are asked for; None: all. Cells they do not lead to are left out.

    Returns:
        inf where no charge the rover takes is enough, and at cells left out.

    Raises: as `plan_in_time`, never NoDrive.
    """
    settings = settings.on(running)
    span_of(edges, light, settings)
    check_masks(edges, tasks, end)
    needs = np.full(edges.grid.shape, np.inf)
    asked = np.ones(edges.grid.shape, bool) if starts is None else np.asarray(starts, bool)
    if asked.shape != edges.grid.shape:
        raise GridError(f"drive: the mask of starts has shape {asked.shape}, expected {edges.grid.shape}")
    reached = flood(edges.time_s, DOWN, RIGHT, asked)
    if any(not np.any(task.goals & reached) for task in tasks) or not reached.any():
        return needs
    row, col = np.nonzero(reached)
    window = (int(row.min()), int(col.min()), int(np.ptp(row)) + 1, int(np.ptp(col)) + 1)
    problem = backward_problem(edges, rover, light, window, settings, True, tasks, end)
    part = (slice(window[0], window[0] + window[2]), slice(window[1], window[1] + window[3]))
    dark_steps = dark_steps_of(rover, problem.step_s)
    if math.isfinite(dark_steps):
        with_dark = needs_with_dark(problem, settings, dark_steps, running.progress)
        needs[part] = np.where(reached[part], with_dark, np.inf)
        return needs
    charges = started(problem, problem.whole, problem.strips.longest + LAYERS + 1)
    length = lengths(problem, replace(settings, checkpoint_steps=LAYERS))[0]
    with threads(settings) as pool, ThreadPoolExecutor(1) as reader:
        for piece, begin, stop in pieces(problem, length, reader):
            for q in range(begin, stop, LAYERS):
                forward(problem, charges, piece, min(LAYERS, stop - q), box_at(problem, stop), pool)
            running.progress(stop, problem.count, "charge needed to begin with")
    needs[part] = np.where(reached[part], -charges.layer(len(problem.dwells), problem.count), np.inf)
    return needs
