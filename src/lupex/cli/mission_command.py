"""The command about mission files: check, explain, begin a new one."""

import argparse
import sys
from dataclasses import asdict
from typing import Any

from lupex.cli import arguments
from lupex.cli.printing import aligned, print_json


def add_commands(commands: Any) -> None:
    """Register mission.

    Args:
        commands: the subparsers to add to.
    """
    mission = commands.add_parser("mission", help="check a mission file; explain every setting")
    arguments.add_mission(mission)
    mission.add_argument("--explain", action="store_true", help="every setting with meaning, default and source")
    mission.add_argument("--json", action="store_true", help="the same as JSON")
    mission.add_argument("--template", action="store_true", help="print the default mission file, to begin your own")
    mission.set_defaults(run=_mission)


def _mission(args: argparse.Namespace) -> None:
    from lupex.mission import default_mission_text, explain, load_mission, mission_dict

    if args.template:
        sys.stdout.write(default_mission_text())
        return
    mission = load_mission(args.mission)
    if args.json:
        print_json({"mission": mission_dict(mission), "settings": [asdict(row) for row in explain(mission)]})
    elif args.explain:
        sys.stdout.write(explained(explain(mission)))
    else:
        sys.stdout.write(f"{mission.name}: {mission.title}\n")
        sys.stdout.write(f"{mission.path} is a good mission file; it states {len(mission.given)} settings\n")


def explained(rows: Any) -> str:
    """Setting rows as one aligned table; 'same' is a long default equal to the value, '-' no default."""
    lines = [["", "value", "default", "set by", "meaning", "source"]]
    table = ""
    for row in rows:
        if row.table != table:
            table = row.table
            lines.append([f"[{table}]", "", "", "", "", ""])
        value, default = _word(row.value), _word(row.default)
        if default == value and len(value) > 24:
            default = "same"
        setter = "file" if row.given_by_file else "default"
        lines.append([f"  {row.key}", value, default, setter, row.meaning, row.source])
    return aligned(lines, widest=60)


def _word(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
