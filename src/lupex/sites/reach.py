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

from lupex.base.arrays import F64, Mask
from lupex.base.constants import J_PER_WH, MOON_RADIUS_M
from lupex.base.errors import GridError, InputError, MissionError
from lupex.kernels.drive.edges import drive_edges
from lupex.kernels.drive.reach import QUANTITIES, cheapest_drives, spend
from lupex.model import Fact, Grid, Reach, ReachSettings, Rover, Terrain
from lupex.model.fields.terrain import frozen
from lupex.model.quantities import sentences
from lupex.sites.dispersion import Dispersion, cell_shares

CAUSES = ("none", "slope", "range", "energy", "dark", "target", "unknown")
"""What keeps a cell from reaching and returning, by the number in the layer 'lost_to': no drivable way is 'slope',
no target or no lit ground on the map 'target', no height 'unknown'."""

DISTANCE, ENERGY, BATTERY, DARK = range(QUANTITIES)

LIGHT_SHARE = {"tracking": 1.0, "vertical": 1.0, "horizontal": 0.0}
"""Share of its full power an array gives in static light, by `Rover.array_kind`, as if the Sun stood on the horizon.

It stands at most 1.6 degrees high at a pole, 11.6 at 80 degrees of latitude: an upright array gives 98 % and more, a
flat one 20 % and less, which is left out."""


@dataclass(frozen=True)
class ReachLimits:
    """What a drive there and back may take beyond the rover's own limits.

    ``range_km`` driven there and back to light; ``stay_hours`` spent at the target, awake and in the dark.
    """

    range_km: float
    stay_hours: float = 0.0

    def __post_init__(self) -> None:
        if not self.range_km > 0.0:
            raise MissionError(f"[reach]: range_km is {self.range_km:g}", "give a positive number")
        if not 0.0 <= self.stay_hours < math.inf:
            raise MissionError(f"[reach]: stay_hours is {self.stay_hours:g}", "give 0 or more")


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


REACH_LAYERS = (
    "distance_there_km", "there", "drive_km", "energy_there_wh", "energy_back_wh", "battery_wh", "dark_hours",
    "reachable", "lost_to",
)  # fmt: skip
REACH_MEANINGS = sentences(REACH_LAYERS) | {
    "lost_to": "the limit that is broken most: " + ", ".join(f"{i} {name}" for i, name in enumerate(CAUSES)),
}
"""A sentence for every layer of a ReachMap. Light is static; slopes are those over one cell."""


def reach_limits(facts: Sequence[Fact], settings: ReachSettings) -> ReachLimits:
    """Range and stay of a mission: [reach], and the rover's fact traverse_km where range_km is 0.

    Raises MissionError when both are unknown.
    """
    known = {fact.key: fact.value for fact in facts}
    range_km = settings.range_km or known.get("traverse_km")
    if not isinstance(range_km, int | float):
        fix = "state it: traverse_km = { value = ..., source = '...' }, or give range_km in [reach]"
        raise MissionError("[rover]: traverse_km is unknown", fix)
    return ReachLimits(float(range_km), settings.stay_hours)


def reach_map(
    terrain: Terrain, target: Mask, lit: Mask, rover: Rover, limits: ReachLimits, blocked: Mask | None = None
) -> ReachMap:
    """From every cell: the drive to the nearest drivable target cell, and back to lit ground.

    ``target`` (row, col) permanent shadow or another destination, ``lit`` ground that counts as light, ``blocked``
    ground nobody may drive on. The battery begins full and may fall to its least charge. Directed steps to eight
    neighbours; multi-source Dijkstra from lit ground and from the target, for each of four costs. Raises GridError
    for masks of another shape.

    Args:
        terrain: heights to drive over.
        rover: laws of energy and speed, battery.
        limits: slopes, steps and stay.
    """
    grid = terrain.grid
    target, lit = (np.asarray(mask).astype(np.float64) > 0.5 for mask in (target, lit))
    if target.shape != grid.shape or lit.shape != grid.shape:
        raise GridError(f"reach: masks {[target.shape, lit.shape]} must have the terrain's shape {grid.shape}")
    z, heights = terrain.open_heights(blocked)
    target = target & np.isfinite(heights)
    steps = _steps(grid, z, heights, lit, rover)
    stay = _stay(rover, limits)
    most = _most(rover, limits)
    tried = [_tried(steps, weights, target, lit & np.isfinite(heights), stay) for weights in _weights(most)]
    shortest = tried[1].there[DISTANCE]
    there = np.any([(_used(t.there, most) <= 1.0).all(axis=0) for t in tried], axis=0)
    used = np.stack([_used(t.both, most).max(axis=0) for t in tried])
    best = np.argmin(used, axis=0)

    def of_best(arrays: list[F64]) -> F64:
        return np.take_along_axis(np.stack(arrays), best[None], axis=0)[0]

    sums = np.stack([of_best([t.both[k] for t in tried]) for k in range(QUANTITIES)])
    lost = np.argmax(_used(sums, most), axis=0) + 2
    least = used.min(axis=0)
    nowhere = CAUSES.index("slope" if target.any() and lit.any() else "target")
    lost = np.where(least <= 1.0, 0, np.where(np.isinf(least), nowhere, lost))
    layers = {
        "distance_there_km": shortest / 1000.0,
        "there": there,
        "drive_km": sums[DISTANCE] / 1000.0,
        "energy_there_wh": of_best([t.energy_there_j for t in tried]) / J_PER_WH,
        "energy_back_wh": of_best([t.energy_back_j for t in tried]) / J_PER_WH,
        "battery_wh": sums[BATTERY] / J_PER_WH,
        "dark_hours": sums[DARK] / 3600.0,
        "reachable": least <= 1.0,
        "lost_to": np.where(np.isnan(z), CAUSES.index("unknown"), lost),
    }
    return ReachMap(grid, {name: np.asarray(layer, np.float32) for name, layer in layers.items()}, target)


