"""Nouns as xarray, with coordinates, units and map projection."""

from typing import TYPE_CHECKING, Any

import numpy as np

from lupex.base.errors import InputError
from lupex.io.crs import cf_grid_mapping
from lupex.model import Grid, HorizonMap, LightMap, SkyTable, Terrain
from lupex.model.quantities import udunits_of

if TYPE_CHECKING:
    import xarray


def as_xarray(noun: Terrain | HorizonMap | LightMap | SkyTable) -> "xarray.Dataset":
    """A Dataset of the noun: maps over (y, x) in metres on the polar map, tables over time.

    Terrain: ``elevation_m``. HorizonMap: ``elevation_deg`` (azimuth_pencil_deg, y, x), NaN without
    height. LightMap: one variable per layer. SkyTable: ``sun_me_m``, ``earth_me_m`` and stations
    (time_tdb_s, axis). Maps carry a CF grid mapping ``crs`` with the WKT of the projection.

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
        return _sky(xarray, noun)
    raise InputError(f"{type(noun).__name__} has no xarray form", "give a Terrain, HorizonMap, LightMap or SkyTable")


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


def _sky(xarray: Any, table: SkyTable) -> Any:
    def vectors(values: Any, body: str) -> tuple[tuple[str, str], Any, dict[str, str]]:
        return ("time_tdb_s", "axis"), values, _words("m", f"apparent position of {body} from the Moon's centre")

    variables = {"sun_me_m": vectors(table.sun_me_m, "the Sun"), "earth_me_m": vectors(table.earth_me_m, "the Earth")}
    for name, values in table.stations_me_m.items():
        variables[f"station_{name}_me_m"] = vectors(values, f"station {name}")
    times = ("time_tdb_s", table.times_tdb_s, _words("s", "TDB seconds past J2000"))
    kernels = "; ".join(f"{name} {digest}" for name, digest in table.kernels)
    facts = {"frame": "MOON_ME_DE440_ME421", "kernels": kernels}
    return xarray.Dataset(variables, {"time_tdb_s": times, "axis": ["x", "y", "z"]}, facts)
