"""Whole DEMs: horizons into a store on disk, and maps of light from them."""

from dataclasses import replace
from pathlib import Path

from lupex.base.running import Running
from lupex.illumination import light_statistics, long_term_light
from lupex.io import HorizonInputs, HorizonStore, default_terrain, describe_dem, write_cog
from lupex.mission import Mission
from lupex.model import HorizonMap, LightMap, Terrain
from lupex.model.quantities import udunits_of
from lupex.study.ground import dem_terrain
from lupex.study.stages.region import Skies, series_settings, skies, skyline_settings
from lupex.study.tiles.cap_maps import MapRequest, tiled_maps
from lupex.terrain import SkylineSettings, hillshade, horizon_map, slope_deg, sweep_azimuths, used_baseline_m
from lupex.terrain.skyline import azimuths_pencil_deg

MOST_BYTES_IN_MEMORY = 1_500_000_000


def horizon_store(dem: str, out: Path, mission: Mission, running: Running = Running()) -> Path:
    """Skylines of a whole DEM ('default' or a file) into a store; an unfinished store is resumed, damaged
    azimuths are made anew.

    Memory stays at a few azimuth planes. Raises StoreError when the folder holds something else or the disk is full.
    """
    running = running.or_workers(mission.study.workers)
    terrain = dem_terrain(dem, mission.terrain.pole, mission.terrain.check_dem, mission.terrain.far_dem)
    _filled_store(terrain, out, skyline_settings(mission, mission.horizon.surface_height_m), running)
    return out


def dem_maps(dem: str, out: Path, mission: Mission, running: Running = Running()) -> list[Path]:
    """Maps of light, shadow, Earth view and slope of a whole DEM as GeoTIFF files in ``out``.

    Long-term means and permanent shadow over the cycle, periods and joint fractions over the mission span. DEMs too
    large for memory are worked on in tiles (`tiled_maps`).

    Args:
        dem: 'default' or the path of a DEM.
    """
    if needs_tiles(dem, mission):
        return tiled_maps(MapRequest(dem=dem), mission, out, running=running)
    running = running.or_workers(mission.study.workers)
    terrain = dem_terrain(dem, mission.terrain.pole, mission.terrain.check_dem, mission.terrain.far_dem)
    settings = skyline_settings(mission, mission.horizon.surface_height_m)
    sky = skies(mission.light)
    out.mkdir(parents=True, exist_ok=True)
    maps = _light(mission, terrain, horizon_map(terrain, settings, running), sky, running)
    baseline_m = 2.0 * terrain.grid.cell_m
    layers = {"hillshade": hillshade(terrain), "slope_deg": slope_deg(terrain, baseline_m), **maps.layers}
    words = {
        "hillshade": "shaded relief, four lights",
        "slope_deg": f"slope of the best plane over {used_baseline_m(terrain.grid, baseline_m):g} m",
        **maps.meanings,
    }
    label = "" if terrain.synthetic_below_m is None else f"_synthetic_below_{terrain.synthetic_below_m:g}m"
    written = []
    for name, layer in layers.items():
        path = out / f"{name}{label}.tif"
        write_cog(
            path,
            terrain.grid,
            layer,
            name=name,
            unit=udunits_of(name),
            meaning=words[name],
            synthetic_below_m=terrain.synthetic_below_m,
        )
        written.append(path)
    return written


def needs_tiles(dem: str, mission: Mission) -> bool:
    """Whether the skylines of a DEM ('default' or a file) would not fit into memory at once."""
    info = None if dem == "default" else describe_dem(dem)
    if info is None:
        rows, cols = default_terrain("south").grid.shape
    else:
        rows, cols = info.rows, info.cols
    return 2 * mission.horizon.azimuths * rows * cols > MOST_BYTES_IN_MEMORY


def _light(mission: Mission, terrain: Terrain, horizons: HorizonMap, sky: Skies, running: Running) -> LightMap:
    """Long-term layers under their names, and what only a time series tells, with 'span_' before it."""
    long_term = long_term_light(terrain, horizons, sky.cycle, sky.cycle_utc, running=running)
    series = light_statistics(terrain, horizons, sky.span, sky.span_utc, series_settings(mission), running)
    words = {
        f"span_{name}": f"{sky.span_utc[0]} to {sky.span_utc[1]}: {text}" for name, text in series.meanings.items()
    }
    span = {f"span_{name}": layer for name, layer in series.layers.items()}
    return replace(long_term, layers={**long_term.layers, **span}, meanings={**long_term.meanings, **words})


def _filled_store(terrain: Terrain, out: Path, settings: SkylineSettings, running: Running) -> HorizonStore:
    levels = [level.sha256 for level in terrain.levels()]
    inputs = HorizonInputs(
        terrain.grid,
        azimuths_pencil_deg(settings.azimuths),
        settings.observer_height_m,
        settings.search_radius_m,
        terrain.synthetic_below_m,
        {"levels": levels, "near_columns": settings.near_columns, "half_columns": settings.half_columns},
    )
    store = HorizonStore.create(out, inputs)
    sweep_azimuths(terrain, settings, sink=store.write_azimuth, done=store.whole(), running=running)
    store.finalise()
    return store
