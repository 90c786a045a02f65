"""Where is it? Budgets, ranges and skylines at a place, with the catalogue's antennas and the terrain."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.constants import DAY_S
from lupex.base.errors import InputError
from lupex.base.frames import Pole
from lupex.base.gate import number
from lupex.base.running import Running
from lupex.ephemeris import barycentric_series, earth_orientation_note, utc_to_split_tdb_s, utc_to_tdb_s
from lupex.illumination import PointView
from lupex.io.csv_table import read_csv_table
from lupex.io.maps.own_layer import read_own_layer
from lupex.model import Terrain
from lupex.model.position.fix import enu_axes, place_me_m
from lupex.model.settings.own_layer import MissionLayer
from lupex.navigation.design.budget import BudgetRow, BudgetScene, position_budget
from lupex.navigation.radio.paths import Receptions
from lupex.navigation.radio.ranges import RangeModel, range_table
from lupex.navigation.radio.terms import TERMS
from lupex.navigation.surface.crater_match import CraterFix, Craters, CraterSettings, crater_fix
from lupex.navigation.surface.skyline_coarse import Panorama, SettingsOfMatch
from lupex.navigation.surface.skyline_match import SkylineFix, skyline_fix
from lupex.study.ground import dem_terrain, point_terrain
from lupex.study.places import map_point, map_slopes, point_view, true_skyline
from lupex.study.position.position_data import antennas
from lupex.terrain import SkylineSettings, horizon_map, point_height_m

PUBLISHED_START_UTC = "2026-03-01T00:00:00Z"
"""First day of the published formal budget; the Earth's orientation is measured then."""
PUBLISHED_LOWEST_DEG = 10.0
FRAME_NOTE = (
    "antennas are taken as given: NAIF's Earth orientation realises ITRF93, from which ITRF2014 coordinates differ by "
    "0.24 m in 2026"
)
MOST_SEARCH_CELLS = 1_500_000
"""Skylines of so many cells take 1.1 GB."""
MAST_M = 1.0
"""Antenna of a lander above the ground (assumption)."""


@dataclass(frozen=True, kw_only=True)
class BudgetAsked:
    """What a budget is asked for: stations and methods by name, days, first instant, lowest elevation at antennas."""

    stations: tuple[str, ...]
    methods: tuple[str, ...]
    days: tuple[float, ...]
    start_utc: str = PUBLISHED_START_UTC
    lowest_deg: float = PUBLISHED_LOWEST_DEG
    each: bool = False
    height_m: float | None = None


def location_budget(terrain: Terrain | None, lat_lon: tuple[float, float], asked: BudgetAsked) -> list[BudgetRow]:
    """Rows of days and methods: how many metres are left.

    Args:
        terrain: whose skyline hides the Earth and orbiters; None for none.
        lat_lon: of the place (deg).
        asked: stations, methods, days.
    """
    if not asked.days or min(asked.days) <= 0.0 or max(asked.days) > 400.0:
        raise InputError("budget: days must lie above 0 and up to 400", "give --days 1,3,14")
    height_m, slopes = asked.height_m or 0.0, (0.0, 0.0)
    horizon = None
    if terrain is not None:
        x, y = map_point(terrain, *lat_lon)
        ground_m = point_height_m(terrain, x, y)
        height_m = ground_m if asked.height_m is None else asked.height_m
        horizon = terrain_horizon(point_view(terrain, x, y, MAST_M), lat_lon)
        slopes = map_slopes(terrain, lat_lon)
    place = place_me_m(*lat_lon, height_m)
    start = float(np.floor(utc_to_tdb_s(asked.start_utc)[0]))
    scene = BudgetScene(
        place_me_m=place,
        series=barycentric_series(start - 7200.0, start + max(asked.days) * DAY_S + 7200.0),
        antennas=antennas(asked.stations),
        lowest_deg=np.full(len(asked.stations), asked.lowest_deg),
        start_tdb_s=start,
        horizon=horizon,
        slopes=slopes,
    )
    sets: list[tuple[str, ...]] = [(name,) for name in asked.methods] if asked.each else []
    if asked.methods not in sets:
        sets.append(asked.methods)
    return [position_budget(scene, days, names) for days in asked.days for names in sets]


def location_notes(asked: BudgetAsked) -> list[str]:
    """What a user of a budget or of ranges must know of antennas and Earth orientation."""
    start = float(utc_to_tdb_s(asked.start_utc)[0])
    note = earth_orientation_note(start, start + max(asked.days) * DAY_S)
    return [FRAME_NOTE, *([note] if note else [])]


def terrain_horizon(view: PointView, lat_lon: tuple[float, float]) -> Callable[[F64], NDArray[np.bool_]]:
    """Which directions (n, 3), MOON_ME unit vectors, pass above the skyline of a place.

    Args:
        view: the place with its skyline.
        lat_lon: of the place (deg).
    """
    azimuths, elevations = true_skyline(view)
    east, north, up = enu_axes(*lat_lon)

    def free(towards: F64) -> NDArray[np.bool_]:
        azimuth = np.degrees(np.arctan2(towards @ east, towards @ north)) % 360.0
        elevation = np.degrees(np.arcsin(np.clip(towards @ up, -1.0, 1.0)))
        return np.asarray(elevation > np.interp(azimuth, azimuths, elevations, period=360.0))

    return free


