"""How long the rover may stand where it is, and where by the route it can stand longest.

Theory: docs/theory/traverse_margins.md.
"""

import math
from dataclasses import dataclass

import numpy as np

from lupex.base.arrays import F64, I64
from lupex.base.constants import HOUR_S, J_PER_WH
from lupex.base.errors import InputError
from lupex.base.gate import numbers_checked
from lupex.ephemeris import tdb_s_to_utc
from lupex.kernels.drive.risk import stand_on
from lupex.model import Haven, LightSeries, Rover, Traverse
from lupex.traverse.checks.risk import limits_of
from lupex.traverse.checks.route_light import CHUNK_BYTES, check_grids, full_disc_w, light_along, step_length_s, step_of
from lupex.traverse.steps.edges import DOWN, RIGHT, Edges

_STEP = np.zeros((5, 5), np.int64)
_STEP[DOWN + 2, RIGHT + 2] = np.arange(DOWN.size)
"""Number of the step that goes (down - 2) rows and (right - 2) columns."""


@numbers_checked
@dataclass(frozen=True)
class HavenSettings:
    """Havens are sought within ``distance_m`` driven off the route, one in each of ``sectors`` equal parts of it."""

    distance_m: float = 500.0
    sectors: int = 4

    def __post_init__(self) -> None:
        if not 0.0 <= self.distance_m < math.inf or self.sectors < 1:
            raise InputError(
                f"havens: {self.distance_m} m, {self.sectors} sectors", "give 0 m or more, 1 sector or more"
            )


def safe_until(traverse: Traverse, light: LightSeries, needed_wh: F64, rover: Rover) -> F64:
    """TDB s (waypoint,) until which the rover may stand at each waypoint from its arrival and still come through.

    Standing it charges, or sleeps without sunlight. It must go on before its charge falls below what it needs there
    and then, ``needed_wh`` (step + 1, waypoint) at the boundaries of the steps (inf: nothing helps), before the least
    charge, and before darkness lasts too long. The answer is the last boundary of steps at which all still holds; the
    arrival itself where it must not stand at all; the end of the light where it may stay.

    Args:
        traverse: the timed drive.

    Raises InputError for ``needed_wh`` of another shape, SpanError when the light does not cover the drive.
    """
    expected = (light.times_tdb_s.size, len(traverse))
    if needed_wh.shape != expected:
        raise InputError(f"safe until: needed charge has shape {needed_wh.shape}, expected {expected}")
    row, col = light.grid.cells_of(traverse.x_m, traverse.y_m)
    stand = _stand(
        light, rover, (row, col), traverse.times_tdb_s, traverse.battery_wh, traverse.dark_hours * 3600.0, needed_wh
    )
    times = light.times_tdb_s
    boundary = np.searchsorted(times, traverse.times_tdb_s - 1e-6)
    start_needs = needed_wh[np.minimum(boundary, times.size - 1), np.arange(len(traverse))]
    on_boundary = np.abs(times[np.minimum(boundary, times.size - 1)] - traverse.times_tdb_s) < 1e-3
    lost = on_boundary & (traverse.battery_wh < start_needs - 1e-6)
    return np.where(lost, traverse.times_tdb_s, np.maximum(stand.until_tdb_s, traverse.times_tdb_s))


def standing_dark_hours(traverse: Traverse, light: LightSeries) -> F64:
    """Hours without sunlight (step + 1, waypoint) of a rover that stands at each waypoint from its arrival on.

    At the boundaries of the light's steps; 0 before the arrival. Raises SpanError when the light does not cover the
    drive.

    Args:
        traverse: the timed drive.
    """
    row, col = light.grid.cells_of(traverse.x_m, traverse.y_m)
    times, dark = light.times_tdb_s, np.zeros((light.times_tdb_s.size, len(traverse)))
    first = step_of(light, float(traverse.times_tdb_s[0]))
    disc, _ = light_along(light, row, col, first)
    behind = traverse.dark_hours.astype(np.float64)
    for k in range(first, times.size - 1):
        stood_s = np.clip(times[k + 1] - traverse.times_tdb_s, 0.0, times[k + 1] - times[k])
        lit = disc[k - first] > 0
        behind = np.where(stood_s > 0.0, np.where(lit, 0.0, behind + stood_s / HOUR_S), behind)
        dark[k + 1] = np.where(stood_s > 0.0, behind, 0.0)
    return dark


