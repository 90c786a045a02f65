"""Skylines of this checkout against those of an older commit, in turns, by processor time.

    python benchmarks/bench_against_older.py 3d7c8a5 --rounds 5

checks the commit out into a temporary folder and runs both, each in a process of its own, several times in turns.
Processor time of all threads, not the clock's, so that a machine shared with other work does not decide.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROUNDS = 5
WORK = """
import hashlib, inspect, json, sys, time
sys.path[:0] = [sys.argv[1] + "/src", sys.argv[2]]
import surfaces
from lupex.terrain import SkylineSettings, horizon_map
name, azimuths, far = sys.argv[3], int(sys.argv[4]), sys.argv[5] == "far"
terrain = surfaces.surface(name)
terrain = terrain if far else surfaces.alone(terrain)
alone = {}
if "running" in inspect.signature(horizon_map).parameters:  # older ones use every core
    from lupex.base.running import Running
    alone = {"running": Running(workers=1)}
small = terrain.crop(0, 0, 64, 64)
horizon_map(small, SkylineSettings(azimuths=8), **alone)
begin = time.process_time()
counts = horizon_map(terrain, SkylineSettings(azimuths=azimuths), **alone).counts
spent = time.process_time() - begin
print(json.dumps({"s": spent, "cells": counts.size, "sha256": hashlib.sha256(counts.tobytes()).hexdigest()}))
"""


def main() -> None:
    """Print million cell-azimuths per second of processor time of both, their ratio, and whether bytes are equal."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("commit")
    parser.add_argument("--azimuths", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        older = Path(folder) / "older"
        subprocess.run(["git", "clone", "-q", str(HERE.parent), str(older)], check=True)
        subprocess.run(["git", "-C", str(older), "checkout", "-q", args.commit], check=True)
        for name in ("smooth-1024-120", "rough-1024-120"):
            for far in ("alone", "far"):
                _compare(older, name, far, args.azimuths, args.rounds)


def _compare(older: Path, name: str, far: str, azimuths: int, rounds: int) -> None:
    spent: dict[str, list[float]] = {"older": [], "now": []}
    digests: dict[str, str] = {}
    cells = 0
    for number in range(rounds + 1):
        for label, root in (("older", older), ("now", HERE.parent)):
            found = _run(root, name, azimuths, far)
            cells, digests[label] = found["cells"], found["sha256"]
            if number:  # the first compiles
                spent[label].append(found["s"])
    rate = {label: cells / 1e6 / statistics.median(values) for label, values in spent.items()}
    ratios = [a / b for a, b in zip(spent["older"], spent["now"], strict=True)]
    same = "equal bytes" if digests["older"] == digests["now"] else "other bytes"
    print(
        f"{name}, {far}: older {rate['older']:.1f}, now {rate['now']:.1f} million/CPU s, ratio "
        f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}), {same}",
        flush=True,
    )


def _run(root: Path, name: str, azimuths: int, far: str) -> dict[str, float | str]:
    command = [sys.executable, "-c", WORK, str(root), str(HERE), name, str(azimuths), far]
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=clean)
    return json.loads(done.stdout.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
