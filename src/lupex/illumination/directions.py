"""How often the Sun or the Earth stands where: the distribution behind long-term means.

For each bin of longitude on the map-frame sky (clockwise from the map's +y) a table gives the share of all
times at which the body's centre stood above a declination (towards the pole k). Made once per span; every
cell then needs one pass along its own skyline, whatever the length of the span (docs/theory/illumination.md).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import MOON_RADIUS_M
from lupex.base.errors import SpanError
from lupex.illumination.sky import Body, strength

F64 = NDArray[np.float64]
EDGE_STEP_RAD = math.radians(0.02)
DISC_PARTS = 8
GUARD_RAD = math.radians(0.003)


@dataclass(frozen=True, eq=False)
class Directions:
    """Tables (longitude bin, declination edge) of one body over one span.

    Attributes:
        table: (longitude bin, declination edge, 4) float32. [0] share of time in the bin with the centre above the
            edge; [1..3] mean visible disc for a level horizon at the edge: plain, weighted with inverse square
            distance (1 at 1 au), and weighted so times sine of declination.
        highest_rad: (longitude bin,) largest declination the upper limb reaches in the bin or next to it.
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

    Without the disc means the table's [1..3] are left out.
    Declinations are lowered by what the parallax at each time exceeds the mean parallax, on the 1737.4 km sphere.

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
    highest = np.maximum(highest, np.maximum(np.roll(highest, 1), np.roll(highest, -1))) + GUARD_RAD
    shape = (longitude_bins, edges)
    table = np.empty((*shape, 4 if with_disc else 1), np.float32)
    table[..., 0] = _survival(column, row, np.full(n, 1.0 / n), shape)
    for layer, weight in enumerate((np.ones(n), weights, weights * np.sin(declination)) if with_disc else (), start=1):
        table[..., layer] = _disc_mean(column, row, body.radius_rad / EDGE_STEP_RAD, weight / n, shape)
    middle = math.atan2(float(np.sin(longitude).sum()), float(np.cos(longitude).sum()))
    around = (longitude - middle + math.pi) % (2.0 * math.pi) - math.pi + middle
    return Directions(
        table,
        highest,
        low,
        EDGE_STEP_RAD,
        float(body.radius_rad.mean()),
        nearness,
        (float(declination.min()), float(declination.max())),
        (float(around.min()), float(around.max())),
    )


def _disc_mean(column: NDArray[np.int64], row: F64, radius: F64, weight: F64, shape: tuple[int, int]) -> F64:
    """Mean of survival over the disc.

    Gauss-Chebyshev nodes of the second kind: a chord at height u weighs sqrt(1 - u^2).
    """
    angle = np.arange(1, DISC_PARTS + 1) * math.pi / (DISC_PARTS + 1)
    share = 2.0 / (DISC_PARTS + 1) * np.sin(angle) ** 2
    return np.asarray(
        sum(_survival(column, row + radius * math.cos(a), weight * w, shape) for a, w in zip(angle, share, strict=True))
    )


def _survival(column: NDArray[np.int64], row: F64, weight: F64, shape: tuple[int, int]) -> F64:
    """Sum of weights at or above each edge; each sample is shared between the edges around it."""
    bins, edges = shape
    at = row.astype(np.int64)
    part = row - at
    flat = np.bincount(column * edges + at, weight * (1.0 - part), bins * edges)
    flat += np.bincount(column * edges + at + 1, weight * part, bins * edges)
    cells = flat.reshape(shape)
    # A sample exactly on an edge counts half there, so that linear interpolation is unbiased.
    return np.asarray(cells[:, ::-1].cumsum(axis=1)[:, ::-1] - 0.5 * cells)
