"""What lies around the rover: ground, light over time, and when the Earth hears it."""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.model import Terrain


@dataclass(frozen=True, eq=False, kw_only=True)
class Surroundings:
    """Ground and light of a place.

    Attributes:
        terrain: the rover drives on. light_tai_s: (n,) times, rising, TAI since 1958.
        disc_fraction: (n,) visible share of the Sun's disc. sun_elevation_deg: (n,). Both are those of the place the
            rover starts from; along a day's drive of some hundred metres they are taken as equal.
    """

    terrain: Terrain
    light_tai_s: F64
    disc_fraction: F64
    sun_elevation_deg: F64

    def light(self, tai_s: float) -> tuple[float, float]:
        """Share of the Sun's disc in view and the Sun's elevation (deg), linear between times."""
        return (
            float(np.interp(tai_s, self.light_tai_s, self.disc_fraction)),
            float(np.interp(tai_s, self.light_tai_s, self.sun_elevation_deg)),
        )

    def slopes_deg(self, x_m: float, y_m: float, heading_grid_deg: float) -> tuple[float, float]:
        """Pitch (nose up) and roll (right side down) of level ground under a rover, from heights half a cell around.

        Raises InputError off the map.
        """
        half = 0.5 * self.terrain.grid.cell_m
        east = (self._height(x_m + half, y_m) - self._height(x_m - half, y_m)) / (2.0 * half)
        north = (self._height(x_m, y_m + half) - self._height(x_m, y_m - half)) / (2.0 * half)
        heading = np.radians(heading_grid_deg)
        ahead = east * np.sin(heading) + north * np.cos(heading)
        right = east * np.cos(heading) - north * np.sin(heading)
        return float(np.degrees(np.arctan(ahead))), float(np.degrees(np.arctan(-right)))

    def _height(self, x_m: float, y_m: float) -> float:
        grid = self.terrain.grid
        col, row = (x_m - grid.left_m) / grid.cell_m - 0.5, (grid.top_m - y_m) / grid.cell_m - 0.5
        if not (0.0 <= row < grid.rows - 1 and 0.0 <= col < grid.cols - 1):
            raise InputError(f"x {x_m:.0f} m, y {y_m:.0f} m lies off the map", "keep drives on it")
        i, j = int(row), int(col)
        v, u = row - i, col - j
        z = self.terrain.elevation_m[i : i + 2, j : j + 2].astype(np.float64)
        return float((1 - v) * ((1 - u) * z[0, 0] + u * z[0, 1]) + v * ((1 - u) * z[1, 0] + u * z[1, 1]))
