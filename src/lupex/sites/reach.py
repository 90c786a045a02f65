"""Can the rover drive from a touchdown into permanent shadow and come back to light within its limits?

Light is static here: ground counts as lit or dark for the whole drive. A drive that is found keeps every limit; a
cell without one has none among the shortest, the thriftiest, the least dark and the best balanced. Theory:
docs/theory/reach.md.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lupex.base.constants import MOON_RADIUS_M, SOLAR_IRRADIANCE_1AU_W_M2
from lupex.base.errors import GridError, InputError, MissionError
from lupex.kernels.reach import QUANTITIES, cheapest_drives, drive_steps
from lupex.model import Fact, Grid, Reach, ReachSettings, Terrain
from lupex.model.terrain import frozen
from lupex.sites.dispersion import Dispersion, cell_shares

F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]

WH = 3600.0
CAUSES = ("none", "slope", "range", "energy", "dark", "target", "unknown")
"""What keeps a cell from reaching and returning, by the number in the layer 'lost_to': no drivable way is 'slope',
no target or no lit ground on the map 'target', no height 'unknown'."""

DISTANCE, ENERGY, BATTERY, DARK = range(QUANTITIES)


@dataclass(frozen=True)
class RoverReach:
    """What a rover may spend on a drive there and back.

    Slopes in degrees along (up, down) and across the drive; ``speed_m_s`` on the level, ``slowest_fraction`` of it at
    the steepest; ``range_km`` there and back; ``battery_wh`` usable; ``dark_hours`` without light in all (inf: only
    the battery limits); ``stay_hours`` at the target; ``array_w`` electric power in light; energies in J per kg and
    metre, and per degree.
    """

    mass_kg: float
    speed_m_s: float
    max_up_slope_deg: float
    max_down_slope_deg: float
    max_cross_slope_deg: float
    range_km: float
    battery_wh: float
    dark_hours: float
    hotel_power_w: float
    array_w: float = 0.0
    stay_hours: float = 0.0
    slowest_fraction: float = 1.0
    level_j_kg_m: float = 0.216
    up_j_kg_m_deg: float = 0.02628
    down_j_kg_m_deg: float = 0.007884

    def __post_init__(self) -> None:
        positive = ("mass_kg", "speed_m_s", "max_up_slope_deg", "max_down_slope_deg", "max_cross_slope_deg", "range_km")
        for name in (*positive, "battery_wh", "dark_hours"):
            value = getattr(self, name)
            if not value > 0.0:
                raise MissionError(f"[reach]: {name} of the rover is {value:g}", "give a positive number")
        for name in ("hotel_power_w", "array_w", "stay_hours", "level_j_kg_m", "up_j_kg_m_deg", "down_j_kg_m_deg"):
            value = getattr(self, name)
            if not 0.0 <= value < math.inf:
                raise MissionError(f"[reach]: {name} of the rover is {value:g}", "give 0 or more")
        if not 0.0 < self.slowest_fraction <= 1.0:
            raise MissionError(f"[reach]: slowest_fraction is {self.slowest_fraction:g}", "give more than 0, at most 1")


@dataclass(frozen=True, eq=False)
class ReachMap:
    """Layers (row, col) over all points of the map from which a drive begins; inf where there is none.

    'distance_there_km' shortest drivable way to the target; 'there' 1 where it is reached within the limits; of the
    best drive there and back: 'drive_km', 'energy_there_wh', 'energy_back_wh' (driving and hotel), 'battery_wh'
    (taken from the battery, stay included), 'dark_hours'; 'reachable' 1 where that drive keeps every limit; 'lost_to'
    what it breaks (number in `CAUSES`). ``target`` the cells driven to.
    """

    grid: Grid
    layers: dict[str, NDArray[np.float32]]
    target: Mask

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", {name: frozen(layer) for name, layer in self.layers.items()})
        object.__setattr__(self, "target", frozen(self.target))

    def __getitem__(self, name: str) -> NDArray[np.float32]:
        return self.layers[name]


REACH_MEANINGS = {
    "distance_there_km": "shortest drivable way to the nearest permanent shadow",
    "there": "1 where the rover reaches permanent shadow within its limits",
    "drive_km": "drive there and back to light",
    "energy_there_wh": "energy of the drive there",
    "energy_back_wh": "energy of the drive back to light",
    "battery_wh": "energy taken from the battery, stay included",
    "dark_hours": "time without light, stay included",
    "reachable": "1 where the rover reaches permanent shadow and returns to light within its limits",
    "lost_to": "the limit that is broken most: " + ", ".join(f"{i} {name}" for i, name in enumerate(CAUSES)),
}
"""A sentence for every layer of a ReachMap. Light is static; slopes are those over one cell."""


def rover_reach(facts: Sequence[Fact], settings: ReachSettings) -> RoverReach:
    """The limits of a mission's rover: [reach], and the rover's facts where a setting is 0.

    Without array facts all energy comes from the battery. Raises MissionError naming a fact that is missing.
    """
    known = {fact.key: float(fact.value) for fact in facts if isinstance(fact.value, int | float)}

    def fact(key: str) -> float:
        if key not in known:
            raise MissionError(f"[rover]: {key} is unknown", f"state it: {key} = {{ value = ..., source = '...' }}")
        return known[key]

    area, efficiency = known.get("solar_array_area_m2", 0.0), known.get("solar_array_efficiency_fraction", 0.0)
    return RoverReach(
        mass_kg=fact("mass_kg"),
        speed_m_s=fact("speed_m_s"),
        max_up_slope_deg=settings.max_up_slope_deg or fact("max_slope_deg"),
        max_down_slope_deg=settings.max_down_slope_deg or fact("max_slope_deg"),
        max_cross_slope_deg=settings.max_cross_slope_deg or fact("max_slope_deg"),
        range_km=settings.range_km or fact("traverse_km"),
        battery_wh=fact("battery_wh") * settings.battery_usable_fraction,
        dark_hours=settings.dark_hours or known.get("night_survival_hours", 0.0) or math.inf,
        hotel_power_w=fact("hotel_power_w"),
        array_w=area * efficiency * SOLAR_IRRADIANCE_1AU_W_M2,
        stay_hours=settings.stay_hours,
        slowest_fraction=settings.slowest_fraction,
        level_j_kg_m=settings.level_j_kg_m,
        up_j_kg_m_deg=settings.up_j_kg_m_deg,
        down_j_kg_m_deg=settings.down_j_kg_m_deg,
    )


def reach_map(terrain: Terrain, target: Mask, lit: Mask, rover: RoverReach, blocked: Mask | None = None) -> ReachMap:
    """From every cell: the drive to the nearest drivable target cell, and back to lit ground.

    ``target`` (row, col) permanent shadow or another destination, ``lit`` ground that counts as light, ``blocked``
    ground nobody may drive on. Directed steps to eight neighbours, slopes checked along each; multi-source Dijkstra
    from lit ground and from the target, for each of four costs. Raises GridError for masks of another shape.
    """
    grid = terrain.grid
    masks = [np.asarray(mask).astype(np.float64) > 0.5 for mask in (target, lit)]
    masks.append(np.zeros(grid.shape, bool) if blocked is None else np.asarray(blocked, bool))
    if any(mask.shape != grid.shape for mask in masks):
        raise GridError(f"reach: masks {[m.shape for m in masks]} must have the terrain's shape {grid.shape}")
    target, lit, blocked = masks
    z = np.where(blocked, np.nan, terrain.elevation_m.astype(np.float64))
    target = target & np.isfinite(z)
    steps = _steps(z, lit, _ground_cell_m(grid), rover)
    tried = [_tried(steps, weights, target, lit & np.isfinite(z), rover) for weights in _weights(rover)]
    shortest = tried[1].there[DISTANCE]
    there = np.any([(_used(t.there, rover) <= 1.0).all(axis=0) for t in tried], axis=0)
    used = np.stack([_used(t.both, rover).max(axis=0) for t in tried])
    best = np.argmin(used, axis=0)

    def of_best(arrays: list[F64]) -> F64:
        return np.take_along_axis(np.stack(arrays), best[None], axis=0)[0]

    lost = (
        np.argmax(_used(np.stack([of_best([t.both[k] for t in tried]) for k in range(QUANTITIES)]), rover), axis=0) + 2
    )
    least = used.min(axis=0)
    nowhere = CAUSES.index("slope" if target.any() and lit.any() else "target")
    lost = np.where(least <= 1.0, 0, np.where(np.isinf(least), nowhere, lost))
    layers = {
        "distance_there_km": shortest / 1000.0,
        "there": there,
        "drive_km": of_best([t.both[DISTANCE] for t in tried]) / 1000.0,
        "energy_there_wh": of_best([t.energy_there_j for t in tried]) / WH,
        "energy_back_wh": of_best([t.energy_back_j for t in tried]) / WH,
        "battery_wh": of_best([t.both[BATTERY] for t in tried]) / WH,
        "dark_hours": of_best([t.both[DARK] for t in tried]) / 3600.0,
        "reachable": least <= 1.0,
        "lost_to": np.where(np.isnan(terrain.elevation_m), CAUSES.index("unknown"), lost),
    }
    return ReachMap(grid, {name: np.asarray(layer, np.float32) for name, layer in layers.items()}, target)


def reach_at(
    reach: ReachMap, dispersion: Dispersion, aim_m: tuple[float, float], hazard: NDArray[np.floating] | None = None
) -> Reach:
    """Probability over the dispersion around an aim point (map x, y) of the drive there, and there and back.

    Of the part that comes down on known cells; with ``hazard`` (row, col, 0..1) given that it comes down safely.
    ``limits``: share lost to each cause, 'outside' the share off the known map before it was left out. Raises
    InputError when nothing of the dispersion comes down on known cells.
    """
    known = reach["lost_to"] != CAUSES.index("unknown")
    shares = np.where(known, cell_shares(dispersion, reach.grid, aim_m), 0.0)
    outside = max(0.0, 1.0 - float(shares.sum()))
    if hazard is not None:
        shares = shares * np.where(np.isnan(hazard), 0.0, 1.0 - np.asarray(hazard, np.float64))
    total = float(shares.sum())
    if total <= 1e-9:
        raise InputError(
            f"reach: none of the dispersion around x {aim_m[0]:.0f} m, y {aim_m[1]:.0f} m lands on known, safe terrain",
            "aim inside the map",
        )
    shares = shares / total
    lost = {name: float(shares[reach["lost_to"] == number].sum()) for number, name in enumerate(CAUSES[1:-1], 1)}
    return Reach(
        there=_sum(shares, reach["there"] > 0.5),
        and_back=_sum(shares, reach["reachable"] > 0.5),
        distance_km=_median(reach["distance_there_km"], np.where(reach["there"] > 0.5, shares, 0.0)),
        straight_km=_straight_km(reach, aim_m),
        limits=lost | {"outside": outside},
    )


@dataclass(frozen=True, eq=False)
class _Tried:
    """Sums (quantity, row, col) of the drives that are best for one cost: there alone, and there, stay and back."""

    there: F64
    both: F64
    energy_there_j: F64
    energy_back_j: F64


def _tried(steps: NDArray[np.float32], weights: F64, target: Mask, lit: Mask, rover: RoverReach) -> _Tried:
    stay_s = rover.stay_hours * 3600.0
    stay = np.array([0.0, stay_s * rover.hotel_power_w, stay_s * rover.hotel_power_w, stay_s])
    back, _ = _drives(steps, weights, _zero_on(lit))
    there, _ = _drives(steps, weights, _zero_on(target))
    both, goal = _drives(steps, weights, _zero_on(target) + back + stay[:, None, None])
    returning = np.where(goal >= 0, back[ENERGY].ravel()[np.maximum(goal, 0)], np.inf)
    with np.errstate(invalid="ignore"):
        forth = np.where(goal >= 0, both[ENERGY] - returning - stay[ENERGY], np.inf)
    return _Tried(there, both, forth, returning)


def _zero_on(goals: Mask) -> F64:
    """Nothing left to spend (quantity, row, col) on the goals, inf elsewhere."""
    return np.repeat(np.where(goals, 0.0, np.inf)[None], QUANTITIES, axis=0)


def _drives(steps: NDArray[np.float32], weights: F64, left: F64) -> tuple[F64, NDArray[np.int32]]:
    """What the cheapest drives spend (quantity, row, col) when ``left`` remains at the goals, and which goals."""
    sums, goal = left.copy(), np.empty(left.shape[1:], np.int32)
    cheapest_drives(steps, weights, sums, goal)
    return sums, goal


def _steps(z: F64, lit: Mask, cell_m: float, rover: RoverReach) -> NDArray[np.float32]:
    slopes = (rover.max_up_slope_deg, rover.max_down_slope_deg, rover.max_cross_slope_deg)
    joules = rover.mass_kg * np.array([rover.level_j_kg_m, rover.up_j_kg_m_deg, rover.down_j_kg_m_deg])
    out = np.empty((QUANTITIES, 8, *z.shape), np.float32)
    drive_steps(
        z,
        lit,
        cell_m,
        np.tan(np.radians(slopes)),
        rover.speed_m_s,
        rover.slowest_fraction,
        joules,
        np.array([rover.hotel_power_w, rover.array_w]),
        out,
    )
    return out


def _weights(rover: RoverReach) -> Iterator[F64]:
    """Costs tried: the balance of all limits, the shortest, the thriftiest and the least dark drive.

    A little distance in each keeps drives from wandering where the cost itself is zero.
    """
    limits = _limits(rover)
    yield np.array([1.0, 1e-9, 1.0, 1.0]) / limits
    yield np.array([1.0, 0.0, 0.0, 0.0]) / limits
    yield np.array([1e-3, 0.0, 1.0, 0.0]) / limits
    if math.isfinite(rover.dark_hours):
        yield np.array([1e-3, 0.0, 0.0, 1.0]) / limits


def _limits(rover: RoverReach) -> F64:
    """What may be spent of each quantity; energy as such has no limit but is measured in batteries."""
    battery_j = rover.battery_wh * WH
    return np.array([rover.range_km * 1000.0, battery_j, battery_j, rover.dark_hours * 3600.0])


def _used(sums: F64, rover: RoverReach) -> F64:
    """Share of range, battery and dark hours a drive uses (3, row, col)."""
    limits = _limits(rover)
    used = np.stack([sums[k] / limits[k] for k in (DISTANCE, BATTERY)])
    dark = sums[DARK] / limits[DARK] if math.isfinite(rover.dark_hours) else np.zeros(sums.shape[1:])
    return np.concatenate([used, dark[None]])


def _ground_cell_m(grid: Grid) -> float:
    """Side of a cell on the ground at the middle of the grid (map metres over the map's scale there)."""
    x, y = 0.5 * (grid.left_m + grid.right_m), 0.5 * (grid.top_m + grid.bottom_m)
    return grid.cell_m / (1.0 + (x * x + y * y) / (4.0 * MOON_RADIUS_M**2))


def _sum(shares: F64, where: Mask) -> float:
    return min(1.0, float(shares[where].sum()))


def _median(values: NDArray[np.float32], shares: F64) -> float:
    """Median weighted by shares; NaN when there are none."""
    order = np.argsort(values, axis=None, kind="stable")
    running = np.cumsum(shares.ravel()[order])
    if running[-1] <= 0.0:
        return math.nan
    return float(values.ravel()[order[int(np.searchsorted(running, 0.5 * running[-1]))]])


def _straight_km(reach: ReachMap, aim_m: tuple[float, float]) -> float:
    """Distance on the ground from the aim point to the nearest target cell; inf when there is none."""
    grid = reach.grid
    east, north = grid.x_m() - aim_m[0], grid.y_m() - aim_m[1]
    distance = np.hypot(east[None, :], north[:, None])[reach.target]
    return float(distance.min()) * _ground_cell_m(grid) / grid.cell_m / 1000.0 if distance.size else math.inf
