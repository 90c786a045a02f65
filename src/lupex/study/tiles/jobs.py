"""Light of a whole DEM, of any size, in tiles: each reads its own windows, computes and writes its own file.

Nothing here holds the whole map: not the DEM, not the horizons. First the means of the ground are made for all tiles
(`lupex.study.tiles.ground`), then every tile computes its skylines and light from its own cells and the levels around
them, then one writer assembles the maps.
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.digest import array_sha256, file_sha256
from lupex.base.errors import StoreError
from lupex.base.running import Running
from lupex.illumination import SeriesSettings, light_statistics, long_term_light
from lupex.illumination.longterm import LONG_MEANINGS, SUN_LAYERS
from lupex.illumination.series import MEANINGS, RUN_LAYERS
from lupex.io import TileStore, dem_files, write_cog_blocks
from lupex.model import Grid, SkyTable, Terrain
from lupex.model.quantities import sentences
from lupex.study.fresh import code_sha256
from lupex.study.tiles.executor import Entry, run_tiles
from lupex.study.tiles.ground import (
    Box,
    Surroundings,
    TileGround,
    block_means,
    cells_around,
    level_grid,
    level_name,
    tile_terrain,
)
from lupex.terrain import SkylineSettings, hillshade, horizon_map, slope_deg, used_baseline_m

MARGIN_CELLS = 2
"""Cells around a tile that slopes in it need; everything is computed there too and cut off."""

GROUND_LAYERS = ("elevation_m", "hillshade", "slope_deg")
LONG_LAYERS = (*SUN_LAYERS, "permanent_shadow", "earth_fraction", "earth_any_fraction")


@dataclass(frozen=True, eq=False)
class Skylight:
    """What light is computed for: the long-term cycle, and spans by the prefix of their layers' names."""

    cycle: SkyTable
    cycle_utc: tuple[str, str]
    spans: Mapping[str, tuple[SkyTable, tuple[str, str]]] = field(default_factory=dict)

    def rows(self) -> "tuple[SkyRow, ...]":
        """Prefix ('' for the cycle), digest and span of every table."""
        tables = [("", (self.cycle, self.cycle_utc)), *self.spans.items()]
        return tuple((prefix, array_sha256(_columns(sky)), utc) for prefix, (sky, utc) in tables)


