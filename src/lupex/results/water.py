"""What a survey for water found: places, what is believed of them, stations, and the answer to be expected."""

from dataclasses import dataclass, field

from lupex.base.arrays import F64
from lupex.model import LightMap, Terrain
from lupex.model.glance import Glance, counted
from lupex.water.field.survey import Survey


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class WaterPlaces(Glance):
    """Places where a hole could be made, (n,) each.

    Attributes:
        x_m, y_m: map frame. lat_deg, lon_deg. slope_deg: of the ground.
        max_k, mean_k: of the surface over the year. stability_depth_m: ice lasts below it; inf where it does not.
        ice_probability: of any ice, by temperature alone.
        hydrogen_wt_percent, ice_seen: what the mission's maps from orbit say there, NaN outside; None without a map.
        present: probability of water at the level within reach, maps from orbit taken into account.
    """

    x_m: F64
    y_m: F64
    lat_deg: F64
    lon_deg: F64
    slope_deg: F64
    max_k: F64
    mean_k: F64
    stability_depth_m: F64
    ice_probability: F64
    present: F64
    hydrogen_wt_percent: F64 | None = None
    ice_seen: F64 | None = None

    def _facts(self) -> dict[str, str]:
        best = f"water at best {float(self.present.max()):.3f}" if self.present.size else ""
        return {"places": counted(self.x_m.size, "place"), "best": best}


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class WaterSurvey(Glance):
    """A survey around a place.

    Attributes:
        name: of the place. lat_deg, lon_deg: its middle. terrain: the ground it stands on.
        places: considered. survey: plans, stations, expected decision.
        maps: probability of water at the level and depth of stable ice around, None where only places were computed.
        numbers: of the whole, unit in the name: stations, places, places_with_stable_ice, stable_fraction,
            best_probability (of water, before), survey_hours, survey_energy_wh; empty where nobody asked for them.
        drift_k_per_year: largest of the temperatures behind it.
        notes: what the numbers leave out, in sentences.
    """

    name: str
    lat_deg: float
    lon_deg: float
    terrain: Terrain
    places: WaterPlaces
    survey: Survey
    drift_k_per_year: float
    notes: tuple[str, ...]
    maps: LightMap | None = None
    numbers: dict[str, float] = field(default_factory=dict)

    def _facts(self) -> dict[str, str]:
        place = f"{self.lat_deg:.4f} deg, {self.lon_deg:.4f} deg E"
        return {"name": self.name, "place": place} | self.places._facts()

    def _details(self) -> dict[str, str]:
        numbers = {name: f"{value:g}" for name, value in self.numbers.items()}
        return self._facts() | numbers | {"notes": "; ".join(self.notes)}
