"""Temperatures: cell-steps a second in lanes and one cell after the other, converged profiles, view factors.

    python benchmarks/bench_thermal.py [--quick] [--repeats N]

CPU time of one thread, so that a shared machine tells less; both ways are first shown to agree. heat1d stands by the
number measured for this project. The exit code tells whether the values agree and the targets are met.
--quick: few cells; values are checked, speed is not.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from measuring import Targets, keep, machine, markdown
from plain_heat import march_cells
from surfaces import surface

from lupex.base.running import Running
from lupex.terrain.slope import gradient
from lupex.thermal import Cells, Plan, Regolith, Stage, ideal_year, layers_of, view_factors
from lupex.thermal.columns import Wanted, _Run, equilibrium
from lupex.thermal.regolith import COARSE_LAYERS
from lupex.thermal.sun import place_vectors

GROUND = Regolith()
MONTH = ideal_year(0.0, 1)
CORES = 2
DARK_PER_S, LIT_PER_S = 40e6, 25e6
TIMES_PLAIN = 20.0
HEAT1D_S = 0.30
"""CPU seconds of a profile by heat1d at git f7f87ae, its Fourier solver, measured for this project in November 2026."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, no demands on speed")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each; the fastest counts")
    options = parser.parse_args(arguments)
    cells, repeats = (64, 1) if options.quick else (2048, options.repeats)
    targets = Targets()
    numbers = _agree(targets)
    targets.stop_if_missed()
    numbers |= _speeds(cells, repeats) | _profiles(cells, repeats) | _views(48 if options.quick else 256)
    table = _table(numbers)
    print(table)
    keep("thermal-quick" if options.quick else "thermal", table, numbers)
    if not options.quick:
        lit = CORES * numbers["lit_per_s"]
        targets.at_least("no light, two cores", CORES * numbers["dark_per_s"] / 1e6, DARK_PER_S / 1e6, " million/s")
        targets.at_least("Sun, slope and skyline, two cores", lit / 1e6, LIT_PER_S / 1e6, " million/s")
        targets.at_least("lanes over plain", numbers["dark_per_s"] / numbers["plain_per_s"], TIMES_PLAIN, " times")
        targets.at_least("profiles over heat1d", HEAT1D_S / numbers["profile_s"], 100.0, " times")
        targets.at_most("view factors of 256 x 256 cells", numbers["views_s"], 60.0, " s")
    return targets.report()


def _cells(lats_deg: Any, azimuths: int = 360) -> Cells:
    vectors = [place_vectors(float(lat), 0.0) for lat in lats_deg]
    east, north, up = (np.array([v[i] for v in vectors]) for i in range(3))
    return Cells(east, north, up, up, np.zeros((len(vectors), azimuths), np.float32), np.zeros(len(vectors)))


def _flux(lats_deg: Any, steps: int) -> Any:
    hour = 2.0 * np.pi * (np.arange(steps) + 0.5) / steps
    mu = np.maximum(-np.cos(np.radians(lats_deg))[:, None] * np.cos(hour), 0.0)
    i = np.arccos(mu)
    return 1361.0 * mu * (1.0 - 0.12 - 0.06 * (i / (np.pi / 4)) ** 3 - 0.25 * (i / (np.pi / 2)) ** 8)


def _plain(kelvin: Any, flux: Any) -> Any:
    layers = layers_of(GROUND, COARSE_LAYERS)
    gap = np.diff(layers.depth_m)
    return march_cells(
        kelvin, flux, MONTH.period_s / flux.shape[1], layers.depth_m, layers.mass_kg_m2,
        layers.conductance_w_m2_k * gap, GROUND.radiative_chi, GROUND.emissivity, GROUND.heat_flow_w_m2,
    )  # fmt: skip


