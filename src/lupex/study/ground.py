"""Which terrain a study stands on: the region at a size that fits in memory, and the fine ground at a site."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from lupex.base.digest import settings_sha256
from lupex.base.errors import InputError
from lupex.base.frames import map_xy_m
from lupex.io import default_terrain, describe_dem, read_terrain
from lupex.model import Grid, Terrain, TerrainSettings
from lupex.terrain import fine_grid, refine

MOST_REGION_CELLS = 1_000_000
MOST_POINT_CELLS = 16_000_000
POINT_HALF_SIZE_M = 30_000.0


def region_terrain(settings: TerrainSettings, folder: Path | None = None) -> Terrain:
    """The region of a mission with its far terrain attached.

    The default DEM is cut to a square that reaches to the equatorward limit. A DEM of the user's is taken whole;
    above a million cells it is averaged to whole blocks (the fine DEM at a site still comes from the file).
    """
    if settings.dem == "default":
        cap = default_terrain("north" if settings.pole == "north" else "south")
        return _polar_square(cap, settings.equatorward_limit_deg)
    own = read_terrain(resolved(settings.dem, folder))
    coarse = block_mean(own, math.ceil(math.sqrt(own.grid.rows * own.grid.cols / MOST_REGION_CELLS)))
    return replace(coarse, far=_far_terrain(settings, coarse, folder))


def fine_terrain(settings: TerrainSettings, region: Terrain, x_m: float, y_m: float, lat_lon: tuple[float, float],
                 rng: np.random.Generator, folder: Path | None = None) -> Terrain:  # fmt: skip
    """The ground around a site at the fine cell size: the user's DEM where it is fine enough, else synthetic relief.

    A DEM counts as fine enough when its cells are at most 1.5 times ``fine_cell_m``; finer ones are averaged. The
    ground reaches one regional cell farther than asked for on every side: there the fine and the coarse surface meet,
    and the step between them must not stand next to cells that are shown.
    """
    half_m = settings.fine_size_km * 500.0 + region.grid.cell_m
    if settings.dem != "default":
        path = resolved(settings.dem, folder)
        info = describe_dem(path)
        if info.cell_m <= 1.5 * settings.fine_cell_m:
            own = read_terrain(path, around=(*lat_lon, half_m))
            return replace(block_mean(own, max(1, round(settings.fine_cell_m / own.grid.cell_m))), far=region)
    source = _measured(region)
    grid = fine_grid(source.grid, x_m, y_m, 2.0 * half_m, settings.fine_cell_m)
    return refine(source, grid, rng)


def fine_window(settings: TerrainSettings, terrain: Terrain, x_m: float, y_m: float) -> tuple[int, int, int, int]:
    """The part of a fine terrain that is shown: row, col, rows, cols of the square asked for around a map point."""
    g = terrain.grid
    cells = min(round(settings.fine_size_km * 1000.0 / g.cell_m), g.rows, g.cols)
    row = round((g.top_m - y_m) / g.cell_m - 0.5 * cells)
    col = round((x_m - g.left_m) / g.cell_m - 0.5 * cells)
    return min(max(row, 0), g.rows - cells), min(max(col, 0), g.cols - cells), cells, cells


def point_terrain(dem: str, lat_deg: float, lon_deg: float) -> Terrain:
    """Terrain to stand on at one place: ``dem`` is 'default' or a file; its far terrain is the cap of that pole.

    Of a large file only 30 km around the place are read. Raises InputError when the file cannot be used.
    """
    cap = default_terrain("south" if lat_deg < 0 else "north")
    if dem == "default":
        return cap
    info = describe_dem(dem)
    large = info.rows * info.cols > MOST_POINT_CELLS
    window = (lat_deg, lon_deg, POINT_HALF_SIZE_M) if large else None
    own = read_terrain(dem, around=window)
    if own.grid.pole != cap.grid.pole:
        raise InputError(f"{dem}: shows the {own.grid.pole} pole; latitude {lat_deg:g} lies at the other")
    return replace(own, far=far_cap(own))


def dem_terrain(dem: str, pole: str) -> Terrain:
    """A whole DEM ('default' or a file) with the cap of its pole around it."""
    if dem == "default":
        return default_terrain("north" if pole == "north" else "south")
    own = read_terrain(dem)
    return replace(own, far=far_cap(own))


def far_cap(own: Terrain) -> Terrain | None:
    """The default cap of the same pole as far terrain, None where it shows no ground beyond ``own``."""
    cap = default_terrain(own.grid.pole)
    g, c = own.grid, cap.grid
    covered = g.left_m <= c.left_m and g.right_m >= c.right_m and g.top_m >= c.top_m and g.bottom_m <= c.bottom_m
    return None if covered else cap


def block_mean(terrain: Terrain, factor: int) -> Terrain:
    """Terrain averaged over blocks of ``factor`` x ``factor`` cells; rest rows and columns are left out."""
    if factor <= 1:
        return terrain
    g = terrain.grid
    rows, cols = g.rows // factor, g.cols // factor
    if rows < 2 or cols < 2:
        return terrain
    z = terrain.elevation_m[: rows * factor, : cols * factor].astype(np.float64)
    mean = z.reshape(rows, factor, cols, factor).mean(axis=(1, 3)).astype(np.float32)
    grid = Grid(g.pole, rows, cols, g.cell_m * factor, g.left_m, g.top_m)
    digest = settings_sha256([terrain.sha256, "block mean", factor])
    return Terrain(grid, mean, terrain.far, terrain.synthetic_below_m, terrain.source, digest)


def resolved(name: str, folder: Path | None) -> Path:
    """A path of the mission file, relative to that file."""
    path = Path(name).expanduser()
    return path if path.is_absolute() or folder is None else folder / path


def inside_region(terrain: Terrain, settings: TerrainSettings) -> np.ndarray:
    """(row, col) cells poleward of the equatorward limit; everything on a DEM of the user's."""
    if settings.dem != "default":
        return np.ones(terrain.grid.shape, bool)
    return np.abs(terrain.grid.lat_lon_deg()[0]) >= settings.equatorward_limit_deg


def _polar_square(cap: Terrain, limit_deg: float) -> Terrain:
    lat = -limit_deg if cap.grid.pole == "south" else limit_deg
    reach_m = float(np.hypot(*map_xy_m(lat, 0.0, cap.grid.pole)))
    half = min(math.ceil(reach_m / cap.grid.cell_m), cap.grid.rows // 2)
    start = cap.grid.rows // 2 - half
    return cap.crop(start, start, 2 * half, 2 * half)


def _far_terrain(settings: TerrainSettings, own: Terrain, folder: Path | None) -> Terrain | None:
    if settings.far_dem == "none":
        return None
    if settings.far_dem == "default":
        return far_cap(own)
    far = read_terrain(resolved(settings.far_dem, folder))
    if far.grid.cell_m < own.grid.cell_m:
        raise InputError(
            f"[terrain] far_dem has cells of {far.grid.cell_m:g} m, finer than dem with {own.grid.cell_m:g} m",
            "exchange the two",
        )
    return replace(far, far=far_cap(far))


def _measured(region: Terrain) -> Terrain:
    """The whole map the region was cut from: what synthetic relief is added to."""
    same = [level for level in region.levels() if level.sha256 == region.sha256]
    return same[-1]
