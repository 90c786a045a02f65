"""Acceptability of 1000 sites by 8 criteria over 20,000 draws: right in the cases one can work out, then in time.

    python benchmarks/bench_ranking.py [--quick] [--repeats N]

The exit code tells whether the values agree and the target is met. --quick: 60 sites, 2000 draws; no demand on speed.
"""

import argparse
import resource
import sys
import time
from collections.abc import Sequence

import numpy as np
from measuring import Targets, keep, machine, markdown

from lupex.model import CriteriaTable, Ranking, RankingSettings
from lupex.sites import rank_candidates

LIMIT_S = 2.0
SITES, CRITERIA, DRAWS = 1000, 8, 20_000
QUICK = (60, 8, 2000)
LARGEST_EXTRA_MB = 200.0


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, no demands on speed")
    parser.add_argument("--repeats", type=int, default=3, help="runs; the fastest counts")
    options = parser.parse_args(arguments)
    sites, criteria, draws = QUICK if options.quick else (SITES, CRITERIA, DRAWS)
    targets = Targets()
    ranked(table(np.ones((3, 2)), 0.1), 100)  # compiles
    before_mb = resident_mb()
    check_values(targets, sites, criteria, draws)
    targets.stop_if_missed()
    rows, numbers = [], {}
    for name, sigma in (("uncertain weights and values", 0.05), ("uncertain weights only", 0.0)):
        made = table(np.random.default_rng(1).random((sites, criteria)), sigma)
        wall_s, cpu_s = timed(made, draws, 1 if options.quick else options.repeats)
        rows.append((name, f"{wall_s:.2f} s", f"{cpu_s:.2f} s"))
        numbers |= {f"{name.replace(' ', '_')}_s": wall_s, f"{name.replace(' ', '_')}_cpu_s": cpu_s}
        if not options.quick:
            targets.at_most(f"{name}, wall time", wall_s, LIMIT_S, " s")
    extra_mb = resident_mb() - before_mb
    numbers["extra_memory_mb"] = extra_mb
    if not options.quick:
        targets.at_most("memory beyond that of a ranking of three sites", extra_mb, LARGEST_EXTRA_MB, " MB")
    text = markdown((f"{sites} sites x {criteria} criteria x {draws:,} draws", "wall", "CPU"), rows)
    text += "\n\nWith Pareto front, central weights, confidence, TOPSIS and what decides; "
    text += f"{extra_mb:.0f} MB; {machine()}."
    print(text)
    keep("ranking-quick" if options.quick else "ranking", text, numbers | {"sites": sites, "draws": draws})
    return targets.report()


def check_values(targets: Targets, sites: int, criteria: int, draws: int) -> None:
    """Alike sites share every rank; the two-criteria triangle; one that dominates wins every draw."""
    count = 10
    alike = ranked(table(np.ones((count, criteria)), 0.1), draws)
    error = np.sqrt((1 / count) * (1 - 1 / count) / draws)
    worst = float(np.abs(alike.rank_acceptability - 1 / count).max() / error)
    targets.at_most("alike sites: largest error of a rank's acceptability, in standard errors", worst, 4.5)
    trade = ranked(table(np.array([[1.0, 0.0], [0.0, 1.0], [0.7, 0.7]]), 0.0), draws)
    off = np.abs(trade.rank_acceptability[:, 0] - [0.3, 0.3, 0.4]).max() / np.sqrt(0.24 / draws)
    targets.at_most("three sites, two criteria: first ranks, in standard errors", float(off), 4.5)
    value = np.random.default_rng(0).random((sites, criteria))
    value[sites // 3] = 1.0001
    best = ranked(table(value, 0.0), draws)
    won = float(best.rank_acceptability[sites // 3, 0])
    targets.at_least("a site that dominates: share of draws it wins", won, 1.0)
    targets.at_most("sites on the front beside it", float(best.pareto.sum() - 1), 0.0)


def table(value: np.ndarray, sigma: float) -> CriteriaTable:
    """Sites and criteria with plain names; more is better."""
    sites, criteria = value.shape
    return CriteriaTable(
        tuple(f"S{i}" for i in range(sites)),
        tuple(f"c{j}" for j in range(criteria)),
        (True,) * criteria,
        value,
        np.full(value.shape, sigma),
    )


def ranked(made: CriteriaTable, draws: int) -> Ranking:
    """The ranking of a table with weights of which nothing is known."""
    return rank_candidates(made, RankingSettings(draws=draws), np.random.default_rng(2))


def timed(made: CriteriaTable, draws: int, repeats: int) -> tuple[float, float]:
    """Shortest wall and CPU time (s)."""
    wall, cpu = [], []
    for _ in range(repeats):
        start, start_cpu = time.perf_counter(), time.process_time()
        ranked(made, draws)
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - start_cpu)
    return min(wall), min(cpu)


def resident_mb() -> float:
    """The most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
