"""Whole DEMs: horizons into a store on disk, and maps of light from them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lupex.base.progress import Progress, silent
from lupex.illumination import light_statistics, long_term_light
from lupex.illumination.longterm import LongTermSettings
from lupex.io import HorizonInputs, HorizonStore, write_cog
from lupex.model import HorizonMap, LightMap, Mission, Terrain
from lupex.study.ground import dem_terrain
from lupex.study.region import Skies, series_settings, skies, skyline_settings
from lupex.terrain import SkylineSettings, hillshade, horizon_map, slope_deg, sweep_azimuths, used_baseline_m
from lupex.terrain.skyline import azimuths_pencil_deg

MOST_BYTES_IN_MEMORY = 1_500_000_000
UNITS = {"_deg": "deg", "_m": "m", "_km": "km", "_days": "d", "_w_m2": "W m-2", "_fraction": "1"}


def horizon_store(dem: str, out: Path, mission: Mission, progress: Progress = silent) -> Path:
    """Skylines of a whole DEM ('default' or a file) into a store; an unfinished store is gone on with.

    Memory stays at a few azimuth planes. Raises StoreError when the folder holds something else or the disk is full.
    """
    terrain = dem_terrain(dem, mission.terrain.pole)
    _filled_store(terrain, out, skyline_settings(mission, mission.horizon.surface_height_m), progress)
    return out


def dem_maps(dem: str, out: Path, mission: Mission, progress: Progress = silent) -> list[Path]:
    """Maps of light, shadow, Earth view and slope of a whole DEM as GeoTIFF files in ``out``.

    Long-term means and permanent shadow over the cycle, periods and joint fractions over the mission span. Large
    DEMs go through a horizon store inside ``out`` and are worked on in bands of rows.
    """
    terrain = dem_terrain(dem, mission.terrain.pole)
    settings = skyline_settings(mission, mission.horizon.surface_height_m)
    sky = skies(mission.light)
    out.mkdir(parents=True, exist_ok=True)
    if 2 * settings.azimuths * terrain.grid.rows * terrain.grid.cols <= MOST_BYTES_IN_MEMORY:
        maps = _light(mission, terrain, horizon_map(terrain, settings, progress), sky, progress)
    else:
        store = _filled_store(terrain, out / "horizons", settings, progress)
        maps = _in_bands(mission, terrain, store, sky, progress)
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
            unit=unit_of(name),
            meaning=words[name],
            synthetic_below_m=terrain.synthetic_below_m,
        )
        written.append(path)
    return written


def unit_of(name: str) -> str:
    """Unit a layer's name ends with, '1' for plain numbers."""
    return next((unit for ending, unit in UNITS.items() if name.endswith(ending)), "1")


def _light(mission: Mission, terrain: Terrain, horizons: HorizonMap, sky: Skies, progress: Progress) -> LightMap:
    """Long-term layers under their names, and what only a time series tells, with 'span_' before it."""
    settings = LongTermSettings(workers=mission.study.workers)
    long_term = long_term_light(terrain, horizons, sky.cycle, sky.cycle_utc, settings, progress)
    series = light_statistics(terrain, horizons, sky.span, sky.span_utc, series_settings(mission), progress)
    words = {
        f"span_{name}": f"{sky.span_utc[0]} to {sky.span_utc[1]}: {text}" for name, text in series.meanings.items()
    }
    span = {f"span_{name}": layer for name, layer in series.layers.items()}
    return replace(long_term, layers={**long_term.layers, **span}, meanings={**long_term.meanings, **words})


def _in_bands(mission: Mission, terrain: Terrain, store: HorizonStore, sky: Skies, progress: Progress) -> LightMap:
    """The light of a terrain too large for memory, band by band, each read with one more row on either side."""
    grid = terrain.grid
    per_row = 2 * store.inputs.azimuths_pencil_deg.size * grid.cols
    rows = max(1, MOST_BYTES_IN_MEMORY // (2 * per_row))
    parts: dict[str, list[NDArray[np.float32]]] = {}
    last: LightMap | None = None
    for top in range(0, grid.rows, rows):
        bottom = min(top + rows, grid.rows)
        first, end = max(top - 1, 0), min(bottom + 1, grid.rows)
        band = terrain.crop(first, 0, end - first, grid.cols)
        last = _light(mission, band, store.read(slice(first, end)), sky, progress)
        for name, layer in last.layers.items():
            parts.setdefault(name, []).append(layer[top - first : bottom - first])
    assert last is not None
    whole = {name: np.concatenate(bands) for name, bands in parts.items()}
    return replace(last, grid=grid, layers=whole)


def _filled_store(terrain: Terrain, out: Path, settings: SkylineSettings, progress: Progress) -> HorizonStore:
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
    sweep_azimuths(terrain, settings, sink=store.write_azimuth, done=store.done(), progress=progress)
    store.finalise()
    return store
