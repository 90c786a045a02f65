"""Seeded relief keyed by absolute map position: the same hill or crater whatever window is asked for.

Fractal relief is a sum of octaves. Octave i is a cubic B-spline through independent random
numbers on a lattice of spacing ``lattice_m = posts / 2^i``; the number at a lattice point comes
from a hash of (key, octave, column, row). Craters likewise: the hash of a map tile and a size
class decides how many craters are centred there, where, how wide and how worn.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64

U64 = NDArray[np.uint64]

RIM_REACH = 1.5
"""A crater's ejecta end this many diameters from its centre."""

TILE_DIAMETERS = 8.0
"""Side of a tile in diameters of the widest crater of its size class."""


def hashed(key: int, stream: int, first: NDArray[np.int64], second: NDArray[np.int64]) -> U64:
    """Well-mixed 64-bit numbers for integer pairs (broadcast together); the finaliser is SplitMix64's.

    Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195.
    """
    with np.errstate(over="ignore"):
        start = _mixed(np.uint64(key & 0xFFFFFFFFFFFFFFFF) ^ _mixed(np.uint64(stream)))
        one = _mixed(start + first.astype(np.int64).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
        return np.asarray(_mixed(one + second.astype(np.int64).view(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)))


def uniform(bits: U64) -> F64:
    """Numbers in [0, 1) from the upper 53 bits."""
    return np.asarray((bits >> np.uint64(11)).astype(np.float64) * 2.0**-53)


def bell(bits: U64) -> F64:
    """Nearly normal numbers, mean 0 and variance 1: the sum of four uniform 16-bit parts.

    Only sums, so the same bits on every machine; the B-spline mixes 16 of them anyway.
    """
    parts = sum(((bits >> np.uint64(shift)) & np.uint64(0xFFFF)).astype(np.float64) for shift in (0, 16, 32, 48))
    return np.asarray((parts - 2.0 * 65535.0) * (np.sqrt(3.0) / 65536.0))


def octave(key: int, number: int, lattice_m: float, x_m: F64, y_m: F64, ratio: int = 1) -> F64:
    """One octave (rows, cols) at evenly spaced cell centres, or its means over ratio x ratio blocks of them."""
    rows, first_row = _spline_rows(y_m, lattice_m, ratio)
    cols, first_col = _spline_rows(x_m, lattice_m, ratio)
    lattice_cols = np.arange(first_col, first_col + cols.shape[1])
    lattice_rows = np.arange(first_row, first_row + rows.shape[1])
    values = bell(hashed(key, number, lattice_cols[None, :], lattice_rows[:, None]))
    return np.ascontiguousarray((cols @ (rows @ values).T).T)


def craters(
    key: int, density: float, diameters_m: tuple[float, float], window_m: tuple[float, float, float, float]
) -> Iterator[tuple[F64, F64, F64, F64]]:
    """Per size class, widest first: x_m, y_m, diameter_m and wear (0..1, uniform) of craters that touch the window.

    Craters wider than D number ``density / D^2`` per square metre between the two ``diameters_m``
    (smallest, widest). ``window_m`` is (left, right, bottom, top) of the map.
    """
    smallest, widest = diameters_m
    number = 0
    while widest > smallest:
        narrow = max(widest / 2.0, smallest)
        yield _crater_class(key, 1000 + 8 * number, density, (narrow, widest), window_m)
        widest, number = widest / 2.0, number + 1


def crater_profile(distance: F64) -> tuple[F64, F64]:
    """Bowl and rim shapes at a distance in diameters from the centre; height = depth x bowl + rim height x rim.

    The bowl is a paraboloid from 0 at the rim to -1 at the centre. The rim is 1 inside and falls
    outside as distance^-3 (ejecta thickness: McGetchin et al. 1973, EPSL 20, 226), to 0 at `RIM_REACH`.
    """
    radius = 2.0 * distance
    inside = radius < 1.0
    bowl = np.where(inside, radius**2 - 1.0, 0.0)
    last = (2.0 * RIM_REACH) ** -3
    apron = np.clip((np.maximum(radius, 1.0) ** -3 - last) / (1.0 - last), 0.0, None)
    return bowl, np.where(inside, 1.0, apron)


def stamp(surface: F64, x_m: F64, y_m: F64, crater: tuple[float, float, float, float, float]) -> None:
    """Add one crater (x_m, y_m, diameter_m, depth_m, rim_height_m) to a surface with these cell centres."""
    x, y, diameter, depth, rim_height = crater
    reach, cell = RIM_REACH * diameter, x_m[1] - x_m[0] if x_m.size > 1 else 1.0
    col, last_col = (int(np.ceil((x + side * reach - x_m[0]) / cell)) for side in (-1, 1))
    row, last_row = (int(np.ceil((y_m[0] - y + side * reach) / cell)) for side in (-1, 1))
    col, row = max(col, 0), max(row, 0)
    if last_col <= col or last_row <= row or col >= x_m.size or row >= y_m.size:
        return
    away = np.hypot(x_m[None, col:last_col] - x, y_m[row:last_row, None] - y) / diameter
    bowl, rim = crater_profile(away)
    surface[row:last_row, col:last_col] += depth * bowl + rim_height * rim


def _mixed(bits: U64 | np.uint64) -> U64:
    z = bits + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)))


