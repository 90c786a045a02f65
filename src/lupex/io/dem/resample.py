"""From any map of the Moon to our polar grid: bilinear, exact positions, block by block.

For every target cell the position in the source is computed, not interpolated: the target's latitude and
longitude in closed form (`lupex.base.frames`), then the source's own projection. Longitude-latitude and
equidistant cylindrical maps need no projection library at all; their columns wrap around, so a map that
starts at 0 or at -180 degrees has no seam.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError
from lupex.base.frames import Pole, lat_lon_deg, map_xy_m
from lupex.io.crs import metres_per_unit, prime_meridian_deg
from lupex.io.dem.heights import without_radius
from lupex.io.dem.raster import Affine6, Raster
from lupex.model import Grid

_BLOCK_CELLS = 1 << 18
_SOURCE_CELLS = 1 << 22
"""Tiles that need more of the source than this are split: near a pole a wide tile needs every longitude."""
_SMALLEST_TILE = 16


@dataclass(frozen=True)
class Placement:
    """Where a raster's pixels are: latitude and longitude to fractional (row, col) of pixel centres, and back.

    Attributes:
        affine: in degrees for cylindrical maps (``transformer`` None), else in the projection's own units.
        rows, cols: of the raster.
        transformer: longitude and latitude (deg, of the CRS's own prime meridian) to the map.
        wraps: whether the map is cylindrical and goes all around the Moon.
        meridian_deg: longitude of the CRS's prime meridian; 0 for cylindrical maps, whose ``affine`` counts it in.
    """

    affine: Affine6
    rows: int
    cols: int
    transformer: Transformer | None
    wraps: bool
    meridian_deg: float = 0.0

    def row_col(self, lat_deg: F64, lon_deg: F64) -> tuple[F64, F64]:
        """Fractional row and column, 0 at the centre of the first pixel.

        Args:
            lat_deg, lon_deg: (n,) latitudes and east longitudes.
        """
        a, b, c, d, e, f = self.affine
        if self.transformer is None:
            middle = c + a * self.cols / 2.0
            x, y = middle + (lon_deg - middle + 180.0) % 360.0 - 180.0, lat_deg
        else:
            x, y = self.transformer.transform(lon_deg - self.meridian_deg, lat_deg)
        determinant = a * e - b * d
        col = (e * (x - c) - b * (y - f)) / determinant - 0.5
        row = (a * (y - f) - d * (x - c)) / determinant - 0.5
        return row, col

    def lat_lon(self, row: F64, col: F64) -> tuple[F64, F64]:
        """Latitude and longitude (deg) of fractional rows and columns."""
        a, b, c, d, e, f = self.affine
        x, y = a * (col + 0.5) + b * (row + 0.5) + c, d * (col + 0.5) + e * (row + 0.5) + f
        if self.transformer is None:
            return y, x
        lon, lat = self.transformer.transform(x, y, direction="INVERSE")
        return np.asarray(lat), np.asarray(lon) + self.meridian_deg


def placement(raster: Raster) -> Placement:
    """The placement of a raster: units of length and angle and the prime meridian of its CRS are heeded."""
    a, b, c, d, e, f = raster.affine
    facts = _proj_facts(raster)
    meridian = prime_meridian_deg(raster.crs)
    degrees: Affine6 | None = None
    if raster.crs.is_geographic:
        per = math.degrees(float(raster.crs.axis_info[0].unit_conversion_factor))
        degrees = (a * per, b * per, c * per + meridian, d * per, e * per, f * per)
    elif facts.get("proj") == "eqc":
        m = metres_per_unit(raster.crs)
        degrees = _eqc_to_degrees((a * m, b * m, c * m, d * m, e * m, f * m), facts, meridian)
    if degrees is None:
        # Between a CRS and longitude, latitude on its own sphere and meridian: no datum is looked up.
        to_map = Transformer.from_crs(_own_degrees(raster), raster.crs, always_xy=True)
        return Placement(raster.affine, raster.rows, raster.cols, to_map, False, meridian)
    around = abs(degrees[0]) * raster.cols
    wraps = degrees[1] == degrees[3] == 0.0 and abs(around - 360.0) < 0.5 * abs(degrees[0])
    return Placement(degrees, raster.rows, raster.cols, None, wraps)


def cell_size_m(place: Placement, row: float, col: float, pole: Pole) -> float:
    """Side (m on our map, three significant digits) of cells as fine as the source's coarser direction there."""
    lat, lon = place.lat_lon(np.array([row, row + 1.0, row]), np.array([col, col, col + 1.0]))
    x, y = map_xy_m(lat, lon, pole)
    size = float(max(np.hypot(x[1] - x[0], y[1] - y[0]), np.hypot(x[2] - x[0], y[2] - y[0])))
    return float(f"{size:.3g}")


def outline_lat_lon(place: Placement, steps: int = 64) -> tuple[F64, F64]:
    """Places on a lattice over the raster, its border included: what it covers."""
    row = np.linspace(-0.5, place.rows - 0.5, steps + 1)
    col = np.linspace(-0.5, place.cols - 0.5, steps + 1)
    rows, cols = np.meshgrid(row, col, indexing="ij")
    return place.lat_lon(rows.ravel(), cols.ravel())


def sampled(raster: Raster, place: Placement, grid: Grid, factor: float | None) -> NDArray[np.float32]:
    """The raster's values (radius taken off, see `without_radius`) at the centres of a grid's cells (row, col).

    Bilinear between the four pixel centres around; where some of them have no data, between the
    others, provided the nearest has data. NaN outside the raster.

    Args:
        place: where the pixels of ``raster`` lie.
        factor: metres per unit; None to judge it from the values.
    """
    out = np.full(grid.shape, np.nan, dtype=np.float32)
    x, y = grid.x_m(), grid.y_m()
    todo = [(0, grid.rows, 0, grid.cols)]
    while todo:
        top, bottom, left, right = todo.pop()
        height, width = bottom - top, right - left
        lat, lon = (None, None) if height * width > _BLOCK_CELLS else _places(x[left:right], y[top:bottom], grid.pole)
        needed = None if lat is None or lon is None else _needed(raster, place, lat, lon)
        small = max(height, width) <= _SMALLEST_TILE
        if needed is None or (needed.cells > _SOURCE_CELLS and not small):
            half_r, half_c = (height // 2, width) if height > width else (height, width // 2)
            todo.append((top, top + half_r, left, left + half_c))
            rest = (top + half_r, bottom, left, right) if height > width else (top, bottom, left + half_c, right)
            todo.append(rest)
        elif needed.inside.any():
            block = np.full((height, width), np.nan)
            block[needed.inside] = _bilinear(raster, place, needed, factor)
            out[top:bottom, left:right] = block
    return out


@dataclass(frozen=True)
class _Needed:
    """Fractional source rows and columns of those target cells that lie ``inside``, and the window that holds them."""

    inside: NDArray[np.bool_]
    row: F64
    col: F64
    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0

    @property
    def cells(self) -> int:
        return (self.bottom - self.top) * (self.right - self.left)


def _places(x: F64, y: F64, pole: Pole) -> tuple[F64, F64]:
    return lat_lon_deg(*np.meshgrid(x, y), pole)


def _needed(raster: Raster, place: Placement, lat_deg: F64, lon_deg: F64) -> _Needed:
    row, col = place.row_col(lat_deg, lon_deg)
    inside = (row >= -0.5) & (row <= raster.rows - 0.5)
    inside &= np.isfinite(col) if place.wraps else (col >= -0.5) & (col <= raster.cols - 0.5)
    row, col = row[inside], col[inside]
    if not row.size:
        return _Needed(inside, row, col)
    row = np.clip(row, 0.0, raster.rows - 1.0)
    col = _unwrapped(col, raster.cols) if place.wraps else np.clip(col, 0.0, raster.cols - 1.0)
    top, left = int(np.floor(row.min())), int(np.floor(col.min()))
    bottom, right = min(int(np.floor(row.max())) + 2, raster.rows), int(np.floor(col.max())) + 2
    return _Needed(inside, row, col, top, bottom, left, right)


def _bilinear(raster: Raster, place: Placement, needed: _Needed, factor: float | None) -> F64:
    row, col = needed.row - needed.top, needed.col - needed.left
    source = _read_wrapped(raster, place, needed.top, needed.bottom, needed.left, needed.right)
    source = without_radius(source, factor)
    height, width = source.shape
    r0, c0 = np.floor(row).astype(np.intp), np.floor(col).astype(np.intp)
    fr, fc = row - r0, col - c0
    r1, c1 = np.minimum(r0 + 1, height - 1), np.minimum(c0 + 1, width - 1)
    total = np.zeros(row.shape)
    weight = np.zeros(row.shape)
    for r, c, w in ((r0, c0, (1 - fr) * (1 - fc)), (r0, c1, (1 - fr) * fc), (r1, c0, fr * (1 - fc)), (r1, c1, fr * fc)):
        value = source[r, c]
        good = np.isfinite(value)
        total += np.where(good, w * np.where(good, value, 0.0), 0.0)
        weight += np.where(good, w, 0.0)
    nearest = source[np.where(fr < 0.5, r0, r1), np.where(fc < 0.5, c0, c1)]
    known = np.isfinite(nearest) & (weight > 0.0)
    return np.where(known, total / np.where(weight > 0.0, weight, 1.0), np.nan)


def _unwrapped(col: F64, period: int) -> F64:
    """Columns of a map around the Moon as one run without a jump, where they span less than half of it."""
    angle = col * (2.0 * np.pi / period)
    middle = np.arctan2(np.sin(angle).mean(), np.cos(angle).mean()) * period / (2.0 * np.pi)
    return (col - middle + period / 2.0) % period - period / 2.0 + middle


def _read_wrapped(raster: Raster, place: Placement, top: int, bottom: int, left: int, right: int) -> F64:
    """Values of rows [top, bottom) and columns [left, right), which may run over the map's seam."""
    if not place.wraps:
        return raster.values(top, bottom, max(left, 0), min(right, raster.cols))
    if right - left >= raster.cols + 2:
        left, right = left, left + raster.cols + 2
    parts = []
    while left < right:
        start = left % raster.cols
        stop = min(raster.cols, start + right - left)
        parts.append(raster.values(top, bottom, start, stop))
        left += stop - start
    return np.concatenate(parts, axis=1)


def _proj_facts(raster: Raster) -> dict[str, Any]:
    import warnings

    with warnings.catch_warnings():  # pyproj warns that proj strings lose names; names are not looked at
        warnings.simplefilter("ignore")
        return dict(raster.crs.to_dict())


def _own_degrees(raster: Raster) -> CRS:
    """Longitude and latitude in degrees on a CRS's own sphere, counted from its own meridian."""
    geodetic = raster.crs.geodetic_crs
    if geodetic is None:
        raise InputError(f"{raster.path}: its map projection names no body", "use a CRS on the 1737.4 km sphere")
    per_degree = math.radians(1.0) / float(geodetic.axis_info[0].unit_conversion_factor)
    if abs(per_degree - 1.0) > 1e-9:
        raise InputError(f"{raster.path}: its map projection counts angles in other units than degrees", "gdalwarp it")
    return geodetic


def _eqc_to_degrees(affine: Affine6, facts: dict[str, Any], meridian_deg: float) -> Affine6:
    """The affine (metres) of an equidistant cylindrical map in degrees."""
    a, b, c, d, e, f = affine
    radius = float(facts.get("R", MOON_RADIUS_M))
    per_x = math.degrees(1.0 / (radius * math.cos(math.radians(float(facts.get("lat_ts", 0.0))))))
    per_y = math.degrees(1.0 / radius)
    lon = float(facts.get("lon_0", 0.0)) + meridian_deg - float(facts.get("x_0", 0.0)) * per_x
    lat = float(facts.get("lat_0", 0.0)) - float(facts.get("y_0", 0.0)) * per_y
    return (a * per_x, b * per_x, c * per_x + lon, d * per_y, e * per_y, f * per_y + lat)
