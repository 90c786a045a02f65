"""The mission: everything one mission file says, with defaults filled in."""

from dataclasses import dataclass

from lupex.model.fact import Fact
from lupex.model.settings.ground import GroundSettings
from lupex.model.settings.landing import DispersionSettings, HazardSettings, ReachSettings
from lupex.model.settings.link import LinkSettings
from lupex.model.settings.ranking import RankingSettings
from lupex.model.settings.study import (
    DateSettings,
    HorizonSettings,
    LightSettings,
    SiteSettings,
    StudySettings,
    TerrainSettings,
)
from lupex.model.settings.traverse import TraverseSettings


@dataclass(frozen=True)
class Mission:
    """Everything one mission file says, with defaults filled in.

    ``lander`` and ``rover`` are facts from the catalogue, overridden by the file; ``given`` lists
    the 'table.key' names the file set itself; ``text_sha256`` digests the file; ``lander_name`` and
    ``rover_name`` are the catalogue entries (or files) the facts began from.
    """

    name: str
    title: str
    path: str
    terrain: TerrainSettings
    horizon: HorizonSettings
    light: LightSettings
    sites: SiteSettings
    study: StudySettings
    dates: DateSettings = DateSettings()
    dispersion: DispersionSettings = DispersionSettings()
    hazard: HazardSettings = HazardSettings()
    reach: ReachSettings = ReachSettings()
    ranking: RankingSettings = RankingSettings()
    traverse: TraverseSettings = TraverseSettings()
    ground: GroundSettings = GroundSettings()
    link: LinkSettings = LinkSettings()
    lander: tuple[Fact, ...] = ()
    rover: tuple[Fact, ...] = ()
    given: tuple[str, ...] = ()
    text_sha256: str = ""
    lander_name: str = "lupex"
    rover_name: str = "lupex"
