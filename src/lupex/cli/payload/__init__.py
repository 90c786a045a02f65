"""Commands about the payload."""

from lupex.cli.payload.commands import add_commands

__all__ = ["add_commands"]
