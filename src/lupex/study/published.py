"""The finest published ground under a region or a place: which products, and their windows out of the cache.

Levels nest from the finest that covers the place to 240 m; the built-in cap lies around them. Only the windows needed
are read from the servers, by ranges, and each is kept with its digest. See docs/theory/maps_and_dems.md.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lupex.base.cache import cache_dir
from lupex.base.errors import InputError, LupexWarning
from lupex.base.frames import lat_lon_deg, map_xy_m
from lupex.catalogue import PGDA, dem_product, dem_products
from lupex.io import FetchSettings, fetch_window, read_terrain
from lupex.model import TerrainSettings
from lupex.model.dem_product import DemProduct
from lupex.model.settings.study import CATALOGUE

FAMILIES = ("pgda78", "pgda90")
TIERS_M: tuple[tuple[float, ...], ...] = ((5.0,), (10.0, 20.0, 30.0), (80.0, 60.0), (240.0,))
"""Cells of the products that nest, finest first: of each row the first that covers the place."""
CAP_CELL_M = 1600.0
FAR_CELLS = 64
"""A level reaches so many cells of the next one farther than it must: a cell is then under 0.9 degrees wide."""
NEAR_CELLS = 16
"""The same for the innermost level of a site, which is shown itself."""
MOST_CELLS = 16_000_000
"""A window of a region has at most so many cells; a finer product would be averaged away."""


@dataclass(frozen=True)
class Square:
    """A square of the polar map: its middle (m) and half its side (m)."""

    x_m: float
    y_m: float
    half_m: float

    def wider(self, margin_m: float) -> "Square":
        """The same with a margin all round."""
        return Square(self.x_m, self.y_m, self.half_m + margin_m)

    @property
    def box_m(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        return self.x_m - self.half_m, self.y_m - self.half_m, self.x_m + self.half_m, self.y_m + self.half_m

    def around(self, pole: str) -> tuple[float, float, float]:
        """Latitude, east longitude (deg) and half the side (m)."""
        lat, lon = (float(value) for value in lat_lon_deg(self.x_m, self.y_m, "north" if pole == "north" else "south"))
        return lat, lon, self.half_m


def region_levels(settings: TerrainSettings) -> TerrainSettings:
    """The settings of a region with the files of its windows, finest first, for the name of the catalogue.

    The region is the square poleward of the equatorward limit, or the whole extent of a named product if that is
    smaller. Its own level is the finest product that covers it with `MOST_CELLS` cells or fewer.

    Args:
        settings: whose ``dem`` is 'pgda' or the name of a product.

    Raises InputError when no product covers the region, and as `lupex.io.fetch_window`.
    """
    reach = float(map_xy_m(-settings.equatorward_limit_deg, 0.0, "south")[1])
    square = Square(0.0, 0.0, abs(reach))
    named = None if settings.dem == PGDA else _named(settings)
    if named is not None and named.extent_km and not named.covers(square.box_m):
        square = _inside(named, square)
    fits = [one for one in _surfaces(settings) if one.covers(square.box_m) and _cells(one, square) <= MOST_CELLS]
    if named is not None and named.extent_km and _cells(named, square) <= MOST_CELLS:
        fits = [named]
    if not fits:
        raise _nothing(settings, square)
    return _with_files(settings, [fits[0], *_coarser(settings, square, fits[0].cell_m)], square, 0)


def place_levels(settings: TerrainSettings, square: Square, cell_m: float = 0.0) -> TerrainSettings:
    """The settings of a place with the files of its windows, finest first, for the name of the catalogue.

    Args:
        settings: whose ``dem`` is 'pgda' or the name of a product, which then is the innermost.
        square: what the finest level must cover.
        cell_m: cells the finest level will be averaged to; 0 for none.

    Raises InputError when nothing covers the place, and as `lupex.io.fetch_window`.
    """
    if settings.dem == PGDA:
        candidates = [one for tier in _tiers(settings, square) for one in tier[:1]]
    else:
        candidates = [_named(settings)]
        if candidates[0].extent_km and not candidates[0].covers(square.box_m):
            raise _nothing(settings, square)
    if not candidates:
        raise _nothing(settings, square)
    for number, finest in enumerate(candidates):
        levels = [finest, *_coarser(settings, square, max(cell_m, finest.cell_m))]
        found = _with_files(settings, levels, square, NEAR_CELLS if cell_m else FAR_CELLS)
        gaps = _share_of_gaps(found.dem, square)
        if gaps == 0.0 or number == len(candidates) - 1:
            return found
        text = f"{finest.name}: {100.0 * gaps:.2g} % of the ground asked for holds no heights"
        warnings.warn(LupexWarning(f"{text}; {candidates[number + 1].name} is taken"), stacklevel=2)
    raise AssertionError("the last candidate is returned")


def published_errors(settings: TerrainSettings, square: Square, clones: int) -> tuple[str, tuple[str, ...]]:
    """Files of the published errors under a place: map of standard deviations ('' where there is none), error clones.

    Both belong to the finest product that covers the place.

    Args:
        settings: whose ``dem`` is 'pgda' or the name of a product. square: what they must cover.
        clones: how many clones; 0 for none, and then the map of errors is fetched.

    Raises InputError when the product has no clones, and as `lupex.io.fetch_window`.
    """
    product = _tiers(settings, square)[0][0] if settings.dem == PGDA else _named(settings)
    around = square.around("south")
    if not clones:
        if not product.error_map:
            return "", ()
        return str(_window(settings, dem_product(product.error_map, _table(settings)), around)), ()
    if not product.clones_url:
        raise InputError(
            f"{product.name}: no error clones of it are published", 'give yours as clones, or error_map = "published"'
        )
    found = []
    for number in range(1, clones + 1):
        url, name = product.clones_url.replace("NNNN", f"{number:04d}"), f"{product.name}-clone{number:04d}"
        found.append(str(_window(settings, replace(product, name=name, url=url, bytes=0, sha256=""), around)))
    return "", tuple(found)


def _with_files(
    settings: TerrainSettings, levels: Sequence[DemProduct], square: Square, near_cells: int
) -> TerrainSettings:
    """Settings that name the windows of ``levels``: each reaches so far that the next one's cells are small from it."""
    paths, reach = [], square
    for number, product in enumerate(levels):
        coarser_m = levels[number + 1].cell_m if number + 1 < len(levels) else CAP_CELL_M
        reach = reach.wider(coarser_m * (near_cells if number == 0 else FAR_CELLS))
        paths.append(str(_window(settings, product, reach.around("south"))))
    kept = () if "none" in settings.far_dem else ("default",)
    return replace(settings, dem=paths[0], far_dem=(*paths[1:], *(kept or ("none",))))


