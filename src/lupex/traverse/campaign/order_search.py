"""The best order of stops: a relaxed choice proposes, the planner in time judges, what is impossible is cut off.

Whatever drive serves some stops in some order also serves every part of that order: it stands idle where it worked
before, draws less, and nothing else changes. So an impossible order makes every order that holds it in this sequence
impossible, whatever lies between, and a drive shows every part of its order possible. Theory: docs/theory/campaign.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import permutations
from typing import Generic, TypeVar

from lupex.base.gate import numbers_checked
from lupex.base.running import Running
from lupex.traverse.campaign.order_choice import Choice, Clock, Order, impossible_groups
from lupex.traverse.campaign.orienteering import Cuts, best_order, holds

Drive = TypeVar("Drive")
Judge = Callable[[Order], tuple[Drive | None, str]]
"""An order of stops -> the drive that serves it, or None and what stops it."""

ROUNDING = 1e-7
"""Share of all value within which two values are the same; HiGHS is exact to about 1e-9 of it."""
MOST_REORDERED = 9
"""Stops of an order that is looked at in all sequences."""


@numbers_checked
@dataclass(frozen=True)
class SearchLimits:
    """Limits of the search: counts, never the clock, so that every machine finds the same.

    Attributes:
        iterations: choices made anew. drives: timed drives planned. nodes: of the branch and bound of one choice.
        together: groups of up to so many stops are tried in every sequence once one sequence has failed.
        labels: of a group size, up to which impossible groups are found before the first choice.
    """

    iterations: int = 200
    drives: int = 1000
    nodes: int = 100_000
    together: int = 3
    labels: int = 20_000


@dataclass(frozen=True, kw_only=True)
class Found(Generic[Drive]):
    """What a search ended with; ``ended`` as in `lupex.model.Campaign`, ``reasons`` of stops no drive serves."""

    order: Order
    drive: Drive
    value: float
    bound: float
    cuts: Cuts
    reasons: dict[int, str]
    iterations: int
    drives: int
    ended: str


class _Spent(Exception):
    """The limit of drives is reached."""


class _Bench(Generic[Drive]):
    """What is known so far of orders: possible, impossible, the best drive."""

    def __init__(self, choice: Choice, judge: Judge[Drive], alone: Drive, settings: SearchLimits) -> None:
        self.choice, self.judge, self.settings = choice, judge, settings
        self.best: tuple[float, Order, Drive] = (0.0, (), alone)
        self.possible: list[Order] = [()]
        self.sequences: list[Order] = []
        self.together: list[frozenset[int]] = []
        self.groups, self.most_stops = impossible_groups(choice, settings.labels)
        self.reasons: dict[int, str] = {}
        self.drives = 1

    @property
    def cuts(self) -> Cuts:
        """What is known to be impossible."""
        return Cuts(tuple(self.sequences), tuple(self.together))

    def worth(self, order: Order) -> float:
        """Sum of the values of an order's stops."""
        return float(sum(self.choice.value[stop] for stop in order))

    def try_order(self, order: Order) -> bool:
        """Whether a drive serves an order; asks the judge only when nothing known tells.

        Raises _Spent when no more drives may be planned.
        """
        if any(holds(known, order) for known in self.possible):
            return True
        if self.cuts.forbids(order) or not self.choice.fits(order):
            return False
        if self.drives >= self.settings.drives:
            raise _Spent
        self.drives += 1
        drive, reason = self.judge(order)
        if drive is None:
            self._forbid(order)
            if len(order) == 1:
                self.reasons[order[0]] = reason
            return False
        self.possible.append(order)
        if self.worth(order) > self.best[0]:
            self.best = (self.worth(order), order, drive)
        return True

    def _forbid(self, order: Order) -> None:
        """Note an impossible order, in place of the longer ones that hold it."""
        self.sequences = [*(known for known in self.sequences if not holds(known, order)), order]

    def cut(self, order: Order) -> None:
        """Cut off the smallest impossible part of an impossible order, and that part in any sequence if none serves."""
        for stop in order:
            part = tuple(other for other in order if other != stop)
            if part and not self.try_order(part):
                order = part
        if not self.cuts.forbids(order):
            self._forbid(order)
        if 1 < len(order) <= self.settings.together and not any(self.try_order(o) for o in permutations(order)):
            self.together.append(frozenset(order))


