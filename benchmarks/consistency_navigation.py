"""Do covariances say what the errors are? 500 fits of tracking and 500 drives: NEES and NIS against chi-squared.

    python benchmarks/consistency_navigation.py [RUNS]

Exit code 1 where a mean lies outside its 99 % interval. The suite runs 60 fits and 100 drives.
"""

import sys

import numpy as np
from scipy import stats
from tests.navigation.estimate.test_batch import PRIOR, observations
from tests.navigation.estimate.test_drive import run
from tests.navigation.scenes_radio import PLACE

from lupex.navigation.estimate.batch import BatchSettings, Prior, batch_fit
from lupex.navigation.estimate.consistency import Consistency, consistency, normalised_squares


def fits(runs: int) -> Consistency:
    """NEES of places from three days of ranges and Doppler by two antennas, data every 5 min."""
    rng = np.random.default_rng(500)
    squares = []
    for _ in range(runs):
        truth = np.concatenate([PLACE, 5.0 * rng.normal(size=2)])
        start = np.concatenate([truth[:3] + 300.0 * rng.normal(size=3), np.zeros(2)])
        prior = Prior(state=start, covariance=PRIOR)
        fit = batch_fit(observations(truth, rng), prior, BatchSettings(reject_sigma=0.0))
        squares.append(normalised_squares(fit.state[:3] - truth[:3], fit.covariance[:3, :3])[0])
    return consistency(np.array(squares), 3)


def drives(runs: int) -> tuple[Consistency, Consistency, tuple[float, float, float]]:
    """NEES at the end of drives, filtered and half way smoothed; mean NIS with its interval."""
    ends, middles, nis, degrees = [], [], [], []
    for seed in range(10_000, 10_000 + runs):
        fix, truth = run(seed, vision=True, radio=True, skyline=True)
        ends.append(normalised_squares(fix.states[-1, :2] - truth[-1], fix.covariances[-1, :2, :2])[0])
        half = len(truth) // 2
        middles.append(
            normalised_squares(fix.smoothed[half, :2] - truth[half], fix.smoothed_covariances[half, :2, :2])[0]
        )
        nis.append(fix.nis.sum())
        degrees.append(fix.nis_degrees.sum())
    total = float(np.sum(degrees))
    low, high = stats.chi2.ppf([0.005, 0.995], total) / total
    return consistency(np.array(ends), 2), consistency(np.array(middles), 2), (float(np.sum(nis)) / total, low, high)


def main() -> int:
    """Print every mean with its interval; 1 where one lies outside."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    place = fits(runs)
    end, middle, (nis, low, high) = drives(runs)
    for name, one in (("place from tracking", place), ("drive, filtered", end), ("drive, smoothed", middle)):
        print(f"NEES {name}: {one.mean:.3f} of {one.expected:g} ({one.low:.3f} to {one.high:.3f}), {one.runs} runs")
    print(f"NIS of the drives' sightings: {nis:.3f} of 1 ({low:.3f} to {high:.3f})")
    return 0 if place.consistent and end.consistent and middle.consistent and low <= nis <= high else 1


if __name__ == "__main__":
    raise SystemExit(main())
