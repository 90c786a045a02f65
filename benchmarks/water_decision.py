"""How often the rule about water is wrong, and whether posteriors mean what they say, over many simulated worlds.

    python benchmarks/water_decision.py [--worlds 10000] [--calibration 1000] [--workers 2] [--seed 1]

Prints Markdown for docs/validation.md. The exit code tells whether the promised rates hold.
"""

import argparse
import sys
import time
from dataclasses import replace

from lupex.water.inference.calibration import calibration_run
from lupex.water.inference.prior import GroundPrior, nuisances, states
from lupex.water.inference.rule import Rule
from lupex.water.inference.worlds import DRY_KINDS, WET_KINDS, error_rates, kinds, laboratory
from lupex.water.models.facts import instrument, instrument_names


def main() -> int:
    """Run worlds and print their rates; 1 when a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=10_000, help="dry ones, and as many wet ones")
    parser.add_argument("--calibration", type=int, default=1000, help="worlds of the calibration; 0 leaves it out")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rule, instruments = Rule(), {name: instrument(name) for name in instrument_names()}
    lab = laboratory(rule, GroundPrior(), instruments)
    begin = time.perf_counter()
    rates = error_rates(lab, kinds(args.worlds), args.seed, args.workers)
    wall = time.perf_counter() - begin
    print(f"{sum(rates.worlds.values())} worlds in {wall:.0f} s wall, {args.workers} processes\n")
    print("| worlds | number | confirmed | absent | undecided |\n|---|---|---|---|---|")
    for kind in (*DRY_KINDS, *WET_KINDS):
        shares = [rates.share((kind,), answer)[0] for answer in ("confirmed", "absent", "undecided")]
        print(f"| {kind} | {rates.worlds[kind]} | " + " | ".join(f"{100.0 * share:.2f} %" for share in shares) + " |")
    false_alarm = rates.share(DRY_KINDS, "confirmed")
    missed = rates.share(WET_KINDS, "absent")
    print(f"\nfalse alarms {_percent(false_alarm)}, promised {100 * rule.false_alarm:g} %; "
          f"missed {_percent(missed)}, promised {100 * rule.missed:g} %\n")  # fmt: skip
    worst_dry = max(rates.share((kind,), "confirmed")[1] for kind in DRY_KINDS)
    worst_wet = max(rates.share((kind,), "absent")[1] for kind in WET_KINDS)
    kept = worst_dry <= rule.false_alarm and worst_wet <= rule.missed
    if args.calibration:
        prior = replace(lab.prior, ice_probability=0.5)
        depths = tuple(sorted({step.depth_m for group in lab.plan for step in group} - {0.0}))
        fine = replace(lab, prior=prior, states=states(prior, rule, depths), nuisances=nuisances(instruments, prior))
        found = calibration_run(fine, args.calibration, args.seed)
        print("| quantity | p-value of uniform quantiles |\n|---|---|")
        for name, value in found.p_values().items():
            print(f"| {name} | {value:.3f} |")
        print("\n| stated probability of water | came true | worlds |\n|---|---|---|")
        for stated, true, count in found.reliability():
            print(f"| {stated:.3f} | {true:.3f} | {count} |")
        kept = kept and min(found.p_values().values()) > 1e-3
    print("\nall promises kept" if kept else "\nMISSED: a promise is broken")
    return 0 if kept else 1


def _percent(share: tuple[float, float, float]) -> str:
    return "{:.3f} % ({:.3f} to {:.3f} at 95 %)".format(*(100.0 * part for part in share))


if __name__ == "__main__":
    sys.exit(main())
