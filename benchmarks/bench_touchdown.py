"""Touchdown over a dispersion and the drive into shadow: values against closed form and drawn landings, then speed.

    python benchmarks/bench_touchdown.py [--quick] [--repeats N]

The exit code tells whether the values hold and the targets are met. --quick: small maps, no demands on speed.
"""

import argparse
import math
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from measuring import Targets, keep, machine, markdown

from lupex.mission import load_mission
from lupex.model import DispersionSettings, Grid, Terrain
from lupex.sites.dispersion import cell_shares, ellipse
from lupex.sites.reach import reach_at, reach_limits, reach_map
from lupex.sites.touchdown import avoided, touchdown_map
from lupex.traverse import rover_model

CELL_M = 5.0
SIDES = {"narrow": (60.0, 40.0), "default": (167.0, 167.0), "wide": (1000.0, 300.0)}
"""Dispersions timed: 1-sigma semi-axes (m), 30 degrees off the map's axes."""
MAP_S = 0.5
DRAWS = 1_000_000


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, no demands on speed")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each; the fastest counts")
    options = parser.parse_args(arguments)
    size, repeats = (301, 1) if options.quick else (1001, options.repeats)
    grid = Grid.centred("south", 0.0, 0.0, size, CELL_M)
    targets = Targets()
    _check_disc(targets, grid)
    hazard = _hazard(grid)
    _check_drawn(targets, grid, hazard)
    targets.stop_if_missed()
    numbers: dict[str, float] = {"aim_points": float(size * size)}
    for name, sigmas in SIDES.items():
        dispersion = ellipse(*sigmas, 30.0)
        numbers[f"map_{name}_s"] = _fastest(lambda d=dispersion: touchdown_map(hazard, grid, d), repeats)
    settings = DispersionSettings()
    numbers["avoidance_s"] = _fastest(lambda: avoided(hazard, grid, settings.avoid_radius_m, 0.9), repeats)
    numbers |= _reach(80 if options.quick else 320, repeats)
    table = _table(numbers)
    print(table)
    keep("touchdown-quick" if options.quick else "touchdown", table, numbers)
    if not options.quick:
        for name in SIDES:
            targets.at_most(f"map of {size} x {size} aim points, {name}", numbers[f"map_{name}_s"], MAP_S, " s")
    return targets.report()


def _check_disc(targets: Targets, grid: Grid) -> None:
    """Round dispersion over a round hazard: P(miss) = exp(-R^2 / 2 s^2)."""
    x, y = grid.xy_m()
    sub = ((np.arange(6) + 0.5) / 6 - 0.5) * CELL_M
    for radius_m in (60.0, 150.0):
        hazard = np.mean([np.hypot(x + a, y + b) < radius_m for a in sub for b in sub], axis=0)
        for sigma_m in (60.0, 100.0):
            every = touchdown_map(hazard, grid, ellipse(sigma_m, sigma_m, 0.0)).probability
            found = every[grid.rows // 2, grid.cols // 2]
            exact = math.exp(-(radius_m**2) / (2.0 * sigma_m**2))
            targets.at_most(f"disc of {radius_m:g} m, sigma {sigma_m:g} m: error", abs(found - exact), 0.001)


def _check_drawn(targets: Targets, grid: Grid, hazard: Any) -> None:
    """Convolution against drawn landings at aim points all over the map."""
    rng = np.random.default_rng(2)
    dispersion = ellipse(*SIDES["default"], 30.0)
    found = touchdown_map(hazard, grid, dispersion)
    for row, col in ((grid.rows // 2, grid.cols // 2), (grid.rows // 3, 2 * grid.cols // 3)):
        drawn = dispersion.draw(DRAWS, rng)
        c = np.floor(col + 0.5 + drawn[:, 0] / CELL_M).astype(int)
        r = np.floor(row + 0.5 - drawn[:, 1] / CELL_M).astype(int)
        on = (c >= 0) & (c < grid.cols) & (r >= 0) & (r < grid.rows)
        safe = rng.random(int(on.sum())) >= hazard[r[on], c[on]]
        error = math.sqrt(safe.mean() * (1.0 - safe.mean()) / safe.size)
        pull = abs(found.probability[row, col] - safe.mean()) / error
        targets.at_most(f"convolution against {DRAWS:.0e} draws at ({row}, {col}), errors", pull, 4.0)


def _reach(size: int, repeats: int) -> dict[str, float]:
    """A fractal scene with shadow and light: time for the whole map and for one site."""
    from scipy.ndimage import gaussian_filter

    rng = np.random.default_rng(3)
    grid = Grid.centred("south", 0.0, 0.0, size, 50.0)
    z = 400.0 * gaussian_filter(rng.standard_normal(grid.shape), 6) + 30.0 * gaussian_filter(
        rng.standard_normal(grid.shape), 2
    )
    light = gaussian_filter(rng.standard_normal(grid.shape), 10)
    terrain, shadow = Terrain(grid, z.astype(np.float32)), light < np.percentile(light, 5)
    lit = light > np.median(light)
    mission = load_mission()
    rover = rover_model(mission.rover, mission.reach, mission.traverse)
    limits = reach_limits(mission.rover, mission.reach)
    reach = reach_map(terrain, shadow, lit, rover, limits)
    dispersion = ellipse(*SIDES["default"], 30.0)
    return {
        "reach_cells": float(size * size),
        "reach_map_s": _fastest(lambda: reach_map(terrain, shadow, lit, rover, limits), repeats),
        "reach_at_s": _fastest(lambda: reach_at(reach, dispersion, (0.0, 0.0)), repeats),
        "cell_shares_s": _fastest(lambda: cell_shares(dispersion, grid, (0.0, 0.0)), repeats),
    }


def _hazard(grid: Grid) -> Any:
    from scipy.ndimage import gaussian_filter

    return np.clip(0.2 + 2.0 * gaussian_filter(np.random.default_rng(1).standard_normal(grid.shape), 4), 0.0, 1.0)


def _fastest(work: Callable[[], Any], repeats: int) -> float:
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def _table(numbers: dict[str, float]) -> str:
    points = f"{numbers['aim_points']:,.0f} aim points"
    rows = [
        (f"touchdown_map, {a:g} x {b:g} m (1 sigma)", points, f"{1000 * numbers[f'map_{name}_s']:.0f} ms")
        for name, (a, b) in SIDES.items()
    ]
    rows.append(("avoided, radius 60 m", points, f"{1000 * numbers['avoidance_s']:.0f} ms"))
    cells = f"{numbers['reach_cells']:,.0f} cells"
    rows.append(("reach_map", cells, f"{1000 * numbers['reach_map_s']:.0f} ms"))
    rows.append(("reach_at", cells, f"{1000 * numbers['reach_at_s']:.1f} ms"))
    return markdown(("what", "size", "time"), rows) + f"\n\nCells of the touchdown map {CELL_M:g} m; {machine()}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
