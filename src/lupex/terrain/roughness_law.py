"""How strong each part of the synthetic relief must be so that the whole follows published slope statistics.

Target: the median bidirectional slope at baseline L is ``median_slope (L / baseline)^(H - 1)``.
The coarse terrain already has slopes of its own; what is missing is left to craters of a
published population and to fractal octaves. Derivation: docs/theory/synthetic_relief.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked
from lupex.model.settings.setting import ASSUMPTION, setting
from lupex.terrain.conserving import REACH, smooth_means
from lupex.terrain.relief import RIM_REACH, crater_profile, craters, stamp

BASELINE_POSTS = np.exp2(-np.arange(2.0, 8.0))
"""Baselines at which the strengths are settled, in post spacings: 1/4 ... 1/128."""

OCTAVES = 9
"""Octaves looked at to settle the strengths; narrower ones do not reach the shortest baseline, posts / 128."""

NARROWEST_CRATER_CELLS = 3.0
"""Craters narrower than this many fine cells are left out."""

ROSENBURG = "Rosenburg et al. 2011, JGR 116, E02001, Table 2, south polar region (read in secondary transcriptions)"
XIAO_WERNER = "Xiao and Werner 2015, JGR Planets 120, 2277, as quoted by Minton et al. 2019 (0.009 r^-2)"


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class RefineSettings:
    """What the relief below the post spacing must look like."""

    median_slope_deg: float = setting(
        7.6, "median bidirectional slope at slope_baseline_m; 0 adds no relief", ROSENBURG, 0.0, 30.0
    )
    slope_baseline_m: float = setting(17.0, "baseline of median_slope_deg", ROSENBURG, 0.1)
    hurst: float = setting(0.95, "Hurst exponent: how slope falls with baseline", ROSENBURG, 0.3, 1.0)
    crater_density: float = setting(
        0.036, "craters wider than D per D^2 of ground, where the slopes leave room for them", XIAO_WERNER, 0.0, 0.16
    )
    crater_share: float = setting(
        0.5, "largest part of the synthetic slope variance that craters may have", ASSUMPTION, 0.0, 1.0
    )
    widest_crater_posts: float = setting(
        0.5, "widest synthetic crater in post spacings: wider ones show in the coarse DEM", ASSUMPTION, 0.05, 1.0
    )
    least_depth_fraction: float = setting(
        0.15, "depth of the most worn crater over that of a fresh one", ASSUMPTION, 0.01, 0.99
    )
    least_share: float = setting(
        0.1,
        "synthetic slope variance over the target's, at least, also on steeper coarse terrain",
        ASSUMPTION,
        0.0,
        1.0,
    )

    def __post_init__(self) -> None:
        for name, spec in self.__dataclass_fields__.items():
            value, low, high = getattr(self, name), spec.metadata["minimum"], spec.metadata["maximum"]
            if not (np.isfinite(value) and low <= value and (high is None or value <= high)):
                bounds = f"{low:g} or more" if high is None else f"{low:g} to {high:g}"
                raise InputError(f"refine: {name} is {value}", f"give {bounds} ({spec.metadata['meaning']})")


@dataclass(frozen=True)
class Recipe:
    """Strengths for one coarse terrain: everything the relief depends on besides key and place.

    ``octave_variance`` times ``(lattice / posts)^(2 exponent)`` is the variance (m^2) of the
    random numbers of an octave; ``crater_density`` as in RefineSettings after making room.
    """

    posts_m: float
    octave_variance: float
    exponent: float
    crater_density: float


def recipe(coarse_slopes: F64, posts_m: float, settings: RefineSettings) -> Recipe:
    """Strengths for a coarse terrain with these slopes (rise over run, any shape) and post spacing (m).

    Args:
        coarse_slopes: rise over run, any shape.
        posts_m: post spacing of the coarse terrain.
        settings: spectrum and craters of the relief.
    """
    baselines = posts_m * BASELINE_POSTS
    pivot = int(np.argmin(np.abs(np.log(baselines / settings.slope_baseline_m))))
    density = settings.crater_density
    if density > 0.0:
        room = settings.crater_share * missing_variance(coarse_slopes, baselines[[pivot]], settings)[0]
        density = min(density, float(room / crater_variance(baselines, posts_m, settings)[pivot]))
    gradients = crater_gradients(density, baselines, posts_m, settings)
    wanted = missing_variance(coarse_slopes, baselines, settings, gradients)
    if wanted[pivot] <= 0.0:
        return Recipe(posts_m, 0.0, settings.hurst, density)
    trial = np.linspace(0.2, 2.2, 201)
    shapes = 2.0 ** (-2.0 * trial[:, None] * np.arange(1, OCTAVES + 1)) @ (octave_variances() / posts_m**2)
    strength = wanted[pivot] / shapes[:, pivot]
    tolerable = 0.05 * wanted[pivot]
    misfit = np.log((strength[:, None] * shapes + tolerable) / (wanted + tolerable))
    best = int(np.argmin((misfit**2).sum(axis=1)))
    return Recipe(posts_m, float(strength[best]), float(trial[best]), density)


def missing_variance(
    coarse_slopes: F64, baselines_m: F64, settings: RefineSettings, gradients: F64 | None = None
) -> F64:
    """One-axis variance, per baseline, of the Gaussian gradient whose addition brings the median slope to the target.

    With an isotropic Gaussian gradient of variance v per axis added to a known slope, the length of
    the sum is Rice distributed; its median over all ``coarse_slopes``, to which ``gradients``
    (baseline, 2, sample) were added in random directions, is set to the target.

    Args:
        coarse_slopes: rise over run of the coarse terrain (sample,).
        baselines_m: (baseline,) over which slopes are stated.
        settings: target slopes and spectrum.
        gradients: (baseline, 2, sample) already added in random directions, rise over run; None for none.
    """
    from scipy.optimize import brentq
    from scipy.special import chndtr

    slopes = coarse_slopes[np.isfinite(coarse_slopes)].ravel()
    slopes = slopes if slopes.size else np.zeros(1)
    added = np.zeros((baselines_m.size, 2, 1)) if gradients is None else gradients
    count = max(slopes.size, added.shape[2])
    slopes = slopes[np.arange(count) % slopes.size]
    result = np.empty(baselines_m.size)
    for i, baseline in enumerate(baselines_m):
        flatter = (baseline / settings.slope_baseline_m) ** (settings.hurst - 1.0)
        target2 = (np.tan(np.radians(settings.median_slope_deg)) * flatter) ** 2
        along, across = added[i][:, np.arange(count) % added.shape[2]]
        known2 = (slopes + along) ** 2 + across**2
        alone = target2 / (2.0 * np.log(2.0))
        least = settings.least_share * alone

        def excess(v: float, target2: float = target2, known2: F64 = known2) -> float:
            return float(np.mean(chndtr(target2 / v, 2.0, known2 / v))) - 0.5

        faint = 1e-3 * alone
        result[i] = (
            least
            if alone <= 0.0 or excess(faint) <= 0.0
            else max(least, brentq(excess, faint, 1.001 * alone, xtol=1e-6 * alone))
        )
    return result


def crater_gradients(density: float, baselines_m: F64, posts_m: float, settings: RefineSettings) -> F64:
    """Gradients (baseline, 2, sample) of a sample piece of the crater population: what slopes it gives, how often.

    Args:
        density: of the crater population, 1 for the law's own.
        baselines_m: (baseline,) over which slopes are stated.
        posts_m: post spacing of the coarse terrain.
        settings: the crater law.
    """
    size, cell = 512, float(baselines_m.min())
    at = cell * np.linspace(0.5, size - 0.5, size)
    surface = cratered_surface(0, density, posts_m, settings, at, at[::-1], cell)
    result = []
    for lag in (baselines_m / cell).round().astype(int):
        corner = surface[: size // 2, : size // 2]
        across = surface[: size // 2, lag : lag + size // 2] - corner
        down = surface[lag : lag + size // 2, : size // 2] - corner
        result.append([across[::3, ::3].ravel() / (lag * cell), down[::3, ::3].ravel() / (lag * cell)])
    return np.array(result)


def cratered_surface(
    key: int, density: float, posts_m: float, settings: RefineSettings, x_m: F64, y_m: F64, cell_m: float
) -> F64:
    """Heights (rows, cols) of the craters alone on a level plain; ``x_m`` rises, ``y_m`` falls.

    Args:
        key: seed of the population.
        density: of the population, 1 for the law's own.
        posts_m: post spacing of the coarse terrain.
        settings: the crater law.
        x_m, y_m: cell centres (cols,) and (rows,).
        cell_m: cell size.
    """
    surface = np.zeros((y_m.size, x_m.size))
    if density <= 0.0:
        return surface
    diameters = (NARROWEST_CRATER_CELLS * cell_m, settings.widest_crater_posts * posts_m)
    for place in craters(key, density, diameters, (x_m[0], x_m[-1], y_m[-1], y_m[0])):
        depth, rim = fresh_shape(place[2])
        kept = depth_fraction(place[3], settings)
        for crater in zip(*place[:3], kept * depth, kept * rim, strict=True):
            stamp(surface, x_m, y_m, crater)
    return surface


def fresh_shape(diameter_m: ArrayLike) -> tuple[F64, F64]:
    """Depth (rim to floor) and rim height (m) of fresh simple craters.

    Depth/diameter by classes of Stopar et al. 2017 (Icarus 298, 34): 0.21 from 400 m, 0.17 from
    200 m, 0.15 from 100 m, 0.13 from 40 m; 0.11 below (extrapolated: assumption). Rim height
    0.036 D^1.014 in km (Pike 1977, Impact and Explosion Cratering, 489).
    """
    d = np.asarray(diameter_m, dtype=np.float64)
    ratio = np.array([0.11, 0.13, 0.15, 0.17, 0.21])[np.searchsorted([40.0, 100.0, 200.0, 400.0], d, side="right")]
    return ratio * d, 36.0 * (d / 1000.0) ** 1.014


def depth_fraction(wear: ArrayLike, settings: RefineSettings) -> F64:
    """Share of fresh relief a crater still has: log-uniform in [least, 1] for uniform ``wear``.

    That is what a steady state looks like when relief fades exponentially with age (assumption).
    """
    return np.asarray(settings.least_depth_fraction ** np.asarray(wear, dtype=np.float64))


def crater_variance(baselines_m: F64, posts_m: float, settings: RefineSettings) -> F64:
    """One-axis slope variance at each baseline of the crater population at density 1 (Campbell's theorem).

    Args:
        baselines_m: (baseline,) over which slopes are stated.
        posts_m: post spacing of the coarse terrain.
        settings: the crater law.
    """
    low = settings.least_depth_fraction
    kept = (1.0 - low**2) / (-2.0 * np.log(low))
    edges = np.geomspace(baselines_m.min(), settings.widest_crater_posts * posts_m, 65)
    number = edges[:-1] ** -2 - edges[1:] ** -2
    d = np.sqrt(edges[:-1] * edges[1:])
    depth, rim = fresh_shape(d)
    lags, tables = _crater_structure()
    u = baselines_m[:, None] / d[None, :]
    bowl, both, apron = (np.exp(np.interp(np.log(u), np.log(lags), np.log(t))) for t in tables)
    square = d**2 * (depth**2 * bowl - 2.0 * depth * rim * both + rim**2 * apron)
    return np.asarray(kept * (square @ number) / baselines_m**2)


@lru_cache(maxsize=1)
def _crater_structure() -> tuple[F64, list[F64]]:
    """Mean squared differences at lags (diameters) integrated over a crater of diameter 1: bowl, -bowl x rim, rim."""
    steps = 96
    side = np.arange(-int(RIM_REACH * steps) - 2, int(RIM_REACH * steps) + 3) / steps
    bowl, rim = crater_profile(np.hypot(side[:, None], side[None, :]))
    shifts = np.unique(np.geomspace(1, 2 * RIM_REACH * steps, 40).astype(int))
    area = 1.0 / steps**2

    def difference(a: F64, shift: int) -> F64:
        padded = np.pad(a, ((0, 0), (shift, shift)))
        return np.asarray(padded[:, shift:] - padded[:, :-shift])

    rows = [[difference(a, s) for a in (bowl, rim)] for s in shifts]
    tables = [[(b * b).sum() * area, max(-(b * r).sum() * area, 1e-9), (r * r).sum() * area] for b, r in rows]
    return shifts / steps, list(np.array(tables).T)


@lru_cache(maxsize=1)
def octave_variances() -> F64:
    """One-axis slope variance x posts^2 of each octave with unit lattice variance, at posts / 4 ... posts / 128.

    Shape (`OCTAVES`, 6). After taking out the smooth surface through its own block means, as `refine` does. Exact for
    the wide octaves (the covariance is separable); the narrow ones hardly move a block mean, and
    follow from the septic B-spline, the correlation of the cubic one with itself.
    """
    from scipy.interpolate import BSpline

    baselines = BASELINE_POSTS
    septic = BSpline.basis_element(np.arange(-4.0, 5.0), extrapolate=False)
    cubic = BSpline.basis_element(np.arange(-2.0, 3.0), extrapolate=False)
    result = np.empty((OCTAVES, baselines.size))
    for i in range(1, OCTAVES + 1):
        if i > 4:
            correlation = np.nan_to_num(septic(baselines * 2.0**i))
            result[i - 1] = 2.0 * septic(0.0) * (septic(0.0) - correlation)
        else:
            result[i - 1] = _wide_octave(cubic, 2**i, baselines)
    return np.asarray(result / baselines**2)


def _wide_octave(cubic: Callable[[F64], F64], lattice_per_post: int, baselines: F64) -> F64:
    fine, cells = 128, 2 * REACH + 5
    at = (np.arange(cells * fine) + 0.5) / fine * lattice_per_post
    raw = np.nan_to_num(cubic(at[:, None] - np.arange(-2, cells * lattice_per_post + 3)[None, :]))
    smooth = np.zeros_like(raw)
    for k in range(raw.shape[1]):
        means = np.pad(raw[:, k].reshape(cells, fine).mean(axis=1), 2 * REACH, mode="edge")
        square = np.tile(means[:, None], (1, 2 * REACH + 1))
        smooth[:, k] = smooth_means(square, fine)[REACH * fine : -REACH * fine, 0]
    middle = slice(cells // 2 * fine, (cells // 2 + 1) * fine)
    rows = [(raw[middle] * a).sum(axis=1) for a in (raw[middle], smooth[middle])] + [(smooth[middle] ** 2).sum(axis=1)]
    result = []
    for lag in (baselines * fine).round().astype(int):
        later = slice(middle.start + lag, middle.stop + lag)
        a, b = raw[later] - raw[middle], smooth[later] - smooth[middle]
        columns = [(a * a).sum(axis=1), (a * b).sum(axis=1), (b * b).sum(axis=1)]
        result.append(sum(sign * r.mean() * c.mean() for sign, r, c in zip((1, -2, 1), rows, columns, strict=True)))
    return np.array(result)
