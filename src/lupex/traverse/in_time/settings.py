"""What a drive in time is asked to do: tasks, objective, span; and what is said when there is none."""

import math
from dataclasses import dataclass, replace

import numpy as np

from lupex.base.arrays import Mask
from lupex.base.errors import InputError, LupexError
from lupex.base.gate import numbers_checked
from lupex.base.running import Running
from lupex.model.glance import Glance, counted
from lupex.traverse.checks.living import LivingEnds

OBJECTIVES = ("earliest", "least_energy", "largest_margin")
AT_TASKS = ("wait", "drill", "measure")


class NoDrive(LupexError):
    """No plan keeps every limit. ``constraint``: the one that stops it; ``needed``: its smallest value found that
    opens a drive (its unit), NaN where that is no number."""

    def __init__(self, what: str, fix: str = "", constraint: str = "", needed: float = math.nan) -> None:
        self.constraint = constraint
        self.needed = needed
        super().__init__(what, fix)


@dataclass(frozen=True, eq=False, repr=False)
class Task(Glance):
    """Stand for ``dwell_s`` in any one cell of ``goals`` (row, col), drawing ``power_w`` on top of the hotel power.

    ``activity``: 'drill', 'measure' or 'wait'. ``label``: name of the waypoint. ``begins`` (step,) of the light series:
    steps with which it may begin; None: any.
    """

    goals: Mask
    dwell_s: float = 0.0
    power_w: float = 0.0
    activity: str = "wait"
    label: str = "target"
    begins: Mask | None = None

    def __post_init__(self) -> None:
        if not (0.0 <= self.dwell_s < math.inf and 0.0 <= self.power_w < math.inf):
            raise InputError(f"task {self.label}: {self.dwell_s:g} s at {self.power_w:g} W", "give 0 or more of both")
        if self.activity not in AT_TASKS:
            raise InputError(f"task {self.label}: unknown activity '{self.activity}'", f"use {', '.join(AT_TASKS)}")
        if not np.any(self.goals):
            raise InputError(f"task {self.label}: no cell to do it in", "give at least one goal")

    def _facts(self) -> dict[str, str]:
        what = f"{self.activity} {self.dwell_s / 3600.0:g} h"
        return {"label": self.label, "what": what, "goals": counted(int(np.count_nonzero(self.goals)), "goal cell")}


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class TimeSettings:
    """How a drive in time is planned.

    Attributes:
        objective: 'earliest' end, with the most charge among those; 'least_energy' drawn by everything up to the end;
            'largest_margin': the lowest charge on the way is as high as can be.
        first_step, last_step: boundaries of the steps between which the drive begins and must have ended; None: the
            series' end.
        workers: threads where ``running`` does not say how many; 0: every core.
        checkpoint_steps: steps between states kept for tracing back; 0: chosen by the size of the problem.
        labels: states kept per cell and time at first, where one is not enough; doubled until none is lost.
        memory_gb: what such a search may take.
        margin_fraction: of the battery, to which 'largest_margin' is found.
        diagnose: where there is no drive, look for the constraint that stops it.
        name: what the drive is for.
        living: where the rover can go on living, on the grid and times of the light (`living_ends`): a drive ends only
            with the charge needed to stay. None: any sunlight is an end, whatever comes after.
    """

    objective: str = "earliest"
    first_step: int = 0
    last_step: int | None = None
    workers: int = 0
    checkpoint_steps: int = 0
    labels: int = 4
    memory_gb: float = 4.0
    margin_fraction: float = 0.005
    diagnose: bool = True
    name: str = "drive"
    living: LivingEnds | None = None

    def __post_init__(self) -> None:
        if self.objective not in OBJECTIVES:
            raise InputError(f"drive: unknown objective '{self.objective}'", f"use one of {', '.join(OBJECTIVES)}")
        if self.workers < 0 or self.checkpoint_steps < 0 or self.labels < 1 or self.memory_gb <= 0.0:
            raise InputError(
                f"drive: workers {self.workers}, checkpoint_steps {self.checkpoint_steps}, labels {self.labels}, "
                f"memory_gb {self.memory_gb:g}",
                "give positive numbers (0 chooses workers and checkpoint_steps)",
            )
        if not 0.0 < self.margin_fraction < 1.0:
            raise InputError(f"drive: margin_fraction {self.margin_fraction:g}", "give a share between 0 and 1")

    def on(self, running: Running) -> "TimeSettings":
        """These settings with the threads of ``running`` where it says how many."""
        return replace(self, workers=running.workers) if running.workers else self
