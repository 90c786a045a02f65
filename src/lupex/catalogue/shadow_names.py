"""Published names of permanently shadowed regions, from the catalogue."""

import tomllib
from importlib.resources import files

from lupex.base.errors import MissionError


def shadow_names(pole: str) -> dict[str, tuple[float, float]]:
    """Name -> (latitude, east longitude), degrees, of a point inside; empty for a pole without a list.

    Raises MissionError when the catalogue file is damaged.
    """
    place = files("lupex") / "catalogue" / "shadow_regions" / f"{pole}.toml"
    if not place.is_file():
        return {}
    try:
        regions = tomllib.loads(place.read_text(encoding="utf-8"))["region"]
        return {entry["name"]: (float(entry["lat_deg"]), float(entry["lon_deg"])) for entry in regions.values()}
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise MissionError(f"catalogue/shadow_regions/{pole}.toml: {error}", "reinstall the package") from error
