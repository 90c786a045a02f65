"""Why there is no drive in time, and the smallest relaxation that opens one."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lupex.base.arrays import Mask
from lupex.base.constants import J_PER_WH
from lupex.kernels.drive.energy_stand import flood
from lupex.model import LightSeries, Rover
from lupex.model.fields.light_series import LightWindow
from lupex.traverse.in_time.cached_light import CachedLight
from lupex.traverse.in_time.dark_alone import keeps_dark
from lupex.traverse.in_time.label_trace import label_drive
from lupex.traverse.in_time.problem import TimeProblem, time_problem
from lupex.traverse.in_time.settings import NoDrive, Task, TimeSettings
from lupex.traverse.in_time.sweep import sweep
from lupex.traverse.in_time.trace import trace
from lupex.traverse.in_time.waypoints import end_of, longest_dark_steps
from lupex.traverse.steps.edges import DOWN, EDGE_CONSTRAINTS, RIGHT, Edges

DOUBLINGS = 6
HALVINGS = 6
LATER_STARTS = 8
LABEL_SWEEPS = 3
"""How far and how finely a relaxation is sought: at most so many sweeps each."""
NEAR_M = 1500.0
"""Relaxations are first sought this far around the fastest drive without limits of charge, view and dark time: there a
sweep costs a small part of one over the whole map."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Asked:
    """What was asked for."""

    edges: Edges
    rover: Rover
    light: LightSeries
    start: tuple[int, int]
    start_wh: float
    tasks: Sequence[Task]
    end: Mask | None
    settings: TimeSettings

    def problem(self) -> TimeProblem:
        """As arrays."""
        return time_problem(self.edges, self.rover, self.light, self.start, self.start_wh, self.tasks, self.end,
                            self.settings)  # fmt: skip

    def opens(self) -> bool:
        """Whether there is a drive when dark time does not count."""
        return sweep(self.problem(), self.settings).end is not None

    def cells(self) -> list[tuple[int, int]] | None:
        """Rows and columns the earliest drive comes through when dark time does not count; None: there is none."""
        problem = self.problem()
        swept = sweep(problem, self.settings)
        if swept.end is None:
            return None
        moves = trace(problem, swept.saved, swept.end)
        places = [problem.start, *(end_of(move) for move in moves)]
        return [(row + problem.window[0], col + problem.window[1]) for row, col in places]

    def near(self, cells: Sequence[tuple[int, int]]) -> "Asked":
        """The same in the smallest window that holds some cells and `NEAR_M` around them."""
        grid = self.edges.grid
        pad = math.ceil(NEAR_M / grid.cell_m)
        rows, cols = np.array(cells).T
        top, left = max(0, int(rows.min()) - pad), max(0, int(cols.min()) - pad)
        bottom, right = min(grid.rows, int(rows.max()) + pad + 1), min(grid.cols, int(cols.max()) + pad + 1)
        window, part = (top, left, bottom - top, right - left), (slice(top, bottom), slice(left, right))
        living = None if self.settings.living is None else self.settings.living.within(window)
        return replace(
            self,
            edges=self.edges.crop(window),
            light=CachedLight(LightWindow(self.light, window)),
            start=(self.start[0] - top, self.start[1] - left),
            tasks=[replace(task, goals=np.asarray(task.goals, bool)[part]) for task in self.tasks],
            end=None if self.end is None else np.asarray(self.end, bool)[part],
            settings=replace(self.settings, living=living),
        )


@dataclass(frozen=True)
class Relaxation:
    """A constraint, what it would have to be (its unit; NaN: no number), and that in words."""

    constraint: str
    needed: float
    words: str


