"""Dark time alone: as if it were a battery that any light fills at once and every dark step empties by one.

The same sweep then tells, without labels, whether any drive keeps a limit of dark time when charge does not count.
"""

import math
from dataclasses import replace

import numpy as np

from lupex.model import Rover
from lupex.traverse.in_time.problem import TimeProblem
from lupex.traverse.in_time.settings import TimeSettings
from lupex.traverse.in_time.sweep import sweep


def dark_alone(problem: TimeProblem, dark_steps: float) -> TimeProblem:
    """The problem in which the value is the time steps without sunlight that are left of ``dark_steps``."""
    strips = problem.strips
    return replace(
        problem,
        strips=replace(strips, draws=np.where(np.isfinite(strips.draws), 1.0, np.inf)),
        half_wh=np.full(problem.half_wh.shape, dark_steps + 1.0),
        powers=np.array([1.0, 1.0, np.inf, dark_steps, 0.0]),
        start_wh=dark_steps,
        end_unit_wh=0.0,
        dwells=tuple(replace(dwell, power_wh=1.0) for dwell in problem.dwells),
    )


def keeps_dark(problem: TimeProblem, settings: TimeSettings, dark_steps: float) -> bool:
    """Whether any drive has no more than ``dark_steps`` in a row without sunlight; charge does not count."""
    return sweep(dark_alone(problem, dark_steps), settings).end is not None


def dark_steps_of(rover: Rover, step_s: float) -> float:
    """Whole time steps the rover bears without sunlight; inf: no limit."""
    return (
        math.floor(rover.max_dark_hours * 3600.0 / step_s + 1e-6) if math.isfinite(rover.max_dark_hours) else math.inf
    )
