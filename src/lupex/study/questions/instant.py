"""Sunlight at one instant on every cell of a DEM."""

import re
from pathlib import Path

import numpy as np

from lupex.base.errors import InputError
from lupex.base.frames import lat_lon_deg
from lupex.base.running import Running
from lupex.base.utc import UtcLike, utc_text
from lupex.ephemeris import sky_table, utc_to_tdb_s
from lupex.illumination import disc_series, image_regions
from lupex.io import read_image, write_cog
from lupex.mission import Mission
from lupex.model import LightMap
from lupex.model.quantities import sentences, udunits_of
from lupex.study.ground import dem_terrain
from lupex.study.stages.region import skyline_settings
from lupex.study.tiles.stores import needs_tiles
from lupex.terrain import hillshade, horizon_map

DISC = "sun_disc_fraction"


def shadow_map(dem: str, utc: UtcLike, mission: Mission, running: Running = Running()) -> LightMap:
    """Visible fraction of the Sun's disc on every cell at one instant, with the shaded relief.

    Args:
        dem: 'default' or a file.
        utc: the instant, as `lupex.utc_to_tdb_s` takes it.
        mission: azimuths, search radius and eye height of [horizon], pole and far DEMs of [terrain].
        running: threads and progress.

    Returns: a LightMap (row, col) of 'sun_disc_fraction' in steps of 1/255 and 'hillshade'; NaN without height.
    Raises InputError for a DEM whose skylines do not fit into memory, SpanError outside the kernels.
    """
    if needs_tiles(dem, mission):
        raise InputError(
            f"{dem}: its skylines do not fit into memory",
            "cut a part out with `lupex dem import`, or take fewer azimuths",
        )
    instant = utc_text(utc)
    sky = sky_table(utc_to_tdb_s(instant))
    terrain = dem_terrain(dem, mission.terrain.pole, mission.terrain.check_dem, mission.terrain.far_dem)
    horizons = horizon_map(terrain, skyline_settings(mission, mission.horizon.surface_height_m), running)
    disc = disc_series(terrain, horizons, sky, running)[0].astype(np.float32) / np.float32(255.0)
    disc[~np.isfinite(terrain.elevation_m)] = np.nan
    names = (DISC, "hillshade")
    return LightMap(
        grid=terrain.grid,
        layers={DISC: disc, "hillshade": hillshade(terrain)},
        meanings=sentences(names),
        span_utc=(instant, instant),
        observer_height_m=mission.horizon.surface_height_m,
        synthetic_below_m=terrain.synthetic_below_m,
    )


def image_against_dem(
    dem: str, image: str | Path, utc: UtcLike, mission: Mission, region_m: float = 2000.0
) -> list[dict[str, float | str]]:
    """Regions of a DEM as rows: place, shares predicted and seen dark, agreement, likelihood ratio and verdict.

    Args:
        dem: 'default' or a file. image: a map-projected image of it. utc: when the image was taken.
        mission: azimuths and far DEMs. region_m: side of a region.

    Raises InputError as `shadow_map`, `lupex.io.read_image` and `image_regions`.
    """
    maps = shadow_map(dem, utc, mission)
    found = image_regions(maps.grid, maps[DISC], read_image(image, maps.grid), region_m)
    rows: list[dict[str, float | str]] = []
    for one in found:
        lat, lon = (float(value) for value in lat_lon_deg(one.x_m, one.y_m, maps.grid.pole))
        rows.append({"lat_deg": lat, "lon_deg": lon % 360.0, **vars(one), "verdict": one.verdict})
    return rows


def shadow_stem(maps: LightMap) -> str:
    """Start of the names of the files of a shadow map: the quantity and the instant, without signs no file likes."""
    return f"{DISC}_{re.sub('[^0-9A-Za-z]', '', maps.span_utc[0])}"


def write_shadow_map(maps: LightMap, folder: Path) -> Path:
    """The GeoTIFF of a shadow map in ``folder``; returns its path. Raises StoreError when it cannot be written."""
    label = "" if maps.synthetic_below_m is None else f"_synthetic_below_{maps.synthetic_below_m:g}m"
    path = folder / f"{shadow_stem(maps)}{label}.tif"
    meaning = f"{maps.meanings[DISC]} at {maps.span_utc[0]}"
    write_cog(
        path,
        maps.grid,
        maps[DISC],
        name=DISC,
        unit=udunits_of(DISC),
        meaning=meaning,
        synthetic_below_m=maps.synthetic_below_m,
    )
    return path