def reach_at(
    reach: ReachMap,
    dispersion: Dispersion,
    aim_m: tuple[float, float],
    hazard: NDArray[np.floating] | None = None,
    in_time: Mask | None = None,
) -> Reach:
    """Probability over the dispersion around an aim point (map x, y) of the drive there, and there and back.

    Of the part that comes down on known cells; with ``hazard`` (row, col, 0..1) given that it comes down safely.
    ``limits``: share lost to each cause, 'outside' the share off the known map before it was left out. ``in_time``
    (row, col): cells from which the drive is possible with the light as it moves, weighted the same. Raises InputError
    when nothing of the dispersion comes down on known cells.

    Args:
        reach: costs from every cell.
        dispersion: ellipse of the landing error.
        aim_m: map point (x, y).
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
        distance_km=_median(reach["distance_there_km"], np.where(np.isfinite(reach["distance_there_km"]), shares, 0.0)),
        straight_km=_straight_km(reach, aim_m),
        limits=lost | {"outside": outside},
        in_time=None if in_time is None else _sum(shares, in_time),
    )


@dataclass(frozen=True, eq=False)
class _Tried:
    """Sums (quantity, row, col) of the drives that are best for one cost: there alone, and there, stay and back."""

    there: F64
    both: F64
    energy_there_j: F64
    energy_back_j: F64


def _tried(steps: NDArray[np.float32], weights: F64, target: Mask, lit: Mask, stay: F64) -> _Tried:
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


def _steps(
    grid: Grid, z: NDArray[np.float32], heights: NDArray[np.float32], lit: Mask, rover: Rover
) -> NDArray[np.float32]:
    """What every step spends (quantity, step, row, col); inf where it may not be driven."""
    out = np.empty((QUANTITIES, 8, *grid.shape), np.float32)
    by = np.empty((8, *grid.shape), np.uint8)
    limits, law = rover.ground_limits, rover.law_numbers
    drive_edges(z, heights, grid.x_m(), grid.y_m(), grid.cell_m, limits, law, 0, grid.rows, out, by)
    spend(out, lit, rover.hotel_power_w, rover.array_w * LIGHT_SHARE[rover.array_kind])
    return out


def _stay(rover: Rover, limits: ReachLimits) -> F64:
    """What the stay at the target spends of each quantity."""
    stay_s = limits.stay_hours * 3600.0
    return np.array([0.0, stay_s * rover.hotel_power_w, stay_s * rover.hotel_power_w, stay_s])


def _most(rover: Rover, limits: ReachLimits) -> F64:
    """What may be spent of each quantity; energy as such has no limit but is measured in batteries."""
    usable_j = (rover.full_battery_wh - rover.least_battery_wh) * J_PER_WH
    return np.array([limits.range_km * 1000.0, usable_j, usable_j, rover.max_dark_hours * 3600.0])


def _weights(most: F64) -> Iterator[F64]:
    """Costs tried: the balance of all limits, the shortest, the thriftiest and the least dark drive.

    A little distance in each keeps drives from wandering where the cost itself is zero.
    """
    yield np.array([1.0, 1e-9, 1.0, 1.0]) / most
    yield np.array([1.0, 0.0, 0.0, 0.0]) / most
    yield np.array([1e-3, 0.0, 1.0, 0.0]) / most
    if math.isfinite(most[DARK]):
        yield np.array([1e-3, 0.0, 0.0, 1.0]) / most


def _used(sums: F64, most: F64) -> F64:
    """Share of range, battery and dark hours a drive uses (3, row, col)."""
    used = np.stack([sums[k] / most[k] for k in (DISTANCE, BATTERY)])
    dark = sums[DARK] / most[DARK] if math.isfinite(most[DARK]) else np.zeros(sums.shape[1:])
    return np.concatenate([used, dark[None]])


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
    return float(distance.min()) / _map_scale(grid) / 1000.0 if distance.size else math.inf


def _map_scale(grid: Grid) -> float:
    """Map metres over metres on the ground at the middle of the grid."""
    x, y = 0.5 * (grid.left_m + grid.right_m), 0.5 * (grid.top_m + grid.bottom_m)
    return 1.0 + (x * x + y * y) / (4.0 * MOON_RADIUS_M**2)
