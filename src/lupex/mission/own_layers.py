"""[[layer]] of a mission file: names, regions, craters, scarps and outlines of the user's own."""

import re
from pathlib import Path
from typing import Any

from lupex.base.errors import MissionError
from lupex.catalogue.names import suggestion
from lupex.catalogue.values import shown, typed
from lupex.mission.paths import absolute
from lupex.model.fields.own_layer import KINDS
from lupex.model.settings.own_layer import MissionLayer

NEEDED = ("name", "file", "kind")
COLUMNS = ("label", "group", "diameter", "layer")
ENDINGS = (".gpkg", ".geojson", ".json", ".csv")
_NAME = re.compile(r"[^\W_][\w .,()'-]{0,47}")


def layers_in(label: str, tables: Any, folder: Path) -> tuple[MissionLayer, ...]:
    """The layers of a mission file, checked; their files are opened when a study begins.

    Args:
        label: the file, the beginning of an error.
        tables: what TOML gave for ``[[layer]]``.
        folder: what a relative path is relative to.

    Raises: MissionError for an unknown or missing key, an unknown kind or file ending, a file that is not there, a name
    twice.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise MissionError(f"{label}: layer is {shown(tables)}", "write [[layer]] with name, file and kind")
    found: list[MissionLayer] = []
    for number, table in enumerate(tables, 1):
        found.append(_layer(f"{label} [[layer]] {number}", table, folder))
        if found[-1].name in [one.name for one in found[:-1]]:
            raise MissionError(f"{label} [[layer]]: two layers are named '{found[-1].name}'", "rename one of them")
    return tuple(found)


def _layer(place: str, table: dict[str, Any], folder: Path) -> MissionLayer:
    for key in table:
        if key not in NEEDED + COLUMNS:
            raise MissionError(f"{place}: unknown name '{key}'", suggestion(key, NEEDED + COLUMNS))
    for key in NEEDED:
        if key not in table:
            raise MissionError(f"{place}: '{key}' is missing", f"a layer has {', '.join(NEEDED)}")
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
