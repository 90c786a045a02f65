"""Temperatures and ice of every cell of a map, with light and heat from facing slopes.

Light from facing slopes follows from where the Sun stands; heat from what they emit at that hour and season, taken
from the columns themselves in turns (docs/theory/temperature.md). The last turn runs under the Sun asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked
from lupex.base.running import Running
from lupex.kernels.heat.lanes import LANES
from lupex.model import Grid, LightMap
from lupex.model.glance import Glance
from lupex.thermal.columns import Cells, Equilibrium, Plan, Stage, Wanted, cells_from, equilibrium
from lupex.thermal.facing.exchange import Facing, facing_of
from lupex.thermal.facing.views import ViewSettings, ground_cell_m
from lupex.thermal.ice import CLASSES, IceSettings, class_areas_km2, ice_class, ice_depth
from lupex.thermal.lights import EARTH_TOO, ROWS, earthshine
from lupex.thermal.pump import PUMP_MODEL, pump_map
from lupex.thermal.regolith import (
    COARSE_LAYERS,
    STEFAN_BOLTZMANN_W_M2_K4,
    Layers,
    LayerSettings,
    Regolith,
    layers_of,
    temperature_at_m,
)
from lupex.thermal.sublimation import loss_fit
from lupex.thermal.sun import SunPath, ideal_year
from lupex.thermal.surface import Surface, surface_cells

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]

ICE_LAYERS = ("ice_depth_m", "ice_depth_low_m", "ice_depth_high_m", "ice_class", "surface_max_k", "surface_mean_k")
"""Layers that tell of ice, and the temperatures they hang on."""

PUMP_LAYERS = ("ice_pump_differential_kg_m2_gyr", "ice_pump_flow_kg_m2_gyr", "ice_pump_depth_m")
"""Layers of pumping, where they are asked for."""

DEEPEST_M = 9990.0
"""Stands in maps for a depth at which ice lasts nowhere in the column."""

PROOF_CELLS = LANES


@numbers_checked
@dataclass(frozen=True)
class MapSettings:
    """How a map is computed.

    Attributes:
        facing: light and heat from facing slopes; without it crater floors are far too cold.
        views: their view factors.
        turns: how often the heat from facing slopes is taken anew from the columns.
        layers: of the columns.
        final: the last stage: steps per lunation, samples of the Sun, periods with a shift before the free one.
        depths_m: where the mean temperature is given.
        species: the ice of the maps of ice.
        ice: when it counts as lasting.
        earthshine: sunlight from the Earth and its heat, by its phase (`lights.earthshine`).
        pump: layers of what temperature cycles drive into the ground (water only).
    """

    facing: bool = True
    views: ViewSettings = ViewSettings()
    turns: int = 2
    layers: LayerSettings = COARSE_LAYERS
    final: Stage = Stage(120, 2, 1)
    depths_m: tuple[float, ...] = (0.1, 0.5, 1.0)
    species: str = "h2o"
    ice: IceSettings = IceSettings()
    earthshine: bool = False
    pump: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.turns <= 10:
            raise InputError(f"thermal map: {self.turns} turns of heat from facing slopes", "use 1 to 10, such as 2")
        if self.pump and self.species != "h2o":
            raise InputError(f"thermal map: no pump is published for {self.species}", "use species h2o, or no pump")
        if any(not 0.0 <= depth <= self.layers.depth_m for depth in self.depths_m):
            raise InputError(f"thermal map: depths {self.depths_m}", f"use depths from 0 to {self.layers.depth_m:g} m")


@dataclass(frozen=True, eq=False)
class FacingAround:
    """What the cells of a coarse map absorb from facing slopes.

    Attributes:
        grid: of the map; known: (row, col) its cells with numbers.
        facing_w_m2: (cell, row) of the known cells, for each row of the Sun's path.
    """

    grid: Grid
    known: NDArray[np.bool_]
    facing_w_m2: F32

    def at(self, surface: Surface) -> F32:
        """(cell, row): what the nearest known cell absorbs, for each known cell of a finer map.

        Args:
            surface: the ground of the finer map.
        """
        from scipy.ndimage import distance_transform_edt

        grid = self.grid
        x, y = (value[surface.known] for value in surface.terrain.grid.xy_m())
        col = np.clip(((x - grid.left_m) / grid.cell_m).astype(int), 0, grid.cols - 1)
        row = np.clip(((grid.top_m - y) / grid.cell_m).astype(int), 0, grid.rows - 1)
        rows, cols = distance_transform_edt(~self.known, return_distances=False, return_indices=True)
        number = np.cumsum(self.known.ravel()).reshape(grid.shape) - 1
        return self.facing_w_m2[number[rows[row, col], cols[row, col]]]


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ThermalMap(Glance, Mapping[str, F32]):
    """Maps of temperature and ice, and the proof that they are those of a state that repeats; a mapping of layers.

    Attributes:
        maps: layers in K, m and W/m2, each with its meaning.
        known: (row, col) cells computed; ``facing_w_m2`` (cell, row) what they absorb from facing slopes, or None.
        end_k: (cell, node) temperatures at the end of the period, which is its beginning.
        numbers: drift, balance and error estimates; see `PROOF`.
        albedo_law, sun: in words, to stand beside every temperature.
        wall_cell_m: cells of the finer ground that facing slopes were lit on, None where they are those of the map.
    """

    maps: LightMap
    known: NDArray[np.bool_]
    facing_w_m2: F32 | None
    end_k: F32
    numbers: dict[str, float]
    albedo_law: str
    sun: str
    ground: Regolith
    wall_cell_m: float | None = None

    @property
    def facing(self) -> "FacingAround | None":
        """What its cells absorb from facing slopes, for finer maps within; None without facing slopes."""
        return None if self.facing_w_m2 is None else FacingAround(self.maps.grid, self.known, self.facing_w_m2)

    @property
    def ice_area_km2(self) -> dict[str, float]:
        """Area of each class of ice on the ground, km2."""
        classes = np.where(self.known, np.nan_to_num(self.maps["ice_class"], nan=-1.0), -1.0).astype(np.int8)
        return class_areas_km2(classes, ground_cell_m(self.maps.grid) ** 2)

    @property
    def floor_note(self) -> str:
        """How far cells of this size make floors of craters too cold, in words (docs/theory/temperature.md)."""
        return floor_note(self.maps.grid.cell_m, self.wall_cell_m)

    def __getitem__(self, name: str) -> F32:
        """The layer (row, col). Raises LayerError, which is a KeyError, and names the nearest layer."""
        return self.maps[name]

    # A mapping would compare by content, array by array; nouns are compared by identity.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __iter__(self) -> Iterator[str]:
        return iter(self.maps)

    def __len__(self) -> int:
        return len(self.maps)

    def _facts(self) -> dict[str, str]:
        return self.maps._facts() | {"ground": self.ground.name, "sun": self.sun}

    def _details(self) -> dict[str, str]:
        return self.maps._details() | {"ground": self.ground.name, "sun": self.sun, "albedo": self.albedo_law}

    def _picture(self) -> F32 | None:
        return self.maps["surface_mean_k"] if "surface_mean_k" in self.maps else None


def walls_m(surface: Surface) -> float | None:
    """Cells (m) of the finer ground that facing slopes are lit on, None where they are those of the map."""
    return None if surface.finer is None else surface.finer.terrain.grid.cell_m


def floor_note(cell_m: float, wall_cell_m: float | None = None) -> str:
    """How far cells of a size make floors of craters too cold, in words (docs/theory/temperature.md).

    Args:
        cell_m: of the map.
        wall_cell_m: of the finer ground its facing slopes are lit on, None for the map's own cells.
    """
    wide = cell_m if wall_cell_m is None else wall_cell_m
    across = [n * wide / 1000.0 for n in (25, 50, 100)]
    walls = "" if wall_cell_m is None else f"walls lit on cells of {wall_cell_m:g} m; "
    return (
        f"{walls}shadowed floors of craters {across[0]:g}, {across[1]:g}, {across[2]:g} km wide (25, 50, 100 cells) "
        "are too cold by about 9 to 22, 3 to 9, 2 to 5 K (bowls, Sun at 5 to 1.6 deg): the lit strip below the rim is "
        "narrower than a cell"
    )


PROOF = {
    "drift_median_k_per_year": "median over cells of the largest change of any node over the last, free period",
    "drift_99_k_per_year": "the same, 99 % of cells",
    "proof_drift_k_per_year": "largest drift of 32 cells in double precision",
    "proof_difference_k": "largest difference of mean temperature between those and the map",
    "imbalance_fraction": "heat given out over heat taken in, less one, over all cells",
    "deep_flow_median_fraction": "median heat flow below 1 m over that of the interior",
    "exchange_change_w_m2": "mean change of the heat from facing slopes in the last turn",
    "terrain_view_mean_fraction": "mean share of a cell's view that is ground",
}


def thermal_map(
    surface: Surface,
    ground: Regolith = Regolith(),
    sun: SunPath | None = None,
    settings: MapSettings = MapSettings(),
    outer: FacingAround | None = None,
    running: Running = Running(),
) -> ThermalMap:
    """Temperatures and ice of every known cell of a map.

    Args:
        surface: heights, slopes and skylines of the map.
        ground: regolith and heat flow.
        settings: facing slopes, layers of the columns, last stage, depths and ice of the maps.
        outer: of a coarser map of more ground: what its cells absorb from facing slopes is the least that cells
            within absorb, so that walls beyond the edge of this map count.
        sun: path in MOON_ME; the ideal year by default.

    Raises: InputError for what cannot be; NotConvergedError for columns that become unstable.
    """
    pole = surface.terrain.grid.pole
    year = ideal_year().in_map_frame(pole)
    path = year if sun is None else sun.in_map_frame(pole)
    if settings.earthshine:
        path = replace(path, title=f"{path.title}; {EARTH_TOO}")
    cells = surface_cells(surface)
    if len(cells) == 0:
        raise InputError("thermal map: no cell has a height, a slope and a skyline", "choose a window with data")
    layers = layers_of(ground, settings.layers)
    facing: Facing | None = None
    start, change = None, 0.0
    if settings.facing:
        facing = facing_of(surface, cells, ground, settings.views, running)
        cells, start, change = _with_facing(surface, facing, cells, ground, layers, year, settings, outer, running)
    elif settings.earthshine:
        cells = replace(cells, facing_w_m2=earthshine(cells, ground, pole, running))
    fit = loss_fit(settings.species)
    first = () if settings.facing else (Stage(60, 2, 4),)
    plan = Plan((*first, settings.final), 0.0, np.inf, 1, double=False)
    wanted = Wanted(rows=ROWS if settings.pump else 0, start_k=start)
    found = equilibrium(ground, layers, cells, path, plan, fit, wanted, running)
    numbers = _proof(ground, layers, cells, path, plan, found)
    numbers["exchange_change_w_m2"] = change
    view = None if facing is None else facing.terrain_view
    numbers["terrain_view_mean_fraction"] = 0.0 if view is None else float(view.mean())
    maps = _maps(surface, layers, found, view, settings, ground, path)
    return ThermalMap(
        maps=maps, known=surface.known, facing_w_m2=cells.facing_w_m2, end_k=found.end_k.astype(np.float32),
        numbers=numbers, albedo_law=ground.albedo_law, sun=path.title, ground=ground, wall_cell_m=walls_m(surface),
    )  # fmt: skip


def _with_facing(
    surface: Surface, facing: Facing, cells: Cells, ground: Regolith, layers: Layers, year: SunPath,
    settings: MapSettings, outer: FacingAround | None, running: Running,
) -> tuple[Cells, F64, float]:  # fmt: skip
    """The cells with what they absorb from facing slopes, their temperatures so far, and the last change of it."""
    light = facing.light(ground, running)
    if settings.earthshine:
        light = light + earthshine(cells, ground, surface.terrain.grid.pole, running)
    least = 0.0 if outer is None else outer.at(surface)
    cells = replace(cells, facing_w_m2=np.maximum(light, least))
    start, change = None, 0.0
    for turn in range(settings.turns):
        plan = Plan((Stage(60, 2, 3 if turn == 0 else 2),), 0.0, np.inf, 1, double=False)
        wanted = Wanted(rows=ROWS, start_k=start)
        found = equilibrium(ground, layers, cells, year, plan, None, wanted, running)
        assert found.emitted_rows_w_m2 is not None and cells.facing_w_m2 is not None
        total = light + facing.heat(found.emitted_rows_w_m2, ground, running)
        total = np.maximum(total, least)
        change = float(np.abs(total.mean(axis=1) - cells.facing_w_m2.mean(axis=1)).mean())
        cells = replace(cells, facing_w_m2=total)
        start = found.next_k
    assert start is not None
    return cells, start, change


def _proof(
    ground: Regolith, layers: Layers, cells: Cells, path: SunPath, plan: Plan, found: Equilibrium
) -> dict[str, float]:
    """Drift and balance of the map, and of some of its cells once more in double precision."""
    chosen = np.unique(np.linspace(0, len(cells) - 1, PROOF_CELLS).astype(np.intp))
    again = equilibrium(
        ground,
        layers,
        cells_from(cells, chosen),
        path,
        replace(plan, stages=(plan.stages[-1],), double=True),
        None,
        Wanted(start_k=found.next_k[chosen]),
    )
    supplied = found.absorbed_w_m2.sum() + ground.heat_flow_w_m2 * len(cells)
    flow = found.deep_flow_w_m2 / max(ground.heat_flow_w_m2, 1e-12)
    return {
        "drift_median_k_per_year": float(np.median(found.drift_k_per_year)),
        "drift_99_k_per_year": float(np.percentile(found.drift_k_per_year, 99)),
        "proof_drift_k_per_year": float(again.drift_k_per_year.max()),
        "proof_difference_k": float(np.abs(again.mean_k - found.mean_k[chosen]).max()),
        "imbalance_fraction": float(found.emitted_w_m2.sum() / supplied - 1.0),
        "deep_flow_median_fraction": float(np.median(flow)),
    }


def _maps(
    surface: Surface, layers: Layers, found: Equilibrium, view: F64 | None, settings: MapSettings,
    ground: Regolith, path: SunPath,
) -> LightMap:  # fmt: skip
    grid, known = surface.terrain.grid, surface.known
    depths = ice_depth(layers.depth_m, found.loss_kg_m2_gyr, settings.ice)
    classes = ice_class(depths.depth_m, settings.ice)
    floors = floor_note(grid.cell_m, walls_m(surface))
    beside = f"{path.title}; {ground.albedo_law}; regolith {ground.name}; {floors}"
    ice = f"below which {settings.species} ice loses less than {settings.ice.limit_kg_m2_gyr:g} kg/m2 in 1e9 years"
    spread = "by the spread of published laws of sublimation"
    columns: dict[str, tuple[F64, str]] = {
        "surface_max_k": (found.max_k[:, 0], f"highest surface temperature of the period ({beside})"),
        "surface_mean_k": (found.mean_k[:, 0], f"mean surface temperature ({beside})"),
        "surface_min_k": (found.min_k[:, 0], f"lowest surface temperature ({beside})"),
    }
    for depth in settings.depths_m:
        at = temperature_at_m(layers, found.mean_k, depth)
        columns[f"mean_at_{depth_word(depth)}_k"] = (at, f"mean temperature at {depth:g} m ({beside})")
    columns |= {
        "ice_depth_m": (
            np.minimum(depths.depth_m, DEEPEST_M),
            f"depth {ice}; {DEEPEST_M:g} where there is none; {floors}",
        ),
        "ice_depth_low_m": (np.minimum(depths.low_m, DEEPEST_M), f"the same, low end {spread}"),
        "ice_depth_high_m": (np.minimum(depths.high_m, DEEPEST_M), f"the same, high end {spread}"),
        "ice_class": (classes.astype(np.float64), f"{_classes()}; {floors}"),
        "thermal_drift_k_per_year": (found.drift_k_per_year, "largest change of any node in the last, free period"),
    }
    if settings.pump:
        columns |= _pumped(layers, found, settings, ground, path)
    if view is not None:
        columns["terrain_view_fraction"] = (view[known], "share of the view that is ground")
    filled = {}
    for name, (values, _) in columns.items():
        layer = np.full(grid.shape, np.nan, np.float32)
        layer[known] = values
        filled[name] = layer
    meanings = {name: meaning for name, (_, meaning) in columns.items()}
    return LightMap(
        grid=grid,
        layers=filled,
        meanings=meanings,
        span_utc=("", ""),
        observer_height_m=0.0,
        synthetic_below_m=surface.terrain.synthetic_below_m,
    )


def _pumped(
    layers: Layers, found: Equilibrium, settings: MapSettings, ground: Regolith, path: SunPath
) -> dict[str, tuple[F64, str]]:
    """Columns of the maps of pumping, from the emission by hour and season."""
    assert found.emitted_rows_w_m2 is not None
    emitted = np.maximum(found.emitted_rows_w_m2.astype(np.float64), 1e-9)
    surface_k = (emitted / (ground.emissivity * STEFAN_BOLTZMANN_W_M2_K4)) ** 0.25
    lunation_s = path.period_s / path.lunations
    pumped = pump_map(surface_k, found.loss_kg_m2_gyr, layers.depth_m, lunation_s, ice=settings.ice)
    return {
        "ice_pump_differential_kg_m2_gyr": (
            pumped.differential_kg_m2_gyr,
            f"vapour driven down by temperature cycles, before any cover slows it ({PUMP_MODEL})",
        ),
        "ice_pump_flow_kg_m2_gyr": (pumped.flow_kg_m2_gyr, f"what of it passes the cover ({PUMP_MODEL})"),
        "ice_pump_depth_m": (
            np.minimum(pumped.depth_m, DEEPEST_M),
            f"depth to which most of it goes; {DEEPEST_M:g} where nothing is driven down ({PUMP_MODEL})",
        ),
    }


def _classes() -> str:
    return ", ".join(f"{i} {name}" for i, name in enumerate(CLASSES))


def depth_word(depth_m: float) -> str:
    """A depth as it stands in names of layers: 0p5m."""
    return f"{depth_m:g}m".replace(".", "p")
