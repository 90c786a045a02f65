"""Many grounds for one map: published clones, errors drawn with a correlation length, or seeds of synthetic relief.

A ground is a terrain as it might be. All of an ensemble are equally likely. See docs/theory/many_grounds.md.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from lupex.base.arrays import F32, F64
from lupex.base.digest import settings_sha256
from lupex.base.errors import GridError, InputError
from lupex.model import Grid, Terrain
from lupex.terrain.refine import fine_grid, refine

LARGEST_SIGMA_M = 200.0
"""No published lunar DEM states a larger error: a map of larger ones is in another unit, or no map of errors."""
LIKE_THE_MAP, LIKE_AN_ERROR = 0.5, 0.2
"""A clone whose heights spread at least half as far as the map's is a whole surface; at most a fifth, an error."""
SAMPLES_A_WIDTH = 4.0
"""Points of the random field for each width of its kernel: more would change it by less than 0.2 %."""


def error_field(grid: Grid, length_m: float, rng: np.random.Generator) -> F32:
    """A random field (row, col) of mean 0 and variance 1 whose correlation is exp(-(d / length)^2).

    Args:
        grid: cells. length_m: distance at which the correlation has fallen to 1/e.
        rng: what it is drawn with.

    Raises InputError for a length that is not positive.
    """
    from scipy.ndimage import gaussian_filter1d, map_coordinates

    if not (math.isfinite(length_m) and length_m > 0.0):
        raise InputError(f"errors of the DEM: correlation length {length_m:g} m", "give a positive length")
    # White noise through a Gaussian of width w correlates as exp(-d^2 / 4 w^2).
    width = 0.5 * length_m / grid.cell_m
    step = max(1.0, width / SAMPLES_A_WIDTH)
    width /= step
    border = math.ceil(4.0 * width) + 3
    rows, cols = (math.ceil(cells / step) + 2 * border for cells in grid.shape)
    noise = rng.standard_normal((rows, cols))
    impulse = np.zeros(2 * border + 1)
    impulse[border] = 1.0
    kernel = gaussian_filter1d(impulse, width, mode="constant")
    smooth = gaussian_filter1d(gaussian_filter1d(noise, width, axis=0, mode="constant"), width, axis=1, mode="constant")
    smooth /= (kernel**2).sum()
    if step == 1.0:
        whole = smooth[border : border + grid.rows, border : border + grid.cols]
    else:
        at = np.meshgrid(border + np.arange(grid.rows) / step, border + np.arange(grid.cols) / step, indexing="ij")
        whole = map_coordinates(smooth, at, order=3)
    return np.asarray(whole, np.float32)


def drawn_errors(
    terrain: Terrain, sigma_m: F64 | F32 | float, length_m: float, count: int, rng: np.random.Generator
) -> Iterator[Terrain]:
    """Grounds that differ from a map by errors of stated size and correlation length.

    Args:
        terrain: the map; what lies around it is taken as it is.
        sigma_m: standard deviation of its heights, one for all or (row, col); NaN counts as the median of the others.
        length_m: distance at which the correlation of errors has fallen to 1/e.
        count: number of grounds. rng: what they are drawn with.

    Raises InputError for errors that cannot be (negative, or so large that the unit must be another), GridError for a
    map of errors on another grid.
    """
    sigma = checked_sigma(terrain.grid, sigma_m)
    for number in range(count):
        error = sigma * error_field(terrain.grid, length_m, rng)
        yield _moved(terrain, error, f"error {number + 1} of {count}", length_m)


def checked_sigma(grid: Grid, sigma_m: F64 | F32 | float) -> F32:
    """Standard deviations (row, col) or one, after checks. Raises as `drawn_errors`.

    Args:
        grid: of the map. sigma_m: one for all or (row, col).
    """
    sigma = np.asarray(sigma_m, np.float32)
    if sigma.ndim and sigma.shape != grid.shape:
        raise GridError(
            f"map of errors: {sigma.shape[0]} x {sigma.shape[1]} cells, the DEM has {grid.rows} x {grid.cols}",
            "give the error map of this very DEM",
        )
    known = sigma[np.isfinite(sigma)]
    if known.size == 0:
        raise InputError("map of errors: no value in it", "give one that covers the DEM")
    if float(known.min()) < 0.0:
        raise InputError(f"map of errors: smallest value {known.min():g} m", "standard deviations are not negative")
    typical = float(np.median(known))
    if typical > LARGEST_SIGMA_M:
        raise InputError(
            f"map of errors: median {typical:g} m, more than {LARGEST_SIGMA_M:g} m",
            "give it in metres: is it in centimetres, or a map of heights?",
        )
    return np.where(np.isfinite(sigma), sigma, np.float32(typical)).astype(np.float32)


