"""One site while it is studied: a value that every stage hands on with more filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.illumination import PointSeries, PointView
from lupex.model import Candidate, LandingGround, LightMap, Reach, SiteDrive, Terrain, Touchdown
from lupex.model.glance import Glance, counted
from lupex.results.water import WaterSurvey
from lupex.sites import FinePlace
from lupex.thermal import ThermalMap


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class SiteStudy(Glance):
    """What is known of one site so far. A stage takes it and returns it with more (`dataclasses.replace`).

    Attributes:
        candidate: the place on the regional map, or the user's.
        terrain, maps: the fine ground (row, col) and its layers; later stages add layers.
        place: the best place on the fine ground.
        shadow: (row, col) permanent shadow on the fine map large enough to be worth a drive.
        touchdown, reach: probabilities over the landing dispersion; None before `land`.
        touchdown_sigma, reach_sigma: their spread over aim points around the place, which is how much hangs on the very
            ground there; for reach p it is sqrt(p (1 - p)) of the share of ground around that reaches.
        shares: (row, col) share of the landing dispersion that comes down in each cell; None before `land`.
        ground: what the lander will meet there; None before `land`.
        drive: the recommended drive; None before it is planned.
        view: the skyline at the place from the panel's height; series: light over the mission span; None before.
        thermal: temperatures and ice of the fine ground, on cells averaged from it; None where not asked for.
        water: what a survey for water around here could prove; None where not asked for or nowhere possible.
        over_grounds: quantiles, deviations and probabilities over many grounds; empty where none were asked for.
        grounds_from: where these grounds come from, in words.
        earth_gap_days: longest time without the Earth's centre over the landing season, from the panel's height.
    """

    candidate: Candidate
    terrain: Terrain
    maps: LightMap
    place: FinePlace
    shadow: NDArray[np.bool_]
    touchdown: Touchdown | None = None
    reach: Reach | None = None
    touchdown_sigma: float = 0.0
    reach_sigma: float = 0.0
    shares: F64 | None = None
    ground: LandingGround | None = None
    drive: SiteDrive | None = None
    view: PointView | None = None
    series: PointSeries | None = None
    over_grounds: Mapping[str, float] = field(default_factory=dict)
    grounds_from: str = ""
    earth_gap_days: float = float("nan")
    thermal: ThermalMap | None = None
    water: WaterSurvey | None = None

    @property
    def name(self) -> str:
        """The name of the site in tables and files."""
        return self.candidate.name

    def _facts(self) -> dict[str, str]:
        return self.candidate._facts() | {"ground": self.terrain.grid.words, "layers": counted(len(self.maps), "layer")}

    def _picture(self) -> NDArray[np.float32]:
        return self.terrain.elevation_m
