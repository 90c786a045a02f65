"""Which terrain a study stands on: the region at a size that fits in memory, and the fine ground at a site."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from lupex.base.digest import file_sha256, settings_sha256
from lupex.base.errors import InputError, LupexWarning
from lupex.base.frames import map_xy_m
from lupex.catalogue import is_published
from lupex.io import DemWindows, default_terrain, dem_files, dem_windows, describe_dem, read_terrain
from lupex.mission import Mission
from lupex.mission.paths import dems_named
from lupex.model import Grid, Terrain, TerrainSettings
from lupex.study.published import Square, place_levels, region_levels
from lupex.terrain import fine_grid, refine
from lupex.terrain.agreement import Agreement, Box, agreement

MOST_REGION_CELLS = 1_000_000
MOST_POINT_CELLS = 16_000_000
"""A DEM of more cells is read in strips or windows, never whole."""
STRIP_ROWS = 512
"""Rows of a large DEM held in memory at once."""
POINT_HALF_SIZE_M = 30_000.0


def region_terrain(settings: TerrainSettings) -> Terrain:
    """The region of a mission with its far terrain attached.

    The default DEM is cut to a square that reaches to the equatorward limit. A DEM of the user's is taken whole;
    above a million cells it is averaged to whole blocks, a large one strip by strip (the fine DEM at a site still comes
    from the file).

    Args:
        settings: how it is computed; see its class.
    """
    if settings.dem == "default":
        cap = default_terrain("north" if settings.pole == "north" else "south")
        return _polar_square(cap, settings.equatorward_limit_deg)
    if is_published(settings.dem):
        return region_terrain(region_levels(settings))
    info = describe_dem(settings.dem)
    if info.rows * info.cols > MOST_POINT_CELLS:
        windows = dem_windows(settings.dem)
        check_windows(windows, settings.check_dem)
        coarse = coarse_terrain(settings.dem)
        return replace(coarse, far=_far_terrain(settings, coarse, windows.grid.cell_m))
    own = read_terrain(settings.dem)
    whole = replace(own, far=_far_terrain(settings, own, own.grid.cell_m))
    check_agreement(whole, settings.check_dem)
    coarse = block_mean(own, math.ceil(math.sqrt(own.grid.rows * own.grid.cols / MOST_REGION_CELLS)))
    return replace(coarse, far=whole.far)


def coarse_terrain(path: str, most_cells: int = MOST_REGION_CELLS) -> Terrain:
    """A DEM of any size as the means of whole blocks of its cells, read strip by strip; no far terrain.

    Args:
        path: of the DEM or its label.
        most_cells: the blocks are the smallest that leave at most about so many.

    Raises InputError as `lupex.io.dem_windows`; a block with a cell without height is without height.
    """
    windows = dem_windows(path)
    g = windows.grid
    factor = max(1, math.ceil(math.sqrt(g.rows * g.cols / most_cells)))
    rows, cols = g.rows // factor, g.cols // factor
    mean = np.full((rows, cols), np.nan, np.float32)
    strip = max(1, STRIP_ROWS // factor)
    for first in range(0, rows, strip):
        count = min(strip, rows - first)
        z = windows.read(g.crop(first * factor, 0, count * factor, cols * factor)).astype(np.float64)
        mean[first : first + count] = z.reshape(count, factor, cols, factor).mean(axis=(1, 3))
    digest = settings_sha256([[file_sha256(one) for one in dem_files(path)], "block mean", factor])
    grid = Grid(g.pole, rows, cols, g.cell_m * factor, g.left_m, g.top_m)
    return Terrain(grid, mean, None, windows.synthetic_below_m, windows.source, digest)


def fine_terrain(settings: TerrainSettings, region: Terrain, x_m: float, y_m: float, lat_lon: tuple[float, float],
                 rng: np.random.Generator) -> Terrain:  # fmt: skip
    """The ground around a site at the fine cell size: the user's DEM where it is fine enough, else synthetic relief.

    A DEM counts as fine enough when its cells are at most 1.5 times ``fine_cell_m``; finer ones are averaged. The
    ground reaches one regional cell farther than asked for on every side: there the fine and the coarse surface meet,
    and the step between them must not stand next to cells that are shown.

    Args:
        settings: how it is computed; see its class.
        region: terrain of the region.
        x_m: map point, x.
        y_m: map point, y.
        lat_lon: latitude and east longitude of the site, degrees.
        rng: of the synthetic relief.
    """
    if is_published(settings.dem):
        return _published_fine(settings, x_m, y_m)
    half_m = settings.fine_size_km * 500.0 + region.grid.cell_m
    if settings.dem != "default":
        info = describe_dem(settings.dem)
        if info.cell_m <= 1.5 * settings.fine_cell_m:
            own = read_terrain(settings.dem, around=(*lat_lon, half_m))
            return replace(block_mean(own, max(1, round(settings.fine_cell_m / own.grid.cell_m))), far=region)
    source = measured(region)
    grid = fine_grid(source.grid, x_m, y_m, 2.0 * half_m, settings.fine_cell_m)
    return refine(source, grid, rng)


def _published_fine(settings: TerrainSettings, x_m: float, y_m: float) -> Terrain:
    """The finest published ground at a site on cells of about the fine size, with coarser products nested around."""
    found = place_levels(settings, Square(x_m, y_m, settings.fine_size_km * 500.0), settings.fine_cell_m)
    own = read_terrain(found.dem)
    files, with_cap = far_names(found.far_dem)
    whole = nested(block_mean(own, max(1, round(settings.fine_cell_m / own.grid.cell_m))), files, with_cap)
    check_agreement(whole, settings.check_dem)
    return whole


def fine_window(settings: TerrainSettings, terrain: Terrain, x_m: float, y_m: float) -> tuple[int, int, int, int]:
    """The part of a fine terrain that is shown: row, col, rows, cols of the square asked for around a map point."""
    g = terrain.grid
    cells = min(round(settings.fine_size_km * 1000.0 / g.cell_m), g.rows, g.cols)
    row = round((g.top_m - y_m) / g.cell_m - 0.5 * cells)
    col = round((x_m - g.left_m) / g.cell_m - 0.5 * cells)
    return min(max(row, 0), g.rows - cells), min(max(col, 0), g.cols - cells), cells, cells


def point_terrain(dem: str, lat_deg: float, lon_deg: float, check: str = "refuse", far: Sequence[str] = ()) -> Terrain:
    """Terrain to stand on at one place; around it stand ``far`` and the cap of that pole.

    Args:
        dem: 'default', a file, of which only 30 km around the place are read where it is large, 'pgda' or the name of
            a published product.
        lat_deg, lon_deg: the place.
        far: files around it, from the finest to the coarsest.
        check: what happens when the file contradicts the cap, see `check_agreement`.

    Raises InputError when the file cannot be used, and as `place_levels`.
    """
    cap = default_terrain("south" if lat_deg < 0 else "north")
    if dem == "default":
        no_far_around_the_cap(far)
        return cap
    if is_published(dem):
        x, y = (float(value) for value in map_xy_m(lat_deg, lon_deg, cap.grid.pole))
        if cap.grid.pole != "south":
            raise InputError(f"{dem}: shows the south pole; latitude {lat_deg:g} lies at the other")
        found = place_levels(TerrainSettings(dem=dem), Square(x, y, 0.0))
        dem, far = found.dem, (*far_names(found.far_dem)[0], *far)
    info = describe_dem(dem)
    large = info.rows * info.cols > MOST_POINT_CELLS
    window = (lat_deg, lon_deg, POINT_HALF_SIZE_M) if large else None
    own = read_terrain(dem, around=window)
    if own.grid.pole != cap.grid.pole:
        raise InputError(f"{dem}: shows the {own.grid.pole} pole; latitude {lat_deg:g} lies at the other")
    whole = nested(own, far)
    check_agreement(whole, check)
    return whole


def dem_terrain(dem: str, pole: str, check: str = "refuse", far: Sequence[str] = ()) -> Terrain:
    """A whole DEM with other files and the cap of its pole around it.

    Args:
        dem: 'default' or a file.
        pole: of the default map.
        check: as in `check_agreement`.
        far: as in [terrain] far_dem: files from the finest to the coarsest; 'none' among them: no cap.
    """
    files, with_cap = far_names(far)
    if dem == "default":
        no_far_around_the_cap(files)
        return default_terrain("north" if pole == "north" else "south")
    whole = nested(read_terrain(dem), files, with_cap)
    check_agreement(whole, check)
    return whole


def check_agreement(own: Terrain, check: str = "refuse") -> None:
    """Compare a DEM of the user's, and those nested around it, with the map around each: far terrain, or the cap.

    Args:
        own: the innermost terrain with its far terrain.
        check: 'refuse', 'note' or 'off', see TerrainSettings.

    Raises InputError with the likely cause when it shows another ground and is to be refused; otherwise, and for small
    offsets, a LupexWarning says so.
    """
    for level in own.levels() if check != "off" else []:
        cap = default_terrain(level.grid.pole)
        if level.sha256 != cap.sha256:
            around = [outer for outer in level.levels()[1:] if outer.grid.cell_m >= level.grid.cell_m] + [cap]
            _check_level(level.grid, _windows_of(level), around, level.source, check)


def check_windows(windows: DemWindows, check: str = "refuse") -> None:
    """`check_agreement` for a DEM that is read window by window."""
    if check != "off":
        grid = windows.grid
        _check_level(grid, _heights_in(windows), [default_terrain(grid.pole)], windows.source, check)


def dem_agreement(path: str | Path) -> Agreement | None:
    """How a DEM file compares with the built-in cap of its pole; None where they have no ground in common.

    Raises InputError for a file that is no DEM.
    """
    windows = dem_windows(path)
    return agreement(windows.grid, _heights_in(windows), default_terrain(windows.grid.pole))


def own_dems(mission: Mission) -> list[Path]:
    """Every DEM a mission brings, each once."""
    return list(dict.fromkeys(dems_named(mission)))


def dem_agreements(mission: Mission) -> tuple[tuple[str, Agreement], ...]:
    """Name and `dem_agreement` of every DEM a mission brings that has ground in common with the cap."""
    found = ((path.name, dem_agreement(path)) for path in own_dems(mission))
    return tuple((name, one) for name, one in found if one is not None)


def check_dem(path: str | Path, check: str = "refuse") -> None:
    """`check_agreement` of a DEM file with the built-in cap."""
    found = dem_agreement(path) if check != "off" else None
    if found is not None:
        _judged(found, Path(path).name, check)


def _heights_in(windows: DemWindows) -> Box:
    grid = windows.grid
    if grid.rows * grid.cols <= MOST_REGION_CELLS:
        whole = windows.read(grid)  # a file is opened once, not for each of some hundred blocks
        return lambda row, col, rows, cols: whole[row : row + rows, col : col + cols].astype(np.float64)
    return lambda *box: windows.read(grid.crop(*box)).astype(np.float64)


def _check_level(grid: Grid, heights: Box, around: Sequence[Terrain], name: str, check: str) -> None:
    compared = (agreement(grid, heights, outer) for outer in around)
    found = next((each for each in compared if each is not None), None)
    if found is not None:
        _judged(found, name, check)


def _judged(found: Agreement, name: str, check: str) -> None:
    if found.cause and check == "refuse":
        raise InputError(
            f"{name}: does not show the ground of the map around it: {found.cause}",
            'correct the file; if it is right, write [terrain] check_dem = "note", or give --trust-dem',
        )
    if text := found.cause or found.note:
        warnings.warn(LupexWarning(f"{name}: {text}"), stacklevel=2)


def _windows_of(terrain: Terrain) -> Box:
    return lambda row, col, rows, cols: terrain.elevation_m[row : row + rows, col : col + cols].astype(np.float64)


def no_far_around_the_cap(far: Sequence[str]) -> None:
    """Raise InputError when files are to stand around the default map."""
    if far:
        raise InputError(f"{far[0]}: the default map has nothing around it", "give a DEM of yours inside it")


def far_cap(own: Terrain) -> Terrain | None:
    """The default cap of the same pole as far terrain, None where it shows no ground beyond ``own``."""
    cap = default_terrain(own.grid.pole)
    g, c = own.grid, cap.grid
    covered = g.left_m <= c.left_m and g.right_m >= c.right_m and g.top_m >= c.top_m and g.bottom_m <= c.bottom_m
    return None if covered else cap


def block_mean(terrain: Terrain, factor: int) -> Terrain:
    """Terrain averaged over blocks of ``factor`` x ``factor`` cells; rest rows and columns are left out.

    Args:
        terrain: one level, with its far terrain.
    """
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


def inside_region(terrain: Terrain, settings: TerrainSettings) -> np.ndarray:
    """(row, col) cells poleward of the equatorward limit; everything on a DEM of the user's."""
    if settings.dem != "default" and not is_published(settings.dem):
        return np.ones(terrain.grid.shape, bool)
    return np.abs(terrain.grid.lat_lon_deg()[0]) >= settings.equatorward_limit_deg


