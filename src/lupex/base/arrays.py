"""Names for the arrays and indices that every room speaks of."""

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
Mask = NDArray[np.bool_]

Cell = tuple[int, int]
"""Row and column on a grid."""

LatLon = tuple[float, float]
"""Latitude and east longitude, degrees."""
