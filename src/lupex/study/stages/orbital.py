"""Rasters from orbit that a mission names, read at places: hydrogen (LPNS, LEND) and ice at the surface (M3)."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from lupex.base.arrays import F64
from lupex.io.dem.point_values import values_at
from lupex.mission import Mission
from lupex.water.inference.orbital import OrbitalReadings
from lupex.water.models.orbital_maps import checked_hydrogen, checked_seen

WT_PERCENT = {"wt_percent": 1.0, "ppm": 9.0e-4, "fraction": 100.0}
"""Weight per cent of water-equivalent hydrogen in one of each unit; water is nine times its hydrogen by mass."""


def orbital_readings(mission: Mission, lat_deg: F64, lon_deg: F64) -> OrbitalReadings:
    """What the mission's maps from orbit say of places; NaN outside a map and where it has no data.

    Args:
        mission: whose [water] names the maps. lat_deg, lon_deg: (n,) of the places, degrees.

    Raises: InputError for a map that cannot be read, or a value that can be none of its kind and unit.
    """
    water = mission.water
    hydrogen: F64 | None = None
    if water.hydrogen_map != "none":
        scale = WT_PERCENT[water.hydrogen_unit]
        hydrogen = scale * values_at(water.hydrogen_map, lat_deg, lon_deg, outside=True)
        where = f"{water.hydrogen_map} in {water.hydrogen_unit}"
        _check(hydrogen, lambda value: checked_hydrogen(value, where))
    seen: F64 | None = None
    if water.surface_ice_map != "none":
        seen = values_at(water.surface_ice_map, lat_deg, lon_deg, outside=True)
        _check(seen, lambda value: checked_seen(value, water.surface_ice_map))
    return OrbitalReadings(hydrogen, seen)


def orbital_notes(mission: Mission, readings: OrbitalReadings) -> tuple[str, ...]:
    """How many places each map says nothing of, in sentences; a map that covers none is said as such.

    Args:
        mission: whose [water] names the maps. readings: at the places.
    """
    maps = (
        (mission.water.hydrogen_map, readings.hydrogen_wt_percent),
        (mission.water.surface_ice_map, readings.ice_seen),
    )
    notes = []
    for path, values in maps:
        if values is not None:
            known = int(np.isfinite(values).sum())
            notes.append(
                f"Prior from {Path(path).name}: {known} of {values.size} places lie on it with data; the others keep "
                "the prior they have without it."
            )
    return tuple(notes)


def _check(values: F64, checked: Callable[[float], float]) -> None:
    """Raise InputError for the first value, by size, that cannot be."""
    for value in np.unique(values[np.isfinite(values)]):
        checked(float(value))
