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
    serve.add_argument(
        "--follow", metavar="DAY", type=arguments.path,
        help="show a rover's telemetry as it comes: folder of `lupex ops day --out`, or an archive",
    )  # fmt: skip
    serve.add_argument(
        "--dictionary", metavar="NAME", default="lupex", help="packets of what is followed (default lupex)"
    )
    serve.add_argument(
        "--relay", metavar="OEM", type=arguments.path, help="orbit of a relay whose view the map can show"
    )
    serve.add_argument(
        "--allow-commands", action="store_true",
        help="with --follow: a person who has the token printed for it may give the go for commands that wait",
    )  # fmt: skip
    serve.add_argument(
        "--export", metavar="OUT", type=arguments.path,
        help="write a copy of the page that needs no server to a new folder, and end",
    )  # fmt: skip
    serve.set_defaults(run=_serve)


def _serve(args: argparse.Namespace) -> None:
    from lupex import web

    if args.export is not None:
        if args.follow is not None or args.relay is not None:
            raise arguments.UsageError("--export goes without --follow and --relay", "a copy holds the study alone")
        copied = web.export_page(web.open_study(args.folder), web.page_folder(), args.export)
        for problem in copied.problems:
            say(f"note: {problem}")
        say(f"{copied.files} files, {copied.octets / 1e6:.1f} MB; no light, no drives and no skylines without a server")
        print(args.export / "index.html")
        return
    if args.allow_commands and args.follow is None:
        raise arguments.UsageError("--allow-commands goes with --follow", "name what is followed")
    followed = None if args.follow is None else web.follow(args.follow, args.dictionary, args.allow_commands)

    relay = None if args.relay is None else web.read_relay(args.relay)

    def ready(address: str, problems: list[str]) -> None:
        for problem in problems:
            say(f"note: {problem}")
        if followed is not None and followed.go_token:
            say(f"note: token for commands: {followed.go_token}")
        print(address, flush=True)

    web.serve(args.folder, ready, args.port, not args.no_browser, web.Beside(followed, relay))
