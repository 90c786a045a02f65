"""Small scenes in time, every plan there is, and the rule of energy played through once more."""

import math
from dataclasses import dataclass

import numpy as np

from lupex.model import Grid, InMemoryLight, Rover
from lupex.traverse import Edges, Task
from lupex.traverse.steps.edges import DOWN, RIGHT

STEP_S = 600.0
HOURS = STEP_S / 3600.0


def grid_of(shape, cell_m=10.0):
    return Grid("south", *shape, cell_m, 0.0, 0.0)


def edges_from(time_s, energy_j, cell_m=10.0):
    """Edges from arrays (direction, row, col); inf times are closed, as are steps off the map."""
    time_s = np.array(time_s, np.float32)
    directions, rows, cols = time_s.shape
    length = cell_m * np.hypot(DOWN, RIGHT)[:directions, None, None] * np.ones_like(time_s)
    for d, r, c in np.ndindex(time_s.shape):
        if not (0 <= r + DOWN[d] < rows and 0 <= c + RIGHT[d] < cols):
            time_s[d, r, c] = np.inf
    closed = ~np.isfinite(time_s)
    energy = np.where(closed, np.inf, energy_j).astype(np.float32)
    length = np.where(closed, np.inf, length).astype(np.float32)
    slope = np.zeros_like(length)
    return Edges(
        grid=grid_of((rows, cols), cell_m),
        length_m=length,
        energy_j=energy,
        time_s=time_s,
        slope_deg=slope,
        blocked_by=np.where(closed, 3, 0).astype(np.uint8),
    )


def plain_edges(shape, time_s=STEP_S, energy_j=0.0, directions=8, cell_m=10.0, straight=False):
    """Every step takes as long and as much; ``straight``: no diagonals."""
    time = np.full((directions, *shape), time_s)
    if straight:
        time[1:8:2] = np.inf
    return edges_from(time, energy_j, cell_m)


def light_from(disc, earth=None, step_s=STEP_S, strength=None, elevation=None, cell_m=10.0):
    disc = np.asarray(disc, np.uint8)
    n = disc.shape[0]
    earth = np.ones_like(disc) if earth is None else np.asarray(earth, np.uint8)
    strength = np.ones(n) if strength is None else strength
    elevation = np.zeros(n) if elevation is None else elevation
    return InMemoryLight(
        grid=grid_of(disc.shape[1:], cell_m),
        times_tdb_s=np.arange(n + 1) * step_s,
        disc=disc,
        earth=earth,
        sun_strength=strength,
        sun_elevation_deg=elevation,
    )


def rover_of(**changes):
    """100 Wh, awake 30 W, asleep 6 W, array 90 W."""
    facts = {
        "name": "test",
        "mass_kg": 100.0,
        "speed_m_s": 0.05,
        "max_up_slope_deg": 20.0,
        "max_down_slope_deg": 20.0,
        "max_cross_slope_deg": 20.0,
        "hotel_power_w": 30.0,
        "sleep_power_w": 6.0,
        "array_w": 90.0,
        "battery_wh": 100.0,
        "min_charge_fraction": 0.1,
    }
    return Rover(**(facts | changes))


@dataclass
class Scene:
    edges: Edges
    rover: Rover
    light: InMemoryLight
    start: tuple
    start_wh: float
    tasks: tuple
    end: np.ndarray | None

    @property
    def asked(self):
        return self.edges, self.rover, self.light, self.start, self.start_wh, self.tasks, self.end


