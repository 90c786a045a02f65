"""The next drive: the cheapest way over the ground to where the rover is to go, as far as energy and time allow."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import Cell, Mask
from lupex.base.errors import InputError
from lupex.model import Grid, Rover, Terrain
from lupex.ops.commanding.stack import Stack, Step
from lupex.traverse.routes.static import Route, route
from lupex.traverse.steps.edge_table import drive_edges
from lupex.traverse.steps.edges import Edges

MOST_WAYPOINTS = 40


@dataclass(frozen=True, eq=False, kw_only=True)
class DrivePlan:
    """A drive to command.

    Attributes:
        route: over the cells of the map. x_m, y_m: (n,) waypoints where it turns, the start not included.
        energy_wh: of driving them. time_s: of driving them. whole: whether the last waypoint is the goal.
    """

    route: Route
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    energy_wh: float
    time_s: float
    whole: bool


@dataclass(frozen=True, eq=False)
class DriveGround:
    """Ground with its steps, made once for many plans."""

    terrain: Terrain
    rover: Rover
    edges: Edges

    @classmethod
    def of(cls, terrain: Terrain, rover: Rover) -> "DriveGround":
        """The ground of a map for a rover."""
        return cls(terrain, rover, drive_edges(terrain, rover))

    def hazard(self, x_m: float, y_m: float) -> str:
        """Why a place must not be driven to, '' if it may."""
        try:
            row, col = cell_at(self.terrain.grid, x_m, y_m)
        except InputError as error:
            return error.what
        return "" if (self.edges.blocked_by[:, row, col] == 0).any() else "no step from there may be driven"


def next_drive(
    ground: DriveGround, place: tuple[float, float], goals: Mask, energy_wh: float, time_s: float
) -> DrivePlan:
    """The drive of least energy to the nearest goal, cut where energy or time run out.

    Args:
        ground: map and rover. place: where the rover is (x_m, y_m). goals: (row, col) cells that will do.
        energy_wh: what driving may cost, hotel power included. time_s: how long it may take.

    Raises:
        NoRouteError: no way leads to a goal. InputError: the rover is off the map.
    """
    found = route(ground.edges, cell_at(ground.terrain.grid, *place), goals, "energy")
    grid = ground.terrain.grid
    x_m = grid.left_m + (found.cols + 0.5) * grid.cell_m
    y_m = grid.top_m - (found.rows + 0.5) * grid.cell_m
    share = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x_m), np.diff(y_m)))])
    share = share / share[-1] if share[-1] > 0.0 else share
    hotel_wh = ground.rover.hotel_power_w * found.time_s / 3600.0
    whole_wh, whole_s = found.energy_j / 3600.0 + hotel_wh, found.time_s
    reach = min(1.0, energy_wh / whole_wh if whole_wh else 1.0, time_s / whole_s if whole_s else 1.0)
    last = int(np.searchsorted(share, reach + 1e-12, side="right")) - 1
    turns = [k for k in range(1, last + 1) if k == last or _turns(found, k)][:MOST_WAYPOINTS]
    end = turns[-1] if turns else 0
    return DrivePlan(
        route=found, x_m=np.asarray(x_m[turns], np.float64),
        y_m=np.asarray(y_m[turns], np.float64), energy_wh=float(whole_wh * share[end]),
        time_s=float(whole_s * share[end]), whole=end == len(found) - 1,
    )  # fmt: skip


def drive_stack(plan: DrivePlan, name: str) -> Stack:
    """The stack that drives a plan: leave what it does, one drive to each waypoint, each after the one before."""
    first = (Step(name="stop_drive", after_previous=False), Step(name="enable_schedule"))
    drives = tuple(
        Step(name="drive_to", given={"x_m": float(x), "y_m": float(y), "waypoint": k})
        for k, (x, y) in enumerate(zip(plan.x_m, plan.y_m, strict=True), start=1)
    )
    return Stack(name=name, steps=(*first, *drives))


def cell_at(grid: Grid, x_m: float, y_m: float) -> Cell:
    """Row and column of a place. Raises InputError off the map."""
    row, col = int((grid.top_m - y_m) // grid.cell_m), int((x_m - grid.left_m) // grid.cell_m)
    if not (0 <= row < grid.rows and 0 <= col < grid.cols):
        raise InputError(f"x {x_m:.0f} m, y {y_m:.0f} m lies off the map", "choose a place on it")
    return row, col


def ring_of_goals(ground: DriveGround, place: tuple[float, float], least_m: float, most_m: float) -> Mask:
    """Cells (row, col) between two distances from a place that the rover can stand on."""
    x_m, y_m = ground.terrain.grid.xy_m()
    distance = np.hypot(x_m - place[0], y_m - place[1])
    goals: Mask = (distance >= least_m) & (distance <= most_m) & (ground.edges.blocked_by == 0).any(axis=0)
    return goals


def _turns(found: Route, k: int) -> bool:
    before = (found.rows[k] - found.rows[k - 1], found.cols[k] - found.cols[k - 1])
    after = (found.rows[k + 1] - found.rows[k], found.cols[k + 1] - found.cols[k])
    return bool(before != after)
