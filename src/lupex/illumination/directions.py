"""How often the Sun or the Earth stands where: the distribution behind long-term means.

For each bin of longitude on the map-frame sky (clockwise from the map's +y) a table gives the share of all
times at which the body stood above a declination (towards the pole k). Made once per span; every
cell then needs one pass along its own skyline, whatever the length of the span (docs/theory/illumination.md).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import SpanError
from lupex.illumination.sky import Body, strength

EDGE_STEP_RAD = math.radians(0.01)
DISC_PARTS = 16
GUARD_RAD = math.radians(0.0125)
"""Added to the highest upper limb of each bin. In one nodal cycle the Sun leaves each longitude's highest reach of
1950-2100 short by up to 0.0121 degrees (measured, hourly steps, cycles from every second year), because a solstice
seldom falls on the same longitude twice. With it, what one cycle leaves dark is dark from 1950 to 2100."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Directions:
    """Tables (longitude bin, declination edge) of one body over one span.

    Attributes:
        table: (longitude bin, declination edge, 4 or 2) float32. [0] share of time in the bin with the upper limb
            above the edge. With the disc, [1..3] mean visible disc for a level horizon at the edge: plain, weighted
            with inverse square distance (1 at 1 au), and weighted so times sine of declination. Without, [1] share
            of time with the centre above the edge.
        highest_rad: (longitude bin,) largest declination the upper limb reaches while the body passes the bin and
            its neighbours, and GUARD_RAD on top.
        low_rad, step_rad: first edge and spacing.
        radius_rad, inverse_distance_per_m: means over time.
        declination_limits_rad, longitude_limits_rad: what the centre reaches; longitude as seen from the middle of
            its range, so that the limits ascend.
    """

    table: NDArray[np.float32]
    highest_rad: F64
    low_rad: float
    step_rad: float
    radius_rad: float
    inverse_distance_per_m: float
    declination_limits_rad: tuple[float, float]
    longitude_limits_rad: tuple[float, float]


def directions(body: Body, longitude_bins: int, with_disc: bool = True) -> Directions:
    """Distribution of a body's directions over the times given, all weighted alike.

    Declinations are lowered by what the parallax at each time exceeds the mean parallax, on the 1737.4 km sphere.

    Args:
        body: positions of Sun or Earth over time.
        longitude_bins: number of sub-point longitudes told apart.
        with_disc: whether the spread of the disc is counted.

    Raises SpanError for fewer than 20 times per occupied bin on average: too few for a distribution.
    """
    distance = body.distance_m
    declination = np.arcsin(body.position_m[2] / distance)
    nearness = float(np.mean(1.0 / distance))
    lowered = declination - MOON_RADIUS_M * (1.0 / distance - nearness)
    longitude = np.arctan2(body.position_m[0], body.position_m[1]) % (2.0 * math.pi)
    column = (longitude * longitude_bins / (2.0 * math.pi) + 0.5).astype(np.int64) % longitude_bins
    n = declination.size
    occupied = np.unique(column).size
    if n < 20 * occupied:
        raise SpanError(
            f"long-term light: {n} times fall into {occupied} directions of longitude",
            "use a finer step or a longer span: 20 or more times per bin",
        )
    reach = float(body.radius_rad.max())
    low = float(lowered.min()) - reach - 2.0 * EDGE_STEP_RAD
    edges = int(math.ceil((float(lowered.max()) + reach - low) / EDGE_STEP_RAD)) + 4
    row = (lowered - low) / EDGE_STEP_RAD
    weights = strength(body)
    upper = lowered + body.radius_rad
    highest = np.full(longitude_bins, -math.pi)
    np.maximum.at(highest, column, upper)
    highest = _widest(highest, 1 + int(_half_step_rad(longitude) * longitude_bins / (2.0 * math.pi) + 0.5)) + GUARD_RAD
    shape = (longitude_bins, edges)
    radius = body.radius_rad / EDGE_STEP_RAD
    layers = [_mass(column, row + radius, np.full(n, 1.0 / n), shape)]
    if with_disc:
        for weight in (np.ones(n), weights, weights * np.sin(declination)):
            layers.append(_disc_mass(column, row, radius, weight / n, shape))
    else:
        layers.append(_mass(column, row, np.full(n, 1.0 / n), shape))
    table = np.ascontiguousarray(np.stack([_above(cells) for cells in layers], axis=-1), np.float32)
    middle = math.atan2(float(np.sin(longitude).sum()), float(np.cos(longitude).sum()))
    around = (longitude - middle + math.pi) % (2.0 * math.pi) - math.pi + middle
    return Directions(
        table=table,
        highest_rad=highest,
        low_rad=low,
        step_rad=EDGE_STEP_RAD,
        radius_rad=float(body.radius_rad.mean()),
        inverse_distance_per_m=nearness,
        declination_limits_rad=(float(declination.min()), float(declination.max())),
        longitude_limits_rad=(float(around.min()), float(around.max())),
    )


def _half_step_rad(longitude: F64) -> float:
    """Half the longitude a body moves, at most, between two times (rad, up to pi/2)."""
    step = (np.diff(longitude) + math.pi) % (2.0 * math.pi) - math.pi
    return 0.5 * float(np.abs(step).max(initial=0.0))


def _widest(highest: F64, bins: int) -> F64:
    """Largest of each bin and its ``bins`` neighbours on either side, round the circle."""
    wide = highest
    for shift in range(1, min(bins, highest.size // 2) + 1):
        wide = np.maximum(wide, np.maximum(np.roll(highest, shift), np.roll(highest, -shift)))
    return wide


def _disc_mass(column: NDArray[np.int64], row: F64, radius: F64, weight: F64, shape: tuple[int, int]) -> F64:
    """Weights of the disc's parts in the cells of the table.

    Gauss-Chebyshev nodes of the second kind: a chord at height u weighs sqrt(1 - u^2).
    """
    angle = np.arange(1, DISC_PARTS + 1) * math.pi / (DISC_PARTS + 1)
    share = 2.0 / (DISC_PARTS + 1) * np.sin(angle) ** 2
    cells = np.zeros(shape)
    for a, w in zip(angle, share, strict=True):
        cells += _mass(column, row + radius * math.cos(a), weight * w, shape)
    return cells


def _mass(column: NDArray[np.int64], row: F64, weight: F64, shape: tuple[int, int]) -> F64:
    """Weights in the cells of the table; each sample is shared between the edges around it."""
    bins, edges = shape
    at = row.astype(np.int64)
    part = weight * (row - at)
    at += column * edges
    flat = np.bincount(at, weight - part, bins * edges)
    flat[1:] += np.bincount(at, part, bins * edges)[:-1]
    return np.asarray(flat.reshape(shape))


def _above(cells: F64) -> F64:
    """Sum of weights at or above each edge.

    A sample exactly on an edge counts half there, so that linear interpolation is unbiased.
    """
    return np.asarray(cells[:, ::-1].cumsum(axis=1)[:, ::-1] - 0.5 * cells)