def random_scene(seed, shape=(2, 3), steps=7, directions=8, **facts):
    """Random ground, light, view, limits and one task; about half of them have a drive."""
    rng = np.random.default_rng(seed)
    time = rng.choice([0.4, 0.9, 1.7, 2.0, 2.6], (directions, *shape), p=[0.4, 0.2, 0.2, 0.1, 0.1]) * STEP_S
    time[rng.random(time.shape) < 0.15] = np.inf
    disc = rng.choice([0, 0, 40, 160, 255], (steps, *shape)).astype(np.uint8)
    earth = (rng.random((steps, *shape)) < 0.9).astype(np.uint8)
    goals = rng.random(shape) < 0.4
    goals.flat[rng.integers(goals.size)] = True
    tasks = (Task(goals, rng.integers(0, 3) * STEP_S, 20.0, "drill"),) if rng.random() < 0.7 else ()
    end = rng.random(shape) < 0.5
    end.flat[rng.integers(end.size)] = True
    chosen = {
        "battery_wh": float(rng.choice([30.0, 45.0])),
        "comm_to_drive": bool(rng.random() < 0.5),
        "max_charge_w": float(rng.choice([math.inf, 35.0])),
    }
    rover = rover_of(**(chosen | facts))
    light = light_from(disc, earth, strength=rng.uniform(0.9, 1.1, steps))
    start = (int(rng.integers(shape[0])), int(rng.integers(shape[1])))
    energy = rng.uniform(0.0, 4.0, time.shape) * 3600.0
    return Scene(edges_from(time, energy), rover, light, start, float(rng.uniform(8.0, 30.0)), tasks, end)


@dataclass
class Outcome:
    """One way to come to an end."""

    k: int
    battery_wh: float
    drawn_wh: float
    lowest_wh: float
    dark_steps: int
    cell: tuple


def stepped(rover, light, k, battery, dark, cells, power_w):
    """Charge and dark steps after step k at (the mean of) some cells; None when a limit breaks."""
    share = np.mean([int(light.disc[k][cell]) for cell in cells]) / 255.0
    gain = rover.array_w * light.sun_strength[k] * share
    battery = min(rover.full_battery_wh, battery + min(gain - power_w, rover.max_charge_w) * HOURS)
    dark = 0 if share > 0.0 else dark + 1
    if battery < rover.least_battery_wh - 1e-9 or dark * HOURS > rover.max_dark_hours + 1e-9:
        return None
    return battery, dark


def may_stay(scene, rule, plan):
    """Whether the rover can go on living where a plan ends, by standing there step by step."""
    rover, light, k = scene.rover, scene.light, plan.k
    steps = light.disc.shape[0]
    if k >= steps or light.disc[k][plan.cell] == 0:
        return False
    for hours, by_light in ((rule.light_hours, True), (rule.haven_hours, False)):
        n = math.ceil(hours * 3600.0 / STEP_S - 1e-6)
        if k + n > steps:
            continue
        battery, dark, most, gained, lasts = plan.battery_wh, 0, plan.battery_wh, 0.0, True
        for step in range(k, k + n):
            counts = int(light.disc[step][plan.cell])
            after = stepped(rover, light, step, battery, dark, [plan.cell],
                            rover.hotel_power_w if counts else rover.sleep_power_w)  # fmt: skip
            if after is None:
                lasts = False
                break
            battery, dark = after
            most = max(most, battery)
            gained += rover.array_w * light.sun_strength[step] * counts / 255.0
        charged = most >= rule.charge_fraction * rover.full_battery_wh - 1e-9
        if lasts and (not by_light or (charged and gained >= n * rover.hotel_power_w)):
            return True
    return False


