"""What was found, as xarray."""

from typing import TYPE_CHECKING

from lupex.ephemeris import tdb_s_to_datetime64
from lupex.io import as_dataset
from lupex.model import HorizonMap, LightMap, SkyTable, Terrain, Traverse
from lupex.thermal import ThermalMap

if TYPE_CHECKING:
    from lupex.io.maps.labelled import Dataset


def as_xarray(noun: Terrain | HorizonMap | LightMap | ThermalMap | SkyTable | Traverse) -> "Dataset":
    """A Dataset of the noun: maps over (y, x) in metres on the polar map, tables over UTC as datetime64.

    Terrain: ``elevation_m``. HorizonMap: ``elevation_deg`` (azimuth_pencil_deg, y, x), NaN without
    height. LightMap and ThermalMap: one variable per layer. SkyTable: ``sun_me_m``, ``earth_me_m`` and stations
    (time, axis). Traverse: place, charge, light and slack (time), one entry a waypoint. ``time_tdb_s`` stands beside
    ``time``, which repeats a second where there was a leap second. Maps carry a CF grid mapping ``crs``.

    Args:
        noun: what is wanted as a Dataset.

    Raises:
        InputError: the object is none of these, or its times lie outside the years 1678 to 2261.
    """
    return as_dataset(noun.maps if isinstance(noun, ThermalMap) else noun, tdb_s_to_datetime64)
