"""Routes over 1000 x 1000 cells beside scikit-image, scipy and networkx: the same cost, and then the time.

    python benchmarks/bench_route.py [--quick] [--repeats N]

Two problems. A raster: cost per metre 1 + (slope / 15 deg)^2, slopes above 20 degrees closed, 8 neighbours, a step
costs its length times the mean of its two cells; once with corners cut, as scikit-image does, once without. Drives:
directed steps of a rover over the same ground, time and energy. Contenders run in turns in one process; the fastest of
the repeats counts. The exit code tells whether all costs agree and the targets are met. --quick: 200 x 200, scipy
alone, no demands on speed.
"""

import argparse
import math
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
from measuring import Targets, keep, machine, markdown
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from lupex.model import Grid, Rover, Terrain
from lupex.traverse import cost_edges, drive_edges, isochrones, plan_on_cost, route
from lupex.traverse.steps.edges import DOWN, RIGHT

F64 = NDArray[np.float64]
CELL_M = 20.0
CLOSED_ABOVE_DEG, SCALE_DEG = 20.0, 15.0
SAME_WITHIN = 1e-9
LIMIT = 1.0
"""Our time over the faster peer's, at most."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, scipy alone, no demands on speed")
    parser.add_argument("--repeats", type=int, default=5, help="runs in turns; the fastest counts")
    options = parser.parse_args(arguments)
    cells = 200 if options.quick else 1000
    targets = Targets()
    terrain = relief(cells)
    rows: list[tuple[str, str, str, str]] = []
    numbers: dict[str, float] = {"cells": cells}
    on_a_raster(terrain, options, targets, rows, numbers)
    on_directed_steps(terrain, options, targets, rows, numbers)
    text = markdown(("", "build", "search", "cost"), rows)
    text += f"\n\n{cells} x {cells} cells of {CELL_M:g} m; {machine()}."
    print(text)
    keep("route-quick" if options.quick else "route", text, numbers)
    return targets.report()


def on_a_raster(terrain: Terrain, options: argparse.Namespace, targets: Targets, rows: list, numbers: dict) -> None:
    """From corner to corner over cost per metre; scipy gets the directed graph of the same steps."""
    cost = cost_raster(terrain)
    start, goal = near(cost, 0.06), near(cost, 0.94)
    numbers["open_fraction"] = float(np.isfinite(cost).mean())
    for cut in (True, False):
        rule = "corners cut" if cut else "no corner cut"
        graph, build_s = once(lambda cut=cut: graph_of(cost_edges(cost, CELL_M, cut).cost))
        contenders: dict[str, Callable[[], float]] = {
            "lupex": lambda cut=cut: plan_on_cost(cost, CELL_M, start, goal, cut_corners=cut).cost,
            "scipy": lambda graph=graph: float(
                dijkstra(graph, indices=flat(cost, start))[flat(cost, goal)],
            ),
        }
        if cut and not options.quick:
            contenders |= image_contenders(cost, start, goal)
        contenders["lupex"]()  # compiles
        costs, seconds = in_turns(contenders, 1 if options.quick else options.repeats)
        builds = {"scipy": build_s}
        if cut and not options.quick:
            costs["networkx"], builds["networkx"], seconds["networkx"] = with_networkx(cost, start, goal)
        report(f"raster, {rule}", costs, builds, seconds, rows, numbers)
        agree(f"raster, {rule}", costs, targets)
        if not options.quick:
            demand(f"raster, {rule}", seconds, targets)


def on_directed_steps(
    terrain: Terrain, options: argparse.Namespace, targets: Targets, rows: list, numbers: dict
) -> None:
    """A rover's drive to one goal, and the least time and energy to every cell."""
    rover = Rover(
        name="bench",
        mass_kg=350.0,
        speed_m_s=0.1,
        max_up_slope_deg=20.0,
        max_down_slope_deg=20.0,
        max_cross_slope_deg=20.0,
        hotel_power_w=50.0,
        sleep_power_w=20.0,
        array_w=200.0,
        battery_wh=2000.0,
        slowest_fraction=0.4,
    )
    edges, edges_s = once(lambda: drive_edges(terrain, rover), warm=True)
    numbers["drive_edges_s"] = edges_s
    open_ = np.where(np.isfinite(edges.length_m).any(axis=0), 1.0, np.nan)
    start, goal = near(open_, 0.06), near(open_, 0.94)
    (graphs, build_s) = once(lambda: {name: graph_of(costs) for name, costs in named(edges).items()})
    here, there = flat(open_, start), flat(open_, goal)
    for name, graph in graphs.items():
        contenders = {
            "lupex": lambda name=name: route(edges, start, goal, name).cost,
            "scipy": lambda graph=graph: float(dijkstra(graph, indices=here)[there]),
        }
        contenders["lupex"]()  # compiles
        costs, seconds = in_turns(contenders, 1 if options.quick else options.repeats)
        report(f"drive, least {name}", costs, {"scipy": build_s / 2.0}, seconds, rows, numbers)
        agree(f"drive, least {name}", costs, targets)
        if not options.quick:
            demand(f"drive, least {name}", seconds, targets)
    maps = isochrones(edges, start)
    theirs = dijkstra(graphs["time"], indices=here)
    known = np.isfinite(theirs)
    off = float(np.abs(maps.time_s.ravel()[known] / np.maximum(theirs[known], 1e-9) - 1.0)[theirs[known] > 0].max())
    targets.at_most("time to every cell: largest difference from scipy, share", off, SAME_WITHIN)
    targets.at_most("cells only one of them reaches", float((np.isfinite(maps.time_s.ravel()) != known).sum()), 0.0)
    contenders = {
        "lupex": lambda: float(isochrones(edges, start).time_s[goal]),
        "scipy": lambda: sum(float(dijkstra(graphs["time"], indices=here)[there]) for _ in range(3)) / 3.0,
    }
    costs, seconds = in_turns(contenders, 1 if options.quick else options.repeats)
    report("time, energy and length to every cell", costs, {"scipy": 1.5 * build_s}, seconds, rows, numbers)
    if not options.quick:
        demand("time, energy and length to every cell", seconds, targets)


