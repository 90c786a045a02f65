"""Rasters that an evidence file names, read at its places: priors, and readings from orbit."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from lupex.base.errors import InputError
from lupex.catalogue.values import typed
from lupex.io.dem.point_values import values_at
from lupex.water.evidence.evidence import Place
from lupex.water.models.measurement import Look, Measurement

_READINGS = {
    "dfsar": {"cpr": "dfsar_cpr", "dop": "dfsar_dop"},
    "mini_rf": {"cpr": "mini_rf_cpr", "dop": "mini_rf_dop"},
    "orbital_hydrogen": {"hydrogen_wt_percent": "hydrogen_wt_percent"},
    "orbital_ice": {"ice_seen": "surface_ice"},
}
"""Channels that maps are readings of: value -> name in [maps]; the first is needed."""
MAPS = (
    *(name for values in _READINGS.values() for name in values.values()), "ice_probability", "stability_depth_m",
    "temperature_k",
)  # fmt: skip
_DEEPEST_M = 5.0
"""Ice that lasts only below this lasts nowhere an auger gets to."""
_DRY_PROBABILITY = 0.02
"""Where ice is not stable at any depth the auger reaches, a law of sublimation may still be wrong (assumption)."""


def from_maps(
    label: str, maps: dict[str, Any], folder: Path, places: list[Place]
) -> tuple[list[Place], list[tuple[str, Measurement]]]:
    """Places with the priors that maps give them, and readings of maps of radar, hydrogen and surface ice.

    Args:
        label: file and table, the beginning of an error. maps: path by name of `MAPS`.
        folder: what paths are relative to. places: in the order of the file.

    Raises: InputError for a place without coordinates or outside a map, and a map that cannot be read.
    """
    bare = [place.name for place in places if place.lat_deg is None]
    if bare:
        raise InputError(f"{label}: {bare[0]} has no coordinates", "give lat_deg and lon_deg")
    lat, lon = (np.array([getattr(place, key) for place in places], np.float64) for key in ("lat_deg", "lon_deg"))
    names = [place.name for place in places]
    read = {key: values_at(folder / typed(f"{label} {key}", value, str), lat, lon, names)
            for key, value in maps.items()}  # fmt: skip
    made = [_placed(place, {key: float(values[n]) for key, values in read.items()}) for n, place in enumerate(places)]
    found = []
    for name, wanted in _READINGS.items():
        first = next(iter(wanted))
        for n, place in enumerate(places):
            values = {key: float(read[asked][n]) for key, asked in wanted.items() if asked in read}
            values = {key: value for key, value in values.items() if math.isfinite(value)}
            if first in values:
                found.append((place.name, Measurement(name, Look(), values, where=f"{label} {name}")))
    return made, found


def _placed(place: Place, values: dict[str, float]) -> Place:
    prior = place.prior
    depth = values.get("stability_depth_m")
    if depth is not None:
        if depth <= _DEEPEST_M:  # neither NaN nor the large number that stands for nowhere
            prior = replace(prior, cover_median_m=max(depth, 1e-3))
        else:
            prior = replace(prior, ice_probability=min(prior.ice_probability, _DRY_PROBABILITY))
    probability = values.get("ice_probability", math.nan)
    if math.isfinite(probability):
        prior = replace(prior, ice_probability=probability)
    temperature = values.get("temperature_k", math.nan)
    return replace(place, prior=prior, temperature_k=temperature if math.isfinite(temperature) else place.temperature_k)
