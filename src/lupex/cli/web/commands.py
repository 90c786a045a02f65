"""lupex serve: a study's maps, sites, drives and contacts in the browser."""

import argparse
from typing import Any

from lupex.cli import arguments
from lupex.cli.printing import say


def add_commands(commands: Any) -> None:
    """Register serve.

    Args:
        commands: the subparsers to add to.
    """
    serve = commands.add_parser("serve", help="a study's maps, sites, drives and contacts in the browser")
    serve.add_argument("folder", metavar="DIR", type=arguments.path, help="folder that `lupex study` wrote")
    serve.add_argument(
        "--port",
        metavar="N",
        type=arguments.whole_number("port", 0, 65535),
        default=0,
        help="0: any free one (default)",
    )
    serve.add_argument("--no-browser", action="store_true", help="only print the address")
    serve.set_defaults(run=_serve)


def _serve(args: argparse.Namespace) -> None:
    from lupex import web

    def ready(address: str, problems: list[str]) -> None:
        for problem in problems:
            say(f"note: {problem}")
        print(address, flush=True)

    web.serve(args.folder, ready, args.port, not args.no_browser)
