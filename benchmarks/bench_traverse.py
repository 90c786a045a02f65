"""Planning in time: how fast, how large, and how many drives it saves that a path planned without time loses.

    python benchmarks/bench_traverse.py [--quick] [--repeats N]

The exit code tells whether every drive is right and the targets are met. --quick: small, no demand on speed.
"""

import argparse
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from bench_route import relief
from measuring import Targets, in_its_own_process, keep, machine, markdown
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from lupex.model import Grid, InMemoryLight, Rover, Terrain
from lupex.traverse import Edges, TimeSettings, drive_edges, plan_in_time, reach_in_time
from lupex.traverse.in_time.problem import steps_of
from lupex.traverse.steps.edges import DOWN, RIGHT

REGION = (250, 2870)
CAMPAIGN = (500, 14_400)
QUICK_REGION, QUICK_CAMPAIGN = (60, 300), (60, 600)
REGION_S, CAMPAIGN_S, CAMPAIGN_GB = 1.0, 60.0, 4.0
BATTERIES_WH = (7000.0, 2000.0, 1000.0)
SYNODIC_S = 29.53 * 86_400.0
SUN_ELEVATION_DEG = 1.5
SHADOW_DIRECTIONS = 90
"""Of half a turn of the Sun: one every four hours."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, no demands on speed")
    parser.add_argument("--repeats", type=int, default=3, help="runs; the fastest counts")
    parser.add_argument("campaign", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("out", nargs="?", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.campaign:
        np.savez(options.out, **campaign(*(int(part) for part in options.campaign.split("x"))))
        return 0
    targets = Targets()
    size, steps = QUICK_REGION if options.quick else REGION
    region_s, region_cpu_s = region(size, steps, 1 if options.quick else options.repeats, targets)
    cells, layers = QUICK_CAMPAIGN if options.quick else CAMPAIGN
    large = in_its_own_process("bench_traverse.py", f"{cells}x{layers}")
    if not options.quick:
        targets.at_most(f"{size} x {size} cells x {steps} steps, wall time", region_s, REGION_S, " s")
        targets.at_most(f"{cells} x {cells} cells x {layers} steps, wall time", large["wall_s"], CAMPAIGN_S, " s")
        targets.at_most("its memory", large["peak_gb"], CAMPAIGN_GB, " GB")
    targets.at_least("the long drive comes to its end: waypoints", large["waypoints"], 2.0)
    rows = [
        (f"{size} x {size} cells, {steps:,} steps, light held", f"{region_s:.2f} s", f"{region_cpu_s:.2f} s", ""),
        (f"{cells} x {cells} cells, {layers:,} steps, light made in pieces", f"{large['wall_s']:.1f} s",
         f"{large['cpu_s']:.1f} s", f"{large['peak_gb']:.2f} GB"),
    ]  # fmt: skip
    shares = survival(*((60, 3, 20) if options.quick else (150, 20, 100)), targets)
    text = markdown(("plan and trace back", "wall", "CPU", "memory"), rows)
    text += "\n\n" + markdown(
        ("battery", "a path planned without time survives", "the planner in time serves"),
        [(f"{wh:.0f} Wh", f"{100 * a:.1f} %", f"{100 * b:.1f} %") for wh, a, b in shares],
    )
    pairs = "60" if options.quick else "2000"
    text += f"\n\n{pairs} pairs, half a synodic month, Sun at {SUN_ELEVATION_DEG} deg, a tenth of the charge kept; "
    text += f"{machine()}."
    print(text)
    numbers = {
        "region_s": region_s,
        "region_cpu_s": region_cpu_s,
        "campaign_s": large["wall_s"],
        "campaign_cpu_s": large["cpu_s"],
        "campaign_gb": large["peak_gb"],
        "share_static": [a for _, a, _ in shares],
        "share_in_time": [b for _, _, b in shares],
    }
    keep("traverse-quick" if options.quick else "traverse", text, numbers)
    return targets.report()


def rover_of(battery_wh: float = 7000.0, **changes: float) -> Rover:
    """A small rover: 0.045 m/s, 137 W to drive, 95 W to live, an array of 612 W."""
    facts = {
        "mass_kg": 100.0,
        "speed_m_s": 0.045,
        "max_up_slope_deg": 20.0,
        "max_down_slope_deg": 20.0,
        "max_cross_slope_deg": 20.0,
        "hotel_power_w": 95.0,
        "sleep_power_w": 95.0,
        "array_w": 612.0,
        "drive_overhead_w": 136.0,
        "min_charge_fraction": 0.1,
    }
    return Rover(name="bench", battery_wh=battery_wh, **(facts | changes))


def region(size: int, steps: int, repeats: int, targets: Targets) -> tuple[float, float]:
    """Wall and CPU time (s) of a drive that must sweep the whole series: its end is lit in the last step only."""
    terrain = relief(size)
    rover = rover_of()
    edges = drive_edges(terrain, rover)
    step_s = 1.1 * terrain.grid.cell_m / rover.speed_m_s  # straight steps take one, diagonal ones two
    disc = moving_shadow(size, steps, 0, steps)
    start, goal = ends_of(edges)
    disc[:, goal[0], goal[1]] = 0
    disc[-1, goal[0], goal[1]] = 255
    light = InMemoryLight(
        grid=terrain.grid,
        times_tdb_s=np.arange(steps + 1) * step_s,
        disc=disc,
        earth=np.ones_like(disc),
        sun_strength=np.ones(steps),
        sun_elevation_deg=np.zeros(steps),
    )
    end = np.zeros(terrain.grid.shape, bool)
    end[goal] = True
    wall, cpu = [], []
    for _ in range(repeats + 1):
        began, began_cpu = time.perf_counter(), time.process_time()
        traverse = plan_in_time(edges, rover, light, start, rover.full_battery_wh, (), end)
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - began_cpu)
    left = float(traverse.times_tdb_s[-1] - light.times_tdb_s[-2])
    targets.at_least("the drive waits until its end is lit: seconds after the last step's beginning", left, 0.0)
    return min(wall[1:]), min(cpu[1:])


def moving_shadow(size: int, steps: int, first: int, last: int) -> NDArray[np.uint8]:
    """Disc (step, row, col): blots of shadow that wander round as the Sun does."""
    rng = np.random.default_rng(7)
    coarse = rng.normal(size=(size // 10 + 2, size // 10 + 2))
    pattern = np.kron(coarse, np.ones((10, 10)))[:size, :size]
    blots = np.where(pattern > -0.2, 255, 0).astype(np.uint8)
    out = np.empty((last - first, size, size), np.uint8)
    for k in range(first, last):
        angle = 2.0 * math.pi * k / (1.5 * steps)
        shift = (round(0.3 * size * math.cos(angle)), round(0.3 * size * math.sin(angle)))
        out[k - first] = np.roll(blots, shift, (0, 1))
    return out


def ends_of(edges: Edges) -> tuple[tuple[int, int], tuple[int, int]]:
    """Two cells near opposite corners of the largest connected ground."""
    spent = driving_time(edges, centre_of(edges))
    row, col = np.nonzero(np.isfinite(spent))
    return tuple((int(row[i]), int(col[i])) for i in (np.argmin(row + col), np.argmax(row + col)))  # type: ignore[return-value]


def centre_of(edges: Edges) -> tuple[int, int]:
    """The drivable cell nearest the middle that leads to more than a quarter of the map."""
    rows, cols = edges.grid.shape
    row, col = np.indices((rows, cols))
    for flat in np.argsort((row - rows / 2) ** 2 + (col - cols / 2) ** 2, axis=None):
        cell = (int(flat) // cols, int(flat) % cols)
        if np.isfinite(driving_time(edges, cell)).mean() > 0.25:
            return cell
    sys.exit("no connected ground")


def graph_of(edges: Edges) -> csr_array:
    rows, cols = edges.grid.shape
    direction, row, col = np.nonzero(np.isfinite(edges.time_s))
    to = (row + DOWN[direction]) * cols + col + RIGHT[direction]
    return csr_array(
        (edges.time_s[direction, row, col].astype(float), (row * cols + col, to)), shape=(rows * cols,) * 2
    )


def driving_time(edges: Edges, start: tuple[int, int]) -> NDArray[np.float64]:
    spent = dijkstra(graph_of(edges), indices=start[0] * edges.grid.cols + start[1])
    return np.asarray(spent.reshape(edges.grid.shape))


@dataclass(frozen=True)
class WanderingShadow:
    """A LightSeries that makes its pieces when asked: blots of shadow that wander round."""

    grid: Grid
    steps: int
    step_s: float
    blots: NDArray[np.uint8]

    @property
    def times_tdb_s(self) -> NDArray[np.float64]:
        return np.arange(self.steps + 1) * self.step_s

    @property
    def sun_strength(self) -> NDArray[np.float64]:
        return np.ones(self.steps)

    @property
    def sun_elevation_deg(self) -> NDArray[np.float64]:
        return np.zeros(self.steps)

    def read(self, first: int, last: int, window: tuple[int, int, int, int] | None = None):  # noqa: ANN201
        row, col, rows, cols = window or (0, 0, *self.grid.shape)
        disc = np.empty((last - first, rows, cols), np.uint8)
        size = self.grid.rows
        for k in range(first, last):
            angle = 2.0 * math.pi * k * self.step_s / SYNODIC_S
            r = (row + round(0.3 * size * math.cos(angle))) % size
            c = (col + round(0.3 * size * math.sin(angle))) % size
            disc[k - first] = self.blots[r : r + rows, c : c + cols]
        return disc, np.ones_like(disc)


def campaign(size: int, steps: int) -> dict[str, float]:
    """Wall and CPU time (s), peak memory (GB) of one long drive over 5 x 5 km at 10 m; and its waypoints."""
    import resource

    terrain = relief(size)
    grid = Grid("south", size, size, 10.0, 0.0, 0.0)
    terrain = Terrain(grid, (terrain.elevation_m / 2.0).astype(np.float32))
    rover = rover_of()
    edges = drive_edges(terrain, rover)
    blots = moving_shadow(size, 1, 0, 1)[0]
    light = WanderingShadow(grid, steps, 600.0, np.tile(blots, (2, 2)))
    start, goal = ends_of(edges)
    end = np.zeros(grid.shape, bool)
    end[goal] = True
    small = plan_in_time(edges, rover, light, start, 7000.0, (), None, TimeSettings(last_step=200))  # compiles
    assert small.activity[-1] == "end"
    # The end opens only with the last steps: nothing may be left out.
    late = _Late(light, goal)
    began, began_cpu = time.perf_counter(), time.process_time()
    traverse = plan_in_time(edges, rover, late, start, 7000.0, (), end)
    return {
        "wall_s": time.perf_counter() - began,
        "cpu_s": time.process_time() - began_cpu,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "waypoints": float(len(traverse)),
        "hours": traverse.summary["duration_hours"],
    }


class _Late:
    """A light in which one cell stays dark until the last step."""

    def __init__(self, light: WanderingShadow, cell: tuple[int, int]) -> None:
        self._light, self._cell = light, cell
        self.grid, self.times_tdb_s = light.grid, light.times_tdb_s
        self.sun_strength, self.sun_elevation_deg = light.sun_strength, light.sun_elevation_deg

    def read(self, first: int, last: int, window: tuple[int, int, int, int] | None = None):  # noqa: ANN201
        disc, earth = self._light.read(first, last, window)
        row, col, rows, cols = window or (0, 0, *self.grid.shape)
        r, c = self._cell[0] - row, self._cell[1] - col
        if 0 <= r < rows and 0 <= c < cols:
            disc[:, r, c] = 0
            if last == self._light.steps:
                disc[-1, r, c] = 255
        return disc, earth


def survival(size: int, starts: int, goals: int, targets: Targets) -> list[tuple[float, float, float]]:
    """Battery (Wh), share of pairs that the fastest path survives when driven at once, share the planner serves."""
    terrain = relief(size)
    edges = drive_edges(terrain, rover_of())
    step_s = 1.1 * terrain.grid.cell_m / rover_of().speed_m_s
    light = low_sun(terrain, step_s, 14.77 * 86_400.0 if size > 100 else 4.0 * 86_400.0)
    rng = np.random.default_rng(3)
    ground = np.argwhere(np.isfinite(driving_time(edges, centre_of(edges))))
    begin = [tuple(int(v) for v in ground[i]) for i in rng.integers(len(ground), size=starts)]
    out = []
    for battery_wh in BATTERIES_WH:
        rover = rover_of(battery_wh)
        static = served = both = 0
        for start in begin:
            aims = [tuple(int(v) for v in ground[i]) for i in rng.integers(len(ground), size=goals)]
            reach = reach_in_time(edges, rover, light, start, battery_wh)
            spent, before = dijkstra(graph_of(edges), indices=start[0] * size + start[1], return_predecessors=True)
            for aim in aims:
                safe = np.isfinite(spent[aim[0] * size + aim[1]]) and survives(edges, rover, light, before, start, aim)
                reached = bool(np.isfinite(reach.arrival_tdb_s[aim]))
                static, served, both = static + safe, served + reached, both + (safe and reached)
        pairs = starts * goals
        targets.at_least(f"{battery_wh:.0f} Wh: drives the fastest path survives that the planner serves too",
                         both / max(1, static), 1.0)  # fmt: skip
        targets.at_least(f"{battery_wh:.0f} Wh: share served beyond that of the path", (served - static) / pairs, 0.0)
        out.append((battery_wh, static / pairs, served / pairs))
    return out


def survives(
    edges: Edges, rover: Rover, light: InMemoryLight, before: NDArray[np.int32], start: tuple, aim: tuple
) -> bool:
    """Whether the fastest path can be driven at once without falling below the least charge."""
    cols = edges.grid.cols
    path = [aim[0] * cols + aim[1]]
    while path[-1] != start[0] * cols + start[1]:
        path.append(int(before[path[-1]]))
    step_s = float(light.times_tdb_s[1] - light.times_tdb_s[0])
    number = {(int(d), int(r)): n for n, (d, r) in enumerate(zip(DOWN, RIGHT, strict=True))}
    battery, k = rover.full_battery_wh, 0
    for a, b in zip(path[:0:-1], path[-2::-1], strict=True):
        (r, c), (i, j) = divmod(a, cols), divmod(b, cols)
        edge = (number[i - r, j - c], r, c)
        n = int(steps_of(edges.time_s[edge], step_s))
        for _ in range(n):
            if k >= light.disc.shape[0]:
                return False
            share = (int(light.disc[k, r, c]) + int(light.disc[k, i, j])) / 510.0
            drawn_w = rover.hotel_power_w + float(edges.energy_j[edge]) / (n * step_s)
            battery = min(rover.full_battery_wh, battery + (rover.array_w * share - drawn_w) * step_s / 3600.0)
            k += 1
            if battery < rover.least_battery_wh:
                return False
    return True


def low_sun(terrain: Terrain, step_s: float, span_s: float) -> InMemoryLight:
    """Light under a Sun that goes round at a constant height; what rises behind the map's edge is left out."""
    z = terrain.elevation_m.astype(np.float64)
    steps = int(span_s / step_s)
    count = max(1, round(SHADOW_DIRECTIONS * span_s / (SYNODIC_S / 2.0)))
    rise = math.tan(math.radians(SUN_ELEVATION_DEG)) * terrain.grid.cell_m
    lit = np.stack([np.where(shadowed(z, 2.0 * math.pi * span_s / SYNODIC_S * i / count, rise), 0, 255)
                    for i in range(count)]).astype(np.uint8)  # fmt: skip
    disc = lit[np.arange(steps) * count // steps]
    return InMemoryLight(
        grid=terrain.grid,
        times_tdb_s=np.arange(steps + 1) * step_s,
        disc=disc,
        earth=np.ones_like(disc),
        sun_strength=np.ones(steps),
        sun_elevation_deg=np.full(steps, SUN_ELEVATION_DEG),
    )


def shadowed(z: NDArray[np.float64], azimuth: float, rise: float) -> NDArray[np.bool_]:
    """Cells with ground above the ray to the Sun, followed cell by cell."""
    rows, cols = z.shape
    row, col = np.indices(z.shape)
    dark = np.zeros(z.shape, bool)
    for distance in range(1, rows):
        r, c = np.rint(row - distance * math.cos(azimuth)), np.rint(col + distance * math.sin(azimuth))
        inside = (r >= 0) & (r < rows) & (c >= 0) & (c < cols)
        if not inside.any():
            break
        dark[inside] |= z[r[inside].astype(int), c[inside].astype(int)] > z[inside] + distance * rise
    return dark


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
