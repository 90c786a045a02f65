"""The command line: parse, call one function, print.

Nothing heavy is imported before a command runs, so that ``lupex --help`` answers at once.
"""

from lupex.cli.main import main

__all__ = ["main"]
