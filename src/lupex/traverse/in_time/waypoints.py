"""Moves on the grid in time as a drive: every step played by the rule of energy, waypoints where something changes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, I64
from lupex.base.constants import J_PER_WH
from lupex.model import Rover, Traverse
from lupex.traverse.in_time.problem import HOTEL, SLEEP, TimeProblem
from lupex.traverse.in_time.settings import Task
from lupex.traverse.in_time.trace import Move
from lupex.traverse.steps.edges import DOWN, RIGHT, Edges
from lupex.traverse.steps.rover import array_factor

GATHERED_STEPS = 256
"""Steps of light read at once along the way."""


@dataclass(eq=False)
class Steps:
    """What happens in every time step (step,): place at its beginning and end, disc and view at both."""

    row: I64
    col: I64
    to_row: I64
    to_col: I64
    disc: F64 = field(default_factory=lambda: np.zeros((2, 0)))
    earth: F64 = field(default_factory=lambda: np.zeros((2, 0)))


@dataclass(frozen=True, kw_only=True)
class _Point:
    k: int
    row: int
    col: int
    activity: str
    label: str
    direction: int = -1


def traverse_of(
    problem: TimeProblem,
    moves: Sequence[Move],
    edges: Edges,
    rover: Rover,
    tasks: Sequence[Task],
    start_wh: float,
    name: str = "drive",
    notes: tuple[str, ...] = (),
) -> Traverse:
    """The drive of these moves with charge, light and summary, computed afresh in float64; margins are `replay`'s.

    Args:
        problem: the drive in time, as arrays.
        edges: steps that may be driven, with their costs.
        rover: limits, speed, energy and powers.
        tasks: what is done on the way, in order.
        start_wh: charge at the start, Wh.
        name: of the drive.
        notes: what is said with the drive.
    """
    steps = _steps_of(problem, moves)
    _light_of(problem, steps)
    drawn_w = _powers(problem, moves, steps, edges, rover, tasks)
    gain_w = _gain_w(problem, rover)[: steps.row.size] * steps.disc.mean(axis=0)
    battery, dark = _played(problem, rover, start_wh, gain_w, drawn_w, steps)
    points = _points(problem, moves, steps, battery, tasks, rover)
    return _traverse(problem, points, steps, (battery, dark, drawn_w, gain_w), edges, rover, name, notes)


def longest_dark_steps(problem: TimeProblem, moves: Sequence[Move]) -> int:
    """Most time steps in a row without any sunlight."""
    steps = _steps_of(problem, moves)
    _light_of(problem, steps)
    longest = run = 0
    for lit in steps.disc.sum(axis=0) > 0:
        run = 0 if lit else run + 1
        longest = max(longest, run)
    return longest


def drawn_wh(problem: TimeProblem, moves: Sequence[Move]) -> float:
    """What these moves draw in all.

    Args:
        problem: the drive in time, as arrays.
    """
    steps = _steps_of(problem, moves)
    _light_of(problem, steps)
    drawn = np.where(steps.disc.sum(axis=0) > 0.0, problem.powers[HOTEL], problem.powers[SLEEP])
    for move in moves:
        part = slice(move.k, move.k + move.steps)
        if move.task >= 0:
            drawn[part] = problem.dwells[move.task].power_wh
        elif move.direction >= 0:
            drawn[part] = problem.draw_wh[move.direction, *end_of(move)]
    return float(drawn.sum())


def _steps_of(problem: TimeProblem, moves: Sequence[Move]) -> Steps:
    places = np.array([(m.row, m.col, *end_of(m)) for m in moves for _ in range(m.steps)], np.int64).reshape(-1, 4)
    return Steps(*places.T)


def end_of(move: Move) -> tuple[int, int]:
    """Row and column of the crop a move ends in."""
    if move.direction < 0:
        return move.row, move.col
    return move.row + int(DOWN[move.direction]), move.col + int(RIGHT[move.direction])


def _light_of(problem: TimeProblem, steps: Steps) -> None:
    count = steps.row.size
    steps.disc, steps.earth = np.zeros((2, count)), np.zeros((2, count))
    for begin in range(0, count, GATHERED_STEPS):
        part = slice(begin, min(count, begin + GATHERED_STEPS))
        row, col = (np.stack(pair)[:, part] for pair in ((steps.row, steps.to_row), (steps.col, steps.to_col)))
        r, c = int(row.min()), int(col.min())
        light = problem.read(begin, part.stop, (r, c, int(row.max()) - r + 1, int(col.max()) - c + 1))
        t = np.arange(part.stop - begin)
        steps.disc[:, part] = light.disc[t, row - r, col - c] / 255.0
        steps.earth[:, part] = light.earth[t, row - r, col - c]


def _powers(
    problem: TimeProblem, moves: Sequence[Move], steps: Steps, edges: Edges, rover: Rover, tasks: Sequence[Task]
) -> F64:
    """Power drawn (step,), W."""
    dark = steps.disc.sum(axis=0) == 0.0
    drawn = np.where(dark, rover.sleep_power_w, rover.hotel_power_w)
    for move in moves:
        part = slice(move.k, move.k + move.steps)
        if move.task >= 0:
            drawn[part] = rover.hotel_power_w + tasks[move.task].power_w
        elif move.direction >= 0:
            energy_j = float(edges.energy_j[_edge(problem, move.direction, move.row, move.col)])
            drawn[part] = rover.hotel_power_w + energy_j / (move.steps * problem.step_s)
    return np.asarray(drawn, np.float64)


def _edge(problem: TimeProblem, direction: int, row: int, col: int) -> tuple[int, int, int]:
    return direction, row + problem.window[0], col + problem.window[1]


def _gain_w(problem: TimeProblem, rover: Rover) -> F64:
    """Power (boundary,) of the array with the whole disc in view, of as many steps as the problem has."""
    light = problem.light
    full = rover.array_w * light.sun_strength * array_factor(rover.array_kind, light.sun_elevation_deg)
    return np.asarray(full[problem.first : problem.last])


def _played(
    problem: TimeProblem, rover: Rover, start_wh: float, gain_w: F64, drawn_w: F64, steps: Steps
) -> tuple[F64, F64]:
    """Charge (Wh) and hours without sunlight at every boundary."""
    battery, dark = [start_wh], [0.0]
    hours = problem.step_s / J_PER_WH
    lit = steps.disc.sum(axis=0) > 0.0
    for k in range(gain_w.size):
        net = min(float(gain_w[k] - drawn_w[k]), rover.max_charge_w) * hours
        battery.append(min(rover.full_battery_wh, battery[-1] + net))
        dark.append(0.0 if lit[k] else dark[-1] + hours)
    return np.array(battery), np.array(dark)


def _points(
    problem: TimeProblem, moves: Sequence[Move], steps: Steps, battery: F64, tasks: Sequence[Task], rover: Rover
) -> list[_Point]:
    points: list[_Point] = []
    for move in moves:
        if move.task >= 0:
            task = tasks[move.task]
            points.append(_Point(k=move.k, row=move.row, col=move.col, activity=task.activity, label=task.label))
        elif move.direction >= 0:
            points.append(
                _Point(k=move.k, row=move.row, col=move.col, activity="drive", label="", direction=move.direction)
            )
        else:
            lit = steps.disc[0, move.k] > 0.0
            full = battery[move.k] >= rover.full_battery_wh - 1e-9
            activity = "sleep" if not lit else "wait" if full else "charge"
            last = points[-1] if points else None
            if last is None or last.activity != activity or last.label or (last.row, last.col) != (move.row, move.col):
                points.append(_Point(k=move.k, row=move.row, col=move.col, activity=activity, label=""))
    row, col, k = (*end_of(moves[-1]), moves[-1].k + moves[-1].steps) if moves else (*problem.start, 0)
    points.append(_Point(k=k, row=row, col=col, activity="end", label="end"))
    first = points[0]
    if not first.label or len(points) == 1:
        points[0] = _Point(
            k=first.k, row=first.row, col=first.col, activity=first.activity, label="start", direction=first.direction
        )
    return points


def _traverse(
    problem: TimeProblem,
    points: list[_Point],
    steps: Steps,
    played: tuple[F64, F64, F64, F64],
    edges: Edges,
    rover: Rover,
    name: str,
    notes: tuple[str, ...],
) -> Traverse:
    battery, dark, drawn_w, gain_w = played
    k = np.array([point.k for point in points], np.int64)
    x, y = problem.grid.x_m(), problem.grid.y_m()
    length = np.array([_length_m(problem, point, edges) for point in points])
    slope = np.array([_slope_deg(problem, point, edges) for point in points])
    spent = np.concatenate([[0.0], np.cumsum(drawn_w)]) * problem.step_s / J_PER_WH
    disc, earth = _at_points(problem, points, steps)
    times = problem.light.times_tdb_s[problem.first + k]
    return Traverse(
        name=name,
        pole=problem.grid.pole,
        times_tdb_s=times,
        x_m=x[[point.col for point in points]],
        y_m=y[[point.row for point in points]],
        activity=tuple(point.activity for point in points),
        labels=tuple(point.label for point in points),
        distance_m=np.concatenate([[0.0], np.cumsum(length[:-1])]),
        energy_wh=spent[k],
        battery_wh=battery[k],
        disc_fraction=disc,
        earth_in_view=earth,
        dark_hours=dark[k],
        slope_deg=slope,
        summary=_summary(problem, played, steps, float(length.sum()), rover, points),
        notes=notes,
    )


def _length_m(problem: TimeProblem, point: _Point, edges: Edges) -> float:
    return float(edges.length_m[_edge(problem, point.direction, point.row, point.col)]) if point.direction >= 0 else 0.0


def _slope_deg(problem: TimeProblem, point: _Point, edges: Edges) -> float:
    if point.direction < 0:
        return math.nan
    return float(edges.slope_deg[_edge(problem, point.direction, point.row, point.col)])


def _at_points(problem: TimeProblem, points: list[_Point], steps: Steps) -> tuple[F64, NDArray[np.bool_]]:
    """Disc and view at each waypoint's own cell in the step that begins there; at the series' end the last step."""
    last = points[-1]
    k = np.array([point.k for point in points if point.k < last.k], np.int64)
    step = min(last.k, problem.light.times_tdb_s.size - 2 - problem.first)
    light = problem.read(step, step + 1, (last.row, last.col, 1, 1))
    at_end = len(points) - k.size  # tasks without a stay may stand there too
    disc = np.append(steps.disc[0, k], np.full(at_end, light.disc[0, 0, 0] / 255.0))
    earth = np.append(steps.earth[0, k], np.full(at_end, light.earth[0, 0, 0])) > 0.0
    return disc, earth


def _summary(
    problem: TimeProblem,
    played: tuple[F64, F64, F64, F64],
    steps: Steps,
    distance_m: float,
    rover: Rover,
    points: list[_Point],
) -> dict[str, float]:
    battery, dark, drawn_w, gain_w = played
    hours = problem.step_s / J_PER_WH
    spent = dict.fromkeys(("drive", "wait", "charge", "sleep", "drill", "measure"), 0.0)
    for point, following in zip(points[:-1], points[1:], strict=True):
        spent[point.activity] += (following.k - point.k) * hours
    lit = steps.disc.sum(axis=0) > 0.0
    return {
        "distance_m": distance_m,
        "duration_hours": drawn_w.size * hours,
        "energy_wh": float(drawn_w.sum()) * hours,
        "gained_wh": float(battery[-1] - battery[0]) + float(drawn_w.sum()) * hours,
        "lowest_battery_wh": float(battery.min()),
        "lowest_margin_wh": float(battery.min()) - rover.least_battery_wh,
        "end_battery_wh": float(battery[-1]),
        "longest_dark_hours": float(dark.max()),
        "lit_share": float(lit.mean()) if lit.size else 1.0,
        "step_minutes": problem.step_s / 60.0,
    } | {f"{word}_hours": value for word, value in spent.items()}
