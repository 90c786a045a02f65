"""[[place]] of a mission file: places of the user's own."""

import re
from pathlib import Path
from typing import Any

from lupex.base.errors import MissionError
from lupex.catalogue.values import check_bounds, shown, typed
from lupex.mission.named_tables import TableKind
from lupex.mission.paths import absolute
from lupex.model.settings.place import MissionPlace

NEEDED = ("name", "lat_deg", "lon_deg")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_PICKED = re.compile(r"S[0-9]+")


def _place(place: str, table: dict[str, Any], folder: Path) -> MissionPlace:
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


PLACES = TableKind(
    word="place",
    needed=NEEDED,
    optional=("dem",),
    hint=f"a place has {', '.join(NEEDED)}, and dem if it likes",
    read=_place,
)
"""Raises MissionError for a value out of bounds, a name that cannot name a site or is that of a picked one."""