def search(
    choice: Choice,
    judge: Judge[Drive],
    alone: Drive,
    settings: SearchLimits = SearchLimits(),
    running: Running = Running(),
) -> Found[Drive]:
    """The drive of the greatest value over every order of stops, and a bound on that value.

    Each stop alone first, then insertion for an early good drive, then in turns: the best relaxed order, and its
    drive or the cut that forbids it. ``alone`` is the drive without any stop.

    Args:
        choice: stops with their windows, legs and charge.
        judge: gives the drive of an order, or the cut that forbids it.
        settings: when to stop.
    """
    bench = _Bench(choice, judge, alone, settings)
    bound, iterations, ended = float(choice.value.sum()), 0, "iterations"
    try:
        _singly(bench)
        _insert(bench)
        for iterations in range(1, settings.iterations + 1):
            running.progress(iterations - 1, settings.iterations, "choices of stops")
            cuts = Cuts(bench.cuts.sequences, bench.cuts.together + bench.groups, bench.most_stops)
            answer = best_order(choice, cuts, settings.nodes)
            bound = min(bound, answer.bound)
            if _reached(bench, bound):
                break
            if answer.order is None or bench.cuts.forbids(answer.order):
                ended = "choice"
                break
            order = _quickest(choice, answer.order, bench.cuts)
            if not bench.try_order(order):
                bench.cut(order)
    except _Spent:
        ended = "drives"
    value, order, drive = bench.best
    if _reached(bench, bound):
        bound, ended = value, "proven"
    return Found(
        order=order,
        drive=drive,
        value=value,
        bound=bound,
        cuts=bench.cuts,
        reasons=bench.reasons,
        iterations=iterations,
        drives=bench.drives,
        ended=ended,
    )


def _reached(bench: _Bench[Drive], bound: float) -> bool:
    return bound <= bench.best[0] + ROUNDING * float(bench.choice.value.sum())


def _by_value(bench: _Bench[Drive]) -> list[int]:
    return sorted(range(bench.choice.value.size), key=lambda stop: (-float(bench.choice.value[stop]), stop))


def _singly(bench: _Bench[Drive]) -> None:
    """Every stop alone: one that no drive serves alone is served by none."""
    for stop in _by_value(bench):
        bench.try_order((stop,))


def _insert(bench: _Bench[Drive]) -> None:
    """The stops by value, each put where it makes the way shortest, if a drive serves that."""
    order: Order = ()
    for stop in _by_value(bench):
        if bench.cuts.forbids((stop,)):
            continue
        places = [(*order[:at], stop, *order[at:]) for at in range(len(order) + 1)]
        places = [place for place in places if bench.choice.fits(place)]
        for place in sorted(places, key=lambda place: (_length(bench.choice, place), place))[:2]:
            if bench.try_order(place):
                order = place
                break


def _length(choice: Choice, order: Order) -> float:
    between = sum(float(choice.between[i, j]) for i, j in zip(order, order[1:], strict=False))
    return float(choice.from_start[order[0]]) + between + float(choice.to_end[order[-1]])


def _quickest(choice: Choice, order: Order, cuts: Cuts) -> Order:
    """The same stops in the relaxed order that ends first: of orders of one value the likeliest to be served."""
    if len(order) > MOST_REORDERED:
        return order
    here: dict[tuple[frozenset[int], int], tuple[Clock, Order]] = {(frozenset(), -1): ((0.0, choice.charge.start), ())}
    for _ in order:
        grown: dict[tuple[frozenset[int], int], tuple[Clock, Order]] = {}
        for (group, last), (clock, before) in here.items():
            for stop in (stop for stop in order if stop not in group):
                done, longer = choice.after(clock, last, stop), (*before, stop)
                if done is None or any(holds(longer, cut) for cut in cuts.sequences):
                    continue
                known = grown.get((group | {stop}, stop))
                if known is None or done < known[0]:
                    grown[group | {stop}, stop] = (done, longer)
        here = grown
    ends = [(clock[0] + float(choice.to_end[last]), found) for (_, last), (clock, found) in here.items()
            if last >= 0 and choice.home(clock, last)]  # fmt: skip
    return min(ends)[1] if ends else order
