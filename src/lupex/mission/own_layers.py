"""[[layer]] of a mission file: names, regions, craters, scarps and outlines of the user's own."""

import re
from pathlib import Path
from typing import Any

from lupex.base.errors import MissionError
from lupex.catalogue.names import suggestion
from lupex.catalogue.values import shown, typed
from lupex.mission.named_tables import TableKind
from lupex.mission.paths import absolute
from lupex.model.fields.own_layer import KINDS
from lupex.model.settings.own_layer import MissionLayer

NEEDED = ("name", "file", "kind")
COLUMNS = ("label", "group", "diameter", "layer")
ENDINGS = (".gpkg", ".geojson", ".json", ".csv")
_NAME = re.compile(r"[^\W_][\w .,()'-]{0,47}")


def _layer(place: str, table: dict[str, Any], folder: Path) -> MissionLayer:
    said = {key: typed(f"{place} {key}", value, str) for key, value in table.items()}
    if not _NAME.fullmatch(said["name"]):
        raise MissionError(
            f"{place} name: {shown(said['name'])} cannot name a layer",
            "begin with a letter or digit; use up to 48 letters, digits, blanks and . , ( ) ' _ -",
        )
    if said["kind"] not in KINDS:
        names = ", ".join(KINDS)
        raise MissionError(
            f"{place} kind: {shown(said['kind'])} is not one of {names}", suggestion(said["kind"], KINDS)
        )
    if not said["file"].lower().endswith(ENDINGS):
        raise MissionError(f"{place} file: {shown(said['file'])}", f"give a file that ends in {', '.join(ENDINGS)}")
    return MissionLayer(**said | {"file": absolute(f"{place} file", said["file"], folder)})


LAYERS = TableKind(word="layer", needed=NEEDED, optional=COLUMNS, hint=f"a layer has {', '.join(NEEDED)}", read=_layer)
"""Files are opened when a study begins. Raises MissionError for an unknown kind or file ending, a missing file."""
