"""What the ground at one place may be: water ice below a dry cover, bound hydrogen everywhere, and how stony it is."""

from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64


@dataclass(frozen=True, eq=False)
class Ground:
    """Possible grounds, as arrays that broadcast against each other.

    Attributes:
        ice: mass fraction of water ice below the cover, 0 to 1.
        cover_m: thickness of the dry cover; 0 where the ice lies open.
        hydration: hydrogen that is no ice (solar wind, adsorbed, bound water), as mass fraction of water, everywhere.
        ends: where each stands for a cell, the lower and upper ends of the three in that order; () for points.
    """

    ice: F64
    cover_m: F64
    hydration: F64
    ends: tuple[tuple[F64, F64], ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of all three together."""
        return np.broadcast_shapes(self.ice.shape, self.cover_m.shape, self.hydration.shape)

    def ice_at(self, depth_m: float) -> F64:
        """Mass fraction of ice at a depth; 0 within the cover. A cover that ends just there counts as ended."""
        return np.where(self.cover_m <= depth_m, self.ice, 0.0)


def ground(ice: float, cover_m: float = 0.0, hydration: float = 0.0) -> Ground:
    """One ground. Mass fractions 0 to 1, metres."""
    return Ground(np.asarray(ice, np.float64), np.asarray(cover_m, np.float64), np.asarray(hydration, np.float64))
