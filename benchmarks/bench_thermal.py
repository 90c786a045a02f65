"""Temperatures: cell-steps a second in lanes and one cell after the other, converged profiles, view factors, heat1d.

    python benchmarks/bench_thermal.py [--quick] [--repeats N]

CPU time of one thread, so that a shared machine tells less; both ways are first shown to agree. heat1d 0.3.2 runs
beside them where it is installed (`make bench`). The exit code tells whether values agree and targets are met.
--quick: few cells; values are checked, speed is not, and heat1d is left out.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
from measuring import Targets, in_its_own_process, keep, machine, markdown
from plain_heat import march_cells
from surfaces import surface

from lupex.base.running import Running
from lupex.terrain.slope import gradient
from lupex.thermal import Cells, Plan, Regolith, Stage, ideal_year, layers_of, view_factors
from lupex.thermal.columns import Wanted, equilibrium
from lupex.thermal.march import Run
from lupex.thermal.regolith import COARSE_LAYERS
from lupex.thermal.sun import place_vectors

GROUND = Regolith()
MONTH = ideal_year(0.0, 1)
CORES = 2
DARK_PER_S, LIT_PER_S = 40e6, 25e6
TIMES_PLAIN, LEAST_TIMES_PLAIN = 20.0, 16.0
BATCH = 256
HEAT1D_YEARS = 8
"""After them its deepest layer still moves by 0.1 K; its own default is one year, which is not converged."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, no demands on speed")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each; the fastest counts")
    options = parser.parse_args(arguments)
    cells, repeats = (64, 1) if options.quick else (8192, options.repeats)
    targets = Targets()
    numbers = _agree(targets)
    targets.stop_if_missed()
    numbers |= _speeds(cells, repeats) | _profiles(cells, repeats) | _views(48 if options.quick else 256)
    if not options.quick and find_spec("heat1d") is not None:
        numbers |= _heat1d(targets)
    table = _table(numbers)
    print(table)
    keep("thermal-quick" if options.quick else "thermal", table, numbers)
    if not options.quick:
        lit = CORES * numbers["lit_per_s"]
        targets.at_least("no light, two cores", CORES * numbers["dark_per_s"] / 1e6, DARK_PER_S / 1e6, " million/s")
        targets.at_least("Sun, slope and skyline, two cores", lit / 1e6, LIT_PER_S / 1e6, " million/s")
        ratio = numbers["dark_per_s"] / numbers["plain_per_s"]
        targets.aims_at("lanes over plain", ratio, TIMES_PLAIN, LEAST_TIMES_PLAIN, " times")
        if "heat1d_s" in numbers:
            targets.at_least("profiles over heat1d", numbers["heat1d_s"] / numbers["profile_s"], 100.0, " times")
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
    run = Run(GROUND, layers, _cells(lats), year, plan, Wanted(), Running(1))
    work = float(cells * 60 * year.lunations)
    flux = _flux(lats[: min(cells, BATCH)], 720)
    kelvin = np.full((flux.shape[0], layers.depth_m.size), 150.0)
    lit_s, dark_s, plain_s = _side_by_side(
        [lambda: run.period(Stage(60, 2, 1)), lambda: run.period(Stage(60, 0, 1)), lambda: _plain(kelvin, flux)],
        3 * repeats,
    )
    # Conductivity and heat capacity of the step before move the ground at depth: a year from the repeating state.
    settled = equilibrium(GROUND, layers, _cells([0.0], 4), MONTH, Plan()).end_k
    drifted = {}
    for steps in (60, 480):
        column = settled.copy()
        for _ in range(12):
            _plain(column, _flux([0.0], steps))
        drifted[f"plain_drift_{steps}_steps_k"] = float(np.abs(column - settled)[:, layers.depth_m > 0.09].max())
    return {
        "lit_per_s": work / lit_s,
        "dark_per_s": work / dark_s,
        "plain_per_s": flux.size / plain_s,
        "nodes": float(layers.depth_m.size),
        **drifted,
    }


def _profiles(cells: int, repeats: int) -> dict[str, float]:
    """Converged profiles of level ground, many at once, in double precision with drift below 0.02 K a year."""
    lats = np.linspace(0.0, 89.0, min(cells, 512))
    layers = layers_of(GROUND)
    spent = _timed(lambda: equilibrium(GROUND, layers, _cells(lats, 4), MONTH, Plan(), running=Running(1)), repeats)
    alone = _timed(lambda: equilibrium(GROUND, layers, _cells([30.0], 4), MONTH, Plan(), running=Running(1)), repeats)
    return {"profile_s": spent / lats.size, "alone_s": alone}


