"""All that a study found, ready to be written down."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import LayerError
from lupex.base.gate import near
from lupex.mission.mission import Mission
from lupex.model.contact.site_contacts import SiteContacts
from lupex.model.drive.traverse import SiteDrive
from lupex.model.fields.light_map import LightMap
from lupex.model.fields.own_layer import NearFeature, OwnLayer
from lupex.model.fields.terrain import Terrain
from lupex.model.glance import Glance, counted, span_words
from lupex.model.sites.decision import DateTable, Ranking, Reach, Touchdown
from lupex.model.sites.landing_ground import LandingGround
from lupex.model.sites.region import ConstraintShare, ShadowRegion
from lupex.model.sites.site import Candidate, Site
from lupex.navigation.orbit.propagate import DispersionPart
from lupex.results.launches import LaunchStudy
from lupex.results.payload import PayloadStudy
from lupex.results.position import SitePosition
from lupex.results.water import WaterSurvey
from lupex.terrain.agreement import Agreement
from lupex.thermal import ThermalMap
from lupex.water.field.trials import HoleTrials


@dataclass(frozen=True, kw_only=True, repr=False)
class Provenance(Glance):
    """What the results were made from: versions, inputs, kernels, seed.

    No clock and no host: equal runs give equal bytes.
    """

    lupex_version: str
    package_versions: dict[str, str]
    inputs: tuple[tuple[str, str], ...]
    kernels: tuple[tuple[str, str], ...]
    seed: int
    settings: dict[str, Any] = field(default_factory=dict)

    def _facts(self) -> dict[str, str]:
        inputs, kernels = counted(len(self.inputs), "input"), counted(len(self.kernels), "kernel")
        return {
            "version": f"lupex {self.lupex_version}",
            "inputs": inputs,
            "kernels": kernels,
            "seed": f"seed {self.seed}",
        }

    def _details(self) -> dict[str, str]:
        return self._facts() | self.package_versions | dict(self.inputs) | dict(self.kernels)


@dataclass(frozen=True, eq=False, repr=False)
class Track(Glance):
    """Directions of a body from one place over time: arrays (time,), deg; azimuth clockwise from true north."""

    times_tdb_s: NDArray[np.float64]
    azimuth_true_deg: NDArray[np.float64]
    elevation_deg: NDArray[np.float64]
    radius_deg: NDArray[np.float64]

    def _facts(self) -> dict[str, str]:
        if not self.times_tdb_s.size:
            return {"times": "0 times"}
        highest = f"{self.elevation_deg.min():.2f} to {self.elevation_deg.max():.2f} deg high"
        span = span_words((self.times_tdb_s[0], self.times_tdb_s[-1]))
        return {"times": counted(self.times_tdb_s.size, "time"), "elevation": highest, "span": span}


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class SiteResult(Glance):
    """A site with everything its pages show.

    Attributes:
        maps: layers on the fine grid (slope_deg, hillshade, lit fractions, ...).
        skyline_azimuth_true_deg, skyline_elevation_deg: (azimuth,) ascending azimuth.
        sun, earth: tracks over the landing season.
        calendar_days_utc: (day,) ISO dates over the mission span; the fractions of each day, (day,).
        summary: named numbers at the site (unit in the name) with panel height.
        lit_windows_utc, dark_windows_utc: the longest ones, (start, stop) texts.
        touchdown, reach: probabilities over the landing dispersion, None where not asked for.
        drive: the recommended drive into the nearest permanent shadow and back, None where not asked for.
        contacts: with the antennas on the ground over the landing season, None where not asked for.
        thermal: temperatures and ice of the fine ground, on cells averaged from it, None where not asked for.
        water: what a survey for water around here could prove, None where not asked for or nowhere possible.
        ground: what the lander will meet over the landing dispersion, None where it was not computed.
        position: how well a lander here would know where it is, None where not asked for.
        grounds_from: where the grounds of an ensemble come from, in words; '' where none was asked for.
    """

    site: Site
    terrain: Terrain
    maps: LightMap
    skyline_azimuth_true_deg: NDArray[np.float64]
    skyline_elevation_deg: NDArray[np.float64]
    sun: Track
    earth: Track
    calendar_days_utc: tuple[str, ...]
    calendar_lit_fraction: NDArray[np.float64]
    calendar_earth_fraction: NDArray[np.float64]
    calendar_both_fraction: NDArray[np.float64]
    summary: dict[str, float]
    lit_windows_utc: tuple[tuple[str, str], ...]
    dark_windows_utc: tuple[tuple[str, str], ...]
    touchdown: Touchdown | None = None
    reach: Reach | None = None
    drive: SiteDrive | None = None
    contacts: SiteContacts | None = None
    thermal: ThermalMap | None = None
    water: WaterSurvey | None = None
    ground: LandingGround | None = None
    position: SitePosition | None = None
    grounds_from: str = ""

    def _facts(self) -> dict[str, str]:
        place = f"{self.site.lat_deg:.4f} deg, {self.site.lon_deg:.4f} deg E"
        drive = "" if self.drive is None else "with drive" if self.drive.traverse is not None else "no drive"
        name = f"{self.site.candidate.name}, rank {self.site.rank}"
        return {"site": name, "place": place, "drive": drive, "synthetic": self.terrain.label}

    def _details(self) -> dict[str, str]:
        return self._facts() | {name: f"{value:g}" for name, value in self.summary.items()}

    def _picture(self) -> NDArray[np.float32]:
        return self.maps["hillshade"] if "hillshade" in self.maps else self.terrain.elevation_m


@dataclass(frozen=True, repr=False)
class Season(Glance):
    """The best landing season: the window of ``days`` days in which suitable ground is lit longest.

    ``starts_utc`` and ``lit_fraction`` are the whole search, one entry per daily start.
    """

    start_utc: str
    stop_utc: str
    days: float
    starts_utc: tuple[str, ...]
    lit_fraction: tuple[float, ...]

    def _facts(self) -> dict[str, str]:
        best = f"lit {max(self.lit_fraction):.3f}" if self.lit_fraction else ""
        return {"span": f"{self.start_utc[:10]} to {self.stop_utc[:10]}", "days": f"{self.days:g} days", "lit": best}


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class StudyResult(Glance, Mapping[str, SiteResult]):
    """Everything a study computed; the report prints this and nothing else. A mapping of the sites by name, best first.

    Attributes:
        region: terrain of the region (far terrain attached).
        maps: regional layers: hillshade, slope_deg, lit and Earth fractions, permanent shadow, score, ...
        psr_area_by_latitude: (from_deg, to_deg, psr_km2, total_km2) rows, absolute latitude bands.
        psr_regions: largest first.
        sky_numbers: what Sun and Earth reach (name with unit -> value).
        thermal: temperatures and ice of the region, None where not asked for.
        water: holes simulated with the rule of decision, None where water is not asked for.
        payload: status of the instruments and their accommodation, None where it is not asked for.
        launches: when to launch for the sites and what lands, None where not asked for or the span is too short.
        ranking: how firm the order of the sites is; dates: site x landing date.
        dems: how the DEMs of the mission compare with the built-in map, by file name.
        layers: of the user's own, on the map of the pole; near: where every site lies among their features.
        ellipse_parts: what the landing ellipse would be made of by [ellipse], part by part.
    """

    mission: Mission
    region: Terrain
    maps: LightMap
    season: Season
    sky_numbers: dict[str, float]
    psr_area_by_latitude: tuple[tuple[float, float, float, float], ...]
    psr_regions: tuple[ShadowRegion, ...]
    constraints: tuple[ConstraintShare, ...]
    candidates: tuple[Candidate, ...]
    sites: tuple[SiteResult, ...]
    provenance: Provenance
    ranking: Ranking | None = None
    dates: DateTable | None = None
    thermal: ThermalMap | None = None
    water: HoleTrials | None = None
    dems: tuple[tuple[str, Agreement], ...] = ()
    payload: PayloadStudy | None = None
    launches: LaunchStudy | None = None
    layers: tuple[OwnLayer, ...] = ()
    near: tuple[NearFeature, ...] = ()
    ellipse_parts: tuple[DispersionPart, ...] = ()

    def __getitem__(self, name: str) -> SiteResult:
        """The site of this name ('S1'). Raises LayerError, a KeyError, with the nearest name."""
        for site in self.sites:
            if site.site.candidate.name == name:
                return site
        raise LayerError(f"study of {self.mission.name}: no site '{name}'", near(name, [*self], "its sites"))

    # A mapping would compare by content, array by array; nouns are compared by identity.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __iter__(self) -> Iterator[str]:
        return iter([site.site.candidate.name for site in sorted(self.sites, key=lambda one: one.site.rank)])

    def __len__(self) -> int:
        return len(self.sites)

    def __bool__(self) -> bool:
        return True

    def _facts(self) -> dict[str, str]:
        sites = ", ".join(self)
        season = f"season {self.season.start_utc[:10]} to {self.season.stop_utc[:10]}"
        return {"mission": self.mission.name, "sites": f"sites {sites or 'none'}", "season": season,
                "region": self.maps.grid.words}  # fmt: skip

    def _picture(self) -> NDArray[np.float32] | None:
        return self.maps._picture()
