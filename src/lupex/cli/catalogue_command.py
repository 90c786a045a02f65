"""``lupex catalogue``: what the catalogue holds, with sources, and templates for files of one's own."""

import argparse
from typing import Any

from lupex.base.errors import InputError
from lupex.cli.printing import aligned, print_json

TEMPLATE = "template"


def add_commands(commands: Any) -> None:
    """Register catalogue.

    Args:
        commands: the subparsers to add to.
    """
    listing = commands.add_parser(
        "catalogue",
        help="list stations, radios, landers, rovers ... with value and source",
        description="Without words: the kinds. With a kind: its entries. With a kind and a name (or a TOML file of "
        "yours): every fact with its source, and what is unpublished. `lupex catalogue template KIND` prints a "
        "commented file to begin from.",
    )
    listing.add_argument("kind", metavar="KIND", nargs="?", help=f"station, radio, lander, rover ...; or {TEMPLATE}")
    listing.add_argument("name", metavar="NAME", nargs="?", help=f"an entry or a TOML file; with {TEMPLATE}: a kind")
    listing.add_argument("--json", action="store_true", help="JSON on stdout")
    listing.set_defaults(run=_catalogue)


def _catalogue(args: argparse.Namespace) -> None:
    from lupex.catalogue.listing import entry_rows, entry_summary, kind_rows

    if args.kind == TEMPLATE:
        _print_template(args)
    elif args.kind is None:
        _print_rows(kind_rows(), args.json)
    elif args.name is None:
        _print_rows(entry_rows(args.kind), args.json)
    else:
        found = entry_summary(args.kind, args.name)
        if args.json:
            print_json(found)
        else:
            print(_entry_text(found), end="")


def _print_template(args: argparse.Namespace) -> None:
    from lupex.catalogue.listing import PARTS, TEMPLATES, template

    if args.name is None:
        raise InputError(
            "a template needs a kind", f"say lupex catalogue {TEMPLATE} {' | '.join([*TEMPLATES, *PARTS])}"
        )
    print(template(args.name), end="")


def _print_rows(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json(rows)
    else:
        print(aligned([list(rows[0]), *([str(value) for value in row.values()] for row in rows)]), end="")


def _entry_text(found: dict[str, Any]) -> str:
    facts = [[row["key"], _shown(row["value"]), row["meaning"], row["source"]] for row in found["facts"]]
    text = f"{found['kind']} {found['name']}: {found['title']}\n\n"
    text += aligned([["key", "value", "meaning", "source"], *facts], widest=60)
    if found["unpublished"]:
        text += '\nunpublished (state it in a file of your own with like = "' + found["name"] + '"):\n'
        text += aligned([[key, meaning] for key, meaning in found["unpublished"].items()])
    return text


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_shown(one) for one in value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
