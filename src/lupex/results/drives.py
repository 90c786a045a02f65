"""Drives that a user asked for, as they were found."""

from dataclasses import dataclass

from lupex.base.arrays import Cell
from lupex.ephemeris import tdb_s_to_utc
from lupex.model import Campaign, LightSeries, Rover, SiteDrive, Stop, Terrain, Traverse, Violation
from lupex.traverse import Edges, Isochrones, Polyline, Route, TimeReach


@dataclass(frozen=True, eq=False)
class DriveScene:
    """Where and when a rover drives: terrain, steps between its cells, light and Earth view over time."""

    terrain: Terrain
    rover: Rover
    edges: Edges
    light: LightSeries

    @property
    def span_utc(self) -> tuple[str, str]:
        """First and last instant of the light series."""
        first, last = tdb_s_to_utc(self.light.times_tdb_s[[0, -1]])
        return first, last

    @property
    def step_s(self) -> float:
        """Time step of the plan (s)."""
        return float(self.light.times_tdb_s[1] - self.light.times_tdb_s[0])


@dataclass(frozen=True, eq=False)
class StaticDrive:
    """A drive with light ignored: what is least ('time', 'energy', 'length'), its cells, the line pulled straight."""

    terrain: Terrain
    cost: str
    route: Route
    line: Polyline


@dataclass(frozen=True, eq=False)
class CheckedDrive:
    """A drive played through, and every constraint it breaks, the first in time first."""

    scene: DriveScene
    traverse: Traverse
    broken: tuple[Violation, ...]


@dataclass(frozen=True, eq=False)
class ReachedGround:
    """How far a rover gets from a start: light ignored, and in time."""

    scene: DriveScene
    start: Cell
    ignoring_light: Isochrones
    in_time: TimeReach


@dataclass(frozen=True, eq=False)
class CampaignDrive:
    """The stops asked for, the campaign over them, and its drive with margins."""

    scene: DriveScene
    stops: tuple[Stop, ...]
    campaign: Campaign
    drive: SiteDrive
