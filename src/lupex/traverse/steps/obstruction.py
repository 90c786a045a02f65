"""Why there is no way: the constraint that cuts it, and the smallest relaxation that opens one.

Theory: docs/theory/driving.md.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from lupex.base.arrays import Mask
from lupex.base.errors import GridError, InputError
from lupex.base.threads import over_rows
from lupex.kernels.drive.edges import DOWN, RIGHT, UP
from lupex.kernels.drive.obstruction import IGNORED, KEPT, SHARED, WORSE, binding, least_bad, measured
from lupex.model import Grid, Rover, Terrain
from lupex.traverse.steps.edges import EDGE_CONSTRAINTS

LIMITS = EDGE_CONSTRAINTS[UP:]
GROUND = ("corner", "blocked", "hole")
_WHAT = {
    "corner": "passes the corner of a cell that is unknown or blocked",
    "blocked": "enters ground that is blocked",
    "hole": "enters ground of unknown height (a hole in the DEM)",
}


@dataclass(frozen=True, kw_only=True)
class Relaxation:
    """One change that opens a way, alone.

    ``constraint``: one of EDGE_CONSTRAINTS, or 'every limit' (climb, descent, side slope and step by one factor).
    ``needed``: the least value of the rover's limit that opens a way (degrees or m; the factor of 'every limit';
    NaN for ground), ``given`` the rover's (1; NaN). (``x_m``, ``y_m``): map place of the step that needs it.
    """

    constraint: str
    needed: float
    given: float
    x_m: float
    y_m: float
    sentence: str


@dataclass(frozen=True)
class Obstruction(Relaxation):
    """The least change that opens a way; ``others`` that do as well, the lesser (as a share of the limit) first."""

    others: tuple[Relaxation, ...] = field(default=())


def why_cut(
    terrain: Terrain,
    rover: Rover,
    start: tuple[int, int],
    goals: Mask,
    blocked: Mask | None = None,
    neighbours: int = 8,
) -> Obstruction | None:
    """What keeps the rover from driving from cell ``start`` to any of ``goals`` (row, col); None when it can.

    Arguments as for `drive_edges`. For each limit alone (climb, descent, side slope, highest step) and for all
    together by one factor, the path is sought whose worst step needs the least of it, so the value is the least that
    opens a way (within 5e-7 of it, from above). The answer is the limit with the smallest factor; 'every limit' when
    no limit alone is enough. 'corner', 'blocked' or 'hole' (the first of them that is enough) stands last among the
    others when driving there opens a way that keeps the limits, and is the answer when no limit opens one. Raises
    InputError for a start off the map or without goals, GridError for masks of another shape.

    Args:
        terrain: heights to drive over.
        neighbours: 8 or 16.
    """
    scene = _Scene(terrain, rover, start, np.asarray(goals, bool), blocked, neighbours)
    if scene.way([KEPT] * 4, 0) is not None:
        return None
    found = list(_relaxations(scene, rover))
    if not found:
        through = scene.way([IGNORED] * 4, 3)
        assert through is not None, "a map is connected when everything may be crossed"
        found = [_of_ground(scene, through, "every way")]
    first = found[0]
    return Obstruction(
        constraint=first.constraint,
        needed=first.needed,
        given=first.given,
        x_m=first.x_m,
        y_m=first.y_m,
        sentence=first.sentence,
        others=tuple(found[1:]),
    )


class _Scene:
    """What every search of one question shares."""

    def __init__(
        self,
        terrain: Terrain,
        rover: Rover,
        start: tuple[int, int],
        goals: Mask,
        blocked: Mask | None,
        neighbours: int,
    ) -> None:
        grid = terrain.grid
        if neighbours not in (8, 16):
            raise InputError(f"why cut: {neighbours} neighbours", "use 8 or 16")
        if goals.shape != grid.shape:
            raise GridError(f"goals have shape {goals.shape}, the terrain {grid.shape}", "use the same grid")
        if not goals.any():
            raise InputError("no goal is given", "mark at least one cell of the map as goal")
        if not (0 <= start[0] < grid.rows and 0 <= start[1] < grid.cols):
            raise InputError(f"start {start} is off the map of {grid.rows} x {grid.cols} cells", "start on the map")
        z, heights = terrain.open_heights(blocked)
        self.grid: Grid = grid
        self.goals = goals
        self.start = int(start[0]) * grid.cols + int(start[1])
        self.shares = np.empty((4, neighbours, *grid.shape), np.float32)
        self.states = np.empty((neighbours, *grid.shape), np.uint8)
        x_m, y_m, limits = grid.x_m(), grid.y_m(), rover.ground_limits

        def work(first: int, last: int) -> None:
            measured(z, heights, x_m, y_m, grid.cell_m, limits, first, last, self.shares, self.states)

        over_rows(work, grid.rows)

    def way(self, roles: list[int], through: int) -> tuple[float, int, int, int] | None:
        """Badness of the least bad way, and row, column and direction of its worst step; None when there is no way."""
        counted = np.array(roles, np.int64)
        before = np.empty(self.grid.shape, np.int8)
        goal, worst = least_bad(self.shares, self.states, counted, through, self.start, self.goals, before)
        if goal < 0:
            return None
        row, col, step = binding(self.shares, self.states, counted, through, self.start, goal, before)
        return float(worst), int(row), int(col), int(step)

    def place_m(self, row: int, col: int, step: int) -> tuple[float, float]:
        """Map place of the middle of a step."""
        grid = self.grid
        x_m = float(grid.x_m()[col] + 0.5 * RIGHT[step] * grid.cell_m)
        return x_m, float(grid.y_m()[row] - 0.5 * DOWN[step] * grid.cell_m)


def _relaxations(scene: _Scene, rover: Rover) -> Iterator[Relaxation]:
    """Those that open a way: limits alone by their factor, all limits, ground."""
    every = scene.way([SHARED] * 4, 0)
    if every is not None:
        alone = [(k, scene.way([SHARED if i == k else KEPT for i in range(4)], 0)) for k in range(len(LIMITS))]
        opening = sorted((way, k) for k, way in alone if way is not None)
        for way, k in opening:
            given = float(getattr(rover, f"max_{LIMITS[k]}"))
            yield _of_limit(scene, LIMITS[k], given, way)
        yield _of_limit(scene, "every limit", 1.0, every)
        through = scene.way([KEPT] * 4, 3)
        if through is not None:
            yield _of_ground(scene, through, "every way that keeps the limits")


def _of_limit(scene: _Scene, constraint: str, given: float, way: tuple[float, int, int, int]) -> Relaxation:
    factor, *step = way
    x_m, y_m = scene.place_m(*step)
    at = f"at x {x_m:.0f} m, y {y_m:.0f} m"
    if constraint == "every limit":
        need = f"every limit must grow by a factor of {_upwards(factor):g} ({at})"
    else:
        need = f"it needs max_{constraint} {_upwards(factor * given):g} instead of {given:g} ({at})"
    return Relaxation(
        constraint=constraint,
        needed=factor * given,
        given=given,
        x_m=x_m,
        y_m=y_m,
        sentence=f"no way within the rover's limits: {need}",
    )


def _of_ground(scene: _Scene, way: tuple[float, int, int, int], ways: str) -> Relaxation:
    badness, *step = way
    name = GROUND[round(math.log(badness, WORSE)) - 1]
    x_m, y_m = scene.place_m(*step)
    sentence = f"no way within the rover's limits: {ways} {_WHAT[name]}, first at x {x_m:.0f} m, y {y_m:.0f} m"
    return Relaxation(constraint=name, needed=math.nan, given=math.nan, x_m=x_m, y_m=y_m, sentence=sentence)


def _upwards(value: float) -> float:
    """Rounded up to two decimals, so that the number printed opens the way."""
    return math.ceil(value * 100.0 - 1e-9) / 100.0
