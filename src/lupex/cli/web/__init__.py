"""The map in the browser: serve."""

from lupex.cli.web.commands import add_commands

__all__ = ["add_commands"]
