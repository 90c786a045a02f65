"""Where a lander comes down when it aims at a point: an ellipse or samples, integrated over map cells."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import InputError, MissionError
from lupex.base.frames import convergence_deg
from lupex.model import DispersionSettings, Grid
from lupex.model.fields.terrain import frozen

REACH_SIGMAS = 6.5
"""Beyond this many sigmas a dispersion is left out: 7e-10 of it."""


@dataclass(frozen=True, eq=False)
class Dispersion:
    """Landing error on the map around the aim point, map metres, axes (east = +x, north = +y).

    ``covariance_m2`` (2, 2); ``offsets_m`` (n, 2) when the dispersion is given by samples, else None.
    """

    covariance_m2: F64
    offsets_m: F64 | None = None

    def __post_init__(self) -> None:
        c = np.asarray(self.covariance_m2, np.float64)
        if c.shape != (2, 2) or not np.isfinite(c).all():
            raise MissionError("[dispersion]: the covariance is not 2 x 2 finite numbers", "give 2 x 2 numbers in m2")
        determinant = c[0, 0] * c[1, 1] - c[0, 1] * c[1, 0]
        even = abs(c[0, 1] - c[1, 0]) <= 1e-9 * math.sqrt(abs(c[0, 0] * c[1, 1]))
        if self.offsets_m is None and not (even and c[0, 0] > 0.0 and c[1, 1] > 0.0 and determinant > 0.0):
            raise MissionError(
                f"[dispersion]: the covariance [[{c[0, 0]:g}, {c[0, 1]:g}], [{c[1, 0]:g}, {c[1, 1]:g}]] m2 is not "
                f"positive definite (determinant {determinant:g})",
                "give positive variances and a covariance smaller than the root of their product",
            )
        object.__setattr__(self, "covariance_m2", frozen(c))
        if self.offsets_m is not None:
            object.__setattr__(self, "offsets_m", frozen(np.asarray(self.offsets_m, np.float64)))

    def draw(self, count: int, rng: np.random.Generator) -> F64:
        """``count`` landing errors (count, 2), east and north in map metres; samples are drawn with replacement."""
        if self.offsets_m is not None:
            return np.asarray(self.offsets_m[rng.integers(0, len(self.offsets_m), count)])
        return np.asarray(rng.standard_normal((count, 2)) @ np.linalg.cholesky(self.covariance_m2).T)


def ellipse(along_sigma_m: float, cross_sigma_m: float, azimuth_grid_deg: float) -> Dispersion:
    """Dispersion with 1-sigma semi-axes along and across a direction (deg clockwise from the map's +y).

    Args:
        along_sigma_m, cross_sigma_m: one-sigma semi-axes.
        azimuth_grid_deg: of the axis along the track.

    Raises MissionError when an axis is not positive.
    """
    if not (along_sigma_m > 0.0 and cross_sigma_m > 0.0 and math.isfinite(along_sigma_m * cross_sigma_m)):
        raise MissionError(
            f"[dispersion]: semi-axes of {along_sigma_m:g} m and {cross_sigma_m:g} m are no ellipse "
            "(the covariance is not positive definite)",
            "give two positive lengths",
        )
    azimuth = math.radians(azimuth_grid_deg)
    axes = np.array([[math.sin(azimuth), math.cos(azimuth)], [math.cos(azimuth), -math.sin(azimuth)]])
    return Dispersion(axes.T @ np.diag([along_sigma_m**2, cross_sigma_m**2]) @ axes)


def samples(offsets_m: ArrayLike) -> Dispersion:
    """Dispersion given by landing errors (n, 2), east and north in map metres. Raises InputError for fewer than two."""
    offsets = np.asarray(offsets_m, np.float64)
    if offsets.ndim != 2 or offsets.shape[1] != 2 or len(offsets) < 2 or not np.isfinite(offsets).all():
        raise InputError(f"dispersion: samples of shape {offsets.shape}", "give two or more finite (east, north) rows")
    return Dispersion(np.cov(offsets.T), offsets)


def dispersion_at(settings: DispersionSettings, grid: Grid, aim_m: tuple[float, float]) -> Dispersion:
    """A mission's ellipse at an aim point (map x, y): track turned to the grid there, ground metres to map metres."""
    x, y = aim_m
    scale = 1.0 + (x * x + y * y) / (4.0 * MOON_RADIUS_M**2)
    azimuth_grid_deg = settings.track_azimuth_true_deg + float(convergence_deg(x, y, grid.pole))
    return ellipse(settings.along_sigma_m * scale, settings.cross_sigma_m * scale, azimuth_grid_deg)


def cell_shares(dispersion: Dispersion, grid: Grid, aim_m: tuple[float, float]) -> F64:
    """Share of the dispersion (row, col) that comes down in each cell when aimed at map point (x, y).

    The density integrated over the cell, not sampled at its centre; the sum falls short of 1 by what misses the grid.

    Args:
        dispersion: ellipse of the landing error.
        grid: whose cells are integrated over.
        aim_m: map point (x, y).
    """
    shares = np.zeros(grid.shape)
    left, top = aim_m[0] - grid.left_m, grid.top_m - aim_m[1]
    if dispersion.offsets_m is not None:
        col = np.floor((left + dispersion.offsets_m[:, 0]) / grid.cell_m).astype(int)
        row = np.floor((top - dispersion.offsets_m[:, 1]) / grid.cell_m).astype(int)
        on = (col >= 0) & (col < grid.cols) & (row >= 0) & (row < grid.rows)
        np.add.at(shares, (row[on], col[on]), 1.0 / len(dispersion.offsets_m))
        return shares
    reach = REACH_SIGMAS * np.sqrt(np.diag(dispersion.covariance_m2)) / grid.cell_m
    cols = _span(left / grid.cell_m, reach[0], grid.cols)
    rows = _span(top / grid.cell_m, reach[1], grid.rows)
    if cols[0] < cols[1] and rows[0] < rows[1]:
        x_edges = np.arange(cols[0], cols[1] + 1, dtype=np.float64) * grid.cell_m - left
        y_edges = top - np.arange(rows[0], rows[1] + 1, dtype=np.float64) * grid.cell_m
        shares[rows[0] : rows[1], cols[0] : cols[1]] = _integrals(dispersion.covariance_m2, x_edges, y_edges)
    return shares


def kernel(dispersion: Dispersion, cell_m: float, largest: tuple[int, int]) -> F64:
    """Shares (2 h + 1, 2 w + 1) of the cells around the one aimed at; h, w at most ``largest`` (rows, cols)."""
    if dispersion.offsets_m is not None:
        reach = np.abs(dispersion.offsets_m).max(axis=0) / cell_m
    else:
        reach = REACH_SIGMAS * np.sqrt(np.diag(dispersion.covariance_m2)) / cell_m
    w, h = (min(math.ceil(reach[0] + 0.5), largest[1]), min(math.ceil(reach[1] + 0.5), largest[0]))
    square = Grid("south", 2 * h + 1, 2 * w + 1, cell_m, -(w + 0.5) * cell_m, (h + 0.5) * cell_m)
    return cell_shares(dispersion, square, (0.0, 0.0))


def _span(centre: float, reach: float, count: int) -> tuple[int, int]:
    return max(0, math.floor(centre - reach)), min(count, math.ceil(centre + reach))


def _integrals(covariance: F64, x_edges: F64, y_edges: F64) -> F64:
    """Bivariate normal mass (y cell, x cell); ``y_edges`` fall. Exact across y, Gauss-Legendre across x."""
    from scipy.special import ndtr

    sigma_x, sigma_y = np.sqrt(covariance[0, 0]), np.sqrt(covariance[1, 1])
    rho = covariance[0, 1] / (sigma_x * sigma_y)
    if abs(rho) < 1e-12:
        return np.asarray(-np.outer(np.diff(ndtr(y_edges / sigma_y)), np.diff(ndtr(x_edges / sigma_x))))
    rest = np.sqrt((1.0 - rho) * (1.0 + rho))
    cell = float(x_edges[1] - x_edges[0])
    narrow = sigma_x * rest
    panels = max(1, math.ceil(cell / narrow))
    nodes, weights = np.polynomial.legendre.leggauss(2 if cell <= 0.5 * narrow else 5)
    at = (np.arange(panels)[:, None] + 0.5 + 0.5 * nodes).ravel() / panels
    weight = np.tile(weights, panels) * 0.5 * cell / panels
    result = np.zeros((y_edges.size - 1, x_edges.size - 1))
    for share, w in zip(at, weight, strict=True):
        x = x_edges[:-1] + share * cell
        density = w * np.exp(-0.5 * (x / sigma_x) ** 2) / (sigma_x * np.sqrt(2.0 * np.pi))
        below = ndtr((y_edges[:, None] - (rho * sigma_y / sigma_x) * x[None, :]) / (sigma_y * rest))
        result -= np.diff(below, axis=0) * density
    return result