def station_ranges(
    name: str, place_me: F64, utc: Sequence[str], terms: tuple[str, ...] = tuple(TERMS), running: Running = Running()
) -> dict[str, F64 | list[str]]:
    """Columns of two-way ranges from one station to a place at times of reception, with every term.

    Args:
        name: of the station. place_me: (3,) MOON_ME metres.
        utc: texts of reception. terms: those that are added to the range.
        running: threads.
    """
    whole, rest = utc_to_split_tdb_s(utc)
    model = RangeModel(
        series=barycentric_series(float(whole.min()) - 300.0, float(whole.max()) + 300.0),
        antennas=antennas((name,)),
        terms=terms,
    )
    return range_table(model, place_me, Receptions.split(whole, rest), utc, running)


@dataclass(frozen=True, kw_only=True)
class SkylineAsked:
    """A panorama to be placed, height of the camera (m), noise, tilt and, where known, yaw (deg)."""

    panorama: Panorama
    height_m: float = 0.0
    sigma_deg: float = 0.1
    tilt_sigma_deg: float = 0.1
    yaw_deg: float | None = None
    yaw_sigma_deg: float = 2.0


def read_panorama(path: Path) -> Panorama:
    """A panorama from a CSV file with columns azimuth_deg (the camera's frame, clockwise) and elevation_deg.

    Raises InputError naming file and line.
    """
    table = read_csv_table(path)
    missing = {"azimuth_deg", "elevation_deg"} - set(table.header)
    if missing:
        raise InputError(f"{path}: no column {sorted(missing)[0]}", "give azimuth_deg and elevation_deg")
    values = np.empty((len(table.rows), 2))
    for row, (where, cells) in enumerate(table.rows):
        for column, name in enumerate(("azimuth_deg", "elevation_deg")):
            values[row, column] = number(f"{where} {name}", cells[name], -1e6, 1e6)
    try:
        return Panorama(values[:, 0], values[:, 1])
    except InputError as error:
        raise InputError(f"{path}: {error.what}", error.fix) from None


def skyline_ground(
    dem: str, around: tuple[float, float, float] | None, check: str = "refuse", far: Sequence[str] = ()
) -> Terrain:
    """The cells a panorama is looked for in, with all that stands around them.

    Args:
        dem: file, or 'default' (south).
        around: latitude, longitude (deg) and half size (km) of a square; None for the whole file.
        check: see `lupex.study.ground.check_agreement`. far: files around the DEM.

    Raises InputError when there are more cells than a search holds in memory.
    """
    if around is None:
        terrain = dem_terrain(dem, "south", check, far)
    else:
        whole = point_terrain(dem, around[0], around[1], check, far)
        x, y = map_point(whole, around[0], around[1])
        g = whole.grid
        half = max(2, round(around[2] * 1000.0 / g.cell_m))
        row, col = g.cell_of(x, y)
        top, left = max(row - half, 0), max(col - half, 0)
        rows, cols = min(row + half + 1, g.rows) - top, min(col + half + 1, g.cols) - left
        terrain = replace(whole.crop(top, left, rows, cols), far=whole)
    cells = terrain.grid.rows * terrain.grid.cols
    if cells > MOST_SEARCH_CELLS:
        raise InputError(
            f"skyline: {cells} cells to search, more than {MOST_SEARCH_CELLS}", "search --around LAT,LON,KM"
        )
    return terrain


def panorama_fix(terrain: Terrain, asked: SkylineAsked, running: Running = Running()) -> SkylineFix:
    """Places of a terrain that a panorama fits.

    Args:
        terrain: the cells to search, of `skyline_ground`.
        asked: panorama and noise.
        running: threads and progress.
    """
    horizon = horizon_map(terrain, SkylineSettings(observer_height_m=asked.height_m), running=running)
    settings = SettingsOfMatch(
        sigma_deg=asked.sigma_deg,
        tilt_sigma_deg=asked.tilt_sigma_deg,
        yaw_deg=asked.yaw_deg,
        yaw_sigma_deg=asked.yaw_sigma_deg,
    )
    return skyline_fix(horizon, asked.panorama, settings)


def read_image_craters(path: Path) -> Craters:
    """Craters of an image from a CSV file with columns x_m (right), y_m (up) and diameter_m, metres on the ground.

    Raises InputError naming file and line.
    """
    table = read_csv_table(path)
    names = ("x_m", "y_m", "diameter_m")
    missing = [name for name in names if name not in table.header]
    if missing:
        raise InputError(f"{path}: no column {missing[0]}", "give x_m, y_m (right and up of the middle) and diameter_m")
    values = [[number(f"{where} {name}", cells[name], -1e6, 1e6) for name in names] for where, cells in table.rows]
    found = np.array(values, np.float64).reshape(-1, 3)
    try:
        return Craters(found[:, :2], found[:, 2])
    except InputError as error:
        raise InputError(f"{path}: {error.what}", error.fix) from None


def image_fix(image: Path, catalogue: Path, pole: Pole, settings: CraterSettings) -> CraterFix:
    """Places from which an image shows its craters.

    Args:
        image: CSV of `read_image_craters`.
        catalogue: GeoPackage, GeoJSON or CSV of craters with diameter_km.
        pole: of the map they are put on. settings: noise, scale, yaw.

    Raises InputError naming file and fault, or where no pattern fits.
    """
    seen = read_image_craters(image)
    layer = read_own_layer(MissionLayer(name="craters", file=str(catalogue), kind="craters"), pole)
    known = [one for one in layer.features if np.isfinite(one.diameter_m)]
    if not known:
        raise InputError(f"{catalogue}: no crater with a diameter", "give a column diameter_km")
    places = np.array([one.middle_m for one in known])
    try:
        return crater_fix(seen, Craters(places, np.array([one.diameter_m for one in known])), pole, settings)
    except InputError as error:
        raise InputError(f"{image}: {error.what}", error.fix) from None
