"""[[place]] of a mission file: places of the user's own."""

import re
from pathlib import Path
from typing import Any

from lupex.base.errors import MissionError
from lupex.catalogue.names import suggestion
from lupex.catalogue.values import check_bounds, shown, typed
from lupex.mission.paths import absolute
from lupex.model.settings.place import MissionPlace

KEYS = ("name", "lat_deg", "lon_deg", "dem")
NEEDED = KEYS[:3]
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_PICKED = re.compile(r"S[0-9]+")


def places_in(label: str, tables: Any, folder: Path) -> tuple[MissionPlace, ...]:
    """The places of a mission file, checked.

    Args:
        label: the file, the beginning of an error.
        tables: what TOML gave for ``[[place]]``.
        folder: what a relative path is relative to.

    Raises: MissionError for an unknown or missing key, a value out of bounds, a name twice or that of a picked site.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise MissionError(f"{label}: place is {shown(tables)}", "write [[place]] with name, lat_deg and lon_deg")
    found: list[MissionPlace] = []
    for number, table in enumerate(tables, 1):
        found.append(_place(f"{label} [[place]] {number}", table, folder))
        if found[-1].name in [one.name for one in found[:-1]]:
            raise MissionError(f"{label} [[place]]: two places are named '{found[-1].name}'", "rename one of them")
    return tuple(found)


def _place(place: str, table: dict[str, Any], folder: Path) -> MissionPlace:
    for key in table:
        if key not in KEYS:
            raise MissionError(f"{place}: unknown name '{key}'", suggestion(key, KEYS))
    for key in NEEDED:
        if key not in table:
            raise MissionError(f"{place}: '{key}' is missing", f"a place has {', '.join(NEEDED)}, and dem if it likes")
    name = typed(f"{place} name", table["name"], str)
    if not _NAME.fullmatch(name) or _PICKED.fullmatch(name):
        raise MissionError(
            f"{place} name: {shown(name)} cannot name a site",
            "use up to 32 letters, digits, '.', '_' and '-'; S1, S2 ... are those that are picked",
        )
    lat, lon = (typed(f"{place} {key}", table[key], float) for key in ("lat_deg", "lon_deg"))
    check_bounds(f"{place} lat_deg", lat, -90.0, 90.0)
    check_bounds(f"{place} lon_deg", lon, -360.0, 360.0)
    dem = typed(f"{place} dem", table["dem"], str) if "dem" in table else ""
    return MissionPlace(name, lat, lon, absolute(f"{place} dem", dem, folder) if dem else "")
