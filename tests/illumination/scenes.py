"""Skies and grounds for the tests of light: made-up ones with known answers, and the real south polar cap."""

import functools
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from lupex.base.constants import AU_M, MOON_RADIUS_M
from lupex.base.frames import map_xy_m
from lupex.ephemeris import sky_span
from lupex.illumination import long_term_light
from lupex.io import default_terrain
from lupex.model import Grid, HorizonMap, LightMap, SkyTable, Terrain
from lupex.terrain import SkylineSettings, horizon_map

CYCLE = ("2020-01-01", "2038-09-13")
"""18.7 years: one nodal cycle of the Moon (18.61 years) and a little more."""

EARTH_M = 3.844e8


@functools.cache
def cycle() -> SkyTable:
    """One nodal cycle by the hour."""
    return years(*CYCLE, 3600.0)


@functools.cache
def years(start: str, stop: str, step_s: float) -> SkyTable:
    """Any span; the user's cache is left alone."""
    with TemporaryDirectory() as folder:
        return sky_span(start, stop, step_s, Path(folder))


@functools.cache
def south() -> Terrain:
    """The 1600 m cap of the package."""
    return default_terrain("south")


@functools.cache
def south_window(lat_deg: float, lon_deg: float, half: int, height_m: float = 0.0) -> tuple[Terrain, HorizonMap]:
    """(2 half + 1)^2 cells around a place, with skylines over the whole cap."""
    row, col = south().grid.row_col(lat_deg, lon_deg)
    window = south().crop(row - half, col - half, 2 * half + 1, 2 * half + 1)
    return window, horizon_map(window, SkylineSettings(observer_height_m=height_m))


@functools.cache
def south_of_80() -> tuple[Terrain, HorizonMap]:
    """A square that holds all ground poleward of 80 degrees south, with skylines over the whole cap."""
    window = south().crop(190, 190, 382, 382)
    return window, horizon_map(window)


@functools.cache
def regional() -> LightMap:
    """Long-term light of that square over the cycle."""
    return long_term_light(*south_of_80(), cycle(), CYCLE)


def ground(
    lat_deg: float, lon_deg: float, skyline_deg: object = 0.0, size: int = 1, rise: tuple[float, float] = (0.0, 0.0)
) -> tuple[Terrain, HorizonMap]:
    """Cells around a southern place under one given skyline ((azimuth,) or a number, degrees), 360 azimuths.

    ``rise``: metres per metre of map towards +x and +y.
    """
    x, y = (float(v) for v in map_xy_m(lat_deg, lon_deg, "south"))
    grid = Grid.centred("south", x, y, size, 100.0)
    xs, ys = grid.xy_m()
    z = rise[0] * (xs - x) + rise[1] * (ys - y)
    counts = np.empty((360, size, size), np.int16)
    counts[:] = np.round(np.broadcast_to(skyline_deg, 360) / HorizonMap.UNIT_DEG)[:, None, None]
    return Terrain(grid, z), HorizonMap(
        grid=grid, azimuths_pencil_deg=np.arange(360.0), counts=counts, observer_height_m=0.0, search_radius_m=250_000.0
    )


def directions_me_m(azimuth_deg: object, elevation_deg: object, distance_m: object) -> np.ndarray:
    """(time, 3) MOON_ME positions at these map azimuths and heights over the south pole's level, from the centre."""
    a, e, d = np.broadcast_arrays(np.radians(azimuth_deg), np.radians(elevation_deg), distance_m)
    x, y, k = d * np.sin(a) * np.cos(e), d * np.cos(a) * np.cos(e), d * np.sin(e)
    return np.stack([y, x, -k], axis=-1)


def made_up_sky(
    sun_azimuth_deg: object,
    sun_elevation_deg: object,
    earth_azimuth_deg: object = 0.0,
    earth_elevation_deg: object = 5.0,
    step_s: float = 3600.0,
    sun_au: float = 1.0,
) -> SkyTable:
    """Sun and Earth at directions given over the south pole, seen from the Moon's centre."""
    n = np.broadcast(sun_azimuth_deg, sun_elevation_deg, earth_azimuth_deg, earth_elevation_deg).size
    ones = np.ones(n)
    return SkyTable(
        np.arange(n) * step_s,
        directions_me_m(sun_azimuth_deg * ones, sun_elevation_deg * ones, sun_au * AU_M),
        directions_me_m(earth_azimuth_deg * ones, earth_elevation_deg * ones, EARTH_M),
    )


def angle_deg(scene: tuple[Terrain, HorizonMap], row: int, col: int, position_map_m: np.ndarray) -> np.ndarray:
    """Height of bodies (3, time) over the skyline of a cell (time,), degrees: slow, plain, by the definitions."""
    terrain, horizons = scene
    x, y = (a[row, col] for a in terrain.grid.xy_m())
    q = (x * x + y * y) / (4.0 * MOON_RADIUS_M**2)
    up = np.array([x / MOON_RADIUS_M, y / MOON_RADIUS_M, 1.0 - q]) / (1.0 + q)
    eye = (MOON_RADIUS_M + float(terrain.elevation_m[row, col]) + horizons.observer_height_m) * up
    toward = position_map_m - eye[:, None]
    toward = toward / np.linalg.norm(toward, axis=0)
    elevation = np.degrees(np.arcsin(up @ toward))
    # Where the great circle towards the body goes on the gnomonic map: from the foot to a point a little ahead.
    ahead = up[:, None] + 1e-6 * (toward - up[:, None] * (up @ toward))
    pencil = np.degrees(np.arctan2(ahead[0] / ahead[2] - up[0] / up[2], ahead[1] / ahead[2] - up[1] / up[2])) % 360.0
    level = np.append(horizons.elevation_deg(row, col), horizons.elevation_deg(row, col)[0])
    return np.asarray(elevation - np.interp(pencil, np.append(horizons.azimuths_pencil_deg, 360.0), level))


def segment(above: np.ndarray) -> np.ndarray:
    """Fraction of a unit disc above a straight line ``above`` under its centre, by adding up 20000 chords."""
    edge = np.linspace(-1.0, 1.0, 20001)
    chord = np.sqrt(1.0 - (0.5 * (edge[1:] + edge[:-1])) ** 2)
    return np.asarray(np.interp(above, edge, np.concatenate([[0.0], chord.cumsum()]) / chord.sum()))
