"""The question put to the scheduler, and the instants at which passes may be cut."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lupex.base.arrays import F64
from lupex.base.errors import InputError
from lupex.model import ContactNeeds, ContactPlan, Pass, PassRate, ScheduleSettings, Station

Spans = Sequence[tuple[float, float]]

CLOSE_S = 1e-3
"""Instants nearer than this are one."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ScheduleProblem:
    """What to choose from and what is needed; see `lupex.ground.booking.solve`.

    Attributes:
        plans: one for each spacecraft, all over one span. stations: those that may be booked; passes of others are
            left out. needs: at most one for each spacecraft.
        rates: data rate along passes; passes without one bring nothing down.
        unavailable: station -> (start, stop) TDB s, when neither contact nor set-up or tear-down is possible.
        settings: how to cut, pay and search. day_start_tdb_s: of the first day, None: the span's start.

    Raises InputError: plans of different spans, an unknown spacecraft, two stations or plans of one name, a setting
    out of its bounds.
    """

    plans: tuple[ContactPlan, ...]
    stations: tuple[Station, ...]
    needs: tuple[ContactNeeds, ...]
    rates: Mapping[Pass, PassRate] = field(default_factory=dict)
    unavailable: Mapping[str, Spans] = field(default_factory=dict)
    settings: ScheduleSettings = ScheduleSettings()
    day_start_tdb_s: float | None = None

    def __post_init__(self) -> None:
        crafts = [plan.spacecraft for plan in self.plans]
        names = [one.name for one in self.stations]
        if not self.plans or not self.stations:
            raise InputError("schedule: no plan or no station", "give at least one of each")
        if len(set(crafts)) != len(crafts) or len(set(names)) != len(names):
            raise InputError("schedule: two plans or two stations have one name", "rename one of them")
        if any(plan.span_tdb_s != self.span_tdb_s for plan in self.plans):
            raise InputError("schedule: the plans have different spans", "make all over the same span")
        asked = [one.spacecraft for one in self.needs]
        for name in asked:
            if name not in crafts or asked.count(name) > 1:
                raise InputError(f"schedule: needs of '{name}' have no plan, or stand twice",
                                 f"plans: {', '.join(crafts)}; once each")  # fmt: skip
        for name, spans in self.unavailable.items():
            if any(not b > a for a, b in spans):
                raise InputError(f"schedule: an unavailable time of {name} ends before it begins", "swap its ends")
        check_settings(self.settings)

    @property
    def span_tdb_s(self) -> tuple[float, float]:
        """First and last instant."""
        return self.plans[0].span_tdb_s

    @cached_property
    def passes(self) -> tuple[tuple[Pass, Station], ...]:
        """All passes of known stations with their antenna, by AOS, spacecraft, station."""
        known = {one.name: one for one in self.stations}
        held = [(p, known[p.station]) for plan in self.plans for p in plan.passes if p.station in known]
        return tuple(sorted(held, key=lambda pair: (pair[0].aos_tdb_s, pair[0].spacecraft, pair[0].station)))

    @property
    def first_day_tdb_s(self) -> float:
        """Start of the first day, at or before the span's start."""
        start = self.span_tdb_s[0]
        given = start if self.day_start_tdb_s is None else self.day_start_tdb_s
        return given + np.floor((start - given) / 86_400.0) * 86_400.0

    def days(self) -> list[tuple[float, float]]:
        """Days of 86 400 s, cut to the span."""
        start, stop = self.span_tdb_s
        edges = np.append(np.arange(self.first_day_tdb_s, stop - CLOSE_S, 86_400.0), stop)
        return [(max(a, start), b) for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)]

    @cached_property
    def cuts(self) -> F64:
        """Instants (cell + 1,) at which passes may begin and end; cells lie in between."""
        start, stop = self.span_tdb_s
        grid_s = 60.0 * self.settings.grid_minutes
        if grid_s > 0.0:
            return np.append(np.arange(start, stop - CLOSE_S, grid_s), stop)
        ends = [t for p, _ in self.passes for t in (p.aos_tdb_s, p.los_tdb_s)]
        wanted = [*self._of_settings(), *self._of_needs(), *self._of_antennas()]
        first = np.unique(np.clip([start, stop, *ends], start, stop))
        further = np.unique(np.clip(np.array([start, *wanted]), start, stop))
        nearest = np.abs(further[:, None] - first[_near(first, further)]).min(axis=1)
        further = further[nearest > CLOSE_S]
        keep = np.diff(further, prepend=-np.inf) > CLOSE_S
        return np.unique(np.concatenate([first, further[keep]]))

    def reach(self, one: Pass) -> tuple[int, int]:
        """Cells [first, last) that lie wholly in a pass; last not above first when there is none."""
        first = np.searchsorted(self.cuts, one.aos_tdb_s - CLOSE_S)
        last = np.searchsorted(self.cuts, one.los_tdb_s + CLOSE_S, side="right") - 1
        return int(first), max(int(first), int(last))

    def idle_cells(self, need: ContactNeeds) -> NDArray[np.bool_]:
        """Cells (cell,) that reach into an idle time of a spacecraft."""
        start, stop = self.cuts[:-1], self.cuts[1:]
        idle = np.zeros(start.size, dtype=bool)
        for a, b in need.idle_tdb_s:
            idle |= np.minimum(b, stop) - np.maximum(a, start) > CLOSE_S
        return idle

    def rate_per_hour(self, station: Station) -> float:
        """Cost of an hour of an antenna."""
        return self.settings.cost_per_hour if station.cost_per_hour is None else station.cost_per_hour

    def _of_settings(self) -> Iterable[float]:
        yield from (day[0] for day in self.days())
        least = 60.0 * self.settings.shortest_pass_minutes
        for one, _ in self.passes:
            if least > 0.0 and one.duration_s > least:
                yield from (one.aos_tdb_s + least, one.los_tdb_s - least)

    def _of_needs(self) -> Iterable[float]:
        for need in self.needs:
            yield from (t for item in need.data for t in (item.ready_tdb_s, item.deadline_tdb_s))
            yield from (t for span in need.idle_tdb_s for t in span)
            if need.drive_contact_fraction > 0.0 or need.command_minutes > 0.0:
                yield from (t for drive in need.drives_tdb_s for t in drive)
            if need.command_minutes > 0.0:
                yield from self._of_commands(need)

    def _of_commands(self, need: ContactNeeds) -> Iterable[float]:
        """Where an unbroken contact of just the length asked for can begin or end before a drive."""
        long = 60.0 * need.command_minutes
        for drive, _ in need.drives_tdb_s:
            opens = drive - 3600.0 * need.command_within_hours
            yield from (opens, drive - long)
            for one, _ in self.passes:
                if one.spacecraft == need.spacecraft and opens <= one.aos_tdb_s + long <= drive:
                    yield one.aos_tdb_s + long
                if one.spacecraft == need.spacecraft and opens <= one.los_tdb_s <= drive:
                    yield one.los_tdb_s - long

    def _of_antennas(self) -> Iterable[float]:
        for station in self.stations:
            for a, b in self.unavailable.get(station.name, ()):
                yield from (a - station.teardown_s, a, b, b + station.setup_s)
        if len(self.plans) > 1:
            for one, station in self.passes:
                between = station.setup_s + station.teardown_s
                yield from (one.aos_tdb_s - between, one.los_tdb_s + between)


def check_settings(settings: ScheduleSettings) -> None:
    """Raises InputError, with the name, for a setting out of its bounds."""
    for one in fields(settings):
        value, low, high = getattr(settings, one.name), one.metadata["minimum"], one.metadata["maximum"]
        if isinstance(value, bool):
            continue
        if np.isnan(value) or (low is not None and value < low) or (high is not None and value > high):
            upper = "" if high is None else f" to {high:g}"
            raise InputError(f"[schedule] {one.name} = {value:g}", f"give {low:g}{upper}")


def _near(sorted_s: F64, times: F64) -> NDArray[np.int64]:
    """Indices (n, 2) of the neighbours of each time in a sorted array."""
    right = np.searchsorted(sorted_s, times)
    last = sorted_s.size - 1
    return np.stack([np.clip(right - 1, 0, last), np.clip(right, 0, last)], axis=1)
