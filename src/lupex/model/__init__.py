"""The frozen nouns that pass from room to room."""

from lupex.model.campaign import Campaign, Stop
from lupex.model.contact import ContactPlan, Handover, LunarPlace, Pass
from lupex.model.contact_needs import ContactNeeds, DataNeed, PassRate, ScheduleSettings
from lupex.model.decision import CriteriaTable, DateTable, Ranking, Reach, Touchdown
from lupex.model.grid import Grid
from lupex.model.ground_settings import GroundSettings
from lupex.model.horizon_map import HorizonMap
from lupex.model.landing_settings import DispersionSettings, HazardSettings, ReachSettings
from lupex.model.light_map import LightMap
from lupex.model.light_series import HeldLight, LightSeries, ever_in_view, held
from lupex.model.link_settings import LinkSettings
from lupex.model.orbit import OrbitTable
from lupex.model.radio import Radio
from lupex.model.ranking_settings import RankingSettings
from lupex.model.result import ConstraintShare, Provenance, Season, ShadowRegion, SiteResult, StudyResult, Track
from lupex.model.rover import Rover
from lupex.model.schedule import BookedPass, PassRow, Schedule, StationLoss
from lupex.model.settings import (
    NO_LIMIT,
    DateSettings,
    Fact,
    HorizonSettings,
    LightSettings,
    Mission,
    SiteSettings,
    StudySettings,
    TerrainSettings,
)
from lupex.model.site import Candidate, Site
from lupex.model.site_contacts import PassLink, PassSeries, SiteContacts, StationTotal
from lupex.model.sky_table import SkyTable
from lupex.model.station import Band, Station
from lupex.model.terrain import Terrain
from lupex.model.tracking import TrackingSegment
from lupex.model.traverse import Haven, SiteDrive, Traverse, TraverseRisk, Violation
from lupex.model.traverse_settings import TraverseSettings
from lupex.model.waypoint import Waypoint
from lupex.model.windows import Windows

__all__ = [
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
    "TraverseSettings",
    "TraverseRisk",
    "Traverse",
    "Radio",
    "Rover",
    "LightSeries",
    "HeldLight",
    "ever_in_view",
    "held",
    "Haven",
    "NO_LIMIT",
    "Candidate",
    "CriteriaTable",
    "DateSettings",
    "DateTable",
    "Ranking",
    "RankingSettings",
    "Reach",
    "Touchdown",
    "ConstraintShare",
    "DispersionSettings",
    "Fact",
    "Grid",
    "GroundSettings",
    "HazardSettings",
    "HorizonMap",
    "HorizonSettings",
    "LightMap",
    "LightSettings",
    "Mission",
    "Provenance",
    "ReachSettings",
    "Season",
    "ShadowRegion",
    "Site",
    "SiteDrive",
    "SiteResult",
    "SiteSettings",
    "SkyTable",
    "StudyResult",
    "StudySettings",
    "Terrain",
    "TerrainSettings",
    "Track",
    "Waypoint",
    "Windows",
]
