"""Light at a place over many grounds: what the error of the DEM, or the relief below it, leaves open."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lupex.base.errors import InputError
from lupex.illumination import point_series, point_statistics
from lupex.io import read_errors
from lupex.model import SkyTable, Terrain
from lupex.study.places import map_point, point_view
from lupex.terrain.grounds import band, cloned, drawn_errors, enough_grounds, seeded

NEAR_M = 4_000.0
"""Errors are drawn within this distance of the place; farther ground is taken as it is: half a metre is 0.007 degrees
there, less than skylines are known to."""
COARSE_M = 200.0
"""A map of cells at least so large has relief below them to be made up."""
RELIEF_CELL_M, RELIEF_SIDE_M = 50.0, 16_000.0
QUANTITIES = ("lit_fraction", "lit_fraction_disc", "longest_dark_hours", "longest_lit_hours", "earth_fraction")


@dataclass(frozen=True, kw_only=True)
class GroundErrors:
    """Where grounds come from: clones, else a map or size of errors, else seeds of the synthetic relief.

    Attributes:
        count: number of grounds; of clones the first so many.
        clones: files or one folder of them.
        error_map: file of standard deviations (m) on the grid of the DEM; None for none.
        error_m: one standard deviation for all, 0 for none.
        length_m: distance at which the correlation of errors has fallen to 1/e.
        seed: of what is drawn.
    """

    count: int
    clones: tuple[str, ...] = ()
    error_map: str | None = None
    error_m: float = 0.0
    length_m: float = 0.0
    seed: int = 1


def grounds_at(terrain: Terrain, x_m: float, y_m: float, errors: GroundErrors, dem: str = "") -> Iterator[Terrain]:
    """The grounds around a map point, as many as asked for.

    Args:
        terrain: to stand on, with its far terrain. x_m, y_m: the place.
        errors: where they come from.
        dem: path of the terrain, named where it matters.

    Raises InputError when no error is stated for measured ground, or clones and maps of errors do not fit.
    """
    rng = np.random.default_rng(errors.seed)
    if errors.clones:
        files = clone_files(errors.clones)
        if len(files) < errors.count:
            raise InputError(f"{len(files)} clones where {errors.count} grounds are asked for", "ask for fewer")
        here = replace(terrain.crop(*_near(terrain, x_m, y_m)), far=terrain)
        clones = (read_errors(path) for path in files[: errors.count])
        yield from cloned(here, [_cut(one, here) for one in clones])
    elif errors.error_map is not None or errors.error_m > 0.0:
        if errors.length_m <= 0.0:
            raise InputError("errors of the DEM: no correlation length", "give it in metres, as --error-length")
        here = replace(terrain.crop(*_near(terrain, x_m, y_m)), far=terrain)
        sigma: object = errors.error_m
        if errors.error_map is not None:
            stated = read_errors(errors.error_map)
            sigma = _cut(stated, here).elevation_m
        yield from drawn_errors(here, np.asarray(sigma), errors.length_m, errors.count, rng)
    elif terrain.grid.cell_m >= COARSE_M:
        side = min(RELIEF_SIDE_M, min(terrain.grid.shape) * terrain.grid.cell_m)
        yield from seeded(terrain, (x_m, y_m), side, RELIEF_CELL_M, errors.count, rng)
    else:
        raise InputError(
            f"{dem or terrain.source}: cells of {terrain.grid.cell_m:g} m and no error stated",
            "give --clones, or --error-map or --error with --error-length",
        )


def clone_files(names: tuple[str, ...]) -> list[str]:
    """The files of clones: those named, or every GeoTIFF of a folder, by name. Raises InputError for none."""
    files: list[str] = []
    for name in names:
        path = Path(name)
        files += sorted(str(one) for one in path.glob("*.tif")) if path.is_dir() else [name]
    if not files:
        raise InputError(f"clones: no GeoTIFF in {', '.join(names)}", "name the folder that holds them")
    return files


def light_over_grounds(
    terrain: Terrain, place: tuple[float, float, float], sky: SkyTable, errors: GroundErrors, dem: str = ""
) -> dict[str, float | str]:
    """5 %, 50 % and 95 % quantiles of light at a place over its grounds, as name_p05, name_p50, name_p95.

    Args:
        terrain: to stand on, with its far terrain.
        place: latitude and east longitude (deg), height of the eye above the ground (m).
        sky: evenly spaced times. errors: where the grounds come from, 20 or more. dem: path of the terrain.

    Raises InputError for fewer than 20 grounds, and as `grounds_at`.
    """
    enough_grounds(errors.count, 0.05)
    x, y = map_point(terrain, *place[:2])
    found: dict[str, list[float]] = {name: [] for name in QUANTITIES}
    for ground in grounds_at(terrain, x, y, errors, dem):
        numbers = point_statistics(point_series(point_view(ground, x, y, place[2]), sky))
        for name in QUANTITIES:
            found[name].append(numbers[name])
    result: dict[str, float | str] = {"grounds": errors.count, "grounds_from": source_words(errors)}
    for name, values in found.items():
        result |= dict(zip((f"{name}_p05", f"{name}_p50", f"{name}_p95"), band(values), strict=True))
    return result


def source_words(errors: GroundErrors) -> str:
    """Where the grounds of an ensemble come from, in words."""
    if errors.clones:
        return "published clones"
    if errors.error_map is not None:
        return f"map of errors, correlation length {errors.length_m:g} m"
    if errors.error_m > 0.0:
        return f"errors of {errors.error_m:g} m, correlation length {errors.length_m:g} m"
    return "seeds of synthetic relief"


def _near(terrain: Terrain, x_m: float, y_m: float) -> tuple[int, int, int, int]:
    """Row, col, rows, cols of the cells within `NEAR_M` of a map point."""
    g = terrain.grid
    reach = max(2, round(NEAR_M / g.cell_m))
    row, col = int((g.top_m - y_m) / g.cell_m), int((x_m - g.left_m) / g.cell_m)
    top, left = max(row - reach, 0), max(col - reach, 0)
    return top, left, min(row + reach + 1, g.rows) - top, min(col + reach + 1, g.cols) - left


def _cut(other: Terrain, here: Terrain) -> Terrain:
    """The cells of a map that are those of ``here``; the whole map where it has them not, as the next check says."""
    mine, its = here.grid, other.grid
    col, row = (mine.left_m - its.left_m) / its.cell_m, (its.top_m - mine.top_m) / its.cell_m
    whole = abs(col - round(col)) < 1e-6 and abs(row - round(row)) < 1e-6
    inside = 0 <= round(row) <= its.rows - mine.rows and 0 <= round(col) <= its.cols - mine.cols
    if its.pole != mine.pole or its.cell_m != mine.cell_m or not whole or not inside:
        return other
    return replace(other.crop(round(row), round(col), mine.rows, mine.cols), far=None)
