"""The mission: everything one mission file says, with defaults filled in."""

from dataclasses import dataclass, fields, is_dataclass
from typing import Any, get_type_hints

from lupex.base.plugins import Plugin
from lupex.model.fact import Fact
from lupex.model.glance import Glance, counted
from lupex.model.settings.descent import DescentSettings
from lupex.model.settings.ground import GroundSettings
from lupex.model.settings.landing import (
    DispersionSettings,
    EllipseSettings,
    HazardSettings,
    PositionSettings,
    ReachSettings,
)
from lupex.model.settings.link import LinkSettings
from lupex.model.settings.own_layer import MissionLayer
from lupex.model.settings.payload import PayloadSettings
from lupex.model.settings.place import MissionPlace
from lupex.model.settings.ranking import RankingSettings
from lupex.model.settings.study import (
    DateSettings,
    HorizonSettings,
    LightSettings,
    SiteSettings,
    StudySettings,
    TerrainSettings,
)
from lupex.model.settings.thermal import ThermalSettings
from lupex.model.settings.trajectory import TrajectorySettings
from lupex.model.settings.traverse import TraverseSettings
from lupex.model.settings.water import PriorSettings, RuleSettings, WaterSettings


@dataclass(frozen=True, kw_only=True, repr=False)
class Mission(Glance):
    """Everything one mission file says, with defaults filled in. Every path in it is absolute.

    Attributes:
        name: names the output folder. title: of the report.
        path: the mission file as it was named, for messages; folder: its absolute folder, '' for the default mission.
        terrain to position: one settings class for each table of the file.
        places: of the user's own, studied beside those that are picked.
        layers: of the user's own, shown on maps and in tables.
        lander, rover: facts from the catalogue, overridden by the file.
        lander_name, rover_name: the catalogue entries (or absolute paths) the facts began from.
        given: the 'table.key' names the file set itself.
        text_sha256: digest of the file.
        plugins: rows of other packages that load, with package and version.
    """

    name: str
    title: str
    path: str
    folder: str = ""
    terrain: TerrainSettings = TerrainSettings()
    horizon: HorizonSettings = HorizonSettings()
    light: LightSettings = LightSettings()
    sites: SiteSettings = SiteSettings()
    study: StudySettings = StudySettings()
    dates: DateSettings = DateSettings()
    dispersion: DispersionSettings = DispersionSettings()
    ellipse: EllipseSettings = EllipseSettings()
    hazard: HazardSettings = HazardSettings()
    reach: ReachSettings = ReachSettings()
    traverse: TraverseSettings = TraverseSettings()
    ground: GroundSettings = GroundSettings()
    link: LinkSettings = LinkSettings()
    thermal: ThermalSettings = ThermalSettings()
    ranking: RankingSettings = RankingSettings()
    water: WaterSettings = WaterSettings()
    water_rule: RuleSettings = RuleSettings()
    water_prior: PriorSettings = PriorSettings()
    payload: PayloadSettings = PayloadSettings()
    trajectory: TrajectorySettings = TrajectorySettings()
    descent: DescentSettings = DescentSettings()
    position: PositionSettings = PositionSettings()
    places: tuple[MissionPlace, ...] = ()
    layers: tuple[MissionLayer, ...] = ()
    lander: tuple[Fact, ...] = ()
    rover: tuple[Fact, ...] = ()
    given: tuple[str, ...] = ()
    text_sha256: str = ""
    plugins: tuple[Plugin, ...] = ()
    lander_name: str = "lupex"
    rover_name: str = "lupex"

    def _facts(self) -> dict[str, str]:
        span = f"{self.light.start_utc[:10]} to {self.light.stop_utc[:10]}"
        places = counted(len(self.places), "place") if self.places else ""
        return {"name": self.name, "lander": f"lander {self.lander_name}", "rover": f"rover {self.rover_name}",
                "dem": f"dem {self.terrain.dem}", "span": span, "places": places,
                "given": f"{counted(len(self.given), 'setting')} given"}  # fmt: skip

    def _details(self) -> dict[str, str]:
        return {"title": self.title, "file": self.path} | self._facts() | {"given": ", ".join(self.given)}


def _settings_classes() -> dict[str, type[Any]]:
    kinds = get_type_hints(Mission)
    return {spec.name: kinds[spec.name] for spec in fields(Mission) if is_dataclass(kinds[spec.name])}


SETTINGS: dict[str, type[Any]] = _settings_classes()
"""Tables of settings of a mission file and the class each fills, in the order of the file: the fields of Mission."""
