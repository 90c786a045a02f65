"""Contacts of 12 stations with 50 places over a year: edges as dense samples have them, then in time.

    python benchmarks/bench_contacts.py [--quick] [--repeats N]

The exit code tells whether the values agree and the target is met. --quick: 3 stations, 5 places, a month; no demand
on speed.
"""

import argparse
import sys
import time
from collections.abc import Sequence

import numpy as np
from measuring import Targets, keep, machine, markdown

from lupex.catalogue import stations
from lupex.ephemeris import utc_to_tdb_s
from lupex.ground import contact_plan, contact_plans
from lupex.model import LunarPlace, Station
from lupex.signals import track

LIMIT_S = 60.0
STATIONS = ("misasa", "usuda", "uchinoura34", "katsuura", "byalalu32", "dss14", "dss26", "dss43", "dss34", "dss63",
            "new_norcia", "malargue")  # fmt: skip
AZIMUTHS = np.arange(720) / 2.0


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, no demands on speed")
    parser.add_argument("--repeats", type=int, default=3, help="runs; the fastest counts")
    options = parser.parse_args(arguments)
    dishes = stations(list(STATIONS[::4] if options.quick else STATIONS))
    count, stop = (5, "2028-02-01") if options.quick else (50, "2029-01-01")
    span = tuple(float(t) for t in utc_to_tdb_s(["2028-01-01", stop]))
    made = places(count)
    targets = Targets()
    off_s = check_edges(targets, dishes[0], made[0], span[0])
    off_m_s = check_rates(targets, dishes[0], made[0], span)
    targets.stop_if_missed()
    walls, cpus, found = [], [], 0
    for _ in range(1 if options.quick else options.repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        found = sum(len(plan.passes) for plan in contact_plans(dishes, made, (span[0], span[1])))
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    if not options.quick:
        targets.at_most("wall time", min(walls), LIMIT_S, " s")
    days = (span[1] - span[0]) / 86_400.0
    text = markdown(
        (f"{len(dishes)} stations x {count} places x {days:.0f} days", "passes", "wall", "CPU"),
        [("AOS, LOS, extremes", f"{found:,}", f"{min(walls):.1f} s", f"{min(cpus):.1f} s")],
    )
    text += f"\n\nEdges within {off_s:.2f} s of samples a second apart, range rate within {1000 * off_m_s:.2f} mm/s of "
    text += f"the derivative of the range; {machine()}."
    print(text)
    numbers = {"wall_s": min(walls), "cpu_s": min(cpus), "passes": found, "edge_s": off_s, "rate_m_s": off_m_s}
    keep("contacts-quick" if options.quick else "contacts", text, numbers)
    return targets.report()


def places(count: int) -> list[LunarPlace]:
    """Places within 4 deg of the south pole under jagged skylines."""
    rng = np.random.default_rng(0)
    return [
        LunarPlace(
            name=f"place {i}",
            lat_deg=-89.9 + rng.uniform(0.0, 4.0),
            lon_deg=rng.uniform(0.0, 360.0),
            height_m=1500.0,
            skyline_azimuth_true_deg=AZIMUTHS,
            skyline_elevation_deg=1.0 + 1.5 * np.sin(np.radians(AZIMUTHS * 3)) + rng.normal(0.0, 0.3, AZIMUTHS.size),
        )
        for i in range(count)
    ]


def check_edges(targets: Targets, dish: Station, place: LunarPlace, start: float) -> float:
    """Greatest difference (s) between edges and the middles of the seconds in which dense samples change."""
    stop = start + 8 * 86_400.0
    windows = contact_plan([dish], place, (start, stop)).windows[dish.name]
    edges = np.sort(np.concatenate([windows.start_tdb_s, windows.stop_tdb_s]))
    edges = edges[(edges > start) & (edges < stop)]
    times = np.arange(start, stop, 1.0)
    seen = track(dish, place, times)
    sky = np.interp(seen.place_azimuth_true_deg, AZIMUTHS, place.skyline_elevation_deg, period=360.0)
    above = (seen.elevation_deg > dish.min_elevation_deg) & (seen.place_elevation_deg > sky)
    dense = times[np.flatnonzero(above[1:] != above[:-1])] + 0.5
    targets.at_most("edges not in dense samples", abs(edges.size - dense.size), 0)
    targets.stop_if_missed()
    off = float(np.abs(edges - dense).max())
    targets.at_most("AOS and LOS against samples a second apart", off, 1.0, " s")
    return off


def check_rates(targets: Targets, dish: Station, place: LunarPlace, span: tuple[float, ...]) -> float:
    """Greatest difference (m/s) between range rate and the fourth-order difference of the range."""
    times, h = np.random.default_rng(1).uniform(span[0] + 100.0, span[1] - 100.0, 200), 30.0
    a, b, c, d = (track(dish, place, times + k * h).range_m for k in (-2, -1, 1, 2))
    slope = (8.0 * (c - b) - (d - a)) / (12.0 * h)
    off = float(np.abs(slope - track(dish, place, times).range_rate_m_s).max())
    targets.at_most("range rate against the derivative of the range", off, 1e-3, " m/s")
    return off


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
