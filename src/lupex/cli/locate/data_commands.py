"""lupex locate simulate, solve, lugre: made-up data with their truth, a position from data, a receiver's telemetry."""

import argparse
from typing import Any

from lupex.cli import arguments
from lupex.cli.printing import print_json, say


def add_commands(parts: Any) -> None:
    """Register simulate, solve and lugre.

    Args:
        parts: the subparsers to add to.
    """
    simulate = parts.add_parser("simulate", help="made-up tracking (TDM) or sights (CSV) of a place, with their truth")
    arguments.add_place(simulate)
    simulate.add_argument("--stations", metavar="A,B", help="antennas of the catalogue or files: a TDM is written")
    simulate.add_argument(
        "--sights", metavar="TABLE.csv", type=arguments.path,
        help="instead: rows of sights or of places on maps, whose values are made up; a CSV is written",
    )  # fmt: skip
    _add_orbits(simulate)
    simulate.add_argument(
        "--start", metavar="UTC", type=arguments.utc, default="2026-03-01T00:00:00Z", help="first instant"
    )
    simulate.add_argument(
        "--days", metavar="D", type=arguments.number("days", 0.01, 60.0), default=3.0, help="how long (default 3)"
    )
    simulate.add_argument(
        "--step", metavar="SECONDS", type=arguments.number("step", 1.0, 86_400.0), default=300.0,
        help="between two data (default 300)",
    )  # fmt: skip
    simulate.add_argument(
        "--seed", metavar="N", type=arguments.whole_number("seed", 0, 2**31), default=1, help="of the noise"
    )
    arguments.add_height(simulate, "height above the 1737.4 km sphere", lowest_m=-20_000.0)
    _add_noise(simulate)
    simulate.add_argument("--out", metavar="FILE", type=arguments.path, required=True, help="file to write")
    simulate.set_defaults(run=_simulate)

    solve = parts.add_parser("solve", help="a position with covariance from TDM files and CSV files of places on maps")
    solve.add_argument(
        "data", metavar="DATA", nargs="+", type=arguments.path, help="TDM, or CSV: method, lat_deg, lon_deg, sigma_m"
    )
    _add_orbits(solve)
    solve.add_argument("--prior", metavar="LAT,LON", type=arguments.lat_lon, required=True, help="where it is about")
    solve.add_argument(
        "--prior-sigma", metavar="M", type=arguments.number("prior sigma", 1.0, 1e6), default=20_000.0,
        help="of the prior east and north (default 20000)",
    )  # fmt: skip
    solve.add_argument(
        "--height-sigma", metavar="M", type=arguments.number("height sigma", 0.1, 1e5), default=5000.0,
        help="of the height given (default 5000)",
    )  # fmt: skip
    arguments.add_height(solve, "height above the 1737.4 km sphere", lowest_m=-20_000.0)
    _add_noise(solve)
    solve.add_argument(
        "--reject", metavar="SIGMA", type=arguments.number("reject", 0.0, 1000.0), default=4.5,
        help="data farther off are left out; 0 keeps all (default 4.5)",
    )  # fmt: skip
    arguments.add_format(solve, "text")
    solve.set_defaults(run=_solve)

    lugre = parts.add_parser("lugre", help="raw observables of the LuGRE receiver (TLM_RAW files) as a table")
    lugre.add_argument("file", metavar="TLM_RAW.txt", type=arguments.path, help="text, or the same with gzip")
    arguments.add_format(lugre, "csv")
    lugre.set_defaults(run=_lugre)


def _add_orbits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--orbit", metavar="FILE", type=arguments.path, action="append", default=[],
        help="OEM or OPM of what a sight names without a state; may be given more than once",
    )  # fmt: skip


def _add_noise(parser: argparse.ArgumentParser) -> None:
    for name, default, unit in (("range", 1.0, "m"), ("rate", 1e-4, "m/s"), ("bias", 5.0, "m")):
        parser.add_argument(
            f"--{name}-sigma", metavar=unit.upper(), type=arguments.number(f"{name} sigma", 1e-9, 1e6), default=default,
            help=f"of a {'station bias' if name == 'bias' else name}, half the round trip (default {default:g} {unit})",
        )  # fmt: skip


def _noise(args: argparse.Namespace) -> Any:
    from lupex.navigation.radio.tracking import TrackingNoise

    return TrackingNoise(range_m=args.range_sigma, rate_m_s=args.rate_sigma, bias_m=args.bias_sigma)


def _simulate(args: argparse.Namespace) -> None:
    from lupex import study

    place = (args.lat, args.lon, args.height)
    if (args.stations is None) == (args.sights is None):
        raise arguments.UsageError("simulate: give --stations or --sights", "one makes a TDM, the other a CSV")
    if args.sights is not None:
        truth = study.made_up_sights(args.sights, args.out, place, args.seed, args.orbit)
        say(f"written: {args.out}")
        print_json({"synthetic": True, "seed": args.seed, "truth": truth})
        return
    names = tuple(name.strip() for name in args.stations.strip().split(",") if name.strip())
    truth = study.simulated_files(args.out, place, names, (args.start, args.days), args.step, args.seed, _noise(args))
    say(f"written: {args.out}")
    print_json({"synthetic": True, "seed": args.seed, "truth": truth})


def _lugre(args: argparse.Namespace) -> None:
    from dataclasses import asdict

    from lupex.cli.printing import print_rows
    from lupex.io.messages.lugre import read_lugre_raw

    print_rows([asdict(one) for one in read_lugre_raw(args.file)], args.form if args.form != "text" else "csv")


def _solve(args: argparse.Namespace) -> None:
    from lupex import study

    asked = study.SolveAsked(
        prior=(*args.prior, args.height),
        prior_sigma_m=args.prior_sigma,
        height_sigma_m=args.height_sigma,
        noise=_noise(args),
        reject_sigma=args.reject,
        orbits=tuple(args.orbit),
    )
    found = study.solved_position(args.data, asked)
    fix = found.fix
    lat, lon, height = fix.lat_lon_height
    east, north, up = fix.sigma_enu_m
    if args.form == "text":
        print(f"{lat:.6f} {lon:.6f}  height {height:.1f} m  sigma east {east:.2f}, north {north:.2f}, up {up:.2f} m")
        for words in (*fix.unobserved, *(f"left out: {one}" for one in fix.rejected), *fix.notes):
            say(words)
        return
    x, y, z = (float(v) for v in fix.position_me_m)
    answer = {
        "lat_deg": lat, "lon_deg": lon, "height_m": height, "x_m": x, "y_m": y, "z_m": z, "frame": fix.frame,
        "sigma_east_m": east, "sigma_north_m": north, "sigma_up_m": up,
        "covariance_me_m2": fix.covariance_me_m2.tolist(),
        "epoch_utc": fix.epoch_utc, "method": fix.method, "residuals": fix.residuals, "biases_m": found.biases_m,
        "rejected": list(fix.rejected), "unobserved": list(fix.unobserved), "notes": list(fix.notes),
    }  # fmt: skip
    if args.form == "json":
        print_json(answer)
    else:
        from lupex.cli.printing import print_rows

        print_rows([{k: v for k, v in answer.items() if isinstance(v, float | str)}], "csv")
