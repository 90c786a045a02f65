"""Numbers in a file to heights above the 1737.4 km sphere: units, radius or height, and what cannot be.

The Moon's heights lie between -9.2 and +10.8 km (LOLA: Smith et al. 2010, doi:10.1029/2010GL043751, and
the extremes of the global grid), so anything beyond -9.5 and +11 km is not a lunar height.
"""

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError

LOWEST_M, HIGHEST_M = -9_500.0, 11_000.0
_METRES = {"M", "METER", "METERS", "METRE", "METRES", "MTR"}
_KILOMETRES = {"KM", "KILOMETER", "KILOMETERS", "KILOMETRE", "KILOMETRES"}
_STEEP = (0.003, 1.5)
"""Median rise over run between neighbouring cells that lunar relief can have: 0.2 to 56 degrees."""


def unit_factor(unit: str, path: Path) -> float | None:
    """Metres per unit; None when the file does not say. Raises InputError for an unknown unit."""
    name = unit.strip().strip('"<>').upper()
    if name in ("", "N/A", "NONE", "UNKNOWN"):
        return None
    if name in _METRES:
        return 1.0
    if name in _KILOMETRES:
        return 1000.0
    raise InputError(f"{path}: unit of its values is '{unit}'", "a DEM holds heights in m or km")


def without_radius(values: NDArray[np.float64], factor: float | None) -> NDArray[np.float64]:
    """Values with the sphere's radius taken off where they are radii: |median| above 1e6 m.

    Done in float64 before anything is kept as float32, which resolves a radius to 0.1 m only.
    """
    finite = values[np.isfinite(values)]
    if finite.size and abs(float(np.median(finite))) * (factor or 1.0) > 1e6:
        return values - MOON_RADIUS_M / (factor or 1.0)
    return values


def heights_m(
    values: NDArray[np.float32], factor: float | None, cell_m: float, path: Path, judged: bool = True
) -> NDArray[np.float32]:
    """Heights in metres from values that have passed `without_radius`.

    A file that names no unit is read as metres or kilometres by what makes sense: by range, then by
    the steepness between neighbouring cells.

    Args:
        factor: metres per unit; None where the file names no unit.
        cell_m: size of a cell.
        path: named in errors.
        judged: whether values called metres must rise as heights do.

    Raises:
        InputError: no data at all, neither unit makes sense, or heights the Moon does not have.
    """
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        raise InputError(f"{path}: no cell holds data here", "choose a window inside the data")
    chosen = factor if factor is not None else likely_factor(values, finite, cell_m, path)
    if factor == 1.0 and judged:
        _check_metres(values, finite, cell_m, path)
    if chosen != 1.0:
        radius_m = MOON_RADIUS_M if float(np.median(finite)) > 1000.0 else 0.0  # only a radius in km is that large
        values = (values.astype(np.float64) * chosen - radius_m).astype(np.float32)
        finite = values[np.isfinite(values)]
    low, high = float(finite.min()), float(finite.max())
    if low < LOWEST_M or high > HIGHEST_M:
        raise InputError(
            f"{path}: heights from {low:.0f} to {high:.0f} m, the Moon has {LOWEST_M:.0f} to {HIGHEST_M:.0f} m",
            "check scale, offset and unit; if the extreme means 'no data', set it as the file's nodata tag",
        )
    return values


def _check_metres(values: NDArray[np.float32], finite: NDArray[np.float32], cell_m: float, path: Path) -> None:
    """Refuse heights called metres that only make sense as kilometres: some writers lose a CRS's vertical unit."""
    if float(np.abs(finite).max()) <= HIGHEST_M / 1000.0 and finite.size > 100:
        steepness = _steepness(values, cell_m)
        if steepness < _STEEP[0] and _STEEP[0] <= steepness * 1000.0 <= _STEEP[1] and float(np.ptp(finite)) > 0.02:
            low, high = float(finite.min()), float(finite.max())
            raise InputError(
                f"{path}: called metres, but values from {low:g} to {high:g} rise as kilometres do",
                "set the band's unit to km (rio edit-info --units km), or multiply by 1000",
            )


def likely_factor(values: NDArray[np.float32], finite: NDArray[np.float32], cell_m: float, path: Path) -> float:
    """Metres per unit of values whose file names none; ``finite`` are the known ones among them.

    Args:
        cell_m: size of a cell.
        path: named in errors.

    Raises InputError when neither metres nor kilometres, or both, make sense.
    """
    largest = float(np.abs(finite).max())
    could_be_km = largest <= HIGHEST_M / 1000.0 or (1700.0 < float(finite.min()) and largest < 1760.0)
    if not could_be_km:
        return 1.0
    steepness = _steepness(values, cell_m)
    as_metres = _STEEP[0] <= steepness <= _STEEP[1]
    as_kilometres = _STEEP[0] <= steepness * 1000.0 <= _STEEP[1]
    if as_metres == as_kilometres:
        raise InputError(
            f"{path}: values from {float(finite.min()):g} to {float(finite.max()):g} without unit, m or km",
            "set the band's unit to m or km (rio edit-info --units m, or a tag UNITS)",
        )
    return 1.0 if as_metres else 1000.0


def _steepness(values: NDArray[np.float32], cell_m: float) -> float:
    """Median absolute rise over run between neighbouring columns and rows."""
    rises = [np.abs(np.diff(values, axis=axis)).ravel() for axis in (0, 1)]
    joined = np.concatenate(rises)
    joined = joined[np.isfinite(joined)]
    return float(np.median(joined)) / cell_m if joined.size else math.nan
