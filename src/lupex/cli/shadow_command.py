"""The command about one instant: shadow."""

import argparse
from pathlib import Path
from typing import Any

from lupex.cli import arguments
from lupex.cli.map_commands import add_map_arguments, map_mission
from lupex.cli.printing import running, say


def add_commands(commands: Any) -> None:
    """Register shadow.

    Args:
        commands: the subparsers to add to.
    """
    shadow = commands.add_parser("shadow", help="sunlight on every cell of a DEM at one instant, as GeoTIFF and figure")
    add_map_arguments(shadow, "DIR", "folder of the map and its picture")
    shadow.add_argument("utc", metavar="UTC", type=arguments.utc, help="the instant")
    arguments.add_far(shadow)
    shadow.set_defaults(run=_shadow)


def _shadow(args: argparse.Namespace) -> None:
    mission = map_mission(args)
    from lupex import report, study

    maps = study.shadow_map(args.dem, args.utc, mission, running())
    args.out.mkdir(parents=True, exist_ok=True)
    written = study.write_shadow_map(maps, args.out)
    source = "LOLA 1600 m of the package" if args.dem == "default" else Path(args.dem).name
    picture = report.layer_figure(maps, "sun_disc_fraction", args.out, study.shadow_stem(maps), source)
    for path in (written, picture):
        say(f"written: {path}")
