"""Files of the user's own that say what stations and radios are."""

from pathlib import Path

from lupex.base.errors import MissionError
from lupex.catalogue import catalogue_entry
from lupex.mission import Mission


def antenna_files(mission: Mission) -> list[Path]:
    """Files of the user's own that decide stations and radio, with those they take over by ``like``; only such as are
    there and can be read, the others are complained of when they are used."""
    asked = [("station", name) for name in (*mission.ground.stations, mission.traverse.station)]
    found: set[Path] = set()
    for kind, name in (*asked, ("radio", mission.ground.radio)):
        try:
            found |= set(catalogue_entry(kind, name).files) if name.endswith(".toml") else set()
        except MissionError:
            continue
    return sorted(found)
