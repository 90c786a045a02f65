"""Candidates over the whole cap on fine cells, more than memory would hold at once: season, tiles, pick."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.running import Running
from lupex.illumination import long_term_light, shadow_regions
from lupex.mission import Mission
from lupex.model import Candidate, ConstraintShare, Grid, LightMap, SkyTable, Terrain
from lupex.results import Season
from lupex.sites import constraint_mask, distance_to_shadow_km, pick, site_scores
from lupex.sites.first_score_criteria import NEEDED
from lupex.study.ground import inside_region, region_terrain
from lupex.study.stages.region import (
    SEASON_NAMES,
    SHOWN_CRITERIA,
    Skies,
    find_season,
    known_criteria,
    large_enough,
    skies,
    skyline_settings,
)
from lupex.study.tiles.cap_maps import MapRequest, tile_job
from lupex.study.tiles.jobs import Skylight, TiledLight, TileRunning, light_in_tiles
from lupex.terrain import horizon_map, slope_deg

SEASON_PREFIX = "season/"


@dataclass(frozen=True, eq=False, kw_only=True)
class FoundOnCap:
    """What a search found: the maps it searched stay in their tiles."""

    grid: Grid
    season: Season
    constraints: tuple[ConstraintShare, ...]
    candidates: tuple[Candidate, ...]
    interpolated_from_m: float | None
    tiled: TiledLight

    def rows(self) -> list[dict[str, Any]]:
        """The candidates as plain rows, best first."""
        names = {"cell_m": self.grid.cell_m, "interpolated_from_m": self.interpolated_from_m}
        return [
            {"rank": c.rank, "name": c.name, "lat_deg": c.lat_deg, "lon_deg": c.lon_deg, "score": c.score}
            | names
            | c.criteria
            for c in self.candidates
        ]


def search_cap(
    mission: Mission, cell_m: float | None, folder: Path, run: TileRunning = TileRunning(), running: Running = Running()
) -> FoundOnCap:
    """The best places poleward of [terrain] equatorward_limit_deg on cells of ``cell_m``, tile by tile in ``folder``.

    The landing season is that of the regional map, as in a study. Tiles stay in ``folder``: with other limits or
    weights a second search only picks again, unless they move the season (StoreError says so). Below the DEM's cells
    heights are interpolated: slopes are stated over [terrain] slope_baseline_m, and nothing smaller than the DEM's
    cells is found or excluded.
    Raises InputError when no place fulfils the constraints, and what `light_in_tiles` raises.

    Args:
        mission: limits, weights and spans.
        run: workers, scheduler, whether to resume.
    """
    running = running.or_workers(mission.study.workers)
    sky = skies(mission.light)
    season, season_sky = landing_season(mission, sky, running)
    utc = (season.start_utc, season.stop_utc)
    light = Skylight(sky.cycle, sky.cycle_utc, {SEASON_PREFIX: (season_sky, utc)})
    dem = mission.terrain.dem
    limit = mission.terrain.equatorward_limit_deg if dem == "default" else None
    threads = running.threads if run.executor == "serial" else 1
    job = tile_job(MapRequest(dem=dem, cell_m=cell_m, poleward_of_deg=limit), mission, light, threads)
    tiled = light_in_tiles(job, light, folder, run, running)
    layers = search_layers(mission, tiled)
    mask, shares = constraint_mask(layers, mission.sites)
    picked = pick(site_scores(layers, mission.sites)[0], mask, tiled.grid, mission.sites, layers)
    candidates = tuple(replace(c, criteria=known_criteria(c.criteria)) for c in picked)
    return FoundOnCap(
        grid=tiled.grid,
        season=season,
        constraints=shares,
        candidates=candidates,
        interpolated_from_m=job.ground.interpolated_from_m,
        tiled=tiled,
    )


def landing_season(mission: Mission, sky: Skies, running: Running = Running()) -> tuple[Season, SkyTable]:
    """The landing season of a mission's regional map and its sky table. Raises SpanError when it does not fit."""
    terrain = region_terrain(mission.terrain)
    horizons = horizon_map(terrain, skyline_settings(mission, mission.horizon.surface_height_m), running)
    maps = long_term_light(terrain, horizons, sky.cycle, sky.cycle_utc, running=running)
    baseline_m = max(mission.terrain.slope_baseline_m, 2.0 * terrain.grid.cell_m)
    layers = {
        "slope_deg": slope_deg(terrain, baseline_m),
        "lit_fraction_any": maps["lit_fraction_any"],
        "permanent_shadow": maps["permanent_shadow"],
        "psr_distance_km": _shadow_distance_km(mission, maps, terrain),
    }
    return find_season(mission, terrain, horizons, sky.span, layers, inside_region(terrain, mission.terrain))


def search_layers(mission: Mission, tiled: TiledLight) -> dict[str, NDArray[np.float32]]:
    """What constraints, criteria and the table of sites read, from finished tiles; NaN equatorward of the limit.

    Args:
        mission: limits of the region.
        tiled: the finished tiles.
    """
    grid = tiled.grid
    terrain = Terrain(grid, tiled.layer("elevation_m"))
    stored = {new: f"{SEASON_PREFIX}{old}" for old, new in SEASON_NAMES.items()}
    wanted = sorted((NEEDED | set(SHOWN_CRITERIA)) & (set(stored) | set(tiled.job.layers)) - {"slope_deg"})
    layers = {name: tiled.layer(stored.get(name, name)) for name in wanted}
    layers["slope_deg"] = slope_deg(terrain, max(mission.terrain.slope_baseline_m, 2.0 * grid.cell_m))
    shadow = LightMap(
        grid=grid,
        layers={"permanent_shadow": layers["permanent_shadow"]},
        meanings={"permanent_shadow": ""},
        span_utc=("", ""),
        observer_height_m=0.0,
    )
    layers["psr_distance_km"] = _shadow_distance_km(mission, shadow, terrain)
    layers["absolute_latitude_deg"] = np.abs(grid.lat_lon_deg()[0]).astype(np.float32)
    outside = ~inside_region(terrain, mission.terrain)
    for layer in layers.values():
        layer[outside] = np.nan
    return layers


def _shadow_distance_km(mission: Mission, maps: LightMap, terrain: Terrain) -> NDArray[np.float32]:
    labels, regions = shadow_regions(maps, terrain, {}, mission.sites.min_psr_area_km2)
    return distance_to_shadow_km(large_enough(labels, regions, mission), terrain.grid)
