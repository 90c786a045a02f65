"""Temperatures and ice of a place or a whole DEM, each behind its own skyline and before its own facing slopes."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lupex.base.frames import convergence_deg
from lupex.base.running import Running
from lupex.base.utc import UtcLike
from lupex.ephemeris import sky_span, tdb_s_to_utc, utc_to_tdb_s
from lupex.io import write_cog, write_json
from lupex.model import Grid, Terrain
from lupex.model.quantities import udunits_of
from lupex.study.ground import block_mean, dem_terrain, point_terrain
from lupex.study.places import map_point, skyline_at
from lupex.study.surfaces import WALL_AZIMUTHS, averaged_surface, surface_of
from lupex.terrain.slope import gradient
from lupex.thermal import (
    MapSettings,
    Regolith,
    SunPath,
    ThermalMap,
    ThermalProfile,
    beside_wider,
    real_sun,
    state_map,
    surface_point_m,
    thermal_map,
    thermal_profile,
)

BEGIN_UTC = "2026-01-01T00:00:00Z"
LUNATIONS = 47
LUNATION_S = 2_551_442.976
WINDOW_CELLS = 48
MOST_CELLS = 150_000


def true_sun(lat_deg: float, lon_deg: float, begin_utc: UtcLike = BEGIN_UTC, lunations: int = LUNATIONS) -> SunPath:
    """The real Sun over whole lunations with the eclipses seen from a place; 47 are a period of the seasons too."""
    begin_s = float(utc_to_tdb_s(begin_utc)[0])
    end_utc = tdb_s_to_utc([begin_s + lunations * LUNATION_S + 7200.0])[0]
    return real_sun(sky_span(begin_utc, end_utc, 3600.0), lunations, surface_point_m(lat_deg, lon_deg))


def place_profile(
    dem: str, lat_deg: float, lon_deg: float, ground: Regolith = Regolith(), species: str = "h2o",
    facing: bool = True, check: str = "refuse", running: Running = Running(),
) -> ThermalProfile:  # fmt: skip
    """The column of a place under the real Sun, behind its own skyline, with light and heat from the slopes it faces.

    The skyline is marched from the very point; slope (over two cells) and facing slopes are those of its cell, the
    latter from a map of 48 x 48 cells around. Raises GridError off the DEM.

    Args:
        dem: 'default' or the path of a DEM.
        lat_deg: latitude.
        lon_deg: east longitude.
        ground: regolith and heat flow.
        species: of the ice, 'h2o' and others of the table.
        facing: whether light and heat from facing slopes count.
        check: of a DEM against the map around it, as in `check_agreement`.
    """
    terrain = point_terrain(dem, lat_deg, lon_deg, check)
    elevation = skyline_at(terrain, lat_deg, lon_deg, azimuths=720)[2]
    row, col = terrain.grid.row_col(lat_deg, lon_deg)
    top, left = (
        min(max(n - WINDOW_CELLS // 2, 0), max(size - WINDOW_CELLS, 0))
        for n, size in zip((row, col), terrain.grid.shape, strict=True)
    )
    rows, cols = (min(WINDOW_CELLS, size) for size in terrain.grid.shape)
    window = terrain.crop(top, left, rows, cols)
    east, north = (part[row - top, col - left] for part in gradient(window, 2.0 * terrain.grid.cell_m))
    slope = (0.0, 0.0)
    if np.isfinite(east) and np.isfinite(north):
        x, y = map_point(terrain, lat_deg, lon_deg)
        downhill = np.degrees(np.arctan2(-east, -north)) - float(convergence_deg(x, y, terrain.grid.pole))
        slope = (float(np.degrees(np.arctan(np.hypot(east, north)))), float(downhill % 360.0))
    rows_w_m2 = _facing_at(window, row - top, col - left, ground, running) if facing else None
    return thermal_profile(
        lat_deg, lon_deg, ground, slope, np.maximum(elevation, -8.766), true_sun(lat_deg, lon_deg), rows_w_m2,
        species=species,
    )  # fmt: skip


@dataclass(frozen=True)
class SunAsked:
    """Which Sun a map is asked for: the ideal year, or the real one (47 lunations, with eclipses), or one instant.

    Attributes:
        real: the real Sun.
        at_utc: layers of temperature at this time too, under the real Sun; None for none.
    """

    real: bool = False
    at_utc: str | None = None

    def paths(self, lat_deg: float, lon_deg: float) -> tuple[SunPath | None, SunPath | None]:
        """The Sun of the period (None: the ideal year) and that of the lunation that ends at ``at_utc`` (or None).

        Args:
            lat_deg: latitude of the place that sees the eclipses.
            lon_deg: its east longitude.
        """
        if self.at_utc is None:
            return (true_sun(lat_deg, lon_deg) if self.real else None), None
        end_s = float(utc_to_tdb_s(self.at_utc)[0])
        begin, last = tdb_s_to_utc([end_s - (LUNATIONS + 1) * LUNATION_S, end_s - LUNATION_S])
        return true_sun(lat_deg, lon_deg, begin), true_sun(lat_deg, lon_deg, last, 1)


def dem_thermal(
    dem: str, pole: str, ground: Regolith = Regolith(), settings: MapSettings = MapSettings(),
    asked: SunAsked = SunAsked(), check: str = "refuse", running: Running = Running(),
) -> ThermalMap:  # fmt: skip
    """Temperatures and ice of every cell of a DEM ('default' or a file).

    Above 150,000 cells blocks are averaged (`thermal_tiles` does not), their walls lit on finer ones. What cells twice
    as wide (and walls twice as wide) would give stands beside it: the layers ``resolution_mean_k`` and
    ``resolution_max_k``, and areas of ice.

    Args:
        dem: 'default' or the path of a DEM.
        pole: 'south' or 'north'.
        ground: regolith and heat flow.
        settings: of the maps, as `thermal_map` takes them.
        asked: the Sun of the last turn, and a time whose temperatures are wanted.
        check: of a DEM against the map around it, as in `check_agreement`.
    """
    whole = dem_terrain(dem, pole, check)
    cells = whole.grid.rows * whole.grid.cols
    surface = averaged_surface(whole, int(np.ceil(np.sqrt(cells / MOST_CELLS))), running)
    terrain = surface.terrain
    sun, last = asked.paths(*middle_deg(terrain.grid))
    found = thermal_map(surface, ground, sun, settings, running=running)
    if last is not None:
        maps = state_map(surface, found, last, str(asked.at_utc), settings, running)
        found = replace(found, maps=maps)
    if min(terrain.grid.shape) < 4:
        return found
    steps = replace(settings, final=replace(settings.final, steps=60))  # good to 0.6 K, far below what cells are off by
    told = running.labelled(lambda label: f"cells twice as wide: {label}")
    twice = surface_of(block_mean(terrain, 2), running=told)
    if surface.finer is not None:
        walls = block_mean(surface.finer.terrain, 2)
        parts = walls.grid.cols // twice.terrain.grid.cols
        walls = walls.crop(0, 0, twice.terrain.grid.rows * parts, twice.terrain.grid.cols * parts)
        twice = replace(twice, finer=surface_of(walls, WALL_AZIMUTHS, told))
    wide = thermal_map(twice, ground, sun, steps, running=told)
    return beside_wider(found, wide)


def middle_deg(grid: Grid) -> tuple[float, float]:
    """Latitude and east longitude of the middle of a map."""
    lat, lon = grid.crop(grid.rows // 2, grid.cols // 2, 1, 1).lat_lon_deg()
    return float(lat[0, 0]), float(lon[0, 0])


def write_thermal_map(found: ThermalMap, out: Path, names: tuple[str, ...] = ()) -> list[Path]:
    """Layers as GeoTIFF and ``thermal.json`` with the proof, the albedo law and the areas of ice in ``out``.

    Args:
        found: the maps.
        names: layers to write; none: all.
    """
    out.mkdir(parents=True, exist_ok=True)
    maps = found.maps
    label = "" if maps.synthetic_below_m is None else f"_synthetic_below_{maps.synthetic_below_m:g}m"
    written = []
    for name in names or tuple(maps.layers):
        path = out / f"{name}{label}.tif"
        write_cog(
            path, maps.grid, maps[name], name=name, unit=udunits_of(name), meaning=maps.meanings[name],
            synthetic_below_m=maps.synthetic_below_m,
        )  # fmt: skip
        written.append(path)
    numbers = {**found.numbers, "albedo_law": found.albedo_law, "sun": found.sun, "regolith": found.ground.name}
    path = out / "thermal.json"
    write_json(path, {**numbers, "ice_area_km2": found.ice_area_km2, "crater_floor_note": found.floor_note})
    return [*written, path]


def _facing_at(window: Terrain, row: int, col: int, ground: Regolith, running: Running) -> NDArray[np.float32] | None:
    surface = surface_of(window, running=running)
    if not surface.known[row, col]:
        return None
    found = thermal_map(surface, ground, running=running)
    assert found.facing_w_m2 is not None
    cell = int(surface.known.ravel()[: row * window.grid.cols + col].sum())
    return found.facing_w_m2[cell]
