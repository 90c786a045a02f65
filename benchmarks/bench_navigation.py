"""Two-way ranges beside spiceypy by hand, a search over a million skylines, a month of tracking: value and CPU time.

    python benchmarks/bench_navigation.py [--quick]

The exit code tells whether the values are right and the targets are met; times are CPU seconds of this process, all its
threads together. --quick: fewer and smaller; values are checked, speed is not.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import spiceypy as spice
from measuring import Targets, keep, machine, markdown

from lupex.base.running import Running
from lupex.catalogue import station
from lupex.ephemeris import barycentric_series, earth_orientation_kernels, kernels, sky_kernels, utc_to_tdb_s
from lupex.model import Grid, HorizonMap
from lupex.model.position.fix import place_me_m
from lupex.navigation.estimate.batch import Observations, Prior, batch_fit
from lupex.navigation.radio.paths import Antennas, Receptions, light_paths
from lupex.navigation.radio.ranges import RangeModel, two_way
from lupex.navigation.surface.skyline_coarse import Panorama, SettingsOfMatch, coarse_candidates

C_KM_S = 299_792.458
PLACE = place_me_m(-89.45, 222.69, 1200.0)
DAYS = 30.0
START = float(np.floor(utc_to_tdb_s("2026-03-01T00:00:00Z")[0]))
NAMES = ("misasa", "byalalu32")
RMS_MM = 1.0
TIMES_BY_HAND, SEARCH_S, FIT_S = 50.0, 3.0, 5.0


@dataclass(frozen=True)
class Sizes:
    """Ranges in the month, how many of them by hand, every which is fitted, side of the map of skylines."""

    ranges: int
    by_hand: int
    thin: int
    side: int


FULL, QUICK = Sizes(1_000_000, 1000, 10, 1000), Sizes(5_000, 50, 1, 100)


def cpu_s(work: Callable[[], object]) -> tuple[float, object]:
    """CPU seconds and the result of a second call; the first compiles."""
    work()
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def by_hand(times: np.ndarray, itrf_m: np.ndarray) -> np.ndarray:
    """Two-way ranges by spiceypy, as one writes them."""
    found = np.empty(times.size)
    with kernels((*sky_kernels(), *earth_orientation_kernels())):

        def antenna(t: float) -> np.ndarray:
            return np.array(spice.spkssb(399, t, "J2000")[:3]) + spice.pxform("ITRF93", "J2000", t) @ itrf_m / 1e3

        def point(t: float) -> np.ndarray:
            turn = spice.pxform("MOON_ME_DE440_ME421", "J2000", t)
            return np.array(spice.spkssb(301, t, "J2000")[:3]) + turn @ PLACE / 1e3

        for k, t in enumerate(times.tolist()):
            here, down = antenna(t), 1.28
            for _ in range(3):
                down = np.linalg.norm(here - point(t - down)) / C_KM_S
            where, up = point(t - down), down
            for _ in range(3):
                up = np.linalg.norm(antenna(t - down - up) - where) / C_KM_S
            found[k] = 0.5e3 * C_KM_S * (down + up)
    return found


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, no demands on speed")
    quick = parser.parse_args(arguments).quick
    sizes = QUICK if quick else FULL
    targets, numbers = Targets(), {}
    antennas = Antennas(NAMES, np.array([station(name).itrf_m for name in NAMES]))
    series = barycentric_series(START - 7200.0, START + DAYS * 86_400.0 + 7200.0)
    rng = np.random.default_rng(1)
    times = START + np.sort(rng.uniform(0.0, DAYS * 86_400.0, sizes.ranges))
    took, found = cpu_s(lambda: light_paths(series, antennas, PLACE, Receptions.of(times), running=Running(2)))
    some = slice(None, None, sizes.ranges // sizes.by_hand)
    slow, hand = cpu_s(lambda: by_hand(times[some], antennas.itrf_m[0]))
    numbers["rms_mm"] = 1e3 * float(np.sqrt(np.mean((found.newtonian_m[some] - hand) ** 2)))
    targets.at_most("ranges against spiceypy, rms", numbers["rms_mm"], RMS_MM, " mm")
    numbers |= {"ranges_per_s": times.size / took, "by_hand_per_s": times[some].size / slow}
    numbers["times_peer"] = numbers["ranges_per_s"] / numbers["by_hand_per_s"]
    numbers |= searched(targets, rng, sizes.side)
    numbers |= fitted(targets, rng, RangeModel(series=series, antennas=antennas, terms=()), times[:: sizes.thin])
    targets.stop_if_missed()
    text = table(numbers, sizes)
    print(text)
    keep("navigation-quick" if quick else "navigation", text, numbers)
    if not quick:
        targets.at_least("ranges, times spiceypy by hand", numbers["times_peer"], TIMES_BY_HAND)
        targets.at_most("skyline search, whole panorama", numbers["search_whole_s"], SEARCH_S, " CPU s")
        targets.at_most("fit of 100,000 ranges", numbers["fit_s"], FIT_S, " CPU s")
    return targets.report()


def searched(targets: Targets, rng: np.random.Generator, side: int) -> dict[str, float]:
    """CPU seconds to find one of side x side made-up skylines, turned by 120 deg, from all of it and from a sector."""
    grid = Grid.centred("south", 0.0, 20_000.0, side, 20.0)
    counts = rng.integers(0, 3000, (360, side, side), dtype=np.int16)
    horizon = HorizonMap(grid=grid, azimuths_pencil_deg=np.arange(360.0), counts=counts, observer_height_m=0.0,
                         search_radius_m=1e5)  # fmt: skip
    truth = int(0.456789 * side * side)
    seen = Panorama(np.arange(360.0) + 0.5, np.roll(counts.reshape(360, -1)[:, truth] * HorizonMap.UNIT_DEG, -120))
    part = Panorama(seen.azimuth_deg[:120], seen.elevation_deg[:120])
    numbers = {}
    for name, panorama in (("whole", seen), ("sector", part)):
        took, (cells, yaws) = cpu_s(lambda p=panorama: coarse_candidates(horizon, p, SettingsOfMatch(sigma_deg=0.1)))
        right = float(cells[0] == truth and abs(yaws[0] - 120.0) < 1e-9)
        targets.at_least(f"skyline search, {name} panorama: cell and yaw found (1: yes)", right, 1.0)
        numbers[f"search_{name}_s"] = took
    return numbers


def fitted(targets: Targets, rng: np.random.Generator, model: RangeModel, times: np.ndarray) -> dict[str, float]:
    """CPU seconds to fit a place and two biases to ranges at ``times`` with noise of 1 m."""
    receptions = Receptions.of(times, rng.integers(0, 2, times.size))

    def predict(state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values, by = two_way(model, state[:3], receptions)
        which = np.eye(2)[receptions.rx]
        return values + which @ state[3:], np.concatenate([by, which], axis=1)

    noisy = predict(np.concatenate([PLACE, [2.0, -3.0]]))[0] + rng.normal(size=times.size)
    data = Observations(method="range", values=noisy, sigma=1.0, predict=predict)
    prior = Prior(
        state=np.concatenate([PLACE, [2.0, -3.0]]) + np.array([300.0, -200.0, 100.0, 0, 0]),
        covariance=np.diag([1e6] * 3 + [25.0] * 2),
    )
    took, fit = cpu_s(lambda: batch_fit([data], prior))
    # 1 +- sqrt(2 / n) for the right weights: four of those.
    off = abs(fit.chi2_per_datum - 1.0)
    targets.at_most("fit: chi2 per datum off 1", off, 4.0 * (2.0 / times.size) ** 0.5)
    return {"fit_s": took, "fit_chi2_per_datum": float(fit.chi2_per_datum), "fit_ranges": float(times.size)}


def table(numbers: dict[str, float], sizes: Sizes) -> str:
    """All of it, and under what it was measured."""
    side = sizes.side
    rows = [
        ("two-way ranges with partials", f"{numbers['ranges_per_s']:,.0f} /s"),
        ("spiceypy by hand, ranges alone", f"{numbers['by_hand_per_s']:,.0f} /s"),
        ("skyline search, every yaw, whole panorama", f"{numbers['search_whole_s']:.2f} s"),
        ("skyline search, every yaw, sector of 120 deg", f"{numbers['search_sector_s']:.2f} s"),
        (f"30 days, {numbers['fit_ranges']:,.0f} ranges, place and two biases", f"{numbers['fit_s']:.2f} s"),
    ]
    note = (
        f"Ranges differ by {numbers['rms_mm']:.2f} mm rms from those by hand; {side} x {side} made-up skylines of 360 "
        f"azimuths; CPU time of all threads; {machine()}."
    )
    return markdown(("what", "CPU time or rate"), rows) + "\n\n" + note


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
