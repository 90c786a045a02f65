"""Where the grounds of a site come from: clones, errors drawn from a map or one deviation, or seeds of its relief."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from lupex.base.arrays import F32
from lupex.base.digest import settings_sha256
from lupex.base.errors import GridError, InputError
from lupex.catalogue import is_published
from lupex.io import read_errors, read_terrain
from lupex.mission import Mission
from lupex.model import Candidate, Terrain, TerrainSettings
from lupex.model.settings.study import PUBLISHED
from lupex.study.ground import fine_terrain
from lupex.study.published import Square, place_levels, published_errors
from lupex.study.questions.grounds import clone_files
from lupex.terrain.grounds import checked_sigma, clone_error, drawn_errors

SEED_OF_GROUNDS = 19


@dataclass(frozen=True, eq=False)
class Native:
    """The DEM under a site on its own cells, and how many of these go on a side of a cell of the fine ground."""

    terrain: Terrain
    factor: int


def ground_source(settings: TerrainSettings, synthetic: bool) -> str:
    """Where the grounds of a site come from, in words.

    Args:
        settings: errors and clones. synthetic: whether the fine relief of the site is made up.
    """
    if settings.clones != ("none",):
        return "published clones of the DEM" if settings.clones == (PUBLISHED,) else "clones of the DEM"
    length = f"correlation length {settings.error_length_m:g} m"
    if settings.error_map != "none":
        kind = "published map" if settings.error_map == PUBLISHED else "map"
        return f"errors drawn from the {kind} of standard deviations, {length}"
    if settings.error_m > 0.0:
        return f"errors of {settings.error_m:g} m, {length}"
    return "seeds of the synthetic relief" if synthetic else "nothing"


def grounds_of_site(mission: Mission, region: Terrain, candidate: Candidate) -> Iterator[Terrain]:
    """The grounds around a site, as many as [terrain] grounds says, each with what lies around it.

    Args:
        mission: errors, clones and seed, with the site's own ground.
        region: the regional terrain. candidate: the place in the middle.

    Raises InputError for measured ground whose error is not stated, for fewer clones than grounds and for clones and
    maps of errors that do not fit; GridError for those on other cells.
    """
    settings, seed = mission.terrain, mission.study.seed
    at, x, y = (candidate.lat_deg, candidate.lon_deg), candidate.x_m, candidate.y_m
    whole = fine_terrain(settings, region, x, y, at, np.random.default_rng(seed))
    rng = np.random.default_rng((seed, SEED_OF_GROUNDS))
    stated = settings.clones != ("none",) or settings.error_map != "none"
    if stated and whole.synthetic_below_m is not None:
        raise InputError(
            f"{candidate.name}: clones and maps of errors belong to a measured DEM; the relief here is synthetic",
            "name the DEM they belong to, or leave them out: seeds of the relief are drawn then",
        )
    if settings.clones != ("none",):
        native = _native(settings, candidate, whole)
        for path in _clones(settings, native):
            error = _on_fine_cells(native, _error_of(native.terrain, read_errors(path)), whole)
            yield _moved(whole, error, path)
    elif settings.error_map != "none":
        native = _native(settings, candidate, whole)
        path = settings.error_map
        if path == PUBLISHED:
            path = published_errors(settings, _square(native), 0)[0]
        if not path:
            raise InputError(f"{candidate.name}: no map of errors of its DEM is published", "give error_m")
        sigma = _on_fine_cells(native, _sigma_of(native.terrain, read_errors(path)), whole)
        yield from drawn_errors(whole, sigma, settings.error_length_m, settings.grounds, rng)
    elif settings.error_m > 0.0:
        yield from drawn_errors(whole, settings.error_m, settings.error_length_m, settings.grounds, rng)
    elif whole.synthetic_below_m is not None:
        for _ in range(settings.grounds):
            yield fine_terrain(settings, region, x, y, at, rng)
    else:
        raise InputError(
            f"[terrain] grounds = {settings.grounds}: the ground of {candidate.name} is measured, and no error of it "
            "is stated",
            "write [terrain] error_m and error_length_m, error_map or clones",
        )


def _native(settings: TerrainSettings, candidate: Candidate, whole: Terrain) -> Native:
    """The DEM on the cells that its clones have. The fine ground is made of whole blocks of them."""
    g = whole.grid
    if is_published(settings.dem):
        square = Square(candidate.x_m, candidate.y_m, settings.fine_size_km * 500.0)
        own = read_terrain(place_levels(settings, square, settings.fine_cell_m).dem)
    else:
        half_m = 0.5 * max(g.rows, g.cols) * g.cell_m + g.cell_m
        own = read_terrain(settings.dem, around=(candidate.lat_deg, candidate.lon_deg, half_m))
    return Native(own, round(g.cell_m / own.grid.cell_m))


def _square(native: Native) -> Square:
    g = native.terrain.grid
    half_m = 0.5 * min(g.rows, g.cols) * g.cell_m
    return Square(0.5 * (g.left_m + g.right_m), 0.5 * (g.top_m + g.bottom_m), half_m)


def _clones(settings: TerrainSettings, native: Native) -> list[str]:
    if settings.clones == (PUBLISHED,):
        return list(published_errors(settings, _square(native), settings.grounds)[1])
    files = clone_files(settings.clones)
    if len(files) < settings.grounds:
        raise InputError(f"{len(files)} clones where {settings.grounds} grounds are asked for", "ask for fewer")
    return files[: settings.grounds]


def _error_of(own: Terrain, clone: Terrain) -> F32:
    """What a clone adds to the DEM (row, col), 0 where it does not reach."""
    here, box = _common(own, clone)
    error = np.zeros(own.grid.shape, np.float32)
    error[box] = clone_error(*here)
    return error


def _sigma_of(own: Terrain, stated: Terrain) -> F32:
    """Standard deviations (row, col), their median where the map does not reach."""
    here, box = _common(own, stated)
    known = checked_sigma(here[0].grid, here[1].elevation_m)
    sigma = np.full(own.grid.shape, np.median(known), np.float32)
    sigma[box] = known
    return sigma


def _common(own: Terrain, other: Terrain) -> tuple[tuple[Terrain, Terrain], tuple[slice, slice]]:
    """Both maps on the cells they share, and which of the first these are. Raises GridError for other cells."""
    a, b = own.grid, other.grid
    col, row = (b.left_m - a.left_m) / a.cell_m, (a.top_m - b.top_m) / a.cell_m
    whole = abs(col - round(col)) < 1e-6 and abs(row - round(row)) < 1e-6
    top, left = max(round(row), 0), max(round(col), 0)
    rows, cols = min(a.rows, round(row) + b.rows) - top, min(a.cols, round(col) + b.cols) - left
    if a.pole != b.pole or a.cell_m != b.cell_m or not whole or rows < 2 or cols < 2:
        raise GridError(
            f"{other.source}: {b.words} from ({b.left_m:g}, {b.top_m:g}) m; the DEM has {a.words} from "
            f"({a.left_m:g}, {a.top_m:g}) m",
            "give the clones or the error map of this very DEM",
        )
    mine = replace(own.crop(top, left, rows, cols), far=None)
    its = replace(other.crop(top - round(row), left - round(col), rows, cols), far=None)
    return (mine, its), (slice(top, top + rows), slice(left, left + cols))


def _on_fine_cells(native: Native, values: F32, whole: Terrain) -> F32:
    """Block means of values on the DEM's cells, on the cells of the fine ground; 0 where they do not reach."""
    a, g, n = native.terrain.grid, whole.grid, native.factor
    out = np.zeros(g.shape, np.float32)
    row, col = round((g.top_m - a.top_m) / -a.cell_m), round((g.left_m - a.left_m) / a.cell_m)
    for r in range(g.rows):
        first = row + r * n
        if 0 <= first and first + n <= a.rows:
            start = max(0, -(col // n) if col < 0 else 0)
            count = min(g.cols - start, (a.cols - col) // n - start)
            if count > 0:
                part = values[first : first + n, col + start * n : col + (start + count) * n]
                out[r, start : start + count] = part.reshape(n, count, n).mean(axis=(0, 2))
    return out


def _moved(whole: Terrain, error_m: F32, name: str) -> Terrain:
    digest = settings_sha256([whole.sha256, name, float(np.abs(error_m).sum(dtype=np.float64))])
    return replace(whole, elevation_m=(whole.elevation_m + error_m).astype(np.float32), sha256=digest)
