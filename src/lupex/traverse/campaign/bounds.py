"""What light, legs and battery allow stops at best: the numbers of a `Choice` from edges, rover and light.

Every number is at least as kind as the planner in time: legs as if the Sun never set, light as if every cell always
had the most it ever has. Theory: docs/theory/campaign.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, Cell, Mask
from lupex.base.constants import J_PER_WH
from lupex.kernels.drive.route import step_search
from lupex.model import LightSeries, Rover
from lupex.traverse.campaign.order_choice import ChargeBounds, Choice
from lupex.traverse.checks.route_light import CHUNK_BYTES, full_disc_w, light_along
from lupex.traverse.in_time.problem import steps_of
from lupex.traverse.routes.static import NO_GOAL
from lupex.traverse.steps.edges import DOWN, RIGHT, Edges

MOST_WINDOWS = 12
"""Windows of one stop: a yes or no each in the choice; the planner in time knows them all."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """A stop on the grid: its cell, steps of work, power drawn (W, hotel included), light needed, value.

    ``first``, ``last``: steps of the light series before which the work does not begin, and by which it is over.
    """

    cell: Cell
    steps: int
    power_w: float
    first: int
    last: int
    needs: str
    value: float


@dataclass(frozen=True, eq=False)
class Sky:
    """Light over the steps of a plan: full array power (step,), discs at the stops (step, stop), step length."""

    full_w: F64
    disc: NDArray[np.uint8]
    step_s: float

    @property
    def hours(self) -> float:
        """Length of a step."""
        return self.step_s / J_PER_WH


@dataclass(frozen=True, eq=False)
class _Kindest:
    """Per cell and per drive step (direction, row, col): steps taken, shortfall against idling, net loss (Wh); where
    a battery can be filled; what a step of idling adds at most."""

    steps: F64
    shortfall: F64
    loss: F64
    chargeable: Mask
    idle_per_step: float


def choice_of(
    edges: Edges,
    rover: Rover,
    light: LightSeries,
    span: tuple[int, int],
    begin: tuple[Cell, float],
    work: Sequence[Work],
    end: Mask,
) -> tuple[Choice, Mask]:
    """Stops with their windows, fastest legs and kindest charge, steps counted from the first of the span; and the
    steps of the light series (step, stop) at which the work of each can begin.

    ``span``: first and last boundary of the plan. ``begin``: cell and charge (Wh) at the start.

    Args:
        edges: steps that may be driven, with their costs.
        rover: limits, speed and energy.
        light: whose steps are counted.
        work: stops with their duration and power.
        end: mask (row, col) of cells the drive may end in.
    """
    (first, last), (start, battery_wh) = span, begin
    rows = np.array([item.cell[0] for item in work], np.int64)
    cols = np.array([item.cell[1] for item in work], np.int64)
    step_s = float(light.times_tdb_s[-1] - light.times_tdb_s[0]) / (light.times_tdb_s.size - 1)
    sky = Sky(full_disc_w(light, rover)[first:last], light_along(light, rows, cols, first, last)[0], step_s)
    kind = _kindest(edges, rover, best_light(light, sky.full_w, first), step_s)
    begins = np.zeros((light.times_tdb_s.size - 1, len(work)), bool)
    for number, item in enumerate(work):
        begins[first:last, number] = _beginnings(item, sky.disc[:, number], first)

    def legs(costs: F64) -> tuple[F64, F64, F64]:
        from_start = _spent(costs, _one(edges, start))[rows, cols]
        between = np.array([_spent(costs, _one(edges, item.cell))[rows, cols] for item in work])
        return from_start, between, _spent(costs, np.where(end, 0.0, np.inf), backward=True)[rows, cols]

    shortfall = legs(kind.shortfall)
    filled = np.where(kind.chargeable, 0.0, np.inf)
    filled[start] = min(filled[start], max(0.0, rover.full_battery_wh - battery_wh))
    arrival = rover.full_battery_wh - _spent(kind.loss, filled)[rows, cols]
    light_again = np.where(kind.chargeable | end, 0.0, np.inf)
    departure = rover.least_battery_wh + _spent(kind.loss, light_again, backward=True)[rows, cols]
    gained = [_work_wh(item, begins[first:last, k], sky, k, rover.max_charge_w) for k, item in enumerate(work)]
    charge = ChargeBounds(
        start=battery_wh,
        least=rover.least_battery_wh,
        full=rover.full_battery_wh,
        idle_per_step=kind.idle_per_step,
        from_start=shortfall[0],
        between=shortfall[1],
        to_end=shortfall[2],
        work=np.array(gained),
        arrival_most=arrival,
        departure_least=departure,
    )
    fastest = legs(kind.steps)
    choice = Choice(
        value=np.array([item.value for item in work]),
        dwell=np.array([float(item.steps) for item in work]),
        windows=tuple(_runs(begins[first:last, number]) for number in range(len(work))),
        from_start=fastest[0],
        between=fastest[1],
        to_end=fastest[2],
        steps=last - first,
        charge=charge,
    )
    return choice, begins


def best_light(light: LightSeries, full_w: F64, first: int) -> tuple[F64, Mask]:
    """Most power (W) the array ever gives at a cell, and whether the cell ever has the Earth (station) in view.

    ``full_w`` (step,): with the whole disc in view, from step ``first`` on.

    Args:
        light: of every cell and step.
    """
    shape = light.grid.shape
    best, seen = np.zeros(shape), np.zeros(shape, bool)
    chunk = max(1, CHUNK_BYTES // (2 * shape[0] * shape[1]))
    for begin in range(first, first + full_w.size, chunk):
        disc, earth = light.read(begin, min(first + full_w.size, begin + chunk))
        seen |= earth.any(axis=0)
        for step in range(disc.shape[0]):
            np.maximum(best, disc[step] * (full_w[begin - first + step] / 255.0), out=best)
    return best, seen


def _kindest(edges: Edges, rover: Rover, best: tuple[F64, Mask], step_s: float) -> _Kindest:
    best_w, seen = best
    hours = step_s / J_PER_WH
    count = steps_of(edges.time_s, step_s)
    steps = np.where(count > 0, count.astype(np.float64), np.inf)
    if rover.comm_to_drive:
        steps = np.where(seen & (_at_end(seen.astype(float), edges.directions) > 0.0), steps, np.inf)
    drives = np.isfinite(steps)
    idle_w = np.minimum(best_w - rover.hotel_power_w, rover.max_charge_w)
    idle_per_step = max(float(idle_w.max()), -rover.sleep_power_w) * hours
    with np.errstate(invalid="ignore"):
        drive_w = np.where(drives, edges.energy_j.astype(np.float64) / (steps * step_s), 0.0)
        mean_w = 0.5 * (best_w + _at_end(best_w, edges.directions))
        net_w = np.minimum(mean_w - rover.hotel_power_w - drive_w, rover.max_charge_w)
        shortfall = np.where(drives, np.maximum(0.0, idle_per_step - net_w * hours) * steps, np.inf)
        loss = np.where(drives, np.maximum(0.0, -net_w) * hours * steps, np.inf)
    return _Kindest(steps, shortfall, loss, idle_w > 0.0, idle_per_step)


def _at_end(values: F64, directions: int) -> F64:
    """Value at the cell each drive step ends in (direction, row, col), 0 beyond the map."""
    rows, cols = values.shape
    wide = np.zeros((rows + 4, cols + 4))
    wide[2:-2, 2:-2] = values
    parts = zip(DOWN[:directions], RIGHT[:directions], strict=True)
    return np.stack([wide[2 + down : 2 + down + rows, 2 + right : 2 + right + cols] for down, right in parts])


def _one(edges: Edges, cell: Cell) -> F64:
    sources = np.full(edges.grid.shape, np.inf)
    sources[cell] = 0.0
    return sources


def _spent(costs: F64, sources: F64, backward: bool = False) -> F64:
    """Least cost from the sources, each with its own beginning, to every cell (backward: from every cell)."""
    spent = sources.ravel().astype(np.float64)
    came = np.empty(spent.size, np.uint8)
    step_search(costs, spent, came, np.zeros(1, np.uint8), NO_GOAL, backward)
    return spent.reshape(sources.shape)


def _beginnings(work: Work, disc: NDArray[np.uint8], first: int) -> Mask:
    """Steps (step,) at which the whole work can begin: inside its window, in the light it needs throughout.

    ``disc`` (step,) from step ``first`` on.
    """
    good = np.ones(disc.size, bool) if work.needs == "any" else (disc > 0) == (work.needs == "lit")
    good[: max(0, work.first - first)] = False
    good[max(0, work.last - first) :] = False
    count = np.concatenate([[0], np.cumsum(good)])
    begins = np.zeros(disc.size, bool)
    if work.steps <= disc.size:
        begins[: disc.size - work.steps + 1] = count[work.steps :] - count[: count.size - work.steps] == work.steps
    return begins


def _runs(begins: Mask) -> tuple[tuple[int, int], ...]:
    """First and last step of every run of True; of too many runs the closest are taken together."""
    edge = np.flatnonzero(np.diff(np.concatenate([[0], begins.astype(np.int8), [0]])))
    first, last = edge[::2], edge[1::2] - 1
    gaps = first[1:] - last[:-1]
    kept = np.sort(np.argsort(-gaps, kind="stable")[: MOST_WINDOWS - 1])
    first, last = np.concatenate([first[:1], first[1:][kept]]), np.concatenate([last[:-1][kept], last[-1:]])
    return tuple((int(a), int(b)) for a, b in zip(first, last, strict=True))


def _work_wh(work: Work, begins: Mask, sky: Sky, number: int, most_w: float) -> float:
    """Most charge that the work adds, mostly negative, over the beginnings allowed; 0 when there are none."""
    if not begins.any():
        return 0.0
    net = np.minimum(sky.full_w * sky.disc[:, number] / 255.0 - work.power_w, most_w) * sky.hours
    total = np.concatenate([[0.0], np.cumsum(net)])
    at = np.flatnonzero(begins)
    return float((total[at + work.steps] - total[at]).max())
