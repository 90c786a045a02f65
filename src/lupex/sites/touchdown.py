"""Probability of a safe touchdown: every aim point by exact convolution, one aim point checked by Monte Carlo.

Theory: docs/theory/touchdown.md.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.errors import GridError, InputError
from lupex.model import DispersionSettings, Grid, Touchdown
from lupex.model.fields.terrain import frozen
from lupex.sites.dispersion import Dispersion, cell_shares, kernel
from lupex.sites.hazard import HazardMap

Layer = NDArray[np.floating]

LEAST_INSIDE = 1e-6
"""Aim points with less of their dispersion on known cells have no probability."""

MOST_OUTSIDE = 0.01
"""A best aim point has no more of its dispersion off the map than this, or than the aim point it is to improve."""


@dataclass(frozen=True, eq=False)
class TouchdownMap:
    """Probability (row, col) of a safe touchdown for an aim at each cell's centre, of the part that comes down on
    known cells of the map; ``share_outside`` (row, col) is the rest. NaN where next to nothing comes down inside."""

    grid: Grid
    probability: F64
    share_outside: F64

    def __post_init__(self) -> None:
        object.__setattr__(self, "probability", frozen(self.probability))
        object.__setattr__(self, "share_outside", frozen(self.share_outside))


def avoided(hazard: Layer, grid: Grid, radius_m: float, success_fraction: float) -> F64:
    """Hazard (row, col) left after avoidance: ``hazard (1 - s) + s min(hazard within the radius)``.

    Within ``radius_m`` (map metres, between cell centres) the lander picks the safest cell and succeeds with
    probability s. Choosing between footprints inside one cell is not credited, so over coarse cells this is cautious.
    NaN stays NaN and is never chosen. Raises InputError for a negative radius or s outside 0..1.

    Args:
        hazard: (row, col) probability of unsafe ground.
        grid: of the hazard map.
        success_fraction: probability s that avoidance succeeds.
    """
    if not (radius_m >= 0.0 and 0.0 <= success_fraction <= 1.0):
        raise InputError(
            f"hazard avoidance: radius {radius_m:g} m, success {success_fraction:g}",
            "give a radius of 0 or more and a success of 0 to 1",
        )
    h = _checked(hazard, grid)
    if success_fraction == 0.0 or radius_m < grid.cell_m:
        return h
    least = _disc_minimum(np.where(np.isnan(h), np.inf, h), radius_m / grid.cell_m)
    return h * (1.0 - success_fraction) + success_fraction * np.where(np.isnan(h), np.nan, least)


def touchdown_map(hazard: Layer, grid: Grid, dispersion: Dispersion) -> TouchdownMap:
    """Probability of a safe touchdown for every aim point: 1 - hazard correlated with the dispersion.

    The dispersion is integrated over cells and is the same for every aim point (exact for a grid that is small
    against its distance from the pole; the track turns with the convergence otherwise). ``hazard`` (row, col) is 0..1,
    NaN where unknown. Zero-padded FFT, so nothing wraps round. Raises GridError for another shape.
    """
    from scipy import fft

    h = _checked(hazard, grid)
    known = ~np.isnan(h)
    shares = kernel(dispersion, grid.cell_m, (grid.rows - 1, grid.cols - 1))
    up, left = shares.shape[0] // 2, shares.shape[1] // 2
    size = (fft.next_fast_len(grid.rows + up, real=True), fft.next_fast_len(grid.cols + left, real=True))
    spectrum = np.conj(fft.rfft2(shares, s=size, workers=-1))

    def over(values: F64) -> F64:
        padded = np.zeros(size)
        padded[up : up + grid.rows, left : left + grid.cols] = values
        there = fft.rfft2(padded, workers=-1, overwrite_x=True)
        there *= spectrum
        return np.asarray(fft.irfft2(there, s=size, workers=-1, overwrite_x=True)[: grid.rows, : grid.cols])

    safe = over(np.where(known, 1.0 - h, 0.0))
    inside = np.clip(_inside(shares, grid.shape) if known.all() else over(known.astype(np.float64)), 0.0, 1.0)
    enough = inside > LEAST_INSIDE
    probability = np.clip(safe / np.where(enough, inside, 1.0), 0.0, 1.0)
    return TouchdownMap(grid, np.where(enough, probability, np.nan), 1.0 - inside)


def touchdown_at(
    hazards: HazardMap,
    aim_m: tuple[float, float],
    dispersion: Dispersion,
    settings: DispersionSettings,
    rng: np.random.Generator,
) -> Touchdown:
    """Probability of a safe touchdown aimed at map point (x, y), with its checks and the best aim point near it.

    All probabilities are of the part of the dispersion that comes down on known cells. The Monte Carlo draws landing
    errors, the luck of the avoidance and the hazard met, so it shares nothing with the exact sum but the hazard map.
    ``terms``: mean hazard over the dispersion by cause before avoidance, and 'share_outside'. Raises InputError when
    nothing of the dispersion comes down on known cells.

    Args:
        hazards: probability of unsafe ground, by cause.
        aim_m: map point (x, y).
        dispersion: ellipse of the landing error.
        settings: avoidance, Monte Carlo samples, search of a better aim point.
        rng: of the Monte Carlo.
    """
    grid, hazard = hazards.grid, np.asarray(hazards["hazard_probability"], np.float64)
    after = avoided(hazard, grid, settings.avoid_radius_m, settings.avoid_success_fraction)
    shares = np.where(np.isnan(hazard), 0.0, cell_shares(dispersion, grid, aim_m))
    inside = float(shares.sum())
    if inside <= LEAST_INSIDE:
        raise InputError(
            f"touchdown: none of the dispersion around x {aim_m[0]:.0f} m, y {aim_m[1]:.0f} m lies on known terrain",
            "aim inside the map, or give a DEM that covers the place",
        )

    def mean(layer: Layer) -> float:
        return float((shares * np.where(shares > 0.0, layer, 0.0)).sum() / inside)

    drawn, error = _drawn(hazard, grid, aim_m, dispersion, settings, rng)
    probability = 1.0 - mean(after)
    best, offset = _best_aim(touchdown_map(after, grid, dispersion), aim_m, settings.aim_search_m, 1.0 - inside)
    names = {"slope": "slope_hazard", "step": "step_hazard", "rocks": "rock_hazard"}
    terms = {name: mean(hazards[layer]) for name, layer in names.items()}
    if not best > probability:
        best, offset = probability, (0.0, 0.0)
    return Touchdown(
        probability=probability,
        without_avoidance=1.0 - mean(hazard),
        monte_carlo=drawn,
        monte_carlo_error=error,
        best_aim_probability=best,
        best_aim_offset_m=offset,
        terms=terms | {"share_outside": max(0.0, 1.0 - inside)},
    )


def _inside(shares: F64, shape: tuple[int, int]) -> F64:
    """Share of the dispersion on a map without gaps for an aim at each cell: window sums of the shares."""
    sums = np.pad(np.cumsum(np.cumsum(shares, axis=0), axis=1), ((1, 0), (1, 0)))
    (r0, r1), (c0, c1) = (_window(count, side) for count, side in zip(shape, shares.shape, strict=True))
    return np.asarray(sums[np.ix_(r1, c1)] - sums[np.ix_(r0, c1)] - sums[np.ix_(r1, c0)] + sums[np.ix_(r0, c0)])


def _window(count: int, side: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last + 1 index of the shares that stay on a map of ``count`` cells, for an aim at each."""
    at, reach = np.arange(count), side // 2
    return np.maximum(reach - at, 0), np.minimum(count - at + reach, side)


