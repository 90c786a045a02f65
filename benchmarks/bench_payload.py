"""Every best compromise of 20 instruments on 10 mounts: the front with proof, beside one objective per solve.

    python benchmarks/bench_payload.py [--quick] [--repeats N]

The peer is the usual way (epsilon constraint, one HiGHS solve per step) as far as it comes in the same time: its points
must all lie on the front. --quick: 10 instruments on 6 mounts, no demand on speed.
"""

import argparse
import sys
import time
from collections.abc import Sequence

import numpy as np
from measuring import Targets, keep, machine, markdown

from lupex.solvers.choices import Choices, front, least, taken, whole_numbers
from lupex.solvers.milp import RowBlock

LIMIT_S = 5.0
FULL, QUICK = (20, 10), (10, 6)
SEEDS = (1, 2, 5, 7)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small, no demands on speed")
    parser.add_argument("--repeats", type=int, default=3, help="runs; the fastest counts")
    options = parser.parse_args(arguments)
    size = QUICK if options.quick else FULL
    targets = Targets()
    front(scene(0, 4, 3))  # compiles
    rows, numbers = [], {}
    for seed in SEEDS:
        choices = scene(seed, *size)
        runs = []
        for _ in range(1 if options.quick else options.repeats):
            begin = time.perf_counter()
            found = front(choices)
            runs.append(time.perf_counter() - begin)
        best = min(runs)
        targets.at_least(f"scene {seed}: the front is proven (1: yes)", float(found.complete), 1.0)
        points, spent = stepped(choices, max(best, 1.0))
        known = {tuple(row) for row in np.round(found.cost, 6).tolist()}
        share = len(points & known) / max(len(points), 1)
        targets.at_least(f"scene {seed}: share of the peer's points on the front", share, 1.0)
        rows.append((str(seed), str(len(found.cost)), f"{best:.2f} s", f"{len(points)} in {spent:.1f} s"))
        numbers |= {f"scene_{seed}_s": best, f"scene_{seed}_points": len(found.cost), f"scene_{seed}_peer": len(points)}
        if not options.quick:
            targets.at_most(f"scene {seed}: front", best, LIMIT_S, " s")
    header = ("scene", "points of the front", "lupex, all of them", "one objective per solve (HiGHS)")
    text = markdown(header, rows)
    text += f"\n\n{size[0]} instruments, {size[1]} mounts on 2 hosts, 3 objectives; made-up scenes; {machine()}."
    print(text)
    keep("payload-quick" if options.quick else "payload", text, numbers)
    return targets.report()


def scene(seed: int, instruments: int, mounts: int) -> Choices:
    """A made-up payload: worth, mass with harness and risk by instrument and mount; mass, power and data by host."""
    rng = np.random.default_rng(seed)
    worth, mass = rng.integers(1, 60, instruments) / 10.0, rng.integers(5, 200, instruments) / 10.0
    risk = rng.integers(1, 30, instruments) * 1e-3
    power, data = rng.uniform(2, 40, instruments).round(1), rng.uniform(1, 50, instruments).round(1)
    host = np.arange(mounts) % 2
    cost, use, first = [], [], [0]
    for g in range(instruments):
        cost.append([0.0, 0.0, 0.0])
        use.append(np.zeros(mounts + 6))
        for at in range(mounts):
            if rng.uniform() < 0.4:
                continue
            row = np.zeros(mounts + 6)
            harness = rng.integers(0, 20) / 10.0
            row[at] = 1.0
            limits = mounts + host[at] + np.array([0, 2, 4])
            row[limits] = mass[g] + harness, power[g], data[g]
            share = 1.0 if host[at] == 0 else 0.6
            cost.append([-round(worth[g] * share, 1), mass[g] + harness, risk[g] * (1 + at // 2)])
            use.append(row)
        first.append(len(cost))
    limit = np.concatenate([np.ones(mounts), [40.0, 40.0, 80.0, 80.0, 100.0, 100.0]])
    return Choices(first=np.array(first), cost=np.array(cost).round(6), use=np.array(use), limit=limit)


def stepped(choices: Choices, limit_s: float) -> tuple[set[tuple[float, ...]], float]:
    """Points of the front by one objective per solve, as many as come in the time; mass and risk stepped down."""
    whole = np.stack([whole_numbers(choices.cost[:, k]) for k in range(3)])
    found: set[tuple[float, ...]] = set()
    begin = time.perf_counter()
    mass_most = np.inf
    while time.perf_counter() - begin < limit_s:
        risk_most, heaviest = np.inf, -np.inf
        while time.perf_counter() - begin < limit_s:
            held = [RowBlock(whole[1:2], -np.inf, mass_most), RowBlock(whole[2:3], -np.inf, risk_most)]
            pick = None
            for k in range(3):  # worth, then the others among equals: the point is on the front
                done = least(choices, whole[k], held)
                if done.status != "optimal":
                    break
                pick = taken(choices, done.columns)
                held.append(RowBlock(whole[k : k + 1], -np.inf, float(whole[k][pick].sum()) + 0.5))
            if done.status != "optimal" or pick is None:
                break
            found.add(tuple(np.round(choices.cost[pick].sum(axis=0), 6).tolist()))
            risk_most = float(whole[2][pick].sum()) - 0.5
            heaviest = max(heaviest, float(whole[1][pick].sum()))
        if not np.isfinite(heaviest):
            break
        mass_most = heaviest - 0.5
    return found, time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
