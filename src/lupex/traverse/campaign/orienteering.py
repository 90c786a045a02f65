"""Which stops, and in what order, at best: the relaxed choice solved as a MILP (HiGHS).

What it is worth bounds every drive. Theory: docs/theory/campaign.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from lupex.solvers import solve, sparse_rows
from lupex.traverse.campaign.order_choice import Choice, Order

Name = tuple[str, *tuple[int, ...]]
"""Kind of a variable and the stops it belongs to."""
Term = tuple[float, Name]


@dataclass(frozen=True)
class Cuts:
    """What is known to be impossible: stops in a sequence, whatever lies between; stops together in any sequence; more
    stops than so many (None: no limit known)."""

    sequences: tuple[Order, ...] = ()
    together: tuple[frozenset[int], ...] = ()
    most_stops: int | None = None

    def forbids(self, order: Order) -> bool:
        """Whether an order holds what is known to be impossible."""
        return any(holds(order, cut) for cut in self.sequences) or any(cut <= set(order) for cut in self.together)


@dataclass(frozen=True)
class Answer:
    """The best relaxed order, None when the solver found none, and what no order can exceed."""

    order: Order | None
    bound: float


def holds(order: Order, part: Order) -> bool:
    """Whether the stops of ``part`` are met in this sequence in ``order``, whatever lies between them."""
    rest = iter(order)
    return all(stop in rest for stop in part)


def best_order(choice: Choice, cuts: Cuts, nodes: int) -> Answer:
    """The order of the greatest value that keeps legs, windows, charge and cuts, and a bound for all orders.

    Variables: visited y, immediate succession x (with start and end), precedence p, begin of work s, charge on arrival
    a and on departure b. Orienteering with time windows (Vansteenwegen, Souffriau and Van Oudheusden 2011, Eur. J.
    Oper. Res. 209, 1-10) with big-M times on precedence.

    Args:
        choice: stops with their windows, legs and charge.
        cuts: orders and groups that are known to be impossible.
        nodes: most branch-and-bound nodes.
    """
    model = _Model()
    _order_rows(model, choice)
    _window_rows(model, choice)
    _charge_rows(model, choice)
    _cut_rows(model, cuts)
    gain = np.zeros(len(model.low))
    for stop, value in enumerate(choice.value):
        gain[model.places["y", stop]] = -value
    rows, cols, coefficients = (np.array(part) for part in zip(*model.entries, strict=True))
    shape = (len(model.row_low), gain.size)
    kept = sparse_rows(coefficients, rows, cols, shape, np.array(model.row_low), np.array(model.row_high))
    limits = {"node_limit": nodes, "mip_rel_gap": 0.0}
    solved = solve(gain, [kept], np.array(model.low), np.array(model.high), np.array(model.whole), limits)
    if solved.status == "infeasible":
        return Answer(None, 0.0)
    most = float(choice.value.sum())
    bound = min(-solved.bound, most)
    if not solved.columns.size:
        return Answer(None, bound)
    stops = range(choice.value.size)
    visited = [stop for stop in stops if solved.columns[model.places["y", stop]] > 0.5]
    return Answer(tuple(sorted(visited, key=lambda stop: float(solved.columns[model.places["s", stop]]))), bound)


@dataclass(kw_only=True)
class _Model:
    """Variables by name with bounds, rows of coefficients with limits."""

    places: dict[Name, int] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    row_low: list[float] = field(default_factory=list)
    row_high: list[float] = field(default_factory=list)
    entries: list[tuple[int, int, float]] = field(default_factory=list)

    def variable(self, name: Name, low: float, high: float, whole: bool = False) -> None:
        """One more variable."""
        self.places[name] = len(self.low)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(int(whole))

    def row(self, terms: Iterable[Term], low: float = -np.inf, high: float = np.inf) -> None:
        """low <= sum of factor times variable <= high."""
        self.entries += [(len(self.row_low), self.places[name], float(factor)) for factor, name in terms]
        self.row_low.append(low)
        self.row_high.append(high)

    def row_if(self, switch: Name, terms: Sequence[Term], high: float) -> None:
        """Sum of factor times variable <= high where the switch is 1; no limit where it is 0."""
        reach = sum(f * (self.high if f > 0.0 else self.low)[self.places[name]] for f, name in terms)
        if reach > high:
            self.row([*terms, (reach - high, switch)], high=reach)

    def open(self, name: Name) -> bool:
        """Whether a variable may be more than 0."""
        return self.high[self.places[name]] > 0.0


def _order_rows(model: _Model, choice: Choice) -> None:
    """Visited, successor and precedence belong together; the legs and the work fit into the series."""
    stops = range(choice.value.size)
    pairs = [(i, j) for i in stops for j in stops if i != j]
    for i in stops:
        model.variable(("y", i), 0.0, float(choice.fits((i,))), True)
        model.variable(("first", i), 0.0, 1.0, True)
        model.variable(("last", i), 0.0, 1.0, True)
    for i, j in pairs:
        possible = float(choice.fits((i, j)))
        model.variable(("x", i, j), 0.0, possible, True)
        model.variable(("p", i, j), 0.0, possible, True)
        model.row([(1.0, ("x", i, j)), (-1.0, ("p", i, j))], high=0.0)
        model.row([(1.0, ("p", i, j)), (-1.0, ("y", i))], high=0.0)
        model.row([(1.0, ("p", i, j)), (-1.0, ("y", j))], high=0.0)
    for i, j in (pair for pair in pairs if pair[0] < pair[1]):
        either: list[Term] = [(1.0, ("p", i, j)), (1.0, ("p", j, i))]
        model.row(either, high=1.0)
        model.row([(1.0, ("y", i)), (1.0, ("y", j)), *((-f, name) for f, name in either)], high=1.0)
    for i in stops:
        others = [j for j in stops if j != i]
        model.row([(1.0, ("first", i)), *((1.0, ("x", j, i)) for j in others), (-1.0, ("y", i))], 0.0, 0.0)
        model.row([(1.0, ("last", i)), *((1.0, ("x", i, j)) for j in others), (-1.0, ("y", i))], 0.0, 0.0)
    model.row([(1.0, ("first", i)) for i in stops], high=1.0)
    model.row([(1.0, ("last", i)) for i in stops], high=1.0)
    legs: list[Term] = [(_leg(choice.from_start[i]), ("first", i)) for i in stops]
    legs += [(_leg(choice.to_end[i]), ("last", i)) for i in stops]
    legs += [(_leg(choice.between[i, j]), ("x", i, j)) for i, j in pairs]
    model.row([*legs, *((choice.dwell[i], ("y", i)) for i in stops)], high=float(choice.steps))


def _leg(steps: float) -> float:
    """A leg's length; a leg that does not exist is closed already."""
    return float(steps) if np.isfinite(steps) else 0.0


