"""The regional part of a study: light, shadow, Earth view, season and candidates on one map."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import Mask
from lupex.base.constants import DAY_S, JULIAN_YEAR_S
from lupex.base.errors import NothingLeftError
from lupex.base.running import Running
from lupex.catalogue import shadow_names
from lupex.ephemeris import sky_span, tdb_s_to_utc, utc_to_tdb_s
from lupex.illumination import (
    SeriesSettings,
    best_season,
    brightest_cells,
    light_statistics,
    lit_share,
    long_term_light,
    shadow_regions,
)
from lupex.mission import Mission
from lupex.model import Candidate, ConstraintShare, HorizonMap, LightMap, LightSettings, ShadowRegion, SkyTable, Terrain
from lupex.model.quantities import sentences
from lupex.results import Season
from lupex.sites import constraint_mask, distance_to_shadow_km, pick, site_scores
from lupex.study.below_cells import CellGrounds, ground_meanings, with_grounds
from lupex.study.ground import inside_region
from lupex.study.stages.layers import LayerScene, layer_meanings, map_layers
from lupex.study.stages.own_places import own_candidates
from lupex.terrain import SkylineSettings, horizon_map, slope_deg, used_baseline_m

CYCLE_STEP_S = 3600.0

SEASON_NAMES = {
    "lit_fraction_any": "season_lit_fraction",
    "lit_fraction_disc": "season_lit_fraction_disc",
    "mean_irradiance_surface_w_m2": "season_irradiance_surface_w_m2",
    "mean_irradiance_panel_w_m2": "season_irradiance_panel_w_m2",
    "longest_lit_days": "season_longest_lit_days",
    "longest_lit_start_days": "season_longest_lit_start_days",
    "longest_dark_days": "season_longest_dark_days",
    "earth_fraction": "season_earth_fraction",
    "sun_and_earth_fraction": "season_sun_and_earth_fraction",
}
OWN_MEANINGS = sentences(("slope_deg", "psr_distance_km", "score", "admissible"))


SHOWN_CRITERIA = (
    "lat_deg",
    "lon_deg",
    "slope_deg",
    "psr_distance_km",
    "lit_fraction_any",
    "lit_fraction_disc",
    "earth_fraction",
    "season_lit_fraction",
    "season_longest_lit_days",
    "season_longest_dark_days",
    "season_earth_fraction",
    "season_sun_and_earth_fraction",
)


@dataclass(frozen=True, eq=False)
class Skies:
    """The three tables a study needs: the long-term cycle, the mission span, the landing season."""

    cycle: SkyTable
    cycle_utc: tuple[str, str]
    span: SkyTable
    span_utc: tuple[str, str]


@dataclass(frozen=True, eq=False, kw_only=True)
class Region:
    """What the regional part found."""

    terrain: Terrain
    maps: LightMap
    season: Season
    season_sky: SkyTable
    psr_regions: tuple[ShadowRegion, ...]
    constraints: tuple[ConstraintShare, ...]
    candidates: tuple[Candidate, ...]
    shadow: NDArray[np.bool_]


def skies(settings: LightSettings) -> Skies:
    """Sky tables of a mission. Raises SpanError when the kernels do not cover them.

    Args:
        settings: spans of [light].
    """
    start_s = float(utc_to_tdb_s(settings.cycle_start_utc)[0])
    cycle_utc = (settings.cycle_start_utc, tdb_s_to_utc([start_s + settings.cycle_years * JULIAN_YEAR_S])[0])
    span_utc = (settings.start_utc, settings.stop_utc)
    return Skies(
        sky_span(*cycle_utc, CYCLE_STEP_S),
        cycle_utc,
        sky_span(*span_utc, settings.step_hours * 3600.0),
        span_utc,
    )


def skyline_settings(mission: Mission, height_m: float) -> SkylineSettings:
    """Engine settings of a mission for an eye ``height_m`` above the ground."""
    return SkylineSettings(
        azimuths=mission.horizon.azimuths,
        observer_height_m=height_m,
        search_radius_m=mission.horizon.search_radius_km * 1000.0,
    )


def examine_region(mission: Mission, terrain: Terrain, sky: Skies, running: Running = Running()) -> Region:
    """Maps, season and candidates of the region.

    Args:
        mission: the settings.
        terrain: heights to stand on.
        sky: sky tables of span and cycle.

    Raises InputError when no place fulfils the constraints, SpanError when the season does not fit.
    """
    horizons = horizon_map(terrain, skyline_settings(mission, mission.horizon.surface_height_m), running)
    long_term = long_term_light(terrain, horizons, sky.cycle, sky.cycle_utc, running=running)
    labels, psr_regions = shadow_regions(long_term, terrain, shadow_names(terrain.grid.pole))
    shadow = large_enough(labels, psr_regions, mission)
    baseline_m = max(mission.terrain.slope_baseline_m, 2.0 * terrain.grid.cell_m)
    layers = {
        "slope_deg": slope_deg(terrain, baseline_m),
        **long_term.layers,
        "psr_distance_km": distance_to_shadow_km(shadow, terrain.grid),
    }
    inside = inside_region(terrain, mission.terrain)
    grounds = CellGrounds(mission, terrain, horizons, inside, running)
    layers = with_grounds(layers, grounds.over(sky.cycle, sky.cycle_utc), inside)
    season, season_sky = find_season(mission, terrain, horizons, sky.span, layers, inside)
    statistics = light_statistics(
        terrain, horizons, season_sky, (season.start_utc, season.stop_utc), series_settings(mission), running
    )
    scene = LayerScene(terrain=terrain, horizons=horizons, season_sky=season_sky, running=running)
    season_means = season_layers(statistics)
    of_season = grounds.over_season(season_sky, (season.start_utc, season.stop_utc))
    layers = map_layers(scene) | layers | with_grounds(season_means, of_season, inside)
    known = {name: np.where(inside, layer, np.nan) for name, layer in layers.items()}
    mask, shares = _admissible(known, mission)
    score = site_scores(known, mission.sites)[0]
    picked = pick(score, mask, terrain.grid, mission.sites, known)
    layers |= {"score": score.astype(np.float32), "admissible": mask.astype(np.float32)}
    used_m = used_baseline_m(terrain.grid, baseline_m)
    maps = LightMap(
        grid=terrain.grid,
        layers=layers,
        meanings=ground_meanings(meanings(long_term, statistics, used_m), list(layers)),
        span_utc=sky.cycle_utc,
        observer_height_m=mission.horizon.surface_height_m,
        synthetic_below_m=terrain.synthetic_below_m,
    )
    own = own_candidates(mission, maps, len(picked) + 1)
    candidates = tuple(replace(c, criteria=known_criteria(c.criteria)) for c in (*picked, *own))
    return Region(
        terrain=terrain,
        maps=maps,
        season=season,
        season_sky=season_sky,
        psr_regions=psr_regions,
        constraints=shares,
        candidates=candidates,
        shadow=shadow,
    )


def _admissible(layers: dict[str, NDArray[np.float32]], mission: Mission) -> tuple[Mask, tuple[ConstraintShare, ...]]:
    """Where every constraint holds; nowhere is an answer only where the user brings places of their own."""
    try:
        return constraint_mask(layers, mission.sites)
    except NothingLeftError:
        if not mission.places:
            raise
        return np.zeros(layers["slope_deg"].shape, bool), ()


def find_season(
    mission: Mission,
    terrain: Terrain,
    horizons: HorizonMap,
    span: SkyTable,
    layers: dict[str, NDArray[np.float32]],
    inside: NDArray[np.bool_],
) -> tuple[Season, SkyTable]:
    """The landing season in which the brightest ground near permanent shadow is lit longest, and its sky table.

    Args:
        mission: the settings.
        terrain: heights to stand on.
        horizons: skylines on the grid of the terrain.
        span: first and last instant (UTC).
        layers: name -> (row, col).
        inside: (row, col) cells of the region.
    """
    limits = mission.sites
    suitable = inside & (layers["slope_deg"] <= limits.max_slope_deg)
    near = suitable & (layers["psr_distance_km"] <= limits.max_psr_distance_km)
    near &= layers["permanent_shadow"] < 0.5
    rows, cols = brightest_cells(layers["lit_fraction_any"], near if near.any() else inside)
    lit = lit_share(terrain, horizons, span, rows, cols)
    days = mission.light.season_days
    starts, mean, best = best_season(lit, span, days)
    times = span.times_tdb_s
    length = round(days * DAY_S / span.step_s)
    first = int(starts[best])
    bounds = tdb_s_to_utc([times[first], times[first] + length * span.step_s])
    season = Season(bounds[0], bounds[1], days, tuple(tdb_s_to_utc(times[starts])), tuple(mean.tolist()))
    return season, span.between(float(times[first]), float(times[first + length - 1]))


def series_settings(mission: Mission) -> SeriesSettings:
    """How a mission counts light over time."""
    return SeriesSettings(mission.light.dark_below_disc_fraction)


def season_layers(statistics: LightMap) -> dict[str, NDArray[np.float32]]:
    """Statistics over the season under their season names."""
    return {new: statistics[old] for old, new in SEASON_NAMES.items()}


def large_enough(labels: NDArray[np.int32], regions: tuple[ShadowRegion, ...], mission: Mission) -> NDArray[np.bool_]:
    """(row, col) shadow that belongs to a region of at least [sites] min_psr_area_km2."""
    last = sum(region.area_km2 >= mission.sites.min_psr_area_km2 for region in regions)
    return np.asarray((labels > 0) & (labels <= last))


def meanings(long_term: LightMap, season: LightMap, baseline_m: float) -> dict[str, str]:
    """A sentence for every layer, with baselines and definitions."""
    own = OWN_MEANINGS | {"slope_deg": f"{OWN_MEANINGS['slope_deg']} over a baseline of {baseline_m:g} m"}
    in_season = {new: f"landing season: {season.meanings[old]}" for old, new in SEASON_NAMES.items()}
    return layer_meanings() | own | dict(long_term.meanings) | in_season


def known_criteria(criteria: dict[str, float]) -> dict[str, float]:
    """The criteria a table of sites shows, in its order."""
    return {name: criteria[name] for name in SHOWN_CRITERIA if name in criteria}