def _drawn(
    hazard: F64,
    grid: Grid,
    aim_m: tuple[float, float],
    dispersion: Dispersion,
    settings: DispersionSettings,
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Share of drawn touchdowns that are safe among those on known cells, and its 1-sigma error."""
    offsets = dispersion.draw(settings.draws, rng)
    col = np.floor((aim_m[0] + offsets[:, 0] - grid.left_m) / grid.cell_m).astype(int)
    row = np.floor((grid.top_m - aim_m[1] - offsets[:, 1]) / grid.cell_m).astype(int)
    on = (row >= 0) & (row < grid.rows) & (col >= 0) & (col < grid.cols)
    row, col = row[on], col[on]
    safest = avoided(hazard, grid, settings.avoid_radius_m, 1.0)
    dodged = rng.random(row.size) < settings.avoid_success_fraction
    met = np.where(dodged, safest[row, col], hazard[row, col])
    met = met[~np.isnan(met)]
    if met.size == 0:
        return math.nan, math.nan
    share = float((rng.random(met.size) >= met).mean())
    # Laplace's rule keeps the error above 0 when every draw ends alike.
    smoothed = (share * met.size + 1.0) / (met.size + 2.0)
    return share, math.sqrt(smoothed * (1.0 - smoothed) / met.size)


def _best_aim(
    touchdowns: TouchdownMap, aim_m: tuple[float, float], radius_m: float, outside: float
) -> tuple[float, tuple[float, float]]:
    """Highest probability within a radius of the aim, and where: offset east, north from the aim (map metres)."""
    grid = touchdowns.grid
    east, north = grid.x_m() - aim_m[0], grid.y_m() - aim_m[1]
    near = east[None, :] ** 2 + north[:, None] ** 2 <= radius_m**2
    near &= (touchdowns.share_outside <= max(MOST_OUTSIDE, outside + 1e-9)) & np.isfinite(touchdowns.probability)
    if not near.any():
        return math.nan, (0.0, 0.0)
    row, col = np.unravel_index(int(np.argmax(np.where(near, touchdowns.probability, -1.0))), grid.shape)
    return float(touchdowns.probability[row, col]), (float(east[col]), float(north[row]))


def _disc_minimum(values: F64, radius: float) -> F64:
    """Minimum over the cells whose centres lie within ``radius`` cells, beyond the map nothing; row by row of the disc.

    Equal to scipy's minimum_filter with a disc as footprint, in 2 r instead of pi r^2 steps.
    """
    from scipy.ndimage import minimum_filter1d

    result = np.full(values.shape, np.inf)
    for down in range(min(math.floor(radius), values.shape[0] - 1) + 1):
        half = math.floor(math.sqrt(max(radius * radius - down * down, 0.0)) + 1e-9)
        least = minimum_filter1d(values, 2 * half + 1, axis=1, mode="constant", cval=np.inf) if half else values
        if down == 0:
            np.minimum(result, least, out=result)
            continue
        np.minimum(result[down:], least[:-down], out=result[down:])
        np.minimum(result[:-down], least[down:], out=result[:-down])
    return result


def _checked(hazard: Layer, grid: Grid) -> F64:
    h = np.array(hazard, np.float64)
    if h.shape != grid.shape:
        raise GridError(f"touchdown: hazard has shape {h.shape}, its grid {grid.shape}")
    if np.any((h < 0.0) | (h > 1.0)):
        raise InputError("touchdown: hazard below 0 or above 1", "give probabilities")
    return h
