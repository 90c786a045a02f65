"""Commands about the way there."""

from lupex.cli.trajectory.commands import add_commands

__all__ = ["add_commands"]
