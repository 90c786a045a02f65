"""Small scenes for campaigns, and their truth: every set of stops at every cell and time, computed the slow way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.ephemeris import utc_to_tdb_s
from lupex.model import Grid, InMemoryLight, Rover, Stop
from lupex.traverse import Edges
from lupex.traverse.steps.edges import DOWN, RIGHT

BEGIN_UTC = "2028-01-01T00:00:00Z"
STEP_S = 1000.0
CELL_M = 100.0
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Scene:
    """All a campaign is planned from."""

    edges: Edges
    rover: Rover
    light: InMemoryLight
    start: tuple[int, int]
    battery_wh: float
    stops: tuple[Stop, ...]
    end: Bools


def small_rover(**changes: object) -> Rover:
    """Gathers 100 W in full sunlight, draws 30 W awake, drives a cell in a step and a diagonal in two."""
    facts: dict[str, object] = {
        "name": "test", "mass_kg": 100.0, "speed_m_s": 0.1, "max_up_slope_deg": 20.0, "max_down_slope_deg": 20.0,
        "max_cross_slope_deg": 20.0, "hotel_power_w": 30.0, "sleep_power_w": 10.0, "array_w": 100.0,
        "battery_wh": 100.0, "measure_power_w": 20.0, "drill_power_w": 60.0, "min_charge_fraction": 0.1,
    }  # fmt: skip
    return Rover(**(facts | changes))  # type: ignore[arg-type]


def flat_edges(grid: Grid, open_cells: Bools, speed_m_s: float = 0.1, watts: float = 20.0) -> Edges:
    """Level ground on which only open cells may be entered."""
    down, right = DOWN[:8, None, None], RIGHT[:8, None, None]
    row, col = np.indices(grid.shape)[:, None]
    to_row, to_col = row + down, col + right
    on = (to_row >= 0) & (to_row < grid.rows) & (to_col >= 0) & (to_col < grid.cols)
    free = on & open_cells & open_cells[np.clip(to_row, 0, grid.rows - 1), np.clip(to_col, 0, grid.cols - 1)]
    length = np.where(free, grid.cell_m * np.hypot(down, right), np.inf).astype(np.float32)
    time = (length / np.float32(speed_m_s)).astype(np.float32)
    slope = np.zeros_like(length)
    return Edges(
        grid=grid,
        length_m=length,
        energy_j=time * np.float32(watts),
        time_s=time,
        slope_deg=slope,
        blocked_by=np.where(free, 0, 3).astype(np.uint8),
    )


def held_light(grid: Grid, disc: NDArray[np.uint8], earth: NDArray[np.uint8] | None = None) -> InMemoryLight:
    """Light by the step (step, row, col) from BEGIN_UTC on."""
    steps = disc.shape[0]
    times = float(utc_to_tdb_s(BEGIN_UTC)[0]) + STEP_S * np.arange(steps + 1)
    seen = np.ones_like(disc) if earth is None else earth
    return InMemoryLight(
        grid=grid,
        times_tdb_s=times,
        disc=disc,
        earth=seen,
        sun_strength=np.ones(steps),
        sun_elevation_deg=np.full(steps, 1.5),
    )


def grid_of(size: int) -> Grid:
    """A square map near the south pole."""
    return Grid.centred("south", 10_000.0, 20_000.0, size, CELL_M)


def stop_at(grid: Grid, cell: tuple[int, int], label: str, value: float, steps: int, **more: object) -> Stop:
    """A stop in the middle of a cell with whole steps of work."""
    x, y = float(grid.x_m()[cell[1]]), float(grid.y_m()[cell[0]])
    return Stop(label=label, x_m=x, y_m=y, value=value, dwell_s=steps * STEP_S, **more)  # type: ignore[arg-type]


def random_scene(seed: int, size: int = 5, steps: int = 26, count: int = 5) -> Scene:
    """Walls, a shadow that wanders, darkness that stays, stops of every kind."""
    rng = np.random.default_rng(seed)
    grid = grid_of(size)
    open_cells = rng.random(grid.shape) > 0.1
    cells = [(int(k) // size, int(k) % size) for k in rng.permutation(size * size)[: count + 1]]
    for row, col in cells:
        open_cells[max(0, row - 1) : row + 2, col] = True
    along = np.arange(steps)[:, None, None]
    wave = np.sin(0.35 * along + rng.uniform(0.5, 1.5) * np.indices(grid.shape).sum(axis=0) + rng.uniform(0.0, 6.0))
    disc = np.clip(255.0 * (0.6 + wave), 0.0, 255.0).astype(np.uint8)
    disc[:, rng.random(grid.shape) < 0.3] = 0
    kinds = [{"needs": "dark"}, {"needs": "lit"}, {}, {"activity": "drill"}, {"power_w": 5.0}]
    stops = []
    for number, cell in enumerate(cells[1:]):
        more: dict[str, object] = dict(kinds[int(rng.integers(len(kinds)))])
        if rng.random() < 0.4:
            first = int(rng.integers(2, steps - 12))
            more |= {"earliest_utc": utc_after(first), "latest_utc": utc_after(first + int(rng.integers(7, 12)))}
        stops.append(stop_at(grid, cell, f"s{number}", float(rng.integers(1, 10)), int(rng.integers(1, 4)), **more))
    end = rng.random(grid.shape) < 0.4
    end[cells[0]] = True
    earth = (np.sin(0.5 * along + 0.8 * np.indices(grid.shape)[1] + rng.uniform(0.0, 6.0)) > -0.7).astype(np.uint8)
    rover = small_rover(battery_wh=float(rng.uniform(40.0, 120.0)), comm_to_drive=bool(seed % 2))
    light = held_light(grid, disc, earth)
    return Scene(flat_edges(grid, open_cells), rover, light, cells[0], 0.9 * rover.battery_wh, tuple(stops), end)


def utc_after(steps: int) -> str:
    """UTC so many steps after the beginning of the light."""
    seconds = int(steps * STEP_S)
    return f"2028-01-01T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}Z"


def step_at(utc: str) -> float:
    """Steps after the beginning of the light."""
    return float(utc_to_tdb_s(utc)[0] - utc_to_tdb_s(BEGIN_UTC)[0]) / STEP_S


def best_value(scene: Scene) -> float:
    """The most value any plan earns: most charge for every (stops done, boundary, cell), move by move."""
    rover, light, edges = scene.rover, scene.light, scene.edges
    steps, size = light.disc.shape[0], scene.edges.grid.rows
    hours = STEP_S / 3600.0

    def after(charge: float, sun: float, power_w: float) -> float:
        charge = min(
            rover.full_battery_wh, charge + min(rover.array_w * sun / 255.0 - power_w, rover.max_charge_w) * hours
        )
        return charge if charge >= rover.least_battery_wh else -np.inf

    at: dict[tuple[int, int], list[int]] = {}
    for number, stop in enumerate(scene.stops):
        cell = (int((edges.grid.top_m - stop.y_m) // CELL_M), int((stop.x_m - edges.grid.left_m) // CELL_M))
        at.setdefault(cell, []).append(number)
    best = np.full((steps + 1, 1 << len(scene.stops), size, size), -np.inf)
    best[0, 0][scene.start] = scene.battery_wh
    most = -np.inf
    for k in range(steps + 1):
        for done, row, col in zip(*np.nonzero(best[k] > -np.inf), strict=True):
            # A set of stops can only grow within a boundary through work, which takes a step: no order matters here.
            charge, sun = float(best[k, done, row, col]), float(light.disc[min(k, steps - 1), row, col])
            if scene.end[row, col] and sun > 0:
                worth = sum(stop.value for n, stop in enumerate(scene.stops) if done >> n & 1)
                most = max(most, worth)
            if k == steps:
                continue
            idle = after(charge, sun, rover.hotel_power_w if sun > 0 else rover.sleep_power_w)
            best[k + 1, done, row, col] = max(best[k + 1, done, row, col], idle)
            for d in range(8):
                if not np.isfinite(edges.time_s[d, row, col]):
                    continue
                to_row, to_col = row + DOWN[d], col + RIGHT[d]
                n = int(np.ceil(edges.time_s[d, row, col] / STEP_S * (1.0 - 1e-6)))
                if k + n > steps:
                    continue
                left = charge
                seen = light.earth[k : k + n, row, col].all() and light.earth[k : k + n, to_row, to_col].all()
                if rover.comm_to_drive and not seen:
                    continue
                for q in range(k, k + n):
                    mean = 0.5 * (float(light.disc[q, row, col]) + float(light.disc[q, to_row, to_col]))
                    left = after(left, mean, rover.hotel_power_w + float(edges.energy_j[d, row, col]) / (n * STEP_S))
                best[k + n, done, to_row, to_col] = max(best[k + n, done, to_row, to_col], left)
            for number in at.get((int(row), int(col)), []):
                stop = scene.stops[number]
                n = int(np.ceil(stop.dwell_s / STEP_S))
                window = (step_at(stop.earliest_utc) if stop.earliest_utc else 0.0,
                          step_at(stop.latest_utc) if stop.latest_utc else float(steps))  # fmt: skip
                if done >> number & 1 or k + n > steps or k < window[0] - 1e-6 or k + n > window[1] + 1e-6:
                    continue
                there = light.disc[k : k + n, row, col]
                if (stop.needs == "dark" and there.any()) or (stop.needs == "lit" and not there.all()):
                    continue
                tool = rover.drill_power_w if stop.activity == "drill" else rover.measure_power_w
                tool = tool if stop.power_w is None else stop.power_w
                left = charge
                for q in range(n):
                    left = after(left, float(there[q]), rover.hotel_power_w + tool)
                best[k + n, done | 1 << number, row, col] = max(best[k + n, done | 1 << number, row, col], left)
    return most
