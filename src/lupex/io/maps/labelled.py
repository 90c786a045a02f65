"""Nouns as xarray, with coordinates, units and map projection."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.io.crs import cf_grid_mapping
from lupex.model import Grid, HorizonMap, LightMap, SkyTable, Terrain, Traverse
from lupex.model.quantities import udunits_of

if TYPE_CHECKING:
    from xarray import Dataset as Dataset


Times = Callable[[NDArray[np.float64]], NDArray[np.datetime64]]
"""UTC as datetime64 of TDB seconds past J2000. Leap seconds are not known here, so it is handed in."""


def as_dataset(noun: Terrain | HorizonMap | LightMap | SkyTable | Traverse, utc: Times) -> "Dataset":
    """A Dataset of the noun: maps over (y, x) in metres on the polar map, tables over time.

    Terrain: ``elevation_m``. HorizonMap: ``elevation_deg`` (azimuth_pencil_deg, y, x), NaN without
    height. LightMap: one variable per layer. SkyTable: ``sun_me_m``, ``earth_me_m`` and stations (time, axis).
    Traverse: place, charge, light and slack (time), one entry a waypoint. ``time`` is UTC as datetime64, and
    ``time_tdb_s`` stands beside it. Maps carry a CF grid mapping ``crs`` with the WKT of the projection.

    Args:
        noun: what is wanted as a Dataset.
        utc: gives the time axis of tables.

    Raises:
        InputError: the object is none of these.
    """
    import xarray

    if isinstance(noun, Terrain):
        variables: dict[str, Any] = {"elevation_m": (("y", "x"), noun.elevation_m, _words("m", "height above sphere"))}
        return _map(xarray, noun.grid, variables, {"source": noun.source}, noun.synthetic_below_m)
    if isinstance(noun, HorizonMap):
        degrees = np.where(noun.counts == noun.NODATA, np.nan, noun.counts * np.float32(noun.UNIT_DEG))
        words = _words("degree", "elevation of the skyline above the local horizontal")
        facts = {"observer_height_m": noun.observer_height_m, "search_radius_m": noun.search_radius_m}
        names = ("azimuth_pencil_deg", "y", "x")
        made = _map(
            xarray,
            noun.grid,
            {"elevation_deg": (names, degrees.astype(np.float32), words)},
            facts,
            noun.synthetic_below_m,
        )
        meaning = _words("degree", "direction in the polar gnomonic map, clockwise from +y")
        return made.assign_coords(azimuth_pencil_deg=("azimuth_pencil_deg", noun.azimuths_pencil_deg, meaning))
    if isinstance(noun, LightMap):
        variables = {
            name: (("y", "x"), layer, _words(udunits_of(name), noun.meanings[name]))
            for name, layer in noun.layers.items()
        }
        span: dict[str, Any] = {"observer_height_m": noun.observer_height_m, "span_utc": " .. ".join(noun.span_utc)}
        return _map(xarray, noun.grid, variables, span, noun.synthetic_below_m)
    if isinstance(noun, SkyTable):
        return _sky(xarray, noun, utc)
    if isinstance(noun, Traverse):
        return _drive(xarray, noun, utc)
    raise InputError(
        f"{type(noun).__name__} has no xarray form", "give a Terrain, HorizonMap, LightMap, SkyTable or Traverse"
    )


def _map(
    xarray: Any, grid: Grid, variables: dict[str, Any], facts: dict[str, Any], synthetic_below_m: float | None
) -> Any:
    coordinates = {
        "y": ("y", grid.y_m(), {"units": "m", "standard_name": "projection_y_coordinate"}),
        "x": ("x", grid.x_m(), {"units": "m", "standard_name": "projection_x_coordinate"}),
        "crs": ((), 0, cf_grid_mapping(grid)),
    }
    if synthetic_below_m is not None:
        facts = facts | {"synthetic": f"below {synthetic_below_m:g} m"}
    facts = facts | {"body": "MOON", "lupex_crs": grid.crs_name, "cell_m": grid.cell_m, "pole": grid.pole}
    made = xarray.Dataset(variables, coordinates, facts)
    for name in made.data_vars:
        made[name].attrs["grid_mapping"] = "crs"
    return made


def _words(unit: str, meaning: str) -> dict[str, str]:
    return {"units": unit, "long_name": meaning}


def _time_axis(times_tdb_s: NDArray[np.float64], utc: Times) -> dict[str, Any]:
    """The coordinates ``time`` (UTC) and ``time_tdb_s`` of a table."""
    meaning = {"long_name": "UTC", "standard_name": "time"}
    return {
        "time": ("time", utc(times_tdb_s), meaning),
        "time_tdb_s": ("time", times_tdb_s, _words("s", "TDB seconds past J2000")),
    }


def _drive(xarray: Any, drive: Traverse, utc: Times) -> Any:
    names = ("x_m", "y_m", "distance_m", "energy_wh", "battery_wh", "disc_fraction", "dark_hours", "slope_deg")
    variables: dict[str, Any] = {n: ("time", getattr(drive, n), {"units": udunits_of(n)}) for n in names}
    variables |= {
        "activity": ("time", list(drive.activity)),
        "label": ("time", list(drive.labels)),
        "earth_in_view": ("time", drive.earth_in_view),
    }
    for name, values in drive.slack.items():
        variables[f"slack_{name}"] = ("time", values, _words(udunits_of(name), f"what is left of {name}"))
    facts = {"body": "MOON", "pole": drive.pole, "name": drive.name} | drive.summary
    return xarray.Dataset(variables, _time_axis(drive.times_tdb_s, utc), facts)


def _sky(xarray: Any, table: SkyTable, utc: Times) -> Any:
    def vectors(values: Any, body: str) -> tuple[tuple[str, str], Any, dict[str, str]]:
        return ("time", "axis"), values, _words("m", f"apparent position of {body} from the Moon's centre")

    variables = {"sun_me_m": vectors(table.sun_me_m, "the Sun"), "earth_me_m": vectors(table.earth_me_m, "the Earth")}
    for name, values in table.stations_me_m.items():
        variables[f"station_{name}_me_m"] = vectors(values, f"station {name}")
    kernels = "; ".join(f"{name} {digest}" for name, digest in table.kernels)
    facts = {"frame": "MOON_ME_DE440_ME421", "kernels": kernels}
    return xarray.Dataset(variables, _time_axis(table.times_tdb_s, utc) | {"axis": ["x", "y", "z"]}, facts)
