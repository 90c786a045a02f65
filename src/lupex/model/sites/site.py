"""Places proposed for landing."""

from dataclasses import dataclass, field

from lupex.base.frames import map_xy_m
from lupex.model.fields.grid import Grid


@dataclass(frozen=True, kw_only=True)
class Candidate:
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


@dataclass(frozen=True, kw_only=True)
class Site:
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