def havens(
    traverse: Traverse, edges: Edges, rover: Rover, light: LightSeries, settings: HavenSettings = HavenSettings()
) -> list[Haven]:
    """For each sector of the route the cell near it where the rover can stand longest, 'haven 1' first on the way.

    The rover turns off at the first waypoint of the route in the sector from which the cell is nearest in driving
    time, drives there by ``edges`` (at most `HavenSettings.distance_m`, driving and hotel power from the battery, no
    sunlight counted on the way), and stands from arrival on, charging and sleeping. The cell that is safe longest
    wins; of equals that with the higher lowest charge, then the nearer. Sectors without any cell that is safe for one
    step have no haven; a cell that serves two sectors is named once.

    Args:
        traverse: the timed drive.
        settings: how it is computed; see its class.

    Raises GridError, SpanError when edges, light and drive do not fit.
    """
    check_grids(light, edges.grid)
    found: list[Haven] = []
    taken: set[tuple[float, float]] = set()
    for members in _sectors(traverse, settings.sectors):
        haven = _best_haven(traverse, members, edges, rover, light, settings.distance_m)
        if haven is not None and (haven.x_m, haven.y_m) not in taken:
            taken.add((haven.x_m, haven.y_m))
            found.append(haven)
    labelled = [f"haven {number}" for number in range(1, len(found) + 1)]
    return [
        Haven(
            label=label,
            x_m=h.x_m,
            y_m=h.y_m,
            from_utc=h.from_utc,
            until_utc=h.until_utc,
            lit_fraction=h.lit_fraction,
            lowest_wh=h.lowest_wh,
        )
        for label, h in zip(labelled, found, strict=True)
    ]


@dataclass(frozen=True, eq=False)
class _Stand:
    """How standing from arrival on goes (cell,): safe until, seconds of sunlight and lowest charge by then."""

    until_tdb_s: F64
    lit_s: F64
    lowest_wh: F64


@dataclass(frozen=True, eq=False)
class _Near:
    """Cells (cell,) that can be reached from some waypoints: flat index, from which, driving time and energy."""

    cell: I64
    waypoint: I64
    time_s: F64
    energy_j: F64


