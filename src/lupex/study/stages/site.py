"""A candidate looked at again on fine ground: maps, skyline, tracks, calendar, summary."""

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import MOON_RADIUS_M
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
from lupex.mission import Mission
from lupex.model import Candidate, LightMap, Site, SiteDrive, SkyTable, Terrain
from lupex.results import SiteResult, Track
from lupex.sites import constraint_mask, distance_to_shadow_km, fine_score, site_scores
from lupex.study.contacts.plan import site_contacts
from lupex.study.ground import fine_terrain, fine_window
from lupex.study.places import point_view, true_skyline
from lupex.study.stages.looks import FineLook, Landing
from lupex.study.stages.region import (
    Region,
    Skies,
    large_enough,
    meanings,
    season_layers,
    series_settings,
    skyline_settings,
)
from lupex.terrain import hillshade, horizon_map, slope_deg, used_baseline_m

NEAR_CELLS = 2.0
LISTED_WINDOWS = 3


def look_closer(
    mission: Mission, region: Region, candidate: Candidate, sky: Skies, running: Running = Running()
) -> FineLook:
    """Light, shadow and slope on the fine ground around a candidate, and the best place near it."""
    rng = np.random.default_rng(mission.study.seed)
    at = (candidate.lat_deg, candidate.lon_deg)
    whole = fine_terrain(mission.terrain, region.terrain, candidate.x_m, candidate.y_m, at, rng)
    window = fine_window(mission.terrain, whole, candidate.x_m, candidate.y_m)
    terrain = whole.crop(*window)
    horizons = horizon_map(terrain, skyline_settings(mission, mission.horizon.surface_height_m), running)
    long_term = long_term_light(terrain, horizons, sky.cycle, sky.cycle_utc, running=running)
    season_utc = (region.season.start_utc, region.season.stop_utc)
    season = light_statistics(terrain, horizons, region.season_sky, season_utc, series_settings(mission), running)
    baseline_m = max(mission.terrain.fine_slope_baseline_m, 2.0 * terrain.grid.cell_m)
    shadow = large_enough(*shadow_regions(long_term, terrain, {}), mission)
    layers = {
        "hillshade": hillshade(terrain),
        "absolute_latitude_deg": np.abs(terrain.grid.lat_lon_deg()[0]).astype(np.float32),
        "slope_deg": slope_deg(terrain, baseline_m),
        **long_term.layers,
        "psr_distance_km": _shadow_distance_km(shadow, region, terrain),
        **season_layers(season),
    }
    radius_m = min(NEAR_CELLS * region.terrain.grid.cell_m, 0.4 * mission.terrain.fine_size_km * 1000.0)
    place = fine_score(layers, terrain.grid, candidate, mission.sites, radius_m)
    layers["score"] = site_scores(layers, mission.sites)[0].astype(np.float32)
    layers["admissible"] = _admissible(layers, mission)
    maps = LightMap(
        terrain.grid,
        layers,
        meanings(long_term, season, used_baseline_m(terrain.grid, baseline_m)),
        sky.cycle_utc,
        mission.horizon.surface_height_m,
        terrain.synthetic_below_m,
    )
    return FineLook(candidate, terrain, maps, place, shadow)


def site_series(mission: Mission, look: FineLook, sky: Skies) -> tuple[PointView, PointSeries]:
    """The skyline at a site's best place from the panel's height, and light over the mission span."""
    place, height_m = look.place, mission.horizon.panel_height_m
    radius_m = mission.horizon.search_radius_km * 1000.0
    view = point_view(look.terrain, place.x_m, place.y_m, height_m, radius_m=radius_m)
    return view, point_series(view, sky.span)


def earth_gap_days(view: PointView, season: SkyTable) -> float:
    """Longest time without the Earth's centre over a season at a place."""
    return point_statistics(point_series(view, season))["longest_earth_gap_hours"] / 24.0


def site_result(
    mission: Mission,
    region: Region,
    landing: Landing,
    site: Site,
    sky: Skies,
    seen: tuple[PointView, PointSeries],
    drive: SiteDrive | None = None,
) -> SiteResult:
    """Everything the report shows about a site; ``seen`` is what `site_series` gives, ``drive`` the one recommended."""
    look, (view, whole) = landing.look, seen
    dark = mission.light.dark_below_disc_fraction
    season = point_series(view, region.season_sky)
    lit = lit_windows(whole, dark)
    days = daily_fractions(whole, dark)
    per_day = max(1, round(86_400.0 / sky.span.step_s))
    dates = tdb_s_to_utc(sky.span.times_tdb_s[: len(days[0]) * per_day : per_day])
    true, elevation = true_skyline(view)
    return SiteResult(
        site,
        look.terrain,
        look.maps,
        true,
        elevation,
        _track(season, "sun"),
        _track(season, "earth"),
        tuple(text[:10] for text in dates),
        *days,
        _summary(mission, view, whole, season),
        _listed(lit),
        _listed(~lit),
        landing.touchdown,
        landing.reach,
        drive,
        site_contacts(mission, region.season, look.terrain, view, site.candidate.name, drive),
    )


def _summary(
    mission: Mission,
    view: PointView,
    whole: PointSeries,
    season: PointSeries,
) -> dict[str, float]:
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
