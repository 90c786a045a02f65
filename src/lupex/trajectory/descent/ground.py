"""The ground under a descent: places below it, and how far above the terrain it flies."""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.frames import map_xy_m
from lupex.kernels.trajectory import descent as kernel
from lupex.model import Terrain
from lupex.model.glance import Glance
from lupex.model.position.fix import enu_axes, place_me_m
from lupex.trajectory.descent.profile import DescentPlan

LAST_M = 1000.0
"""Nearer to the site along the ground the lander comes down on purpose: nothing is asked of the clearance."""


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Approach(Glance):
    """A descent over terrain, (n,) arrays along it where the map shows the ground.

    Attributes:
        to_go_m: ground distance to the site. lat_deg, lon_deg: below the lander. height_m: over the 1737.4 km sphere.
        terrain_m: of the ground. mapped_m: ground distance to go from which on there is a map.
    """

    to_go_m: F64
    lat_deg: F64
    lon_deg: F64
    height_m: F64
    terrain_m: F64
    mapped_m: float

    def _facts(self) -> dict[str, str]:
        return {"map": f"the last {self.mapped_m / 1000.0:.0f} km", "clearance": f"{self.lowest[0]:.0f} m"}

    @property
    def lowest(self) -> tuple[float, float]:
        """Least height over the ground (m) before the last kilometre, and the distance to go there (m)."""
        over = np.where((self.to_go_m > LAST_M) & np.isfinite(self.terrain_m), self.height_m - self.terrain_m, np.inf)
        where = int(np.argmin(over))
        return float(over[where]), float(self.to_go_m[where])


def approach(plan: DescentPlan, site: tuple[float, float], azimuth_true_deg: float, terrain: Terrain) -> Approach:
    """The descent over the terrain, ending at a site along an azimuth.

    Args:
        plan: the nominal descent. site: latitude and east longitude. azimuth_true_deg: of the ground track at the
            site, in the direction of flight, clockwise from true north.
        terrain: to fly over, with its far terrain.
    """
    to_go, radius = plan.track[:, 1 + kernel.X], plan.track[:, 1 + kernel.R]
    up = place_me_m(*site, 0.0) / MOON_RADIUS_M
    east, north, _ = enu_axes(*site)
    azimuth = np.radians(azimuth_true_deg)
    ahead = np.sin(azimuth) * east + np.cos(azimuth) * north
    angle = to_go / plan.radius_m
    below = np.cos(angle)[:, None] * up - np.sin(angle)[:, None] * ahead
    lat = np.degrees(np.arcsin(np.clip(below[:, 2], -1.0, 1.0)))
    lon = np.degrees(np.arctan2(below[:, 1], below[:, 0])) % 360.0
    pole = terrain.grid.pole
    same = lat < 0.0 if pole == "south" else lat > 0.0
    x, y = map_xy_m(np.where(same, lat, -80.0 if pole == "south" else 80.0), lon, pole)
    ground = np.where(same, _cell_heights_m(terrain, x, y), np.nan)
    known = np.isfinite(ground)
    first = int(np.argmax(known)) if known.any() else known.size - 1
    keep = slice(first, None)
    return Approach(
        to_go_m=to_go[keep], lat_deg=lat[keep], lon_deg=lon[keep], height_m=radius[keep] - MOON_RADIUS_M,
        terrain_m=ground[keep], mapped_m=float(to_go[first]),
    )  # fmt: skip


def _cell_heights_m(terrain: Terrain, x_m: F64, y_m: F64) -> F64:
    """Heights of the cells that hold map points (n,), of the finest level that has them; NaN where none does."""
    found = np.full(x_m.size, np.nan)
    for level in terrain.levels():
        g = level.grid
        col = np.floor((x_m - g.left_m) / g.cell_m).astype(np.int64)
        row = np.floor((g.top_m - y_m) / g.cell_m).astype(np.int64)
        inside = np.isnan(found) & (row >= 0) & (row < g.rows) & (col >= 0) & (col < g.cols)
        found[inside] = level.elevation_m[row[inside], col[inside]]
    return found