def _window_rows(model: _Model, choice: Choice) -> None:
    """Work begins in one of its windows, after the way from every earlier stop, and early enough for the way home."""
    stops = range(choice.value.size)
    for i in stops:
        windows = choice.windows[i] or ((0, choice.steps),)
        begin = max(float(windows[0][0]), _leg(choice.from_start[i]))
        end = min(float(windows[-1][1]), choice.steps - choice.dwell[i] - _leg(choice.to_end[i]))
        model.variable(("s", i), min(begin, end), max(begin, end))
        for number in range(len(windows)):
            model.variable(("w", i, number), 0.0, 1.0, True)
            model.row_if(("w", i, number), [(1.0, ("s", i))], float(windows[number][1]))
            model.row_if(("w", i, number), [(-1.0, ("s", i))], -float(windows[number][0]))
        model.row([*((1.0, ("w", i, n)) for n in range(len(windows))), (-1.0, ("y", i))], 0.0, 0.0)
    for i in stops:
        for j in stops:
            if i != j and model.open(("p", i, j)):
                gap = choice.dwell[i] + choice.between[i, j]
                model.row_if(("p", i, j), [(1.0, ("s", i)), (-1.0, ("s", j))], -gap)


def _charge_rows(model: _Model, choice: Choice) -> None:
    """Charge on arrival and departure along the order, never more than possible, and enough to reach light."""
    charge, stops, rate = choice.charge, range(choice.value.size), choice.charge.idle_per_step
    for i in stops:
        model.variable(("a", i), charge.least, max(charge.least, min(charge.full, charge.arrival_most[i])))
        model.variable(("b", i), charge.least, charge.full)
        model.row_if(("y", i), [(1.0, ("b", i)), (-1.0, ("a", i))], charge.work[i])
        model.row_if(("y", i), [(-1.0, ("b", i))], -max(charge.least, charge.departure_least[i]))
        if model.open(("y", i)):
            come: list[Term] = [(1.0, ("a", i)), (-rate, ("s", i))]
            model.row_if(("first", i), come, charge.start - charge.from_start[i])
            gone: list[Term] = [(-1.0, ("b", i)), (max(rate, 0.0), ("s", i))]
            home = charge.way_home(i, choice.steps - choice.dwell[i]) - charge.least
            model.row_if(("last", i), gone, home)
    for i in stops:
        for j in stops:
            if i != j and model.open(("x", i, j)):
                terms: list[Term] = [(1.0, ("a", j)), (-1.0, ("b", i)), (-rate, ("s", j)), (rate, ("s", i))]
                model.row_if(("x", i, j), terms, -rate * choice.dwell[i] - charge.between[i, j])


def _cut_rows(model: _Model, cuts: Cuts) -> None:
    for cut in cuts.sequences:
        if len(cut) == 1:
            model.row([(1.0, ("y", cut[0]))], high=0.0)
        else:
            pairs = zip(cut, cut[1:], strict=False)
            model.row([(1.0, ("p", i, j)) for i, j in pairs], high=len(cut) - 2.0)
    for group in cuts.together:
        model.row([(1.0, ("y", stop)) for stop in sorted(group)], high=len(group) - 1.0)
    if cuts.most_stops is not None:
        model.row([(1.0, name) for name in model.places if name[0] == "y"], high=float(cuts.most_stops))
