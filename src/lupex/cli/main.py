"""``lupex``: find the command, run it, and turn whatever goes wrong into one line and an exit code.

Exit codes: 0 done; 2 the input, the disk or the command line is at fault; 70 lupex is at fault; 130 stopped by
Ctrl-C, 143 by SIGTERM.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from lupex.base.errors import LupexError, LupexWarning
from lupex.base.version import __version__
from lupex.cli import (
    catalogue_command,
    dem_commands,
    ground_commands,
    map_commands,
    mission_command,
    payload,
    point_commands,
    thermal_commands,
    trajectory,
    traverse_commands,
    water_commands,
    web,
)
from lupex.cli.arguments import CommandParser, Parser, UsageError, shielded
from lupex.cli.locate import commands as locate_commands
from lupex.cli.operations import ops_commands, packet_commands
from lupex.cli.printing import never_fail_on_letters, say
from lupex.cli.stop import Terminated, stop_signals

DESCRIPTION = """Light, shadow, Earth view and landing sites at the lunar poles, from real terrain.

Results go to stdout, messages to stderr. Exit code 0: done; 2: something in the input is wrong; 70: a fault of lupex
itself."""

EXAMPLES = """examples:
  lupex study                                    the default mission, report in out/lupex/
  lupex study my_mission.toml --out out/mine
  lupex serve out/lupex                          the study on a map in the browser
  lupex sky -89.5 222.7 --start 2028-01-01 --stop 2028-02-01 --step 3600 --csv
  lupex skyline default -89.5 222.7 --height 2 --csv
  lupex light default -89.5 222.7 --start 2028-01-01 --stop 2029-01-01 --step 3600 --summary --json
  lupex contacts -89.5 222.7 --start 2028-05-13 --stop 2028-05-20 --stations misasa,usuda
  lupex link misasa lupex_rover_hga
  lupex catalogue station misasa
  lupex mission --explain"""

USAGE_EXIT = 2
FAULT_EXIT = 70
"""An error nobody foresaw: EX_SOFTWARE of sysexits.h, so that a script can tell our fault from the user's."""
INTERRUPT_EXIT = 130
TERMINATED_EXIT = 143


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (default: that of the process) and return its exit code.

    Args:
        argv: words after the command's name; None for those of the process.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if sys.stdout is None:  # closed by whoever started us: nobody wants the result
        sys.stdout = open(os.devnull, "w", encoding="utf-8")
    debug = "--debug" in words
    never_fail_on_letters()
    try:
        with stop_signals():
            return _run(words, debug)
    except KeyboardInterrupt as stop:
        say("stopped; nothing half-written is left; run the same command again (studies, stores and tiles go on)")
        return TERMINATED_EXIT if isinstance(stop, Terminated) else INTERRUPT_EXIT
    except BrokenPipeError:
        _forget_stdout()
        return 0
    except Exception as error:
        if isinstance(error, argparse.ArgumentTypeError):  # a word read after the parser was done with it
            error = UsageError(str(error), "see the command's --help")
        if debug:
            raise
        _forget_stdout()
        say(f"error: {_one_line(error)}")
        return USAGE_EXIT if isinstance(error, LupexError | OSError | MemoryError) else FAULT_EXIT


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command; imports nothing heavy."""
    parser = Parser(
        prog="lupex",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    parser.add_argument("--debug", action="store_true", help="on an error show the traceback")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands", parser_class=CommandParser)
    modules = (
        map_commands,
        web,
        point_commands,
        thermal_commands,
        traverse_commands,
        ground_commands,
        locate_commands,
        water_commands,
        payload,
        trajectory,
        packet_commands,
        ops_commands,
        dem_commands,
        catalogue_command,
        mission_command,
    )
    for module in modules:
        module.add_commands(commands)
    return parser


def _run(words: list[str], debug: bool) -> int:
    parser = build_parser()
    try:
        args = parser.parse_args(shielded(words))
    except SystemExit as end:  # argparse ends --help this way
        sys.stdout.flush()
        return int(end.code or 0)
    if args.version:
        print(f"lupex {__version__}")
    elif not hasattr(args, "run"):
        parser.error("no command given")
    else:
        if not debug:
            _silence_libraries()
        args.run(args)
    sys.stdout.flush()
    return 0


def _silence_libraries() -> None:
    import logging
    import warnings

    warnings.simplefilter("ignore")
    warnings.simplefilter("default", LupexWarning)
    warnings.showwarning = _say_warning
    logging.getLogger().addHandler(logging.NullHandler())


def _say_warning(message: Warning | str, *where: object, **more: object) -> None:
    say(f"note: {message}")


def _one_line(error: Exception) -> str:
    if isinstance(error, LupexError):
        return str(error)
    if isinstance(error, OSError) and error.errno is not None:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{os.strerror(error.errno)}"
    if isinstance(error, MemoryError):
        return "not enough memory; use a smaller window, a larger cell or fewer azimuths"
    return (
        f"unexpected {type(error).__name__}: {error}; this is a fault of lupex {__version__}, not of your input: "
        "please report it with what the same command prints with --debug"
    )


def _forget_stdout() -> None:
    """Let nothing more be written to a stdout that refuses, not even when the interpreter ends."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except (OSError, ValueError):
            return
