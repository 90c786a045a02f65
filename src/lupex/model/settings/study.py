"""Typed settings, one frozen class per room; the mission file fills them.

Every field carries its meaning and where its default comes from, so that
``lupex mission --explain`` can print them and the loader can check them.
"""

from dataclasses import dataclass

from lupex.base.gate import numbers_checked
from lupex.base.utc import utc_text
from lupex.model.settings.setting import one_or_many, setting

CATALOGUE = "catalogue"
"""The word for the table of published DEMs in the package."""
PUBLISHED = "published"
"""The word for the errors that are published with the DEM."""


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class TerrainSettings:
    """[terrain]: which DEM, which part of it, and how sites are refined."""

    dem: str = setting(
        "default",
        "'default' (LOLA 1600 m inside the package), the path of a DEM, 'pgda' (finest published at each place) or the "
        "name of a published product",
        "LRO-L-LOLA-4-GDR-V1.0",
        path=True,
        catalogue="dem",
        words=("default", "pgda"),
    )
    dem_table: str = setting(
        CATALOGUE,
        "table of published DEMs: 'catalogue', or a TOML file of a mirror in the same form",
        path=True,
        words=(CATALOGUE,),
    )
    far_dem: tuple[str, ...] = setting(
        ("default",),
        "terrain around a DEM you bring: 'default', 'none', a path, or a list of paths, finest first",
        "LRO-L-LOLA-4-GDR-V1.0",
        path=True,
        many=True,
        words=("default", "none"),
    )
    pole: str = setting(
        "south", "which cap the default DEM shows", "LUPEX goes to the south pole", choices=("south", "north")
    )
    check_dem: str = setting(
        "refuse",
        "what happens when a DEM you bring contradicts the map around it: 'refuse' it, 'note' it, or 'off'",
        "measured tiles follow the 1600 m LOLA to 3 m (docs/theory/maps_and_dems.md)",
        choices=("refuse", "note", "off"),
    )
    equatorward_limit_deg: float = setting(
        80.0, "the region reaches from the pole to this absolute latitude", minimum=70.0, maximum=89.5
    )
    slope_baseline_m: float = setting(
        3200.0, "baseline over which regional slopes are stated", "two posts of the 1600 m DEM", minimum=1.0
    )
    fine_cell_m: float = setting(50.0, "cell size of the fine DEM around a site", minimum=1.0)
    fine_size_km: float = setting(16.0, "side of the fine DEM around a site", minimum=0.5, maximum=200.0)
    fine_slope_baseline_m: float = setting(100.0, "baseline over which site slopes are stated", minimum=1.0)

    grounds: int = setting(
        0, "grounds each site is looked at over, 20 or more; 0: the site's own alone", minimum=0, maximum=10_000
    )
    error_m: float = setting(
        0.0,
        "standard deviation of the DEM's heights at a site; 0: grounds are seeds of the synthetic relief",
        minimum=0.0,
        maximum=200.0,
    )
    error_length_m: float = setting(
        100.0, "distance at which the correlation of these errors falls to 1/e", minimum=1.0, maximum=1.0e6
    )

    error_map: str = setting(
        "none",
        "map of the standard deviations of the DEM's heights instead of one error_m: 'none', 'published' or a path",
        path=True,
        words=("none", PUBLISHED),
    )
    clones: tuple[str, ...] = setting(
        ("none",),
        "error clones of the DEM, whole surfaces or errors: 'none', 'published', a folder or a list of files",
        path=True,
        many=True,
        words=("none", PUBLISHED),
    )
    grounds_through: str = setting(
        "drive",
        "how far each ground is carried: 'panel' (light and slope at the place), 'landing' (maps, touchdown, reach) or "
        "'drive'",
        choices=("panel", "landing", "drive"),
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "far_dem", one_or_many(self.far_dem))
        object.__setattr__(self, "clones", one_or_many(self.clones))


