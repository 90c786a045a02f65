"""Site x landing date: 50 sites, ten years of daily landings, hourly light, after a plain count agrees.

    python benchmarks/bench_dates.py [--quick]

The skylines are made first and not counted: a study has them already.
"""

import argparse
import sys
import time
from collections.abc import Sequence

import numpy as np
from measuring import Targets, keep, machine, markdown

from lupex.base.constants import MOON_RADIUS_M
from lupex.ephemeris import sky_span
from lupex.illumination import DateLimits, PointSeries, PointView, date_table, landing_starts, point_series
from lupex.io import default_terrain
from lupex.model import DateTable, SkyTable
from lupex.terrain import point_height_m, point_skyline_deg

SPAN_UTC = ("2028-01-01T00:00:00Z", "2038-01-01T00:00:00Z")
LIMITS = DateLimits(life_days=105.0, survivable_dark_hours=72.0)
TARGET_S = 60.0


def views(count: int) -> list[PointView]:
    """Skylines of ``count`` places within 150 km of the south pole, two metres above the ground."""
    terrain = default_terrain("south")
    rng = np.random.default_rng(11)
    pencil = np.arange(360.0)
    found = []
    for x, y in rng.uniform(-150e3, 150e3, (count, 2)):
        skyline = point_skyline_deg(terrain, x, y, pencil, 2.0)
        distance = MOON_RADIUS_M + point_height_m(terrain, x, y) + 2.0
        found.append(
            PointView(
                pole="south",
                x_m=float(x),
                y_m=float(y),
                distance_m=distance,
                azimuths_pencil_deg=pencil,
                elevation_deg=skyline,
            )
        )
    return found


def table(places: list[PointView], sky: SkyTable) -> tuple[DateTable, dict[str, PointSeries]]:
    """The date table of places, everything from directions to windows, and the series."""
    series = {f"P{i}": point_series(view, sky) for i, view in enumerate(places)}
    return date_table(series, LIMITS), series


def worst_difference_hours(made: DateTable, series: dict[str, PointSeries], sky: SkyTable) -> float:
    """Largest difference of lit time and longest darkness from a plain loop over hours, some dates of some sites."""
    worst = 0.0
    starts, length = landing_starts(sky.times_tdb_s, LIMITS)
    per_day = round(86_400.0 / sky.step_s)
    for site in (0, len(made.sites) // 2):
        lit = series[made.sites[site]].sun_disc_fraction > 0.0
        for date in (0, starts.size // 3, starts.size - 1):
            run, longest, until = 0, 0, length
            for i, is_lit in enumerate(lit[starts[date] : starts[date] + length]):
                run = 0 if is_lit else run + 1
                longest = max(longest, run)
                if run * sky.step_s > LIMITS.survivable_dark_hours * 3600.0 and until == length:
                    until = i - run + 1
            lit_off = abs(made.values["lit_days_after_landing"][site, date] - until / per_day) * 24.0
            dark_off = abs(made.values["longest_dark_hours"][site, date] - longest * sky.step_s / 3600.0)
            worst = max(worst, lit_off, dark_off)
    return worst


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="4 sites, one year, no demands on speed")
    options = parser.parse_args(arguments)
    count, span = (4, (SPAN_UTC[0], "2029-01-01T00:00:00Z")) if options.quick else (50, SPAN_UTC)
    places, sky = views(count), sky_span(*span, 3600.0)
    start = time.perf_counter()
    made, series = table(places, sky)
    wall_s = time.perf_counter() - start
    targets = Targets()
    targets.at_most("difference from a plain count", worst_difference_hours(made, series, sky), 1e-6, " h")
    targets.stop_if_missed()
    if not options.quick:
        targets.at_most("directions, series and table", wall_s, TARGET_S, " s")
    rows = [[str(count), str(len(made.dates_utc)), f"{len(sky)}", f"{wall_s:.2f}"]]
    text = markdown(["sites", "landing dates", "hours of light", "wall s"], rows) + f"\n\n{machine()}."
    print(text)
    name = "dates-quick" if options.quick else "dates"
    keep(name, text, {"sites": count, "dates": len(made.dates_utc), "wall_s": wall_s})
    return targets.report()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
