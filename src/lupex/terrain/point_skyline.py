"""The skyline of a single place, on the nested surface itself rather than on cells."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import GridError, InputError
from lupex.base.frames import sight_m, unit_vectors
from lupex.kernels.skyline.point_skyline import height_at, march
from lupex.model import Terrain

STEPS_PER_CELL = 4.0
GROWTH = 1.0 / 512.0
HIGHEST_EYE_M = 1.0e5


def check_eye(height_m: float, search_radius_m: float) -> None:
    """Raise InputError for an eye that sees the bare sphere farther away than terrain is searched: its skyline would
    be empty where the sphere itself bounds it.

    Args:
        height_m: of the eye above the ground, 0 or more.
        search_radius_m: how far terrain is searched.
    """
    if not 0.0 <= height_m <= HIGHEST_EYE_M:
        raise InputError(f"skyline: observer height {height_m:g} m", f"give 0 to {HIGHEST_EYE_M:g} m")
    far_m = sight_m(height_m)
    if far_m > search_radius_m:
        highest_m = MOON_RADIUS_M * (1.0 / math.cos(search_radius_m / MOON_RADIUS_M) - 1.0)
        raise InputError(
            f"skyline: an eye {height_m:g} m above the ground sees {far_m / 1000.0:.4g} km, terrain is searched to "
            f"{search_radius_m / 1000.0:g} km",
            f"lower it to {math.floor(highest_m)} m, or search farther",
        )


def point_skyline_deg(
    terrain: Terrain,
    x_m: float,
    y_m: float,
    azimuths_pencil_deg: ArrayLike,
    observer_height_m: float = 0.0,
    search_radius_m: float = 250_000.0,
) -> NDArray[np.float64]:
    """Elevation of the skyline (azimuth,), degrees, seen from map point (x, y) along pencil azimuths.

    Marches each great circle over the bilinear surface of the finest level with data, from one cell outwards (as
    `horizon_map` does: what lies nearer is not resolved), a quarter of a cell at a time up to 128 cells, then 1/512
    of the distance. -90 where there is no terrain at all. Raises GridError when the point lies off every level or on
    no data, InputError as `check_eye`.

    Args:
        terrain: the levels to march over, finest first.
        x_m, y_m: the place on the polar map.
        azimuths_pencil_deg: (azimuth,) directions in the polar gnomonic map, degrees clockwise from its +y.
        observer_height_m: of the eye above the ground.
        search_radius_m: how far terrain is looked for.
    """
    check_eye(observer_height_m, search_radius_m)
    levels, values = _flattened(terrain)
    ground = height_at(float(x_m), float(y_m), levels, values)
    if math.isnan(ground):
        raise GridError(
            f"skyline: the terrain has no height at x {x_m:.0f} m, y {y_m:.0f} m", "choose a place with data"
        )
    azimuths = np.radians(np.atleast_1d(np.asarray(azimuths_pencil_deg, np.float64)))
    out = np.empty(azimuths.size)
    finest_m = min(level.grid.cell_m for level in terrain.levels() if level.grid.contains(x_m, y_m))
    cell = finest_m / MOON_RADIUS_M / (1.0 + (x_m * x_m + y_m * y_m) / (4.0 * MOON_RADIUS_M**2))
    march(
        unit_vectors(x_m, y_m),
        MOON_RADIUS_M + ground + observer_height_m,
        azimuths,
        levels,
        values,
        MOON_RADIUS_M,
        cell,
        search_radius_m / MOON_RADIUS_M,
        cell / STEPS_PER_CELL,
        GROWTH,
        out,
    )
    return np.degrees(out)


def point_height_m(terrain: Terrain, x_m: float, y_m: float) -> float:
    """Bilinear height (m) of the nested surface at a map point; NaN beyond it."""
    levels, values = _flattened(terrain)
    return float(height_at(float(x_m), float(y_m), levels, values))


def _flattened(terrain: Terrain) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    rows, values, offset = [], [], 0
    for level in terrain.levels():
        g = level.grid
        if min(g.shape) < 2:
            continue
        rows.append((offset, g.rows, g.cols, g.left_m + 0.5 * g.cell_m, g.bottom_m + 0.5 * g.cell_m, g.cell_m))
        values.append(level.elevation_m[::-1].ravel())
        offset += g.rows * g.cols
    if not rows:
        raise InputError("skyline: the terrain has less than 2 x 2 cells", "choose a larger window")
    return np.array(rows, np.float64), np.concatenate(values)
