"""Drives that a user asked for, as they were found."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import Cell
from lupex.ephemeris import tdb_s_to_utc
from lupex.model import Campaign, DriveEnd, LightSeries, Rover, SiteDrive, Stop, Terrain, Traverse, Violation
from lupex.model.glance import Glance
from lupex.traverse import (
    Edges,
    Isochrones,
    LivingEnds,
    LivingRule,
    Polyline,
    Route,
    TimeReach,
    drive_end,
    living_ends,
)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class DriveScene(Glance):
    """Where and when a rover drives.

    Attributes:
        terrain, rover: the ground and who drives on it.
        edges: drives between its cells.
        light: light and Earth view over the span of the drive and the days after.
        last_step: boundary of the light by which a drive must have ended; None: the light's end.
        rule: what it takes to go on living where a drive ends; None: any sunlight is an end.
    """

    terrain: Terrain
    rover: Rover
    edges: Edges
    light: LightSeries
    last_step: int | None = None
    rule: LivingRule | None = None

    @property
    def span_utc(self) -> tuple[str, str]:
        """First and last instant a drive may use."""
        last_step = self.light.times_tdb_s.size - 1 if self.last_step is None else self.last_step
        first, last = tdb_s_to_utc(self.light.times_tdb_s[[0, last_step]])
        return first, last

    @cached_property
    def living(self) -> LivingEnds | None:
        """Where and with what charge a drive may end; None without a rule."""
        return None if self.rule is None else living_ends(self.light, self.rover, self.rule, self.last_step)

    def end_at(self, drive: Traverse) -> DriveEnd | None:
        """How the rover lives where a drive ends; None without a rule, and for a drive that ends off the map."""
        if self.rule is None or not self.terrain.grid.contains(float(drive.x_m[-1]), float(drive.y_m[-1])):
            return None
        return drive_end(drive, self.rover, self.light, self.rule)

    @property
    def step_s(self) -> float:
        """Time step of the plan (s)."""
        return float(self.light.times_tdb_s[1] - self.light.times_tdb_s[0])

    def _facts(self) -> dict[str, str]:
        return {"rover": self.rover.name, "grid": self.terrain.grid.words, "span": " to ".join(self.span_utc)}

    def _picture(self) -> NDArray[np.float32]:
        return self.terrain.elevation_m


@dataclass(frozen=True, eq=False, repr=False)
class StaticDrive(Glance):
    """A drive with light ignored: what is least ('time', 'energy', 'length'), its cells, the line pulled straight."""

    terrain: Terrain
    cost: str
    route: Route
    line: Polyline

    def _facts(self) -> dict[str, str]:
        return {"least": f"least {self.cost}"} | self.route._facts()

    def _picture(self) -> NDArray[np.float64]:
        return self.route._picture()


@dataclass(frozen=True, eq=False, repr=False)
class CheckedDrive(Glance):
    """A drive played through, every constraint it breaks, the first first, and how the rover lives at its end."""

    scene: DriveScene
    traverse: Traverse
    broken: tuple[Violation, ...]
    end: DriveEnd | None = None

    def _facts(self) -> dict[str, str]:
        broken = f"{len(self.broken)} limits broken" if self.broken else "keeps every limit"
        return self.traverse._facts() | {"broken": broken}

    def _details(self) -> dict[str, str]:
        return self._facts() | {one.constraint: one.sentence for one in self.broken}

    def _picture(self) -> NDArray[np.float64]:
        return self.traverse._picture()


@dataclass(frozen=True, eq=False, repr=False)
class ReachedGround(Glance):
    """How far a rover gets from a start: light ignored, and in time."""

    scene: DriveScene
    start: Cell
    ignoring_light: Isochrones
    in_time: TimeReach

    def _facts(self) -> dict[str, str]:
        return self.in_time._facts()

    def _picture(self) -> NDArray[np.float64]:
        return self.in_time._picture()


@dataclass(frozen=True, eq=False, repr=False)
class CampaignDrive(Glance):
    """The stops asked for, the campaign over them, and its drive with margins."""

    scene: DriveScene
    stops: tuple[Stop, ...]
    campaign: Campaign
    drive: SiteDrive

    def _facts(self) -> dict[str, str]:
        return self.campaign._facts()

    def _details(self) -> dict[str, str]:
        return self.campaign._details()

    def _picture(self) -> NDArray[np.float64] | None:
        return self.drive._picture()
