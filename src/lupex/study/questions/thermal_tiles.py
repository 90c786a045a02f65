"""Temperatures and ice of a whole DEM at full detail, in tiles.

First a map of wide cells of the whole: it says what walls beyond a tile's edge send into it, and how far cells of its
size are off. Then every tile, with some cells around it that are cut off again, behind skylines of all the ground.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lupex.base.digest import settings_sha256
from lupex.base.errors import InputError
from lupex.base.running import Running
from lupex.illumination import SeriesSettings
from lupex.io import TileStore, write_cog_blocks, write_json
from lupex.model import Grid
from lupex.model.quantities import udunits_of
from lupex.study.fresh import is_up_to_date, record_run, recorded_summary
from lupex.study.ground import block_mean, coarse_terrain, dem_terrain, nested
from lupex.study.questions.thermal import SunAsked, middle_deg
from lupex.study.surfaces import AZIMUTHS, surface_of
from lupex.study.tiles.cap_maps import BLOCK_CELLS, NEAR_CELLS
from lupex.study.tiles.executor import Entry, run_tiles
from lupex.study.tiles.ground import Box, Surroundings, tile_ground, tile_terrain
from lupex.study.tiles.jobs import TileJob, TileRunning, job_inputs, make_levels
from lupex.terrain import SkylineSettings
from lupex.thermal import (
    CLASSES,
    FacingAround,
    MapSettings,
    Regolith,
    SunPath,
    class_areas_km2,
    floor_note,
    state_map,
    thermal_map,
)
from lupex.thermal.facing.views import ground_cell_m

Blocks = Iterator[tuple[int, int, NDArray[np.float32]]]

TILE_CELLS = 192
MARGIN_CELLS = 32
"""Cells around a tile whose walls it sees at full detail; farther ones count by the map of wide cells."""

WIDE_CELLS = 20_000
"""Cells of that map, at most."""


@dataclass(frozen=True, kw_only=True)
class ThermalRequest:
    """Which maps.

    Attributes:
        dem: 'default' or a file; pole: of the default map; check: as in `check_agreement`.
        asked: the Sun, and a time whose temperatures are wanted.
        tile_cells: side of a tile, a multiple of 64.
        margin_cells: around each tile.
    """

    dem: str
    pole: str = "south"
    check: str = "refuse"
    asked: SunAsked = SunAsked()
    tile_cells: int = TILE_CELLS
    margin_cells: int = MARGIN_CELLS

    def __post_init__(self) -> None:
        if self.tile_cells < BLOCK_CELLS or self.tile_cells % BLOCK_CELLS:
            raise InputError(f"tiles of {self.tile_cells} cells", f"give a multiple of {BLOCK_CELLS}, such as 192")


@dataclass(frozen=True, kw_only=True)
class ThermalJob:
    """All that decides a tile, small enough to travel with it.

    Attributes:
        layout: tiles, ground and surroundings.
        margin_cells: around each tile.
        utc: the time whose temperatures are wanted, or None.
        names: layers of the maps, in the order of a tile's array.
    """

    layout: TileJob
    margin_cells: int
    ground: Regolith
    settings: MapSettings
    utc: str | None
    names: tuple[str, ...]


@dataclass(frozen=True)
class ThermalTile:
    """Work: every layer of one tile, as one (layer, row, col) float32 file; the proof of its columns in its entry."""

    job: ThermalJob
    store: TileStore

    def __call__(self, tile: str) -> Entry:
        job, layout = self.job, self.job.layout
        box = layout.boxes()[tile.removeprefix("thermal/")]
        wide = _widened(box, layout.ground.grid, job.margin_cells)
        terrain = tile_terrain(layout.ground, wide, layout.surroundings, self.store)
        running = Running(layout.threads)
        surface = surface_of(terrain, running=running)
        row, col = box[0] - wide[0], box[1] - wide[1]
        inner = (slice(row, row + box[2]), slice(col, col + box[3]))
        if not surface.known[inner].any():
            return self.store.write(tile, np.full((len(job.names), box[2], box[3]), np.nan, np.float32))
        sun, last = (_stored_path(self.store, name) for name in ("period", "last"))
        found = thermal_map(surface, job.ground, sun, job.settings, _stored_facing(self.store, job.settings), running)
        maps = found.maps
        if last is not None:
            maps = state_map(surface, found, last, str(job.utc), job.settings, running)
        layers = np.stack([maps[name][inner] for name in job.names]).astype(np.float32)
        return {**self.store.write(tile, layers), "proof": found.numbers}


def thermal_in_tiles(
    request: ThermalRequest, ground: Regolith, settings: MapSettings, out: Path, run: TileRunning = TileRunning(),
    names: tuple[str, ...] = (), running: Running = Running(),
) -> str:  # fmt: skip
    """Maps of every cell of a DEM of any size in ``out``; returns the note on their errors. Equal runs, equal bytes.

    Tiles lie in ``out``/tiles until the maps are written; a run that was stopped goes on there.

    Args:
        request: the DEM, the Sun, the tiles.
        ground: regolith and heat flow.
        settings: of the maps.
        run: where tiles are computed, and whether unfinished ones are thrown away.
        names: layers to write; none: all.

    Raises: StoreError when the unfinished tiles there are of other inputs; InputError, ClusterError.
    """
    threads = running.threads if run.executor == "serial" else 1
    layout = _layout(request, threads)
    asked = request.asked
    inputs = {
        **job_inputs(layout), "regolith": asdict(ground), "settings": asdict(settings), "sun": asdict(asked),
        "margin_cells": request.margin_cells,
    }  # fmt: skip
    key = settings_sha256([inputs, names])
    if not run.fresh and is_up_to_date(out, key):
        return str(recorded_summary(out)["note"])
    store = TileStore.create((out / "tiles").absolute(), inputs, run.fresh)
    wide = _wide_map(request, ground, settings, store, running)
    for name, path in zip(("period", "last"), asked.paths(*middle_deg(layout.grid)), strict=True):
        if path is not None and store.noted(f"sun/{name}") is None:
            _put_path(store, name, path)
    make_levels(layout, store, run.executor, running.labelled(lambda _: "ground"))
    layers = tuple(sorted(wide["meanings"]))  # the manifest keeps no order
    job = ThermalJob(layout=layout, margin_cells=request.margin_cells, ground=ground, settings=settings,
                     utc=asked.at_utc, names=layers)  # fmt: skip
    tiles = [f"thermal/{name}" for name in layout.boxes()]
    told = running.labelled(lambda _: "tiles of temperature")
    entries = run_tiles(ThermalTile(job, store), tiles, store, run.executor, told.progress)
    store.tidy()
    written = _write(job, store, entries, wide, out, names)
    note = f"{wide['about']['albedo_law']}; {floor_note(layout.grid.cell_m)}"
    record_run(out, key, written, {"maps": [path.name for path in written], "note": note})
    store.remove()
    return note


def _layout(request: ThermalRequest, threads: int) -> TileJob:
    ground = tile_ground(request.dem, request.pole, None, request.check)
    skyline = SkylineSettings(azimuths=AZIMUTHS)
    return TileJob(
        ground=ground, target=(0, 0, ground.grid.rows, ground.grid.cols), tile_cells=request.tile_cells,
        skyline=skyline, surroundings=Surroundings(NEAR_CELLS, skyline.search_radius_m),
        series=SeriesSettings(), skies=(), threads=threads,
    )  # fmt: skip


def _wide_map(
    request: ThermalRequest, ground: Regolith, settings: MapSettings, store: TileStore, running: Running
) -> dict[str, Any]:
    """What the manifest keeps of the map of wide cells; its facing slopes lie in the store."""
    noted = store.noted("wide/facing")
    if noted is not None and store.is_whole("wide/facing", noted) and store.noted("wide/known") is not None:
        return noted
    if request.dem == "default":
        whole = dem_terrain(request.dem, request.pole)
        terrain = block_mean(whole, int(np.ceil(np.sqrt(whole.grid.rows * whole.grid.cols / WIDE_CELLS))))
    else:
        terrain = nested(coarse_terrain(request.dem, WIDE_CELLS), ())
    told = running.labelled(lambda label: f"wide cells: {label}")
    surface = surface_of(terrain, running=told)
    sun, last = request.asked.paths(*middle_deg(terrain.grid))
    found = thermal_map(surface, ground, sun, settings, running=told)
    meanings = dict(found.maps.meanings)
    if last is not None:
        meanings = dict(state_map(surface, found, last, str(request.asked.at_utc), settings, told).meanings)
    facing = np.zeros((int(found.known.sum()), 0), np.float32) if found.facing_w_m2 is None else found.facing_w_m2
    grid = found.maps.grid
    known = {"tile": "wide/known", **store.write("wide/known", found.known), "grid": asdict(grid)}
    entry = {
        "tile": "wide/facing", **store.write("wide/facing", facing), "meanings": meanings,
        "about": {"albedo_law": found.albedo_law, "sun": found.sun, "regolith": found.ground.name},
        "wide": {"cell_m": grid.cell_m, "ice_area_km2": found.ice_area_km2},
    }  # fmt: skip
    store.manifest.note(known)
    store.manifest.note(entry)
    return entry


def _widened(box: Box, grid: Grid, margin: int) -> Box:
    row, col = max(box[0] - margin, 0), max(box[1] - margin, 0)
    rows = min(box[0] + box[2] + margin, grid.rows) - row
    return row, col, rows, min(box[1] + box[3] + margin, grid.cols) - col


def _put_path(store: TileStore, name: str, path: SunPath) -> None:
    """A path as one array with its few numbers in the manifest: workers never ask an ephemeris."""
    rows = np.column_stack([path.direction, path.flux_w_m2, path.facing_row])
    about = {"period_s": path.period_s, "lunations": path.lunations, "title": path.title}
    store.manifest.note({"tile": f"sun/{name}", **store.write(f"sun/{name}", rows), "about": about})


def _stored_path(store: TileStore, name: str) -> SunPath | None:
    noted = store.noted(f"sun/{name}")
    if noted is None:
        return None
    rows, about = store.read(f"sun/{name}", noted), noted["about"]
    direction, flux, row = rows[:, :3].copy(), rows[:, 3].copy(), rows[:, 4].astype(np.int64)
    return SunPath(about["period_s"], about["lunations"], direction, flux, row, about["title"])


def _stored_facing(store: TileStore, settings: MapSettings) -> FacingAround | None:
    """What the cells of the wide map absorb from facing slopes."""
    known, facing = store.noted("wide/known"), store.noted("wide/facing")
    if not settings.facing or known is None or facing is None:
        return None
    return FacingAround(Grid(**known["grid"]), store.read("wide/known", known), store.mapped("wide/facing", facing))


def _blocks(job: ThermalJob, store: TileStore, entries: Mapping[str, Entry], name: str) -> Blocks:
    """First row, first column and values of one map in every tile."""
    for tile, (row, col, _, _) in job.layout.boxes().items():
        yield row, col, store.mapped(f"thermal/{tile}", entries[f"thermal/{tile}"])[job.names.index(name)]


def _write(
    job: ThermalJob, store: TileStore, entries: Mapping[str, Entry], wide: dict[str, Any], out: Path,
    names: tuple[str, ...],
) -> list[Path]:  # fmt: skip
    """The maps and ``thermal.json``."""
    synthetic, grid = job.layout.ground.synthetic_below_m, job.layout.grid
    label = "" if synthetic is None else f"_synthetic_below_{synthetic:g}m"
    written = []
    of_wide, floors = floor_note(wide["wide"]["cell_m"]), floor_note(grid.cell_m)
    for name in names or job.names:
        path = out / f"{name}{label}.tif"
        meaning = wide["meanings"][name].replace(of_wide, floors)
        write_cog_blocks(path, grid, _blocks(job, store, entries, name), name=name, unit=udunits_of(name),
                         meaning=meaning, synthetic_below_m=synthetic)  # fmt: skip
        written.append(path)
    areas = dict.fromkeys(CLASSES, 0.0)
    for row, col, classes in _blocks(job, store, entries, "ice_class"):
        part = grid.crop(row, col, *classes.shape)
        held = np.where(np.isfinite(classes), classes, -1.0).astype(np.int8)
        for name, area in class_areas_km2(held, ground_cell_m(part) ** 2).items():
            areas[name] += area
    proofs = [entry["proof"] for entry in entries.values() if "proof" in entry]
    worst = {name: max((proof[name] for proof in proofs), key=abs) for name in (proofs[0] if proofs else {})}
    path = out / "thermal.json"
    write_json(
        path,
        {**worst, "proof_is": "the worst of all tiles", **wide["about"], "ice_area_km2": areas,
         "of_wide_cells": wide["wide"], "crater_floor_note": floors},
    )  # fmt: skip
    return [*written, path]
