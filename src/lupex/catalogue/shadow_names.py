"""Published names of permanently shadowed regions, from the catalogue."""

from lupex.base.errors import MissionError
from lupex.catalogue.read import catalogue_folder
from lupex.catalogue.toml_file import read_toml
from lupex.catalogue.values import check_bounds, typed


def shadow_names(pole: str) -> dict[str, tuple[float, float]]:
    """Name -> (latitude, east longitude), degrees, of a point inside; empty for a pole without a list.

    Raises MissionError when the catalogue file is damaged.
    """
    label = f"catalogue/shadow_regions/{pole}.toml"
    place = catalogue_folder().joinpath("shadow_regions", f"{pole}.toml")
    if not place.is_file():
        return {}
    found = {}
    for key, region in read_toml(place, label).table.get("region", {}).items():
        where = f"{label} [region.{key}]"
        try:
            lat, lon = (typed(f"{where} {name}", region[name], float) for name in ("lat_deg", "lon_deg"))
            name = typed(f"{where} name", region["name"], str)
        except (KeyError, TypeError) as error:
            raise MissionError(f"{where}: {error} is missing", "reinstall the package") from error
        check_bounds(f"{where} lat_deg", lat, -90.0, 90.0)
        check_bounds(f"{where} lon_deg", lon, -360.0, 360.0)
        found[name] = (lat, lon)
    return found
