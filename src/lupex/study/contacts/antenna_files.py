"""Files of the user's own that say what stations and radios are."""

import tomllib
from pathlib import Path

from lupex.mission import Mission


def antenna_files(mission: Mission) -> list[Path]:
    """Files of the user's own that decide stations and radio, with those they take over by ``like``; only such as are
    there and can be read, the others are complained of when they are used."""
    names = [*mission.ground.stations, mission.ground.radio, mission.traverse.station]
    left = [Path(name) for name in names if name.endswith(".toml")]
    found: list[Path] = []
    while left:
        path = left.pop()
        try:
            like = str(tomllib.loads(path.read_text(encoding="utf-8")).get("like", ""))
        except (OSError, ValueError):
            continue
        if path not in found:
            found.append(path)
            left += [path.parent / like] if like.endswith(".toml") else []
    return sorted(found)
