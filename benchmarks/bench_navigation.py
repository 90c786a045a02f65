"""Two-way ranges beside spiceypy by hand, a search over a million skylines, a month of tracking: value and CPU time.

    python benchmarks/bench_navigation.py

Values are asserted; times are CPU seconds of this process, all its threads together.
"""

import time
from collections.abc import Callable

import numpy as np
import spiceypy as spice

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


def main() -> None:
    """Print value and time of each."""
    places = np.array([station(name).itrf_m for name in NAMES])
    antennas = Antennas(NAMES, places)
    series = barycentric_series(START - 7200.0, START + DAYS * 86_400.0 + 7200.0)
    rng = np.random.default_rng(1)
    times = START + np.sort(rng.uniform(0.0, DAYS * 86_400.0, 1_000_000))
    took, found = cpu_s(lambda: light_paths(series, antennas, PLACE, Receptions.of(times), running=Running(2)))
    slow, hand = cpu_s(lambda: by_hand(times[::1000], places[0]))
    off = found.newtonian_m[::1000] - hand
    assert np.sqrt(np.mean(off**2)) < 1e-3
    rate, slow_rate, rms_mm = times.size / took, 1000 / slow, 1e3 * np.sqrt(np.mean(off**2))
    print(f"two-way ranges with partials: {rate:.3g} a CPU second, spiceypy by hand {slow_rate:.3g}")
    print(f"ratio {rate / slow_rate:.0f}, rms difference {rms_mm:.2f} mm")

    grid = Grid.centred("south", 0.0, 20_000.0, 1000, 20.0)
    counts = rng.integers(0, 3000, (360, 1000, 1000), dtype=np.int16)
    horizon = HorizonMap(grid=grid, azimuths_pencil_deg=np.arange(360.0), counts=counts, observer_height_m=0.0,
                         search_radius_m=1e5)  # fmt: skip
    truth = 456_789
    seen = Panorama(np.arange(360.0) + 0.5, np.roll(counts.reshape(360, -1)[:, truth] * HorizonMap.UNIT_DEG, -120))
    part = Panorama(seen.azimuth_deg[:120], seen.elevation_deg[:120])
    for name, panorama in (("whole panorama", seen), ("sector of 120 deg", part)):
        took, (cells, yaws) = cpu_s(lambda p=panorama: coarse_candidates(horizon, p, SettingsOfMatch(sigma_deg=0.1)))
        assert cells[0] == truth and abs(yaws[0] - 120.0) < 1e-9
        print(f"skyline search, 1000 x 1000 cells, every yaw, {name}: {took:.2f} CPU s")
    del counts

    model = RangeModel(series=series, antennas=antennas, terms=())
    receptions = Receptions.of(np.sort(rng.choice(times, 100_000, replace=False)), rng.integers(0, 2, 100_000))

    def predict(state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values, by = two_way(model, state[:3], receptions)
        which = np.eye(2)[receptions.rx]
        return values + which @ state[3:], np.concatenate([by, which], axis=1)

    state = np.concatenate([PLACE, [2.0, -3.0]])
    data = Observations(method="range", values=predict(state)[0] + rng.normal(size=100_000), sigma=1.0, predict=predict)
    prior = Prior(state=state + np.array([300.0, -200.0, 100.0, 0, 0]), covariance=np.diag([1e6] * 3 + [25.0] * 2))
    took, fit = cpu_s(lambda: batch_fit([data], prior))
    assert abs(fit.chi2_per_datum - 1.0) < 0.02
    print(f"30 days, 100,000 ranges, place and two biases: {took:.2f} CPU s, chi2/n {fit.chi2_per_datum:.3f}")


if __name__ == "__main__":
    main()