def _spline_rows(centres_m: F64, lattice_m: float, ratio: int) -> tuple[Any, int]:
    """Sparse (centres / ratio, lattice points) cubic B-spline weights and the first lattice point's index."""
    from scipy.sparse import csr_array

    at = centres_m / lattice_m
    below = np.floor(at).astype(np.int64)
    t = (at - below)[:, None]
    weights = np.hstack([(1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3]) / (6.0 * ratio)
    first = int(below.min()) - 1
    cols = below[:, None] - 1 - first + np.arange(4)
    rows = np.repeat(np.arange(centres_m.size) // ratio, 4)
    matrix = csr_array(
        (weights.ravel(), (rows, cols.ravel())), shape=(centres_m.size // ratio, int(below.max()) + 3 - first)
    )
    return matrix, first


def _crater_class(
    key: int,
    stream: int,
    density: float,
    diameters_m: tuple[float, float],
    window_m: tuple[float, float, float, float],
) -> tuple[F64, F64, F64, F64]:
    narrow, wide = diameters_m
    tile = TILE_DIAMETERS * wide
    left, right, bottom, top = window_m
    reach = RIM_REACH * wide
    cols = np.arange(np.floor((left - reach) / tile), np.floor((right + reach) / tile) + 1).astype(np.int64)
    rows = np.arange(np.floor((bottom - reach) / tile), np.floor((top + reach) / tile) + 1).astype(np.int64)
    col, row = (a.ravel() for a in np.meshgrid(cols, rows))
    mean = density * (narrow**-2 - wide**-2) * tile**2
    count = _poisson(mean, uniform(hashed(key, stream, col, row)))
    slot = np.arange(count.max(initial=0))
    used = slot[None, :] < count[:, None]
    place = [
        uniform(hashed(key, stream + 1 + k, col[:, None], row[:, None] * 4096 + slot[None, :]))[used] for k in range(4)
    ]
    tile_col, tile_row = (np.broadcast_to(a[:, None], used.shape)[used] for a in (col, row))
    x, y = (tile_col + place[0]) * tile, (tile_row + place[1]) * tile
    diameter = (narrow**-2 - place[2] * (narrow**-2 - wide**-2)) ** -0.5
    near = (x > left - reach) & (x < right + reach) & (y > bottom - reach) & (y < top + reach)
    return x[near], y[near], diameter[near], place[3][near]


def _poisson(mean: float, probability: F64) -> NDArray[np.int64]:
    """Poisson counts by inversion of the cumulative distribution."""
    most = int(mean + 12.0 * np.sqrt(mean) + 20.0)
    k = np.arange(1, most + 1)
    terms = np.concatenate([[1.0], np.cumprod(mean / k)]) * np.exp(-mean)
    return np.searchsorted(np.cumsum(terms), probability, side="right").astype(np.int64)