def every_plan(scene, last=None):
    """All outcomes of all plans: every order of waiting, driving and tasks, one step after the other."""
    edges, rover, light = scene.edges, scene.rover, scene.light
    steps = light.disc.shape[0] if last is None else last
    found = []

    def run(k, cell, stage, state, cells, power, n, there, onward):
        battery, dark, drawn, low, most = state
        for p in range(n):
            after = stepped(rover, light, k + p, battery, dark, cells, power)
            if after is None:
                return
            battery, dark = after
            drawn, low, most = drawn + power * HOURS, min(low, battery), max(most, dark)
        go(k + n, there, onward, (battery, dark, drawn, low, most))

    def go(k, cell, stage, state):
        ends = scene.end is None or scene.end[cell]
        if stage == len(scene.tasks) and ends and light.disc[min(k, light.disc.shape[0] - 1)][cell] > 0:
            found.append(Outcome(k, state[0], state[2], state[3], state[4], cell))
        if stage < len(scene.tasks) and scene.tasks[stage].goals[cell]:
            task = scene.tasks[stage]
            n = math.ceil(task.dwell_s / STEP_S - 1e-9)
            if k + n <= steps:
                power = rover.hotel_power_w + task.power_w
                run(k, cell, stage, state, [cell], power, n, cell, stage + 1)
        if k >= steps:
            return
        idle = rover.hotel_power_w if light.disc[k][cell] > 0 else rover.sleep_power_w
        run(k, cell, stage, state, [cell], idle, 1, cell, stage)
        for d in range(edges.directions):
            if not np.isfinite(edges.time_s[(d, *cell)]):
                continue
            n = max(1, math.ceil(float(edges.time_s[(d, *cell)]) / STEP_S - 1e-6))
            other = (int(cell[0] + DOWN[d]), int(cell[1] + RIGHT[d]))
            if k + n > steps:
                continue
            if rover.comm_to_drive and not all(light.earth[q][c] for q in range(k, k + n) for c in (cell, other)):
                continue
            power = rover.hotel_power_w + float(edges.energy_j[(d, *cell)]) / (n * STEP_S)
            run(k, cell, stage, state, [cell, other], power, n, other, stage)

    begin = min(scene.start_wh, rover.full_battery_wh)
    go(0, scene.start, 0, (begin, 0, 0.0, begin, 0))
    return found


def replayed(traverse, scene):
    """Charge (Wh) at every waypoint, played through from the waypoints alone; checks every limit on the way."""
    edges, rover, light = scene.edges, scene.rover, scene.light
    grid = edges.grid
    cells = [
        (round((grid.top_m - y) / grid.cell_m - 0.5), round((x - grid.left_m) / grid.cell_m - 0.5))
        for x, y in zip(traverse.x_m, traverse.y_m, strict=True)
    ]
    boundary = np.round((traverse.times_tdb_s - light.times_tdb_s[0]) / STEP_S).astype(int)
    tasks = iter(scene.tasks)
    battery, dark, charges = float(traverse.battery_wh[0]), 0, [float(traverse.battery_wh[0])]
    for i, activity in enumerate(traverse.activity[:-1]):
        n = boundary[i + 1] - boundary[i]
        places, work = [cells[i]], None
        if activity == "drive":
            places.append(cells[i + 1])
            move = (cells[i + 1][0] - cells[i][0], cells[i + 1][1] - cells[i][1])
            d = next(d for d in range(edges.directions) if (DOWN[d], RIGHT[d]) == move)
            assert n == max(1, math.ceil(float(edges.time_s[(d, *cells[i])]) / STEP_S - 1e-6))
            work = rover.hotel_power_w + float(edges.energy_j[(d, *cells[i])]) / (n * STEP_S)
        elif traverse.labels[i] == "target":
            task = next(tasks)
            assert task.goals[cells[i]] and n == math.ceil(task.dwell_s / STEP_S - 1e-9)
            work = rover.hotel_power_w + task.power_w
        else:
            assert cells[i] == cells[i + 1]
        for k in range(boundary[i], boundary[i + 1]):
            idle = rover.hotel_power_w if light.disc[k][cells[i]] > 0 else rover.sleep_power_w
            if activity == "drive" and rover.comm_to_drive:
                assert all(light.earth[k][cell] for cell in places)
            after = stepped(rover, light, k, battery, dark, places, idle if work is None else work)
            assert after is not None, f"a limit breaks in step {k}"
            battery, dark = after
        charges.append(battery)
    assert next(tasks, None) is None
    assert light.disc[min(boundary[-1], light.disc.shape[0] - 1)][cells[-1]] > 0
    assert scene.end is None or scene.end[cells[-1]]
    return np.array(charges)
