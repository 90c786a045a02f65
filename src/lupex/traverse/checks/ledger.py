"""The books of a simulated drive: time, charge, darkness and view, kept exactly between changes of light."""

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64, I64, U8
from lupex.base.constants import J_PER_WH
from lupex.model import LightSeries, Rover, Waypoint
from lupex.traverse.checks.route_light import step_of

Place = tuple[float, float]

LEAST_S = 1e-6
"""Shorter spans of time are nothing."""

WORST = {"battery": math.inf, "dark": -math.inf, "up": math.nan, "down": math.nan, "cross": math.nan,
         "step": math.nan, "blind": 0.0, "view": math.inf, "lost": 0.0}  # fmt: skip
"""What is kept of the time between two rows, as it begins."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Leg:
    """Pieces (piece,) of the drive from a waypoint to the next, ends (piece + 1,); ``cell`` is the flat index, -1 off
    the map; ``time_s`` and ``energy_j`` of driving alone; ``lost_m`` metres without height; ``turn_s`` on the spot
    before."""

    cell: I64
    x_m: F64
    y_m: F64
    length_m: F64
    time_s: F64
    energy_j: F64
    slope_deg: F64
    cross_deg: F64
    step_m: F64
    lost_m: F64
    turn_s: float

    @classmethod
    def nowhere(cls) -> "Leg":
        """The leg between two waypoints at one place."""
        none = np.zeros(0)
        numbers = (field.name for field in fields(cls) if field.name not in ("cell", "turn_s"))
        return cls(cell=np.zeros(0, np.int64), turn_s=0.0, **dict.fromkeys(numbers, none))


@dataclass(frozen=True, eq=False, kw_only=True)
class Table:
    """The rows (waypoint,) of a finished drive, as in Traverse; ``worst`` of `WORST` from each row to the next."""

    times_tdb_s: F64
    x_m: F64
    y_m: F64
    activity: tuple[str, ...]
    labels: tuple[str, ...]
    distance_m: F64
    energy_wh: F64
    battery_wh: F64
    disc_fraction: F64
    earth_in_view: NDArray[np.bool_]
    dark_hours: F64
    slope_deg: F64
    early_s: F64
    worst: dict[str, F64]


class Ledger:
    """Plays a drive and writes a row whenever what the rover does, or the cell it is in, changes.

    ``disc`` and ``earth`` (step, cell) belong to the sorted flat indices ``cells``; ``full_w`` (step,) is the
    power of the array with the whole disc in view.
    """

    def __init__(self, rover: Rover, light: LightSeries, disc: U8, earth: U8, full_w: F64, cells: I64) -> None:
        self._rover, self._light = rover, light
        self._times = light.times_tdb_s
        self._disc, self._earth, self._full_w, self._cells = disc, earth, full_w, cells
        self._rows: list[tuple[float | str, ...]] = []
        self._worst: list[dict[str, float]] = []
        self._driven: list[tuple[float, float]] = []
        self._broken: set[str] = set()
        self._early: dict[int, float] = {}

    @property
    def rows_so_far(self) -> int:
        """Index the next row will have."""
        return len(self._rows)

    def begin(self, time_s: float, battery_wh: float, dark_hours: float) -> None:
        """The state before the first waypoint."""
        self.time_s, self._battery_wh, self._dark_s = time_s, battery_wh, dark_hours * 3600.0
        self._energy_j = self._distance_m = 0.0
        self._place = (0.0, 0.0)
        self._label = ""

    def arrive(self, point: Waypoint, wanted_s: float) -> None:
        """Be at a waypoint: its name goes to the next row written, its wanted time to the schedule."""
        self._place, self._label = (point.x_m, point.y_m), point.label
        if math.isfinite(wanted_s):
            self._early[len(self._rows)] = wanted_s - self.time_s

    def stand(self, point: Waypoint, cell: int, until_s: float) -> None:
        """Stay at a waypoint until a time, doing what is done there.

        Args:
            point: map point (x, y).
            cell: row and column.
            until_s: end of the stand.
        """
        working = point.activity in ("drill", "measure")
        extra = {"drill": self._rover.drill_power_w, "measure": self._rover.measure_power_w}.get(point.activity, 0.0)
        if working:
            self._row(point.activity, cell)
        doing = point.activity if working else ""
        while until_s - self.time_s > LEAST_S:
            k = step_of(self._light, self.time_s)
            lit = self._disc_of(k, cell) > 0
            drawn = self._rover.hotel_power_w + extra if working or lit else self._rover.sleep_power_w
            net = self._net_w(k, cell, drawn)
            span = min(until_s, self._ends(k)) - self.time_s
            if not working:
                name = self._idle(lit, net)
                if name == "charge":
                    span = min(span, self._full_after_s(net))
                if name != doing:
                    self._row(name, cell)
                    doing = name
            self._spend(span, k, cell, drawn, doing)

    def drive(self, leg: Leg) -> None:
        """Turn, then drive the pieces of a leg."""
        if leg.turn_s > LEAST_S:
            self._row("drive", int(leg.cell[0]))
            self._move(leg.turn_s, self._rover.hotel_power_w, int(leg.cell[0]), (self._place, self._place))
        before = -2
        for i, cell in enumerate(leg.cell.tolist()):
            if cell != before:
                self._place = (float(leg.x_m[i]), float(leg.y_m[i]))
                self._row("drive", cell)
                before = cell
            self._note(leg, i)
            ends = ((float(leg.x_m[i]), float(leg.y_m[i])), (float(leg.x_m[i + 1]), float(leg.y_m[i + 1])))
            power = self._rover.hotel_power_w + leg.energy_j[i] / leg.time_s[i] if leg.time_s[i] > 0.0 else 0.0
            self._move(float(leg.time_s[i]), float(power), cell, ends)
            self._distance_m += float(leg.length_m[i])
            self._driven[-1] = (self._driven[-1][0] + float(leg.length_m[i]), self._driven[-1][1] + self._rise(leg, i))
            self._place = ends[1]

    def end(self, cell: int) -> None:
        """The last row."""
        self._row("end", cell)
        self._keep_worst()

    def table(self) -> Table:
        """Everything written."""
        columns = list(zip(*self._rows, strict=True))
        numbers = {i: np.array(columns[i], np.float64) for i in (0, 1, 2, 5, 6, 7, 8, 10)}
        rise = [
            math.degrees(math.asin(max(-1.0, min(1.0, up / length)))) if length > 0.0 else math.nan
            for length, up in self._driven
        ]
        early = np.full(len(self._rows), np.nan)
        early[list(self._early)] = list(self._early.values())
        worst = {name: np.array([row[name] for row in self._worst]) for name in WORST}
        worst["view"] = np.where(np.isfinite(worst["view"]), worst["view"], np.nan)
        worst["step"] = np.where(np.isfinite(worst["step"]), worst["step"], np.nan)
        return Table(
            times_tdb_s=numbers[0],
            x_m=numbers[1],
            y_m=numbers[2],
            activity=tuple(str(word) for word in columns[3]),
            labels=tuple(str(word) for word in columns[4]),
            distance_m=numbers[5],
            energy_wh=numbers[6],
            battery_wh=numbers[7],
            disc_fraction=numbers[8],
            earth_in_view=np.array(columns[9], bool),
            dark_hours=numbers[10],
            slope_deg=np.array(rise),
            early_s=early,
            worst=worst,
        )

    def _row(self, activity: str, cell: int) -> None:
        k = step_of(self._light, self.time_s)
        self._rows.append((
            self.time_s, *self._place, activity, self._label,
            self._distance_m, self._energy_j / J_PER_WH, self._battery_wh,
            self._disc_of(k, cell) / 255.0, self._sees(k, cell), self._dark_s / 3600.0,
        ))  # fmt: skip
        self._label = ""
        self._worst.append(dict(WORST))
        self._driven.append((0.0, 0.0))
        self._keep_worst()

    def _note(self, leg: Leg, i: int) -> None:
        worst, slope = self._worst[-1], float(leg.slope_deg[i])
        for name, value in (("up", max(slope, 0.0)), ("down", max(-slope, 0.0)), ("cross", float(leg.cross_deg[i])),
                            ("step", float(leg.step_m[i]))):  # fmt: skip
            worst[name] = value if math.isnan(worst[name]) else max(worst[name], value)
        worst["lost"] += float(leg.lost_m[i])

    def _rise(self, leg: Leg, i: int) -> float:
        slope = float(leg.slope_deg[i])
        return 0.0 if math.isnan(slope) else float(leg.length_m[i]) * math.sin(math.radians(slope))

    def _move(self, length_s: float, drawn_w: float, cell: int, ends: tuple[Place, Place]) -> None:
        begin = self.time_s
        while begin + length_s - self.time_s > LEAST_S:
            k = step_of(self._light, self.time_s)
            span = min(begin + length_s, self._ends(k)) - self.time_s
            if self._rover.comm_to_drive and not self._sees(k, cell):
                self._worst[-1]["blind"] += span
            (x0, y0), (x1, y1) = ends
            done = (self.time_s - begin) / length_s
            self._place = (x0 + done * (x1 - x0), y0 + done * (y1 - y0))
            self._spend(span, k, cell, drawn_w, "drive")
        if self._rover.comm_to_drive:
            self._worst[-1]["view"] = min(self._worst[-1]["view"], self._view_left_s(cell))

    def _spend(self, span_s: float, k: int, cell: int, drawn_w: float, doing: str) -> None:
        """Let time pass with everything constant; a row where a limit is first broken."""
        net, lit = self._net_w(k, cell, drawn_w), self._disc_of(k, cell) > 0
        for name, after in sorted(self._breaks(net, lit).items(), key=lambda item: item[1]):
            if name not in self._broken and 0.0 <= after < span_s - LEAST_S:
                self._broken.add(name)
                self._pass(after, net, lit, drawn_w)
                self._row(doing, cell)
                return self._spend(span_s - after, k, cell, drawn_w, doing)
        self._pass(span_s, net, lit, drawn_w)

    def _breaks(self, net_w: float, lit: bool) -> dict[str, float]:
        """Seconds until charge and darkness pass their limits if all goes on like this."""
        found = {}
        if net_w < 0.0:
            found["battery"] = max(0.0, (self._battery_wh - self._rover.least_battery_wh) * J_PER_WH / -net_w)
        if not lit and math.isfinite(self._rover.max_dark_hours):
            found["dark"] = max(0.0, self._rover.max_dark_hours * 3600.0 - self._dark_s)
        return found

    def _pass(self, span_s: float, net_w: float, lit: bool, drawn_w: float) -> None:
        full = max(self._battery_wh, self._rover.full_battery_wh)
        self._battery_wh = min(full, self._battery_wh + net_w * span_s / J_PER_WH)
        self._dark_s = 0.0 if lit else self._dark_s + span_s
        self._energy_j += drawn_w * span_s
        self.time_s += span_s
        self._keep_worst()

    def _keep_worst(self) -> None:
        worst = self._worst[-1]
        worst["battery"] = min(worst["battery"], self._battery_wh)
        worst["dark"] = max(worst["dark"], self._dark_s)

    def _idle(self, lit: bool, net_w: float) -> str:
        if not lit:
            return "sleep"
        return "charge" if net_w > 0.0 and self._full_after_s(net_w) > LEAST_S else "wait"

    def _full_after_s(self, net_w: float) -> float:
        return (self._rover.full_battery_wh - self._battery_wh) * J_PER_WH / net_w

    def _net_w(self, k: int, cell: int, drawn_w: float) -> float:
        gained = float(self._full_w[k]) * self._disc_of(k, cell) / 255.0
        return min(gained - drawn_w, self._rover.max_charge_w)

    def _ends(self, k: int) -> float:
        """End of a step; behind the last one a time outside the series, which `step_of` refuses."""
        return float(self._times[k + 1]) + (0.0 if k < self._times.size - 2 else 1.0)

    def _column(self, cell: int) -> int:
        return int(np.searchsorted(self._cells, cell)) if cell >= 0 else -1

    def _disc_of(self, k: int, cell: int) -> int:
        column = self._column(cell)
        return int(self._disc[k, column]) if column >= 0 else 0

    def _sees(self, k: int, cell: int) -> bool:
        column = self._column(cell)
        return bool(self._earth[k, column]) if column >= 0 else False

    def _view_left_s(self, cell: int) -> float:
        """From now until the view is lost at a cell; to the end of the series where it is not."""
        column, k = self._column(cell), step_of(self._light, self.time_s)
        blind = np.flatnonzero(self._earth[k:, column] == 0) if column >= 0 else np.zeros(1, np.int64)
        lost = float(self._times[k + int(blind[0])]) if blind.size else float(self._times[-1])
        return max(0.0, lost - self.time_s)
