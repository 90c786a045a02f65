"""Stops to choose from, relaxed: legs, windows and charge at their kindest.

Every number of a `Choice` is at least as kind as the truth, so an order that does not fit here fits nowhere.
Theory: docs/theory/campaign.md.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from lupex.base.arrays import F64

Order = tuple[int, ...]
Clock = tuple[float, float]
"""Step at which a stop is done, and the most charge the rover can then have."""

GROUP_ROWS = 5000
"""Impossible groups named at most; more of them would cost the solver more than they tell it."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ChargeBounds:
    """The most the battery can hold, in Wh; what a leg costs is counted against idling in the best sunshine there is.

    Attributes:
        start, least, full: charge at the start; least and most allowed.
        idle_per_step: most a step can add (or least it can take) when the rover stands still.
        from_start (stop,), between (stop, stop), to_end (stop,): least shortfall of a leg against idling as long.
        work (stop,): most that the work itself can add, mostly negative.
        arrival_most, departure_least (stop,): more than that cannot be left on arrival, less does not reach light.
    """

    start: float
    least: float
    full: float
    idle_per_step: float
    from_start: F64
    between: F64
    to_end: F64
    work: F64
    arrival_most: F64
    departure_least: F64

    def wanted(self, stop: int) -> float:
        """Least charge on arrival from which the work can be done and light reached; inf when none is enough."""
        left = max(self.least, float(self.departure_least[stop]))
        wanted = max(self.least, left - float(self.work[stop]))
        return wanted if left <= self.full and wanted <= min(self.full, float(self.arrival_most[stop])) else np.inf

    def way_home(self, stop: int, steps: float) -> float:
        """Most that is gained between the end of the work at a stop and the end of the drive, in so many steps."""
        return max(self.idle_per_step, 0.0) * steps - float(self.to_end[stop])


@dataclass(frozen=True, eq=False, kw_only=True)
class Choice:
    """Stops to choose from, times in steps of the light series.

    Attributes:
        value (stop,); dwell (stop,): steps of work.
        windows: for each stop the (first, last) steps at which its work may begin, ascending; none: never.
        from_start (stop,), between (stop, stop), to_end (stop,): fastest legs; inf where there is no way.
        steps: length of the series. charge: what the battery allows at best.
    """

    value: F64
    dwell: F64
    windows: tuple[tuple[tuple[int, int], ...], ...]
    from_start: F64
    between: F64
    to_end: F64
    steps: int
    charge: ChargeBounds

    def fits(self, order: Order) -> bool:
        """Whether an order keeps every window and the charge on the fastest, cheapest legs and gets home."""
        clock, here = (0.0, self.charge.start), -1
        for stop in order:
            done = self.after(clock, here, stop)
            if done is None:
                return False
            clock, here = done, stop
        return here < 0 or self.home(clock, here)

    def home(self, clock: Clock, here: int) -> bool:
        """Whether the end can be reached from a stop that is done."""
        rest = self.steps - clock[0]
        left = clock[1] + self.charge.way_home(here, rest)
        return bool(self.to_end[here] <= rest and left >= self.charge.least)

    def after(self, clock: Clock, here: int, stop: int) -> Clock | None:
        """When the next stop can be done, and the charge then; None when it cannot. ``here`` -1 is the start.

        Earliest is best: waiting afterwards gains as much as waiting before.

        Args:
            clock: time and charge at ``here``.
            stop: index of the next stop.
        """
        charge = self.charge
        leg = self.from_start[stop] if here < 0 else self.between[here, stop]
        shortfall = charge.from_start[stop] if here < 0 else charge.between[here, stop]
        wanted, rate = charge.wanted(stop), charge.idle_per_step
        if not (np.isfinite(leg) and np.isfinite(shortfall) and np.isfinite(wanted)):
            return None
        begin = clock[0] + leg
        if rate > 0.0:
            begin = max(begin, clock[0] + (wanted + shortfall - clock[1]) / rate)
        begin = next((max(begin, first) for first, last in self.windows[stop] if last >= begin), np.inf)
        if begin + self.dwell[stop] > self.steps:
            return None
        arrival = min(charge.full, charge.arrival_most[stop], clock[1] + rate * (begin - clock[0]) - shortfall)
        if arrival < wanted - 1e-9 * charge.full:
            return None
        return float(begin + self.dwell[stop]), float(min(charge.full, arrival + charge.work[stop]))


def impossible_groups(choice: Choice, labels: int) -> tuple[tuple[frozenset[int], ...], int]:
    """Smallest groups of stops that no order serves, and the most stops any order serves.

    Dynamic programming over (stops visited, last of them) with the undominated (time, charge), group size by group
    size, as long as a size has no more than so many labels. Groups larger than that are not judged.

    Args:
        choice: stops with their windows, legs and charge.
        labels: most labels of one group size.
    """
    stops = range(choice.value.size)
    here: dict[tuple[frozenset[int], int], list[Clock]] = {}
    for stop in stops:
        clock = choice.after((0.0, choice.charge.start), -1, stop)
        if clock is not None and choice.home(clock, stop):
            here[frozenset((stop,)), stop] = [clock]
    groups = [frozenset((stop,)) for stop in stops if (frozenset((stop,)), stop) not in here]
    size = 1
    while here and size < len(stops):
        if sum(map(len, here.values())) > labels:
            return tuple(groups), len(stops)
        fit = {group for group, _ in here}
        here = _one_more(choice, here, fit)
        fit_now = {group for group, _ in here}
        if not here:
            return tuple(groups), size
        groups += _smallest(fit, fit_now, size + 1)[: max(0, GROUP_ROWS - len(groups))]
        size += 1
    return tuple(groups), size if here else 0


def _one_more(
    choice: Choice, here: dict[tuple[frozenset[int], int], list[Clock]], fit: set[frozenset[int]]
) -> dict[tuple[frozenset[int], int], list[Clock]]:
    """Every order extended by one stop, the dominated left out."""
    grown: dict[tuple[frozenset[int], int], list[Clock]] = {}
    for (group, last), clocks in here.items():
        for stop in range(choice.value.size):
            more = group | {stop}
            if stop in group or any(more - {other} not in fit for other in group):
                continue
            for clock in clocks:
                done = choice.after(clock, last, stop)
                if done is not None and choice.home(done, stop):
                    _keep(grown.setdefault((more, stop), []), done, choice.charge.idle_per_step)
    return grown


def _keep(clocks: list[Clock], new: Clock, rate: float) -> None:
    """Add a label unless another is earlier and, having waited, holds as much; drop those it beats so."""

    def beats(a: Clock, b: Clock) -> bool:
        return a[0] <= b[0] and a[1] + rate * (b[0] - a[0]) >= b[1]

    if not any(beats(old, new) for old in clocks):
        clocks[:] = [old for old in clocks if not beats(new, old)] + [new]


def _smallest(fit: set[frozenset[int]], fit_now: set[frozenset[int]], size: int) -> list[frozenset[int]]:
    """Groups of a size that fit in no order although all their parts do."""
    stops = sorted(set().union(*fit)) if fit else []
    found = set()
    for group in fit:
        for stop in stops:
            more = group | {stop}
            if len(more) == size and more not in fit_now and more not in found:
                if all(frozenset(part) in fit for part in combinations(more, size - 1)):
                    found.add(more)
    return sorted(found, key=sorted)
