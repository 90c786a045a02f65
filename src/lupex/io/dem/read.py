"""Read the terrain a user brings: any lunar DEM, any window, onto the polar grid."""

import dataclasses
import math
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lupex.base.digest import array_sha256, settings_sha256
from lupex.base.errors import InputError
from lupex.base.frames import Pole, map_xy_m
from lupex.base.gate import names_its_file
from lupex.io.crs import canonical_pole
from lupex.io.dem.heights import heights_m, unit_factor, without_radius
from lupex.io.dem.raster import Raster, open_raster
from lupex.io.dem.resample import Placement, cell_size_m, outline_lat_lon, placement, sampled
from lupex.model import Grid, Terrain

MAX_CELLS = 64_000_000
_BLOCK_CELLS = 1 << 20
LOWEST_LATITUDE_DEG = 45.0
"""The polar maps and the engine's gnomonic map stretch too much beyond."""


@names_its_file
def read_terrain(
    path: str | Path,
    around: tuple[float, float, float] | None = None,
    max_cells: int = MAX_CELLS,
    far: Terrain | None = None,
    judged: bool = True,
) -> Terrain:
    """Heights of a DEM above the 1737.4 km sphere, on the polar stereographic grid, float32, NaN without data.

    GeoTIFF/COG, PDS3 (.LBL with .IMG or .JP2), PDS4 and JPEG 2000; see docs/theory/maps_and_dems.md.
    A raster that already is on the pole's canonical map with square, unrotated cells is read as it is;
    any other is resampled bilinearly to cells as large as its own.

    Args:
        path: the file, or its label.
        around: (lat_deg, lon_deg, half_size_m): read only the square window around a place.
        max_cells: larger results are refused rather than read.
        far: coarser terrain to attach.
        judged: whether metres must rise as heights of the Moon do; False for a map of depths.

    Raises:
        InputError: every way in which the file or the window cannot be used, in one line with a fix.
    """
    _check_window(around)
    with open_raster(path) as raster:
        pole = canonical_pole(raster.crs)
        if pole is not None and raster.is_square:
            grid, heights = _straight(raster, pole, around, max_cells, judged)
        else:
            grid, heights = _resampled(raster, around, max_cells, judged)
        source = " ".join(part for part in (raster.path.name, _product(raster)) if part)
        synthetic = synthetic_below_m(raster)
    digest = settings_sha256([dataclasses.asdict(grid), array_sha256(heights)])
    return Terrain(grid, heights, far, synthetic, source, digest)


def read_errors(path: str | Path, around: tuple[float, float, float] | None = None) -> Terrain:
    """Errors of a DEM in metres, or a clone of it, on the DEM's own cells: standard deviations, or one realisation.

    A file that names no unit holds metres: published errors of centimetres cannot be told from kilometres by
    their steepness, as heights can.

    Args:
        path: GeoTIFF or another raster on the pole's canonical map.
        around: (lat_deg, lon_deg, half_size_m): read only the square window around a place.

    Raises InputError for a raster on another map, without values, or too large to be read whole.
    """
    _check_window(around)
    with open_raster(path) as raster:
        pole = canonical_pole(raster.crs)
        if pole is None or not raster.is_square:
            raise InputError(f"{raster.path}: is not on the polar map of the DEM", "give it on the cells of the DEM")
        grid = Grid(pole, raster.rows, raster.cols, raster.affine[0], raster.affine[2], raster.affine[5])
        r0, r1, c0, c1 = 0, raster.rows, 0, raster.cols
        if around is not None:
            r0, r1, c0, c1 = _window(grid, around, raster)
        _check_size(raster, r1 - r0, c1 - c0, MAX_CELLS)
        factor = unit_factor(raster.unit, raster.path) or 1.0
        values = without_radius(raster.values(r0, r1, c0, c1), factor) * factor
        if not np.isfinite(values).any():
            raise InputError(f"{raster.path}: no cell holds data here", "choose a window inside the data")
        source = raster.path.name
    return Terrain(grid.crop(r0, c0, r1 - r0, c1 - c0), values.astype(np.float32), None, None, source, "")


def with_far(terrain: Terrain, far: Terrain | None) -> Terrain:
    """The same terrain with other terrain around it. Raises GridError when that belongs to the other pole."""
    return dataclasses.replace(terrain, far=far)


def _check_window(around: tuple[float, float, float] | None) -> None:
    if around is None:
        return
    lat, lon, half = around
    if not all(map(math.isfinite, around)) or not -90.0 <= lat <= 90.0 or half <= 0.0:
        raise InputError(f"window around {around}", "give latitude -90..90, longitude and a positive half size in m")


