"""A candidate looked at again on fine ground: maps, skyline, tracks, calendar, summary."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import DAY_S, MOON_RADIUS_M
from lupex.base.errors import NothingLeftError
from lupex.base.running import Running
from lupex.ephemeris import tdb_s_to_utc
from lupex.illumination import (
    PointSeries,
    PointView,
    daily_fractions,
    light_statistics,
    lit_windows,
    long_term_light,
    point_series,
    point_statistics,
    shadow_regions,
)
from lupex.illumination.span import even_step_s
from lupex.mission import Mission
from lupex.model import Candidate, LightMap, Site, Terrain
from lupex.model.quantities import sentences
from lupex.navigation.surface.skyline_coarse import SettingsOfMatch
from lupex.navigation.surface.skyline_precision import skyline_precision_m
from lupex.results import SiteResult, SiteStudy, Track
from lupex.sites import constraint_mask, distance_to_shadow_km, fine_score, site_scores
from lupex.study.contacts.plan import site_contacts
from lupex.study.ground import fine_terrain, fine_window
from lupex.study.places import point_view, true_skyline
from lupex.study.stages.layers import LayerScene, map_layers
from lupex.study.stages.own_places import ON_THE_SPOT_CELLS, ground_of, own_place
from lupex.study.stages.region import (
    Region,
    Skies,
    large_enough,
    meanings,
    season_layers,
    series_settings,
    skyline_settings,
)
from lupex.terrain import horizon_map, slope_deg, used_baseline_m

NEAR_CELLS = 2.0
LISTED_WINDOWS = 3
SKYLINE_FIX = "skyline_fix_m"


def look_closer(
    mission: Mission, region: Region, candidate: Candidate, sky: Skies, running: Running = Running()
) -> SiteStudy:
    """Light, shadow and slope on the fine ground around a candidate, and the best place near it.

    Args:
        mission: the settings.
        region: terrain, maps and season of the region.
        sky: sky tables of span and cycle.
    """
    mission = ground_of(mission, candidate.name)
    rng = np.random.default_rng(mission.study.seed)
    at = (candidate.lat_deg, candidate.lon_deg)
    whole = fine_terrain(mission.terrain, region.terrain, candidate.x_m, candidate.y_m, at, rng)
    return look_at_ground(mission, region, candidate, whole, sky, running)


def look_at_ground(
    mission: Mission, region: Region, candidate: Candidate, whole: Terrain, sky: Skies, running: Running = Running()
) -> SiteStudy:
    """As `look_closer`, on a given ground.

    Args:
        mission: the settings, with the site's own ground.
        region: terrain, maps and season of the region. candidate: the place.
        whole: the fine ground with what lies around it.
        sky: sky tables of span and cycle.
    """
    window = fine_window(mission.terrain, whole, candidate.x_m, candidate.y_m)
    terrain = whole.crop(*window)
    horizons = horizon_map(terrain, skyline_settings(mission, mission.horizon.surface_height_m), running)
    long_term = long_term_light(terrain, horizons, sky.cycle, sky.cycle_utc, running=running)
    season_utc = (region.season.start_utc, region.season.stop_utc)
    season = light_statistics(terrain, horizons, region.season_sky, season_utc, series_settings(mission), running)
    baseline_m = max(mission.terrain.fine_slope_baseline_m, 2.0 * terrain.grid.cell_m)
    shadow = large_enough(*shadow_regions(long_term, terrain, {}), mission)
    scene = LayerScene(terrain=terrain, horizons=horizons, season_sky=region.season_sky, running=running)
    layers = {
        **map_layers(scene),
        "slope_deg": slope_deg(terrain, baseline_m),
        **long_term.layers,
        "psr_distance_km": _shadow_distance_km(shadow, region, terrain),
        **season_layers(season),
    }
    if mission.position.in_study:
        match = SettingsOfMatch(sigma_deg=mission.position.panorama_sigma_deg)
        layers[SKYLINE_FIX] = skyline_precision_m(horizons, match)
    radius_m = min(NEAR_CELLS * region.terrain.grid.cell_m, 0.4 * mission.terrain.fine_size_km * 1000.0)
    if own_place(mission, candidate.name) is not None:
        radius_m = ON_THE_SPOT_CELLS * terrain.grid.cell_m
    place = fine_score(layers, terrain.grid, candidate, mission.sites, radius_m)
    layers["score"] = site_scores(layers, mission.sites)[0].astype(np.float32)
    layers["admissible"] = _admissible(layers, mission)
    maps = LightMap(
        grid=terrain.grid,
        layers=layers,
        meanings=meanings(long_term, season, used_baseline_m(terrain.grid, baseline_m)) | sentences((SKYLINE_FIX,)),
        span_utc=sky.cycle_utc,
        observer_height_m=mission.horizon.surface_height_m,
        synthetic_below_m=terrain.synthetic_below_m,
    )
    return SiteStudy(candidate=candidate, terrain=terrain, maps=maps, place=place, shadow=shadow)


def seen_from_panel(mission: Mission, region: Region, study: SiteStudy, sky: Skies) -> SiteStudy:
    """The study with the skyline at its place from the panel's height, light over the mission span and the longest time
    without the Earth in the landing season."""
    place, height_m = study.place, mission.horizon.panel_height_m
    radius_m = mission.horizon.search_radius_km * 1000.0
    view = point_view(study.terrain, place.x_m, place.y_m, height_m, radius_m=radius_m)
    season = point_statistics(point_series(view, region.season_sky))
    gap_days = season["longest_earth_gap_hours"] / 24.0
    return replace(study, view=view, series=point_series(view, sky.span), earth_gap_days=gap_days)


def site_result(mission: Mission, region: Region, study: SiteStudy, site: Site) -> SiteResult:
    """Everything the report shows about a site, from a study whose last stage was `seen_from_panel`.

    Args:
        mission: the settings.
        region: terrain, maps and season of the region.
    """
    view, whole = study.view, study.series
    assert view is not None and whole is not None
    dark = mission.light.dark_below_disc_fraction
    season = point_series(view, region.season_sky)
    lit = lit_windows(whole, dark)
    lit_fraction, earth_fraction, both_fraction = daily_fractions(whole, dark)
    per_day = max(1, round(DAY_S / even_step_s(whole.times_tdb_s)))
    dates = tdb_s_to_utc(whole.times_tdb_s[: len(lit_fraction) * per_day : per_day])
    true, elevation = true_skyline(view)
    return SiteResult(
        site=site,
        terrain=study.terrain,
        maps=study.maps,
        skyline_azimuth_true_deg=true,
        skyline_elevation_deg=elevation,
        sun=_track(season, "sun"),
        earth=_track(season, "earth"),
        calendar_days_utc=tuple(text[:10] for text in dates),
        calendar_lit_fraction=lit_fraction,
        calendar_earth_fraction=earth_fraction,
        calendar_both_fraction=both_fraction,
        summary=_summary(mission, view, whole, season) | dict(study.over_grounds),
        lit_windows_utc=_listed(lit),
        dark_windows_utc=_listed(~lit),
        touchdown=study.touchdown,
        reach=study.reach,
        drive=study.drive,
        thermal=study.thermal,
        water=study.water,
        contacts=site_contacts(mission, region.season, study.terrain, view, study.name, study.drive),
        ground=study.ground,
        grounds_from=study.grounds_from,
    )


def _summary(mission: Mission, view: PointView, whole: PointSeries, season: PointSeries) -> dict[str, float]:
    dark = mission.light.dark_below_disc_fraction
    span = point_statistics(whole, dark)
    in_season = point_statistics(season, dark)
    height_m = mission.horizon.panel_height_m
    return {
        "elevation_m": view.distance_m - MOON_RADIUS_M - height_m,
        "panel_height_m": height_m,
        "season_lit_fraction": in_season["lit_fraction"],
        "season_longest_lit_days": in_season["longest_lit_hours"] / 24.0,
        "season_longest_dark_days": in_season["longest_dark_hours"] / 24.0,
        "season_earth_fraction": in_season["earth_fraction"],
        "season_sun_and_earth_fraction": in_season["sun_and_earth_fraction"],
        "span_lit_fraction": span["lit_fraction"],
        "span_longest_lit_days": span["longest_lit_hours"] / 24.0,
        "span_longest_dark_days": span["longest_dark_hours"] / 24.0,
        "span_earth_fraction": span["earth_fraction"],
        "span_longest_earth_gap_days": span["longest_earth_gap_hours"] / 24.0,
        "span_sun_and_earth_fraction": span["sun_and_earth_fraction"],
    }


def _shadow_distance_km(shadow: NDArray[np.bool_], region: Region, terrain: Terrain) -> NDArray[np.float32]:
    """Distance to shadow that counts: seen on the fine map inside its window, on the regional map beyond."""
    near = distance_to_shadow_km(shadow, terrain.grid)
    x, y = terrain.grid.xy_m()
    coarse = region.terrain.grid
    rx, ry = coarse.xy_m()
    fine = terrain.grid
    within = (rx >= fine.left_m) & (rx < fine.right_m) & (ry > fine.bottom_m) & (ry <= fine.top_m)
    far = distance_to_shadow_km(region.shadow & ~within, coarse)
    col = np.clip(((x - coarse.left_m) / coarse.cell_m).astype(int), 0, coarse.cols - 1)
    row = np.clip(((coarse.top_m - y) / coarse.cell_m).astype(int), 0, coarse.rows - 1)
    return np.minimum(near, far[row, col])


def _admissible(layers: dict[str, NDArray[np.float32]], mission: Mission) -> NDArray[np.float32]:
    try:
        return np.asarray(constraint_mask(layers, mission.sites)[0], np.float32)
    except NothingLeftError:
        return np.zeros(layers["slope_deg"].shape, np.float32)


def _track(series: PointSeries, body: str) -> Track:
    return Track(
        series.times_tdb_s,
        getattr(series, f"{body}_azimuth_true_deg"),
        getattr(series, f"{body}_elevation_deg"),
        getattr(series, f"{body}_radius_deg"),
    )


def _listed(windows: object) -> tuple[tuple[str, str], ...]:
    """The longest windows as UTC texts, longest first."""
    longest = sorted(windows, key=lambda w: (w[0] - w[1], w[0]))[:LISTED_WINDOWS]  # type: ignore[call-overload]
    return tuple((tdb_s_to_utc([a])[0], tdb_s_to_utc([b])[0]) for a, b in longest)