def why_not(
    edges: Edges,
    rover: Rover,
    light: LightSeries,
    start: tuple[int, int],
    start_wh: float,
    tasks: Sequence[Task],
    end: Mask | None,
    settings: TimeSettings,
) -> NoDrive:
    """The error that says what stops the drive: first the ground, then each limit of its own, lifted alone.

    What would open a drive is sought around the fastest drive without limits first, and over the whole map where
    nothing opens one there: the number said opens a drive, though one further off may ask for a little less.

    Args:
        edges: steps that may be driven, with their costs.
        rover: limits, speed, energy and powers.
        light: Sun and Earth over the span, on the grid of the edges.
        start: row and column of the start.
        start_wh: charge at the start, Wh.
        tasks: what is done on the way, in order.
        end: mask (row, col) of cells in which the drive may end; None: any.
        settings: as the drive was planned with.
    """
    asked = Asked(
        edges=edges,
        rover=rover,
        light=CachedLight(light),
        start=start,
        start_wh=start_wh,
        tasks=tasks,
        end=end,
        settings=settings,
    )
    cut = _ground(asked)
    if cut is not None:
        return cut
    what = f"drive '{settings.name}': no plan keeps every limit"
    if not settings.diagnose:
        return NoDrive(what, "plan with diagnose to learn which constraint stops it")
    fastest = replace(asked, rover=_unlimited(asked.rover), start_wh=1e12).cells()
    if fastest is None:
        found = _relaxations(asked, (_living, _span))
    else:
        found = _relaxations(asked.near(fastest)) or _relaxations(asked)
    if found:
        return NoDrive(
            f"{what}: {WORDS[found[0].constraint]}",
            "a drive opens " + ", or ".join(relaxed.words for relaxed in found),
            found[0].constraint,
            found[0].needed,
        )
    if fastest is not None:
        return NoDrive(
            f"{what}: several limits stop it together", "relax charge, view and dark time at once", "several"
        )
    days = asked.problem().count * asked.problem().step_s / 86_400.0
    return NoDrive(
        f"{what}: even on an endless battery no end is reached within {days:.2f} days",
        "give more time, or another end",
        "span",
    )


def _relaxations(asked: Asked, tried: Sequence[Callable[[Asked], Relaxation | None]] | None = None) -> list[Relaxation]:
    """Every constraint that opens a drive when it alone is lifted; only that of dark time where it does."""
    found = []
    for lifted in LIFTED if tried is None else tried:
        relaxed = lifted(asked)
        found += [relaxed] if relaxed is not None else []
        if found and found[0].constraint == "dark_hours":
            break
    return found


def _dark(asked: Asked) -> Relaxation | None:
    """Longest time without sunlight: least for dark time alone, from there on with charge too."""
    if not math.isfinite(asked.rover.max_dark_hours):
        return None
    problem = asked.problem()
    swept = sweep(problem, asked.settings)
    if swept.end is None:
        return None
    hours = problem.step_s / J_PER_WH
    low = math.floor(asked.rover.max_dark_hours / hours + 1e-6)
    high = longest_dark_steps(problem, trace(problem, swept.saved, swept.end))
    alone = high
    while alone - low > 1:
        middle = (low + alone) // 2
        low, alone = (low, middle) if keeps_dark(problem, asked.settings, middle) else (middle, alone)
    tries = 0
    middle = alone
    while high > alone and tries < LABEL_SWEEPS:
        tries += 1
        moves = label_drive(problem, asked.settings, middle, False)
        alone, high = (middle + 1, high) if moves is None else (alone, longest_dark_steps(problem, moves))
        middle = (alone + high) // 2
    return Relaxation("dark_hours", high * hours, f"with {high * hours:g} h without sunlight (max_dark_hours is "
                      f"{asked.rover.max_dark_hours:g})")  # fmt: skip


def _living(asked: Asked) -> Relaxation | None:
    """An end in any sunlight, whatever comes after."""
    if asked.settings.living is None or not replace(asked, settings=replace(asked.settings, living=None)).opens():
        return None
    return Relaxation("end", math.nan, "when it may end in any sunlight, though the rover cannot live on there "
                      "(end_light_hours, end_charge_fraction, end_haven_hours)")  # fmt: skip


def _comm(asked: Asked) -> Relaxation | None:
    free = replace(asked, rover=replace(asked.rover, comm_to_drive=False))
    if not asked.rover.comm_to_drive or not free.opens():
        return None
    return Relaxation("comm_to_drive", math.nan, "when it may drive without the Earth or station in view")


def _battery(asked: Asked) -> Relaxation | None:
    """Capacity, limits and charge at the start grown alike, by doubling and bisection."""

    def opens(factor: float) -> bool:
        grown = replace(asked.rover, battery_wh=asked.rover.battery_wh * factor)
        return replace(asked, rover=grown, start_wh=asked.start_wh * factor).opens()

    if not _with_endless_battery(asked):
        return None
    factor = _least(opens, 1.0, [2.0**n for n in range(1, DOUBLINGS + 1)])
    if factor is None:
        return None
    needed = asked.rover.battery_wh * factor
    words = f"with a battery of {needed:.0f} Wh (it has {asked.rover.battery_wh:g}), as full at the start as now"
    return Relaxation("battery_wh", needed, words)


