"""A skyline as an azimuth-elevation mask file (.aem), the text form in which satellite tool kits take masks."""

from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from lupex.base.errors import InputError
from lupex.io.atomic import write_bytes

VERSION = "stk.v.4.0"
"""Oldest version of the format; later programs read it."""


def elevation_mask_text(azimuth_true_deg: ArrayLike, elevation_deg: ArrayLike) -> str:
    """The mask as text: azimuths from true north, clockwise, from 0 to 360 with the circle closed.

    Args:
        azimuth_true_deg: (n,) rising within [0, 360). elevation_deg: (n,) of the terrain, linear in between and round.

    Raises InputError for arrays that do not fit, azimuths that do not rise, or a value that is not finite.
    """
    azimuth, elevation = (np.asarray(values, dtype=np.float64) for values in (azimuth_true_deg, elevation_deg))
    rises = azimuth.ndim == 1 and azimuth.size and azimuth[0] >= 0.0 and azimuth[-1] < 360.0
    if not rises or azimuth.shape != elevation.shape or not np.all(np.diff(azimuth) > 0.0):
        raise InputError("elevation mask: azimuths do not rise within [0, 360)", "give one elevation per azimuth")
    if not (np.all(np.isfinite(azimuth)) and np.all(np.isfinite(elevation))):
        raise InputError("elevation mask: a value is not finite", "give -90 where nothing stands in the way")
    ends = np.interp([0.0, 360.0], azimuth, elevation, period=360.0)
    inner = azimuth > 0.0
    azimuths = np.concatenate([[0.0], azimuth[inner], [360.0]])
    elevations = np.concatenate([ends[:1], elevation[inner], ends[1:]])
    lines = [VERSION, "", "BEGIN AzElMask", "", f"NumberOfPoints {azimuths.size}", "", "BEGIN AzElMaskData"]
    lines += [f"{a:.6f} {e:.6f}" for a, e in zip(azimuths.tolist(), elevations.tolist(), strict=True)]
    return "\n".join([*lines, "END AzElMaskData", "", "END AzElMask"]) + "\n"


def write_elevation_mask(path: str | Path, azimuth_true_deg: ArrayLike, elevation_deg: ArrayLike) -> None:
    """Write `elevation_mask_text` atomically. Raises StoreError; else as `elevation_mask_text`."""
    write_bytes(path, elevation_mask_text(azimuth_true_deg, elevation_deg).encode())
