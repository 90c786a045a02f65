"""The ray between rover and lander over the ground: does the terrain let it pass, and by how much."""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M, SPEED_OF_LIGHT_M_S
from lupex.base.errors import GridError, InputError
from lupex.base.frames import map_xy_m, unit_vectors
from lupex.model import Terrain

STEPS_PER_CELL = 4.0
MOST_STEPS = 200_000


@dataclass(frozen=True)
class Mast:
    """An antenna on the ground of the Moon: MOON_ME latitude and east longitude, height above the terrain (m)."""

    lat_deg: float
    lon_deg: float
    height_m: float


@dataclass(frozen=True, eq=False, kw_only=True)
class SightLine:
    """A straight ray between two masts over the terrain, on a spherical Moon.

    Attributes:
        distance_m: from tip to tip. along_m: (n,) arc on the sphere from the first mast.
        ground_m: (n,) height of the terrain, ray_m: (n,) height of the ray, both above the 1737.4 km sphere.
        clearance_m: least height of the ray above the ground between the masts; negative: hidden.
        worst_m: arc at which that is.
        fresnel_fraction: least clearance as a share of the radius of the first Fresnel zone there (1: all of it
            free; 0.6 is commonly asked for); NaN without a frequency.
    """

    distance_m: float
    along_m: F64
    ground_m: F64
    ray_m: F64
    clearance_m: float
    worst_m: float
    fresnel_fraction: float

    @property
    def visible(self) -> bool:
        """Whether the ray passes above all ground."""
        return self.clearance_m > 0.0


def sight_line(terrain: Terrain, one: Mast, other: Mast, frequency_hz: float | None = None) -> SightLine:
    """The ray between two masts, sampled a quarter of a cell apart on the bilinear nested terrain.

    In polar coordinates about the Moon's centre a straight line through radii a and b, an angle T apart, has at
    angle t the radius a b sin T / (a sin t + b sin(T - t)). First Fresnel zone: radius sqrt(lambda d1 d2 / (d1 + d2)).
    The half cell next to each mast is not judged: the terrain does not resolve what a mast stands on.

    Args:
        terrain: heights between the masts, coarser levels around.
        one, other: the two masts.
        frequency_hz: of the carrier, for the Fresnel zone; None leaves it out.

    Raises:
        InputError: masts at one place or more than 90 deg apart, a height that is not positive, or a frequency that
            is not. GridError: the terrain has no data somewhere between.
    """
    if min(one.height_m, other.height_m) <= 0.0 or (frequency_hz is not None and frequency_hz <= 0.0):
        raise InputError("sight line: a mast height or the frequency is not positive", "give metres and hertz")
    a, b = (_direction(terrain, mast) for mast in (one, other))
    whole = float(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b))
    cell_m = min(level.grid.cell_m for level in terrain.levels())
    if not 1e-9 < whole < np.pi / 2:
        raise InputError("sight line: the masts stand at one place or too far apart", "check both places")
    count = int(np.clip(np.ceil(whole * MOON_RADIUS_M / cell_m * STEPS_PER_CELL), 8, MOST_STEPS))
    turn = np.linspace(0.0, whole, count + 1)
    units = (np.sin(whole - turn)[:, None] * a + np.sin(turn)[:, None] * b) / np.sin(whole)
    ground = terrain_height_m(terrain, *_map_xy(units))
    if not np.all(np.isfinite(ground)):
        raise GridError("sight line: no terrain data between the masts", "use a terrain that holds both")
    low, high = (MOON_RADIUS_M + ground[i] + mast.height_m for i, mast in ((0, one), (-1, other)))
    ray = low * high * np.sin(whole) / (low * np.sin(turn) + high * np.sin(whole - turn)) - MOON_RADIUS_M
    along = turn * MOON_RADIUS_M
    distance = float(np.sqrt(low**2 + high**2 - 2.0 * low * high * np.cos(whole)))
    judged = np.minimum(along, along[-1] - along) >= min(0.5 * cell_m, 0.25 * along[-1])
    clearance = np.where(judged, ray - ground, np.inf)
    worst = int(np.argmin(clearance))
    share = np.nan
    if frequency_hz is not None:
        zone = np.sqrt(SPEED_OF_LIGHT_M_S / frequency_hz * along * (along[-1] - along) / along[-1])
        share = float(np.min(clearance[judged] / zone[judged]))
    return SightLine(
        distance_m=distance,
        along_m=along,
        ground_m=ground,
        ray_m=ray,
        clearance_m=float(clearance[worst]),
        worst_m=float(along[worst]),
        fresnel_fraction=share,
    )


def terrain_height_m(terrain: Terrain, x_m: F64, y_m: F64) -> F64:
    """Bilinear height (n,) of the nested terrain at map points: the finest level with data; NaN beyond all.

    Args:
        terrain: the levels, finest first.
        x_m, y_m: (n,) map points.
    """
    out = np.full(x_m.shape, np.nan)
    for level in terrain.levels():
        grid = level.grid
        if min(grid.shape) < 2:
            continue
        u = (x_m - grid.left_m) / grid.cell_m - 0.5
        v = (grid.top_m - y_m) / grid.cell_m - 0.5
        here = np.isnan(out) & (u >= 0.0) & (v >= 0.0) & (u <= grid.cols - 1) & (v <= grid.rows - 1)
        col = np.minimum(u[here].astype(np.int64), grid.cols - 2)
        row = np.minimum(v[here].astype(np.int64), grid.rows - 2)
        p, q = u[here] - col, v[here] - row
        z = level.elevation_m
        top = z[row, col] * (1.0 - p) + z[row, col + 1] * p
        bottom = z[row + 1, col] * (1.0 - p) + z[row + 1, col + 1] * p
        out[here] = top * (1.0 - q) + bottom * q
    return out


def _direction(terrain: Terrain, mast: Mast) -> F64:
    """Unit vector (3,) of a mast in the map frame."""
    x, y = map_xy_m(mast.lat_deg, mast.lon_deg, terrain.grid.pole)
    return unit_vectors(float(x), float(y))


def _map_xy(units: F64) -> tuple[F64, F64]:
    """Map coordinates (n,) each of unit vectors (n, 3) in the map frame: the stereographic projection."""
    scale = 2.0 * MOON_RADIUS_M / (1.0 + units[:, 2])
    return units[:, 0] * scale, units[:, 1] * scale
