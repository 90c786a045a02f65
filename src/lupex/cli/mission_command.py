"""The command about mission files: check, explain, begin a new one."""

import argparse
import shutil
import sys
import textwrap
from dataclasses import asdict
from typing import Any

from lupex.base.errors import InputError
from lupex.cli import arguments
from lupex.cli.printing import print_json


def add_commands(commands: Any) -> None:
    """Register mission.

    Args:
        commands: the subparsers to add to.
    """
    mission = commands.add_parser("mission", help="check a mission file; explain every setting")
    arguments.add_mission(mission)
    mission.add_argument(
        "--explain",
        metavar="WORD",
        nargs="?",
        const="",
        help="every setting with meaning, default and source; with WORD those whose table, name or meaning holds it",
    )
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
    elif args.explain is not None:
        sys.stdout.write(explained(asked_for(explain(mission), args.explain)))
    else:
        sys.stdout.write(f"{mission.name}: {mission.title}\n")
        from lupex.study import check_mission

        found = check_mission(mission)
        sys.stdout.write(f"{mission.path} is a good mission file; it states {len(mission.given)} settings\n")
        sys.stdout.write("".join(f"{sentence}\n" for sentence in found))


def asked_for(rows: Any, word: str) -> list[Any]:
    """The rows whose table, key or meaning holds a word, in any case; all for ''.

    Args:
        rows: of settings, see `lupex.mission.explain`.
        word: what to look for.
    """
    wanted = word.strip("[]").lower()
    found = [row for row in rows if any(wanted in text.lower() for text in (row.table, row.key, row.meaning))]
    if not found:
        raise InputError(f"no setting holds '{word}'", "lupex mission --explain shows all of them")
    return found


def explained(rows: Any, width: int = 0) -> str:
    """Setting rows for a reader: name and value, whether the file set it, the default, then meaning and source.

    Args:
        rows: of settings, see `lupex.mission.explain`.
        width: of a line; 0 for that of the terminal, at most 100.
    """
    width = width or min(100, shutil.get_terminal_size((100, 24)).columns)
    lines: list[str] = []
    table = ""
    for row in rows:
        if row.table != table:
            table = row.table
            lines += ["", f"[{table}]"] if lines else [f"[{table}]"]
        value, default = _word(row.value), _word(row.default)
        setter = "set by the file" if row.given_by_file else "default"
        known = "" if default == value else f", default {default}" if row.default is not None else ", unpublished"
        for indent, text in (
            ("  ", f"{row.key} = {value}  ({setter}{known})"),
            ("      ", row.meaning),
            ("      ", f"source: {row.source}"),
        ):
            more = indent if indent.strip() else indent + "  "
            lines += textwrap.wrap(
                text,
                width,
                initial_indent=indent,
                subsequent_indent=more,
                break_long_words=False,
                break_on_hyphens=False,
            )
    return "\n".join(lines) + "\n"


def _word(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
