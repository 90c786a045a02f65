"""lupex trajectory design: one trajectory integrated, with its events, mass, orbits and figures in a folder."""

import argparse
import sys
from typing import Any

from lupex.cli import arguments
from lupex.cli.printing import aligned, print_json, say


def add_commands(parts: Any) -> None:
    """Register design.

    Args:
        parts: the subparsers of trajectory to add to.
    """
    design = parts.add_parser("design", help="one trajectory integrated: events, mass, OEM, OPM, figures")
    arguments.add_mission(design)
    design.add_argument(
        "--site", metavar="LAT,LON", type=arguments.lat_lon, help="where to land (default: the mission's first place)"
    )
    design.add_argument(
        "--launch", metavar="UTC", type=arguments.utc, required=True, help="launch within six hours of it"
    )
    design.add_argument("--out", metavar="DIR", type=arguments.path, required=True, help="folder for the files")
    design.add_argument(
        "--spk", metavar="ID", type=arguments.whole_number("NAIF number", -999_999, -1), default=0,
        help="also write trajectory.bsp (SPK type 13) under this number of a spacecraft",
    )  # fmt: skip
    form = design.add_mutually_exclusive_group()
    form.add_argument("--json", dest="form", action="store_const", const="json", help="the summary as JSON")
    design.set_defaults(run=_design, form="text")


def _design(args: argparse.Namespace) -> None:
    from lupex.mission import load_mission
    from lupex.report import write_design
    from lupex.report.trajectory.design_files import design_summary, event_rows
    from lupex.study import designed

    found = designed(load_mission(args.mission), args.launch, args.site)
    written = write_design(found, args.out, args.spk)
    say(f"wrote {len(written)} files to {args.out}")
    if args.form == "json":
        print_json(design_summary(found))
        return
    rows = event_rows(found)
    shown = ("utc", "event", "delta_v_m_s", "note")
    sys.stdout.write(aligned([shown, *([_word(row[name]) for name in shown] for row in rows)]))
    sys.stdout.write(f"landed mass {found.mass.landed_kg:.0f} kg\n")


def _word(value: Any) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)
