"""Following a rover: telemetry of an archive as it grows, and commands that wait for a go."""

from lupex.web.follow.source import Followed, follow

__all__ = ["Followed", "follow"]