def _span(asked: Asked) -> Relaxation | None:
    """More time at the end, where the light goes on."""
    if asked.settings.last_step is None or asked.settings.last_step >= asked.light.times_tdb_s.size - 1:
        return None
    problem = replace(asked, settings=replace(asked.settings, last_step=None)).problem()
    swept = sweep(problem, asked.settings)
    if swept.end is None:
        return None
    days = swept.end.k * problem.step_s / 86_400.0
    return Relaxation("span", days, f"with {days:.2f} days from start to end")


def _later(asked: Asked) -> Relaxation | None:
    """A later start with the same charge."""
    if not _with_endless_battery(asked):
        return None
    first, last = asked.settings.first_step, asked.problem().last
    for step in np.unique(np.linspace(first, last, LATER_STARTS + 2)[1:-1].astype(int)).tolist():
        if first < step < last and replace(asked, settings=replace(asked.settings, first_step=step)).opens():
            from lupex.ephemeris import tdb_s_to_utc

            time = float(asked.light.times_tdb_s[step])
            return Relaxation("start", time, f"with this charge at {tdb_s_to_utc([time])[0]} instead")
    return None


def _with_endless_battery(asked: Asked) -> bool:
    """Whether any charge would do: where not, neither a larger battery nor a later start opens a drive."""
    endless = replace(asked.rover, battery_wh=1e12, min_charge_fraction=0.0, max_charge_fraction=1.0)
    return replace(asked, rover=endless, start_wh=1e12).opens()


LIFTED: tuple[Callable[[Asked], Relaxation | None], ...] = (_dark, _living, _comm, _battery, _span, _later)

WORDS = {
    "dark_hours": "darkness lasts too long",
    "end": "no place where the rover can go on living is reached in time",
    "comm_to_drive": "the Earth or station is out of view where it must drive",
    "battery_wh": "the battery runs out",
    "span": "the time is too short",
    "start": "it starts too early for its charge",
}


def _least(opens: Callable[[float], bool], low: float, tries: Sequence[float]) -> float | None:
    """Least factor that opens a drive: the first of the tries that does, then halving the gap."""
    high = None
    for factor in tries:
        if opens(factor):
            high = factor
            break
        low = factor
    if high is None:
        return None
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if opens(middle) else (middle, high)
    return high


def _unlimited(rover: Rover) -> Rover:
    return replace(rover, battery_wh=1e12, comm_to_drive=False, max_dark_hours=math.inf, min_charge_fraction=0.0,
                   max_charge_fraction=1.0)  # fmt: skip


def _ground(asked: Asked) -> NoDrive | None:
    """The first place the ground cuts off, and what cuts it."""
    at = np.zeros(asked.edges.grid.shape, bool)
    at[asked.start] = True
    place = "the start"
    stops = [(task.label or "task", task.goals) for task in asked.tasks]
    for name, goals in [*stops, *([("the end", asked.end)] if asked.end is not None else [])]:
        reached = flood(asked.edges.time_s, DOWN, RIGHT, at) & np.asarray(goals, bool)
        if not reached.any():
            return _cut(asked, place, at, name, np.asarray(goals, bool))
        at, place = reached, name
    return None


def _cut(asked: Asked, place: str, at: Mask, name: str, goals: Mask) -> NoDrive:
    what = f"drive '{asked.settings.name}': no drivable way from {place} to {name}"
    edges = asked.edges
    for number, constraint in enumerate(EDGE_CONSTRAINTS):
        lifted = edges.blocked_by == number
        if number == 0 or constraint == "edge of the map" or not _leads(edges, lifted, at, goals):
            continue
        steepness = abs(edges.slope_deg)
        if constraint not in ("up_slope_deg", "down_slope_deg"):
            return NoDrive(f"{what}: {constraint} cuts it", f"without it ({constraint}) there is one", constraint)
        high = float(np.nanmax(np.where(lifted, steepness, np.nan)))
        low = 0.0
        while high - low > 0.01:
            middle = 0.5 * (low + high)
            opens = _leads(edges, lifted & (steepness <= middle), at, goals)
            low, high = (low, middle) if opens else (middle, high)
        return NoDrive(f"{what}: {constraint} cuts it", f"a limit of {high:.2f} deg opens one", constraint, high)
    return NoDrive(what, "no single limit of the ground opens one: move the start, the goals or the map", "ground")


def _leads(edges: Edges, lifted: Mask, at: Mask, goals: Mask) -> bool:
    time_s = np.where(lifted, np.float32(1.0), edges.time_s)
    return bool((flood(time_s, DOWN, RIGHT, at) & goals).any())
