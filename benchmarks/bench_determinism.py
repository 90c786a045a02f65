"""The price of equal bytes: skylines and light as kernels are compiled, with ``fastmath``, and beside an older build.

    python benchmarks/bench_determinism.py [--quick] [--repeats N] [--against FOLDER]

Builds take turns, each turn in a process of its own that has compiled before; CPU time of the work alone, the least of
the turns counts. FOLDER: a checkout of another version, for example of 3d7c8a5, the last one with ``fastmath``:
``git worktree add ../before 3d7c8a5``. --quick: small, one turn, no demands on speed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CYCLE_UTC = ("2026-01-01T00:00:00Z", "2044-09-12T00:00:00Z")
YEAR_UTC = ("2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z")
AZIMUTHS = 360
FULL = {"skylines": "smooth-384-240", "rough skylines": "rough-384-240", "light": "smooth-320-240"}
QUICK = dict.fromkeys(FULL, "smooth-64-960")
PATCH = 96
SLOWER = 1.1
"""Skylines may take this many times what they took in the older build."""
NOW, FAST, BEFORE = "as it is", "fastmath", "before"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, one turn, no demands on speed")
    parser.add_argument("--repeats", type=int, default=3, help="turns of each build; the fastest counts")
    parser.add_argument("--against", metavar="FOLDER", type=Path, help="checkout of an older version")
    parser.add_argument("--inside", metavar="BUILD", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.inside:
        return _inside(options.inside, QUICK if options.quick else FULL)
    from measuring import Targets, keep, markdown

    builds = [NOW, FAST, *([BEFORE] if options.against else [])]
    best: dict[str, dict[str, float]] = {build: {} for build in builds}
    with tempfile.TemporaryDirectory() as caches:
        for turn in range(2 if options.quick else 1 + options.repeats):  # the first one compiles
            for build in builds:
                for work, cpu_s in _turn(build, options, Path(caches)).items():
                    if turn:
                        best[build][work] = min(cpu_s, best[build].get(work, cpu_s))
    table = markdown(*_rows(best))
    print(table)
    targets = Targets()
    if options.against and not options.quick:
        for work in ("skylines", "rough skylines"):
            targets.at_most(f"{work}, CPU time of the build before", best[NOW][work] / best[BEFORE][work], SLOWER)
    keep("determinism-quick" if options.quick else "determinism", table, best)
    return targets.report()


def _turn(build: str, options: argparse.Namespace, caches: Path) -> dict[str, float]:
    root = options.against if build == BEFORE else HERE.parent
    folder = str(caches / build.replace(" ", "_"))
    threads = dict.fromkeys(("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    kept = {"NUMBA_CACHE_DIR": folder, "LUPEX_KERNELS_DIR": folder, "LUPEX_CACHE_DIR": folder}
    environment = os.environ | threads | kept | {"PYTHONPATH": str(root / "src")}
    words = [sys.executable, __file__, "--inside", build, *(["--quick"] if options.quick else [])]
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        sys.exit(f"{build} failed:\n{done.stdout}{done.stderr}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _inside(build: str, sizes: dict[str, str]) -> int:
    if build == FAST:
        import numba

        plain = numba.njit
        numba.njit = lambda *given, **flags: plain(*given, **flags | {"fastmath": True})
    from surfaces import surface

    from lupex.ephemeris import sky_span
    from lupex.illumination import disc_series, light_statistics, long_term_light
    from lupex.terrain.skyline import SkylineSettings, horizon_map

    settings = SkylineSettings(azimuths=AZIMUTHS)
    corner = surface("smooth-32-960")
    horizon_map(corner, settings)
    found = {}
    for work in ("skylines", "rough skylines"):
        terrain = surface(sizes[work])
        found[work] = _cpu_s(lambda terrain=terrain: horizon_map(terrain, settings))
    cycle, year = sky_span(*CYCLE_UTC, 3600.0), sky_span(*YEAR_UTC, 7200.0)
    season = year.between(year.times_tdb_s[0], year.times_tdb_s[len(year) // 4])
    for name in ("smooth-32-960", sizes["light"]):  # the first one compiles, or loads
        terrain = surface(name)
        horizons = horizon_map(terrain, settings)
        side = min(PATCH, terrain.grid.rows)
        patch = terrain.crop(0, 0, side, side)
        inner = horizon_map(patch, settings)
        found["long-term light"] = _cpu_s(lambda t=terrain, h=horizons: long_term_light(t, h, cycle, CYCLE_UTC))
        found["light statistics"] = _cpu_s(lambda t=patch, h=inner: light_statistics(t, h, year, YEAR_UTC))
        found["light series"] = _cpu_s(lambda t=patch, h=inner: disc_series(t, h, season))
    print(json.dumps(found))
    return 0


def _cpu_s(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _rows(best: dict[str, dict[str, float]]) -> tuple[list[str], list[list[str]]]:
    """Head and rows: CPU seconds, and how much longer than each other build the present one takes."""
    others = [build for build in best if build != NOW]
    rows = []
    for work, now in best[NOW].items():
        more = [f"{100.0 * (now / best[build][work] - 1.0):+.0f} %" for build in others]
        rows.append([work, *(f"{best[build][work]:.2f}" for build in best), *more])
    return ["one thread, CPU s", *best, *(f"more than {build}" for build in others)], rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
