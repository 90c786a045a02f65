"""Where a drive may end: places and times at which the rover can go on living, by the light of the days after.

Theory: docs/theory/traverse_in_time.md.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, I64
from lupex.base.constants import HOUR_S
from lupex.base.errors import GridError, InputError
from lupex.base.gate import numbers_checked
from lupex.base.running import Running
from lupex.base.threads import over_rows
from lupex.kernels.drive.living import COUNTS, NO_END, counted, least_to_stay
from lupex.model import DriveEnd, Grid, LightSeries, Rover, Traverse, TraverseSettings
from lupex.model.fields.light_series import Window
from lupex.model.fields.terrain import frozen
from lupex.model.glance import Glance
from lupex.traverse.checks.route_light import full_disc_w, light_along, step_length_s, step_of

U16 = NDArray[np.uint16]

BLOCK_BYTES = 4_000_000
"""Of light read at once by a thread: the charges needed take sixteen times as much, and should stay in the cache."""
DAY_HOURS = 24.0
"""Over which the power of the array at the end of a drive is told."""
UNLIMITED = 2**62
"""Dark steps of a rover without a limit of dark time."""


@numbers_checked
@dataclass(frozen=True, kw_only=True)
class LivingRule:
    """What it takes to go on living where a drive ends; either of two ways will do.

    Attributes:
        light_hours: light: over this time the array gives the hotel power on average, the charge never falls below
            the least, and comes back to ``charge_fraction`` of the full charge.
        haven_hours: haven: standing there for this time the charge never falls below the least.
    """

    light_hours: float = 24.0
    charge_fraction: float = 0.8
    haven_hours: float = 336.0

    def __post_init__(self) -> None:
        if not (0.0 < self.light_hours < math.inf and 0.0 < self.haven_hours < math.inf):
            raise InputError(f"end of a drive: {self.light_hours:g} h of light, {self.haven_hours:g} h of haven",
                             "give positive numbers")  # fmt: skip
        if not 0.0 <= self.charge_fraction <= 1.0:
            raise InputError(f"end of a drive: charge_fraction {self.charge_fraction:g}", "give a share from 0 to 1")

    @classmethod
    def of(cls, settings: TraverseSettings) -> "LivingRule":
        """From [traverse] of a mission file."""
        return cls(
            light_hours=settings.end_light_hours,
            charge_fraction=settings.end_charge_fraction,
            haven_hours=settings.end_haven_hours,
        )

    @property
    def hours(self) -> float:
        """Time after the latest end for which light must be known."""
        return max(self.light_hours, self.haven_hours)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class LivingEnds(Glance):
    """Least charge with which a rover may end its drive, for every cell and boundary of a light series.

    Attributes:
        grid: of the light. rule: what it takes to stay.
        counts: (boundary, row, col) uint16; charge in counts of ``unit_wh``, rounded up; `NO_END` where it may not end.
        unit_wh: Wh per count.
    """

    grid: Grid
    rule: LivingRule
    counts: U16
    unit_wh: float

    def within(self, window: Window) -> "LivingEnds":
        """The part of a window (first row, first column, rows, columns)."""
        row, col, rows, cols = window
        part = self.counts[:, row : row + rows, col : col + cols]
        return replace(self, grid=self.grid.crop(*window), counts=part)

    def values(self, least_value_wh: float) -> F64:
        """What a sweep backwards is begun with, by count: minus the charge needed, -inf where a drive may not end."""
        found = -np.maximum(-least_value_wh, np.arange(NO_END + 1) * self.unit_wh)
        found[NO_END] = -math.inf
        return found

    def read(self, first: int, last: int, window: Window) -> U16:
        """Counts (boundary, row, col) of boundaries first <= k < last in a window; `NO_END` beyond those known."""
        row, col, rows, cols = window
        known = self.counts[first:last, row : row + rows, col : col + cols]
        if known.shape[0] == last - first:
            return known
        missing = np.full((last - first - known.shape[0], rows, cols), NO_END, np.uint16)
        return np.concatenate([known, missing])

    def with_margin(self, late_steps: int, reserve_wh: float) -> "LivingEnds":
        """Fewer ends: those that stay ends however late the rover comes, up to so many steps, with so much in hand.

        The charge asked for at a boundary is the most asked for there and at the ``late_steps`` boundaries after it,
        and ``reserve_wh`` more, at most a full one. Where one of these is no end, or not known, there is none.
        """
        more = min(COUNTS, math.ceil(reserve_wh / self.unit_wh - 1e-9))
        counts = np.empty_like(self.counts)
        for row in range(self.grid.rows):
            counts[:, row] = _most_ahead(np.array(self.counts[:, row]), late_steps)
            ends = counts[:, row] < NO_END
            counts[:, row][ends] = np.minimum(counts[:, row][ends].astype(np.int64) + more, COUNTS)
        counts.flags.writeable = False
        return replace(self, counts=counts)

    def somewhere(self, row: int, col: int) -> bool:
        """Whether a drive may ever end in a cell."""
        return bool((self.counts[:, row, col] < NO_END).any())

    def _facts(self) -> dict[str, str]:
        some = 100.0 * float(np.mean((self.counts < NO_END).any(axis=0)))
        return {"boundaries": f"{self.counts.shape[0]} boundaries", "grid": self.grid.words,
                "ends": f"{some:.1f} % of the cells can end a drive"}  # fmt: skip


def _most_ahead(counts: U16, steps: int) -> U16:
    """Most of counts[k] .. counts[k + steps] (boundary, cell), in place; `NO_END` where that reaches beyond the last.

    Windows are doubled until they are long enough: a handful of passes for any length.
    """
    known = max(0, counts.shape[0] - steps)
    length = 1
    while length <= steps and known:
        shift = min(length, steps + 1 - length)
        np.maximum(counts[:-shift], counts[shift:], out=counts[:-shift])
        length += shift
    counts[known:] = NO_END
    return counts


def living_ends(
    light: LightSeries, rover: Rover, rule: LivingRule, last_step: int | None = None, running: Running = Running()
) -> LivingEnds:
    """The least charge with which a drive may end, for every cell and boundary up to ``last_step``.

    Ends whose time to live reaches beyond the light are unknown and do not count.

    Args:
        light: covering the drives and, after their latest end, `LivingRule.hours` more.
        rover: whose powers, charges and limit of dark time count.
        rule: what it takes to stay.
        last_step: the last boundary a drive may end at; None: that of the light.
        running: threads.
    """
    steps, (rows, cols) = light.times_tdb_s.size - 1, light.grid.shape
    last = steps if last_step is None else last_step
    counts = np.empty((last + 1, rows, cols), np.uint16)
    strip = max(1, BLOCK_BYTES // max(1, steps * cols))

    def work(first: int, stop: int) -> None:
        for row in range(first, stop, strip):
            height = min(strip, stop - row)
            disc, _ = light.read(0, steps, (row, 0, height, cols))
            needs = _needs(np.ascontiguousarray(disc).reshape(steps, -1), light, rover, rule, last + 1)
            part = np.empty(needs.shape, np.uint16)
            counted(needs, rover.full_battery_wh, part)
            counts[:, row : row + height] = part.reshape(last + 1, height, cols)

    over_rows(work, rows, running)
    counts.flags.writeable = False
    return LivingEnds(grid=light.grid, rule=rule, counts=counts, unit_wh=rover.full_battery_wh / COUNTS)


def needs_to_stay(light: LightSeries, rover: Rover, rule: LivingRule, cells: tuple[I64, I64]) -> F64:
    """Least charge (step + 1, cell), Wh, with which a drive may end at cells (row, col); inf where it may not."""
    disc, _ = light_along(light, *cells, 0)
    return _needs(disc, light, rover, rule, light.times_tdb_s.size)


def drive_end(traverse: Traverse, rover: Rover, light: LightSeries, rule: LivingRule) -> DriveEnd:
    """How the rover lives where a drive ends: what its array gives, how long it may stay, and what that is called.

    The rover stands in the last cell from the arrival on, awake in sunlight and asleep without. The light of the days
    after is that of the series; a stay that lasts to its end is told as reaching it. ``ends_in`` is 'light', else
    'haven', by the charge needed at the boundary of steps at or after the arrival; '' where the rover cannot live on.

    Args:
        traverse: the timed drive.
        rule: what it takes to stay.

    Raises SpanError when the light does not cover the drive's end.
    """
    row, col = light.grid.cells_of(traverse.x_m[-1:], traverse.y_m[-1:])
    if row[0] < 0:
        raise GridError("drive: it ends off the map of light", "end it on the map")
    arrival, step_s = float(traverse.times_tdb_s[-1]), step_length_s(light)
    begin = step_of(light, arrival)
    disc = light_along(light, row, col, begin)[0][:, 0]
    gain_w = full_disc_w(light, rover)[begin:] * disc / 255.0
    stay_s, lowest = _stay(disc, gain_w, rover, traverse, (arrival - float(light.times_tdb_s[begin]), step_s))
    boundary = min(int(np.searchsorted(light.times_tdb_s, arrival - 1e-3)), light.times_tdb_s.size - 1)
    # Half of what lies between the arrival and the boundary is decided there.
    charge = float(traverse.battery_wh[-1]) + 1e-3
    ends_in, need = "", math.inf
    for name, one in (("light", replace(rule, haven_hours=1e9)), ("haven", replace(rule, light_hours=1e9))):
        least = float(needs_to_stay(light, rover, one, (row, col))[boundary, 0])
        need = min(need, least)
        if not ends_in and charge >= least:
            ends_in = name
    day = max(1, round(DAY_HOURS * HOUR_S / step_s))
    return DriveEnd(
        time_tdb_s=arrival,
        array_w=float(gain_w[:day].mean()),
        load_w=rover.hotel_power_w,
        may_stay_until_tdb_s=min(arrival + stay_s, float(light.times_tdb_s[-1])),
        light_until_tdb_s=float(light.times_tdb_s[-1]),
        lowest_wh=lowest,
        need_wh=need,
        ends_in=ends_in,
    )


def _stay(
    disc: NDArray[np.uint8], gain_w: F64, rover: Rover, traverse: Traverse, within: tuple[float, float]
) -> tuple[float, float]:
    """Seconds the rover lasts where it stands, and its lowest charge (Wh) by then.

    ``within``: seconds of the first step that have passed on arrival, seconds per step.
    """
    charge, dark_s = float(traverse.battery_wh[-1]), float(traverse.dark_hours[-1]) * HOUR_S
    passed, lowest = 0.0, float(traverse.battery_wh[-1])
    for k, (counts, gained) in enumerate(zip(disc.tolist(), gain_w.tolist(), strict=True)):
        span_s = within[1] - (within[0] if k == 0 else 0.0)
        drawn = rover.hotel_power_w if counts else rover.sleep_power_w
        charge += min(gained - drawn, rover.max_charge_w) * span_s / HOUR_S
        charge = min(charge, max(rover.full_battery_wh, float(traverse.battery_wh[-1])))
        dark_s = 0.0 if counts else dark_s + span_s
        if charge < rover.least_battery_wh - 1e-6 or dark_s > rover.max_dark_hours * HOUR_S + 1e-6:
            return passed, lowest
        passed, lowest = passed + span_s, min(lowest, charge)
    return passed, lowest


def _needs(disc: NDArray[np.uint8], light: LightSeries, rover: Rover, rule: LivingRule, boundaries: int) -> F64:
    """Least charge (boundary, cell) of the first boundaries; ``disc`` (step, cell) of the whole series."""
    step_s = step_length_s(light)
    dark = rover.max_dark_hours * HOUR_S / step_s
    needs = np.empty((boundaries, disc.shape[1]))
    least_to_stay(
        frozen(disc),
        full_disc_w(light, rover),
        np.array([rover.hotel_power_w, rover.sleep_power_w, rover.max_charge_w, step_s / HOUR_S]),
        np.array([rover.full_battery_wh, rover.least_battery_wh, rule.charge_fraction * rover.full_battery_wh]),
        np.array([
            _steps(rule.light_hours, step_s), _steps(rule.haven_hours, step_s),
            math.floor(dark + 1e-6) if math.isfinite(dark) else UNLIMITED,
        ], np.int64),
        0,
        needs,
    )  # fmt: skip
    return needs


def _steps(hours: float, step_s: float) -> int:
    """Whole steps that cover a time."""
    return max(1, math.ceil(hours * HOUR_S / step_s * (1.0 - 1e-6)))
