"""A science campaign: which stops to visit, in what order and when, so that they are worth the most.

Orienteering with time windows: a relaxed choice (MILP) bounds the value and proposes an order, the planner in time
judges it. Theory: docs/theory/campaign.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import Cell, Mask
from lupex.base.constants import HOUR_S
from lupex.base.errors import InputError
from lupex.base.running import Running, takes_running
from lupex.ephemeris import utc_to_tdb_s
from lupex.model import Campaign, LightSeries, Rover, Stop, Traverse
from lupex.model.fields.grid import OUTSIDE
from lupex.traverse.campaign.bounds import Work, choice_of
from lupex.traverse.campaign.order_choice import Choice, Order
from lupex.traverse.campaign.order_search import Found, SearchLimits, search
from lupex.traverse.in_time.plan import plan_in_time
from lupex.traverse.in_time.problem import ROUNDING, span_of
from lupex.traverse.in_time.settings import NoDrive, Task, TimeSettings
from lupex.traverse.steps.edges import DOWN, RIGHT, Edges


@dataclass(frozen=True)
class CampaignSettings:
    """How a campaign is planned: ``drive`` each timed drive, ``limits`` where the search ends."""

    drive: TimeSettings = TimeSettings(name="campaign")
    limits: SearchLimits = SearchLimits()


@dataclass(frozen=True, eq=False, kw_only=True)
class _Scene:
    """What every timed drive of a campaign shares."""

    edges: Edges
    rover: Rover
    light: LightSeries
    start: Cell
    battery_wh: float
    end: Mask | None
    settings: TimeSettings
    tasks: tuple[Task, ...] = ()

    def drive(self, order: Order, settings: TimeSettings) -> Traverse:
        """The timed drive over stops in an order. Raises NoDrive."""
        tasks = [self.tasks[stop] for stop in order]
        return plan_in_time(self.edges, self.rover, self.light, self.start, self.battery_wh, tasks, self.end, settings)


@takes_running
def plan_campaign(
    edges: Edges,
    rover: Rover,
    light: LightSeries,
    start: Cell,
    start_battery_wh: float,
    stops: Sequence[Stop],
    end: Mask | None = None,
    settings: CampaignSettings = CampaignSettings(),
    running: Running = Running(),
) -> Campaign:
    """The drive over those stops, in that order, that is worth the most, with a bound no drive exceeds.

    Args:
        settings: of the drive and of the search.
        edges, rover, light: as for `plan_in_time`, on one grid.
        start: row and column; start_battery_wh: charge there at the first step.
        stops: in any order; the work at one takes whole time steps, at least one, in one piece.
        end: cells (row, col) in which the drive ends, in sunlight, by the end of the span; None: any.

    Returns:
        The campaign; its gap is 0 when the drive is proven to be the best of all. Reasons say why stops are left out.

    Raises:
        InputError: no stops, two of one label, a stop off the map, on ground no drive enters or leaves, or with more
            work than the span is long.
        NoDrive: not even a drive without stops comes to its end.
        GridError, SpanError: ground, light and span do not fit together.
    """
    settings = replace(settings, drive=settings.drive.on(running))
    span = span_of(edges, light, settings.drive)
    work = _work(edges, rover, light, start, stops, span)
    ends = np.ones(edges.grid.shape, bool) if end is None else np.asarray(end, bool)
    scene = _Scene(
        edges=edges,
        rover=rover,
        light=light,
        start=start,
        battery_wh=start_battery_wh,
        end=end,
        settings=settings.drive,
    )
    alone = scene.drive((), settings.drive)
    charge = min(start_battery_wh, rover.full_battery_wh)
    choice, begins = choice_of(edges, rover, light, span[:2], (start, charge), work, ends)
    scene = replace(scene, tasks=_tasks(edges, rover, stops, work, begins, span[2]))

    quick = replace(settings.drive, objective="earliest", diagnose=False)

    def judged(order: Order) -> tuple[Traverse | None, str]:
        try:
            return scene.drive(order, quick), ""
        except NoDrive as none:
            return None, none.what

    found = search(choice, judged, alone, settings.limits, running)
    drive = found.drive
    if found.order and settings.drive.objective != quick.objective:
        drive = scene.drive(found.order, settings.drive)
    return Campaign(
        traverse=drive,
        visited=tuple(stops[stop].label for stop in found.order),
        value=found.value,
        bound=found.bound,
        gap_fraction=(found.bound - found.value) / found.bound if found.bound > found.value else 0.0,
        skipped=tuple(
            (stops[k].label, _why_not(k, stops, choice, found, scene))
            for k in range(len(stops))
            if k not in found.order
        ),
        iterations=found.iterations,
        drives=found.drives,
        cuts=tuple(tuple(stops[stop].label for stop in cut) for cut in found.cuts.sequences),
        ended=found.ended,
    )


def _work(
    edges: Edges, rover: Rover, light: LightSeries, start: Cell, stops: Sequence[Stop], span: tuple[int, int, float]
) -> list[Work]:
    """Stops on the grid and in steps. Raises InputError naming the stop."""
    if not stops:
        raise InputError("campaign: no stops", "give at least one")
    labels = [stop.label for stop in stops]
    twice = [label for label in labels if labels.count(label) > 1]
    if twice:
        raise InputError(f"campaign: two stops are called {twice[0]}", "give every stop its own name")
    rows, cols = edges.grid.cells_of(np.array([stop.x_m for stop in stops]), np.array([stop.y_m for stop in stops]))
    first, last, step_s = span
    drivable = np.isfinite(edges.time_s)
    work = []
    for stop, row, col in zip(stops, rows.tolist(), cols.tolist(), strict=True):
        if row == OUTSIDE:
            raise InputError(f"stop {stop.label}: x {stop.x_m:.0f} m, y {stop.y_m:.0f} m lies outside the map")
        if (row, col) != start and not _touched(drivable, row, col):
            raise InputError(
                f"stop {stop.label}: no drive enters or leaves its ground (row {row}, column {col})",
                "move it, or leave it out",
            )
        steps = max(1, int(np.ceil(stop.dwell_s / step_s * (1.0 - ROUNDING))))
        if steps > last - first:
            raise InputError(
                f"stop {stop.label}: {stop.dwell_s / HOUR_S:.3g} h of work in a span of "
                f"{(last - first) * step_s / HOUR_S:.3g} h",
                "shorten the work or lengthen the span",
            )
        first_step, last_step = _window(stop, light.times_tdb_s[0], step_s, light.times_tdb_s.size - 1)
        work.append(
            Work(
                cell=(row, col),
                steps=steps,
                power_w=rover.hotel_power_w + _power_w(stop, rover),
                first=first_step,
                last=last_step,
                needs=stop.needs,
                value=stop.value,
            )
        )
    return work


def _touched(drivable: NDArray[np.bool_], row: int, col: int) -> bool:
    """Whether a drive leaves or enters a cell."""
    if drivable[:, row, col].any():
        return True
    from_row, from_col = row - DOWN[: drivable.shape[0]], col - RIGHT[: drivable.shape[0]]
    on = (from_row >= 0) & (from_row < drivable.shape[1]) & (from_col >= 0) & (from_col < drivable.shape[2])
    return bool(drivable[np.flatnonzero(on), from_row[on], from_col[on]].any())


def _power_w(stop: Stop, rover: Rover) -> float:
    """Drawn by the work on top of the hotel power."""
    if stop.power_w is not None:
        return stop.power_w
    return rover.drill_power_w if stop.activity == "drill" else rover.measure_power_w


def _window(stop: Stop, begin_tdb_s: float, step_s: float, steps: int) -> tuple[int, int]:
    """First step of the window, and the step it ends before; a step belongs to it when all of it does."""
    first, last = 0, steps
    if stop.earliest_utc:
        first = int(np.ceil((float(utc_to_tdb_s(stop.earliest_utc)[0]) - begin_tdb_s) / step_s - ROUNDING))
    if stop.latest_utc:
        last = int(np.floor((float(utc_to_tdb_s(stop.latest_utc)[0]) - begin_tdb_s) / step_s + ROUNDING))
    return first, last


def _tasks(
    edges: Edges, rover: Rover, stops: Sequence[Stop], work: Sequence[Work], begins: Mask, step_s: float
) -> tuple[Task, ...]:
    tasks = []
    for number, (stop, item) in enumerate(zip(stops, work, strict=True)):
        goals = np.zeros(edges.grid.shape, bool)
        goals[item.cell] = True
        free = begins[:, number] if (stop.earliest_utc or stop.latest_utc or stop.needs != "any") else None
        power_w = _power_w(stop, rover)
        tasks.append(Task(goals, item.steps * step_s, power_w, stop.activity, stop.label, free))
    return tuple(tasks)


def _why_not(stop: int, stops: Sequence[Stop], choice: Choice, found: Found[Traverse], scene: _Scene) -> str:
    """Why a stop is not visited."""
    if stops[stop].value == 0.0:
        return "it is worth nothing"
    impossible = _alone(stop, stops[stop], choice, scene.rover.comm_to_drive)
    if impossible:
        return impossible
    if stop in found.reasons:
        try:
            scene.drive((stop,), scene.settings)
        except NoDrive as none:
            return f"no drive serves even it alone: {none.what}"
    others = [stops[k].label for k in found.order]
    places = [(*found.order[:at], stop, *found.order[at:]) for at in range(len(found.order) + 1)]
    if all(found.cuts.forbids(place) or not choice.fits(place) for place in places):
        return f"it fits nowhere between {', '.join(others)}"
    if found.ended == "proven":
        return "no drive with it is worth more"
    return f"not decided: the search ended at its limit of {found.ended}"


def _alone(stop: int, given: Stop, choice: Choice, seen: bool) -> str:
    """What stops a drive to one stop alone even at best, '' when nothing does. ``seen``: only with view it drives."""
    over = " over ground that ever has the Earth in view" if seen else ""
    if not np.isfinite(choice.from_start[stop]):
        return f"no drivable way leads to it from the start{over}"
    if not np.isfinite(choice.to_end[stop]):
        return f"no drivable way leads from it to the end{over}"
    if not choice.windows[stop]:
        limits = [f"from {given.earliest_utc}"] * bool(given.earliest_utc)
        limits += [f"to {given.latest_utc}"] * bool(given.latest_utc)
        light = "" if given.needs == "any" else f" of {'sunlight' if given.needs == 'lit' else 'darkness'}"
        return f"there are never {given.dwell_s / HOUR_S:.3g} h{light} on end in the span {' '.join(limits)}".strip()
    if not np.isfinite(choice.charge.wanted(stop)):
        return "the battery does not last for its work and the way back into light"
    if not choice.fits((stop,)):
        return "even the fastest drive comes too late for it or for the end"
    return ""
