"""Made-up sights and places on maps: a table without values in, the same table measured at a place out."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.gate import number, printable
from lupex.gravity import lunar_field
from lupex.io.csv_table import CsvTable, read_csv_table
from lupex.io.tables import write_csv
from lupex.model.position.fix import enu_axes, place_me_m
from lupex.navigation.sights import simulated_sights
from lupex.navigation.zenith import left_of_plumb_line_m, plumb_zenith
from lupex.study.position.known_orbits import read_orbits
from lupex.study.position.position_data import LEAST_SIGMA_M, MAP_METHODS, sight_rows, sight_surroundings

SIGHT_COLUMNS = ("method", "value", "sigma", "utc", "name", "x_m", "y_m", "z_m", "vx_m_s", "vy_m_s", "vz_m_s")
PLACE_COLUMNS = ("method", "lat_deg", "lon_deg", "sigma_m")


def made_up_sights(
    template: Path, out: Path, place: tuple[float, float, float], seed: int, orbits: Sequence[Path] = ()
) -> dict[str, float]:
    """Write what would be measured at a place, as `solved_position` reads it; returns the truth.

    Args:
        template: CSV of sights (method, sigma and, as the method needs them, utc, name, states) or of places on maps
            (method, sigma_m); a column ``value`` is passed over.
        out: file to write, a table of the same kind. place: latitude, longitude (deg), height (m).
        seed: of noise and clocks. orbits: OEM and OPM of what a row names without a state.

    Raises InputError naming file and line; then nothing is written.
    """
    table = read_csv_table(template)
    rng = np.random.default_rng(seed)
    me = place_me_m(*place)
    if "sigma_m" in table.header:
        write_csv(out, PLACE_COLUMNS, _places(table, place, me, rng))
    else:
        blank = tuple((where, cells | {"value": "0"}) for where, cells in table.rows)
        known = read_orbits(orbits)
        sights = sight_rows(CsvTable(table.path, (*table.header, "value"), blank, table.separator), known)
        if not sights:
            raise InputError(f"{template}: no row", "give a sight in each")
        made = simulated_sights(sights, me, rng, sight_surroundings(sights))
        write_csv(
            out, SIGHT_COLUMNS,
            [(one.method, one.value, one.sigma, one.utc, one.name, *(one.place_m or ("",) * 3),
              *(one.velocity_m_s or ("",) * 3)) for one in made],
        )  # fmt: skip
    return {"lat_deg": place[0], "lon_deg": place[1], "height_m": place[2]}


def _places(
    table: CsvTable, place: tuple[float, float, float], me: F64, rng: np.random.Generator
) -> list[tuple[str, float, float, float]]:
    if "method" not in table.header or not table.rows:
        raise InputError(f"{table.path}: no column method or no row", "give method and sigma_m")
    found = []
    left: F64 | None = None
    for where, cells in table.rows:
        method = cells["method"].strip()
        if method not in MAP_METHODS:
            raise InputError(f"{where}: method '{printable(method)}'", f"use {', '.join(MAP_METHODS)}")
        sigma = number(f"{where} sigma_m", cells["sigma_m"], LEAST_SIGMA_M, 1e6)
        east, north = sigma * rng.normal(size=2)
        lat, lon = place[:2]
        if method == "star_tilt":
            field = lunar_field()
            if left is None:  # what is left of the plumb line is the same for all
                left = left_of_plumb_line_m(field) * rng.normal(size=2)
            zenith = plumb_zenith(me, field)
            lat = float(np.degrees(np.arcsin(zenith[2])))
            lon = float(np.degrees(np.arctan2(zenith[1], zenith[0])))
            north, east = north + left[0], east + left[1]
        axes = enu_axes(lat, lon)
        moved = place_me_m(lat, lon) + axes[0] * east + axes[1] * north
        x, y, z = (float(v) for v in moved)
        read_lat, read_lon = np.degrees([np.arctan2(z, np.hypot(x, y)), np.arctan2(y, x)])
        found.append((method, float(read_lat), float(read_lon) % 360.0, sigma))
    return found
