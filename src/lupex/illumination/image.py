"""Does an image contradict a DEM? Shadow predicted at its time against what is dark in it, region by region.

See docs/theory/many_grounds.md.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F32, F64
from lupex.base.errors import GridError, InputError
from lupex.model import Grid

CLEAR = 0.05
"""Cells with less of the disc in view are predicted dark, with more than 1 less this, lit; the others are left out."""
MISTAKEN = 0.05
"""Share of cells of a right DEM that an image shows otherwise: mixed pixels, dark slopes, lit by walls (assumption)."""
CELLS_ALIKE = 25
"""Neighbouring cells err together: so many count as one (assumption)."""
DECISIVE = 1.0
"""Decimal logarithm of the likelihood ratio from which a region is supported; below minus it, contradicted."""
FEWEST = 50
"""Cells a region must have to be judged."""


@dataclass(frozen=True, kw_only=True)
class ImageRegion:
    """One square of the map, and whether the image bears out the shadow that the DEM predicts there.

    Attributes:
        x_m, y_m: its middle. cells: that were judged. predicted_dark, seen_dark: shares of them.
        agree: share in which both say the same.
        log10_ratio: likelihood of the image by the predicted shadow over that without a prediction, decimal logarithm.
    """

    x_m: float
    y_m: float
    cells: int
    predicted_dark: float
    seen_dark: float
    agree: float
    log10_ratio: float

    @property
    def verdict(self) -> str:
        """'supported', 'contradicted' or 'undecided'."""
        if self.log10_ratio <= -DECISIVE:
            return "contradicted"
        return "supported" if self.log10_ratio >= DECISIVE else "undecided"


def image_regions(grid: Grid, disc: F32, brightness: F32, region_m: float) -> list[ImageRegion]:
    """The regions of a map in which an image bears out or contradicts predicted shadow.

    What is dark in the image is told from its brightness alone, by the threshold that parts it with least error, so the
    DEM cannot bend it. With a right DEM each cell shows what is predicted but for a share `MISTAKEN`; without a
    prediction it is dark as often as the image is as a whole.

    Args:
        grid: cells. disc: (row, col) predicted share of the Sun's disc in view. brightness: (row, col) of the image,
            any unit; NaN where it shows nothing.
        region_m: side of a region.

    Raises GridError for shapes that differ, InputError for an image that is all of one brightness or shows less than
    `FEWEST` cells.
    """
    if disc.shape != grid.shape or brightness.shape != grid.shape:
        raise GridError(f"image: shapes {disc.shape} and {brightness.shape} on a grid of {grid.shape}")
    seen = np.isfinite(brightness) & np.isfinite(disc)
    if int(seen.sum()) < FEWEST:
        raise InputError(
            f"image: {int(seen.sum())} cells of the DEM are in it", f"give one that shows {FEWEST} or more"
        )
    dark = np.asarray(brightness < dark_below(brightness[seen].astype(np.float64)))
    share = min(max(float(dark[seen].mean()), 0.01), 0.99)
    judged = seen & ((disc < CLEAR) | (disc > 1.0 - CLEAR))
    predicted = disc < CLEAR
    step = max(1, round(region_m / grid.cell_m))
    found = []
    for row in range(0, grid.rows, step):
        for col in range(0, grid.cols, step):
            box = np.s_[row : row + step, col : col + step]
            if int(judged[box].sum()) >= FEWEST:
                found.append(_region(grid, box, judged[box], predicted[box], dark[box], share))
    return found


def dark_below(brightness: F64) -> float:
    """The brightness that parts an image into dark and bright with least error (Kittler and Illingworth 1986, Pattern
    Recognition 19, 41): shadow is narrow in brightness, lit slopes are broad.

    Args:
        brightness: (cell,) finite values.

    Raises InputError for an image of one brightness.
    """
    low, high = np.quantile(brightness, [0.001, 0.999])
    if not high > low:
        raise InputError("image: all of it is of one brightness", "give one with light and shadow in it")
    count, edges = np.histogram(np.clip(brightness, low, high), bins=256)
    middle = 0.5 * (edges[:-1] + edges[1:])
    share = count / count.sum()
    error = np.full(edges.size - 2, np.inf)
    for k in range(1, edges.size - 1):
        parts = [(share[:k], middle[:k]), (share[k:], middle[k:])]
        weights = [float(part.sum()) for part, _ in parts]
        if min(weights) > 0.0:
            error[k - 1] = sum(w * (np.log(_sigma(*part, edges[1] - edges[0])) - np.log(w))
                               for w, part in zip(weights, parts, strict=True))  # fmt: skip
    best = np.nonzero(error <= error.min() + 1e-9)[0]
    return float(edges[1:-1][best].mean())  # the middle of an empty gap


def _sigma(share: F64, middle: F64, step: float) -> float:
    """Standard deviation of one side of a histogram; at least that of a single bin."""
    mean = float((share * middle).sum() / share.sum())
    variance = float((share * (middle - mean) ** 2).sum() / share.sum())
    return math.sqrt(variance + step**2 / 12.0)


def _region(
    grid: Grid, box: tuple[slice, slice], judged: NDArray[np.bool_], predicted: NDArray[np.bool_],
    dark: NDArray[np.bool_], share: float,
) -> ImageRegion:  # fmt: skip
    cells = int(judged.sum())
    p, d = predicted[judged], dark[judged]
    by_chance = np.where(d, share, 1.0 - share)
    ratio = np.where(p == d, 1.0 - MISTAKEN, MISTAKEN) / by_chance
    rows, cols = (range(part.start, min(part.stop, most)) for part, most in zip(box, grid.shape, strict=True))
    return ImageRegion(
        x_m=grid.left_m + 0.5 * (cols.start + cols.stop) * grid.cell_m,
        y_m=grid.top_m - 0.5 * (rows.start + rows.stop) * grid.cell_m,
        cells=cells,
        predicted_dark=float(p.mean()),
        seen_dark=float(d.mean()),
        agree=float((p == d).mean()),
        log10_ratio=float(np.log(ratio).sum() / (CELLS_ALIKE * math.log(10.0))),
    )
