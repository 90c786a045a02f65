"""A candidate on its fine ground, and what landing there is like."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.model import Candidate, LightMap, Reach, Terrain, Touchdown
from lupex.sites import FinePlace


@dataclass(frozen=True, eq=False)
class FineLook:
    """The maps of a candidate's fine ground and the best place on them.

    ``shadow`` (row, col): permanent shadow on the fine map large enough to be worth a drive.
    """

    candidate: Candidate
    terrain: Terrain
    maps: LightMap
    place: FinePlace
    shadow: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Landing:
    """A look with the maps of touchdown and reach added, and both at the best place.

    The sigmas are the spread of the two over aim points around the place: how much hangs on the very ground there,
    which the DEM may not know. For reach p they are sqrt(p (1 - p)) of the share of ground around that reaches.
    """

    look: FineLook
    touchdown: Touchdown
    reach: Reach
    touchdown_sigma: float
    reach_sigma: float