def named(edges: object) -> dict[str, NDArray[np.float32]]:
    """The two costs searched for, by name."""
    return {"time": edges.time_s, "energy": edges.energy_j}  # type: ignore[attr-defined]


def report(case: str, costs: dict, builds: dict, seconds: dict, rows: list, numbers: dict) -> None:
    """One row a contender."""
    for name, value in costs.items():
        build = builds.get(name, 0.0)
        rows.append(
            (f"{case}: {name}", f"{build:.2f} s" if build else "none", f"{seconds[name]:.3f} s", f"{value:.6f}")
        )
        key = f"{case}_{name}".replace(",", "").replace(" ", "_").replace("(", "").replace(")", "")
        numbers |= {f"{key}_s": seconds[name], f"{key}_build_s": build, f"{key}_cost": value}


def agree(case: str, costs: dict[str, float], targets: Targets) -> None:
    """No contender finds a cheaper way than ours, and none of the exact ones a dearer."""
    worst = max(abs(value / costs["lupex"] - 1.0) for value in costs.values())
    targets.at_most(f"{case}: largest difference of cost, share", worst, SAME_WITHIN)


def demand(case: str, seconds: dict[str, float], targets: Targets) -> None:
    """At most the time of the fastest peer, what it takes to build its graph not counted."""
    fastest = min(value for name, value in seconds.items() if name != "lupex")
    targets.at_most(f"{case}: time over the fastest peer's search", seconds["lupex"] / fastest, LIMIT)


def in_turns(contenders: dict[str, Callable[[], float]], repeats: int) -> tuple[dict[str, float], dict[str, float]]:
    """What each finds, and its shortest time (s)."""
    costs, seconds = {}, dict.fromkeys(contenders, math.inf)
    for _ in range(repeats):
        for name, search in contenders.items():
            begin = time.perf_counter()
            costs[name] = search()
            seconds[name] = min(seconds[name], time.perf_counter() - begin)
    return costs, seconds


def once(make: Callable, warm: bool = False) -> tuple:
    """What is made and how long it took (s); ``warm``: made once before."""
    if warm:
        make()
    begin = time.perf_counter()
    made = make()
    return made, time.perf_counter() - begin


def image_contenders(cost: F64, start: tuple, goal: tuple) -> dict[str, Callable[[], float]]:
    """scikit-image's MCP_Geometric, to the goal and to every cell; it takes closed cells as negative."""
    from skimage.graph import MCP_Geometric

    closed = np.where(np.isfinite(cost), cost, -1.0)

    def to(ends: list | None) -> float:
        search = MCP_Geometric(closed, sampling=(CELL_M, CELL_M))
        return float(search.find_costs([start], ends)[0][goal])

    return {"scikit-image, to the goal": lambda: to([goal]), "scikit-image, all cells": lambda: to(None)}