def _polar_square(cap: Terrain, limit_deg: float) -> Terrain:
    lat = -limit_deg if cap.grid.pole == "south" else limit_deg
    reach_m = float(np.hypot(*map_xy_m(lat, 0.0, cap.grid.pole)))
    half = min(math.ceil(reach_m / cap.grid.cell_m), cap.grid.rows // 2)
    start = cap.grid.rows // 2 - half
    return cap.crop(start, start, 2 * half, 2 * half)


def _far_terrain(settings: TerrainSettings, own: Terrain, cell_m: float) -> Terrain | None:
    files, with_cap = far_names(settings.far_dem)
    return nested(own, files, with_cap, cell_m).far


def far_names(far_dem: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """The files of [terrain] far_dem, finest first, and whether the cap stands around them."""
    return tuple(name for name in far_dem if name not in ("default", "none")), "none" not in far_dem


def nested(own: Terrain, files: Sequence[str], with_cap: bool = True, cell_m: float = 0.0) -> Terrain:
    """A terrain with other DEMs around it.

    Args:
        own: the innermost terrain.
        files: DEMs around it, from the finest to the coarsest.
        with_cap: whether the default cap of the same pole stands around them all.
        cell_m: of the DEM that ``own`` was averaged from; 0: its own.

    Raises InputError when the cells do not grow from each DEM to the next, or one lies at the other pole.
    """
    levels = [own, *(read_terrain(name) for name in files)]
    check_nesting([level.grid for level in levels], files, cell_m)
    around = far_cap(levels[-1]) if with_cap else None
    for level in reversed(levels):
        around = replace(level, far=around)
    assert around is not None
    return around


def check_nesting(grids: Sequence[Grid], files: Sequence[str], cell_m: float = 0.0) -> None:
    """Raise InputError when the cells do not grow from each DEM to the next, or one lies at the other pole.

    Args:
        grids: of the innermost DEM and of those around it.
        files: names of those around it.
        cell_m: of the DEM that the innermost was averaged from; 0: its own.
    """
    inner_m = cell_m or grids[0].cell_m
    for name, outer in zip(files, grids[1:], strict=True):
        if outer.pole != grids[0].pole:
            raise InputError(f"{name}: shows the {outer.pole} pole", f"give a DEM of the {grids[0].pole} pole")
        if outer.cell_m < inner_m:
            raise InputError(
                f"far DEM {name} has cells of {outer.cell_m:g} m, finer than {inner_m:g} m of the one inside it",
                "name the finest first",
            )
        inner_m = outer.cell_m


def measured(region: Terrain) -> Terrain:
    """The whole map the region was cut from: what synthetic relief is added to."""
    same = [level for level in region.levels() if level.sha256 == region.sha256]
    return same[-1]
