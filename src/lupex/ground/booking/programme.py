"""The choice of passes as a mixed-integer linear programme (docs/theory/contact_schedule.md).

Columns: x (cell of a pass booked), y (a booking begins there), u (the antenna that counts for data), c (cell in
contact), further ones for needs, and a slack for each need. All that count are declared integer although x alone
would do in theory: with u and c continuous HiGHS 1.12 has called poor choices proven best.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.ground.booking.measure import GAP_CLOSE_S, bits_of, day_due_h, in_time
from lupex.ground.booking.problem import CLOSE_S, ScheduleProblem
from lupex.model import ContactNeeds, DataNeed, PassRate

DAYS_IN_A_ROW = 7
"""Longest run of days for which the bookings needed at least are counted."""


@dataclass
class Columns:
    """Columns of a programme as they grow: lower and upper bounds, integrality, cost, count of passes, hard share."""

    upper: list[float] = field(default_factory=list)
    integer: list[int] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    share: list[float] = field(default_factory=list)

    def add(self, upper: float = 1.0, integer: int = 1, cost: float = 0.0, share: float = 0.0) -> int:
        """A column from 0 to ``upper``; its index."""
        self.upper.append(upper)
        self.integer.append(integer)
        self.cost.append(cost)
        self.share.append(share)
        return len(self.upper) - 1

    def many(self, count: int, upper: float = 1.0, integer: int = 1) -> NDArray[np.int64]:
        """``count`` equal columns without cost; their indices."""
        return np.array([self.add(upper, integer) for _ in range(count)], dtype=np.int64)


@dataclass
class Rows:
    """Rows of a programme as they grow: low <= sum of values times columns <= high."""

    row: list[int] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, terms: Sequence[tuple[int, float]], low: float, high: float = math.inf) -> None:
        """One row of (column, value) terms."""
        self.row += [len(self.low)] * len(terms)
        self.column += [int(j) for j, _ in terms]
        self.value += [float(v) for _, v in terms]
        self.low.append(low)
        self.high.append(high)


class Programme:
    """The programme of a problem; `lupex.ground.booking.solve` solves it.

    Attributes:
        columns, rows: as above. hard: columns of what is missing of hard needs, their upper bound 0 until the solver
            lifts it to ``most``.
        x, y: of each pass: columns of its cells.
    """

    def __init__(self, problem: ScheduleProblem) -> None:
        self.problem = problem
        self.columns, self.rows = Columns(), Rows()
        self.hard: list[int] = []
        self.reach = [problem.reach(one) for one, _ in problem.passes]
        self.length_h: F64 = np.round(np.diff(problem.cuts), 3) / 3600.0
        self.x: list[NDArray[np.int64]] = []
        self.y: list[NDArray[np.int64]] = []
        self.times: list[int] = []
        for which in range(len(self.reach)):
            self._bookings(which)
        self._antennas()
        for need in problem.needs:
            self._need(need)

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.rows.low), len(self.columns.upper)

    # -- bookings -----------------------------------------------------------------------------------------------

    def _bookings(self, which: int) -> None:
        """Cells of a pass, where bookings begin, where they may not begin or end, the shortest contact."""
        problem, (first, last) = self.problem, self.reach[which]
        one, station = problem.passes[which]
        settings, cuts = problem.settings, problem.cuts
        rate, count = problem.rate_per_hour(station), last - first
        each = rate * (station.setup_s + station.teardown_s) / 3600.0 * settings.charge_setup
        away = problem.unavailable.get(station.name, ())
        x = np.array([self.columns.add(cost=rate * self.length_h[k]) for k in range(first, last)], dtype=np.int64)
        y = self.columns.many(count)
        times = self.columns.add(math.inf if settings.split_passes else 1.0, cost=each)
        self.rows.add([(times, -1.0), *((j, 1.0) for j in y)], 0.0, 0.0)
        self.times.append(times)
        self.x.append(x)
        self.y.append(y)
        for i in range(count):
            before = [(x[i - 1], 1.0)] if i else []
            self.rows.add([(x[i], -1.0), *before, (y[i], 1.0)], 0.0)
            self.rows.add([(y[i], 1.0), (x[i], -1.0)], -math.inf, 0.0)
            a, b = cuts[first + i], cuts[first + i + 1]
            if _meets(away, a, b):
                self._forbid(x[i])
            if _meets(away, a - station.setup_s, a) or (settings.whole_passes and i):
                self._forbid(y[i])
            if i + 1 < count and (_meets(away, b, b + station.teardown_s) or settings.whole_passes):
                self.rows.add([(x[i], 1.0), (x[i + 1], -1.0), (y[i + 1], 1.0)], -math.inf, 0.0)
            elif i + 1 == count and _meets(away, b, b + station.teardown_s):
                self._forbid(x[i])
        self._shortest(which)

    def _shortest(self, which: int) -> None:
        """A booking that begins goes on for the shortest contact (Rajan and Takriti 2005: minimum up-time)."""
        first, last = self.reach[which]
        x, y, cuts = self.x[which], self.y[which], self.problem.cuts
        least_s = 60.0 * self.problem.settings.shortest_pass_minutes
        begun: list[list[int]] = [[] for _ in range(last - first)]
        for i in range(last - first):
            ends = int(np.searchsorted(cuts, cuts[first + i] + least_s - CLOSE_S)) - first
            if ends > last - first:
                self._forbid(y[i])
            for j in range(i + 1, min(ends, last - first)):
                begun[j].append(int(y[i]))
        for j, columns in enumerate(begun):
            if columns:
                self.rows.add([(x[j], 1.0), *((k, -1.0) for k in columns), (y[j], -1.0)], 0.0)

    def _antennas(self) -> None:
        """One spacecraft per antenna at a time, set-up and tear-down between passes, few antennas at once."""
        problem, cuts = self.problem, self.problem.cuts
        running: dict[tuple[str, int], list[int]] = {}
        starts: dict[str, list[tuple[float, int]]] = {}
        for which, (_, station) in enumerate(problem.passes):
            first = self.reach[which][0]
            for i, column in enumerate(self.x[which].tolist()):
                running.setdefault((station.name, first + i), []).append(column)
                starts.setdefault(station.name, []).append((float(cuts[first + i]), int(self.y[which][i])))
        gap_s = {one.name: one.setup_s + one.teardown_s for one in problem.stations}
        at_once: dict[int, list[int]] = {}
        for (name, cell), columns in running.items():
            end = cuts[cell + 1]
            soon = [y for at, y in starts[name] if end <= at < end + gap_s[name] - CLOSE_S]
            if len(columns) + len(soon) > 1:
                self.rows.add([(j, 1.0) for j in (*columns, *soon)], -math.inf, 1.0)
            at_once.setdefault(cell, []).extend(columns)
        most = problem.settings.antennas_at_once
        for columns in at_once.values():
            if 0 < most < len(columns):
                self.rows.add([(j, 1.0) for j in columns], -math.inf, float(most))

    # -- needs --------------------------------------------------------------------------------------------------

    def _need(self, need: ContactNeeds) -> None:
        own = [k for k, (one, _) in enumerate(self.problem.passes) if one.spacecraft == need.spacecraft]
        contact, settings = self._contact(own), self.problem.settings
        if need.daily_hours > 0.0:
            self._daily(need, own, contact)
        if math.isfinite(need.longest_gap_hours):
            self._gaps(need, own)
        if need.drive_contact_fraction > 0.0:
            for drive in need.drives_tdb_s:
                due_h = need.drive_contact_fraction * (drive[1] - drive[0]) / 3600.0
                self._hours(own, contact, drive, due_h, settings.drive_penalty_per_hour)
        if need.command_minutes > 0.0:
            self._commands(need, own)
        if need.data:
            self._data(need, own)

    def _cells(self, own: list[int]) -> dict[int, list[tuple[int, int]]]:
        """Cell -> passes of one spacecraft with their column x."""
        held: dict[int, list[tuple[int, int]]] = {}
        for which in own:
            first = self.reach[which][0]
            for i, column in enumerate(self.x[which].tolist()):
                held.setdefault(first + i, []).append((which, column))
        return held

    def _contact(self, own: list[int]) -> dict[int, int]:
        """Column c of each cell that can have contact: at most 1, however many antennas track."""
        contact: dict[int, int] = {}
        for cell, pairs in self._cells(own).items():
            contact[cell] = pairs[0][1]
            if len(pairs) > 1:
                contact[cell] = self.columns.add()
                self.rows.add([(contact[cell], 1.0), *((column, -1.0) for _, column in pairs)], -math.inf, 0.0)
        return contact

    def _active(self, which: int, first: int, last: int) -> list[tuple[int, float]]:
        """Terms that count the bookings of a pass in cells [first, last): on in its first cell, or begun later."""
        start, stop = self.reach[which]
        a, b = max(first, start), min(last, stop)
        if b <= a:
            return []
        if (a, b) == (start, stop):
            return [(self.times[which], 1.0)]
        return [
            (int(self.x[which][a - start]), 1.0),
            *((int(j), 1.0) for j in self.y[which][a + 1 - start : b - start]),
        ]

    def _at_least(self, amounts: dict[int, float], cells: tuple[int, int], due: float, slack: list[int]) -> None:
        """Implied by the need: so many bookings at least, as even the longest passes give no more.

        ``amounts``: pass -> the most it can give. n passes are needed for what is due; with a slack s fewer do, and
        n - K s bounds that from below.
        """
        most = np.cumsum(sorted(amounts.values(), reverse=True))
        needed = int(np.searchsorted(most, due - 1e-9)) + 1
        if needed > most.size:
            return
        reached = np.concatenate([[0.0], most[: needed - 1]])
        per_slack = float(np.max((needed - np.arange(needed)) / (due - reached)))
        terms = [term for which in amounts for term in self._active(which, *cells)]
        self.rows.add([*terms, *((one, per_slack) for one in slack)], float(needed))

    def _daily(self, need: ContactNeeds, own: list[int], contact: dict[int, int]) -> None:
        """Hours of each day; and the bookings that some days in a row need at least."""
        problem = self.problem
        days = [day for day in problem.days() if day_due_h(need, day) > 0.0]
        due = [day_due_h(need, day) for day in days]
        penalty = problem.settings.daily_penalty_per_hour
        slack = [self._hours(own, contact, day, h, penalty) for day, h in zip(days, due, strict=True)]
        held = {which: (problem.cuts[self.reach[which][0]], problem.cuts[self.reach[which][1]]) for which in own}
        give = {
            which: [min(h, max(0.0, min(b, d[1]) - max(a, d[0])) / 3600.0) for d, h in zip(days, due, strict=True)]
            for which, (a, b) in held.items()
        }
        for i in range(len(days)):
            for j in range(i + 2, min(i + DAYS_IN_A_ROW, len(days)) + 1):
                cells = np.searchsorted(problem.cuts, [days[i][0] + CLOSE_S, days[j - 1][1] - CLOSE_S])
                most = {which: sum(hours[i:j]) for which, hours in give.items() if sum(hours[i:j]) > 0.0}
                least = sum(due[i:j]) - (j - i) * CLOSE_S / 3600.0
                self._at_least(most, (int(cells[0]) - 1, int(cells[1])), least, slack[i:j])

    def _hours(
        self, own: list[int], contact: dict[int, int], span: tuple[float, float], due_h: float, penalty: float
    ) -> int:
        """Hours of contact inside a span."""
        cuts = self.problem.cuts
        slack = self._slack(due_h, penalty, 1.0 / due_h)
        first = max(0, int(np.searchsorted(cuts, span[0], side="right")) - 1)
        last = min(cuts.size - 1, int(np.searchsorted(cuts, span[1])))
        inside = {k: (min(cuts[k + 1], span[1]) - max(cuts[k], span[0])) / 3600.0 for k in range(first, last)}
        terms = [(contact[k], hours) for k, hours in inside.items() if k in contact and hours > 0.0]
        self.rows.add([*terms, (slack, 1.0)], due_h - CLOSE_S / 3600.0)
        each = {which: sum(inside.get(k, 0.0) for k in range(*self.reach[which])) for which in own}
        self._at_least({w: h for w, h in each.items() if h > 0.0}, (first, last), due_h - CLOSE_S / 3600.0, [slack])
        return slack

    def _gaps(self, need: ContactNeeds, own: list[int]) -> None:
        """Hours of each cell that lie beyond the longest gap, were there no contact since any earlier cut.

        A gap that began at cut i reaches d hours of cell k beyond the longest: they are missing unless a booking is
        active in cells i to k. Only cuts with d below the cell's length, and the latest with all of it, say anything.
        """
        cuts, most_s = self.problem.cuts, 3600.0 * need.longest_gap_hours
        penalty = self.problem.settings.gap_penalty_per_hour
        idle = np.concatenate([[0], np.cumsum(self.problem.idle_cells(need))])
        starts = np.array([self.reach[which][0] for which in own])
        stops = np.array([self.reach[which][1] for which in own])
        for k in range(cuts.size - 1):
            latest = int(np.searchsorted(cuts, cuts[k + 1] - most_s - GAP_CLOSE_S, side="right")) - 1
            earliest = max(0, int(np.searchsorted(cuts, cuts[k] - most_s, side="right")) - 1)
            if latest < 0:
                continue
            slack = self._slack(float(self.length_h[k]), penalty, 1.0 / need.longest_gap_hours)
            for i in range(earliest, latest + 1):
                if idle[k + 1] > idle[i]:
                    continue
                over_h = (cuts[k + 1] - max(cuts[i] + most_s, cuts[k])) / 3600.0
                near = np.flatnonzero((starts <= k) & (stops > i))
                terms = [term for n in near for term in self._active(own[n], i, k + 1)]
                self.rows.add([*terms, (slack, 1.0 / over_h)], 1.0)

    def _commands(self, need: ContactNeeds, own: list[int]) -> None:
        """One unbroken run of cells before each drive is wholly booked."""
        cuts, long_s = self.problem.cuts, 60.0 * need.command_minutes
        for drive, _ in need.drives_tdb_s:
            opens = drive - 3600.0 * need.command_within_hours
            chosen: list[tuple[int, float]] = []
            for which in own:
                first, last = self.reach[which]
                covering: dict[int, list[tuple[int, float]]] = {}
                for end in range(first + 1, last + 1):
                    ends_s = min(cuts[end], drive)
                    begin = int(np.searchsorted(cuts, ends_s - long_s + CLOSE_S, side="right")) - 1
                    if begin < first or ends_s < opens - CLOSE_S or cuts[end - 1] > drive - CLOSE_S:
                        continue
                    chosen.append((self.columns.add(), 1.0))
                    for k in range(begin, end):
                        covering.setdefault(k, []).append(chosen[-1])
                for k, terms in covering.items():
                    self.rows.add([*terms, (int(self.x[which][k - first]), -1.0)], -math.inf, 0.0)
            slack = self._slack(1.0, self.problem.settings.command_penalty, 1.0)
            self.rows.add([*chosen, (slack, 1.0)], 1.0)
            self.rows.add(chosen, -math.inf, 1.0)

    def _data(self, need: ContactNeeds, own: list[int]) -> None:
        """Bits between any ready time and any deadline suffice for the needs that lie in between.

        For needs that are intervals of time this is enough for all to be served (Hall 1935), so no variables are
        needed for which bits serve which need. One antenna counts in a cell.
        """
        cuts, gbit = self.problem.cuts, self._gbit(own)
        total = sum(item.bits for item in need.data) / 1e9
        penalty = self.problem.settings.data_penalty_per_gbit
        slack = [self._slack(item.bits / 1e9, penalty, len(need.data) / total) for item in need.data]
        for ready in sorted({item.ready_tdb_s for item in need.data}):
            for deadline in sorted({item.deadline_tdb_s for item in need.data}):
                within = [i for i, x in enumerate(need.data) if x.ready_tdb_s >= ready and x.deadline_tdb_s <= deadline]
                if not within or (ready, deadline) != _hull(need, within):
                    continue
                span = DataNeed(1.0, deadline, ready)
                cells = [k for k in gbit if in_time(span, cuts[k], cuts[k + 1])]
                due = sum(need.data[i].bits for i in within) / 1e9
                short = [(slack[i], 1.0) for i in within]
                self.rows.add([*((c, g) for k in cells for _, c, g in gbit[k]), *short], due)
                most: dict[int, float] = {}
                for k in cells:
                    for which, _, here in gbit[k]:
                        most[which] = most.get(which, 0.0) + here
                if cells:
                    self._at_least(most, (min(cells), max(cells) + 1), due, [slack[i] for i in within])

    def _gbit(self, own: list[int]) -> dict[int, list[tuple[int, int, float]]]:
        """Cell -> (pass, column that counts it, 1e9 bits); at most one counts in a cell."""
        cuts = self.problem.cuts
        out: dict[int, list[tuple[int, int, float]]] = {}
        for cell, pairs in sorted(self._cells(own).items()):
            rated = [
                (which, column, bits_of(self._rate(which), cuts[cell], cuts[cell + 1]) / 1e9) for which, column in pairs
            ]
            rated = [one for one in rated if one[2] > 0.0]
            held = rated
            if len(rated) > 1:
                held = [(which, self.columns.add(), here) for which, _, here in rated]
                for (_, column, _), (_, counted, _) in zip(rated, held, strict=True):
                    self.rows.add([(counted, 1.0), (column, -1.0)], -math.inf, 0.0)
                self.rows.add([(counted, 1.0) for _, counted, _ in held], -math.inf, 1.0)
            if held:
                out[cell] = held
        return out

    def _rate(self, which: int) -> PassRate | None:
        return self.problem.rates.get(self.problem.passes[which][0])

    def _slack(self, most: float, penalty: float, share: float) -> int:
        """Column of what is missing of a need (its unit); at most ``most`` when soft, 0 when hard."""
        if math.isinf(penalty):
            self.hard.append(self.columns.add(0.0, 0, share=share))
            self.most.append(most)
            return self.hard[-1]
        return self.columns.add(most, 0, cost=penalty)

    @cached_property
    def most(self) -> list[float]:
        """The most that can be missing of each hard need, in the order of ``hard``."""
        return []

    def _forbid(self, column: np.integer | int) -> None:
        self.columns.upper[int(column)] = 0.0


def _meets(spans: Sequence[tuple[float, float]], start: float, stop: float) -> bool:
    """Whether (start, stop) overlaps one of the spans."""
    return any(min(b, stop) - max(a, start) > CLOSE_S for a, b in spans)


def _hull(need: ContactNeeds, which: list[int]) -> tuple[float, float]:
    """Earliest ready time and latest deadline of some needs of data."""
    return min(need.data[i].ready_tdb_s for i in which), max(need.data[i].deadline_tdb_s for i in which)
