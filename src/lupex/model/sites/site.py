"""Places proposed for landing."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lupex.base.frames import map_xy_m
from lupex.model.fields.grid import Grid
from lupex.model.glance import Glance, spot


@dataclass(frozen=True, kw_only=True, repr=False)
class Candidate(Glance):
    """A place picked on the regional map.

    ``criteria`` holds the value of every criterion at the place (unit in the name), ``scores``
    each criterion's value scaled to 0..1, ``score`` their weighted mean.
    """

    name: str
    lat_deg: float
    lon_deg: float
    x_m: float
    y_m: float
    rank: int
    score: float
    criteria: dict[str, float] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)

    def _facts(self) -> dict[str, str]:
        place = f"{self.lat_deg:.4f} deg, {self.lon_deg:.4f} deg E"
        return {"name": f"{self.name}, rank {self.rank}", "place": place, "score": f"score {self.score:.3f}"}

    def _details(self) -> dict[str, str]:
        return self._facts() | {name: f"{value:g}" for name, value in self.criteria.items()}

    def _picture(self) -> NDArray[np.float64]:
        return spot(self.x_m, self.y_m)


@dataclass(frozen=True, kw_only=True, repr=False)
class Site(Glance):
    """A candidate re-examined on a fine DEM around it.

    ``fine`` holds the criteria recomputed on the fine grid; ``rank_regional`` the rank before,
    ``rank`` the rank after; ``synthetic_below_m`` as in Terrain.
    """

    candidate: Candidate
    fine_grid: Grid
    fine: dict[str, float]
    rank_regional: int
    rank: int
    score: float
    synthetic_below_m: float | None
    reasons: tuple[str, ...] = ()

    @property
    def lat_deg(self) -> float:
        """Latitude of the best fine place, or of the candidate where no fine place is known."""
        return self.fine.get("lat_deg", self.candidate.lat_deg)

    @property
    def lon_deg(self) -> float:
        """East longitude of the best fine place, or of the candidate."""
        return self.fine.get("lon_deg", self.candidate.lon_deg)

    @property
    def x_m(self) -> float:
        """Map x of the best fine place."""
        return float(map_xy_m(self.lat_deg, self.lon_deg, self.fine_grid.pole)[0])

    @property
    def y_m(self) -> float:
        """Map y of the best fine place."""
        return float(map_xy_m(self.lat_deg, self.lon_deg, self.fine_grid.pole)[1])

    def _facts(self) -> dict[str, str]:
        below = "" if self.synthetic_below_m is None else f"synthetic below {self.synthetic_below_m:g} m"
        name = f"{self.candidate.name}, rank {self.rank} (regional {self.rank_regional})"
        place = f"{self.lat_deg:.4f} deg, {self.lon_deg:.4f} deg E"
        return {"site": name, "place": place, "score": f"score {self.score:.3f}", "synthetic": below}

    def _details(self) -> dict[str, str]:
        return self._facts() | {name: f"{value:g}" for name, value in self.fine.items()}

    def _picture(self) -> NDArray[np.float64]:
        return spot(self.x_m, self.y_m)