SkyRow = tuple[str, str, tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class TileJob:
    """All that decides the maps, small enough to travel with every tile.

    Attributes:
        ground: the DEM on the grid worked on.
        target: the box of that grid that is mapped; the rest only surrounds it.
        tile_cells: side of a tile, a multiple of 64.
        skyline, surroundings, series: how skylines and spans are computed.
        skies: the tables of Sun and Earth, see `Skylight.rows`.
        threads: for each tile; 0 for every core.
    """

    ground: TileGround
    target: Box
    tile_cells: int
    skyline: SkylineSettings
    surroundings: Surroundings
    series: SeriesSettings
    skies: tuple[SkyRow, ...]
    threads: int = 1

    @property
    def grid(self) -> Grid:
        """The grid of the maps."""
        return self.ground.grid.crop(*self.target)

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the maps, in the order of a tile's array."""
        runs = tuple(f"{prefix}{name}" for prefix, _, _ in self.skies[1:] for name in RUN_LAYERS)
        return GROUND_LAYERS + LONG_LAYERS + runs

    def meanings(self) -> dict[str, str]:
        """A sentence for every map."""
        baseline_m = used_baseline_m(self.ground.grid, 2.0 * self.ground.grid.cell_m)
        words = {
            **sentences(("elevation_m", "hillshade")),
            "slope_deg": f"slope of the best plane over {baseline_m:g} m",
            **{name: LONG_MEANINGS[name] for name in LONG_LAYERS},
        }
        for prefix, _, (start, stop) in self.skies[1:]:
            words |= {f"{prefix}{name}": f"{start} to {stop}: {MEANINGS[name]}" for name in RUN_LAYERS}
        from_m = self.ground.interpolated_from_m
        note = "" if from_m is None else f"; ground interpolated from {from_m:g} m"
        return {name: text + note for name, text in words.items()}

    def boxes(self) -> dict[str, Box]:
        """Every tile of the target by name; boxes count from the corner of the ground's grid."""
        return _boxes(self.target, self.tile_cells)


@dataclass(frozen=True)
class TileRunning:
    """Where tiles are computed (``executor`` as in `run_tiles`), and whether tiles that are there are deleted first."""

    executor: str | int = "serial"
    fresh: bool = False


@dataclass(frozen=True)
class LevelTile:
    """Work: the means of one tile of ground, all levels in one file."""

    ground: TileGround
    area: Box
    tile_cells: int
    store: TileStore
    levels: int

    def __call__(self, tile: str) -> Entry:
        heights = self.ground.read(_boxes(self.area, self.tile_cells)[tile.split("/")[-1]])
        means = block_means(heights, self.levels)
        return self.store.write(tile, np.concatenate([mean.ravel() for mean in means]))


@dataclass(frozen=True)
class LightTile:
    """Work: every layer of one tile, as one (layer, row, col) float32 file."""

    job: TileJob
    store: TileStore

    def __call__(self, tile: str) -> Entry:
        job = self.job
        box = job.boxes()[tile.removeprefix("light/")]
        wide = _widened(box, job.ground.grid)
        terrain = tile_terrain(job.ground, wide, job.surroundings, self.store)
        inner = (slice(box[0] - wide[0], box[0] - wide[0] + box[2]), slice(box[1] - wide[1], box[1] - wide[1] + box[3]))
        if not np.isfinite(terrain.elevation_m).any():
            return self.store.write(tile, np.full((len(job.layers), box[2], box[3]), np.nan, np.float32))
        layers = tile_layers(terrain, job, _skylight(self.store, job.skies))
        return self.store.write(tile, np.stack([layers[name][inner] for name in job.layers]).astype(np.float32))


def tile_layers(terrain: Terrain, job: TileJob, light: Skylight) -> dict[str, NDArray[np.float32]]:
    """Every layer of a job on one terrain (row, col).

    Args:
        light: spans and directions of Sun and Earth.
    """
    running = Running(job.threads)
    horizons = horizon_map(terrain, job.skyline, running)
    layers = {
        "elevation_m": terrain.elevation_m,
        "hillshade": hillshade(terrain),
        "slope_deg": slope_deg(terrain, 2.0 * terrain.grid.cell_m),
    }
    layers |= long_term_light(terrain, horizons, light.cycle, light.cycle_utc, running=running).layers
    for prefix, (sky, utc) in light.spans.items():
        run = light_statistics(terrain, horizons, sky, utc, job.series, running)
        layers |= {f"{prefix}{name}": layer for name, layer in run.layers.items()}
    return layers


@dataclass(frozen=True)
class TiledLight:
    """The finished tiles of a job: maps to read or to write."""

    job: TileJob
    store: TileStore
    entries: Mapping[str, Entry]

    @property
    def grid(self) -> Grid:
        """The grid of the maps."""
        return self.job.grid

    def layer(self, name: str) -> NDArray[np.float32]:
        """One map (row, col) in memory. Raises StoreError when a tile is damaged."""
        out = np.full(self.grid.shape, np.nan, np.float32)
        for row, col, values in self.blocks(name):
            out[row : row + values.shape[0], col : col + values.shape[1]] = values
        return out

    def blocks(self, name: str) -> Iterator[tuple[int, int, NDArray[np.float32]]]:
        """First row, first column and values of one map in every tile."""
        index = self.job.layers.index(name)
        for tile, (row, col, _, _) in self.job.boxes().items():
            yield (
                row - self.job.target[0],
                col - self.job.target[1],
                self.store.mapped(f"light/{tile}", self.entries[f"light/{tile}"])[index],
            )

    def check(self) -> None:
        """Read every tile against its CRC. Raises StoreError naming a damaged one, which is removed."""
        for tile, entry in self.entries.items():
            self.store.read(tile, entry)

    def write_maps(self, out: Path, units: Callable[[str], str], running: Running = Running()) -> list[Path]:
        """Every map as a COG in ``out``; the files' names say what is synthetic or interpolated.

        Args:
            units: gives the unit of a layer.
        """
        label, tags = self._label()
        words, written = self.job.meanings(), []
        for count, name in enumerate(self.job.layers, 1):
            path = out / f"{name}{label}.tif"
            write_cog_blocks(path, self.grid, self.blocks(name), name=name, unit=units(name), meaning=words[name],
                             synthetic_below_m=self.job.ground.synthetic_below_m, tags=tags)  # fmt: skip
            written.append(path)
            running.progress(count, len(self.job.layers), "maps")
        return written

    def _label(self) -> tuple[str, dict[str, str]]:
        synthetic, coarse = self.job.ground.synthetic_below_m, self.job.ground.interpolated_from_m
        label = "" if synthetic is None else f"_synthetic_below_{synthetic:g}m"
        if coarse is None:
            return label, {}
        return f"{label}_interpolated_from_{coarse:g}m", {"INTERPOLATED": f"from {coarse:g} m"}


def light_in_tiles(
    job: TileJob,
    light: Skylight,
    folder: Path,
    run: TileRunning,
    running: Running = Running(),
) -> TiledLight:
    """Compute every tile of a job into ``folder``; tiles that are there already for the same inputs are kept.

    The folder must be seen by all workers under the same path.
    Raises StoreError when the folder holds the tiles of other inputs, and what `run_tiles` raises.

    Args:
        light: spans and directions of Sun and Earth.
        run: workers, scheduler, whether to resume.
    """
    store = TileStore.create(folder.absolute(), job_inputs(job), run.fresh)
    _put_skies(store, light)
    make_levels(job, store, run.executor, _labelled(running, "ground"))
    names = [f"light/{name}" for name in job.boxes()]
    entries = run_tiles(LightTile(job, store), names, store, run.executor, _labelled(running, "tiles").progress)
    store.tidy()
    tiled = TiledLight(job, store, entries)
    tiled.check()
    return tiled


def job_inputs(job: TileJob) -> dict[str, Any]:
    """What decides the tiles, for the digest that guards a resumed run; threads and the file's folder do not.

    Args:
        job: the job.
    """
    ground = job.ground
    dems = () if ground.windows is None else (ground.windows, *ground.far)
    files = [[[path.name, file_sha256(path)] for path in dem_files(dem.path)] for dem in dems]
    settings = {name: getattr(job.skyline, name) for name in
                ("azimuths", "observer_height_m", "search_radius_m", "near_columns", "half_columns")}  # fmt: skip
    return {
        "dems": files or "default",
        "with_cap": ground.with_cap,
        "grid": ground.grid,
        "interpolated_from_m": ground.interpolated_from_m,
        "target": job.target,
        "tile_cells": job.tile_cells,
        "near_cells": job.surroundings.near_cells,
        "skyline": settings,
        "dark_below_disc_fraction": job.series.dark_below_disc_fraction,
        "skies": job.skies,
        "code": code_sha256(),
    }


def make_levels(job: TileJob, store: TileStore, executor: str | int, running: Running) -> None:
    """The means of the ground around the target, assembled into one file per level of the store; those that are there
    are kept.

    Args:
        job: its ground, target and surroundings.
        store: where they go.
        executor: as in `run_tiles`.
    """
    for number, ring in enumerate(job.ground.rings()):
        levels = len(job.surroundings.reaches_m(ring)) - 1
        names = [level_name(level, number) for level in range(1, levels + 1)]
        noted = {entry["tile"]: entry for entry in store.manifest.entries()}
        if not all(name in noted and store.is_whole(name, noted[name]) for name in names):
            area = _searched(job, ring)
            boxes = {f"means/{number}/{box}": at for box, at in _boxes(area, job.tile_cells).items()}
            work = LevelTile(ring, area, job.tile_cells, store, levels)
            entries = run_tiles(work, list(boxes), store, executor, running.progress)
            _assemble_levels(ring, boxes, names, store, entries)


def _assemble_levels(
    ring: TileGround, boxes: Mapping[str, Box], names: Sequence[str], store: TileStore, entries: Mapping[str, Entry]
) -> None:
    grids = [level_grid(ring.grid, level) for level in range(1, len(names) + 1)]
    try:
        wholes = [store.allocate(name, grid.shape) for name, grid in zip(names, grids, strict=True)]
        for tile, (row, col, rows, cols) in boxes.items():
            flat, first = store.read(tile, entries[tile]), 0
            for level, whole in enumerate(wholes, 1):
                shape = (rows >> level, cols >> level)
                part = flat[first : first + shape[0] * shape[1]].reshape(shape)
                whole[row >> level : (row >> level) + shape[0], col >> level : (col >> level) + shape[1]] = part
                first += part.size
        for name, whole in zip(names, wholes, strict=True):
            store.manifest.note({"tile": name, **store.seal(name, whole)})
    finally:
        for name in names:  # as large as the ground; nothing is left where they are sealed
            store.discard(name)


def _searched(job: TileJob, ring: TileGround) -> Box:
    """The box of whole tiles of a DEM's grid that holds everything a skyline of the target can reach."""
    side = job.tile_cells
    row, col, rows, cols = cells_around(ring.grid, job.grid, job.surroundings.radius_m + ring.grid.cell_m)
    first = row // side * side, col // side * side
    end = (min(-(-last // side) * side, n) for last, n in zip((row + rows, col + cols), ring.grid.shape, strict=True))
    end_row, end_col = end
    return first[0], first[1], end_row - first[0], end_col - first[1]


def _boxes(area: Box, side: int) -> dict[str, Box]:
    top, left, rows, cols = area
    return {
        f"{row}-{col}": (row, col, min(side, top + rows - row), min(side, left + cols - col))
        for row in range(top, top + rows, side)
        for col in range(left, left + cols, side)
    }


def _widened(box: Box, grid: Grid) -> Box:
    row, col = max(box[0] - MARGIN_CELLS, 0), max(box[1] - MARGIN_CELLS, 0)
    end_row = min(box[0] + box[2] + MARGIN_CELLS, grid.rows)
    end_col = min(box[1] + box[3] + MARGIN_CELLS, grid.cols)
    return row, col, end_row - row, end_col - col


def _put_skies(store: TileStore, light: Skylight) -> None:
    """The tables as files, named by their digest: workers take arrays and never ask an ephemeris."""
    for (_, digest, _), sky in zip(light.rows(), [light.cycle, *(t for t, _ in light.spans.values())], strict=True):
        if _stored_sky(store, digest) is None:
            store.write(f"sky/{digest}", _columns(sky))


def _stored_sky(store: TileStore, digest: str) -> NDArray[np.float64] | None:
    """The columns of a table, None when they are not there or not those of its digest."""
    try:
        columns = store.read(f"sky/{digest}")
    except StoreError:
        return None
    return columns if array_sha256(columns) == digest else None


def _columns(sky: SkyTable) -> NDArray[np.float64]:
    return np.column_stack([sky.times_tdb_s, sky.sun_me_m, sky.earth_me_m])


@functools.lru_cache(maxsize=1)
def _skylight(store: TileStore, skies: tuple[SkyRow, ...]) -> Skylight:
    def table(digest: str) -> SkyTable:
        columns = _stored_sky(store, digest)
        if columns is None:
            raise StoreError(f"{store.path(f'sky/{digest}')}: is missing or damaged", "run the same command again")
        return SkyTable(columns[:, 0].copy(), columns[:, 1:4].copy(), columns[:, 4:7].copy())

    spans = {prefix: (table(digest), utc) for prefix, digest, utc in skies[1:]}
    return Skylight(table(skies[0][1]), skies[0][2], spans)


def _labelled(running: Running, name: str) -> Running:
    return running.labelled(lambda _: name)