def _window(settings: TerrainSettings, product: DemProduct, around: tuple[float, float, float]) -> Path:
    return fetch_window(product, around, cache_dir() / "dems", FetchSettings())


def _surfaces(settings: TerrainSettings) -> list[DemProduct]:
    """Products that can nest, finest first."""
    products = dem_products(_table(settings)).values()
    held = [one for one in products if one.family in FAMILIES and one.shows == "heights" and one.has_windows]
    return sorted((one for one in held if one.extent_km and one.cell_m > 0.0), key=lambda one: one.cell_m)


def _tiers(settings: TerrainSettings, square: Square) -> list[list[DemProduct]]:
    """For each row of `TIERS_M` that covers a square, its products in order of preference."""
    here = [one for one in _surfaces(settings) if one.covers(square.box_m)]
    rows = [[one for cell in tier for one in here if one.cell_m == cell] for tier in TIERS_M]
    found = [row for row in rows if row]
    if not found:
        raise _nothing(settings, square)
    return found


def _coarser(settings: TerrainSettings, square: Square, cell_m: float) -> list[DemProduct]:
    """The products that nest around a level of these cells; an empty list where the cap follows at once."""
    here = [one for one in _surfaces(settings) if one.covers(square.box_m)]
    rows = [[one for cell in tier for one in here if one.cell_m == cell] for tier in TIERS_M]
    return [row[0] for row in rows if row and row[0].cell_m >= 2.0 * cell_m]


def _named(settings: TerrainSettings) -> DemProduct:
    product = dem_product(settings.dem, _table(settings))
    if not product.has_windows or product.shows != "heights":
        raise InputError(
            f'[terrain] dem = "{product.name}": no windows can be read from it',
            f"`lupex dem fetch {product.name}`, and give the path of the file",
        )
    return product


def _table(settings: TerrainSettings) -> str | None:
    return None if settings.dem_table == CATALOGUE else settings.dem_table


def _inside(product: DemProduct, square: Square) -> Square:
    """The largest square in the middle of the part of a product that lies in another square."""
    left, bottom, right, top = (1000.0 * value for value in product.extent_km)
    x0, y0, x1, y1 = square.box_m
    left, bottom, right, top = max(left, x0), max(bottom, y0), min(right, x1), min(top, y1)
    half = 0.5 * min(right - left, top - bottom)
    if half <= 0.0:
        raise InputError(
            f"{product.name}: lies beyond the region", "lower [terrain] equatorward_limit_deg, or name another product"
        )
    return Square(0.5 * (left + right), 0.5 * (bottom + top), half)


def _cells(product: DemProduct, square: Square) -> float:
    return (2.0 * square.half_m / product.cell_m) ** 2 if product.cell_m > 0.0 else float("inf")


def _share_of_gaps(path: str, square: Square) -> float:
    """Share of the cells of a window inside a square that hold no height."""
    terrain = read_terrain(path, judged=False)
    x, y = terrain.grid.x_m(), terrain.grid.y_m()
    reach = max(square.half_m, terrain.grid.cell_m)
    rows, cols = np.abs(y - square.y_m) <= reach, np.abs(x - square.x_m) <= reach
    shown = terrain.elevation_m[np.ix_(rows, cols)]
    return float(1.0 - np.isfinite(shown).mean()) if shown.size else 1.0


def _nothing(settings: TerrainSettings, square: Square) -> InputError:
    lat, lon, _ = square.around("south")
    return InputError(
        f'[terrain] dem = "{settings.dem}": does not cover {2e-3 * square.half_m:g} km around {lat:.3f}, {lon:.2f}',
        "ask for a smaller fine_size_km or region, or another product; `lupex catalogue dem` lists them",
    )
