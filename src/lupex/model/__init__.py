"""The frozen nouns that pass from room to room."""

from typing import Any

from lupex.base.version import renamed
from lupex.model.contact.contact import ContactPlan, Handover, LunarPlace, Pass
from lupex.model.contact.needs import ContactNeeds, DataNeed, PassRate, ScheduleSettings
from lupex.model.contact.radio import Radio
from lupex.model.contact.schedule import BookedPass, PassRow, Schedule, StationLoss
from lupex.model.contact.site_contacts import PassLink, PassSeries, SiteContacts, StationTotal
from lupex.model.contact.station import Band, Station
from lupex.model.contact.tracking import TrackingSegment
from lupex.model.dem_product import DemProduct
from lupex.model.drive.campaign import Campaign, Stop
from lupex.model.drive.rover import Rover
from lupex.model.drive.traverse import DriveEnd, Haven, SiteDrive, Traverse, TraverseRisk, Violation
from lupex.model.drive.waypoint import Waypoint
from lupex.model.fact import Fact
from lupex.model.fields.grid import Grid
from lupex.model.fields.horizon_map import HorizonMap
from lupex.model.fields.light_map import LightMap
from lupex.model.fields.light_series import InMemoryLight, LightSeries, ever_in_view, held
from lupex.model.fields.orbit import OrbitTable
from lupex.model.fields.sky_table import SkyTable
from lupex.model.fields.terrain import Terrain
from lupex.model.fields.windows import Windows
from lupex.model.settings.ground import GroundSettings
from lupex.model.settings.landing import DispersionSettings, EllipseSettings, HazardSettings, ReachSettings
from lupex.model.settings.link import LinkSettings
from lupex.model.settings.ranking import RankingSettings
from lupex.model.settings.study import (
    NO_LIMIT,
    DateSettings,
    HorizonSettings,
    LightSettings,
    SiteSettings,
    StudySettings,
    TerrainSettings,
)
from lupex.model.settings.thermal import ThermalSettings
from lupex.model.settings.traverse import TraverseSettings
from lupex.model.sites.decision import CriteriaTable, DateTable, Ranking, Reach, Touchdown
from lupex.model.sites.landing_ground import BrokenRule, LandingGround, Spread
from lupex.model.sites.region import ConstraintShare, ShadowRegion
from lupex.model.sites.site import Candidate, Site

__all__ = [
    "BrokenRule",
    "LandingGround",
    "Spread",
    "BookedPass",
    "ContactNeeds",
    "DataNeed",
    "PassRate",
    "PassRow",
    "Schedule",
    "ScheduleSettings",
    "StationLoss",
    "TrackingSegment",
    "Campaign",
    "Stop",
    "LinkSettings",
    "Band",
    "ContactPlan",
    "Handover",
    "LunarPlace",
    "OrbitTable",
    "Pass",
    "PassLink",
    "PassSeries",
    "SiteContacts",
    "Station",
    "StationTotal",
    "Violation",
    "ThermalSettings",
    "TraverseSettings",
    "TraverseRisk",
    "DriveEnd",
    "Traverse",
    "Radio",
    "Rover",
    "LightSeries",
    "InMemoryLight",
    "ever_in_view",
    "held",
    "Haven",
    "NO_LIMIT",
    "Candidate",
    "CriteriaTable",
    "DateSettings",
    "DemProduct",
    "DateTable",
    "Ranking",
    "RankingSettings",
    "Reach",
    "Touchdown",
    "ConstraintShare",
    "EllipseSettings",
    "DispersionSettings",
    "Fact",
    "Grid",
    "GroundSettings",
    "HazardSettings",
    "HorizonMap",
    "HorizonSettings",
    "LightMap",
    "LightSettings",
    "ReachSettings",
    "ShadowRegion",
    "Site",
    "SiteDrive",
    "SiteSettings",
    "SkyTable",
    "StudySettings",
    "Terrain",
    "TerrainSettings",
    "Waypoint",
    "Windows",
]


def __getattr__(name: str) -> Any:
    """Names of the release before, for one more release, each with a DeprecationWarning that names the new one."""
    return renamed(__name__, name, {"HeldLight": InMemoryLight})
