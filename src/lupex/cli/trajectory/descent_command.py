"""lupex trajectory descent: phases, delta-v, fuel optimum, dispersion, the ground and the Sun at touchdown."""

import argparse
from typing import Any

from lupex.cli import arguments
from lupex.cli.printing import print_columns, print_json


def add_commands(parts: Any) -> None:
    """Register descent.

    Args:
        parts: the subparsers of trajectory to add to.
    """
    descent = parts.add_parser("descent", help="from the deorbit burn to touchdown: delta-v, optimum, scatter, ground")
    arguments.add_mission(descent)
    descent.add_argument(
        "--site", metavar="LAT,LON", type=arguments.lat_lon, help="where to land (default: the mission's first place)"
    )
    descent.add_argument("--lander", metavar="NAME", help="of the catalogue or a file (default: the mission's)")
    descent.add_argument(
        "--mass-kg", metavar="KG", type=arguments.number("mass", 1.0, 1e6),
        help="at the start of braking (default: what the burns before leave)",
    )  # fmt: skip
    descent.add_argument(
        "--at", metavar="UTC", type=arguments.utc, help="touchdown, for Sun, shadow and Earth there (default: none)"
    )
    descent.add_argument(
        "--azimuth", metavar="DEG", type=arguments.number("azimuth", -360.0, 360.0),
        help="of the ground track at the site, clockwise from true north (default: that of [dispersion])",
    )  # fmt: skip
    descent.add_argument(
        "--braking", metavar="S,KM", type=_pair, help="time and ground distance of rough braking, as of a flown profile"
    )
    descent.add_argument("--seed", metavar="N", type=arguments.whole_number("seed", 0, 2**31), help="of the draws")
    descent.add_argument("--track", action="store_true", help="the nominal flight instead, a row every half second")
    arguments.add_format(descent, "json")
    descent.set_defaults(run=_descent)


def _pair(text: str) -> tuple[float, float]:
    parts = text.split(",")
    if len(parts) != 2:
        raise argparse.ArgumentTypeError(f"{text.strip()!r} is not SECONDS,KM")
    return arguments.number("time", 10.0, 1e4)(parts[0]), arguments.number("distance", 1.0, 1e4)(parts[1])


def _descent(args: argparse.Namespace) -> None:
    from lupex.mission import load_mission
    from lupex.study import DescentAsked, descent_answer

    asked = DescentAsked(
        site=args.site, lander=args.lander or "", mass_kg=args.mass_kg, at_utc=args.at, azimuth_true_deg=args.azimuth,
        braking=args.braking, seed=args.seed,
    )  # fmt: skip
    found = descent_answer(load_mission(args.mission), asked)
    if args.track:
        print_columns(found.track_columns(), args.form)
    elif args.form == "csv":
        print_columns({name: [row[name] for row in found.phases] for name in found.phases[0]}, "csv")
    else:
        print_json(found.summary())
