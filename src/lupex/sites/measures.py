"""How a criterion is measured at a site: value and one-sigma error from the ground where the lander may come down."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import GridError, InputError
from lupex.base.frames import convergence_deg, unit_vectors
from lupex.model import Grid, RankingSettings, Terrain
from lupex.sites.first_score_criteria import Layers

Measured = tuple[float, float]
"""Value and one-sigma error, both in the criterion's unit."""

LEAST_RADIUS_CELLS = 1.5
DRY_M = 2.0
"""Ice deeper than this is out of reach of every drill considered (LUPEX: 1.5 m) and counts as this deep: assumption."""
LIT_STEP = 0.05
TRACK_SPREAD_DEG = 10.0
PATH_STEPS_PER_CELL = 2.0


@dataclass(frozen=True, eq=False, kw_only=True)
class SiteInputs:
    """What is known about one site.

    Attributes:
        grid, layers: maps around the site, name -> (row, col), unit in the name.
        x_m, y_m: the aim point on the map.
        radius_m: radius on the ground within which the lander comes down, e.g. one sigma of the dispersion.
        reach_m: radius within which the rover works (ice depth).
        terrain: heights for the approach path; None when that criterion is not used.
        track_azimuth_true_deg: direction of flight at the site, clockwise from true north.
        given: criterion -> value known from elsewhere; comes before any measurement.
        given_sigma: criterion -> its one-sigma error; comes before any rule.
    """

    name: str
    grid: Grid
    layers: Layers
    x_m: float
    y_m: float
    radius_m: float
    reach_m: float = 10_000.0
    terrain: Terrain | None = None
    track_azimuth_true_deg: float = 0.0
    given: Mapping[str, float] = field(default_factory=dict)
    given_sigma: Mapping[str, float] = field(default_factory=dict)

    def around(self, layer: str, radius_m: float) -> F64:
        """Known values of a layer (cell,) within a radius on the ground, at least the cell and its neighbours.

        Args:
            radius_m: on the ground.

        Raises InputError when the layer is missing or unknown there, GridError when its shape is another.
        """
        if layer not in self.layers:
            raise InputError(f"site {self.name}: the map '{layer}' is missing", "give that map")
        values = np.asarray(self.layers[layer], np.float64)
        if values.shape != self.grid.shape:
            raise GridError(f"site {self.name}: map '{layer}' has shape {values.shape}, its grid {self.grid.shape}")
        inside = self.distance_m() <= max(radius_m, LEAST_RADIUS_CELLS * self.grid.cell_m / self._map_scale())
        found = values[inside & ~np.isnan(values)]
        if found.size == 0:
            raise InputError(
                f"site {self.name}: the map '{layer}' is unknown within {radius_m:g} m", "give a map that covers it"
            )
        return np.asarray(found)

    def distance_m(self) -> F64:
        """Ground distance (row, col) from the aim point; map distance over the map's scale there, good to 0.1 %
        within 10 km poleward of 80 degrees."""
        x, y = self.grid.xy_m()
        return np.asarray(np.hypot(x - self.x_m, y - self.y_m) / self._map_scale())

    def _map_scale(self) -> float:
        return 1.0 + (self.x_m**2 + self.y_m**2) / (4.0 * MOON_RADIUS_M**2)


def mean_around(site: SiteInputs, layer: str) -> Measured:
    """Mean and standard deviation of a layer where the lander may come down. Raises InputError when not finite."""
    values = site.around(layer, site.radius_m)
    if not np.isfinite(values).all():
        raise InputError(f"site {site.name}: the map '{layer}' is infinite at the site", "leave the criterion out")
    return float(values.mean()), float(values.std())


def share_around(site: SiteInputs, layer: str) -> Measured:
    """Mean of a layer of shares or of 0 and 1, and the standard error of that mean from its four quadrants."""
    mean = mean_around(site, layer)[0]
    x, y = site.grid.xy_m()
    quadrant = 2 * (x >= site.x_m) + (y >= site.y_m)
    values = np.asarray(site.layers[layer], np.float64)
    near = (site.distance_m() <= max(site.radius_m, LEAST_RADIUS_CELLS * site.grid.cell_m)) & np.isfinite(values)
    means = [values[near & (quadrant == q)].mean() for q in range(4) if (near & (quadrant == q)).any()]
    return mean, float(np.std(means) / np.sqrt(len(means)))


def ice_depth_m(site: SiteInputs) -> Measured:
    """Depth of the shallowest stable ice within reach: 5th percentile of the depths, no deeper than DRY_M; error half
    the way from the smallest to the 10th percentile."""
    depth = np.minimum(site.around("ice_depth_m", site.reach_m), DRY_M)
    low, value, high = np.percentile(depth, (0.0, 5.0, 10.0))
    return float(value), float(high - low) / 2.0


def lit_area_km2(site: SiteInputs, settings: RankingSettings) -> Measured:
    """Ground within ``lit_area_radius_km`` lit at least ``lit_area_fraction`` of the season; error half the change
    when that fraction moves by 0.05 either way."""
    radius_m = 1000.0 * settings.lit_area_radius_km
    site.around("season_lit_fraction", radius_m)
    lit = np.asarray(site.layers["season_lit_fraction"], np.float64)
    area = np.where(site.distance_m() <= radius_m, site.grid.cell_area_m2(), 0.0) / 1e6
    most, value, least = (
        float(area[lit >= settings.lit_area_fraction + step].sum()) for step in (-LIT_STEP, 0.0, LIT_STEP)
    )
    return value, (most - least) / 2.0


