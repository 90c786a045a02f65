"""lupex trajectory: two-body burns, launch windows, descent, design."""

import argparse
import sys
from typing import Any

from lupex.base.errors import InputError
from lupex.cli import arguments
from lupex.cli.printing import aligned, print_columns, print_json, say
from lupex.cli.trajectory import descent_command, design_command

FURTHEST_KM = 1e7


def add_commands(commands: Any) -> None:
    """Register trajectory and its commands.

    Args:
        commands: the subparsers to add to.
    """
    trajectory = commands.add_parser("trajectory", help="from the launch pad to touchdown: windows, transfer, descent")
    trajectory.set_defaults(run=lambda args: trajectory.error("no command given"))
    parts = trajectory.add_subparsers(metavar="COMMAND", title="commands", parser_class=arguments.CommandParser)
    _add_twobody(parts)
    _add_windows(parts)
    descent_command.add_commands(parts)
    design_command.add_commands(parts)


def _add_twobody(parts: Any) -> None:
    twobody = parts.add_parser("twobody", help="delta-v of a burn at the perigee that moves the apogee, in closed form")
    height = arguments.number("height", -1e5, FURTHEST_KM)
    twobody.add_argument("--body", choices=("earth", "moon"), default="earth", help="orbited (default earth)")
    twobody.add_argument("--perigee-km", metavar="KM", type=height, required=True, help="height where the burn is")
    before = twobody.add_mutually_exclusive_group(required=True)
    before.add_argument("--apogee-km", metavar="KM", type=height, help="height of the apogee before")
    before.add_argument(
        "--v-infinity-km-s", metavar="KM/S", type=arguments.number("speed", 0.0, 100.0),
        help="speed far away of the hyperbola before: a capture",
    )  # fmt: skip
    twobody.add_argument(
        "--to-apogee-km", metavar="KM", type=height, required=True,
        help="height of the opposite apsis after; lower than the burn for a deorbit",
    )  # fmt: skip
    arguments.add_format(twobody, "json")
    twobody.set_defaults(run=_twobody)


def _add_windows(parts: Any) -> None:
    windows = parts.add_parser("windows", help="launch dates with delta-v, mass and the light after landing")
    arguments.add_mission(windows)
    windows.add_argument(
        "--site", metavar="LAT,LON", type=arguments.lat_lon, help="where to land (default: the mission's first place)"
    )
    windows.add_argument("--start", metavar="UTC", type=arguments.utc, required=True, help="first launch")
    windows.add_argument("--stop", metavar="UTC", type=arguments.utc, required=True, help="last launch")
    windows.add_argument("--open", action="store_true", help="only the windows that are open")
    arguments.add_format(windows, "text")
    windows.set_defaults(run=_windows)


def _twobody(args: argparse.Namespace) -> None:
    from dataclasses import asdict

    from lupex.trajectory import BODIES, apsis_burn, capture_burn_m_s

    body = BODIES[args.body]
    if args.perigee_km <= -body.radius_m / 1000.0:
        raise InputError(f"--perigee-km {args.perigee_km:g} lies below the centre", "give a height over the surface")
    if args.apogee_km is None:
        speed = 1000.0 * args.v_infinity_km_s
        found = {"delta_v_m_s": -capture_burn_m_s(body, args.perigee_km, speed, args.to_apogee_km)}
    else:
        if args.apogee_km < args.perigee_km:
            raise InputError(
                f"--apogee-km {args.apogee_km:g} lies below --perigee-km {args.perigee_km:g}", "exchange them"
            )
        found = asdict(apsis_burn(body, args.perigee_km, args.apogee_km, args.to_apogee_km))
    if args.form == "csv":
        print_columns({name: [value] for name, value in found.items()}, "csv")
    else:
        print_json({"body": args.body, **found})


def _windows(args: argparse.Namespace) -> None:
    from lupex.mission import load_mission
    from lupex.study import launch_windows

    found = launch_windows(load_mission(args.mission), args.start, args.stop, args.site)
    columns = {name: list(column) for name, column in found.rows().items()}
    if args.open:
        keep = found.open
        columns = {name: [v for v, k in zip(column, keep, strict=True) if k] for name, column in columns.items()}
    if args.form != "text":
        print_columns(columns, args.form)
    else:
        rows = zip(*columns.values(), strict=True)
        sys.stdout.write(aligned([list(columns), *([_word(value) for value in row] for row in rows)]))
    if not found.open.any():
        counts = ", ".join(f"{name} {count}" for name, count in found.closed_counts().items())
        say(f"no window is open; cells closed by: {counts}")


def _word(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:.1f}"
