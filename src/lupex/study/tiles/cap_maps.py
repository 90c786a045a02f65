"""Maps of a large DEM or of the whole cap, planned, computed in tiles and written as GeoTIFF."""

import math
from dataclasses import dataclass
from pathlib import Path

from lupex.base.digest import settings_sha256
from lupex.base.errors import InputError
from lupex.base.frames import map_xy_m
from lupex.base.running import Running
from lupex.mission import Mission
from lupex.model import Grid
from lupex.model.quantities import udunits_of
from lupex.study.fresh import is_up_to_date, record_run, recorded_summary
from lupex.study.stages.region import Skies, series_settings, skies, skyline_settings
from lupex.study.tiles.ground import Box, Surroundings, TileGround, tile_ground
from lupex.study.tiles.jobs import MARGIN_CELLS, Skylight, TileJob, TileRunning, job_inputs, light_in_tiles

TILE_CELLS = 512
BLOCK_CELLS = 64
NEAR_CELLS = 64
"""Against all cells at full resolution this moves skylines over rough 100 m ground by 0.004 deg rms, 0.018 deg at 99 %
(32: 0.012 and 0.05; 128: 0.001 and 0.006, a quarter slower); measured in tests/study/test_tiles.py."""

SKYLINES_PER_CORE_S = 1.5e7
LONG_CELLS_PER_CORE_S = 4.0e4
SERIES_PER_CORE_S = 1.2e8
"""Cell-azimuths, cells and cell-times per second of one core of an AMD EPYC, tiles of 512 cells: for estimates only."""


@dataclass(frozen=True, kw_only=True)
class MapRequest:
    """Which maps; what is nested around the DEM stands in the mission.

    Attributes:
        dem: 'default' or a file.
        cell_m: finer cells than the DEM's, heights interpolated between them; None for its own.
        poleward_of_deg: only the square that holds all ground poleward of this absolute latitude; None for all.
        tile_cells: side of a tile, a multiple of 64.
        with_span: also what only a time series over the mission span tells.
        near_cells: see `Surroundings`.
    """

    dem: str
    cell_m: float | None = None
    poleward_of_deg: float | None = None
    tile_cells: int = TILE_CELLS
    with_span: bool = True
    near_cells: int = NEAR_CELLS

    def __post_init__(self) -> None:
        if self.tile_cells < BLOCK_CELLS or self.tile_cells % BLOCK_CELLS:
            raise InputError(f"tiles of {self.tile_cells} cells", f"give a multiple of {BLOCK_CELLS}, such as 512")


@dataclass(frozen=True, kw_only=True)
class TilePlan:
    """What a request comes to; times and memory are estimates (docs/howto/cluster.md)."""

    grid: Grid
    tiles: int
    layers: int
    levels: int
    memory_per_worker_bytes: int
    disk_bytes: int
    core_s: float


def tile_job(request: MapRequest, mission: Mission, light: Skylight, threads: int = 1) -> TileJob:
    """The job of a request with a mission's settings. Raises InputError for what cannot be.

    Args:
        light: spans and directions of Sun and Earth.
        threads: of one worker.
    """
    settings = mission.terrain
    ground = tile_ground(request.dem, settings.pole, request.cell_m, settings.check_dem, settings.far_dem)
    skyline = skyline_settings(mission, mission.horizon.surface_height_m)
    series = series_settings(mission)
    return TileJob(
        ground=ground,
        target=_target(ground, request.poleward_of_deg),
        tile_cells=request.tile_cells,
        skyline=type(skyline)(skyline.azimuths, skyline.observer_height_m, skyline.search_radius_m),
        surroundings=Surroundings(request.near_cells, skyline.search_radius_m),
        series=type(series)(series.dark_below_disc_fraction),
        skies=light.rows(),
        threads=threads,
    )


def mission_light(mission: Mission, with_span: bool) -> Skylight:
    """The tables of a mission's cycle and, on request, of its span under the prefix 'span_'."""
    sky: Skies = skies(mission.light)
    return Skylight(sky.cycle, sky.cycle_utc, {"span_": (sky.span, sky.span_utc)} if with_span else {})


def tile_plan(job: TileJob, light: Skylight) -> TilePlan:
    """What a job comes to.

    Args:
        light: spans and directions of Sun and Earth.
    """
    boxes = job.boxes().values()
    side = min(max(max(box[2:]) for box in boxes) + 2 * MARGIN_CELLS, max(job.ground.grid.shape))
    reaches = job.surroundings.reaches_m(job.ground)
    near = side + 2.0 * reaches[0] / job.ground.grid.cell_m
    per_tile = 2 * job.skyline.azimuths * side**2 + (48 + 8 * len(job.layers)) * side**2 + 24 * near**2
    cells = job.grid.rows * job.grid.cols
    times = sum(len(sky) for sky, _ in light.spans.values())
    core_s = cells * (job.skyline.azimuths / SKYLINES_PER_CORE_S + 1.0 / LONG_CELLS_PER_CORE_S)
    core_s += cells * times / SERIES_PER_CORE_S
    rings = [ring.grid for ring in job.ground.rings() if len(job.surroundings.reaches_m(ring)) > 1]
    disk = 4 * cells * len(job.layers) * 2 + 4 * sum(grid.rows * grid.cols for grid in rings)
    return TilePlan(
        grid=job.grid,
        tiles=len(boxes),
        layers=len(job.layers),
        levels=len(reaches),
        memory_per_worker_bytes=int(250e6 + per_tile),
        disk_bytes=disk,
        core_s=core_s,
    )


def tiled_maps(
    request: MapRequest, mission: Mission, out: Path, run: TileRunning = TileRunning(), running: Running = Running()
) -> list[Path]:
    """Maps of light, shadow, Earth view and slope of any DEM as GeoTIFF files in ``out``; equal runs give equal bytes.

    Tiles lie in ``out``/tiles until the maps are written; a run that was stopped goes on there. Raises StoreError
    when the unfinished tiles there are of other inputs, InputError for what cannot be used, ClusterError.

    Args:
        request: the DEM, the cell size and the layers asked for.
        mission: settings of light and skylines.
    """
    light = mission_light(mission, request.with_span)
    threads = running.or_workers(mission.study.workers).threads if run.executor == "serial" else 1
    job = tile_job(request, mission, light, threads)
    key = settings_sha256([job_inputs(job), job.layers])
    if not run.fresh and is_up_to_date(out, key):
        return [out / name for name in recorded_summary(out)["maps"]]
    tiled = light_in_tiles(job, light, out / "tiles", run, running)
    written = tiled.write_maps(out, udunits_of, running)
    record_run(out, key, written, {"maps": [path.name for path in written]})
    tiled.store.remove()
    return written


def _target(ground: TileGround, poleward_of_deg: float | None) -> Box:
    grid = ground.grid
    if poleward_of_deg is None:
        return 0, 0, grid.rows, grid.cols
    latitude = -poleward_of_deg if grid.pole == "south" else poleward_of_deg
    reach_m = float(math.hypot(*(float(v) for v in map_xy_m(latitude, 0.0, grid.pole))))
    top = max(0, math.floor((grid.top_m - reach_m) / grid.cell_m))
    left = max(0, math.floor((-reach_m - grid.left_m) / grid.cell_m))
    bottom = min(grid.rows, math.ceil((grid.top_m + reach_m) / grid.cell_m))
    right = min(grid.cols, math.ceil((reach_m - grid.left_m) / grid.cell_m))
    if bottom <= top or right <= left:
        raise InputError(f"the DEM has no cell poleward of {poleward_of_deg:g} deg", "give a lower latitude")
    return top, left, bottom - top, right - left