def _heat1d(targets: Targets) -> dict[str, float]:
    """Its profiles beside ours on level ground, the same ground and Sun; and what its layers cost, by halving."""
    found: dict[str, float] = {"heat1d_s": np.inf}
    depth = layers_of(GROUND).depth_m
    for lat in (0.0, 60.0, 85.0):
        peer = in_its_own_process("peer_heat1d.py", str(lat), str(HEAT1D_YEARS), "1")
        ours = equilibrium(GROUND, layers_of(GROUND), _cells([lat], 4), MONTH, Plan())
        pairs = [(peer[f"{name}_k"][0], getattr(ours, f"{name}_k")[0, 0]) for name in ("max", "min", "mean")]
        apart = max(abs(a - b) for a, b in pairs)
        deep = _deep(peer) - float(np.interp(0.3, depth, ours.mean_k[0]))
        targets.at_most(f"surface at {lat:g} deg, against heat1d", apart, 1.0, " K")
        if lat == 85.0:  # its layers do not matter there: conductivity hardly changes with temperature
            targets.at_most("mean at 0.3 m, 85 deg, against heat1d", abs(deep), 1.0, " K")
        found |= {f"heat1d_surface_{lat:g}_k": apart, f"heat1d_deep_{lat:g}_k": deep}
        found["heat1d_s"] = min(found["heat1d_s"], float(peer["cpu_s"]))
    finer = in_its_own_process("peer_heat1d.py", "0", str(HEAT1D_YEARS - 2), "2")
    ours = equilibrium(GROUND, layers_of(GROUND), _cells([0.0], 4), MONTH, Plan())
    halved = _deep(finer) - float(np.interp(0.3, depth, ours.mean_k[0]))
    limit = 2.0 * halved - found["heat1d_deep_0_k"]
    targets.at_most("mean at 0.3 m, equator, against heat1d at its limit of thin layers", abs(limit), 1.0, " K")
    pole = in_its_own_process("peer_heat1d.py", "90", "1", "1")
    found |= {"heat1d_deep_0_halved_k": halved, "heat1d_deep_0_limit_k": limit, "heat1d_pole_fails": "failed" in pole}
    return found


def _deep(peer: dict[str, Any]) -> float:
    return float(np.interp(0.3, peer["depth_m"], peer["mean_k"]))


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
    return _side_by_side([work], repeats)[0]


def _side_by_side(works: Sequence[Callable[[], Any]], repeats: int) -> list[float]:
    """The shortest CPU time (s) of each, once compiled, in turns, so that each has the same share of quiet moments."""
    best = [float("inf")] * len(works)
    for turn in range(repeats + 1):
        for number, work in enumerate(works):
            start = time.process_time()
            work()
            if turn:
                best[number] = min(best[number], time.process_time() - start)
    return best


def _table(n: dict[str, float]) -> str:
    rows = [
        ["lanes, no light", f"{n['dark_per_s'] / 1e6:.1f}", f"{1e9 / n['dark_per_s']:.0f}"],
        ["lanes, Sun, slope, skyline, 2 samples", f"{n['lit_per_s'] / 1e6:.1f}", f"{1e9 / n['lit_per_s']:.0f}"],
        ["one cell after the other, no light", f"{n['plain_per_s'] / 1e6:.2f}", f"{1e9 / n['plain_per_s']:.0f}"],
    ]
    words = markdown([f"{n['nodes']:.0f} nodes, one thread", "million cell-steps/s", "ns"], rows)
    more = (
        f"Converged profile: {1e3 * n['profile_s']:.2f} ms of many at once, {1e3 * n['alone_s']:.1f} ms alone. "
        f"One cell after the other moves the ground below 9 cm by {n['plain_drift_60_steps_k']:.2g} K in a year of 60 "
        f"steps a lunation, by {n['plain_drift_480_steps_k']:.2g} K with 480. View factors: {n['views_s']:.1f} s."
    )
    if "heat1d_s" in n:
        more += (
            f"\n\nheat1d 0.3.2, {HEAT1D_YEARS} years: {n['heat1d_s']:.2f} s. Surface within "
            f"{max(n[f'heat1d_surface_{lat}_k'] for lat in (0, 60, 85)):.2f} K of ours at 0, 60, 85 degrees; mean at "
            f"0.3 m {n['heat1d_deep_0_k']:+.2f}, {n['heat1d_deep_60_k']:+.2f}, {n['heat1d_deep_85_k']:+.2f} K, at the "
            f"equator {n['heat1d_deep_0_halved_k']:+.2f} K with layers half as thin, {n['heat1d_deep_0_limit_k']:+.2f} "
            "K at their limit. At the pole it fails."
        )
    return f"{words}\n\n{more}\n\n{machine()}; CPU time."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