def cloned(terrain: Terrain, clones: Sequence[Terrain]) -> Iterator[Terrain]:
    """Grounds from published clones, whether these hold whole surfaces or errors to be added.

    The two are told apart by their heights: a clone that spreads like the map is a surface, one that spreads far less
    is an error.

    Args:
        terrain: the map. clones: on its grid, as read.

    Raises GridError for another grid, InputError for a clone that is neither.
    """
    for clone in clones:
        yield _moved(terrain, clone_error(terrain, clone), f"clone {clone.source}", 0.0)


def clone_error(terrain: Terrain, clone: Terrain) -> F32:
    """What a clone adds to the map (row, col), m. Raises as `cloned`.

    Args:
        terrain: the map. clone: on its grid, a whole surface or an error.
    """
    name = clone.source or "clone"
    if clone.grid != terrain.grid:
        raise GridError(
            f"{name}: {clone.grid.words} from ({clone.grid.left_m:g}, {clone.grid.top_m:g}) m; the DEM has "
            f"{terrain.grid.words} from ({terrain.grid.left_m:g}, {terrain.grid.top_m:g}) m",
            "give the clones of this very DEM",
        )
    both = np.isfinite(clone.elevation_m) & np.isfinite(terrain.elevation_m)
    if both.sum() < 2:
        raise InputError(f"{name}: no height in common with the DEM", "give the clones of this very DEM")
    ours, theirs = terrain.elevation_m[both].astype(np.float64), clone.elevation_m[both].astype(np.float64)
    spread, its = float(ours.std()), float(theirs.std())
    if its >= LIKE_THE_MAP * spread:
        difference = theirs - ours
        if float(difference.std()) > LIKE_AN_ERROR * spread:
            turned = float((theirs + ours).std()) <= LIKE_AN_ERROR * spread
            fix = "its sign is turned" if turned else "give the clones of this very DEM"
            raise InputError(
                f"{name}: spreads like a whole surface ({its:.3g} m, the DEM {spread:.3g} m) but is not this one: "
                f"differs by {difference.std():.3g} m", fix,
            )  # fmt: skip
        error = clone.elevation_m - terrain.elevation_m
    elif its <= LIKE_AN_ERROR * spread and abs(float(theirs.mean())) <= LARGEST_SIGMA_M:
        error = clone.elevation_m
    else:
        raise InputError(
            f"{name}: heights spread {its:.3g} m about {theirs.mean():.4g} m, those of the DEM {spread:.3g} m: "
            "neither a whole surface nor an error", "give clones of this DEM, in metres",
        )  # fmt: skip
    return np.where(np.isfinite(error), error, np.float32(0.0)).astype(np.float32)


def seeded(
    coarse: Terrain, at_m: tuple[float, float], size_m: float, cell_m: float, count: int, rng: np.random.Generator
) -> Iterator[Terrain]:
    """Grounds around a map point that differ by the seed of the synthetic relief.

    Args:
        coarse: the map. at_m: map point x, y in the middle. size_m, cell_m: side and cells of the grounds.
        count: number of grounds. rng: what the seeds are drawn with.
    """
    grid = fine_grid(coarse.grid, *at_m, size_m, cell_m)
    for _ in range(count):
        yield refine(coarse, grid, rng)


def enough_grounds(count: int, share: float) -> None:
    """Raise InputError when ``count`` grounds cannot hold a quantile: fewer than one is expected beyond it.

    Args:
        count: of grounds. share: the quantile, 0 to 1.
    """
    tail = min(share, 1.0 - share)
    needed = math.ceil(1.0 / tail - 1e-9) if tail > 0.0 else 0
    if needed and count < needed:
        raise InputError(
            f"{count} grounds are too few for the {100.0 * share:g} % quantile", f"ask for {needed} grounds or more"
        )


def band(values: Sequence[float]) -> tuple[float, float, float]:
    """The 5 %, 50 % and 95 % quantiles of a number over an ensemble; 20 grounds or more.

    Args:
        values: one for each ground.

    Raises InputError for too few.
    """
    enough_grounds(len(values), 0.05)
    low, middle, high = np.quantile(np.asarray(values, np.float64), [0.05, 0.5, 0.95], method="weibull")
    return float(low), float(middle), float(high)


def _moved(terrain: Terrain, error_m: F32, words: str, length_m: float) -> Terrain:
    heights = terrain.elevation_m + error_m
    digest = settings_sha256([terrain.sha256, words, length_m, float(np.abs(error_m).sum(dtype=np.float64))])
    return replace(terrain, elevation_m=heights.astype(np.float32), sha256=digest)