@numbers_checked
@dataclass(frozen=True)
class HorizonSettings:
    """[horizon]: how the skyline is computed."""

    azimuths: int = setting(360, "number of evenly spaced azimuths, a multiple of 8", minimum=8, maximum=3600)
    search_radius_km: float = setting(
        250.0,
        "how far terrain can raise the skyline",
        "reference study: beyond 200 km nothing relevant changes",
        minimum=1.0,
        maximum=600.0,
    )
    surface_height_m: float = setting(0.0, "eye height for maps of the surface", minimum=0.0, maximum=100.0)
    panel_height_m: float = setting(
        2.0,
        "eye height for the solar panel at a site",
        "height used by Glaeser et al. 2014, 2018",
        minimum=0.0,
        maximum=100.0,
    )


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class LightSettings:
    """[light]: spans, steps and definitions."""

    start_utc: str = setting(
        "2028-01-01T00:00:00Z",
        "first instant of the mission span",
        "LUPEX launch given as 2028-29 in secondary sources",
    )
    stop_utc: str = setting(
        "2031-01-01T00:00:00Z", "end of the mission span", "LUPEX launch given as 2028-29 in secondary sources"
    )
    step_hours: float = setting(1.0, "time step of series and longest periods", minimum=0.1, maximum=24.0)
    cycle_start_utc: str = setting("2026-01-01T00:00:00Z", "first instant of the long-term statistics")
    cycle_years: float = setting(
        18.7,
        "length of the long-term statistics, at least one nodal cycle",
        "lunar node: 18.61 years",
        minimum=18.6,
        maximum=100.0,
    )
    cell_grounds: int = setting(
        6,
        "grounds drawn for each cell of the default map, over which its light is a mean; 0: smooth cells, too bright",
        minimum=0,
        maximum=64,
    )
    dark_below_disc_fraction: float = setting(
        0.0,
        "a moment is dark when no more than this fraction of the Sun's disc is visible",
        "any part of the disc visible counts as lit (AVGVISIB convention)",
        minimum=0.0,
        maximum=0.99,
    )
    season_days: float = setting(
        105.0,
        "length of the landing season: nominal surface life",
        "LUPEX: up to 3.5 months (JpGU 2023)",
        minimum=1.0,
        maximum=366.0,
    )

    def __post_init__(self) -> None:
        for name in ("start_utc", "stop_utc", "cycle_start_utc"):
            object.__setattr__(self, name, utc_text(getattr(self, name)))


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class SiteSettings:
    """[sites]: constraints and weights of the first ranking.

    A limit that the mission file leaves out comes from ``preset``; NO_LIMIT says which values switch one off.
    """

    preset: str = setting(
        "lupex",
        "published rules that fill the limits left out: a name of the catalogue or the path of a TOML file",
        catalogue="site_rules",
    )
    count: int = setting(5, "how many sites to pick and re-examine", minimum=1, maximum=50)
    separation_km: float = setting(15.0, "smallest distance between two picked sites", minimum=0.1)
    max_slope_deg: float = setting(
        10.0,
        "steepest slope over the stated baseline",
        "Chandrayaan-3: local slope below 10 deg (secondary source)",
        minimum=0.0,
        maximum=60.0,
    )
    min_lit_days: float = setting(
        30.0,
        "shortest acceptable longest run of lit days in the landing season",
        "JAXA sunlight-day map: white where 30 days or more",
        minimum=0.0,
    )
    min_earth_fraction: float = setting(
        0.25, "smallest fraction of the landing season with the Earth's centre in view", minimum=0.0, maximum=1.0
    )
    max_psr_distance_km: float = setting(
        10.0,
        "farthest permanent shadow worth driving to",
        "LUPEX: traverse of more than 10 km (secondary source)",
        minimum=0.0,
        maximum=10_000.0,
    )
    min_psr_area_km2: float = setting(
        1.0, "smallest connected permanent shadow that counts as a destination", minimum=0.0
    )
    min_lit_fraction: float = setting(
        0.0, "smallest lit fraction of the landing season; 0: no limit", minimum=0.0, maximum=1.0
    )
    min_abs_latitude_deg: float = setting(
        0.0, "smallest distance from the equator in latitude; 0: no limit", minimum=0.0, maximum=90.0
    )
    max_abs_latitude_deg: float = setting(
        90.0, "largest distance from the equator in latitude; 90: no limit", minimum=0.0, maximum=90.0
    )
    weight_light: float = setting(0.4, "weight of the lit fraction of the landing season", minimum=0.0)
    weight_earth: float = setting(0.2, "weight of the Earth view of the landing season", minimum=0.0)
    weight_slope: float = setting(0.2, "weight of flat ground", minimum=0.0)
    weight_psr: float = setting(0.2, "weight of nearness to permanent shadow", minimum=0.0)


NO_LIMIT = {
    "max_slope_deg": 60.0,
    "min_lit_days": 0.0,
    "min_lit_fraction": 0.0,
    "min_earth_fraction": 0.0,
    "max_psr_distance_km": 10_000.0,
    "min_abs_latitude_deg": 0.0,
    "max_abs_latitude_deg": 90.0,
}
"""Limits of SiteSettings and the value with which each rules nothing out; a preset without a number sets it."""


@numbers_checked
@dataclass(frozen=True)
class DateSettings:
    """[dates]: the table of landing dates."""

    step_days: float = setting(1.0, "spacing of the landing dates", minimum=0.25, maximum=60.0)
    survivable_dark_hours: float = setting(
        0.0, "dark spells up to this long do not end the lit days after landing", minimum=0.0, maximum=1000.0
    )


@numbers_checked
@dataclass(frozen=True)
class StudySettings:
    """[study]: how the computation runs."""

    seed: int = setting(2028, "seed of every random choice (synthetic relief)", minimum=0)
    workers: int = setting(0, "threads; 0 uses every core", minimum=0, maximum=1024)