def approach_clearance_m(site: SiteInputs, settings: RankingSettings) -> Measured:
    """Least height above the terrain on the approach path (`path_clearance_m`); error the standard deviation over
    tracks turned by up to 10 degrees. Raises InputError without terrain."""
    if site.terrain is None:
        raise InputError(f"site {site.name}: no terrain for the approach path", "give SiteInputs its terrain")
    came_from = site.track_azimuth_true_deg + 180.0 + float(convergence_deg(site.x_m, site.y_m, site.grid.pole))
    azimuths = came_from + np.linspace(-TRACK_SPREAD_DEG, TRACK_SPREAD_DEG, 9)
    clearance = path_clearance_m(site.terrain, (site.x_m, site.y_m), azimuths, settings)
    return float(clearance[4]), float(clearance.std())


def path_clearance_m(
    terrain: Terrain, xy_m: tuple[float, float], azimuths_grid_deg: NDArray[np.float64], settings: RankingSettings
) -> F64:
    """Least clearance (azimuth,), m, of straight approach paths that come in from these azimuths.

    A path ends ``approach_gate_m`` above the site and rises from there along a straight line in space,
    ``approach_glide_deg`` above the horizontal at the site, over ``approach_length_km`` of line. At length s the
    distance from the Moon's centre is r^2 = r0^2 + s^2 + 2 r0 s sin(glide), the arc on the ground
    atan2(s cos(glide), r0 + s sin(glide)). Clearance is radial, to the bilinear surface of the finest level, sampled
    twice a cell; negative inside the ground, never more than the gate. The ground before the gate counts, the
    vertical descent below it does not.

    Args:
        terrain: the levels the path is checked against.
        xy_m: map point of the site.
        azimuths_grid_deg: (azimuth,) from which the lander comes in.
        settings: gate, glide angle and length of the approach.

    Raises InputError where the path leaves the known terrain.
    """
    azimuth = np.radians(np.atleast_1d(np.asarray(azimuths_grid_deg, np.float64)))[:, None]
    ground = _heights_m(terrain, np.array([xy_m[0]]), np.array([xy_m[1]]))[0]
    r0 = MOON_RADIUS_M + ground + settings.approach_gate_m
    finest = min(level.grid.cell_m for level in terrain.levels())
    count = int(np.ceil(1000.0 * settings.approach_length_km * PATH_STEPS_PER_CELL / finest)) + 1
    s = np.linspace(0.0, 1000.0 * settings.approach_length_km, count)
    glide = np.radians(settings.approach_glide_deg)
    radius = np.sqrt(r0**2 + s**2 + 2.0 * r0 * s * np.sin(glide))
    arc = np.arctan2(s * np.cos(glide), r0 + s * np.sin(glide))
    up = unit_vectors(*xy_m)
    east, north = _map_axes(*xy_m)
    heading = np.sin(azimuth)[..., None] * east + np.cos(azimuth)[..., None] * north
    points = np.cos(arc)[None, :, None] * up + np.sin(arc)[None, :, None] * heading
    map_scale = 2.0 * MOON_RADIUS_M / (1.0 + points[..., 2])
    heights = _heights_m(terrain, points[..., 0] * map_scale, points[..., 1] * map_scale)
    if np.isnan(heights).any():
        raise InputError(
            f"approach path: it leaves the known terrain within {settings.approach_length_km:g} km",
            "give terrain that reaches farther, or a smaller [ranking] approach_length_km",
        )
    return np.asarray((radius - MOON_RADIUS_M - heights).min(axis=1))


def _map_axes(x_m: float, y_m: float) -> tuple[F64, F64]:
    """Unit vectors of the map's +x and +y on the sphere at a map point, in the map frame (the map is conformal)."""
    step = 1.0
    here = unit_vectors(x_m, y_m)
    axes = []
    for dx, dy in ((step, 0.0), (0.0, step)):
        there = unit_vectors(x_m + dx, y_m + dy) - unit_vectors(x_m - dx, y_m - dy)
        there -= np.dot(there, here) * here
        axes.append(there / np.linalg.norm(there))
    return axes[0], axes[1]


def _heights_m(terrain: Terrain, x_m: F64, y_m: F64) -> F64:
    """Bilinear heights at map points, from the finest level that knows them; NaN where none does."""
    out = np.full(np.shape(x_m), np.nan)
    for level in terrain.levels():
        grid = level.grid
        u = np.clip((x_m - grid.left_m) / grid.cell_m - 0.5, 0.0, grid.cols - 1.0)
        v = np.clip((grid.top_m - y_m) / grid.cell_m - 0.5, 0.0, grid.rows - 1.0)
        col = np.minimum(u.astype(int), max(grid.cols - 2, 0))
        row = np.minimum(v.astype(int), max(grid.rows - 2, 0))
        right, below = np.minimum(col + 1, grid.cols - 1), np.minimum(row + 1, grid.rows - 1)
        fu, fv = u - col, v - row
        z = level.elevation_m
        value = (1 - fv) * ((1 - fu) * z[row, col] + fu * z[row, right]) + fv * (
            (1 - fu) * z[below, col] + fu * z[below, right]
        )
        on = (x_m >= grid.left_m) & (x_m < grid.right_m) & (y_m > grid.bottom_m) & (y_m <= grid.top_m)
        out = np.where(np.isnan(out) & on, value, out)
    return out
