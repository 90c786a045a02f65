"""How often does a skyline find its place? Success, error and stated probability over 20 x 20 km, as a table.

    python benchmarks/skyline_success.py POLE_51KM_40M.tif [--trials N] [--quick]

Panoramas are made on the finest ground of a world and searched for without a prior on maps of 40, 80 and 160 m, block
means of the measured DEM (PGDA 78, 40 m). In the second world the ground the camera sees is refined synthetically to
20 m: relief the maps do not have. What a map lacks is measured at 40 other places first (rms of its skylines' error
between the eight cells' width) and added to the noise, as a user would who compares two maps. Right means within three
cells of the map searched. The exit code is 0 when every trial ended.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lupex.base.errors import InputError
from lupex.base.frames import convergence_deg, pencil_from_grid_deg
from lupex.model import HorizonMap, Terrain
from lupex.navigation.surface.skyline_coarse import Panorama, SettingsOfMatch
from lupex.navigation.surface.skyline_match import skyline_fix
from lupex.study.ground import block_mean, dem_terrain
from lupex.terrain import SkylineSettings, fine_grid, horizon_map, point_skyline_deg, refine

SIDE_M, EYE_M, RIGHT_CELLS = 20_000.0, 1.5, 3.0


@dataclass(frozen=True)
class Row:
    """One row: the world, cells of the map, camera's noise (deg), sector (deg)."""

    world: str
    cell_m: float
    noise_deg: float
    sector_deg: float


ROWS = (
    *(Row("measured", cell, 0.05, sector) for cell in (40.0, 80.0, 160.0) for sector in (360.0, 120.0, 60.0)),
    *(Row("measured", 40.0, 0.2, sector) for sector in (360.0, 120.0, 60.0)),
    Row("measured", 40.0, 0.5, 360.0),
    *(Row("refined to 20 m (synthetic)", cell, 0.05, sector) for cell in (20.0, 40.0) for sector in (360.0, 120.0)),
)


def worlds(path: str, side_m: float) -> dict[str, Terrain]:
    """The ground the camera stands on, by the name of its world: the middle of a DEM with everything around it."""
    whole = dem_terrain(path, "south", "off", ())
    grid = whole.grid
    cells = round(side_m / grid.cell_m) // 4 * 4
    top, left = (grid.rows - cells) // 2, (grid.cols - cells) // 2
    middle = replace(whole.crop(top, left, cells, cells), far=whole)
    x, y = 0.5 * (middle.grid.left_m + middle.grid.right_m), 0.5 * (middle.grid.bottom_m + middle.grid.top_m)
    fine = refine(whole, fine_grid(grid, x, y, side_m, 20.0), np.random.default_rng(20))
    return {"measured": middle, "refined to 20 m (synthetic)": fine}


def searched(ground: Terrain, measured: Terrain, cell_m: float) -> HorizonMap:
    """Skylines of the map that is searched: cells of the ground itself, or block means of the measured one."""
    if cell_m < measured.grid.cell_m:
        level = ground
    else:
        factor = round(cell_m / measured.grid.cell_m)
        level = block_mean(measured, factor)
        level = replace(level, far=measured.far if factor == 1 else block_mean(measured.far, factor))
    return horizon_map(level, SkylineSettings(observer_height_m=EYE_M))


def seen_from(ground: Terrain, x: float, y: float, grid_azimuth: np.ndarray) -> np.ndarray:
    """Elevations (deg) of the ground's own skyline."""
    return point_skyline_deg(ground, x, y, pencil_from_grid_deg(grid_azimuth, x, y), EYE_M)


def places(horizon: HorizonMap, rng: np.random.Generator) -> tuple[float, float]:
    """A random place within the middle four fifths."""
    g = horizon.grid
    x = g.left_m + rng.uniform(0.1, 0.9) * (g.right_m - g.left_m)
    return float(x), float(g.top_m - rng.uniform(0.1, 0.9) * (g.top_m - g.bottom_m))


def lacking(ground: Terrain, horizon: HorizonMap, count: int = 40) -> float:
    """Root mean square (deg) of what the map's skyline at its nearest cell differs by, its mean taken out; median."""
    rng, g = np.random.default_rng(7), horizon.grid
    found = []
    for _ in range(count):
        row, col = (int(v) for v in rng.integers(g.rows // 10, 9 * g.rows // 10, 2))
        x, y = g.left_m + (col + 0.5) * g.cell_m, g.top_m - (row + 0.5) * g.cell_m
        own = horizon.counts[::4, row, col] * HorizonMap.UNIT_DEG
        true = point_skyline_deg(ground, x, y, horizon.azimuths_pencil_deg[::4], EYE_M)
        found.append(float(np.std(own - true)))
    return float(np.median(found))


def trial(ground: Terrain, horizon: HorizonMap, row: Row, sigma: float, seed: int) -> tuple[float, float, float]:
    """Cells off, metres off and stated probability of the best mode of one panorama."""
    rng = np.random.default_rng(seed)
    x, y = places(horizon, rng)
    yaw, tilt = rng.uniform(0.0, 360.0), 0.05 * rng.normal()
    azimuth = np.arange(0.0, row.sector_deg, 1.0) + 0.3
    elevation = seen_from(ground, x, y, azimuth + yaw + convergence_deg(x, y, "south"))
    panorama = Panorama(azimuth, elevation + tilt + row.noise_deg * rng.normal(size=azimuth.size))
    try:
        best = skyline_fix(horizon, panorama, SettingsOfMatch(sigma_deg=sigma, tilt_sigma_deg=0.05)).modes[0]
    except InputError:
        return np.inf, np.inf, 0.0
    off = float(np.hypot(best.x_m - x, best.y_m - y))
    return off / horizon.grid.cell_m, off, best.probability


def main(arguments: Sequence[str]) -> int:
    """Print the table, a row as soon as it is done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dem", help="measured DEM, 40 m cells, wider than what is searched")
    parser.add_argument("--trials", type=int, default=16)
    parser.add_argument("--quick", action="store_true", help="4 x 4 km, 2 trials, 3 rows")
    asked = parser.parse_args(arguments)
    rows, side_m, trials = (ROWS[:9:4], 4000.0, 2) if asked.quick else (ROWS, SIDE_M, asked.trials)
    grounds = worlds(asked.dem, side_m)
    print(
        "| ground seen | map's cells | noise | sector | map lacks | right | mean stated | median error of the right |"
    )
    print("|---|---|---|---|---|---|---|---|", flush=True)
    held: tuple[tuple[str, float], HorizonMap, float] | None = None
    for row in rows:
        ground = grounds[row.world]
        if held is None or held[0] != (row.world, row.cell_m):
            held = None
            horizon = searched(ground, grounds["measured"], row.cell_m)
            held = ((row.world, row.cell_m), horizon, lacking(ground, horizon))
        _, horizon, lacks = held
        sigma, began = float(np.hypot(row.noise_deg, lacks)), time.process_time()
        found = np.array([trial(ground, horizon, row, sigma, 1000 + k) for k in range(trials)])
        right = found[:, 0] <= RIGHT_CELLS
        error = f"{np.median(found[right, 1]):.1f} m" if right.any() else "–"
        print(
            f"| {row.world} | {row.cell_m:g} m | {row.noise_deg:g}° | {row.sector_deg:g}° | {lacks:.2f}° | "
            f"{right.sum()} of {trials} | {found[:, 2].mean():.2f} | {error} |",
            flush=True,
        )
        print(f"  {(time.process_time() - began) / trials:.1f} CPU s a trial", file=sys.stderr, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
