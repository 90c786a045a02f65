"""Where pixels lie: a polar stereographic grid without pixels."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import GridError
from lupex.base.frames import Pole, lat_lon_deg, map_xy_m
from lupex.base.gate import numbers_checked

OUTSIDE = -1
"""Row and column of a map point off the grid."""


@numbers_checked
@dataclass(frozen=True)
class Grid:
    """Square cells on the polar stereographic map of the 1737.4 km sphere (IAU_2015:30135 / 30130).

    Row 0 is at the top (largest y); column 0 at the left (smallest x). ``left_m`` and
    ``top_m`` are the *outer edges* of the first cell, so the centre of cell (row, col) is
    ``x = left_m + (col + 0.5) cell_m``, ``y = top_m - (row + 0.5) cell_m``.
    """

    pole: Pole
    rows: int
    cols: int
    cell_m: float
    left_m: float
    top_m: float

    def __post_init__(self) -> None:
        if self.pole not in ("south", "north"):
            raise GridError(f"grid: pole is '{self.pole}'", "use 'south' or 'north'")
        if self.rows < 1 or self.cols < 1:
            raise GridError(f"grid: {self.rows} rows x {self.cols} columns", "both must be at least 1")
        if not (math.isfinite(self.cell_m) and self.cell_m > 0):
            raise GridError(f"grid: cell size {self.cell_m} m", "it must be positive")
        if not (math.isfinite(self.left_m) and math.isfinite(self.top_m)):
            raise GridError("grid: the origin is not finite")

    @classmethod
    def centred(cls, pole: Pole, x_m: float, y_m: float, size: int, cell_m: float) -> "Grid":
        """A square grid of ``size`` x ``size`` cells around map point (x, y)."""
        half = size * cell_m / 2.0
        return cls(pole, size, size, cell_m, x_m - half, y_m + half)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return (self.rows, self.cols)

    @property
    def right_m(self) -> float:
        """Outer right edge."""
        return self.left_m + self.cols * self.cell_m

    @property
    def bottom_m(self) -> float:
        """Outer bottom edge."""
        return self.top_m - self.rows * self.cell_m

    @property
    def words(self) -> str:
        """'380 x 380 cells of 1600 m, south'."""
        return f"{self.rows} x {self.cols} cells of {self.cell_m:g} m, {self.pole}"

    @property
    def crs_name(self) -> str:
        """The IAU code of the map projection."""
        return "IAU_2015:30135" if self.pole == "south" else "IAU_2015:30130"

    def x_m(self) -> NDArray[np.float64]:
        """Column centres (cols,)."""
        return self.left_m + (np.arange(self.cols, dtype=np.float64) + 0.5) * self.cell_m

    def y_m(self) -> NDArray[np.float64]:
        """Row centres (rows,), from the top down."""
        return self.top_m - (np.arange(self.rows, dtype=np.float64) + 0.5) * self.cell_m

    def xy_m(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Cell centres as two (rows, cols) arrays."""
        x, y = np.meshgrid(self.x_m(), self.y_m())
        return x, y

    def lat_lon_deg(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Latitude and east longitude of the cell centres, two (rows, cols) arrays."""
        return lat_lon_deg(*self.xy_m(), self.pole)

    def cell_area_m2(self) -> NDArray[np.float64]:
        """True area of each cell on the sphere (rows, cols): map area over the scale factor squared."""
        from lupex.base.constants import MOON_RADIUS_M

        x, y = self.xy_m()
        scale = 1.0 + (x * x + y * y) / (4.0 * MOON_RADIUS_M**2)
        return np.asarray(self.cell_m**2 / scale**2)

    def contains(self, x_m: float, y_m: float) -> bool:
        """Whether map point (x, y) lies on a cell."""
        return self.left_m <= x_m < self.right_m and self.bottom_m < y_m <= self.top_m

    def row_col(self, lat_deg: float, lon_deg: float) -> tuple[int, int]:
        """Cell that holds a place. Raises GridError when the place is off the grid.

        Args:
            lat_deg, lon_deg: latitude and east longitude.
        """
        x, y = (float(v) for v in map_xy_m(lat_deg, lon_deg, self.pole))
        if not self.contains(x, y):
            raise GridError(
                f"({lat_deg:g}, {lon_deg:g}) lies off the grid (x {x:.0f} m, y {y:.0f} m; grid x "
                f"{self.left_m:.0f}..{self.right_m:.0f}, y {self.bottom_m:.0f}..{self.top_m:.0f} m, {self.pole} pole)",
                "give a latitude and longitude inside the DEM",
            )
        return self.cell_of(x, y)

    def cell_of(self, x_m: float, y_m: float) -> tuple[int, int]:
        """Row and column of the cell a map point lies in; on an edge the right and lower one, as in `cells_of`.

        Raises GridError when the point is off the grid.
        """
        if not self.contains(x_m, y_m):
            raise GridError(f"x {x_m:.0f} m, y {y_m:.0f} m lies off the grid", "give a point inside the DEM")
        col = int((x_m - self.left_m) // self.cell_m)
        row = int((self.top_m - y_m) // self.cell_m)
        return min(row, self.rows - 1), min(col, self.cols - 1)

    def cells_of(
        self, x_m: NDArray[np.float64], y_m: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Row and column of map points (n,), both `OUTSIDE` for points off the grid.

        A point on an edge belongs to the right and lower cell.
        """
        col = np.floor((np.asarray(x_m) - self.left_m) / self.cell_m).astype(np.int64)
        row = np.floor((self.top_m - np.asarray(y_m)) / self.cell_m).astype(np.int64)
        off = (row < 0) | (row >= self.rows) | (col < 0) | (col >= self.cols)
        return np.where(off, OUTSIDE, row), np.where(off, OUTSIDE, col)

    def crop(self, row: int, col: int, rows: int, cols: int) -> "Grid":
        """The part of this grid that starts at (row, col). Raises GridError when it sticks out."""
        if row < 0 or col < 0 or row + rows > self.rows or col + cols > self.cols:
            raise GridError(f"crop {rows}x{cols} at ({row}, {col}) sticks out of a {self.rows}x{self.cols} grid")
        return Grid(self.pole, rows, cols, self.cell_m, self.left_m + col * self.cell_m, self.top_m - row * self.cell_m)