def _agree(targets: Targets) -> dict[str, float]:
    """The plain way keeps the repeating state the lanes find."""
    lats = np.array([0.0, 30.0, 60.0, 85.0])
    found = equilibrium(GROUND, layers_of(GROUND, COARSE_LAYERS), _cells(lats, 4), MONTH, Plan())
    kelvin = found.end_k.copy()
    extremes = _plain(kelvin, _flux(lats, 480))
    apart = float(np.abs(extremes - np.column_stack([found.max_k[:, 0], found.min_k[:, 0]])).max())
    targets.at_most("highest and lowest surface, lanes against plain", apart, 1.0, " K")
    return {"apart_k": apart}


def _speeds(cells: int, repeats: int) -> dict[str, float]:
    """One period of the ideal year at 60 steps a lunation, by the kernel alone; and the plain way."""
    year = ideal_year()
    plan = Plan((Stage(60, 2, 1),), 0.0, np.inf, 1, double=False)
    layers = layers_of(GROUND, COARSE_LAYERS)
    lats = np.linspace(-89.9, -80.0, cells)
    run = _Run(GROUND, layers, _cells(lats), year, plan, Wanted(), Running(1))
    work = float(cells * 60 * year.lunations)
    lit_s = _timed(lambda: run.period(Stage(60, 2, 1)), repeats)
    dark_s = _timed(lambda: run.period(Stage(60, 0, 1)), repeats)
    flux = _flux(lats[: min(cells, 256)], 720)
    kelvin = np.full((flux.shape[0], layers.depth_m.size), 150.0)
    plain_s = _timed(lambda: _plain(kelvin, flux), repeats)
    return {
        "lit_per_s": work / lit_s,
        "dark_per_s": work / dark_s,
        "plain_per_s": flux.size / plain_s,
        "nodes": float(layers.depth_m.size),
    }


def _profiles(cells: int, repeats: int) -> dict[str, float]:
    """Converged profiles of level ground, many at once, in double precision with drift below 0.02 K a year."""
    lats = np.linspace(0.0, 89.0, min(cells, 512))
    layers = layers_of(GROUND)
    spent = _timed(lambda: equilibrium(GROUND, layers, _cells(lats, 4), MONTH, Plan(), running=Running(1)), repeats)
    return {"profile_s": spent / lats.size}


def _views(side: int) -> dict[str, float]:
    terrain = surface("rough-1000-120").crop(300, 300, side, side) if side > 96 else surface("smooth-96-480")
    east, north = gradient(terrain, 2.0 * terrain.grid.cell_m)
    scale = 1.0 / np.sqrt(1.0 + east**2 + north**2)
    normals = np.stack([-east * scale, -north * scale, scale], axis=-1)
    height = terrain.elevation_m.astype(np.float64)
    view_factors(terrain.grid, height, normals, running=Running(1))
    return {"views_s": _timed(lambda: view_factors(terrain.grid, height, normals, running=Running(1)), 1)}


def _timed(work: Callable[[], Any], repeats: int) -> float:
    """Its shortest CPU time (s), once compiled."""
    work()
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def _table(n: dict[str, float]) -> str:
    rows = [
        ["lanes, no light", f"{n['dark_per_s'] / 1e6:.1f}", f"{1e9 / n['dark_per_s']:.0f}"],
        ["lanes, Sun, slope, skyline, 2 samples", f"{n['lit_per_s'] / 1e6:.1f}", f"{1e9 / n['lit_per_s']:.0f}"],
        ["one cell after the other, no light", f"{n['plain_per_s'] / 1e6:.2f}", f"{1e9 / n['plain_per_s']:.0f}"],
    ]
    words = markdown([f"{n['nodes']:.0f} nodes, one thread", "million cell-steps/s", "ns"], rows)
    more = f"Converged profile, many at once: {1e3 * n['profile_s']:.2f} ms; heat1d {1e3 * HEAT1D_S:.0f} ms. "
    return f"{words}\n\n{more}View factors: {n['views_s']:.1f} s.\n\n{machine()}; CPU time."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