def _stand(
    light: LightSeries,
    rover: Rover,
    cells: tuple[I64, I64],
    from_tdb_s: F64,
    battery_wh: F64,
    dark_s: F64,
    needed_wh: F64,
) -> _Stand:
    """Stand in cells (row, col) from given times, charges and darkness on, to the end of the light at most."""
    times = light.times_tdb_s
    step_s = step_length_s(light)
    for time in (float(np.min(from_tdb_s)), float(np.max(from_tdb_s))):
        step_of(light, time)
    begin = np.interp(from_tdb_s, times, np.arange(times.size))
    begin = np.where(np.abs(begin - np.rint(begin)) < 1e-5, np.rint(begin), begin)
    battery, dark = np.array(battery_wh, np.float64), np.array(dark_s, np.float64)
    alive = (battery >= rover.least_battery_wh - 1e-6).astype(np.uint8)
    until, lit, lowest = begin.copy(), np.zeros(begin.size), battery.copy()
    full_w, hotel = full_disc_w(light, rover), np.array([rover.hotel_power_w, rover.sleep_power_w])
    first = int(begin.min())
    chunk = max(1, CHUNK_BYTES // (2 * begin.size))
    for k in range(first, times.size - 1, chunk):
        last = min(times.size - 1, k + chunk)
        disc, _ = light_along(light, *cells, k, last)
        needed = np.ascontiguousarray(needed_wh[k : last + 1], np.float64) if needed_wh.size else np.empty((0, 0))
        stand_on(disc, full_w[k:last], hotel, limits_of(rover, step_s), needed, begin, k, battery, dark, alive, until,
                 lit, lowest)  # fmt: skip
        if not alive.any():
            break
    return _Stand(np.interp(until, np.arange(times.size), times), lit, lowest)


def _sectors(traverse: Traverse, sectors: int) -> list[I64]:
    """Waypoints of each part of the route, parts equally long in metres."""
    whole = max(float(traverse.distance_m[-1]), 1e-9)
    number = np.minimum((traverse.distance_m / whole * sectors).astype(np.int64), sectors - 1)
    return [np.flatnonzero(number == part) for part in range(sectors) if (number == part).any()]


def _best_haven(
    traverse: Traverse, members: I64, edges: Edges, rover: Rover, light: LightSeries, distance_m: float
) -> Haven | None:
    near = _near(traverse, members, edges, rover, distance_m)
    arrive = traverse.times_tdb_s[near.waypoint] + near.time_s
    inside = arrive < light.times_tdb_s[-1]
    near = _Near(near.cell[inside], near.waypoint[inside], near.time_s[inside], near.energy_j[inside])
    if near.cell.size == 0:
        return None
    arrive = arrive[inside]
    spent = (near.energy_j + rover.hotel_power_w * near.time_s) / J_PER_WH
    battery = traverse.battery_wh[near.waypoint] - spent
    dark_s = traverse.dark_hours[near.waypoint] * 3600.0 + near.time_s
    cells = (near.cell // edges.grid.cols, near.cell % edges.grid.cols)
    stand = _stand(light, rover, cells, arrive, battery, dark_s, np.empty((0, 0)))
    stays = stand.until_tdb_s - arrive
    until = np.rint(stand.until_tdb_s)
    best = int(np.lexsort((near.time_s, -np.round(stand.lowest_wh, 3), -until))[0])
    if stays[best] <= 1e-3:
        return None
    utc = tdb_s_to_utc([float(arrive[best]), float(stand.until_tdb_s[best])])
    row, col = int(cells[0][best]), int(cells[1][best])
    x, y = float(edges.grid.x_m()[col]), float(edges.grid.y_m()[row])
    return Haven(
        label="",
        x_m=x,
        y_m=y,
        from_utc=utc[0],
        until_utc=utc[1],
        lit_fraction=float(stand.lit_s[best] / stays[best]),
        lowest_wh=float(stand.lowest_wh[best]),
    )


def _near(traverse: Traverse, members: I64, edges: Edges, rover: Rover, distance_m: float) -> _Near:
    """Quickest drives from the waypoints to the cells around, none longer than ``distance_m``."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    row, col = edges.grid.cells_of(traverse.x_m[members], traverse.y_m[members])
    margin = math.ceil(distance_m / edges.grid.cell_m) + 1
    top, left = max(0, int(row.min()) - margin), max(0, int(col.min()) - margin)
    bottom = min(edges.grid.rows, int(row.max()) + margin + 1)
    right = min(edges.grid.cols, int(col.max()) + margin + 1)
    rows, cols = bottom - top, right - left
    ends = []
    for d in range(edges.directions):
        r, c = np.nonzero(np.isfinite(edges.time_s[d, top:bottom, left:right]))
        i, j = r + DOWN[d], c + RIGHT[d]
        keep = (i >= 0) & (i < rows) & (j >= 0) & (j < cols)
        ends.append(np.stack([r[keep] * cols + c[keep], i[keep] * cols + j[keep], np.full(int(keep.sum()), d)]))
    source, target, way = np.concatenate(ends, axis=1)
    at = (way, source // cols + top, source % cols + left)
    graph = coo_array((edges.time_s[at].astype(np.float64), (source, target)), shape=(rows * cols, rows * cols)).tocsr()
    starts, first = np.unique((row - top) * cols + (col - left), return_index=True)
    longest_s = distance_m / (rover.speed_m_s * rover.slowest_fraction * (1.0 - rover.slip_at_limit_fraction))
    took, before, origin = dijkstra(
        graph, indices=starts, return_predecessors=True, min_only=True, limit=longest_s + 1e-6
    )
    spent, driven = np.zeros(rows * cols), np.zeros(rows * cols)
    reached = np.argsort(took, kind="stable")[: int(np.isfinite(took).sum())]
    reached = reached[before[reached] >= 0]
    last = before[reached]
    moved = (reached // cols - last // cols, reached % cols - last % cols)
    edge = (_STEP[moved[0] + 2, moved[1] + 2], last // cols + top, last % cols + left)
    steps = zip(reached.tolist(), last.tolist(), edges.energy_j[edge], edges.length_m[edge], strict=True)
    for cell, earlier, joules, metres in steps:
        spent[cell], driven[cell] = spent[earlier] + joules, driven[earlier] + metres
    keep = np.flatnonzero(np.isfinite(took) & (driven <= distance_m + 1e-6))
    of_start = dict(zip(starts.tolist(), members[first].tolist(), strict=True))
    return _Near(
        (keep // cols + top) * edges.grid.cols + keep % cols + left,
        np.array([of_start[int(origin[cell])] for cell in keep], np.int64),
        took[keep],
        spent[keep],
    )