def with_networkx(cost: F64, start: tuple, goal: tuple) -> tuple[float, float, float]:
    """networkx A* with the octile distance, once: cost, time to build the graph, time to search (s)."""
    import networkx

    lowest = float(np.nanmin(cost)) * CELL_M

    def build() -> "networkx.Graph":
        steps = cost_edges(cost, CELL_M, True).cost
        graph = networkx.Graph()
        for d in (0, 1, 2, 3):  # the other four are the same steps backwards
            rows, cols = np.nonzero(np.isfinite(steps[d]))
            here = rows * cost.shape[1] + cols
            ends = here + DOWN[d] * cost.shape[1] + RIGHT[d]
            graph.add_weighted_edges_from(zip(here.tolist(), ends.tolist(), steps[d][rows, cols].tolist(), strict=True))
        return graph

    def left(a: int, b: int) -> float:
        down, right = abs(a // cost.shape[1] - b // cost.shape[1]), abs(a % cost.shape[1] - b % cost.shape[1])
        return lowest * (max(down, right) + (math.sqrt(2.0) - 1.0) * min(down, right))

    graph, build_s = once(build)
    search = lambda: networkx.astar_path_length(graph, flat(cost, start), flat(cost, goal), left)  # noqa: E731
    found, search_s = once(search)
    return float(found), build_s, search_s


def graph_of(costs: NDArray) -> csr_array:
    """Steps (direction, row, col) as scipy's sparse matrix of directed edges, without a detour over coordinates."""
    directions, rows, cols = costs.shape
    count = rows * cols
    by_cell = costs.reshape(directions, count).T
    known = np.isfinite(by_cell)
    ends = np.arange(count)[:, None] + (DOWN * cols + RIGHT)[:directions][None, :]
    begins = np.concatenate([[0], np.cumsum(known.sum(axis=1))]).astype(np.int32)
    return csr_array((by_cell[known].astype(np.float64), ends[known].astype(np.int32), begins), shape=(count, count))


def relief(cells: int) -> Terrain:
    """Fractal ground (Hurst exponent 0.85) with craters, median slope near 7 degrees."""
    rng = np.random.default_rng(2028)
    down, right = np.fft.fftfreq(cells)[:, None], np.fft.rfftfreq(cells)[None]
    wave = np.hypot(down, right)
    wave[0, 0] = 1.0
    spectrum = np.fft.rfftn(rng.standard_normal((cells, cells))) * wave**-1.85
    z = np.fft.irfftn(spectrum, s=(cells, cells), axes=(0, 1))
    z *= math.tan(math.radians(6.5)) / np.median(np.hypot(*np.gradient(z, CELL_M)))
    for _ in range(600 * cells**2 // 1_000_000):
        _add_crater(z, min(3.0 + 4.0 * rng.pareto(1.8), 80.0), *rng.uniform(0.0, cells, 2))
    return Terrain(Grid.centred("south", 0.0, 0.0, cells, CELL_M), z.astype(np.float32))


def _add_crater(z: F64, radius: float, row: float, col: float) -> None:
    """A bowl with a rim; ``radius`` in cells."""
    reach = 2.5 * radius
    top, left = max(0, int(row - reach)), max(0, int(col - reach))
    part = z[top : int(row + reach) + 1, left : int(col + reach) + 1]
    rows, cols = np.ogrid[top : top + part.shape[0], left : left + part.shape[1]]
    far = np.hypot(rows - row, cols - col) / radius
    bowl = np.where(far < 1.0, 0.2 * (far**2 - 1.0) + 0.04, 0.04 * np.maximum(far, 1.0) ** -3)
    part += 0.7 * radius * CELL_M * bowl


def cost_raster(terrain: Terrain) -> F64:
    """Cost per metre: 1 + (slope / 15 deg)^2, closed above 20 degrees."""
    slope = np.degrees(np.arctan(np.hypot(*np.gradient(terrain.elevation_m.astype(np.float64), CELL_M))))
    return np.where(slope <= CLOSED_ABOVE_DEG, 1.0 + (slope / SCALE_DEG) ** 2, np.nan)


def near(cost: F64, share: float) -> tuple[int, int]:
    """The open cell nearest to the place at this share of both sides that lies in the largest connected part."""
    from scipy.ndimage import label

    parts, _ = label(np.isfinite(cost))
    largest = np.bincount(parts.ravel())[1:].argmax() + 1
    cells = np.argwhere(parts == largest)
    row, col = cells[((cells - share * np.array(cost.shape)) ** 2).sum(axis=1).argmin()]
    return int(row), int(col)


def flat(cost: F64, cell: tuple[int, int]) -> int:
    return cell[0] * cost.shape[1] + cell[1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