def _straight(
    raster: Raster, pole: Pole, around: tuple[float, float, float] | None, max_cells: int, judged: bool
) -> tuple[Grid, NDArray[np.float32]]:
    cell, left, top = raster.affine[0], raster.affine[2], raster.affine[5]
    grid = Grid(pole, raster.rows, raster.cols, cell, left, top)
    r0, r1, c0, c1 = 0, raster.rows, 0, raster.cols
    if around is not None:
        r0, r1, c0, c1 = _window(grid, around, raster)
    _check_size(raster, r1 - r0, c1 - c0, max_cells)
    factor = unit_factor(raster.unit, raster.path)
    heights = np.empty((r1 - r0, c1 - c0), dtype=np.float32)
    step = max(1, _BLOCK_CELLS // (c1 - c0))
    for start in range(0, r1 - r0, step):
        stop = min(r1 - r0, start + step)
        block = raster.values(r0 + start, r0 + stop, c0, c1)
        heights[start:stop] = without_radius(block, factor)
    return grid.crop(r0, c0, r1 - r0, c1 - c0), heights_m(heights, factor, cell, raster.path, judged)


def _window(grid: Grid, around: tuple[float, float, float], raster: Raster) -> tuple[int, int, int, int]:
    """Rows and columns whose cells touch the window, clipped to the grid."""
    lat, lon, half = around
    x, y = (float(v) for v in map_xy_m(lat, lon, grid.pole))
    tiny = 1e-6  # of a cell: a window that ends on a cell edge takes no further cell
    r0 = max(0, math.floor((grid.top_m - (y + half)) / grid.cell_m + tiny))
    r1 = min(grid.rows, math.ceil((grid.top_m - (y - half)) / grid.cell_m - tiny))
    c0 = max(0, math.floor((x - half - grid.left_m) / grid.cell_m + tiny))
    c1 = min(grid.cols, math.ceil((x + half - grid.left_m) / grid.cell_m - tiny))
    if r0 >= r1 or c0 >= c1:
        raise _outside(raster, around)
    return r0, r1, c0, c1


def _outside(raster: Raster, around: tuple[float, float, float]) -> InputError:
    lat, lon, half = around
    return InputError(
        f"{raster.path}: the window of +-{half:g} m around ({lat:g}, {lon:g}) lies outside it",
        "`lupex dem info` shows what it covers",
    )


def _resampled(
    raster: Raster, around: tuple[float, float, float] | None, max_cells: int, judged: bool
) -> tuple[Grid, NDArray[np.float32]]:
    place = placement(raster)
    grid = _target(raster, place, around)
    _check_size(raster, grid.rows, grid.cols, max_cells)
    factor = unit_factor(raster.unit, raster.path)
    values = sampled(raster, place, grid, factor)
    rows, cols = np.flatnonzero(np.isfinite(values).any(axis=1)), np.flatnonzero(np.isfinite(values).any(axis=0))
    if not rows.size:
        if around is not None and not _touches(place, around):
            raise _outside(raster, around)
        raise InputError(f"{raster.path}: no cell holds data here", "choose a window inside the data")
    r0, r1, c0, c1 = int(rows[0]), int(rows[-1]) + 1, int(cols[0]), int(cols[-1]) + 1
    heights = heights_m(values[r0:r1, c0:c1], factor, grid.cell_m, raster.path, judged)
    return grid.crop(r0, c0, r1 - r0, c1 - c0), np.ascontiguousarray(heights)


def _touches(place: Placement, around: tuple[float, float, float]) -> bool:
    row, col = place.row_col(np.array([around[0]]), np.array([around[1]]))
    inside = (-0.5 <= row[0] <= place.rows - 0.5) and (place.wraps or -0.5 <= col[0] <= place.cols - 0.5)
    return bool(inside)


def _target(raster: Raster, place: Placement, around: tuple[float, float, float] | None) -> Grid:
    """The canonical grid a raster is resampled to: cells of its own size, edges on multiples of it."""
    if around is not None:
        lat0, lon0, half = around
        pole: Pole = "south" if lat0 < 0 else "north"
        _check_latitude(raster, abs(lat0))
        x0, y0 = (float(v) for v in map_xy_m(lat0, lon0, pole))
        row, col = (float(v[0]) for v in place.row_col(np.array([lat0]), np.array([lon0])))
        if not (math.isfinite(row) and math.isfinite(col)):
            raise _outside(raster, around)
        row, col = min(max(row, 0.0), place.rows - 2.0), min(max(col, 0.0), place.cols - 2.0)
        cell = cell_size_m(place, row, col, pole)
        box = (x0 - half, x0 + half, y0 - half, y0 + half)
    else:
        lat, lon = outline_lat_lon(place)
        good = np.isfinite(lat) & np.isfinite(lon)
        pole = "south" if float(np.median(lat[good])) < 0 else "north"
        _check_latitude(raster, float((-lat[good] if pole == "south" else lat[good]).min()))
        x, y = map_xy_m(lat[good], lon[good], pole)
        cell = cell_size_m(place, (place.rows - 1) / 2.0, (place.cols - 1) / 2.0, pole)
        box = (float(x.min()), float(x.max()), float(y.min()), float(y.max()))
    left, top = math.floor(box[0] / cell) * cell, math.ceil(box[3] / cell) * cell
    rows, cols = math.ceil((top - box[2]) / cell - 1e-6), math.ceil((box[1] - left) / cell - 1e-6)
    return Grid(pole, max(1, rows), max(1, cols), cell, left, top)


def target_grid(raster: Raster) -> Grid:
    """The canonical grid a whole raster on another map is resampled to. Raises InputError too far from a pole."""
    return _target(raster, placement(raster), None)


def _check_latitude(raster: Raster, lowest_deg: float) -> None:
    if lowest_deg < LOWEST_LATITUDE_DEG:
        raise InputError(
            f"{raster.path}: reaches beyond latitude {LOWEST_LATITUDE_DEG:g} deg, too far for a polar map",
            "read a window near a pole: around=(lat, lon, half_size_m)",
        )


def _check_size(raster: Raster, rows: int, cols: int, max_cells: int) -> None:
    if rows * cols > max_cells:
        raise InputError(
            f"{raster.path}: {rows} x {cols} cells, the limit is {max_cells}",
            "read a window: around=(lat, lon, half_size_m)",
        )


def _product(raster: Raster) -> str:
    return raster.tags.get("PRODUCT_ID", "").strip('"')


def synthetic_below_m(raster: Raster) -> float | None:
    """The label our own maps carry survives being read back (m; None when all is measured)."""
    found = re.fullmatch(r"below ([0-9.eE+]+) m", raster.tags.get("SYNTHETIC", ""))
    return float(found.group(1)) if found else None
