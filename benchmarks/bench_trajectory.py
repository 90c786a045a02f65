"""Windows of five years for one site, one corrected transfer, a day in lunar orbit at degree 100, one fuel optimum.

    python benchmarks/bench_trajectory.py [--quick] [--repeats N]

CPU time of one process, kernels compiled before. The orbit is flown beside scipy's DOP853 that calls the same compiled
gravity from Python, and must end in the same place. --quick: 20 days of windows, degree 20, no demand on speed.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from measuring import Targets, keep, machine, markdown

from lupex.ephemeris import barycentric_series
from lupex.gravity import lunar_field
from lupex.mission import load_mission
from lupex.navigation.orbit.propagate import Forces, propagated
from lupex.study import launch_windows
from lupex.trajectory import ArcForces, BrakingProblem, arc, braking_optimum
from lupex.trajectory.conics import GM_MOON_M3_S2

EPOCH = 889_012_800.0
RADIUS_M = 1_737_400.0


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, no demands on speed")
    parser.add_argument("--repeats", type=int, default=3, help="runs; the fastest counts")
    options = parser.parse_args(arguments)
    repeats = 1 if options.quick else options.repeats
    targets = Targets()
    mission = load_mission(None)
    stop = "2028-01-21T00:00:00Z" if options.quick else "2033-01-01T00:00:00Z"
    launch_windows(mission, "2028-01-01T00:00:00Z", "2028-01-02T00:00:00Z")
    windows_s, found = best(lambda: launch_windows(mission, "2028-01-01T00:00:00Z", stop), repeats)
    degree = 20 if options.quick else 100
    span_s = 7200.0 if options.quick else 86_400.0
    series = barycentric_series(EPOCH - 86_400.0, EPOCH + 2 * 86_400.0)
    state = np.array([1_837_400.0, 0.0, 0.0, 0.0, 20.0, float(np.sqrt(GM_MOON_M3_S2 / 1_837_400.0))])
    forces = replace(ArcForces(area_per_mass_m2_kg=0.0).about_moon(degree))
    arc(state, EPOCH, [60.0], series, forces)
    orbit_s, end = best(lambda: arc(state, EPOCH, [span_s], series, forces), repeats)
    field = Forces(field=lunar_field().to_degree(degree))
    peer_s, peer = best(lambda: propagated(state, EPOCH, [span_s], series, field), 1)
    apart_m = float(np.abs(end[0, :3] - peer[0, :3]).max())
    problem = BrakingProblem(
        gm_m3_s2=GM_MOON_M3_S2, radius_m=RADIUS_M, start_radius_m=RADIUS_M + 30_000.0, start_speed_m_s=1681.63,
        end_height_m=7420.0, end_speed_m_s=358.0, end_sink_m_s=61.0, mass_kg=1700.0, thrust_min_n=640.0,
        thrust_max_n=2944.0, exhaust_m_s=315.0 * 9.80665,
    )  # fmt: skip
    optimum_s, optimum = best(lambda: braking_optimum(problem, 690.0), repeats)
    targets.at_most("orbit: from scipy's DOP853", apart_m, 0.05, " m")
    targets.at_most("fuel optimum: flown less said", abs(optimum.integrated_fuel_kg - optimum.fuel_kg), 0.1, " kg")
    if not options.quick:
        targets.at_most("windows of five years", windows_s, 10.0, " s")
    rows = [
        (f"windows, {found.launch_tdb_s.size} cells", f"{windows_s:.2f} s", ""),
        (f"{span_s / 86_400.0:g} days at 100 km, degree {degree}", f"{orbit_s:.3f} s", f"{peer_s:.2f} s"),
        ("fuel optimum of braking", f"{optimum_s:.2f} s", ""),
    ]
    text = markdown(("task", "lupex, CPU", "scipy's DOP853, same gravity"), rows)
    text += f"\n\nPlaces of both orbits {apart_m * 1000.0:.2f} mm apart; {machine()}."
    print(text)
    numbers = {"windows_s": windows_s, "orbit_s": orbit_s, "orbit_scipy_s": peer_s, "orbit_apart_m": apart_m,
               "optimum_s": optimum_s, "cells": int(found.launch_tdb_s.size)}  # fmt: skip
    keep("trajectory-quick" if options.quick else "trajectory", text, numbers)
    return targets.report()


def best(run: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Least CPU time of some runs, and the last result."""
    times, result = [], None
    for _ in range(repeats):
        begin = time.process_time()
        result = run()
        times.append(time.process_time() - begin)
    return min(times), result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
