"""A panorama, and the cells whose skylines come near it: every cell at every yaw by three matrix products."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.base.frames import convergence_deg
from lupex.base.gate import numbers_checked
from lupex.model import HorizonMap

COARSE_DEG = 4.0
CANDIDATES_PER_START = 120
"""Cells compared at full resolution for every start that is refined."""
_BLOCK_CELLS = 32_768
_NOWHERE = np.float32(3e38)


@dataclass(frozen=True, eq=False)
class Panorama:
    """A skyline as a camera saw it: azimuths in its own frame, clockwise, and elevations (n,), degrees.

    Elevation counts from the plane an inclinometer calls level; sectors may be missing.
    """

    azimuth_deg: F64
    elevation_deg: F64

    def __post_init__(self) -> None:
        azimuth = np.atleast_1d(np.asarray(self.azimuth_deg, np.float64))
        elevation = np.atleast_1d(np.asarray(self.elevation_deg, np.float64))
        if azimuth.shape != elevation.shape or azimuth.size < 12:
            raise InputError(f"panorama: {azimuth.size} samples", "give 12 or more pairs of azimuth and elevation")
        if not (np.all(np.isfinite(azimuth)) and np.all(np.isfinite(elevation))):
            raise InputError("panorama: a sample is not finite", "leave missing sectors out")
        if np.any(np.abs(elevation) > 60.0):
            raise InputError("panorama: an elevation beyond 60 deg", "give degrees above the horizontal")
        order = np.argsort(azimuth % 360.0, kind="stable")
        azimuth, elevation = azimuth[order] % 360.0, elevation[order]
        if np.any(np.diff(azimuth) < 1e-9):
            raise InputError("panorama: an azimuth is given twice", "keep one of them")
        object.__setattr__(self, "azimuth_deg", azimuth)
        object.__setattr__(self, "elevation_deg", elevation)

    @property
    def covered_deg(self) -> float:
        """How much of the circle the samples cover; a gap above 4 times the usual step counts as missing."""
        gaps = np.diff(np.append(self.azimuth_deg, self.azimuth_deg[0] + 360.0))
        usual = float(np.median(gaps))
        return float(gaps[gaps <= max(4.0 * usual, 1.5)].sum())


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class SettingsOfMatch:
    """What is assumed of the panorama and the map.

    Attributes:
        sigma_deg: error of one sample, noise of the camera and of the skyline from the DEM together.
        tilt_sigma_deg: of a constant offset in elevation (inclinometer).
        independent_deg: azimuth over which errors are one and the same; denser samples add nothing.
        yaw_deg, yaw_sigma_deg: true azimuth of the camera's zero, where it is known; None for unknown.
        starts: places refined. apart_cells: least distance of two modes. modes: most of them reported.
    """

    sigma_deg: float = 0.1
    tilt_sigma_deg: float = 0.1
    independent_deg: float = 1.0
    yaw_deg: float | None = None
    yaw_sigma_deg: float = 2.0
    starts: int = 25
    apart_cells: float = 4.0
    modes: int = 8

    def __post_init__(self) -> None:
        for name in ("sigma_deg", "tilt_sigma_deg", "independent_deg", "yaw_sigma_deg"):
            if not getattr(self, name) > 0.0:
                raise InputError(f"skyline match: {name} = {getattr(self, name):g}", "give a positive number")


def coarse_candidates(
    horizon: HorizonMap, panorama: Panorama, settings: SettingsOfMatch
) -> tuple[NDArray[np.int64], F64]:
    """Flat numbers of the best cells (k,) and their grid yaws (k,), degrees, best first.

    Args:
        horizon, panorama, settings: as in `skyline_fix`.
    """
    count = horizon.azimuths_pencil_deg.size
    stride = max(1, round(COARSE_DEG / (360.0 / count)))
    while count % stride:
        stride -= 1
    bins = count // stride
    width = 360.0 / bins
    seen, mask = _binned(panorama, bins, width)
    turns = np.arange(bins)
    shifted = (np.arange(bins)[None, :] - turns[:, None]) % bins
    turned = (seen * mask)[shifted].astype(np.float32)
    masks = mask[shifted].astype(np.float32)
    allowed = _allowed(horizon, settings, np.asarray(turns * width, np.float64), width)
    cells = horizon.counts[0].size
    best, yaw = np.empty(cells, np.float32), np.empty(cells, np.int64)
    flat = horizon.counts.reshape(count, cells)
    weight = float(mask.sum())
    noise = settings.sigma_deg**2
    shrink = 1.0 / (noise / settings.tilt_sigma_deg**2 + weight)
    squares, total = np.float32((seen**2 * mask).sum()), np.float32((seen * mask).sum())
    for first in range(0, cells, _BLOCK_CELLS):
        part = flat[:, first : first + _BLOCK_CELLS]
        # Means over the width of a bin: the yaw is known to half of it only.
        sky = part.reshape(bins, stride, -1).mean(axis=1, dtype=np.float32) * np.float32(HorizonMap.UNIT_DEG)
        misfit = np.float32(-2.0) * (turned @ sky)
        if mask.all():
            misfit += (sky * sky).sum(axis=0) + squares
            offset = total - sky.sum(axis=0)
            misfit -= np.float32(shrink) * offset * offset
        else:
            misfit += masks @ (sky * sky)
            misfit += squares
            offset = total - masks @ sky
            misfit -= np.float32(shrink) * offset * offset
        if allowed is not None:
            misfit[~allowed[:, first : first + _BLOCK_CELLS]] = _NOWHERE
        yaw[first : first + _BLOCK_CELLS] = misfit.argmin(axis=0)
        best[first : first + _BLOCK_CELLS] = misfit.min(axis=0)
    best[(flat == HorizonMap.NODATA).any(axis=0)] = _NOWHERE
    keep = min(settings.starts * CANDIDATES_PER_START, cells)
    chosen = np.argpartition(best, keep - 1)[:keep]
    chosen = chosen[np.argsort(best[chosen], kind="stable")]
    chosen = chosen[best[chosen] < _NOWHERE]
    if not chosen.size:
        raise InputError("skyline match: no cell of the map can be compared", "check the DEM's holes and the yaw")
    return chosen, yaw[chosen] * width


def _binned(panorama: Panorama, bins: int, width: float) -> tuple[F64, F64]:
    """Mean elevation in each bin, centred like the means of the map's azimuths, and 1 where there is one."""
    count = np.zeros(bins)
    total = np.zeros(bins)
    number = np.floor(panorama.azimuth_deg / width).astype(np.int64) % bins
    np.add.at(count, number, 1.0)
    np.add.at(total, number, panorama.elevation_deg)
    held = count >= 0.5 * np.median(count[count > 0])
    return np.where(held, total / np.maximum(count, 1.0), 0.0), held.astype(np.float64)


def _allowed(horizon: HorizonMap, settings: SettingsOfMatch, yaws: F64, width: float) -> NDArray[np.bool_] | None:
    """Which (yaw, cell) agree with a known yaw; None when it is not known."""
    if settings.yaw_deg is None:
        return None
    x, y = horizon.grid.xy_m()
    grid_yaw = settings.yaw_deg + convergence_deg(x, y, horizon.grid.pole).ravel()
    off = (yaws[:, None] - grid_yaw[None, :] + 180.0) % 360.0 - 180.0
    return np.asarray(np.abs(off) <= 3.0 * settings.yaw_sigma_deg + width)
