"""Let every n-th rename, fsync, opening, allocation and write of whole commands fail, and run them again.

    python scripts/fault_rounds.py --most 40
    python scripts/fault_rounds.py --commands study --sample 20 --seed 7     places drawn at random over all kinds

After each fault no file under its final name is half written, a store says that it is unfinished, and the same command
again gives the bytes of a run that never met a fault. Prints the table of docs/reliability.md.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.fuzz.faults import COMMANDS, PLACES, WRITE_BYTES, Broken, Series, failing, no_file_beyond  # noqa: E402


def main() -> int:
    """Run the series; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--most", type=int, default=40, help="faults of one kind in one command (default 40)")
    parser.add_argument("--commands", nargs="*", default=list(COMMANDS), help=f"of {', '.join(COMMANDS)}")
    parser.add_argument("--sample", type=int, help="faults of one command in all, at places drawn at random")
    parser.add_argument("--seed", type=int, default=1, help="of the draws")
    args = parser.parse_args()
    broken = 0
    print("| command | fault | places | tried | ended in one line | results lost |\n|---|---|---:|---:|---:|---:|")
    for command in args.commands:
        with tempfile.TemporaryDirectory() as folder:
            series = Series(command, Path(folder))
            if args.sample:
                broken += _sampled(series, args.sample, args.seed)
                continue
            for fault in (*PLACES, "write"):
                total = series.calls(fault) if fault in PLACES else len(WRITE_BYTES)
                chosen = range(1, total + 1, -(-total // args.most) or 1)
                met = lost = 0
                for at in chosen:
                    with_fault = failing(fault, at) if fault in PLACES else no_file_beyond(WRITE_BYTES[at - 1])
                    try:
                        met += series.attempt(with_fault)
                    except Broken as reason:
                        lost += 1
                        print(f"{command}, {fault} {at}: {reason}", file=sys.stderr)
                broken += lost
                print(f"| `{command}` | {fault} | {total} | {len(chosen)} | {met} | {lost} |", flush=True)
    return int(broken > 0)


def _sampled(series: Series, sample: int, seed: int) -> int:
    """How many of the faults at places drawn over every kind broke a promise; a line for each as it is tried."""
    totals = series.all_calls()
    places = [(fault, at) for fault, total in totals.items() for at in range(1, total + 1)]
    chosen = random.Random(seed).sample(places, min(sample, len(places)))
    met = broken = 0
    for number, (fault, at) in enumerate(chosen, start=1):
        try:
            met += series.attempt(failing(fault, at))
        except Broken as reason:
            broken += 1
            print(f"{series.command}, {fault} {at}: {reason}", file=sys.stderr)
        kinds = ", ".join(f"{kind} {total}" for kind, total in totals.items())
        print(f"| `{series.command}` | {kinds} | {len(places)} | {number} | {met} | {broken} |", flush=True)
    return broken


if __name__ == "__main__":
    raise SystemExit(main())
