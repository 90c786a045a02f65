"""Light over 18.7 years and light over time: speed for a million cells, after both ways are shown to agree.

    python benchmarks/bench_light.py [--quick] [--repeats N]

Horizons are made first and not counted. The exit code tells whether the values agree and the targets are met.
--quick: a few thousand cells; values are checked, speed is not.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from measuring import Targets, keep, machine, markdown
from surfaces import surface

from lupex.ephemeris import sky_span
from lupex.illumination import disc_series, light_statistics, long_term_light
from lupex.model import HorizonMap, SkyTable, Terrain
from lupex.terrain.skyline import SkylineSettings, horizon_map

CYCLE_UTC = ("2026-01-01T00:00:00Z", "2044-09-12T00:00:00Z")
YEAR_UTC = ("2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z")
HOUR_S = 3600.0
LAYERS = {
    "lit_fraction_any": 0.001,
    "lit_fraction_disc": 0.001,
    "earth_fraction": 0.001,
    "earth_any_fraction": 0.001,
}
"""Shares of time and the largest rms difference between the two ways."""
CYCLE_S = 60.0
CELL_STEPS_PER_S = 100.0e6


@dataclass(frozen=True)
class Sizes:
    """Surface, azimuths, side of the patch for time series, step of series (s), side of the patches compared."""

    surface: str
    azimuths: int
    patch: int
    step_s: float
    compared: int


FULL = Sizes("smooth-1000-120", 360, 400, 2.0 * HOUR_S, 16)
QUICK = Sizes("smooth-96-480", 360, 32, 24.0 * HOUR_S, 6)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, no demands on speed")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each; the fastest counts")
    options = parser.parse_args(arguments)
    sizes, repeats = (QUICK, 1) if options.quick else (FULL, options.repeats)
    terrain = surface(sizes.surface)
    horizons = horizon_map(terrain, SkylineSettings(azimuths=sizes.azimuths))
    with tempfile.TemporaryDirectory() as empty:
        cycle, sky_s = _timed(lambda: sky_span(*CYCLE_UTC, HOUR_S, Path(empty)), 1)
    targets = Targets()
    _check_values(targets, terrain, horizons, cycle, sizes)
    targets.stop_if_missed()
    numbers = _speeds(terrain, horizons, cycle, sizes, repeats) | {"sky_s": sky_s}
    table = _table(terrain, numbers)
    print(table)
    keep("light-quick" if options.quick else "light", table, numbers)
    if not options.quick:
        cycle_s = numbers["sky_s"] + numbers["long_term_s"]
        targets.at_most("18.7 years for a million cells, sky included", cycle_s, CYCLE_S, " s")
        for name in ("light_statistics", "disc_series"):
            per_s = numbers[f"{name}_per_s"] / 1e6
            targets.at_least(f"{name}, cell-steps per second", per_s, CELL_STEPS_PER_S / 1e6, " million")
    return targets.report()


def _check_values(targets: Targets, terrain: Terrain, horizons: HorizonMap, cycle: SkyTable, sizes: Sizes) -> None:
    """Both ways over the whole cycle on patches all over the map."""
    side = terrain.grid.rows
    differences: dict[str, list[Any]] = {name: [] for name in LAYERS}
    for row in np.linspace(0, side - sizes.compared, 3, dtype=int):
        for col in np.linspace(0, side - sizes.compared, 3, dtype=int):
            patch = _patch(terrain, horizons, int(row), int(col), sizes.compared)
            steps = light_statistics(*patch, cycle, CYCLE_UTC)
            means = long_term_light(*patch, cycle, CYCLE_UTC)
            for name in LAYERS:
                differences[name].append(means.layers[name] - steps.layers[name])
    for name, limit in LAYERS.items():
        rms = float(np.sqrt(np.mean(np.square(differences[name]))))
        targets.at_most(f"{name}, distribution against time steps, rms", rms, limit)


def _speeds(terrain: Terrain, horizons: HorizonMap, cycle: SkyTable, sizes: Sizes, repeats: int) -> dict[str, float]:
    _, long_term_s = _timed(lambda: long_term_light(terrain, horizons, cycle, CYCLE_UTC), repeats)
    offset = (terrain.grid.rows - sizes.patch) // 2
    patch = _patch(terrain, horizons, offset, offset, sizes.patch)
    year = sky_span(*YEAR_UTC, sizes.step_s)
    _, statistics_s = _timed(lambda: light_statistics(*patch, year, YEAR_UTC), repeats)
    season = year.between(year.times_tdb_s[0], year.times_tdb_s[len(year) // 4])
    _, series_s = _timed(lambda: disc_series(*patch, season), repeats)
    cells = sizes.patch**2
    return {
        "cells": float(terrain.elevation_m.size),
        "long_term_s": long_term_s,
        "light_statistics_per_s": cells * len(year) / statistics_s,
        "disc_series_per_s": cells * len(season) / series_s,
        "patch_cells": float(cells),
        "statistics_steps": float(len(year)),
        "series_steps": float(len(season)),
    }


def _patch(terrain: Terrain, horizons: HorizonMap, row: int, col: int, side: int) -> tuple[Terrain, HorizonMap]:
    part = terrain.crop(row, col, side, side)
    counts = np.ascontiguousarray(horizons.counts[:, row : row + side, col : col + side])
    return part, HorizonMap(
        grid=part.grid,
        azimuths_pencil_deg=horizons.azimuths_pencil_deg,
        counts=counts,
        observer_height_m=horizons.observer_height_m,
        search_radius_m=horizons.search_radius_m,
    )


def _timed(work: Callable[[], Any], repeats: int) -> tuple[Any, float]:
    """What the work returns, and its shortest wall time (s)."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return result, best


def _table(terrain: Terrain, numbers: dict[str, float]) -> str:
    rows = [
        ("sky table, 18.7 years hourly", "", f"{numbers['sky_s']:.2f} s"),
        ("long_term_light over it", f"{numbers['cells']:,.0f}", f"{numbers['long_term_s']:.1f} s"),
    ]
    for name, steps in (("light_statistics", "statistics_steps"), ("disc_series", "series_steps")):
        cells = f"{numbers['patch_cells']:,.0f} x {numbers[steps]:.0f} steps"
        rows.append((name, cells, f"{numbers[name + '_per_s'] / 1e6:.1f} million cell-steps/s"))
    note = f"Horizons (360 azimuths, {terrain.grid.cell_m:g} m cells) exist and are not counted; {machine()}."
    return markdown(("what", "cells", "time or rate"), rows) + "\n\n" + note


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
